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

/* ---- the ends of days, where every bar is one: as in before_closes() and before_opens() ---------
 */

static inline fel_status day_before_close(fel_engine *e, int64_t t)
{
    return e->merge.is_daily && t > e->day_end_ns ? record_day_end(e, t) : FEL_OK;
}

static inline fel_status day_before_open(fel_engine *e, int64_t t)
{
    FEL_TRY(day_before_close(e, t));
    return e->merge.is_daily && t >= e->day_end_ns ? record_day_end(e, t) : FEL_OK;
}

static inline fel_status day_after_close(fel_engine *e, int64_t t)
{
    if (!e->merge.is_daily) {
        return FEL_OK;
    }
    FEL_TRY(record_day_close(e, t));
    return t >= e->day_end_ns ? record_day_end(e, t) : FEL_OK;
}

/* ---- a row's two events
 * --------------------------------------------------------------------------
 */

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
    FEL_TRY(day_before_close(e, bar->close_time_ns));
    if (s->live_first != SLOT_NONE) {
        FEL_TRY(match_bar(e, bar));
    } else {
        inst_see_price(e, c->instrument, bar->high, bar->low);
    }
    c->i++;
    c->last_ns = bar->close_time_ns;
    c->is_open_next = 1; /* a liquidation now is on the bar that has closed */
    *c->last_price = bar->close;
    ledger_see_price(e, bar->close);
    s->n_bars++;
    e->last_ns = bar->close_time_ns;
    FEL_TRY(tell_bar(e, bar));
    FEL_TRY(watch(e));
    return e->is_ruined ? FEL_OK : day_after_close(e, bar->close_time_ns);
}

/* The row after it opens. */
static inline fel_status open_row(fel_engine *e, cursor *c, int64_t open_ns)
{
    instrument_state *const s = c->state;
    const double open = c->column[0][c->i];
    e->ctx.now_ns = open_ns;
    FEL_TRY(open_ns != c->last_ns ? day_before_open(e, open_ns) : FEL_OK);
    c->is_open_next = 0;
    c->opened_ns = open_ns;
    *c->last_price = open;
    inst_see_price(e, c->instrument, open, open);
    ledger_see_price(e, open);
    if (s->live_first != SLOT_NONE) {
        FEL_TRY(open_with_orders(e, c->instrument));
    }
    e->last_ns = open_ns;
    return watch(e);
}

/* The row opens, unless something is due before, or then: the general loop opens it. */
static inline fel_status go_on(fel_engine *e, cursor *c, int64_t open_ns)
{
    if (open_ns < e->attention_ns) {
        return open_row(e, c, open_ns);
    }
    c->opened_ns = open_ns;
    return FEL_OK;
}

/* When the row after `row` opens: never before `row` is known. */
static inline int64_t next_open_ns(const cursor *c, size_t row)
{
    const int64_t listed_ns =
        c->open_ns != NULL ? c->open_ns[row + 1] : c->time_ns[row + 1] - c->length_ns;
    return listed_ns > c->time_ns[row] ? listed_ns : c->time_ns[row];
}

/* ---- calm rows: nothing listens but on_bar, no order lives ------------------------------------
 */

static inline int is_calm(const fel_engine *e, const cursor *c)
{
    return c->state->live_first == SLOT_NONE && !e->ledger.is_watched && e->on_slice == NULL &&
           e->on_bar != NULL && e->history.capacity == 0;
}

/* The ends of days from the row's open, if that is yet to come, to its close. */
static inline fel_status days_of_row(fel_engine *e, const cursor *c, int64_t open_ns, int is_first)
{
    if (!is_first && open_ns != c->last_ns) {
        FEL_TRY(day_before_open(e, open_ns));
    }
    return day_before_close(e, c->time_ns[c->i]);
}

/* Close row after row and open the next. Prices of zero or less are left to the general steps; a
 * row whose callback makes an order is the last one, its successor not yet open. */
static inline fel_status calm_rows(fel_engine *e, cursor *c, size_t last)
{
    fel_bar *const bar = e->slice;
    const int is_held = *c->position != 0.0, is_daily = e->merge.is_daily;
    int is_calm_still = 1;
    fel_status status = FEL_OK;
    const size_t first = c->i;
    int64_t open_ns = c->opened_ns;
    while (c->i + 1 < last && e->pending.n == 0 && is_calm_still && status == FEL_OK) {
        const size_t i = c->i;
        const int64_t close_ns = c->time_ns[i];
        const int64_t next_ns = next_open_ns(c, i);
        if (next_ns >= e->attention_ns || c->column[3][i] <= 0.0 || c->column[0][i + 1] <= 0.0) {
            break;
        }
        if (is_daily) {
            FEL_TRY(days_of_row(e, c, open_ns, i == first));
        }
        read_bar(c, i, bar);
        bar->open_time_ns = open_ns;
        e->ctx.now_ns = close_ns;
        *c->last_price = bar->close;
        if (is_held) {
            inst_see_price(e, c->instrument, bar->open, bar->open);
            inst_see_price(e, c->instrument, bar->high, bar->low);
        }
        c->i = i + 1;
        c->last_ns = close_ns;
        open_ns = next_ns;
        status = e->on_bar(e->state, &e->ctx, bar);
        if (is_daily && e->pending.n == 0 && status == FEL_OK) {
            status = day_after_close(e, close_ns);
            is_calm_still = !e->ledger.is_watched; /* interest may be owed by now */
        }
    }
    if (c->i > first) {
        c->state->n_bars += c->i - first;
        c->is_open_next = 1;
        e->last_ns = c->last_ns;
    }
    return status;
}

/* Calm rows until one makes an order or needs more; in the end the present row is open. */
static fel_status pass_calm_rows(fel_engine *e, cursor *c, size_t last)
{
    const size_t first = c->i;
    FEL_TRY(calm_rows(e, c, last));
    if (c->i == first) {
        return FEL_OK;
    }
    if (e->pending.n > 0) {
        FEL_TRY(venue_activate(e));
        FEL_TRY(watch(e));
        FEL_TRY(e->is_ruined ? FEL_OK : day_after_close(e, c->last_ns));
    }
    return e->is_ruined ? FEL_OK : go_on(e, c, next_open_ns(c, c->i - 1));
}

fel_status quiet_bars(fel_engine *e, size_t max_bars)
{
    cursor *const c = &e->merge.cursors[0];
    const size_t first = c->i;
    const size_t last = c->n - first > max_bars ? first + max_bars : c->n;
    while (c->i + 1 < last && !e->is_ruined && !c->is_open_next) {
        if (is_calm(e, c)) {
            FEL_TRY(pass_calm_rows(e, c, last));
        }
        if (c->i + 1 >= last || e->is_ruined || c->is_open_next ||
            next_open_ns(c, c->i) >= e->attention_ns) {
            break;
        }
        const int64_t open_ns = next_open_ns(c, c->i);
        FEL_TRY(close_row(e, c));
        if (!e->is_ruined) {
            FEL_TRY(go_on(e, c, open_ns));
        }
    }
    e->n_bars += c->i - first;
    e->merge.next_ns[0] = c->is_open_next ? c->opened_ns : c->time_ns[c->i];
    return FEL_OK;
}
