/* losses/loss_tanh_madl.c - MADL with tanh(k x) for sign(x): smooth, and MADL itself as k grows. */
#include "losses/loss_internal.h"

static const fel_param_spec tanh_params[] = {
    {"slope", FEL_PARAM_REAL, 100.0, 1e-12, 1e12, NULL,
     "k; about 1 / (a usual return x a usual output)"},
};

static LOSS_TERM(smooth_directional)
{
    const double x = params[0] * target * output, c = cosh(x);
    *slope = -params[0] * target * fabs(target) / (c * c);
    return -tanh(x) * fabs(target);
}

static double most(const double *params, const fel_loss_batch *batch)
{
    (void)params;
    return -loss_mean_power(batch, 1.0);
}

const fel_loss_class loss_tanh_madl = {
    .struct_size = sizeof(fel_loss_class),
    .kind = FEL_LOSS_DIRECTION,
    .shape = FEL_LOSS_EACH,
    .flags = FEL_LOSS_HAS_GRADIENT,
    .name = "tanh_madl",
    .summary = "MADL with tanh in place of the sign",
    .formula = "-mean tanh(k R o) |R|",
    .params = tanh_params,
    .n_params = 1,
    .term = smooth_directional,
    .bound = most,
};
