/* engine/account.c - what a run's account is made of: its rules, its margin rates, what is booked
 * when its days end. */
#include <math.h>
#include <stdlib.h>

#include "engine/engine_internal.h"

/* ---- rules ----------------------------------------------------------------------------------- */

fel_account_rules account_rules_default(void)
{
    static const fel_margin_rate stock = {0.5, 0.25, 0.3}; /* 12 CFR 220.12, FINRA rule 4210 */
    static const fel_margin_rate levered = {0.1, 0.05, 0.05};
    static const fel_margin_rate option = {1.0, 1.0, 0.2}; /* Cboe rule 10.3 */
    fel_account_rules rules = {
        .interest_basis = 365, .borrow_basis = 360, .short_credit_rate_per_year = (double)NAN};
    for (size_t k = 0; k < FEL_N_INSTRUMENT_KINDS; k++) {
        rules.margin[k] = k == FEL_EQUITY || k == FEL_INDEX ? stock : levered;
    }
    rules.margin[FEL_OPTION] = option;
    return rules;
}

static int is_basis(uint32_t days)
{
    return days == 360 || days == 365;
}

static int is_fraction(double value, double most)
{
    return value >= 0.0 && value <= most;
}

static fel_status check_margin(const fel_margin_rate *m, size_t kind)
{
    const double *const all[] = {&m->initial, &m->maintenance_long, &m->maintenance_short};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (!is_fraction(*all[i], 10.0)) {
            return FEL_RAISE(FEL_ERR_RANGE, "margin = %g; a fraction of value lies in [0, 10]",
                             *all[i]);
        }
    }
    const double maintenance = fmax(m->maintenance_long, m->maintenance_short);
    if (!(m->initial > 0.0) || maintenance > m->initial) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "initial margin = %g, maintenance margin = %g of instruments of kind %zu: "
                         "it must be above zero, and not less than the maintenance margin",
                         m->initial, maintenance, kind);
    }
    return FEL_OK;
}

static fel_status check_words(const fel_account_rules *r)
{
    const struct {
        const char *name;
        unsigned value, n;
    } rules[] = {{"account kind", r->kind, 2},           {"account liquidate", r->liquidate, 3},
                 {"account restore", r->restore, 2},     {"account check", r->check, 2},
                 {"position_mode", r->position_mode, 2}, {"account legs", r->leg_margin, 2}};
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (rules[i].value >= rules[i].n) {
            return FEL_RAISE(FEL_ERR_ARG, "%s = %u; it lies in 0 .. %u", rules[i].name,
                             rules[i].value, rules[i].n - 1);
        }
    }
    if (r->check == FEL_MARGIN_AT_SUBMISSION && r->kind != FEL_ACCOUNT_MARGIN) {
        return FEL_RAISE(FEL_ERR_ARG, "account check: submission is for margin accounts");
    }
    return FEL_OK;
}

fel_status account_check(const fel_account_rules *r)
{
    FEL_TRY(check_words(r));
    for (size_t k = 0; k < FEL_N_INSTRUMENT_KINDS; k++) {
        FEL_TRY(check_margin(&r->margin[k], k));
    }
    if (!is_basis(r->interest_basis) || !is_basis(r->borrow_basis)) {
        return FEL_RAISE(FEL_ERR_RANGE, "interest over %u days a year, borrow over %u: 360 or 365",
                         r->interest_basis, r->borrow_basis);
    }
    if (!is_fraction(r->liquidation_fee, 0.5) || !is_fraction(r->borrow_rate_per_year, 10.0)) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "liquidation_fee = %g, borrow rate = %g; they lie in [0, 0.5] and [0, 10]",
                         r->liquidation_fee, r->borrow_rate_per_year);
    }
    if (!isnan(r->short_credit_rate_per_year) &&
        !(r->short_credit_rate_per_year >= -1.0 && r->short_credit_rate_per_year <= 10.0)) {
        return FEL_RAISE(FEL_ERR_RANGE, "rate of short proceeds = %g; it lies in [-1, 10]",
                         r->short_credit_rate_per_year);
    }
    return FEL_OK;
}

/* ---- making one ------------------------------------------------------------------------------ */

static fel_status check_instrument(const fel_instrument *i)
{
    const int is_sound = is_fraction(i->margin_initial, 10.0) &&
                         is_fraction(i->margin_maintenance, 10.0) &&
                         is_fraction(i->margin_initial_amount, 1e12) &&
                         is_fraction(i->margin_maintenance_amount, 1e12) &&
                         is_fraction(i->borrow_rate_per_year, 10.0) && (unsigned)i->settlement < 3;
    if (!is_sound) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "%s: margins %g and %g, %g and %g a unit, borrow rate %g: fractions lie "
                         "in [0, 10], amounts are not negative",
                         i->symbol, i->margin_initial, i->margin_maintenance,
                         i->margin_initial_amount, i->margin_maintenance_amount,
                         i->borrow_rate_per_year);
    }
    if (i->kind == FEL_OPTION && i->settlement == FEL_SETTLE_VARIATION) {
        return FEL_RAISE(FEL_ERR_ARG, "%s: an option's premium is paid", i->symbol);
    }
    return FEL_OK;
}

static double or_else(double own, double general)
{
    return own > 0.0 ? own : general;
}

/* An instrument's own numbers; a maintenance margin is never more than the initial one. */
static margin_rates rates_of(const fel_instrument *i, const fel_margin_rate *kind)
{
    margin_rates rates = {
        .initial = or_else(i->margin_initial, kind->initial),
        .maintenance_long = or_else(i->margin_maintenance, kind->maintenance_long),
        .maintenance_short = or_else(i->margin_maintenance, kind->maintenance_short),
        .initial_amount = or_else(i->margin_initial_amount, i->margin_maintenance_amount),
        .maintenance_amount = or_else(i->margin_maintenance_amount, i->margin_initial_amount),
    };
    if (i->kind != FEL_OPTION) {
        rates.maintenance_long = fmin(rates.maintenance_long, rates.initial);
        rates.maintenance_short = fmin(rates.maintenance_short, rates.initial);
    }
    return rates;
}

fel_status account_create(fel_engine *e)
{
    const size_t n = e->n_instruments;
    account_state *a = &e->account;
    a->rates = arena_array(&e->fixed, n, sizeof(margin_rates));
    a->legs = arena_array(&e->fixed, n, sizeof(leg_pair));
    a->leg_records = arena_array(&e->fixed, 2 * n, sizeof(fel_leg_record));
    a->holdings = arena_array(&e->fixed, 2 * n, sizeof(holding));
    if (a->rates == NULL || a->legs == NULL || a->leg_records == NULL || a->holdings == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for the account of %zu instruments", n);
    }
    for (size_t i = 0; i < n; i++) {
        const fel_instrument *instrument = &e->instruments[i];
        FEL_TRY(check_instrument(instrument));
        a->rates[i] = rates_of(instrument, &e->config.account.margin[instrument->kind]);
    }
    return FEL_OK;
}

void account_destroy(fel_engine *e)
{
    free(e->account.calls.items);
}

void account_start(fel_engine *e)
{
    const fel_account_rules *rules = &e->config.account;
    account_state *a = &e->account;
    a->has_variation = a->has_day_work = a->is_exposed = a->is_called = 0;
    a->has_margin = rules->kind == FEL_ACCOUNT_MARGIN;
    a->is_hedging = rules->position_mode == FEL_POSITIONS_HEDGING;
    a->n_forced = 0;
    a->calls.n = 0;
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        const leg_pair none = {0};
        a->legs[i] = none;
        e->inst[i].is_variation = (uint8_t)fel_is_variation(&e->instruments[i]);
        a->has_variation |= e->inst[i].is_variation;
        a->has_day_work |= borrow_rate(e, i) > 0.0;
        a->is_exposed |= a->has_margin && a->rates[i].maintenance_amount > 0.0;
    }
    a->is_exposed |= a->has_margin && a->is_hedging;
    a->has_day_work |= a->has_variation || !isnan(rules->short_credit_rate_per_year);
}

/* ---- days and instants ----------------------------------------------------------------------- */

void account_day_end(fel_engine *e, double n_days)
{
    if (e->account.has_variation) {
        variation_mark(e);
    }
    ledger_interest(e, n_days);
    borrow_credit(e, n_days);
    borrow_charge(e, n_days);
}

fel_money account_interest_cash(const fel_engine *e)
{
    const fel_money cash = account_cash(e);
    return isnan(e->config.account.short_credit_rate_per_year)
               ? cash
               : money_sub(cash, borrow_proceeds(e));
}

fel_status account_watch(fel_engine *e, int has_moved, int *is_over)
{
    const fel_money equity = ledger_equity(e);
    *is_over = !(equity.hi > 0.0);
    const int looks = e->account.has_margin && has_moved && !*is_over;
    return looks ? margin_look(e, fel_money_value(equity)) : FEL_OK;
}

void account_result(fel_engine *e)
{
    const account_state *a = &e->account;
    if (a->is_hedging) {
        legs_record(e);
        e->result.legs = a->leg_records;
    }
    e->result.margin_calls = a->calls.items;
    e->result.n_margin_calls = a->calls.n;
}
