/* hedge/problem_pilot.c - pilot paths: how much instruments move, what the book pays on average. */
#include <math.h>

#include "hedge/market_internal.h"

enum { PILOT_BLOCK = 256 };

/* Changes from date to date of the spot and of each instrument. */
enum { SPOT_AT = FEL_HEDGE_MAX_INSTRUMENTS };

typedef struct running {
    double n, mean, square;
} running;

static void add(running *r, double x)
{
    r->n += 1.0;
    const double apart = x - r->mean;
    r->mean += apart / r->n;
    r->square += apart * (x - r->mean);
}

static double deviation(const running *r)
{
    return r->n > 1.0 ? sqrt(r->square / (r->n - 1.0)) : 0.0;
}

typedef struct pilot {
    running change[FEL_HEDGE_MAX_INSTRUMENTS + 1];
    running payoff;
} pilot;

static void add_changes(const double *now, const double *next, size_t n, running *r)
{
    for (size_t p = 0; p < n; p++) {
        add(r, next[p] - now[p]);
    }
}

static void add_block(const hedge_block *block, pilot *out)
{
    const fel_hedge_config *config = &block->problem->config;
    for (size_t d = 0; d < config->n_dates; d++) {
        add_changes(block_spot(block, d), block_spot(block, d + 1), block->n,
                    &out->change[SPOT_AT]);
        for (size_t j = 0; j < config->n_instruments; j++) {
            add_changes(block_price(block, d, j), block_price(block, d + 1, j), block->n,
                        &out->change[j]);
        }
    }
    for (size_t p = 0; p < block->n; p++) {
        add(&out->payoff, block->payoff[p]);
    }
}

static fel_status run_pilot(const fel_hedge_problem *problem, pilot *out)
{
    const size_t n = hedge_pilot_count(problem);
    const uint64_t first = hedge_pilot_first(problem);
    hedge_block block;
    *out = (pilot){.payoff = {0.0, 0.0, 0.0}};
    FEL_TRY(hedge_block_create(&block, problem, PILOT_BLOCK));
    fel_status status = FEL_OK;
    for (size_t at = 0; status == FEL_OK && at < n; at += PILOT_BLOCK) {
        status = hedge_block_fill(&block, first + at, n - at < PILOT_BLOCK ? n - at : PILOT_BLOCK);
        if (status == FEL_OK) {
            add_block(&block, out);
        }
    }
    hedge_block_clear(&block);
    return status;
}

fel_status pilot_payoff(const fel_hedge_problem *problem, double *mean, double *standard_error)
{
    pilot result;
    FEL_TRY(run_pilot(problem, &result));
    *mean = result.payoff.mean;
    *standard_error = deviation(&result.payoff) / sqrt(result.payoff.n);
    return FEL_OK;
}

/* What does not move has a unit of 1. */
fel_status problem_units(fel_hedge_problem *problem)
{
    const fel_hedge_config *config = &problem->config;
    int is_open = 0;
    for (size_t j = 0; j < config->n_instruments; j++) {
        const fel_hedge_instrument *i = &config->instruments[j];
        problem->unit[j] = i->unit > 0.0 ? i->unit : 1.0;
        is_open = is_open || (i->unit <= 0.0 && i->kind != FEL_HEDGE_SPOT);
    }
    if (!is_open) {
        return FEL_OK;
    }
    pilot result;
    FEL_TRY(run_pilot(problem, &result));
    const double spot = deviation(&result.change[SPOT_AT]);
    for (size_t j = 0; j < config->n_instruments; j++) {
        const fel_hedge_instrument *i = &config->instruments[j];
        const double own = deviation(&result.change[j]);
        if (i->unit <= 0.0 && i->kind != FEL_HEDGE_SPOT && own > 0.0 && spot > 0.0) {
            problem->unit[j] = spot / own;
        }
    }
    return FEL_OK;
}
