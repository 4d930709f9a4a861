/* sim/euler_kernel.c - a step of full-truncation Euler (Lord, Koekkoek, van Dijk 2010) and of
 * Milstein's scheme for the variance, also truncated: v may be negative, and counts as 0 then. */
#include "sim/scheme_internal.h"
#include "sim/vmath_internal.h"

static inline void step(const step_args *args, int milstein)
{
    const double *c = args->law->c;
    const size_t n = args->n;
    const real *restrict v = args->v, *restrict z_v = args->z_variance;
    const real *restrict z_s = args->z_price;
    real *restrict next = args->v_next, *restrict area = args->area, *restrict x = args->x;
    const real pull = (real)c[EULER_PULL], theta = (real)c[EULER_THETA], xi = (real)c[EULER_XI];
    const real second = (real)c[EULER_MILSTEIN], dt = (real)c[EULER_DT];
    const real rho = (real)c[EULER_RHO], rest = (real)c[EULER_REST];
    ARRAYS_APART
    for (size_t i = 0; i < n; i++) {
        const real used = v[i] > REAL_C(0.0) ? v[i] : REAL_C(0.0);
        const real part = dt * used, root = real_sqrt(part);
        const real z = REAL_FMA(rest, z_s[i], rho * z_v[i]);
        const real bend = v[i] > REAL_C(0.0) ? second : REAL_C(0.0); /* b b' = 0 below 0 */
        const real moved = REAL_FMA(xi * root, z_v[i], REAL_FMA(pull, theta - used, v[i]));
        next[i] = milstein ? REAL_FMA(bend, REAL_FMA(z_v[i], z_v[i], REAL_C(-1.0)), moved) : moved;
        area[i] = part;
        x[i] += REAL_FMA(root, z, REAL_C(-0.5) * part);
    }
}

void KERNEL(step_euler)(const step_args *args)
{
    step(args, 0);
}

void KERNEL(step_milstein)(const step_args *args)
{
    step(args, 1);
}
