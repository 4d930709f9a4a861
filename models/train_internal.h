/* models/train_internal.h - the parts of a trainer: samples, batches, the pass over a batch, the
 * judge of an epoch, the file that training goes on from. */
#ifndef FEL_MODELS_TRAIN_INTERNAL_H
#define FEL_MODELS_TRAIN_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/train_internal.h belongs to models/"
#endif

#include <feller/train.h>

#include "core/hash.h"
#include "core/real.h"

/* ---- samples: train_data.c ------------------------------------------------------------------- */

/* The samples of a dataset that count, in its order, with what passes and losses take. */
typedef struct train_samples {
    const fel_dataset *data;
    size_t n;
    size_t *index;             /* in the dataset */
    const float **rows;        /* oldest row of each */
    double *targets;           /* n x n_targets */
    double *weights;           /* n */
    int has_sections;          /* several samples of one instant */
    char hash[HASH_TEXT_SIZE]; /* of all numbers that count */
} train_samples;

/* Sizes, order and numbers checked; `what` is "training" or "validation". */
fel_status train_samples_make(train_samples *out, const fel_dataset *data,
                              const fel_train_config *config, const char *what);
void train_samples_clear(train_samples *s);
size_t train_count_flat_targets(const train_samples *s);
/* Is sample k of the same instant as the one before? */
int train_same_instant(const train_samples *s, size_t k);

/* ---- batches: train_order.c ------------------------------------------------------------------ */

/* Which samples each step of an epoch takes. */
typedef struct train_order {
    size_t n_batches;
    size_t *starts;    /* n_batches + 1: batch k is samples[starts[k] .. starts[k + 1]) */
    size_t *samples;   /* places in train_samples */
    size_t *stretches; /* n_batches + 1: the same in order of time */
    size_t *shuffled;  /* samples or stretches in their order */
    size_t largest;    /* batch */
} train_order;

fel_status train_order_make(train_order *out, const train_samples *s,
                            const fel_train_config *config);
/* The order of an epoch: a function of (seed, epoch). */
void train_order_epoch(train_order *order, const train_samples *s, const fel_train_config *config,
                       size_t epoch);
void train_order_clear(train_order *order);

/* ---- what losses take: train_batch.c --------------------------------------------------------- */

/* A batch as losses take it; room for the largest. */
typedef struct train_batch {
    fel_loss_batch loss;
    double *outputs, *targets, *weights, *gradient;
    size_t *order, *group_starts;
} train_batch;

fel_status train_batch_create(train_batch *out, const fel_train_config *config, size_t most,
                              size_t n_targets);
void train_batch_clear(train_batch *b);
/* Targets, weights, order and groups of these samples. */
void train_batch_fill(train_batch *b, const train_samples *s, const fel_loss *loss,
                      const size_t *samples, size_t n);

/* ---- the pass over a batch: train_pass.c ----------------------------------------------------- */

typedef struct train_pass train_pass;

/* For batches of the order's sizes. */
fel_status train_pass_create(train_pass **out, const fel_train_config *config,
                             const train_order *order, const train_samples *s);
void train_pass_destroy(train_pass *pass);

/* Loss of a batch, with penalties, and its gradient at these parameters (borrowed until the next).
 * Where an output is not finite, is_finite is 0 and the rest means nothing. */
typedef struct train_gradient {
    double loss, weight; /* of the samples, together */
    double bound;        /* only if the optimiser needs it */
    const float *values;
    int is_finite;
} train_gradient;
fel_status train_pass_run(train_pass *pass, const float *params, const size_t *samples, size_t n,
                          uint64_t step, train_gradient *out);

#define TRAIN_KERNELS(X)                                                                           \
    X(sum_gradients, (void *const *parts, size_t n_parts, size_t first, size_t n))                 \
    X(add_penalty, (const void *params, void *gradient, double twice, size_t n))
#define TRAIN_DECLARE(name, args)                                                                  \
    KERNEL_DECLARE(void, name##_of, f32, args);                                                    \
    KERNEL_DECLARE(void, name##_of, f64, args);
TRAIN_KERNELS(TRAIN_DECLARE)

/* Penalties of the blocks: their sum, and their gradient added. train_penalty.c */
double train_add_penalties(const fel_network *net, const float *params, float *gradient);
double train_penalties(const fel_network *net, const float *params);

/* ---- the judge of an epoch: train_judge.c ---------------------------------------------------- */

typedef struct train_judge train_judge;
fel_status train_judge_create(train_judge **out, const fel_train_config *config,
                              const train_samples *s);
void train_judge_destroy(train_judge *judge);
/* Loss, with penalties, and selection on the samples; *is_finite as above. */
fel_status train_judge_run(train_judge *judge, const float *params, double *loss, double *selection,
                           int *is_finite);
/* Is a better than b? NaN is never. */
int train_is_better(const fel_select *select, double a, double b);

/* ---- the trainer ----------------------------------------------------------------------------- */

/* All numbers of a training that is under way, beside parameters and curve; kept in checkpoints. */
enum {
    COUNT_EPOCHS,  /* done */
    COUNT_BATCHES, /* of the epoch under way */
    COUNT_STEPS,   /* over all epochs */
    COUNT_SAMPLES, /* over all epochs */
    COUNT_BEST_EPOCH,
    COUNT_HAS_BEST,
    COUNT_IS_OVER, /* patience ran out */
    TRAIN_N_COUNTS
};
enum {
    SUM_LOSS, /* of the epoch under way: loss x weights */
    SUM_WEIGHT,
    MOST_NORM,
    LAST_RATE,
    LAST_LOSS,
    LAST_NORM,
    BEST_SELECTION,
    TRAIN_N_SUMS
};

typedef struct train_kfac train_kfac; /* train_kfac_internal.h */

struct fel_trainer {
    fel_train_config config;
    char *checkpoint_path;
    int64_t saved_ns; /* of a monotonic clock: when the checkpoint was written */
    train_samples train, validation;
    train_order order;
    train_pass *pass;
    train_judge *judge;       /* NULL: no validation */
    fel_optimizer *optimizer; /* with kfac: its averages alone */
    train_kfac *kfac;         /* NULL: another optimiser */
    size_t n_params;
    float *params, *best_params;
    fel_train_curve *curve;
    uint64_t counts[TRAIN_N_COUNTS];
    double sums[TRAIN_N_SUMS];
    char what[128]; /* for progress */
    fel_train_result result;
};

/* train_config.c */
fel_status train_check_config(const fel_train_config *config);
size_t train_target_count(const fel_loss *loss, size_t n_outputs);

/* train_move.c: one step; what does not end well is said with step, norm and advice. */
fel_status train_step(fel_trainer *t);
fel_status train_raise_explosion(const fel_trainer *t, const char *what);

/* train_checkpoint.c */
fel_status train_checkpoint_write(fel_trainer *t);
/* Nothing happens if there is no such file. */
fel_status train_checkpoint_read(fel_trainer *t);

#endif
