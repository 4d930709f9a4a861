/* sim/payoff_values.c - what paths pay that are there already.
 *
 * A payoff's value is linear in the discount factors of the dates at which it pays. With growth
 * from each date to maturity in their place it is money of maturity, exactly so where all is paid
 * then. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/paths_internal.h"
#include "sim/payoff_internal.h"

/* Draws are made for so many paths at a time. */
#define GRAIN ((size_t)PATH_ALIGN / 2)

fel_status fel_payoff_check(const fel_payoff *payoff, const fel_process *process, double t_years,
                            size_t n_dates, uint32_t *outputs)
{
    payoff_job job;
    FEL_TRY(payoff_job_init(&job, payoff, process, t_years, n_dates));
    *outputs = UINT32_C(1) << FEL_PATH_SPOT;
    if (job.needs_area) {
        *outputs |= UINT32_C(1) << FEL_PATH_INTEGRATED;
    }
    payoff_job_clear(&job);
    return FEL_OK;
}

static void grow_to_maturity(payoff_job *job)
{
    for (size_t d = 0; d <= job->n_dates; d++) {
        const double left_years = job->t_years * (double)(job->n_dates - d) / (double)job->n_dates;
        job->discount[d] = exp(job->process->rate_per_year * left_years);
    }
}

static double *doubles(size_t n)
{
    return aligned_alloc(64, (n * sizeof(double) + 63) / 64 * 64);
}

/* A path as callbacks see it. */
static double *row_of(const payoff_job *job)
{
    return doubles((job->n_dates + 1) * job->n_assets);
}

/* Whole grains where they lie. */
static fel_status value_in_place(const payoff_job *job, const fel_payoff_paths *paths, size_t n,
                                 double *values)
{
    double *scratch = doubles(PAYOFF_N_SCRATCH * paths->path_stride), *row = row_of(job);
    if (scratch == NULL || row == NULL) {
        free(scratch);
        free(row);
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for payoffs of %zu paths", n);
    }
    const payoff_chunk chunk = {
        .job = job,
        .seed = paths->seed,
        .first_path = paths->first_path,
        .n = n,
        .n_used = n,
        .stride = paths->path_stride,
        .spot = paths->spot,
        .area = paths->integrated,
        .scratch = scratch,
        .row = row,
    };
    const fel_status status = job->kind->value(&chunk, values);
    free(scratch);
    free(row);
    return status;
}

/* The last n < GRAIN paths, copied to where there is room for a grain. */
static const double *copy_rest(const double *from, const fel_payoff_paths *paths, size_t cells,
                               double *to)
{
    const size_t n = paths->n_paths % GRAIN, at = paths->n_paths - n;
    if (from == NULL) {
        return NULL;
    }
    for (size_t c = 0; c < cells; c++) {
        const double *cell = from + c * paths->path_stride + at;
        for (size_t i = 0; i < GRAIN; i++) {
            to[c * GRAIN + i] = cell[i < n ? i : n - 1];
        }
    }
    return to;
}

static fel_status value_rest(const payoff_job *job, const fel_payoff_paths *paths, double *values)
{
    const size_t n = paths->n_paths % GRAIN, at = paths->n_paths - n;
    const size_t cells = (job->n_dates + 1) * job->n_assets;
    double *room = doubles((2 * cells + PAYOFF_N_SCRATCH + 1) * GRAIN), *row = row_of(job);
    if (room == NULL || row == NULL) {
        free(room);
        free(row);
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu dates of paths", job->n_dates);
    }
    double *scratch = room + 2 * cells * GRAIN, *out = scratch + PAYOFF_N_SCRATCH * GRAIN;
    const payoff_chunk chunk = {
        .job = job,
        .seed = paths->seed,
        .first_path = paths->first_path + at,
        .n = GRAIN,
        .n_used = n,
        .stride = GRAIN,
        .spot = copy_rest(paths->spot, paths, cells, room),
        .area = copy_rest(paths->integrated, paths, cells, room + cells * GRAIN),
        .scratch = scratch,
        .row = row,
    };
    const fel_status status = job->kind->value(&chunk, out);
    if (status == FEL_OK) {
        memcpy(values + at, out, n * sizeof(double));
    }
    free(room);
    free(row);
    return status;
}

static fel_status check_paths(const payoff_job *job, const fel_payoff_paths *paths)
{
    if (paths->path_stride < paths->n_paths || paths->n_assets == 0 ||
        paths->n_assets > FEL_PATH_MAX_ASSETS) {
        return FEL_RAISE(FEL_ERR_ARG, "%zu paths of %zu assets in rows of %zu", paths->n_paths,
                         paths->n_assets, paths->path_stride);
    }
    if (job->needs_area && paths->integrated == NULL) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "%s looks between dates and needs the integrated variance of the paths",
                         job->payoff->code->name);
    }
    return FEL_OK;
}

fel_status fel_payoff_values(const fel_payoff *payoff, const fel_payoff_paths *paths,
                             double *values)
{
    payoff_job job;
    FEL_TRY(payoff_job_init(&job, payoff, paths->process, paths->t_years, paths->n_dates));
    job.n_assets = paths->n_assets;
    grow_to_maturity(&job);
    fel_status status = check_paths(&job, paths);
    const size_t whole = paths->n_paths / GRAIN * GRAIN;
    if (status == FEL_OK && whole > 0) {
        status = value_in_place(&job, paths, whole, values);
    }
    if (status == FEL_OK && whole < paths->n_paths) {
        status = value_rest(&job, paths, values);
    }
    payoff_job_clear(&job);
    return status;
}
