/* losses/loss.c - the table of losses: finding one, evaluating it. */
#include <string.h>

#include "core/nearest.h"
#include "losses/loss_internal.h"

static const fel_loss_class *const classes[] = {
    &loss_mae,
    &loss_mse,
    &loss_mbe,
    &loss_rae,
    &loss_rse,
    &loss_mape,
    &loss_rmse,
    &loss_msle,
    &loss_rmsle,
    &loss_nrmse,
    &loss_rrmse,
    &loss_huber,
    &loss_log_cosh,
    &loss_quantile,
    &loss_madl,
    &loss_gmadl,
    &loss_tanh_madl,
    &loss_straight_madl,
    &loss_negative_sharpe,
    &loss_mean_variance,
    &loss_binary_cross_entropy,
    &loss_cross_entropy,
    &loss_ldr_kl,
    &loss_aldr_kl,
    &loss_z,
    &loss_pairwise_logistic,
    &loss_auc_error,
    &loss_neural_ndcg,
};

enum { N_CLASSES = sizeof(classes) / sizeof(classes[0]) };

const fel_loss_class *const *fel_loss_classes(size_t *n)
{
    *n = N_CLASSES;
    return classes;
}

fel_status fel_loss_find(const char *name, fel_loss *out)
{
    const char *names[N_CLASSES];
    for (size_t i = 0; i < N_CLASSES; i++) {
        names[i] = classes[i]->name;
        if (strcmp(name, names[i]) == 0) {
            fel_loss loss = {.code = classes[i]};
            fel_param_defaults(classes[i]->params, classes[i]->n_params, loss.params);
            *out = loss;
            return FEL_OK;
        }
    }
    const size_t near = nearest_name(name, names, N_CLASSES);
    if (near < N_CLASSES) {
        return FEL_RAISE(FEL_ERR_NOTFOUND, "no loss \"%.64s\"; did you mean \"%s\"?", name,
                         names[near]);
    }
    return FEL_RAISE(FEL_ERR_NOTFOUND, "no loss \"%.64s\"; feller list losses shows them", name);
}

static fel_status check_loss(const fel_loss *loss)
{
    for (size_t i = 0; i < loss->code->n_params; i++) {
        FEL_TRY(fel_param_check(&loss->code->params[i], loss->params[i]));
    }
    return FEL_OK;
}

/* Sums of huge numbers overflow although each of them is finite. */
static fel_status check_finite(const char *name, const fel_loss_batch *batch, double value,
                               const double *gradient)
{
    if (!isfinite(value)) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s is %g: the outputs are too large", name, value);
    }
    for (size_t i = 0; gradient != NULL && i < batch->n * batch->n_outputs; i++) {
        if (!isfinite(gradient[i])) {
            return FEL_RAISE(FEL_ERR_RANGE,
                             "the gradient of %s at output %zu of sample %zu is %g: the outputs "
                             "are too large",
                             name, i % batch->n_outputs, i / batch->n_outputs, gradient[i]);
        }
    }
    return FEL_OK;
}

fel_status fel_loss_eval(const fel_loss *loss, const fel_loss_batch *batch, double *value,
                         double *gradient)
{
    const fel_loss_class *code = loss->code;
    double result = 0.0;
    FEL_TRY(check_loss(loss));
    FEL_TRY(loss_batch_check(code, batch, 1));
    if (gradient != NULL) {
        memset(gradient, 0, batch->n * batch->n_outputs * sizeof(*gradient));
    }
    FEL_TRY(code->term != NULL ? loss_mean_terms(code, loss->params, batch, &result, gradient)
                               : code->whole(loss->params, batch, &result, gradient));
    FEL_TRY(check_finite(code->name, batch, result, gradient));
    *value = result;
    return FEL_OK;
}

fel_status fel_loss_bound(const fel_loss *loss, const fel_loss_batch *batch, double *bound)
{
    FEL_TRY(check_loss(loss));
    FEL_TRY(loss_batch_check(loss->code, batch, 0));
    *bound = loss->code->bound != NULL ? loss->code->bound(loss->params, batch) : 0.0;
    return FEL_OK;
}
