/* sim/vcomplex_internal.h - what a characteristic function needs beyond sim/vmath_internal.h, in
 * double: log1p, sine and cosine, angle of a point, and complex arithmetic. Written so that
 * loops around them become vector instructions with the same bits at every width.
 *
 * Errors (measured in tests/unit/sim/test_vcomplex.c): 1e-15 relative, sine and cosine absolute. */
#ifndef FEL_MODULE_SIM
#error "sim/vcomplex_internal.h belongs to sim/"
#endif
#ifndef FEL_SIM_VCOMPLEX_INTERNAL_H
#define FEL_SIM_VCOMPLEX_INTERNAL_H

#include "sim/vmath_internal.h"

/* ln(1 + y) for y > -1: as log_f64 of the rounded sum, whose rounding error joins m - 1. */
static inline double log1p_f64(double y)
{
    const double sum = 1.0 + y;
    const double big = y > 1.0 ? y : 1.0, small = y > 1.0 ? 1.0 : y;
    const double lost = small - (sum - big);
    const uint64_t bits = bits_of_f64(sum);
    const uint64_t shifted = bits + (UINT64_C(0x3ff0000000000000) - UINT64_C(0x3fe6a09e667f3bcd));
    const uint64_t biased = shifted >> 52; /* k + 1023 */
    const uint64_t power = biased << 52;
    const double down = f64_of_bits(UINT64_C(0x7fe0000000000000) - power); /* 2^-k */
    const double f =
        __builtin_fma(lost, down, f64_of_bits(bits - power + UINT64_C(0x3ff0000000000000)) - 1.0);
    const double k = f64_of_bits(biased | UINT64_C(0x4330000000000000)) - (0x1p52 + 1023.0);
    const double s = f / (2.0 + f), z = s * s;
    double p = 0.146164496850434059;
    p = __builtin_fma(p, z, 0.153317216005560413);
    p = __builtin_fma(p, z, 0.181828891252617221);
    p = __builtin_fma(p, z, 0.222222111347950799);
    p = __builtin_fma(p, z, 0.285714286259754849);
    p = __builtin_fma(p, z, 0.399999999998995045);
    p = __builtin_fma(p, z, 0.666666666666666969);
    const double low = __builtin_fma(k, 1.90821492927058770002e-10, -(s * (f - z * p)));
    return __builtin_fma(k, 6.93147180369123816490e-01, f + low);
}

/* sin x and cos x for |x| < 1e8: x = n pi/2 + r with pi/2 in three parts, Taylor series of r. */
static inline void sincos_f64(double x, double *sine, double *cosine)
{
    const double magic = __builtin_fma(x, 0.63661977236758134308, 0x1.8p52);
    const double n = magic - 0x1.8p52;
    double r = __builtin_fma(n, -1.57079632679489655800e+00, x);
    r = __builtin_fma(n, -6.12323399573676603587e-17, r);
    r = __builtin_fma(n, 1.49738490485916983294e-33, r);
    const double z = r * r;
    double s = 1.0 / 355687428096000.0;
    s = __builtin_fma(s, z, -1.0 / 1307674368000.0);
    s = __builtin_fma(s, z, 1.0 / 6227020800.0);
    s = __builtin_fma(s, z, -1.0 / 39916800.0);
    s = __builtin_fma(s, z, 1.0 / 362880.0);
    s = __builtin_fma(s, z, -1.0 / 5040.0);
    s = __builtin_fma(s, z, 1.0 / 120.0);
    s = __builtin_fma(s, z, -1.0 / 6.0);
    s = __builtin_fma(r * z, s, r);
    double c = -1.0 / 6402373705728000.0;
    c = __builtin_fma(c, z, 1.0 / 20922789888000.0);
    c = __builtin_fma(c, z, -1.0 / 87178291200.0);
    c = __builtin_fma(c, z, 1.0 / 479001600.0);
    c = __builtin_fma(c, z, -1.0 / 3628800.0);
    c = __builtin_fma(c, z, 1.0 / 40320.0);
    c = __builtin_fma(c, z, -1.0 / 720.0);
    c = __builtin_fma(c, z, 1.0 / 24.0);
    c = __builtin_fma(z * z, c, __builtin_fma(z, -0.5, 1.0));
    /* Odd quadrants swap the two; bit 1 of n flips the sine, bit 1 of n + 1 the cosine. */
    const uint64_t quadrant = bits_of_f64(magic), swap = 0 - (quadrant & 1);
    const uint64_t sb = bits_of_f64(s), cb = bits_of_f64(c), mix = (sb ^ cb) & swap;
    *sine = f64_of_bits((sb ^ mix) ^ ((quadrant & 2) << 62));
    *cosine = f64_of_bits((cb ^ mix) ^ (((quadrant + 1) & 2) << 62));
}

/* The angle of (x, y) in (-pi, pi], not both 0. With t = min / max of the sizes, atan t is
 * pi/4 + atan((t - 1) / (t + 1)) beyond tan(pi/8); the polynomial is the Chebyshev series of degree
 * 12 in t^2. */
static inline double angle_f64(double y, double x)
{
    const double ax = __builtin_fabs(x), ay = __builtin_fabs(y);
    const double low = ax < ay ? ax : ay, high = ax < ay ? ay : ax;
    const int is_far = low > 0.41421356237309504880 * high;
    const double t = (is_far ? low - high : low) / (is_far ? low + high : high), z = t * t;
    double p = 0.015134197445182246;
    p = __builtin_fma(p, z, -0.033408890766119075);
    p = __builtin_fma(p, z, 0.04500451114441675);
    p = __builtin_fma(p, z, -0.052175589173043255);
    p = __builtin_fma(p, z, 0.058768745047890515);
    p = __builtin_fma(p, z, -0.06666209658745789);
    p = __builtin_fma(p, z, 0.07692281418713852);
    p = __builtin_fma(p, z, -0.09090908074242382);
    p = __builtin_fma(p, z, 0.11111111085782385);
    p = __builtin_fma(p, z, -0.14285714285337928);
    p = __builtin_fma(p, z, 0.1999999999999709);
    p = __builtin_fma(p, z, -0.33333333333333326);
    double angle = __builtin_fma(t * z, p, t);
    angle = is_far ? 0.78539816339744830962 + angle : angle;
    angle = ax < ay ? 1.57079632679489661923 - angle : angle;
    angle = x < 0.0 ? 3.14159265358979323846 - angle : angle;
    return __builtin_copysign(angle, y);
}

/* ---- complex numbers ------------------------------------------------------------------------- */

typedef struct vcplx {
    double re, im;
} vcplx;

static inline vcplx vc(double re, double im)
{
    const vcplx z = {re, im};
    return z;
}
static inline vcplx vc_add(vcplx a, vcplx b)
{
    return vc(a.re + b.re, a.im + b.im);
}
static inline vcplx vc_scale(vcplx a, double factor)
{
    return vc(a.re * factor, a.im * factor);
}
static inline vcplx vc_mul(vcplx a, vcplx b)
{
    return vc(__builtin_fma(a.re, b.re, -(a.im * b.im)), __builtin_fma(a.re, b.im, a.im * b.re));
}
/* a b + c */
static inline vcplx vc_fma(vcplx a, vcplx b, vcplx c)
{
    return vc(__builtin_fma(a.re, b.re, __builtin_fma(-a.im, b.im, c.re)),
              __builtin_fma(a.re, b.im, __builtin_fma(a.im, b.re, c.im)));
}
static inline vcplx vc_inverse(vcplx a)
{
    const double inverse = 1.0 / __builtin_fma(a.re, a.re, a.im * a.im);
    return vc(a.re * inverse, -a.im * inverse);
}
static inline vcplx vc_sub(vcplx a, vcplx b)
{
    return vc(a.re - b.re, a.im - b.im);
}
/* The root whose real part is not negative; not of 0. */
static inline vcplx vc_sqrt(vcplx a)
{
    const double size = __builtin_sqrt(__builtin_fma(a.re, a.re, a.im * a.im));
    const double big = __builtin_sqrt(0.5 * (size + __builtin_fabs(a.re)));
    const double small = 0.5 * a.im / big;
    return vc(a.re < 0.0 ? __builtin_fabs(small) : big,
              a.re < 0.0 ? __builtin_copysign(big, a.im) : small);
}
/* ln(1 + z); |1 + z|^2 - 1 is formed without cancellation for small z. */
static inline vcplx vc_log1p(vcplx z)
{
    const double grown = __builtin_fma(z.re, z.re, __builtin_fma(z.im, z.im, 2.0 * z.re));
    return vc(0.5 * log1p_f64(grown), angle_f64(z.im, 1.0 + z.re));
}

#endif
