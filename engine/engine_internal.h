/* engine/engine_internal.h - the steps of a run.
 *
 * One engine is one thread's. Everything is allocated before the first event; only the lists of
 * orders and records grow, by doubling. Reading order: loop.c, cursor.c, venue.c, match_bar.c,
 * fill.c, sizing.c, ledger.c, record.c, host.c; quiet.c and panel*.c are short cuts. */
#ifndef FEL_ENGINE_INTERNAL_H
#define FEL_ENGINE_INTERNAL_H

#ifndef FEL_MODULE_ENGINE
#error "engine/engine_internal.h is for files of engine/ only"
#endif

#include "engine/state_internal.h"

/* ---- engine_check.c, engine_setup.c
 * ---------------------------------------------------------------------------------------- */

fel_status engine_check_config(const fel_engine_config *c);
fel_status engine_check_strategy(const fel_strategy *s);
/* Number the instruments in order of appearance; only prices and options make one. */
fel_status setup_instruments(fel_engine *e);
fel_status setup_cursors(fel_engine *e);
/* Options by expiry; those without an underlying in the run are refused. */
fel_status setup_options(fel_engine *e);
/* Which actions a series' adjustment leaves to be booked, and whether dividends may be missing. */
void setup_adjustments(fel_engine *e);

/* ---- cursor.c: rows in time order ---------------------------------------------------------------
 */

fel_status merge_create(fel_engine *e);
fel_status merge_start(fel_engine *e); /* rewind all, take first rows */
/* The next block of a cursor, none at the end. */
fel_status cursor_refill(fel_engine *e, cursor *c);
/* Cursor k has used up its block: pull the next one. */
fel_status merge_refill(fel_engine *e, size_t k);
/* Make the open of the present bar its cursor's next event: never before the row before it was
 * known. */
static inline void merge_expect_open(merge *m, size_t k)
{
    cursor *c = &m->cursors[k];
    const int64_t listed_ns =
        c->open_ns != NULL ? c->open_ns[c->i] : c->time_ns[c->i] - c->length_ns;
    c->opened_ns = listed_ns > c->last_ns ? listed_ns : c->last_ns;
    c->is_open_next = 1;
    m->next_ns[k] = c->opened_ns;
}
/* Take the next row of cursor k, whose row was just used: bars, and all other kinds. */
static inline fel_status merge_advance_bar(fel_engine *e, size_t k)
{
    cursor *c = &e->merge.cursors[k];
    c->last_ns = c->time_ns[c->i];
    if (++c->i == c->n) {
        return merge_refill(e, k);
    }
    merge_expect_open(&e->merge, k);
    return FEL_OK;
}
static inline fel_status merge_advance(fel_engine *e, size_t k)
{
    cursor *c = &e->merge.cursors[k];
    c->last_ns = c->time_ns[c->i];
    if (++c->i == c->n) {
        return merge_refill(e, k);
    }
    e->merge.next_ns[k] = c->time_ns[c->i];
    return FEL_OK;
}
/* After all events at t: the blocks' smallest instants again. */
void merge_settle(merge *m, int64_t t);

static inline int64_t merge_next_ns(const merge *m)
{
    int64_t t = m->panel.next_ns;
    for (size_t b = 0; b < m->n_blocks; b++) {
        t = m->block_min_ns[b] < t ? m->block_min_ns[b] : t;
    }
    return t;
}

/* ---- panel.c: bars in lockstep ------------------------------------------------------------------
 */

fel_status panel_create(fel_engine *e);
/* All rows have closed: the cursors go on from there. */
void panel_unload(fel_engine *e);
/* Take the next rows of all bars, if they share their instants: then the panel is on. */
void panel_load(fel_engine *e);
/* The present row closes, and opens, now. */
fel_status panel_close(fel_engine *e);
fel_status panel_open(fel_engine *e);

/* ---- ledger.c
 * ------------------------------------------------------------------------------------ */

void ledger_start(fel_engine *e);
/* cash + sum of position x last price x multiplier. */
fel_money ledger_equity(const fel_engine *e);
/* Book quantity units (signed) for `paid` = quantity x price x multiplier; fee not in it. */
void ledger_trade(fel_engine *e, uint32_t instrument, double quantity, double price,
                  fel_money paid);
/* Work out is_watched again: could equity go to zero? A long position paid for in full cannot take
 * it there. */
void ledger_watch(fel_engine *e);
/* A price of zero or less can take any position there. */
static inline void ledger_see_price(fel_engine *e, double price)
{
    if (price <= 0.0) {
        e->ledger.sees_negative = 1;
        ledger_watch(e);
    }
}
void ledger_fee(fel_engine *e, uint32_t instrument, fel_money fee);
void ledger_dividend(fel_engine *e, uint32_t instrument, double per_unit);
/* `received` of a perpetual's funding; negative: paid. */
void ledger_funding(fel_engine *e, uint32_t instrument, fel_money received);
void ledger_split(fel_engine *e, uint32_t instrument, double ratio);
void ledger_interest(fel_engine *e, double days);
/* ERR_INTERNAL if equity differs from initial cash + attributed P&L by more than rounding. */
fel_status ledger_check(fel_engine *e);
void ledger_waterfall(const fel_engine *e, fel_waterfall *out);

static inline double inst_ticks(const fel_engine *e, uint32_t i)
{
    return e->instruments[i].ticks_per_unit;
}
/* Volume of the last complete bar; NaN if there is none yet. */
static inline double inst_known_volume(const instrument_state *s)
{
    const cursor *c = s->bars;
    if (c == NULL) {
        return s->known_volume;
    }
    const size_t row = cursor_row(c);
    const double volume = row > 0 ? c->column[4][row - 1] : s->known_volume;
    const int is_split = s->split_ratio != 1.0 && s->split_ns >= cursor_last_ns(c);
    return is_split ? volume * s->split_ratio : volume;
}
/* Its bars and quotes so far; those of a panel's rows are booked when these are over. */
static inline uint64_t inst_n_bars(const instrument_state *s)
{
    return s->bars == NULL ? s->n_bars : s->n_bars + (cursor_row(s->bars) - s->bars->i);
}
/* Did a bar of it close, or a quote come, at this instant? */
static inline int inst_has_closed(const instrument_state *s, int64_t now_ns)
{
    return s->quoted_ns == now_ns || (s->bars != NULL && cursor_last_ns(s->bars) == now_ns);
}
static inline void inst_see_price(fel_engine *e, uint32_t i, double high, double low)
{
    e->high_since[i] = high > e->high_since[i] ? high : e->high_since[i];
    e->low_since[i] = low < e->low_since[i] ? low : e->low_since[i];
}

/* ---- venue.c: orders from submission to their end
 * -------------------------------------------------- */

/* A new order of an instrument, pending, with its number and times; what is not set here is as for
 * a market order of nothing. The caller sets the rest before anything else happens. */
fel_status venue_submit(fel_engine *e, uint32_t instrument, live_order **out);
fel_status venue_end(fel_engine *e, uint32_t slot, fel_order_state state, fel_reason reason);
/* Pending orders go live (and fill, with fill rule same_close). Repeats until none is pending. */
fel_status venue_activate(fel_engine *e);
uint32_t venue_find(const fel_engine *e, uint64_t id); /* SLOT_NONE if ended */
/* Ids of an instrument's live orders into e->scan, oldest first. */
fel_status venue_scan(fel_engine *e, uint32_t instrument);
/* Fill the orders in e->work at their instruments' last prices, what sells first, and empty it. */
fel_status venue_fill_work(fel_engine *e);
fel_status venue_end_all(fel_engine *e, uint32_t instrument, fel_order_state state,
                         fel_reason reason);
/* A part has filled, the rest lives on: the strategy is told. */
fel_status venue_tell_part(fel_engine *e, uint32_t slot);
fel_status venue_end_filled(fel_engine *e, uint32_t slot, double quantity, double price);
/* The order's time is over: it ends. */
fel_status venue_end_expired(fel_engine *e, uint32_t slot);
/* True if the order's time is over at t; it is then ended. */
static inline fel_status venue_expire(fel_engine *e, uint32_t slot, int64_t t, int *is_over)
{
    *is_over = t >= e->pool.items[slot].expire_ns;
    return *is_over ? venue_end_expired(e, slot) : FEL_OK;
}
/* A resting price on the grid, so that it is not better than asked for. */
double venue_round(const fel_engine *e, const live_order *o, double price, int is_stop);
/* The first price that it may take has not filled an order that waits for no second. */
fel_status venue_end_unmet(fel_engine *e, uint32_t slot);
/* A DAY order's first bar closes then: its day is that bar's. */
void venue_see_bar(live_order *o, int64_t close_ns);
/* Into e->opening, in order: which of the n instruments from `first` on have live orders? */
fel_status live_gather(fel_engine *e, uint32_t first, size_t n);
void venue_rescale(fel_engine *e, uint32_t instrument, double split_ratio);

/* ---- match_*.c: which orders a price fills
 * ------------------------------------------------------- */

static inline int order_is_stop_met(const live_order *o, double price)
{
    return o->side == FEL_BUY ? price >= o->stop : price <= o->stop;
}
/* Does it take what is offered, and so pay the slippage? */
static inline int order_is_taker(const live_order *o)
{
    return o->limit != o->limit; /* NaN: it has none */
}
static inline int order_has_stop(const live_order *o)
{
    return o->type == FEL_ORDER_STOP || o->type == FEL_ORDER_STOP_LIMIT ||
           o->type == FEL_ORDER_TRAILING_STOP;
}
static inline int order_is_marketable(const live_order *o, double price)
{
    return o->side == FEL_BUY ? price <= o->limit : price >= o->limit;
}

/* Does a limit that rests fill at this price? */
static inline int order_is_limit_met(const fel_engine *e, const live_order *o, double price)
{
    return order_is_marketable(o, price) &&
           (price != o->limit || e->config.limit == FEL_LIMIT_TOUCH);
}

/* All instruments in e->opening have a new price at their open: fill what it fills, sells first;
 * then the orders made in answer go live. */
fel_status match_opens(fel_engine *e);
/* The rest of a bar: limits and stops along its path. */
fel_status match_bar(fel_engine *e, const fel_bar *bar);
fel_status match_quote(fel_engine *e, const fel_quote *quote);

/* ---- match_book.c
 * ----------------------------------------------------------------------------------------- */

fel_status books_create(fel_engine *e);
void books_start(fel_engine *e);
void books_destroy(fel_engine *e);
/* The rows of depth of cursor k that are of this instant. */
fel_status event_depth(fel_engine *e, size_t k);
/* Best levels of a side, at most n; how many. */
size_t book_levels(const order_book *b, fel_side side, fel_level *out, size_t n);

/* ---- fill.c, sizing.c
 * ------------------------------------------------------------------------------ */

/* A trade that is being worked out. */
typedef struct trade {
    uint32_t instrument;
    int is_taker;           /* slippage applies */
    double quantity;        /* signed */
    fel_money value;        /* |quantity| x price x multiplier */
    double reference;       /* price before slippage */
    double price;           /* paid */
    double weight_goal;     /* weight aimed at; NaN: whatever comes of the quantity */
    double arrival;         /* last known price when the order was made; NaN: none */
    uint64_t order_id, tag; /* 0: no order asked for it */
    fel_money fee;
    int32_t position_side; /* hedging: of the order; else 0 */
    uint8_t is_forced;     /* by a margin call */
    fel_reason reason;     /* of its record */
    fel_money raw_fee;     /* what the models ask for, before the minimum */
    double filled_before;  /* units of the order's earlier parts */
    fel_money fees_before; /* raw, of those, if there are any */
} trade;

/* Fill an order now at `price` before slippage; ends it, whatever comes of it. A target is sized
 * here unless it was at the decision. */
fel_status fill_order(fel_engine *e, uint32_t slot, double price, int is_taker);
/* A trade that no order asked for: liquidation, end of data. */
fel_status fill_forced(fel_engine *e, uint32_t instrument, double quantity, double price,
                       fel_reason reason);

/* Settlement at a price, which is no trade: nothing is charged. For an order, or NULL. */
fel_status fill_settled(fel_engine *e, uint32_t instrument, double quantity, double price,
                        fel_reason reason, const live_order *o);

/* ---- expiry.c ---------------------------------------------------------------------------------
 */

fel_reason expiry_reason(const fel_instrument *instrument);
/* Why an order to exercise cannot be carried out; NONE. */
fel_reason expiry_refuse(const fel_engine *e, const live_order *o);
fel_status expiry_exercise(fel_engine *e, uint32_t slot);

/* Signed units that an order trades at `price`: for targets so many that the target is held with
 * the costs paid; before lots and cash. */
double sizing_delta(const fel_engine *e, const live_order *o, double price, int is_taker);
/* Round t->quantity to lots and cut it to the cash or the holding where rules say so; sets price
 * and fee. NONE, or why there is nothing to do (quantity 0). */
fel_reason sizing_allow(const fel_engine *e, trade *t);
/* NO_CASH if the cash of now would not pay for an order at the price that it waits for. */
fel_reason sizing_check_cash(const fel_engine *e, const live_order *o);
/* Cut a trade to what the volume known now leaves to it; true if that was less. */
int volume_cut(const fel_engine *e, trade *t);
void volume_take(fel_engine *e, const trade *t);
/* Set price and fee of a trade from its quantity and reference. */
void sizing_price(const fel_engine *e, trade *t);
/* The half spread and the models' moves, by line of the waterfall; returns their sum, in price. */
double sizing_slip(const fel_engine *e, const trade *t, double lines[FEL_COST_N_LINES]);

/* ---- risk_limits.c ----------------------------------------------------------------------------
 */

/* ERR_RANGE for limits that are none. */
fel_status risk_check(const fel_risk_limits *r);
int risk_is_any(const fel_risk_limits *r);
/* An order reaches the venue: RATE if it is one too many. */
fel_reason risk_count_order(fel_engine *e);
/* The limit that a trade would break; NONE. */
fel_reason risk_refuse(const fel_engine *e, const trade *t);

/* ---- risk_stop.c ------------------------------------------------------------------------------
 */

/* As before the first event. */
void stop_start(fel_engine *e);
/* Equity is looked at; `day_ns` ends the trading day of this instant. What is met acts. */
fel_status stop_watch(fel_engine *e, int64_t day_ns);
/* End all orders and reject new ones from now on; if asked to, make orders that close positions. */
fel_status stop_halt(fel_engine *e, fel_reason reason, int closes_positions);

/* ---- order_log.c ------------------------------------------------------------------------------
 */

/* An order has changed, if changes are kept. */
fel_status order_log(fel_engine *e, const live_order *o, fel_reason reason, double filled);

/* ---- record.c
 * ---------------------------------------------------------------------------------------- */

/* Make room for the record of the order just numbered; it is written when the order ends. */
fel_status record_order(fel_engine *e);
void record_order_end(fel_engine *e, const live_order *o, fel_reason reason, double filled,
                      double price);
/* The place of the next fill's record (of no use after the next call where records are off); fill
 * it, then record_fill() it. */
fel_status record_fill_room(fel_engine *e, fel_fill_record **out);
void record_fill(fel_engine *e, const fel_fill_record *fill);
fel_status record_equity(fel_engine *e, int64_t t);
/* The first midnight (UTC) after the nanosecond before t: the end of t's trading day. */
int64_t record_day_of(int64_t t);
/* Bars of days have closed at t, and nothing has opened since: the day's point, where all prices
 * are such bars. Their days may end at any hour, at a midnight of New York as well as of UTC. */
fel_status record_day_close(fel_engine *e, int64_t t);
/* A new day begins at or before t: write down the old one, pay interest. */
fel_status record_day_end(fel_engine *e, int64_t t);
fel_status record_result(fel_engine *e);

/* ---- clock.c ----------------------------------------------------------------------------------
 */

/* As before the first event: nothing is due. */
void clock_start(fel_engine *e);
void clock_destroy(fel_engine *e);
/* Work out the next instant of the run's own; attention_ns is never later. */
void clock_plan(fel_engine *e);
/* What is due at t or before, after the closes of t: timers, then messages. */
fel_status clock_strike(fel_engine *e, int64_t t);
/* A message for the venue, later than now. */
fel_status clock_send(fel_engine *e, clock_item item);
/* fel_host.set_timer, cancel_timer */
fel_status clock_set_timer(fel_ctx *ctx, int64_t time_ns, uint64_t tag);
fel_status clock_cancel_timer(fel_ctx *ctx, uint64_t tag);

/* ---- latency.c --------------------------------------------------------------------------------
 */

fel_status latency_check(const fel_latency *l);
/* The latency of each instrument from the settings. */
fel_status latency_create(fel_engine *e);
/* An order just made, of an instrument with a latency; replaces: the id of another, or 0. */
void latency_begin(const fel_engine *e, live_order *o, uint64_t replaces);
/* Ask the venue to cancel; at once if that takes no time. */
fel_status latency_cancel(fel_engine *e, uint32_t slot, fel_reason reason);
/* The same for all targets of the strategy's that wait. */
fel_status latency_cancel_targets(fel_engine *e, uint32_t instrument);
/* A pending order sets out (*slot SLOT_NONE), or is there and takes the place of what it
 * replaces. */
fel_status latency_arrive(fel_engine *e, uint32_t *slot);
/* The orders of an instrument that are on their way end. */
fel_status latency_end_flight(fel_engine *e, uint32_t instrument, fel_order_state state,
                              fel_reason reason);

/* ---- host.c, event.c, loop.c
 * --------------------------------------------------------------------------- */

extern const fel_host engine_host;
void history_push(fel_engine *e, const fel_bar *bar);
fel_status event_action(fel_engine *e, const cursor *c);
fel_status event_funding(fel_engine *e, const cursor *c);
/* A row of trades of cursor k: it fills orders where nothing else of its instrument does. */
fel_status event_trade(fel_engine *e, size_t k);
fel_status event_expiries(fel_engine *e, int64_t t);
fel_status event_ended(fel_engine *e);
/* All data has ended: close what is held. */
fel_status event_close_all(fel_engine *e);
fel_status event_ruin(fel_engine *e);
/* From the first row, or from where a snapshot was taken. */
fel_status loop_run(fel_engine *e, const char *snapshot);
/* With a lone series of bars whose present row is open: go on, at most max_bars, to the first
 * instant that needs more than bars and orders. */
fel_status quiet_bars(fel_engine *e, size_t max_bars);

#endif
