/* sim/lewis_internal.h - arguments of the kernels behind lewis_integrate(). */
#ifndef FEL_MODULE_SIM
#error "sim/lewis_internal.h belongs to sim/"
#endif
#ifndef FEL_SIM_LEWIS_INTERNAL_H
#define FEL_SIM_LEWIS_INTERNAL_H

#include "core/real.h"
#include "sim/fourier_internal.h"

/* Nodes of a block, and of a group that one rotation takes on by the same angle. */
enum { LEWIS_BLOCK = 32, LEWIS_LANES = 16 };

/* A block of nodes z = p + i (first + j step) and what the integrand is made of there. */
typedef struct lewis_block {
    double p, first, step;
    double size; /* |M| of the diffusion at the last node */
    double re[LEWIS_MAX_CHANNELS][LEWIS_BLOCK], im[LEWIS_MAX_CHANNELS][LEWIS_BLOCK];
} lewis_block;

/* One strike: exp(i u x) at the next LEWIS_LANES nodes, the factor that takes it on by as many, and
 * the sums so far. */
typedef struct lewis_strike {
    double re[LEWIS_LANES], im[LEWIS_LANES];
    double turn_re, turn_im;
    double sum[LEWIS_MAX_CHANNELS][LEWIS_LANES];
} lewis_strike;

typedef void lewis_fill_fn(const fourier_law *law, lewis_set set, lewis_block *block);
typedef void lewis_add_fn(const lewis_block *block, lewis_set set, lewis_strike *strikes, size_t n);

KERNEL_DECLARE(void, lewis_fill, f64, (const fourier_law *law, lewis_set set, lewis_block *block));
KERNEL_DECLARE(void, lewis_add, f64,
               (const lewis_block *block, lewis_set set, lewis_strike *strikes, size_t n));

#endif
