/* reports/report_histogram.c - daily returns counted in bins of the width of Freedman and Diaconis
 * (1981), 2 x interquartile range / cube root of n, with the bins' number kept between 10 and 80.
 */
#include <math.h>
#include <stdlib.h>

#include "core/core.h"
#include "reports/report_model_internal.h"

enum { FEWEST_BINS = 10, MOST_BINS = 80 };

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Number of bins for sorted values. */
static size_t bins_for(const double *sorted, size_t n)
{
    const double range = sorted[n - 1] - sorted[0];
    const double spread = sorted[n * 3 / 4] - sorted[n / 4];
    const double width = 2.0 * spread / cbrt((double)n);
    if (!(range > 0.0)) {
        return 1;
    }
    const double wanted = width > 0.0 ? ceil(range / width) : MOST_BINS;
    return (size_t)fmin(fmax(wanted, FEWEST_BINS), MOST_BINS);
}

/* The finite returns, sorted. */
static fel_status sorted_returns(fel_report *r, double **out, size_t *n)
{
    const fel_cvec returns = report_returns(r);
    void *items;
    FEL_TRY(report_alloc(r, returns.len, sizeof(double), &items));
    *out = items;
    *n = 0;
    for (size_t i = 0; i < returns.len; i++) {
        if (isfinite(returns.data[i])) {
            (*out)[(*n)++] = returns.data[i];
        }
    }
    qsort(*out, *n, sizeof(double), by_value);
    return FEL_OK;
}

fel_status report_fill_histogram(fel_report *r)
{
    report_histogram *h = &r->histogram;
    double *sorted;
    size_t n;
    void *items;
    FEL_TRY(sorted_returns(r, &sorted, &n));
    const fel_cvec values = {sorted, n};
    h->mean = mean_of(values);
    h->deviation = deviation_of(values, 1.0);
    if (n == 0) {
        return FEL_OK;
    }
    h->n_bins = bins_for(sorted, n);
    FEL_TRY(report_alloc(r, h->n_bins + 1, sizeof(double), &items));
    h->edges = items;
    FEL_TRY(report_alloc(r, h->n_bins, sizeof(uint64_t), &items));
    h->counts = items;
    const double low = sorted[0], range = sorted[n - 1] - sorted[0];
    for (size_t k = 0; k <= h->n_bins; k++) {
        h->edges[k] = low + range * (double)k / (double)h->n_bins;
    }
    for (size_t i = 0; i < n; i++) {
        const double place = range > 0.0 ? (sorted[i] - low) / range * (double)h->n_bins : 0.0;
        const size_t bin = (size_t)place;
        h->counts[bin < h->n_bins ? bin : h->n_bins - 1]++;
    }
    return FEL_OK;
}
