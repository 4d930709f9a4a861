/* sim/closed_average.c - options on geometric averages of geometric Brownian motion (Kemna, Vorst
 * 1990): a weighted sum of normal increments is normal, so Black's formula holds. */
#include <math.h>

#include <feller/price.h>

#include "sim/closed_internal.h"

/* With weights w_i on dates i dt, ln(G / S_0) = sum_k (sum_(i >= k) w_i) X_k over steps k = 1 .. n,
 * the X_k independent with mean nu dt and variance vol^2 dt. The tail sums are c_k = (n - k + 1) /
 * n, or (n - k + 1/2) / n for the trapezoid rule; n = 0 is the limit 1 - s. */
log_average closed_log_average(const fel_process *process, double t_years, size_t n, int trapezoid)
{
    const double vol = process->vol_per_year;
    const double nu = process->rate_per_year - process->dividend_per_year - 0.5 * vol * vol;
    const double m = (double)n;
    double first = 0.5;        /* sum of c_k / n */
    double second = 1.0 / 3.0; /* sum of c_k^2 / n */
    if (n > 0 && trapezoid) {
        second -= 1.0 / (12.0 * m * m);
    } else if (n > 0) {
        first += 0.5 / m;
        second += 0.5 / m + 1.0 / (6.0 * m * m);
    }
    const log_average law = {nu * t_years * first, vol * sqrt(t_years * second)};
    return law;
}

double closed_average_option(const fel_process *process, double t_years, log_average law,
                             double past, double past_share, double sign, double strike)
{
    const double future_share = 1.0 - past_share;
    const double mean = law.mean * future_share, deviation = law.deviation * future_share;
    const double fixed = past_share > 0.0 ? past_share * log(past) : 0.0;
    const double forward =
        exp(fixed + future_share * log(process->spot) + mean + 0.5 * deviation * deviation);
    return fel_black(sign > 0.0 ? FEL_CALL : FEL_PUT, forward, strike, 1.0, deviation,
                     exp(-process->rate_per_year * t_years));
}
