/* tests/unit/data/sample_series.h - series for tests of the store: on and off grids, with holes,
 * huge. */
#ifndef FEL_TESTS_SAMPLE_SERIES_H
#define FEL_TESTS_SAMPLE_SERIES_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <feller/data.h>

#include "core/core.h"
#include "tests/support/check.h"

typedef struct sample_rows {
    size_t n;
    int64_t *time_ns, *open_ns;
    double *columns[FEL_BAR_COLUMNS];
    const double *views[FEL_BAR_COLUMNS];
} sample_rows;

static inline sample_rows sample_rows_create(size_t n)
{
    sample_rows r = {.n = n};
    r.time_ns = calloc(n + 1, sizeof(int64_t));
    r.open_ns = calloc(n + 1, sizeof(int64_t));
    for (size_t c = 0; c < FEL_BAR_COLUMNS; c++) {
        r.columns[c] = calloc(n + 1, sizeof(double));
        r.views[c] = r.columns[c];
    }
    return r;
}

static inline void sample_rows_destroy(sample_rows *r)
{
    free(r->time_ns);
    free(r->open_ns);
    for (size_t c = 0; c < FEL_BAR_COLUMNS; c++) {
        free(r->columns[c]);
    }
}

static inline fel_block sample_block(const sample_rows *r, int with_open)
{
    const fel_block b = {r->n, FEL_BAR_COLUMNS, r->time_ns, with_open ? r->open_ns : NULL,
                         r->views};
    return b;
}

/* Minute bars from `start_ns` on: a walk on a grid of 1 / ticks (0: on none), with gaps in time. */
static inline sample_rows sample_bars(uint64_t seed, size_t n, int64_t start_ns, double ticks)
{
    sample_rows r = sample_rows_create(n);
    rng_stream s = rng_at(seed, 7);
    int64_t at_ns = start_ns;
    double price = 73.25;
    for (size_t i = 0; i < n; i++) {
        at_ns += FEL_NS_PER_MINUTE * (rng_below(&s, 50) == 0 ? 61 : 1);
        price *= exp(0.001 * rng_normal(&s));
        double x[4];
        for (size_t c = 0; c < 4; c++) {
            x[c] = price * (1.0 + 0.0003 * rng_uniform(&s));
            x[c] = ticks > 0.0 ? rint(x[c] * ticks) / ticks : x[c];
        }
        r.time_ns[i] = at_ns;
        r.open_ns[i] = at_ns - FEL_NS_PER_MINUTE + (int64_t)rng_below(&s, 1000);
        r.columns[0][i] = x[0];
        r.columns[1][i] = fmax(fmax(x[0], x[1]), fmax(x[2], x[3]));
        r.columns[2][i] = fmin(fmin(x[0], x[1]), fmin(x[2], x[3]));
        r.columns[3][i] = x[3];
        r.columns[4][i] = (double)rng_below(&s, 90000);
    }
    return r;
}

static inline fel_series *sample_series(const char *symbol, const sample_rows *r, int with_open)
{
    fel_series *series = NULL;
    fel_series_info info = fel_series_info_default(FEL_DATA_BAR, symbol);
    info.length_ns = FEL_NS_PER_MINUTE;
    const fel_block b = sample_block(r, with_open);
    CHECK_OK(fel_series_create(&series, &info, &b));
    return series;
}

static inline int same_doubles(const double *a, const double *b, size_t n)
{
    return n == 0 || memcmp(a, b, n * sizeof(*a)) == 0;
}

/* Rows of `a` from `first` on are those of b, bit for bit; open instants too, where both have them.
 */
static inline int same_rows(const fel_block *a, size_t first, const fel_block *b)
{
    int same = first + b->n <= a->n && a->n_columns == b->n_columns &&
               (b->n == 0 || memcmp(a->time_ns + first, b->time_ns, b->n * sizeof(int64_t)) == 0) &&
               (a->open_ns == NULL || b->open_ns == NULL || b->n == 0 ||
                memcmp(a->open_ns + first, b->open_ns, b->n * sizeof(int64_t)) == 0);
    for (size_t c = 0; same && c < a->n_columns; c++) {
        same = same_doubles(a->columns[c] + first, b->columns[c], b->n);
    }
    return same;
}

#endif
