/* study/study_account.c - the account that a study file describes, as the engine takes it. */
#include "study/study_run_internal.h"

/* A study says one margin for all shares, and one leverage for all that trades on it. */
fel_account_rules study_account_rules(const study_values *v)
{
    const study_account *a = &v->account;
    fel_account_rules rules = fel_engine_config_default().account;
    const fel_margin_rate shares = {a->initial, a->maintenance_long, a->maintenance_short};
    const double initial = 1.0 / a->leverage;
    const double maintenance = initial * a->leverage_maintenance;
    const fel_margin_rate levered = {initial, maintenance, maintenance};
    const fel_instrument_kind on_leverage[] = {FEL_FX, FEL_CRYPTO_SPOT, FEL_FUTURE, FEL_PERPETUAL};
    rules.margin[FEL_EQUITY] = rules.margin[FEL_INDEX] = shares;
    for (size_t i = 0; i < sizeof(on_leverage) / sizeof(on_leverage[0]); i++) {
        rules.margin[on_leverage[i]] = levered;
    }
    rules.kind = (fel_account_kind)a->kind;
    rules.liquidate = (fel_liquidate)a->liquidate;
    rules.restore = (fel_restore)a->restore;
    rules.check = (fel_margin_check)a->check;
    rules.position_mode = (fel_position_mode)v->position_mode;
    rules.leg_margin = (fel_leg_margin)a->legs;
    rules.grace_days = (uint32_t)a->grace_days;
    rules.interest_basis = a->day_count == 0 ? 365 : 360;
    rules.borrow_basis = v->borrow.day_count == 0 ? 360 : 365;
    rules.liquidation_fee = a->liquidation_fee;
    rules.borrow_rate_per_year = v->borrow.rate_per_year;
    rules.short_credit_rate_per_year = a->short_credit_rate_per_year;
    return rules;
}

void study_describe_margin(fel_instrument *instrument, const study_data *row)
{
    if (row->settlement >= 0) {
        instrument->settlement = row->settlement == 0 ? FEL_SETTLE_PREMIUM : FEL_SETTLE_VARIATION;
    }
    instrument->no_borrow = !row->is_borrowable;
    instrument->margin_initial = row->margin_initial;
    instrument->margin_maintenance = row->margin_maintenance;
    instrument->margin_initial_amount = row->margin_initial_amount;
    instrument->margin_maintenance_amount = row->margin_maintenance_amount;
    instrument->borrow_rate_per_year = row->borrow_rate_per_year;
}
