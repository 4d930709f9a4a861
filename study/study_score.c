/* study/study_score.c - score a result by one metric of its daily returns, as the report does. */
#include <math.h>
#include <stdlib.h>

#include "study/study_run_internal.h"

static int64_t day_of(const fel_result *result, size_t point)
{
    return calendar_day_of(result->equity[point].time_ns, result->day_offset_ns);
}

/* Equity at the last point of each day; the first point is the start and has no day of its own. */
static size_t daily_returns(const fel_result *result, double *returns)
{
    size_t n = 0;
    double before = result->n_equity > 0 ? result->equity[0].equity : (double)NAN;
    for (size_t i = 1; i < result->n_equity; i++) {
        const int is_last = i + 1 == result->n_equity || day_of(result, i + 1) > day_of(result, i);
        if (is_last) {
            returns[n++] = result->equity[i].equity / before - 1.0;
            before = result->equity[i].equity;
        }
    }
    return n;
}

fel_status score_result(const fel_result *result, const fel_metric_class *metric,
                        double periods_per_year, double risk_free_per_year, double *score)
{
    double *returns = malloc((result->n_equity + 1) * sizeof(*returns));
    if (returns == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu returns", result->n_equity);
    }
    const fel_cvec view = {returns, daily_returns(result, returns)};
    const fel_cvec none = {NULL, 0};
    fel_metric_options options = fel_metric_options_default();
    options.periods_per_year = periods_per_year;
    options.risk_free_per_period = risk_free_per_year / periods_per_year;
    *score = view.len > 0 ? metric->eval(view, none, &options) : (double)NAN;
    free(returns);
    return FEL_OK;
}
