/* losses/risk_moments.c - measures of the first two moments.
 *
 * mean_variance: -E X + a/2 Var X (Markowitz 1952) is the optimised certainty equivalent of
 * l(x) = x + a/2 x^2 (Ben-Tal and Teboulle 2007): with w inside
 *   -X + a/2 (X + w)^2,   best w = -E X.
 * quadratic: E (X - target)^2 (Foellmer and Sondermann 1986: quadratic hedging; the mean squared
 * terminal P&L of hedging papers for target 0). With free_target the target is the threshold, whose
 * best value is the mean: what is left is the variance, and -w is the premium that quadratic
 * hedging asks. Squares see no difference between gains and losses beyond the target. */
#include "core/sum.h"
#include "losses/risk_internal.h"

static double mean_of_pnl(const double *pnl, size_t n)
{
    const fel_cvec view = {pnl, n};
    return mean_of(view);
}

/* ---- mean and variance ----------------------------------------------------------------------- */

enum { AVERSION, N_MEAN_PARAMS };

static const fel_param_spec mean_variance_params[N_MEAN_PARAMS] = {
    {"risk_aversion", FEL_PARAM_REAL, 1.0, 0.0, 1e9, NULL, "a: half of it is variance's price"},
};

static RISK_TERM(mean_variance_term)
{
    const double a = params[AVERSION], x = pnl + w;
    *slope = a * x - 1.0;
    *curvature = a;
    *threshold_slope = a * x;
    return 0.5 * a * x * x - pnl;
}

static fel_status minus_mean(const double *params, const double *pnl, size_t n, double *w)
{
    (void)params;
    *w = -mean_of_pnl(pnl, n);
    return FEL_OK;
}

const fel_risk_class risk_mean_variance = {
    .struct_size = sizeof(fel_risk_class),
    .flags = FEL_RISK_HAS_THRESHOLD | FEL_RISK_HAS_CURVATURE | FEL_RISK_CASH_INVARIANT,
    .name = "mean_variance",
    .summary = "minus the mean plus the variance's price; gains' spread counts as losses' does",
    .formula = "mean (-X + a/2 (X + w)^2) = -mean X + a/2 var X",
    .params = mean_variance_params,
    .n_params = N_MEAN_PARAMS,
    .term = mean_variance_term,
    .solve = minus_mean,
};

/* ---- squares --------------------------------------------------------------------------------- */

enum { TARGET, FREE_TARGET, N_QUADRATIC_PARAMS };

static const fel_param_spec quadratic_params[N_QUADRATIC_PARAMS] = {
    {"target", FEL_PARAM_REAL, 0.0, -1e12, 1e12, NULL, "P&L that is wished for; in money"},
    {"free_target", FEL_PARAM_BOOL, 0.0, 0.0, 1.0, NULL,
     "the target is the mean (the threshold w): variance only"},
};

static RISK_TERM(quadratic_term)
{
    const int is_free = params[FREE_TARGET] > 0.0;
    const double x = pnl - (is_free ? w : params[TARGET]);
    *slope = 2.0 * x;
    *curvature = 2.0;
    *threshold_slope = is_free ? -2.0 * x : 0.0;
    return x * x;
}

static fel_status best_target(const double *params, const double *pnl, size_t n, double *w)
{
    *w = params[FREE_TARGET] > 0.0 ? mean_of_pnl(pnl, n) : params[TARGET];
    return FEL_OK;
}

/* Below the target, where losses are; a free one follows any sure P&L. */
static double sure_shortfall(const double *params, double value)
{
    return params[FREE_TARGET] > 0.0 ? (double)NAN : params[TARGET] - sqrt(value);
}

const fel_risk_class risk_quadratic = {
    .struct_size = sizeof(fel_risk_class),
    .flags = FEL_RISK_HAS_THRESHOLD | FEL_RISK_HAS_CURVATURE,
    .name = "quadratic",
    .summary = "mean squared distance of the P&L from a target",
    .formula = "mean (X - target)^2, target a number or w",
    .params = quadratic_params,
    .n_params = N_QUADRATIC_PARAMS,
    .term = quadratic_term,
    .solve = best_target,
    .sure = sure_shortfall,
};
