/* sim/gbm_kernel.c - exact steps where the variance has no noise: constant (gbm, Merton), or moving
 * to its mean (Heston and Bates with xi = 0). */
#include "sim/scheme_internal.h"
#include "sim/vmath_internal.h"

void KERNEL(step_gbm)(const step_args *args)
{
    const double *c = args->law->c;
    const size_t n = args->n;
    const real *restrict z = args->z_price, *restrict v = args->v;
    real *restrict next = args->v_next, *restrict area = args->area, *restrict x = args->x;
    const real drift = (real)c[GBM_DRIFT], vol = (real)c[GBM_VOL], part = (real)c[GBM_AREA];
    ARRAYS_APART
    for (size_t i = 0; i < n; i++) {
        next[i] = v[i];
        area[i] = part;
        x[i] += REAL_FMA(vol, z[i], drift);
    }
}

void KERNEL(step_sure)(const step_args *args)
{
    const double *c = args->law->c;
    const size_t n = args->n;
    const real *restrict z_v = args->z_variance, *restrict z_s = args->z_price;
    const real *restrict v = args->v;
    real *restrict next = args->v_next, *restrict area = args->area, *restrict x = args->x;
    const real v0 = (real)c[SURE_V0], v1 = (real)c[SURE_V1];
    const real a0 = (real)c[SURE_A0], a1 = (real)c[SURE_A1];
    const real rho = (real)c[SURE_RHO], rest = (real)c[SURE_REST];
    ARRAYS_APART
    for (size_t i = 0; i < n; i++) {
        const real part = REAL_FMA(a1, v[i], a0);
        const real z = REAL_FMA(rest, z_s[i], rho * z_v[i]);
        next[i] = REAL_FMA(v1, v[i], v0);
        area[i] = part;
        x[i] += REAL_FMA(real_sqrt(part), z, REAL_C(-0.5) * part);
    }
}
