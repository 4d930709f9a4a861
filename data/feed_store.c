/* data/feed_store.c - a feed that holds two chunks of each column: the one that it has handed out
 * and the next, which a few threads decode meanwhile. Memory does not grow with the series. */
#include <errno.h>
#include <string.h>

#include "data/feed_crew_internal.h"
#include "data/store_handle_internal.h"

/* More would wait for one another: a block has six columns or so. */
enum { MOST_HELPERS = 3, N_ROOMS = 2 };

/* Place for a block. */
typedef struct feed_room {
    fel_series *memory;
    series_rows rows;
    const double *columns[FEL_MAX_COLUMNS];
    size_t n;
} feed_room;

typedef struct store_feed {
    store_place place;
    const store_series *series;
    int64_t start_ns, end_ns;
    size_t first_part, end_part; /* parts that may have rows in the range */
    size_t part;                 /* the next one to open */
    segment_reader *reader;      /* NULL: not open */
    size_t row, end;             /* rows of the open part not yet asked for */
    int has_open;                /* some part has open instants */
    int is_begun;                /* the crew has the next block, or it was found to be the end */
    fel_status status;           /* of finding the next block */
    fel_error error;
    size_t coming;     /* the room of the next block */
    store_piece piece; /* what the crew reads; the lane is each thread's */
    feed_room rooms[N_ROOMS];
    store_works works;
    crew *crew;
} store_feed;

static void close_part(store_feed *f)
{
    segment_reader_close(f->reader);
    f->reader = NULL;
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
    const series_rows *rows = &f->rooms[f->coming].rows;
    const size_t n_columns = f->series->info.n_columns;
    const int is_column = lane > 0 && lane <= n_columns;
    const codec_target to = {is_column   ? NULL
                             : lane == 0 ? rows->time_ns
                                         : rows->open_ns,
                             is_column ? rows->columns[lane - 1] : NULL};
    store_piece piece = f->piece;
    piece.lane = lane;
    return store_piece_read(f->reader, f->works.items[thread], f->series->info.length_ns, &piece,
                            to);
}

/* Find the next block and let the crew begin with it. */
static void begin_block(store_feed *f)
{
    feed_room *room = &f->rooms[f->coming];
    f->is_begun = 1;
    f->status = f->row == f->end ? open_next(f) : FEL_OK;
    room->n = 0;
    if (f->status != FEL_OK) {
        f->error = *fel_last_error();
    } else if (f->reader != NULL) {
        const size_t chunk_rows = segment_reader_shape(f->reader).chunk_rows;
        const size_t chunk = f->row / chunk_rows, at = chunk * chunk_rows, left = f->end - at;
        f->piece.chunk = chunk;
        f->piece.first = f->row - at;
        f->piece.end = left < chunk_rows ? left : chunk_rows;
        room->n = f->piece.end - f->piece.first;
        f->row += room->n;
        crew_begin(f->crew, 1 + f->series->info.n_columns + (size_t)f->has_open);
    }
}

/* Wait for the block that was begun. */
static fel_status finish_block(store_feed *f)
{
    if (!f->is_begun) {
        begin_block(f);
    }
    if (f->status != FEL_OK) {
        errno = f->error.os_errno;
        fel_raise_at(f->error.status, f->error.file, f->error.line, f->error.func, "%s",
                     f->error.message);
        return f->status;
    }
    return crew_finish(f->crew);
}

static fel_status store_feed_next(void *self, fel_block *out)
{
    store_feed *f = self;
    FEL_TRY(finish_block(f));
    const feed_room *room = &f->rooms[f->coming];
    const fel_block block = {room->n, f->series->info.n_columns, room->rows.time_ns,
                             room->rows.open_ns, room->columns};
    if (block.n > 0) {
        f->coming = (f->coming + 1) % N_ROOMS;
        begin_block(f);
    }
    *out = block;
    return FEL_OK;
}

static fel_status store_feed_rewind(void *self)
{
    store_feed *f = self;
    (void)crew_finish(f->crew); /* what it was to find is found again */
    close_part(f);
    f->part = f->first_part;
    f->row = 0;
    f->end = 0;
    f->is_begun = 0;
    return FEL_OK;
}

static void store_feed_destroy(void *self)
{
    store_feed *f = self;
    if (f->crew != NULL) {
        (void)crew_finish(f->crew); /* nobody wants the block any more */
    }
    crew_destroy(f->crew);
    close_part(f);
    store_works_destroy(&f->works);
    for (size_t i = 0; i < N_ROOMS; i++) {
        fel_series_destroy(f->rooms[i].memory);
    }
    free(f);
}

static const fel_feed_class store_feed_class = {
    .struct_size = sizeof(fel_feed_class),
    .name = "store",
    .next = store_feed_next,
    .rewind = store_feed_rewind,
    .destroy = store_feed_destroy,
};

/* Rooms for the largest chunk that any part can have. */
static fel_status make_rooms(store_feed *f)
{
    size_t most = 1;
    for (size_t p = f->first_part; p < f->end_part; p++) {
        const store_part *part = &f->series->parts.items[p];
        const size_t rows =
            part->n_rows < SEGMENT_CHUNK_ROWS ? (size_t)part->n_rows : SEGMENT_CHUNK_ROWS;
        most = rows > most ? rows : most;
        f->has_open |= part->has_open;
    }
    for (size_t i = 0; i < N_ROOMS; i++) {
        feed_room *room = &f->rooms[i];
        FEL_TRY(series_alloc(&room->memory, &f->series->info, most, f->has_open, &room->rows));
        for (size_t c = 0; c < f->series->info.n_columns; c++) {
            room->columns[c] = room->rows.columns[c];
        }
    }
    return FEL_OK;
}

static fel_status make_crew(store_feed *f)
{
    const int others = threads_count(0) - 1;
    const int n_helpers = others < MOST_HELPERS ? others : MOST_HELPERS;
    FEL_TRY(store_works_create(&f->works, n_helpers + 1));
    return crew_create(&f->crew, n_helpers, read_lane, f);
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
    fel_status status = make_rooms(f);
    if (status == FEL_OK) {
        status = make_crew(f);
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
