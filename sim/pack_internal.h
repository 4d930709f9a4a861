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
#include <string.h>

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

static inline pack_lanes pack_load(const double *from)
{
    pack_lanes x;
    memcpy(&x, from, sizeof(x));
    return x;
}

static inline int pack_any_negative(pack_bits x)
{
    int64_t all = 0;
    for (size_t i = 0; i < PACK_LANES; i++) {
        all |= x[i];
    }
    return all < 0;
}

/* a b + c, rounded once. */
static inline pack_lanes pack_fma(pack_lanes a, pack_lanes b, pack_lanes c)
{
#if defined(__AVX512F__)
    return (pack_lanes)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
#elif defined(__AVX2__)
    return (pack_lanes)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
#else
    const pack_lanes sum = {__builtin_fma(a[0], b[0], c[0]), __builtin_fma(a[1], b[1], c[1])};
    return sum;
#endif
}

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

/* Where rest >= now: rest loses now, now is multiplied by factor, n counts one more. Returns not 0
 * if it was so anywhere. */
static inline int pack_search_step(pack_lanes *rest, pack_lanes *now, pack_bits *n,
                                   pack_lanes factor)
{
    const __m512d r = (__m512d)*rest, p = (__m512d)*now;
    const __mmask8 more = _mm512_cmp_pd_mask(r, p, _CMP_GE_OQ);
    *rest = (pack_lanes)_mm512_mask_sub_pd(r, more, r, p);
    *now = (pack_lanes)_mm512_mask_mul_pd(p, more, p, (__m512d)factor);
    *n = (pack_bits)_mm512_mask_add_epi64((__m512i)*n, more, (__m512i)*n, _mm512_set1_epi64(1));
    return more;
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

static inline int pack_search_step(pack_lanes *rest, pack_lanes *now, pack_bits *n,
                                   pack_lanes factor)
{
    const pack_bits more = (pack_bits)(*rest >= *now);
    const pack_lanes next = *now * factor;
    *rest -= (pack_lanes)((pack_bits)*now & more);
    *now = (pack_lanes)(((pack_bits)next & more) | ((pack_bits)*now & ~more));
    *n -= more;
#if defined(__AVX2__)
    return _mm256_movemask_pd((__m256d)more);
#else
    return (more[0] | more[1]) != 0;
#endif
}

#endif
#endif
