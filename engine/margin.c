/* engine/margin.c - how much margin positions need, and whether a trade has it.
 *
 * The margin of an account is the sum over its instruments; nothing is offset. It is compared with
 * equity, which already counts a short position as a debt: the Regulation T requirement of 150 % of
 * a short sale's value, its proceeds included, is a margin of 50 % here (12 CFR 220.12). */
#include <math.h>

#include "engine/engine_internal.h"

enum { MAX_STEPS = 100 };

/* ---- of positions ---------------------------------------------------------------------------- */

/* Cboe rule 10.3 of an uncovered short option: beside its value, a share of the underlying's less
 * what it is out of the money, at least half that share of the underlying's (a put: the strike's).
 */
static double short_option_unit(const fel_engine *e, uint32_t i, double rate)
{
    const fel_instrument *o = &e->instruments[i];
    const double known = e->last_price[o->underlying];
    const double spot = isnan(known) ? o->strike : known;
    const double out = fmax((double)o->right * (o->strike - spot), 0.0);
    const double least = 0.5 * rate * (o->right == FEL_CALL ? spot : o->strike);
    return fmax(rate * spot - out, least) * e->multiplier[i];
}

double margin_of(const fel_engine *e, uint32_t i, int32_t side, double units, double price,
                 margin_level level)
{
    const margin_rates *r = &e->account.rates[i];
    const double amount = level == MARGIN_INITIAL ? r->initial_amount : r->maintenance_amount;
    if (units == 0.0) {
        return 0.0;
    }
    if (amount > 0.0) {
        return units * amount;
    }
    const double maintenance = side > 0 ? r->maintenance_long : r->maintenance_short;
    if (e->instruments[i].kind == FEL_OPTION && side < 0) {
        return units * short_option_unit(e, i, maintenance);
    }
    const double rate = level == MARGIN_INITIAL ? r->initial : maintenance;
    return units * fabs(price) * e->multiplier[i] * rate;
}

double margin_of_legs(const fel_engine *e, uint32_t i, const double legs[2], double price,
                      margin_level level)
{
    const double of_long = margin_of(e, i, 1, legs[LEG_LONG], price, level);
    const double of_short = margin_of(e, i, -1, legs[LEG_SHORT], price, level);
    return e->config.account.leg_margin == FEL_LEGS_LARGER ? fmax(of_long, of_short)
                                                           : of_long + of_short;
}

void margin_legs(const fel_engine *e, uint32_t i, double legs[2])
{
    if (e->account.is_hedging) {
        legs[LEG_LONG] = e->account.legs[i].of[LEG_LONG].quantity;
        legs[LEG_SHORT] = e->account.legs[i].of[LEG_SHORT].quantity;
        return;
    }
    legs[LEG_LONG] = fmax(e->position[i], 0.0);
    legs[LEG_SHORT] = fmax(-e->position[i], 0.0);
}

static double total_but(const fel_engine *e, uint32_t left_out, margin_level level)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        double legs[2];
        margin_legs(e, i, legs);
        if (i != left_out && (legs[LEG_LONG] != 0.0 || legs[LEG_SHORT] != 0.0)) {
            sum += margin_of_legs(e, i, legs, e->last_price[i], level);
        }
    }
    return sum;
}

double margin_total(const fel_engine *e, margin_level level)
{
    return total_but(e, SLOT_NONE, level);
}

double margin_buying_power(const fel_engine *e, uint32_t i)
{
    if (!e->account.has_margin) {
        return fmax(fel_money_value(account_cash(e)), 0.0);
    }
    const double free = fel_money_value(ledger_equity(e)) - margin_total(e, MARGIN_INITIAL);
    const margin_rates *r = &e->account.rates[i];
    const double unit = fabs(e->last_price[i]) * e->multiplier[i];
    const double rate = r->initial_amount > 0.0 ? r->initial_amount / unit : r->initial;
    return free > 0.0 && rate > 0.0 ? free / rate : 0.0;
}

/* ---- of a trade ------------------------------------------------------------------------------ */

/* Margin of the trade's instrument after it, at the price before slippage. */
static double margin_after(const fel_engine *e, const trade *t)
{
    double legs[2];
    legs_after(e, t->instrument, t->quantity, t->position_side, legs);
    return margin_of_legs(e, t->instrument, legs, t->reference, MARGIN_INITIAL);
}

static double margin_before(const fel_engine *e, const trade *t)
{
    double legs[2];
    margin_legs(e, t->instrument, legs);
    return margin_of_legs(e, t->instrument, legs, t->reference, MARGIN_INITIAL);
}

/* Equity that the other positions leave, with the trade's instrument at the trade's price. */
static double equity_left(const fel_engine *e, const trade *t)
{
    const uint32_t i = t->instrument;
    double equity = fel_money_value(ledger_equity(e));
    if (e->position[i] != 0.0) {
        equity += e->position[i] * (t->reference - e->last_price[i]) * e->multiplier[i];
    }
    return equity - total_but(e, i, MARGIN_INITIAL);
}

/* Margin missing after the trade and its costs; its price and fee are set. */
static double missing_after(const fel_engine *e, const trade *t, double left)
{
    const double slipped =
        fabs(t->quantity) * fabs(t->price - t->reference) * e->multiplier[t->instrument];
    return margin_after(e, t) - (left - slipped - fel_money_value(t->fee));
}

static double whole_lots(double units, double lot)
{
    return lot > 0.0 ? floor(units / lot * (1.0 + 1e-12)) * lot : units;
}

/* The largest part of the trade that has its margin, by bisection between what only closes and all
 * of it. */
static void scale_to_margin(const fel_engine *e, trade *t, double left)
{
    const double lot = e->instruments[t->instrument].lot;
    const double sign = t->quantity < 0.0 ? -1.0 : 1.0;
    const double held = e->position[t->instrument] * -sign;
    const int may_close = t->position_side == 0 && held > 0.0;
    double low = may_close ? fmin(held, fabs(t->quantity)) : 0.0;
    double high = fabs(t->quantity);
    for (int k = 0; k < MAX_STEPS && high - low > 1e-13 * high; k++) {
        const double middle = low + 0.5 * (high - low);
        t->quantity = sign * middle;
        sizing_price(e, t);
        if (missing_after(e, t, left) > 0.0) {
            high = middle;
        } else {
            low = middle;
        }
    }
    t->quantity = sign * (may_close && low == held ? low : whole_lots(low, lot));
    t->weight_goal = (double)NAN;
    sizing_price(e, t);
}

static int has_margin(const fel_engine *e, const trade *t, double left)
{
    return margin_after(e, t) <= margin_before(e, t) ||
           missing_after(e, t, left) <= 1e-10 * fabs(t->value.hi);
}

fel_reason margin_allow(const fel_engine *e, trade *t)
{
    if (e->config.cash_short == FEL_CASH_ALLOW) {
        return FEL_REASON_NONE;
    }
    const double left = equity_left(e, t);
    if (has_margin(e, t, left)) {
        return FEL_REASON_NONE;
    }
    if (e->config.cash_short == FEL_CASH_REJECT) {
        t->quantity = 0.0;
        return FEL_REASON_NO_MARGIN;
    }
    scale_to_margin(e, t, left);
    return t->quantity != 0.0 ? FEL_REASON_NONE : FEL_REASON_NO_MARGIN;
}

fel_reason margin_refuse(const fel_engine *e, const live_order *o)
{
    const double price = e->last_price[o->instrument];
    const int is_known = (o->target_kind < 0 || o->is_sized) && !o->is_forced;
    if (!is_known || isnan(price)) {
        return FEL_REASON_NONE;
    }
    trade t = {.instrument = o->instrument,
               .is_taker = order_is_taker(o),
               .quantity = (double)o->side * o->quantity,
               .reference = price,
               .weight_goal = (double)NAN,
               .position_side = o->position_side};
    sizing_price(e, &t);
    return has_margin(e, &t, equity_left(e, &t)) ? FEL_REASON_NONE : FEL_REASON_NO_MARGIN;
}
