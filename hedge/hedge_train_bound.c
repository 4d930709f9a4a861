/* hedge/hedge_train_bound.c - what no policy's risk falls below, for optimisers that ask.
 *
 * Trading a martingale brings nothing on average and costs take away, so the mean P&L is at most
 * that of no hedge, m. A cash-invariant convex measure is at least minus the mean: rho >= -m. */
#include <math.h>
#include <stdlib.h>

#include "hedge/hedge_train_internal.h"

enum { BOUND_PATHS = 16384 };

/* Discounted prices are a martingale by construction. */
static int is_martingale(const fel_hedge_config *c)
{
    const fel_hedge_market *m = &c->market;
    const double rate = m->kind == FEL_HEDGE_SIMULATED ? m->process.rate_per_year : 0.0;
    return m->kind != FEL_HEDGE_STORED && !m->has_drift && c->rate_per_year == rate;
}

static fel_status run_none(const fel_hedge_problem *problem, const fel_hedge_outcome *out)
{
    fel_hedge_rule none;
    fel_hedger *hedger = NULL;
    FEL_TRY(fel_hedge_rule_find("none", &none));
    FEL_TRY(fel_hedger_of_rule(&hedger, problem, &none));
    const fel_status status = fel_hedger_run(hedger, out);
    fel_hedger_destroy(hedger);
    return status;
}

/* Minus the mean, three standard errors of its estimate lower. */
static double bound_from(const double *pnl)
{
    double sum = 0.0, squares = 0.0;
    for (size_t i = 0; i < BOUND_PATHS; i++) {
        sum += pnl[i];
        squares += pnl[i] * pnl[i];
    }
    const double mean = sum / BOUND_PATHS;
    const double variance = fmax(squares / BOUND_PATHS - mean * mean, 0.0);
    return -mean - 3.0 * sqrt(variance / BOUND_PATHS);
}

fel_status hedge_train_bound(const fel_hedge_train_config *config, double *bound)
{
    const uint32_t flags = fel_optimizer_class_info(config->optimizer.code)->flags;
    *bound = (double)-INFINITY;
    if ((flags & FEL_OPTIMIZER_NEEDS_LOSS) == 0 ||
        (config->objective.risk.code->flags & FEL_RISK_CASH_INVARIANT) == 0 ||
        !is_martingale(&config->policy->problem->config)) {
        return FEL_OK;
    }
    double *pnl = calloc(BOUND_PATHS, sizeof(*pnl));
    if (pnl == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory to train with");
    }
    const fel_hedge_outcome out = {.struct_size = (uint32_t)sizeof(out),
                                   .n_threads = config->n_threads,
                                   .first = FEL_HEDGE_PILOT_PATHS,
                                   .n = BOUND_PATHS,
                                   .pnl = pnl};
    const fel_status status = run_none(config->policy->problem, &out);
    if (status == FEL_OK) {
        *bound = bound_from(pnl);
    }
    free(pnl);
    return status;
}
