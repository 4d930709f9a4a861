/* tests/unit/data/test_resample.c - longer bars: against another program's weeks, across clock
 * changes, and by steps. */
#define FEL_MODULE_DATA 1
#include <stdio.h>

#include "data/resample_internal.h"
#include "tests/unit/data/sample_series.h"

static int64_t at(const char *text)
{
    int64_t t = 0;
    CHECK_OK(fel_time_parse(text, NULL, &t));
    return t;
}

static fel_series *resample(const fel_series *s, int64_t length_ns, const char *zone, int partial)
{
    fel_series *out = NULL;
    CHECK_OK(fel_resample(&out, s, length_ns, zone, partial));
    return out;
}

/* The same bars, open instants included however they are held. */
static int same_bars(const fel_series *a, const fel_series *b)
{
    const fel_block x = fel_series_rows(a), y = fel_series_rows(b);
    const int64_t length_ns = fel_series_describe(a)->length_ns;
    int same = x.n == y.n && same_rows(&x, 0, &y);
    for (size_t i = 0; same && i < x.n; i++) {
        same = (x.open_ns != NULL ? x.open_ns[i] : x.time_ns[i] - length_ns) ==
               (y.open_ns != NULL ? y.open_ns[i] : y.time_ns[i] - length_ns);
    }
    return same;
}

static void test_by_steps_is_as_at_once(void)
{
    const char *zones[] = {"UTC", "America/New_York", "Asia/Kolkata"};
    sample_rows r = sample_bars(91, 60000, at("2021-03-01"), 100.0);
    for (size_t i = 0; i < r.n; i++) {
        r.columns[4][i] = i % 37 == 0 ? (double)NAN : rint(r.columns[4][i]) / 10.0;
    }
    fel_series *minutes = sample_series("STEP", &r, 1);
    const int64_t steps[] = {5, 15, 60, 240, 1440, 7 * 1440};
    for (size_t z = 0; z < 3; z++) {
        fel_series *last = minutes;
        for (size_t k = 0; k < sizeof(steps) / sizeof(steps[0]); k++) {
            const int64_t length_ns = steps[k] * FEL_NS_PER_MINUTE;
            fel_series *direct = resample(minutes, length_ns, zones[z], 1);
            fel_series *stepped = resample(last, length_ns, zones[z], 1);
            CHECK(same_bars(direct, stepped));
            CHECK(fel_series_rows(direct).n > 5);
            fel_series_destroy(direct);
            if (last != minutes) {
                fel_series_destroy(last);
            }
            last = stepped;
        }
        fel_series_destroy(last);
    }
    fel_series_destroy(minutes);
    sample_rows_destroy(&r);
}

static void test_bars_are_the_extremes_and_sums_of_their_rows(void)
{
    sample_rows r = sample_bars(92, 5000, at("2024-05-06T00:00:00Z"), 100.0);
    fel_series *minutes = sample_series("SUM", &r, 0);
    fel_series *hours = resample(minutes, FEL_NS_PER_HOUR, NULL, 0);
    const fel_block b = fel_series_rows(hours);
    CHECK_INT(fel_series_describe(hours)->length_ns, FEL_NS_PER_HOUR);
    size_t i = 0;
    for (size_t h = 0; h < b.n; h++) {
        const int64_t end_ns =
            (r.time_ns[i] - 1) / FEL_NS_PER_HOUR * FEL_NS_PER_HOUR + FEL_NS_PER_HOUR;
        double high = -1e9, low = 1e9, sum = 0.0;
        const double open = r.columns[0][i];
        const int64_t open_ns = r.time_ns[i] - FEL_NS_PER_MINUTE;
        for (; i < r.n && r.time_ns[i] <= end_ns; i++) {
            high = fmax(high, r.columns[1][i]);
            low = fmin(low, r.columns[2][i]);
            sum += r.columns[4][i];
        }
        CHECK_INT(b.time_ns[h], end_ns);
        CHECK_SAME(b.columns[0][h], open);
        CHECK_SAME(b.columns[1][h], high);
        CHECK_SAME(b.columns[2][h], low);
        CHECK_SAME(b.columns[3][h], r.columns[3][i - 1]);
        CHECK_SAME(b.columns[4][h], sum);
        CHECK_INT(b.open_ns != NULL ? b.open_ns[h] : end_ns - FEL_NS_PER_HOUR, open_ns);
        CHECK(b.time_ns[h] >= r.time_ns[i - 1]); /* never known before its last row */
    }
    CHECK(r.n - i < 60);
    fel_series_destroy(hours);
    fel_series_destroy(minutes);
    sample_rows_destroy(&r);
}

static void test_unfinished_buckets_wait(void)
{
    sample_rows r = sample_rows_create(7);
    for (size_t i = 0; i < 7; i++) {
        r.time_ns[i] = at("2024-05-06T10:01:00Z") + (int64_t)i * FEL_NS_PER_MINUTE;
        for (size_t c = 0; c < 5; c++) {
            r.columns[c][i] = c == 4 ? (double)NAN : 2.385 + (double)i;
        }
    }
    fel_series *s = sample_series("WAIT", &r, 0);
    fel_series *whole = resample(s, 5 * FEL_NS_PER_MINUTE, "UTC", 0);
    fel_series *partial = resample(s, 5 * FEL_NS_PER_MINUTE, "UTC", 1);
    const fel_block w = fel_series_rows(whole), p = fel_series_rows(partial);
    CHECK_INT(w.n, 1);
    CHECK_INT(p.n, 2);
    CHECK_INT(w.time_ns[0], at("2024-05-06T10:05:00Z"));
    CHECK_INT(p.time_ns[1], at("2024-05-06T10:07:00Z")); /* what it knows, no more */
    CHECK_SAME(w.columns[4][0], (double)NAN);
    CHECK_SAME(p.columns[3][1], 8.385);
    fel_series_destroy(whole);
    fel_series_destroy(partial);
    r.n = 5; /* ends with its bucket: complete */
    fel_series_destroy(s);
    s = sample_series("WAIT", &r, 0);
    whole = resample(s, 5 * FEL_NS_PER_MINUTE, "UTC", 0);
    CHECK_INT(fel_series_rows(whole).n, 1);
    fel_series_destroy(whole);
    fel_series_destroy(s);
    sample_rows_destroy(&r);
}

static void check_ends(const char *zone_name, int64_t length_ns, const char *from,
                       const char *const *ends, size_t n)
{
    zone_table *z = NULL;
    CHECK_OK(zone_create(&z, zone_name));
    int64_t now = at(from);
    for (size_t i = 0; i < n; i++) {
        const int64_t end = bucket_end(z, length_ns, now);
        CHECK_INT(end, at(ends[i]));
        CHECK_INT(bucket_end(z, length_ns, end - 1), end);
        now = end;
    }
    zone_destroy(z);
}

static void test_buckets_follow_the_wall_clock(void)
{
    /* New York, 14 March 2021: 02:00 becomes 03:00; 7 November: 02:00 becomes 01:00. */
    const char *const spring_days[] = {"2021-03-14T05:00:00Z", "2021-03-15T04:00:00Z"};
    const char *const autumn_days[] = {"2021-11-07T04:00:00Z", "2021-11-08T05:00:00Z"};
    const char *const spring_4h[] = {"2021-03-14T08:00:00Z", "2021-03-14T12:00:00Z"};
    const char *const autumn_4h[] = {"2021-11-07T09:00:00Z", "2021-11-07T13:00:00Z"};
    const char *const autumn_1h[] = {"2021-11-07T05:00:00Z", "2021-11-07T06:00:00Z",
                                     "2021-11-07T07:00:00Z"};
    const char *const weeks[] = {"2021-03-15T04:00:00Z", "2021-03-22T04:00:00Z"};
    const char *const utc_weeks[] = {"2021-03-15T00:00:00Z", "2021-03-22T00:00:00Z"};
    /* Sao Paulo, 4 November 2018: midnight does not occur, 00:00 becomes 01:00. */
    const char *const no_midnight[] = {"2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"};
    /* Lord Howe, 2 October 2022: 02:00 becomes 02:30. */
    const char *const half_hour[] = {"2022-10-01T15:30:00Z", "2022-10-01T16:00:00Z"};
    const char *const new_york = "America/New_York";
    check_ends(new_york, FEL_NS_PER_DAY, "2021-03-13T12:00:00Z", spring_days, 2);
    check_ends(new_york, FEL_NS_PER_DAY, "2021-11-06T12:00:00Z", autumn_days, 2);
    check_ends(new_york, 4 * FEL_NS_PER_HOUR, "2021-03-14T05:00:00Z", spring_4h, 2);
    check_ends(new_york, 4 * FEL_NS_PER_HOUR, "2021-11-07T04:00:00Z", autumn_4h, 2);
    check_ends(new_york, FEL_NS_PER_HOUR, "2021-11-07T04:10:00Z", autumn_1h, 3);
    check_ends(new_york, 7 * FEL_NS_PER_DAY, "2021-03-10T12:00:00Z", weeks, 2);
    check_ends("UTC", 7 * FEL_NS_PER_DAY, "2021-03-10T12:00:00Z", utc_weeks, 2);
    check_ends("America/Sao_Paulo", FEL_NS_PER_DAY, "2018-11-03T12:00:00Z", no_midnight, 2);
    check_ends("Australia/Lord_Howe", FEL_NS_PER_HOUR, "2022-10-01T15:00:00Z", half_hour, 2);
    const char *const before_1970[] = {"1962-01-02T00:00:00Z", "1962-01-03T00:00:00Z"};
    check_ends("", FEL_NS_PER_DAY, "1962-01-01T00:00:01Z", before_1970, 2);
}

static void test_other_data_and_lengths_are_refused(void)
{
    sample_rows r = sample_bars(93, 10, 0, 0.0);
    fel_series *s = sample_series("BAD", &r, 0), *out = NULL;
    CHECK_STATUS(fel_resample(&out, s, 90 * FEL_NS_PER_SECOND, "UTC", 0), FEL_ERR_ARG);
    CHECK_STATUS(fel_resample(&out, s, 30 * FEL_NS_PER_SECOND, "UTC", 0), FEL_ERR_ARG);
    CHECK_STATUS(fel_resample(&out, s, 0, "UTC", 0), FEL_ERR_RANGE);
    CHECK_STATUS(fel_resample(&out, s, FEL_NS_PER_HOUR, "Mars/Olympus", 0), FEL_ERR_ARG);
    fel_series_destroy(s);
    const fel_series_info info = fel_series_info_default(FEL_DATA_QUOTE, "BAD");
    const fel_block b = {10, FEL_QUOTE_COLUMNS, r.time_ns, NULL, r.views};
    s = NULL;
    CHECK_OK(fel_series_create(&s, &info, &b));
    CHECK_STATUS(fel_resample(&out, s, FEL_NS_PER_HOUR, "UTC", 0), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "only bars");
    CHECK(out == NULL);
    fel_series_destroy(s);
    sample_rows_destroy(&r);
}

/* backtrader's sample days, closing at 17:30 in Frankfurt. */
static fel_series *read_days(const char *path)
{
    char line[256];
    sample_rows r = sample_rows_create(400);
    FILE *f = fopen(path, "r");
    CHECK(f != NULL);
    r.n = 0;
    while (f != NULL && fgets(line, sizeof(line), f) != NULL && r.n < 400) {
        char text[40];
        double x[5] = {0.0};
        if (sscanf(line, "%10[0-9-],%lf,%lf,%lf,%lf,%lf", text, &x[0], &x[1], &x[2], &x[3], &x[4]) <
            5) {
            continue;
        }
        (void)snprintf(text + 10, sizeof(text) - 10, " 17:30:00");
        CHECK_OK(fel_time_parse(text, "Europe/Berlin", &r.time_ns[r.n]));
        for (size_t c = 0; c < 5; c++) {
            r.columns[c][r.n] = x[c];
        }
        r.n++;
    }
    CHECK(f != NULL && fclose(f) == 0);
    fel_series_info info = fel_series_info_default(FEL_DATA_BAR, "SX5E");
    fel_series *s = NULL;
    info.length_ns = FEL_NS_PER_DAY;
    (void)snprintf(info.zone, sizeof(info.zone), "Europe/Berlin");
    const fel_block b = sample_block(&r, 0);
    CHECK_OK(fel_series_create(&s, &info, &b));
    sample_rows_destroy(&r);
    return s;
}

static void test_weeks_are_those_of_backtrader(void)
{
    char line[256];
    const char *path = shared_path("oracles/talib/input_eurostoxx_2006.csv");
    if (path == NULL) {
        SKIP("../shared/oracles is absent");
    }
    fel_series *days = read_days(path);
    fel_series *weeks = resample(days, 7 * FEL_NS_PER_DAY, NULL, 1);
    const fel_block b = fel_series_rows(weeks);
    path = shared_path("oracles/backtrader/resample_week_2006.csv");
    FILE *f = path != NULL ? fopen(path, "r") : NULL;
    CHECK(f != NULL && fgets(line, sizeof(line), f) != NULL);
    size_t n = 0;
    while (f != NULL && fgets(line, sizeof(line), f) != NULL && n < b.n) {
        double x[5] = {0.0};
        char day[16];
        CHECK_INT(sscanf(line, "%10[0-9-]T%*[^,],%lf,%lf,%lf,%lf,%lf", day, &x[0], &x[1], &x[2],
                         &x[3], &x[4]),
                  6);
        for (size_t c = 0; c < 5; c++) {
            CHECK_SAME(b.columns[c][n], x[c]);
        }
        /* Its stamp is the last day; ours the end of the week, midnight before Monday in Berlin. */
        CHECK(n + 1 == b.n || b.time_ns[n] > at(day) + FEL_NS_PER_DAY);
        CHECK(b.time_ns[n] <= at(day) + 7 * FEL_NS_PER_DAY);
        n++;
    }
    CHECK_INT(n, b.n);
    CHECK(n >= 52);
    CHECK(f != NULL && fclose(f) == 0);
    fel_series_destroy(days);
    fel_series_destroy(weeks);
}

SUITE("data/resample", TEST(test_by_steps_is_as_at_once),
      TEST(test_bars_are_the_extremes_and_sums_of_their_rows), TEST(test_unfinished_buckets_wait),
      TEST(test_buckets_follow_the_wall_clock), TEST(test_other_data_and_lengths_are_refused),
      TEST(test_weeks_are_those_of_backtrader));
