/* engine/volume.c - how much of a bar's volume orders may have.
 *
 * A fill at an open is limited by the volume of the last complete bar, the one that is known then;
 * a fill inside a bar, or at its close, by the bar's own. Both draw on one budget a bar. A fill on
 * a quote is limited by the size of the side that it takes. */
#include <math.h>

#include "engine/engine_internal.h"

/* The size that a quote offers to a trade, less what others have had of it. */
static double room_of_quote(const fel_engine *e, const trade *t)
{
    const int is_sale = t->quantity < 0.0;
    const double size = is_sale ? e->quote_now->bid_size : e->quote_now->ask_size;
    const double left = e->config.volume_limit * size - e->quote_taken[is_sale ? 0 : 1];
    return isnan(size) ? (double)INFINITY : left > 1e-9 * size ? left : 0.0;
}

/* Units left; without a known volume there is no limit. */
static double room_of(const fel_engine *e, const trade *t)
{
    const uint32_t instrument = t->instrument;
    if (e->quote_now != NULL && e->quote_now->instrument == instrument) {
        return room_of_quote(e, t);
    }
    const instrument_state *s = &e->inst[instrument];
    const double volume = e->bar_now != NULL ? e->bar_now->volume : inst_known_volume(s);
    if (s->bars == NULL || isnan(volume)) {
        return (double)INFINITY;
    }
    const double share = e->config.volume_limit * volume;
    const double taken = s->taken_bar == inst_n_bars(s) + 1 ? s->taken : 0.0;
    const double left = share - taken;
    return left > 1e-9 * share ? left : 0.0;
}

int volume_cut(const fel_engine *e, trade *t)
{
    const double lot = e->instruments[t->instrument].lot;
    double room = room_of(e, t);
    if (!(fabs(t->quantity) > room)) {
        return 0;
    }
    room = lot > 0.0 ? floor(room / lot * (1.0 + 1e-12)) * lot : room;
    t->quantity = copysign(room, t->quantity);
    t->weight_goal = (double)NAN;
    return 1;
}

void volume_take(fel_engine *e, const trade *t)
{
    if (e->quote_now != NULL && e->quote_now->instrument == t->instrument) {
        e->quote_taken[t->quantity < 0.0 ? 0 : 1] += fabs(t->quantity);
        return;
    }
    instrument_state *s = &e->inst[t->instrument];
    const uint64_t bar = inst_n_bars(s) + 1;
    s->taken = (s->taken_bar == bar ? s->taken : 0.0) + fabs(t->quantity);
    s->taken_bar = bar;
}
