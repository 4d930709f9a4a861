/* sim/vmath_internal.h - logarithm and far inverse normal, written as core/vmath.h: a loop
 * around them becomes vector instructions, with the same bits at every width.
 *
 * All are sequences of correctly rounded operations: integer arithmetic on the bits of a number, +
 * - x / and fused multiply-adds. The polynomials interpolate at Chebyshev nodes (computed with 60
 * digits); the errors are measured against long double in tests/unit/sim/test_vmath.c:
 *   log     y normal, > 0                       double 0.9 ulp       float 1.0 ulp
 *   probit  tails of 2^-54 .. 0.0005            double 1e-15 relative (the rest: probit_internal.h)
 */
#ifndef FEL_SIM_VMATH_INTERNAL_H
#define FEL_SIM_VMATH_INTERNAL_H

#ifndef FEL_MODULE_SIM
#error "sim/vmath_internal.h belongs to sim/"
#endif

#include "core/vmath.h"

/* ---- logarithm ------------------------------------------------------------------------------- */

/* y = 2^k m with m in [sqrt(1/2), sqrt(2)); with s = (m - 1) / (m + 1) and f = m - 1,
 * ln m = 2 atanh s = f - s (f - s^2 P(s^2)). */
static inline double log_f64(double y)
{
    const uint64_t bits = bits_of_f64(y);
    const uint64_t shifted = bits + (UINT64_C(0x3ff0000000000000) - UINT64_C(0x3fe6a09e667f3bcd));
    const uint64_t biased = shifted >> 52; /* k + 1023 */
    const double f = f64_of_bits(bits - (biased << 52) + UINT64_C(0x3ff0000000000000)) - 1.0;
    /* biased as the low bits of 2^52 + biased: an exact conversion. */
    const double k = f64_of_bits(biased | UINT64_C(0x4330000000000000)) - (0x1p52 + 1023.0);
    const double s = f / (2.0 + f), z = s * s;
    const double z2 = z * z;
    double p_even = 0.146164496850434059, p_odd = 0.153317216005560413;
    p_even = __builtin_fma(p_even, z2, 0.181828891252617221);
    p_odd = __builtin_fma(p_odd, z2, 0.222222111347950799);
    p_even = __builtin_fma(p_even, z2, 0.285714286259754849);
    p_odd = __builtin_fma(p_odd, z2, 0.399999999998995045);
    p_even = __builtin_fma(p_even, z2, 0.666666666666666969);
    const double p = __builtin_fma(p_odd, z, p_even);
    const double low = __builtin_fma(k, 1.90821492927058770002e-10, -(s * (f - z * p)));
    return __builtin_fma(k, 6.93147180369123816490e-01, f + low);
}

static inline float log_f32(float y)
{
    const uint32_t bits = bits_of_f32(y);
    const uint32_t shifted = bits + (UINT32_C(0x3f800000) - UINT32_C(0x3f3504f3));
    const uint32_t biased = shifted >> 23; /* k + 127 */
    const float f = f32_of_bits(bits - (biased << 23) + UINT32_C(0x3f800000)) - 1.0F;
    const float k = f32_of_bits(biased | UINT32_C(0x4b000000)) - (0x1p23F + 127.0F);
    const float s = f / (2.0F + f), z = s * s;
    float p = 0.2333046722F;
    p = __builtin_fmaf(p, z, 0.2855082082F);
    p = __builtin_fmaf(p, z, 0.4000012184F);
    p = __builtin_fmaf(p, z, 0.6666666655F);
    const float low = __builtin_fmaf(k, 9.0580006145e-06F, -(s * (f - z * p)));
    return __builtin_fmaf(k, 6.9313812256e-01F, f + low);
}

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
#define real_log(y)  log_f32(y)
#define real_abs(x)  __builtin_fabsf(x)
#define real_sqrt(x) __builtin_sqrtf(x)
#define REAL_MIN     0x1p-126F
#else
#define real_log(y)  log_f64(y)
#define real_abs(x)  __builtin_fabs(x)
#define real_sqrt(x) __builtin_sqrt(x)
#define REAL_MIN     0x1p-1022
#endif
#endif

#endif
