/* core/cost_fee.c - fees: percent of the notional, per share, per order, per unit of weight
 * changed.
 *
 * Rates in basis points are the rational bps / 10000 to 32 digits (a constant that the compiler
 * works out), so that a fee of 10 bp on an exact notional is exact too. */
#include <math.h>

#include "core/cost_internal.h"
#include "core/money.h"

static fel_money money_abs(fel_money m)
{
    return m.hi < 0.0 ? money_neg(m) : m;
}

static fel_money of_bps(fel_money amount, double bps)
{
    const fel_money rate = money_scale(money_divide(money_of(1.0), 10000.0), bps);
    return money_multiply(amount, rate);
}

/* ---- percent ----------------------------------------------------------------------------------
 */

static const fel_param_spec percent_params[] = {
    {"fee_bps", FEL_PARAM_REAL, 0.0, -1000.0, 10000.0, NULL,
     "basis points of the traded value; negative: a rebate"},
};

static fel_money percent_fee(const double *params, const fel_cost_query *query)
{
    return of_bps(money_abs(query->notional), params[0]);
}

static double percent_derivative(const double *params, const fel_cost_query *query)
{
    return params[0] / 10000.0 * fabs(query->price) * query->multiplier;
}

const fel_cost_class cost_percent = {
    .struct_size = sizeof(fel_cost_class),
    .line = FEL_COST_FEE,
    .name = "percent",
    .summary = "a share of the traded value",
    .params = percent_params,
    .n_params = 1,
    .fee = percent_fee,
    .dcost = percent_derivative,
};

/* ---- per share --------------------------------------------------------------------------------
 */

static const fel_param_spec per_share_params[] = {
    {"fee_per_share", FEL_PARAM_REAL, 0.0, -1e6, 1e6, NULL, "money a share or contract"},
};

static fel_money per_share_fee(const double *params, const fel_cost_query *query)
{
    return money_two_product(query->quantity, params[0]);
}

static double per_share_derivative(const double *params, const fel_cost_query *query)
{
    (void)query;
    return params[0];
}

const fel_cost_class cost_per_share = {
    .struct_size = sizeof(fel_cost_class),
    .line = FEL_COST_FEE,
    .name = "per_share",
    .summary = "an amount for each share or contract",
    .params = per_share_params,
    .n_params = 1,
    .fee = per_share_fee,
    .dcost = per_share_derivative,
};

/* ---- per order --------------------------------------------------------------------------------
 */

static const fel_param_spec fixed_params[] = {
    {"fee_per_order", FEL_PARAM_REAL, 0.0, 0.0, 1e9, NULL, "money an order that fills"},
};

static fel_money fixed_fee(const double *params, const fel_cost_query *query)
{
    return money_of(query->filled_before > 0.0 ? 0.0 : params[0]); /* once, not each part */
}

static double fixed_derivative(const double *params, const fel_cost_query *query)
{
    (void)params;
    (void)query;
    return 0.0;
}

const fel_cost_class cost_fixed = {
    .struct_size = sizeof(fel_cost_class),
    .line = FEL_COST_FEE,
    .name = "fixed",
    .summary = "an amount for each order that fills",
    .params = fixed_params,
    .n_params = 1,
    .fee = fixed_fee,
    .dcost = fixed_derivative,
};

/* ---- weight change ----------------------------------------------------------------------------
 */

/* The rule of the MADL papers' code: TC x |w_t - w_(t-1)| x equity_(t-1). Nothing before the first
 * bar's close, where there is no previous equity. */
static const fel_param_spec weight_change_params[] = {
    {"weight_change_bps", FEL_PARAM_REAL, 0.0, 0.0, 10000.0, NULL,
     "basis points of the previous bar's equity for each unit of weight changed"},
};

static fel_money weight_change_fee(const double *params, const fel_cost_query *query)
{
    const double change = fabs(query->weight_after - query->weight_before);
    return of_bps(money_two_product(query->equity_previous, change), params[0]);
}

static double weight_change_derivative(const double *params, const fel_cost_query *query)
{
    const double change = fabs(query->weight_after - query->weight_before);
    return params[0] / 10000.0 * query->equity_previous * change / query->quantity;
}

const fel_cost_class cost_weight_change = {
    .struct_size = sizeof(fel_cost_class),
    .line = FEL_COST_FEE,
    .name = "weight_change",
    .summary = "a share of the previous bar's equity for each unit of weight changed",
    .params = weight_change_params,
    .n_params = 1,
    .needs_weights = 1,
    .fee = weight_change_fee,
    .dcost = weight_change_derivative,
};
