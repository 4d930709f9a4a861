/* data/segment_internal.h - segment files: some rows of one or several series in an HDF5 file that
 * is written once and never changed. */
#ifndef FEL_MODULE_DATA
#error "data/segment_internal.h is for files of data/ only"
#endif
#ifndef FEL_DATA_SEGMENT_INTERNAL_H
#define FEL_DATA_SEGMENT_INTERNAL_H

#include <feller/data.h>

#include "core/core.h"
#include "data/codec_internal.h"

/* Rows to a chunk at most: large enough to compress, small enough for the second-level cache. */
enum { SEGMENT_CHUNK_ROWS = 65536 };

/* ---- writing -----------------------------------------------------------------------------------
 */

/* A segment file being made, in memory: it reaches the disk in one write when it is whole. */
typedef struct segment_writer segment_writer;

fel_status segment_writer_create(segment_writer **out);
void segment_writer_destroy(segment_writer *w); /* NULL is allowed */

/* Add rows->n > 0 rows of a series, on all cores. *group is its place in the file. */
fel_status segment_writer_add(segment_writer *w, const fel_series_info *info, const fel_block *rows,
                              uint32_t *group);

/* Bytes of all chunks so far. */
size_t segment_writer_bytes(const segment_writer *w);

/* Put the file in place, synced, and say what is in it. The writer takes no more series. */
fel_status segment_writer_save(segment_writer *w, const char *path, uint64_t *n_bytes,
                               char checksum[HASH_TEXT_SIZE]);

/* A file that is whole and synced or not there. */
fel_status write_whole_file(const char *path, const void *bytes, size_t size);

/* ---- reading -----------------------------------------------------------------------------------
 */

/* One series of a segment file, open. May be shared by threads. */
typedef struct segment_reader segment_reader;

/* ERR_IO if the file cannot be opened, ERR_FORMAT if it is not what the index says. */
fel_status segment_reader_open(segment_reader **out, const char *path, uint32_t group,
                               const fel_series_info *info, uint64_t n_rows);
void segment_reader_close(segment_reader *r); /* NULL is allowed */

typedef struct segment_shape {
    size_t n_rows, chunk_rows, n_chunks;
    int has_open;
    const codec_plan *lanes; /* n_lanes of them: time, columns, open_time */
    size_t n_lanes;
} segment_shape;
segment_shape segment_reader_shape(const segment_reader *r);

/* Instants of a chunk's first and last rows. */
void segment_reader_span(const segment_reader *r, size_t chunk, int64_t *first_ns,
                         int64_t *last_ns);

/* Memory of one thread for reading. */
typedef struct segment_work segment_work;
fel_status segment_work_create(segment_work **out);
void segment_work_destroy(segment_work *work); /* NULL is allowed */

/* First row at or after time_ns; n_rows if there is none. */
fel_status segment_reader_row(const segment_reader *r, segment_work *work, int64_t time_ns,
                              size_t *row);

/* Read rows first .. end of a chunk (counted within the chunk) of one lane. */
fel_status segment_reader_read(const segment_reader *r, segment_work *work, size_t lane,
                               size_t chunk, size_t first, size_t end, codec_target to);

#endif
