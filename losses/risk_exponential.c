/* losses/risk_exponential.c - exponential utility, as risk in money and as it is.
 *
 * entropic: (1/a) log E exp(-a X) (Foellmer and Schied 2002), computed relative to a reference w,
 *   w + (1/a) log(mean exp(-a (X + w))),
 * in which w cancels. It may be some hundreds over a from the best, as one of an earlier batch is:
 * only beyond 709 / a do exponentials leave the numbers. The reference solved for is the risk
 * itself, found relative to the largest loss: none of the exponentials is then above n.
 * exponential_utility: E exp(-a X), the loss of Imaki et al. (2021, arXiv 2103.01775); its best
 * hedge is entropic's. It overflows where losses reach 709 / a. */
#include "core/sum.h"
#include "losses/risk_internal.h"

enum { AVERSION, N_PARAMS };

static const fel_param_spec exponential_params[N_PARAMS] = {
    RISK_AVERSION_ROW(1.0, "a, per unit of money: losses count double each log(2) / a"),
};

/* ---- entropic -------------------------------------------------------------------------------- */

static RISK_TERM(entropic_term)
{
    const double a = params[AVERSION], e = exp(-a * (pnl + w));
    *slope = -a * e;
    *curvature = a * a * e;
    *threshold_slope = 0.0;
    return e;
}

static double entropic_finish(const double *params, double mean, double w, double *slope)
{
    const double a = params[AVERSION];
    *slope = 1.0 / (a * mean);
    return w + log(mean) / a;
}

static fel_status entropic_reference(const double *params, const double *pnl, size_t n, double *w)
{
    const double a = params[AVERSION], largest = losses_of(pnl, n).high;
    running_sum sum = {0};
    for (size_t i = 0; i < n; i++) {
        running_add(&sum, exp(-a * (pnl[i] + largest)));
    }
    *w = largest + log(running_value(&sum) / (double)n) / a;
    return FEL_OK;
}

const fel_risk_class risk_entropic = {
    .struct_size = sizeof(fel_risk_class),
    .flags = FEL_RISK_HAS_THRESHOLD | FEL_RISK_HAS_CURVATURE | FEL_RISK_CASH_INVARIANT |
             FEL_RISK_REFERENCE,
    .name = "entropic",
    .summary = "minus the certainty equivalent of exponential utility",
    .formula = "(1/a) log mean exp(-a X)",
    .params = exponential_params,
    .n_params = N_PARAMS,
    .term = entropic_term,
    .finish = entropic_finish,
    .solve = entropic_reference,
};

/* ---- exponential utility --------------------------------------------------------------------- */

static RISK_TERM(exponential_term)
{
    const double a = params[AVERSION], e = exp(-a * pnl);
    (void)w;
    *slope = -a * e;
    *curvature = a * a * e;
    *threshold_slope = 0.0;
    return e;
}

static double sure_exponential(const double *params, double value)
{
    return -log(value) / params[AVERSION];
}

const fel_risk_class risk_exponential_utility = {
    .struct_size = sizeof(fel_risk_class),
    .flags = FEL_RISK_HAS_CURVATURE,
    .name = "exponential_utility",
    .summary = "minus exponential utility itself; entropic has the same best hedge, in money",
    .formula = "mean exp(-a X)",
    .params = exponential_params,
    .n_params = N_PARAMS,
    .term = exponential_term,
    .sure = sure_exponential,
};
