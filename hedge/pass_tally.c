/* hedge/pass_tally.c - P&L = growth x premium + gains - payoff - costs, date by date: first what
 * was held is settled at the new prices, then trades are paid for. */
#include <string.h>

#include "hedge/hedge_kernel_internal.h"
#include "hedge/pass_tally_internal.h"

#define PER_BPS 1e-4

int tally_make(hedge_tally *tally, arena *memory, const fel_hedge_problem *problem, size_t stride)
{
    *tally = (hedge_tally){.problem = problem, .stride = stride};
    const size_t n_instruments = problem->config.n_instruments;
    tally->gains = arena_array(memory, stride, sizeof(double));
    tally->cost = arena_array(memory, stride, sizeof(double));
    tally->turnover_row = arena_array(memory, stride, sizeof(double));
    tally->work = arena_array(memory, stride, sizeof(double));
    tally->zeros = arena_array(memory, n_instruments * stride, sizeof(double));
    int is_made = tally->gains != NULL && tally->cost != NULL && tally->turnover_row != NULL &&
                  tally->work != NULL && tally->zeros != NULL;
    for (size_t j = 0; j < n_instruments && is_made; j++) {
        if (problem->cost_base[j] != 0.0) {
            tally->constant_price[j] = arena_array(memory, stride, sizeof(double));
            is_made = tally->constant_price[j] != NULL;
            for (size_t i = 0; i < stride && is_made; i++) {
                tally->constant_price[j][i] = problem->cost_base[j];
            }
        }
    }
    return is_made;
}

void tally_start(hedge_tally *tally, size_t n, int is_smooth, int wants_turnover)
{
    tally->n = n;
    tally->is_smooth = is_smooth;
    tally->turnover = wants_turnover ? tally->turnover_row : NULL;
    memset(tally->gains, 0, tally->stride * sizeof(double));
    memset(tally->cost, 0, tally->stride * sizeof(double));
    memset(tally->turnover_row, 0, tally->stride * sizeof(double));
}

void tally_settle(hedge_tally *tally, const hedge_block *block, size_t date, const double *position)
{
    const fel_hedge_problem *problem = tally->problem;
    for (size_t j = 0; j < problem->config.n_instruments; j++) {
        tally_gain_add(&(tally_gain){.n = tally->n,
                                     .position = position + j * tally->stride,
                                     .now = block_price(block, date - 1, j),
                                     .next = block_price(block, date, j),
                                     .down = tally_down(problem, date - 1),
                                     .up = tally_up(problem, date - 1, j),
                                     .gains = tally->gains});
    }
}

/* ---- costs ------------------------------------------------------------------------------------
 */

static int is_free(const fel_hedge_cost *cost)
{
    return cost->proportional_bps == 0.0 && cost->per_unit == 0.0 && cost->fixed == 0.0 &&
           cost->quadratic_bps == 0.0;
}

static tally_cost cost_job(const hedge_tally *tally, const hedge_block *block, size_t date,
                           size_t instrument)
{
    const fel_hedge_cost *cost = &tally->problem->config.instruments[instrument].cost;
    const double *constant = tally->constant_price[instrument];
    return (tally_cost){.n = tally->n,
                        .price = constant != NULL ? constant : block_price(block, date, instrument),
                        .linear = PER_BPS * cost->proportional_bps,
                        .flat = cost->per_unit,
                        .quadratic = PER_BPS * cost->quadratic_bps,
                        .growth = tally->problem->growth[date]};
}

/* With a fixed part, path by path. */
static void add_any_cost(const hedge_tally *tally, const fel_hedge_cost *cost,
                         const tally_cost *job)
{
    for (size_t i = 0; i < job->n; i++) {
        job->out[i] += job->growth * hedge_cost_of(cost, job->after[i] - job->before[i],
                                                   job->price[i], tally->is_smooth, NULL);
    }
}

static void add_cost(hedge_tally *tally, const hedge_block *block, size_t date, size_t instrument,
                     const double *const trade[2])
{
    const fel_hedge_cost *cost = &tally->problem->config.instruments[instrument].cost;
    tally_cost job = cost_job(tally, block, date, instrument);
    job.before = trade[0];
    job.after = trade[1];
    job.out = tally->cost;
    if (cost->fixed != 0.0) {
        add_any_cost(tally, cost, &job);
    } else if (!is_free(cost)) {
        tally_cost_add(&job);
    }
}

static void add_turnover(hedge_tally *tally, const hedge_block *block, size_t date,
                         size_t instrument, const double *const trade[2])
{
    if (tally->turnover != NULL) {
        tally_turn_add(&(tally_cost){.n = tally->n,
                                     .before = trade[0],
                                     .after = trade[1],
                                     .price = block_price(block, date, instrument),
                                     .out = tally->turnover});
    }
}

void tally_trade(hedge_tally *tally, const hedge_block *block, size_t date, const double *before,
                 const double *after)
{
    for (size_t j = 0; j < tally->problem->config.n_instruments; j++) {
        const double *const trade[2] = {before + j * tally->stride, after + j * tally->stride};
        add_cost(tally, block, date, j, trade);
        add_turnover(tally, block, date, j, trade);
    }
}

void tally_close(hedge_tally *tally, const hedge_block *block, const double *position)
{
    const size_t last = tally->problem->config.n_dates;
    for (size_t j = 0; j < tally->problem->config.n_instruments; j++) {
        const double *const trade[2] = {position + j * tally->stride, tally->zeros};
        if (tally->problem->is_unwound[j]) {
            add_cost(tally, block, last, j, trade);
        }
        add_turnover(tally, block, last, j, trade);
    }
}

void tally_pnl(const hedge_tally *tally, const hedge_block *block, double cost_factor, double *pnl)
{
    const fel_hedge_problem *problem = tally->problem;
    const double premium =
        (double)problem->config.side * problem->growth[0] * problem->config.premium;
    for (size_t i = 0; i < tally->n; i++) {
        pnl[i] = premium + tally->gains[i] - block->payoff[i] - cost_factor * tally->cost[i];
    }
}

/* ---- slopes -----------------------------------------------------------------------------------
 */

const double *tally_slope(const hedge_tally *tally, const hedge_block *block, size_t date,
                          size_t instrument, const double *before, const double *after)
{
    const fel_hedge_cost *cost = &tally->problem->config.instruments[instrument].cost;
    tally_cost job = cost_job(tally, block, date, instrument);
    job.before = before;
    job.after = after;
    job.out = tally->work;
    if (is_free(cost)) {
        return NULL;
    }
    if (cost->fixed == 0.0) {
        tally_cost_slope(&job);
        return tally->work;
    }
    for (size_t i = 0; i < job.n; i++) {
        double slope = 0.0;
        (void)hedge_cost_of(cost, after[i] - before[i], job.price[i], tally->is_smooth, &slope);
        tally->work[i] = job.growth * slope;
    }
    return tally->work;
}
