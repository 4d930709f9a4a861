/* sim/draw_stream.c - variables that need a random number of draws, as functions of (seed, path,
 * step, draw): each path has its own counters, so no path's draws depend on another's.
 *
 * Poisson: inversion up to a mean of 10, then transformed rejection (Hoermann 1993, PTRS). Gamma:
 * Marsaglia and Tsang (2000). Normal: Marsaglia's polar method. */
#include <math.h>

#include "core/rng.h"
#include "sim/area_law_internal.h"
#include "sim/variance_law_internal.h"

draw_stream draw_stream_at(uint64_t seed, uint64_t path, uint32_t step, uint32_t draw)
{
    const draw_stream s = {.seed = seed, .path = path, .step = step, .draw = draw};
    return s;
}

/* In (0, 1), the middle of one of 2^52 cells. */
double draw_uniform(draw_stream *s)
{
    if (s->n_spare == 0) {
        const uint32_t counter[4] = {(uint32_t)s->path, (uint32_t)(s->path >> 32), s->step,
                                     s->draw++};
        uint32_t words[4];
        rng_block(s->seed, counter, words);
        for (size_t i = 0; i < 2; i++) {
            const uint64_t word = words[2 * i] | (uint64_t)words[2 * i + 1] << 32;
            s->spare[i] = ((double)(word >> 12) + 0.5) * 0x1p-52;
        }
        s->n_spare = 2;
    }
    return s->spare[--s->n_spare];
}

double draw_normal(draw_stream *s)
{
    if (s->has_spare_normal) {
        s->has_spare_normal = 0;
        return s->spare_normal;
    }
    double x = 0.0, y = 0.0, square = 0.0;
    do {
        x = 2.0 * draw_uniform(s) - 1.0;
        y = 2.0 * draw_uniform(s) - 1.0;
        square = x * x + y * y;
    } while (square >= 1.0);
    const double factor = sqrt(-2.0 * log(square) / square);
    s->spare_normal = y * factor;
    s->has_spare_normal = 1;
    return x * factor;
}

/* Shape from 1. */
static double gamma_large(draw_stream *s, double shape)
{
    const double d = shape - 1.0 / 3.0, c = 1.0 / sqrt(9.0 * d);
    for (;;) {
        const double z = draw_normal(s), root = 1.0 + c * z;
        if (root <= 0.0) {
            continue;
        }
        const double cube = root * root * root, u = draw_uniform(s);
        if (u < 1.0 - 0.0331 * z * z * z * z ||
            log(u) < 0.5 * z * z + d * (1.0 - cube + log(cube))) {
            return d * cube;
        }
    }
}

double draw_gamma(draw_stream *s, double shape)
{
    if (shape >= 1.0) {
        return gamma_large(s, shape);
    }
    return shape > 0.0 ? gamma_large(s, shape + 1.0) * pow(draw_uniform(s), 1.0 / shape) : 0.0;
}

static double poisson_small(draw_stream *s, double mean)
{
    double rest = draw_uniform(s), p = exp(-mean), n = 0.0;
    while (rest >= p && n < 200.0) {
        rest -= p;
        n += 1.0;
        p *= mean / n;
    }
    return n;
}

#define NEARLY_NORMAL 1e10 /* beyond it ln Gamma has too few digits, and the skewness is 1e-5 */

double draw_poisson(draw_stream *s, double mean)
{
    if (mean < 10.0) {
        return poisson_small(s, mean);
    }
    if (mean > NEARLY_NORMAL) {
        return floor(mean + sqrt(mean) * draw_normal(s) + 0.5);
    }
    const double b = 0.931 + 2.53 * sqrt(mean), a = -0.059 + 0.02483 * b;
    const double inverse = 1.1239 + 1.1328 / (b - 3.4), most = 0.9277 - 3.6224 / (b - 2.0);
    const double ln_mean = log(mean);
    for (;;) {
        const double u = draw_uniform(s) - 0.5, v = draw_uniform(s), us = 0.5 - fabs(u);
        const double n = floor((2.0 * a / us + b) * u + mean + 0.43);
        if (us >= 0.07 && v <= most) {
            return n;
        }
        if (n < 0.0 || (us < 0.013 && v > us)) {
            continue;
        }
        if (log(v * inverse / (a / (us * us) + b)) <= n * ln_mean - mean - ln_gamma(n + 1.0)) {
            return n;
        }
    }
}
