/* hedge/pass_tally_kernel.c - gains, costs and their slopes of one instrument at one date, a row of
 * paths. In double whatever the network is: P&L is a small difference of large sums. */
#include "core/vmath.h"
#include "hedge/hedge_kernel_internal.h"

#if REAL_BITS == 64

void KERNEL(tally_gain_add_of)(const tally_gain *job)
{
    const double *const position = job->position, *const now = job->now, *const next = job->next;
    const double down = job->down, up = job->up;
    double *const gains = job->gains;
    const size_t n = job->n;
    ARRAYS_APART
    for (size_t i = 0; i < n; i++) {
        gains[i] += position[i] * (up * next[i] - down * now[i]);
    }
}

void KERNEL(tally_cost_add_of)(const tally_cost *job)
{
    const double *const before = job->before, *const after = job->after, *const price = job->price;
    const double linear = job->linear, flat = job->flat, quadratic = job->quadratic,
                 growth = job->growth;
    double *const out = job->out;
    const size_t n = job->n;
    ARRAYS_APART
    for (size_t i = 0; i < n; i++) {
        const double size = __builtin_fabs(after[i] - before[i]);
        out[i] += growth * (size * (price[i] * (linear + quadratic * size) + flat));
    }
}

/* 0 where nothing is traded: between the slopes of buying and selling. */
void KERNEL(tally_cost_slope_of)(const tally_cost *job)
{
    const double *const before = job->before, *const after = job->after, *const price = job->price;
    const double linear = job->linear, flat = job->flat, twice = 2.0 * job->quadratic,
                 growth = job->growth;
    double *const out = job->out;
    const size_t n = job->n;
    ARRAYS_APART
    for (size_t i = 0; i < n; i++) {
        const double d = after[i] - before[i], size = __builtin_fabs(d);
        const double slope = growth * (price[i] * (linear + twice * size) + flat);
        out[i] = d == 0.0 ? 0.0 : d < 0.0 ? -slope : slope;
    }
}

void KERNEL(tally_turn_add_of)(const tally_cost *job)
{
    const double *const before = job->before, *const after = job->after, *const price = job->price;
    double *const out = job->out;
    const size_t n = job->n;
    ARRAYS_APART
    for (size_t i = 0; i < n; i++) {
        out[i] += __builtin_fabs(after[i] - before[i]) * price[i];
    }
}

static void back_without_costs(const tally_back *job)
{
    const double *const now = job->now, *const next = job->next, *const d_gains = job->d_gains,
                        *const d_after = job->d_after;
    const double down = job->down, up = job->up;
    double *const d_position = job->d_position, *const d_before = job->d_before;
    const size_t n = job->n;
    ARRAYS_APART
    for (size_t i = 0; i < n; i++) {
        d_position[i] = d_after[i] + d_gains[i] * (up * next[i] - down * now[i]);
        d_before[i] = 0.0;
    }
}

void KERNEL(tally_go_back_of)(const tally_back *job)
{
    if (job->slope == NULL) {
        back_without_costs(job);
        return;
    }
    const double *const now = job->now, *const next = job->next, *const slope = job->slope;
    const double *const d_gains = job->d_gains, *const d_cost = job->d_cost,
                        *const d_after = job->d_after;
    const double down = job->down, up = job->up;
    double *const d_position = job->d_position, *const d_before = job->d_before;
    const size_t n = job->n;
    ARRAYS_APART
    for (size_t i = 0; i < n; i++) {
        const double of_cost = d_cost[i] * slope[i];
        d_position[i] = d_after[i] + d_gains[i] * (up * next[i] - down * now[i]) + of_cost;
        d_before[i] = -of_cost;
    }
}

#endif
