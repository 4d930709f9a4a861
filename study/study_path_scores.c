/* study/study_path_scores.c - the numbers kept of each path, by the formulas of a single report, in
 * memory that is there already. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "study/study_paths_internal.h"

/* A metric of daily returns by its name; else described here. */
typedef struct score_row {
    const char *metric;
    const char *name, *label, *convention;
    fel_metric_unit unit;
} score_row;

static const score_row score_rows[PATH_N_SCORES] = {
    [PATH_FINAL_EQUITY] = {NULL, "final_equity", "Final equity", "at the last prices",
                           FEL_UNIT_MONEY},
    [PATH_TOTAL_RETURN] = {.metric = "total_return"},
    [PATH_VOLATILITY] = {.metric = "annual_volatility"},
    [PATH_SHARPE] = {.metric = "sharpe_ratio"},
    [PATH_DRAWDOWN] = {.metric = "max_drawdown"},
    [PATH_TURNOVER] = {NULL, "turnover_per_year", "Turnover a year",
                       "sum of |trade values| / average equity / years of data", FEL_UNIT_RATIO},
    [PATH_COSTS] = {NULL, "total_costs", "Costs", "delay, spread, slippage, impact and fees",
                    FEL_UNIT_MONEY},
    [PATH_TRADES] = {NULL, "n_trades", "Closed trades", "FIFO round trips, flips split at zero",
                     FEL_UNIT_COUNT},
};

fel_status path_rules_make(score_rules *out, const fel_study *study, double periods_per_year,
                           int counts_trades)
{
    memset(out, 0, sizeof(*out));
    out->periods_per_year = periods_per_year;
    out->counts_trades = counts_trades;
    out->options = fel_metric_options_default();
    out->options.starts_with_cash = 1;
    out->options.periods_per_year = periods_per_year;
    out->options.risk_free_per_period = study->values.cash_rate_per_year / periods_per_year;
    for (int i = 0; i < PATH_N_SCORES; i++) {
        if (score_rows[i].metric != NULL) {
            FEL_TRY(fel_metric_find(score_rows[i].metric, &out->metrics[i]));
        }
    }
    return FEL_OK;
}

fel_status path_score_describe(path_score score, const score_rules *rules, arena *memory,
                               fel_report_distribution *out)
{
    const score_row *row = &score_rows[score];
    const fel_metric_class *metric = rules->metrics[score];
    out->name = metric != NULL ? metric->name : row->name;
    out->label = metric != NULL ? metric->label : row->label;
    out->unit = metric != NULL ? metric->unit : row->unit;
    out->convention = metric != NULL ? arena_printf(memory, "%s; daily returns, %g periods a year",
                                                    metric->convention, rules->periods_per_year)
                                     : row->convention;
    return out->convention != NULL ? FEL_OK : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a label");
}

/* ---- one result ------------------------------------------------------------------------------ */

/* Equity at the end of each day, after that of the start; number of days. */
static size_t daily_equity(const fel_result *result, double *equity)
{
    const int64_t offset_ns = result->day_offset_ns;
    size_t n = 0;
    int64_t day = INT64_MIN;
    equity[0] = result->n_equity > 0 ? result->equity[0].equity : (double)NAN;
    for (size_t i = 1; i < result->n_equity; i++) {
        const int64_t point_day = calendar_day_of(result->equity[i].time_ns, offset_ns);
        n += point_day != day ? 1 : 0;
        day = point_day;
        equity[n] = result->equity[i].equity;
    }
    return n;
}

/* Value traded over the average equity, a year; as the report's. */
static double turnover_per_year(const fel_result *result, const double *equity, size_t n_days,
                                double periods_per_year)
{
    running_sum sum = {0};
    double n = 0.0;
    for (size_t i = 1; i <= n_days; i++) {
        if (equity[i] > 0.0) {
            running_add(&sum, equity[i]);
            n += 1.0;
        }
    }
    return result->turnover / (running_value(&sum) / n) * periods_per_year / n;
}

static double total_costs(const fel_waterfall *w)
{
    fel_money sum = w->delay;
    for (size_t i = 0; i < FEL_COST_N_LINES; i++) {
        sum = money_add(sum, w->lines[i]);
    }
    return fel_money_value(sum);
}

static fel_status count_closed(const fel_result *result, double *n_closed)
{
    fel_trade *trades = NULL;
    size_t n = 0, n_open = 0;
    FEL_TRY(fel_trades_match(result, &trades, &n));
    for (size_t i = 0; i < n; i++) {
        n_open += trades[i].is_open ? 1 : 0;
    }
    free(trades);
    *n_closed = (double)(n - n_open);
    return FEL_OK;
}

fel_status path_score_all(const score_rules *rules, const fel_result *result, double *equity,
                          double *returns, double *scores, size_t stride)
{
    const size_t n_days = daily_equity(result, equity);
    const fel_cvec view = {returns, n_days}, none = {NULL, 0};
    for (size_t i = 0; i < n_days; i++) {
        returns[i] = equity[i + 1] / equity[i] - 1.0;
    }
    for (int k = 0; k < PATH_N_SCORES; k++) {
        const fel_metric_class *metric = rules->metrics[k];
        scores[(size_t)k * stride] =
            metric != NULL && n_days > 0 ? metric->eval(view, none, &rules->options) : (double)NAN;
    }
    scores[PATH_FINAL_EQUITY * stride] = fel_money_value(result->final_equity);
    scores[PATH_TURNOVER * stride] =
        turnover_per_year(result, equity, n_days, rules->periods_per_year);
    scores[PATH_COSTS * stride] = total_costs(&result->waterfall);
    return rules->counts_trades ? count_closed(result, &scores[PATH_TRADES * stride]) : FEL_OK;
}
