/* feller/kfac.h - Kronecker-factored approximate curvature: steps of a damped Gauss-Newton method
 * whose matrix is, for each weight matrix, the Kronecker product of a covariance of inputs and one
 * of slopes (Martens and Grosse 2015; for weights used at many dates Martens, Ba and Johnson 2018).
 *
 * It is an optimiser of the table (optimizer.h, "kfac", FEL_OPTIMIZER_NEEDS_LAYERS) whose step is
 * not a function of one gradient: it asks its host for the gradient, for the statistics of layers,
 * for the loss on the same samples, and for the curvature along directions. Weight blocks with the
 * bias of their layer get a Kronecker block; other parameters a diagonal one. Factors are in
 * double. The same bits for any number of threads. docs/training.md has the formulas. */
#ifndef FEL_KFAC_H
#define FEL_KFAC_H

#include <feller/optimizer.h>
#include <feller/unroll.h>

FEL_BEGIN_DECLS

typedef struct fel_kfac fel_kfac;

/* A parameter of the class by name ("curvature_share"), for hosts; NaN for other names and classes.
 */
FEL_API double fel_kfac_setting(const fel_optimizer_config *config, const char *name);

/* config: of class kfac. blocks: as for fel_optimizer_create. n_uses: how many dates share the
 * parameters (1 for a network that is not unrolled). */
FEL_API FEL_NODISCARD fel_status fel_kfac_create(fel_kfac **out, const fel_optimizer_config *config,
                                                 const fel_block_info *blocks, size_t n_blocks,
                                                 size_t n_uses);
FEL_API void fel_kfac_destroy(fel_kfac *kfac); /* NULL is allowed */

/* ---- statistics ------------------------------------------------------------------------------ */

/* Sums over the uses of some samples, one for each thread-independent part of a batch. A sample's
 * slopes are those of its own scalar, not of the batch's mean: for a Gauss-Newton matrix of
 * (1/n) sum_i f_i(x_i) with J_i = d x_i / d params, the slopes that go back from x_i = sqrt(f_i''),
 * for the empirical Fisher matrix f_i'. */
typedef struct fel_kfac_stats fel_kfac_stats;
FEL_API FEL_NODISCARD fel_status fel_kfac_stats_create_f32(fel_kfac_stats **out,
                                                           const fel_kfac *kfac);
FEL_API FEL_NODISCARD fel_status fel_kfac_stats_create_f64(fel_kfac_stats **out,
                                                           const fel_kfac *kfac);
FEL_API void fel_kfac_stats_destroy(fel_kfac_stats *stats); /* NULL is allowed */
FEL_API void fel_kfac_stats_reset(fel_kfac_stats *stats);
/* Where a way back reports its uses; n_samples of them are counted by the last layer's uses at the
 * last date. */
FEL_API fel_layer_sink fel_kfac_stats_sink(fel_kfac_stats *stats);
/* How many samples they were, after their uses: for networks whose last layer goes over rows. */
FEL_API void fel_kfac_stats_set_samples(fel_kfac_stats *stats, double n_samples);

/* ---- a step ---------------------------------------------------------------------------------- */

/* What a step asks for; every function works on the samples of this step. params are float or
 * double by the step called. */
typedef struct fel_kfac_host {
    void *payload;
    /* The loss and its gradient. */
    fel_status (*gradient)(void *payload, const void *params, double *loss, void *gradient);
    /* Statistics of a part of the samples: parts[*n_parts], borrowed until the next call, summed in
     * their order. */
    fel_status (*statistics)(void *payload, const void *params, fel_kfac_stats *const **parts,
                             size_t *n_parts);
    /* The loss alone. *loss may come out as not finite: the step is then refused. */
    fel_status (*loss)(void *payload, const void *params, double *loss);
    /* matrix[n x n] = directions[i]' C directions[j] of the curvature C that the statistics are an
     * approximation of, from directional derivatives on a part of the samples. n <= 2; directions
     * have the norm 1. */
    fel_status (*curvature)(void *payload, const void *params, const void *const *directions,
                            size_t n, double *matrix);
} fel_kfac_host;

typedef struct fel_kfac_report {
    double loss; /* before the step */
    double gradient_norm;
    double step_size, momentum; /* what the direction and the last step were multiplied with */
    double damping;
    double reduction_ratio;           /* NaN where it was not measured */
    int is_rejected;                  /* the parameters stay */
    int has_statistics, has_inverses; /* were made anew */
    int n_retries;                    /* of Cholesky factorisations that took more damping */
} fel_kfac_report;

/* One step. ERR_RANGE, params as before, if the gradient is not finite or no damping makes a factor
 * positive definite (says the block, the step and its condition number). */
FEL_API FEL_NODISCARD fel_status fel_kfac_step_f32(fel_kfac *kfac, const fel_kfac_host *host,
                                                   double rate_factor, float *params,
                                                   fel_kfac_report *report);
FEL_API FEL_NODISCARD fel_status fel_kfac_step_f64(fel_kfac *kfac, const fel_kfac_host *host,
                                                   double rate_factor, double *params,
                                                   fel_kfac_report *report);

/* ---- parts, for tests and other methods ------------------------------------------------------ */

/* Factors from statistics (with the moving average), inverses from factors at the damping of now,
 * and direction = (curvature + damping)^-1 gradient. */
FEL_API FEL_NODISCARD fel_status fel_kfac_update(fel_kfac *kfac, fel_kfac_stats *const *parts,
                                                 size_t n_parts);
FEL_API FEL_NODISCARD fel_status fel_kfac_invert(fel_kfac *kfac);
FEL_API void fel_kfac_precondition_f32(const fel_kfac *kfac, const float *gradient,
                                       float *direction);
FEL_API void fel_kfac_precondition_f64(const fel_kfac *kfac, const double *gradient,
                                       double *direction);
/* Factors of the Kronecker block of weight block `block`: inputs (cols + 1 with a bias) and slopes
 * (rows), row-major in double; lag-one ones where the model of time needs them, else NULL. */
typedef struct fel_kfac_factors {
    size_t n_inputs, n_slopes;
    size_t n_bands; /* 1; with split gates 4: slopes[n_bands][n_slopes / n_bands squared] */
    double uses;    /* how many a sample has; 0: none were reported, the block is diagonal */
    const double *inputs, *slopes, *inputs_lag, *slopes_lag;
} fel_kfac_factors;
FEL_API FEL_NODISCARD fel_status fel_kfac_factors_of(const fel_kfac *kfac, size_t block,
                                                     fel_kfac_factors *out);
/* Eigenvalues of a factor, falling: values[n_inputs] or values[n_slopes]. */
FEL_API FEL_NODISCARD fel_status fel_kfac_spectrum(const fel_kfac *kfac, size_t block,
                                                   int of_slopes, double *values);

/* What it keeps, as fel_optimizer_array_at(): writing what was read makes another go on as this one
 * would, bit for bit. */
FEL_API size_t fel_kfac_count_arrays(const fel_kfac *kfac);
FEL_API fel_optimizer_array fel_kfac_array_at(fel_kfac *kfac, size_t index);

FEL_END_DECLS
#endif
