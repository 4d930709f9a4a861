/* core/metric_spells.c - metrics of drawdowns one by one: a spell is a run of points below the
 * highest so far, the first point of the line being 1 before the first return. */
#include <math.h>

#include "core/metric_internal.h"
#include "core/sum.h"

/* All spells of a line. */
typedef struct spell_sums {
    size_t n, points, longest;
    double depths; /* sum of the lowest values, <= 0 */
} spell_sums;

static spell_sums spells_of(fel_cvec returns)
{
    spell_sums all = {0};
    running_sum depths = {0};
    equity_walk walk = {1.0, 1.0};
    size_t run = 0;
    double lowest = 0.0;
    for (size_t i = 0; i < returns.len; i++) {
        const double below = equity_walk_on(&walk, returns.data[i]);
        if (below < -ROUNDED_PEAK) {
            all.n += run == 0;
            run++;
            all.points++;
            lowest = fmin(lowest, below);
        } else {
            running_add(&depths, lowest);
            run = 0;
            lowest = 0.0;
        }
        all.longest = run > all.longest ? run : all.longest;
    }
    running_add(&depths, lowest);
    all.depths = running_value(&depths);
    return all;
}

METRIC(drawdown_count)
{
    (void)factor;
    (void)options;
    return returns.len > 0 ? (double)spells_of(returns).n : NOT_DEFINED;
}

METRIC(drawdown_depth)
{
    (void)factor;
    (void)options;
    const spell_sums all = spells_of(returns);
    return all.n > 0 ? all.depths / (double)all.n : NOT_DEFINED;
}

METRIC(drawdown_length)
{
    (void)factor;
    (void)options;
    const spell_sums all = spells_of(returns);
    return all.n > 0 ? (double)all.points / (double)all.n : NOT_DEFINED;
}

METRIC(longest_drawdown)
{
    (void)factor;
    (void)options;
    return returns.len > 0 ? (double)spells_of(returns).longest : NOT_DEFINED;
}

void fel_drawdown_series(fel_cvec returns, double *out)
{
    equity_walk walk = {1.0, 1.0};
    for (size_t i = 0; i < returns.len; i++) {
        out[i] = equity_walk_on(&walk, returns.data[i]);
    }
}

/* ---- conditional drawdown at risk ------------------------------------------------------------ */

static size_t count_drawdowns(const void *what, double bound)
{
    const fel_cvec *returns = what;
    equity_walk walk = {1.0, 1.0};
    size_t n = 0;
    for (size_t i = 0; i < returns->len; i++) {
        n += equity_walk_on(&walk, returns->data[i]) <= bound;
    }
    return n;
}

METRIC(conditional_drawdown)
{
    (void)factor;
    if (returns.len == 0) {
        return NOT_DEFINED;
    }
    const size_t taken = (size_t)((double)(returns.len - 1) * options->tail) + 1;
    const double last = nth_by_count(count_drawdowns, &returns, taken - 1);
    equity_walk walk = {1.0, 1.0};
    running_sum sum = {0};
    size_t lower = 0;
    for (size_t i = 0; i < returns.len; i++) {
        const double below = equity_walk_on(&walk, returns.data[i]);
        if (below < last) {
            running_add(&sum, below);
            lower++;
        }
    }
    running_add(&sum, last * (double)(taken - lower));
    return running_value(&sum) / (double)taken;
}
