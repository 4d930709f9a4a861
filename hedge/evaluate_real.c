/* hedge/evaluate_real.c - the loss of some paths at given parameters, all memory made anew. */
#include "core/real.h"
#include "hedge/pass_internal.h"

static fel_status run_batch(hedge_batch *batch, const fel_hedge_batch *paths,
                            const hedge_batch_args *args, fel_hedge_loss *out, real *gradient,
                            double *pnl)
{
    FEL_TRY(hedge_batch_fill(batch, paths->first, NULL, paths->n));
    return hedge_batch_loss(batch, args, out, gradient, pnl);
}

fel_status KERNEL(fel_hedge_loss)(const fel_policy *policy, const fel_hedge_objective *objective,
                                  const fel_hedge_batch *batch, const real *params,
                                  fel_hedge_loss *out, real *gradient, double *pnl)
{
    FEL_TRY(fel_risk_check(&objective->risk));
    const hedge_batch_args args = {.objective = objective,
                                   .params = params,
                                   .threshold = batch->threshold,
                                   .wants_threshold = 1};
    hedge_batch *made = NULL;
    FEL_TRY(hedge_batch_create(&made, policy, REAL_BITS == 64, batch->n, batch->n_threads));
    const fel_status status = run_batch(made, batch, &args, out, gradient, pnl);
    hedge_batch_destroy(made);
    return status;
}
