/* core/vmath.h - exponential, logarithm, logistic function, hyperbolic tangent, normal tail,
 * written so that a loop around them becomes vector instructions, with the same bits at every
 * width.
 *
 * All are sequences of correctly rounded operations: integer arithmetic on the bits of a number, +
 * - x / and fused multiply-adds. The polynomials interpolate at Chebyshev nodes (computed with 60
 * digits); the errors are measured against long double in tests/unit/core/test_vmath_core.c
 * (the tail's and the logarithm's in tests/unit/sim/test_vmath.c):
 *   log       y normal, > 0                         double 0.9 ulp    float 1.0 ulp
 *   exp       clamped to normal results, NaN low    double 1.1 ulp    float 1.1 ulp
 *   expm1     |x| clamped to 708, float 87          double 2.5 ulp    float 2.5 ulp
 *   logistic  1 / (1 + e^-x), likewise              double 3.0 ulp    float 3.0 ulp
 *   tanh      any x                                 double 3.0 ulp    float 3.0 ulp
 *   tail      1 - Phi(z), |z| <= 37 (float 12)      double 1e-15      float 5e-7 relative
 * expm1, logistic and tanh hand NaN on. */
#ifndef FEL_CORE_VMATH_H
#define FEL_CORE_VMATH_H

#include <stdint.h>
#include <string.h>

/* Before a loop whose arrays do not overlap: too many for compilers to check. */
#if defined(__clang__)
#define ARRAYS_APART _Pragma("clang loop vectorize(assume_safety)")
#else
#define ARRAYS_APART _Pragma("GCC ivdep")
#endif

static inline uint64_t bits_of_f64(double x)
{
    uint64_t bits = 0;
    memcpy(&bits, &x, sizeof(bits));
    return bits;
}
static inline double f64_of_bits(uint64_t bits)
{
    double x = 0.0;
    memcpy(&x, &bits, sizeof(x));
    return x;
}
static inline uint32_t bits_of_f32(float x)
{
    uint32_t bits = 0;
    memcpy(&bits, &x, sizeof(bits));
    return bits;
}
static inline float f32_of_bits(uint32_t bits)
{
    float x = 0.0F;
    memcpy(&x, &bits, sizeof(x));
    return x;
}

/* ---- exponential ----------------------------------------------------------------------------- */

/* (e^r - 1 - r) / r^2, |r| <= ln 2 / 2. */
static inline double exp_series_f64(double r, double r2)
{
    double p_even = 2.76200758799833666e-7, p_odd = 2.51003758325612337e-8;
    p_even = __builtin_fma(p_even, r2, 0.0000248015213223686933);
    p_odd = __builtin_fma(p_odd, r2, 2.75572684803100255e-6);
    p_even = __builtin_fma(p_even, r2, 0.00138888889171967191);
    p_odd = __builtin_fma(p_odd, r2, 0.000198412698630405453);
    p_even = __builtin_fma(p_even, r2, 0.0416666666666241619);
    p_odd = __builtin_fma(p_odd, r2, 0.00833333333333006445);
    p_even = __builtin_fma(p_even, r2, 0.500000000000000102);
    p_odd = __builtin_fma(p_odd, r2, 0.166666666666666675);
    return __builtin_fma(p_odd, r, p_even);
}
static inline float exp_series_f32(float r)
{
    float p = 0.001392617612F;
    p = __builtin_fmaf(p, r, 0.008363173075F);
    p = __builtin_fmaf(p, r, 0.04166655466F);
    p = __builtin_fmaf(p, r, 0.1666657703F);
    p = __builtin_fmaf(p, r, 0.5F);
    return p;
}

/* x = n ln 2 + r; e^r = 1 + r + r^2 P(r); 2^n by its exponent bits. */
static inline double exp_f64(double x)
{
    const double low = x > -708.0 ? x : -708.0, y = low < 709.0 ? low : 709.0;
    const double magic = __builtin_fma(y, 1.44269504088896340736, 0x1.8p52);
    const double n = magic - 0x1.8p52;
    const double r = __builtin_fma(n, -1.90821492927058770002e-10,
                                   __builtin_fma(n, -6.93147180369123816490e-01, y));
    const double r2 = r * r;
    const double p = exp_series_f64(r, r2);
    const double e = 1.0 + __builtin_fma(r * r, p, r);
    return f64_of_bits(bits_of_f64(e) + (bits_of_f64(magic) << 52));
}

static inline float exp_f32(float x)
{
    const float low = x > -87.0F ? x : -87.0F, y = low < 88.0F ? low : 88.0F;
    const float magic = __builtin_fmaf(y, 1.442695041F, 0x1.8p23F);
    const float n = magic - 0x1.8p23F;
    const float r = __builtin_fmaf(n, -9.0580006145e-06F, __builtin_fmaf(n, -6.9313812256e-01F, y));
    const float p = exp_series_f32(r);
    const float e = 1.0F + __builtin_fmaf(r * r, p, r);
    return f32_of_bits(bits_of_f32(e) + (bits_of_f32(magic) << 23));
}

/* ---- e^x - 1 and what follows from it ------------------------------------------------------- */

/* x = n ln 2 + r; e^x - 1 = 2^n (e^r - 1) + (2^n - 1), where nothing cancels. */
static inline double expm1_f64(double x)
{
    const double low = x < -708.0 ? -708.0 : x, y = low > 708.0 ? 708.0 : low;
    const double magic = __builtin_fma(y, 1.44269504088896340736, 0x1.8p52);
    const double n = magic - 0x1.8p52;
    const double r = __builtin_fma(n, -1.90821492927058770002e-10,
                                   __builtin_fma(n, -6.93147180369123816490e-01, y));
    const double r2 = r * r;
    const double p = exp_series_f64(r, r2);
    const double power =
        f64_of_bits((bits_of_f64(magic) << 52) + UINT64_C(0x3ff0000000000000)); /* 2^n */
    return __builtin_fma(power, __builtin_fma(r2, p, r), power - 1.0);
}

static inline float expm1_f32(float x)
{
    const float low = x < -87.0F ? -87.0F : x, y = low > 87.0F ? 87.0F : low;
    const float magic = __builtin_fmaf(y, 1.442695041F, 0x1.8p23F);
    const float n = magic - 0x1.8p23F;
    const float r = __builtin_fmaf(n, -9.0580006145e-06F, __builtin_fmaf(n, -6.9313812256e-01F, y));
    const float p = exp_series_f32(r);
    const float power = f32_of_bits((bits_of_f32(magic) << 23) + UINT32_C(0x3f800000));
    return __builtin_fmaf(power, __builtin_fmaf(r * r, p, r), power - 1.0F);
}

/* With m = e^-x - 1: logistic x = 1 / (2 + m); with m = e^-2x - 1: tanh x = -m / (2 + m). */
static inline double logistic_f64(double x)
{
    return 1.0 / (2.0 + expm1_f64(-x));
}
static inline float logistic_f32(float x)
{
    return 1.0F / (2.0F + expm1_f32(-x));
}
static inline double tanh_f64(double x)
{
    const double m = expm1_f64(-2.0 * x);
    return -m / (2.0 + m);
}
static inline float tanh_f32(float x)
{
    const float m = expm1_f32(-2.0F * x);
    return -m / (2.0F + m);
}

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

/* ---- normal tail ----------------------------------------------------------------------------- */

/* The ratio is (1 - Phi(t)) e^{t^2/2}, t >= 0: times (t + c) it is a polynomial in (t - c) / (t +
 * c); in the tail, t = |z|, the square's rounding error goes into the exponent's result. */
static inline double normal_ratio_f64(double t)
{
    const double inverse = 1.0 / (t + 5.0), y = (t - 5.0) * inverse;
    const double y2 = y * y;
    double p_even = -8.16619262442898631e-10, p_odd = 5.03730212637985613e-10;
    p_even = __builtin_fma(p_even, y2, 9.44682751967736646e-9);
    p_odd = __builtin_fma(p_odd, y2, -5.0156499398578569e-9);
    p_even = __builtin_fma(p_even, y2, -6.78255531329115541e-8);
    p_odd = __builtin_fma(p_odd, y2, 3.58184005154322338e-8);
    p_even = __builtin_fma(p_even, y2, 4.34026259482977534e-7);
    p_odd = __builtin_fma(p_odd, y2, -3.31069807152686198e-7);
    p_even = __builtin_fma(p_even, y2, -2.76933787104385417e-6);
    p_odd = __builtin_fma(p_odd, y2, 3.97791264059324225e-6);
    p_even = __builtin_fma(p_even, y2, 0.0000166810991158634668);
    p_odd = __builtin_fma(p_odd, y2, -0.0000497617711897921823);
    p_even = __builtin_fma(p_even, y2, -0.0000593756732864886558);
    p_odd = __builtin_fma(p_odd, y2, 0.000544898830900930007);
    p_even = __builtin_fma(p_even, y2, -0.000797869409480806354);
    p_odd = __builtin_fma(p_odd, y2, -0.00299337673822321996);
    p_even = __builtin_fma(p_even, y2, 0.0207950668009416153);
    p_odd = __builtin_fma(p_odd, y2, -0.0691186387088143285);
    p_even = __builtin_fma(p_even, y2, 0.165020366170342813);
    p_odd = __builtin_fma(p_odd, y2, -0.313533156671213766);
    p_even = __builtin_fma(p_even, y2, 0.49530561596997679);
    p_odd = __builtin_fma(p_odd, y2, -0.665382502890057685);
    p_even = __builtin_fma(p_even, y2, 0.76919304975006296);
    const double p = __builtin_fma(p_odd, y, p_even);
    return p * inverse;
}
static inline double normal_tail_f64(double z)
{
    const double size = __builtin_fabs(z), t = size < 37.5 ? size : 37.5;
    const double half = 0.5 * t, square = half * t, lost = __builtin_fma(half, t, -square);
    const double e = exp_f64(-square);
    const double upper = __builtin_fma(-lost, e, e) * normal_ratio_f64(t);
    return z > 0.0 ? upper : 1.0 - upper;
}
static inline float normal_ratio_f32(float t)
{
    const float inverse = 1.0F / (t + 3.0F), y = (t - 3.0F) * inverse;
    const float y2 = y * y;
    float p_even = -1.050718694e-5F, p_odd = -1.523290745e-5F;
    p_even = __builtin_fmaf(p_even, y2, 6.697860721e-5F);
    p_odd = __builtin_fmaf(p_odd, y2, 0.0001539482344F);
    p_even = __builtin_fmaf(p_even, y2, -0.0002497552423F);
    p_odd = __builtin_fmaf(p_odd, y2, -0.00104486014F);
    p_even = __builtin_fmaf(p_even, y2, 0.001025649159F);
    p_odd = __builtin_fmaf(p_odd, y2, 0.006972239951F);
    p_even = __builtin_fmaf(p_even, y2, -0.01046262728F);
    p_odd = __builtin_fmaf(p_odd, y2, -0.04726297128F);
    p_even = __builtin_fmaf(p_even, y2, 0.2300177115F);
    p_odd = __builtin_fmaf(p_odd, y2, -0.5093319839F);
    p_even = __builtin_fmaf(p_even, y2, 0.7290836901F);
    const float p = __builtin_fmaf(p_odd, y, p_even);
    return p * inverse;
}
static inline float normal_tail_f32(float z)
{
    const float size = __builtin_fabsf(z), t = size < 12.5F ? size : 12.5F;
    const float half = 0.5F * t, square = half * t, lost = __builtin_fmaf(half, t, -square);
    const float e = exp_f32(-square);
    const float upper = __builtin_fmaf(-lost, e, e) * normal_ratio_f32(t);
    return z > 0.0F ? upper : 1.0F - upper;
}

/* ---- by the kernel's precision --------------------------------------------------------------- */

#ifdef REAL_BITS
#if REAL_BITS == 32
#define real_exp(x)          exp_f32(x)
#define real_log(y)          log_f32(y)
#define real_expm1(x)        expm1_f32(x)
#define real_logistic(x)     logistic_f32(x)
#define real_tanh(x)         tanh_f32(x)
#define real_normal_ratio(t) normal_ratio_f32(t)
#define real_normal_tail(z)  normal_tail_f32(z)
#else
#define real_exp(x)          exp_f64(x)
#define real_log(y)          log_f64(y)
#define real_expm1(x)        expm1_f64(x)
#define real_logistic(x)     logistic_f64(x)
#define real_tanh(x)         tanh_f64(x)
#define real_normal_ratio(t) normal_ratio_f64(t)
#define real_normal_tail(z)  normal_tail_f64(z)
#endif
#endif

#endif
