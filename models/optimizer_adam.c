/* models/optimizer_adam.c - Adam (Kingma and Ba 2015, arXiv 1412.6980) and AdamW, which shrinks the
 * weights beside the step instead of adding to the gradient (Loshchilov and Hutter 2019, arXiv
 * 1711.05101):
 *
 *   m = b1 m + (1 - b1) g,  v = b2 v + (1 - b2) g^2
 *   p -= rate / (1 - b1^t) m / (sqrt(v / (1 - b2^t)) + epsilon) */
#include <math.h>

#include "models/optimizer_internal.h"

enum { LEARNING_RATE, BETA1, BETA2, EPSILON, WEIGHT_DECAY };

#define RATE_ROW                                                                                   \
    {                                                                                              \
        "learning_rate", FEL_PARAM_REAL, 0.001, 0.0, 1e3, NULL, "largest move of a parameter"      \
    }
#define MOMENT_ROWS                                                                                \
    {"beta1", FEL_PARAM_REAL, 0.9, 0.0, 0.9999, NULL, "share kept of the mean gradient"},          \
        {"beta2", FEL_PARAM_REAL, 0.999, 0.0, 0.999999, NULL, "share kept of the mean square"},    \
    {                                                                                              \
        "epsilon", FEL_PARAM_REAL, 1e-8, 1e-20, 1.0, NULL, "added to the root of the mean square"  \
    }

static const fel_param_spec adam_params[] = {
    RATE_ROW,
    MOMENT_ROWS,
    {"weight_decay", FEL_PARAM_REAL, 0.0, 0.0, 1e3, NULL, "times the weight, added to gradients"},
};

static const fel_param_spec adamw_params[] = {
    RATE_ROW,
    MOMENT_ROWS,
    {"weight_decay", FEL_PARAM_REAL, 0.01, 0.0, 1e3, NULL,
     "times learning rate and weight, taken off the weight"},
};

static const optimizer_slot slots[] = {
    {"first_moment", OPTIMIZER_ALWAYS},
    {"second_moment", OPTIMIZER_ALWAYS},
};

static fel_status move(fel_optimizer *optimizer, optimizer_step *now, double decoupled)
{
    const double *p = now->params;
    const double c[OPTIMIZER_N_NUMBERS] = {
        [ADAM_RATE] = now->rate,
        [ADAM_BETA1] = p[BETA1],
        [ADAM_BETA2] = p[BETA2],
        [ADAM_EPSILON] = p[EPSILON],
        [ADAM_STEP] = now->rate / (1.0 - pow(p[BETA1], now->t)),
        [ADAM_ROOT] = 1.0 / sqrt(1.0 - pow(p[BETA2], now->t)),
        [ADAM_DECOUPLED] = decoupled,
    };
    optimizer_run(optimizer, optimizer_move_adam(optimizer->is_double), now, c);
    return FEL_OK;
}

static fel_status step_adam(fel_optimizer *optimizer, optimizer_step *now)
{
    return move(optimizer, now, 0.0);
}

static fel_status step_adamw(fel_optimizer *optimizer, optimizer_step *now)
{
    return move(optimizer, now, 1.0);
}

const fel_optimizer_class optimizer_adam = {
    .info = {.name = "adam",
             .summary = "Steps of the mean gradient over its root mean square",
             .formula =
                 "p -= rate m / (sqrt(v) + epsilon), means m and v freed of their start at 0",
             .params = adam_params,
             .n_params = sizeof(adam_params) / sizeof(adam_params[0])},
    .slots = slots,
    .n_slots = sizeof(slots) / sizeof(slots[0]),
    .decay_param = WEIGHT_DECAY,
    .step = step_adam,
};

const fel_optimizer_class optimizer_adamw = {
    .info = {.name = "adamw",
             .summary = "Adam with weight decay beside the step",
             .formula = "p = (1 - rate decay) p - rate m / (sqrt(v) + epsilon)",
             .params = adamw_params,
             .n_params = sizeof(adamw_params) / sizeof(adamw_params[0])},
    .slots = slots,
    .n_slots = sizeof(slots) / sizeof(slots[0]),
    .decay_param = WEIGHT_DECAY,
    .step = step_adamw,
};
