/* core/metric_ratio.c - ratios of return to risk: Sharpe, Sortino, omega, Calmar. */
#include <math.h>

#include "core/metric_internal.h"
#include "core/sum.h"

METRIC(sharpe_ratio)
{
    (void)factor;
    if (returns.len < 2) {
        return NOT_DEFINED;
    }
    const double excess = mean_known(returns) - options->risk_free_per_period;
    return excess / deviation_known(returns) * sqrt(options->periods_per_year);
}

METRIC(sortino_ratio)
{
    if (returns.len < 2) {
        return NOT_DEFINED;
    }
    const double excess = mean_known(returns) - options->required_return;
    return excess * options->periods_per_year / metric_downside_risk(returns, factor, options);
}

METRIC(omega_ratio)
{
    (void)factor;
    if (returns.len < 2) {
        return NOT_DEFINED;
    }
    running_sum gains = {0}, losses = {0};
    for (size_t i = 0; i < returns.len; i++) {
        const double over =
            returns.data[i] - options->risk_free_per_period - options->required_return;
        if (over > 0.0) {
            running_add(&gains, over);
        } else if (over < 0.0) {
            running_add(&losses, -over);
        }
    }
    const double lost = running_value(&losses);
    return lost > 0.0 ? running_value(&gains) / lost : NOT_DEFINED;
}

METRIC(calmar_ratio)
{
    const double worst = metric_max_drawdown(returns, factor, options);
    if (!(worst < 0.0)) {
        return NOT_DEFINED;
    }
    return metric_annual_return(returns, factor, options) / -worst;
}
