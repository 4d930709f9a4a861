/* engine/quiet.c - the plain stretch of the commonest run: one series of bars, nothing due but
 * bars, callbacks and orders.
 *
 * The steps are those of instant() in loop.c without the search over feeds; a test holds the two to
 * the same bits. It stops before any instant that needs more (a day's end, an expiry, the end of
 * the feed's block) and leaves that one to the general loop. */
#include "engine/engine_internal.h"

static inline void read_bar(const cursor *c, size_t row, fel_bar *bar)
{
    bar->close_time_ns = c->time_ns[row];
    bar->open_time_ns = c->opened_ns;
    bar->instrument = c->instrument;
    bar->reserved = 0;
    bar->open = c->column[0][row];
    bar->high = c->column[1][row];
    bar->low = c->column[2][row];
    bar->close = c->column[3][row];
    bar->volume = c->column[4][row];
}

/* After the bar's close is booked: callbacks and the orders they made. */
static inline fel_status tell_bar(fel_engine *e, const fel_bar *bar)
{
    if (e->history.capacity > 0) {
        history_push(e, bar);
    }
    if (e->on_bar != NULL) {
        FEL_TRY(e->on_bar(e->state, &e->ctx, bar));
    }
    if (e->on_slice != NULL) {
        const fel_slice slice = {.time_ns = bar->close_time_ns, .bars = bar, .n_bars = 1};
        FEL_TRY(e->on_slice(e->state, &e->ctx, &slice));
    }
    return e->pending.n > 0 ? venue_activate(e) : FEL_OK;
}

/* Liquidate if equity is gone; the caller sees e->is_ruined. */
static inline fel_status watch(fel_engine *e)
{
    return !e->ledger.is_watched || ledger_equity(e).hi > 0.0 ? FEL_OK : event_ruin(e);
}

static fel_status open_with_orders(fel_engine *e, uint32_t instrument)
{
    e->opening.n = 0;
    FEL_TRY(ARRAY_PUSH(&e->opening, instrument));
    return match_opens(e);
}

/* The present row closes, now. */
static inline fel_status close_row(fel_engine *e, cursor *c)
{
    instrument_state *const s = c->state;
    fel_bar *const bar = e->slice;
    read_bar(c, c->i, bar);
    e->ctx.now_ns = bar->close_time_ns;
    if (s->live_first != SLOT_NONE) {
        FEL_TRY(match_bar(e, bar));
    } else if (*c->position != 0.0) {
        inst_see_price(s, bar->high, bar->low);
    }
    c->i++;
    c->last_ns = bar->close_time_ns;
    c->is_open_next = 1; /* a liquidation now is on the bar that has closed */
    *c->last_price = bar->close;
    ledger_see_price(e, bar->close);
    s->n_bars++;
    e->last_ns = bar->close_time_ns;
    FEL_TRY(tell_bar(e, bar));
    return watch(e);
}

/* The row after it opens. */
static inline fel_status open_row(fel_engine *e, cursor *c, int64_t open_ns)
{
    instrument_state *const s = c->state;
    const double open = c->column[0][c->i];
    c->is_open_next = 0;
    c->opened_ns = open_ns;
    e->ctx.now_ns = open_ns;
    *c->last_price = open;
    if (*c->position != 0.0) {
        inst_see_price(s, open, open);
    }
    ledger_see_price(e, open);
    if (s->live_first != SLOT_NONE) {
        FEL_TRY(open_with_orders(e, c->instrument));
    }
    e->last_ns = open_ns;
    return watch(e);
}

static inline int64_t next_open_ns(const cursor *c)
{
    const size_t next = c->i + 1;
    const int64_t listed_ns =
        c->open_ns != NULL ? c->open_ns[next] : c->time_ns[next] - c->length_ns;
    const int64_t now_ns = c->time_ns[c->i];
    return listed_ns > now_ns ? listed_ns : now_ns;
}

fel_status quiet_bars(fel_engine *e, size_t max_bars)
{
    cursor *const c = &e->merge.cursors[0];
    const size_t first = c->i;
    const size_t last = c->n - first > max_bars ? first + max_bars : c->n;
    while (c->i + 1 < last && !e->is_ruined) {
        const int64_t open_ns = next_open_ns(c);
        if (open_ns >= e->attention_ns) {
            break;
        }
        FEL_TRY(close_row(e, c));
        if (!e->is_ruined) {
            FEL_TRY(open_row(e, c, open_ns));
        }
    }
    e->n_bars += c->i - first;
    e->merge.next_ns[0] = c->time_ns[c->i];
    return FEL_OK;
}
