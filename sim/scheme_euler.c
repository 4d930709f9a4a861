/* sim/scheme_euler.c - constants of the Euler and Milstein steps. */
#include <math.h>

#include "sim/scheme_internal.h"

static fel_status prepare(asset_law *law)
{
    const fel_heston *h = &law->process.heston;
    const double dt = law->dt_years;
    law->c[EULER_PULL] = h->kappa * dt;
    law->c[EULER_THETA] = h->theta;
    law->c[EULER_XI] = h->xi; /* times sqrt(v dt) */
    law->c[EULER_MILSTEIN] = 0.25 * h->xi * h->xi * dt;
    law->c[EULER_DT] = dt;
    law->c[EULER_RHO] = h->rho;
    law->c[EULER_REST] = sqrt(1.0 - h->rho * h->rho);
    return FEL_OK;
}

const scheme_class scheme_euler = {
    .uses = USES_Z_VARIANCE,
    .prepare = prepare,
    .f32 = KERNEL_LEVELS(step_euler, f32),
    .f64 = KERNEL_LEVELS(step_euler, f64),
};

const scheme_class scheme_milstein = {
    .uses = USES_Z_VARIANCE,
    .prepare = prepare,
    .f32 = KERNEL_LEVELS(step_milstein, f32),
    .f64 = KERNEL_LEVELS(step_milstein, f64),
};
