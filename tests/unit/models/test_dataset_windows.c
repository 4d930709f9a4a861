/* tests/unit/models/test_dataset_windows.c - where windows lie: the published protocol with windows
 * that grow to four years, by hand; calendars; gaps; what is refused. */
#include <math.h>
#include <stdlib.h>

#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"
#include "tests/unit/models/bars_fixture.h"

enum { MOST_BARS = 6000 };

/* Bar k, from 1, is known at 1000 k. */
static int64_t bars[MOST_BARS];

static void fill_bars(void)
{
    for (size_t i = 0; i < MOST_BARS; i++) {
        bars[i] = 1000 * (int64_t)(i + 1);
    }
}

static fel_length in_bars(int64_t n)
{
    const fel_length l = {FEL_LENGTH_BARS, 0, n};
    return l;
}

static fel_length in_months(int64_t n)
{
    const fel_length l = {FEL_LENGTH_MONTHS, 0, n};
    return l;
}

static fel_length in_days(int64_t n)
{
    const fel_length l = {FEL_LENGTH_NS, 0, n * FEL_NS_PER_DAY};
    return l;
}

/* The span holds bars first .. last, from 1; last = first - 1: none. */
static void check_span(fel_span span, size_t first, size_t last)
{
    size_t n = 0, least = 0;
    for (size_t k = MOST_BARS; k > 0; k--) {
        if (span.from_ns < bars[k - 1] && bars[k - 1] <= span.to_ns) {
            n++;
            least = k;
        }
    }
    CHECK_INT(n, last + 1 - first);
    CHECK_INT(least, last + 1 > first ? first : 0);
}

/* ---- the published protocol ------------------------------------------------------------------ */

static fel_window_config published(int64_t year)
{
    fel_window_config c = fel_window_config_default();
    c.train = in_bars(4 * year);
    c.first_train = in_bars(year);
    c.test = in_bars(year);
    c.validation_share = 0.333;
    return c;
}

/* train = data[max(i - 4n, 0) + 1 .. i], its last third to validate on, test = the next n. */
static void check_published(size_t year, size_t n_tested, const size_t *fit, size_t n_windows)
{
    const fel_window_config c = published((int64_t)year);
    fel_windows w = {NULL, 0, 0};
    const size_t n = year + n_tested;
    fill_bars();
    CHECK_OK(fel_windows_plan(&w, &c, bars, n));
    CHECK_INT(w.n, n_windows);
    for (size_t k = 0; k < w.n; k++) {
        const size_t i = year * (k + 1), first = i > 4 * year ? i - 4 * year + 1 : 1;
        const size_t split = first - 1 + fit[k < 3 ? k : 3];
        check_span(w.items[k].train, first, split);
        check_span(w.items[k].validation, split + 1, i);
        check_span(w.items[k].test, i + 1, i + year < n ? i + year : n);
    }
    fel_windows_clear(&w);
}

/* What Keras leaves to train on: floor(n x 0.667) of 1, 2, 3, 4 years; 4987 bars out of sample of
 * stocks, 3328 of bitcoin. */
static void test_windows_grow_to_four_years(void)
{
    const size_t stocks[] = {168, 336, 504, 672}, crypto[] = {243, 486, 730, 973};
    check_published(252, 4987, stocks, 20);
    check_published(365, 3328, crypto, 10);
}

/* ---- other plans in bars --------------------------------------------------------------------- */

static void test_anchored_windows(void)
{
    fel_window_config c = fel_window_config_default();
    fel_windows w = {NULL, 0, 0};
    fill_bars();
    c.train = in_bars(100);
    c.test = in_bars(30);
    c.step = in_bars(40);
    c.is_anchored = 1;
    CHECK_OK(fel_windows_plan(&w, &c, bars, 200));
    CHECK_INT(w.n, 3);
    check_span(w.items[0].train, 1, 100);
    check_span(w.items[0].validation, 1, 0);
    check_span(w.items[0].test, 101, 130);
    check_span(w.items[1].train, 1, 140);
    check_span(w.items[1].test, 141, 170);
    check_span(w.items[2].train, 1, 180);
    check_span(w.items[2].test, 181, 200);
    fel_windows_clear(&w);
}

static void test_gaps_before_validation_and_test(void)
{
    fel_window_config c = fel_window_config_default();
    fel_windows w = {NULL, 0, 0};
    fill_bars();
    c.train = in_bars(100);
    c.test = in_bars(50);
    c.validation = in_bars(20);
    c.purge = in_bars(3);
    c.embargo = in_bars(2);
    CHECK_OK(fel_windows_plan(&w, &c, bars, 160));
    CHECK_INT(w.n, 2);
    check_span(w.items[0].train, 1, 70);
    check_span(w.items[0].validation, 76, 95);
    check_span(w.items[0].test, 101, 150);
    check_span(w.items[1].train, 51, 120);
    check_span(w.items[1].validation, 126, 145);
    check_span(w.items[1].test, 151, 160);
    fel_windows_clear(&w);
    c.start_ns = bars[9]; /* (from: the tenth bar is not in it */
    CHECK_OK(fel_windows_plan(&w, &c, bars, 111));
    check_span(w.items[0].train, 11, 80);
    check_span(w.items[0].test, 111, 111);
    CHECK_INT(w.n, 1);
    fel_windows_clear(&w);
}

/* 500 (1 - 0.07) is 464.99999999999994 in doubles and 465 on paper. */
static void test_shares_are_not_lost_to_rounding(void)
{
    fel_window_config c = fel_window_config_default();
    fel_windows w = {NULL, 0, 0};
    fill_bars();
    c.train = in_bars(500);
    c.test = in_bars(1);
    c.validation_share = 0.07;
    CHECK_OK(fel_windows_plan(&w, &c, bars, 501));
    check_span(w.items[0].train, 1, 465);
    check_span(w.items[0].validation, 466, 500);
    fel_windows_clear(&w);
}

/* ---- calendars ------------------------------------------------------------------------------- */

static int64_t at(const char *text, const char *zone)
{
    int64_t t = 0;
    CHECK_OK(fel_time_parse(text, zone, &t));
    return t;
}

/* Weekdays at 16:00 in New York. */
static size_t fill_sessions(const fel_zone *zone, int64_t *times, size_t most, int64_t end)
{
    size_t n = 0;
    for (int64_t d = 0; n < most; d++) {
        const int64_t wall = at("2003-03-03", "") + d * FEL_NS_PER_DAY;
        times[n] = fel_zone_instant(zone, wall + 16 * FEL_NS_PER_HOUR);
        if (times[n] > end) {
            return n;
        }
        n += d % 7 < 5 ? 1 : 0;
    }
    return n;
}

static void test_years_of_the_wall_clock(void)
{
    static int64_t times[MOST_BARS];
    const char *const ny = "America/New_York";
    fel_zone *zone = NULL;
    fel_windows w = {NULL, 0, 0};
    fel_window_config c = fel_window_config_default();
    CHECK_OK(fel_zone_create(&zone, ny));
    const size_t n = fill_sessions(zone, times, MOST_BARS, at("2010-01-01", ny));
    c.zone = zone;
    c.train = in_months(48);
    c.first_train = in_months(12);
    c.test = in_months(12);
    c.validation = in_months(3);
    c.purge = in_days(10);
    CHECK_OK(fel_windows_plan(&w, &c, times, n));
    CHECK_INT(w.n, 6);
    CHECK_INT(w.items[0].train.from_ns, at("2003-03-03", ny));
    CHECK_INT(w.items[0].train.to_ns, at("2003-11-12", ny));
    CHECK_INT(w.items[0].validation.from_ns, at("2003-11-22", ny));
    CHECK_INT(w.items[0].validation.to_ns, at("2004-02-22", ny));
    CHECK_INT(w.items[0].test.from_ns, at("2004-03-03", ny));
    CHECK_INT(w.items[0].test.to_ns, at("2005-03-03", ny));
    CHECK_INT(w.items[3].train.from_ns, at("2003-03-03", ny)); /* four years, all there are */
    CHECK_INT(w.items[4].train.from_ns, at("2004-03-03", ny)); /* four years of five */
    CHECK_INT(w.items[5].test.to_ns, times[n - 1]);
    fel_windows_clear(&w);
    fel_zone_destroy(zone);
}

static void test_months_end_where_they_end(void)
{
    static int64_t times[800];
    fel_windows w = {NULL, 0, 0};
    fel_window_config c = fel_window_config_default();
    for (size_t i = 0; i < 800; i++) {
        times[i] = at("2015-08-01", "") + (int64_t)i * FEL_NS_PER_DAY;
    }
    c.start_ns = at("2015-08-31", "");
    c.train = in_months(6); /* to 2016-02-29 */
    c.test = in_months(12); /* to 2017-02-28: no 29th */
    CHECK_OK(fel_windows_plan(&w, &c, times, 800));
    CHECK_INT(w.items[0].test.from_ns, at("2016-02-29", ""));
    CHECK_INT(w.items[0].test.to_ns, at("2017-02-28", ""));
    fel_windows_clear(&w);
}

/* A hole of a year: no window is made for the test span that lies in it. */
static void test_spans_without_bars_are_passed_over(void)
{
    static int64_t times[400];
    fel_windows w = {NULL, 0, 0};
    fel_window_config c = fel_window_config_default();
    for (size_t i = 0; i < 400; i++) {
        times[i] = at("2015-01-02", "") + (int64_t)(i < 200 ? i : i + 300) * FEL_NS_PER_DAY;
    }
    c.train = in_days(180);
    c.test = in_days(30);
    c.is_anchored = 1;
    CHECK_OK(fel_windows_plan(&w, &c, times, 400));
    for (size_t k = 0; k < w.n; k++) {
        size_t n = 0;
        for (size_t i = 0; i < 400; i++) {
            n += w.items[k].test.from_ns < times[i] && times[i] <= w.items[k].test.to_ns ? 1 : 0;
        }
        CHECK(n > 0);
    }
    CHECK_INT(w.n, 9); /* of 18 in 520 days */
    fel_windows_clear(&w);
}

/* ---- refusals -------------------------------------------------------------------------------- */

static void check_refused(const fel_window_config *c, size_t n, fel_status status, const char *text)
{
    fel_windows w = {NULL, 0, 0};
    CHECK_STATUS(fel_windows_plan(&w, c, bars, n), status);
    CHECK_HAS(fel_last_error()->message, text);
    CHECK(w.items == NULL && w.n == 0);
}

static void test_too_few_bars_are_counted(void)
{
    fel_window_config c = published(252);
    fill_bars();
    check_refused(&c, 252, FEL_ERR_SHAPE,
                  "windows: at least 253 bars are needed, 252 to train on and 1 to test; there are "
                  "252 (1970-01-01 to 1970-01-01)");
    check_refused(&c, 0, FEL_ERR_SHAPE, "there are 0 bars");
    c.first_train = in_months(12);
    check_refused(&c, 300, FEL_ERR_SHAPE,
                  "windows: bars after 1970-12-31 are needed, where the first training ends; there "
                  "are 300 (1970-01-01 to 1970-01-01)");
    c = published(252);
    c.embargo = in_bars(200);
    check_refused(&c, 2000, FEL_ERR_SHAPE, "validation, purge and embargo leave none to train on");
    c = published(10);
    c.validation_share = 0.0;
    c.train = in_bars(10);
    c.validation = in_bars(10);
    check_refused(&c, 100, FEL_ERR_SHAPE,
                  "windows: of the 10 bars up to 1970-01-01, validation, purge and embargo leave "
                  "none to train on");
    c = published(100);
    c.validation_share = 0.001;
    CHECK_INT(c.first_train.amount, 100); /* 99 to train on, 1 to validate */
    c.purge = in_bars(99);
    check_refused(&c, 1000, FEL_ERR_SHAPE, "leave none to train on");
}

static void test_contradictions_are_refused(void)
{
    fill_bars();
    fel_window_config c = published(252);
    c.test = in_bars(0);
    check_refused(&c, 600, FEL_ERR_ARG, "windows: test of 0; 1 to");
    c = published(252);
    c.purge = in_bars(-1);
    check_refused(&c, 600, FEL_ERR_ARG, "windows: purge of -1; 0 to");
    c = published(252);
    c.train = in_months(12001);
    check_refused(&c, 600, FEL_ERR_ARG, "windows: train of 12001; 1 to 12000 are allowed");
    c = published(252);
    c.validation_share = 1.0;
    check_refused(&c, 600, FEL_ERR_ARG, "windows: validation_share 1 is not in [0, 1)");
    c = published(252);
    c.validation = in_bars(10);
    check_refused(&c, 600, FEL_ERR_ARG, "both as a length and as a share");
    c = published(252);
    c.first_train = in_bars(2000);
    check_refused(&c, 6000, FEL_ERR_ARG, "first_train is longer than train");
    c = published(252);
    c.step = in_bars(251);
    check_refused(&c, 600, FEL_ERR_ARG, "step is shorter than test");
    c.step = in_days(1); /* all bars lie within 6 ms */
    c.test = in_bars(10);
    fel_windows w = {NULL, 0, 0};
    CHECK_OK(fel_windows_plan(&w, &c, bars, 600));
    CHECK_INT(w.n, 1);
    fel_windows_clear(&w);
    c.step.amount = 5000; /* five bars */
    check_refused(&c, 600, FEL_ERR_ARG, "step is shorter than test");
    c = published(252);
    bars[77] = bars[76];
    check_refused(&c, 600, FEL_ERR_ARG, "windows: instant 77 is not later than the one before");
}

static fel_status plan_call(void *payload, void **out)
{
    static fel_windows w;
    w.items = NULL;
    w.n = w.capacity = 0;
    FEL_TRY(fel_windows_plan(&w, payload, bars, 5000));
    *out = &w;
    return FEL_OK;
}

static void clear_call(void *made)
{
    fel_windows_clear(made);
}

static void test_memory_that_runs_out(void)
{
    fel_window_config c = published(52);
    const failing_call call = {"fel_windows_plan", plan_call, clear_call, &c};
    fill_bars();
    CHECK(check_failing_call(&call) >= 2);
}

SUITE("models/dataset_windows", TEST(test_windows_grow_to_four_years), TEST(test_anchored_windows),
      TEST(test_gaps_before_validation_and_test), TEST(test_shares_are_not_lost_to_rounding),
      TEST(test_years_of_the_wall_clock), TEST(test_months_end_where_they_end),
      TEST(test_spans_without_bars_are_passed_over), TEST(test_too_few_bars_are_counted),
      TEST(test_contradictions_are_refused), TEST(test_memory_that_runs_out));
