/* models/init_kernel.c - Gram-Schmidt, modified and repeated: a vector that lost much of its length
 * to those before it goes through them again (Giraud, Langou, Rozloznik 2005), so that
 * orthogonality is that of the number's precision. Of normal draws it makes Haar measure (the
 * diagonal of R is positive).
 *
 * Sums in double, in eight parts whatever the width of vectors: the same bits at every level. */
#include <math.h>

#include "models/init_internal.h"

enum { PARTS = 8 };

static double sum_parts(const double *part)
{
    return ((part[0] + part[4]) + (part[2] + part[6])) +
           ((part[1] + part[5]) + (part[3] + part[7]));
}

static double dot(const real *restrict a, const real *restrict b, size_t n, size_t step)
{
    double part[PARTS] = {0.0};
    size_t i = 0;
    if (step == 1) {
        for (; i + PARTS <= n; i += PARTS) {
            for (size_t k = 0; k < PARTS; k++) {
                part[k] += (double)a[i + k] * (double)b[i + k];
            }
        }
    }
    for (; i < n; i++) {
        part[i % PARTS] += (double)a[i * step] * (double)b[i * step];
    }
    return sum_parts(part);
}

/* a -= factor b */
static void subtract(real *restrict a, const real *restrict b, double factor, size_t n, size_t step)
{
    if (step == 1) {
        for (size_t i = 0; i < n; i++) {
            a[i] = (real)((double)a[i] - factor * (double)b[i]);
        }
    } else {
        for (size_t i = 0; i < n; i++) {
            a[i * step] = (real)((double)a[i * step] - factor * (double)b[i * step]);
        }
    }
}

/* To length 1; gives the length before. */
static double normalise(real *a, size_t n, size_t step)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += (double)a[i * step] * (double)a[i * step];
    }
    const double length = sqrt(sum), factor = length > 0.0 ? 1.0 / length : 0.0;
    for (size_t i = 0; i < n; i++) {
        a[i * step] = (real)((double)a[i * step] * factor);
    }
    return length;
}

void KERNEL(make_orthonormal_of)(const orthogonal_args *args)
{
    enum { MOST_TURNS = 4 };
    real *values = args->values;
    for (size_t k = 0; k < args->n_vectors; k++) {
        real *a = values + k * args->vector_step;
        double left = normalise(a, args->n, args->step) > 0.0 ? 0.0 : 1.0;
        for (int turn = 0; turn < MOST_TURNS && left < 0.5; turn++) {
            for (size_t j = 0; j < k; j++) {
                const real *b = values + j * args->vector_step;
                subtract(a, b, dot(a, b, args->n, args->step), args->n, args->step);
            }
            left = normalise(a, args->n, args->step);
        }
    }
}
