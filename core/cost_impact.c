/* core/cost_impact.c - the square-root law of market impact. */
#include <math.h>

#include "core/cost_internal.h"

/* An order of Q units moves the price by price x coefficient x volatility x sqrt(Q / V), V the
 * day's volume: Torre, BARRA market impact model (1997); Almgren, Thum, Hauptmann and Li, Risk
 * (2005) find an exponent near it; Toth et al., Phys. Rev. X 1 (2011). That is Q^1.5 in money, so a
 * part of an order pays what it adds: cutting an order up does not make it cheaper. V is the volume
 * of the last complete bar times bars_per_day, since the day that is traded on has not ended yet.
 */
enum { COEFFICIENT, VOLATILITY, BARS_PER_DAY, UNKNOWN_SHARE, N_PARAMS };

static const fel_param_spec params_table[N_PARAMS] = {
    [COEFFICIENT] = {"coefficient", FEL_PARAM_REAL, 1.0, 0.0, 100.0, NULL,
                     "of the square root; measured ones are near 1"},
    [VOLATILITY] = {"volatility_per_day", FEL_PARAM_REAL, 0.02, 0.0, 10.0, NULL,
                    "of the price, as a fraction"},
    [BARS_PER_DAY] = {"bars_per_day", FEL_PARAM_REAL, 1.0, 0.001, 100000.0, NULL,
                      "the last complete bar's volume times this is the day's"},
    [UNKNOWN_SHARE] = {"unknown_share", FEL_PARAM_REAL, 0.01, 0.0, 1.0, NULL,
                       "share of the day's volume that an order is taken for where none is known"},
};

static double move_of_one(const double *params, const fel_cost_query *query)
{
    return fabs(query->price) * params[COEFFICIENT] * params[VOLATILITY];
}

/* 0: none known. */
static double volume_of(const double *params, const fel_cost_query *query)
{
    return query->known_volume > 0.0 ? query->known_volume * params[BARS_PER_DAY] : 0.0;
}

static double slip(const double *params, const fel_cost_query *query)
{
    const double volume = volume_of(params, query), before = query->filled_before;
    if (volume == 0.0) {
        return move_of_one(params, query) * sqrt(params[UNKNOWN_SHARE]);
    }
    const double after = before + query->quantity;
    const double added = after * sqrt(after / volume) - before * sqrt(before / volume);
    return move_of_one(params, query) * (added / query->quantity);
}

static double dcost(const double *params, const fel_cost_query *query)
{
    const double volume = volume_of(params, query);
    const double after = query->filled_before + query->quantity;
    const double root = volume == 0.0 ? sqrt(params[UNKNOWN_SHARE]) : 1.5 * sqrt(after / volume);
    return move_of_one(params, query) * root * query->multiplier;
}

const fel_cost_class cost_square_root = {
    .struct_size = sizeof(fel_cost_class),
    .line = FEL_COST_IMPACT,
    .name = "square_root",
    .summary = "impact that grows with the square root of the share of the day's volume",
    .params = params_table,
    .n_params = N_PARAMS,
    .slip = slip,
    .dcost = dcost,
};
