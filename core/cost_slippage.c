/* core/cost_slippage.c - slippage: how far the price moves against a trade. */
#include <math.h>

#include "core/cost_internal.h"

static double slip_derivative(double slip, double dslip, const fel_cost_query *query)
{
    return (slip + dslip * query->quantity) * query->multiplier;
}

/* ---- half spread ------------------------------------------------------------------------------
 */

static const fel_param_spec half_spread_params[] = {
    {"half_spread_bps", FEL_PARAM_REAL, 0.0, 0.0, 10000.0, NULL,
     "half of the bid-ask spread in basis points of the price"},
};

static double half_spread_slip(const double *params, const fel_cost_query *query)
{
    return fabs(query->price) * params[0] / 10000.0;
}

static double half_spread_derivative(const double *params, const fel_cost_query *query)
{
    return slip_derivative(half_spread_slip(params, query), 0.0, query);
}

const fel_cost_class cost_half_spread = {
    .struct_size = sizeof(fel_cost_class),
    .line = FEL_COST_SPREAD,
    .name = "half_spread",
    .summary = "crossing half of a constant relative spread",
    .params = half_spread_params,
    .n_params = 1,
    .slip = half_spread_slip,
    .dcost = half_spread_derivative,
};

/* ---- basis points -----------------------------------------------------------------------------
 */

static const fel_param_spec bps_params[] = {
    {"slippage_bps", FEL_PARAM_REAL, 0.0, 0.0, 10000.0, NULL, "basis points of the price"},
};

static double bps_slip(const double *params, const fel_cost_query *query)
{
    return fabs(query->price) * params[0] / 10000.0;
}

static double bps_derivative(const double *params, const fel_cost_query *query)
{
    return slip_derivative(bps_slip(params, query), 0.0, query);
}

const fel_cost_class cost_bps = {
    .struct_size = sizeof(fel_cost_class),
    .line = FEL_COST_SLIPPAGE,
    .name = "bps",
    .summary = "a constant share of the price",
    .params = bps_params,
    .n_params = 1,
    .slip = bps_slip,
    .dcost = bps_derivative,
};

/* ---- volume share -----------------------------------------------------------------------------
 */

/* price x impact x min(quantity / volume, limit)^2, with the volume of the last complete bar: the
 * bar that is being traded on has not ended yet. No volume known: the limit's share. */
static const fel_param_spec volume_share_params[] = {
    {"price_impact", FEL_PARAM_REAL, 0.1, 0.0, 100.0, NULL, "coefficient of the squared share"},
    {"volume_limit", FEL_PARAM_REAL, 0.025, 0.0, 1.0, NULL, "largest share that moves the price"},
};

static int volume_share_is_capped(const double *params, const fel_cost_query *query)
{
    return !(query->known_volume > 0.0) || query->quantity >= params[1] * query->known_volume;
}

static double volume_share_slip(const double *params, const fel_cost_query *query)
{
    const double share =
        volume_share_is_capped(params, query) ? params[1] : query->quantity / query->known_volume;
    return fabs(query->price) * params[0] * share * share;
}

static double volume_share_derivative(const double *params, const fel_cost_query *query)
{
    const double slip = volume_share_slip(params, query);
    const double dslip = volume_share_is_capped(params, query) ? 0.0 : 2.0 * slip / query->quantity;
    return slip_derivative(slip, dslip, query);
}

const fel_cost_class cost_volume_share = {
    .struct_size = sizeof(fel_cost_class),
    .line = FEL_COST_IMPACT,
    .name = "volume_share",
    .summary = "quadratic in the share of the last complete bar's volume",
    .params = volume_share_params,
    .n_params = 2,
    .slip = volume_share_slip,
    .dcost = volume_share_derivative,
};

/* ---- entries ----------------------------------------------------------------------------------
 */

/* Simulators that mark positions at one price charge the whole spread where a position begins. */
static const fel_param_spec entry_params[] = {
    {"entry_bps", FEL_PARAM_REAL, 0.0, 0.0, 10000.0, NULL,
     "basis points of the price, of trades that open a position or add to it"},
};

static double entry_slip(const double *params, const fel_cost_query *query)
{
    return query->is_entry ? fabs(query->price) * params[0] / 10000.0 : 0.0;
}

static double entry_derivative(const double *params, const fel_cost_query *query)
{
    return slip_derivative(entry_slip(params, query), 0.0, query);
}

const fel_cost_class cost_entry = {
    .struct_size = sizeof(fel_cost_class),
    .line = FEL_COST_SPREAD,
    .name = "entry",
    .summary = "a share of the price where a position begins or grows, none where it ends",
    .params = entry_params,
    .n_params = 1,
    .slip = entry_slip,
    .dcost = entry_derivative,
};
