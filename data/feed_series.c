/* data/feed_series.c - a feed over a series in memory: windows on its columns, nothing is copied.
 */
#include <stdlib.h>

#include "data/series_internal.h"

typedef struct series_feed {
    fel_block rows;
    size_t first, end, at; /* rows of the series */
    size_t block_rows;
    const double *columns[FEL_MAX_COLUMNS]; /* of the block handed out */
} series_feed;

static fel_status series_feed_next(void *self, fel_block *out)
{
    series_feed *f = self;
    const size_t left = f->end - f->at;
    const size_t n = f->block_rows == 0 || f->block_rows > left ? left : f->block_rows;
    for (size_t c = 0; c < f->rows.n_columns; c++) {
        f->columns[c] = f->rows.columns[c] + f->at;
    }
    const fel_block block = {n, f->rows.n_columns, f->rows.time_ns + f->at,
                             f->rows.open_ns != NULL ? f->rows.open_ns + f->at : NULL, f->columns};
    f->at += n;
    *out = block;
    return FEL_OK;
}

static fel_status series_feed_rewind(void *self)
{
    series_feed *f = self;
    f->at = f->first;
    return FEL_OK;
}

static const fel_feed_class series_feed_class = {
    .struct_size = sizeof(fel_feed_class),
    .name = "series",
    .next = series_feed_next,
    .rewind = series_feed_rewind,
    .destroy = free,
};

fel_status fel_feed_of_series(fel_feed *out, const fel_series *series, int64_t start_ns,
                              int64_t end_ns, size_t block_rows)
{
    series_feed *f = calloc(1, sizeof(*f));
    if (f == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a feed of %zu bytes", sizeof(*f));
    }
    f->rows = fel_series_rows(series);
    f->first = series_lower_bound(f->rows.time_ns, f->rows.n, start_ns);
    f->end = f->rows.n;
    if (end_ns != FEL_TIME_MAX) {
        f->end = series_lower_bound(f->rows.time_ns, f->rows.n, end_ns);
    }
    if (f->end < f->first) {
        f->end = f->first;
    }
    f->at = f->first;
    f->block_rows = block_rows;
    out->code = &series_feed_class;
    out->self = f;
    return FEL_OK;
}
