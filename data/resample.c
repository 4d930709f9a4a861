/* data/resample.c - longer bars from shorter ones. A bar belongs to the bucket that its last
 * nanosecond lies in. A bucket is complete, and its bar known, at its end: a strategy that runs on
 * the longer bars never sees one before the clock has come there. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"
#include "data/resample_internal.h"
#include "data/series_internal.h"

enum { OPEN, HIGH, LOW, CLOSE, VOLUME };

/* The bar being made. */
typedef struct forming {
    size_t n; /* bars in it */
    int64_t open_ns, last_ns, end_ns;
    double open, high, low, close;
    running_sum volume;
    size_t n_volumes; /* that are not NaN */
} forming;

typedef struct resampling {
    const fel_series_info *info;
    fel_block rows;
    zone_table *zone;
    int64_t length_ns;
    double volume_grid; /* ticks per unit on which volumes are added as whole numbers; 0: none */
    fel_series *series;
    series_rows out; /* room for as many rows as come in */
    size_t n;
} resampling;

static int64_t open_instant(const resampling *r, size_t i)
{
    return r->rows.open_ns != NULL ? r->rows.open_ns[i] : r->rows.time_ns[i] - r->info->length_ns;
}

static void put_bar(resampling *r, const forming *f, int64_t time_ns)
{
    const double scale = r->volume_grid > 0.0 ? r->volume_grid : 1.0;
    r->out.time_ns[r->n] = time_ns;
    r->out.open_ns[r->n] = f->open_ns;
    r->out.columns[OPEN][r->n] = f->open;
    r->out.columns[HIGH][r->n] = f->high;
    r->out.columns[LOW][r->n] = f->low;
    r->out.columns[CLOSE][r->n] = f->close;
    r->out.columns[VOLUME][r->n] =
        f->n_volumes > 0 ? running_value(&f->volume) / scale : (double)NAN;
    r->n++;
}

static void add_bar(const resampling *r, forming *f, size_t i)
{
    const double *const *c = r->rows.columns;
    const double volume = c[VOLUME][i];
    if (f->n == 0) {
        f->open_ns = open_instant(r, i);
        f->open = c[OPEN][i];
        f->high = c[HIGH][i];
        f->low = c[LOW][i];
    }
    f->high = fmax(f->high, c[HIGH][i]);
    f->low = fmin(f->low, c[LOW][i]);
    f->close = c[CLOSE][i];
    f->last_ns = r->rows.time_ns[i];
    if (!isnan(volume)) {
        running_add(&f->volume, r->volume_grid > 0.0 ? rint(volume * r->volume_grid) : volume);
        f->n_volumes++;
    }
    f->n++;
}

/* The last bucket is complete only if its last bar closes at its very end: a later one might still
 * belong to it. A partial bar is known at the close of what it is made of. */
static void put_last(resampling *r, const forming *f, int keep_partial)
{
    if (f->n > 0 && (f->last_ns == f->end_ns || keep_partial)) {
        put_bar(r, f, f->last_ns);
    }
}

static void resample_all(resampling *r, int keep_partial)
{
    forming f;
    memset(&f, 0, sizeof(f));
    for (size_t i = 0; i < r->rows.n; i++) {
        const int64_t last_moment = r->rows.time_ns[i] - 1;
        if (f.n == 0 || last_moment >= f.end_ns) {
            if (f.n > 0) {
                put_bar(r, &f, f.end_ns);
            }
            memset(&f, 0, sizeof(f));
            f.end_ns = bucket_end(r->zone, r->length_ns, last_moment);
        }
        add_bar(r, &f, i);
    }
    put_last(r, &f, keep_partial);
}

/* Volumes of 0.1 and 0.2 make 0.3 if they are added as tenths. NaN is no volume and on no grid. */
static double find_volume_grid(const fel_block *rows)
{
    return rows->n > 0 ? fel_detect_ticks_per_unit(&rows->columns[VOLUME], 1, rows->n) : 0.0;
}

static fel_status check(const fel_series_info *info, int64_t length_ns)
{
    const char *symbol = info->instrument.symbol;
    if (info->kind != FEL_DATA_BAR) {
        return FEL_RAISE(FEL_ERR_ARG, "%s: only bars can be resampled", symbol);
    }
    if (length_ns <= 0 || length_ns > 366 * FEL_NS_PER_DAY) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s: length %lld ns is not in 1 ns to 366 days", symbol,
                         (long long)length_ns);
    }
    if (info->length_ns > 0 && length_ns % info->length_ns != 0) {
        return FEL_RAISE(FEL_ERR_ARG, "%s: bars of %lld s do not make whole bars of %lld s", symbol,
                         (long long)(info->length_ns / FEL_NS_PER_SECOND),
                         (long long)(length_ns / FEL_NS_PER_SECOND));
    }
    return FEL_OK;
}

/* Open instants are kept only where some bar's is not its nominal one. */
static fel_status make_series(fel_series **out, const resampling *r, const fel_series_info *info)
{
    int is_nominal = 1;
    for (size_t i = 0; is_nominal && i < r->n; i++) {
        is_nominal = r->out.open_ns[i] == r->out.time_ns[i] - r->length_ns;
    }
    const double *columns[FEL_BAR_COLUMNS];
    memcpy(columns, r->out.columns, sizeof(columns));
    const fel_block rows = {r->n, FEL_BAR_COLUMNS, r->out.time_ns,
                            is_nominal ? NULL : r->out.open_ns, columns};
    return fel_series_create(out, info, &rows);
}

fel_status fel_resample(fel_series **out, const fel_series *bars, int64_t length_ns,
                        const char *zone, int keep_partial)
{
    resampling r;
    memset(&r, 0, sizeof(r));
    r.info = fel_series_describe(bars);
    r.rows = fel_series_rows(bars);
    r.length_ns = length_ns;
    FEL_TRY(check(r.info, length_ns));
    fel_series_info info = *r.info;
    info.length_ns = length_ns;
    r.volume_grid = find_volume_grid(&r.rows);
    FEL_TRY(zone_create(&r.zone, zone != NULL && zone[0] != '\0' ? zone : info.zone));
    fel_status status = series_alloc(&r.series, &info, r.rows.n, 1, &r.out);
    if (status == FEL_OK) {
        resample_all(&r, keep_partial);
        status = make_series(out, &r, &info);
    }
    fel_series_destroy(r.series);
    zone_destroy(r.zone);
    return status;
}
