/* core/metric_compound.c - metrics made of other metrics: smart and adjusted ratios, ratios to
 * drawdown, products.
 *
 * Smart ratios divide by sqrt(1 + 2 sum over k = 1 .. n - 1 of (1 - k / n) |c|^k), c the lag-1
 * autocorrelation. The Ulcer performance index and the Serenity index have the ANNUAL return in
 * excess of the risk-free one on top (Martin; KeyQuant), recovery the compounded return. */
#include <math.h>

#include "core/metric_internal.h"

static double risk_free_per_year(const fel_metric_options *options)
{
    return options->risk_free_per_period * options->periods_per_year;
}

METRIC(geometric_mean)
{
    const double total = metric_total_return(returns, factor, options);
    return pow(1.0 + total, 1.0 / (double)returns.len) - 1.0;
}

METRIC(risk_return_ratio)
{
    (void)factor;
    (void)options;
    return mean_known(returns) / deviation_known(returns);
}

METRIC(return_when_active)
{
    const double share = metric_active_share(returns, factor, options);
    return share > 0.0 ? metric_annual_return(returns, factor, options) / share : NOT_DEFINED;
}

METRIC(adjusted_sortino_ratio)
{
    return metric_sortino_ratio(returns, factor, options) / sqrt(2.0);
}

METRIC(autocorrelation_penalty)
{
    (void)factor;
    if (returns.len < 3) {
        return NOT_DEFINED;
    }
    const fel_cvec later = {returns.data + 1, returns.len - 1};
    const fel_cvec earlier = {returns.data, returns.len - 1};
    const double c = fabs(metric_correlation(later, earlier, options));
    const double n = (double)returns.len;
    double sum = 0.0, power = c;
    for (size_t k = 1; k < returns.len && power > 0.0; k++) {
        sum += (n - (double)k) / n * power;
        power *= c;
    }
    return isnan(c) ? NOT_DEFINED : sqrt(1.0 + 2.0 * sum);
}

METRIC(smart_sharpe_ratio)
{
    return metric_sharpe_ratio(returns, factor, options) /
           metric_autocorrelation_penalty(returns, factor, options);
}

METRIC(smart_sortino_ratio)
{
    return metric_sortino_ratio(returns, factor, options) /
           metric_autocorrelation_penalty(returns, factor, options);
}

METRIC(common_sense_ratio)
{
    return metric_profit_factor(returns, factor, options) *
           metric_tail_ratio(returns, factor, options);
}

METRIC(cpc_index)
{
    return metric_profit_factor(returns, factor, options) *
           metric_positive_share(returns, factor, options) *
           metric_payoff_ratio(returns, factor, options);
}

METRIC(recovery_factor)
{
    const double worst = metric_max_drawdown(returns, factor, options);
    return worst < 0.0 ? metric_total_return(returns, factor, options) / -worst : NOT_DEFINED;
}

METRIC(ulcer_performance_index)
{
    const double ulcer = metric_ulcer_index(returns, factor, options);
    const double excess =
        metric_annual_return(returns, factor, options) - risk_free_per_year(options);
    return ulcer > 0.0 ? excess / ulcer : NOT_DEFINED;
}

METRIC(serenity_index)
{
    const double pitfall = -metric_conditional_drawdown(returns, factor, options) /
                           metric_annual_volatility(returns, factor, options);
    return metric_ulcer_performance_index(returns, factor, options) / pitfall;
}
