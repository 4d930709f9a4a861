/* engine/merge_internal.h - feeds in time order: a cursor for each, rows in lockstep, the merge. */
#ifndef FEL_ENGINE_MERGE_INTERNAL_H
#define FEL_ENGINE_MERGE_INTERNAL_H

#ifndef FEL_MODULE_ENGINE
#error "engine/merge_internal.h is for files of engine/ only"
#endif

#include <feller/engine.h>

typedef struct instrument_state instrument_state;
typedef struct cursor cursor;

/* Bars of many instruments that open and close at the same instants, some rows at a time, side by
 * side in memory: panel.c. While it is on, the cursors of bars wait where the rows began; what they
 * would say is cursor_row(), cursor_last_ns(), cursor_is_between(). */
enum { PANEL_ROWS = 32, PANEL_BYTES = 1 << 18 };
typedef struct panel {
    fel_bar *rows;  /* n_rows x n; NULL: not for this run */
    double *opens;  /* of the same, close together */
    uint32_t first; /* instrument; the others follow one by one */
    size_t n, n_rows;
    size_t row;      /* rows before it have closed */
    size_t n_closed; /* bars of this row that have closed, in the order of cursors */
    int64_t next_ns; /* FEL_TIME_MAX while off */
    int64_t close_ns[PANEL_ROWS], open_ns[PANEL_ROWS];
    uint32_t n_tries; /* instants since rows were looked for in vain */
    uint8_t is_on, is_open_next;
    uint8_t is_positive; /* all opens and closes of the rows are above zero */
} panel;

/* Ordered by use: the first two cache lines are what every bar touches. */
struct cursor {
    _Alignas(64) const int64_t *time_ns;
    const double *column[FEL_BAR_COLUMNS]; /* bars, quotes and actions; signals read `columns` */
    size_t i, n;
    const int64_t *open_ns;
    int64_t length_ns;
    int64_t last_ns;   /* of the last row taken: rows must not go back */
    int64_t opened_ns; /* bars: when the present one opened */
    instrument_state *state;
    double *position, *last_price;
    uint32_t instrument;
    uint8_t is_open_next; /* bars: the open event is the next one */
    const panel *panel;   /* the run's; bars: its place there */
    size_t place;
    fel_data_kind kind;
    uint32_t source;
    uint32_t n_columns;     /* of a signal series */
    uint32_t n_columns_all; /* of the source */
    size_t n_before;        /* rows of the blocks before this one */
    const double *const *columns;
    const uint32_t *signal_columns; /* signals: place of each column in the run's list */
};

enum { MERGE_BLOCK = 64 };

/* Cursors in the order in which they speak at one instant: signals, quotes, trades, bars, actions;
 * each kind by instrument. next_ns has a smallest value per block of MERGE_BLOCK cursors. */
typedef struct merge {
    cursor *cursors;
    int64_t *next_ns;
    int64_t *block_min_ns;
    size_t n, n_blocks;
    size_t first_quote, first_bar, first_action; /* ends of the kinds before */
    int is_daily; /* all prices are bars of a day or more: where they close, a trading day ends */
    panel panel;
} merge;

/* Rows taken, the instant of the last one, and is the cursor between a close and an open? */
static inline size_t cursor_row(const cursor *c)
{
    const panel *p = c->panel;
    return p->is_on ? c->i + p->row + (c->place < p->n_closed ? 1 : 0) : c->i;
}
static inline int64_t cursor_last_ns(const cursor *c)
{
    const panel *p = c->panel;
    if (!p->is_on) {
        return c->last_ns;
    }
    if (c->place < p->n_closed) {
        return p->close_ns[p->row];
    }
    return p->row > 0 ? p->close_ns[p->row - 1] : c->last_ns;
}
static inline int cursor_is_between(const cursor *c)
{
    const panel *p = c->panel;
    return p->is_on ? p->is_open_next || c->place < p->n_closed : c->is_open_next;
}

#endif
