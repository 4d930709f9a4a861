/* study/study_score.c - score a result by one metric of its daily returns, as the report does. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "study/study_run_internal.h"

static int64_t day_of(const fel_result *result, size_t point)
{
    return calendar_day_of(result->equity[point].time_ns, result->day_offset_ns);
}

/* The first point is the start and has no day of its own. */
static int is_last_of_day(const fel_result *result, size_t point)
{
    return point + 1 == result->n_equity || day_of(result, point + 1) > day_of(result, point);
}

fel_status score_days(const fel_result *result, arena *memory, equity_line *out)
{
    out->days_ns = arena_array(memory, result->n_equity + 1, sizeof(*out->days_ns));
    out->equity = arena_array(memory, result->n_equity + 1, sizeof(*out->equity));
    out->returns = arena_array(memory, result->n_equity + 1, sizeof(*out->returns));
    if (out->days_ns == NULL || out->equity == NULL || out->returns == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu days", result->n_equity);
    }
    out->n = 0;
    double before = result->n_equity > 0 ? result->equity[0].equity : (double)NAN;
    for (size_t i = 1; i < result->n_equity; i++) {
        if (is_last_of_day(result, i)) {
            out->days_ns[out->n] = result->equity[i].time_ns;
            out->equity[out->n] = result->equity[i].equity;
            out->returns[out->n++] = result->equity[i].equity / before - 1.0;
            before = result->equity[i].equity;
        }
    }
    return FEL_OK;
}

fel_status score_result(const fel_result *result, const fel_metric_class *metric,
                        double periods_per_year, double risk_free_per_year, double *score)
{
    arena memory = {0};
    equity_line line;
    const fel_status status = score_days(result, &memory, &line);
    if (status == FEL_OK) {
        const fel_cvec view = {line.returns, line.n}, none = {NULL, 0};
        fel_metric_options options = fel_metric_options_default();
        options.starts_with_cash = 1;
        options.periods_per_year = periods_per_year;
        options.risk_free_per_period = risk_free_per_year / periods_per_year;
        *score = view.len > 0 ? metric->eval(view, none, &options) : (double)NAN;
    }
    arena_free(&memory);
    return status;
}

/* ---- a variant's numbers --------------------------------------------------------------------- */

typedef struct scored_field {
    const char *metric;
    size_t offset; /* in fel_report_variant */
} scored_field;

static const scored_field scored_fields[] = {
    {"annual_return", offsetof(fel_report_variant, annual_return)},
    {"annual_volatility", offsetof(fel_report_variant, volatility)},
    {"sharpe_ratio", offsetof(fel_report_variant, sharpe)},
    {"max_drawdown", offsetof(fel_report_variant, max_drawdown)},
};

static double total_costs(const fel_waterfall *w)
{
    fel_money sum = w->delay;
    for (size_t i = 0; i < FEL_COST_N_LINES; i++) {
        sum = money_add(sum, w->lines[i]);
    }
    return fel_money_value(sum);
}

static fel_status count_trades(const fel_result *result, uint64_t *n)
{
    fel_trade *trades = NULL;
    size_t count = 0;
    FEL_TRY(fel_trades_match(result, &trades, &count));
    free(trades);
    *n = count;
    return FEL_OK;
}

/* By the metrics that the report uses. */
fel_status score_variant(fel_report_variant *numbers, const fel_study *study, const outcome *made)
{
    const double periods = made->periods_per_year, rate = study->values.cash_rate_per_year;
    for (size_t i = 0; i < sizeof(scored_fields) / sizeof(scored_fields[0]); i++) {
        const fel_metric_class *metric = NULL;
        double *place = (double *)(void *)((char *)numbers + scored_fields[i].offset);
        FEL_TRY(fel_metric_find(scored_fields[i].metric, &metric));
        FEL_TRY(score_result(made->result, metric, periods, rate, place));
    }
    FEL_TRY(count_trades(made->result, &numbers->n_trades));
    numbers->final_equity = fel_money_value(made->result->final_equity);
    numbers->turnover = made->result->turnover;
    numbers->costs = total_costs(&made->result->waterfall);
    return FEL_OK;
}
