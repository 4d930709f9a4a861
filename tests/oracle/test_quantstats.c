/* tests/oracle/test_quantstats.c - metrics of SPY, BTC and BTC against SPY as quantstats and
 * empyrical computed them; only those whose conventions are the same are compared. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <feller/metric.h>

#include "tests/oracle/oracle_read.h"
#include "tests/support/check.h"

#define RELATIVE 1e-9

/* Theirs and ours; squared: theirs is the square of ours. */
typedef struct pair {
    const char *library, *theirs, *ours;
    int squared;
} pair;

static const pair pairs[] = {
    {"quantstats", "comp", "total_return", 0},
    {"quantstats", "cagr[rf=0]", "annual_return", 0},
    {"quantstats", "volatility", "annual_volatility", 0},
    {"quantstats", "sharpe[rf=0]", "sharpe_ratio", 0},
    {"quantstats", "sortino[rf=0]", "sortino_ratio", 0},
    {"quantstats", "calmar", "calmar_ratio", 0},
    {"quantstats", "omega[rf=0]", "omega_ratio", 0},
    {"quantstats", "max_drawdown", "max_drawdown", 0},
    {"quantstats", "ulcer_index", "ulcer_index", 0},
    {"quantstats", "gain_to_pain_ratio[rf=0]", "gain_to_pain_ratio", 0},
    {"quantstats", "tail_ratio", "tail_ratio", 0},
    {"quantstats", "skew", "skew", 0},
    {"quantstats", "kurtosis", "kurtosis", 0},
    {"quantstats", "best", "best_return", 0},
    {"quantstats", "worst", "worst_return", 0},
    {"quantstats", "win_rate", "positive_share", 0},
    {"quantstats", "r_squared", "correlation", 1},
    {"quantstats", "information_ratio", "excess_sharpe", 0},
    {"empyrical", "cum_returns_final", "total_return", 0},
    {"empyrical", "annual_return", "annual_return", 0},
    {"empyrical", "sharpe_ratio", "sharpe_ratio", 0},
    {"empyrical", "sortino_ratio", "sortino_ratio", 0},
    {"empyrical", "downside_risk", "downside_risk", 0},
    {"empyrical", "omega_ratio", "omega_ratio", 0},
    {"empyrical", "stability_of_timeseries", "stability_of_timeseries", 0},
    {"empyrical", "value_at_risk", "value_at_risk", 0},
    {"empyrical", "conditional_value_at_risk", "conditional_value_at_risk", 0},
    {"empyrical", "skew_pandas", "skew", 0},
    {"empyrical", "kurtosis_pandas", "kurtosis", 0},
    {"empyrical", "alpha", "alpha", 0},
    {"empyrical", "beta", "beta", 0},
    {"empyrical", "capture", "capture", 0},
    {"empyrical", "up_capture", "up_capture", 0},
    {"empyrical", "down_capture", "down_capture", 0},
    {"empyrical", "up_down_capture", "up_down_capture", 0},
    {"empyrical", "excess_sharpe", "excess_sharpe", 0},
};
enum { N_PAIRS = sizeof(pairs) / sizeof(pairs[0]) };

static fel_cvec without_first(fel_cvec all)
{
    const fel_cvec rest = {all.data + 1, all.len - 1};
    return rest;
}

static size_t check_series(const json_t *recorded, const char *series, double periods_per_year)
{
    char name[128];
    oracle_table table;
    size_t n_checked = 0;
    fel_metric_options options = fel_metric_options_default();
    options.periods_per_year = periods_per_year;
    (void)snprintf(name, sizeof(name), "oracles/quantstats/input_%s.csv", series);
    CHECK(oracle_table_read(&table, name));
    const fel_cvec returns = oracle_column(&table, "return");
    const fel_cvec factor = oracle_column(&table, "benchmark_return");
    for (size_t i = 0; i < N_PAIRS; i++) {
        const json_t *all = json_object_get(json_object_get(recorded, series), pairs[i].library);
        const json_t *entry = json_object_get(all, pairs[i].theirs);
        const fel_metric_class *metric;
        if (entry == NULL) {
            continue;
        }
        const json_t *result = json_is_object(entry) ? json_object_get(entry, "result") : entry;
        CHECK_OK(fel_metric_find(pairs[i].ours, &metric));
        const double value = metric->eval(without_first(returns), without_first(factor), &options);
        CHECK_REL(pairs[i].squared ? value * value : value, oracle_number(result), RELATIVE);
        n_checked++;
    }
    free((void *)(uintptr_t)returns.data);
    free((void *)(uintptr_t)factor.data);
    oracle_table_clear(&table);
    return n_checked;
}

static void test_metrics_of_spy_and_btc_agree(void)
{
    json_t *recorded = oracle_json("oracles/quantstats/metrics.json");
    if (recorded == NULL) {
        SKIP("../shared/oracles/quantstats is absent");
    }
    size_t n = check_series(recorded, "SPY", 252.0);
    n += check_series(recorded, "BTC_365", 365.0);
    n += check_series(recorded, "BTC_252", 252.0);
    CHECK_INT(check_series(recorded, "BTC_vs_SPY_on_SPY_days", 252.0), N_PAIRS);
    CHECK(n > 60);
    json_decref(recorded);
}

SUITE("oracle/quantstats", TEST(test_metrics_of_spy_and_btc_agree));
