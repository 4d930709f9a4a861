/* sim/sobol.c - Sobol points by index: Sobol (1967), direction numbers of Joe and Kuo (2008),
 * scrambled.
 *
 * Point k is the exclusive or of the v_j of the bits j set in k: no Gray code, so that the points
 * of an aligned block of 2^b are those of block 0 with one word added to all. With s the degree and
 * a_i the coefficients of a dimension's primitive polynomial, v_k = a_1 v_(k-1) ^ ... ^ a_(s-1)
 * v_(k-s+1) ^ v_(k-s) ^ (v_(k-s) >> s). Matousek's scrambling multiplies each v by a random
 * lower-triangular matrix of bits with a unit diagonal: once, when the points are set up. */
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "sim/paths_internal.h"
#include "sim/sobol_internal.h"

enum { WORD_BITS = 64 };

/* Random words of one dimension, at the counters {replicate, 0, dimension, DRAW_QUASI + i}. */
typedef struct word_source {
    uint64_t seed;
    uint32_t replicate, dimension, n_used;
    uint32_t block[4];
} word_source;

static uint64_t next_word(word_source *r)
{
    const size_t half = r->n_used % 2;
    if (half == 0) {
        const uint32_t counter[4] = {r->replicate, 0, r->dimension, DRAW_QUASI + r->n_used / 2};
        rng_block(r->seed, counter, r->block);
    }
    r->n_used++;
    return r->block[2 * half] | (uint64_t)r->block[2 * half + 1] << 32;
}

void sobol_directions(const sobol_row *row, uint64_t v[SOBOL_INDEX_BITS])
{
    const uint32_t s = row->degree;
    for (uint32_t k = 0; k < SOBOL_INDEX_BITS; k++) {
        if (s == 0) {
            v[k] = UINT64_C(1) << (WORD_BITS - 1 - k);
        } else if (k < s) {
            v[k] = (uint64_t)row->m[k] << (WORD_BITS - 1 - k);
        } else {
            v[k] = v[k - s] ^ (v[k - s] >> s);
            for (uint32_t i = 1; i < s; i++) {
                const uint64_t a = row->coefficients >> (s - 1 - i) & 1U;
                v[k] ^= (0 - a) & v[k - i];
            }
        }
    }
}

/* v becomes L v; column j of L is 0 above its bit j, 1 there, random below. */
static void multiply_by_random_matrix(uint64_t v[SOBOL_INDEX_BITS], word_source *random)
{
    uint64_t column[SOBOL_INDEX_BITS];
    for (uint32_t j = 0; j < SOBOL_INDEX_BITS; j++) {
        const uint64_t diagonal = UINT64_C(1) << (WORD_BITS - 1 - j);
        column[j] = diagonal | (next_word(random) & (diagonal - 1));
    }
    for (uint32_t k = 0; k < SOBOL_INDEX_BITS; k++) {
        uint64_t product = 0;
        for (uint64_t rest = v[k]; rest != 0; rest &= rest - 1) {
            product ^= column[WORD_BITS - 1 - (uint32_t)__builtin_ctzll(rest)];
        }
        v[k] = product;
    }
}

fel_status sobol_init(sobol *out, size_t n_dims, uint64_t seed, uint32_t replicate,
                      sobol_scrambling scrambling)
{
    if (n_dims == 0 || n_dims > SOBOL_MAX_DIMS) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu Sobol dimensions, allowed are 1 to %d", n_dims,
                         SOBOL_MAX_DIMS);
    }
    sobol made = {n_dims, calloc(n_dims * SOBOL_INDEX_BITS, sizeof(uint64_t)),
                  calloc(n_dims, sizeof(uint64_t))};
    if (made.directions == NULL || made.shift == NULL) {
        sobol_clear(&made);
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu Sobol dimensions", n_dims);
    }
    for (size_t d = 0; d < n_dims; d++) {
        uint64_t *v = made.directions + d * SOBOL_INDEX_BITS;
        word_source random = {.seed = seed, .replicate = replicate, .dimension = (uint32_t)d};
        sobol_row row;
        sobol_table_row(d, &row);
        sobol_directions(&row, v);
        if (scrambling == SOBOL_SCRAMBLED) {
            multiply_by_random_matrix(v, &random);
        }
        if (scrambling != SOBOL_PLAIN) {
            made.shift[d] = next_word(&random);
        }
    }
    *out = made;
    return FEL_OK;
}

void sobol_clear(sobol *points)
{
    free(points->directions);
    free(points->shift);
    memset(points, 0, sizeof(*points));
}

uint64_t sobol_coordinate(const sobol *points, size_t dimension, uint64_t index)
{
    const uint64_t *v = points->directions + dimension * SOBOL_INDEX_BITS;
    uint64_t x = points->shift[dimension];
    for (uint64_t rest = index; rest != 0; rest &= rest - 1) {
        x ^= v[__builtin_ctzll(rest)];
    }
    return x;
}

KERNEL_DECLARE(void, sobol_points, f32, (const sobol_args *));
KERNEL_DECLARE(void, sobol_points, f64, (const sobol_args *));

sobol_fn *sobol_uniforms(path_precision precision, cpu_level level)
{
    static sobol_fn *const table[2][CPU_N_LEVELS] = {KERNEL_LEVELS(sobol_points, f32),
                                                     KERNEL_LEVELS(sobol_points, f64)};
    return table[precision][level];
}
