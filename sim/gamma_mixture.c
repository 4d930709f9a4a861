/* sim/gamma_mixture.c - distribution and quantile of a gamma variable whose shape is a Poisson
 * number plus a constant: half a non-central chi-square variable. For tables, not for loops.
 *
 * With P_n = P(shape + n, y) the lower sum runs down by P_n = P_{n+1} + y^(a+n) e^-y / Gamma(a+n+1)
 * and the upper one up by the same step of 1 - P_n: both add positive terms only. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>

#include "sim/variance_law_internal.h"

double ln_gamma(double x)
{
    int sign = 0;
    return lgamma_r(x, &sign);
}

/* Poisson's mean and the numbers that matter: 10 standard deviations and some. */
typedef struct span {
    double first, last;
    size_t n;
} span;

static span span_of(double mu)
{
    const double width = 10.0 * sqrt(mu) + 30.0;
    span s = {floor(fmax(0.0, mu - width)), mu > 0.0 ? ceil(mu + width) : 0.0, 0};
    s.n = (size_t)(s.last - s.first) + 1;
    return s;
}

static double poisson_at(double n, double mu)
{
    return mu > 0.0 ? exp(n * log(mu) - mu - ln_gamma(n + 1.0)) : 1.0;
}

/* y^(s) e^-y / Gamma(s + 1) */
static double gamma_term(double s, double y)
{
    return exp(s * log(y) - y - ln_gamma(s + 1.0));
}

mixture_point gamma_mixture(double y, double shape, double mu)
{
    const span s = span_of(mu);
    mixture_point out = {0.0, 0.0, 0.0};
    double p = poisson_at(s.last, mu), t = gamma_term(shape + s.last, y);
    double part = gsl_sf_gamma_inc_P(shape + s.last, y);
    for (size_t k = 0; k < s.n; k++) {
        const double n = s.last - (double)k;
        out.below += p * part;
        out.density += p * t * (shape + n) / y;
        p *= n / fmax(mu, 1e-300);
        t = t > 1e-250 ? t * (shape + n) / y : gamma_term(shape + n - 1.0, y);
        part += t;
    }
    p = poisson_at(s.first, mu);
    t = gamma_term(shape + s.first, y);
    part = shape + s.first > 0.0 ? gsl_sf_gamma_inc_Q(shape + s.first, y) : 0.0;
    for (size_t k = 0; k < s.n; k++) {
        const double n = s.first + (double)k;
        out.above += p * part;
        part += t;
        t *= y / (shape + n + 1.0);
        p *= mu / (n + 1.0);
    }
    return out;
}

/* Cornish and Fisher (1938) to the third order, from the cumulants (r-1)! (shape + r mu). */
static double expansion_root(double z, double shape, double mu)
{
    const double variance = shape + 2.0 * mu, sd = sqrt(variance);
    const double g1 = 2.0 * (shape + 3.0 * mu) / (variance * sd);
    const double g2 = 6.0 * (shape + 4.0 * mu) / (variance * variance);
    const double g3 = 24.0 * (shape + 5.0 * mu) / (variance * variance * sd);
    const double z2 = z * z, z3 = z2 * z, z4 = z2 * z2;
    const double w = z + (z2 - 1.0) * g1 / 6.0 + (z3 - 3.0 * z) * g2 / 24.0 -
                     (2.0 * z3 - 5.0 * z) * g1 * g1 / 36.0 + (z4 - 6.0 * z2 + 3.0) * g3 / 120.0 -
                     (z4 - 5.0 * z2 + 2.0) * g1 * g2 / 24.0 +
                     (12.0 * z4 - 53.0 * z2 + 17.0) * g1 * g1 * g1 / 324.0;
    return sqrt(shape + mu + sd * w);
}

/* Newton's method for z as a function of the root, which is close to a line. */
double gamma_mixture_root(double z, double shape, double mu)
{
    const double mean = shape + mu, slope = 0.5 * sqrt((shape + 2.0 * mu) / mean);
    if (mean > 2e4) {
        return expansion_root(z, shape, mu);
    }
    double s = fmax(sqrt(mean) + slope * z - 0.25 / sqrt(mean), 0.3);
    for (int i = 0; i < 40; i++) {
        const mixture_point at = gamma_mixture(s * s, shape, mu);
        const double here =
            at.below < 0.5 ? gsl_cdf_ugaussian_Pinv(at.below) : gsl_cdf_ugaussian_Qinv(at.above);
        const double normal = exp(-0.5 * here * here) / sqrt(2.0 * M_PI);
        const double change = fmin((here - z) * normal / (2.0 * s * at.density), 0.7 * s);
        s -= change;
        if (fabs(change) < 1e-14 * s) {
            break;
        }
    }
    return s;
}

/* Bisection of ln Y, a little of it by Newton's method; means above 300 by the expansion, whose
 * error there is 1e-5 of a standard deviation for one path in 75,000. */
double gamma_mixture_low(double z, double shape, double mu)
{
    if (shape + mu > 300.0) {
        const double root = expansion_root(z, shape, mu);
        return root * root;
    }
    const double target = gsl_cdf_ugaussian_P(z);
    double low = -650.0, high = log(shape + mu), at = high - 1.0;
    for (int i = 0; i < 200 && high - low > 1e-13 * fabs(low); i++) {
        const double y = exp(at);
        const mixture_point here = gamma_mixture(y, shape, mu);
        low = here.below < target ? at : low;
        high = here.below < target ? high : at;
        const double next = at - log(here.below / target) * here.below / (here.density * y);
        at = next > low && next < high ? next : 0.5 * (low + high);
        if (fabs(next - at) < 1e-12 && fabs(log(here.below / target)) < 1e-11) {
            break;
        }
    }
    return exp(at);
}
