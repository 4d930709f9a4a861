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

enum { PANEL_BYTES = 1 << 18 };

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

/* ---- rows ------------------------------------------------------------------------------------ */

static int64_t opens_at(const cursor *c, size_t row)
{
    const int64_t listed_ns = c->open_ns != NULL ? c->open_ns[row] : c->time_ns[row] - c->length_ns;
    return listed_ns > c->time_ns[row - 1] ? listed_ns : c->time_ns[row - 1];
}

/* The instants of the first cursor's next n rows. */
static void take_instants(panel *p, const cursor *c, size_t n)
{
    for (size_t r = 0; r < n; r++) {
        p->close_ns[r] = c->time_ns[c->i + r];
        p->open_ns[r] = r == 0 ? c->opened_ns : opens_at(c, c->i + r);
    }
}

/* How many of the n rows begin and end when the panel's do, which are the first cursor's. */
static size_t count_shared(const panel *p, const cursor *first, const cursor *c, size_t n)
{
    const int has_same_opens = c->open_ns == NULL && first->open_ns == NULL &&
                               c->length_ns == first->length_ns && c->opened_ns == p->open_ns[0];
    if (has_same_opens && memcmp(c->time_ns + c->i, p->close_ns, n * sizeof(int64_t)) == 0) {
        return n;
    }
    for (size_t r = 0; r < n; r++) {
        const int64_t open_ns = r == 0 ? c->opened_ns : opens_at(c, c->i + r);
        if (c->time_ns[c->i + r] != p->close_ns[r] || open_ns != p->open_ns[r]) {
            return r;
        }
    }
    return n;
}

/* Rows that all bars have in common from here on, at most p->n_rows; sets their instants. */
static size_t find_shared(panel *p, const cursor *bars, size_t max_rows)
{
    size_t n = max_rows;
    for (size_t k = 0; k < p->n; k++) {
        const cursor *c = &bars[k];
        const size_t left = c->n > c->i ? c->n - c->i - 1 : 0;
        n = left < n ? left : n;
    }
    if (n == 0) {
        return 0;
    }
    take_instants(p, &bars[0], n);
    for (size_t k = 1; k < p->n && n > 0; k++) {
        n = bars[k].is_open_next == bars[0].is_open_next ? count_shared(p, &bars[0], &bars[k], n)
                                                         : 0;
    }
    return n;
}

/* Have the rows after the next n fetched while these are dealt with. Beyond the end is harmless. */
static inline void fetch_ahead(const cursor *c, size_t n)
{
    enum { ROWS_A_LINE = 8 };
    for (size_t row = c->i + n; row < c->i + 2 * n; row += ROWS_A_LINE) {
        __builtin_prefetch(c->time_ns + row);
        for (int j = 0; j < FEL_BAR_COLUMNS; j++) {
            __builtin_prefetch(c->column[j] + row);
        }
    }
}

static void copy_bars(panel *p, const cursor *c, size_t n)
{
    fel_bar *bar = p->rows + c->place;
    fetch_ahead(c, n);
    for (size_t r = 0, row = c->i; r < n; r++, row++, bar += p->n) {
        bar->close_time_ns = p->close_ns[r];
        bar->open_time_ns = p->open_ns[r];
        bar->instrument = c->instrument;
        bar->reserved = 0;
        bar->open = p->opens[r * p->n + c->place] = c->column[0][row];
        bar->high = c->column[1][row];
        bar->low = c->column[2][row];
        bar->close = c->column[3][row];
        bar->volume = c->column[4][row];
    }
}

void panel_load(fel_engine *e)
{
    enum { FEWEST = 4 };
    merge *m = &e->merge;
    panel *p = &m->panel;
    p->n_tries = 0;
    if (p->rows == NULL) {
        return;
    }
    cursor *const bars = m->cursors + m->first_bar;
    const size_t most = PANEL_BYTES / (p->n * sizeof(fel_bar));
    const size_t n = find_shared(p, bars, most < PANEL_ROWS ? most : PANEL_ROWS);
    if (n < FEWEST) {
        return;
    }
    for (size_t k = 0; k < p->n; k++) {
        copy_bars(p, &bars[k], n);
        m->next_ns[m->first_bar + k] = FEL_TIME_MAX;
    }
    for (size_t b = m->first_bar / MERGE_BLOCK; b < m->n_blocks; b++) {
        m->block_min_ns[b] = FEL_TIME_MIN; /* to be worked out again */
    }
    merge_settle(m, FEL_TIME_MIN);
    p->n_rows = n;
    p->row = p->n_closed = 0;
    p->is_on = 1;
    p->is_open_next = bars[0].is_open_next;
    p->next_ns = p->is_open_next ? p->open_ns[0] : p->close_ns[0];
}

/* All rows have closed: the cursors go on from there. */
static void panel_unload(fel_engine *e)
{
    merge *m = &e->merge;
    panel *p = &m->panel;
    for (size_t k = m->first_bar; k < m->first_action; k++) {
        cursor *c = &m->cursors[k];
        c->i += p->n_rows;
        c->last_ns = p->close_ns[p->n_rows - 1];
        merge_expect_open(m, k);
        m->block_min_ns[k / MERGE_BLOCK] = FEL_TIME_MIN;
    }
    p->is_on = 0;
    p->next_ns = FEL_TIME_MAX;
    merge_settle(m, FEL_TIME_MIN);
    panel_load(e);
}

/* ---- the two events of a row ----------------------------------------------------------------- */

static inline fel_status close_bar(fel_engine *e, const fel_bar *bar)
{
    const uint32_t i = bar->instrument;
    instrument_state *s = &e->inst[i];
    if (s->live_first != SLOT_NONE) {
        FEL_TRY(match_bar(e, bar));
    } else {
        inst_see_price(e, i, bar->high, bar->low);
    }
    e->merge.panel.n_closed++;
    e->last_price[i] = bar->close;
    ledger_see_price(e, bar->close);
    s->n_bars++;
    if (e->history.capacity > 0) {
        history_push(e, bar);
    }
    return e->on_bar == NULL ? FEL_OK : e->on_bar(e->state, &e->ctx, bar);
}

fel_status panel_close(fel_engine *e)
{
    panel *p = &e->merge.panel;
    const fel_bar *const row = p->rows + p->row * p->n;
    e->slice_at = row;
    for (size_t k = 0; k < p->n; k++) {
        e->n_slice = k + 1;
        FEL_TRY(close_bar(e, &row[k]));
    }
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

/* Instruments with orders that their opens may fill. */
static fel_status gather_opening(fel_engine *e)
{
    const panel *p = &e->merge.panel;
    for (uint32_t i = p->first; i < p->first + p->n; i++) {
        if (e->inst[i].live_first != SLOT_NONE) {
            FEL_TRY(ARRAY_PUSH(&e->opening, i));
        }
    }
    return FEL_OK;
}

fel_status panel_open(fel_engine *e)
{
    panel *p = &e->merge.panel;
    const double *const opens = p->opens + p->row * p->n;
    double *const last = e->last_price + p->first;
    double *const high = e->high_since + p->first;
    double *const low = e->low_since + p->first;
    double lowest = 1.0;
    for (size_t k = 0; k < p->n; k++) {
        const double open = opens[k];
        last[k] = open;
        high[k] = open > high[k] ? open : high[k];
        low[k] = open < low[k] ? open : low[k];
        lowest = open < lowest ? open : lowest;
    }
    p->is_open_next = 0;
    p->next_ns = p->close_ns[p->row];
    ledger_see_price(e, lowest);
    FEL_TRY(gather_opening(e));
    return e->opening.n == 0 ? FEL_OK : match_opens(e);
}
