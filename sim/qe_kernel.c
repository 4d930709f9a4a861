/* sim/qe_kernel.c - a step of the quadratic-exponential scheme (Andersen 2008, "Simple and
 * efficient simulation of the Heston stochastic volatility model"), with and without the martingale
 * correction.
 *
 * Given v, v' has mean m and variance s^2; psi = s^2 / m^2. Where psi <= 3/2, v' = a (b + z)^2:
 * with h = s^2 / 2 and w = sqrt(m^2 - h), a = h / (m + w) and a b^2 = w, so that v' = w + 2 z
 * sqrt(a w) + a z^2, one division and two roots. Elsewhere v' = ln((1 - p) / tail) / beta where
 * tail = 1 - Phi(z) < 1 - p, else 0; with d = s^2 + m^2, beta = 2 m / d and 1 - p = m beta. The
 * branch that no path of a chunk needs is left out; that changes no path. */
#include "sim/scheme_internal.h"
#include "sim/vmath_internal.h"

enum { CHUNK = 128 };

/* Loops are copied into each scheme, where `corrected` is a constant: else some stay scalar. */
#define COPIED static inline __attribute__((always_inline))

typedef struct qe_constants {
    real m0, m1, h0, h1, lever, pull, theta, dt, rest, k0, k1, k2, k3, a;
} qe_constants;

/* A chunk of the step's arrays. ln M = linear - ln(square) / 2, both set by the branch. */
typedef struct qe_chunk {
    const real *v, *z_v, *tail, *z;
    real *next, *area, *x, *linear, *square;
} qe_chunk;

static qe_constants constants_of(const double *c)
{
    const qe_constants q = {
        (real)c[QE_M0],   (real)c[QE_M1],    (real)c[QE_H0], (real)c[QE_H1],   (real)c[QE_LEVER],
        (real)c[QE_PULL], (real)c[QE_THETA], (real)c[QE_DT], (real)c[QE_REST], (real)c[QE_K0],
        (real)c[QE_K1],   (real)c[QE_K2],    (real)c[QE_K3], (real)c[QE_A],
    };
    return q;
}

typedef struct moments {
    real m, h; /* mean, half the variance */
} moments;

COPIED moments moments_of(const qe_constants *q, real v)
{
    const moments k = {REAL_FMA(q->m1, v, q->m0), REAL_FMA(q->h1, v, q->h0)};
    return k;
}

/* psi > 3/2 */
COPIED int is_wide(moments k)
{
    return k.h > REAL_C(0.75) * k.m * k.m;
}

static int count_wide(const qe_constants *q, const real *restrict v)
{
    real_int n = 0;
    for (size_t i = 0; i < CHUNK; i++) {
        n += is_wide(moments_of(q, v[i]));
    }
    return (int)n;
}

/* Where M does not exist: what makes the step the plain one. */
COPIED real plain_correction(const qe_constants *q, real v)
{
    return -REAL_FMA(q->k1 + REAL_C(0.5) * q->k3, v, q->k0);
}

/* M = exp(A a b^2 / (1 - 2 A a)) / sqrt(1 - 2 A a), if 2 A a < 1. */
COPIED void step_quadratic(const qe_constants *q, int corrected, const qe_chunk *c)
{
    const real *restrict v = c->v, *restrict z = c->z_v;
    real *restrict next = c->next, *restrict linear = c->linear, *restrict square = c->square;
    for (size_t i = 0; i < CHUNK; i++) {
        const moments k = moments_of(q, v[i]);
        const real w = real_sqrt(REAL_FMA(k.m, k.m, -k.h)), a = k.h / (k.m + w + REAL_MIN);
        const real value = REAL_FMA(z[i], REAL_FMA(a, z[i], REAL_C(2.0) * real_sqrt(a * w)), w);
        next[i] = value > REAL_C(0.0) ? value : REAL_C(0.0);
        if (corrected) {
            const real left = REAL_FMA(REAL_C(-2.0) * q->a, a, REAL_C(1.0));
            const real own = q->a * w / left, plain = plain_correction(q, v[i]);
            linear[i] = left > REAL_C(0.0) ? own : plain;
            square[i] = left > REAL_C(0.0) ? left : REAL_C(1.0);
        }
    }
}

/* M = p + beta (1 - p) / (beta - A) = (left + 2 A m^2) / left with left = 2 m - A d, if A < beta.
 */
COPIED void step_exponential(const qe_constants *q, int corrected, const qe_chunk *c)
{
    const real *restrict v = c->v, *restrict tail = c->tail;
    real *restrict next = c->next, *restrict linear = c->linear, *restrict square = c->square;
    for (size_t i = 0; i < CHUNK; i++) {
        const moments k = moments_of(q, v[i]);
        const real twice = k.m + k.m + REAL_MIN;
        const real d = REAL_FMA(k.m, k.m, k.h + k.h);
        const real ratio = twice * k.m / (d * tail[i]); /* (1 - p) / tail */
        const real grown = ratio > REAL_C(1.0) ? ratio : REAL_C(1.0);
        const real value = real_log(grown) * (d / twice);
        next[i] = is_wide(k) ? value : next[i];
        if (corrected) {
            const real left = REAL_FMA(-q->a, d, twice), plain = plain_correction(q, v[i]);
            const real over = left / REAL_FMA(q->a * twice, k.m, left), own = over * over;
            const real exponent = left > REAL_C(0.0) ? REAL_C(0.0) : plain;
            const real factor = left > REAL_C(0.0) ? own : REAL_C(1.0);
            linear[i] = is_wide(k) ? exponent : linear[i];
            square[i] = is_wide(k) ? factor : square[i];
        }
    }
}

COPIED void move_price(const qe_constants *q, int corrected, const qe_chunk *c)
{
    const real *restrict v = c->v, *restrict next = c->next, *restrict z = c->z;
    const real *restrict linear = c->linear, *restrict square = c->square;
    real *restrict area = c->area, *restrict x = c->x;
    for (size_t i = 0; i < CHUNK; i++) {
        const real mean = REAL_C(0.5) * (v[i] + next[i]), part = q->dt * mean;
        real push;
        if (corrected) {
            const real log_m = REAL_FMA(REAL_C(-0.5), real_log(square[i]), linear[i]);
            push = REAL_FMA(q->k2, next[i], REAL_FMA(REAL_C(-0.5) * q->k3, v[i], -log_m));
        } else {
            const real change = REAL_FMA(q->pull, mean - q->theta, next[i] - v[i]);
            push = REAL_FMA(q->lever, change, REAL_C(-0.5) * part);
        }
        area[i] = part;
        x[i] += REAL_FMA(real_sqrt(q->rest * part), z[i], push);
    }
}

COPIED void step(const step_args *args, int corrected)
{
    const qe_constants q = constants_of(args->law->c);
    real linear[CHUNK] = {0}, square[CHUNK] = {0};
    for (size_t i = 0; i < args->n; i += CHUNK) {
        const qe_chunk c = {
            .v = (const real *)args->v + i,
            .z_v = (const real *)args->z_variance + i,
            .tail = (const real *)args->tail_variance + i,
            .z = (const real *)args->z_price + i,
            .next = (real *)args->v_next + i,
            .area = (real *)args->area + i,
            .x = (real *)args->x + i,
            .linear = linear,
            .square = square,
        };
        const int n_wide = count_wide(&q, c.v);
        if (n_wide < CHUNK) {
            step_quadratic(&q, corrected, &c);
        }
        if (n_wide > 0) {
            step_exponential(&q, corrected, &c);
        }
        move_price(&q, corrected, &c);
    }
}

void KERNEL(step_qe)(const step_args *args)
{
    step(args, 0);
}

void KERNEL(step_qe_m)(const step_args *args)
{
    step(args, 1);
}
