/* sim/philox_kernel.c - Philox 4x32-10 across paths, its words made standard normals.
 *
 * Salmon, Moraes, Dror, Shaw (2011). A 64-bit lane carries one 32-bit word of the state: the upper
 * half is what the product leaves there, ignored by the next product and cut off at the end. The
 * one thing that compilers do not find by themselves is the 32 x 32 -> 64 bit product.
 *
 * Normals are inverse distribution functions of single words, never of pairs, so that antithetic
 * draws, quasi-random points and the uniform of the quadratic-exponential scheme fit in. */
#include "sim/kernels_internal.h"
#include "sim/probit_internal.h"
#include "sim/vmath_internal.h"

/* Copied to where the length is a constant. */
#define COPIED static inline __attribute__((always_inline))

#if defined(__SSE2__)
#include <immintrin.h>
#endif

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "float draws are halves of 64-bit words");

#define LANES ((size_t)PACK_LANES)

/* Rounds of some states are interleaved to hide the latency of products. */
enum { STATES = 4 };

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

/* Of one counter a lane. */
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

/* n counters from first; n is a multiple of STATES LANES. */
static void draw_words(const philox_args *args, uint64_t first, size_t n, uint64_t *restrict a,
                       uint64_t *restrict b)
{
    lanes index = {0};
    for (size_t i = 0; i < LANES; i++) {
        index[i] = first + i;
    }
    for (size_t i = 0; i < n; i += STATES * LANES) {
        uint32_t key_low = (uint32_t)args->seed, key_high = (uint32_t)(args->seed >> 32);
        state s[STATES];
#pragma GCC unroll 4
        for (size_t k = 0; k < STATES; k++) {
            s[k] = first_state(index, args);
            index += LANES;
        }
#pragma GCC unroll 10
        for (int round = 0; round < 10; round++) {
#pragma GCC unroll 4
            for (size_t k = 0; k < STATES; k++) {
                s[k] = one_round(s[k], key_low, key_high);
            }
            key_low += UINT32_C(0x9E3779B9);
            key_high += UINT32_C(0xBB67AE85);
        }
#pragma GCC unroll 4
        for (size_t k = 0; k < STATES; k++) {
            store_words(&s[k], a + i + k * LANES, b + i + k * LANES);
        }
    }
}

/* ---- words to uniforms to normals --------------------------------------------------------------
 */

#if REAL_BITS == 64
typedef pack_lanes reals;
typedef pack_bits ints;
#define probit_group  probit_group_f64
#define probit_is_far probit_is_far_f64
#else
typedef probit_floats reals;
typedef probit_ints ints;
#define probit_group  probit_group_f32
#define probit_is_far probit_is_far_f32
#endif

enum { CHUNK = 128, HALF = PATH_ALIGN / 2, REALS = sizeof(reals) / sizeof(real) };
enum { GROUP = PROBIT_VECTORS * REALS };

_Static_assert(HALF % GROUP == 0, "a block is whole groups");

/* u in (-1, 1) and gap = 1 - |u| without cancellation. */
typedef struct uniforms {
    reals u[PROBIT_VECTORS], gap[PROBIT_VECTORS];
} uniforms;

/* u is an odd multiple of the smallest step. */
#if REAL_BITS == 64
static inline void centre(uniforms *s, size_t i, const void *words)
{
    lanes word;
    memcpy(&word, words, sizeof(word));
    const pack_lanes d = (pack_lanes)(word >> 12 | UINT64_C(0x3ff0000000000000)) - 1.5;
    s->u[i] = d + d + 0x1p-52; /* exact */
    s->gap[i] = 1.0 - (pack_lanes)((lanes)s->u[i] & UINT64_C(0x7fffffffffffffff));
}
#else
typedef uint32_t halves __attribute__((vector_size(8 * PACK_LANES)));

static inline void centre(uniforms *s, size_t i, const void *words)
{
    ints word;
    memcpy(&word, words, sizeof(word));
    const ints j = word | 1, sign = j >> 31;
    const halves size = ((halves)j ^ (halves)sign) - (halves)sign;
    const ints rest = (ints)(UINT32_C(0x80000000) - size);
    s->u[i] = __builtin_convertvector(j, reals) * 0x1p-31F;
    s->gap[i] = __builtin_convertvector(rest, reals) * 0x1p-31F;
}
#endif

static inline int any_negative(ints x)
{
    real_int all = 0;
    for (size_t i = 0; i < REALS; i++) {
        all |= x[i];
    }
    return all < 0;
}

/* The one path in 65,000 that is far out. */
static void mend_tails(const uniforms *s, real *z)
{
    real u[GROUP], gap[GROUP];
    memcpy(u, s->u, sizeof(u));
    memcpy(gap, s->gap, sizeof(gap));
    for (size_t i = 0; i < GROUP; i++) {
        if (probit_is_far(gap[i])) {
            const real size = (real)probit_tail_f64(0.5 * (double)gap[i]);
            z[i] = u[i] < REAL_C(0.0) ? -size : size;
        }
    }
}

COPIED void group_normals(const uniforms *s, real *z)
{
    reals normal[PROBIT_VECTORS];
    ints far = {0};
    probit_group(s->u, s->gap, normal, &far);
    memcpy(z, normal, sizeof(normal));
    if (any_negative(far)) {
        mend_tails(s, z);
    }
}

/* 1 - Phi(z) = (1 - u) / 2. */
COPIED void group_tails(const uniforms *s, real *tail)
{
    for (size_t i = 0; i < PROBIT_VECTORS; i++) {
        const ints is_high = (ints)(s->u[i] > REAL_C(0.0));
        const reals half = REAL_C(0.5) * s->gap[i], other = REAL_C(1.0) - half;
        const ints found = (is_high & (ints)half) | (~is_high & (ints)other);
        memcpy(tail + i * REALS, &found, sizeof(found));
    }
}

/* Words of a driver to its normals and tails, unless NULL. */
COPIED void finish(const void *words, real *z, real *tail, size_t n)
{
    for (size_t i = 0; i < n; i += GROUP) {
        uniforms s;
        for (size_t k = 0; k < PROBIT_VECTORS; k++) {
            centre(&s, k, (const real *)words + i + k * REALS);
        }
        if (z != NULL) {
            group_normals(&s, z + i);
        }
        if (tail != NULL) {
            group_tails(&s, tail + i);
        }
    }
}

/* n paths from place i of the block; n is a constant where this is called. */
COPIED void draw_chunk(const philox_args *args, size_t i, size_t n)
{
    enum { PER_COUNTER = 64 / REAL_BITS };
    _Alignas(64) uint64_t a[CHUNK], b[CHUNK];
    real *z_a = args->z_a, *z_b = args->z_b, *tail_a = args->tail_a, *tail_b = args->tail_b;
    draw_words(args, (args->first_path + i) / PER_COUNTER, n / PER_COUNTER, a, b);
    finish(a, z_a == NULL ? NULL : z_a + i, tail_a == NULL ? NULL : tail_a + i, n);
    finish(b, z_b == NULL ? NULL : z_b + i, tail_b == NULL ? NULL : tail_b + i, n);
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
    for (size_t i = 0; i < n; i += GROUP) {
        const size_t m = n - i < GROUP ? n - i : GROUP;
        real u[GROUP] = {0}, gap[GROUP], z[GROUP];
        uniforms s;
        memcpy(u, (const real *)in + i, m * sizeof(*u));
        for (size_t k = 0; k < GROUP; k++) {
            gap[k] = REAL_C(1.0) - real_abs(u[k]);
        }
        memcpy(s.u, u, sizeof(u));
        memcpy(s.gap, gap, sizeof(gap));
        group_normals(&s, z);
        memcpy((real *)out + i, z, m * sizeof(*z));
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
