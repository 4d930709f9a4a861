/* study/study_chart.c - bars for the report's price chart.
 *
 * Data in memory is shown as it is. Data that is streamed because it is large is put together to
 * daily bars a quarter at a time: no chart shows more, and memory stays small. */
#include <stdlib.h>
#include <string.h>

#include "study/study_folder_internal.h"

#define PIECE_NS (90 * FEL_NS_PER_DAY)

typedef struct bar_columns {
    int64_t *close_ns, *open_ns;
    double *columns[FEL_BAR_COLUMNS];
    size_t n, capacity;
} bar_columns;

static fel_status grow(bar_columns *bars, size_t n_more)
{
    const size_t capacity = 2 * bars->capacity + n_more;
    void **arrays[2 + FEL_BAR_COLUMNS] = {(void **)&bars->close_ns, (void **)&bars->open_ns};
    for (size_t i = 0; i < FEL_BAR_COLUMNS; i++) {
        arrays[2 + i] = (void **)&bars->columns[i];
    }
    for (size_t i = 0; i < 2 + FEL_BAR_COLUMNS; i++) {
        void *larger = realloc(*arrays[i], capacity * sizeof(int64_t));
        if (larger == NULL) {
            return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the price chart");
        }
        *arrays[i] = larger;
    }
    bars->capacity = capacity;
    return FEL_OK;
}

static fel_status append_rows(bar_columns *bars, const fel_series *series)
{
    const fel_block rows = fel_series_rows(series);
    const int64_t length_ns = fel_series_describe(series)->length_ns;
    if (bars->n + rows.n > bars->capacity) {
        FEL_TRY(grow(bars, rows.n));
    }
    for (size_t i = 0; i < rows.n; i++) {
        bars->close_ns[bars->n + i] = rows.time_ns[i];
        bars->open_ns[bars->n + i] =
            rows.open_ns != NULL ? rows.open_ns[i] : rows.time_ns[i] - length_ns;
    }
    for (size_t k = 0; k < FEL_BAR_COLUMNS; k++) {
        memcpy(bars->columns[k] + bars->n, rows.columns[k], rows.n * sizeof(double));
    }
    bars->n += rows.n;
    return FEL_OK;
}

static fel_status append_piece(bar_columns *bars, const dataset_item *item, int64_t from,
                               int64_t to)
{
    fel_series *fine = NULL, *daily = NULL;
    fel_status status = fel_store_read(item->store, item->entry, from, to, &fine);
    if (status == FEL_OK && fel_series_rows(fine).n > 0) {
        const int is_fine = item->info.length_ns < FEL_NS_PER_DAY;
        status = is_fine ? fel_resample(&daily, fine, FEL_NS_PER_DAY, "UTC", 1) : FEL_OK;
        if (status == FEL_OK) {
            status = append_rows(bars, is_fine ? daily : fine);
        }
    }
    fel_series_destroy(daily);
    fel_series_destroy(fine);
    return status;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Pieces end at midnights so that no day is cut in two; a bar that closes then belongs to the day.
 */
static fel_status append_all(bar_columns *bars, const dataset_item *item)
{
    const fel_store_entry *entry = fel_store_entry_at(item->store, item->entry);
    const int64_t first = later(item->window.from_ns, entry->first_ns - 1);
    const int64_t last = item->window.to_ns < entry->last_ns ? item->window.to_ns : entry->last_ns;
    int64_t from = first;
    while (from < last) {
        const int64_t midnight = (from + PIECE_NS) / FEL_NS_PER_DAY * FEL_NS_PER_DAY;
        const int64_t to = midnight < last ? midnight : last;
        FEL_TRY(append_piece(bars, item, from + 1, to + 1));
        from = to;
    }
    return FEL_OK;
}

static fel_status make_daily(fel_series **out, const dataset_item *item)
{
    bar_columns bars;
    memset(&bars, 0, sizeof(bars));
    fel_status status = append_all(&bars, item);
    if (status == FEL_OK) {
        fel_series_info info = item->info;
        info.length_ns = later(info.length_ns, FEL_NS_PER_DAY);
        const double *columns[FEL_BAR_COLUMNS];
        for (size_t i = 0; i < FEL_BAR_COLUMNS; i++) {
            columns[i] = bars.columns[i];
        }
        const fel_block rows = {bars.n, FEL_BAR_COLUMNS, bars.close_ns, bars.open_ns, columns};
        status = fel_series_create(out, &info, &rows);
    }
    free(bars.close_ns);
    free(bars.open_ns);
    for (size_t i = 0; i < FEL_BAR_COLUMNS; i++) {
        free(bars.columns[i]);
    }
    return status;
}

static fel_status fill(chart_bars *out, const dataset *data)
{
    for (size_t i = 0; i < data->list.n; i++) {
        const dataset_item *item = &data->list.items[i];
        if (item->info.kind != FEL_DATA_BAR) {
            continue;
        }
        const size_t index = dataset_instrument(data, item->info.instrument.symbol);
        if (item->series == NULL) {
            FEL_TRY(make_daily(&out->made[index], item));
        }
        out->items[index] = item->series != NULL ? item->series : out->made[index];
    }
    return FEL_OK;
}

fel_status chart_bars_make(chart_bars *out, const dataset *data)
{
    memset(out, 0, sizeof(*out));
    out->n = dataset_count_instruments(data);
    out->items = calloc(out->n + 1, sizeof(void *));
    out->made = calloc(out->n + 1, sizeof(void *));
    if (out->items == NULL || out->made == NULL) {
        chart_bars_clear(out);
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the price charts");
    }
    const fel_status status = fill(out, data);
    if (status != FEL_OK) {
        chart_bars_clear(out);
    }
    return status;
}

void chart_bars_clear(chart_bars *bars)
{
    for (size_t i = 0; bars->made != NULL && i < bars->n; i++) {
        fel_series_destroy(bars->made[i]);
    }
    free(bars->made);
    free(bars->items);
    memset(bars, 0, sizeof(*bars));
}
