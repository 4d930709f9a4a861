/* sim/vmath_internal.h - far inverse normal, written as core/vmath.h: a loop around it becomes
 * vector instructions, with the same bits at every width.
 *
 * All are sequences of correctly rounded operations: integer arithmetic on the bits of a number, +
 * - x / and fused multiply-adds. The polynomials interpolate at Chebyshev nodes (computed with 60
 * digits); the errors are measured against long double in tests/unit/sim/test_vmath.c:
 *   probit  tails of 2^-54 .. 0.0005            double 1e-15 relative (the rest: probit_internal.h)
 */
#ifndef FEL_SIM_VMATH_INTERNAL_H
#define FEL_SIM_VMATH_INTERNAL_H

#ifndef FEL_MODULE_SIM
#error "sim/vmath_internal.h belongs to sim/"
#endif

#include "core/vmath.h"

/* ---- inverse normal -------------------------------------------------------------------------- */

/* z with 1 - Phi(z) = tail, for small tails (2^-54 .. 0.0005): a ratio of polynomials in
 * sqrt(-ln tail), which lies in 2.7 .. 6.2, all of whose terms are positive. For the one lane in
 * 65,000 that sim/probit_internal.h has no octave for. */
static inline double probit_tail_f64(double tail)
{
    const double y = (__builtin_sqrt(-log_f64(tail)) - 2.6) * (1.0 / 1.8);
    const double y2 = y * y;
    double p_even = 0.000699981310538886268, p_odd = 0.0265327114594379651;
    p_even = __builtin_fma(p_even, y2, 0.341610889708709469);
    p_odd = __builtin_fma(p_odd, y2, 2.11308276532146137);
    p_even = __builtin_fma(p_even, y2, 7.23942480727770472);
    p_odd = __builtin_fma(p_odd, y2, 14.5879591384657056);
    p_even = __builtin_fma(p_even, y2, 17.3060993091645984);
    p_odd = __builtin_fma(p_odd, y2, 11.208262320591723);
    p_even = __builtin_fma(p_even, y2, 3.04608039420193147);
    const double p = __builtin_fma(p_odd, y, p_even);
    double q_even = 0.0100265379572791427, q_odd = 0.000274973801772406557;
    q_even = __builtin_fma(q_even, y2, 0.663905277613914869);
    q_odd = __builtin_fma(q_odd, y2, 0.119979618790931602);
    q_even = __builtin_fma(q_even, y2, 3.17954029231432688);
    q_odd = __builtin_fma(q_odd, y2, 1.94946465910994321);
    q_even = __builtin_fma(q_even, y2, 1.0);
    q_odd = __builtin_fma(q_odd, y2, 2.75568494975104938);
    const double q = __builtin_fma(q_odd, y, q_even);
    return p / q;
}

/* ---- by the kernel's precision --------------------------------------------------------------- */

#ifdef REAL_BITS
#if REAL_BITS == 32
#define real_abs(x)  __builtin_fabsf(x)
#define real_sqrt(x) __builtin_sqrtf(x)
#define REAL_MIN     0x1p-126F
#else
#define real_abs(x)  __builtin_fabs(x)
#define real_sqrt(x) __builtin_sqrt(x)
#define REAL_MIN     0x1p-1022
#endif
#endif

#endif
