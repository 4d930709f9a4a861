/* data/store_internal.h - the index of a store in memory, its folder, and changing it. */
#ifndef FEL_MODULE_DATA
#error "data/store_internal.h is for files of data/ only"
#endif
#ifndef FEL_DATA_STORE_INTERNAL_H
#define FEL_DATA_STORE_INTERNAL_H

#include <feller/data.h>

#include "core/core.h"
#include "data/segment_internal.h"
#include "data/series_internal.h"

enum { STORE_SCHEMA = 1, STORE_PATH_SIZE = 4096 };

/* Some rows of a series: a group of a segment file. */
typedef struct store_part {
    uint32_t file; /* its number: 7 is segments/000007.h5 */
    uint32_t group;
    int has_open; /* open instants of its own */
    uint64_t n_rows, n_bytes;
    int64_t first_ns, last_ns;
} store_part;

typedef struct store_hash {
    char text[HASH_TEXT_SIZE];
} store_hash;

/* A series: parts in time order, and the sources that they came from. */
typedef struct store_series {
    fel_series_info info;
    struct {
        store_part *items;
        size_t n, capacity;
    } parts;
    struct {
        store_hash *items;
        size_t n, capacity;
    } sources;
} store_series;

typedef struct store_file {
    uint32_t number;
    int is_verified; /* its checksum was found right; see store_file_verify */
    uint64_t n_bytes;
    char checksum[HASH_TEXT_SIZE];
} store_file;

/* Zero-initialise. Series are sorted by symbol, kind, length. */
typedef struct store_index {
    uint32_t next_file;
    struct {
        store_series *items;
        size_t n, capacity;
    } series;
    struct {
        store_file *items;
        size_t n, capacity;
    } files;
} store_index;

void store_index_clear(store_index *index);
/* Place of the series with this symbol, kind and length; index->series.n if there is none. */
size_t store_index_find(const store_index *index, const fel_series_info *info);
/* Add a series without rows; *at is its place. The others may move. */
fel_status store_index_add(store_index *index, const fel_series_info *info, size_t *at);
/* Forget all rows, to replace them. */
void store_series_drop_parts(store_series *series);
/* Names files that no series has a part in no more. */
void store_index_drop_files(store_index *index);
/* The file with this number; NULL if the index names none. Files are sorted by number. */
store_file *store_index_file(const store_index *index, uint32_t number);
/* What these rows and those before have in common becomes the info; ERR_ARG or ERR_SHAPE says what
 * must not differ. path is for the message. */
fel_status store_series_merge_info(store_series *series, const fel_series_info *info,
                                   const char *path);
/* The coarsest grid that holds two, as ticks per unit; 0 if there is none. */
double store_common_grid(double a, double b);
fel_status store_series_add_source(store_series *series, const char *hash);
/* info.source_hash from the sources: that of the only one, or of the list of them. */
fel_status store_series_sum_sources(store_series *series);

/* Words of the index for enum values; NULL or -1 if unknown. */
const char *store_kind_word(fel_data_kind kind);
int store_kind_find(const char *word);
const char *store_adjustment_word(fel_adjustment adjustment);
int store_adjustment_find(const char *word);
const char *store_instrument_word(fel_instrument_kind kind);
int store_instrument_find(const char *word);
/* "1d", "90m": a length for people. */
void store_length_text(int64_t length_ns, char *text, size_t size);

/* path/index.json. ERR_NOTFOUND if there is none; ERR_FORMAT names the file and what is wrong. */
fel_status store_index_load(store_index *out, const char *path);
fel_status store_index_save(const store_index *index, const char *path);

/* path/index.json and path/segments/NNNNNN.h5; ERR_ARG if the path is too long. */
fel_status store_index_path(const char *path, char out[STORE_PATH_SIZE]);
fel_status store_segment_path(const char *path, uint32_t number, char out[STORE_PATH_SIZE]);

/* Call visit for every name in a folder except . and .. in no certain order; the first failure ends
 * it. */
fel_status store_each_name(const char *folder, fel_status (*visit)(void *payload, const char *name),
                           void *payload);
/* "000012.h5": its number; 0 if it is no such name. */
uint32_t store_segment_number(const char *name);

/* A change of a store: the folder is locked against other writers, the index is as it was last, new
 * segments go to files that no index names. Zero-initialise. */
typedef struct store_change {
    char path[STORE_PATH_SIZE];
    store_index index;
    int lock;               /* file descriptor + 1 */
    int is_new;             /* there was no index */
    int is_committed;       /* or tried: new files are left to the index on disk */
    segment_writer *writer; /* the segment being made, or NULL */
    uint32_t first_new_file;
} store_change;

/* Lock and read the index. may_create: where there is none, begin an empty one, in a new folder or
 * an empty one. */
fel_status store_change_begin(store_change *change, const char *path, int may_create);
/* Add rows to a series of the index, later than those there. */
fel_status store_change_add(store_change *change, size_t series, const fel_block *rows);
/* Write the parts of a series from `first_part` on anew, as few large ones. */
fel_status store_change_rewrite(store_change *change, size_t series, size_t first_part);
/* Put the segment being made, if any, in place. */
fel_status store_change_flush(store_change *change);
/* Flush, replace the index on disk. */
fel_status store_change_commit(store_change *change);
/* Unlock. Without a commit before it the store is as it was. */
void store_change_end(store_change *change);
/* fel_store_import with segments of about round_bytes of rows. */
fel_status store_import_rounds(const char *path, const char *csv_path,
                               const fel_csv_options *options, int replace,
                               fel_csv_summary *summary, size_t round_bytes);
/* Delete what the index does not name: old segments, leftovers of killed writers. After a commit.
 */
fel_status store_change_sweep(store_change *change);

#endif
