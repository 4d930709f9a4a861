/* losses/risk_isoelastic.c - minus isoelastic utility (constant relative risk aversion; Arrow 1965,
 * Pratt 1964) of wealth and P&L together:
 *
 *   -E ((wealth + X)^(1 - a) - 1) / (1 - a),   a = 1: -E log(wealth + X)
 * The -1 and the division make it continuous in a. pfhedge's is the power alone, with a <= 1 and
 * wealth 0: the same best hedge and certainty equivalent. Defined where wealth + X > 0. */
#include "losses/risk_internal.h"

enum { AVERSION, WEALTH, N_PARAMS };

static const fel_param_spec isoelastic_params[N_PARAMS] = {
    {"risk_aversion", FEL_PARAM_REAL, 0.5, 0.0, 100.0, NULL,
     "a, a pure number: relative risk aversion; 1: the logarithm"},
    {"wealth", FEL_PARAM_REAL, 1.0, 0.0, 1e12, NULL, "added to the P&L; every loss is below it"},
};

static RISK_TERM(isoelastic_term)
{
    const double a = params[AVERSION], x = pnl + params[WEALTH];
    (void)w;
    *threshold_slope = 0.0;
    if (!(x > 0.0)) {
        *slope = *curvature = (double)NAN;
        return (double)NAN;
    }
    const double log_x = log(x), b = 1.0 - a;
    *slope = -exp(-a * log_x);
    *curvature = -a * *slope / x;
    return b == 0.0 ? -log_x : -expm1(b * log_x) / b;
}

static double sure_isoelastic(const double *params, double value)
{
    const double b = 1.0 - params[AVERSION];
    return exp(b == 0.0 ? -value : log1p(-b * value) / b) - params[WEALTH];
}

const fel_risk_class risk_isoelastic = {
    .struct_size = sizeof(fel_risk_class),
    .flags = FEL_RISK_HAS_CURVATURE,
    .name = "isoelastic",
    .summary = "minus the utility of wealth and P&L at constant relative risk aversion",
    .formula = "-mean ((wealth + X)^(1 - a) - 1) / (1 - a); a = 1: -mean log(wealth + X)",
    .params = isoelastic_params,
    .n_params = N_PARAMS,
    .domain = "P&L above -wealth",
    .term = isoelastic_term,
    .sure = sure_isoelastic,
};
