/* core/metric_regression.c - alpha and beta against a benchmark, also on its up and down days only.
 *
 * empyrical's forms: beta = cov(factor, r) / var(factor) over the periods where both are known (0
 * where the variance is below 1e-30 is undefined); alpha compounds the mean residual to a year. */
#include <math.h>

#include "core/metric_internal.h"
#include "core/sum.h"

/* Which periods count: by the sign of the benchmark's return. */
typedef enum market_side { MARKET_DOWN = -1, MARKET_ANY = 0, MARKET_UP = 1 } market_side;

/* Sums over the periods that count. */
typedef struct pair_moments {
    size_t n; /* of periods that count, known or not */
    double mean_r, mean_f;
    double rf, ff, rr; /* means of products of deviations */
} pair_moments;

static int is_counted(double f, market_side side)
{
    return side == MARKET_ANY || (side == MARKET_UP ? f > 0.0 : f < 0.0);
}

static double pair_ratio(const running_sum *sum, size_t n)
{
    return n > 0 ? running_value(sum) / (double)n : NOT_DEFINED;
}

static pair_moments moments_of_pairs(fel_cvec returns, fel_cvec factor, market_side side)
{
    pair_moments m = {0};
    const size_t len = returns.len < factor.len ? returns.len : factor.len;
    running_sum r_sum = {0}, f_sum = {0}, rf = {0}, ff = {0}, rr = {0};
    size_t known = 0;
    for (size_t i = 0; i < len; i++) {
        const double r = returns.data[i], f = factor.data[i];
        m.n += (size_t)is_counted(f, side);
        if (is_counted(f, side) && !isnan(r) && !isnan(f)) {
            running_add(&r_sum, r);
            running_add(&f_sum, f);
            known++;
        }
    }
    m.mean_r = pair_ratio(&r_sum, known);
    m.mean_f = pair_ratio(&f_sum, known);
    for (size_t i = 0; i < len; i++) {
        const double r = returns.data[i] - m.mean_r, f = factor.data[i] - m.mean_f;
        if (is_counted(factor.data[i], side) && !isnan(r) && !isnan(f)) {
            running_add(&rf, r * f);
            running_add(&ff, f * f);
            running_add(&rr, r * r);
        }
    }
    m.rf = pair_ratio(&rf, known);
    m.ff = pair_ratio(&ff, known);
    m.rr = pair_ratio(&rr, known);
    return m;
}

#define LEAST_VARIANCE 1e-30

static double beta_of(const pair_moments *m)
{
    return m->n >= 2 && m->ff >= LEAST_VARIANCE ? m->rf / m->ff : NOT_DEFINED;
}

static double alpha_of(const pair_moments *m, const fel_metric_options *options)
{
    if (m->n < 2) {
        return NOT_DEFINED;
    }
    const double rate = options->risk_free_per_period;
    const double mean = (m->mean_r - rate) - beta_of(m) * (m->mean_f - rate);
    return pow(1.0 + mean, options->periods_per_year) - 1.0;
}

METRIC(beta)
{
    (void)options;
    const pair_moments m = moments_of_pairs(returns, factor, MARKET_ANY);
    return beta_of(&m);
}

METRIC(alpha)
{
    const pair_moments m = moments_of_pairs(returns, factor, MARKET_ANY);
    return alpha_of(&m, options);
}

METRIC(up_beta)
{
    (void)options;
    const pair_moments m = moments_of_pairs(returns, factor, MARKET_UP);
    return beta_of(&m);
}

METRIC(up_alpha)
{
    const pair_moments m = moments_of_pairs(returns, factor, MARKET_UP);
    return alpha_of(&m, options);
}

METRIC(down_beta)
{
    (void)options;
    const pair_moments m = moments_of_pairs(returns, factor, MARKET_DOWN);
    return beta_of(&m);
}

METRIC(down_alpha)
{
    const pair_moments m = moments_of_pairs(returns, factor, MARKET_DOWN);
    return alpha_of(&m, options);
}

METRIC(correlation)
{
    (void)options;
    const pair_moments m = moments_of_pairs(returns, factor, MARKET_ANY);
    const double scale = sqrt(m.ff * m.rr);
    return m.n >= 2 && scale > 0.0 ? m.rf / scale : NOT_DEFINED;
}
