/* feller/train.h - training of a network on samples in order of time.
 *
 * A trainer sees two stretches of a dataset: training, then validation, which lies after it. It
 * never sees anything else; keeping the two apart by a purge is the caller's (walk-forward's). */
#ifndef FEL_TRAIN_H
#define FEL_TRAIN_H

#include <feller/loss.h>
#include <feller/metric.h>
#include <feller/model.h>
#include <feller/optimizer.h>

FEL_BEGIN_DECLS

/* Samples in order of time; nothing is owned. Sample k is the `sequence` rows (the network's) that
 * end with row last_rows[k]; all of them are known at times_ns[k]. */
typedef struct fel_dataset {
    uint32_t struct_size;
    uint32_t reserved;
    size_t n_rows, n_features;
    const float *rows; /* n_rows x n_features, scaled */
    size_t n_samples, n_targets;
    const size_t *last_rows;        /* n_samples */
    const double *targets;          /* n_samples x n_targets */
    const double *weights;          /* n_samples, >= 0; NULL: 1 each */
    const int64_t *times_ns;        /* n_samples, not falling: when the last row is known */
    const int64_t *target_times_ns; /* n_samples: when the target is known, after times_ns */
    const double *returns;          /* n_samples: simple return that a position of 1 taken on the
                                       sample earns; for selection by trading metrics; or NULL */
    const uint32_t *series; /* n_samples: which of several series each is of; NULL: of one */
} fel_dataset;

/* ---- what picks the best epoch --------------------------------------------------------------- */

/* A loss of the table, or a metric of the net returns that positions taken on the validation
 * samples earn: 1 where the output is above threshold, -1 (0 if long_only) where it is below
 * -threshold, else 0; fee_bps for each unit of turnover, from no position at first; samples of one
 * instant share the capital equally. Several outputs of a classifier: the last less the first. */
typedef struct fel_select {
    fel_loss loss;                  /* code NULL: by the metric */
    const fel_metric_class *metric; /* NULL too: by the loss that is trained with */
    double threshold, fee_bps;
    int long_only;
    int reserved;
    fel_metric_options options;
} fel_select;

/* A loss or metric by name, "net_return" for total_return and "sharpe" for sharpe_ratio; the rest
 * at defaults: signs, no fee. ERR_NOTFOUND names the nearest. */
FEL_API FEL_NODISCARD fel_status fel_select_find(const char *name, fel_select *out);

/* ---- training -------------------------------------------------------------------------------- */

typedef struct fel_train_config {
    uint32_t struct_size;
    int shuffle;                /* samples in another order each epoch. Losses that read the order
                                   or compare within groups get consecutive stretches (whole
                                   instants), whose order is shuffled */
    const fel_network *network; /* borrowed; may be shared by trainers */
    fel_loss loss;
    fel_optimizer_config optimizer; /* its n_threads is not read */
    fel_schedule schedule;
    fel_select select;
    size_t n_epochs;
    size_t batch;        /* samples of a step; 0: all */
    size_t patience;     /* epochs without a better one after which training ends; 0: none */
    double average_from; /* share of n_epochs after which SWA begins to add epochs */
    uint64_t seed;       /* of first values, order, dropout */
    const float *start;  /* first values; NULL: drawn. Read by fel_trainer_create() alone */
    int n_threads;       /* 0: all cores */
    int allow_any_loss;  /* also losses without gradient, and those that fall without end */
    /* NULL: none. Else a file that holds all that going on takes, written when training ends or is
     * stopped, and after an epoch when so many seconds have passed since the last time. */
    const char *checkpoint_path;
    double checkpoint_every_s;
    int resume; /* go on from checkpoint_path if there is such a file: same bits as uninterrupted */
    int reserved;
    const volatile int *stop_flag; /* non-zero: ERR_STOPPED after the step; NULL: none */
    /* Steps done, of all; `what` has epoch and losses. NULL: none. */
    void (*progress)(void *payload, const char *what, double done, double total);
    void *progress_payload;
} fel_train_config;

/* mse, adam, constant rate, 100 epochs of shuffled batches of 256, seed 1, 1 thread, SWA from 0.75,
 * chosen by the loss. */
FEL_API fel_train_config fel_train_config_default(const fel_network *network);

/* One epoch; NaN where a number is not known. */
typedef struct fel_train_curve {
    double train_loss; /* mean over the batches as the parameters moved, with penalties */
    double validation_loss, selection;
    double gradient_norm; /* largest of a step, before clip_norm */
    double learning_rate; /* of the last step; momo: the step taken */
} fel_train_curve;

typedef struct fel_train_result {
    uint32_t struct_size;
    int stopped_early; /* patience ran out */
    size_t n_params;
    const float *params; /* after the best epoch (averaged where an average is kept) */
    const float *last_params;
    size_t n_epochs;   /* done */
    size_t best_epoch; /* the first of equals; the last epoch if no selection is a number */
    double selection;  /* of the best epoch; NaN if of none */
    const fel_train_curve *curve; /* n_epochs */
    uint64_t n_steps, n_samples;  /* done, over all epochs */
    size_t n_flat_targets;        /* columns of targets that do not vary in training */
} fel_train_result;

typedef struct fel_trainer fel_trainer;

/* Both datasets are borrowed until the trainer is destroyed; validation may have no samples (then
 * the training loss picks the epoch and there is no early stopping by anything else). ERR_SHAPE,
 * ERR_RANGE: what does not go together, a number that is not finite with its row and column;
 * ERR_FORMAT, ERR_SHAPE: a checkpoint that is damaged, or not of this training. */
FEL_API FEL_NODISCARD fel_status fel_trainer_create(fel_trainer **out,
                                                    const fel_train_config *config,
                                                    const fel_dataset *train,
                                                    const fel_dataset *validation);
FEL_API void fel_trainer_destroy(fel_trainer *trainer); /* NULL is allowed */

/* Train to the end. ERR_STOPPED: by the stop flag; may be called again to go on. ERR_RANGE: the
 * loss or the gradient is not finite any more, with step, norms and advice; the result has the
 * epochs before. */
FEL_API FEL_NODISCARD fel_status fel_trainer_run(fel_trainer *trainer);

/* Borrowed until the trainer runs again or is destroyed. */
FEL_API const fel_train_result *fel_trainer_result(const fel_trainer *trainer);

/* Outputs of a network for all samples of a dataset: outputs[n_samples x n_outputs]. */
FEL_API FEL_NODISCARD fel_status fel_dataset_predict(const fel_dataset *data,
                                                     const fel_network *network,
                                                     const float *params, int n_threads,
                                                     double *outputs);

/* ---- trained networks in a file -------------------------------------------------------------- */

/* A trained network under a name, and whatever text goes with it (its features and scale). */
typedef struct fel_model_entry {
    const char *name; /* "window3/seed1" */
    const char *note; /* "" for none */
    const fel_network *network;
    const float *params;
} fel_model_entry;

/* An HDF5 file of them: whole or not there. */
FEL_API FEL_NODISCARD fel_status fel_models_write(const char *path, const fel_model_entry *models,
                                                  size_t n);

typedef struct fel_models fel_models;
/* ERR_IO: no such file; ERR_FORMAT: not such a file, of another version, cut short or damaged. */
FEL_API FEL_NODISCARD fel_status fel_models_read(fel_models **out, const char *path);
FEL_API void fel_models_destroy(fel_models *models); /* NULL is allowed */
FEL_API size_t fel_models_count(const fel_models *models);
/* Borrowed from models. */
FEL_API const fel_model_entry *fel_models_at(const fel_models *models, size_t index);

FEL_END_DECLS
#endif
