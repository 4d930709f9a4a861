/* engine/panel_rows.c - the rows that the bars of a panel have in common, copied side by side.
 *
 * The copy takes two rows of an instrument at a time: from five columns of doubles to bars that are
 * one line of memory each, in vectors of two. */
#include <stddef.h>
#include <string.h>

#include "engine/engine_internal.h"
#include "engine/pair_internal.h"

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

_Static_assert(sizeof(fel_bar) == 64 && offsetof(fel_bar, instrument) == 16 &&
                   offsetof(fel_bar, open) == 24 && offsetof(fel_bar, high) == 32 &&
                   offsetof(fel_bar, close) == 48,
               "a bar is four pairs: instants, number and open, extremes, close and volume");

static inline void put_bar(fel_bar *bar, pair instants, pair number_open, pair high_low,
                           pair close_volume)
{
    unsigned char *const at = (unsigned char *)bar;
    pair_store(at, instants);
    pair_store(at + 16, number_open);
    pair_store(at + 32, high_low);
    pair_store(at + 48, close_volume);
}

/* The columns of the next rows of a bar's cursor. */
typedef struct columns {
    const double *open, *high, *low, *close, *volume;
} columns;

/* The n rows from the cursor on. Sign bits of the answer: an open or a close is zero or less. */
static pair_bits copy_bars(const panel *p, const cursor *c, size_t n, const pair *instants)
{
    const pair number = pair_of_words(c->instrument, 0);
    const columns from = {c->column[0] + c->i, c->column[1] + c->i, c->column[2] + c->i,
                          c->column[3] + c->i, c->column[4] + c->i};
    const size_t width = p->n;
    fel_bar *bar = p->rows + c->place;
    double *open_at = p->opens + c->place;
    pair_bits not_above = {0, 0};
    for (size_t r = 0; r + 1 < n; r += 2) {
        const pair open = pair_load(from.open + r), close = pair_load(from.close + r);
        const pair high = pair_load(from.high + r), low = pair_load(from.low + r);
        const pair volume = pair_load(from.volume + r);
        put_bar(bar, instants[r], pair_firsts(number, open), pair_firsts(high, low),
                pair_firsts(close, volume));
        bar += width;
        put_bar(bar, instants[r + 1], pair_seconds(number, open), pair_seconds(high, low),
                pair_seconds(close, volume));
        bar += width;
        open_at[0] = from.open[r];
        open_at[width] = from.open[r + 1];
        open_at += 2 * width;
        not_above |= pair_not_above_zero(open) | pair_not_above_zero(close);
    }
    if (n % 2 != 0) {
        const size_t r = n - 1;
        const pair open = {from.open[r], 1.0}, close = {from.close[r], 1.0};
        put_bar(bar, instants[r], pair_firsts(number, open), (pair){from.high[r], from.low[r]},
                (pair){from.close[r], from.volume[r]});
        open_at[0] = open[0];
        not_above |= pair_not_above_zero(open) | pair_not_above_zero(close);
    }
    return not_above;
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
    pair instants[PANEL_ROWS];
    pair_bits not_above = {0, 0};
    for (size_t r = 0; r < n; r++) {
        instants[r] = pair_of_instants(p->close_ns[r], p->open_ns[r]);
    }
    for (size_t k = 0; k < p->n; k++) {
        fetch_ahead(&bars[k], n);
        not_above |= copy_bars(p, &bars[k], n, instants);
        m->next_ns[m->first_bar + k] = FEL_TIME_MAX;
    }
    for (size_t b = m->first_bar / MERGE_BLOCK; b < m->n_blocks; b++) {
        m->block_min_ns[b] = FEL_TIME_MIN; /* to be worked out again */
    }
    merge_settle(m, FEL_TIME_MIN);
    p->is_positive = (not_above[0] | not_above[1]) >= 0;
    p->n_rows = n;
    p->row = p->n_closed = 0;
    p->is_on = 1;
    p->is_open_next = bars[0].is_open_next;
    p->next_ns = p->is_open_next ? p->open_ns[0] : p->close_ns[0];
}

void panel_unload(fel_engine *e)
{
    merge *m = &e->merge;
    panel *p = &m->panel;
    for (size_t k = m->first_bar; k < m->first_action; k++) {
        cursor *c = &m->cursors[k];
        c->i += p->n_rows;
        c->state->n_bars += p->n_rows;
        c->last_ns = p->close_ns[p->n_rows - 1];
        merge_expect_open(m, k);
        m->block_min_ns[k / MERGE_BLOCK] = FEL_TIME_MIN;
    }
    p->is_on = 0;
    p->next_ns = FEL_TIME_MAX;
    merge_settle(m, FEL_TIME_MIN);
    panel_load(e);
}
