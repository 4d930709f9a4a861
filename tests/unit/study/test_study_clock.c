/* tests/unit/study/test_study_clock.c - spans of bars, time and calendar months; where windows lie.
 */
#define FEL_MODULE_STUDY
#include <stdlib.h>
#include <string.h>

#include "study/study_run_internal.h"
#include "tests/support/check.h"
#include "tests/unit/study/study_files.h"

static int64_t at(const char *text)
{
    int64_t time_ns = 0;
    CHECK_OK(fel_time_parse(text, "UTC", &time_ns));
    return time_ns;
}

static const char *text_of(int64_t time_ns)
{
    static char texts[4][40];
    static int next;
    char *text = texts[next++ % 4];
    fel_time_format(time_ns, text, sizeof(texts[0]));
    return text;
}

static void test_months_keep_the_day_or_take_the_last(void)
{
    const study_clock none = {NULL, 0, NULL};
    const study_span one = {SPAN_MONTHS, 1}, year = {SPAN_MONTHS, 12},
                     four_years = {SPAN_MONTHS, 48};
    CHECK_TEXT(text_of(clock_after(&none, at("2023-01-31T14:30:00Z"), one)),
               "2023-02-28T14:30:00Z");
    CHECK_TEXT(text_of(clock_after(&none, at("2024-01-31"), one)), "2024-02-29T00:00:00Z");
    CHECK_TEXT(text_of(clock_before(&none, at("2024-03-31"), one)), "2024-02-29T00:00:00Z");
    CHECK_TEXT(text_of(clock_after(&none, at("2020-02-29"), year)), "2021-02-28T00:00:00Z");
    CHECK_TEXT(text_of(clock_after(&none, at("2020-02-29"), four_years)), "2024-02-29T00:00:00Z");
    CHECK_TEXT(text_of(clock_before(&none, at("1971-06-15"), four_years)), "1967-06-15T00:00:00Z");
    CHECK_TEXT(text_of(clock_before(&none, at("2023-01-15T00:00:00.25Z"), one)),
               "2022-12-15T00:00:00.25Z");
}

static void test_bars_are_counted_on_the_clock(void)
{
    const int64_t times[] = {100, 205, 333, 470, 590};
    const study_clock clock = {times, 5, NULL};
    const study_span two = {SPAN_BARS, 2}, five = {SPAN_BARS, 5}, six = {SPAN_BARS, 6};
    CHECK_INT(clock_after(&clock, 50, two), 205);
    CHECK_INT(clock_after(&clock, 100, two), 333);
    CHECK_INT(clock_after(&clock, 101, two), 333);
    CHECK_INT(clock_after(&clock, 99, five), 590);
    CHECK_INT(clock_after(&clock, 99, six), FEL_TIME_MAX);
    CHECK_INT(clock_before(&clock, 470, two), 205);
    CHECK_INT(clock_before(&clock, 480, two), 205);
    CHECK_INT(clock_before(&clock, 590, five), FEL_TIME_MIN);
    /* What one goes forward, the other comes back. */
    CHECK_INT(clock_count(&clock, clock_after(&clock, 205, two)) - clock_count(&clock, 205), 2);
    CHECK_INT(clock_count(&clock, 470) - clock_count(&clock, clock_before(&clock, 470, two)), 2);
}

static void test_a_span_of_nothing_stays(void)
{
    const study_clock none = {NULL, 0, NULL};
    const study_span nothing = {SPAN_BARS, 0};
    CHECK_INT(clock_after(&none, 12345, nothing), 12345);
    CHECK_INT(clock_before(&none, 12345, nothing), 12345);
    const study_span long_time = {SPAN_NS, INT64_MAX};
    CHECK_INT(clock_after(&none, 5, long_time), FEL_TIME_MAX);
}

static void test_saturdays_make_a_year_of_365_days(void)
{
    int64_t all[70], weekdays[50];
    size_t n = 0;
    const int64_t monday = at("2021-03-01");
    for (int64_t i = 0; i < 70; i++) {
        all[i] = monday + (i + 1) * FEL_NS_PER_DAY; /* known at the midnight that ends the day */
        if (i % 7 < 5) {
            weekdays[n++] = all[i];
        }
    }
    CHECK_SAME(calendar_periods_per_year(all, 70, 0), 365.0);
    CHECK_SAME(calendar_periods_per_year(weekdays, n, 0), 252.0);
    /* The same weekdays, ended by midnights of New York: Friday's is known on Saturday in UTC. */
    for (size_t i = 0; i < n; i++) {
        weekdays[i] += 5 * FEL_NS_PER_HOUR;
    }
    CHECK_SAME(calendar_periods_per_year(weekdays, n, 0), 365.0);
    CHECK_SAME(calendar_periods_per_year(weekdays, n, -5 * FEL_NS_PER_HOUR), 252.0);
}

/* ---- windows --------------------------------------------------------------------------------- */

static void plan(const char *walk, const int64_t *times, size_t n, walk_windows *out)
{
    char text[512];
    (void)snprintf(text, sizeof(text),
                   "data: [{symbol: A, file: a.csv}]\nstrategy: {kind: sma_cross}\n"
                   "walk_forward: {%s}\n",
                   walk);
    fel_study *study = load_study(scratch_folder(), text);
    const study_clock clock = {times, n, NULL};
    const study_window all = {FEL_TIME_MIN, FEL_TIME_MAX, FEL_TIME_MIN};
    memset(out, 0, sizeof(*out));
    if (study != NULL) {
        CHECK_OK(walk_plan(out, study, &clock, &all));
    }
    fel_study_destroy(study);
}

static void make_clock(int64_t *times, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        times[i] = (int64_t)(i + 1) * FEL_NS_PER_DAY;
    }
}

static void test_windows_roll_and_do_not_overlap(void)
{
    int64_t times[40];
    walk_windows w;
    make_clock(times, 40);
    plan("train: 10, test: 7", times, 40, &w);
    CHECK_INT(w.n, 5);
    for (size_t i = 0; i < w.n; i++) {
        const walk_window *at_i = &w.items[i];
        CHECK_INT(at_i->train_to_ns, at_i->test_from_ns);
        CHECK_INT(at_i->train_from_ns, (int64_t)(7 * i) * FEL_NS_PER_DAY);
        CHECK_INT(at_i->test_from_ns, (int64_t)(10 + 7 * i) * FEL_NS_PER_DAY);
        CHECK_INT(at_i->test_to_ns, (int64_t)(i == 4 ? 40 : 17 + 7 * i) * FEL_NS_PER_DAY);
    }
    free(w.items);
}

static void test_anchored_windows_grow(void)
{
    int64_t times[40];
    walk_windows w;
    make_clock(times, 40);
    plan("train: 10, test: 7, step: 9, anchored: true", times, 40, &w);
    CHECK_INT(w.n, 4);
    for (size_t i = 0; i < w.n; i++) {
        CHECK_INT(w.items[i].train_from_ns, 0);
        CHECK_INT(w.items[i].test_from_ns, (int64_t)(10 + 9 * i) * FEL_NS_PER_DAY);
    }
    free(w.items);
}

static void test_purge_and_embargo_come_off_the_end_of_training(void)
{
    int64_t times[40];
    walk_windows w;
    make_clock(times, 40);
    plan("train: 10, test: 7, purge: 2, embargo: 3d", times, 40, &w);
    CHECK(w.n > 0);
    for (size_t i = 0; i < w.n; i++) {
        CHECK_INT(w.items[i].train_to_ns, w.items[i].test_from_ns - 5 * FEL_NS_PER_DAY);
    }
    free(w.items);
}

static void test_data_shorter_than_a_training_window_is_refused(void)
{
    int64_t times[9];
    walk_windows w = {NULL, 0, 0};
    make_clock(times, 9);
    fel_study *study = load_study(scratch_folder(),
                                  "data: [{symbol: A, file: a.csv}]\nstrategy: {kind: sma_cross}\n"
                                  "walk_forward: {train: 10, test: 7}\n");
    const study_clock clock = {times, 9, NULL};
    const study_window all = {FEL_TIME_MIN, FEL_TIME_MAX, FEL_TIME_MIN};
    if (study != NULL) {
        CHECK_STATUS(walk_plan(&w, study, &clock, &all), FEL_ERR_ARG);
        CHECK_HAS(fel_last_error()->message, ":3:15: walk_forward: the data from 1970-01-01 to "
                                             "1970-01-09 is not longer than one training window");
    }
    fel_study_destroy(study);
    free(w.items);
}

SUITE("study/clock", TEST(test_months_keep_the_day_or_take_the_last),
      TEST(test_bars_are_counted_on_the_clock), TEST(test_a_span_of_nothing_stays),
      TEST(test_saturdays_make_a_year_of_365_days), TEST(test_windows_roll_and_do_not_overlap),
      TEST(test_anchored_windows_grow), TEST(test_purge_and_embargo_come_off_the_end_of_training),
      TEST(test_data_shorter_than_a_training_window_is_refused));
