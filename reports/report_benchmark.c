/* reports/report_benchmark.c - the benchmark's equity on the strategy's days, in the same money. */
#include <math.h>

#include "reports/report_model_internal.h"

static fel_status allocate(fel_report *r)
{
    report_equity *e = &r->equity;
    double **const columns[] = {&e->benchmark, &e->benchmark_return, &e->benchmark_drawdown};
    for (size_t c = 0; c < sizeof(columns) / sizeof(columns[0]); c++) {
        void *items;
        FEL_TRY(report_alloc(r, e->n, sizeof(double), &items));
        *columns[c] = items;
    }
    return FEL_OK;
}

fel_status report_fill_benchmark(fel_report *r, const fel_result *benchmark)
{
    report_equity *e = &r->equity;
    if (benchmark == NULL) {
        return FEL_OK;
    }
    if (benchmark->n_equity == 0 || !(benchmark->initial_cash > 0.0)) {
        return FEL_RAISE(FEL_ERR_ARG, "the benchmark has no equity points or no initial cash");
    }
    FEL_TRY(allocate(r));
    const double scale = r->result.initial_cash / benchmark->initial_cash;
    size_t at = 0;
    for (size_t k = 0; k < e->n; k++) {
        /* The last known value at that instant; the first point is the initial cash. */
        while (k > 0 && at + 1 < benchmark->n_equity &&
               benchmark->equity[at + 1].time_ns <= e->time_ns[k]) {
            at++;
        }
        e->benchmark[k] = benchmark->equity[at].equity * scale;
        e->benchmark_return[k] = k > 0 ? e->benchmark[k] / e->benchmark[k - 1] - 1.0 : (double)NAN;
    }
    report_drawdown_line(e->benchmark, e->n, e->benchmark_drawdown);
    return FEL_OK;
}

fel_cvec report_benchmark_returns(const fel_report *r)
{
    const fel_cvec none = {NULL, 0};
    if (r->equity.benchmark == NULL) {
        return none;
    }
    const fel_cvec returns = {r->equity.benchmark_return + 1, r->equity.n - 1};
    return returns;
}
