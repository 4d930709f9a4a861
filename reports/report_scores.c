/* reports/report_scores.c - every metric of the daily returns but the extra ones, unless all
 * are asked for, of the benchmark's beside it, each with the convention it was computed by; then
 * what only a run has: errors, exposure, turnover, trades. */
#include <math.h>
#include <string.h>

#include "reports/report_model_internal.h"

fel_status report_add_score(fel_report *r, const fel_score *score)
{
    if (r->n_scores == MAX_SCORES) {
        return FEL_RAISE(FEL_ERR_INTERNAL, "more than %d scores", MAX_SCORES);
    }
    r->scores[r->n_scores++] = *score;
    return FEL_OK;
}

/* The metric's formula and the numbers that this report put into it. */
static fel_status convention_of(fel_report *r, const char *formula, const char **out)
{
    const int has_periods = strstr(formula, "periods a year") != NULL;
    const int has_rate = strstr(formula, "excess") != NULL || strstr(formula, "risk-free") != NULL;
    if (!has_periods && !has_rate) {
        *out = formula;
        return FEL_OK;
    }
    const char *text =
        has_periods && has_rate
            ? arena_printf(&r->memory, "%s; daily returns, %g periods a year, risk-free %g a year",
                           formula, r->periods_per_year, r->risk_free_per_year)
        : has_periods ? arena_printf(&r->memory, "%s; daily returns, %g periods a year", formula,
                                     r->periods_per_year)
                      : arena_printf(&r->memory, "%s; daily returns, risk-free %g a year", formula,
                                     r->risk_free_per_year);
    if (text == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a convention of a report");
    }
    *out = text;
    return FEL_OK;
}

static fel_status add_metric(fel_report *r, const fel_metric_class *metric)
{
    const fel_cvec returns = report_returns(r), factor = report_benchmark_returns(r);
    const fel_cvec none = {NULL, 0};
    if (metric->needs_factor && factor.len == 0) {
        return FEL_OK;
    }
    fel_score score = {.name = metric->name, .label = metric->label, .unit = metric->unit};
    FEL_TRY(convention_of(r, metric->convention, &score.convention));
    score.value = metric->eval(returns, metric->needs_factor ? factor : none, &r->options);
    score.benchmark = factor.len > 0 && !metric->needs_factor
                          ? metric->eval(factor, none, &r->options)
                          : (double)NAN;
    return report_add_score(r, &score);
}

static fel_status add_errors(fel_report *r)
{
    const fel_cvec returns = report_returns(r), factor = report_benchmark_returns(r);
    r->sharpe_error = fel_sharpe_error(returns, &r->options);
    r->sharpe_error_robust = fel_sharpe_error_robust(returns, &r->options);
    const fel_score rows[] = {
        {"sharpe_error", "Sharpe standard error",
         "for independent returns of any shape (Mertens 2002), annualised", FEL_UNIT_RATIO,
         r->sharpe_error, fel_sharpe_error(factor, &r->options)},
        {"sharpe_error_robust", "Sharpe standard error, robust",
         "also for autocorrelated returns (Lo 2002; Newey-West), annualised", FEL_UNIT_RATIO,
         r->sharpe_error_robust, fel_sharpe_error_robust(factor, &r->options)},
    };
    FEL_TRY(report_add_score(r, &rows[0]));
    return report_add_score(r, &rows[1]);
}

static fel_status add_activity(fel_report *r)
{
    const report_exposure *x = &r->exposure;
    const double none = (double)NAN;
    const fel_score rows[] = {
        {"average_exposure", "Average gross exposure", "mean of |positions| / equity over days",
         FEL_UNIT_FRACTION, x->average_gross, none},
        {"time_in_market", "Time in market", "share of days that end with a position",
         FEL_UNIT_FRACTION, x->time_in_market, none},
        {"turnover_per_year", "Turnover a year",
         "sum of |trade values| / average equity / years of data", FEL_UNIT_RATIO,
         x->turnover_per_year, none},
        {"n_trades", "Closed trades", "FIFO round trips, flips split at zero", FEL_UNIT_COUNT,
         (double)(r->n_trades - r->n_open_trades), none},
        {"total_costs", "Costs", "delay, spread, slippage, impact and fees", FEL_UNIT_MONEY,
         r->total_costs, none},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        FEL_TRY(report_add_score(r, &rows[i]));
    }
    return FEL_OK;
}

fel_status report_fill_scores(fel_report *r)
{
    size_t n;
    const fel_metric_class *metrics = fel_metric_classes(&n);
    for (size_t i = 0; i < n; i++) {
        if (!metrics[i].is_extra || r->has_all_scores) {
            FEL_TRY(add_metric(r, &metrics[i]));
        }
        if (strcmp(metrics[i].name, "sharpe_ratio") == 0) {
            FEL_TRY(add_errors(r));
        }
    }
    FEL_TRY(add_activity(r));
    return r->has_all_scores ? report_add_trip_scores(r) : FEL_OK;
}
