/* tests/oracle/test_madl_metrics.c - the papers' aRC, aSD, MD, MLD, IR*, IR**, IR*** and number of
 * trades of their published equity lines, against the published values: 3 markets, 4 models, buy
 * and hold. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <feller/metric.h>

#include "tests/oracle/oracle_read.h"
#include "tests/support/check.h"

/* The last digits of a double: their products and ours are rounded in different orders. */
#define RELATIVE 1e-12

static const struct {
    const char *metric, *column;
    double scale;
} columns[] = {
    {"arc", "aRC_pct", 100.0}, {"asd", "aSD_pct", 100.0}, {"md", "MD_pct", 100.0},
    {"mld", "MLD_years", 1.0}, {"ir1", "IR1", 1.0},       {"ir2", "IR2", 1.0},
    {"ir3", "IR3", 1.0},
};

static void check_line(const oracle_table *expected, size_t row, fel_cvec equity)
{
    double *returns = calloc(equity.len, sizeof(double));
    const fel_cvec view = {returns, equity.len - 1}, none = {NULL, 0};
    fel_metric_options options = fel_metric_options_default();
    options.periods_per_year = strtod(oracle_cell(expected, row, "periods_per_year"), NULL);
    fel_simple_returns(equity, returns);
    CHECK_INT(equity.len, strtol(oracle_cell(expected, row, "n_points"), NULL, 10));
    for (size_t k = 0; k < sizeof(columns) / sizeof(columns[0]); k++) {
        const fel_metric_class *metric;
        CHECK_OK(fel_metric_find(columns[k].metric, &metric));
        CHECK_REL(metric->eval(view, none, &options) * columns[k].scale,
                  strtod(oracle_cell(expected, row, columns[k].column), NULL), RELATIVE);
    }
    free(returns);
}

static void check_model(const char *market, const oracle_table *expected, size_t row)
{
    const char *model = oracle_cell(expected, row, "model");
    const int is_hold = strcmp(model, "buy_hold") == 0;
    char name[128];
    oracle_table table;
    (void)snprintf(name, sizeof(name), "data/madl/%s_%s_forecasts.csv", market,
                   is_hold ? "lstm" : model);
    CHECK(oracle_table_read(&table, name));
    const fel_cvec equity = oracle_column(&table, is_hold ? "equity_buy_hold" : "equity_long_only");
    check_line(expected, row, equity);
    if (!is_hold) {
        const fel_cvec signal = oracle_column(&table, "signal_long");
        CHECK_INT(fel_signal_trades(signal),
                  strtol(oracle_cell(expected, row, "n_trades"), NULL, 10));
        free((void *)(uintptr_t)signal.data);
    }
    free((void *)(uintptr_t)equity.data);
    oracle_table_clear(&table);
}

static void check_market(const char *market)
{
    char name[64];
    oracle_table expected;
    (void)snprintf(name, sizeof(name), "data/madl/%s_expected.csv", market);
    CHECK(oracle_table_read(&expected, name));
    CHECK_INT(expected.rows, 5);
    for (size_t row = 0; row < expected.rows; row++) {
        check_model(market, &expected, row);
    }
    oracle_table_clear(&expected);
}

static void test_published_lines_give_published_metrics(void)
{
    if (shared_path("data/madl/btc_expected.csv") == NULL) {
        SKIP("../shared/data/madl is absent");
    }
    check_market("btc");
    check_market("jpm");
    check_market("spx");
}

SUITE("oracle/madl_metrics", TEST(test_published_lines_give_published_metrics));
