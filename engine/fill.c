/* engine/fill.c - executing a trade: price, fee, ledger, waterfall, record, callback. */
#include <math.h>

#include "engine/engine_internal.h"

/* Book where the money went, against the arrival price. */
static void book_waterfall(fel_engine *e, const trade *t, double arrival, fel_money paid)
{
    const money_unit *unit = &e->inst[t->instrument].unit;
    ledger *l = &e->ledger;
    const fel_money at_arrival = money_value_of(t->quantity, arrival, unit);
    l->paper_cash = money_sub(l->paper_cash, at_arrival);
    const fel_money at_reference =
        t->reference == t->price ? paid : money_value_of(t->quantity, t->reference, unit);
    l->delay = money_add(l->delay, money_sub(at_reference, at_arrival));
    if (t->price == t->reference) {
        return;
    }
    /* The lines share the exact difference of the two values; the last one takes what rounding
     * left. */
    double lines[FEL_COST_N_LINES];
    const double slip = sizing_slip(e, t, lines);
    const double moved = fabs(t->price - t->reference);
    const int is_kept = e->config.slip_range == FEL_SLIP_IN_BAR && moved < slip;
    const double part_of = is_kept ? moved / slip : 1.0;
    fel_money left = money_sub(paid, at_reference);
    l->costs_since += fel_money_value(left);
    int last = FEL_COST_SPREAD;
    for (int k = FEL_COST_SPREAD; k < FEL_COST_N_LINES; k++) {
        last = lines[k] != 0.0 ? k : last;
    }
    for (int k = FEL_COST_SPREAD; k < last; k++) {
        const fel_money part =
            money_scale(money_two_product(fabs(t->quantity), lines[k] * part_of), unit->multiplier);
        l->lines[k] = money_add(l->lines[k], part);
        left = money_sub(left, part);
    }
    l->lines[last] = money_add(l->lines[last], left);
}

/* The bar (or quote) that the instrument is in; between two, the one that was last. */
static uint64_t bar_index(const fel_engine *e, const instrument_state *s, fel_reason reason)
{
    const int is_between = s->bars != NULL
                               ? cursor_is_between(s->bars)
                               : reason != FEL_REASON_FILLED && reason != FEL_REASON_MARGIN_CALL;
    const uint64_t n_bars = inst_n_bars(s);
    return n_bars - (n_bars > 0 && (is_between || e->is_closing) ? 1 : 0);
}

/* Book a trade whose quantity, price and fee are settled. */
static fel_status execute(fel_engine *e, const trade *t)
{
    const uint32_t i = t->instrument;
    instrument_state *s = &e->inst[i];
    fel_fill_record *record = NULL;
    FEL_TRY(record_fill_room(e, &record));
    const double held = e->position[i];
    const double arrival = isnan(t->arrival) ? t->reference : t->arrival;
    inst_see_price(e, i, t->price, t->price);
    const fel_money paid = t->quantity < 0.0 ? money_neg(t->value) : t->value;
    book_waterfall(e, t, arrival, paid);
    ledger_trade(e, i, t->quantity, t->price, paid);
    if (e->account.is_hedging) {
        legs_trade(e, t, paid);
    }
    if (t->fee.hi != 0.0) {
        ledger_fee(e, i, t->fee);
    }
    const double value = fabs(fel_money_value(paid));
    e->ledger.turnover += value;
    e->ledger.turnover_since += value;
    s->turnover += value;
    e->last_price[i] = t->reference;
    record->order_id = t->order_id;
    record->time_ns = e->ctx.now_ns;
    record->instrument = i;
    record->side = t->quantity < 0.0 ? FEL_SELL : FEL_BUY;
    record->quantity = fabs(t->quantity);
    record->price = t->price;
    record->reference_price = t->reference;
    record->arrival_price = arrival;
    record->fee = t->fee;
    record->cash_flow = money_neg(paid);
    record->high_since = held != 0.0 ? e->high_since[i] : t->price;
    record->low_since = held != 0.0 ? e->low_since[i] : t->price;
    record->position_after = e->position[i];
    record->cash_after = fel_money_value(account_cash(e));
    record->bar_index = bar_index(e, s, t->order_id != 0 ? FEL_REASON_FILLED : t->reason);
    record->reason = t->reason;
    record->position_side = t->position_side;
    e->high_since[i] = t->price;
    e->low_since[i] = t->price;
    record_fill(e, record);
    return FEL_OK;
}

static fel_status tell_fill(fel_engine *e, const trade *t)
{
    if (e->strategy->on_fill == NULL || e->is_stopping) {
        return FEL_OK;
    }
    const fel_fill fill = {
        .order_id = t->order_id,
        .tag = t->tag,
        .time_ns = e->ctx.now_ns,
        .instrument = t->instrument,
        .side = t->quantity < 0.0 ? FEL_SELL : FEL_BUY,
        .quantity = fabs(t->quantity),
        .price = t->price,
        .fee = fel_money_value(t->fee),
        .reason = t->reason,
        .position_side = t->position_side,
    };
    return e->strategy->on_fill(e->state, &e->ctx, &fill);
}

/* All that was asked for, but for rounding to lots that are no binary fraction? */
static int is_whole(const live_order *o, const trade *t)
{
    return fabs(t->quantity) >= o->quantity * (1.0 - 1e-9);
}

/* Settle quantity, price and fee; NONE, or why there is no trade. */
static fel_reason judge(const fel_engine *e, const live_order *o, trade *t)
{
    if (t->is_forced && !margin_cut_forced(e, t)) {
        return FEL_REASON_NO_CHANGE;
    }
    const fel_reason refused = sizing_allow(e, t);
    if (refused != FEL_REASON_NONE) {
        return refused;
    }
    if (t->is_forced) {
        margin_charge(e, t);
    }
    if (o->tif == FEL_TIF_FOK && !e->is_walking && !is_whole(o, t)) {
        return FEL_REASON_NOT_WHOLE;
    }
    return e->has_risk_limits ? risk_refuse(e, t) : FEL_REASON_NONE;
}

static fel_order_state state_of(fel_reason refused)
{
    return refused == FEL_REASON_NO_CHANGE || refused == FEL_REASON_NOT_WHOLE ? FEL_ORDER_CANCELLED
                                                                              : FEL_ORDER_REJECTED;
}

/* The volume leaves nothing to it now: it waits for the next bar, if it may. */
static fel_status stall(fel_engine *e, uint32_t slot)
{
    live_order *o = &e->pool.items[slot];
    o->needs |= ORDER_STALLED;
    return o->needs & ORDER_ONCE && !e->is_walking ? venue_end_unmet(e, slot) : FEL_OK;
}

/* While its parent is open an order trades no more than belongs to what of that has filled. */
static int cut_to_parent(const fel_engine *e, const live_order *o, trade *t)
{
    const double room = link_room(e, o);
    if (!(fabs(t->quantity) > room)) {
        return 0;
    }
    t->quantity = copysign(room, t->quantity);
    return 1;
}

/* To what is there, in whole lots. */
static int cut_to_room(const fel_engine *e, trade *t)
{
    const double lot = e->instruments[t->instrument].lot;
    const double room = lot > 0.0 ? floor(e->fill_room / lot * (1.0 + 1e-12)) * lot : e->fill_room;
    t->quantity = copysign(room, t->quantity);
    t->weight_goal = (double)NAN;
    return 1;
}

/* To what its parent leaves to it, what is there, and the volume; true if that was less. */
static inline int cut(const fel_engine *e, const live_order *o, trade *t)
{
    const int is_cut = o->parent != 0 && cut_to_parent(e, o, t);
    const int is_short = fabs(t->quantity) > e->fill_room && cut_to_room(e, t);
    return (e->config.volume_limit > 0.0 && volume_cut(e, t)) || is_cut || is_short;
}

/* A part has been executed: the rest stays, unless the order looks at one price only. */
static fel_status book_part(fel_engine *e, uint32_t slot, const trade *t)
{
    live_order *o = &e->pool.items[slot];
    const uint64_t id = o->id;
    const double units = fabs(t->quantity);
    o->fees = o->filled > 0.0 ? money_add(o->fees, t->raw_fee) : t->raw_fee;
    o->filled += units;
    o->paid += units * t->price;
    o->is_sized |= o->target_kind >= 0 ? 1 : 0;
    o->needs |= ORDER_STALLED;
    const uint64_t group = o->group;
    if (o->needs & ORDER_LINKED) {
        FEL_TRY(link_release(e, id));
        FEL_TRY(group != 0 ? link_filled_part(e, id, group, units) : FEL_OK);
    }
    slot = venue_find(e, id);
    FEL_TRY(slot != SLOT_NONE ? venue_tell_part(e, slot) : FEL_OK);
    FEL_TRY(tell_fill(e, t));
    slot = venue_find(e, id); /* callbacks may have ended it */
    const int is_over =
        slot != SLOT_NONE && e->pool.items[slot].needs & ORDER_ONCE && !e->is_walking;
    return is_over ? venue_end_unmet(e, slot) : FEL_OK;
}

/* What the record of an order's fill says. */
static fel_reason fill_reason(const live_order *o)
{
    if (o->is_forced) {
        return FEL_REASON_MARGIN_CALL;
    }
    return o->cause != FEL_REASON_NONE ? o->cause : FEL_REASON_FILLED;
}

fel_status fill_order(fel_engine *e, uint32_t slot, double price, int is_taker)
{
    live_order *o = &e->pool.items[slot];
    const int is_open_target = o->target_kind >= 0 && !o->is_sized;
    /* Every field: clearing the rest first is slower than all of these together. */
    trade t = {.instrument = o->instrument,
               .is_taker = is_taker,
               .quantity = sizing_delta(e, o, price, is_taker),
               .value = {0.0, 0.0},
               .reference = price,
               .price = price,
               .weight_goal = is_open_target && o->target_kind == FEL_TARGET_WEIGHT
                                  ? o->target_amount
                                  : (double)NAN,
               .arrival = o->arrival,
               .order_id = o->id,
               .tag = o->tag,
               .fee = {0.0, 0.0},
               .raw_fee = {0.0, 0.0},
               .filled_before = o->filled,
               .fees_before = o->fees,
               .position_side = o->position_side,
               .is_forced = o->is_forced,
               .reason = fill_reason(o)};
    if (is_open_target) {
        o->side = t.quantity < 0.0 ? FEL_SELL : FEL_BUY;
        o->quantity = isnan(t.quantity) ? 0.0 : fabs(t.quantity);
    }
    const int is_cut = cut(e, o, &t);
    const double cut_to = t.quantity;
    if (is_cut && (t.quantity == 0.0 || (o->tif == FEL_TIF_FOK && !e->is_walking))) {
        return stall(e, slot);
    }
    const fel_reason refused = judge(e, o, &t);
    if (refused != FEL_REASON_NONE) {
        return venue_end(e, slot, state_of(refused), refused);
    }
    if (e->config.volume_limit > 0.0) {
        volume_take(e, &t);
    }
    FEL_TRY(execute(e, &t));
    e->last_filled = fabs(t.quantity);
    if (is_cut && t.quantity == cut_to) {
        return book_part(e, slot, &t);
    }
    FEL_TRY(venue_end_filled(e, slot, fabs(t.quantity), t.price));
    return tell_fill(e, &t);
}

fel_status fill_forced(fel_engine *e, uint32_t instrument, double quantity, double price,
                       fel_reason reason)
{
    trade t = {.instrument = instrument,
               .is_taker = 1,
               .quantity = quantity,
               .reference = price,
               .weight_goal = (double)NAN,
               .arrival = (double)NAN,
               .reason = reason};
    sizing_price(e, &t);
    FEL_TRY(execute(e, &t));
    return tell_fill(e, &t);
}

fel_status fill_settled(fel_engine *e, uint32_t instrument, double quantity, double price,
                        fel_reason reason, const live_order *o)
{
    const trade t = {.instrument = instrument,
                     .quantity = quantity,
                     .value = money_value_of(fabs(quantity), price, &e->inst[instrument].unit),
                     .reference = price,
                     .price = price,
                     .weight_goal = (double)NAN,
                     .arrival = (double)NAN,
                     .order_id = o != NULL ? o->id : 0,
                     .tag = o != NULL ? o->tag : 0,
                     .reason = reason};
    FEL_TRY(execute(e, &t));
    return tell_fill(e, &t);
}
