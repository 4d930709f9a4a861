/* models/lanes_internal.h - eight reals worked on at once, in *_kernel.c: the same operations, in
 * the same order, at every level of vector instructions.
 *
 * GCC's vector types, which compilers split where registers are narrower. They have no fused
 * multiply-add: that is the one intrinsic. */
#ifndef FEL_MODELS_LANES_INTERNAL_H
#define FEL_MODELS_LANES_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/lanes_internal.h belongs to models/"
#endif

#include <string.h>
#if defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>
#endif

#include "core/real.h"

enum { LANES = 8 };

typedef real lanes __attribute__((vector_size(LANES * sizeof(real))));
/* Anywhere in an array of reals. */
typedef real lanes_apart
    __attribute__((vector_size(LANES * sizeof(real)), aligned(sizeof(real)), may_alias));

#define LANES_INLINE static inline __attribute__((always_inline))
/* Before a short loop over registers. */
#if defined(__clang__)
#define LANES_UNROLL _Pragma("clang loop unroll(full)")
#else
#define LANES_UNROLL _Pragma("GCC unroll 8")
#endif

LANES_INLINE lanes lanes_load(const real *from)
{
    return *(const lanes_apart *)from;
}
LANES_INLINE void lanes_store(real *to, lanes x)
{
    *(lanes_apart *)to = x;
}
LANES_INLINE lanes lanes_all(real x)
{
    return (lanes){x, x, x, x, x, x, x, x};
}

/* The first n, 0 in the others; n <= 8. */
LANES_INLINE lanes lanes_load_part(const real *from, size_t n)
{
    lanes x = lanes_all(0);
    memcpy(&x, from, n * sizeof(real));
    return x;
}
LANES_INLINE void lanes_store_part(real *to, lanes x, size_t n)
{
    memcpy(to, &x, n * sizeof(real));
}

/* a b + c, rounded once. */
LANES_INLINE lanes lanes_fma(lanes a, lanes b, lanes c)
{
#if defined(__AVX2__) && defined(__FMA__) && REAL_BITS == 32
    return (lanes)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#elif defined(__AVX512F__) && REAL_BITS == 64
    return (lanes)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
#else
    lanes x;
    for (int i = 0; i < LANES; i++) {
        x[i] = REAL_FMA(a[i], b[i], c[i]);
    }
    return x;
#endif
}

/* The sum of all, in one order. */
LANES_INLINE real lanes_sum(lanes x)
{
    return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}

#define LANES_LOW_(a, b)  __builtin_shufflevector((a), (b), 0, 8, 1, 9, 2, 10, 3, 11)
#define LANES_HIGH_(a, b) __builtin_shufflevector((a), (b), 4, 12, 5, 13, 6, 14, 7, 15)

/* Rows become columns: three times, each row and the one four below are interleaved. */
LANES_INLINE void lanes_transpose(lanes row[LANES])
{
    LANES_UNROLL
    for (int round = 0; round < 3; round++) {
        lanes next[LANES];
        LANES_UNROLL
        for (size_t i = 0; i < LANES / 2; i++) {
            next[2 * i] = LANES_LOW_(row[i], row[i + LANES / 2]);
            next[2 * i + 1] = LANES_HIGH_(row[i], row[i + LANES / 2]);
        }
        LANES_UNROLL
        for (int i = 0; i < LANES; i++) {
            row[i] = next[i];
        }
    }
}

/* How many of `n` numbers from `at` on are within reach of one load, at most 8. */
LANES_INLINE size_t lanes_left(size_t n, size_t at)
{
    return n - at < LANES ? n - at : LANES;
}

#endif
