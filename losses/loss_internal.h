/* losses/loss_internal.h - the rows of the table of losses, and what they share. */
#ifndef FEL_LOSSES_LOSS_INTERNAL_H
#define FEL_LOSSES_LOSS_INTERNAL_H

#ifndef FEL_MODULE_LOSSES
#error "losses/loss_internal.h belongs to losses/: other modules use feller/loss.h"
#endif

#include <math.h>

#include <feller/loss.h>

#define LOSS_NOT_DEFINED ((double)NAN)

/* The signature of fel_loss_class.term and .whole. */
#define LOSS_TERM(name)                                                                            \
    double name(const double *params, double target, double output, double *slope)
#define LOSS_WHOLE(name)                                                                           \
    fel_status name(const double *params, const fel_loss_batch *batch, double *value,              \
                    double *gradient)

/* ---- rows ------------------------------------------------------------------------------------ */

extern const fel_loss_class loss_mae, loss_mse, loss_mbe, loss_huber, loss_log_cosh, loss_quantile;
extern const fel_loss_class loss_mape, loss_msle, loss_rmsle;
extern const fel_loss_class loss_rae, loss_rse, loss_rmse, loss_nrmse, loss_rrmse;
extern const fel_loss_class loss_madl, loss_gmadl, loss_tanh_madl, loss_straight_madl;
extern const fel_loss_class loss_negative_sharpe, loss_mean_variance;
extern const fel_loss_class loss_binary_cross_entropy, loss_cross_entropy;
extern const fel_loss_class loss_ldr_kl, loss_aldr_kl, loss_z;
extern const fel_loss_class loss_pairwise_logistic, loss_auc_error, loss_neural_ndcg;

/* ---- batches: loss_batch.c ------------------------------------------------------------------- */

/* Everything of the batch that is read is sound for this class; outputs only if asked. */
fel_status loss_batch_check(const fel_loss_class *code, const fel_loss_batch *batch, int outputs);

static inline double loss_weight(const fel_loss_batch *batch, size_t row)
{
    return batch->weights != NULL ? batch->weights[row] : 1.0;
}
/* The row at a place in the order of time. */
static inline size_t loss_row(const fel_loss_batch *batch, size_t place)
{
    return batch->order != NULL ? batch->order[place] : place;
}
static inline size_t loss_n_groups(const fel_loss_batch *batch)
{
    return batch->group_starts != NULL ? batch->n_groups : 1;
}
static inline size_t loss_group_start(const fel_loss_batch *batch, size_t group)
{
    return batch->group_starts != NULL ? batch->group_starts[group] : group * batch->n;
}
double loss_weight_sum(const fel_loss_batch *batch);
/* The weighted mean of |target|^power. */
double loss_mean_power(const fel_loss_batch *batch, double power);
/* A bound for losses that have none. */
double loss_no_bound(const double *params, const fel_loss_batch *batch);

/* ---- sums of terms: loss_mean.c -------------------------------------------------------------- */

/* *sum of weight x term over all that counts; gradient (may be NULL) gets weight x slope. ERR_RANGE
 * where a term is not finite. */
fel_status loss_sum_terms(const fel_loss_class *code, const double *params,
                          const fel_loss_batch *batch, double *sum, double *gradient);
/* Multiply the whole gradient; does nothing to NULL. */
void loss_scale_gradient(const fel_loss_batch *batch, double factor, double *gradient);
/* What `fel_loss_class.term` means: sum over (sum of weights x outputs). */
fel_status loss_mean_terms(const fel_loss_class *code, const double *params,
                           const fel_loss_batch *batch, double *value, double *gradient);

/* A loss of each row's outputs and class, averaged over rows: value, and slopes[0 .. n). */
typedef double (*loss_of_logits)(const double *params, const double *logits, size_t n, size_t class,
                                 double *slopes);
fel_status loss_mean_rows(loss_of_logits of_row, const double *params, const fel_loss_batch *batch,
                          double *value, double *gradient);

/* ---- functions without overflow -------------------------------------------------------------- */

/* log(1 + exp(x)) and its derivative. */
static inline double loss_softplus(double x, double *slope)
{
    const double e = exp(-fabs(x));
    *slope = x >= 0.0 ? 1.0 / (1.0 + e) : e / (1.0 + e);
    return fmax(x, 0.0) + log1p(e);
}

static inline double loss_sign(double x)
{
    return (double)((x > 0.0) - (x < 0.0));
}

#endif
