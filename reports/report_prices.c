/* reports/report_prices.c - bars for the price chart, put together where there are more than a
 * screen can show: first open, highest high, lowest low, last close, summed volume. */
#include <math.h>

#include "reports/report_model_internal.h"

enum { MAX_CHART_BARS = 3000, OPEN = 0, HIGH = 1, LOW = 2, CLOSE = 3, VOLUME = 4 };

static fel_status allocate(fel_report *r, report_prices *p)
{
    double **const columns[] = {&p->open, &p->high, &p->low, &p->close, &p->volume};
    void *items;
    FEL_TRY(report_alloc(r, p->n, sizeof(int64_t), &items));
    p->time_ns = items;
    for (size_t c = 0; c < sizeof(columns) / sizeof(columns[0]); c++) {
        FEL_TRY(report_alloc(r, p->n, sizeof(double), &items));
        *columns[c] = items;
    }
    return FEL_OK;
}

/* Point k from the rows first .. last. */
static void put_together(report_prices *p, size_t k, const fel_block *rows, size_t first,
                         size_t last)
{
    p->time_ns[k] = rows->time_ns[last];
    p->open[k] = rows->columns[OPEN][first];
    p->close[k] = rows->columns[CLOSE][last];
    p->high[k] = (double)NAN;
    p->low[k] = (double)NAN;
    for (size_t i = first; i <= last; i++) {
        p->high[k] = fmax(p->high[k], rows->columns[HIGH][i]);
        p->low[k] = fmin(p->low[k], rows->columns[LOW][i]);
        p->volume[k] += rows->columns[VOLUME][i];
    }
}

static fel_status add_series(fel_report *r, uint32_t instrument, const fel_series *bars)
{
    const fel_block rows = fel_series_rows(bars);
    report_prices *p = &r->prices[r->n_prices];
    if (fel_series_describe(bars)->kind != FEL_DATA_BAR || rows.n == 0) {
        return FEL_OK;
    }
    p->instrument = instrument;
    p->n_source = rows.n;
    p->bars_per_point = (rows.n + MAX_CHART_BARS - 1) / MAX_CHART_BARS;
    p->n = (rows.n + p->bars_per_point - 1) / p->bars_per_point;
    FEL_TRY(allocate(r, p));
    for (size_t k = 0; k < p->n; k++) {
        const size_t first = k * p->bars_per_point;
        const size_t end = first + p->bars_per_point;
        put_together(p, k, &rows, first, (end < rows.n ? end : rows.n) - 1);
    }
    r->n_prices++;
    return FEL_OK;
}

fel_status report_fill_prices(fel_report *r, const fel_series *const *bars, size_t n)
{
    void *items;
    FEL_TRY(report_alloc(r, n, sizeof(report_prices), &items));
    r->prices = items;
    for (size_t i = 0; bars != NULL && i < n && i < r->result.n_instruments; i++) {
        if (bars[i] != NULL) {
            FEL_TRY(add_series(r, (uint32_t)i, bars[i]));
        }
    }
    return FEL_OK;
}
