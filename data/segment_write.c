/* data/segment_write.c - a segment is made in memory and written to disk in one go: a full disk or
 * a kill meets plain file writes only, never a half-flushed HDF5 file. Chunks are packed on all
 * cores, a few dozen at a time, and handed to HDF5 in a fixed order: the file's bytes do not depend
 * on the number of threads. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/segment_internal.h"
#include "data/segment_sink_internal.h"

enum { SLOTS = 32 };

struct segment_writer {
    sink_file file;
    uint32_t n_groups;
    size_t n_bytes;
    size_t n_threads;
    codec_work **works;  /* one a thread */
    uint8_t *slot_bytes; /* SLOTS packed chunks */
};

/* One series on its way in. */
typedef struct packing {
    segment_writer *writer;
    const fel_series_info *info;
    const fel_block *rows;
    codec_plan plans[H5_MOST_LANES];
    size_t n_lanes, n_chunks, chunk_rows;
    int64_t *table;
    size_t first_piece; /* of the chunks in the slots */
    codec_bytes slots[SLOTS];
} packing;

fel_status segment_writer_create(segment_writer **out)
{
    segment_writer *w = calloc(1, sizeof(*w));
    if (w == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a segment");
    }
    w->file.id = -1;
    w->n_threads = (size_t)threads_count(0);
    w->works = calloc(w->n_threads, sizeof(codec_work *));
    w->slot_bytes = malloc(SLOTS * codec_bound(SEGMENT_CHUNK_ROWS));
    fel_status status = FEL_OK;
    if (w->works == NULL || w->slot_bytes == NULL) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "no memory for a segment");
    }
    for (size_t t = 0; status == FEL_OK && t < w->n_threads; t++) {
        status = codec_work_create(&w->works[t], SEGMENT_CHUNK_ROWS, 1);
    }
    if (status == FEL_OK) {
        h5_scope scope;
        h5_begin(&scope);
        status = sink_file_create(&w->file);
        h5_end(&scope);
    }
    if (status != FEL_OK) {
        segment_writer_destroy(w);
        return status;
    }
    *out = w;
    return FEL_OK;
}

void segment_writer_destroy(segment_writer *w)
{
    if (w == NULL) {
        return;
    }
    h5_scope scope;
    h5_begin(&scope);
    h5_close(w->file.id);
    h5_end(&scope);
    free(w->file.image);
    for (size_t t = 0; w->works != NULL && t < w->n_threads; t++) {
        codec_work_destroy(w->works[t]);
    }
    free(w->works);
    free(w->slot_bytes);
    free(w);
}

size_t segment_writer_bytes(const segment_writer *w)
{
    return w->n_bytes;
}

static codec_column lane_column(const packing *p, size_t lane)
{
    const fel_block *rows = p->rows;
    const codec_column column = {lane == 0                ? rows->time_ns
                                 : lane > rows->n_columns ? rows->open_ns
                                                          : NULL,
                                 lane > 0 && lane <= rows->n_columns ? rows->columns[lane - 1]
                                                                     : NULL};
    return column;
}

static fel_status plan_lane(void *payload, size_t lane, int thread)
{
    packing *p = payload;
    const int is_bar_price = p->info->kind == FEL_DATA_BAR && lane < FEL_BAR_COLUMNS;
    const double hint = is_bar_price ? p->info->instrument.ticks_per_unit : 0.0;
    p->plans[lane] = codec_make_plan(lane_column(p, lane), p->rows->n, p->chunk_rows, hint,
                                     codec_work_numbers(p->writer->works[thread]));
    return FEL_OK;
}

static int64_t *table_row(const packing *p, size_t chunk)
{
    return p->table + chunk * (H5_TABLE_TIMES + H5_TABLE_PER_LANE * p->n_lanes);
}

/* Pieces are numbered chunk by chunk, so that a reader of all columns reads the file in order. */
static fel_status pack_piece(void *payload, size_t slot, int thread)
{
    packing *p = payload;
    const size_t piece = p->first_piece + slot;
    const size_t chunk = piece / p->n_lanes, lane = piece % p->n_lanes, at = chunk * p->chunk_rows;
    const size_t left = p->rows->n - at, n = left < p->chunk_rows ? left : p->chunk_rows;
    codec_bytes *bytes = &p->slots[slot];
    codec_chunk head;
    bytes->data = p->writer->slot_bytes + slot * codec_bound(SEGMENT_CHUNK_ROWS);
    codec_pack(p->writer->works[thread], &p->plans[lane], lane_column(p, lane), at, n, &head,
               bytes);
    int64_t *row = table_row(p, chunk);
    if (lane == 0) {
        row[0] = p->rows->time_ns[at];
        row[1] = p->rows->time_ns[at + n - 1];
    }
    int64_t *fields = row + H5_TABLE_TIMES + H5_TABLE_PER_LANE * lane;
    fields[0] = head.first;
    fields[1] = head.step;
    fields[2] = (int64_t)head.checksum;
    return FEL_OK;
}

/* Put the packed slots into the file. */
static fel_status put_slots(packing *p, const segment_sink *sink, size_t n)
{
    h5_scope scope;
    h5_begin(&scope);
    fel_status status = FEL_OK;
    for (size_t slot = 0; status == FEL_OK && slot < n; slot++) {
        const size_t piece = p->first_piece + slot;
        status = sink_put(sink, piece % p->n_lanes, piece / p->n_lanes, &p->slots[slot]);
        p->writer->n_bytes += p->slots[slot].size;
    }
    h5_end(&scope);
    return status;
}

static fel_status put_pieces(packing *p, const segment_sink *sink)
{
    const size_t n_pieces = p->n_lanes * p->n_chunks;
    for (p->first_piece = 0; p->first_piece < n_pieces; p->first_piece += SLOTS) {
        const size_t left = n_pieces - p->first_piece, n = left < SLOTS ? left : SLOTS;
        FEL_TRY(threads_run(0, n, pack_piece, p));
        FEL_TRY(put_slots(p, sink, n));
    }
    h5_scope scope;
    h5_begin(&scope);
    const fel_status status = sink_put_table(sink, p->table);
    h5_end(&scope);
    return status;
}

static fel_status put_series(packing *p)
{
    segment_sink sink;
    h5_scope scope;
    h5_begin(&scope);
    fel_status status = sink_open(&sink, &p->writer->file, p->writer->n_groups, p->info, p->plans,
                                  p->n_lanes, p->rows->n);
    h5_end(&scope);
    if (status == FEL_OK) {
        status = put_pieces(p, &sink);
    }
    h5_begin(&scope);
    sink_close(&sink);
    h5_end(&scope);
    return status;
}

fel_status segment_writer_add(segment_writer *w, const fel_series_info *info, const fel_block *rows,
                              uint32_t *group)
{
    packing p = {.writer = w, .info = info, .rows = rows};
    p.n_chunks = (rows->n + SEGMENT_CHUNK_ROWS - 1) / SEGMENT_CHUNK_ROWS;
    p.chunk_rows = (rows->n + p.n_chunks - 1) / p.n_chunks; /* even chunks: little to fill up */
    p.n_chunks = (rows->n + p.chunk_rows - 1) / p.chunk_rows;
    p.n_lanes = 1 + info->n_columns + (rows->open_ns != NULL);
    p.table =
        calloc(p.n_chunks * (H5_TABLE_TIMES + H5_TABLE_PER_LANE * p.n_lanes), sizeof(int64_t));
    if (p.table == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu chunks", p.n_chunks);
    }
    fel_status status = threads_run(0, p.n_lanes, plan_lane, &p);
    if (status == FEL_OK) {
        status = put_series(&p);
    }
    if (status == FEL_OK) {
        *group = w->n_groups++;
    }
    free(p.table);
    return status;
}

fel_status write_whole_file(const char *path, const void *bytes, size_t size)
{
    outfile file;
    FEL_TRY(outfile_open(&file, path));
    if (fwrite(bytes, 1, size, file.stream) != size || fflush(file.stream) != 0) {
        const fel_status status =
            FEL_RAISE(FEL_ERR_IO, "%s: cannot write: %s", path, strerror(errno));
        outfile_abandon(&file);
        return status;
    }
    return outfile_commit(&file);
}

fel_status segment_writer_save(segment_writer *w, const char *path, uint64_t *n_bytes,
                               char checksum[HASH_TEXT_SIZE])
{
    hasher *h = NULL;
    h5_scope scope;
    h5_begin(&scope);
    fel_status status = sink_file_finish(&w->file);
    h5_end(&scope);
    if (status == FEL_OK) {
        status = hasher_create(&h);
    }
    if (status == FEL_OK) {
        hasher_add(h, w->file.image, w->file.size);
        hasher_text(h, checksum);
        *n_bytes = w->file.size;
        status = write_whole_file(path, w->file.image, w->file.size);
    }
    hasher_destroy(h);
    return status;
}
