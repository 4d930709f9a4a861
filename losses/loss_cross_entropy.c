/* losses/loss_cross_entropy.c - cross-entropy of the softmax of a row of logits and its class, with
 * label smoothing (Szegedy et al. 2016): q_k = (1 - s) [k = c] + s / K. */
#include "losses/loss_internal.h"

static const fel_param_spec entropy_params[] = {
    {"smoothing", FEL_PARAM_REAL, 0.0, 0.0, 0.999, NULL,
     "share of each label that is given to all classes alike"},
};

static double row_entropy(const double *params, const double *logits, size_t n, size_t class,
                          double *slopes)
{
    double largest = logits[0], sum = 0.0, value = 0.0;
    for (size_t k = 1; k < n; k++) {
        largest = fmax(largest, logits[k]);
    }
    for (size_t k = 0; k < n; k++) {
        slopes[k] = exp(logits[k] - largest);
        sum += slopes[k];
    }
    for (size_t k = 0; k < n; k++) {
        const double q = (k == class ? 1.0 - params[0] : 0.0) + params[0] / (double)n;
        if (q > 0.0) {
            value += q * (log(sum) - (logits[k] - largest));
        }
        slopes[k] = slopes[k] / sum - q;
    }
    return value;
}

static LOSS_WHOLE(cross_entropy)
{
    return loss_mean_rows(row_entropy, params, batch, value, gradient);
}

const fel_loss_class loss_cross_entropy = {
    .struct_size = sizeof(fel_loss_class),
    .kind = FEL_LOSS_CLASSIFICATION,
    .shape = FEL_LOSS_CLASS,
    .flags = FEL_LOSS_HAS_GRADIENT,
    .name = "cross_entropy",
    .summary = "cross-entropy of a row of logits and a class",
    .formula = "mean -sum_k q_k log softmax(o)_k",
    .params = entropy_params,
    .n_params = 1,
    .whole = cross_entropy,
};
