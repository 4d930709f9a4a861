/* sim/saddle_exponent.c - ln M(z) of Heston and Bates at a complex z anywhere in its strip, in the
 * form that is continuous along lines ("little trap": Albrecher et al. 2007; Lord, Kahl 2010):
 *   b = kappa - rho xi z, d = sqrt(b^2 + xi^2 (z - z^2)), g = (b - d) / (b + d), e = exp(-d t),
 *   ln M = v0 (b - d) / xi^2 (1 - e) / (1 - g e)
 *        + kappa theta / xi^2 ((b - d) t - 2 ln((1 - g e) / (1 - g))). */
#include <math.h>

#include "sim/saddle_internal.h"

static double complex log1p_complex(double complex z)
{
    const double x = creal(z), y = cimag(z);
    return __builtin_complex(0.5 * log1p(2.0 * x + x * x + y * y), atan2(y, 1.0 + x));
}

/* exp(z) - 1 for |z| of any size. */
static double complex expm1_complex(double complex z)
{
    const double grown = expm1(creal(z)), half = sin(0.5 * cimag(z));
    return __builtin_complex(grown * cos(cimag(z)) - 2.0 * half * half,
                             (grown + 1.0) * sin(cimag(z)));
}

/* B: what multiplies v0; and A: what multiplies kappa theta. */
typedef struct riccati {
    double complex a, b;
} riccati;

static riccati solve_riccati(const fourier_law *law, double complex z)
{
    const double xi2 = law->xi * law->xi, t = law->t;
    const double complex s = z - z * z, b = law->kappa - law->rho * law->xi * z;
    double complex d = csqrt(b * b + xi2 * s);
    if (cabs(d) * t < 1e-30) {
        d = 1e-30 / t;
    }
    /* (b - d) / xi^2 by whichever form does not cancel. */
    const double complex sum = b + d;
    const double complex rate = creal(sum) > 0.5 * cabs(d) ? -s / sum : (b - d) / xi2;
    const double complex gone = -expm1_complex(-d * t);
    const double complex bottom = 2.0 * d + xi2 * rate * gone; /* (b + d) (1 - g e) */
    const double complex log_ratio = log1p_complex(xi2 * rate * gone / (2.0 * d));
    const riccati r = {rate * t - 2.0 / xi2 * log_ratio, rate * sum * gone / bottom};
    return r;
}

static double complex jump_exponent(const fourier_law *law, double complex z)
{
    const double complex size = z * law->jump_mean + 0.5 * law->jump_vol * law->jump_vol * z * z;
    return law->intensity * (expm1_complex(size) - z * law->jump_drift);
}

/* d ln M / dt: A' = B, B' = xi^2 B^2 / 2 - b B - s / 2. */
static double complex time_slope(const fourier_law *law, double complex z, riccati r)
{
    const double complex slope = law->kappa - law->rho * law->xi * z;
    const double complex rate = r.b * (0.5 * law->xi * law->xi * r.b - slope) - 0.5 * (z - z * z);
    return law->kappa * law->theta * r.b + law->v0 * rate + jump_exponent(law, z) / law->t;
}

saddle_exponent saddle_exponent_at(const fourier_law *law, double complex z, saddle_factor factor)
{
    const riccati r = solve_riccati(law, z);
    const double complex factors[SADDLE_N_FACTORS] = {
        1.0, z, z * (z - 1.0), 1.0 - z, factor == SADDLE_BY_TIME ? time_slope(law, z, r) : 0.0,
        r.b};
    const double complex diffusion = law->kappa * law->theta * r.a + law->v0 * r.b;
    const saddle_exponent e = {diffusion + (law->intensity > 0.0 ? jump_exponent(law, z) : 0.0),
                               creal(diffusion), factors[factor]};
    return e;
}
