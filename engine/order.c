/* engine/order.c - what an order asks for, read from the strategy's struct and checked.
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

static int is_malformed(const fel_order *order)
{
    if ((unsigned)order->type >= N_KINDS || (unsigned)order->tif > FEL_TIF_FOK) {
        return 1;
    }
    const order_kind *kind = &kinds[order->type];
    const int may_be_immediate = order->type == FEL_ORDER_MARKET || order->type == FEL_ORDER_LIMIT;
    return !(order->quantity > 0.0) || !isfinite(order->quantity) ||
           (order->side != FEL_BUY && order->side != FEL_SELL) ||
           (kind->has_limit && !isfinite(order->limit_price)) ||
           (kind->has_stop && !isfinite(order->stop_price)) ||
           ((kind->needs & ORDER_TRAILS) && !is_trail(order)) ||
           (is_immediate(order) && !may_be_immediate);
}

static void read_whole(live_order *o, const fel_order *order)
{
    o->tag = order->tag;
    o->expire_ns = order->tif == FEL_TIF_GTD ? order->expire_time_ns : FEL_TIME_MAX;
    o->quantity = order->quantity;
    o->side = order->side;
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
    o->parent = order->parent_id;
    o->group = order->group;
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
