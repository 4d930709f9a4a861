/* bench/hedge_hand.h - an LSTM hedger of a call under Heston with costs, its training steps and its
 * scores on paths that it has not seen. */
#ifndef FEL_BENCH_HEDGE_HAND_H
#define FEL_BENCH_HEDGE_HAND_H

#include <feller/hedge_train.h>

#include "bench/measure.h"

enum { HEDGE_DATES = 30, HEDGE_FEATURES = 4 };

typedef struct hedge_case {
    size_t width, paths;
    int n_threads;
    const char *optimizer;
    int window; /* steps that are timed together: those in which a cycle of the optimiser ends */
    int n_windows;
    int n_warm; /* windows before those */
} hedge_case;

typedef struct hedge_run hedge_run;

/* Each ends the program if it cannot. Market: Heston kappa 1, theta 0.04, xi 0.5, rho -0.7, v0
 * 0.04, QE-M in double, a step a date; 30 days; 10 bp a trade, the closing one too; entropic
 * risk 1. */
hedge_run *hedge_run_create(const hedge_case *c);
void hedge_run_destroy(hedge_run *run);
/* For a contender: seconds a step, paths included, of the fastest window but the first n_warm. */
double hedge_run_step(void *run);
/* For a contender: seconds for P&L, costs and turnover of a million fresh paths and every number
 * that a study's table has of them. */
double hedge_run_judge(void *run);

#endif
