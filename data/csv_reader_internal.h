/* data/csv_reader_internal.h - what the files that make up the reader share. */
#ifndef FEL_MODULE_DATA
#error "data/csv_reader_internal.h is for files of data/ only"
#endif
#ifndef FEL_DATA_CSV_READER_INTERNAL_H
#define FEL_DATA_CSV_READER_INTERNAL_H

#include "core/core.h"
#include "data/csv_internal.h"
#include "data/csv_source_internal.h"
#include "data/csv_table_internal.h"

/* A row of a file of factors. */
typedef struct csv_factors {
    int64_t time_ns;
    double price, split, close;
} csv_factors;

/* A series that the file holds, and where its rows have got to. */
typedef struct csv_series {
    fel_series_info info;
    csv_factors factors; /* of the row before; split 0: none yet */
    int64_t actions;     /* index of the series of its corporate actions, or -1 */
    uint64_t n, last_line;
    int64_t last_wall_ns, last_close_ns;
    tick_grid grid;
} csv_series;

/* One corporate action; a block of one row points into it. */
typedef struct csv_action {
    size_t series;
    int64_t time_ns;
    double kind, value;
    const double *columns[FEL_ACTION_COLUMNS];
} csv_action;

/* Whole rows of the buffer that one thread takes apart. */
typedef struct csv_piece {
    const char *bytes;
    size_t size;
} csv_piece;

struct csv_reader {
    char *path, *quarantine_path;
    csv_source *source;
    fel_csv_options options;
    csv_plan plan;
    fel_csv_summary summary;
    /* bytes read and not yet parsed: buffer[start, end) */
    char *buffer;
    size_t capacity, start, end, batch_bytes, piece_bytes;
    int source_ended;
    uint64_t n_taken_bytes; /* parsed so far */
    uint64_t n_lines;       /* line ends before buffer[start] */
    /* pieces of the batch, and a table for each (and one more to sort into) */
    struct {
        csv_piece *items;
        size_t n, capacity;
    } pieces;
    csv_table *tables;
    size_t n_tables, tables_capacity;
    csv_rows *rows; /* one a thread */
    int n_threads;
    /* everything met so far */
    symbol_list symbols;
    struct {
        uint32_t *items; /* symbol number -> series */
        size_t n, capacity;
    } series_of;
    struct {
        csv_series *items;
        size_t n, capacity;
    } series;
    struct {
        csv_action *items;
        size_t n, capacity;
    } actions;
    /* what the batch hands out */
    csv_table grouped;
    struct {
        csv_part *items;
        size_t n, capacity;
    } parts;
    const double **part_columns;
    size_t part_columns_capacity;
    outfile quarantine;
    int quarantine_open;
};

/* csv_reader_open with other sizes: tests read files a byte at a time. */
fel_status csv_reader_open_sized(csv_reader **out, const char *path, const fel_csv_options *options,
                                 size_t batch_bytes, size_t piece_bytes);

/* validate_order.c: rows against those before them; symbols and actions to series. */
fel_status csv_order_rows(csv_reader *r, csv_table *t);
/* csv_reject.c: what is to be done about the bad rows of a batch: an error, or the quarantine file.
 */
fel_status csv_reject_rows(csv_reader *r);
fel_status csv_reject_commit(csv_reader *r);
/* csv_batch.c: the accepted rows of the tables as parts; their tick grids. */
fel_status csv_batch_make(csv_reader *r);
/* csv_sort.c: all rows of the batch in the first table, by time. */
fel_status csv_sort_tables(csv_reader *r);

#endif
