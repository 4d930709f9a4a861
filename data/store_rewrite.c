/* data/store_rewrite.c - many small parts of a series into few large ones, a bounded stretch of
 * rows at a time. */
#include <string.h>

#include "data/store_handle_internal.h"

/* Rows are gathered up to this many bytes and become one part. */
enum { GATHER_BYTES = 64 << 20 };

typedef struct gathering {
    store_change *change;
    size_t series; /* in the index */
    size_t capacity, n;
    fel_series *room;
    series_rows rows;
} gathering;

static fel_status put_gathered(gathering *g)
{
    const double *columns[FEL_MAX_COLUMNS];
    const fel_series_info *info = fel_series_describe(g->room);
    for (size_t c = 0; c < info->n_columns; c++) {
        columns[c] = g->rows.columns[c];
    }
    const fel_block rows = {g->n, info->n_columns, g->rows.time_ns, g->rows.open_ns, columns};
    FEL_TRY(store_change_add(g->change, g->series, &rows));
    g->n = 0;
    return FEL_OK;
}

static void copy_rows(gathering *g, const fel_block *b, size_t at, size_t n)
{
    memcpy(g->rows.time_ns + g->n, b->time_ns + at, n * sizeof(int64_t));
    if (b->open_ns != NULL) {
        memcpy(g->rows.open_ns + g->n, b->open_ns + at, n * sizeof(int64_t));
    }
    for (size_t c = 0; c < b->n_columns; c++) {
        memcpy(g->rows.columns[c] + g->n, b->columns[c] + at, n * sizeof(double));
    }
    g->n += n;
}

static fel_status gather_block(gathering *g, const fel_block *b)
{
    size_t at = 0;
    while (at < b->n) {
        const size_t left = b->n - at, room = g->capacity - g->n, n = left < room ? left : room;
        copy_rows(g, b, at, n);
        at += n;
        if (g->n == g->capacity) {
            FEL_TRY(put_gathered(g));
        }
    }
    return FEL_OK;
}

static fel_status gather_all(gathering *g, const store_series *old)
{
    uint64_t n_rows = 0;
    int has_open = 0;
    for (size_t p = 0; p < old->parts.n; p++) {
        n_rows += old->parts.items[p].n_rows;
        has_open |= old->parts.items[p].has_open;
    }
    const size_t most = GATHER_BYTES / sizeof(double) / (old->info.n_columns + 2);
    g->capacity = n_rows < most ? (size_t)n_rows : most;
    FEL_TRY(series_alloc(&g->room, &old->info, g->capacity, has_open, &g->rows));
    fel_feed feed;
    const store_place place = {g->change->path, &g->change->index};
    FEL_TRY(store_feed_open(&feed, &place, old, FEL_TIME_MIN, FEL_TIME_MAX));
    fel_block block = {.n = 1};
    fel_status status = FEL_OK;
    while (status == FEL_OK && block.n > 0) {
        status = feed.code->next(feed.self, &block);
        if (status == FEL_OK) {
            status = gather_block(g, &block);
        }
    }
    fel_feed_destroy(&feed);
    return status == FEL_OK ? put_gathered(g) : status;
}

fel_status store_change_rewrite(store_change *change, size_t series, size_t first_part)
{
    store_series *s = &change->index.series.items[series];
    const size_t n = s->parts.n - first_part;
    if (n == 0) {
        return FEL_OK;
    }
    store_series old = *s;
    gathering g = {.change = change, .series = series};
    old.parts.items = calloc(n, sizeof(*old.parts.items));
    old.parts.n = n;
    if (old.parts.items == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu segments", n);
    }
    memcpy(old.parts.items, s->parts.items + first_part, n * sizeof(*old.parts.items));
    s->parts.n = first_part;
    const fel_status status = gather_all(&g, &old);
    fel_series_destroy(g.room);
    free(old.parts.items);
    return status;
}

fel_status fel_store_compact(const char *path)
{
    store_change change;
    memset(&change, 0, sizeof(change));
    fel_status status = store_change_begin(&change, path, 0);
    for (size_t s = 0; status == FEL_OK && s < change.index.series.n; s++) {
        status = store_change_rewrite(&change, s, 0);
    }
    if (status == FEL_OK) {
        status = store_change_commit(&change);
    }
    if (status == FEL_OK) {
        status = store_change_sweep(&change);
    }
    store_change_end(&change);
    return status;
}
