/* hedge/book_extreme_kernel.c - how means of extremes move with the price; in double only.
 *
 * x = ln(level / S), w = s^2 = vol^2 t, a = 2 carry / vol^2, e = a s / 2, z = (w / 2 - x) / s. With
 * eta = 1 for the maximum, -1 for the minimum,
 *   F = exp(carry t) N(eta (z + e)),  G = exp(a x) N(eta (z - e)),
 *   d/dS E = F + G + (F - G) / a,     d2/dS2 E = (2 eta P / s + (1 - a) G) / S,
 *   P = exp(a (w / 2 + x) / 2 - e^2 / 2) phi(z)
 * (Goldman, Sosin, Gatto 1979; Conze, Viswanathan 1991, differentiated by homogeneity of degree 1).
 * Where e is small (F - G) / a = eta s P (M' + e^2 M''' / 6 + e^4 M^(5) / 120 + ...) at y = eta z,
 * M = N / phi, M' = 1 + y M, M^(k+1) = k M^(k-1) + y M^(k): no carry is no singularity. */
#include "core/real.h"
#include "hedge/book_internal.h"

#if REAL_BITS == 64
#include "core/vmath.h"

void KERNEL(book_extreme)(const extreme_job *job);

#define LEAST_DEVIATION  1e-6
#define SMALL            0.05
#define ROOT_2PI         2.50662827463100050241577
#define INVERSE_ROOT_2PI 0.398942280401432677939946

/* M(y) = N(y) / phi(y). */
static inline double mills(double y)
{
    const double size = __builtin_fabs(y), far = size < 37.5 ? size : 37.5;
    const double ratio = normal_ratio_f64(far);
    return ROOT_2PI * (y > 0.0 ? exp_f64(0.5 * far * far) - ratio : ratio);
}

/* factor N(y), given factor exp(-y^2 / 2), which does not overflow where the factor does. */
static inline double share(double y, double factor, double bell)
{
    const double size = __builtin_fabs(y), far = size < 37.5 ? size : 37.5;
    const double tail = bell * normal_ratio_f64(far);
    return y > 0.0 ? factor - tail : tail;
}

/* M'(y) + e^2 M'''(y) / 6 + ...; y at most a few. */
static inline double odd_part(double y, double mills, double e)
{
    const double m1 = REAL_FMA(y, mills, 1.0);
    const double m2 = REAL_FMA(y, m1, mills);
    const double m3 = REAL_FMA(y, m2, 2.0 * m1);
    const double m4 = REAL_FMA(y, m3, 3.0 * m2);
    const double m5 = REAL_FMA(y, m4, 4.0 * m3);
    const double m6 = REAL_FMA(y, m5, 5.0 * m4);
    const double m7 = REAL_FMA(y, m6, 6.0 * m5);
    const double e2 = e * e;
    const double high = REAL_FMA(e2 * (1.0 / 5040.0), m7, m5 * (1.0 / 120.0));
    return REAL_FMA(e2, REAL_FMA(e2, high, m3 * (1.0 / 6.0)), m1);
}

void KERNEL(book_extreme)(const extreme_job *job)
{
    const double *restrict spot = job->spot, *restrict variance = job->variance;
    const double *restrict level = job->level;
    double *restrict delta = job->delta, *restrict gamma = job->gamma;
    const double t = job->t_years, carry = job->carry_t, eta = job->sign, scale = job->scale;
    const double growth = exp_f64(carry), shift = eta * job->shift;
    const size_t n = job->n;
    ARRAYS_APART
    for (size_t i = 0; i < n; i++) {
        const double root = __builtin_sqrt(variance[i] * t);
        const double s = root > LEAST_DEVIATION ? root : LEAST_DEVIATION;
        const double one_over_s = 1.0 / s;
        const double moved = shift * __builtin_sqrt(variance[i]);
        const double far = log_f64(level[i] / spot[i]) + moved;
        const double x = eta * far > 0.0 ? far : 0.0;
        const double e = carry * one_over_s, a = 2.0 * e * one_over_s;
        const double z = REAL_FMA(-x, one_over_s, 0.5 * s), y = eta * z;
        const double bell = exp_f64(0.5 * (a * REAL_FMA(0.5 * s, s, x) - e * e - z * z));
        const double p = bell * INVERSE_ROOT_2PI;
        const double f = share(eta * (z + e), growth, bell);
        const double g = share(eta * (z - e), exp_f64(a * x), bell);
        const double by_series = eta * s * p * odd_part(y, mills(y), e);
        const double apart = (f - g) / (a != 0.0 ? a : 1.0);
        const double last = e < SMALL && e > -SMALL ? by_series : apart;
        const double size = scale * exp_f64(-moved);
        delta[i] = REAL_FMA(size, f + g + last, delta[i]);
        const double bend = REAL_FMA(2.0 * eta * p, one_over_s, (1.0 - a) * g);
        gamma[i] = REAL_FMA(size / spot[i], bend, gamma[i]);
    }
}
#endif
