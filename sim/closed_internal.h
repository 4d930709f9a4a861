/* sim/closed_internal.h - prices of path-dependent options under geometric Brownian motion by
 * formula: checks for the simulator, and control variates. No checks of arguments. */
#ifndef FEL_MODULE_SIM
#error "sim/closed_internal.h belongs to sim/"
#endif
#ifndef FEL_SIM_CLOSED_INTERNAL_H
#define FEL_SIM_CLOSED_INTERNAL_H

#include <feller/process.h>

/* A barrier option, watched continuously. */
typedef struct closed_barrier {
    const fel_process *process;
    double t_years;
    double side;  /* +1: the barrier is below */
    double right; /* +1 call, -1 put */
    double strike, barrier, rebate;
    int is_out; /* rebate paid when knocked out; else at maturity if never knocked in */
} closed_barrier;
double closed_barrier_price(const closed_barrier *option);

/* E[exp(-r tau); tau <= t] of the first time tau that the level is met; side +1: from above. */
double closed_touch_discount(const fel_process *process, double t_years, double side, double level);
/* P(tau <= t), risk-neutral or with the asset as numeraire. */
double closed_touch_probability(const fel_process *process, double t_years, double side,
                                double level, int asset_measure);

/* E[max(M, floor)] of the maximum M of S over [0, t], floor >= S_0; or of the minimum and
 * E[min(m, cap)]. By quadrature of the extreme's law: one way for every carry. NaN if the
 * quadrature fails. */
double closed_mean_maximum(const fel_process *process, double t_years, double floor);
double closed_mean_minimum(const fel_process *process, double t_years, double cap);

/* ln of a geometric average of gbm is normal. */
typedef struct log_average {
    double mean, deviation; /* of ln(average / S_0) */
} log_average;
/* Of the n dates t/n .. t with equal weights; trapezoid: of 0 .. t, the ends weighing half. n = 0:
 * of all times in [0, t]. */
log_average closed_log_average(const fel_process *process, double t_years, size_t n, int trapezoid);
/* exp(-r t) E[(sign (past^share (S_0 e^X)^(1 - share) - strike))^+], X normal. */
double closed_average_option(const fel_process *process, double t_years, log_average law,
                             double past, double past_share, double sign, double strike);

#endif
