/* engine/sizing.c - how many units: targets, lots, cash, and what the trade costs.
 *
 * A weight target w is met when position x price = w x (equity - costs of the trade). The costs
 * depend on the quantity, so it is found by fixed-point iteration; with costs of a rate f an
 * iteration gains a factor f, so that a dozen reach the last bit. */
#include <float.h>
#include <math.h>

#include "engine/engine_internal.h"

enum { MAX_ITERATIONS = 64 };

static fel_money value_at(const fel_engine *e, const trade *t, double price)
{
    return money_value_of(fabs(t->quantity), price, &e->inst[t->instrument].unit);
}

static fel_cost_query query_of(const fel_engine *e, const trade *t, double price, fel_money value)
{
    const fel_instrument *instrument = &e->instruments[t->instrument];
    const instrument_state *s = &e->inst[t->instrument];
    const double held = e->position[t->instrument];
    const double units = fabs(t->quantity);
    fel_cost_query q = {
        .side = t->quantity < 0.0 ? -1 : 1,
        .is_entry = held == 0.0 || (held > 0.0) == (t->quantity > 0.0),
        .quantity = units,
        .price = price,
        .multiplier = instrument->multiplier,
        .notional = value,
        .known_volume = inst_known_volume(s),
        .half_spread = s->half_spread,
        .filled_before = t->filled_before,
    };
    if (e->uses_weights) {
        const double equity = fel_money_value(ledger_equity(e));
        const double unit_weight = t->reference * instrument->multiplier / equity;
        q.equity_previous = e->ledger.equity_previous;
        q.weight_before = held * unit_weight;
        q.weight_after =
            isnan(t->weight_goal) ? (held + t->quantity) * unit_weight : t->weight_goal;
    }
    return q;
}

double sizing_slip(const fel_engine *e, const trade *t, double lines[FEL_COST_N_LINES])
{
    for (int k = 0; k < FEL_COST_N_LINES; k++) {
        lines[k] = 0.0;
    }
    if (!t->is_taker) {
        return 0.0;
    }
    double total = e->inst[t->instrument].half_spread;
    lines[FEL_COST_SPREAD] = total;
    if (e->config.slippage[0].code != NULL) {
        const fel_cost_query q = query_of(e, t, t->reference, value_at(e, t, t->reference));
        for (int k = 0; k < FEL_MAX_COSTS && e->config.slippage[k].code != NULL; k++) {
            const fel_cost *model = &e->config.slippage[k];
            const double slip = model->code->slip(model->params, &q);
            lines[model->code->line] += slip;
            total += slip;
        }
    }
    return total;
}

/* The tick that a price is but for rounding error: middle + half a spread is the ask. */
static double at_tick(const fel_instrument *instrument, double price)
{
    if (!(instrument->ticks_per_unit > 0.0)) {
        return price;
    }
    const double tick = fel_ticks(instrument, price) / instrument->ticks_per_unit;
    return fabs(tick - price) <= 4.0 * DBL_EPSILON * fabs(price) ? tick : price;
}

/* No price outside the range of the bar under way. */
static void keep_in_bar(const fel_engine *e, trade *t)
{
    const cursor *c = e->inst[t->instrument].bars;
    if (c == NULL || cursor_is_between(c)) {
        return;
    }
    const size_t row = cursor_row(c);
    t->price =
        t->quantity < 0.0 ? fmax(t->price, c->column[2][row]) : fmin(t->price, c->column[1][row]);
}

/* The minimum is an order's: what earlier parts have paid counts. */
static fel_money with_minimum(const fel_engine *e, const trade *t)
{
    const double minimum = e->config.fee_minimum;
    if (!(t->filled_before > 0.0)) {
        return t->raw_fee.hi < minimum ? money_of(minimum) : t->raw_fee;
    }
    const fel_money all = money_add(t->fees_before, t->raw_fee);
    const fel_money charged = t->fees_before.hi < minimum ? money_of(minimum) : t->fees_before;
    return money_sub(all.hi < minimum ? money_of(minimum) : all, charged);
}

void sizing_price(const fel_engine *e, trade *t)
{
    const double half_spread = e->inst[t->instrument].half_spread;
    t->price = t->reference;
    if (t->is_taker && (half_spread != 0.0 || e->config.slippage[0].code != NULL)) {
        double lines[FEL_COST_N_LINES];
        const double slip = sizing_slip(e, t, lines);
        t->price = t->quantity < 0.0 ? t->reference - slip : t->reference + slip;
        if (e->config.slip_range == FEL_SLIP_IN_BAR) {
            keep_in_bar(e, t);
        }
        if (half_spread != 0.0) {
            t->price = at_tick(&e->instruments[t->instrument], t->price);
        }
    }
    t->value = value_at(e, t, t->price);
    t->fee = money_of(0.0);
    if (e->config.fees[0].code == NULL && e->config.fee_minimum == 0.0) {
        return;
    }
    const fel_cost_query q = query_of(e, t, t->price, t->value);
    for (int k = 0; k < FEL_MAX_COSTS && e->config.fees[k].code != NULL; k++) {
        const fel_cost *model = &e->config.fees[k];
        t->fee = k == 0 ? model->code->fee(model->params, &q)
                        : money_add(t->fee, model->code->fee(model->params, &q));
    }
    t->raw_fee = t->fee;
    if (e->config.fee_minimum > 0.0) {
        t->fee = with_minimum(e, t);
    }
}

static double weight_delta(const fel_engine *e, const live_order *o, double price, int is_taker)
{
    const double unit = price * e->instruments[o->instrument].multiplier;
    const double held = e->position[o->instrument];
    const double weight = o->target_amount;
    if (weight == 0.0 || !(unit > 0.0)) {
        return weight == 0.0 ? -held : (double)NAN;
    }
    const double equity = fel_money_value(ledger_equity(e));
    trade t = {.instrument = o->instrument,
               .is_taker = is_taker,
               .reference = price,
               .weight_goal = weight,
               .quantity = weight * equity / unit - held};
    for (int i = 0; i < MAX_ITERATIONS; i++) {
        if (t.quantity == 0.0) {
            break;
        }
        sizing_price(e, &t);
        const double slipped = fabs(t.price - price) * fabs(t.quantity) / price * unit;
        const double left = equity - fel_money_value(t.fee) - slipped;
        const double next = weight * left / unit - held;
        if (fabs(next - t.quantity) <= 1e-15 * fabs(next) || next * t.quantity < 0.0) {
            t.quantity = next * t.quantity < 0.0 ? 0.0 : next;
            break;
        }
        t.quantity = next;
    }
    /* A target that is held but for rounding is held. */
    return fabs(t.quantity) <= 1e-12 * fabs(held) ? 0.0 : t.quantity;
}

/* What a share of the free equity trades at the price paid, costs in it: by fixed point, as above.
 */
static double spend_delta(const fel_engine *e, const live_order *o, double price, int is_taker)
{
    const double multiplier = e->instruments[o->instrument].multiplier;
    double free_equity = fel_money_value(e->ledger.cash);
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        if (e->position[i] < 0.0) {
            free_equity += 2.0 * e->position[i] * e->last_price[i] * e->multiplier[i];
        }
    }
    const double money = fabs(o->target_amount) * free_equity;
    const double sign = o->target_amount < 0.0 ? -1.0 : 1.0;
    if (!(money > 0.0) || !(price > 0.0)) {
        return price > 0.0 ? 0.0 : (double)NAN;
    }
    trade t = {.instrument = o->instrument,
               .is_taker = is_taker,
               .reference = price,
               .weight_goal = (double)NAN,
               .quantity = sign * money / (price * multiplier)};
    for (int i = 0; i < MAX_ITERATIONS; i++) {
        sizing_price(e, &t);
        const double units = fabs(t.quantity);
        const double paid = fel_money_value(money_add(t.value, t.fee));
        const double next = units * (money / paid);
        t.quantity = sign * next;
        if (fabs(next - units) <= 1e-15 * next) {
            break;
        }
    }
    return t.quantity;
}

double sizing_delta(const fel_engine *e, const live_order *o, double price, int is_taker)
{
    if (o->is_sized) {
        return (double)o->side * (o->quantity - o->filled);
    }
    if (o->target_kind == FEL_TARGET_POSITION) {
        return o->target_amount - e->position[o->instrument];
    }
    if (o->target_kind == FEL_TARGET_WEIGHT) {
        return weight_delta(e, o, price, is_taker);
    }
    if (o->target_kind == FEL_TARGET_SPEND) {
        return spend_delta(e, o, price, is_taker);
    }
    return (double)o->side * (o->quantity - o->filled);
}

static double round_to_lot(double quantity, double lot)
{
    if (!(lot > 0.0)) {
        return quantity;
    }
    /* A quantity that is a whole number of lots but for rounding error is that number. */
    const double lots = quantity / lot;
    const double nearest = rint(lots);
    const double whole = fabs(lots - nearest) <= 1e-9 * fabs(nearest) ? nearest : trunc(lots);
    return whole * lot;
}

/* Money missing for a purchase; <= 0: it can be paid. */
static fel_money cash_missing(const fel_engine *e, const trade *t)
{
    return money_sub(money_add(t->value, t->fee), e->ledger.cash);
}

/* A quantity strictly between two others, a whole number of lots; low if there is none. */
static double between(double low, double high, double guess, double lot)
{
    double next = lot > 0.0 ? floor(guess / lot * (1.0 + 1e-12)) * lot : guess;
    if (!(next > low)) {
        next = lot > 0.0 ? (rint(low / lot) + 1.0) * lot : nextafter(low, high);
    }
    if (!(next < high)) {
        next = lot > 0.0 ? (ceil(high / lot * (1.0 - 1e-12)) - 1.0) * lot : nextafter(high, low);
    }
    return next > low && next < high ? next : low;
}

/* The most that the cash can buy, between nothing and t->quantity, which is too much: the zero of
 * what is missing, by false position (Illinois' variant: an end that stays counts half). */
static void scale_to_cash(const fel_engine *e, trade *t)
{
    const double lot = e->instruments[t->instrument].lot;
    double low = 0.0, high = t->quantity;
    double left_low = fel_money_value(e->ledger.cash);
    double missing_high = fel_money_value(cash_missing(e, t));
    for (int i = 0, side = 0; i < MAX_ITERATIONS && left_low > 0.0; i++) {
        const double share = left_low / (left_low + missing_high);
        const double next = between(low, high, low + (high - low) * share, lot);
        if (next == low) {
            break;
        }
        t->quantity = next;
        sizing_price(e, t);
        const fel_money missing = cash_missing(e, t);
        if (missing.hi > 0.0) {
            high = next;
            missing_high = fel_money_value(missing);
            left_low *= side > 0 ? 0.5 : 1.0;
            side = 1;
        } else {
            low = next;
            left_low = fmax(-fel_money_value(missing), 1e-300);
            missing_high *= side < 0 ? 0.5 : 1.0;
            side = -1;
        }
    }
    t->quantity = low;
    sizing_price(e, t);
}

static fel_reason allow_purchase(const fel_engine *e, trade *t)
{
    if (e->config.cash_short == FEL_CASH_ALLOW) {
        return FEL_REASON_NONE;
    }
    const fel_money missing = cash_missing(e, t);
    if (!(missing.hi > 0.0)) {
        return FEL_REASON_NONE;
    }
    const int is_rounding = missing.hi <= 1e-12 * fabs(t->value.hi);
    if (e->config.cash_short == FEL_CASH_REJECT && !is_rounding) {
        t->quantity = 0.0;
        return FEL_REASON_NO_CASH;
    }
    scale_to_cash(e, t);
    return t->quantity > 0.0 ? FEL_REASON_NONE : FEL_REASON_NO_CASH;
}

static fel_reason allow_sale(const fel_engine *e, trade *t)
{
    const double held = e->position[t->instrument];
    if (e->config.allow_short || held + t->quantity >= 0.0) {
        return e->instruments[t->instrument].no_borrow ? borrow_allow(e, t) : FEL_REASON_NONE;
    }
    const int may_cut = e->config.cash_short == FEL_CASH_SCALE && held > 0.0;
    t->quantity = may_cut ? -held : 0.0;
    return may_cut ? FEL_REASON_NONE : FEL_REASON_NO_SHORT;
}

fel_reason sizing_allow(const fel_engine *e, trade *t)
{
    if (isnan(t->quantity) || isnan(t->reference)) {
        t->quantity = 0.0;
        return FEL_REASON_NO_PRICE;
    }
    if (t->quantity == 0.0) {
        return FEL_REASON_NO_CHANGE;
    }
    if (!t->is_forced) {
        t->quantity = round_to_lot(t->quantity, e->instruments[t->instrument].lot);
    }
    if (t->quantity == 0.0) {
        return FEL_REASON_BELOW_LOT;
    }
    if (e->account.is_hedging) {
        const fel_reason refused = legs_allow(e, t);
        if (refused != FEL_REASON_NONE) {
            return refused;
        }
    }
    if (t->quantity < 0.0) {
        const fel_reason refused = allow_sale(e, t);
        if (refused != FEL_REASON_NONE) {
            return refused;
        }
    }
    sizing_price(e, t);
    if (e->account.has_margin) {
        return margin_allow(e, t);
    }
    return t->quantity > 0.0 ? allow_purchase(e, t) : FEL_REASON_NONE;
}

fel_reason sizing_check_cash(const fel_engine *e, const live_order *o)
{
    const int is_taker = order_is_taker(o);
    const double price = !is_taker ? o->limit : !isnan(o->stop) ? o->stop : o->arrival;
    trade t = {.instrument = o->instrument,
               .is_taker = is_taker,
               .reference = price,
               .weight_goal = (double)NAN,
               .quantity = sizing_delta(e, o, price, is_taker)};
    if (!(t.quantity > 0.0)) {
        return FEL_REASON_NONE;
    }
    sizing_price(e, &t);
    return cash_missing(e, &t).hi > 1e-12 * fabs(t.value.hi) ? FEL_REASON_NO_CASH : FEL_REASON_NONE;
}
