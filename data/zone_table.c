/* data/zone_table.c - the clock changes of an IANA zone, taken from ICU once and looked up by
 * bisection.
 *
 * ICU is asked for the chain of transitions and the offset after each; a million rows then cost a
 * million searches in a few hundred entries, with the last one found tried first. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucal.h>
#include <unicode/uenum.h>
#include <unicode/ustring.h>

#include <feller/market.h>

#include "core/core.h"
#include "data/zone_internal.h"

enum { MOST_TRANSITIONS = 4096, NAME_UNITS = 128, MOST_NAMES = 1024 };

#define NS_PER_MS INT64_C(1000000)
/* Times are int64_t nanoseconds: 1677-09-21 to 2262-04-11. */
#define FIRST_MS (INT64_MIN / NS_PER_MS)
#define LAST_MS  (INT64_MAX / NS_PER_MS)

typedef struct zone_change {
    int64_t utc_ns;    /* from this instant on */
    int64_t offset_ns; /* wall clock minus UTC */
} zone_change;

struct zone_table {
    zone_change *items; /* items[0].utc_ns is the beginning of time */
    size_t n, capacity;
};

static int to_units(const char *name, UChar *units, int32_t *length)
{
    UErrorCode code = U_ZERO_ERROR;
    (void)u_strFromUTF8(units, NAME_UNITS, length, name, -1, &code);
    return U_SUCCESS(code) && *length < NAME_UNITS;
}

/* ICU reads any unknown name as GMT; only its list tells them apart. */
static int is_known(const UChar *units, int32_t length)
{
    UErrorCode code = U_ZERO_ERROR;
    UChar canonical[NAME_UNITS];
    UBool is_system = 0;
    (void)ucal_getCanonicalTimeZoneID(units, length, canonical, NAME_UNITS, &is_system, &code);
    return U_SUCCESS(code) && is_system;
}

static fel_status raise_unknown(const char *name)
{
    UErrorCode code = U_ZERO_ERROR;
    UEnumeration *list = ucal_openTimeZones(&code);
    const char *names[MOST_NAMES];
    size_t n = 0;
    arena texts = {0};
    while (U_SUCCESS(code) && n < MOST_NAMES) {
        const char *known = uenum_next(list, NULL, &code);
        if (known == NULL) {
            break;
        }
        names[n++] = arena_text(&texts, known);
    }
    const size_t nearest = nearest_name(name, names, n);
    const fel_status status =
        nearest < n && names[nearest] != NULL
            ? FEL_RAISE(FEL_ERR_ARG, "zone \"%s\" is not an IANA time zone; nearest is \"%s\"",
                        name, names[nearest])
            : FEL_RAISE(FEL_ERR_ARG,
                        "zone \"%s\" is not an IANA time zone such as \"America/New_York\"", name);
    uenum_close(list);
    arena_free(&texts);
    return status;
}

static fel_status push_change(zone_table *z, int64_t utc_ns, int64_t offset_ns)
{
    const zone_change change = {utc_ns, offset_ns};
    if (z->n > 0 && z->items[z->n - 1].offset_ns == offset_ns) {
        return FEL_OK;
    }
    FEL_TRY(array_reserve((void **)&z->items, &z->capacity, z->n, sizeof(z->items[0])));
    z->items[z->n++] = change;
    return FEL_OK;
}

static int64_t offset_at(UCalendar *calendar, double utc_ms, UErrorCode *code)
{
    ucal_setMillis(calendar, utc_ms, code);
    return NS_PER_MS *
           (ucal_get(calendar, UCAL_ZONE_OFFSET, code) + ucal_get(calendar, UCAL_DST_OFFSET, code));
}

static fel_status fill_changes(zone_table *z, UCalendar *calendar, const char *name)
{
    UErrorCode code = U_ZERO_ERROR;
    double at_ms = (double)FIRST_MS;
    FEL_TRY(push_change(z, INT64_MIN, offset_at(calendar, at_ms, &code)));
    for (size_t i = 0; i < MOST_TRANSITIONS && U_SUCCESS(code); i++) {
        double next_ms = 0.0;
        ucal_setMillis(calendar, at_ms, &code);
        if (!ucal_getTimeZoneTransitionDate(calendar, UCAL_TZ_TRANSITION_NEXT, &next_ms, &code) ||
            U_FAILURE(code) || next_ms >= (double)LAST_MS) {
            break;
        }
        const int64_t offset_ns = offset_at(calendar, next_ms, &code);
        FEL_TRY(push_change(z, (int64_t)next_ms * NS_PER_MS, offset_ns));
        at_ms = next_ms;
    }
    return U_SUCCESS(code)
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_INTERNAL, "zone %s: ICU failed: %s", name, u_errorName(code));
}

static fel_status fill_from_icu(zone_table *z, const char *name)
{
    UChar units[NAME_UNITS];
    int32_t length = 0;
    if (!to_units(name, units, &length) || !is_known(units, length)) {
        return raise_unknown(name);
    }
    UErrorCode code = U_ZERO_ERROR;
    UCalendar *calendar = ucal_open(units, length, "en_US", UCAL_GREGORIAN, &code);
    if (U_FAILURE(code)) {
        return FEL_RAISE(FEL_ERR_INTERNAL, "zone %s: ICU failed: %s", name, u_errorName(code));
    }
    const fel_status status = fill_changes(z, calendar, name);
    ucal_close(calendar);
    return status;
}

fel_status zone_create(zone_table **out, const char *name)
{
    static const char *const utc_names[] = {"", "UTC", "Etc/UTC", "GMT", "Z"};
    zone_table *z = calloc(1, sizeof(*z));
    if (z == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a time zone");
    }
    int is_utc = name == NULL;
    for (size_t i = 0; !is_utc && i < sizeof(utc_names) / sizeof(utc_names[0]); i++) {
        is_utc = strcmp(name, utc_names[i]) == 0;
    }
    const fel_status status = is_utc ? push_change(z, INT64_MIN, 0) : fill_from_icu(z, name);
    if (status != FEL_OK) {
        zone_destroy(z);
        return status;
    }
    *out = z;
    return FEL_OK;
}

void zone_destroy(zone_table *z)
{
    if (z != NULL) {
        free(z->items);
        free(z);
    }
}

int zone_is_utc(const zone_table *z)
{
    return z->n == 1 && z->items[0].offset_ns == 0;
}

/* The last change at or before an instant. */
static size_t find_change(const zone_table *z, int64_t utc_ns)
{
    size_t low = 0, high = z->n;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (z->items[middle].utc_ns <= utc_ns) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

int64_t zone_offset_ns(const zone_table *z, int64_t utc_ns)
{
    return z->items[find_change(z, utc_ns)].offset_ns;
}

zone_fit zone_local_to_utc(const zone_table *z, int64_t local_ns, int64_t *utc_ns)
{
    /* No offset is as much as a day and no two changes are that near each other. */
    const size_t at = find_change(z, local_ns);
    const size_t first = at > 0 ? at - 1 : 0;
    int n_found = 0;
    int64_t change_ns = z->items[at].utc_ns;
    for (size_t i = first; i <= at + 1 && i < z->n; i++) {
        const int64_t candidate = local_ns - z->items[i].offset_ns;
        const int64_t end_ns = i + 1 < z->n ? z->items[i + 1].utc_ns : INT64_MAX;
        if (candidate >= z->items[i].utc_ns && candidate < end_ns) {
            *utc_ns = n_found++ == 0 ? candidate : *utc_ns;
        } else if (candidate >= end_ns &&
                   local_ns - z->items[i + 1].offset_ns < z->items[i + 1].utc_ns) {
            change_ns = end_ns; /* after this span's end, before the next one's beginning */
        }
    }
    if (n_found == 0) {
        *utc_ns = change_ns;
        return ZONE_FIT_SKIPPED;
    }
    return n_found == 1 ? ZONE_FIT_ONCE : ZONE_FIT_TWICE;
}
