/* hedge/book_vanilla_kernel.c - delta and gamma of calls, puts and digitals; in double only.
 *
 * With y = exp(-q t), w = S / K: delta = y (a N(sign d1) + sign b phi(d1) / s), gamma = y phi(d1) /
 * (S s) (a sign - b sign d1 / s). One exponential serves N and phi. */
#include "core/real.h"
#include "hedge/book_internal.h"

#if REAL_BITS == 64
#include "core/vmath.h"

void KERNEL(book_vanilla)(const vanilla_job *job);

/* No variance: the limit, a step at the strike. */
#define LEAST_DEVIATION 1e-12

static inline __attribute__((always_inline)) void run(const vanilla_job *job, int has_strikes,
                                                      int has_weight)
{
    const double *restrict spot = job->spot, *restrict variance = job->variance;
    const double *restrict strikes = job->strikes, *restrict weight = job->weight;
    double *restrict delta = job->delta, *restrict gamma = job->gamma;
    const double inverse = 1.0 / job->strike, t = job->t_years, carry = job->carry_t;
    const double sign = job->sign, normal = job->normal, density = job->density;
    const double scale = job->scale * job->yield;
    const size_t n = job->n;
    ARRAYS_APART
    for (size_t i = 0; i < n; i++) {
        const double ratio = has_strikes ? spot[i] / strikes[i] : spot[i] * inverse;
        const double root = __builtin_sqrt(variance[i] * t);
        const double s = root > LEAST_DEVIATION ? root : LEAST_DEVIATION, one_over_s = 1.0 / s;
        const double d1 = REAL_FMA(log_f64(ratio) + carry, one_over_s, 0.5 * s);
        const double size = __builtin_fabs(d1), far = size < 37.5 ? size : 37.5;
        const double half = 0.5 * far, square = half * far, lost = REAL_FMA(half, far, -square);
        const double e = exp_f64(-square), bell = REAL_FMA(-lost, e, e);
        const double tail = bell * normal_ratio_f64(far);
        const double share = sign * d1 < 0.0 ? tail : 1.0 - tail;
        const double phi = size < 37.5 ? 0.398942280401432677939946 * bell : 0.0;
        const double d = REAL_FMA(normal, share, sign * density * one_over_s * phi);
        const double g = sign * phi * one_over_s * (normal - density * d1 * one_over_s) / spot[i];
        const double size_of = has_weight ? scale * weight[i] : scale;
        delta[i] = REAL_FMA(size_of, d, delta[i]);
        gamma[i] = REAL_FMA(size_of, g, gamma[i]);
    }
}

void KERNEL(book_vanilla)(const vanilla_job *job)
{
    if (job->strikes == NULL && job->weight == NULL) {
        run(job, 0, 0);
    } else if (job->weight == NULL) {
        run(job, 1, 0);
    } else if (job->strikes == NULL) {
        run(job, 0, 1);
    } else {
        run(job, 1, 1);
    }
}
#endif
