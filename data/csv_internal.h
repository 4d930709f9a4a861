/* data/csv_internal.h - reading CSV as a stream of batches: what fel_csv_read and the store's
 * import are made of. Memory is bounded by the batch, whatever the size of the file (except with
 * options.sort, which must hold the whole file). */
#ifndef FEL_MODULE_DATA
#error "data/csv_internal.h is for files of data/ only"
#endif
#ifndef FEL_DATA_CSV_INTERNAL_H
#define FEL_DATA_CSV_INTERNAL_H

#include <feller/data.h>

typedef struct csv_reader csv_reader;

/* Rows of one series out of a batch, in time order and later than all rows of this series before.
 */
typedef struct csv_part {
    size_t series; /* index for csv_reader_series() */
    fel_block rows;
} csv_part;

/* What one call of csv_reader_next found; n = 0 at the end of the file. A series may have several
 * parts in a batch: take them in order. Good until the next call. */
typedef struct csv_batch {
    const csv_part *parts;
    size_t n;
} csv_batch;

/* Open, find out the layout, check the options. ERR_IO, ERR_FORMAT, ERR_ARG, ERR_NOMEM. */
fel_status csv_reader_open(csv_reader **out, const char *path, const fel_csv_options *options);

/* Parse and validate the next stretch of the file. A series has open_ns in all of its parts or
 * none. */
fel_status csv_reader_next(csv_reader *r, csv_batch *out);

/* Series met so far: bars, quotes or signals by symbol, and the actions found beside them (their
 * own series, kind ACTION). ticks_per_unit and source_hash are final only after the end of the
 * file. */
size_t csv_reader_count(const csv_reader *r);
const fel_series_info *csv_reader_series(const csv_reader *r, size_t index);

/* The share of the file that the batches so far come from, 0 .. 1; 0 where it is not known. */
double csv_reader_share(const csv_reader *r);
/* Tell the options' progress callback how far the file has been read. */
void csv_reader_tell_progress(const csv_reader *r);

/* After the last batch: put the quarantine file in place and fill *summary (may be NULL). */
fel_status csv_reader_finish(csv_reader *r, fel_csv_summary *summary);

/* Without finish before it, nothing of the quarantine file is left. NULL is allowed. */
void csv_reader_close(csv_reader *r);

#endif
