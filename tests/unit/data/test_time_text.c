/* tests/unit/data/test_time_text.c - instants as text: shapes, zones, clock changes, durations. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <feller/data.h>

#include "core/rng.h"
#include "tests/support/check.h"

#define FEL_MODULE_DATA
#include "data/time_internal.h"
#include "data/zone_internal.h"

static int64_t parse(const char *text, const char *zone)
{
    int64_t time_ns = -1;
    CHECK_OK(fel_time_parse(text, zone, &time_ns));
    return time_ns;
}

static void test_dates_agree_with_the_c_library(void)
{
    for (int64_t days = civil_to_days(1678, 1, 1); days < civil_to_days(2262, 1, 1); days += 13) {
        const time_t seconds = (time_t)(days * 86400);
        struct tm tm;
        int64_t year = 0;
        int month = 0, day = 0;
        days_to_civil(days, &year, &month, &day);
        if (gmtime_r(&seconds, &tm) == NULL || tm.tm_year + 1900 != year ||
            tm.tm_mon + 1 != month || tm.tm_mday != day ||
            civil_to_days(year, month, day) != days) {
            CHECK_INT(days, -1);
        }
    }
    CHECK_INT(days_in_month(2000, 2), 29);
    CHECK_INT(days_in_month(1900, 2), 28);
    CHECK_INT(days_in_month(2023, 2), 28);
}

static void test_instants_are_read(void)
{
    const int64_t noon = INT64_C(1587340800) * FEL_NS_PER_SECOND; /* 2020-04-20 00:00 UTC */
    CHECK_INT(parse("2020-04-20", NULL), noon);
    CHECK_INT(parse("2020-04-20T16:00:00Z", "America/New_York"), noon + 16 * FEL_NS_PER_HOUR);
    CHECK_INT(parse("2020-04-20 16:00:00.5", ""), noon + 16 * FEL_NS_PER_HOUR + 500000000);
    CHECK_INT(parse("2020-04-20T16:00:00+02:00", NULL), noon + 14 * FEL_NS_PER_HOUR);
    CHECK_INT(parse("2020-04-20T16:00:00-0930", NULL),
              noon + 25 * FEL_NS_PER_HOUR + 30 * FEL_NS_PER_MINUTE);
    CHECK_INT(parse("2020-04-20 16:00", "America/New_York"), noon + 20 * FEL_NS_PER_HOUR);
    CHECK_INT(parse("20200420 160001", NULL), noon + 16 * FEL_NS_PER_HOUR + FEL_NS_PER_SECOND);
    CHECK_INT(parse("2020-04-20 16:00:00.123456789", NULL) % FEL_NS_PER_SECOND, 123456789);
    CHECK_INT(parse("1969-12-31 23:59:59.999999999", NULL), -1);
}

static void test_clock_changes_of_new_york(void)
{
    /* 2021-03-14 02:00 EST -> 03:00 EDT at 07:00 UTC; 2021-11-07 02:00 EDT -> 01:00 EST at 06:00
     * UTC */
    const char *ny = "America/New_York";
    int64_t time_ns = 42;
    CHECK_INT(parse("2021-03-14 01:59:59", ny), parse("2021-03-14T06:59:59Z", NULL));
    CHECK_INT(parse("2021-03-14 03:00:00", ny), parse("2021-03-14T07:00:00Z", NULL));
    CHECK_STATUS(fel_time_parse("2021-03-14 02:30:00", ny, &time_ns), FEL_ERR_RANGE);
    CHECK_TEXT(fel_last_error()->message, "time \"2021-03-14 02:30:00\" does not exist in "
                                          "America/New_York: a clock change skips it");
    CHECK_INT(time_ns, 42);
    CHECK_INT(parse("2021-11-07 00:59:59", ny), parse("2021-11-07T04:59:59Z", NULL));
    CHECK_INT(parse("2021-11-07 01:30:00", ny), parse("2021-11-07T05:30:00Z", NULL));
    CHECK_INT(parse("2021-11-07 02:00:00", ny), parse("2021-11-07T07:00:00Z", NULL));
}

static void test_other_zones(void)
{
    /* a change of half an hour, a zone south of the equator, a zone that skipped a day, war time */
    CHECK_INT(parse("2021-10-03 02:15:00", "Asia/Kolkata"), parse("2021-10-02T20:45:00Z", NULL));
    CHECK_INT(parse("2021-10-03 02:45:00", "Australia/Lord_Howe"),
              parse("2021-10-02T15:45:00Z", NULL));
    int64_t time_ns = 0;
    CHECK_STATUS(fel_time_parse("2021-10-03 02:15:00", "Australia/Lord_Howe", &time_ns),
                 FEL_ERR_RANGE);
    CHECK_STATUS(fel_time_parse("2011-12-30 12:00:00", "Pacific/Apia", &time_ns), FEL_ERR_RANGE);
    CHECK_INT(parse("2011-12-31 00:00:00", "Pacific/Apia"), parse("2011-12-30T10:00:00Z", NULL));
    CHECK_INT(parse("1944-07-01 12:00:00", "Europe/London"), parse("1944-07-01T10:00:00Z", NULL));
    CHECK_INT(parse("2150-07-01 12:00:00", "America/New_York"),
              parse("2150-07-01T16:00:00Z", NULL));
}

static void test_every_zone_hour_goes_there_and_back(void)
{
    static const char *const names[] = {"America/New_York",    "Europe/London",
                                        "Australia/Lord_Howe", "Africa/Casablanca",
                                        "America/Sao_Paulo",   "Asia/Tehran"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        zone_table *z = NULL;
        CHECK_OK(zone_create(&z, names[i]));
        size_t n_wrong = 0;
        for (int64_t t = parse("1995-01-01", NULL); t < parse("2030-01-01", NULL);
             t += 1777 * FEL_NS_PER_SECOND) {
            int64_t back = 0;
            const zone_fit fit = zone_local_to_utc(z, t + zone_offset_ns(z, t), &back);
            n_wrong += fit == ZONE_FIT_SKIPPED || (fit == ZONE_FIT_ONCE ? back != t : back > t);
        }
        CHECK_INT(n_wrong, 0);
        zone_destroy(z);
    }
}

static void test_bad_times_are_refused(void)
{
    static const char *const texts[] = {"",
                                        "x",
                                        "2020-13-01",
                                        "2020-02-30",
                                        "2020-4",
                                        "20200",
                                        "2020-04-20 25:00",
                                        "2020-04-20T16:00:00+",
                                        "2020-04-20 16:00:61",
                                        "2020-04-20 4:00 QM",
                                        "01/02/2020",
                                        "2020-04-20Z16:00",
                                        "1500-01-01",
                                        "2300-01-01",
                                        "2020-04/20"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        int64_t time_ns = 7;
        CHECK_STATUS(fel_time_parse(texts[i], NULL, &time_ns), FEL_ERR_FORMAT);
        CHECK_HAS(fel_last_error()->message, texts[i]);
        CHECK_INT(time_ns, 7);
    }
    int64_t time_ns = 0;
    CHECK_STATUS(fel_time_parse("2020-04-20", "America/New_Yrok", &time_ns), FEL_ERR_ARG);
    CHECK_TEXT(
        fel_last_error()->message,
        "zone \"America/New_Yrok\" is not an IANA time zone; nearest is \"America/New_York\"");
    CHECK_STATUS(fel_time_parse("2020-04-20", "EST5EDT+7", &time_ns), FEL_ERR_ARG);
}

static void test_formats_read_back(void)
{
    static const int64_t times[] = {
        0,        -1, 1, 123456789, INT64_C(1587340800123456789), INT64_C(-5000000000000000001),
        INT64_MAX};
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        char text[40];
        int64_t back = 0;
        fel_time_format(times[i], text, sizeof(text));
        if (times[i] != INT64_MAX) {
            CHECK_OK(fel_time_parse(text, NULL, &back));
            CHECK_INT(back, times[i]);
        }
    }
    char text[40];
    fel_time_format(INT64_C(1587340800500000000), text, sizeof(text));
    CHECK_TEXT(text, "2020-04-20T00:00:00.5Z");
    fel_time_format(FEL_TIME_MIN, text, sizeof(text));
    CHECK_TEXT(text, "1677-09-21T00:12:43.145224192Z");
    fel_time_format(FEL_TIME_MAX, text, sizeof(text));
    CHECK_TEXT(text, "2262-04-11T23:47:16.854775807Z");
    fel_day_format(parse("2020-04-21", NULL), text, sizeof(text));
    CHECK_TEXT(text, "2020-04-20");
    fel_day_format(parse("2020-04-20T20:00:00Z", NULL), text, sizeof(text));
    CHECK_TEXT(text, "2020-04-20");
}

/* Against the C library's calendar, over all years that there are. */
static void test_any_instant_is_the_c_librarys(void)
{
    rng_stream r = rng_at(12, 1);
    for (int i = 0; i < 20000; i++) {
        const int64_t time_ns = (int64_t)rng_next(&r) >> (i % 3 == 0 ? 20 : 0);
        int64_t rest = time_ns % FEL_NS_PER_SECOND;
        rest += rest < 0 ? FEL_NS_PER_SECOND : 0;
        const time_t seconds = (time_t)((time_ns - rest) / FEL_NS_PER_SECOND);
        const int with_fraction = i % 2;
        const int64_t shown = with_fraction ? time_ns : time_ns - rest;
        char text[40], expected[64], day[16];
        struct tm parts;
        CHECK(gmtime_r(&seconds, &parts) != NULL);
        size_t n = strftime(expected, sizeof(expected), "%Y-%m-%dT%H:%M:%S", &parts);
        if (with_fraction && rest != 0) {
            n += (size_t)snprintf(expected + n, sizeof(expected) - n, ".%09lld", (long long)rest);
            while (expected[n - 1] == '0') {
                n--;
            }
        }
        (void)snprintf(expected + n, sizeof(expected) - n, "Z");
        fel_time_format(shown, text, sizeof(text));
        CHECK_TEXT(text, expected);
        fel_day_format(shown + 1, day, sizeof(day));
        expected[10] = '\0';
        CHECK_TEXT(day, expected);
    }
}

static void test_texts_are_cut_to_their_room(void)
{
    char text[11];
    fel_time_format(INT64_C(1587340800500000000), text, sizeof(text));
    CHECK_TEXT(text, "2020-04-20");
    fel_day_format(INT64_C(1587340800500000000), text, 5);
    CHECK_TEXT(text, "2020");
}

static void test_durations(void)
{
    static const struct {
        const char *text;
        int64_t ns;
    } good[] = {{"1d", FEL_NS_PER_DAY},
                {"4h", 4 * FEL_NS_PER_HOUR},
                {"15m", 15 * FEL_NS_PER_MINUTE},
                {"15min", 15 * FEL_NS_PER_MINUTE},
                {"30s", 30 * FEL_NS_PER_SECOND},
                {"1w", 7 * FEL_NS_PER_DAY},
                {"250ms", 250000000},
                {"7ns", 7}};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        int64_t ns = 0;
        CHECK_OK(fel_duration_parse(good[i].text, &ns));
        CHECK_INT(ns, good[i].ns);
    }
    static const char *const bad[] = {"",     "d",  "1",   "0d",          "-1d",
                                      "1.5h", "1D", "1 d", "99999999999w"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        int64_t ns = 9;
        CHECK_STATUS(fel_duration_parse(bad[i], &ns), FEL_ERR_FORMAT);
        CHECK_INT(ns, 9);
    }
}

static void test_vendor_shapes(void)
{
    static const struct {
        const char *text;
        time_shape shape;
        time_order order;
        const char *utc;
    } cases[] = {
        {"28-Dec-17", TIME_SHAPE_NAMED, 0, "2017-12-28T00:00:00Z"},
        {"Jan 1 2000", TIME_SHAPE_NAMED, 0, "2000-01-01T00:00:00Z"},
        {"December 31, 1999", TIME_SHAPE_NAMED, 0, "1999-12-31T00:00:00Z"},
        {"01/03/17", TIME_SHAPE_NUMERIC, TIME_MDY, "2017-01-03T00:00:00Z"},
        {"01/03/69", TIME_SHAPE_NUMERIC, TIME_DMY, "1969-03-01T00:00:00Z"},
        {"29-04-2013 23:59", TIME_SHAPE_NUMERIC, TIME_DMY, "2013-04-29T23:59:00Z"},
        {"1/31/2026 6:49 PM", TIME_SHAPE_NUMERIC, TIME_MDY, "2026-01-31T18:49:00Z"},
        {"1/31/2026 12:05 AM", TIME_SHAPE_NUMERIC, TIME_MDY, "2026-01-31T00:05:00Z"},
        {"20170102 020000", TIME_SHAPE_COMPACT, 0, "2017-01-02T02:00:00Z"},
        {"20170102", TIME_SHAPE_COMPACT, 0, "2017-01-02T00:00:00Z"},
        {"19980717 00:00", TIME_SHAPE_COMPACT, 0, "1998-07-17T00:00:00Z"},
        {"1502942400", TIME_SHAPE_EPOCH, 0, "2017-08-17T04:00:00Z"},
        {"1502942400000", TIME_SHAPE_EPOCH, 0, "2017-08-17T04:00:00Z"},
        {"1502942400000001", TIME_SHAPE_EPOCH, 0, "2017-08-17T04:00:00.000001Z"},
        {"1502942400.25", TIME_SHAPE_EPOCH, 0, "2017-08-17T04:00:00.25Z"},
        {"2022-07-25T09:15:00+05:30", TIME_SHAPE_ISO, 0, "2022-07-25T03:45:00Z"},
        {"2022.07.25 09:15 GMT", TIME_SHAPE_ISO, 0, "2022-07-25T09:15:00Z"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        time_format format = {.order = cases[i].order};
        time_stamp stamp;
        const size_t n = strlen(cases[i].text);
        char text[40];
        CHECK_INT(time_shape_of(cases[i].text, n, &format), cases[i].shape);
        CHECK_INT(time_text_read(&format, cases[i].text, n, &stamp), TIME_FAULT_NONE);
        fel_time_format(stamp.wall_ns - stamp.offset_ns, text, sizeof(text));
        CHECK_TEXT(text, cases[i].utc);
    }
}

static void test_offsets_of_zones(void)
{
    static const struct {
        const char *zone, *time;
        int64_t minutes;
    } cases[] = {
        {NULL, "2020-07-01", 0},
        {"", "2020-07-01", 0},
        {"America/New_York", "2020-03-08T06:59:59Z", -300},
        {"America/New_York", "2020-03-08T07:00:00Z", -240},
        {"Asia/Kolkata", "2020-01-01", 330},
        {"Australia/Sydney", "2020-01-01", 660},
    };
    int64_t offset_ns = 0;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CHECK_OK(fel_zone_offset(cases[i].zone, parse(cases[i].time, NULL), &offset_ns));
        CHECK_INT(offset_ns, cases[i].minutes * FEL_NS_PER_MINUTE);
    }
    CHECK_STATUS(fel_zone_offset("America/New_Yrok", 0, &offset_ns), FEL_ERR_ARG);
}

SUITE("data/time_text", TEST(test_offsets_of_zones), TEST(test_dates_agree_with_the_c_library),
      TEST(test_instants_are_read), TEST(test_clock_changes_of_new_york), TEST(test_other_zones),
      TEST(test_every_zone_hour_goes_there_and_back), TEST(test_bad_times_are_refused),
      TEST(test_formats_read_back), TEST(test_any_instant_is_the_c_librarys),
      TEST(test_texts_are_cut_to_their_room), TEST(test_durations), TEST(test_vendor_shapes));
