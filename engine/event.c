/* engine/event.c - what happens to an account without an order: splits, dividends, expiries, series
 * that end, ruin. */
#include <math.h>

#include "engine/engine_internal.h"

/* A split as a record, so that lots can be followed through it. */
static fel_status record_split(fel_engine *e, uint32_t i, double ratio)
{
    if (e->position[i] == 0.0) {
        return FEL_OK;
    }
    fel_fill_record *record = NULL;
    FEL_TRY(record_fill_room(e, &record));
    const fel_fill_record split = {
        .time_ns = e->ctx.now_ns,
        .instrument = i,
        .side = FEL_BUY,
        .reference_price = ratio,
        .price = e->last_price[i],
        .arrival_price = e->last_price[i],
        .high_since = e->high_since[i],
        .low_since = e->low_since[i],
        .position_after = e->position[i],
        .cash_after = fel_money_value(account_cash(e)),
        .bar_index = inst_n_bars(&e->inst[i]),
        .reason = FEL_REASON_NONE,
    };
    *record = split;
    record_fill(e, record);
    return FEL_OK;
}

fel_status event_action(fel_engine *e, const cursor *c)
{
    const fel_action action = {
        .time_ns = c->time_ns[c->i],
        .instrument = c->instrument,
        .kind = (fel_action_kind)(int)c->column[0][c->i],
        .value = c->column[1][c->i],
    };
    instrument_state *s = &e->inst[c->instrument];
    if (action.kind == FEL_SPLIT) {
        if (!(action.value > 0.0) || !isfinite(action.value)) {
            return FEL_RAISE(FEL_ERR_FORMAT, "split of %s has ratio %g; it must be positive",
                             e->instruments[c->instrument].symbol, action.value);
        }
        if (!s->books_splits) {
            return FEL_OK;
        }
        ledger_split(e, c->instrument, action.value);
        venue_rescale(e, c->instrument, action.value);
        if (e->account.is_hedging) {
            legs_split(e, c->instrument, action.value);
        }
        FEL_TRY(record_split(e, c->instrument, action.value));
    } else if (action.kind == FEL_DIVIDEND) {
        if (!s->books_dividends) {
            return FEL_OK;
        }
        ledger_dividend(e, c->instrument, action.value);
    } else {
        return FEL_RAISE(FEL_ERR_FORMAT, "action of %s has kind %d; 1 is a split, 2 a dividend",
                         e->instruments[c->instrument].symbol, (int)action.kind);
    }
    return e->strategy->on_corporate_action == NULL
               ? FEL_OK
               : e->strategy->on_corporate_action(e->state, &e->ctx, &action);
}

static fel_status settle(fel_engine *e, uint32_t i)
{
    const fel_instrument *option = &e->instruments[i];
    const double spot = e->last_price[option->underlying];
    if (isnan(spot) && e->position[i] != 0.0) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s expires and its underlying %s has no price yet",
                         option->symbol, e->instruments[option->underlying].symbol);
    }
    const double intrinsic = fmax((double)option->right * (spot - option->strike), 0.0);
    const double units = e->position[i];
    FEL_TRY(venue_end_all(e, i, FEL_ORDER_EXPIRED, FEL_REASON_OPTION_EXPIRY));
    e->inst[i].has_ended = 1;
    if (units != 0.0) {
        FEL_TRY(fill_forced(e, i, -units, intrinsic, FEL_REASON_OPTION_EXPIRY));
    }
    e->last_price[i] = intrinsic;
    legs_flatten(e, i, intrinsic);
    if (e->strategy->on_expiry == NULL) {
        return FEL_OK;
    }
    const fel_expiry expiry = {.time_ns = e->ctx.now_ns,
                               .instrument = i,
                               .settlement_price = spot,
                               .cash = units * intrinsic * option->multiplier};
    return e->strategy->on_expiry(e->state, &e->ctx, &expiry);
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

static fel_status end_series(fel_engine *e, uint32_t i, int closes)
{
    e->inst[i].has_ended = 1;
    FEL_TRY(venue_end_all(e, i, FEL_ORDER_EXPIRED, FEL_REASON_END_OF_DATA));
    if (!closes) {
        return FEL_OK;
    }
    if (e->position[i] != 0.0) {
        FEL_TRY(fill_forced(e, i, -e->position[i], e->last_price[i], FEL_REASON_END_OF_DATA));
    }
    legs_flatten(e, i, e->last_price[i]);
    return FEL_OK;
}

/* An option whose prices end before it does waits for its expiry. */
fel_status event_ended(fel_engine *e)
{
    for (size_t k = 0; k < e->ended.n; k++) {
        const uint32_t i = e->ended.items[k];
        const int waits =
            e->instruments[i].kind == FEL_OPTION && e->instruments[i].expiry_ns >= e->ctx.now_ns;
        FEL_TRY(end_series(e, i, e->config.end_of_data == FEL_END_CLOSE && !waits));
    }
    e->ended.n = 0;
    return FEL_OK;
}

fel_status event_close_all(fel_engine *e)
{
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        FEL_TRY(end_series(e, i, 1));
    }
    return FEL_OK;
}

fel_status event_ruin(fel_engine *e)
{
    e->is_ruined = 1;
    e->flags |= FEL_FLAG_RUINED;
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        FEL_TRY(venue_end_all(e, i, FEL_ORDER_CANCELLED, FEL_REASON_LIQUIDATION));
        if (e->position[i] != 0.0) {
            FEL_TRY(fill_forced(e, i, -e->position[i], e->last_price[i], FEL_REASON_LIQUIDATION));
        }
        legs_flatten(e, i, e->last_price[i]);
    }
    return FEL_OK;
}

/* ---- trades ---------------------------------------------------------------------------------- */

/* Trades alone fill orders, as a quote of no spread would. */
static fel_status trade_price(fel_engine *e, const fel_trade_tick *tick)
{
    const uint32_t i = tick->instrument;
    instrument_state *s = &e->inst[i];
    const fel_quote quote = {.time_ns = tick->time_ns,
                             .instrument = i,
                             .bid = tick->price,
                             .ask = tick->price,
                             .bid_size = tick->quantity,
                             .ask_size = tick->quantity};
    ledger_see_price(e, tick->price);
    s->quoted_ns = tick->time_ns;
    e->last_price[i] = tick->price;
    e->quote_taken[0] = e->quote_taken[1] = 0.0;
    if (s->live_first != SLOT_NONE) {
        FEL_TRY(match_quote(e, &quote));
        e->last_price[i] = tick->price; /* a limit's fill has left its own price there */
    }
    inst_see_price(e, i, tick->price, tick->price);
    s->n_bars++;
    return FEL_OK;
}

fel_status event_trade(fel_engine *e, size_t k)
{
    const cursor *c = &e->merge.cursors[k];
    const double side = c->column[2][c->i];
    const fel_trade_tick tick = {.time_ns = c->time_ns[c->i],
                                 .instrument = c->instrument,
                                 .taker_side = side > 0.0   ? 1
                                               : side < 0.0 ? -1
                                                            : 0,
                                 .price = c->column[0][c->i],
                                 .quantity = c->column[1][c->i]};
    FEL_TRY(merge_advance(e, k));
    if (!e->inst[tick.instrument].is_quoted) {
        FEL_TRY(trade_price(e, &tick));
    }
    return e->strategy->on_trade == NULL ? FEL_OK : e->strategy->on_trade(e->state, &e->ctx, &tick);
}
