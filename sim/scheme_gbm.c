/* sim/scheme_gbm.c - constants of the exact steps: constant variance, and variance without noise.
 */
#include <math.h>

#include "sim/scheme_internal.h"

static fel_status prepare_gbm(asset_law *law)
{
    const double vol = law->process.vol_per_year, dt = law->dt_years;
    law->c[GBM_DRIFT] = -0.5 * vol * vol * dt;
    law->c[GBM_VOL] = vol * sqrt(dt);
    law->c[GBM_AREA] = vol * vol * dt;
    return FEL_OK;
}

/* Both are linear in v: their values at v = 0 and v = 1. */
static fel_status prepare_sure(asset_law *law)
{
    fel_heston at = law->process.heston;
    at.v0 = 0.0;
    law->c[SURE_V0] = fel_forward_variance(&at, law->dt_years);
    law->c[SURE_A0] = fel_total_variance(&at, law->dt_years);
    at.theta = 0.0;
    at.v0 = 1.0;
    law->c[SURE_V1] = fel_forward_variance(&at, law->dt_years);
    law->c[SURE_A1] = fel_total_variance(&at, law->dt_years);
    law->c[SURE_RHO] = at.rho;
    law->c[SURE_REST] = sqrt(1.0 - at.rho * at.rho);
    return FEL_OK;
}

const scheme_class scheme_gbm = {
    .prepare = prepare_gbm,
    .f32 = KERNEL_LEVELS(step_gbm, f32),
    .f64 = KERNEL_LEVELS(step_gbm, f64),
};

const scheme_class scheme_sure = {
    .uses = USES_Z_VARIANCE,
    .prepare = prepare_sure,
    .f32 = KERNEL_LEVELS(step_sure, f32),
    .f64 = KERNEL_LEVELS(step_sure, f64),
};
