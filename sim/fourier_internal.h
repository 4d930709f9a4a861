/* sim/fourier_internal.h - what the Fourier methods share: the law of the log price at one
 * maturity, its moments, and the sums over nodes.
 *
 * X = ln(S_T / F) with F the forward, so that E[exp(X)] = 1. M(z) = E[exp(z X)] for complex z. */
#ifndef FEL_MODULE_SIM
#error "sim/fourier_internal.h belongs to sim/"
#endif
#ifndef FEL_SIM_FOURIER_INTERNAL_H
#define FEL_SIM_FOURIER_INTERNAL_H

#include <feller/price.h>

/* A process at one maturity. Without a variance of its own only `variance` counts; without jumps
 * intensity is 0. */
typedef struct fourier_law {
    int has_variance;
    int reserved;
    double t, forward, discount;
    double v0, kappa, theta, xi, rho; /* kappa and xi nudged away from 0 where a limit is meant */
    double variance;                  /* mean of the integral of v over 0 .. t */
    double intensity;                 /* expected number of jumps until t */
    double jump_mean, jump_vol;
    double jump_drift; /* E[J] - 1 */
} fourier_law;

void fourier_law_init(fourier_law *law, const fel_process *process, double t_years);

/* ln M(p) for real p, infinity where there is no such moment; and the jumps' part of it. */
double law_log_moment(const fourier_law *law, double p);
double law_log_jumps(const fourier_law *law, double p);

/* ---- the sum over equally spaced nodes (fast method) ------------------------------------------
 */

/* Where to integrate: z = p + i u with u at (j + 1/2) 2 pi / period. */
typedef struct lewis_line {
    double p, period;
} lewis_line;

/* How far the tails matter, by bounds that need moments only: beyond ln(K / F) = `right` a call,
 * and below -`left` a put, is worth less than tolerance x sqrt(F K) undiscounted. */
typedef struct law_tails {
    double left, right;
    double left_rate, right_rate; /* the exponential rates that these bounds have */
    double tolerance;
} law_tails;
law_tails law_find_tails(const fourier_law *law, double tolerance);

/* The line on which the midpoint rule for ln(K / F) in [k_least, k_most] has an error below the
 * same tolerance with the longest steps, or nearly. */
lewis_line law_choose_line(const fourier_law *law, const law_tails *tails, double k_least,
                           double k_most);

/* What the integrand is multiplied by: one channel each. */
typedef enum lewis_set {
    LEWIS_PRICE = 0,    /* 1 */
    LEWIS_GREEKS = 1,   /* 1, z, z (1 - z), d/dt, d/dv0 (or by the total variance without one) */
    LEWIS_GRADIENT = 2, /* 1, d/dv0, d/dkappa, d/dtheta, d/dxi, d/drho */
    LEWIS_N_SETS = 3
} lewis_set;
enum { LEWIS_MAX_CHANNELS = 6, LEWIS_MAX_STRIKES = 32 };

/* sums[channel * n + j] = (1 / pi) int_0^oo Re(exp(i u x_j) M(z) factor / (z (z - 1))) du for n <=
 * LEWIS_MAX_STRIKES strikes, x = ln(F / K), by the midpoint rule up to where the rest is below
 * `tolerance`. ERR_RANGE if it takes too many nodes. */
fel_status lewis_integrate(const fourier_law *law, lewis_set set, lewis_line line, const double *x,
                           size_t n, double tolerance, double *sums);

/* ---- the methods ------------------------------------------------------------------------------
 */

/* n options of one maturity; calls where rights is NULL. Everything is checked, t > 0, and the law
 * has some variance or jumps. */
typedef struct option_row {
    const double *strikes;
    const fel_option_right *rights;
    size_t n;
} option_row;

static inline fel_option_right row_right(const option_row *row, size_t k)
{
    return row->rights == NULL ? FEL_CALL : row->rights[k];
}

fel_status fast_prices(const fourier_law *law, const option_row *row, double *prices);
fel_status fast_gradient(const fourier_law *law, const option_row *row, double *prices,
                         double *gradient);
fel_status fast_greeks(const fel_process *process, const fourier_law *law, const option_row *row,
                       fel_greeks *greeks);

fel_status adaptive_prices(const fourier_law *law, const option_row *row, double *prices);
fel_status adaptive_greeks(const fel_process *process, const fourier_law *law,
                           const option_row *row, fel_greeks *greeks);

/* Merton's series over the number of jumps; without a variance of its own. */
fel_status series_prices(const fourier_law *law, const option_row *row, double *prices);
fel_status series_greeks(const fel_process *process, const fourier_law *law, const option_row *row,
                         fel_greeks *greeks);

/* What the greeks are made of: the covered call's undiscounted value min-like V(F, K), the part of
 * the forward that the call does not cost (call = forward - V, put = strike - V), and its
 * derivatives. */
typedef struct covered_value {
    double value;
    double by_forward, by_forward2; /* dV/dF, d2V/dF2 */
    double by_strike;               /* dV/dK: probability of S_T > K */
    double by_time;                 /* dV/dt at fixed forward */
    double by_vol;                  /* dV/dv0 with a variance, else by the total variance */
} covered_value;
void greeks_of_covered(const fel_process *process, const fourier_law *law, double strike,
                       fel_option_right right, const covered_value *covered, fel_greeks *out);

#endif
