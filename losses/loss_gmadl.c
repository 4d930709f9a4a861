/* losses/loss_gmadl.c - generalised MADL (Michankow, Sakowski, Slepaczuk 2024, arXiv 2412.18405):
 * a logistic curve for the sign, |R|^b for the stake. MADL / 2 as a grows with b = 1.
 *
 * Its outputs are scores, not returns: with small a R o it is linear in o, so training moves o
 * until a |R o| is about 1. */
#include "losses/loss_internal.h"

static const fel_param_spec gmadl_params[] = {
    {"a", FEL_PARAM_REAL, 1000.0, 1e-12, 1e12, NULL,
     "steepness; about 1 / (a usual return x a usual output)"},
    {"b", FEL_PARAM_REAL, 2.0, 0.0, 20.0, NULL,
     "power of the return: above 1 large moves count more"},
};

/* 1 / (1 + exp(-x)) - 1 / 2 = tanh(x / 2) / 2, without overflow. */
static LOSS_TERM(generalised)
{
    const double x = 0.5 * params[0] * target * output, c = cosh(x);
    const double stake = pow(fabs(target), params[1]);
    *slope = -0.25 * params[0] * target * stake / (c * c);
    return -0.5 * tanh(x) * stake;
}

static double most(const double *params, const fel_loss_batch *batch)
{
    return -0.5 * loss_mean_power(batch, params[1]);
}

const fel_loss_class loss_gmadl = {
    .struct_size = sizeof(fel_loss_class),
    .kind = FEL_LOSS_DIRECTION,
    .shape = FEL_LOSS_EACH,
    .flags = FEL_LOSS_HAS_GRADIENT,
    .name = "gmadl",
    .summary = "generalised MADL: a smooth sign, and weight on large moves",
    .formula = "-mean (1 / (1 + exp(-a R o)) - 1 / 2) |R|^b",
    .params = gmadl_params,
    .n_params = 2,
    .term = generalised,
    .bound = most,
};
