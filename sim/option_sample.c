/* sim/option_sample.c - blocks of paths turned into moments, on any number of threads. A block is
 * worked off in chunks that fit the cache; its moments are taken when all of its values are there,
 * in order. */
#include <stdlib.h>

#include "core/threads.h"
#include "sim/option_internal.h"
#include "sim/paths_internal.h"

/* One thread's memory. */
typedef struct workroom {
    double *spot, *area, *scratch, *row;
    double *values; /* OPTION_N_VALUES x OPTION_BLOCK */
} workroom;

typedef struct sampling {
    const option_plan *plan;
    option_moments *moments;
    workroom *rooms;
    uint64_t n_done; /* blocks, of all threads */
} sampling;

static double *doubles(size_t n)
{
    return aligned_alloc(64, (n * sizeof(double) + 63) / 64 * 64);
}

static fel_status room_open(workroom *room, const option_plan *plan)
{
    const size_t cells = (plan->job.n_dates + 1) * plan->job.n_assets;
    const size_t size = cells * plan->chunk_paths;
    room->spot = doubles(size);
    room->area = plan->job.needs_area ? doubles(size) : NULL;
    room->scratch = doubles(PAYOFF_N_SCRATCH * plan->chunk_paths);
    room->row = doubles(cells);
    room->values = doubles((size_t)OPTION_N_VALUES * OPTION_BLOCK);
    if (room->spot == NULL || (plan->job.needs_area && room->area == NULL) ||
        room->scratch == NULL || room->row == NULL || room->values == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu dates of %zu paths",
                         plan->job.n_dates, plan->chunk_paths);
    }
    return FEL_OK;
}

static void room_close(workroom *room)
{
    free(room->spot);
    free(room->area);
    free(room->scratch);
    free(room->row);
    free(room->values);
}

/* Paths first .. first + n_used - 1 of a replicate: the payoff's and the controls' values into
 * columns `at` .. of the block. The generator makes whole multiples of PATH_ALIGN. */
static fel_status sample_chunk(const option_plan *plan, const workroom *room, size_t replicate,
                               uint64_t first, size_t n_used, double *values)
{
    const size_t n = (n_used + PATH_ALIGN - 1) / PATH_ALIGN * PATH_ALIGN;
    const fel_path_block_f64 block = {
        .first_path = first,
        .n_paths = n,
        .path_stride = plan->chunk_paths,
        .values = {[FEL_PATH_SPOT] = room->spot, [FEL_PATH_INTEGRATED] = room->area},
    };
    FEL_TRY(fel_paths_fill_f64(plan->paths[replicate], &block));
    const payoff_chunk chunk = {
        .job = &plan->job,
        .seed = fel_paths_config(plan->paths[replicate])->seed,
        .first_path = first,
        .n = n,
        .n_used = n_used,
        .stride = plan->chunk_paths,
        .spot = room->spot,
        .area = room->area,
        .scratch = room->scratch,
        .row = room->row,
    };
    FEL_TRY(plan->job.kind->value(&chunk, values));
    for (uint32_t c = 0; c < plan->n_controls; c++) {
        const option_control *control = &plan->controls[c];
        FEL_TRY(control->value(&chunk, control, values + (c + 1) * (size_t)OPTION_BLOCK));
    }
    return FEL_OK;
}

static double mean_of_values(const double *x, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
    }
    return sum / (double)n;
}

/* Moments of a block of n paths; pairs become their averages in place. */
static void block_moments(const option_plan *plan, double *values, size_t n, option_moments *out)
{
    const uint32_t n_values = 1 + plan->n_controls;
    const size_t n_samples = n / plan->sample_paths;
    *out = (option_moments){.n = (double)n_samples, .n_paths = (double)n};
    out->path_mean = mean_of_values(values, n);
    for (size_t i = 0; i < n; i++) {
        out->path_square += (values[i] - out->path_mean) * (values[i] - out->path_mean);
    }
    for (uint32_t v = 0; v < n_values; v++) {
        double *x = values + v * (size_t)OPTION_BLOCK;
        for (size_t i = 0; plan->sample_paths == 2 && i < n_samples; i++) {
            x[i] = 0.5 * (x[2 * i] + x[2 * i + 1]);
        }
        out->mean[v] = mean_of_values(x, n_samples);
        for (size_t i = 0; i < n_samples; i++) {
            x[i] -= out->mean[v];
        }
    }
    for (uint32_t v = 0; v < n_values; v++) {
        for (uint32_t w = v; w < n_values; w++) {
            const double *x = values + v * (size_t)OPTION_BLOCK;
            const double *y = values + w * (size_t)OPTION_BLOCK;
            for (size_t i = 0; i < n_samples; i++) {
                out->cross[v][w] += x[i] * y[i];
            }
        }
    }
}

static int is_stopped(const option_plan *plan)
{
    return plan->config.stop_flag != NULL && *plan->config.stop_flag != 0;
}

/* From one thread only. */
static void report_progress(const option_plan *plan, uint64_t n_blocks_done)
{
    const fel_montecarlo_config *config = &plan->config;
    const double all = (double)(plan->replicate_paths * plan->n_replicates);
    const double share = (double)n_blocks_done / (double)(plan->n_blocks * plan->n_replicates);
    if (config->progress != NULL) {
        config->progress(config->progress_payload, "paths", share * all, all);
    }
}

static fel_status sample_block(void *payload, size_t index, int thread)
{
    sampling *s = payload;
    const option_plan *plan = s->plan;
    workroom *room = &s->rooms[thread];
    if (room->values == NULL) {
        FEL_TRY(room_open(room, plan));
    }
    const size_t replicate = index / plan->n_blocks;
    const uint64_t first = index % plan->n_blocks * OPTION_BLOCK;
    const uint64_t left = plan->replicate_paths - first;
    const size_t n = left < OPTION_BLOCK ? (size_t)left : (size_t)OPTION_BLOCK;
    for (size_t at = 0; at < n; at += plan->chunk_paths) {
        if (is_stopped(plan)) {
            return FEL_RAISE(FEL_ERR_STOPPED, "pricing interrupted");
        }
        const size_t size = n - at < plan->chunk_paths ? n - at : plan->chunk_paths;
        FEL_TRY(sample_chunk(plan, room, replicate, first + at, size, room->values + at));
    }
    block_moments(plan, room->values, n, &s->moments[index]);
    const uint64_t done = __atomic_add_fetch(&s->n_done, 1, __ATOMIC_RELAXED);
    if (thread == 0) {
        report_progress(plan, done);
    }
    return FEL_OK;
}

fel_status option_sample(const option_plan *plan, option_moments *moments)
{
    const int n_threads = threads_count(plan->config.n_threads);
    sampling s = {plan, moments, calloc((size_t)n_threads, sizeof(workroom)), 0};
    if (s.rooms == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %d threads", n_threads);
    }
    const fel_status status =
        threads_run(n_threads, plan->n_blocks * plan->n_replicates, sample_block, &s);
    for (int t = 0; t < n_threads; t++) {
        room_close(&s.rooms[t]);
    }
    free(s.rooms);
    if (status == FEL_OK) {
        report_progress(plan, plan->n_blocks * plan->n_replicates);
    }
    return status;
}
