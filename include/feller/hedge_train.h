/* feller/hedge_train.h - training of hedging policies: any optimiser of the table, kfac among them,
 * on fresh or on fixed paths.
 *
 * The same bits for any number of threads; resume gives what an uninterrupted training would. */
#ifndef FEL_HEDGE_TRAIN_H
#define FEL_HEDGE_TRAIN_H

#include <feller/hedge.h>
#include <feller/kfac.h>
#include <feller/optimizer.h>

FEL_BEGIN_DECLS

typedef struct fel_hedge_train_config {
    uint32_t struct_size;
    int n_threads;            /* 0: all cores */
    const fel_policy *policy; /* borrowed */
    fel_hedge_objective objective;
    fel_optimizer_config optimizer; /* its n_threads is not read; SWA adds the parameters at points
                                       of the curve past three quarters of the steps */
    fel_schedule schedule;          /* its epochs are those of fixed paths; of fresh ones, steps */
    size_t batch;                   /* paths of a step; of fixed paths a multiple of 64, or all */
    uint64_t n_steps;
    uint64_t n_paths; /* training paths, gone through in another order each epoch (in groups of 64;
                         a last batch below half the size joins the one before); 0: fresh ones for
                         every step */
    uint64_t first_path;
    uint64_t first_validation, n_validation; /* none of training's; n 0: none, the last parameters
                                                are the result */
    uint64_t validate_every; /* steps from one point of the curve to the next, also of checkpoints;
                                0: at the end. The first point is before the first step */
    double threshold_rate; /* the threshold moves by this share towards the best of each batch; the
                              first is the best of the first batch */
    double max_seconds;    /* of training time (validation not counted); 0: none */
    uint64_t seed;         /* first values, order of paths */
    const float *start;    /* first values; NULL: drawn. Read by create alone */
    const char *checkpoint_path; /* written at points of the curve and when stopped; NULL: none */
    int resume;                  /* go on from it if there is such a file; max_seconds may differ */
    int reserved;
    const volatile int *stop_flag;
    void (*progress)(void *payload, const char *what, double done, double total);
    void *progress_payload;
} fel_hedge_train_config;

/* Adam 1e-3, constant rate, entropic 1, 1,000 steps of 1,024 fresh paths, 16,384 validation paths
 * every 50 steps, threshold rate 0.3, seed 1, 1 thread. */
FEL_API fel_hedge_train_config fel_hedge_train_config_default(const fel_policy *policy);

/* A point of the curve; NaN where a number is not known. */
typedef struct fel_hedge_curve {
    uint64_t step;          /* done */
    double seconds;         /* of training so far: forward passes of rejected steps, statistics and
                               factors included, validation not */
    double train_loss;      /* mean over the steps since the point before, with the network's
                               penalties */
    double validation_risk; /* the measure at its best threshold, costs counted once */
    double validation_cost, validation_sd; /* mean cost, standard deviation of P&L a path */
    double gradient_norm, step_size, damping,
        reduction_ratio; /* of the last step; the latter kfac */
    uint64_t n_rejected; /* steps, so far */
} fel_hedge_curve;

typedef struct fel_hedge_train_result {
    uint32_t struct_size;
    int stopped_by_time;
    size_t n_params;
    const float *params; /* at the best validation */
    const float *last_params;
    uint64_t best_step, n_steps;
    double best_risk;
    double threshold;
    const fel_hedge_curve *curve;
    size_t n_curve;
    double seconds;
    uint64_t n_path_steps; /* paths x dates that went forward in training, all passes */
} fel_hedge_train_result;

typedef struct fel_hedge_trainer fel_hedge_trainer;
/* ERR_RANGE, ERR_SHAPE, ERR_ARG: what does not go together; ERR_FORMAT, ERR_SHAPE: a checkpoint
 * that is damaged, or of another training. */
FEL_API FEL_NODISCARD fel_status fel_hedge_trainer_create(fel_hedge_trainer **out,
                                                          const fel_hedge_train_config *config);
FEL_API void fel_hedge_trainer_destroy(fel_hedge_trainer *trainer); /* NULL is allowed */
/* To the end. ERR_STOPPED: may be called again. ERR_RANGE: loss or gradient not finite: the step,
 * norms, for kfac the block and condition number of its factors, and advice; last_params are then
 * those of the last finite loss. */
FEL_API FEL_NODISCARD fel_status fel_hedge_trainer_run(fel_hedge_trainer *trainer);
FEL_API const fel_hedge_train_result *fel_hedge_trainer_result(const fel_hedge_trainer *trainer);
/* The kfac of a trainer that has one, for spectra; else NULL. Borrowed. */
FEL_API const fel_kfac *fel_hedge_trainer_kfac(const fel_hedge_trainer *trainer);

/* ---- policies in a file ---------------------------------------------------------------------- */

/* An HDF5 file: whole or not there; names are unique. The problem it was trained on is in it as
 * text, and compared when it is read: what a policy depends on (dates, horizon, side, claims,
 * instruments, units, features with their scales, head, base rule, network) must be the same,
 * ERR_SHAPE says the first that is not. Market, costs and premium may differ. */
typedef struct fel_policy_entry {
    const char *name; /* "kfac/seed3" */
    const char *note; /* "" for none */
    const fel_policy *policy;
    const float *params;
} fel_policy_entry;
FEL_API FEL_NODISCARD fel_status fel_policies_write(const char *path,
                                                    const fel_policy_entry *entries, size_t n);
/* The parameters of one of them, for a policy made as it was: params[count_params]. ERR_NOTFOUND
 * lists the names there are. */
FEL_API FEL_NODISCARD fel_status fel_policies_read(const char *path, const char *name,
                                                   const fel_policy *policy, float *params);

FEL_END_DECLS
#endif
