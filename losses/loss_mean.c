/* losses/loss_mean.c - losses that are weighted means: of a term for each output, of a loss for
 * each row. */
#include <stdlib.h>

#include "core/sum.h"
#include "losses/loss_internal.h"

static fel_status raise_term(const fel_loss_class *code, double term, size_t row, double target,
                             double output)
{
    return FEL_RAISE(FEL_ERR_RANGE, "%s of sample %zu is %g (target %g, output %g); it needs %s",
                     code->name, row, term, target, output,
                     code->domain != NULL ? code->domain : "outputs that are not as large");
}

fel_status loss_sum_terms(const fel_loss_class *code, const double *params,
                          const fel_loss_batch *batch, double *sum, double *gradient)
{
    running_sum total = {0};
    for (size_t at = 0; at < batch->n * batch->n_outputs; at++) {
        const size_t row = at / batch->n_outputs;
        const double weight = loss_weight(batch, row);
        if (weight > 0.0) {
            const double target = batch->targets[at], output = batch->outputs[at];
            double slope = 0.0;
            const double term = code->term(params, target, output, &slope);
            if (!isfinite(term)) {
                return raise_term(code, term, row, target, output);
            }
            running_add(&total, weight * term);
            if (gradient != NULL) {
                gradient[at] = weight * slope;
            }
        }
    }
    *sum = running_value(&total);
    return FEL_OK;
}

void loss_scale_gradient(const fel_loss_batch *batch, double factor, double *gradient)
{
    for (size_t at = 0; gradient != NULL && at < batch->n * batch->n_outputs; at++) {
        gradient[at] *= factor;
    }
}

fel_status loss_mean_terms(const fel_loss_class *code, const double *params,
                           const fel_loss_batch *batch, double *value, double *gradient)
{
    const double count = loss_weight_sum(batch) * (double)batch->n_outputs;
    double sum = 0.0;
    FEL_TRY(loss_sum_terms(code, params, batch, &sum, gradient));
    loss_scale_gradient(batch, 1.0 / count, gradient);
    *value = sum / count;
    return FEL_OK;
}

fel_status loss_mean_rows(loss_of_logits of_row, const double *params, const fel_loss_batch *batch,
                          double *value, double *gradient)
{
    const size_t n_outputs = batch->n_outputs;
    const double count = loss_weight_sum(batch);
    double *slopes = calloc(n_outputs, sizeof(*slopes));
    if (slopes == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for the slopes of %zu outputs", n_outputs);
    }
    running_sum sum = {0};
    for (size_t i = 0; i < batch->n; i++) {
        const double weight = loss_weight(batch, i);
        if (weight > 0.0) {
            running_add(&sum, weight * of_row(params, batch->outputs + i * n_outputs, n_outputs,
                                              (size_t)batch->targets[i], slopes));
            for (size_t j = 0; gradient != NULL && j < n_outputs; j++) {
                gradient[i * n_outputs + j] = weight / count * slopes[j];
            }
        }
    }
    *value = running_value(&sum) / count;
    free(slopes);
    return FEL_OK;
}
