/* tests/unit/study/test_study_days.c - which bars lie between a study's dates, in zones whose days
 * begin at other instants than UTC's, over clock changes, from files, stores and streams. */
#define FEL_MODULE_STUDY
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "study/study_run_internal.h"
#include "tests/support/check.h"
#include "tests/unit/study/study_files.h"

static const char *new_folder(void)
{
    static char folder[320];
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    return folder;
}

/* A bar for each day from first on, its close the day of the month: what is read says its day. */
static void put_days(const char *path, const char *first, int n)
{
    char text[8192] = "date,open,high,low,close,volume\n";
    int64_t day_ns = 0;
    CHECK_OK(fel_time_parse(first, "UTC", &day_ns));
    for (int i = 0; i < n; i++) {
        char day[16];
        const size_t used = strlen(text);
        fel_day_format(day_ns + 1 + i * FEL_NS_PER_DAY, day, sizeof(day));
        (void)snprintf(text + used, sizeof(text) - used, "%s,50,60,1,%d,5\n", day, atoi(day + 8));
    }
    put_file(path, text);
}

static void check_span(const dataset_item *item, int first, int last)
{
    const fel_block rows = fel_series_rows(item->series);
    CHECK(rows.n > 0);
    if (rows.n > 0) {
        CHECK_INT((int)rows.columns[3][0], first);
        CHECK_INT((int)rows.columns[3][rows.n - 1], last);
    }
}

/* Days of the month of the first and the last bar of the first series. */
static void check_days(const char *folder, const char *text, int first, int last)
{
    dataset data;
    fel_study *study = load_study(folder, text);
    if (study == NULL) {
        return;
    }
    const fel_status status = dataset_open(&data, study, 0, 0);
    CHECK_OK(status);
    if (status == FEL_OK) {
        check_span(&data.list.items[0], first, last);
        dataset_close(&data);
    }
    fel_study_destroy(study);
}

#define STRATEGY "strategy: {kind: buy_and_hold}\n"
#define NEW_YORK "data: [{symbol: N, file: n.csv, zone: America/New_York}]\n" STRATEGY

static void test_a_day_of_new_york_is_in_from_start_to_end(void)
{
    const char *folder = new_folder();
    put_days(in_folder(folder, "n.csv"), "2020-01-01", 28);
    check_days(folder, NEW_YORK "start: 2020-01-06\nend: 2020-01-09\n", 6, 9);
    check_days(folder, NEW_YORK "start: 2020-01-06\nend: 2020-01-06\n", 6, 6);
    check_days(folder, NEW_YORK "start: 2020-01-06\nholdout: 2020-01-20\n", 6, 19);
    /* Instants stay instants: the bar of the 6th is known at 05:00 UTC of the 7th. */
    check_days(folder, NEW_YORK "start: 2020-01-07T05:00:00Z\nend: 2020-01-09T05:00:00Z\n", 7, 8);
    check_days(folder, NEW_YORK "start: 2020-01-07T04:59:59Z\nend: 2020-01-09T04:59:59Z\n", 6, 7);
}

/* Clocks went forward on 8 March 2020 in New York, back on 1 November. */
static void test_days_are_whole_over_a_clock_change(void)
{
    const char *folder = new_folder();
    put_days(in_folder(folder, "n.csv"), "2020-03-01", 28);
    check_days(folder, NEW_YORK "start: 2020-03-08\nend: 2020-03-08\n", 8, 8);
    check_days(folder, NEW_YORK "start: 2020-03-09\nend: 2020-03-10\n", 9, 10);
    check_days(folder, NEW_YORK "start: 2020-03-12\nwarm_up: 7d\n", 5, 28);
    put_days(in_folder(folder, "n.csv"), "2020-11-01", 28);
    check_days(folder, NEW_YORK "start: 2020-11-01\nend: 2020-11-01\n", 1, 1);
    check_days(folder, NEW_YORK "start: 2020-11-02\nend: 2020-11-04\n", 2, 4);
}

/* Midnight of 4 November 2018 did not exist in Sao Paulo. */
static void test_a_midnight_that_was_skipped_begins_its_day(void)
{
    const char *folder = new_folder();
    const char *text = "data: [{symbol: B, file: b.csv, zone: America/Sao_Paulo}]\n" STRATEGY
                       "start: 2018-11-04\nend: 2018-11-04\n";
    put_days(in_folder(folder, "b.csv"), "2018-11-01", 9);
    check_days(folder, text, 4, 4);
}

static void test_days_east_of_greenwich_and_of_a_session(void)
{
    const char *folder = new_folder();
    put_days(in_folder(folder, "n.csv"), "2020-01-01", 28);
    check_days(folder,
               "data: [{symbol: T, file: n.csv, zone: Asia/Tokyo}]\n" STRATEGY
               "start: 2020-01-06\nend: 2020-01-09\n",
               6, 9);
    /* The futures day of the 6th runs from 18:00 of the 5th to 17:00. */
    check_days(folder,
               "data: [{symbol: F, file: n.csv, zone: America/Chicago, session: "
               "\"18:00-17:00\"}]\n" STRATEGY "start: 2020-01-06\nend: 2020-01-09\n",
               6, 9);
    check_days(folder,
               "data: [{symbol: U, file: n.csv}]\n" STRATEGY "start: 2020-01-06\nend: 2020-01-09\n",
               6, 9);
}

/* No single instant is both midnights: each series is cut by its own. */
static void test_series_of_two_zones_have_the_same_days(void)
{
    const char *folder = new_folder();
    const char *text = "data:\n  - {symbol: T, file: n.csv, zone: Asia/Tokyo}\n"
                       "  - {symbol: N, file: n.csv, zone: America/New_York}\n" STRATEGY
                       "start: 2020-01-06\nend: 2020-01-09\n";
    dataset data;
    put_days(in_folder(folder, "n.csv"), "2020-01-01", 28);
    fel_study *study = load_study(folder, text);
    CHECK_OK(dataset_open(&data, study, 0, 0));
    CHECK_INT(data.list.n, 2);
    check_span(&data.list.items[0], 6, 9);
    check_span(&data.list.items[1], 6, 9);
    CHECK(data.zone == NULL);
    dataset_close(&data);
    fel_study_destroy(study);
    fel_run *run = NULL;
    CHECK_OK(run_text(folder, text, "run", 1, &run));
    fel_run_destroy(run);
    char *report = get_file(in_folder(folder, "run/report.txt"));
    CHECK_HAS(report, "days of each series' own time zone");
    free(report);
}

/* The same bars from a store, in memory and in chunks, give the orders and equity of the file. */
static void test_a_store_has_the_days_of_its_file(void)
{
    static const char *const dates = "start: 2020-01-06\nend: 2020-01-09\n";
    const char *folder = new_folder();
    char text[512];
    fel_csv_options options = fel_csv_options_default();
    (void)snprintf(options.symbol, sizeof(options.symbol), "N");
    (void)snprintf(options.zone, sizeof(options.zone), "America/New_York");
    put_days(in_folder(folder, "n.csv"), "2020-01-01", 28);
    CHECK_OK(fel_store_import(in_folder(folder, "store"), in_folder(folder, "n.csv"), &options, 0,
                              NULL));
    (void)snprintf(text, sizeof(text), "data: [{symbol: N, store: store}]\n" STRATEGY "%s", dates);
    check_days(folder, text, 6, 9);

    dataset data;
    study_engine made;
    fel_study *study = load_study(folder, text);
    memset(&data, 0, sizeof(data));
    CHECK_OK(dataset_add_store(&data, study, 0, 1));
    dataset_join_windows(&data);
    CHECK(data.list.items[0].series == NULL);
    const study_job job = {.study = study,
                           .data = &data,
                           .window = {FEL_TIME_MIN, FEL_TIME_MAX, FEL_TIME_MIN},
                           .strategy = study->values.strategy.code,
                           .params = study->values.strategy.params,
                           .cash = 1e6,
                           .record = FEL_RECORD_DAILY};
    CHECK_OK(study_engine_run(&made, &job));
    CHECK_INT(made.result->n_bars, 4);
    CHECK_SAME(made.result->positions[0].last_price, 9.0);
    study_engine_clear(&made);
    dataset_close(&data);
    fel_study_destroy(study);
}

/* The report names the zone where it is not UTC, and only then. */
static void test_the_report_names_the_zone_of_the_days(void)
{
    const char *folder = new_folder();
    put_days(in_folder(folder, "n.csv"), "2020-01-01", 28);
    CHECK_OK(run_text(folder, NEW_YORK "start: 2020-01-06\n", "run", 1, NULL));
    char *report = get_file(in_folder(folder, "run/report.txt"));
    CHECK_HAS(report, "the study's dates are days of America/New_York");
    free(report);
    CHECK_OK(run_text(folder, "data: [{symbol: N, file: n.csv}]\n" STRATEGY "start: 2020-01-06\n",
                      "run", 1, NULL));
    report = get_file(in_folder(folder, "run/report.txt"));
    CHECK(report != NULL && strstr(report, "dates are days") == NULL);
    free(report);
}

/* ---- windows of whole months ----------------------------------------------------------------- */

static void test_windows_begin_at_midnights_of_the_zone(void)
{
    static int64_t times[900];
    fel_zone *zone = NULL;
    walk_windows windows;
    CHECK_OK(fel_zone_create(&zone, "America/New_York"));
    for (int i = 0; i < 900; i++) {
        const int64_t midnight = (INT64_C(18262) + i + 1) * FEL_NS_PER_DAY; /* 2020-01-01 on */
        times[i] = fel_zone_instant(zone, midnight);
    }
    fel_study *study =
        load_study(new_folder(), "data: [{symbol: A, file: a.csv}]\n" STRATEGY
                                 "walk_forward: {train: 6mo, test: 30d, purge: 3d}\n");
    const study_clock clock = {times, 900, zone};
    const study_window all = {FEL_TIME_MIN, FEL_TIME_MAX, FEL_TIME_MIN};
    memset(&windows, 0, sizeof(windows));
    CHECK_OK(walk_plan(&windows, study, &clock, &all));
    CHECK_INT(windows.n, 24);
    for (size_t i = 0; i < windows.n; i++) {
        const walk_window *w = &windows.items[i];
        CHECK_INT(fel_zone_wall(zone, w->train_from_ns) % FEL_NS_PER_DAY, 0);
        CHECK_INT(fel_zone_wall(zone, w->train_to_ns) % FEL_NS_PER_DAY, 0);
        CHECK_INT(fel_zone_wall(zone, w->test_from_ns) % FEL_NS_PER_DAY, 0);
        CHECK_INT(clock_count(&clock, w->test_to_ns) - clock_count(&clock, w->test_from_ns),
                  i + 1 < windows.n ? 30 : 28); /* 900 - 182 = 23 x 30 + 28 */
    }
    free(windows.items);
    fel_study_destroy(study);
    fel_zone_destroy(zone);
}

SUITE("study/days", TEST(test_a_day_of_new_york_is_in_from_start_to_end),
      TEST(test_days_are_whole_over_a_clock_change),
      TEST(test_a_midnight_that_was_skipped_begins_its_day),
      TEST(test_days_east_of_greenwich_and_of_a_session),
      TEST(test_series_of_two_zones_have_the_same_days),
      TEST(test_a_store_has_the_days_of_its_file), TEST(test_the_report_names_the_zone_of_the_days),
      TEST(test_windows_begin_at_midnights_of_the_zone));
