/* data/store_handle_internal.h - an open store, and walking over the parts of one of its series. */
#ifndef FEL_MODULE_DATA
#error "data/store_handle_internal.h is for files of data/ only"
#endif
#ifndef FEL_DATA_STORE_HANDLE_INTERNAL_H
#define FEL_DATA_STORE_HANDLE_INTERNAL_H

#include "data/store_internal.h"

struct fel_store {
    char path[STORE_PATH_SIZE];
    store_index *index;       /* behind a pointer: files are marked as verified while reading */
    fel_store_entry *entries; /* one for each series of the index */
};

/* Where parts are read from. */
typedef struct store_place {
    const char *path;
    store_index *index;
} store_place;

/* Open the segment of a part. Its file is read whole and held against its checksum the first time,
 * so that HDF5 never sees a damaged one: it does not take them well. */
fel_status store_part_open(segment_reader **out, const store_place *place,
                           const store_series *series, const store_part *part);

/* Parts that may have rows with start_ns <= time < end_ns: their first and one after their last. */
void store_parts_between(const store_series *series, int64_t start_ns, int64_t end_ns,
                         size_t *first, size_t *end);
/* The rows of a part that are in the range; opens it only if it must look inside. */
fel_status store_part_rows(const store_place *place, const store_series *series,
                           const store_part *part, int64_t start_ns, int64_t end_ns, size_t *first,
                           size_t *end);

/* One piece of work: rows first .. end of a chunk of one lane. Lane n_columns + 1, open instants,
 * may be absent from the file: they are then time - length. */
typedef struct store_piece {
    size_t lane, chunk, first, end;
} store_piece;
fel_status store_piece_read(const segment_reader *reader, segment_work *work, int64_t length_ns,
                            const store_piece *piece, codec_target to);

/* A feed over a series' parts; what place points to and series must outlive it. */
fel_status store_feed_open(fel_feed *out, const store_place *place, const store_series *series,
                           int64_t start_ns, int64_t end_ns);

/* A segment_work for each thread. */
typedef struct store_works {
    segment_work **items;
    size_t n;
} store_works;
fel_status store_works_create(store_works *out, int n_threads);
void store_works_destroy(store_works *works);

#endif
