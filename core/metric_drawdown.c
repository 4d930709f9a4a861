/* core/metric_drawdown.c - metrics of losses from the highest point so far; the line starts at 1,
 * so that a loss in the first period counts. */
#include <math.h>

#include "core/metric_internal.h"
#include "core/sum.h"

/* The equity line that the returns make, walked point by point. */
typedef struct equity_walk {
    double equity, peak;
} equity_walk;

/* Fraction below the peak after one more return, <= 0. */
static double walk_on(equity_walk *walk, double r)
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
        worst = fmin(worst, walk_on(&walk, returns.data[i]));
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
        running_add(&sum, walk_on(&walk, returns.data[i]));
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
        const double below = walk_on(&walk, returns.data[i]);
        running_add(&sum, below * below);
    }
    return returns.len > 1 ? sqrt(running_value(&sum) / (double)(returns.len - 1)) : NOT_DEFINED;
}

/* A point counts as at the maximum within the rounding of the products that made it. */
#define AT_PEAK (1.0 - 1e-12)

METRIC(loss_duration)
{
    (void)factor;
    double equity = 1.0, peak = 1.0;
    size_t run = 0, longest = 0;
    for (size_t i = 0; i < returns.len; i++) {
        equity *= isnan(returns.data[i]) ? 1.0 : 1.0 + returns.data[i];
        run = equity >= peak * AT_PEAK ? 0 : run + 1;
        longest = run > longest ? run : longest;
        peak = fmax(peak, equity);
    }
    return returns.len > 0 ? (double)longest / options->periods_per_year : NOT_DEFINED;
}
