/* engine/order.c - what an order asks for, read from the strategy's struct and checked; its prices
 * on the grid and after a split; when its time is over.
 *
 * A plug-in may have been compiled with an older, shorter struct: what that lacks is zero. */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "engine/engine_internal.h"

typedef struct order_kind {
    uint8_t has_limit, has_stop, needs;
} order_kind;

static const order_kind kinds[] = {
    [FEL_ORDER_MARKET] = {0, 0, 0},
    [FEL_ORDER_LIMIT] = {1, 0, 0},
    [FEL_ORDER_STOP] = {0, 1, 0},
    [FEL_ORDER_STOP_LIMIT] = {1, 1, 0},
    [FEL_ORDER_TRAILING_STOP] = {0, 0, ORDER_TRAILS},
    [FEL_ORDER_MARKET_ON_OPEN] = {0, 0, ORDER_AT_OPEN},
    [FEL_ORDER_LIMIT_ON_OPEN] = {1, 0, ORDER_AT_OPEN | ORDER_ONCE},
    [FEL_ORDER_MARKET_ON_CLOSE] = {0, 0, ORDER_AT_CLOSE},
    [FEL_ORDER_LIMIT_ON_CLOSE] = {1, 0, ORDER_AT_CLOSE | ORDER_ONCE},
    [FEL_ORDER_EXERCISE] = {0, 0, 0},
};
enum { N_KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static int is_immediate(const fel_order *order)
{
    return order->tif == FEL_TIF_IOC || order->tif == FEL_TIF_FOK;
}

static int is_trail(const fel_order *order)
{
    return isfinite(order->trail) && order->trail > 0.0 &&
           (order->trail_unit == FEL_TRAIL_AMOUNT ||
            (order->trail_unit == FEL_TRAIL_PERCENT && order->trail < 100.0));
}

/* Only some types can be immediate, and only a limit order that is not can be post-only. */
static int is_at_odds(const fel_order *order)
{
    const int may_be_immediate = order->type == FEL_ORDER_MARKET || order->type == FEL_ORDER_LIMIT;
    const int may_be_post_only = order->type == FEL_ORDER_LIMIT && !is_immediate(order);
    return (is_immediate(order) && !may_be_immediate) || order->flags > FEL_ORDER_POST_ONLY ||
           (order->flags != 0 && !may_be_post_only);
}

static int is_malformed(const fel_order *order)
{
    if ((unsigned)order->type >= N_KINDS || (unsigned)order->tif > FEL_TIF_FOK) {
        return 1;
    }
    const order_kind *kind = &kinds[order->type];
    return !(order->quantity > 0.0) || !isfinite(order->quantity) ||
           (order->side != FEL_BUY && order->side != FEL_SELL) ||
           (kind->has_limit && !isfinite(order->limit_price)) ||
           (kind->has_stop && !isfinite(order->stop_price)) ||
           ((kind->needs & ORDER_TRAILS) && !is_trail(order)) || is_at_odds(order);
}

static void read_whole(live_order *o, const fel_order *order)
{
    o->tag = order->tag;
    o->expire_ns = order->tif == FEL_TIF_GTD ? order->expire_time_ns : FEL_TIME_MAX;
    o->quantity = order->quantity;
    o->side = order->type == FEL_ORDER_EXERCISE ? FEL_SELL : order->side;
    o->type = order->type;
    o->tif = order->tif;
    if (is_malformed(order)) {
        o->refused = FEL_REASON_BAD_ORDER;
        return;
    }
    const order_kind *kind = &kinds[order->type];
    o->limit = kind->has_limit ? order->limit_price : (double)NAN;
    o->stop = kind->has_stop ? order->stop_price : (double)NAN;
    o->needs = is_immediate(order) ? (uint8_t)(kind->needs | ORDER_ONCE) : kind->needs;
    o->trail = order->trail;
    o->trail_unit = (uint8_t)order->trail_unit;
    o->parent = o->parent_id = order->parent_id;
    o->group = order->group;
    o->position_side = order->position_side;
    o->needs |= order->flags & FEL_ORDER_POST_ONLY ? ORDER_POST_ONLY : 0;
}

void order_read(live_order *o, const fel_order *order)
{
    if (order->struct_size >= sizeof(*order)) {
        read_whole(o, order);
        return;
    }
    enum { FIRST_SIZE = offsetof(fel_order, trail) };
    fel_order whole = {0};
    memcpy(&whole, order, order->struct_size > FIRST_SIZE ? order->struct_size : FIRST_SIZE);
    read_whole(o, &whole);
}

/* ---- prices on the grid, and after a split ------------------------------------------------------
 */

/* Round a resting price to the grid so that it is not better than asked for. */
double venue_round(const fel_engine *e, const live_order *o, double price, int is_stop)
{
    const double ticks_per_unit = inst_ticks(e, o->instrument);
    if (isnan(price) || !(ticks_per_unit > 0.0) ||
        fel_is_on_grid(&e->instruments[o->instrument], price)) {
        return price;
    }
    const int goes_up = (o->side == FEL_BUY) == (is_stop != 0);
    const double ticks = price * ticks_per_unit;
    return (goes_up ? ceil(ticks) : floor(ticks)) / ticks_per_unit;
}

static void rescale(fel_engine *e, live_order *o, double split_ratio)
{
    o->quantity *= split_ratio;
    o->filled *= split_ratio;
    o->whole *= split_ratio;
    o->limit = venue_round(e, o, o->limit / split_ratio, 0);
    o->stop = venue_round(e, o, o->stop / split_ratio, 1);
    o->arrival /= split_ratio;
    if (o->needs & ORDER_TRAILS && o->trail_unit == FEL_TRAIL_AMOUNT) {
        o->trail /= split_ratio;
    }
    if (o->target_kind == FEL_TARGET_POSITION) {
        o->target_amount *= split_ratio;
    }
}

void venue_rescale(fel_engine *e, uint32_t instrument, double split_ratio)
{
    uint32_t slot = e->inst[instrument].live_first;
    for (; slot != SLOT_NONE; slot = e->pool.items[slot].next) {
        rescale(e, &e->pool.items[slot], split_ratio);
    }
    for (size_t i = 0; i < e->clock.messages.n; i++) {
        const clock_item *m = &e->clock.messages.items[i];
        const uint32_t sent = venue_find(e, m->id);
        if (sent != SLOT_NONE && m->cancel == FEL_REASON_NONE &&
            e->pool.items[sent].instrument == instrument && e->pool.items[sent].parent == 0) {
            rescale(e, &e->pool.items[sent], split_ratio);
        }
    }
    for (size_t i = 0; i < e->linked.n; i++) {
        const uint32_t held = venue_find(e, e->linked.items[i]);
        if (held != SLOT_NONE && e->pool.items[held].parent != 0 &&
            e->pool.items[held].state == FEL_ORDER_PENDING &&
            e->pool.items[held].instrument == instrument) {
            rescale(e, &e->pool.items[held], split_ratio);
        }
    }
}

/* ---- orders whose time is over ------------------------------------------------------------------
 */

fel_status venue_end_expired(fel_engine *e, uint32_t slot)
{
    const int is_day = e->pool.items[slot].tif == FEL_TIF_DAY;
    return venue_end(e, slot, FEL_ORDER_EXPIRED, is_day ? FEL_REASON_DAY_END : FEL_REASON_GTD_TIME);
}

fel_status venue_end_unmet(fel_engine *e, uint32_t slot)
{
    const fel_tif tif = e->pool.items[slot].tif;
    const fel_reason reason = tif == FEL_TIF_IOC   ? FEL_REASON_NOT_IMMEDIATE
                              : tif == FEL_TIF_FOK ? FEL_REASON_NOT_WHOLE
                                                   : FEL_REASON_LIMIT_NOT_MET;
    return venue_end(e, slot, FEL_ORDER_CANCELLED, reason);
}

void venue_see_bar(live_order *o, int64_t close_ns)
{
    if (o->tif == FEL_TIF_DAY && o->expire_ns == FEL_TIME_MAX) {
        o->expire_ns = record_day_of(close_ns);
    }
}
