/* engine/match_open.c - what a bar's open and a quote fill: market orders, gaps over limits and
 * stops.
 *
 * All instruments that open at one instant are dealt with together: what sells first, then what
 * buys, so that a rebalance finds its cash. */
#include <math.h>

#include "engine/engine_internal.h"

/* Does a price printed now fill the order? A stop that is met becomes what follows it. */
static int is_filled_by(const fel_engine *e, live_order *o, double price)
{
    switch (o->type) {
    case FEL_ORDER_MARKET:
    case FEL_ORDER_MARKET_ON_OPEN:
        return 1;
    case FEL_ORDER_LIMIT:
    case FEL_ORDER_LIMIT_ON_OPEN:
        return order_is_limit_met(e, o, price);
    case FEL_ORDER_STOP:
    case FEL_ORDER_TRAILING_STOP:
        return o->is_triggered || order_is_stop_met(o, price);
    case FEL_ORDER_STOP_LIMIT:
        if (!o->is_triggered && order_is_stop_met(o, price)) {
            o->is_triggered = 1;
            return order_is_marketable(o, price);
        }
        return o->is_triggered && order_is_limit_met(e, o, price);
    case FEL_ORDER_MARKET_ON_CLOSE:
    case FEL_ORDER_LIMIT_ON_CLOSE:
    case FEL_ORDER_EXERCISE:
        return 0;
    }
    return 0;
}

/* An open has not filled it. */
static inline fel_status pass_over(fel_engine *e, uint32_t slot)
{
    const unsigned needs = e->pool.items[slot].needs;
    return needs & ORDER_ONCE && !(needs & ORDER_AT_CLOSE) ? venue_end_unmet(e, slot) : FEL_OK;
}

/* One order, if the open fills it, into e->work. */
static inline fel_status gather_order(fel_engine *e, uint32_t slot, double price)
{
    int is_over = 0;
    FEL_TRY(venue_expire(e, slot, e->ctx.now_ns, &is_over));
    if (is_over) {
        return FEL_OK;
    }
    live_order *o = &e->pool.items[slot];
    return is_filled_by(e, o, price) ? ARRAY_PUSH(&e->work, o->id) : pass_over(e, slot);
}

/* Orders of an instrument that its open fills, into e->work. */
static fel_status gather(fel_engine *e, uint32_t instrument)
{
    const instrument_state *s = &e->inst[instrument];
    const double price = e->last_price[instrument];
    if (s->live_first == s->live_last) {
        return gather_order(e, s->live_first, price);
    }
    FEL_TRY(venue_scan(e, instrument));
    for (size_t i = 0; i < e->scan.n; i++) {
        const uint32_t slot = venue_find(e, e->scan.items[i]);
        FEL_TRY(slot != SLOT_NONE ? gather_order(e, slot, price) : FEL_OK);
    }
    return FEL_OK;
}

/* The commonest case, one order in all: what gather() and venue_fill_work() come to. */
static fel_status fill_lone(fel_engine *e, uint32_t slot)
{
    int is_over = 0;
    FEL_TRY(venue_expire(e, slot, e->ctx.now_ns, &is_over));
    if (is_over) {
        return FEL_OK;
    }
    live_order *o = &e->pool.items[slot];
    const double price = e->last_price[o->instrument];
    return is_filled_by(e, o, price) ? fill_order(e, slot, price, order_is_taker(o))
                                     : pass_over(e, slot);
}

fel_status match_opens(fel_engine *e)
{
    const instrument_state *first = &e->inst[e->opening.items[0]];
    if (e->opening.n == 1 && first->live_first == first->live_last) {
        FEL_TRY(fill_lone(e, first->live_first));
    } else {
        for (size_t i = 0; i < e->opening.n; i++) {
            FEL_TRY(gather(e, e->opening.items[i]));
        }
        FEL_TRY(venue_fill_work(e));
    }
    if (e->pending.n > 0) {
        e->is_opening = 1;
        FEL_TRY(venue_activate(e));
        e->is_opening = 0;
    }
    return FEL_OK;
}

/* A resting limit is filled at its own price by a quote that crosses it; one that is new and
 * marketable takes the quote. */
static fel_status quote_limit(fel_engine *e, uint32_t slot, const fel_quote *quote)
{
    live_order *o = &e->pool.items[slot];
    const double touch = o->side == FEL_BUY ? quote->ask : quote->bid;
    const int is_new = !o->has_rested;
    const int is_crossed = o->side == FEL_BUY ? touch < o->limit : touch > o->limit;
    const int is_touched = touch == o->limit && (is_new || e->config.limit == FEL_LIMIT_TOUCH);
    o->has_rested = 1;
    if (!is_crossed && !is_touched) {
        return pass_over(e, slot);
    }
    return fill_order(e, slot, is_new ? touch : o->limit, 0);
}

static fel_status quote_order(fel_engine *e, uint32_t slot, const fel_quote *quote)
{
    live_order *o = &e->pool.items[slot];
    const double touch = o->side == FEL_BUY ? quote->ask : quote->bid;
    if (o->needs & (ORDER_AT_OPEN | ORDER_AT_CLOSE)) {
        return FEL_OK;
    }
    if (order_has_stop(o) && !o->is_triggered) {
        o->is_triggered = order_is_stop_met(o, touch) ? 1 : 0;
        if (!o->is_triggered) {
            if (o->needs & ORDER_TRAILS) {
                trail_follow(e, o, touch);
            }
            return FEL_OK;
        }
    }
    if (!order_is_taker(o)) {
        return quote_limit(e, slot, quote);
    }
    return fill_order(e, slot, 0.5 * (quote->bid + quote->ask), 1);
}

fel_status match_quote(fel_engine *e, const fel_quote *quote)
{
    FEL_TRY(venue_scan(e, quote->instrument));
    e->quote_now = quote;
    for (size_t i = 0; i < e->scan.n; i++) {
        const uint32_t slot = venue_find(e, e->scan.items[i]);
        int is_over = slot == SLOT_NONE;
        if (!is_over) {
            venue_see_bar(&e->pool.items[slot], quote->time_ns + 1);
            FEL_TRY(venue_expire(e, slot, quote->time_ns, &is_over));
        }
        if (!is_over) {
            e->pool.items[slot].needs &= (uint8_t)~ORDER_STALLED;
            FEL_TRY(quote_order(e, slot, quote));
        }
    }
    e->quote_now = NULL;
    return FEL_OK;
}
