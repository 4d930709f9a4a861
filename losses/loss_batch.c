/* losses/loss_batch.c - is a batch sound: sizes, finite numbers, weights, order, groups. */
#include <stdint.h>
#include <stdlib.h>

#include "core/sum.h"
#include "losses/loss_internal.h"

/* ---- sizes ----------------------------------------------------------------------------------- */

static fel_status check_shape(const fel_loss_class *code, const fel_loss_batch *batch)
{
    if (batch->n == 0 || batch->n_outputs == 0) {
        return FEL_RAISE(FEL_ERR_SHAPE, "%s: %zu samples of %zu outputs; at least one of each",
                         code->name, batch->n, batch->n_outputs);
    }
    if (batch->n > SIZE_MAX / sizeof(double) / batch->n_outputs) {
        return FEL_RAISE(FEL_ERR_SHAPE, "%s: %zu samples of %zu outputs are beyond any memory",
                         code->name, batch->n, batch->n_outputs);
    }
    const size_t n_targets = code->shape == FEL_LOSS_EACH ? batch->n_outputs : 1;
    if (batch->n_targets != n_targets) {
        return FEL_RAISE(FEL_ERR_SHAPE, "%s: %zu targets a sample; %zu outputs need %zu",
                         code->name, batch->n_targets, batch->n_outputs, n_targets);
    }
    if (code->shape == FEL_LOSS_SCORE && batch->n_outputs != 1) {
        return FEL_RAISE(FEL_ERR_SHAPE, "%s: %zu outputs a sample; it needs 1", code->name,
                         batch->n_outputs);
    }
    if (code->shape == FEL_LOSS_CLASS && batch->n_outputs < 2) {
        return FEL_RAISE(FEL_ERR_SHAPE, "%s: 1 output a sample; it needs one a class, at least 2",
                         code->name);
    }
    return FEL_OK;
}

/* ---- numbers --------------------------------------------------------------------------------- */

static fel_status check_weights(const fel_loss_class *code, const fel_loss_batch *batch)
{
    for (size_t i = 0; batch->weights != NULL && i < batch->n; i++) {
        if (!isfinite(batch->weights[i]) || batch->weights[i] < 0.0) {
            return FEL_RAISE(FEL_ERR_RANGE, "%s: the weight of sample %zu is %g; 0 or more",
                             code->name, i, batch->weights[i]);
        }
    }
    const double sum = loss_weight_sum(batch);
    if (!(sum > 0.0) || !isfinite(sum)) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s: the weights add up to %g; no sample counts",
                         code->name, sum);
    }
    return FEL_OK;
}

static fel_status check_numbers(const fel_loss_class *code, const fel_loss_batch *batch,
                                const double *numbers, size_t n_columns, const char *what)
{
    for (size_t i = 0; i < batch->n; i++) {
        for (size_t j = 0; j < n_columns && loss_weight(batch, i) > 0.0; j++) {
            if (!isfinite(numbers[i * n_columns + j])) {
                return FEL_RAISE(FEL_ERR_RANGE,
                                 "%s: %s %zu of sample %zu is %g; weight 0 leaves a sample out",
                                 code->name, what, j, i, numbers[i * n_columns + j]);
            }
        }
    }
    return FEL_OK;
}

static fel_status check_classes(const fel_loss_class *code, const fel_loss_batch *batch)
{
    for (size_t i = 0; code->shape == FEL_LOSS_CLASS && i < batch->n; i++) {
        const double target = batch->targets[i];
        if (loss_weight(batch, i) > 0.0 &&
            !(target >= 0.0 && target < (double)batch->n_outputs && floor(target) == target)) {
            return FEL_RAISE(FEL_ERR_RANGE, "%s: the class of sample %zu is %g; 0 .. %zu",
                             code->name, i, target, batch->n_outputs - 1);
        }
    }
    return FEL_OK;
}

/* ---- order and groups ------------------------------------------------------------------------ */

static fel_status mark_places(const fel_loss_class *code, const fel_loss_batch *batch,
                              unsigned char *seen)
{
    for (size_t k = 0; k < batch->n; k++) {
        const size_t row = batch->order[k];
        if (row >= batch->n || seen[row]) {
            return FEL_RAISE(FEL_ERR_SHAPE, "%s: order[%zu] = %zu; each of 0 .. %zu must come once",
                             code->name, k, row, batch->n - 1);
        }
        seen[row] = 1;
    }
    return FEL_OK;
}

static fel_status check_order(const fel_loss_class *code, const fel_loss_batch *batch)
{
    if (batch->order == NULL) {
        return FEL_OK;
    }
    unsigned char *seen = calloc(batch->n, 1);
    if (seen == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "%s: no memory for %zu samples", code->name, batch->n);
    }
    const fel_status status = mark_places(code, batch, seen);
    free(seen);
    return status;
}

static fel_status check_groups(const fel_loss_class *code, const fel_loss_batch *batch)
{
    const size_t *starts = batch->group_starts;
    if (starts == NULL) {
        return FEL_OK;
    }
    if (batch->n_groups == 0 || starts[0] != 0 || starts[batch->n_groups] != batch->n) {
        return FEL_RAISE(FEL_ERR_SHAPE,
                         "%s: %zu groups; at least 1, the first begins at 0, the last ends at %zu",
                         code->name, batch->n_groups, batch->n);
    }
    for (size_t g = 0; g < batch->n_groups; g++) {
        if (starts[g + 1] < starts[g]) {
            return FEL_RAISE(FEL_ERR_SHAPE, "%s: group %zu begins at %zu and ends at %zu",
                             code->name, g, starts[g], starts[g + 1]);
        }
    }
    return FEL_OK;
}

static fel_status check_positions(const fel_loss_class *code, const fel_loss_batch *batch)
{
    const size_t n = loss_n_groups(batch) * batch->n_outputs;
    for (size_t i = 0; batch->positions_before != NULL && i < n; i++) {
        if (!isfinite(batch->positions_before[i])) {
            return FEL_RAISE(FEL_ERR_RANGE, "%s: position %zu before group %zu is %g", code->name,
                             i % batch->n_outputs, i / batch->n_outputs,
                             batch->positions_before[i]);
        }
    }
    return FEL_OK;
}

fel_status loss_batch_check(const fel_loss_class *code, const fel_loss_batch *batch, int outputs)
{
    FEL_TRY(check_shape(code, batch));
    FEL_TRY(check_weights(code, batch));
    FEL_TRY(check_numbers(code, batch, batch->targets, batch->n_targets, "target"));
    FEL_TRY(check_classes(code, batch));
    if (outputs) {
        FEL_TRY(check_numbers(code, batch, batch->outputs, batch->n_outputs, "output"));
    }
    FEL_TRY(check_order(code, batch));
    FEL_TRY(check_groups(code, batch));
    return check_positions(code, batch);
}

/* ---- sums ------------------------------------------------------------------------------------ */

double loss_weight_sum(const fel_loss_batch *batch)
{
    running_sum sum = {0};
    for (size_t i = 0; i < batch->n; i++) {
        running_add(&sum, loss_weight(batch, i));
    }
    return running_value(&sum);
}

double loss_mean_power(const fel_loss_batch *batch, double power)
{
    running_sum sum = {0};
    for (size_t i = 0; i < batch->n; i++) {
        const double weight = loss_weight(batch, i);
        for (size_t j = 0; j < batch->n_targets && weight > 0.0; j++) {
            running_add(&sum, weight * pow(fabs(batch->targets[i * batch->n_targets + j]), power));
        }
    }
    return running_value(&sum) / (loss_weight_sum(batch) * (double)batch->n_targets);
}

double loss_no_bound(const double *params, const fel_loss_batch *batch)
{
    (void)params;
    (void)batch;
    return -HUGE_VAL;
}
