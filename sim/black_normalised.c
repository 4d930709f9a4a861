/* sim/black_normalised.c - the time value of Black's formula without cancellation.
 *
 * With a = x/s, t = s/2 and Mills' ratio R, b = phi(a) exp(-t^2/2) (R(a - t) - R(a + t)). The
 * difference is taken as written where it loses nothing; by its Taylor series in t where t is
 * small; by R's asymptotic series where a - t is large. (Jaeckel, "Let's be rational", 2015, has
 * the same three regions with other expansions.) */
#include <math.h>
#include <stddef.h>

#include "sim/black_internal.h"

/* (1 + z) R(z) as a polynomial in (z - 5) / (z + 5): the Chebyshev series of degree 24 (truncated
 * at 4e-18, computed with 50 digits) in powers. */
static const double mills[] = {
    1.1568486282918946,     -0.22948753825211315,   0.07778159886873554,     0.0250721793016388,
    -0.0661776007789934,    0.0615050458401865,     -0.038026592187762366,   0.01634823128102938,
    -0.004201290310663574,  1.9530638370790786e-05, 0.00045704381820007954,  -0.0001343742785571135,
    -2.48054584472145e-05,  2.270961270923768e-05,  -1.7723438185601556e-07, -3.277287633208865e-06,
    3.2197131609042185e-07, 4.91996233147834e-07,   -6.738323465177047e-08,  -7.758520236786343e-08,
    1.0082895646260188e-08, 1.1032071151574336e-08, -1.0846925288860795e-09, -9.564832934712551e-10,
    6.288377855498677e-11,
};
enum { N_MILLS = sizeof(mills) / sizeof(mills[0]) };

static const double inv_sqrt_2pi = 0.39894228040143267794;

double mills_ratio(double z)
{
    const double u = (z - 5.0) / (z + 5.0), w = u * u;
    double even = mills[N_MILLS - 1], odd = mills[N_MILLS - 2];
    for (size_t k = N_MILLS - 2; k >= 2; k -= 2) {
        even = even * w + mills[k - 1];
        odd = odd * w + mills[k - 2];
    }
    even = even * w + mills[0];
    return (even + u * odd) / (1.0 + z);
}

double normal_cdf(double z)
{
    return 0.5 * erfc(-z * 0.70710678118654752440);
}

double log_moneyness(double forward, double strike)
{
    const double ratio = forward / strike;
    return fabs(ratio > 0.5 && ratio < 2.0 ? log1p((forward - strike) / strike) : log(ratio));
}

/* R(a - t) - R(a + t) by powers of t: 2 sum t^(2k+1) / (2k+1)! J_(2k+1)(a), where
 * J_n(a) = int_0^oo y^n exp(-y^2/2 - a y) dy, J_(n+1) = n J_(n-1) - a J_n. */
static double difference_small_t(double a, double t)
{
    double even = mills_ratio(a), odd = 1.0 - a * even;
    double power = 2.0 * t, sum = power * odd;
    for (int n = 2; n < 24; n += 2) {
        even = (n - 1) * even - a * odd;
        odd = n * odd - a * even;
        power *= t * t / (n * (n + 1.0));
        const double term = power * odd;
        sum += term;
        if (fabs(term) < 1e-17 * sum) {
            break;
        }
    }
    return sum;
}

/* The same by R(z) = sum (-1)^n (2n-1)!! / z^(2n+1); d_m is (a-t)^-m - (a+t)^-m, which follows from
 * those of m - 2 and m - 4. */
static double difference_large_a(double a, double t)
{
    const double low = 1.0 / (a - t), high = 1.0 / (a + t);
    const double squares = low * low + high * high, product = low * high * low * high;
    double before = -2.0 * t, now = 2.0 * t * low * high, factor = 1.0, sum = now;
    for (int n = 1; n < 40; n++) {
        const double next = squares * now - product * before;
        before = now;
        now = next;
        factor *= -(2.0 * n - 1.0);
        const double term = factor * now;
        sum += term;
        if (fabs(term) < 1e-17 * sum) {
            break;
        }
    }
    return sum;
}

static double difference(double a, double t)
{
    if (a - t > 10.0) {
        return difference_large_a(a, t);
    }
    return t < 0.25 ? difference_small_t(a, t) : mills_ratio(a - t) - mills_ratio(a + t);
}

black_value black_normalised(double x, double s)
{
    const double top = exp(-0.5 * x);
    black_value b = {0.0, top, 0.0};
    if (!(s > 0.0)) {
        b.slope = x > 0.0 ? 0.0 : inv_sqrt_2pi;
        return b;
    }
    const double a = x / s, t = 0.5 * s;
    b.slope = inv_sqrt_2pi * exp(-0.5 * (a * a + t * t));
    if (t > a) {
        b.missing = b.slope * (mills_ratio(t - a) + mills_ratio(t + a));
        b.value = t < 0.25 ? b.slope * difference_small_t(a, t) : top - b.missing;
    } else {
        b.value = b.slope > 0.0 ? b.slope * difference(a, t) : 0.0;
        b.missing = top - b.value;
    }
    return b;
}
