/* sim/payoff_kernel.c - the arithmetic of payoffs that look between dates; in double only.
 *
 * Given the log prices x_0 and x_1 at two dates and the variance A accumulated between them, a
 * Brownian path with A as its clock meets level 0, with both ends on the same side at distances a
 * and b, with probability exp(-2 a b / A), and its maximum has P(M <= m) = 1 - exp(-2 (m - x_0) (m
 * - x_1) / A): M = (x_0 + x_1 + sqrt((x_1 - x_0)^2 - 2 A ln U)) / 2 for U uniform (reflection;
 * Beaglehole, Dybvig, Zhou 1997). The drift has no part in it. */
#include "core/real.h"
#include "sim/payoff_internal.h"

#if REAL_BITS == 64
#include "sim/vmath_internal.h"

void KERNEL(payoff_distance)(const distance_args *args);
void KERNEL(payoff_crossing)(const crossing_args *args);
void KERNEL(payoff_extreme)(const extreme_args *args);
void KERNEL(payoff_add_log)(const double *spot, double level, double weight, double *sum, size_t n);
void KERNEL(payoff_exponential)(double *x, double scale, size_t n);

void KERNEL(payoff_distance)(const distance_args *args)
{
    const double *restrict spot = args->spot;
    double *restrict distance = args->distance;
    const double inverse = 1.0 / args->level, sign = args->sign;
    for (size_t i = 0; i < args->n; i++) {
        distance[i] = sign * log_f64(spot[i] * inverse);
    }
}

static void crossing_on_dates(const crossing_args *args)
{
    const double *restrict spot = args->spot;
    double *restrict distance = args->distance, *restrict alive = args->alive;
    double *restrict paid = args->paid;
    const double level = args->level, sign = args->sign;
    const double cash = args->discount * args->cash, shares = args->discount * args->shares;
    for (size_t i = 0; i < args->n; i++) {
        const double away = sign * (spot[i] - level);
        const double hit = away > 0.0 ? 0.0 : alive[i];
        paid[i] += hit * REAL_FMA(shares, spot[i], cash);
        alive[i] -= hit;
        distance[i] = away;
    }
}

/* What is paid on meeting the level between dates is dated as on the straight line from one end to
 * the other (to its mirror image, if that is on the same side). */
void KERNEL(payoff_crossing)(const crossing_args *args)
{
    if (args->area == NULL) {
        crossing_on_dates(args);
        return;
    }
    const double *restrict spot = args->spot, *restrict area = args->area;
    const double *restrict area_before = args->area_before;
    double *restrict distance = args->distance, *restrict alive = args->alive;
    double *restrict paid = args->paid;
    const double inverse = 1.0 / args->level, sign = args->sign;
    const double amount = REAL_FMA(args->shares, args->level, args->cash);
    const double discount = args->discount_before, decline = args->discount - discount;
    for (size_t i = 0; i < args->n; i++) {
        const double a = distance[i], b = sign * log_f64(spot[i] * inverse);
        const double clock = area[i] - area_before[i];
        const double size = b > 0.0 ? b : -b, sum = a + size;
        const double inside = exp_f64(-2.0 * a * b / (clock > 1e-300 ? clock : 1e-300));
        const double p = b > 0.0 ? inside : 1.0;
        const double hit = p * alive[i];
        const double share = a / (sum > 1e-300 ? sum : 1e-300);
        paid[i] = REAL_FMA(hit * amount, REAL_FMA(share, decline, discount), paid[i]);
        alive[i] -= hit;
        distance[i] = b > 0.0 ? b : 0.0;
    }
}

void KERNEL(payoff_extreme)(const extreme_args *args)
{
    const double *restrict spot = args->spot;
    double *restrict distance = args->distance, *restrict extreme = args->extreme;
    const double inverse = 1.0 / args->level, sign = args->sign;
    if (args->uniform == NULL) {
        for (size_t i = 0; i < args->n; i++) {
            const double b = sign * log_f64(spot[i] * inverse);
            extreme[i] = extreme[i] > b ? extreme[i] : b;
            distance[i] = b;
        }
        return;
    }
    const double *restrict area = args->area, *restrict area_before = args->area_before;
    const double *restrict uniform = args->uniform;
    for (size_t i = 0; i < args->n; i++) {
        const double a = distance[i], b = sign * log_f64(spot[i] * inverse);
        const double clock = area[i] - area_before[i], apart = b - a;
        const double square = REAL_FMA(apart, apart, -2.0 * clock * log_f64(uniform[i]));
        const double most = 0.5 * (a + b + __builtin_sqrt(square));
        extreme[i] = extreme[i] > most ? extreme[i] : most;
        distance[i] = b;
    }
}

void KERNEL(payoff_add_log)(const double *restrict spot, double level, double weight,
                            double *restrict sum, size_t n)
{
    const double inverse = 1.0 / level;
    for (size_t i = 0; i < n; i++) {
        sum[i] = REAL_FMA(weight, log_f64(spot[i] * inverse), sum[i]);
    }
}

void KERNEL(payoff_exponential)(double *x, double scale, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        x[i] = scale * exp_f64(x[i]);
    }
}
#endif
