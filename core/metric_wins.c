/* core/metric_wins.c - metrics of gains and losses as two groups: their means, their numbers, how
 * they follow each other.
 *
 * A return of 0 is neither a gain nor a loss; NaN is left out. Kelly's fraction is that of a bet
 * which pays the payoff ratio with the probability of a gain: p - q / payoff. */
#include <math.h>

#include "core/metric_internal.h"
#include "core/sum.h"

/* The returns of one sign. */
typedef struct side_sum {
    size_t n;
    double sum;
} side_sum;

static side_sum side_of(fel_cvec returns, double sign)
{
    running_sum sum = {0};
    side_sum side = {0, 0.0};
    for (size_t i = 0; i < returns.len; i++) {
        if (sign * returns.data[i] > 0.0) {
            running_add(&sum, returns.data[i]);
            side.n++;
        }
    }
    side.sum = running_value(&sum);
    return side;
}

static double side_mean(fel_cvec returns, double sign)
{
    const side_sum side = side_of(returns, sign);
    return side.n > 0 ? side.sum / (double)side.n : NOT_DEFINED;
}

METRIC(average_return)
{
    (void)factor;
    (void)options;
    const side_sum up = side_of(returns, 1.0), down = side_of(returns, -1.0);
    const double n = (double)(up.n + down.n);
    return n > 0.0 ? (up.sum + down.sum) / n : NOT_DEFINED;
}

METRIC(average_gain)
{
    (void)factor;
    (void)options;
    return side_mean(returns, 1.0);
}

METRIC(average_loss)
{
    (void)factor;
    (void)options;
    return side_mean(returns, -1.0);
}

METRIC(payoff_ratio)
{
    (void)factor;
    (void)options;
    return side_mean(returns, 1.0) / -side_mean(returns, -1.0);
}

METRIC(profit_factor)
{
    (void)factor;
    (void)options;
    const side_sum up = side_of(returns, 1.0), down = side_of(returns, -1.0);
    return down.n > 0 ? up.sum / -down.sum : NOT_DEFINED;
}

METRIC(profit_ratio)
{
    const side_sum up = side_of(returns, 1.0), down = side_of(returns, -1.0);
    return metric_payoff_ratio(returns, factor, options) * (double)down.n / (double)up.n;
}

METRIC(kelly_criterion)
{
    const double won = metric_positive_share(returns, factor, options);
    return won - (1.0 - won) / metric_payoff_ratio(returns, factor, options);
}

METRIC(active_share)
{
    (void)factor;
    (void)options;
    const size_t known = count_known(returns);
    const size_t active = side_of(returns, 1.0).n + side_of(returns, -1.0).n;
    return known > 0 ? (double)active / (double)known : NOT_DEFINED;
}

/* Most returns of one sign in a row; NaN where no return is known. */
static double longest_run(fel_cvec returns, double sign)
{
    size_t run = 0, longest = 0, known = 0;
    for (size_t i = 0; i < returns.len; i++) {
        if (!isnan(returns.data[i])) {
            run = sign * returns.data[i] > 0.0 ? run + 1 : 0;
            longest = run > longest ? run : longest;
            known++;
        }
    }
    return known > 0 ? (double)longest : NOT_DEFINED;
}

METRIC(consecutive_wins)
{
    (void)factor;
    (void)options;
    return longest_run(returns, 1.0);
}

METRIC(consecutive_losses)
{
    (void)factor;
    (void)options;
    return longest_run(returns, -1.0);
}
