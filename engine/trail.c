/* engine/trail.c - stops that follow the price: best price since the order went live, less (sales)
 * or plus (purchases) a distance, and never back.
 *
 * Inside a bar the order of prices is assumed, not known. With the rule `prior` the stop of a bar
 * stands where the prices before the bar have left it; with `path` it moves along the bar's path.
 */
#include <math.h>

#include "engine/engine_internal.h"

void trail_follow(const fel_engine *e, live_order *o, double price)
{
    const double distance =
        o->trail_unit == FEL_TRAIL_PERCENT ? fabs(price) * o->trail / 100.0 : o->trail;
    const double stop = venue_round(e, o, price + (double)o->side * distance, 1);
    const int is_closer = o->side == FEL_BUY ? stop < o->stop : stop > o->stop;
    if (is_closer || isnan(o->stop)) {
        o->stop = stop;
    }
}

void trail_follow_all(fel_engine *e, uint32_t instrument, int64_t open_ns, double price)
{
    uint32_t slot = e->inst[instrument].live_first;
    for (; slot != SLOT_NONE; slot = e->pool.items[slot].next) {
        live_order *o = &e->pool.items[slot];
        if (o->needs & ORDER_TRAILS && !o->is_triggered && o->live_ns <= open_ns) {
            trail_follow(e, o, price);
        }
    }
}

/* Of a bar that was under way when the order came, only the close is known to be later. */
void trail_end_bar(fel_engine *e, const fel_bar *bar)
{
    trail_follow_all(e, bar->instrument, bar->open_time_ns, bar->high);
    trail_follow_all(e, bar->instrument, bar->open_time_ns, bar->low);
    trail_follow_all(e, bar->instrument, bar->close_time_ns, bar->close);
}
