/* sim/pathfeed_room.c - a thread's place for a few paths as columns, and feeds over them.
 *
 * How many paths lie in it decides speed only: the generator works on multiples of MOST_SLOTS paths
 * and takes as long for fewer. */
#include <stdlib.h>
#include <string.h>

#include "sim/pathfeed_internal.h"

enum { MOST_SLOTS = 128, CACHE_BYTES = 1 << 20, LARGE_BYTES = 1 << 28, LINE_DOUBLES = 8 };

/* Beyond this a single block of paths is refused: no machine that runs this has so much a thread.
 */
#define MOST_ROOM_BYTES (UINT64_C(1) << 36)

static int is_simulated(const fel_path_source *source)
{
    return source->simulated.paths != NULL;
}

static size_t n_dates(const fel_path_source *source)
{
    return fel_paths_config(source->simulated.paths)->n_dates + 1;
}

static size_t count_outputs(const fel_path_source *source)
{
    size_t n = 0;
    for (int i = 0; i < FEL_PATH_N_OUTPUTS; i++) {
        n += source->simulated.wants[i] ? 1 : 0;
    }
    return n;
}

/* Whole cache lines, and not a power of two of them: columns of a path then share no sets. */
static size_t row_stride(const fel_path_source *source)
{
    const size_t lines = (source->n_times + LINE_DOUBLES - 1) / LINE_DOUBLES;
    return (lines | 1) * LINE_DOUBLES;
}

static uint64_t bytes_a_path(const fel_path_source *source)
{
    const uint64_t columns = (uint64_t)row_stride(source) * source->n_series * source->n_values;
    const uint64_t values =
        is_simulated(source)
            ? (uint64_t)n_dates(source) * source->simulated.market.n_assets * count_outputs(source)
            : 0;
    return (columns + values) * sizeof(double);
}

/* The generator's own block, or less where that would be large; as many resampled paths as stay in
 * the cache. */
static size_t choose_slots(const fel_path_source *source, size_t wanted)
{
    const uint64_t room = is_simulated(source) ? LARGE_BYTES : CACHE_BYTES;
    const uint64_t fitting = room / bytes_a_path(source);
    size_t n = fitting < MOST_SLOTS ? (size_t)fitting : MOST_SLOTS;
    n = n < ROOM_LANES ? ROOM_LANES : n / ROOM_LANES * ROOM_LANES;
    if (wanted == 0) {
        return n;
    }
    return is_simulated(source) ? (wanted + ROOM_LANES - 1) / ROOM_LANES * ROOM_LANES : wanted;
}

static double *doubles(uint64_t n)
{
    const uint64_t bytes = (n * sizeof(double) + 63) / 64 * 64;
    return aligned_alloc(64, bytes > 0 ? bytes : 64);
}

static fel_status allocate(fel_path_room *room)
{
    const fel_path_source *s = room->source;
    const simulated_market *m = &s->simulated;
    const uint64_t n_values = (uint64_t)room->n_slots * s->n_series * s->n_values;
    int is_whole = 1;
    room->columns = doubles(n_values * room->row_stride);
    for (int i = 0; is_simulated(s) && i < FEL_PATH_N_OUTPUTS; i++) {
        if (m->wants[i]) {
            const uint64_t n = (uint64_t)n_dates(s) * m->market.n_assets * room->n_slots;
            room->values[i] = doubles(n);
            is_whole = is_whole && room->values[i] != NULL;
            if (room->values[i] != NULL) {
                memset(room->values[i], 0, n * sizeof(double));
            }
        }
    }
    room->prices = doubles(m->largest_group);
    room->drawn = calloc(s->n_times + 1, sizeof(*room->drawn));
    is_whole = is_whole && room->columns != NULL && room->prices != NULL && room->drawn != NULL;
    return is_whole ? FEL_OK
                    : FEL_RAISE(FEL_ERR_NOMEM, "no memory for a block of %zu paths", room->n_slots);
}

fel_status fel_path_room_create(fel_path_room **out, const fel_path_source *source, size_t n_paths)
{
    const size_t n_slots = choose_slots(source, n_paths);
    if (n_slots < n_paths || n_slots > MOST_ROOM_BYTES / bytes_a_path(source)) {
        return FEL_RAISE(FEL_ERR_RANGE, "blocks of %zu paths of %zu rows: too much memory",
                         n_paths > 0 ? n_paths : n_slots, source->n_times);
    }
    fel_path_room *room = calloc(1, sizeof(*room));
    if (room == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a block of paths");
    }
    room->source = source;
    room->n_slots = n_slots;
    room->row_stride = row_stride(source);
    const fel_status status = allocate(room);
    if (status != FEL_OK) {
        fel_path_room_destroy(room);
        return status;
    }
    *out = room;
    return FEL_OK;
}

void fel_path_room_destroy(fel_path_room *room)
{
    if (room == NULL) {
        return;
    }
    for (int i = 0; i < FEL_PATH_N_OUTPUTS; i++) {
        free(room->values[i]);
    }
    free(room->columns);
    free(room->prices);
    free(room->drawn);
    free(room);
}

size_t fel_path_room_size(const fel_path_room *room)
{
    return room->n_slots;
}

fel_status fel_path_room_fill(fel_path_room *room, uint64_t first, size_t n)
{
    if (n == 0 || n > room->n_slots) {
        return FEL_RAISE(FEL_ERR_ARG, "%zu paths for a room of %zu", n, room->n_slots);
    }
    FEL_TRY(room->source->fill(room->source, room, first, n));
    room->n_filled = n;
    room->selected = 0;
    return FEL_OK;
}

void fel_path_room_select(fel_path_room *room, size_t i)
{
    room->selected = i;
}

/* ---- feeds ----------------------------------------------------------------------------------- */

typedef struct room_feed {
    const fel_path_room *room;
    size_t series, first, end;
    int is_done;
    const double *columns[FEL_BAR_COLUMNS];
} room_feed;

static fel_status room_feed_next(void *self, fel_block *out)
{
    room_feed *f = self;
    const fel_path_source *s = f->room->source;
    const size_t n = f->is_done ? 0 : f->end - f->first;
    for (size_t c = 0; c < s->n_columns; c++) {
        const double *column =
            c < s->n_values ? room_column(f->room, f->room->selected, f->series, c) : s->missing;
        f->columns[c] = column + f->first;
    }
    const fel_block block = {n, s->n_columns, s->time_ns + f->first,
                             s->open_ns != NULL ? s->open_ns + f->first : NULL, f->columns};
    f->is_done = 1;
    *out = block;
    return FEL_OK;
}

static fel_status room_feed_rewind(void *self)
{
    room_feed *f = self;
    f->is_done = 0;
    return FEL_OK;
}

static const fel_feed_class room_feed_class = {
    .struct_size = sizeof(fel_feed_class),
    .name = "path",
    .next = room_feed_next,
    .rewind = room_feed_rewind,
    .destroy = free,
};

/* The first of n rows known at t or later. */
static size_t row_at(const int64_t *time_ns, size_t n, int64_t t)
{
    size_t low = 0, high = n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (time_ns[middle] < t) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

fel_status fel_path_room_feed(const fel_path_room *room, size_t series, int64_t start_ns,
                              int64_t end_ns, fel_feed *out)
{
    const fel_path_source *s = room->source;
    if (series >= s->n_series) {
        return FEL_RAISE(FEL_ERR_ARG, "series %zu of a source that has %zu", series, s->n_series);
    }
    room_feed *f = calloc(1, sizeof(*f));
    if (f == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a feed");
    }
    const size_t n = s->n_rows[series];
    f->room = room;
    f->series = series;
    f->first = row_at(s->time_ns, n, start_ns);
    f->end = end_ns == FEL_TIME_MAX ? n : row_at(s->time_ns, n, end_ns);
    f->end = f->end < f->first ? f->first : f->end;
    out->code = &room_feed_class;
    out->self = f;
    return FEL_OK;
}
