/* losses/risk_smooth.c - tails without corners, so with curvature:
 *
 * smooth_cvar: cvar with max(x, 0) replaced, for |x| < h, by (x + h)^3 (3 h - x) / (16 h^3), its
 * mean under Epanechnikov's kernel 3/4 (h^2 - x^2) / h^3: twice continuously differentiable, equal
 * to max(x, 0) outside, above it by at most 3 h / 16 (at 0). So
 *   cvar <= smooth_cvar <= cvar + 3 h / (16 (1 - level)) x (share of paths within h of w).
 * quadratic_cvar: inf_w { w + lambda E max(-X - w, 0)^2 } (Buehler 2019, "Statistical hedging", as
 * pfhedge computes it: its text has the norm, its code the square). A sure c has the value
 * -c - 1 / (4 lambda). */
#include "losses/risk_internal.h"

/* ---- smooth_cvar ----------------------------------------------------------------------------- */

enum { LEVEL, WIDTH, N_SMOOTH_PARAMS };

static const fel_param_spec smooth_params[N_SMOOTH_PARAMS] = {
    {"level", FEL_PARAM_REAL, 0.95, 0.0, 0.999999, NULL,
     "confidence: the worst share 1 - level counts"},
    {"width", FEL_PARAM_REAL, 0.1, 1e-12, 1e12, NULL,
     "h: half the width of the rounded corner, in money; a tenth of the P&L's deviation is small"},
};

/* max(x, 0) with a rounded corner, its slope and curvature. */
static double rounded(double x, double h, double *slope, double *curvature)
{
    const double u = x / h;
    if (fabs(u) >= 1.0) {
        *slope = u > 0.0 ? 1.0 : 0.0;
        *curvature = 0.0;
        return fmax(x, 0.0);
    }
    const double v = 1.0 + u;
    *slope = 0.25 * v * v * (2.0 - u);
    *curvature = 0.75 * v * (1.0 - u) / h;
    return h * v * v * v * (3.0 - u) / 16.0;
}

static RISK_TERM(smooth_term)
{
    const double tail = 1.0 - params[LEVEL];
    double first = 0.0, second = 0.0;
    const double excess = rounded(-pnl - w, params[WIDTH], &first, &second);
    *slope = -first / tail;
    *curvature = second / tail;
    *threshold_slope = 1.0 - first / tail;
    return w + excess / tail;
}

static fel_status smooth_threshold(const double *params, const double *pnl, size_t n, double *w)
{
    const loss_range range = losses_of(pnl, n);
    const double h = params[WIDTH];
    *w = risk_root(&risk_smooth_cvar, params, pnl, n, range.low - h, range.high + h);
    return FEL_OK;
}

/* Less the measure of 0 for sure, which the rounding keeps from being 0. */
static double sure_smooth(const double *params, double value)
{
    const double nothing[] = {0.0};
    double slope = 0.0, curvature = 0.0, threshold_slope = 0.0;
    const double w =
        risk_root(&risk_smooth_cvar, params, nothing, 1, -params[WIDTH], params[WIDTH]);
    return smooth_term(params, 0.0, w, &slope, &curvature, &threshold_slope) - value;
}

const fel_risk_class risk_smooth_cvar = {
    .struct_size = sizeof(fel_risk_class),
    .flags = FEL_RISK_HAS_THRESHOLD | FEL_RISK_HAS_CURVATURE | FEL_RISK_CASH_INVARIANT,
    .name = "smooth_cvar",
    .summary = "cvar with its corner rounded, for methods that need curvature",
    .formula = "w + mean r(-X - w) / (1 - level), r(x) = (x + h)^3 (3 h - x) / (16 h^3) within h "
               "of 0, else max(x, 0)",
    .params = smooth_params,
    .n_params = N_SMOOTH_PARAMS,
    .term = smooth_term,
    .solve = smooth_threshold,
    .sure = sure_smooth,
};

/* ---- quadratic_cvar -------------------------------------------------------------------------- */

enum { LAMBDA, N_QUADRATIC_PARAMS };

static const fel_param_spec quadratic_params[N_QUADRATIC_PARAMS] = {
    {"lambda", FEL_PARAM_REAL, 10.0, 1e-9, 1e12, NULL,
     "per unit of money: mean excess over w is 1 / (2 lambda)"},
};

static RISK_TERM(quadratic_term)
{
    const double lambda = params[LAMBDA], excess = fmax(-pnl - w, 0.0);
    *slope = -2.0 * lambda * excess;
    *curvature = -pnl > w ? 2.0 * lambda : 0.0;
    *threshold_slope = 1.0 - 2.0 * lambda * excess;
    return w + lambda * excess * excess;
}

/* The mean excess over w is at least mean loss - w. */
static fel_status quadratic_threshold(const double *params, const double *pnl, size_t n, double *w)
{
    const loss_range range = losses_of(pnl, n);
    const double low = range.mean - 0.5 / params[LAMBDA];
    *w = risk_root(&risk_quadratic_cvar, params, pnl, n, low, range.high);
    return FEL_OK;
}

static double sure_quadratic(const double *params, double value)
{
    return -value - 0.25 / params[LAMBDA];
}

const fel_risk_class risk_quadratic_cvar = {
    .struct_size = sizeof(fel_risk_class),
    .flags = FEL_RISK_HAS_THRESHOLD | FEL_RISK_HAS_CURVATURE | FEL_RISK_CASH_INVARIANT,
    .name = "quadratic_cvar",
    .summary = "squares of the losses beyond a threshold",
    .formula = "w + lambda mean max(-X - w, 0)^2",
    .params = quadratic_params,
    .n_params = N_QUADRATIC_PARAMS,
    .term = quadratic_term,
    .solve = quadratic_threshold,
    .sure = sure_quadratic,
};
