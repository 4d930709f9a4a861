/* portfolio/covariance_shrink.c - how far a sample covariance is to be drawn towards a simpler one.
 *
 * Both estimate pi, the variance of the sample covariance's elements, rho, their covariance with
 * the target's, and gamma, the squared distance of target and sample; the shrinkage that loses
 * least is (pi - rho) / (gamma T), within [0, 1]. */
#include <math.h>

#include "portfolio/covariance_internal.h"

static double mix(double *s, size_t n, double shrinkage, double diagonal)
{
    for (size_t i = 0; i < n * n; i++) {
        s[i] *= 1.0 - shrinkage;
    }
    for (size_t i = 0; i < n; i++) {
        s[i * n + i] += shrinkage * diagonal;
    }
    return shrinkage;
}

static double clamp_ratio(double above, double below)
{
    return below > 0.0 ? fmin(fmax(above / below, 0.0), 1.0) : 0.0;
}

double shrink_to_identity(const window *w, double *s)
{
    const size_t n = w->n;
    double trace = 0.0, squares = 0.0, pi = 0.0;
    for (size_t i = 0; i < n; i++) {
        trace += s[i * n + i];
    }
    for (size_t i = 0; i < n * n; i++) {
        squares += s[i] * s[i];
    }
    for (size_t t = 0; t < w->T; t++) {
        double length = 0.0;
        for (size_t i = 0; i < n; i++) {
            length += w->x[t * n + i] * w->x[t * n + i];
        }
        pi += length * length;
    }
    const double T = (double)w->T, level = trace / (double)n;
    pi = pi / T - squares;
    const double gamma = squares - level * trace;
    return mix(s, n, clamp_ratio(pi, gamma * T), level);
}

/* Mean correlation of pairs. */
static double mean_correlation(const double *s, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < i; j++) {
            sum += s[i * n + j] / sqrt(s[i * n + i] * s[j * n + j]);
        }
    }
    return n > 1 ? 2.0 * sum / ((double)n * (double)(n - 1)) : 0.0;
}

/* Of a pair: the asymptotic variance of its covariance, and that one's covariances with both of the
 * variances. */
typedef struct moments {
    double pi, with_i, with_j;
} moments;

static moments pair_moments(const window *w, size_t i, size_t j)
{
    const size_t n = w->n;
    const double s_ij = w->s[i * n + j], s_ii = w->s[i * n + i], s_jj = w->s[j * n + j];
    moments m = {0.0, 0.0, 0.0};
    for (size_t t = 0; t < w->T; t++) {
        const double a = w->x[t * n + i], b = w->x[t * n + j];
        const double off = a * b - s_ij;
        m.pi += off * off;
        m.with_i += (a * a - s_ii) * off;
        m.with_j += (b * b - s_jj) * off;
    }
    m.pi /= (double)w->T;
    m.with_i /= (double)w->T;
    m.with_j /= (double)w->T;
    return m;
}

double shrink_to_constant_correlation(const window *w, double *s)
{
    const size_t n = w->n;
    for (size_t i = 0; i < n; i++) {
        if (!(s[i * n + i] > 0.0)) {
            return shrink_to_identity(w, s); /* a constant has no correlation */
        }
    }
    const double r = mean_correlation(s, n);
    double pi = 0.0, rho = 0.0, gamma = 0.0;
    for (size_t i = 0; i < n; i++) {
        const double own = pair_moments(w, i, i).pi;
        pi += own;
        rho += own;
        for (size_t j = 0; j < i; j++) {
            const moments m = pair_moments(w, i, j);
            const double ratio = sqrt(s[j * n + j] / s[i * n + i]);
            const double gap = r * sqrt(s[i * n + i] * s[j * n + j]) - s[i * n + j];
            pi += 2.0 * m.pi;
            rho += r * (ratio * m.with_i + m.with_j / ratio);
            gamma += 2.0 * gap * gap;
        }
    }
    const double shrinkage = clamp_ratio(pi - rho, gamma * (double)w->T);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            if (i != j) {
                const double target = r * sqrt(s[i * n + i] * s[j * n + j]);
                s[i * n + j] += shrinkage * (target - s[i * n + j]);
            }
        }
    }
    return shrinkage;
}
