/* study/hedging_internal.h - a study with `hedge` as it runs: the problem, those who hedge, what
 * they learned, what they earned on the same paths.
 *
 *     hedger    a policy, trained with every seed, or a rule
 *     fit       one training
 *     outcome   what one hedger (of one seed) brought on every test path
 *
 * Fits and outcomes are functions of the study's numbers alone: the same bits for any number of
 * threads. Wall-clock seconds are told beside them. */
#ifndef FEL_STUDY_HEDGING_RUN_H
#define FEL_STUDY_HEDGING_RUN_H

#ifndef FEL_MODULE_STUDY
#error "study/hedging_internal.h belongs to study/"
#endif

#include <feller/calibration_run.h>
#include <feller/hedge_train.h>
#include <feller/inference.h>
#include <feller/report_hedge.h>

#include "study/study_run_internal.h"

/* Eigenvalues of one factor of a weight block, falling. */
typedef struct hedging_spectrum {
    size_t block, n;
    int of_slopes;
    double *values;
} hedging_spectrum;

/* One training that is done; params NULL: it is not. */
typedef struct hedging_fit {
    float *params;
    fel_hedge_curve *curve;
    size_t n_curve;
    uint64_t best_step, n_steps;
    double seconds, best_risk;
    hedging_spectrum *spectra; /* of kfac, of the first seed */
    size_t n_spectra;
} hedging_fit;

typedef struct hedging_trial {
    const char *name; /* "learning_rate=0.01" */
    fel_optimizer_config optimizer;
    double *risks; /* by tuning seed; NaN: failed or not run */
    double mean, spread;
    char message[sizeof(((fel_error *)0)->message)]; /* of the first failure; "" */
} hedging_trial;

/* n_test numbers each. */
typedef struct hedging_outcome {
    double *pnl, *cost, *turnover;
} hedging_outcome;

enum { HEDGING_N_MEASURES = 12, HEDGING_N_TAIL = 13 };

typedef struct hedging_hedger {
    const char *name, *label, *text;
    /* Of a policy; values NULL: a rule. */
    const study_hedge_policy *values;
    fel_policy *policy;
    fel_hedge_train_config train; /* without seed, paths, callbacks */
    hedging_trial *trials;
    size_t n_trials, chosen;
    hedging_fit *fits; /* by seed */
    /* Of a rule. */
    fel_hedge_rule rule;
    /* Of either. */
    size_t n_runs; /* seeds, or 1 */
    hedging_outcome *outcomes;
    double *scores; /* [measure][run] */
    double errors[HEDGING_N_MEASURES];
    double tail[HEDGING_N_TAIL];
} hedging_hedger;

/* A policy trained again with costs counted otherwise. */
typedef struct hedging_frontier {
    double cost_factor;
    hedging_fit *fits; /* seeds of the frontier */
    double cost, cost_error, sd, variance, risk;
} hedging_frontier;

typedef struct hedging {
    arena memory;
    const fel_study *study;
    const fel_run_options *options;
    const dataset *data;              /* its inputs */
    fel_calibration_run *calibration; /* NULL: none */
    fel_process process;              /* spot alone for markets without one */
    double *closes, *stored_spot, *stored_variance;
    size_t n_closes;
    uint64_t n_stored;
    fel_hedge_problem *problem;
    fel_risk risk;
    hedging_hedger *hedgers; /* policies, then rules */
    hedging_hedger *all;     /* the policies as planned; a run that is stopped early shows rules
                                alone */
    size_t n_planned, n_points;
    size_t n_policies, n_hedgers, n_seeds, n_tuning;
    size_t n_test;
    uint64_t first_test;  /* path */
    uint64_t seed_stride; /* training paths of a seed */
    hedging_frontier *frontier;
    size_t n_frontier, frontier_policy, n_frontier_seeds;
    int was_stopped;
    char hash[HASH_TEXT_SIZE]; /* of all outcomes */
    fel_hedge_report report;
    double seconds;
} hedging;

/* Of a study with `hedge`; its files become inputs of data. All steps; hedging_destroy() in any
 * case. hedging_run.c */
fel_status hedging_create(hedging **out, const fel_study *study, dataset *data,
                          const fel_run_options *options);
fel_status hedging_compute(hedging *h);
void hedging_destroy(hedging *h); /* NULL is allowed */
/* Can it begin? */
fel_status hedging_check(const fel_study *study);

/* ---- steps, in their order ------------------------------------------------------------------- */

/* hedging_market.c: files that the study reads as inputs of the run; the problem's config and what
 * it points at. */
fel_status hedging_open(hedging *h, dataset *data);
fel_status hedging_market_config(hedging *h, fel_hedge_config *config);
/* hedging_setup.c: problem, policies, rules, budgets. */
fel_status hedging_setup(hedging *h);
/* hedging_fit.c: tuning, then every policy with every seed, then the frontier. ERR_STOPPED leaves
 * what was trained until then: was_stopped. */
fel_status hedging_train(hedging *h);
/* hedging_score.c: every hedger on the test paths. */
fel_status hedging_test(hedging *h);
/* hedging_report.c and its parts. */
fel_status hedging_present(hedging *h);
fel_status hedging_present_hedgers(hedging *h);     /* hedging_tables.c */
fel_status hedging_present_comparisons(hedging *h); /* hedging_compare.c */
fel_status hedging_present_learning(hedging *h);    /* hedging_learning.c */
fel_status hedging_present_pictures(hedging *h);    /* hedging_pictures.c */
fel_status hedging_present_lives(hedging *h);       /* hedging_lives.c */
/* Everything into a folder. */
fel_status hedging_write(const hedging *h, const char *folder, unsigned kinds);

/* ---- what steps share ------------------------------------------------------------------------ */

/* "pnl_mean" and the like; the order of hedging_hedger.scores. */
const fel_hedge_measure *hedging_measures(void);
size_t hedging_measure_of(const char *name);
extern const double hedging_tail_levels[HEDGING_N_TAIL];

/* A hedger as it is after training: of seed `run`. To be destroyed. */
fel_status hedging_hedger_open(fel_hedger **out, const hedging *h, size_t hedger, size_t run);
/* Seed of training number k: seeds first, then tuning seeds; and its first path. */
uint64_t hedging_seed(const hedging *h, size_t k);
/* Spectra of a kfac (NULL: none) at the end of a training. */
fel_status hedging_keep_spectra(hedging_fit *fit, const fel_kfac *kfac, const fel_policy *policy);
void hedging_spectra_clear(hedging_fit *fit);
/* ERR_NOMEM if there is none. */
fel_status hedging_need(const void *memory);

#endif
