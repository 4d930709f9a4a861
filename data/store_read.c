/* data/store_read.c - rows of a series into memory: every chunk of every column is a piece of work
 * for some core, decoded straight into its place. */
#include <string.h>

#include "data/store_handle_internal.h"

/* Segments open at a time: well below what a process may have open. */
enum { OPEN_PARTS = 64 };

/* A part with rows in the range. */
typedef struct loaded_part {
    const store_part *part;
    segment_reader *reader;
    size_t first, end;  /* its rows in the range */
    size_t first_chunk; /* of those rows */
    size_t row;         /* where they go */
    size_t first_piece; /* pieces of this group before this part */
} loaded_part;

typedef struct loading {
    store_place place;
    const store_series *series;
    loaded_part *all;   /* n_all */
    loaded_part *parts; /* the group that is open, n_parts */
    size_t n_all, n_parts, n_rows, n_lanes;
    int has_open;
    store_works works;
    series_rows to;
} loading;

/* Which rows of which parts, and where they go. */
static fel_status find_rows(loading *l, int64_t start_ns, int64_t end_ns)
{
    size_t first = 0, end = 0;
    store_parts_between(l->series, start_ns, end_ns, &first, &end);
    l->all = calloc(end - first + 1, sizeof(*l->all));
    if (l->all == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu segments", end - first);
    }
    for (size_t p = first; p < end; p++) {
        loaded_part *to = &l->all[l->n_all];
        to->part = &l->series->parts.items[p];
        FEL_TRY(store_part_rows(&l->place, l->series, to->part, start_ns, end_ns, &to->first,
                                &to->end));
        to->row = l->n_rows;
        l->n_rows += to->end - to->first;
        l->has_open |= to->part->has_open;
        l->n_all += to->end > to->first;
    }
    l->n_lanes = 1 + l->series->info.n_columns + (size_t)l->has_open;
    return FEL_OK;
}

static const loaded_part *part_of_piece(const loading *l, size_t index)
{
    size_t low = 0, high = l->n_parts; /* the last part that begins at or before the piece */
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (l->parts[middle].first_piece <= index) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return &l->parts[low];
}

static codec_target lane_target(const series_rows *rows, size_t lane, size_t n_columns, size_t row)
{
    const codec_target to = {lane == 0               ? rows->time_ns + row
                             : lane == n_columns + 1 ? rows->open_ns + row
                                                     : NULL,
                             lane > 0 && lane <= n_columns ? rows->columns[lane - 1] + row : NULL};
    return to;
}

static fel_status read_piece(void *payload, size_t index, int thread)
{
    const loading *l = payload;
    const loaded_part *part = part_of_piece(l, index);
    const segment_shape shape = segment_reader_shape(part->reader);
    const size_t local = index - part->first_piece;
    const size_t chunk = part->first_chunk + local / l->n_lanes, at = chunk * shape.chunk_rows;
    const size_t first = part->first > at ? part->first - at : 0;
    const size_t left = part->end - at, end = left < shape.chunk_rows ? left : shape.chunk_rows;
    const store_piece piece = {local % l->n_lanes, chunk, first, end};
    return store_piece_read(part->reader, l->works.items[thread], l->series->info.length_ns, &piece,
                            lane_target(&l->to, piece.lane, l->series->info.n_columns,
                                        part->row + at + first - part->first));
}

static fel_status read_group(loading *l)
{
    size_t n_pieces = 0;
    for (size_t p = 0; p < l->n_parts; p++) {
        loaded_part *part = &l->parts[p];
        FEL_TRY(store_part_open(&part->reader, &l->place, l->series, part->part));
        const size_t chunk_rows = segment_reader_shape(part->reader).chunk_rows;
        part->first_chunk = part->first / chunk_rows;
        part->first_piece = n_pieces;
        n_pieces += ((part->end + chunk_rows - 1) / chunk_rows - part->first_chunk) * l->n_lanes;
    }
    return threads_run(0, n_pieces, read_piece, l);
}

static fel_status read_parts(loading *l)
{
    fel_status status = FEL_OK;
    for (size_t at = 0; status == FEL_OK && at < l->n_all; at += OPEN_PARTS) {
        const size_t left = l->n_all - at;
        l->parts = l->all + at;
        l->n_parts = left < OPEN_PARTS ? left : OPEN_PARTS;
        status = read_group(l);
        for (size_t p = 0; p < l->n_parts; p++) {
            segment_reader_close(l->parts[p].reader);
        }
    }
    return status;
}

static fel_status load_rows(loading *l, fel_series **out)
{
    fel_series *series = NULL;
    FEL_TRY(series_alloc(&series, &l->series->info, l->n_rows, l->has_open, &l->to));
    fel_status status = read_parts(l);
    if (status == FEL_OK) {
        status = series_check(series);
    }
    if (status != FEL_OK) {
        fel_series_destroy(series);
        return status;
    }
    *out = series;
    return FEL_OK;
}

fel_status fel_store_read(const fel_store *store, size_t index, int64_t start_ns, int64_t end_ns,
                          fel_series **out)
{
    if (index >= store->index->series.n) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s: entry %zu is not one of %zu", store->path, index,
                         store->index->series.n);
    }
    loading l;
    memset(&l, 0, sizeof(l));
    l.place.path = store->path;
    l.place.index = store->index;
    l.series = &store->index->series.items[index];
    fel_status status = store_works_create(&l.works, 0);
    if (status == FEL_OK) {
        status = find_rows(&l, start_ns, end_ns);
    }
    if (status == FEL_OK) {
        status = load_rows(&l, out);
    }
    free(l.all);
    store_works_destroy(&l.works);
    return status;
}
