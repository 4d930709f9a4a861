/* engine/expiry.c - futures and options that expire, options that are exercised.
 *
 * A future is settled at its own last price. An option in the money is exercised at its expiry, or
 * before, if it is American and its holder asks: for cash its intrinsic value is paid; by delivery
 * the option is taken off at a price of 0 and the underlying changes hands at the strike. What is
 * held short is assigned at the expiry only. No fees, no slippage. */
#include <math.h>

#include "engine/engine_internal.h"

fel_reason expiry_reason(const fel_instrument *instrument)
{
    return instrument->kind == FEL_FUTURE ? FEL_REASON_FUTURE_EXPIRY : FEL_REASON_OPTION_EXPIRY;
}

static double intrinsic_of(const fel_engine *e, const fel_instrument *option)
{
    const double spot = e->last_price[option->underlying];
    return fmax((double)option->right * (spot - option->strike), 0.0);
}

/* Units of the underlying that `units` of the option bring. */
static double delivered(const fel_engine *e, const fel_instrument *option, double units)
{
    const double each = option->multiplier / e->instruments[option->underlying].multiplier;
    return (double)option->right * units * each;
}

/* Take `units` of an option off the account. The underlying's last price stays what
 * the market said. */
static fel_status exercise(fel_engine *e, uint32_t i, double units, fel_reason reason,
                           const live_order *o)
{
    const fel_instrument *option = &e->instruments[i];
    const double intrinsic = intrinsic_of(e, option);
    const int is_physical = option->delivery == FEL_DELIVER_PHYSICAL && intrinsic > 0.0;
    const double price = is_physical ? 0.0 : intrinsic;
    const double marked = e->last_price[i];
    FEL_TRY(fill_settled(e, i, -units, price, reason, o));
    e->last_price[i] = marked;
    if (!is_physical) {
        return FEL_OK;
    }
    const uint32_t underlying = option->underlying;
    const double spot = e->last_price[underlying];
    FEL_TRY(fill_settled(e, underlying, delivered(e, option, units), option->strike, reason, o));
    e->last_price[underlying] = spot;
    return FEL_OK;
}

/* ---- on request ------------------------------------------------------------------------------ */

/* Does the account have what delivery takes? */
static fel_reason refuse_delivery(const fel_engine *e, const fel_instrument *option, double units)
{
    const double due = delivered(e, option, units);
    const double cost = units * option->multiplier * option->strike;
    const int is_cash = e->config.account.kind == FEL_ACCOUNT_CASH;
    if (due > 0.0 && is_cash && e->config.cash_short != FEL_CASH_ALLOW &&
        cost > fel_money_value(e->ledger.cash)) {
        return FEL_REASON_NO_CASH;
    }
    const int goes_short = e->position[option->underlying] + due < 0.0;
    return due < 0.0 && goes_short && !e->config.allow_short ? FEL_REASON_NO_SHORT
                                                             : FEL_REASON_NONE;
}

fel_reason expiry_refuse(const fel_engine *e, const live_order *o)
{
    const fel_instrument *option = &e->instruments[o->instrument];
    if (option->kind != FEL_OPTION || option->exercise != FEL_AMERICAN ||
        o->quantity > e->position[o->instrument] || !(intrinsic_of(e, option) > 0.0)) {
        return FEL_REASON_NOT_EXERCISABLE;
    }
    return option->delivery == FEL_DELIVER_PHYSICAL ? refuse_delivery(e, option, o->quantity)
                                                    : FEL_REASON_NONE;
}

fel_status expiry_exercise(fel_engine *e, uint32_t slot)
{
    const live_order asked = e->pool.items[slot];
    const uint64_t id = asked.id;
    const fel_instrument *option = &e->instruments[asked.instrument];
    const double price = option->delivery == FEL_DELIVER_PHYSICAL ? 0.0 : intrinsic_of(e, option);
    FEL_TRY(exercise(e, asked.instrument, asked.quantity, FEL_REASON_EXERCISE, &asked));
    const uint32_t still = venue_find(e, id); /* callbacks may have ended it */
    return still != SLOT_NONE ? venue_end_filled(e, still, asked.quantity, price) : FEL_OK;
}

/* ---- at the expiry --------------------------------------------------------------------------- */

static fel_status tell(fel_engine *e, uint32_t i, double settlement, double cash)
{
    const fel_expiry expiry = {
        .time_ns = e->ctx.now_ns, .instrument = i, .settlement_price = settlement, .cash = cash};
    return e->strategy->on_expiry == NULL ? FEL_OK
                                          : e->strategy->on_expiry(e->state, &e->ctx, &expiry);
}

static fel_status settle_future(fel_engine *e, uint32_t i)
{
    const double units = e->position[i], price = e->last_price[i];
    if (units != 0.0) {
        FEL_TRY(fill_settled(e, i, -units, price, FEL_REASON_FUTURE_EXPIRY, NULL));
    }
    legs_flatten(e, i, price);
    return tell(e, i, price, 0.0);
}

static fel_status settle_option(fel_engine *e, uint32_t i)
{
    const fel_instrument *option = &e->instruments[i];
    const double spot = e->last_price[option->underlying];
    const double units = e->position[i];
    if (isnan(spot) && units != 0.0) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s expires and its underlying %s has no price yet",
                         option->symbol, e->instruments[option->underlying].symbol);
    }
    const double intrinsic = intrinsic_of(e, option);
    const int is_physical = option->delivery == FEL_DELIVER_PHYSICAL && intrinsic > 0.0;
    const fel_reason reason = !is_physical  ? FEL_REASON_OPTION_EXPIRY
                              : units > 0.0 ? FEL_REASON_EXERCISE
                                            : FEL_REASON_ASSIGNMENT;
    if (units != 0.0) {
        FEL_TRY(exercise(e, i, units, reason, NULL));
    }
    e->last_price[i] = intrinsic;
    legs_flatten(e, i, is_physical ? 0.0 : intrinsic);
    const double paid = is_physical ? -delivered(e, option, units) * option->strike *
                                          e->instruments[option->underlying].multiplier
                                    : units * intrinsic * option->multiplier;
    return tell(e, i, spot, paid);
}

static fel_status settle(fel_engine *e, uint32_t i)
{
    FEL_TRY(venue_end_all(e, i, FEL_ORDER_EXPIRED, expiry_reason(&e->instruments[i])));
    e->inst[i].has_ended = 1;
    return e->instruments[i].kind == FEL_FUTURE ? settle_future(e, i) : settle_option(e, i);
}

fel_status event_expiries(fel_engine *e, int64_t t)
{
    while (e->next_option < e->options.n &&
           e->instruments[e->options.items[e->next_option]].expiry_ns <= t) {
        FEL_TRY(settle(e, e->options.items[e->next_option]));
        e->next_option++;
    }
    e->next_expiry_ns = e->next_option < e->options.n
                            ? e->instruments[e->options.items[e->next_option]].expiry_ns
                            : FEL_TIME_MAX;
    clock_plan(e);
    return FEL_OK;
}
