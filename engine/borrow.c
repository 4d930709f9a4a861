/* engine/borrow.c - shares sold short: what borrowing them costs, what their proceeds earn.
 *
 * At a trading day's end the shares held short are paid for at that day's last price, for every
 * calendar day until the next trading day's end: of what is held over a weekend three days at
 * Friday's close. The fee is |position| x price x rate x days / 360. */
#include <math.h>

#include "engine/engine_internal.h"

double borrow_rate(const fel_engine *e, uint32_t i)
{
    const fel_instrument *instrument = &e->instruments[i];
    if (instrument->borrow_rate_per_year > 0.0) {
        return instrument->borrow_rate_per_year;
    }
    const int is_lent = instrument->kind == FEL_EQUITY || instrument->kind == FEL_INDEX ||
                        instrument->kind == FEL_CRYPTO_SPOT;
    return is_lent && !fel_is_variation(instrument) ? e->config.account.borrow_rate_per_year : 0.0;
}

static fel_money short_value(const fel_engine *e, uint32_t i)
{
    return money_value_of(-e->position[i], e->last_price[i], &e->inst[i].unit);
}

void borrow_charge(fel_engine *e, double n_days)
{
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        const double rate = borrow_rate(e, i);
        if (!(e->position[i] < 0.0) || rate == 0.0) {
            continue;
        }
        const fel_money fee = money_divide(money_scale(short_value(e, i), rate * n_days),
                                           (double)e->config.account.borrow_basis);
        e->ledger.cash = money_sub(e->ledger.cash, fee);
        e->inst[i].borrow = money_add(e->inst[i].borrow, fee);
        e->ledger.costs_since += fel_money_value(fee);
    }
    ledger_watch(e);
}

fel_money borrow_proceeds(const fel_engine *e)
{
    fel_money sum = money_of(0.0);
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        if (e->position[i] < 0.0 && !e->inst[i].is_variation) {
            sum = money_add(sum, short_value(e, i));
        }
    }
    return sum;
}

void borrow_credit(fel_engine *e, double n_days)
{
    const double rate = e->config.account.short_credit_rate_per_year;
    if (isnan(rate) || rate == 0.0 || e->ledger.n_short == 0) {
        return;
    }
    const fel_money earned = money_divide(money_scale(borrow_proceeds(e), rate * n_days),
                                          (double)e->config.account.interest_basis);
    e->ledger.cash = money_add(e->ledger.cash, earned);
    e->ledger.interest = money_add(e->ledger.interest, earned);
    ledger_watch(e);
}

fel_reason borrow_allow(const fel_engine *e, trade *t)
{
    const double held = e->position[t->instrument];
    const int is_leg = t->position_side != 0;
    const int needs = is_leg ? t->position_side < 0 : held + t->quantity < 0.0;
    if (!e->instruments[t->instrument].no_borrow || !needs) {
        return FEL_REASON_NONE;
    }
    const int may_cut = !is_leg && e->config.cash_short == FEL_CASH_SCALE && held > 0.0;
    t->quantity = may_cut ? -held : 0.0;
    return may_cut ? FEL_REASON_NONE : FEL_REASON_NO_BORROW;
}
