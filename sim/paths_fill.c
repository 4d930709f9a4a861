/* sim/paths_fill.c - requests for paths, in the calling thread or on several. */
#include <stdlib.h>

#include "core/threads.h"
#include "sim/generator_internal.h"

/* Leaves room for rounding up to whole groups. */
static const uint64_t MOST_PATHS = UINT64_C(1) << 62;

static fel_status check_request(const fel_paths *paths, const path_request *request)
{
    if (request->path_stride < request->n_paths) {
        return FEL_RAISE(FEL_ERR_ARG, "path_stride = %zu is below n_paths = %zu",
                         request->path_stride, request->n_paths);
    }
    if (request->n_paths > MOST_PATHS || request->first_path > MOST_PATHS - request->n_paths) {
        return FEL_RAISE(FEL_ERR_RANGE, "paths from %llu on, %zu of them: at most 2^62",
                         (unsigned long long)request->first_path, request->n_paths);
    }
    const size_t rows = (paths->config.n_dates + 1) * paths->n_assets;
    if (request->path_stride > SIZE_MAX / sizeof(double) / rows) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu rows of %zu paths do not fit into memory", rows,
                         request->path_stride);
    }
    return FEL_OK;
}

static fel_status fill_here(const fel_paths *paths, const path_request *request)
{
    path_worker *worker = NULL;
    const size_t n_pieces = worker_pieces(paths, request);
    fel_status status = worker_open(&worker, paths, request);
    for (size_t i = 0; status == FEL_OK && i < n_pieces; i++) {
        status = worker_run(worker, i);
    }
    worker_close(worker);
    return status;
}

typedef struct crew {
    const fel_paths *paths;
    const path_request *request;
    path_worker **workers; /* a thread's is opened by the thread */
} crew;

static fel_status fill_piece(void *payload, size_t index, int thread)
{
    const crew *c = payload;
    path_worker **worker = &c->workers[thread];
    if (*worker == NULL) {
        FEL_TRY(worker_open(worker, c->paths, c->request));
    }
    return worker_run(*worker, index);
}

static fel_status fill_threaded(const fel_paths *paths, const path_request *request, int n_threads)
{
    const size_t n_workers = (size_t)threads_count(n_threads);
    crew c = {paths, request, calloc(n_workers, sizeof(path_worker *))};
    if (c.workers == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu threads", n_workers);
    }
    const fel_status status = threads_run(n_threads, worker_pieces(paths, request), fill_piece, &c);
    for (size_t i = 0; i < n_workers; i++) {
        worker_close(c.workers[i]);
    }
    free(c.workers);
    return status;
}

fel_status paths_fill(const fel_paths *paths, const path_request *request, int n_threads)
{
    FEL_TRY(check_request(paths, request));
    if (request->n_paths == 0) {
        return FEL_OK;
    }
    return n_threads == 1 ? fill_here(paths, request) : fill_threaded(paths, request, n_threads);
}

static path_request request_f64(const fel_path_block_f64 *block)
{
    path_request request = {PATH_F64, block->first_path, block->n_paths, block->path_stride, {0},
                            NULL};
    for (size_t o = 0; o < FEL_PATH_N_OUTPUTS; o++) {
        request.values[o] = block->values[o];
    }
    return request;
}

static path_request request_f32(const fel_path_block_f32 *block)
{
    path_request request = {PATH_F32, block->first_path, block->n_paths, block->path_stride, {0},
                            NULL};
    for (size_t o = 0; o < FEL_PATH_N_OUTPUTS; o++) {
        request.values[o] = block->values[o];
    }
    return request;
}

fel_status fel_paths_fill_f64(const fel_paths *paths, const fel_path_block_f64 *block)
{
    const path_request request = request_f64(block);
    return paths_fill(paths, &request, 1);
}

fel_status fel_paths_fill_f32(const fel_paths *paths, const fel_path_block_f32 *block)
{
    const path_request request = request_f32(block);
    return paths_fill(paths, &request, 1);
}

fel_status fel_paths_fill_parallel_f64(const fel_paths *paths, const fel_path_block_f64 *block,
                                       int n_threads)
{
    const path_request request = request_f64(block);
    return paths_fill(paths, &request, n_threads);
}

fel_status fel_paths_fill_parallel_f32(const fel_paths *paths, const fel_path_block_f32 *block,
                                       int n_threads)
{
    const path_request request = request_f32(block);
    return paths_fill(paths, &request, n_threads);
}
