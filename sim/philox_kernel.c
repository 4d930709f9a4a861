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

/* Copied to where the length is a constant. */
#define COPIED static inline __attribute__((always_inline))

#if defined(__x86_64__)
#include <immintrin.h>
#endif

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "float draws are halves of 64-bit words");

#if defined(__AVX512F__)
#define LANES ((size_t)8)
#elif defined(__AVX2__)
#define LANES ((size_t)4)
#else
#define LANES ((size_t)2)
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
    for (size_t i = 0; i < n; i += 2 * LANES) {
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

/* Long loops amortise the latency at their ends; half of it serves the shortest blocks. */
enum { CHUNK = 128, HALF = PATH_ALIGN / 2 };

/* CHUNK uniforms on their way to normals. */
typedef struct uniforms {
    real u[CHUNK], gap[CHUNK], w[CHUNK];
} uniforms;

static inline void set_uniform(uniforms *s, size_t i, centred c)
{
    s->u[i] = c.u;
    s->gap[i] = c.gap;
    s->w[i] = -real_log(c.gap * (REAL_C(2.0) - c.gap));
}

static void mend_tails(const uniforms *s, real *z, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (s->w[i] > (real)PROBIT_MOST) {
            const real size = (real)probit_tail_f64(0.5 * (double)s->gap[i]);
            z[i] = s->u[i] < REAL_C(0.0) ? -size : size;
        }
    }
}

/* Apart from the logarithm: together they need more registers than there are. */
COPIED void chunk_normals(const uniforms *s, real *restrict z, size_t n)
{
    real_int n_far = 0;
    for (size_t i = 0; i < n; i++) {
        z[i] = real_probit_middle(s->u[i], s->w[i]);
        n_far += s->w[i] > (real)PROBIT_MOST;
    }
    if (n_far > 0) {
        mend_tails(s, z, n);
    }
}

/* 1 - Phi(z) = (1 - u) / 2. */
COPIED void chunk_tails(const uniforms *s, real *restrict tail, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const real half = REAL_C(0.5) * s->gap[i];
        tail[i] = s->u[i] > REAL_C(0.0) ? half : REAL_C(1.0) - half;
    }
}

/* Words of a driver to its normals, and tails unless NULL. */
COPIED void finish(const real_word *restrict words, real *z, real *tail, size_t n)
{
    uniforms s;
    for (size_t i = 0; i < n; i++) {
        set_uniform(&s, i, centre(words[i]));
    }
    chunk_normals(&s, z, n);
    if (tail != NULL) {
        chunk_tails(&s, tail, n);
    }
}

/* n paths from place i of the block; n is a constant where this is called. */
COPIED void draw_chunk(const philox_args *args, size_t i, size_t n)
{
    enum { PER_COUNTER = 64 / REAL_BITS };
    uint64_t a[CHUNK], b[CHUNK];
    real_word words[CHUNK];
    real *z_a = args->z_a, *z_b = args->z_b, *tail_a = args->tail_a, *tail_b = args->tail_b;
    draw_words(args, (args->first_path + i) / PER_COUNTER, n / PER_COUNTER, a, b);
    memcpy(words, a, n * sizeof(*words));
    finish(words, z_a + i, tail_a == NULL ? NULL : tail_a + i, n);
    if (z_b != NULL) {
        memcpy(words, b, n * sizeof(*words));
        finish(words, z_b + i, tail_b == NULL ? NULL : tail_b + i, n);
    }
}

void KERNEL(philox_normals_of)(const philox_args *args)
{
    size_t i = 0;
    for (; i + CHUNK <= args->n; i += CHUNK) {
        draw_chunk(args, i, CHUNK);
    }
    for (; i < args->n; i += HALF) {
        draw_chunk(args, i, HALF);
    }
}

/* ---- maps -------------------------------------------------------------------------------------
 */

void KERNEL(map_probit_of)(const void *in, void *out, size_t n)
{
    const real *from = in;
    real *to = out, z[CHUNK];
    uniforms s;
    for (size_t i = 0; i < n; i += CHUNK) {
        const size_t m = n - i < CHUNK ? n - i : CHUNK;
        for (size_t k = 0; k < CHUNK; k++) {
            const real u = k < m ? from[i + k] : REAL_C(0.0);
            const centred c = {u, REAL_C(1.0) - real_abs(u)};
            set_uniform(&s, k, c);
        }
        chunk_normals(&s, z, CHUNK);
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
