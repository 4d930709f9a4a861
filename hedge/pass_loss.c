/* hedge/pass_loss.c - a batch's P&L, loss and gradient. Given the threshold the loss is a mean of
 * paths' terms, so a block's way back follows its way there at once; what finish scales with is
 * known at the end and multiplies the summed gradient. */
#include <math.h>
#include <string.h>

#include "core/threads.h"
#include "hedge/hedge_kernel_internal.h"
#include "hedge/pass_batch_internal.h"
#include "hedge/pass_block_internal.h"

/* ---- there ------------------------------------------------------------------------------------
 */

void batch_new_params(hedge_batch *batch)
{
    for (size_t i = 0; i < batch->n_lanes; i++) {
        batch->lanes[i].is_old = 0;
    }
}

void batch_forward(const batch_call *call, size_t block, batch_lane *lane)
{
    hedge_batch *b = call->batch;
    const hedge_pass_args args = {.sample = b->samples[block],
                                  .params = call->args->params,
                                  .is_new = !lane->is_old,
                                  .is_smooth = 1,
                                  .cost_factor = call->args->objective->cost_factor,
                                  .out = {.pnl = b->pnl + block * b->block}};
    hedge_pass_forward(lane->pass, &args);
    lane->is_old = 1;
}

void batch_terms(const batch_call *call, size_t block, double *slopes, double *curvatures)
{
    hedge_batch *b = call->batch;
    fel_risk_terms(&call->args->objective->risk, b->pnl + block * b->block, batch_length(b, block),
                   call->args->threshold, &b->sums[block], slopes, curvatures);
}

static fel_status forward_block(void *payload, size_t index, int thread)
{
    const batch_call *call = payload;
    batch_forward(call, index, &call->batch->lanes[thread]);
    batch_terms(call, index, NULL, NULL);
    return FEL_OK;
}

fel_status batch_pnl_blocks(const batch_call *call)
{
    batch_new_params(call->batch);
    batch_call work = *call;
    return threads_run((int)call->batch->n_lanes, call->n_blocks, forward_block, &work);
}

fel_status hedge_batch_pnl(hedge_batch *batch, const hedge_batch_args *args, size_t n, double *pnl,
                           size_t *n_done)
{
    const size_t n_blocks = batch_blocks_of(batch, n), end = n_blocks * batch->block;
    const batch_call call = {.batch = batch, .args = args, .n_blocks = n_blocks, .n_parts = 1};
    FEL_TRY(batch_pnl_blocks(&call));
    *n_done = end < batch->n ? end : batch->n;
    memcpy(pnl, batch->pnl, *n_done * sizeof(double));
    return FEL_OK;
}

/* ---- sums -------------------------------------------------------------------------------------
 */

int batch_finish(const batch_call *call, fel_risk_sums *all, double *value, double *scale)
{
    const hedge_batch *b = call->batch;
    *all = (fel_risk_sums){0.0, 0.0, 0.0};
    for (size_t i = 0; i < call->n_blocks; i++) {
        all->n += b->sums[i].n;
        all->term += b->sums[i].term;
        all->threshold_slope += b->sums[i].threshold_slope;
    }
    const hedge_batch_args *args = call->args;
    return isfinite(all->term) &&
           fel_risk_finish(&args->objective->risk, all, args->threshold, value, scale) == FEL_OK &&
           isfinite(*value);
}

/* ---- back -------------------------------------------------------------------------------------
 */

static void *part_gradient(const hedge_batch *b, size_t part)
{
    return (unsigned char *)b->gradients + part * b->policy->n_params * number_size(b->is_double);
}

static fel_status gradient_part(void *payload, size_t index, int thread)
{
    const batch_call *call = payload;
    hedge_batch *b = call->batch;
    batch_lane *lane = &b->lanes[thread];
    for (size_t i = part_first(call, index); i < part_first(call, index + 1); i++) {
        batch_forward(call, i, lane);
        batch_terms(call, i, lane->slopes, NULL);
        hedge_pass_backward(lane->pass, lane->slopes, NULL, 0);
    }
    void *gradient = part_gradient(b, index);
    memset(gradient, 0, b->policy->n_params * number_size(b->is_double));
    hedge_pass_add_gradient(lane->pass, gradient);
    return FEL_OK;
}

static void add_parts(const batch_call *call, double factor, void *gradient)
{
    const hedge_batch *b = call->batch;
    const part_sum job = {.n = b->policy->n_params,
                          .n_parts = call->n_parts,
                          .parts = b->gradients,
                          .factor = factor,
                          .out = gradient};
    if (b->is_double) {
        part_add_f64(&job);
    } else {
        part_add_f32(&job);
    }
}

/* ---- both -------------------------------------------------------------------------------------
 */

static fel_status run_blocks(batch_call *call)
{
    if (!call->wants_gradient) {
        return batch_pnl_blocks(call);
    }
    batch_new_params(call->batch);
    return threads_run((int)call->batch->n_lanes, call->n_parts, gradient_part, call);
}

static fel_status best_threshold(const batch_call *call, fel_hedge_loss *out)
{
    const fel_risk *risk = &call->args->objective->risk;
    if (!call->args->wants_threshold || !out->is_finite || risk->code->solve == NULL) {
        return FEL_OK;
    }
    return risk->code->solve(risk->params, call->batch->pnl, call->batch->n, &out->best_threshold);
}

fel_status hedge_batch_loss(hedge_batch *batch, const hedge_batch_args *args, fel_hedge_loss *out,
                            void *gradient, double *pnl)
{
    batch_call call = {.batch = batch,
                       .args = args,
                       .n_blocks = batch->n_blocks,
                       .n_parts = batch_parts(batch->n_blocks),
                       .wants_gradient = gradient != NULL};
    FEL_TRY(run_blocks(&call));
    fel_risk_sums all;
    double value = (double)NAN, scale = (double)NAN;
    fel_hedge_loss loss = {.best_threshold = args->threshold};
    loss.is_finite = batch_finish(&call, &all, &value, &scale);
    loss.value = loss.is_finite ? value : (double)NAN;
    loss.threshold_slope = scale * all.threshold_slope / all.n;
    if (gradient != NULL) {
        add_parts(&call, scale / all.n, gradient);
    }
    if (pnl != NULL) {
        memcpy(pnl, batch->pnl, batch->n * sizeof(double));
    }
    FEL_TRY(best_threshold(&call, &loss));
    *out = loss;
    return FEL_OK;
}
