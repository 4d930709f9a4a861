/* hedge/pass_batch.c - the paths of a training step in blocks, prepared once, on threads. */
#include <stdlib.h>
#include <string.h>

#include "core/threads.h"
#include "hedge/pass_batch_internal.h"
#include "hedge/pass_block_internal.h"

/* ---- memory -----------------------------------------------------------------------------------
 */

static size_t round_up(size_t n, size_t unit)
{
    return (n + unit - 1) / unit * unit;
}

/* Whole groups; a small batch still has blocks for some threads. */
static size_t block_size(const fel_policy *policy, size_t max_n)
{
    const size_t best = fel_unroll_block(policy->network, policy->problem->config.n_dates);
    const size_t most = best / HEDGE_GROUP > 0 ? best / HEDGE_GROUP * HEDGE_GROUP : HEDGE_GROUP;
    const size_t share =
        round_up((max_n + BATCH_LEAST_BLOCKS - 1) / BATCH_LEAST_BLOCKS, HEDGE_GROUP);
    return share < most ? share : most;
}

static fel_status make_lane(hedge_batch *b, batch_lane *lane)
{
    lane->slopes = arena_array(&b->memory, b->block, sizeof(double));
    lane->curvatures = arena_array(&b->memory, b->block, sizeof(double));
    if (lane->slopes == NULL || lane->curvatures == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a batch's thread");
    }
    FEL_TRY(hedge_block_create(&lane->scratch, b->policy->problem, b->run * b->block));
    return hedge_pass_create(&lane->pass, b->policy, b->is_double, b->block, 1);
}

static fel_status make_room(hedge_batch *b, size_t n_lanes)
{
    arena *a = &b->memory;
    b->samples = arena_array(a, b->n_samples, sizeof(hedge_sample *));
    b->lanes = arena_array(a, n_lanes, sizeof(batch_lane));
    b->sums = arena_array(a, b->n_samples, sizeof(fel_risk_sums));
    b->pnl = arena_array(a, b->n_samples * b->block, sizeof(double));
    b->gradients =
        arena_array(a, batch_parts(b->n_samples) * b->policy->n_params, number_size(b->is_double));
    if (b->samples == NULL || b->lanes == NULL || b->sums == NULL || b->pnl == NULL ||
        b->gradients == NULL) {
        b->n_samples = b->samples == NULL ? 0 : b->n_samples;
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a batch of %zu paths", b->max_n);
    }
    b->n_lanes = n_lanes;
    return FEL_OK;
}

static fel_status make_batch(hedge_batch *b, int n_threads)
{
    const size_t threads = (size_t)threads_count(n_threads), parts = batch_parts(b->n_samples);
    FEL_TRY(make_room(b, threads < parts ? threads : parts));
    for (size_t i = 0; i < b->n_lanes; i++) {
        FEL_TRY(make_lane(b, &b->lanes[i]));
    }
    for (size_t i = 0; i < b->n_samples; i++) {
        FEL_TRY(hedge_sample_create(&b->samples[i], b->policy, b->is_double, b->block));
    }
    return FEL_OK;
}

fel_status hedge_batch_create(hedge_batch **out, const fel_policy *policy, int is_double,
                              size_t max_n, int n_threads)
{
    if (max_n == 0) {
        return FEL_RAISE(FEL_ERR_RANGE, "a batch of 0 paths, at least 1 is needed");
    }
    hedge_batch *b = calloc(1, sizeof(*b));
    if (b == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a batch");
    }
    b->policy = policy;
    b->is_double = is_double;
    b->max_n = max_n;
    b->block = block_size(policy, max_n);
    b->n_samples = (max_n + b->block - 1) / b->block;
    b->run = b->block < BATCH_MARKET ? BATCH_MARKET / b->block : 1;
    b->run = b->run < b->n_samples ? b->run : b->n_samples;
    const fel_status status = make_batch(b, n_threads);
    if (status != FEL_OK) {
        hedge_batch_destroy(b);
        return status;
    }
    *out = b;
    return FEL_OK;
}

void hedge_batch_destroy(hedge_batch *batch)
{
    if (batch == NULL) {
        return;
    }
    for (size_t i = 0; batch->samples != NULL && i < batch->n_samples; i++) {
        hedge_sample_destroy(batch->samples[i]);
    }
    for (size_t i = 0; i < batch->n_lanes; i++) {
        hedge_pass_destroy(batch->lanes[i].pass);
        hedge_block_clear(&batch->lanes[i].scratch);
    }
    arena_free(&batch->memory);
    free(batch);
}

/* ---- paths ------------------------------------------------------------------------------------
 */

typedef struct fill_call {
    hedge_batch *batch;
    uint64_t first;
    const uint64_t *starts;
} fill_call;

/* Simulators are at their best with more paths than networks. */
static fel_status fill_run(void *payload, size_t index, int thread)
{
    const fill_call *call = payload;
    hedge_batch *b = call->batch;
    hedge_block *scratch = &b->lanes[thread].scratch;
    const size_t at = index * b->run * b->block, left = b->n - at;
    const size_t n = left < b->run * b->block ? left : b->run * b->block;
    if (b->run == 1) {
        return hedge_sample_fill(b->samples[index], call->first + at, n);
    }
    FEL_TRY(hedge_block_fill(scratch, call->first + at, n));
    for (size_t i = 0; i * b->block < n; i++) {
        const size_t place = i * b->block;
        sample_take(b->samples[index * b->run + i], scratch, place,
                    n - place < b->block ? n - place : b->block);
    }
    return FEL_OK;
}

static fel_status gather_block(void *payload, size_t index, int thread)
{
    const fill_call *call = payload;
    hedge_batch *b = call->batch;
    return sample_gather(b->samples[index], &b->lanes[thread].scratch,
                         call->starts + index * (b->block / HEDGE_GROUP), batch_length(b, index));
}

fel_status hedge_batch_fill(hedge_batch *batch, uint64_t first, const uint64_t *starts, size_t n)
{
    if (n == 0 || n > batch->max_n) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu paths in a batch of up to %zu", n, batch->max_n);
    }
    batch->n = n;
    batch->n_blocks = batch_blocks_of(batch, n);
    fill_call call = {batch, first, starts};
    const size_t n_runs = (batch->n_blocks + batch->run - 1) / batch->run;
    return starts == NULL ? threads_run((int)batch->n_lanes, n_runs, fill_run, &call)
                          : threads_run((int)batch->n_lanes, batch->n_blocks, gather_block, &call);
}

size_t batch_blocks_of(const hedge_batch *batch, size_t n)
{
    const size_t most = n < batch->n ? n : batch->n;
    return (most + batch->block - 1) / batch->block;
}

size_t hedge_batch_parts(const hedge_batch *batch, size_t n)
{
    return batch_parts(batch_blocks_of(batch, n));
}
