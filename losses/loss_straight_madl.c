/* losses/loss_straight_madl.c - MADL with a straight-through gradient (Bengio, Leonard, Courville
 * 2013; the clip as in Hubara et al. 2016): the value has sign(o), the gradient takes its
 * derivative to be 1 where |o| <= clip, as if the position were o itself. */
#include "losses/loss_internal.h"

static const fel_param_spec straight_params[] = {
    {"clip", FEL_PARAM_REAL, 1.0, 0.0, 1e12, NULL,
     "outputs beyond it get no gradient, so that they stay bounded; 0: none is beyond"},
};

static LOSS_TERM(straight_through)
{
    *slope = params[0] > 0.0 && fabs(output) > params[0] ? 0.0 : -target;
    return -loss_sign(output) * target;
}

static double most(const double *params, const fel_loss_batch *batch)
{
    (void)params;
    return -loss_mean_power(batch, 1.0);
}

const fel_loss_class loss_straight_madl = {
    .struct_size = sizeof(fel_loss_class),
    .kind = FEL_LOSS_DIRECTION,
    .shape = FEL_LOSS_EACH,
    .flags = FEL_LOSS_HAS_GRADIENT | FEL_LOSS_STAND_IN,
    .name = "straight_madl",
    .summary = "MADL whose gradient takes sign(o) to be o",
    .formula = "-mean sign(R o) |R|; gradient -R / n where |o| <= clip",
    .params = straight_params,
    .n_params = 1,
    .term = straight_through,
    .bound = most,
};
