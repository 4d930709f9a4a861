/* engine/legs.c - position mode hedging: a long and a short leg of an instrument side by side.
 *
 * The ledger keeps the net position, as in netting; so for the same fills cash and equity are the
 * same to the last bit. The legs say which entries the exits belong to: their quantities add up to
 * the net, and their P&L, realised and unrealised together, to the ledger's. */
#include <math.h>

#include "engine/engine_internal.h"

static position_leg *leg_of(const fel_engine *e, uint32_t i, int which)
{
    return &e->account.legs[i].of[which];
}

void legs_read(const fel_engine *e, live_order *o)
{
    if (!e->account.is_hedging || (o->position_side != 1 && o->position_side != -1)) {
        o->refused = FEL_REASON_BAD_ORDER;
        o->position_side = 0;
    }
}

/* ---- what a trade does to them --------------------------------------------------------------- */

/* Units of a trade, signed, that each leg takes: without a side the other leg is closed first. */
static void split_trade(const fel_engine *e, uint32_t i, double quantity, int32_t side,
                        double parts[2])
{
    const int own = quantity > 0.0 ? LEG_LONG : LEG_SHORT, other = own == LEG_LONG;
    if (side != 0) {
        const int which = side > 0 ? LEG_LONG : LEG_SHORT;
        parts[which] = quantity;
        parts[1 - which] = 0.0;
        return;
    }
    const double closed = fmin(leg_of(e, i, other)->quantity, fabs(quantity));
    parts[other] = copysign(closed, quantity);
    parts[own] = copysign(fabs(quantity) - closed, quantity);
}

void legs_after(const fel_engine *e, uint32_t i, double quantity, int32_t side, double legs[2])
{
    if (!e->account.is_hedging) {
        const double after = e->position[i] + quantity;
        legs[LEG_LONG] = fmax(after, 0.0);
        legs[LEG_SHORT] = fmax(-after, 0.0);
        return;
    }
    double parts[2];
    split_trade(e, i, quantity, side, parts);
    legs[LEG_LONG] = fmax(leg_of(e, i, LEG_LONG)->quantity + parts[LEG_LONG], 0.0);
    legs[LEG_SHORT] = fmax(leg_of(e, i, LEG_SHORT)->quantity - parts[LEG_SHORT], 0.0);
}

fel_reason legs_allow(const fel_engine *e, trade *t)
{
    if (t->position_side == 0) {
        return FEL_REASON_NONE;
    }
    const int which = t->position_side > 0 ? LEG_LONG : LEG_SHORT;
    const int opens = (t->quantity > 0.0) == (t->position_side > 0);
    if (opens) {
        const int is_refused = which == LEG_SHORT && !e->config.allow_short;
        t->quantity = is_refused ? 0.0 : t->quantity;
        return is_refused ? FEL_REASON_NO_SHORT : FEL_REASON_NONE;
    }
    const double held = leg_of(e, t->instrument, which)->quantity;
    t->quantity = copysign(fmin(held, fabs(t->quantity)), t->quantity);
    return held > 0.0 ? FEL_REASON_NONE : FEL_REASON_NO_CHANGE;
}

/* Signed units of one leg for `paid`; they are more of it, or less. */
static void book(position_leg *l, int which, double units, fel_money paid)
{
    const double sign = which == LEG_LONG ? 1.0 : -1.0;
    if (units == 0.0) {
        return;
    }
    if (sign * units > 0.0) {
        l->quantity += fabs(units);
        l->cost = money_add(l->cost, paid);
        return;
    }
    const int is_all = fabs(units) >= l->quantity;
    const fel_money cost =
        is_all ? l->cost : money_divide(money_scale(l->cost, fabs(units)), l->quantity);
    l->realised = money_sub(l->realised, money_add(paid, cost));
    l->cost = is_all ? money_of(0.0) : money_sub(l->cost, cost);
    l->quantity = is_all ? 0.0 : l->quantity - fabs(units);
}

void legs_trade(fel_engine *e, const trade *t, fel_money paid)
{
    const uint32_t i = t->instrument;
    double parts[2];
    split_trade(e, i, t->quantity, t->position_side, parts);
    const int is_both = parts[LEG_LONG] != 0.0 && parts[LEG_SHORT] != 0.0;
    const fel_money of_long =
        is_both ? money_value_of(parts[LEG_LONG], t->price, &e->inst[i].unit) : paid;
    book(leg_of(e, i, LEG_LONG), LEG_LONG, parts[LEG_LONG], of_long);
    book(leg_of(e, i, LEG_SHORT), LEG_SHORT, parts[LEG_SHORT],
         is_both ? money_sub(paid, of_long) : paid);
}

void legs_split(fel_engine *e, uint32_t i, double ratio)
{
    leg_of(e, i, LEG_LONG)->quantity *= ratio;
    leg_of(e, i, LEG_SHORT)->quantity *= ratio;
}

void legs_flatten(fel_engine *e, uint32_t i, double price)
{
    for (int which = 0; which < 2; which++) {
        position_leg *l = leg_of(e, i, which);
        const double units = which == LEG_LONG ? -l->quantity : l->quantity;
        if (units != 0.0) {
            book(l, which, units, money_value_of(units, price, &e->inst[i].unit));
        }
    }
}

/* ---- what they are --------------------------------------------------------------------------- */

static fel_money leg_unrealised(const fel_engine *e, uint32_t i, int which)
{
    const position_leg *l = leg_of(e, i, which);
    if (l->quantity == 0.0) {
        return money_of(0.0);
    }
    const double units = which == LEG_LONG ? l->quantity : -l->quantity;
    return money_sub(money_value_of(units, e->last_price[i], &e->inst[i].unit), l->cost);
}

void legs_describe(const fel_engine *e, uint32_t i, int32_t side, fel_leg *out)
{
    const int which = side > 0 ? LEG_LONG : LEG_SHORT;
    const instrument_state *s = &e->inst[i];
    double units[2];
    margin_legs(e, i, units);
    const int is_held = units[which] != 0.0;
    const fel_money cost = e->account.is_hedging ? leg_of(e, i, which)->cost : s->cost;
    const double value = units[which] * e->last_price[i] * e->multiplier[i];
    out->quantity = units[which];
    out->price =
        is_held ? fabs(fel_money_value(cost)) / (units[which] * e->multiplier[i]) : (double)NAN;
    out->unrealised = is_held ? (which == LEG_LONG ? value : -value) - fel_money_value(cost) : 0.0;
    out->realised = 0.0;
    if (e->account.is_hedging) {
        out->realised = fel_money_value(leg_of(e, i, which)->realised);
    } else if (is_held || (e->position[i] == 0.0 && which == LEG_LONG)) {
        out->realised = fel_money_value(s->realised);
    }
}

static fel_money profit_of_legs(const fel_engine *e, uint32_t i)
{
    fel_money sum = money_of(0.0);
    for (int which = 0; which < 2; which++) {
        sum = money_add(sum, leg_of(e, i, which)->realised);
        sum = money_add(sum, leg_unrealised(e, i, which));
    }
    return sum;
}

fel_status legs_check(const fel_engine *e)
{
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        const instrument_state *s = &e->inst[i];
        const double units = leg_of(e, i, LEG_LONG)->quantity;
        const double short_units = leg_of(e, i, LEG_SHORT)->quantity;
        if (s->turnover == 0.0) {
            continue;
        }
        fel_money profit = s->realised;
        if (e->position[i] != 0.0) {
            const fel_money value = money_value_of(e->position[i], e->last_price[i], &s->unit);
            profit = money_add(profit, money_sub(value, s->cost));
        }
        const double error = fabs(fel_money_value(money_sub(profit, profit_of_legs(e, i))));
        const double off = fabs(units - short_units - e->position[i]);
        if (!(error <= 1e-12 * (s->turnover + fabs(s->cost.hi))) ||
            !(off * e->multiplier[i] * fabs(e->last_price[i]) <= 1e-12 * s->turnover)) {
            return FEL_RAISE(FEL_ERR_INTERNAL,
                             "legs of %s broken: P&L off by %g, %g long and %g short, net %g",
                             e->instruments[i].symbol, error, units, short_units, e->position[i]);
        }
    }
    return FEL_OK;
}

void legs_record(fel_engine *e)
{
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        for (int which = 0; which < 2; which++) {
            const position_leg *l = leg_of(e, i, which);
            const fel_leg_record record = {
                .instrument = i,
                .position_side = which == LEG_LONG ? 1 : -1,
                .quantity = l->quantity,
                .cost = l->cost,
                .realised = l->realised,
                .unrealised = leg_unrealised(e, i, which),
            };
            e->account.leg_records[2 * i + (uint32_t)which] = record;
        }
    }
}
