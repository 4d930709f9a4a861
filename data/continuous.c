/* data/continuous.c - futures in one series: which contract's bars, and what hides the gap.
 *
 * A roll is decided at a close that both contracts have, with what was known then; the bars after
 * it are the next contract's. Its gap is the difference, or the quotient, of the two closes there.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <feller/adjust.h>

#include "core/core.h"
#include "data/series_internal.h"

enum { CLOSE = 3, VOLUME = 4 };

/* A stretch of one contract: rows first .. end - 1. */
typedef struct stretch {
    size_t first, end;
    double shift, scale; /* what its prices are moved and multiplied by */
} stretch;

typedef struct rolling {
    const fel_series *const *contracts;
    size_t n;
    const fel_roll *how;
    stretch *stretches;
} rolling;

static fel_block rows_of(const rolling *r, size_t k)
{
    return fel_series_rows(r->contracts[k]);
}

/* Is the contract to be left at row i, where the next one has row j? */
static int is_due(const rolling *r, size_t k, const fel_block *now, size_t i, const fel_block *next,
                  size_t j)
{
    const int64_t expiry_ns = fel_series_describe(r->contracts[k])->instrument.expiry_ns;
    switch (r->how->rule) {
    case FEL_ROLL_VOLUME:
        return next->columns[VOLUME][j] > now->columns[VOLUME][i] || i + 1 == now->n;
    case FEL_ROLL_BEFORE_EXPIRY: {
        /* At the last close that early: the next one comes too late. */
        const int64_t step_ns = fel_series_describe(r->contracts[k])->length_ns;
        const int64_t last_ns = expiry_ns - r->how->before_ns;
        return i + 1 == now->n || now->time_ns[i] + step_ns > last_ns;
    }
    case FEL_ROLL_LAST_BAR:
        break;
    }
    return i + 1 == now->n;
}

static fel_status roll(rolling *r, size_t k)
{
    const fel_block now = rows_of(r, k), next = rows_of(r, k + 1);
    stretch *s = r->stretches;
    for (size_t i = s[k].first; i < now.n; i++) {
        const size_t after = series_lower_bound(next.time_ns, next.n, now.time_ns[i] + 1);
        const int is_common = after > 0 && next.time_ns[after - 1] == now.time_ns[i];
        if (!is_common || !is_due(r, k, &now, i, &next, after - 1)) {
            continue;
        }
        const double from = now.columns[CLOSE][i], to = next.columns[CLOSE][after - 1];
        s[k].end = i + 1;
        s[k + 1].first = after;
        s[k + 1].shift = s[k].shift + (from - to);
        s[k + 1].scale = s[k].scale * (from / to);
        return FEL_OK;
    }
    return FEL_RAISE(FEL_ERR_FORMAT,
                     "%s ends and has no close together with %s after the roll "
                     "is due",
                     fel_series_describe(r->contracts[k])->instrument.symbol,
                     fel_series_describe(r->contracts[k + 1])->instrument.symbol);
}

/* From the first contract's prices to the last one's. */
static void turn_backward(const rolling *r)
{
    const stretch last = r->stretches[r->n - 1];
    for (size_t k = 0; k < r->n; k++) {
        r->stretches[k].shift -= last.shift;
        r->stretches[k].scale /= last.scale;
    }
}

static double adjusted(const rolling *r, const stretch *s, double price)
{
    const double values[] = {[FEL_ROLL_RAW] = price,
                             [FEL_ROLL_PANAMA] = price + s->shift,
                             [FEL_ROLL_RATIO] = price * s->scale};
    return values[r->how->adjust];
}

static int64_t open_of(const fel_series *series, const fel_block *rows, size_t i)
{
    return rows->open_ns != NULL ? rows->open_ns[i]
                                 : rows->time_ns[i] - fel_series_describe(series)->length_ns;
}

static void copy_stretch(const rolling *r, size_t k, series_rows *out, size_t at)
{
    const fel_block rows = rows_of(r, k);
    const stretch *s = &r->stretches[k];
    for (size_t i = s->first; i < s->end; i++, at++) {
        out->time_ns[at] = rows.time_ns[i];
        if (out->open_ns != NULL) {
            out->open_ns[at] = open_of(r->contracts[k], &rows, i);
        }
        for (size_t c = 0; c <= CLOSE; c++) {
            out->columns[c][at] = adjusted(r, s, rows.columns[c][i]);
        }
        out->columns[VOLUME][at] = rows.columns[VOLUME][i];
    }
}

static fel_status write_series(fel_series **out, const char *symbol, const rolling *r)
{
    const fel_series_info *first = fel_series_describe(r->contracts[0]);
    fel_series_info info = *first;
    const fel_series_info named = fel_series_info_default(FEL_DATA_BAR, symbol);
    memcpy(info.instrument.symbol, named.instrument.symbol, sizeof(info.instrument.symbol));
    info.instrument.expiry_ns = 0;
    info.instrument.ticks_per_unit =
        r->how->adjust == FEL_ROLL_RAW ? first->instrument.ticks_per_unit : 0.0;
    size_t n = 0;
    int has_open = 0;
    for (size_t k = 0; k < r->n; k++) {
        n += r->stretches[k].end - r->stretches[k].first;
        has_open |= rows_of(r, k).open_ns != NULL;
    }
    series_rows rows;
    FEL_TRY(series_alloc(out, &info, n, has_open, &rows));
    n = 0;
    for (size_t k = 0; k < r->n; k++) {
        copy_stretch(r, k, &rows, n);
        n += r->stretches[k].end - r->stretches[k].first;
    }
    return FEL_OK;
}

static fel_status check(const rolling *r)
{
    if (r->n == 0 || (unsigned)r->how->rule > FEL_ROLL_LAST_BAR ||
        (unsigned)r->how->adjust > FEL_ROLL_RATIO || r->how->before_ns < 0) {
        return FEL_RAISE(FEL_ERR_ARG, "%zu contracts, rule %d, adjustment %d: not a way to roll",
                         r->n, (int)r->how->rule, (int)r->how->adjust);
    }
    const fel_series_info *first = fel_series_describe(r->contracts[0]);
    for (size_t k = 0; k < r->n; k++) {
        const fel_series_info *info = fel_series_describe(r->contracts[k]);
        const int64_t expiry_ns = info->instrument.expiry_ns;
        if (info->kind != FEL_DATA_BAR || info->length_ns != first->length_ns) {
            return FEL_RAISE(FEL_ERR_ARG, "%s: contracts are bars of one length",
                             info->instrument.symbol);
        }
        if (r->how->rule == FEL_ROLL_BEFORE_EXPIRY &&
            (expiry_ns <= 0 ||
             (k > 0 &&
              expiry_ns <= fel_series_describe(r->contracts[k - 1])->instrument.expiry_ns))) {
            return FEL_RAISE(FEL_ERR_ARG, "%s: contracts have expiries, in their order",
                             info->instrument.symbol);
        }
    }
    return FEL_OK;
}

fel_status fel_continuous(fel_series **out, const char *symbol, const fel_series *const *contracts,
                          size_t n, const fel_roll *how)
{
    rolling r = {contracts, n, how, NULL};
    FEL_TRY(check(&r));
    r.stretches = calloc(n, sizeof(*r.stretches));
    if (r.stretches == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "%s: no memory for %zu contracts", symbol, n);
    }
    r.stretches[0].scale = 1.0;
    r.stretches[n - 1].end = rows_of(&r, n - 1).n;
    fel_status status = FEL_OK;
    for (size_t k = 0; k + 1 < n && status == FEL_OK; k++) {
        status = roll(&r, k);
    }
    if (status == FEL_OK) {
        if (how->is_backward) {
            turn_backward(&r);
        }
        status = write_series(out, symbol, &r);
    }
    free(r.stretches);
    return status;
}
