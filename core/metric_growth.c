/* core/metric_growth.c - metrics of growth: compounded and annual returns, best and worst,
 * stability.
 *
 * As empyrical does, a NaN return compounds as 0 and still counts as a period of time. */
#include <math.h>

#include "core/metric_internal.h"
#include "core/sum.h"

static double growth(fel_cvec returns)
{
    double product = 1.0;
    for (size_t i = 0; i < returns.len; i++) {
        product *= isnan(returns.data[i]) ? 1.0 : 1.0 + returns.data[i];
    }
    return product;
}

void fel_cumulative_returns(fel_cvec returns, double start_value, double *out)
{
    double product = 1.0;
    for (size_t i = 0; i < returns.len; i++) {
        product *= isnan(returns.data[i]) ? 1.0 : 1.0 + returns.data[i];
        out[i] = start_value == 0.0 ? product - 1.0 : product * start_value;
    }
}

void fel_simple_returns(fel_cvec prices, double *out)
{
    for (size_t i = 1; i < prices.len; i++) {
        out[i - 1] = prices.data[i] / prices.data[i - 1] - 1.0;
    }
}

METRIC(total_return)
{
    (void)factor;
    (void)options;
    return returns.len == 0 ? NOT_DEFINED : growth(returns) - 1.0;
}

METRIC(annual_return)
{
    (void)factor;
    if (returns.len == 0) {
        return NOT_DEFINED;
    }
    const double years = (double)returns.len / options->periods_per_year;
    return pow(growth(returns), 1.0 / years) - 1.0;
}

METRIC(best_return)
{
    (void)factor;
    (void)options;
    double best = NOT_DEFINED;
    for (size_t i = 0; i < returns.len; i++) {
        best = fmax(best, returns.data[i]);
    }
    return best;
}

METRIC(worst_return)
{
    (void)factor;
    (void)options;
    double worst = NOT_DEFINED;
    for (size_t i = 0; i < returns.len; i++) {
        worst = fmin(worst, returns.data[i]);
    }
    return worst;
}

METRIC(positive_share)
{
    (void)factor;
    (void)options;
    size_t up = 0, moved = 0;
    for (size_t i = 0; i < returns.len; i++) {
        up += returns.data[i] > 0.0;
        moved += returns.data[i] > 0.0 || returns.data[i] < 0.0;
    }
    return moved > 0 ? (double)up / (double)moved : NOT_DEFINED;
}

METRIC(gain_to_pain)
{
    (void)factor;
    (void)options;
    running_sum all = {0}, losses = {0};
    for (size_t i = 0; i < returns.len; i++) {
        const double r = returns.data[i];
        if (!isnan(r)) {
            running_add(&all, r);
            running_add(&losses, r < 0.0 ? -r : 0.0);
        }
    }
    const double pain = running_value(&losses);
    return pain > 0.0 ? running_value(&all) / pain : NOT_DEFINED;
}

/* Sums of a straight-line fit of y on x = 0, 1, ..., n - 1. */
typedef struct line_fit {
    running_sum xy, yy;
    double x_mean, y_mean, xx;
} line_fit;

METRIC(stability)
{
    (void)factor;
    (void)options;
    const size_t n = count_known(returns);
    if (returns.len < 2 || n < 2) {
        return NOT_DEFINED;
    }
    line_fit fit = {.x_mean = ((double)n - 1.0) / 2.0};
    for (int pass = 0; pass < 2; pass++) {
        running_sum y_sum = {0}, log_growth = {0};
        double k = 0.0;
        for (size_t i = 0; i < returns.len; i++) {
            if (isnan(returns.data[i])) {
                continue;
            }
            running_add(&log_growth, log1p(returns.data[i]));
            const double y = running_value(&log_growth);
            running_add(&y_sum, y);
            if (pass == 1) {
                running_add(&fit.xy, (k - fit.x_mean) * (y - fit.y_mean));
                running_add(&fit.yy, (y - fit.y_mean) * (y - fit.y_mean));
                fit.xx += (k - fit.x_mean) * (k - fit.x_mean);
            }
            k += 1.0;
        }
        fit.y_mean = running_value(&y_sum) / (double)n;
    }
    const double yy = running_value(&fit.yy), xy = running_value(&fit.xy);
    return yy > 0.0 ? xy * xy / (fit.xx * yy) : NOT_DEFINED;
}
