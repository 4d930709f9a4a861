/* core/metric_market.c - more metrics against a benchmark: R squared, Jensen's alpha, Treynor,
 * batting average, fragility.
 *
 * Fragility is Taleb and others' heuristic as empyrical has it: the returns at the benchmark's
 * lowest, middle and highest return, lowest and highest weighted by their own distance from the
 * middle one; negative where the returns curve down in the benchmark. */
#include <math.h>

#include "core/metric_internal.h"
#include "core/sum.h"

METRIC(r_squared)
{
    const double c = metric_correlation(returns, factor, options);
    return c * c;
}

static size_t shorter(fel_cvec a, fel_cvec b)
{
    return a.len < b.len ? a.len : b.len;
}

static int is_pair(fel_cvec returns, fel_cvec factor, size_t i)
{
    return !isnan(returns.data[i]) && !isnan(factor.data[i]);
}

METRIC(jensen_alpha)
{
    const double beta = metric_beta(returns, factor, options);
    const double rate = options->risk_free_per_period;
    running_sum sum = {0};
    size_t n = 0;
    for (size_t i = 0; i < shorter(returns, factor); i++) {
        if (is_pair(returns, factor, i)) {
            running_add(&sum, returns.data[i] - rate - beta * (factor.data[i] - rate));
            n++;
        }
    }
    return n > 1 ? running_value(&sum) / (double)n * options->periods_per_year : NOT_DEFINED;
}

METRIC(treynor_ratio)
{
    const double rate = options->risk_free_per_period * options->periods_per_year;
    const double beta = metric_beta(returns, factor, options);
    return (metric_annual_return(returns, factor, options) - rate) / beta;
}

METRIC(batting_average)
{
    (void)options;
    size_t won = 0, n = 0;
    for (size_t i = 0; i < shorter(returns, factor); i++) {
        if (is_pair(returns, factor, i)) {
            won += returns.data[i] > factor.data[i];
            n++;
        }
    }
    return n > 0 ? (double)won / (double)n : NOT_DEFINED;
}

/* ---- fragility ------------------------------------------------------------------------------- */

typedef struct pair_view {
    fel_cvec returns, factor;
} pair_view;

static size_t count_pairs(const void *what, double bound)
{
    const pair_view *v = what;
    size_t n = 0;
    for (size_t i = 0; i < shorter(v->returns, v->factor); i++) {
        n += (size_t)(is_pair(v->returns, v->factor, i) && v->factor.data[i] <= bound);
    }
    return n;
}

/* Where the benchmark's return is the k-th smallest of the pairs, ties in the order of time. */
static size_t nth_pair(const pair_view *v, size_t k)
{
    const double value = nth_by_count(count_pairs, v, k);
    size_t later = count_pairs(v, value) - k, found = 0;
    for (size_t i = shorter(v->returns, v->factor); i > 0 && later > 0; i--) {
        if (is_pair(v->returns, v->factor, i - 1) && v->factor.data[i - 1] == value) {
            found = i - 1;
            later--;
        }
    }
    return found;
}

METRIC(beta_fragility)
{
    (void)options;
    const pair_view pairs = {returns, factor};
    const size_t n = count_pairs(&pairs, HUGE_VAL);
    if (n < 3) {
        return NOT_DEFINED;
    }
    /* Half way, an odd half to the even place. */
    const size_t places[] = {0, (size_t)nearbyint((double)n / 2.0), n - 1};
    double r[3], f[3];
    for (size_t k = 0; k < 3; k++) {
        const size_t i = nth_pair(&pairs, places[k]);
        r[k] = returns.data[i];
        f[k] = factor.data[i];
    }
    const double width = f[2] - f[0];
    const double low = width > 0.0 ? (f[1] - f[0]) / width : 0.5;
    const double high = width > 0.0 ? (f[2] - f[1]) / width : 0.5;
    return low * r[0] + high * r[2] - r[1];
}
