/* sim/pack_internal.h - the elements of an array whose key is in a range, put side by side and
 * back.
 *
 * With AVX-512 eight at a time; compilers do not find that by themselves. */
#ifndef FEL_SIM_PACK_INTERNAL_H
#define FEL_SIM_PACK_INTERNAL_H

#ifndef FEL_MODULE_SIM
#error "sim/pack_internal.h belongs to sim/"
#endif

#include <stddef.h>
#include <stdint.h>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

#if defined(__AVX512F__)
#define PACK_LANES 8
#elif defined(__AVX2__)
#define PACK_LANES 4
#else
#define PACK_LANES 2
#endif

typedef double pack_lanes __attribute__((vector_size(8 * PACK_LANES)));
typedef int64_t pack_bits __attribute__((vector_size(8 * PACK_LANES)));

/* from <= key < to */
typedef struct pack_range {
    double from, to;
} pack_range;

#if defined(__AVX512F__)

static inline __mmask8 pack_mask(pack_range range, __m512d key)
{
    const __mmask8 high = _mm512_cmp_pd_mask(key, _mm512_set1_pd(range.from), _CMP_GE_OQ);
    return _mm512_mask_cmp_pd_mask(high, key, _mm512_set1_pd(range.to), _CMP_LT_OQ);
}

static inline __mmask8 pack_mask_at(pack_range range, const double *key, size_t i, size_t n)
{
    const unsigned here = n - i < 8 ? (1U << (n - i)) - 1U : 0xFFU;
    return (__mmask8)(pack_mask(range, _mm512_loadu_pd(key + i)) & here);
}

/* Of n_arrays arrays at once; returns how many. Keys and in can be read and out written up to a
 * multiple of 8 elements. */
static inline size_t pack(pack_range range, const double *key, size_t n, size_t n_arrays,
                          const double *const *in, double *const *out)
{
    size_t m = 0;
    for (size_t i = 0; i < n; i += 8) {
        const __mmask8 mask = pack_mask_at(range, key, i, n);
        for (size_t a = 0; a < n_arrays; a++) {
            const __m512d from = _mm512_loadu_pd(in[a] + i);
            _mm512_storeu_pd(out[a] + m, _mm512_maskz_compress_pd(mask, from));
        }
        m += (size_t)__builtin_popcount(mask);
    }
    return m;
}

/* The way back: out[i] for the keys in range, in order. */
static inline void unpack(pack_range range, const double *key, size_t n, const double *in,
                          double *out)
{
    size_t m = 0;
    for (size_t i = 0; i < n; i += 8) {
        const __mmask8 mask = pack_mask_at(range, key, i, n);
        const __m512d spread = _mm512_maskz_expand_pd(mask, _mm512_loadu_pd(in + m));
        _mm512_mask_storeu_pd(out + i, mask, spread);
        m += (size_t)__builtin_popcount(mask);
    }
}

/* Is a lane of a mask of 64-bit lanes set? */
static inline int pack_any(pack_bits mask)
{
    return _mm512_movepi64_mask((__m512i)mask) != 0;
}

#else

static inline size_t pack(pack_range range, const double *key, size_t n, size_t n_arrays,
                          const double *const *in, double *const *out)
{
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t a = 0; a < n_arrays; a++) {
            out[a][m] = in[a][i];
        }
        m += (key[i] >= range.from) & (key[i] < range.to);
    }
    return m;
}

static inline void unpack(pack_range range, const double *key, size_t n, const double *in,
                          double *out)
{
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        if (key[i] >= range.from && key[i] < range.to) {
            out[i] = in[m++];
        }
    }
}

static inline int pack_any(pack_bits mask)
{
#if defined(__AVX2__)
    return _mm256_movemask_pd((__m256d)mask) != 0;
#else
    return (mask[0] | mask[1]) != 0;
#endif
}

#endif
#endif
