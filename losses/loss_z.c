/* losses/loss_z.c - Z-loss (de Brebisson and Vincent 2016, arXiv 1604.08859): the class's output in
 * standard deviations from the mean of its row, z_c = (o_c - mean o) / sd o (ddof 0), through a
 * softplus: L = mean (1 / a) log(1 + exp(a (b - z_c))). It does not change when outputs are shifted
 * or scaled; z_c is at most sqrt(K - 1); of two outputs it is -1 or 1 whatever they are. */
#include <stdlib.h>

#include "losses/loss_internal.h"

enum { STEEPNESS, OFFSET, N_PARAMS };

static const fel_param_spec z_params[N_PARAMS] = {
    {"a", FEL_PARAM_REAL, 1.0, 1e-6, 1e6, NULL, "steepness"},
    {"b", FEL_PARAM_REAL, 1.0, -1e6, 1e6, NULL, "z from which on little is gained"},
};

/* dz_c / do_j = ([j = c] - 1 / K - z_c z_j / K) / sd. NaN if the row does not vary. */
static double z_row(const double *params, const double *logits, size_t n, size_t class,
                    double *slopes)
{
    double mean = 0.0, square = 0.0, low = logits[0], high = logits[0], dvalue = 0.0;
    for (size_t k = 0; k < n; k++) {
        mean += logits[k] / (double)n;
        low = fmin(low, logits[k]);
        high = fmax(high, logits[k]);
    }
    for (size_t k = 0; k < n; k++) {
        square += (logits[k] - mean) * (logits[k] - mean) / (double)n;
    }
    const double deviation = high > low ? sqrt(square) : LOSS_NOT_DEFINED;
    const double z = (logits[class] - mean) / deviation;
    const double value = loss_softplus(params[STEEPNESS] * (params[OFFSET] - z), &dvalue);
    for (size_t k = 0; k < n; k++) {
        const double own = k == class ? 1.0 : 0.0;
        const double other = (logits[k] - mean) / deviation;
        slopes[k] = -dvalue * (own - (1.0 + z * other) / (double)n) / deviation;
    }
    return value / params[STEEPNESS];
}

static fel_status check_rows(const fel_loss_batch *batch)
{
    if (batch->n_outputs < 3) {
        return FEL_RAISE(FEL_ERR_SHAPE, "z_loss: 2 outputs are always 1 deviation from their mean; "
                                        "it needs 3 classes or more");
    }
    for (size_t i = 0; i < batch->n; i++) {
        const double *row = batch->outputs + i * batch->n_outputs;
        size_t k = 1;
        while (k < batch->n_outputs && row[k] >= row[0] && row[k] <= row[0]) {
            k++;
        }
        if (k == batch->n_outputs && loss_weight(batch, i) > 0.0) {
            return FEL_RAISE(FEL_ERR_RANGE,
                             "z_loss: all outputs of sample %zu are %g, and it divides by their "
                             "deviation",
                             i, row[0]);
        }
    }
    return FEL_OK;
}

static LOSS_WHOLE(z_loss)
{
    FEL_TRY(check_rows(batch));
    return loss_mean_rows(z_row, params, batch, value, gradient);
}

const fel_loss_class loss_z = {
    .struct_size = sizeof(fel_loss_class),
    .kind = FEL_LOSS_CLASSIFICATION,
    .shape = FEL_LOSS_CLASS,
    .flags = FEL_LOSS_HAS_GRADIENT,
    .name = "z_loss",
    .summary = "how far the class leads in standard deviations of its row",
    .formula = "mean (1 / a) log(1 + exp(a (b - z_c))), z = (o - mean o) / sd o",
    .params = z_params,
    .n_params = N_PARAMS,
    .whole = z_loss,
};
