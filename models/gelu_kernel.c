/* models/gelu_kernel.c - GELU (Hendrycks and Gimpel 2016) exactly: x Phi(x) with the normal
 * distribution function, not its approximation by tanh; slope Phi(x) + x phi(x). One exponential
 * serves both. Errors: docs/models.md. */
#include "core/vmath.h"
#include "models/gelu_internal.h"

#if REAL_BITS == 32
#define FAR REAL_C(12.5)
#else
#define FAR REAL_C(37.5)
#endif
#define INVERSE_ROOT_2PI REAL_C(0.398942280401432677939946059934)

static inline real gelu_at(real x, real *slope)
{
    const real size = x < 0 ? -x : x, t = size < FAR ? size : FAR;
    const real half = REAL_C(0.5) * t, square = half * t, lost = REAL_FMA(half, t, -square);
    const real e = real_exp(-square), density = REAL_FMA(-lost, e, e);
    const real tail = density * real_normal_ratio(t);
    const real share = x < 0 ? tail : 1 - tail;
    *slope = REAL_FMA(x * INVERSE_ROOT_2PI, density, share);
    return x * share;
}

static void exact_row(const real *bias, real *slope, real *out, size_t cols)
{
    ARRAYS_APART
    for (size_t c = 0; c < cols; c++) {
        real s = 0;
        out[c] = gelu_at(slope[c] + bias[c], &s);
        slope[c] = s;
    }
}

/* NaN stays NaN; the slope at 0 is 0. */
static void relu_row(const real *bias, real *slope, real *out, size_t cols)
{
    ARRAYS_APART
    for (size_t c = 0; c < cols; c++) {
        const real x = slope[c] + bias[c];
        out[c] = x <= 0 ? REAL_C(0.0) : x;
        slope[c] = x <= 0 ? REAL_C(0.0) : REAL_C(1.0);
    }
}

void KERNEL(gelu_of)(const gelu_job *job)
{
    const size_t cols = job->cols;
    for (size_t r = 0; r < job->rows; r++) {
        real *slope = (real *)job->slope + r * cols, *out = (real *)job->out + r * cols;
        if (job->kind == ACTIVATION_GELU) {
            exact_row(job->bias, slope, out, cols);
        } else {
            relu_row(job->bias, slope, out, cols);
        }
        if (job->mask != NULL) {
            const real *mask = (const real *)job->mask + r * cols;
            ARRAYS_APART
            for (size_t c = 0; c < cols; c++) {
                slope[c] *= mask[c];
                out[c] *= mask[c];
            }
        }
    }
}

void KERNEL(gelu_back_of)(const gelu_back_job *job)
{
    const size_t cols = job->cols;
    real *d_bias = job->d_bias;
    for (size_t r = 0; r < job->rows; r++) {
        const real *slope = (const real *)job->slope + r * cols;
        real *d = (real *)job->d + r * cols;
        ARRAYS_APART
        for (size_t c = 0; c < cols; c++) {
            const real product = d[c] * slope[c];
            d[c] = product;
            d_bias[c] += product;
        }
    }
}
