/* hedge/pass_statistics.c - what Kronecker-factored curvature is made of: the ways back from single
 * paths' P&L, of the first blocks of a batch. */
#include <math.h>

#include "core/threads.h"
#include "hedge/pass_batch_internal.h"

/* A Gauss-Newton matrix of terms f(x): slopes go back from sqrt(f''); a Fisher matrix: from f'. */
static void cotangents(const batch_call *call, batch_lane *lane, size_t n)
{
    const int is_curved = (call->args->objective->risk.code->flags & FEL_RISK_HAS_CURVATURE) != 0;
    for (size_t i = 0; i < n; i++) {
        const double curvature = lane->curvatures[i] * call->scale;
        if (call->kind == HEDGE_FISHER) {
            lane->slopes[i] *= call->scale;
        } else {
            lane->slopes[i] = !is_curved ? 1.0 : curvature > 0.0 ? sqrt(curvature) : 0.0;
        }
    }
}

static fel_status statistics_part(void *payload, size_t index, int thread)
{
    const batch_call *call = payload;
    batch_lane *lane = &call->batch->lanes[thread];
    const fel_layer_sink sink = fel_kfac_stats_sink(call->stats[index]);
    fel_kfac_stats_reset(call->stats[index]);
    for (size_t i = part_first(call, index); i < part_first(call, index + 1); i++) {
        batch_forward(call, i, lane);
        batch_terms(call, i, lane->slopes, lane->curvatures);
        cotangents(call, lane, batch_length(call->batch, i));
        hedge_pass_backward(lane->pass, lane->slopes, &sink, 1);
    }
    return FEL_OK;
}

/* Finish scales with a mean over the paths, which takes their P&L first. */
static fel_status find_scale(batch_call *call)
{
    const fel_risk_class *code = call->args->objective->risk.code;
    call->scale = 1.0;
    if (code->finish == NULL) {
        return FEL_OK;
    }
    FEL_TRY(batch_pnl_blocks(call));
    fel_risk_sums all;
    double value = (double)NAN;
    return batch_finish(call, &all, &value, &call->scale)
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_RANGE, "the loss of the paths for curvature is not finite");
}

fel_status hedge_batch_statistics(hedge_batch *batch, const hedge_batch_args *args,
                                  hedge_curvature kind, size_t n, fel_kfac_stats *const *parts,
                                  size_t n_parts)
{
    batch_call call = {.batch = batch,
                       .args = args,
                       .n_blocks = batch_blocks_of(batch, n),
                       .n_parts = hedge_batch_parts(batch, n),
                       .stats = parts,
                       .kind = kind};
    if (n_parts != call.n_parts) {
        return FEL_RAISE(FEL_ERR_SHAPE, "statistics in %zu parts, expected %zu", n_parts,
                         call.n_parts);
    }
    FEL_TRY(find_scale(&call));
    batch_new_params(batch);
    return threads_run((int)batch->n_lanes, call.n_parts, statistics_part, &call);
}
