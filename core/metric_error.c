/* core/metric_error.c - standard errors of a Sharpe ratio.
 *
 * The ratio S = m / s of the sample mean and deviation is, to first order, a mean: S - S0 is the
 * mean of phi_t = z_t - S (z_t^2 - 1) / 2 with z_t = (r_t - m) / s. For independent returns
 * Var(phi) = 1 - g3 S + (g4 - 1) / 4 S^2 (Mertens 2002; Opdyke 2007); otherwise the long-run
 * variance of phi takes its place (Lo 2002), estimated with Bartlett weights (Newey and West 1987).
 * Both are divided by T - 1 as in Bailey and Lopez de Prado (2012). */
#include <math.h>

#include "core/metric_internal.h"
#include "core/sum.h"

enum { LEAST_RETURNS = 3 };

/* What phi needs: deviation with ddof 0 for z, so that z^2 has mean 1. */
typedef struct sharpe_influence {
    double n, mean, deviation, ratio;
} sharpe_influence;

static sharpe_influence influence_of(fel_cvec returns, const fel_metric_options *options)
{
    const double n = (double)count_known(returns), mean = mean_known(returns);
    sharpe_influence s = {n, mean, sqrt(power_sum_known(returns, mean, 2) / n), NOT_DEFINED};
    if (n >= LEAST_RETURNS && s.deviation > 0.0) {
        s.ratio = (mean - options->risk_free_per_period) / deviation_known(returns);
    }
    return s;
}

static double phi(const sharpe_influence *s, double r)
{
    const double z = (r - s->mean) / s->deviation;
    return z - s->ratio * (z * z - 1.0) / 2.0;
}

/* Mean product of phi at a lag, over T. NaN returns are left out and close up. */
static double autocovariance(const sharpe_influence *s, fel_cvec returns, size_t lag)
{
    running_sum sum = {0};
    size_t behind = 0, skipped = 0;
    for (size_t i = 0; i < returns.len; i++) {
        if (isnan(returns.data[i])) {
            continue;
        }
        if (skipped < lag) {
            skipped++;
            continue;
        }
        while (isnan(returns.data[behind])) {
            behind++;
        }
        running_add(&sum, phi(s, returns.data[i]) * phi(s, returns.data[behind]));
        behind++;
    }
    return running_value(&sum) / s->n;
}

static double error_with_lags(const sharpe_influence *s, fel_cvec returns, size_t n_lags,
                              const fel_metric_options *options)
{
    if (isnan(s->ratio)) {
        return NOT_DEFINED;
    }
    double variance = autocovariance(s, returns, 0);
    for (size_t lag = 1; lag <= n_lags; lag++) {
        const double weight = 1.0 - (double)lag / ((double)n_lags + 1.0);
        variance += 2.0 * weight * autocovariance(s, returns, lag);
    }
    return sqrt(variance / (s->n - 1.0) * options->periods_per_year);
}

double fel_sharpe_error(fel_cvec returns, const fel_metric_options *options)
{
    const sharpe_influence s = influence_of(returns, options);
    return error_with_lags(&s, returns, 0, options);
}

double fel_sharpe_error_robust(fel_cvec returns, const fel_metric_options *options)
{
    const sharpe_influence s = influence_of(returns, options);
    const double wanted = floor(4.0 * pow(s.n / 100.0, 2.0 / 9.0));
    const double most = fmax(s.n - 2.0, 0.0);
    return error_with_lags(&s, returns, (size_t)fmin(wanted, most), options);
}
