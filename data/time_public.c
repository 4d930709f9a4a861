/* data/time_public.c - instants, days and durations as text, for people and study files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <feller/data.h>

#include "core/number.h"
#include "data/time_internal.h"
#include "data/zone_internal.h"

static fel_status to_instant(const char *text, const time_stamp *stamp, const char *zone_name,
                             int64_t *time_ns)
{
    if (stamp->has_offset) {
        *time_ns = stamp->wall_ns - stamp->offset_ns;
        return FEL_OK;
    }
    zone_table *z = NULL;
    FEL_TRY(zone_create(&z, zone_name));
    int64_t utc_ns = 0;
    const zone_fit fit = zone_local_to_utc(z, stamp->wall_ns, &utc_ns);
    zone_destroy(z);
    if (fit == ZONE_FIT_SKIPPED) {
        return FEL_RAISE(FEL_ERR_RANGE, "time \"%s\" does not exist in %s: a clock change skips it",
                         text, zone_name);
    }
    *time_ns = utc_ns;
    return FEL_OK;
}

fel_status fel_time_parse(const char *text, const char *zone, int64_t *time_ns)
{
    const size_t size = strlen(text);
    time_format format = {0};
    time_stamp stamp;
    const time_shape shape = time_shape_of(text, size, &format);
    if (shape != TIME_SHAPE_ISO && shape != TIME_SHAPE_COMPACT) {
        return FEL_RAISE(FEL_ERR_FORMAT,
                         "time \"%.64s\" is not like 2020-04-20 or 2020-04-20T16:00:00Z", text);
    }
    const time_fault fault = time_text_read(&format, text, size, &stamp);
    if (fault != TIME_FAULT_NONE) {
        return FEL_RAISE(FEL_ERR_FORMAT, "time \"%.64s\" %s", text, time_fault_text(fault));
    }
    return to_instant(text, &stamp, zone, time_ns);
}

fel_status fel_zone_offset(const char *zone, int64_t time_ns, int64_t *offset_ns)
{
    zone_table *z = NULL;
    FEL_TRY(zone_create(&z, zone));
    *offset_ns = zone_offset_ns(z, time_ns);
    zone_destroy(z);
    return FEL_OK;
}

fel_status fel_zone_create(fel_zone **out, const char *name)
{
    return zone_create(out, name);
}

void fel_zone_destroy(fel_zone *zone)
{
    zone_destroy(zone);
}

int64_t fel_zone_wall(const fel_zone *zone, int64_t time_ns)
{
    return time_ns + zone_offset_ns(zone, time_ns);
}

int64_t fel_zone_instant(const fel_zone *zone, int64_t wall_ns)
{
    int64_t time_ns = 0;
    (void)zone_local_to_utc(zone, wall_ns, &time_ns);
    return time_ns;
}

/* ---- writing --------------------------------------------------------------------------------- */

enum { TIME_TEXT_SIZE = 40 };

static char *put_digits(char *at, uint32_t n, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        at[i] = (char)('0' + n % 10);
        n /= 10;
    }
    return at + count;
}

/* "2020-04-20" of a day number; years beyond four digits cannot occur in int64_t nanoseconds. */
static char *put_day(char *at, int64_t days)
{
    int64_t year = 0;
    int month = 0, day = 0;
    days_to_civil(days, &year, &month, &day);
    at = put_digits(at, (uint32_t)year, 4);
    *at++ = '-';
    at = put_digits(at, (uint32_t)month, 2);
    *at++ = '-';
    return put_digits(at, (uint32_t)day, 2);
}

static char *put_clock(char *at, uint32_t seconds)
{
    at = put_digits(at, seconds / 3600, 2);
    *at++ = ':';
    at = put_digits(at, seconds / 60 % 60, 2);
    *at++ = ':';
    return put_digits(at, seconds % 60, 2);
}

/* ".5": nothing for 0, no zeros at the end. */
static char *put_fraction(char *at, uint32_t ns)
{
    if (ns != 0) {
        *at++ = '.';
        at = put_digits(at, ns, 9);
        while (at[-1] == '0') {
            at--;
        }
    }
    return at;
}

static void copy_text(char *text, size_t size, const char *whole, const char *end)
{
    const size_t length = (size_t)(end - whole), n = length < size ? length : size - 1;
    memcpy(text, whole, n);
    text[n] = '\0';
}

void fel_time_format(int64_t time_ns, char *text, size_t size)
{
    char whole[TIME_TEXT_SIZE];
    const int64_t days = time_day_of(time_ns);
    /* The first representable day begins before INT64_MIN: subtract in unsigned arithmetic. */
    const uint64_t of_day_ns = (uint64_t)time_ns - (uint64_t)days * FEL_NS_PER_DAY;
    char *at = put_day(whole, days);
    *at++ = 'T';
    at = put_clock(at, (uint32_t)(of_day_ns / FEL_NS_PER_SECOND));
    at = put_fraction(at, (uint32_t)(of_day_ns % FEL_NS_PER_SECOND));
    *at++ = 'Z';
    copy_text(text, size, whole, at);
}

void fel_day_format(int64_t time_ns, char *text, size_t size)
{
    char whole[TIME_TEXT_SIZE];
    copy_text(text, size, whole,
              put_day(whole, time_day_of(time_ns == INT64_MIN ? time_ns : time_ns - 1)));
}

fel_status fel_duration_parse(const char *text, int64_t *duration_ns)
{
    static const struct {
        const char *unit;
        int64_t ns;
    } units[] = {{"ns", 1},
                 {"us", 1000},
                 {"ms", 1000000},
                 {"s", FEL_NS_PER_SECOND},
                 {"m", FEL_NS_PER_MINUTE},
                 {"min", FEL_NS_PER_MINUTE},
                 {"h", FEL_NS_PER_HOUR},
                 {"d", FEL_NS_PER_DAY},
                 {"w", 7 * FEL_NS_PER_DAY}};
    char digits[32];
    const size_t n = strspn(text, "0123456789");
    double count = 0.0;
    if (n > 0 && n < 16) {
        (void)snprintf(digits, sizeof(digits), "%.*s", (int)n, text);
        for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
            if (strcmp(text + n, units[i].unit) == 0 && number_parse(digits, &count) &&
                count > 0.0 && count <= (double)INT64_MAX / 2.0 / (double)units[i].ns) {
                *duration_ns = (int64_t)count * units[i].ns;
                return FEL_OK;
            }
        }
    }
    return FEL_RAISE(
        FEL_ERR_FORMAT,
        "duration \"%.32s\" is not a whole positive number and one of ns, us, ms, s, m, "
        "min, h, d, w: 30s, 15m, 4h, 1d, 1w",
        text);
}
