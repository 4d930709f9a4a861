/* models/vector_internal.h - as many reals as a register holds, in *_kernel.c: loops over panels as
 * wide as that many, written out where compilers leave them number by number.
 *
 * GCC's vector types. Fused multiply-adds and clamps that keep NaN are intrinsics. */
#ifndef FEL_MODELS_VECTOR_INTERNAL_H
#define FEL_MODELS_VECTOR_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/vector_internal.h belongs to models/"
#endif

#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include "core/real.h"
#include "core/vmath.h"

#if defined(__AVX512F__)
enum { VECTOR_BYTES = 64 };
#elif defined(__AVX2__)
enum { VECTOR_BYTES = 32 };
#else
enum { VECTOR_BYTES = 16 };
#endif
enum { WIDTH = VECTOR_BYTES / (int)sizeof(real) };

typedef real vector __attribute__((vector_size(VECTOR_BYTES)));
typedef real_word vector_word __attribute__((vector_size(VECTOR_BYTES)));
/* Anywhere in an array of reals. */
typedef real vector_apart
    __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(real)), may_alias));

#define VECTOR_INLINE static inline __attribute__((always_inline))
/* Before a short loop over registers. */
#if defined(__clang__)
#define VECTOR_UNROLL _Pragma("clang loop unroll(full)")
#else
#define VECTOR_UNROLL _Pragma("GCC unroll 8")
#endif

VECTOR_INLINE vector vector_load(const real *from)
{
    return *(const vector_apart *)from;
}
VECTOR_INLINE void vector_store(real *to, vector x)
{
    *(vector_apart *)to = x;
}
VECTOR_INLINE vector vector_all(real x)
{
    vector all;
    VECTOR_UNROLL
    for (int i = 0; i < WIDTH; i++) {
        all[i] = x;
    }
    return all;
}

#if defined(__AVX512F__) && REAL_BITS == 32
#define VECTOR_OF_(name) _mm512_##name##_ps
#define VECTOR_AS_       __m512
#elif defined(__AVX512F__)
#define VECTOR_OF_(name) _mm512_##name##_pd
#define VECTOR_AS_       __m512d
#elif defined(__AVX2__) && REAL_BITS == 32
#define VECTOR_OF_(name) _mm256_##name##_ps
#define VECTOR_AS_       __m256
#elif defined(__AVX2__)
#define VECTOR_OF_(name) _mm256_##name##_pd
#define VECTOR_AS_       __m256d
#endif

/* a b + c, rounded once. */
VECTOR_INLINE vector vector_fma(vector a, vector b, vector c)
{
#if defined(__AVX2__)
    return (vector)VECTOR_OF_(fmadd)((VECTOR_AS_)a, (VECTOR_AS_)b, (VECTOR_AS_)c);
#else
    vector x;
    for (int i = 0; i < WIDTH; i++) {
        x[i] = REAL_FMA(a[i], b[i], c[i]);
    }
    return x;
#endif
}

/* ---- functions of core/vmath.h: the same bits ------------------------------------------------ */

#if defined(__AVX2__)

/* Within [-most, most]; NaN stays: where one operand is, the second is given. */
VECTOR_INLINE vector vector_clamp(vector x, real most)
{
    const VECTOR_AS_ low = VECTOR_OF_(max)((VECTOR_AS_)vector_all(-most), (VECTOR_AS_)x);
    return (vector)VECTOR_OF_(min)((VECTOR_AS_)vector_all(most), low);
}

#if REAL_BITS == 32
VECTOR_INLINE vector vector_exp_series(vector r)
{
    vector p = vector_all(0.001392617612F);
    p = vector_fma(p, r, vector_all(0.008363173075F));
    p = vector_fma(p, r, vector_all(0.04166655466F));
    p = vector_fma(p, r, vector_all(0.1666657703F));
    return vector_fma(p, r, vector_all(0.5F));
}
#define VECTOR_EXP_MOST  87.0F
#define VECTOR_EXP_MAGIC 0x1.8p23F
#define VECTOR_LOG2_E    1.442695041F
#define VECTOR_LN2_LOW   (-9.0580006145e-06F)
#define VECTOR_LN2_HIGH  (-6.9313812256e-01F)
enum { VECTOR_EXPONENT = 23 };
#define VECTOR_ONE_BITS UINT32_C(0x3f800000)
#else
VECTOR_INLINE vector vector_exp_series(vector r)
{
    const vector r2 = r * r;
    vector even = vector_all(2.76200758799833666e-7), odd = vector_all(2.51003758325612337e-8);
    even = vector_fma(even, r2, vector_all(0.0000248015213223686933));
    odd = vector_fma(odd, r2, vector_all(2.75572684803100255e-6));
    even = vector_fma(even, r2, vector_all(0.00138888889171967191));
    odd = vector_fma(odd, r2, vector_all(0.000198412698630405453));
    even = vector_fma(even, r2, vector_all(0.0416666666666241619));
    odd = vector_fma(odd, r2, vector_all(0.00833333333333006445));
    even = vector_fma(even, r2, vector_all(0.500000000000000102));
    odd = vector_fma(odd, r2, vector_all(0.166666666666666675));
    return vector_fma(odd, r, even);
}
#define VECTOR_EXP_MOST  708.0
#define VECTOR_EXP_MAGIC 0x1.8p52
#define VECTOR_LOG2_E    1.44269504088896340736
#define VECTOR_LN2_LOW   (-1.90821492927058770002e-10)
#define VECTOR_LN2_HIGH  (-6.93147180369123816490e-01)
enum { VECTOR_EXPONENT = 52 };
#define VECTOR_ONE_BITS  UINT64_C(0x3ff0000000000000)
#endif

/* e^x - 1. */
VECTOR_INLINE vector vector_expm1(vector x)
{
    const vector y = vector_clamp(x, VECTOR_EXP_MOST), one = vector_all(REAL_C(1.0));
    const vector shift = vector_all(VECTOR_EXP_MAGIC);
    const vector magic = vector_fma(y, vector_all(VECTOR_LOG2_E), shift), n = magic - shift;
    const vector high = vector_fma(n, vector_all(VECTOR_LN2_HIGH), y);
    const vector r = vector_fma(n, vector_all(VECTOR_LN2_LOW), high);
    const vector_word bits = ((vector_word)magic << VECTOR_EXPONENT) + VECTOR_ONE_BITS;
    const vector power = (vector)bits; /* 2^n */
    return vector_fma(power, vector_fma(r * r, vector_exp_series(r), r), power - one);
}
VECTOR_INLINE vector vector_logistic(vector x)
{
    return REAL_C(1.0) / (REAL_C(2.0) + vector_expm1(-x));
}
VECTOR_INLINE vector vector_tanh(vector x)
{
    const vector m = vector_expm1(REAL_C(-2.0) * x);
    return -m / (REAL_C(2.0) + m);
}

#else

VECTOR_INLINE vector vector_logistic(vector x)
{
    for (int i = 0; i < WIDTH; i++) {
        x[i] = real_logistic(x[i]);
    }
    return x;
}
VECTOR_INLINE vector vector_tanh(vector x)
{
    for (int i = 0; i < WIDTH; i++) {
        x[i] = real_tanh(x[i]);
    }
    return x;
}

#endif

#endif
