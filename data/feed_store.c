/* data/feed_store.c - a feed that holds one chunk of each column: all cores decode the columns of
 * the next chunk when it is asked for, so that memory does not grow with the series. */
#include <string.h>

#include "data/store_handle_internal.h"

typedef struct store_feed {
    store_place place;
    const store_series *series;
    int64_t start_ns, end_ns;
    size_t first_part, end_part; /* parts that may have rows in the range */
    size_t part;                 /* the one that is open or comes next */
    segment_reader *reader;      /* NULL: not open */
    size_t row, end;             /* rows of the open part still to hand out */
    int has_open;                /* some part has open instants */
    store_works works;
    series_rows rows; /* room for one chunk */
    fel_series *room; /* owns it */
    const double *columns[FEL_MAX_COLUMNS];
    store_piece piece; /* what the threads read now; the lane is theirs */
} store_feed;

static void close_part(store_feed *f)
{
    segment_reader_close(f->reader);
    f->reader = NULL;
}

static fel_status store_feed_rewind(void *self)
{
    store_feed *f = self;
    close_part(f);
    f->part = f->first_part;
    f->row = 0;
    f->end = 0;
    return FEL_OK;
}

static void store_feed_destroy(void *self)
{
    store_feed *f = self;
    close_part(f);
    store_works_destroy(&f->works);
    fel_series_destroy(f->room);
    free(f);
}

/* Go on to the next part with rows in the range; none: the reader stays NULL. */
static fel_status open_next(store_feed *f)
{
    close_part(f);
    while (f->part < f->end_part) {
        const store_part *part = &f->series->parts.items[f->part++];
        FEL_TRY(
            store_part_rows(&f->place, f->series, part, f->start_ns, f->end_ns, &f->row, &f->end));
        if (f->row < f->end) {
            return store_part_open(&f->reader, &f->place, f->series, part);
        }
    }
    f->row = f->end;
    return FEL_OK;
}

static fel_status read_lane(void *payload, size_t lane, int thread)
{
    const store_feed *f = payload;
    const size_t n_columns = f->series->info.n_columns;
    const int is_column = lane > 0 && lane <= n_columns;
    const codec_target to = {is_column   ? NULL
                             : lane == 0 ? f->rows.time_ns
                                         : f->rows.open_ns,
                             is_column ? f->rows.columns[lane - 1] : NULL};
    store_piece piece = f->piece;
    piece.lane = lane;
    return store_piece_read(f->reader, f->works.items[thread], f->series->info.length_ns, &piece,
                            to);
}

static fel_status store_feed_next(void *self, fel_block *out)
{
    store_feed *f = self;
    const size_t n_columns = f->series->info.n_columns;
    fel_block block = {0, n_columns, f->rows.time_ns, f->has_open ? f->rows.open_ns : NULL,
                       f->columns};
    if (f->row == f->end) {
        FEL_TRY(open_next(f));
    }
    if (f->reader != NULL) {
        const size_t chunk_rows = segment_reader_shape(f->reader).chunk_rows;
        const size_t chunk = f->row / chunk_rows, at = chunk * chunk_rows, left = f->end - at;
        f->piece.chunk = chunk;
        f->piece.first = f->row - at;
        f->piece.end = left < chunk_rows ? left : chunk_rows;
        FEL_TRY(threads_run(0, 1 + n_columns + (size_t)f->has_open, read_lane, f));
        block.n = f->piece.end - f->piece.first;
        f->row += block.n;
    }
    *out = block;
    return FEL_OK;
}

static const fel_feed_class store_feed_class = {
    .struct_size = sizeof(fel_feed_class),
    .name = "store",
    .next = store_feed_next,
    .rewind = store_feed_rewind,
    .destroy = store_feed_destroy,
};

/* Room for the largest chunk that any part can have. */
static fel_status make_room(store_feed *f)
{
    size_t most = 1;
    for (size_t p = f->first_part; p < f->end_part; p++) {
        const store_part *part = &f->series->parts.items[p];
        const size_t rows =
            part->n_rows < SEGMENT_CHUNK_ROWS ? (size_t)part->n_rows : SEGMENT_CHUNK_ROWS;
        most = rows > most ? rows : most;
        f->has_open |= part->has_open;
    }
    FEL_TRY(series_alloc(&f->room, &f->series->info, most, f->has_open, &f->rows));
    for (size_t c = 0; c < f->series->info.n_columns; c++) {
        f->columns[c] = f->rows.columns[c];
    }
    return FEL_OK;
}

fel_status store_feed_open(fel_feed *out, const store_place *place, const store_series *series,
                           int64_t start_ns, int64_t end_ns)
{
    store_feed *f = calloc(1, sizeof(*f));
    if (f == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a feed of %s", place->path);
    }
    f->place = *place;
    f->series = series;
    f->start_ns = start_ns;
    f->end_ns = end_ns;
    store_parts_between(series, start_ns, end_ns, &f->first_part, &f->end_part);
    f->part = f->first_part;
    fel_status status = store_works_create(&f->works, 0);
    if (status == FEL_OK) {
        status = make_room(f);
    }
    if (status != FEL_OK) {
        store_feed_destroy(f);
        return status;
    }
    out->code = &store_feed_class;
    out->self = f;
    return FEL_OK;
}

fel_status fel_feed_of_store(fel_feed *out, const fel_store *store, size_t index, int64_t start_ns,
                             int64_t end_ns)
{
    if (index >= store->index->series.n) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s: entry %zu is not one of %zu", store->path, index,
                         store->index->series.n);
    }
    const store_place place = {store->path, store->index};
    return store_feed_open(out, &place, &store->index->series.items[index], start_ns, end_ns);
}
