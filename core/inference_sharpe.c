/* core/inference_sharpe.c - how sure a Sharpe ratio is, also after it was chosen among many. */
#include <gsl/gsl_cdf.h>
#include <math.h>

#include <feller/inference.h>

#include "core/metric_internal.h"

enum { LEAST_RETURNS = 3 };

static const double euler_gamma = 0.57721566490153286061;

fel_sharpe_moments fel_sharpe_moments_of(fel_cvec returns, double risk_free_per_period)
{
    const double n = (double)count_known(returns), mean = mean_known(returns);
    const double variance = power_sum_known(returns, mean, 2) / n;
    fel_sharpe_moments m = {n, NOT_DEFINED, NOT_DEFINED, NOT_DEFINED};
    if (n >= LEAST_RETURNS && variance > 0.0) {
        m.sharpe = (mean - risk_free_per_period) / deviation_known(returns);
        m.skewness = power_sum_known(returns, mean, 3) / n / pow(variance, 1.5);
        m.kurtosis = power_sum_known(returns, mean, 4) / n / (variance * variance);
    }
    return m;
}

/* n - 1 times the variance of the ratio's estimate (Mertens 2002). */
static double spread_of(const fel_sharpe_moments *m)
{
    return 1.0 - m->skewness * m->sharpe + (m->kurtosis - 1.0) / 4.0 * m->sharpe * m->sharpe;
}

double fel_probabilistic_sharpe(const fel_sharpe_moments *m, double benchmark)
{
    const double error = sqrt(spread_of(m) / (m->n - 1.0));
    return gsl_cdf_ugaussian_P((m->sharpe - benchmark) / error);
}

double fel_min_track_record(const fel_sharpe_moments *m, double benchmark, double confidence)
{
    const double z = gsl_cdf_ugaussian_Pinv(confidence) / (m->sharpe - benchmark);
    if (m->sharpe <= benchmark) {
        return (double)INFINITY;
    }
    return 1.0 + spread_of(m) * z * z;
}

double fel_expected_max_sharpe(double n_trials, double sd)
{
    if (!(n_trials >= 1.0) || !(sd >= 0.0)) {
        return NOT_DEFINED;
    }
    if (n_trials == 1.0) {
        return 0.0;
    }
    const double typical = gsl_cdf_ugaussian_Qinv(1.0 / n_trials);
    const double rare = gsl_cdf_ugaussian_Qinv(exp(-1.0) / n_trials);
    return sd * ((1.0 - euler_gamma) * typical + euler_gamma * rare);
}

double fel_deflated_sharpe(const fel_sharpe_moments *m, double n_trials, double sd)
{
    return fel_probabilistic_sharpe(m, fel_expected_max_sharpe(n_trials, sd));
}
