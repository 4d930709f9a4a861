/* engine/panel.c - bars of many instruments in lockstep: rows that share their instants, copied
 * side by side some at a time.
 *
 * A panel's hundreds of column streams are more than the caches' prefetchers follow; read a block
 * of rows at a time, each stream is touched once a block instead of once a row, and the rows
 * themselves are one stream. The steps are those of deliver_close() and deliver_open() in loop.c; a
 * test holds the two to the same bits. A feed's last row is left to them, which take its next
 * block. */
#include <string.h>

#include "engine/engine_internal.h"

fel_status panel_create(fel_engine *e)
{
    merge *m = &e->merge;
    panel *p = &m->panel;
    p->n = m->first_action - m->first_bar;
    for (size_t k = m->first_bar; k + 1 < m->first_action; k++) {
        if (m->cursors[k].instrument + 1 != m->cursors[k + 1].instrument) {
            return FEL_OK; /* bars of two lengths, or instruments without: no lockstep */
        }
    }
    if (p->n < 2) {
        return FEL_OK;
    }
    const size_t fit = PANEL_BYTES / (p->n * sizeof(fel_bar));
    p->n_rows = fit > PANEL_ROWS ? PANEL_ROWS : fit;
    if (p->n_rows < 4) {
        return FEL_OK; /* thousands of instruments: a row is a block by itself */
    }
    p->first = m->cursors[m->first_bar].instrument;
    p->rows = arena_array(&e->fixed, p->n * p->n_rows, sizeof(fel_bar));
    p->opens = arena_array(&e->fixed, p->n * p->n_rows, sizeof(double));
    return p->rows != NULL && p->opens != NULL
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_NOMEM, "no memory for rows of %zu bars", p->n);
}

/* ---- the two events of a row ----------------------------------------------------------------- */

static fel_status close_bar(fel_engine *e, const fel_bar *bar)
{
    const uint32_t i = bar->instrument;
    if (e->inst[i].live_first != SLOT_NONE) {
        FEL_TRY(match_bar(e, bar));
    } else {
        inst_see_price(e, i, bar->high, bar->low);
    }
    e->merge.panel.n_closed++;
    e->last_price[i] = bar->close;
    ledger_see_price(e, bar->close);
    if (e->history.capacity > 0) {
        history_push(e, bar);
    }
    return e->on_bar == NULL ? FEL_OK : e->on_bar(e->state, &e->ctx, bar);
}

static fel_status close_bars(fel_engine *e, const fel_bar *row)
{
    for (size_t k = 0; k < e->merge.panel.n; k++) {
        FEL_TRY(close_bar(e, &row[k]));
    }
    return FEL_OK;
}

/* The same where no order lives, no price takes equity to zero and only on_bar listens. It makes
 * orders, but none goes live before the row is over; so all extremes can be taken first. */
static fel_status close_calm_bars(fel_engine *e, const fel_bar *row)
{
    panel *const p = &e->merge.panel;
    double *const last = e->last_price + p->first;
    double *const high = e->high_since + p->first;
    double *const low = e->low_since + p->first;
    for (size_t k = 0; k < p->n; k++) {
        high[k] = row[k].high > high[k] ? row[k].high : high[k];
        low[k] = row[k].low < low[k] ? row[k].low : low[k];
    }
    for (size_t k = 0; k < p->n; k++) {
        last[k] = row[k].close;
        p->n_closed = k + 1;
        FEL_TRY(e->on_bar(e->state, &e->ctx, &row[k]));
    }
    return FEL_OK;
}

fel_status panel_close(fel_engine *e)
{
    panel *p = &e->merge.panel;
    const fel_bar *const row = p->rows + p->row * p->n;
    const int is_calm = e->live.n == 0 && p->is_positive && e->history.capacity == 0;
    e->slice_at = row;
    e->n_slice = p->n;
    FEL_TRY(is_calm && e->on_bar != NULL ? close_calm_bars(e, row) : close_bars(e, row));
    e->n_bars += p->n;
    p->n_closed = 0;
    p->row++;
    if (p->row == p->n_rows) {
        /* The slice is still to be shown; the rows' memory is for the next ones. */
        memcpy(e->slice, row, p->n * sizeof(*row));
        e->slice_at = e->slice;
        panel_unload(e);
        return FEL_OK;
    }
    p->is_open_next = 1;
    p->next_ns = p->open_ns[p->row];
    return FEL_OK;
}

fel_status panel_open(fel_engine *e)
{
    panel *p = &e->merge.panel;
    const double *const opens = p->opens + p->row * p->n;
    double *const last = e->last_price + p->first;
    double *const high = e->high_since + p->first;
    double *const low = e->low_since + p->first;
#pragma omp simd
    for (size_t k = 0; k < p->n; k++) {
        const double open = opens[k];
        last[k] = open;
        high[k] = open > high[k] ? open : high[k];
        low[k] = open < low[k] ? open : low[k];
    }
    for (size_t k = 0; k < p->n && !p->is_positive; k++) {
        ledger_see_price(e, opens[k]);
    }
    p->is_open_next = 0;
    p->next_ns = p->close_ns[p->row];
    FEL_TRY(live_gather(e, p->first, p->n));
    return e->opening.n == 0 ? FEL_OK : match_opens(e);
}
