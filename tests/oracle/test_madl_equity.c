/* tests/oracle/test_madl_equity.c - the published signals and forecasts through the engine give the
 * published equity lines (papers.md 2.6): 3 markets, 4 models, each date to 1e-9 relative, and with
 * them the published metrics.
 *
 * Their rule holds all equity at the close of the signal and charges 5 basis points of the previous
 * bar's equity for each unit of weight changed: fill same_close and the fee model weight_change.
 * The price is their own buy-and-hold line. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <feller/metric.h>
#include <feller/strategies.h>

#include "tests/oracle/oracle_read.h"
#include "tests/unit/engine/engine_fixture.h"

#define ABSENT "../shared/data/madl is absent"

static const char *const markets[] = {"btc", "jpm", "spx"};
static const char *const models[] = {"lstm", "trans", "cnn", "gru"};

/* ---- one table through the engine
 * ---------------------------------------------------------------- */

/* Days since 1970 of "2015-09-17": its bar closes at the end of that day. */
static int64_t close_of(const char *date)
{
    int64_t t = 0;
    CHECK_OK(fel_time_parse(date, NULL, &t));
    return t + FEL_NS_PER_DAY;
}

static void free_column(fel_cvec column)
{
    free((void *)(uintptr_t)column.data);
}

/* Bars of four equal prices from the published line, and one column of signals beside them. */
static market market_of(const oracle_table *table, const char *column)
{
    market m = {0};
    const fel_cvec price = oracle_column(table, "equity_buy_hold");
    const fel_cvec signal = oracle_column(table, column);
    int64_t *times = calloc(table->rows, sizeof(int64_t));
    double *rows = calloc(table->rows, FEL_BAR_COLUMNS * sizeof(double));
    for (size_t i = 0; i < table->rows; i++) {
        const double p = price.data[i];
        const double row[FEL_BAR_COLUMNS] = {p, p, p, p, (double)NAN};
        memcpy(rows + i * FEL_BAR_COLUMNS, row, sizeof(row));
        times[i] = close_of(oracle_cell(table, i, "date"));
    }
    const fel_series_info info = bars_info("M", FEL_NS_PER_DAY);
    market_add(&m, &info, times, NULL, rows, table->rows);
    market_add_signals(&m, "M", column, times, signal.data, table->rows);
    free(rows);
    free(times);
    free_column(signal);
    free_column(price);
    return m;
}

static fel_engine_config paper_config(double cash)
{
    fel_engine_config config = checked_config();
    config.fill = FEL_FILL_SAME_CLOSE;
    config.cash = cash;
    config.fees[0] = cost_of("weight_change", 5.0, 0.0);
    return config;
}

/* The engine's equity at the close of every date; calloc'ed. */
static double *line_of(const oracle_table *table, const char *column, const char *strategy_name)
{
    const fel_cvec expected = oracle_column(table, "equity_long_only");
    double *line = calloc(table->rows, sizeof(double));
    const fel_strategy *strategy = NULL;
    market m = market_of(table, column);
    const fel_engine_config config = paper_config(expected.data[0]);
    CHECK_OK(fel_strategy_find(strategy_name, &strategy));
    run r = run_market(&m, &config, strategy, NULL);
    for (size_t k = 0, row = 0; r.result != NULL && k < r.result->n_equity; k++) {
        const fel_equity_point *p = &r.result->equity[k];
        while (row < table->rows && close_of(oracle_cell(table, row, "date")) < p->time_ns) {
            row++;
        }
        if (row < table->rows && close_of(oracle_cell(table, row, "date")) == p->time_ns) {
            line[row] = p->equity;
        }
    }
    run_clear(&r);
    market_clear(&m);
    free_column(expected);
    return line;
}

/* ---- checks
 * -------------------------------------------------------------------------------------- */

static void check_line(const oracle_table *table, const double *line, const char *name)
{
    const fel_cvec expected = oracle_column(table, "equity_long_only");
    double worst = 0.0;
    for (size_t i = 0; i < table->rows; i++) {
        worst = fmax(worst, fabs(line[i] / expected.data[i] - 1.0));
    }
    if (!(worst <= 1e-9)) {
        (void)printf("\n%s: equity differs by %g\n", name, worst);
    }
    CHECK(worst <= 1e-9);
    free_column(expected);
}

static void check_metrics(const char *market_name, const char *model, fel_cvec line)
{
    static const char *const metrics[][2] = {
        {"arc", "aRC_pct"}, {"asd", "aSD_pct"}, {"md", "MD_pct"}, {"mld", "MLD_years"},
        {"ir1", "IR1"},     {"ir2", "IR2"},     {"ir3", "IR3"}};
    char name[64];
    oracle_table expected;
    (void)snprintf(name, sizeof(name), "data/madl/%s_expected.csv", market_name);
    CHECK(oracle_table_read(&expected, name));
    size_t row = 0;
    while (strcmp(oracle_cell(&expected, row, "model"), model) != 0) {
        row++;
    }
    double *returns = calloc(line.len, sizeof(double));
    const fel_cvec view = {returns, line.len - 1}, none = {NULL, 0};
    fel_metric_options options = fel_metric_options_default();
    options.periods_per_year = atof(oracle_cell(&expected, row, "periods_per_year"));
    fel_simple_returns(line, returns);
    for (size_t k = 0; k < sizeof(metrics) / sizeof(metrics[0]); k++) {
        const fel_metric_class *metric = NULL;
        CHECK_OK(fel_metric_find(metrics[k][0], &metric));
        const double scale = strstr(metrics[k][1], "_pct") != NULL ? 100.0 : 1.0;
        CHECK_REL(metric->eval(view, none, &options) * scale,
                  atof(oracle_cell(&expected, row, metrics[k][1])), 1e-11);
    }
    free(returns);
    oracle_table_clear(&expected);
}

static void check_model(const char *market_name, const char *model, const char *column,
                        const char *strategy)
{
    char name[128];
    oracle_table table;
    (void)snprintf(name, sizeof(name), "data/madl/%s_%s_forecasts.csv", market_name, model);
    CHECK(oracle_table_read(&table, name));
    double *line = line_of(&table, column, strategy);
    const fel_cvec view = {line, table.rows};
    check_line(&table, line, name);
    check_metrics(market_name, model, view);
    free(line);
    oracle_table_clear(&table);
}

static void check_all(const char *column, const char *strategy)
{
    for (size_t i = 0; i < sizeof(markets) / sizeof(markets[0]); i++) {
        for (size_t k = 0; k < sizeof(models) / sizeof(models[0]); k++) {
            check_model(markets[i], models[k], column, strategy);
        }
    }
}

static void test_published_signals_give_the_published_lines(void)
{
    if (shared_path("data/madl/btc_expected.csv") == NULL) {
        SKIP(ABSENT);
    }
    check_all("signal_long", "signals");
}

static void test_published_forecasts_give_the_same_lines(void)
{
    if (shared_path("data/madl/btc_expected.csv") == NULL) {
        SKIP(ABSENT);
    }
    check_all("forecast", "forecast_sign");
}

SUITE("oracle/madl_equity", TEST(test_published_signals_give_the_published_lines),
      TEST(test_published_forecasts_give_the_same_lines));
