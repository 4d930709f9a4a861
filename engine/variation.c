/* engine/variation.c - instruments whose profit and loss is settled, not their price: futures,
 * perpetuals.
 *
 * The ledger books every trade as if its price were paid: then equity = cash + position values
 * holds for all instruments alike, and cost, realised and unrealised P&L mean the same. `basis` is
 * the part of that payment which never took place: the value of the position when it was last
 * settled. The cash that is shown, and that earns interest, is the ledger's plus all bases, so that
 *     equity = cash shown + sum (position value - basis). */
#include "engine/engine_internal.h"

void variation_trade(fel_engine *e, uint32_t i, double held, double quantity, double price,
                     fel_money paid)
{
    instrument_state *s = &e->inst[i];
    if (held == 0.0 || (held > 0.0) == (quantity > 0.0)) {
        s->basis = money_add(s->basis, paid);
    } else if (fabs(quantity) < fabs(held)) {
        const fel_money part = money_divide(money_scale(s->basis, -quantity), held);
        s->basis = money_sub(s->basis, part);
    } else {
        s->basis = money_sub(paid, money_value_of(-held, price, &s->unit));
    }
    if (e->position[i] == 0.0) {
        s->basis = money_of(0.0);
    }
}

void variation_mark(fel_engine *e)
{
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        instrument_state *s = &e->inst[i];
        if (s->is_variation && e->position[i] != 0.0 && e->instruments[i].kind == FEL_FUTURE) {
            s->basis = money_value_of(e->position[i], e->last_price[i], &s->unit);
        }
    }
}

fel_money account_cash(const fel_engine *e)
{
    fel_money cash = e->ledger.cash;
    for (uint32_t i = 0; e->account.has_variation && i < e->n_instruments; i++) {
        if (e->inst[i].is_variation) {
            cash = money_add(cash, e->inst[i].basis);
        }
    }
    return cash;
}
