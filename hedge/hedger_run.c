/* hedge/hedger_run.c - what a hedger earns on paths: blocks on threads, results in their places. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "core/threads.h"
#include "hedge/hedger_internal.h"

enum { RUN_BLOCK = 256 }; /* paths; a network keeps one date's numbers alone */

typedef struct hedger_job {
    const fel_hedger *hedger;
    const fel_hedge_outcome *out;
    size_t block, n_blocks;
    hedger_lane *lanes;
    atomic_size_t n_done;
} hedger_job;

/* ---- one block --------------------------------------------------------------------------------
 */

static void copy_row(double *to, size_t at, const double *from, size_t n)
{
    if (to != NULL) {
        memcpy(to + at, from, n * sizeof(double));
    }
}

static void give(const hedger_lane *lane, const fel_hedge_outcome *out, size_t at)
{
    const fel_hedge_config *config = &lane->hedger->problem->config;
    const size_t n = lane->block->n;
    if (out->pnl != NULL) {
        tally_pnl(lane->tally, lane->block, 1.0, out->pnl + at);
    }
    copy_row(out->cost, at, lane->tally->cost, n);
    copy_row(out->turnover, at, lane->tally->turnover_row, n);
    copy_row(out->payoff, at, lane->block->payoff, n);
    for (size_t r = 0; out->position != NULL && r < config->n_dates * config->n_instruments; r++) {
        copy_row(out->position, r * out->n + at, lane_held(lane, 1) + r * lane->block->stride, n);
    }
}

static fel_status run_paths(hedger_lane *lane, const fel_hedge_outcome *out, size_t at, size_t n)
{
    const size_t last = lane->hedger->problem->config.n_dates;
    FEL_TRY(hedge_block_fill(lane->block, out->first + at, n));
    lane_begin(lane, out->turnover != NULL);
    for (size_t k = 0; k < last; k++) {
        lane_settle(lane, k);
        lane_decide(lane, k);
    }
    lane_settle(lane, last);
    tally_close(lane->tally, lane->block, lane_held(lane, last));
    give(lane, out, at);
    return FEL_OK;
}

/* ---- all of them ------------------------------------------------------------------------------
 */

static int is_stopped(const fel_hedge_outcome *out)
{
    return out->stop_flag != NULL && *out->stop_flag != 0;
}

static fel_status run_block(void *payload, size_t index, int thread)
{
    hedger_job *job = payload;
    const fel_hedge_outcome *out = job->out;
    const size_t at = index * job->block, left = out->n - at;
    if (is_stopped(out)) {
        return FEL_RAISE(FEL_ERR_STOPPED, "stopped after %zu of %zu paths",
                         atomic_load(&job->n_done), out->n);
    }
    const size_t n = left < job->block ? left : job->block;
    FEL_TRY(run_paths(&job->lanes[thread], out, at, n));
    const size_t done = atomic_fetch_add(&job->n_done, n) + n;
    if (thread == 0 && out->progress != NULL) {
        out->progress(out->progress_payload, "hedging", (double)done, (double)out->n);
    }
    return FEL_OK;
}

static fel_status run_lanes(hedger_job *job, size_t n_lanes)
{
    fel_status status = FEL_OK;
    for (size_t i = 0; i < n_lanes && status == FEL_OK; i++) {
        status = lane_make(&job->lanes[i], job->hedger, job->block);
    }
    if (status == FEL_OK) {
        status = threads_run((int)n_lanes, job->n_blocks, run_block, job);
    }
    for (size_t i = 0; i < n_lanes; i++) {
        lane_clear(&job->lanes[i]);
    }
    return status;
}

fel_status fel_hedger_run(const fel_hedger *hedger, const fel_hedge_outcome *out)
{
    if (out->struct_size != sizeof(*out)) {
        return FEL_RAISE(FEL_ERR_ARG, "fel_hedge_outcome of %u bytes, expected %zu",
                         (unsigned)out->struct_size, sizeof(*out));
    }
    if (out->n == 0) {
        return FEL_OK;
    }
    hedger_job job = {
        .hedger = hedger, .out = out, .block = out->n < RUN_BLOCK ? out->n : RUN_BLOCK};
    atomic_store(&job.n_done, 0);
    job.n_blocks = (out->n + job.block - 1) / job.block;
    const size_t threads = (size_t)threads_count(out->n_threads);
    const size_t n_lanes = threads < job.n_blocks ? threads : job.n_blocks;
    job.lanes = calloc(n_lanes, sizeof(*job.lanes));
    if (job.lanes == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu threads", n_lanes);
    }
    const fel_status status = run_lanes(&job, n_lanes);
    free(job.lanes);
    return status;
}
