/* losses/loss_binary.c - binary cross-entropy of a logit: the target is a class, 0 or 1, or the
 * probability of class 1. Written with log(1 + exp), it overflows for no logit. */
#include "losses/loss_internal.h"

enum { POSITIVE_WEIGHT, SMOOTHING, N_PARAMS };

static const fel_param_spec binary_params[N_PARAMS] = {
    {"positive_weight", FEL_PARAM_REAL, 1.0, 1e-9, 1e9, NULL,
     "weight of class 1 beside class 0, for classes of unequal number"},
    {"smoothing", FEL_PARAM_REAL, 0.0, 0.0, 0.999, NULL,
     "share of each label that is given to both classes in halves"},
};

static LOSS_TERM(binary_entropy)
{
    if (!(target >= 0.0 && target <= 1.0)) {
        return LOSS_NOT_DEFINED;
    }
    const double y = target * (1.0 - params[SMOOTHING]) + 0.5 * params[SMOOTHING];
    const double positive = params[POSITIVE_WEIGHT] * y, negative = 1.0 - y;
    double up = 0.0, down = 0.0;
    const double surprise_0 = loss_softplus(output, &up);
    const double surprise_1 = loss_softplus(-output, &down);
    *slope = negative * up - positive * down;
    return negative * surprise_0 + positive * surprise_1;
}

const fel_loss_class loss_binary_cross_entropy = {
    .struct_size = sizeof(fel_loss_class),
    .kind = FEL_LOSS_CLASSIFICATION,
    .shape = FEL_LOSS_EACH,
    .flags = FEL_LOSS_HAS_GRADIENT,
    .name = "binary_cross_entropy",
    .summary = "cross-entropy of a logit and a class 0 or 1",
    .formula = "mean (1 - y) log(1 + exp(o)) + p y log(1 + exp(-o))",
    .params = binary_params,
    .n_params = N_PARAMS,
    .domain = "targets in [0, 1]",
    .term = binary_entropy,
};
