/* data/adjust.c - prices as if splits, and dividends, had not been.
 *
 * Let G(i) be the product over the actions up to bar i of what one unit before it counts after it:
 * the ratio of a split, 1 / (1 - dividend / close before) of a dividend. Forward prices are price x
 * G(i), backward ones price x G(i) / G(last). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <feller/adjust.h>

#include "core/core.h"
#include "data/series_internal.h"

enum { CLOSE = 3, VOLUME = 4 };

typedef struct growth {
    double price, shares;
} growth;

typedef struct adjusting {
    const fel_series_info *info;
    fel_block bars, actions;
    fel_adjustment kind;
    size_t n; /* bars known */
    size_t n_actions;
    growth *growth; /* by bar */
    growth last;
} adjusting;

static int64_t opens(const adjusting *a, size_t i)
{
    return a->bars.open_ns != NULL ? a->bars.open_ns[i] : a->bars.time_ns[i] - a->info->length_ns;
}

static fel_status apply(const adjusting *a, size_t k, size_t bar, growth *g)
{
    const double *const *columns = a->actions.columns;
    if (columns == NULL) {
        return FEL_OK;
    }
    const double value = columns[1][k];
    if (columns[0][k] == (double)FEL_SPLIT) {
        g->price *= value;
        g->shares *= value;
        return FEL_OK;
    }
    if (a->kind != FEL_ADJUST_TOTAL_RETURN || bar == 0) {
        return FEL_OK;
    }
    const double close = a->bars.columns[CLOSE][bar - 1];
    if (!(value < close)) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: dividend %g is not less than the close before it, %g",
                         a->info->instrument.symbol, value, close);
    }
    g->price /= 1.0 - value / close;
    return FEL_OK;
}

/* Does action k count for bar i? For the end of the bars they all do. */
static int is_before(const adjusting *a, size_t k, size_t i)
{
    const fel_block *rows = &a->actions;
    return rows->time_ns != NULL && (i == a->n || rows->time_ns[k] <= opens(a, i));
}

/* Actions after the last bar that are known count for the bars before, too. */
static fel_status grow(adjusting *a)
{
    growth now = {1.0, 1.0};
    size_t k = 0;
    for (size_t i = 0; i <= a->n; i++) {
        while (k < a->n_actions && is_before(a, k, i)) {
            FEL_TRY(apply(a, k++, i, &now));
        }
        if (i < a->n) {
            a->growth[i] = now;
        }
    }
    a->last = now;
    return FEL_OK;
}

static size_t known(const fel_block *rows, int64_t as_of_ns)
{
    size_t n = rows->n;
    while (n > 0 && rows->time_ns[n - 1] > as_of_ns) {
        n--;
    }
    return n;
}

static fel_status write_view(fel_series **out, const adjusting *a, int is_forward)
{
    fel_series_info info = *a->info;
    series_rows rows;
    info.adjustment = a->kind;
    info.instrument.ticks_per_unit = 0.0;
    FEL_TRY(series_alloc(out, &info, a->n, a->bars.open_ns != NULL, &rows));
    const growth base = is_forward ? (growth){1.0, 1.0} : a->last;
    memcpy(rows.time_ns, a->bars.time_ns, a->n * sizeof(int64_t));
    if (a->bars.open_ns != NULL) {
        memcpy(rows.open_ns, a->bars.open_ns, a->n * sizeof(int64_t));
    }
    for (size_t i = 0; i < a->n; i++) {
        const double price = a->growth[i].price / base.price;
        for (size_t c = 0; c <= CLOSE; c++) {
            rows.columns[c][i] = a->bars.columns[c][i] * price;
        }
        rows.columns[VOLUME][i] = a->bars.columns[VOLUME][i] * (base.shares / a->growth[i].shares);
    }
    return FEL_OK;
}

static fel_status check(const fel_series_info *info, fel_adjustment adjustment)
{
    if (info->kind != FEL_DATA_BAR || info->adjustment != FEL_ADJUST_RAW) {
        return FEL_RAISE(FEL_ERR_ARG, "%s: only bars of raw prices can be adjusted",
                         info->instrument.symbol);
    }
    return adjustment == FEL_ADJUST_SPLIT || adjustment == FEL_ADJUST_TOTAL_RETURN
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_ARG, "%s: adjustment %d is neither split nor total_return",
                           info->instrument.symbol, (int)adjustment);
}

fel_status fel_adjust(fel_series **out, const fel_series *bars, const fel_series *actions,
                      fel_adjustment adjustment, int64_t as_of_ns)
{
    adjusting a = {.info = fel_series_describe(bars), .bars = fel_series_rows(bars)};
    const int is_forward = as_of_ns == FEL_TIME_MIN;
    const int64_t until_ns = is_forward ? FEL_TIME_MAX : as_of_ns;
    FEL_TRY(check(a.info, adjustment));
    if (actions != NULL) {
        a.actions = fel_series_rows(actions);
    }
    a.kind = adjustment;
    a.n = known(&a.bars, until_ns);
    a.n_actions = known(&a.actions, until_ns);
    a.growth = calloc(a.n + 1, sizeof(*a.growth));
    if (a.growth == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "%s: no memory for %zu factors", a.info->instrument.symbol,
                         a.n);
    }
    fel_status status = grow(&a);
    if (status == FEL_OK) {
        status = write_view(out, &a, is_forward);
    }
    free(a.growth);
    return status;
}
