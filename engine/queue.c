/* engine/queue.c - where our limit orders wait in the book.
 *
 * `ahead` is what is shown at an order's price and came before it. Trades at the price take it from
 * the front; when it is used up they fill the order. What else goes away from the level was
 * cancelled, before the order or behind it: the rule says which part. The book's data do not know
 * of our orders: they move nobody else. */
#include <math.h>

#include "engine/order_book_internal.h"

static int side_of(const live_order *o)
{
    return o->side == FEL_BUY ? BOOK_BID : BOOK_ASK;
}

static int waits(const live_order *o)
{
    return o->has_rested &&
           (o->type == FEL_ORDER_LIMIT || (o->type == FEL_ORDER_STOP_LIMIT && o->is_triggered));
}

fel_status queue_gather(fel_engine *e, uint32_t instrument)
{
    order_book *b = e->inst[instrument].book;
    b->own[BOOK_BID].n = b->own[BOOK_ASK].n = 0;
    b->highest_buy = (double)-INFINITY;
    b->lowest_sell = (double)INFINITY;
    b->is_dirty = b->needs_look = 0;
    uint32_t slot = e->inst[instrument].live_first;
    for (; slot != SLOT_NONE; slot = e->pool.items[slot].next) {
        const live_order *o = &e->pool.items[slot];
        if (!waits(o) || o->tif == FEL_TIF_DAY || o->tif == FEL_TIF_GTD) {
            b->needs_look = 1;
        }
        if (waits(o)) {
            const queued here = {o->limit, slot};
            FEL_TRY(ARRAY_PUSH(&b->own[side_of(o)], here));
            b->highest_buy = o->side == FEL_BUY ? fmax(b->highest_buy, o->limit) : b->highest_buy;
            b->lowest_sell = o->side == FEL_SELL ? fmin(b->lowest_sell, o->limit) : b->lowest_sell;
        }
    }
    return FEL_OK;
}

void queue_join(const order_book *b, live_order *o)
{
    o->has_rested = 1;
    o->queue_shown = book_quantity(b, side_of(o), o->limit);
    o->queue_ahead = o->queue_shown;
}

/* Units of a cancelled amount that were ahead. With f(x) = x^n cancels hit what is behind with the
 * weight f(behind) / (f(behind) + f(ahead)); what is not there behind was ahead. */
static double cancelled_ahead(const fel_engine *e, const live_order *o, double cancelled)
{
    const double ahead = o->queue_ahead, behind = fmax(o->queue_shown - ahead, 0.0);
    if (e->config.queue == FEL_QUEUE_OPTIMISTIC) {
        return cancelled;
    }
    if (e->config.queue == FEL_QUEUE_CONSERVATIVE) {
        return 0.0;
    }
    const double n = e->config.queue_power;
    const double weight_ahead = n == 1.0 ? ahead : pow(ahead, n);
    const double weight_behind = n == 1.0 ? behind : pow(behind, n);
    const double sum = weight_ahead + weight_behind;
    const double from_behind = sum > 0.0 ? cancelled * (weight_behind / sum) : 0.0;
    return cancelled - fmin(from_behind, behind);
}

static void move_up(const fel_engine *e, live_order *o, double quantity)
{
    const double cancelled = o->queue_shown - quantity;
    if (cancelled > 0.0) {
        o->queue_ahead -= cancelled_ahead(e, o, cancelled);
    }
    /* No more can be ahead than there is. */
    o->queue_ahead = fmin(fmax(o->queue_ahead, 0.0), quantity);
    o->queue_shown = quantity;
}

void queue_change(fel_engine *e, const order_book *b, int side, double price, double quantity)
{
    const queued_list *own = &b->own[side];
    for (size_t i = 0; i < own->n; i++) {
        if (own->items[i].price == price) {
            move_up(e, &e->pool.items[own->items[i].slot], quantity);
        }
    }
}

/* ---- trades -----------------------------------------------------------------------------------
 */

/* Up to `units` of an order at its own price; *left is what the trade has for those that follow. */
static fel_status fill_up_to(fel_engine *e, uint32_t slot, double units, double *left)
{
    if (!(units > 0.0)) {
        return FEL_OK;
    }
    e->pool.items[slot].needs &= (uint8_t)~ORDER_STALLED;
    e->fill_room = units;
    e->last_filled = 0.0;
    const fel_status status = fill_order(e, slot, e->pool.items[slot].limit, 0);
    e->fill_room = (double)INFINITY;
    *left -= e->last_filled;
    return status;
}

/* Does the trade's price reach the order, and go beyond it? */
static int reach(const live_order *o, const fel_trade_tick *tick)
{
    const double beyond = o->side == FEL_BUY ? o->limit - tick->price : tick->price - o->limit;
    return tick->taker_side == (int32_t)o->side || !waits(o) || beyond < 0.0 ? 0
           : beyond > 0.0                                                    ? 2
                                                                             : 1;
}

/* Orders that the trade went beyond come first; then those at its price, behind their queues. */
static fel_status trade_pass(fel_engine *e, const fel_trade_tick *tick, int wanted, double *left)
{
    for (size_t i = 0; i < e->scan.n; i++) {
        const uint32_t slot = venue_find(e, e->scan.items[i]);
        if (slot == SLOT_NONE || reach(&e->pool.items[slot], tick) != wanted) {
            continue;
        }
        live_order *o = &e->pool.items[slot];
        double units = *left;
        if (wanted == 1) {
            /* What earlier orders of ours had is not what was ahead. */
            units = fmin(tick->quantity - o->queue_ahead, *left);
            o->queue_ahead = fmax(o->queue_ahead - tick->quantity, 0.0);
            o->queue_shown = fmax(o->queue_shown - tick->quantity, 0.0);
        }
        FEL_TRY(fill_up_to(e, slot, units, left));
    }
    return FEL_OK;
}

fel_status queue_trade(fel_engine *e, const fel_trade_tick *tick)
{
    const uint32_t i = tick->instrument;
    order_book *b = e->inst[i].book;
    if (e->inst[i].live_first == SLOT_NONE) {
        return FEL_OK;
    }
    if (b->is_dirty) {
        FEL_TRY(queue_gather(e, i));
    }
    if (tick->price > b->highest_buy && tick->price < b->lowest_sell) {
        return FEL_OK;
    }
    const double price = e->last_price[i];
    double left = tick->quantity;
    FEL_TRY(venue_scan(e, i));
    FEL_TRY(trade_pass(e, tick, 2, &left));
    FEL_TRY(trade_pass(e, tick, 1, &left));
    e->last_price[i] = price; /* a fill has left its own price there */
    return FEL_OK;
}
