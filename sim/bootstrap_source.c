/* sim/bootstrap_source.c - paths drawn from the bars of real series.
 *
 * A bar is kept as its prices over the close before it, so that a drawn bar moves the path as much
 * as it moved the market; bars of several series are drawn together, which keeps what they have in
 * common. Multiplying and dividing by one number keep the order of open, high, low and close. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/pathfeed_internal.h"

enum { MOST_BARS = 1000000 };

#define WEEK_NS (7 * FEL_NS_PER_DAY)

/* Rows of every series at the dates that all of them have. */
typedef struct common_rows {
    size_t *rows; /* n_series x capacity */
    size_t n, capacity;
} common_rows;

/* ---- checks ---------------------------------------------------------------------------------- */

static fel_status check_series(const fel_series *series, int64_t length_ns)
{
    const fel_series_info *info = fel_series_describe(series);
    const fel_block rows = fel_series_rows(series);
    const char *symbol = info->instrument.symbol;
    if (info->kind != FEL_DATA_BAR) {
        return FEL_RAISE(FEL_ERR_ARG, "%s: only bars can be drawn again", symbol);
    }
    if (info->length_ns != length_ns) {
        return FEL_RAISE(FEL_ERR_ARG, "%s has bars of another length than the first series",
                         symbol);
    }
    for (size_t i = 0; i < rows.n; i++) {
        for (size_t c = 0; c + 1 < FEL_BAR_COLUMNS; c++) {
            if (!(rows.columns[c][i] > 0.0) || !isfinite(rows.columns[c][i])) {
                return FEL_RAISE(FEL_ERR_FORMAT,
                                 "%s: %s of row %zu is %g; returns need prices above zero", symbol,
                                 info->columns[c], i, rows.columns[c][i]);
            }
        }
    }
    return FEL_OK;
}

static fel_status check(const fel_bootstrap *how)
{
    if (how->struct_size != sizeof(*how)) {
        return FEL_RAISE(FEL_ERR_ARG, "fel_bootstrap has %u bytes, this library's has %zu",
                         how->struct_size, sizeof(*how));
    }
    if (how->n_series == 0 || how->n_bars > MOST_BARS) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu series, paths of %zu bars; at least 1 and at most %d",
                         how->n_series, how->n_bars, MOST_BARS);
    }
    for (size_t i = 0; i < how->n_series; i++) {
        FEL_TRY(check_series(how->series[i], fel_series_describe(how->series[0])->length_ns));
    }
    return FEL_OK;
}

/* ---- common dates ---------------------------------------------------------------------------- */

/* Is there a row at t? Moves on to the first that is not before it. */
static int seek(const fel_series *series, size_t *row, int64_t t)
{
    const fel_block rows = fel_series_rows(series);
    while (*row < rows.n && rows.time_ns[*row] < t) {
        ++*row;
    }
    return *row < rows.n && rows.time_ns[*row] == t;
}

static fel_status find_common(const fel_bootstrap *how, arena *memory, common_rows *out)
{
    const fel_block first = fel_series_rows(how->series[0]);
    size_t *at = arena_array(memory, how->n_series, sizeof(*at));
    out->capacity = first.n;
    out->rows = arena_array(memory, how->n_series * first.n, sizeof(*out->rows));
    if (at == NULL || out->rows == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu dates", first.n);
    }
    for (size_t i = 0; i < first.n; i++) {
        int is_common = i == 0 || first.time_ns[i] > first.time_ns[i - 1];
        for (size_t k = 0; k < how->n_series; k++) {
            is_common = seek(how->series[k], &at[k], first.time_ns[i]) && is_common;
            out->rows[k * out->capacity + out->n] = at[k];
        }
        out->n += is_common ? 1 : 0;
    }
    return out->n >= 2 ? FEL_OK
                       : FEL_RAISE(FEL_ERR_RANGE,
                                   "%zu dates that all series have; drawing bars again needs at "
                                   "least two",
                                   out->n);
}

/* ---- the source ------------------------------------------------------------------------------ */

static fel_status take_prices(fel_path_source *source, const fel_bootstrap *how,
                              const common_rows *common)
{
    resampled_bars *r = &source->resampled;
    r->n_source = common->n - 1;
    r->relative =
        arena_array(&source->memory, how->n_series * FEL_BAR_COLUMNS * r->n_source, sizeof(double));
    r->first_close = arena_array(&source->memory, how->n_series, sizeof(double));
    if (r->relative == NULL || r->first_close == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu bars", r->n_source);
    }
    for (size_t k = 0; k < how->n_series; k++) {
        const fel_block rows = fel_series_rows(how->series[k]);
        const size_t *at = common->rows + k * common->capacity;
        double *to = r->relative + k * FEL_BAR_COLUMNS * r->n_source;
        r->first_close[k] = rows.columns[3][at[0]];
        for (size_t i = 0; i < r->n_source; i++) {
            const double before = rows.columns[3][at[i]];
            for (size_t c = 0; c < FEL_BAR_COLUMNS; c++) {
                const double value = rows.columns[c][at[i + 1]];
                to[c * r->n_source + i] = c + 1 < FEL_BAR_COLUMNS ? value / before : value;
            }
        }
    }
    return FEL_OK;
}

/* The source's dates; where the path is longer, again so many whole weeks on that they follow. */
static fel_status take_times(fel_path_source *source, const fel_bootstrap *how,
                             const common_rows *common)
{
    const fel_block rows = fel_series_rows(how->series[0]);
    const int64_t length_ns = fel_series_describe(how->series[0])->length_ns;
    const size_t n_source = source->resampled.n_source;
    const int64_t span_ns = rows.time_ns[common->rows[n_source]] - rows.time_ns[common->rows[0]];
    const int64_t lap_ns = (span_ns + WEEK_NS - 1) / WEEK_NS * WEEK_NS;
    for (size_t i = 0; i < source->n_times; i++) {
        const size_t row = common->rows[1 + i % n_source];
        const int64_t time_ns = rows.time_ns[row];
        int64_t shift_ns = 0;
        if (__builtin_mul_overflow(lap_ns, (int64_t)(i / n_source), &shift_ns) ||
            __builtin_add_overflow(time_ns, shift_ns, &source->time_ns[i])) {
            return FEL_RAISE(FEL_ERR_RANGE, "a path of %zu bars ends beyond all dates",
                             source->n_times);
        }
        const int64_t open_ns = rows.open_ns != NULL ? rows.open_ns[row] : time_ns - length_ns;
        source->open_ns[i] = source->time_ns[i] - (time_ns - open_ns);
    }
    return FEL_OK;
}

static fel_status build(fel_path_source *source, const fel_bootstrap *how)
{
    common_rows common = {NULL, 0, 0};
    size_t ignored = 0;
    source->n_columns = source->n_values = FEL_BAR_COLUMNS;
    source->fill = path_bootstrap_fill;
    FEL_TRY(find_common(how, &source->memory, &common));
    source->resampled.how = *how;
    source->resampled.how.series = NULL;
    FEL_TRY(fel_bootstrap_draw(how, common.n - 1, 0, &ignored, 1));
    FEL_TRY(path_source_alloc(source, how->n_series, how->n_bars > 0 ? how->n_bars : common.n - 1));
    FEL_TRY(take_prices(source, how, &common));
    FEL_TRY(take_times(source, how, &common));
    for (size_t k = 0; k < how->n_series; k++) {
        source->infos[k] = *fel_series_describe(how->series[k]);
        source->infos[k].instrument.ticks_per_unit = 0.0;
        source->n_rows[k] = source->n_times;
    }
    return FEL_OK;
}

fel_status fel_path_source_bootstrapped(fel_path_source **out, const fel_bootstrap *how)
{
    FEL_TRY(check(how));
    fel_path_source *source = calloc(1, sizeof(*source));
    if (source == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a source of paths");
    }
    const fel_status status = build(source, how);
    if (status != FEL_OK) {
        fel_path_source_destroy(source);
        return status;
    }
    *out = source;
    return FEL_OK;
}

/* ---- a path ---------------------------------------------------------------------------------- */

static void replay(const resampled_bars *r, const fel_path_room *room, size_t slot, size_t series)
{
    const double *from = r->relative + series * FEL_BAR_COLUMNS * r->n_source;
    double *to[FEL_BAR_COLUMNS];
    double close = r->first_close[series];
    for (size_t c = 0; c < FEL_BAR_COLUMNS; c++) {
        to[c] = room_column(room, slot, series, c);
    }
    for (size_t i = 0; i < room->source->n_times; i++) {
        const size_t row = room->drawn[i];
        for (size_t c = 0; c + 1 < FEL_BAR_COLUMNS; c++) {
            to[c][i] = close * from[c * r->n_source + row];
        }
        to[FEL_BAR_COLUMNS - 1][i] = from[(FEL_BAR_COLUMNS - 1) * r->n_source + row];
        close = to[3][i];
    }
}

fel_status path_bootstrap_fill(const fel_path_source *source, fel_path_room *room, uint64_t first,
                               size_t n)
{
    const resampled_bars *r = &source->resampled;
    for (size_t slot = 0; slot < n; slot++) {
        FEL_TRY(path_source_go_on(source));
        FEL_TRY(
            fel_bootstrap_draw(&r->how, r->n_source, first + slot, room->drawn, source->n_times));
        for (size_t k = 0; k < source->n_series; k++) {
            replay(r, room, slot, k);
        }
    }
    return FEL_OK;
}
