/* engine/funding.c - perpetuals: what holders pay each other so that the price stays at the index.
 *
 * At a funding instant cash = -position x mark x multiplier x rate, on what is held after the fills
 * of that instant's closes and before those of its opens. The mark is the row's, or the last price
 * known. Where no price is known yet nothing can be held. */
#include <math.h>

#include "engine/engine_internal.h"

fel_status event_funding(fel_engine *e, const cursor *c)
{
    const uint32_t i = c->instrument;
    const double rate = c->column[0][c->i];
    const double listed = c->column[1][c->i];
    const double mark = isnan(listed) ? e->last_price[i] : listed;
    fel_money received = money_of(0.0);
    if (!isfinite(rate)) {
        return FEL_RAISE(FEL_ERR_FORMAT, "funding rate of %s is %g; it must be finite",
                         e->instruments[i].symbol, rate);
    }
    if (e->position[i] != 0.0) {
        const fel_money notional = money_value_of(e->position[i], mark, &e->inst[i].unit);
        received = money_neg(money_scale(notional, rate));
        ledger_funding(e, i, received);
    }
    const fel_funding funding = {.time_ns = c->time_ns[c->i],
                                 .instrument = i,
                                 .rate = rate,
                                 .mark = mark,
                                 .cash = fel_money_value(received)};
    return e->strategy->on_funding == NULL ? FEL_OK
                                           : e->strategy->on_funding(e->state, &e->ctx, &funding);
}
