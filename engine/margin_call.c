/* engine/margin_call.c - equity below the maintenance margin: the call, its time, and what is
 * closed then.
 *
 * Positions are closed by market orders of the engine that fill as any others do, at the next price
 * that comes after the one on which the call was made. */
#include <math.h>

#include "engine/engine_internal.h"

static fel_margin_call *present_call(fel_engine *e)
{
    return &e->account.calls.items[e->account.calls.n - 1];
}

static fel_status make_call(fel_engine *e, double equity, double maintenance)
{
    const int64_t now_ns = e->ctx.now_ns;
    const fel_margin_call call = {
        .time_ns = now_ns,
        .due_ns = now_ns + (int64_t)e->config.account.grace_days * FEL_NS_PER_DAY,
        .end_ns = FEL_TIME_MAX,
        .equity = equity,
        .maintenance = maintenance,
    };
    FEL_TRY(ARRAY_PUSH(&e->account.calls, call));
    e->account.is_called = 1;
    return FEL_OK;
}

/* ---- what is held ---------------------------------------------------------------------------- */

/* What closing it costs, and the liquidation's fee. */
static double cost_of_closing(const fel_engine *e, uint32_t i, double quantity, int32_t side)
{
    trade t = {.instrument = i,
               .is_taker = 1,
               .quantity = quantity,
               .reference = e->last_price[i],
               .weight_goal = (double)NAN,
               .position_side = side};
    sizing_price(e, &t);
    margin_charge(e, &t);
    return fel_money_value(t.fee) + fabs(quantity * (t.price - t.reference)) * e->multiplier[i];
}

static double profit_of(const fel_engine *e, uint32_t i, int32_t side)
{
    if (e->account.is_hedging) {
        fel_leg leg;
        legs_describe(e, i, side, &leg);
        return leg.unrealised;
    }
    const fel_money value = money_value_of(e->position[i], e->last_price[i], &e->inst[i].unit);
    return fel_money_value(money_sub(value, e->inst[i].cost));
}

/* All that can be closed, as holdings; those whose prices have ended cannot. Their number. */
static size_t list_holdings(fel_engine *e, margin_level level)
{
    size_t n = 0;
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        double legs[2];
        margin_legs(e, i, legs);
        const double both = legs[LEG_LONG] + legs[LEG_SHORT];
        if (both == 0.0 || e->inst[i].has_ended) {
            continue;
        }
        const double margin = margin_of_legs(e, i, legs, e->last_price[i], level);
        for (int k = 0; k < 2; k++) {
            const int32_t side = k == LEG_LONG ? 1 : -1;
            if (legs[k] > 0.0) {
                const holding h = {
                    .instrument = i,
                    .side = side,
                    .quantity = legs[k],
                    .margin = margin * (legs[k] / both),
                    .cost = cost_of_closing(e, i, -side * legs[k], side),
                    .profit = profit_of(e, i, side),
                };
                e->account.holdings[n++] = h;
            }
        }
    }
    return n;
}

/* ---- how much of it is closed ---------------------------------------------------------------- */

/* Whole lots, rounded up, at most what is held. */
static double closing_units(const fel_engine *e, const holding *h, double part)
{
    const double lot = e->instruments[h->instrument].lot;
    const double units = h->quantity * part;
    const double whole = lot > 0.0 ? ceil(units / lot * (1.0 - 1e-12)) * lot : units;
    return fmin(whole, h->quantity);
}

/* The part of something that makes good what is missing: closing it frees its margin, less what
 * that costs. */
static double part_for(double missing, double margin, double cost)
{
    const double freed = margin - cost;
    return freed > missing ? missing / freed : 1.0;
}

static void plan_proportional(fel_engine *e, size_t n, double missing)
{
    double margin = 0.0, cost = 0.0;
    for (size_t k = 0; k < n; k++) {
        margin += e->account.holdings[k].margin;
        cost += e->account.holdings[k].cost;
    }
    const double part = part_for(missing, margin, cost);
    for (size_t k = 0; k < n; k++) {
        holding *h = &e->account.holdings[k];
        h->closes = closing_units(e, h, part);
    }
}

/* The one with the largest loss that is still whole; ties: the first. */
static holding *worst_of(fel_engine *e, size_t n)
{
    holding *worst = NULL;
    for (size_t k = 0; k < n; k++) {
        holding *h = &e->account.holdings[k];
        if (h->closes == 0.0 && (worst == NULL || h->profit < worst->profit)) {
            worst = h;
        }
    }
    return worst;
}

static void plan_worst_first(fel_engine *e, size_t n, double missing)
{
    const double rounding = 1e-9 * missing;
    for (size_t k = 0; k < n && missing > rounding; k++) {
        holding *h = worst_of(e, n);
        if (h == NULL) {
            return;
        }
        h->closes = closing_units(e, h, part_for(missing, h->margin, h->cost));
        missing -= (h->margin - h->cost) * (h->closes / h->quantity);
    }
}

static void plan(fel_engine *e, size_t n, double missing)
{
    const fel_liquidate rule = e->config.account.liquidate;
    if (rule == FEL_LIQUIDATE_PROPORTIONAL) {
        plan_proportional(e, n, missing);
    } else if (rule == FEL_LIQUIDATE_LARGEST_LOSS) {
        plan_worst_first(e, n, missing);
    } else {
        for (size_t k = 0; k < n; k++) {
            e->account.holdings[k].closes = e->account.holdings[k].quantity;
        }
    }
}

/* ---- closing it ------------------------------------------------------------------------------ */

/* Has its bar opened at this very instant? Then the next price that is known is that bar's close.
 */
static int has_just_opened(const fel_engine *e, uint32_t i)
{
    const cursor *c = e->inst[i].bars;
    if (c == NULL || cursor_is_between(c)) {
        return 0;
    }
    const int64_t opened_ns = c->panel->is_on ? c->panel->open_ns[c->panel->row] : c->opened_ns;
    return opened_ns == e->ctx.now_ns;
}

static fel_status order_closing(fel_engine *e, const holding *h)
{
    live_order *o = NULL;
    const int at_close = has_just_opened(e, h->instrument);
    FEL_TRY(venue_submit(e, h->instrument, &o));
    fel_order order = fel_order_default(h->instrument, h->side > 0 ? FEL_SELL : FEL_BUY, h->closes);
    order.type = at_close ? FEL_ORDER_MARKET_ON_CLOSE : FEL_ORDER_MARKET;
    order.position_side = e->account.is_hedging ? h->side : 0;
    order_read(o, &order);
    o->is_forced = 1;
    e->account.n_forced++;
    present_call(e)->n_liquidations++;
    return order_log(e, o, FEL_REASON_NONE, 0.0);
}

static fel_status liquidate(fel_engine *e, double missing, margin_level level)
{
    const size_t n = list_holdings(e, level);
    plan(e, n, missing);
    for (size_t k = 0; k < n; k++) {
        if (e->account.holdings[k].closes > 0.0) {
            FEL_TRY(venue_end_all(e, e->account.holdings[k].instrument, FEL_ORDER_CANCELLED,
                                  FEL_REASON_MARGIN_CALL));
        }
    }
    for (size_t k = 0; k < n; k++) {
        const holding h = e->account.holdings[k];
        FEL_TRY(h.closes > 0.0 ? order_closing(e, &h) : FEL_OK);
    }
    /* As orders that answer an open: none fills at a price that is known already. */
    e->is_opening = 1;
    FEL_TRY(venue_activate(e));
    e->is_opening = 0;
    return FEL_OK;
}

fel_status margin_look(fel_engine *e, double equity)
{
    account_state *a = &e->account;
    if (a->n_forced > 0) {
        return FEL_OK;
    }
    const double maintenance = margin_total(e, MARGIN_MAINTENANCE);
    if (equity >= maintenance * (1.0 - 1e-9)) { /* rounding is no call */
        if (a->is_called) {
            present_call(e)->end_ns = e->ctx.now_ns;
            a->is_called = 0;
            ledger_watch(e);
        }
        return FEL_OK;
    }
    if (!a->is_called) {
        FEL_TRY(make_call(e, equity, maintenance));
        ledger_watch(e);
    }
    if (e->ctx.now_ns < present_call(e)->due_ns) {
        return FEL_OK;
    }
    const margin_level level =
        e->config.account.restore == FEL_RESTORE_INITIAL ? MARGIN_INITIAL : MARGIN_MAINTENANCE;
    const double wanted = level == MARGIN_INITIAL ? margin_total(e, level) : maintenance;
    return liquidate(e, wanted - equity, level);
}

int margin_cut_forced(const fel_engine *e, trade *t)
{
    if (t->position_side != 0) {
        return 1; /* legs_allow() does */
    }
    const double held = e->position[t->instrument];
    const int closes = held != 0.0 && (held > 0.0) != (t->quantity > 0.0);
    t->quantity = closes ? copysign(fmin(fabs(held), fabs(t->quantity)), t->quantity) : 0.0;
    return closes;
}

void margin_charge(const fel_engine *e, trade *t)
{
    const double fee = e->config.account.liquidation_fee;
    if (fee > 0.0) {
        t->fee = money_add(t->fee, money_scale(t->value, fee));
    }
}
