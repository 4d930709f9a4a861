/* core/metric_risk.c - metrics of risk: volatility, downside, tails, skewness and kurtosis. */
#include <math.h>

#include "core/metric_internal.h"
#include "core/sum.h"

METRIC(annual_volatility)
{
    (void)factor;
    return returns.len < 2 ? NOT_DEFINED
                           : deviation_known(returns) * sqrt(options->periods_per_year);
}

METRIC(downside_risk)
{
    (void)factor;
    running_sum sum = {0};
    size_t n = 0;
    for (size_t i = 0; i < returns.len; i++) {
        const double d = returns.data[i] - options->required_return;
        if (!isnan(d)) {
            running_add(&sum, d < 0.0 ? d * d : 0.0);
            n++;
        }
    }
    return n == 0 ? NOT_DEFINED
                  : sqrt(running_value(&sum) / (double)n) * sqrt(options->periods_per_year);
}

METRIC(value_at_risk)
{
    (void)factor;
    return quantile_known(returns, options->tail);
}

METRIC(conditional_value_at_risk)
{
    (void)factor;
    const size_t n = count_known(returns);
    if (n == 0) {
        return NOT_DEFINED;
    }
    /* The floor((n - 1) tail) + 1 lowest; those equal to the last of them as often as needed. */
    const size_t taken = (size_t)((double)(n - 1) * options->tail) + 1;
    const double last = nth_known(returns, taken - 1);
    running_sum sum = {0};
    size_t below = 0;
    for (size_t i = 0; i < returns.len; i++) {
        if (returns.data[i] < last) {
            running_add(&sum, returns.data[i]);
            below++;
        }
    }
    running_add(&sum, last * (double)(taken - below));
    return running_value(&sum) / (double)taken;
}

METRIC(tail_ratio)
{
    (void)factor;
    const double high = quantile_known(returns, 1.0 - options->tail);
    return fabs(high) / fabs(quantile_known(returns, options->tail));
}

METRIC(skew)
{
    (void)factor;
    (void)options;
    const double n = (double)count_known(returns);
    if (n < 3.0) {
        return NOT_DEFINED;
    }
    const double mean = mean_known(returns);
    const double m2 = power_sum_known(returns, mean, 2) / n;
    const double m3 = power_sum_known(returns, mean, 3) / n;
    return m2 > 0.0 ? sqrt(n * (n - 1.0)) / (n - 2.0) * m3 / (m2 * sqrt(m2)) : NOT_DEFINED;
}

METRIC(kurtosis)
{
    (void)factor;
    (void)options;
    const double n = (double)count_known(returns);
    if (n < 4.0) {
        return NOT_DEFINED;
    }
    const double mean = mean_known(returns);
    const double m2 = power_sum_known(returns, mean, 2) / n;
    const double g2 = power_sum_known(returns, mean, 4) / n / (m2 * m2) - 3.0;
    return m2 > 0.0 ? (n - 1.0) / ((n - 2.0) * (n - 3.0)) * ((n + 1.0) * g2 + 6.0) : NOT_DEFINED;
}
