/* sim/scheme_internal.h - the constants that schemes prepare for their kernels. */
#ifndef FEL_SIM_SCHEME_INTERNAL_H
#define FEL_SIM_SCHEME_INTERNAL_H

#ifndef FEL_MODULE_SIM
#error "sim/scheme_internal.h belongs to sim/"
#endif

#include "sim/paths_internal.h"

/* x += GBM_DRIFT + GBM_VOL z. */
enum { GBM_DRIFT, GBM_VOL, GBM_AREA };

/* Variance without noise: v' = SURE_V0 + SURE_V1 v, area = SURE_A0 + SURE_A1 v. */
enum { SURE_V0, SURE_V1, SURE_A0, SURE_A1, SURE_RHO, SURE_REST };

/* v' = v + EULER_PULL (theta - v) + EULER_XI sqrt(v) z + EULER_MILSTEIN (z^2 - 1). */
enum { EULER_PULL, EULER_THETA, EULER_XI, EULER_MILSTEIN, EULER_DT, EULER_RHO, EULER_REST };

/* Andersen (2008). Mean of v': QE_M0 + QE_M1 v; half its variance: QE_H0 + QE_H1 v.
 * x += K0 + K1 v + K2 v' + sqrt(K3 (v + v')) z, with gamma1 = gamma2 = 1/2 and K3 = K4; it is
 * computed as LEVER (v' - v + PULL (vbar - THETA)) - area / 2 + ..., vbar = (v + v') / 2, area =
 * DT vbar. With the martingale correction K0 is -ln M - (K1 + K3 / 2) v, M = E[exp(A v') | v]. */
enum {
    QE_M0,
    QE_M1,
    QE_H0,
    QE_H1,
    QE_LEVER,
    QE_PULL,
    QE_THETA,
    QE_DT,
    QE_REST,
    QE_K0,
    QE_K1,
    QE_K2,
    QE_K3,
    QE_A
};

#define SCHEME_KERNELS(name)                                                                       \
    KERNEL_DECLARE(void, name, f32, (const step_args *args));                                      \
    KERNEL_DECLARE(void, name, f64, (const step_args *args))

SCHEME_KERNELS(step_gbm);
SCHEME_KERNELS(step_sure);
SCHEME_KERNELS(step_euler);
SCHEME_KERNELS(step_milstein);
SCHEME_KERNELS(step_qe);
SCHEME_KERNELS(step_qe_m);

#endif
