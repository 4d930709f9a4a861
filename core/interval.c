/* core/interval.c - confidence intervals from the binomial law.
 *
 * The number of values below a quantile of level p is binomial (n, p), so order statistics l and u
 * enclose it with probability P(l <= B <= u - 1), counted from 1 (David and Nagaraja, Order
 * Statistics, 7.1). */
#include "core/interval.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* P(B <= k) of n values. */
static double at_most(int64_t k, double level, size_t n)
{
    return k < 0 ? 0.0 : gsl_cdf_binomial_P((unsigned)k, level, (unsigned)n);
}

static int64_t clamp(double x, size_t n)
{
    return (int64_t)fmin(fmax(x, 0.0), (double)n);
}

quantile_places quantile_interval(size_t n, double level, double confidence)
{
    const double tail = 0.5 * (1.0 - confidence);
    const double mean = (double)n * level, spread = sqrt(mean * (1.0 - level));
    const double reach = gsl_cdf_ugaussian_Qinv(tail) * spread;
    /* The largest low (from 1) with P(B <= low - 1) <= tail, sought from the normal guess. */
    int64_t low = clamp(mean - reach, n);
    while (low > 0 && at_most(low - 1, level, n) > tail) {
        low--;
    }
    while (low < (int64_t)n && at_most(low, level, n) <= tail) {
        low++;
    }
    /* The smallest high (from 1) with P(B >= high) <= tail. */
    int64_t high = clamp(mean + reach, n);
    while (high <= (int64_t)n && 1.0 - at_most(high - 1, level, n) > tail) {
        high++;
    }
    while (high > 1 && 1.0 - at_most(high - 2, level, n) <= tail) {
        high--;
    }
    const quantile_places places = {low > 0 ? (size_t)low - 1 : n,
                                    high >= 1 && high <= (int64_t)n ? (size_t)high - 1 : n};
    return places;
}

/* Where the distribution function of a beta law reaches p. Halving always comes there; GSL's own
 * inverse gives up on some of these (betainv.c: "failed to converge"). */
static double beta_quantile(double p, double a, double b)
{
    double low = 0.0, high = 1.0, middle = 0.5;
    while (middle > low && middle < high) {
        if (gsl_cdf_beta_P(middle, a, b) < p) {
            low = middle;
        } else {
            high = middle;
        }
        middle = 0.5 * (low + high);
    }
    return middle;
}

share_bounds share_interval(uint64_t n_hits, uint64_t n, double confidence)
{
    const double tail = 0.5 * (1.0 - confidence);
    const double hits = (double)n_hits, misses = (double)(n - n_hits);
    const share_bounds bounds = {n_hits == 0 ? 0.0 : beta_quantile(tail, hits, misses + 1.0),
                                 n_hits == n ? 1.0 : beta_quantile(1.0 - tail, hits + 1.0, misses)};
    return bounds;
}
