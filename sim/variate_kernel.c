/* sim/variate_kernel.c - what makes normals of different paths alike: mirror images (antithetic
 * variates) and matched moments. Sums are taken in sixteen strands, then pairwise: an order that no
 * vector width changes. */
#include "sim/paths_internal.h"

enum { STRANDS = 16 };

void KERNEL(mirror_normals_of)(void *z, void *tail, size_t n_pairs);
void KERNEL(match_moments_of)(void *z, size_t n);

/* to[2 i] = from[i], to[2 i + 1] = sign from[i] + offset, in place from the last strand to the
 * first: what is written lies at or behind what is read. */
static void interleave(real *x, real sign, real offset, size_t n_pairs)
{
    for (size_t at = n_pairs; at >= STRANDS; at -= STRANDS) {
        const real *from = x + at - STRANDS;
        real *to = x + 2 * (at - STRANDS);
        real own[STRANDS];
        for (size_t i = 0; i < STRANDS; i++) {
            own[i] = from[i];
        }
        for (size_t i = 0; i < STRANDS; i++) {
            to[2 * i] = own[i];
            to[2 * i + 1] = REAL_FMA(sign, own[i], offset);
        }
    }
}

void KERNEL(mirror_normals_of)(void *z, void *tail, size_t n_pairs)
{
    interleave(z, REAL_C(-1.0), REAL_C(0.0), n_pairs);
    if (tail != NULL) {
        interleave(tail, REAL_C(-1.0), REAL_C(1.0), n_pairs);
    }
}

static double sum_strands(double strand[STRANDS])
{
    for (size_t width = STRANDS / 2; width > 0; width /= 2) {
        for (size_t i = 0; i < width; i++) {
            strand[i] += strand[i + width];
        }
    }
    return strand[0];
}

/* Mean first, then squares about it. */
void KERNEL(match_moments_of)(void *z, size_t n)
{
    real *x = z;
    double sum[STRANDS] = {0.0};
    double square[STRANDS] = {0.0};
    for (size_t at = 0; at < n; at += STRANDS) {
        for (size_t i = 0; i < STRANDS; i++) {
            sum[i] += (double)x[at + i];
        }
    }
    const double mean = sum_strands(sum) / (double)n;
    for (size_t at = 0; at < n; at += STRANDS) {
        for (size_t i = 0; i < STRANDS; i++) {
            const double apart = (double)x[at + i] - mean;
            square[i] = __builtin_fma(apart, apart, square[i]);
        }
    }
    const double variance = sum_strands(square) / (double)n;
    const double scale = variance > 0.0 ? 1.0 / __builtin_sqrt(variance) : 1.0;
    for (size_t i = 0; i < n; i++) {
        x[i] = (real)(((double)x[i] - mean) * scale);
    }
}
