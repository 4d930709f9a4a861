/* core/metric_factor.c - active return and capture ratios against a benchmark. */
#include <math.h>

#include "core/metric_internal.h"
#include "core/sum.h"

/* Mean and deviation (ddof 1) of returns - factor where both are known. */
typedef struct active_return {
    double mean, deviation;
} active_return;

static active_return active_of(fel_cvec returns, fel_cvec factor)
{
    const active_return none = {NOT_DEFINED, NOT_DEFINED};
    const size_t len = returns.len < factor.len ? returns.len : factor.len;
    running_sum sum = {0}, squares = {0};
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        const double active = returns.data[i] - factor.data[i];
        if (!isnan(active)) {
            running_add(&sum, active);
            n++;
        }
    }
    if (n < 2) {
        return none;
    }
    const double mean = running_value(&sum) / (double)n;
    for (size_t i = 0; i < len; i++) {
        const double d = returns.data[i] - factor.data[i] - mean;
        if (!isnan(d)) {
            running_add(&squares, d * d);
        }
    }
    const active_return active = {mean, sqrt(running_value(&squares) / (double)(n - 1))};
    return active;
}

METRIC(excess_sharpe)
{
    (void)options;
    const active_return active = active_of(returns, factor);
    return active.mean / active.deviation;
}

METRIC(tracking_error)
{
    return active_of(returns, factor).deviation * sqrt(options->periods_per_year);
}

/* Annual return of x over the periods where the benchmark's sign is `side` (0: all). */
static double annual_where(fel_cvec x, fel_cvec factor, int side, double periods_per_year)
{
    const size_t len = x.len < factor.len ? x.len : factor.len;
    double growth = 1.0;
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        const double f = factor.data[i];
        if (side == 0 || (side > 0 ? f > 0.0 : f < 0.0)) {
            growth *= isnan(x.data[i]) ? 1.0 : 1.0 + x.data[i];
            n++;
        }
    }
    return n > 0 ? pow(growth, periods_per_year / (double)n) - 1.0 : NOT_DEFINED;
}

static double capture_of(fel_cvec returns, fel_cvec factor, int side,
                         const fel_metric_options *options)
{
    return annual_where(returns, factor, side, options->periods_per_year) /
           annual_where(factor, factor, side, options->periods_per_year);
}

METRIC(capture)
{
    return capture_of(returns, factor, 0, options);
}

METRIC(up_capture)
{
    return capture_of(returns, factor, 1, options);
}

METRIC(down_capture)
{
    return capture_of(returns, factor, -1, options);
}

METRIC(up_down_capture)
{
    return metric_up_capture(returns, factor, options) /
           metric_down_capture(returns, factor, options);
}
