/* losses/risk_oce.c - optimised certainty equivalents of other utilities (Ben-Tal and Teboulle
 * 2007; utilities as in Buehler's deep hedging code):
 *
 *   rho(X) = inf_w { w - E u(X + w) }
 * with a the risk aversion and u concave, u(0) = 0, u'(0) = 1, u''(0) = -a:
 *   quadratic  1/(2 a) - a/2 min(0, g - 1/a)^2           flat from 1/a on
 *   exp2       (1 - exp(-a g)) / a for g > 0, else g - a/2 g^2
 *   vicky      (1 + a g - sqrt(1 + a^2 g^2)) / a        slope from 2 (losses) to 0; u'' = -a there
 * As u' falls through 1 at 0, the best w lies between the smallest and the largest loss. */
#include "losses/risk_internal.h"

enum { AVERSION, N_PARAMS };

static const fel_param_spec oce_params[N_PARAMS] = {
    RISK_AVERSION_ROW(1.0, "a, per unit of money: curvature of the utility at 0"),
};

/* A utility, its slope and curvature at g. */
typedef double (*utility)(double a, double g, double *first, double *second);

static double term_of(utility u, const double *params, double pnl, double w, double *slope,
                      double *curvature)
{
    double first = 0.0, second = 0.0;
    const double value = w - u(params[AVERSION], pnl + w, &first, &second);
    *slope = -first;
    *curvature = -second;
    return value;
}

static fel_status solve_within(const fel_risk_class *code, const double *params, const double *pnl,
                               size_t n, double *w)
{
    const loss_range range = losses_of(pnl, n);
    *w = risk_root(code, params, pnl, n, range.low, range.high);
    return FEL_OK;
}

/* ---- quadratic ------------------------------------------------------------------------------- */

static double quadratic_utility(double a, double g, double *first, double *second)
{
    if (a * g >= 1.0) {
        *first = *second = 0.0;
        return 0.5 / a;
    }
    *first = 1.0 - a * g;
    *second = -a;
    return g - 0.5 * a * g * g;
}

static RISK_TERM(quadratic_term)
{
    const double value = term_of(quadratic_utility, params, pnl, w, slope, curvature);
    *threshold_slope = 1.0 + *slope;
    return value;
}

static fel_status quadratic_solve(const double *params, const double *pnl, size_t n, double *w)
{
    return solve_within(&risk_oce_quadratic, params, pnl, n, w);
}

const fel_risk_class risk_oce_quadratic = {
    .struct_size = sizeof(fel_risk_class),
    .flags = FEL_RISK_HAS_THRESHOLD | FEL_RISK_HAS_CURVATURE | FEL_RISK_CASH_INVARIANT,
    .name = "oce_quadratic",
    .summary = "certainty equivalent of quadratic utility that is flat beyond its top",
    .formula = "w - mean u(X + w), u(g) = 1/(2 a) - a/2 min(0, g - 1/a)^2",
    .params = oce_params,
    .n_params = N_PARAMS,
    .term = quadratic_term,
    .solve = quadratic_solve,
};

/* ---- exponential and square ------------------------------------------------------------------ */

static double exp2_utility(double a, double g, double *first, double *second)
{
    if (g <= 0.0) {
        *first = 1.0 - a * g;
        *second = -a;
        return g - 0.5 * a * g * g;
    }
    const double e = expm1(-a * g);
    *first = 1.0 + e;
    *second = -a * (1.0 + e);
    return -e / a;
}

static RISK_TERM(exp2_term)
{
    const double value = term_of(exp2_utility, params, pnl, w, slope, curvature);
    *threshold_slope = 1.0 + *slope;
    return value;
}

static fel_status exp2_solve(const double *params, const double *pnl, size_t n, double *w)
{
    return solve_within(&risk_oce_exp2, params, pnl, n, w);
}

const fel_risk_class risk_oce_exp2 = {
    .struct_size = sizeof(fel_risk_class),
    .flags = FEL_RISK_HAS_THRESHOLD | FEL_RISK_HAS_CURVATURE | FEL_RISK_CASH_INVARIANT,
    .name = "oce_exp2",
    .summary = "certainty equivalent of a utility that is exponential in gains, square in losses",
    .formula = "w - mean u(X + w), u(g) = (1 - exp(-a g)) / a for g > 0, else g - a/2 g^2",
    .params = oce_params,
    .n_params = N_PARAMS,
    .term = exp2_term,
    .solve = exp2_solve,
};

/* ---- between two slopes ---------------------------------------------------------------------- */

/* For t = a g > 0 the differences are written as quotients: nothing cancels. */
static double vicky_utility(double a, double g, double *first, double *second)
{
    const double t = a * g, root = hypot(1.0, t);
    *first = t > 0.0 ? 1.0 / (root * (root + t)) : 1.0 - t / root;
    *second = -a / (root * root * root);
    return (t > 0.0 ? 1.0 - 1.0 / (root + t) : t + (1.0 - root)) / a;
}

static RISK_TERM(vicky_term)
{
    const double value = term_of(vicky_utility, params, pnl, w, slope, curvature);
    *threshold_slope = 1.0 + *slope;
    return value;
}

static fel_status vicky_solve(const double *params, const double *pnl, size_t n, double *w)
{
    return solve_within(&risk_oce_vicky, params, pnl, n, w);
}

const fel_risk_class risk_oce_vicky = {
    .struct_size = sizeof(fel_risk_class),
    .flags = FEL_RISK_HAS_THRESHOLD | FEL_RISK_HAS_CURVATURE | FEL_RISK_CASH_INVARIANT,
    .name = "oce_vicky",
    .summary = "certainty equivalent of a utility with slopes from 2 in losses to 0 in gains",
    .formula = "w - mean u(X + w), u(g) = (1 + a g - sqrt(1 + a^2 g^2)) / a",
    .params = oce_params,
    .n_params = N_PARAMS,
    .term = vicky_term,
    .solve = vicky_solve,
};
