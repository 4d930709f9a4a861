/* tests/oracle/test_calendar_returns.c - returns of months, quarters and years of SPY and BTC as
 * quantstats and empyrical computed them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <feller/metric.h>

#include "tests/oracle/oracle_read.h"
#include "tests/support/check.h"

#define FOLDER "oracles/quantstats/"

static const int64_t ns_per_second = 1000000000;
static const int64_t ns_per_day = INT64_C(86400) * 1000000000;

/* The days of a table's rows but the first, which has no return. */
static int64_t *times_of(const oracle_table *table)
{
    int64_t *times = calloc(table->rows, sizeof(int64_t));
    for (size_t i = 1; i < table->rows; i++) {
        const char *day = oracle_cell(table, i, "date");
        struct tm date = {.tm_year = (int)strtol(day, NULL, 10) - 1900,
                          .tm_mon = (int)strtol(day + 5, NULL, 10) - 1,
                          .tm_mday = (int)strtol(day + 8, NULL, 10)};
        times[i - 1] = (int64_t)timegm(&date) * ns_per_second;
    }
    return times;
}

static struct tm date_of(int64_t time_ns)
{
    const time_t seconds = (time_t)(time_ns / ns_per_second);
    struct tm date;
    (void)gmtime_r(&seconds, &date);
    return date;
}

static void check_aggregates(const json_t *all, fel_cvec returns, const int64_t *times)
{
    static const char *const lists[] = {"quarterly", "yearly"};
    static const fel_calendar periods[] = {FEL_CALENDAR_QUARTER, FEL_CALENDAR_YEAR};
    double *out = calloc(returns.len, sizeof(double));
    for (size_t k = 0; k < 2; k++) {
        const json_t *values = json_object_get(json_object_get(all, lists[k]), "values");
        size_t n = 0;
        CHECK_OK(fel_calendar_returns(returns, times, periods[k], out, NULL, &n));
        CHECK_INT(n, json_array_size(values));
        for (size_t i = 0; i < n; i++) {
            CHECK_NEAR(out[i], oracle_number(json_array_get(values, i)), 1e-12);
        }
    }
    free(out);
}

/* A row a year; months without data are 0 there and absent here. */
static void check_months(const json_t *table, fel_cvec returns, const int64_t *times)
{
    double *out = calloc(returns.len, sizeof(double));
    int64_t *begins = calloc(returns.len, sizeof(int64_t));
    size_t n = 0;
    CHECK_OK(fel_calendar_returns(returns, times, FEL_CALENDAR_MONTH, out, begins, &n));
    CHECK(n > 100);
    for (size_t i = 0; i < n; i++) {
        const struct tm begin = date_of(begins[i]), start = date_of(times[0]);
        const json_t *row = json_array_get(table, (size_t)(begin.tm_year - start.tm_year));
        CHECK_INT(begin.tm_mday, 1);
        CHECK_NEAR(out[i], oracle_number(json_array_get(row, (size_t)begin.tm_mon)), 1e-12);
    }
    free(begins);
    free(out);
}

static void check_series(const json_t *recorded, const char *series)
{
    char name[128];
    oracle_table table;
    (void)snprintf(name, sizeof(name), FOLDER "input_%s.csv", series);
    CHECK(oracle_table_read(&table, name));
    const fel_cvec all = oracle_column(&table, "return");
    const fel_cvec returns = {all.data + 1, all.len - 1};
    int64_t *times = times_of(&table);
    check_aggregates(json_object_get(json_object_get(recorded, "empyrical"), "aggregate_returns"),
                     returns, times);
    const json_t *months =
        json_object_get(json_object_get(recorded, "quantstats"), "monthly_returns");
    check_months(json_object_get(json_object_get(months, "result"), "values"), returns, times);
    free(times);
    free((void *)(uintptr_t)all.data);
    oracle_table_clear(&table);
}

static void test_returns_of_months_quarters_and_years(void)
{
    json_t *all = oracle_json(FOLDER "metrics.json");
    const char *series;
    json_t *recorded;
    if (all == NULL) {
        SKIP("../shared/oracles/quantstats is absent");
    }
    json_object_foreach(all, series, recorded)
    {
        check_series(recorded, series);
    }
    json_decref(all);
}

/* Monday 1 January 2024: a Sunday before it is of another week, month, quarter and year. */
static void test_boundaries_of_calendar_periods(void)
{
    static const fel_calendar periods[] = {FEL_CALENDAR_WEEK, FEL_CALENDAR_MONTH,
                                           FEL_CALENDAR_QUARTER, FEL_CALENDAR_YEAR};
    const int64_t monday = INT64_C(1704067200) * ns_per_second;
    const int64_t times[] = {monday - 3 * ns_per_day, monday - 1, monday, monday + 1};
    const double r[] = {0.1, 0.2, -0.25, (double)NAN}, back[] = {0.0, 0.0};
    const int64_t turned[] = {5, 4};
    const fel_cvec returns = {r, 4}, pair = {back, 2}, nothing = {NULL, 0};
    for (size_t k = 0; k < 4; k++) {
        double out[4];
        int64_t begins[4];
        size_t n = 0;
        CHECK_OK(fel_calendar_returns(returns, times, periods[k], out, begins, &n));
        CHECK_INT(n, 2);
        CHECK_NEAR(out[0], 1.1 * 1.2 - 1.0, 1e-15);
        CHECK_NEAR(out[1], -0.25, 1e-15);
        CHECK_INT(begins[1], monday);
        CHECK_STATUS(fel_calendar_returns(pair, turned, periods[k], out, NULL, &n), FEL_ERR_RANGE);
        CHECK_OK(fel_calendar_returns(nothing, NULL, periods[k], out, NULL, &n));
        CHECK_INT(n, 0);
    }
}

/* Before 1970 too: 31 December 1969 is a Wednesday of the week of the 29th. */
static void test_instants_before_1970(void)
{
    const int64_t times[] = {-1};
    const double r[] = {0.5};
    const fel_cvec returns = {r, 1};
    double out[1];
    int64_t begins[1];
    size_t n = 0;
    CHECK_OK(fel_calendar_returns(returns, times, FEL_CALENDAR_WEEK, out, begins, &n));
    CHECK_INT(begins[0], -3 * ns_per_day);
    CHECK_OK(fel_calendar_returns(returns, times, FEL_CALENDAR_YEAR, out, begins, &n));
    CHECK_INT(begins[0], -365 * ns_per_day);
}

SUITE("oracle/calendar_returns", TEST(test_returns_of_months_quarters_and_years),
      TEST(test_boundaries_of_calendar_periods), TEST(test_instants_before_1970));
