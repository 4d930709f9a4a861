/* losses/loss_relative.c - errors of a batch relative to another sum over it: RAE, RSE, RMSE,
 * NRMSE, RRMSE (arXiv 2211.02989, corrected: there RSE divides by its own numerator, so it is
 * always 1; RMSE was run as MSE; NRMSE divides by the deviation of the outputs).
 *
 * Each is N / D or sqrt(N / D): N the weighted sum of |e| or e^2, D of the targets alone, except
 * for RRMSE as the survey has it. Several outputs: N and D are summed over them, each about its own
 * mean. Where a root is 0 so is its gradient. */
#include "core/sum.h"
#include "losses/loss_internal.h"

/* ---- about the targets ----------------------------------------------------------------------- */

/* A weighted statistic of column j: power 1 of |y - centre|, or 2. */
static double column_power(const fel_loss_batch *batch, size_t j, double centre, int power)
{
    running_sum sum = {0};
    for (size_t i = 0; i < batch->n; i++) {
        const double weight = loss_weight(batch, i);
        if (weight > 0.0) {
            const double d = fabs(batch->targets[i * batch->n_targets + j] - centre);
            running_add(&sum, weight * (power == 1 ? d : d * d));
        }
    }
    return running_value(&sum);
}

static double column_mean(const fel_loss_batch *batch, size_t j)
{
    running_sum sum = {0};
    for (size_t i = 0; i < batch->n; i++) {
        const double weight = loss_weight(batch, i);
        if (weight > 0.0) {
            running_add(&sum, weight * batch->targets[i * batch->n_targets + j]);
        }
    }
    return running_value(&sum) / loss_weight_sum(batch);
}

/* Largest less smallest of what counts: exactly 0 if all are equal, which sums about a rounded mean
 * are not. */
static double column_range(const fel_loss_batch *batch, size_t j)
{
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (size_t i = 0; i < batch->n; i++) {
        if (loss_weight(batch, i) > 0.0) {
            low = fmin(low, batch->targets[i * batch->n_targets + j]);
            high = fmax(high, batch->targets[i * batch->n_targets + j]);
        }
    }
    return high - low;
}

/* Sum over columns of the powers about their means; ERR_RANGE if no column varies. */
static fel_status variation(const char *name, const fel_loss_batch *batch, int power, double *out)
{
    running_sum sum = {0};
    for (size_t j = 0; j < batch->n_targets; j++) {
        if (column_range(batch, j) > 0.0) {
            running_add(&sum, column_power(batch, j, column_mean(batch, j), power));
        }
    }
    *out = running_value(&sum);
    return *out > 0.0
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_RANGE,
                           "%s: the targets do not vary, and it divides by their variation", name);
}

/* ---- quotients ------------------------------------------------------------------------------- */

/* value = N / D of the terms of `code`. */
static fel_status quotient(const fel_loss_class *code, const fel_loss_batch *batch,
                           double denominator, double *value, double *gradient)
{
    double sum = 0.0;
    FEL_TRY(loss_sum_terms(code, NULL, batch, &sum, gradient));
    *value = sum / denominator;
    loss_scale_gradient(batch, 1.0 / denominator, gradient);
    return FEL_OK;
}

static fel_status root_quotient(const fel_loss_class *code, const fel_loss_batch *batch,
                                double denominator, double *value, double *gradient)
{
    double square = 0.0;
    FEL_TRY(quotient(code, batch, denominator, &square, gradient));
    *value = sqrt(square);
    loss_scale_gradient(batch, square > 0.0 ? 0.5 / sqrt(square) : 0.0, gradient);
    return FEL_OK;
}

#define RELATIVE(row_name, row_whole, row_summary, row_formula)                                    \
    .struct_size = sizeof(fel_loss_class), .kind = FEL_LOSS_REGRESSION, .shape = FEL_LOSS_EACH,    \
    .flags = FEL_LOSS_HAS_GRADIENT, .name = (row_name), .summary = (row_summary),                  \
    .formula = (row_formula), .whole = (row_whole)

/* ---- RAE, RSE -------------------------------------------------------------------------------- */

static LOSS_WHOLE(relative_absolute)
{
    (void)params;
    double denominator = 0.0;
    FEL_TRY(variation("rae", batch, 1, &denominator));
    return quotient(&loss_mae, batch, denominator, value, gradient);
}

const fel_loss_class loss_rae = {
    RELATIVE("rae", relative_absolute,
             "relative absolute error: 1 is as good as the mean of the targets",
             "sum |e| / sum |y - mean y|"),
};

static LOSS_WHOLE(relative_squared)
{
    (void)params;
    double denominator = 0.0;
    FEL_TRY(variation("rse", batch, 2, &denominator));
    return quotient(&loss_mse, batch, denominator, value, gradient);
}

const fel_loss_class loss_rse = {
    RELATIVE("rse", relative_squared, "relative squared error: 1 - R squared",
             "sum e^2 / sum (y - mean y)^2"),
};

/* ---- RMSE, NRMSE ----------------------------------------------------------------------------- */

static double count_of(const fel_loss_batch *batch)
{
    return loss_weight_sum(batch) * (double)batch->n_outputs;
}

static LOSS_WHOLE(root_mean_squared)
{
    (void)params;
    return root_quotient(&loss_mse, batch, count_of(batch), value, gradient);
}

const fel_loss_class loss_rmse = {
    RELATIVE("rmse", root_mean_squared, "root mean squared error", "sqrt(mean e^2)"),
};

static const fel_param_spec nrmse_params[] = {
    {"by", FEL_PARAM_CHOICE, 0.0, 0.0, 0.0, "deviation|range|mean",
     "what the targets' size is: standard deviation (ddof 0), range, |mean|"},
};

static fel_status size_by_deviation(const fel_loss_batch *batch, double *size)
{
    FEL_TRY(variation("nrmse", batch, 2, size));
    *size = sqrt(*size / count_of(batch));
    return FEL_OK;
}

static fel_status size_by_range(const fel_loss_batch *batch, double *size)
{
    *size = 0.0;
    for (size_t j = 0; j < batch->n_targets; j++) {
        *size += column_range(batch, j) / (double)batch->n_targets;
    }
    return *size > 0.0 ? FEL_OK
                       : FEL_RAISE(FEL_ERR_RANGE,
                                   "nrmse: the targets do not vary, and it divides by their range");
}

static fel_status size_by_mean(const fel_loss_batch *batch, double *size)
{
    *size = 0.0;
    for (size_t j = 0; j < batch->n_targets; j++) {
        *size += fabs(column_mean(batch, j)) / (double)batch->n_targets;
    }
    return *size > 0.0
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_RANGE, "nrmse: the targets' mean is 0, and it divides by that");
}

static LOSS_WHOLE(normalised_root)
{
    static fel_status (*const sizes[])(const fel_loss_batch *,
                                       double *) = {size_by_deviation, size_by_range, size_by_mean};
    double size = 0.0;
    FEL_TRY(sizes[(size_t)params[0]](batch, &size));
    return root_quotient(&loss_mse, batch, count_of(batch) * size * size, value, gradient);
}

const fel_loss_class loss_nrmse = {
    RELATIVE("nrmse", normalised_root, "root mean squared error over the size of the targets",
             "sqrt(mean e^2) / size of y"),
    .params = nrmse_params,
    .n_params = 1,
};

/* ---- RRMSE ----------------------------------------------------------------------------------- */

static const fel_param_spec rrmse_params[] = {
    {"by", FEL_PARAM_CHOICE, 0.0, 0.0, 0.0, "targets|outputs",
     "whose squares divide; outputs as in the survey, which rewards outputs that are too large"},
};

static double sum_of_squares(const fel_loss_batch *batch, const double *numbers)
{
    running_sum sum = {0};
    for (size_t at = 0; at < batch->n * batch->n_outputs; at++) {
        const double weight = loss_weight(batch, at / batch->n_outputs);
        if (weight > 0.0) {
            running_add(&sum, weight * numbers[at] * numbers[at]);
        }
    }
    return running_value(&sum);
}

/* L = sqrt(N / D), D = sum w o^2: beside dN the outputs move D, by -L / (2 D) dD. */
static void add_denominator(const fel_loss_batch *batch, double factor, double *gradient)
{
    for (size_t at = 0; gradient != NULL && at < batch->n * batch->n_outputs; at++) {
        const double weight = loss_weight(batch, at / batch->n_outputs);
        if (weight > 0.0) {
            gradient[at] -= factor * weight * batch->outputs[at];
        }
    }
}

static LOSS_WHOLE(relative_root)
{
    const int by_outputs = params[0] > 0.5;
    const double squares = sum_of_squares(batch, by_outputs ? batch->outputs : batch->targets);
    if (!(squares > 0.0)) {
        return FEL_RAISE(FEL_ERR_RANGE, "rrmse: all %s are 0, and it divides by their squares",
                         by_outputs ? "outputs" : "targets");
    }
    FEL_TRY(root_quotient(&loss_mse, batch, squares, value, gradient));
    if (by_outputs) {
        add_denominator(batch, *value / squares, gradient);
    }
    return FEL_OK;
}

const fel_loss_class loss_rrmse = {
    RELATIVE("rrmse", relative_root, "relative root mean squared error",
             "sqrt(sum e^2 / sum y^2), or sum o^2"),
    .params = rrmse_params,
    .n_params = 1,
};
