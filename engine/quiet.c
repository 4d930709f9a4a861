/* engine/quiet.c - the plain stretch of the commonest run: one series of bars, nothing due but bars,
 * callbacks and orders.
 *
 * The steps are those of instant() in loop.c without the search over feeds; a test holds the two to
 * the same bits. It stops before any instant that needs more (a day's end, an expiry, the end of the
 * feed's block) and leaves that one to the general loop. */
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

static fel_status watch(fel_engine *e)
{
    return ledger_equity(e).hi > 0.0 ? FEL_OK : event_ruin(e);
}

static fel_status open_with_orders(fel_engine *e, uint32_t instrument)
{
    e->opening.n = 0;
    FEL_TRY(ARRAY_PUSH(&e->opening, instrument));
    return match_opens(e);
}

fel_status quiet_bars(fel_engine *e, size_t max_bars)
{
    cursor *const c = &e->merge.cursors[0];
    instrument_state *const s = c->state;
    double *const position = c->position, *const last_price = c->last_price;
    fel_bar *const bar = e->slice;
    const size_t first = c->i;
    const size_t last = c->n - first > max_bars ? first + max_bars : c->n;
    size_t row = first;
    for (; row + 1 < last; row++) {
        const int64_t t = c->time_ns[row];
        const int64_t listed_ns =
            c->open_ns != NULL ? c->open_ns[row + 1] : c->time_ns[row + 1] - c->length_ns;
        const int64_t open_ns = listed_ns > t ? listed_ns : t;
        if (open_ns >= e->attention_ns) {
            break;
        }
        /* the close of this row */
        read_bar(c, row, bar);
        e->ctx.now_ns = t;
        if (s->live_first != SLOT_NONE) {
            FEL_TRY(match_bar(e, bar));
        } else if (*position != 0.0) {
            inst_see_price(s, bar->high, bar->low);
        }
        c->i = row + 1;
        c->last_ns = t;
        *last_price = bar->close;
        if (bar->close <= 0.0) {
            e->ledger.sees_negative = 1;
            ledger_watch(e);
        }
        s->n_bars++;
        FEL_TRY(tell_bar(e, bar));
        if (e->ledger.is_watched) {
            c->is_open_next = 1; /* a liquidation now is on the bar that has closed */
            FEL_TRY(watch(e));
            if (e->is_ruined) {
                e->last_ns = t;
                row++;
                break;
            }
            c->is_open_next = 0;
        }
        /* the open of the next */
        const double open = c->column[0][row + 1];
        c->opened_ns = open_ns;
        e->ctx.now_ns = open_ns;
        *last_price = open;
        if (*position != 0.0) {
            inst_see_price(s, open, open);
        }
        if (open <= 0.0) {
            e->ledger.sees_negative = 1;
            ledger_watch(e);
        }
        if (s->live_first != SLOT_NONE) {
            FEL_TRY(open_with_orders(e, c->instrument));
        }
        e->last_ns = open_ns;
        if (e->ledger.is_watched) {
            FEL_TRY(watch(e));
            if (e->is_ruined) {
                row++;
                break;
            }
        }
    }
    e->n_bars += row - first;
    e->merge.next_ns[0] = c->time_ns[row];
    return FEL_OK;
}
