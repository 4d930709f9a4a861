/* engine/match_bar.c - which limits and stops a bar fills, and where.
 *
 * The price is taken to move in three straight legs: open, first extreme, second extreme, close. On
 * each leg the order whose trigger is met first is dealt with, then the rest from there on, so that
 * a stop and a limit inside one bar fill in the order in which that path meets them. */
#include <math.h>

#include "engine/engine_internal.h"

static int waits_for_stop(const live_order *o)
{
    return order_has_stop(o) && !o->is_triggered;
}

/* A leg that rises, or stands still, meets the stops of purchases and the limits of sales. */
static int meets_stop(const live_order *o, double from, double to)
{
    const int falls = to < from;
    return o->side == FEL_BUY ? !falls && from <= o->stop && to >= o->stop
                              : falls && from >= o->stop && to <= o->stop;
}

static int meets_limit(const fel_engine *e, const live_order *o, double from, double to)
{
    const int falls = to < from;
    const int is_touched = e->config.limit == FEL_LIMIT_TOUCH && to == o->limit;
    return o->side == FEL_BUY ? falls && from >= o->limit && (to < o->limit || is_touched)
                              : !falls && from <= o->limit && (to > o->limit || is_touched);
}

/* The price at which a leg from -> to meets the order; NaN if it does not. */
static double trigger_on_leg(const fel_engine *e, const live_order *o, double from, double to)
{
    if (waits_for_stop(o)) {
        return meets_stop(o, from, to) ? o->stop : (double)NAN;
    }
    return meets_limit(e, o, from, to) ? o->limit : (double)NAN; /* no limit is NaN, never met */
}

/* The first order that a leg meets; SLOT_NONE if none. Ties go to the older order. */
static uint32_t first_on_leg(const fel_engine *e, const fel_bar *bar, double from, double to,
                             double *price)
{
    uint32_t found = SLOT_NONE;
    uint32_t slot = e->inst[bar->instrument].live_first;
    for (; slot != SLOT_NONE; slot = e->pool.items[slot].next) {
        const live_order *o = &e->pool.items[slot];
        if (o->live_ns > bar->open_time_ns || o->needs & ORDER_OFF_PATH) {
            continue; /* younger than some of the bar's prices, or not for these */
        }
        const double met = trigger_on_leg(e, o, from, to);
        if (!isnan(met) && (found == SLOT_NONE || (to < from ? met > *price : met < *price))) {
            found = slot;
            *price = met;
        }
    }
    return found;
}

static fel_status walk_leg(fel_engine *e, const fel_bar *bar, double from, double to)
{
    double at = from;
    for (;;) {
        double price = (double)NAN;
        const uint32_t slot = first_on_leg(e, bar, at, to, &price);
        if (slot == SLOT_NONE) {
            return FEL_OK;
        }
        at = price;
        live_order *o = &e->pool.items[slot];
        const int is_stop = waits_for_stop(o);
        o->is_triggered = 1;
        if (is_stop && o->type == FEL_ORDER_STOP_LIMIT && !order_is_marketable(o, price)) {
            continue; /* it rests as a limit from here on */
        }
        FEL_TRY(fill_order(e, slot, price, is_stop && order_is_taker(o)));
    }
}

static int high_comes_first(const fel_engine *e, const fel_bar *bar)
{
    const double held = e->position[bar->instrument];
    switch (e->config.path) {
    case FEL_PATH_OHLC:
        return 1;
    case FEL_PATH_OLHC:
        return 0;
    case FEL_PATH_PESSIMISTIC:
        if (held != 0.0) {
            return held < 0.0;
        }
        break;
    case FEL_PATH_NEAREST:
        break;
    }
    return bar->high - bar->open <= bar->open - bar->low;
}

/* Orders whose time ends inside the bar are not filled by it. A stop that was met when it came, in
 * answer to the bar's own open, is a market order from then on: it takes the next open. */
static fel_status look_at_orders(fel_engine *e, const fel_bar *bar, unsigned *needs)
{
    FEL_TRY(venue_scan(e, bar->instrument));
    for (size_t i = 0; i < e->scan.n; i++) {
        const uint32_t slot = venue_find(e, e->scan.items[i]);
        int is_over = 0;
        if (slot == SLOT_NONE) {
            continue;
        }
        live_order *o = &e->pool.items[slot];
        o->needs &= (uint8_t)~ORDER_STALLED;
        if (o->live_ns <= bar->open_time_ns) {
            venue_see_bar(o, bar->close_time_ns);
            o->is_triggered |= waits_for_stop(o) && order_is_stop_met(o, bar->open) ? 1 : 0;
        }
        *needs |= o->needs;
        FEL_TRY(venue_expire(e, slot, bar->close_time_ns - 1, &is_over));
    }
    return FEL_OK;
}

/* Orders for the close, if they were there when the bar opened. */
static fel_status fill_at_close(fel_engine *e, const fel_bar *bar)
{
    FEL_TRY(venue_scan(e, bar->instrument));
    for (size_t i = 0; i < e->scan.n; i++) {
        const uint32_t slot = venue_find(e, e->scan.items[i]);
        if (slot == SLOT_NONE) {
            continue;
        }
        const live_order *o = &e->pool.items[slot];
        if (!(o->needs & ORDER_AT_CLOSE) || o->live_ns > bar->open_time_ns) {
            continue;
        }
        const int is_filled = order_is_taker(o) || order_is_limit_met(e, o, bar->close);
        FEL_TRY(is_filled ? fill_order(e, slot, bar->close, order_is_taker(o))
                          : venue_end_unmet(e, slot));
    }
    return FEL_OK;
}

fel_status match_bar(fel_engine *e, const fel_bar *bar)
{
    unsigned needs = 0;
    FEL_TRY(look_at_orders(e, bar, &needs));
    e->bar_now = bar;
    const int follows_path = needs & ORDER_TRAILS && e->config.trail == FEL_TRAIL_PATH;
    const int high_first = high_comes_first(e, bar);
    const double path[] = {bar->open, high_first ? bar->high : bar->low,
                           high_first ? bar->low : bar->high, bar->close};
    for (int leg = 0; leg < 3; leg++) {
        if (follows_path) {
            trail_follow_all(e, bar->instrument, bar->open_time_ns, path[leg]);
        }
        FEL_TRY(walk_leg(e, bar, path[leg], path[leg + 1]));
        inst_see_price(e, bar->instrument, path[leg + 1], path[leg + 1]);
    }
    if (needs & ORDER_TRAILS) {
        trail_end_bar(e, bar);
    }
    if (needs & ORDER_AT_CLOSE) {
        FEL_TRY(fill_at_close(e, bar));
    }
    e->bar_now = NULL;
    return FEL_OK;
}
