/* losses/risk_tail.c - the mean of the worst paths (Rockafellar and Uryasev 2000):
 *
 *   cvar = inf_w { w + E max(-X - w, 0) / (1 - level) }
 * is the mean of the worst share 1 - level, the path at its edge counted in part.
 * expected_shortfall is the mean of the ceil(share n) worst whole paths, as pfhedge's; given w its
 * term is cvar's for level = 1 - share, and as a batch it is cvar for level = 1 - ceil(share n) /
 * n: at most cvar's value for share itself, and the same where share n is whole. */
#include "losses/risk_internal.h"

/* w + max(-X - w, 0) / tail; in the middle of both sides where -X = w. */
static double tail_term(double tail, double pnl, double w, double *slope, double *threshold_slope)
{
    const double excess = -pnl - w;
    const double share = excess > 0.0 ? 1.0 : (excess < 0.0 ? 0.0 : 0.5);
    *slope = -share / tail;
    *threshold_slope = 1.0 - share / tail;
    return w + fmax(excess, 0.0) / tail;
}

/* ---- cvar ------------------------------------------------------------------------------------ */

enum { LEVEL, N_CVAR_PARAMS };

static const fel_param_spec cvar_params[N_CVAR_PARAMS] = {
    {"level", FEL_PARAM_REAL, 0.95, 0.0, 0.999999, NULL,
     "confidence: the worst share 1 - level is averaged; 0: all"},
};

static RISK_TERM(cvar_term)
{
    *curvature = 0.0;
    return tail_term(1.0 - params[LEVEL], pnl, w, slope, threshold_slope);
}

static fel_status cvar_threshold(const double *params, const double *pnl, size_t n, double *w)
{
    return risk_tail_threshold(pnl, n, (1.0 - params[LEVEL]) * (double)n, w);
}

const fel_risk_class risk_cvar = {
    .struct_size = sizeof(fel_risk_class),
    .flags = FEL_RISK_HAS_THRESHOLD | FEL_RISK_CASH_INVARIANT | FEL_RISK_COHERENT,
    .name = "cvar",
    .summary = "conditional value at risk: mean loss of the worst share of paths",
    .formula = "w + mean max(-X - w, 0) / (1 - level)",
    .params = cvar_params,
    .n_params = N_CVAR_PARAMS,
    .term = cvar_term,
    .solve = cvar_threshold,
};

/* ---- expected shortfall ---------------------------------------------------------------------- */

enum { SHARE, N_SHORTFALL_PARAMS };

static const fel_param_spec shortfall_params[N_SHORTFALL_PARAMS] = {
    {"share", FEL_PARAM_REAL, 0.1, 1e-6, 1.0, NULL,
     "p: the ceil(p n) worst of n paths are averaged"},
};

static RISK_TERM(shortfall_term)
{
    *curvature = 0.0;
    return tail_term(params[SHARE], pnl, w, slope, threshold_slope);
}

static double worst_paths(const double *params, size_t n)
{
    return fmin(ceil(params[SHARE] * (double)n), (double)n);
}

static fel_status shortfall_threshold(const double *params, const double *pnl, size_t n, double *w)
{
    return risk_tail_threshold(pnl, n, worst_paths(params, n), w);
}

static void whole_paths(const double *params, size_t n, double *adjusted)
{
    adjusted[SHARE] = worst_paths(params, n) / (double)n;
}

const fel_risk_class risk_expected_shortfall = {
    .struct_size = sizeof(fel_risk_class),
    .flags = FEL_RISK_HAS_THRESHOLD | FEL_RISK_CASH_INVARIANT | FEL_RISK_COHERENT,
    .name = "expected_shortfall",
    .summary = "mean loss of the worst paths, a whole number of them",
    .formula = "mean of the ceil(p n) largest -X; given w: w + mean max(-X - w, 0) / p",
    .params = shortfall_params,
    .n_params = N_SHORTFALL_PARAMS,
    .term = shortfall_term,
    .solve = shortfall_threshold,
    .for_paths = whole_paths,
};
