/* core/rng.c - Philox 4x32-10 (Salmon, Moraes, Dror, Shaw, SC 2011) through Random123's header.
 *
 * Draw i of a stream is half of the block at counter {i / 2, stream}: 2^65 draws in each of 2^64
 * streams of 2^64 seeds. */
#include "core/rng.h"

#include <Random123/philox.h>
#include <gsl/gsl_cdf.h>
#include <limits.h>

void rng_block(uint64_t seed, const uint32_t counter[4], uint32_t out[4])
{
    const philox4x32_ctr_t c = {{counter[0], counter[1], counter[2], counter[3]}};
    const philox4x32_key_t k = {{(uint32_t)seed, (uint32_t)(seed >> 32)}};
    const philox4x32_ctr_t r = philox4x32_R(10, c, k);
    for (size_t i = 0; i < 4; i++) {
        out[i] = r.v[i];
    }
}

uint64_t rng_next(rng_stream *r)
{
    const uint64_t block = r->index / 2;
    const uint32_t counter[4] = {(uint32_t)block, (uint32_t)(block >> 32), (uint32_t)r->stream,
                                 (uint32_t)(r->stream >> 32)};
    uint32_t words[4];
    rng_block(r->seed, counter, words);
    const size_t half = 2 * (size_t)(r->index % 2);
    r->index++;
    return words[half] | (uint64_t)words[half + 1] << 32;
}

double rng_uniform(rng_stream *r)
{
    return ((double)(rng_next(r) >> 12) + 0.5) * 0x1p-52;
}

/* Lemire (2019), "Fast random integer generation in an interval". */
uint64_t rng_below(rng_stream *r, uint64_t n)
{
    __extension__ typedef unsigned __int128 wide;
    const uint64_t refused = (0 - n) % n;
    wide product = 0;
    do {
        product = (wide)rng_next(r) * n;
    } while ((uint64_t)product < refused);
    return (uint64_t)(product >> 64);
}

double rng_normal(rng_stream *r)
{
    return gsl_cdf_ugaussian_Pinv(rng_uniform(r));
}

static void gsl_set(void *state, unsigned long seed)
{
    rng_stream *r = state;
    *r = rng_at(seed, 0);
}

static unsigned long gsl_get(void *state)
{
    return (unsigned long)rng_next(state);
}

static double gsl_get_double(void *state)
{
    return rng_uniform(state);
}

const gsl_rng_type *rng_gsl_type(void)
{
    static const gsl_rng_type type = {
        "philox4x32-10", ULONG_MAX, 0, sizeof(rng_stream), gsl_set, gsl_get, gsl_get_double,
    };
    return &type;
}
