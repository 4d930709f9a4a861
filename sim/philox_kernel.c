/* sim/philox_kernel.c - Philox 4x32-10 across paths, its words made standard normals.
 *
 * Salmon, Moraes, Dror, Shaw (2011). A 64-bit lane carries one 32-bit word of the state: the upper
 * half is what the product leaves there, ignored by the next product and cut off at the end. The
 * one thing that compilers do not find by themselves is the 32 x 32 -> 64 bit product.
 *
 * Normals are inverse distribution functions of single words, never of pairs, so that antithetic
 * draws, quasi-random points and the uniform of the quadratic-exponential scheme fit in. */
#include "sim/kernels_internal.h"
#include "sim/vmath_internal.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "float draws are halves of 64-bit words");

#if defined(__AVX512F__)
#define LANES 8
#elif defined(__AVX2__)
#define LANES 4
#else
#define LANES 2
#endif

typedef uint64_t lanes __attribute__((vector_size(8 * LANES)));

/* The product of the lower halves. */
static inline lanes low_product(lanes a, lanes b)
{
#if defined(__AVX512F__)
    return (lanes)_mm512_mul_epu32((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
    return (lanes)_mm256_mul_epu32((__m256i)a, (__m256i)b);
#elif defined(__SSE2__)
    return (lanes)_mm_mul_epu32((__m128i)a, (__m128i)b);
#else
    return (a & UINT32_MAX) * (b & UINT32_MAX);
#endif
}

/* The state of one counter a lane; rounds of two states are interleaved to hide the latency of
 * products. */
typedef struct state {
    lanes c0, c1, c2, c3;
} state;

static inline state first_state(lanes index, const philox_args *args)
{
    const lanes zero = {0};
    const state s = {index, index >> 32, zero + args->step, zero + args->draw};
    return s;
}

static inline state one_round(state s, uint32_t key_low, uint32_t key_high)
{
    const lanes zero = {0};
    const lanes p0 = low_product(zero + UINT64_C(0xD2511F53), s.c0);
    const lanes p1 = low_product(zero + UINT64_C(0xCD9E8D57), s.c2);
    const state next = {(p1 >> 32) ^ s.c1 ^ (uint64_t)key_low, p1,
                        (p0 >> 32) ^ s.c3 ^ (uint64_t)key_high, p0};
    return next;
}

static inline void store_words(const state *s, uint64_t *a, uint64_t *b)
{
    const lanes word_a = (s->c0 & UINT32_MAX) | s->c1 << 32;
    const lanes word_b = (s->c2 & UINT32_MAX) | s->c3 << 32;
    memcpy(a, &word_a, sizeof(word_a));
    memcpy(b, &word_b, sizeof(word_b));
}

/* n counters from first; n is a multiple of 2 LANES. */
static void draw_words(const philox_args *args, uint64_t first, size_t n, uint64_t *restrict a,
                       uint64_t *restrict b)
{
    lanes index = {0};
    for (size_t i = 0; i < LANES; i++) {
        index[i] = first + i;
    }
    for (size_t i = 0; i < n; i += 2 * (size_t)LANES) {
        uint32_t key_low = (uint32_t)args->seed, key_high = (uint32_t)(args->seed >> 32);
        state left = first_state(index, args), right = first_state(index + LANES, args);
#pragma GCC unroll 10
        for (int round = 0; round < 10; round++) {
            left = one_round(left, key_low, key_high);
            right = one_round(right, key_low, key_high);
            key_low += UINT32_C(0x9E3779B9);
            key_high += UINT32_C(0xBB67AE85);
        }
        store_words(&left, a + i, b + i);
        store_words(&right, a + i + LANES, b + i + LANES);
        index += 2 * LANES;
    }
}

/* ---- words to uniforms to normals --------------------------------------------------------------
 */

/* u in (-1, 1), odd multiples of the smallest step, and 1 - |u| without cancellation. */
typedef struct centred {
    real u, gap;
} centred;

#if REAL_BITS == 64
static inline centred centre(uint64_t word)
{
    const double d = f64_of_bits(word >> 12 | UINT64_C(0x3ff0000000000000)) - 1.5;
    const double u = __builtin_fma(d, 2.0, 0x1p-52); /* exact: an odd number of 2^-52 */
    const centred c = {u, 1.0 - __builtin_fabs(u)};
    return c;
}
#else
static inline centred centre(uint32_t word)
{
    const int32_t j = (int32_t)(word | 1U), size = j < 0 ? -j : j;
    const int32_t rest = (int32_t)(UINT32_C(0x80000000) - (uint32_t)size);
    const centred c = {(float)j * 0x1p-31F, (float)rest * 0x1p-31F};
    return c;
}
#endif

enum { CHUNK = 64 };

/* Lanes whose w is beyond the polynomial. */
static void mend_tails(const real *u, const real *gap, const real *w, real *z)
{
    for (size_t i = 0; i < CHUNK; i++) {
        if (w[i] > (real)PROBIT_MOST) {
            const real size = (real)probit_tail_f64(0.5 * (double)gap[i]);
            z[i] = u[i] < REAL_C(0.0) ? -size : size;
        }
    }
}

/* z of CHUNK uniforms; returns nothing that depends on neighbours. */
static inline void chunk_normals(const real *restrict u, const real *restrict gap, real *restrict z)
{
    real w[CHUNK];
    real_int n_far = 0;
    for (size_t i = 0; i < CHUNK; i++) {
        w[i] = -real_log(gap[i] * (REAL_C(2.0) - gap[i]));
        n_far += w[i] > (real)PROBIT_MOST;
    }
    for (size_t i = 0; i < CHUNK; i++) { /* apart: together they need too many registers */
        z[i] = real_probit_middle(u[i], w[i]);
    }
    if (n_far > 0) {
        mend_tails(u, gap, w, z);
    }
}

/* 1 - Phi(z) = (1 - u) / 2. */
static inline void chunk_tails(const real *restrict u, const real *restrict gap,
                               real *restrict tail)
{
    for (size_t i = 0; i < CHUNK; i++) {
        const real half = REAL_C(0.5) * gap[i];
        tail[i] = u[i] > REAL_C(0.0) ? half : REAL_C(1.0) - half;
    }
}

/* Words of a driver to its normals, and tails unless NULL. */
static inline void finish(const real_word *restrict words, real *z, real *tail)
{
    real u[CHUNK], gap[CHUNK];
    for (size_t i = 0; i < CHUNK; i++) {
        const centred c = centre(words[i]);
        u[i] = c.u;
        gap[i] = c.gap;
    }
    chunk_normals(u, gap, z);
    if (tail != NULL) {
        chunk_tails(u, gap, tail);
    }
}

void KERNEL(philox_normals_of)(const philox_args *args)
{
    enum { PER_COUNTER = 64 / REAL_BITS };
    uint64_t a[CHUNK], b[CHUNK];
    real_word words[CHUNK];
    real *z_a = args->z_a, *z_b = args->z_b, *tail_a = args->tail_a, *tail_b = args->tail_b;
    for (size_t i = 0; i < args->n; i += CHUNK) {
        draw_words(args, (args->first_path + i) / PER_COUNTER, CHUNK / PER_COUNTER, a, b);
        memcpy(words, a, sizeof(words));
        finish(words, z_a + i, tail_a == NULL ? NULL : tail_a + i);
        if (z_b != NULL) {
            memcpy(words, b, sizeof(words));
            finish(words, z_b + i, tail_b == NULL ? NULL : tail_b + i);
        }
    }
}

/* ---- maps -------------------------------------------------------------------------------------
 */

void KERNEL(map_probit_of)(const void *in, void *out, size_t n)
{
    const real *from = in;
    real *to = out, u[CHUNK], gap[CHUNK], z[CHUNK];
    for (size_t i = 0; i < n; i += CHUNK) {
        const size_t m = n - i < CHUNK ? n - i : CHUNK;
        for (size_t k = 0; k < CHUNK; k++) {
            u[k] = k < m ? from[i + k] : REAL_C(0.0);
            gap[k] = REAL_C(1.0) - real_abs(u[k]);
        }
        chunk_normals(u, gap, z);
        memcpy(to + i, z, m * sizeof(*z));
    }
}

void KERNEL(map_normal_tail_of)(const void *in, void *out, size_t n)
{
    const real *from = in;
    real *to = out;
    for (size_t i = 0; i < n; i++) {
        to[i] = real_normal_tail(from[i]);
    }
}
