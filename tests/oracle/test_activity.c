/* tests/oracle/test_activity.c - pyfolio's recorded account (5,819 round trips, turnover by both
 * denominators, gross leverage) and the calls of its own test suite, by the functions over plain
 * arrays. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <feller/activity.h>

#include "tests/oracle/oracle_read.h"
#include "tests/support/check.h"

#define FOLDER   "oracles/pyfolio/"
#define RELATIVE 1e-10

enum { N_SYMBOLS = 7 };
static const char *const symbols[N_SYMBOLS] = {"AMD", "CERN", "COST", "DELL", "GPS", "INTC", "MMM"};

static uint32_t symbol_place(const char *symbol)
{
    uint32_t k = 0;
    while (k < N_SYMBOLS && strcmp(symbols[k], symbol) != 0) {
        k++;
    }
    CHECK(k < N_SYMBOLS);
    return k;
}

/* "2004-01-09 00:00:00+00:00" */
static int64_t time_of(const char *stamp)
{
    struct tm date = {.tm_year = (int)strtol(stamp, NULL, 10) - 1900,
                      .tm_mon = (int)strtol(stamp + 5, NULL, 10) - 1,
                      .tm_mday = (int)strtol(stamp + 8, NULL, 10)};
    date.tm_hour = strlen(stamp) > 12 ? (int)strtol(stamp + 11, NULL, 10) : 0;
    return (int64_t)timegm(&date) * 1000000000;
}

/* ---- the recorded account -------------------------------------------------------------------- */

typedef struct account {
    oracle_table positions;
    fel_transaction *transactions;
    size_t n_transactions, n_days;
    int64_t *days;
    double *values, *cash, *traded, *equity;
    fel_holdings holdings;
    fel_round_trip *trips;
    size_t n_trips;
} account;

static void read_positions(account *a)
{
    const size_t n = a->positions.rows;
    a->n_days = n;
    a->days = calloc(n, sizeof(int64_t));
    a->values = calloc(n * N_SYMBOLS, sizeof(double));
    a->cash = calloc(n, sizeof(double));
    a->equity = calloc(n, sizeof(double));
    a->traded = calloc(n, sizeof(double));
    for (size_t d = 0; d < n; d++) {
        a->days[d] = time_of(oracle_cell(&a->positions, d, "date"));
        a->cash[d] = strtod(oracle_cell(&a->positions, d, "cash"), NULL);
        a->equity[d] = a->cash[d];
        for (size_t k = 0; k < N_SYMBOLS; k++) {
            const double value = strtod(oracle_cell(&a->positions, d, symbols[k]), NULL);
            a->values[d * N_SYMBOLS + k] = value;
            a->equity[d] += value;
        }
    }
}

/* 0 if the oracle is absent. */
static int account_make(account *a)
{
    oracle_table txn;
    memset(a, 0, sizeof(*a));
    if (!oracle_table_read(&a->positions, FOLDER "test_pos.csv.gz")) {
        return 0;
    }
    CHECK(oracle_table_read(&txn, FOLDER "test_txn.csv.gz"));
    read_positions(a);
    a->n_transactions = txn.rows;
    a->transactions = calloc(txn.rows, sizeof(*a->transactions));
    for (size_t i = 0; i < txn.rows; i++) {
        const fel_transaction t = {time_of(oracle_cell(&txn, i, "dt")),
                                   symbol_place(oracle_cell(&txn, i, "symbol")),
                                   strtod(oracle_cell(&txn, i, "amount"), NULL),
                                   strtod(oracle_cell(&txn, i, "price"), NULL)};
        a->transactions[i] = t;
    }
    oracle_table_clear(&txn);
    CHECK_OK(
        fel_traded_values(a->transactions, a->n_transactions, a->days, a->n_days, a->traded, NULL));
    const fel_holdings holdings = {
        sizeof(fel_holdings), a->n_days, N_SYMBOLS, a->values, a->cash, a->traded};
    a->holdings = holdings;
    CHECK_OK(fel_transactions_merge(a->transactions, &a->n_transactions,
                                    INT64_C(8) * 3600 * 1000000000));
    CHECK_OK(fel_round_trips(a->transactions, a->n_transactions, &a->trips, &a->n_trips));
    return 1;
}

static void account_clear(account *a)
{
    oracle_table_clear(&a->positions);
    free(a->transactions);
    free(a->days);
    free(a->values);
    free(a->cash);
    free(a->traded);
    free(a->equity);
    free(a->trips);
}

static double trip_score(const account *a, const char *name, int32_t direction)
{
    const fel_trip_metric_class *metric = NULL;
    const fel_trip_filter filter = {direction, FEL_ANY_INSTRUMENT};
    CHECK_OK(fel_trip_metric_find(name, &metric));
    return metric != NULL ? metric->eval(a->trips, a->n_trips, &filter) : (double)NAN;
}

static const fel_round_trip *find_trip(const account *a, uint32_t instrument, int64_t close_ns)
{
    for (size_t i = 0; i < a->n_trips; i++) {
        if (a->trips[i].instrument == instrument && a->trips[i].close_ns == close_ns) {
            return &a->trips[i];
        }
    }
    return NULL;
}

static void test_every_recorded_round_trip(void)
{
    account a;
    oracle_table rows;
    if (!account_make(&a)) {
        SKIP("../shared/oracles/pyfolio is absent");
    }
    CHECK(oracle_table_read(&rows, FOLDER "round_trips.csv.gz"));
    CHECK_INT(a.n_trips, rows.rows);
    for (size_t i = 0; i < rows.rows; i++) {
        const fel_round_trip *t = find_trip(&a, symbol_place(oracle_cell(&rows, i, "symbol")),
                                            time_of(oracle_cell(&rows, i, "close_dt")));
        CHECK(t != NULL);
        if (t != NULL) {
            const double pnl = strtod(oracle_cell(&rows, i, "pnl"), NULL);
            CHECK_INT(t->open_ns, time_of(oracle_cell(&rows, i, "open_dt")));
            CHECK_INT(t->direction > 0, strcmp(oracle_cell(&rows, i, "long"), "True") == 0);
            /* Theirs is a sum over single shares, rounded at each. */
            CHECK_NEAR(t->pnl, pnl, 1e-10 * fabs(pnl) + 1e-9);
            CHECK_NEAR(t->return_fraction, strtod(oracle_cell(&rows, i, "rt_returns"), NULL),
                       1e-12);
        }
    }
    oracle_table_clear(&rows);
    account_clear(&a);
}

static int by_value(const void *x, const void *y)
{
    const double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

/* Theirs, joined by day, lie beside other round trips than their own (a loss of 126 has a gain of
 * 0.08 %): the numbers are the same, in another order. */
static void test_returns_on_equity(void)
{
    account a;
    oracle_table rows;
    size_t n_own = 0;
    if (!account_make(&a)) {
        SKIP("../shared/oracles/pyfolio is absent");
    }
    CHECK(oracle_table_read(&rows, FOLDER "round_trips.csv.gz"));
    const fel_cvec equity = {a.equity, a.n_days};
    double *own = calloc(a.n_trips, sizeof(double)), *other = calloc(rows.rows, sizeof(double));
    CHECK_OK(fel_trip_equity_returns(a.trips, a.n_trips, a.days, equity, own));
    for (size_t i = 0; i < rows.rows; i++) {
        other[i] = strtod(oracle_cell(&rows, i, "returns"), NULL);
        n_own += strtod(oracle_cell(&rows, i, "pnl"), NULL) * other[i] >= 0.0;
    }
    CHECK(n_own < rows.rows);
    qsort(own, a.n_trips, sizeof(double), by_value);
    qsort(other, rows.rows, sizeof(double), by_value);
    for (size_t i = 0; i < rows.rows; i++) {
        CHECK_NEAR(own[i], other[i], 1e-13);
    }
    free(own);
    free(other);
    oracle_table_clear(&rows);
    account_clear(&a);
}

static void check_group(const account *a, const json_t *stats, const char *group, int32_t side)
{
    static const struct {
        const char *section, *theirs, *ours;
        double scale, tolerance;
    } rows[] = {
        {"pnl", "Total profit", "total_pnl", 1.0, 1e-7},
        {"pnl", "Gross profit", "gross_profit", 1.0, 1e-7},
        {"pnl", "Gross loss", "gross_loss", 1.0, 1e-7},
        {"pnl", "Profit factor", "profit_factor", 1.0, 1e-10},
        {"pnl", "Avg. trade net profit", "average_pnl", 1.0, 1e-10},
        {"pnl", "Largest winning trade", "best_trip", 1.0, 1e-9},
        {"pnl", "Largest losing trade", "worst_trip", 1.0, 1e-9},
        {"summary", "Total number of round_trips", "n_trips", 1.0, 0.0},
        {"duration", "Avg duration", "average_days", 1.0 / 86400e3, 1e-6},
        {"duration", "Median duration", "median_days", 1.0 / 86400e3, 1e-9},
        {"duration", "Longest duration", "longest_days", 1.0 / 86400e3, 1e-9},
        {"duration", "Shortest duration", "shortest_days", 1.0 / 86400e3, 1e-9},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const json_t *section = json_object_get(json_object_get(stats, rows[i].section), group);
        const json_t *value = json_object_get(section, rows[i].theirs);
        CHECK(json_is_number(value));
        /* Durations are recorded in whole milliseconds. */
        const double recorded = oracle_number(value) * rows[i].scale;
        CHECK_NEAR(trip_score(a, rows[i].ours, side), recorded, rows[i].tolerance + 5e-11);
    }
    /* Some of theirs with no gain at all are, by rounding, gains or losses of 1e-13. */
    const json_t *summary = json_object_get(json_object_get(stats, "summary"), group);
    const double even = trip_score(a, "n_even", side);
    const double more = even - oracle_number(json_object_get(summary, "Even round_trips"));
    CHECK(more >= 0.0 && more < 40.0);
    CHECK_NEAR(trip_score(a, "n_won", side),
               oracle_number(json_object_get(summary, "Winning round_trips")), more);
    CHECK_NEAR(trip_score(a, "n_lost", side),
               oracle_number(json_object_get(summary, "Losing round_trips")), more);
}

static void test_statistics_by_direction(void)
{
    account a;
    if (!account_make(&a)) {
        SKIP("../shared/oracles/pyfolio is absent");
    }
    json_t *results = oracle_json(FOLDER "results.json");
    const json_t *stats = json_object_get(results, "round_trip_stats");
    check_group(&a, stats, "All trades", 0);
    check_group(&a, stats, "Long trades", 1);
    check_group(&a, stats, "Short trades", -1);
    json_decref(results);
    account_clear(&a);
}

static double holding_score(const account *a, const char *name)
{
    const fel_holding_metric_class *metric = NULL;
    CHECK_OK(fel_holding_metric_find(name, &metric));
    return metric != NULL ? metric->eval(&a->holdings) : (double)NAN;
}

static void check_column(const account *a, const char *file, const char *column,
                         const double *series)
{
    oracle_table rows;
    CHECK(oracle_table_read(&rows, file));
    CHECK_INT(rows.rows, a->n_days);
    for (size_t d = 0; d < rows.rows; d++) {
        CHECK_REL(series[d], strtod(oracle_cell(&rows, d, column), NULL), RELATIVE);
    }
    oracle_table_clear(&rows);
}

static void test_turnover_and_leverage(void)
{
    account a;
    if (!account_make(&a)) {
        SKIP("../shared/oracles/pyfolio is absent");
    }
    double *series = calloc(a.n_days, sizeof(double));
    json_t *results = oracle_json(FOLDER "results.json");
    const json_t *agb = json_object_get(results, "perf_stats_AGB");
    const json_t *value = json_object_get(results, "perf_stats_portfolio_value");
    CHECK_OK(fel_turnover_series(&a.holdings, FEL_TURNOVER_GROSS, series));
    check_column(&a, FOLDER "turnover_daily.csv", "AGB", series);
    CHECK_OK(fel_turnover_series(&a.holdings, FEL_TURNOVER_EQUITY, series));
    check_column(&a, FOLDER "turnover_daily.csv", "portfolio_value", series);
    fel_exposure_series(&a.holdings, FEL_EXPOSURE_GROSS, series);
    check_column(&a, FOLDER "gross_leverage.csv", "0", series);
    CHECK_REL(holding_score(&a, "turnover"), oracle_number(json_object_get(agb, "Daily turnover")),
              RELATIVE);
    CHECK_REL(holding_score(&a, "turnover_of_equity"),
              oracle_number(json_object_get(value, "Daily turnover")), RELATIVE);
    CHECK_REL(holding_score(&a, "gross_leverage"),
              oracle_number(json_object_get(agb, "Gross leverage")), RELATIVE);
    free(series);
    json_decref(results);
    account_clear(&a);
}

/* ---- its line of returns ----------------------------------------------------------------------
 */

static void test_performance_statistics(void)
{
    static const struct {
        const char *theirs, *ours;
    } rows[] = {
        {"Annual return", "annual_return"},         {"Cumulative returns", "total_return"},
        {"Annual volatility", "annual_volatility"}, {"Sharpe ratio", "sharpe_ratio"},
        {"Calmar ratio", "calmar_ratio"},           {"Stability", "stability_of_timeseries"},
        {"Max drawdown", "max_drawdown"},           {"Omega ratio", "omega_ratio"},
        {"Sortino ratio", "sortino_ratio"},         {"Tail ratio", "tail_ratio"}};
    oracle_table line;
    if (!oracle_table_read(&line, FOLDER "test_returns.csv")) {
        SKIP("../shared/oracles/pyfolio is absent");
    }
    json_t *results = oracle_json(FOLDER "results.json");
    const json_t *stats = json_object_get(results, "perf_stats_AGB");
    const fel_cvec returns = oracle_column(&line, "return"), none = {NULL, 0};
    const fel_metric_options options = fel_metric_options_default();
    const fel_metric_class *metric;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK_OK(fel_metric_find(rows[i].ours, &metric));
        CHECK_REL(metric->eval(returns, none, &options),
                  oracle_number(json_object_get(stats, rows[i].theirs)), RELATIVE);
    }
    free((void *)(uintptr_t)returns.data);
    json_decref(results);
    oracle_table_clear(&line);
}

SUITE("oracle/activity", TEST(test_every_recorded_round_trip), TEST(test_returns_on_equity),
      TEST(test_statistics_by_direction), TEST(test_turnover_and_leverage),
      TEST(test_performance_statistics));
