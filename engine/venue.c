/* engine/venue.c - orders from submission to their end, each with a reason.
 *
 * An order made in a callback is pending until every callback of its instant has been made; then it
 * goes live and waits for the next price of its instrument. Nothing leaves without venue_end(). */
#include <math.h>

#include "engine/order_book_internal.h"

static fel_status slot_take(fel_engine *e, uint32_t *slot)
{
    order_pool *pool = &e->pool;
    if (pool->free_head != SLOT_NONE) {
        *slot = pool->free_head;
        pool->free_head = pool->items[*slot].next;
        return FEL_OK;
    }
    const live_order empty = {0};
    FEL_TRY(ARRAY_PUSH(pool, empty));
    *slot = (uint32_t)(pool->n - 1);
    return FEL_OK;
}

static void slot_give_back(fel_engine *e, uint32_t slot)
{
    e->pool.items[slot].next = e->pool.free_head;
    e->pool.free_head = slot;
}

static void live_link(fel_engine *e, uint32_t slot)
{
    live_order *o = &e->pool.items[slot];
    instrument_state *s = &e->inst[o->instrument];
    o->next = SLOT_NONE;
    o->previous = s->live_last;
    if (s->live_last != SLOT_NONE) {
        e->pool.items[s->live_last].next = slot;
    } else {
        s->live_first = slot;
        e->live.words[o->instrument / 64] |= UINT64_C(1) << o->instrument % 64;
        e->live.n++;
    }
    s->live_last = slot;
    if (s->book != NULL) {
        s->book->is_dirty = 1;
    }
}

static void live_unlink(fel_engine *e, uint32_t slot)
{
    const live_order *o = &e->pool.items[slot];
    instrument_state *s = &e->inst[o->instrument];
    if (o->previous != SLOT_NONE) {
        e->pool.items[o->previous].next = o->next;
    } else {
        s->live_first = o->next;
    }
    if (o->next != SLOT_NONE) {
        e->pool.items[o->next].previous = o->previous;
    } else {
        s->live_last = o->previous;
    }
    if (s->live_first == SLOT_NONE) {
        e->live.words[o->instrument / 64] &= ~(UINT64_C(1) << o->instrument % 64);
        e->live.n--;
    }
    if (s->book != NULL) {
        s->book->is_dirty = 1;
    }
}

fel_status live_gather(fel_engine *e, uint32_t first, size_t n)
{
    if (e->live.n == 0) {
        return FEL_OK;
    }
    for (size_t w = first / 64; w * 64 < first + n; w++) {
        for (uint64_t left = e->live.words[w]; left != 0; left &= left - 1) {
            const uint32_t i = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(left);
            FEL_TRY(i >= first && i < first + n ? ARRAY_PUSH(&e->opening, i) : FEL_OK);
        }
    }
    return FEL_OK;
}

static fel_status notify(fel_engine *e, const live_order *o, fel_reason reason, double filled)
{
    if (e->strategy->on_order == NULL || e->is_stopping) {
        return FEL_OK;
    }
    const fel_order_update update = {
        .order_id = o->id,
        .tag = o->tag,
        .time_ns = e->ctx.now_ns,
        .instrument = o->instrument,
        .state = o->state,
        .reason = reason,
        .quantity = o->quantity,
        .filled = filled,
    };
    return e->strategy->on_order(e->state, &e->ctx, &update);
}

fel_status venue_submit(fel_engine *e, uint32_t instrument, live_order **out)
{
    uint32_t slot = SLOT_NONE;
    FEL_TRY(slot_take(e, &slot));
    FEL_TRY(ARRAY_PUSH(&e->slot_of, slot));
    FEL_TRY(ARRAY_PUSH(&e->pending, slot));
    FEL_TRY(record_order(e));
    live_order *o = &e->pool.items[slot];
    o->id = e->next_order_id++;
    o->tag = 0;
    o->submit_ns = e->ctx.now_ns;
    o->live_ns = 0;
    o->arrive_ns = o->submit_ns;
    o->replaces = 0;
    o->expire_ns = FEL_TIME_MAX;
    o->quantity = 0.0;
    o->filled = o->paid = 0.0;
    o->target_amount = 0.0;
    o->parent = o->parent_id = o->group = 0;
    o->limit = (double)NAN;
    o->stop = (double)NAN;
    o->arrival = e->last_price[instrument];
    o->instrument = instrument;
    o->side = FEL_BUY;
    o->type = FEL_ORDER_MARKET;
    o->tif = FEL_TIF_GTC;
    o->target_kind = -1;
    o->state = FEL_ORDER_PENDING;
    o->refused = o->cause = FEL_REASON_NONE;
    o->is_triggered = o->has_rested = o->is_sized = o->needs = o->is_released = o->is_forced = 0;
    o->position_side = 0;
    e->inst[instrument].n_open_orders++;
    *out = o;
    return FEL_OK;
}

uint32_t venue_find(const fel_engine *e, uint64_t id)
{
    return id == 0 || id >= e->next_order_id ? SLOT_NONE : e->slot_of.items[id - 1];
}

/* `price` is the fill's; NaN when there was none. */
static fel_status end_order(fel_engine *e, uint32_t slot, fel_reason reason, double filled,
                            double price)
{
    const live_order *o = &e->pool.items[slot];
    e->inst[o->instrument].n_open_orders--;
    e->account.n_forced -= o->is_forced;
    e->slot_of.items[o->id - 1] = SLOT_NONE;
    record_order_end(e, o, reason, filled, price);
    FEL_TRY(order_log(e, o, reason, filled));
    if (e->strategy->on_order == NULL && !(o->needs & ORDER_LINKED)) {
        slot_give_back(e, slot);
        return FEL_OK;
    }
    const live_order ended = *o; /* the callback may use the slot again */
    slot_give_back(e, slot);
    FEL_TRY(notify(e, &ended, reason, filled));
    return ended.needs & ORDER_LINKED ? link_ended(e, &ended, filled) : FEL_OK;
}

fel_status venue_end(fel_engine *e, uint32_t slot, fel_order_state state, fel_reason reason)
{
    live_order *o = &e->pool.items[slot];
    if (o->state == FEL_ORDER_PENDING) {
        for (size_t i = 0; i < e->pending.n; i++) {
            if (e->pending.items[i] == slot) {
                e->pending.items[i] = SLOT_NONE;
            }
        }
    } else {
        live_unlink(e, slot);
    }
    o->state = state;
    return end_order(e, slot, reason, o->filled,
                     o->filled > 0.0 ? o->paid / o->filled : (double)NAN);
}

fel_status venue_tell_part(fel_engine *e, uint32_t slot)
{
    const live_order *o = &e->pool.items[slot];
    FEL_TRY(order_log(e, o, FEL_REASON_NONE, o->filled));
    return notify(e, o, FEL_REASON_NONE, o->filled);
}

fel_status venue_end_filled(fel_engine *e, uint32_t slot, double quantity, double price)
{
    live_order *o = &e->pool.items[slot];
    live_unlink(e, slot);
    o->state = FEL_ORDER_FILLED;
    const double filled = o->filled + quantity;
    const double average = o->filled > 0.0 ? (o->paid + quantity * price) / filled : price;
    return end_order(e, slot, o->is_forced ? FEL_REASON_MARGIN_CALL : FEL_REASON_FILLED, filled,
                     average);
}

/* Quotes have no open and no close. */
static int lacks_its_price(const fel_engine *e, const live_order *o)
{
    return (o->needs & (ORDER_AT_OPEN | ORDER_AT_CLOSE)) != 0 &&
           e->inst[o->instrument].bars == NULL;
}

/* Trading is cut off: for all but what closes positions. */
static int is_halted(const fel_engine *e, const live_order *o)
{
    return e->stop.halted != FEL_REASON_NONE && o->cause == FEL_REASON_NONE && !o->is_forced;
}

/* Prices on the grid, or not. */
static fel_reason settle_prices(const fel_engine *e, live_order *o)
{
    const double limit = venue_round(e, o, o->limit, 0);
    const double stop = venue_round(e, o, o->stop, 1);
    const int is_off = (limit != o->limit && !isnan(limit)) || (stop != o->stop && !isnan(stop));
    if (is_off && e->config.off_grid == FEL_OFF_GRID_REJECT) {
        return FEL_REASON_OFF_GRID;
    }
    o->limit = limit;
    o->stop = stop;
    return FEL_REASON_NONE;
}

/* Would a limit order trade at the prices known now? */
static int would_take(const fel_engine *e, const live_order *o)
{
    const instrument_state *s = &e->inst[o->instrument];
    const double spread = o->side == FEL_BUY ? s->half_spread : -s->half_spread;
    const double touch = s->book != NULL
                             ? book_best(s->book, o->side == FEL_BUY ? BOOK_ASK : BOOK_BID)
                             : e->last_price[o->instrument] + spread;
    return order_is_marketable(o, touch);
}

/* Of orders that wait for a price. */
static fel_reason reason_to_refuse_price(const fel_engine *e, live_order *o)
{
    if (lacks_its_price(e, o)) {
        return FEL_REASON_BAD_ORDER;
    }
    const fel_reason refused = settle_prices(e, o);
    if (refused == FEL_REASON_NONE && o->needs & ORDER_POST_ONLY && would_take(e, o)) {
        return FEL_REASON_POST_ONLY;
    }
    if (refused == FEL_REASON_NONE && o->tif == FEL_TIF_GTD && o->expire_ns <= e->ctx.now_ns) {
        return FEL_REASON_GTD_TIME;
    }
    return refused;
}

static fel_reason reason_to_refuse(const fel_engine *e, live_order *o)
{
    if (o->refused != FEL_REASON_NONE) {
        return o->refused;
    }
    if (is_halted(e, o)) {
        return e->stop.halted;
    }
    if (e->inst[o->instrument].has_ended) {
        const fel_instrument *i = &e->instruments[o->instrument];
        return fel_expires(i) && i->expiry_ns <= e->ctx.now_ns ? expiry_reason(i)
                                                               : FEL_REASON_END_OF_DATA;
    }
    if (o->type == FEL_ORDER_MARKET && o->tif != FEL_TIF_GTD) {
        return FEL_REASON_NONE;
    }
    if (o->type == FEL_ORDER_EXERCISE) {
        return expiry_refuse(e, o);
    }
    return reason_to_refuse_price(e, o);
}

static int fills_at_this_close(const fel_engine *e, const live_order *o)
{
    return e->config.fill == FEL_FILL_SAME_CLOSE && o->type == FEL_ORDER_MARKET && !e->is_opening &&
           inst_has_closed(&e->inst[o->instrument], e->ctx.now_ns);
}

/* An order is at the venue: why it is not taken; NONE. */
static fel_reason judge_arrival(fel_engine *e, live_order *o)
{
    fel_reason refused = reason_to_refuse(e, o);
    if (e->config.cash_check == FEL_CASH_AT_SUBMISSION && refused == FEL_REASON_NONE) {
        refused = sizing_check_cash(e, o);
    }
    if (e->config.risk.max_orders > 0 && refused == FEL_REASON_NONE && !o->is_forced &&
        o->cause == FEL_REASON_NONE) {
        refused = risk_count_order(e);
    }
    if (e->config.account.check == FEL_MARGIN_AT_SUBMISSION && refused == FEL_REASON_NONE) {
        refused = margin_refuse(e, o);
    }
    return refused;
}

static fel_status go_live(fel_engine *e, uint32_t slot)
{
    live_order *o = &e->pool.items[slot];
    o->state = FEL_ORDER_LIVE;
    o->live_ns = e->ctx.now_ns;
    live_link(e, slot);
    if (o->needs & ORDER_TRAILS) {
        trail_follow(e, o, e->last_price[o->instrument]);
    }
    if (fills_at_this_close(e, o)) {
        FEL_TRY(ARRAY_PUSH(&e->work, o->id));
    }
    FEL_TRY(order_log(e, o, FEL_REASON_NONE, 0.0));
    const uint64_t id = o->id;
    const int is_exercise = o->type == FEL_ORDER_EXERCISE;
    FEL_TRY(notify(e, o, FEL_REASON_NONE, 0.0));
    return is_exercise && venue_find(e, id) == slot ? expiry_exercise(e, slot) : FEL_OK;
}

static fel_status activate(fel_engine *e, uint32_t slot)
{
    if (e->latency[e->pool.items[slot].instrument] != NULL) {
        FEL_TRY(latency_arrive(e, &slot));
        if (slot == SLOT_NONE) {
            return FEL_OK;
        }
    }
    live_order *o = &e->pool.items[slot];
    const fel_reason refused = judge_arrival(e, o);
    if (refused == FEL_REASON_NONE) {
        return go_live(e, slot);
    }
    o->state = refused == FEL_REASON_GTD_TIME ? FEL_ORDER_EXPIRED : FEL_ORDER_REJECTED;
    return end_order(e, slot, refused, 0.0, (double)NAN);
}

static fel_status fill_pass(fel_engine *e, int only_sales)
{
    for (size_t i = 0; i < e->work.n; i++) {
        const uint32_t slot = venue_find(e, e->work.items[i]);
        if (slot == SLOT_NONE) {
            continue;
        }
        const live_order *o = &e->pool.items[slot];
        const double price = e->last_price[o->instrument];
        if (!only_sales || sizing_delta(e, o, price, order_is_taker(o)) < 0.0) {
            FEL_TRY(fill_order(e, slot, price, order_is_taker(o)));
        }
    }
    return FEL_OK;
}

fel_status venue_fill_work(fel_engine *e)
{
    if (e->work.n > 1) {
        FEL_TRY(fill_pass(e, 1));
    }
    FEL_TRY(fill_pass(e, 0));
    e->work.n = 0;
    return FEL_OK;
}

fel_status venue_scan(fel_engine *e, uint32_t instrument)
{
    e->scan.n = 0;
    uint32_t slot = e->inst[instrument].live_first;
    for (; slot != SLOT_NONE; slot = e->pool.items[slot].next) {
        FEL_TRY(ARRAY_PUSH(&e->scan, e->pool.items[slot].id));
    }
    return FEL_OK;
}

fel_status venue_activate(fel_engine *e)
{
    while (e->pending.n > 0) {
        for (size_t i = 0; i < e->pending.n; i++) {
            const uint32_t slot = e->pending.items[i];
            if (slot != SLOT_NONE) {
                e->pending.items[i] = SLOT_NONE;
                FEL_TRY(activate(e, slot));
            }
        }
        e->pending.n = 0;
        if (e->work.n > 0) {
            e->is_closing = 1;
            FEL_TRY(venue_fill_work(e));
            e->is_closing = 0;
        }
    }
    return FEL_OK;
}

fel_status venue_end_all(fel_engine *e, uint32_t instrument, fel_order_state state,
                         fel_reason reason)
{
    /* Not those that callbacks make now: on reaching the venue they are refused. */
    const size_t n_waiting = e->pending.n;
    uint32_t slot = e->inst[instrument].live_first;
    while (slot != SLOT_NONE) {
        FEL_TRY(venue_end(e, slot, state, reason));
        slot = e->inst[instrument].live_first;
    }
    for (size_t i = 0; i < n_waiting; i++) {
        const uint32_t waiting = e->pending.items[i];
        if (waiting != SLOT_NONE && e->pool.items[waiting].instrument == instrument) {
            FEL_TRY(venue_end(e, waiting, state, reason));
        }
    }
    if (e->clock.messages.n > 0) {
        FEL_TRY(latency_end_flight(e, instrument, state, reason));
    }
    return e->linked.n > 0 ? link_end_held(e, instrument, state, reason) : FEL_OK;
}
