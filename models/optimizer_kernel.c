/* models/optimizer_kernel.c - one pass of an optimiser over one piece of the parameters.
 *
 * Formulas and sources: docs/training.md. What does not depend on the place is worked out in double
 * before (optimizer_pass.c); here are only sums, products, quotients and roots, which vector
 * instructions round as scalar ones do. */
#include "models/optimizer_internal.h"

#if REAL_BITS == 32
#define real_root(x) __builtin_sqrtf(x)
#else
#define real_root(x) __builtin_sqrt(x)
#endif

/* A derivative as clipping leaves it; NaN stays. */
static inline real clipped(real g, real limit, real scale)
{
    const real high = g > limit ? limit : g;
    return (high < -limit ? -limit : high) * scale;
}

/* ---- sums --------------------------------------------------------------------------------------
 */

enum { LANES = 16 };

/* Neighbours are added until one is left. */
static double lanes_sum(double lanes[LANES])
{
    for (size_t width = LANES / 2; width > 0; width /= 2) {
        for (size_t k = 0; k < width; k++) {
            lanes[k] += lanes[k + width];
        }
    }
    return lanes[0];
}

void KERNEL(gradient_norm_of)(optimizer_pass *pass)
{
    const real *restrict g = pass->gradient;
    const real limit = (real)pass->limit;
    double lanes[LANES] = {0.0};
    size_t i = 0;
    for (; i + LANES <= pass->n; i += LANES) {
        for (size_t k = 0; k < LANES; k++) {
            const double x = (double)clipped(g[i + k], limit, REAL_C(1.0));
            lanes[k] += x * x;
        }
    }
    for (size_t k = 0; i + k < pass->n; k++) {
        const double x = (double)clipped(g[i + k], limit, REAL_C(1.0));
        lanes[k] += x * x;
    }
    pass->sums[0] = lanes_sum(lanes);
}

/* lanes += a b / c; c NULL: 1 each. */
static void add_products(double lanes[LANES], const real *a, const real *b, const real *c, size_t n)
{
    size_t i = 0;
    for (; c == NULL && i + LANES <= n; i += LANES) {
        for (size_t k = 0; k < LANES; k++) {
            lanes[k] += (double)a[i + k] * (double)b[i + k];
        }
    }
    for (; c != NULL && i + LANES <= n; i += LANES) {
        for (size_t k = 0; k < LANES; k++) {
            lanes[k] += (double)a[i + k] * (double)b[i + k] / (double)c[i + k];
        }
    }
    for (size_t k = 0; i + k < n; k++) {
        const double product = (double)a[i + k] * (double)b[i + k];
        lanes[k] += c == NULL ? product : product / (double)c[i + k];
    }
}

/* ---- gradient descent --------------------------------------------------------------------------
 */

static void descend(const optimizer_pass *pass, real rate, real decay)
{
    const real *restrict g = pass->gradient;
    real *restrict p = pass->params;
    const real limit = (real)pass->limit, scale = (real)pass->scale;
    for (size_t i = 0; i < pass->n; i++) {
        p[i] -= rate * (clipped(g[i], limit, scale) + decay * p[i]);
    }
}

void KERNEL(move_sgd_of)(optimizer_pass *pass)
{
    const real *restrict g = pass->gradient;
    real *restrict p = pass->params, *restrict velocity = pass->arrays[ARRAY_FIRST];
    const real limit = (real)pass->limit, scale = (real)pass->scale, decay = (real)pass->decay;
    const real rate = (real)pass->c[SGD_RATE], momentum = (real)pass->c[SGD_MOMENTUM];
    const real kept = pass->c[SGD_FIRST] > 0.0 ? REAL_C(0.0) : momentum;
    const int nesterov = pass->c[SGD_NESTEROV] > 0.0;
    if (velocity == NULL) {
        descend(pass, rate, decay);
        return;
    }
    for (size_t i = 0; i < pass->n; i++) {
        const real now = clipped(g[i], limit, scale) + decay * p[i];
        const real v = kept * velocity[i] + now;
        velocity[i] = v;
        p[i] -= rate * (nesterov ? now + momentum * v : v);
    }
}

/* ---- moments -----------------------------------------------------------------------------------
 */

void KERNEL(move_adam_of)(optimizer_pass *pass)
{
    const real *restrict g = pass->gradient;
    real *restrict p = pass->params;
    real *restrict m = pass->arrays[ARRAY_FIRST], *restrict v = pass->arrays[ARRAY_SECOND];
    const double *c = pass->c;
    const int decoupled = c[ADAM_DECOUPLED] > 0.0;
    const real limit = (real)pass->limit, scale = (real)pass->scale;
    const real decay = decoupled ? REAL_C(0.0) : (real)pass->decay;
    const real keep = decoupled ? (real)(1.0 - c[ADAM_RATE] * pass->decay) : REAL_C(1.0);
    const real beta1 = (real)c[ADAM_BETA1], gain1 = (real)(1.0 - c[ADAM_BETA1]);
    const real beta2 = (real)c[ADAM_BETA2], gain2 = (real)(1.0 - c[ADAM_BETA2]);
    const real step = (real)c[ADAM_STEP], root = (real)c[ADAM_ROOT];
    const real epsilon = (real)c[ADAM_EPSILON];
    for (size_t i = 0; i < pass->n; i++) {
        const real now = clipped(g[i], limit, scale) + decay * p[i];
        const real first = beta1 * m[i] + gain1 * now;
        const real second = beta2 * v[i] + gain2 * now * now;
        m[i] = first;
        v[i] = second;
        p[i] = keep * p[i] - step * (first / (real_root(second) * root + epsilon));
    }
}

void KERNEL(move_nadam_of)(optimizer_pass *pass)
{
    const real *restrict g = pass->gradient;
    real *restrict p = pass->params;
    real *restrict m = pass->arrays[ARRAY_FIRST], *restrict v = pass->arrays[ARRAY_SECOND];
    const double *c = pass->c;
    const real limit = (real)pass->limit, scale = (real)pass->scale, decay = (real)pass->decay;
    const real beta1 = (real)c[NADAM_BETA1], gain1 = (real)(1.0 - c[NADAM_BETA1]);
    const real beta2 = (real)c[NADAM_BETA2], gain2 = (real)(1.0 - c[NADAM_BETA2]);
    const real by_now = (real)c[NADAM_NOW], by_next = (real)c[NADAM_NEXT];
    const real root = (real)c[NADAM_ROOT], epsilon = (real)c[NADAM_EPSILON];
    for (size_t i = 0; i < pass->n; i++) {
        const real now = clipped(g[i], limit, scale) + decay * p[i];
        const real first = beta1 * m[i] + gain1 * now;
        const real second = beta2 * v[i] + gain2 * now * now;
        m[i] = first;
        v[i] = second;
        p[i] -= (by_now * now + by_next * first) / (real_root(second) * root + epsilon);
    }
}

/* Compiled once for each of the four kinds: a loop without questions. */
static inline __attribute__((always_inline)) void rmsprop(const optimizer_pass *pass,
                                                          int has_momentum, int is_centered)
{
    const real *restrict g = pass->gradient;
    real *restrict p = pass->params, *restrict square = pass->arrays[ARRAY_FIRST];
    real *restrict velocity = pass->arrays[ARRAY_SECOND], *restrict mean =
                                                              pass->arrays[ARRAY_THIRD];
    const real limit = (real)pass->limit, scale = (real)pass->scale, decay = (real)pass->decay;
    const real alpha = (real)pass->c[RMS_ALPHA], gain = (real)(1.0 - pass->c[RMS_ALPHA]);
    const real rate = (real)pass->c[RMS_RATE], momentum = (real)pass->c[RMS_MOMENTUM];
    const real epsilon = (real)pass->c[RMS_EPSILON];
    for (size_t i = 0; i < pass->n; i++) {
        const real now = clipped(g[i], limit, scale) + decay * p[i];
        const real second = alpha * square[i] + gain * now * now;
        real spread = second;
        square[i] = second;
        if (is_centered) {
            const real first = alpha * mean[i] + gain * now;
            mean[i] = first;
            spread = second - first * first;
            spread = spread > REAL_C(0.0) ? spread : REAL_C(0.0); /* below it by rounding alone */
        }
        real way = now / (real_root(spread) + epsilon);
        if (has_momentum) {
            way += momentum * velocity[i];
            velocity[i] = way;
        }
        p[i] -= rate * way;
    }
}

void KERNEL(move_rmsprop_of)(optimizer_pass *pass)
{
    const int has_momentum = pass->arrays[ARRAY_SECOND] != NULL;
    const int is_centered = pass->arrays[ARRAY_THIRD] != NULL;
    if (has_momentum && is_centered) {
        rmsprop(pass, 1, 1);
    } else if (has_momentum) {
        rmsprop(pass, 1, 0);
    } else if (is_centered) {
        rmsprop(pass, 0, 1);
    } else {
        rmsprop(pass, 0, 0);
    }
}

/* ---- momo --------------------------------------------------------------------------------------
 */

enum { STRIP = 16 * LANES };

/* The diagonal metric of Adam after one more gradient. */
static void gather_metric(const double *c, const real *restrict now, real *restrict v,
                          real *restrict metric, size_t n)
{
    const real beta = (real)c[MOMO_BETA2], gain = (real)(1.0 - c[MOMO_BETA2]);
    const real root = (real)c[MOMO_ROOT], epsilon = (real)c[MOMO_EPSILON];
    for (size_t i = 0; i < n; i++) {
        const real second = beta * v[i] + gain * now[i] * now[i];
        v[i] = second;
        metric[i] = real_root(second) * root + epsilon;
    }
}

static void gather_mean(const double *c, const real *restrict now, real *restrict m, size_t n)
{
    const real beta = (real)c[MOMO_BETA1], gain = (real)c[MOMO_GAIN];
    for (size_t i = 0; i < n; i++) {
        m[i] = beta * m[i] + gain * now[i];
    }
}

/* The averages of one more gradient, and their products that the step size needs. */
void KERNEL(gather_momo_of)(optimizer_pass *pass)
{
    const real *g = pass->gradient, *p = pass->params;
    real *m = pass->arrays[ARRAY_FIRST], *v = pass->arrays[ARRAY_SECOND];
    const real limit = (real)pass->limit, scale = (real)pass->scale;
    double lanes[OPTIMIZER_N_SUMS][LANES] = {{0.0}};
    real now[STRIP], metric[STRIP];
    for (size_t at = 0; at < pass->n; at += STRIP) {
        const size_t n = pass->n - at < STRIP ? pass->n - at : STRIP;
        for (size_t i = 0; i < n; i++) {
            now[i] = clipped(g[at + i], limit, scale);
        }
        gather_mean(pass->c, now, m + at, n);
        if (v != NULL) {
            gather_metric(pass->c, now, v + at, metric, n);
        }
        add_products(lanes[SUM_GRADIENT_PARAMS], now, p + at, NULL, n);
        add_products(lanes[SUM_MEAN_PARAMS], m + at, p + at, NULL, n);
        add_products(lanes[SUM_MEAN_MEAN], m + at, m + at, v != NULL ? metric : NULL, n);
    }
    for (size_t k = 0; k < OPTIMIZER_N_SUMS; k++) {
        pass->sums[k] = lanes_sum(lanes[k]);
    }
}

void KERNEL(move_momo_of)(optimizer_pass *pass)
{
    real *restrict p = pass->params;
    const real *restrict m = pass->arrays[ARRAY_FIRST], *restrict v = pass->arrays[ARRAY_SECOND];
    const real tau = (real)pass->c[MOMO_TAU];
    const real keep = (real)(1.0 / (1.0 + pass->c[MOMO_ALPHA] * pass->decay));
    const real root = (real)pass->c[MOMO_ROOT], epsilon = (real)pass->c[MOMO_EPSILON];
    for (size_t i = 0; v == NULL && i < pass->n; i++) {
        p[i] = (p[i] - tau * m[i]) * keep;
    }
    for (size_t i = 0; v != NULL && i < pass->n; i++) {
        p[i] = (p[i] - tau * (m[i] / (real_root(v[i]) * root + epsilon))) * keep;
    }
}

/* ---- averages ----------------------------------------------------------------------------------
 */

void KERNEL(add_average_of)(optimizer_pass *pass)
{
    const real *restrict p = pass->gradient;
    real *restrict average = pass->average;
    const real share = (real)pass->c[AVERAGE_SHARE];
    for (size_t i = 0; i < pass->n; i++) {
        average[i] += share * (p[i] - average[i]);
    }
}
