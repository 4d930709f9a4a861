/* engine/ledger.c - cash, positions and profit, exact to double-double.
 *
 * Average cost: `cost` is the money paid for what is held, negative for a short position. Closing a
 * part takes the same part of the cost with it. The identity that ledger_check() tests ties cash,
 * which only trades and bookings move, to profit, which is computed from cost and price. */
#include "engine/engine_internal.h"

void ledger_start(fel_engine *e)
{
    const ledger empty = {.cash = money_of(e->config.cash), .paper_cash = money_of(e->config.cash)};
    e->ledger = empty;
}

static fel_money position_value(const fel_engine *e, uint32_t i)
{
    return money_value_of(e->position[i], e->last_price[i], &e->inst[i].unit);
}

fel_money ledger_equity(const fel_engine *e)
{
    fel_money equity = e->ledger.cash;
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        if (e->position[i] != 0.0) {
            equity = money_add(equity, position_value(e, i));
        }
    }
    return equity;
}

void ledger_watch(fel_engine *e)
{
    ledger *l = &e->ledger;
    l->is_watched = l->n_short > 0 || l->cash.hi < 0.0 || l->sees_negative ||
                    e->account.is_exposed || e->account.is_called;
}

/* Book a trade that reduces the position: its part of the cost goes with it. */
static void reduce(fel_engine *e, uint32_t i, double quantity, fel_money paid)
{
    instrument_state *s = &e->inst[i];
    const double held = e->position[i];
    const int is_all = quantity == -held;
    const fel_money cost = is_all ? s->cost : money_divide(money_scale(s->cost, -quantity), held);
    s->realised = money_sub(s->realised, money_add(paid, cost));
    s->cost = is_all ? money_of(0.0) : money_sub(s->cost, cost);
    e->position[i] = held + quantity;
}

static void increase(fel_engine *e, uint32_t i, double quantity, fel_money paid)
{
    e->inst[i].cost = money_add(e->inst[i].cost, paid);
    e->position[i] += quantity;
}

void ledger_trade(fel_engine *e, uint32_t i, double quantity, double price, fel_money paid)
{
    const double held = e->position[i];
    const int was_short = held < 0.0;
    if (held == 0.0 || (held > 0.0) == (quantity > 0.0)) {
        increase(e, i, quantity, paid);
    } else if (fabs(quantity) <= fabs(held)) {
        reduce(e, i, quantity, paid);
    } else {
        const fel_money closing = money_value_of(-held, price, &e->inst[i].unit);
        reduce(e, i, -held, closing);
        increase(e, i, quantity + held, money_sub(paid, closing));
    }
    if (e->inst[i].is_variation) {
        variation_trade(e, i, held, quantity, price, paid);
    }
    e->ledger.n_short += (e->position[i] < 0.0 ? 1u : 0u) - (was_short ? 1u : 0u);
    e->ledger.cash = money_sub(e->ledger.cash, paid);
    ledger_watch(e);
}

void ledger_fee(fel_engine *e, uint32_t i, fel_money fee)
{
    e->ledger.cash = money_sub(e->ledger.cash, fee);
    e->inst[i].fees = money_add(e->inst[i].fees, fee);
    e->ledger.costs_since += fel_money_value(fee);
    ledger_watch(e);
}

void ledger_dividend(fel_engine *e, uint32_t i, double per_unit)
{
    const fel_money paid =
        money_scale(money_two_product(e->position[i], per_unit), e->instruments[i].multiplier);
    e->ledger.cash = money_add(e->ledger.cash, paid);
    e->ledger.dividends = money_add(e->ledger.dividends, paid);
    e->inst[i].dividends = money_add(e->inst[i].dividends, paid);
    ledger_watch(e);
}

void ledger_funding(fel_engine *e, uint32_t i, fel_money received)
{
    e->ledger.cash = money_add(e->ledger.cash, received);
    e->inst[i].funding = money_add(e->inst[i].funding, received);
    ledger_watch(e);
}

void ledger_split(fel_engine *e, uint32_t i, double ratio)
{
    instrument_state *s = &e->inst[i];
    const int is_second = s->bars != NULL && cursor_last_ns(s->bars) <= s->split_ns;
    e->position[i] *= ratio;
    e->last_price[i] /= ratio;
    e->high_since[i] /= ratio;
    e->low_since[i] /= ratio;
    s->split_ratio = is_second ? s->split_ratio * ratio : ratio;
    s->split_ns = e->ctx.now_ns;
}

void ledger_interest(fel_engine *e, double days)
{
    const fel_money cash = account_interest_cash(e);
    const double rate =
        cash.hi >= 0.0 ? e->config.cash_rate_per_year : e->config.debit_rate_per_year;
    if (rate == 0.0) {
        return;
    }
    const fel_money earned =
        money_divide(money_scale(cash, rate * days), (double)e->config.account.interest_basis);
    e->ledger.cash = money_add(e->ledger.cash, earned);
    e->ledger.interest = money_add(e->ledger.interest, earned);
    ledger_watch(e);
}

static fel_money unrealised(const fel_engine *e, uint32_t i)
{
    if (e->position[i] == 0.0) {
        return money_of(0.0);
    }
    return money_sub(position_value(e, i), e->inst[i].cost);
}

fel_status ledger_check(fel_engine *e)
{
    fel_money attributed = money_add_double(e->ledger.interest, e->config.cash);
    double scale = fabs(e->config.cash) + fabs(e->ledger.cash.hi);
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        const instrument_state *s = &e->inst[i];
        attributed = money_add(attributed, s->realised);
        attributed = money_add(attributed, unrealised(e, i));
        attributed = money_add(attributed, money_sub(s->dividends, s->fees));
        attributed = money_add(attributed, money_sub(s->funding, s->borrow));
        scale += fabs(s->cost.hi) + fabs(s->realised.hi) + e->inst[i].turnover;
    }
    const fel_money equity = ledger_equity(e);
    const double error = fabs(fel_money_value(money_sub(equity, attributed)));
    if (error > e->ledger.worst_identity_error) {
        e->ledger.worst_identity_error = error;
    }
    /* A split rescales price and quantity in double: up to an ulp of the position's value each. */
    if (!(error <= 1e-14 * scale)) {
        return FEL_RAISE(FEL_ERR_INTERNAL, "ledger identity broken: equity %.17g, attributed %.17g",
                         fel_money_value(equity), fel_money_value(attributed));
    }
    return e->account.is_hedging ? legs_check(e) : FEL_OK;
}

void ledger_waterfall(const fel_engine *e, fel_waterfall *out)
{
    const ledger *l = &e->ledger;
    fel_money gross = money_add_double(l->paper_cash, -e->config.cash);
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        if (e->position[i] != 0.0) {
            gross = money_add(gross, position_value(e, i));
        }
    }
    out->gross = gross;
    out->delay = l->delay;
    for (int k = 0; k < FEL_COST_N_LINES; k++) {
        out->lines[k] = l->lines[k];
    }
    out->lines[FEL_COST_FEE] = money_of(0.0);
    out->borrow = out->funding = money_of(0.0);
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        out->borrow = money_add(out->borrow, e->inst[i].borrow);
        out->funding = money_add(out->funding, e->inst[i].funding);
        out->lines[FEL_COST_FEE] = money_add(out->lines[FEL_COST_FEE], e->inst[i].fees);
    }
    out->dividends = l->dividends;
    out->interest = l->interest;
    out->net = money_add_double(ledger_equity(e), -e->config.cash);
}
