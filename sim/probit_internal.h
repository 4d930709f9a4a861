/* sim/probit_internal.h - the inverse normal distribution function, some vectors at a time.
 *
 * z = sqrt(2) erfinv(u) = u P(g), g = 1 - u^2. In each octave g = m 2^k, 1 <= m < 2, P is a
 * polynomial in s = (m - sqrt 2) / (m + sqrt 2), |s| < 0.172: its only singularity, at g = 0, is
 * s = -1 in every octave. Fifteen octaves are in the table, sim/probit_table.c; the path in 65,000
 * that is beyond them needs probit_tail_f64() of sim/vmath_internal.h. Errors, measured in
 * tests/unit/sim/test_vmath.c: double 1e-15, float 3e-7 relative, for 1 - |u| >= 2^-53 (float
 * 2^-32). */
#ifndef FEL_SIM_PROBIT_INTERNAL_H
#define FEL_SIM_PROBIT_INTERNAL_H

#ifndef FEL_MODULE_SIM
#error "sim/probit_internal.h belongs to sim/"
#endif

#include "sim/pack_internal.h"

enum {
    PROBIT_OCTAVES = 16, /* by the lowest bits of g's exponent; the last is for g = 1 alone */
    PROBIT_TERMS_F64 = 14,
    PROBIT_TERMS_F32 = 6,
    PROBIT_VECTORS = 4 /* worked on together: one load of a term serves all, chains overlap */
};

#define PROBIT_LEAST 0x1p-15 /* of g in the table */
#define PROBIT_SQRT2 1.41421356237309505

/* Double in both orders: some processors permute registers, some load what lies side by side. */
extern const double probit_terms_f64[PROBIT_TERMS_F64][PROBIT_OCTAVES];
extern const double probit_octaves_f64[PROBIT_OCTAVES][PROBIT_TERMS_F64];
extern const float probit_terms_f32[PROBIT_TERMS_F32][PROBIT_OCTAVES];

/* As many bytes as pack_lanes. */
typedef float probit_floats __attribute__((vector_size(8 * PACK_LANES)));
typedef int32_t probit_ints __attribute__((vector_size(8 * PACK_LANES)));

/* ---- lookup: a term, or a pair of terms, at index & 15 ----------------------------------------
 */

typedef struct probit_pair {
    pack_lanes even, odd;
} probit_pair;

#if defined(__AVX512F__)

/* Terms k and k + 1 of all octaves. */
typedef struct probit_terms {
    __m512d even_low, even_high, odd_low, odd_high;
} probit_terms;
typedef __m512 probit_term_f32;

/* The compilers would rather load a term anew for every vector. */
#define PROBIT_STAYS(x) __asm__ volatile("" : "+v"(x))

static inline probit_terms probit_load_f64(size_t k)
{
    const double *even = probit_terms_f64[k], *odd = probit_terms_f64[k + 1];
    probit_terms t = {_mm512_load_pd(even), _mm512_load_pd(even + 8), _mm512_load_pd(odd),
                      _mm512_load_pd(odd + 8)};
    PROBIT_STAYS(t.even_low);
    PROBIT_STAYS(t.even_high);
    PROBIT_STAYS(t.odd_low);
    PROBIT_STAYS(t.odd_high);
    return t;
}

static inline probit_pair probit_look_f64(probit_terms t, pack_bits index)
{
    const __m512i i = (__m512i)index;
    const probit_pair found = {(pack_lanes)_mm512_permutex2var_pd(t.even_low, i, t.even_high),
                               (pack_lanes)_mm512_permutex2var_pd(t.odd_low, i, t.odd_high)};
    return found;
}

static inline probit_term_f32 probit_load_f32(const float *term)
{
    return _mm512_load_ps(term);
}

static inline probit_floats probit_look_f32(probit_term_f32 t, probit_ints index)
{
    return (probit_floats)_mm512_permutexvar_ps((__m512i)index, t);
}

#else

/* Where terms k and k + 1 of the first octave are. */
typedef const double *probit_terms;

static inline probit_terms probit_load_f64(size_t k)
{
    return probit_octaves_f64[0] + k;
}

#if defined(__AVX2__)

static inline probit_pair probit_look_f64(probit_terms t, pack_bits index)
{
    const pack_bits i = (index & (PROBIT_OCTAVES - 1)) * PROBIT_TERMS_F64;
    const __m256d a = _mm256_loadu2_m128d(t + i[2], t + i[0]);
    const __m256d b = _mm256_loadu2_m128d(t + i[3], t + i[1]);
    const probit_pair found = {(pack_lanes)_mm256_unpacklo_pd(a, b),
                               (pack_lanes)_mm256_unpackhi_pd(a, b)};
    return found;
}

typedef struct probit_term_f32 {
    __m256 low, high;
} probit_term_f32;

static inline probit_term_f32 probit_load_f32(const float *term)
{
    const probit_term_f32 t = {_mm256_load_ps(term), _mm256_load_ps(term + 8)};
    return t;
}

static inline probit_floats probit_look_f32(probit_term_f32 t, probit_ints index)
{
    const __m256 low = _mm256_permutevar8x32_ps(t.low, (__m256i)index);
    const __m256 high = _mm256_permutevar8x32_ps(t.high, (__m256i)index);
    return (probit_floats)_mm256_blendv_ps(low, high,
                                           (__m256)_mm256_slli_epi32((__m256i)index, 28));
}

#else

static inline probit_pair probit_look_f64(probit_terms t, pack_bits index)
{
    const pack_bits i = (index & (PROBIT_OCTAVES - 1)) * PROBIT_TERMS_F64;
    const probit_pair found = {{t[i[0]], t[i[1]]}, {t[i[0] + 1], t[i[1] + 1]}};
    return found;
}

typedef const float *probit_term_f32;

static inline probit_term_f32 probit_load_f32(const float *term)
{
    return term;
}

static inline probit_floats probit_look_f32(probit_term_f32 t, probit_ints index)
{
    const probit_ints i = index & (PROBIT_OCTAVES - 1);
    const probit_floats found = {t[i[0]], t[i[1]], t[i[2]], t[i[3]]};
    return found;
}

#endif
#endif

static inline probit_floats probit_fma_f32(probit_floats a, probit_floats b, probit_floats c)
{
#if defined(__AVX512F__)
    return (probit_floats)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif defined(__AVX2__)
    return (probit_floats)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#else
    const probit_floats sum = {__builtin_fmaf(a[0], b[0], c[0]), __builtin_fmaf(a[1], b[1], c[1]),
                               __builtin_fmaf(a[2], b[2], c[2]), __builtin_fmaf(a[3], b[3], c[3])};
    return sum;
#endif
}

/* Is z of this gap = 1 - |u| one that is not in the table? Rounded as in the groups below. */
static inline int probit_is_far_f64(double gap)
{
    return gap * (2.0 - gap) < PROBIT_LEAST;
}

static inline int probit_is_far_f32(float gap)
{
    return gap * (2.0F - gap) < (float)PROBIT_LEAST;
}

/* ---- groups of vectors ----------------------------------------------------------------------- */

/* z from u and gap = 1 - |u|; the sign bit of an element of *far is set where some z needs the
 * function for tails. */
static inline void probit_group_f64(const pack_lanes u[PROBIT_VECTORS],
                                    const pack_lanes gap[PROBIT_VECTORS],
                                    pack_lanes z[PROBIT_VECTORS], pack_bits *far)
{
    enum { N = PROBIT_VECTORS, LAST = PROBIT_TERMS_F64 - 2 };
    pack_lanes s[N], square[N];
    probit_pair p[N];
    pack_bits octave[N];
    const probit_terms last = probit_load_f64(LAST);
#pragma GCC unroll 4
    for (size_t i = 0; i < N; i++) {
        const pack_bits bits = (pack_bits)(gap[i] * (2.0 - gap[i]));
        const pack_lanes m =
            (pack_lanes)((bits & INT64_C(0x000fffffffffffff)) | INT64_C(0x3ff0000000000000));
        *far |= bits - INT64_C(0x3f00000000000000); /* the bits of PROBIT_LEAST */
        octave[i] = bits >> 52;
        s[i] = (m - PROBIT_SQRT2) / (m + PROBIT_SQRT2);
        square[i] = s[i] * s[i];
        p[i] = probit_look_f64(last, octave[i]);
    }
#pragma GCC unroll 8
    for (size_t k = LAST; k > 0; k -= 2) {
        const probit_terms terms = probit_load_f64(k - 2);
#pragma GCC unroll 4
        for (size_t i = 0; i < N; i++) {
            const probit_pair c = probit_look_f64(terms, octave[i]);
            p[i].even = pack_fma(p[i].even, square[i], c.even);
            p[i].odd = pack_fma(p[i].odd, square[i], c.odd);
        }
    }
#pragma GCC unroll 4
    for (size_t i = 0; i < N; i++) {
        z[i] = u[i] * pack_fma(p[i].odd, s[i], p[i].even);
    }
}

static inline void probit_group_f32(const probit_floats u[PROBIT_VECTORS],
                                    const probit_floats gap[PROBIT_VECTORS],
                                    probit_floats z[PROBIT_VECTORS], probit_ints *far)
{
    enum { N = PROBIT_VECTORS, LAST = PROBIT_TERMS_F32 - 1 };
    probit_floats s[N], p[N];
    probit_ints octave[N];
    const probit_term_f32 last = probit_load_f32(probit_terms_f32[LAST]);
#pragma GCC unroll 4
    for (size_t i = 0; i < N; i++) {
        const probit_ints bits = (probit_ints)(gap[i] * (2.0F - gap[i]));
        const probit_floats m = (probit_floats)((bits & 0x007fffff) | 0x3f800000);
        *far |= bits - 0x38000000; /* the bits of PROBIT_LEAST */
        octave[i] = bits >> 23;
        s[i] = (m - (float)PROBIT_SQRT2) / (m + (float)PROBIT_SQRT2);
        p[i] = probit_look_f32(last, octave[i]);
    }
#pragma GCC unroll 8
    for (size_t k = LAST; k > 0; k--) {
        const probit_term_f32 c = probit_load_f32(probit_terms_f32[k - 1]);
#pragma GCC unroll 4
        for (size_t i = 0; i < N; i++) {
            p[i] = probit_fma_f32(p[i], s[i], probit_look_f32(c, octave[i]));
        }
    }
#pragma GCC unroll 4
    for (size_t i = 0; i < N; i++) {
        z[i] = u[i] * p[i];
    }
}

#endif
