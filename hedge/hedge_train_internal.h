/* hedge/hedge_train_internal.h - the parts of a trainer of policies: order of paths, steps, judge,
 * checkpoint. */
#ifndef FEL_HEDGE_TRAIN_INTERNAL_H
#define FEL_HEDGE_TRAIN_INTERNAL_H

#ifndef FEL_MODULE_HEDGE
#error "hedge/hedge_train_internal.h belongs to hedge/"
#endif

#include <feller/hedge_train.h>

#include "hedge/hedge_words_internal.h"
#include "hedge/pass_batch_internal.h"

/* ---- paths of a step: hedge_train_order.c ---------------------------------------------------- */

/* Fixed paths are gone through in groups of HEDGE_GROUP in another order each epoch, a function of
 * (seed, epoch); a group that is not whole comes last in its batch. */
typedef struct hedge_order {
    uint64_t first, n_paths; /* 0: fresh ones */
    size_t batch;
    uint64_t n_batches; /* of an epoch; fresh: 1 */
    size_t n_groups;
    size_t largest;   /* batch */
    uint64_t *groups; /* in the order of the epoch */
    uint64_t *starts; /* of a batch */
    uint64_t epoch;   /* whose order it is, from 1; 0: none yet */
    uint64_t seed;
} hedge_order;

fel_status hedge_order_make(hedge_order *out, const fel_hedge_train_config *config);
void hedge_order_clear(hedge_order *order);
/* Put the paths of step 0, 1, ... into the batch; *n of them. */
fel_status hedge_order_fill(hedge_order *order, uint64_t step, hedge_batch *batch, size_t *n);

/* ---- the trainer ----------------------------------------------------------------------------- */

/* All numbers of a training under way, beside parameters and curve; kept in checkpoints. */
enum {
    COUNT_STEPS, /* done */
    COUNT_CURVE, /* points */
    COUNT_BEST_STEP,
    COUNT_HAS_BEST,
    COUNT_REJECTED,
    COUNT_PATH_STEPS,
    COUNT_BY_TIME,     /* stopped by max_seconds */
    COUNT_SINCE_POINT, /* steps since the last point of the curve */
    COUNT_AVERAGED,    /* parameters in the average of kfac */
    HEDGE_TRAIN_N_COUNTS
};
enum {
    SUM_SECONDS,
    SUM_LOSS, /* of the steps since the last point */
    SUM_THRESHOLD,
    SUM_HAS_THRESHOLD,
    SUM_BEST_RISK,
    LAST_LOSS,
    LAST_NORM,
    LAST_SIZE,
    LAST_DAMPING,
    LAST_RATIO,
    HEDGE_TRAIN_N_SUMS
};

/* What kfac asks of a step's paths: hedge_train_kfac.c. */
typedef struct hedge_kfac_host {
    hedge_curvature kind;
    double share; /* of the paths: statistics and curvature */
    fel_kfac_stats *parts[BATCH_MAX_PARTS];
    size_t n_parts;
    double *pnl;     /* at `base`, of the whole batch */
    double *lines;   /* J d of each direction, and room for one more */
    double *weights; /* curvature of each path's term, and room for slopes */
    float *base;     /* parameters of the step */
    float *moved;
    size_t n_done; /* paths of the latest difference */
    double best_threshold;
} hedge_kfac_host;

struct fel_hedge_trainer {
    fel_hedge_train_config config;
    const fel_policy *policy;
    char *checkpoint_path;
    hedge_words *words; /* of this training */
    hedge_order order;
    hedge_batch *batch;
    size_t n;                 /* paths of this step */
    fel_optimizer *optimizer; /* or */
    fel_kfac *kfac;
    hedge_kfac_host host;
    double loss_bound; /* for optimisers that need one; -infinity: none is known */
    size_t n_params;
    float *params, *good, *best, *gradient;
    float *average;     /* kfac's own */
    double *batch_pnl;  /* of a step */
    double *pnl, *cost; /* of validation */
    fel_hedge_curve *curve;
    size_t max_curve;
    uint64_t counts[HEDGE_TRAIN_N_COUNTS];
    double sums[HEDGE_TRAIN_N_SUMS];
    char what[160]; /* for progress */
    fel_hedge_train_result result;
};

/* hedge_train_config.c */
fel_status hedge_train_check(const fel_hedge_train_config *config);
int hedge_train_is_kfac(const fel_hedge_train_config *config);
/* What no policy's loss falls below, -infinity if that is not known. */
fel_status hedge_train_bound(const fel_hedge_train_config *config, double *bound);

/* hedge_train_parts.c: memory and optimisers. */
fel_status hedge_train_make(fel_hedge_trainer *t);
void hedge_train_clear(fel_hedge_trainer *t);

/* hedge_train_penalty.c: what the blocks of the policy's networks add to the loss; gradient: added
 * to, NULL is allowed. */
double hedge_train_penalize(const fel_policy *policy, const float *params, float *gradient);

/* hedge_train_step.c */
fel_status hedge_train_step(fel_hedge_trainer *t);
fel_status hedge_train_explosion(fel_hedge_trainer *t, const char *what);

/* hedge_train_kfac.c: a step of kfac; its loss and report. */
fel_status hedge_kfac_host_make(fel_hedge_trainer *t);
void hedge_kfac_host_clear(hedge_kfac_host *host);
fel_status hedge_train_step_kfac(fel_hedge_trainer *t, double rate_factor, fel_kfac_report *report);

/* hedge_train_average.c: averages of the parameters, whoever keeps them. */
void hedge_train_average_step(fel_hedge_trainer *t);
void hedge_train_average_point(fel_hedge_trainer *t);
/* What is judged and kept. */
const float *hedge_train_judged(const fel_hedge_trainer *t);

/* hedge_train_judge.c: a point of the curve; the best kept. */
fel_status hedge_train_judge(fel_hedge_trainer *t);

/* hedge_train_checkpoint.c; ERR_SHAPE: of another training. */
fel_status hedge_train_describe(fel_hedge_trainer *t);
fel_status hedge_train_save(fel_hedge_trainer *t);
/* Nothing happens if there is no such file. */
fel_status hedge_train_resume(fel_hedge_trainer *t);

#endif
