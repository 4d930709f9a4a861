/* sim/scheme_qe.c - constants of the quadratic-exponential steps (Andersen 2008, equations 17, 18
 * and 33). */
#include <math.h>

#include "sim/scheme_internal.h"

/* Mean and variance of v' given v are linear in v: m0 + m1 v and s0 + s1 v. With g = 1 - e^(-kappa
 * dt), s1 = xi^2 e^(-kappa dt) g / kappa and s0 = theta xi^2 g^2 / (2 kappa); both have a limit at
 * kappa = 0. */
static void prepare_moments(asset_law *law)
{
    const fel_heston *h = &law->process.heston;
    const double x = h->kappa * law->dt_years, gone = -expm1(-x);
    const double length = x > 0.0 ? law->dt_years * (gone / x) : law->dt_years; /* g / kappa */
    law->c[QE_M0] = h->theta * gone;
    law->c[QE_M1] = exp(-x);
    law->c[QE_H0] = 0.25 * h->theta * h->xi * h->xi * gone * length;
    law->c[QE_H1] = 0.5 * h->xi * h->xi * exp(-x) * length;
}

static fel_status prepare(asset_law *law)
{
    const fel_heston *h = &law->process.heston;
    const double dt = law->dt_years, lever = h->rho / h->xi;
    const double slope = 0.5 * dt * (h->kappa * lever - 0.5), left = 1.0 - h->rho * h->rho;
    prepare_moments(law);
    law->c[QE_LEVER] = lever;
    law->c[QE_PULL] = h->kappa * dt;
    law->c[QE_THETA] = h->theta;
    law->c[QE_DT] = dt;
    law->c[QE_REST] = left;
    law->c[QE_K0] = -lever * h->kappa * h->theta * dt;
    law->c[QE_K1] = slope - lever;
    law->c[QE_K2] = slope + lever;
    law->c[QE_K3] = 0.5 * dt * left;
    law->c[QE_A] = slope + lever + 0.25 * dt * left;
    return FEL_OK;
}

const scheme_class scheme_qe = {
    .uses = USES_Z_VARIANCE | USES_TAIL_VARIANCE,
    .prepare = prepare,
    .f32 = KERNEL_LEVELS(step_qe, f32),
    .f64 = KERNEL_LEVELS(step_qe, f64),
};

const scheme_class scheme_qe_m = {
    .uses = USES_Z_VARIANCE | USES_TAIL_VARIANCE,
    .prepare = prepare,
    .f32 = KERNEL_LEVELS(step_qe_m, f32),
    .f64 = KERNEL_LEVELS(step_qe_m, f64),
};
