/* models/optimizer_rmsprop.c - RMSprop (Tieleman and Hinton 2012), centred (Graves 2013, arXiv
 * 1308.0850) or not, with momentum or not:
 *
 *   s = alpha s + (1 - alpha) g^2,  m = alpha m + (1 - alpha) g
 *   u = momentum u + g / (sqrt(s - m^2) + epsilon),  p -= rate u */
#include "models/optimizer_internal.h"

enum { LEARNING_RATE, ALPHA, EPSILON, MOMENTUM, CENTERED, WEIGHT_DECAY };

static const fel_param_spec params[] = {
    {"learning_rate", FEL_PARAM_REAL, 0.01, 0.0, 1e3, NULL, "move where gradients are steady"},
    {"alpha", FEL_PARAM_REAL, 0.99, 0.0, 0.999999, NULL, "share kept of the mean square"},
    {"epsilon", FEL_PARAM_REAL, 1e-8, 1e-20, 1.0, NULL, "added to the root of the mean square"},
    {"momentum", FEL_PARAM_REAL, 0.0, 0.0, 0.9999, NULL, "share of the last step kept"},
    {"centered", FEL_PARAM_BOOL, 0.0, 0.0, 1.0, NULL, "variance instead of mean square"},
    {"weight_decay", FEL_PARAM_REAL, 0.0, 0.0, 1e3, NULL, "times the weight, added to gradients"},
};

static const optimizer_slot slots[] = {
    [ARRAY_FIRST] = {"mean_square", OPTIMIZER_ALWAYS},
    [ARRAY_SECOND] = {"velocity", MOMENTUM},
    [ARRAY_THIRD] = {"mean", CENTERED},
};

static fel_status step(fel_optimizer *optimizer, optimizer_step *now)
{
    const double c[OPTIMIZER_N_NUMBERS] = {
        [RMS_RATE] = now->rate,
        [RMS_ALPHA] = now->params[ALPHA],
        [RMS_EPSILON] = now->params[EPSILON],
        [RMS_MOMENTUM] = now->params[MOMENTUM],
    };
    optimizer_run(optimizer, optimizer_move_rmsprop(optimizer->is_double), now, c);
    return FEL_OK;
}

const fel_optimizer_class optimizer_rmsprop = {
    .info = {.name = "rmsprop",
             .summary = "Gradients over their root mean square",
             .formula = "s = alpha s + (1 - alpha) g^2; p -= rate g / (sqrt(s) + epsilon)",
             .params = params,
             .n_params = sizeof(params) / sizeof(params[0])},
    .slots = slots,
    .n_slots = sizeof(slots) / sizeof(slots[0]),
    .decay_param = WEIGHT_DECAY,
    .step = step,
};
