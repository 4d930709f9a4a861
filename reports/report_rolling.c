/* reports/report_rolling.c - Sharpe ratio and volatility over a moving quarter of a year, or over a
 * quarter of the data where that is shorter. */
#include <stdio.h>

#include "reports/report_model_internal.h"

enum { QUARTER_DAYS = 63, LEAST_WINDOW = 5 };

static fel_status roll(fel_report *r, const char *name, fel_cvec returns, double **out)
{
    const fel_cvec none = {NULL, 0};
    const fel_metric_class *metric;
    void *items;
    FEL_TRY(fel_metric_find(name, &metric));
    FEL_TRY(report_alloc(r, r->rolling.n, sizeof(double), &items));
    *out = items;
    return fel_metric_rolling(metric, returns, none, r->rolling.window, &r->options, *out);
}

fel_status report_fill_rolling(fel_report *r)
{
    report_rolling *rolling = &r->rolling;
    const fel_cvec returns = report_returns(r);
    const size_t quarter = returns.len / 4;
    rolling->window = quarter < QUARTER_DAYS ? quarter : QUARTER_DAYS;
    (void)snprintf(rolling->convention, sizeof(rolling->convention),
                   "%zu daily returns (%s), sd with ddof 1, x sqrt(%g)", rolling->window,
                   quarter < QUARTER_DAYS ? "a quarter of the data" : "a quarter of a year",
                   r->periods_per_year);
    if (rolling->window < LEAST_WINDOW) {
        rolling->window = 0;
        (void)snprintf(rolling->convention, sizeof(rolling->convention),
                       "not computed: fewer than %d daily returns", 4 * LEAST_WINDOW);
        return FEL_OK;
    }
    rolling->n = returns.len - rolling->window + 1;
    FEL_TRY(roll(r, "sharpe_ratio", returns, &rolling->sharpe));
    FEL_TRY(roll(r, "annual_volatility", returns, &rolling->volatility));
    if (r->equity.benchmark == NULL) {
        return FEL_OK;
    }
    return roll(r, "sharpe_ratio", report_benchmark_returns(r), &rolling->benchmark_sharpe);
}
