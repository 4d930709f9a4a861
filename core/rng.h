/* core/rng.h - counter-based random numbers (Random123 Philox 4x32-10): a number is a function of
 * (seed, stream, index), so results do not depend on threads, order or vector width. */
#ifndef FEL_CORE_RNG_H
#define FEL_CORE_RNG_H

#include <gsl/gsl_rng.h>

#include <feller/base.h>

/* Four 32-bit words for a key (seed) and a 128-bit counter {c0, c1, c2, c3}. */
void rng_block(uint64_t seed, const uint32_t counter[4], uint32_t out[4]);

/* A place in a stream; plain data. */
typedef struct rng_stream {
    uint64_t seed, stream, index; /* index counts 64-bit draws */
} rng_stream;

static inline rng_stream rng_at(uint64_t seed, uint64_t stream)
{
    const rng_stream r = {seed, stream, 0};
    return r;
}
uint64_t rng_next(rng_stream *r);
/* In (0, 1), never 0 or 1: the middle of one of 2^52 equal cells. */
double rng_uniform(rng_stream *r);
/* In 0 .. n-1, unbiased. n > 0. */
uint64_t rng_below(rng_stream *r, uint64_t n);
/* Standard normal by the inverse distribution function (one draw each). */
double rng_normal(rng_stream *r);

/* The same stream as a gsl_rng: gsl_rng_set(r, seed) starts stream 0 of that seed. */
const gsl_rng_type *rng_gsl_type(void);

#endif
