/* core/metric_tails.c - tails: outliers against the usual gain or loss, value at risk of a normal
 * distribution with the returns' mean and deviation, how sure a Sharpe ratio is.
 *
 * Normal: with z = Phi^-1(tail), VaR = mean + z sd and CVaR = mean - sd phi(z) / tail. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

#include <feller/inference.h>

#include "core/metric_internal.h"

/* quantstats' choice; how far out an outlier is does not depend on options->tail. */
static const double outlier_share = 0.01;

METRIC(outlier_win_ratio)
{
    const double high = quantile_known(returns, 1.0 - outlier_share);
    return high / metric_average_gain(returns, factor, options);
}

METRIC(outlier_loss_ratio)
{
    const double low = quantile_known(returns, outlier_share);
    return low / metric_average_loss(returns, factor, options);
}

METRIC(normal_value_at_risk)
{
    (void)factor;
    const double z = gsl_cdf_ugaussian_Pinv(options->tail);
    return mean_known(returns) + z * deviation_known(returns);
}

METRIC(normal_conditional_value_at_risk)
{
    (void)factor;
    const double z = gsl_cdf_ugaussian_Pinv(options->tail);
    const double beyond = gsl_ran_ugaussian_pdf(z) / options->tail;
    return mean_known(returns) - beyond * deviation_known(returns);
}

METRIC(two_sigma_value_at_risk)
{
    (void)factor;
    (void)options;
    return mean_known(returns) - 2.0 * deviation_known(returns);
}

METRIC(probabilistic_sharpe_ratio)
{
    (void)factor;
    const fel_sharpe_moments m = fel_sharpe_moments_of(returns, options->risk_free_per_period);
    return isnan(m.sharpe) ? NOT_DEFINED : fel_probabilistic_sharpe(&m, 0.0);
}
