/* sim/saddle_internal.h - the characteristic function at any complex argument, one at a time. */
#ifndef FEL_MODULE_SIM
#error "sim/saddle_internal.h belongs to sim/"
#endif
#ifndef FEL_SIM_SADDLE_INTERNAL_H
#define FEL_SIM_SADDLE_INTERNAL_H

#include <complex.h>

#include "sim/fourier_internal.h"

/* What the integrand F^z K^(1-z) M(z) / (z (z - 1)) is multiplied by. */
typedef enum saddle_factor {
    SADDLE_VALUE = 0,
    SADDLE_BY_FORWARD = 1,  /* z: F d/dF */
    SADDLE_BY_FORWARD2 = 2, /* z (z - 1): F^2 d2/dF2 */
    SADDLE_BY_STRIKE = 3,   /* 1 - z: K d/dK */
    SADDLE_BY_TIME = 4,     /* d ln M / dt */
    SADDLE_BY_VOL = 5,      /* d ln M / dv0 */
    SADDLE_N_FACTORS = 6
} saddle_factor;

typedef struct saddle_exponent {
    double complex log_moment; /* ln M(z) */
    double log_diffusion;      /* ln |M(z)| of the diffusion alone */
    double complex factor;
} saddle_exponent;
saddle_exponent saddle_exponent_at(const fourier_law *law, double complex z, saddle_factor factor);

#endif
