/* sim/pathfeed_source.c - what simulated and resampled paths have in common: the series that a
 * source describes, and single paths as series. */
#include <math.h>
#include <stdlib.h>

#include "sim/pathfeed_internal.h"

fel_status path_source_alloc(fel_path_source *source, size_t n_series, size_t n_times)
{
    source->n_series = n_series;
    source->n_times = n_times;
    source->infos = arena_array(&source->memory, n_series, sizeof(*source->infos));
    source->n_rows = arena_array(&source->memory, n_series, sizeof(*source->n_rows));
    source->missing = arena_array(&source->memory, n_times, sizeof(double));
    source->time_ns = arena_array(&source->memory, n_times, sizeof(int64_t));
    source->open_ns = arena_array(&source->memory, n_times, sizeof(int64_t));
    if (source->infos == NULL || source->n_rows == NULL || source->missing == NULL ||
        source->time_ns == NULL || source->open_ns == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu series of %zu rows", n_series, n_times);
    }
    for (size_t i = 0; i < n_times; i++) {
        source->missing[i] = (double)NAN;
    }
    return FEL_OK;
}

void fel_path_source_destroy(fel_path_source *source)
{
    if (source == NULL) {
        return;
    }
    fel_paths_destroy(source->simulated.paths);
    arena_free(&source->memory);
    free(source);
}

void fel_path_source_watch(fel_path_source *source, const volatile int *stop_flag)
{
    source->stop_flag = stop_flag;
}

size_t fel_path_source_count(const fel_path_source *source)
{
    return source->n_series;
}

const fel_series_info *fel_path_source_describe(const fel_path_source *source, size_t series)
{
    return &source->infos[series];
}

size_t fel_path_source_rows(const fel_path_source *source, size_t series)
{
    return source->n_rows[series];
}

const int64_t *fel_path_source_times(const fel_path_source *source)
{
    return source->time_ns;
}

const double *fel_path_source_correlation(const fel_path_source *source, size_t *n)
{
    *n = source->simulated.n_drivers;
    return source->simulated.correlation;
}

/* ---- one path -------------------------------------------------------------------------------- */

static fel_status copy_series(const fel_path_source *source, const fel_path_room *room,
                              size_t series, fel_series **out)
{
    fel_feed feed = {NULL, NULL};
    fel_block rows;
    FEL_TRY(fel_path_room_feed(room, series, FEL_TIME_MIN, FEL_TIME_MAX, &feed));
    fel_status status = feed.code->next(feed.self, &rows);
    if (status == FEL_OK) {
        status = fel_series_create(out, &source->infos[series], &rows);
    }
    fel_feed_destroy(&feed);
    return status;
}

static fel_status copy_all(const fel_path_source *source, fel_path_room *room, uint64_t path,
                           fel_series **out, size_t *n_made)
{
    FEL_TRY(fel_path_room_fill(room, path, 1));
    for (; *n_made < source->n_series; ++*n_made) {
        FEL_TRY(copy_series(source, room, *n_made, &out[*n_made]));
    }
    return FEL_OK;
}

fel_status fel_path_source_series(const fel_path_source *source, uint64_t path, fel_series **out)
{
    fel_path_room *room = NULL;
    size_t n_made = 0;
    FEL_TRY(fel_path_room_create(&room, source, 1));
    const fel_status status = copy_all(source, room, path, out, &n_made);
    fel_path_room_destroy(room);
    while (status != FEL_OK && n_made > 0) {
        fel_series_destroy(out[--n_made]);
        out[n_made] = NULL;
    }
    return status;
}
