/* core/metric_drawdown.c - metrics of losses from the highest point so far; the line starts at 1,
 * so that a loss in the first period counts. */
#include <math.h>

#include "core/metric_internal.h"
#include "core/sum.h"

double equity_walk_on(equity_walk *walk, double r)
{
    walk->equity *= isnan(r) ? 1.0 : 1.0 + r;
    walk->peak = fmax(walk->peak, walk->equity);
    return (walk->equity - walk->peak) / walk->peak;
}

METRIC(max_drawdown)
{
    (void)factor;
    (void)options;
    equity_walk walk = {1.0, 1.0};
    double worst = returns.len > 0 ? 0.0 : NOT_DEFINED;
    for (size_t i = 0; i < returns.len; i++) {
        worst = fmin(worst, equity_walk_on(&walk, returns.data[i]));
    }
    return worst;
}

METRIC(average_drawdown)
{
    (void)factor;
    (void)options;
    equity_walk walk = {1.0, 1.0};
    running_sum sum = {0};
    for (size_t i = 0; i < returns.len; i++) {
        running_add(&sum, equity_walk_on(&walk, returns.data[i]));
    }
    return returns.len > 0 ? running_value(&sum) / (double)returns.len : NOT_DEFINED;
}

METRIC(ulcer_index)
{
    (void)factor;
    (void)options;
    equity_walk walk = {1.0, 1.0};
    running_sum sum = {0};
    for (size_t i = 0; i < returns.len; i++) {
        const double below = equity_walk_on(&walk, returns.data[i]);
        running_add(&sum, below * below);
    }
    return returns.len > 1 ? sqrt(running_value(&sum) / (double)(returns.len - 1)) : NOT_DEFINED;
}

METRIC(loss_duration)
{
    (void)factor;
    double equity = 1.0, peak = 1.0;
    size_t run = 0, longest = 0;
    for (size_t i = 0; i < returns.len; i++) {
        equity *= isnan(returns.data[i]) ? 1.0 : 1.0 + returns.data[i];
        run = equity >= peak * (1.0 - ROUNDED_PEAK) ? 0 : run + 1;
        longest = run > longest ? run : longest;
        peak = fmax(peak, equity);
    }
    return returns.len > 0 ? (double)longest / options->periods_per_year : NOT_DEFINED;
}
