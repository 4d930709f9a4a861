/* sim/fourier_law.c - the law of the log price at a maturity, its real moments and how far its
 * tails reach.
 *
 * ln E[exp(p X)] of Heston for real p: Riccati's equation in hyperbolic or trigonometric functions
 * by the sign of d^2 = (kappa - rho xi p)^2 - xi^2 (p^2 - p); it is infinite from the time on at
 * which its denominator first vanishes (Andersen, Piterbarg 2007). */
#include <math.h>

#include "sim/fourier_internal.h"

void fourier_law_init(fourier_law *law, const fel_process *process, double t_years)
{
    const double rate = process->rate_per_year, yield = process->dividend_per_year;
    *law = (fourier_law){.t = t_years,
                         .forward = process->spot * exp((rate - yield) * t_years),
                         .discount = exp(-rate * t_years)};
    if (fel_process_has_variance(process)) {
        law->has_variance = 1;
        law->v0 = process->heston.v0;
        law->theta = process->heston.theta;
        law->rho = process->heston.rho;
        /* Limits are taken by numbers too small to matter at 1e-15. */
        law->kappa = fmax(process->heston.kappa, 1e-13 / t_years);
        law->xi = fmax(process->heston.xi, 1e-18);
        law->variance = fel_total_variance(&process->heston, t_years);
    } else {
        law->variance = process->vol_per_year * process->vol_per_year * t_years;
    }
    if (fel_process_has_jumps(process)) {
        law->intensity = process->jumps.intensity_per_year * t_years;
        law->jump_mean = process->jumps.mean;
        law->jump_vol = process->jumps.vol;
        law->jump_drift = expm1(law->jump_mean + 0.5 * law->jump_vol * law->jump_vol);
    }
}

/* ln M(p) where d^2 = -w^2 < 0: with half = w t / 2, the denominator cos + (b / w) sin vanishes
 * first at half = angle of (-b, w). */
static double heston_oscillating(const fourier_law *law, double b, double w, double q)
{
    const double half = 0.5 * w * law->t;
    if (!(half < atan2(w, -b))) {
        return HUGE_VAL;
    }
    const double sine = sin(half), bottom = cos(half) + b / w * sine;
    const double by_v0 = q * (sine / w) / bottom;
    const double by_long_run = (b * law->t - 2.0 * log(bottom)) / (law->xi * law->xi);
    return law->kappa * law->theta * by_long_run + law->v0 * by_v0;
}

static double heston_decaying(const fourier_law *law, double b, double d, double q)
{
    const double xi2 = law->xi * law->xi, gone = -expm1(-d * law->t) / d;
    /* d - b, by whichever form does not cancel */
    const double less = b > -0.5 * d ? -xi2 * q / (b + d) : d - b;
    const double bottom = 2.0 - less * gone; /* Q / d */
    if (!(bottom > 0.0)) {
        return HUGE_VAL;
    }
    const double by_v0 = q * gone / bottom;
    const double by_long_run = (-less * law->t - 2.0 * log1p(-0.5 * less * gone)) / xi2;
    return law->kappa * law->theta * by_long_run + law->v0 * by_v0;
}

static double heston_log_moment(const fourier_law *law, double p)
{
    const double q = p * p - p, b = law->kappa - law->rho * law->xi * p;
    const double square = b * b - law->xi * law->xi * q, size = sqrt(fabs(square));
    if (size * law->t < 1e-12) {
        return heston_decaying(law, b, 1e-12 / law->t, q);
    }
    return square < 0.0 ? heston_oscillating(law, b, size, q) : heston_decaying(law, b, size, q);
}

double law_log_jumps(const fourier_law *law, double p)
{
    const double size = p * law->jump_mean + 0.5 * p * p * law->jump_vol * law->jump_vol;
    return law->intensity > 0.0 ? law->intensity * (expm1(size) - p * law->jump_drift) : 0.0;
}

double law_log_moment(const fourier_law *law, double p)
{
    return law_log_jumps(law, p) +
           (law->has_variance ? heston_log_moment(law, p) : 0.5 * law->variance * (p * p - p));
}
