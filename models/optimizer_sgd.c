/* models/optimizer_sgd.c - stochastic gradient descent, with heavy-ball (Polyak 1964) or Nesterov
 * (1983) momentum in the form of Sutskever et al. (2013) that torch.optim.SGD has:
 *
 *   g += w p,  v = g at first, then momentum v + g,  p -= rate v  or  p -= rate (g + momentum v) */
#include "models/optimizer_internal.h"

enum { LEARNING_RATE, MOMENTUM, NESTEROV, WEIGHT_DECAY };

static const fel_param_spec params[] = {
    {"learning_rate", FEL_PARAM_REAL, 0.01, 0.0, 1e3, NULL, "length of a step"},
    {"momentum", FEL_PARAM_REAL, 0.0, 0.0, 0.9999, NULL, "share of the last step kept"},
    {"nesterov", FEL_PARAM_BOOL, 0.0, 0.0, 1.0, NULL, "momentum looks one step ahead"},
    {"weight_decay", FEL_PARAM_REAL, 0.0, 0.0, 1e3, NULL, "times the weight, added to gradients"},
};

static const optimizer_slot slots[] = {{"velocity", MOMENTUM}};

static fel_status check(const double *values)
{
    if (values[NESTEROV] > 0.0 && !(values[MOMENTUM] > 0.0)) {
        return FEL_RAISE(FEL_ERR_RANGE, "nesterov needs a momentum above 0");
    }
    return FEL_OK;
}

static fel_status step(fel_optimizer *optimizer, optimizer_step *now)
{
    const double c[OPTIMIZER_N_NUMBERS] = {
        [SGD_RATE] = now->rate,
        [SGD_MOMENTUM] = now->params[MOMENTUM],
        [SGD_NESTEROV] = now->params[NESTEROV],
        [SGD_FIRST] = now->t <= 1.0 ? 1.0 : 0.0,
    };
    optimizer_run(optimizer, optimizer_move_sgd(optimizer->is_double), now, c);
    return FEL_OK;
}

const fel_optimizer_class optimizer_sgd = {
    .info = {.name = "sgd",
             .summary = "Gradient descent, with or without momentum",
             .formula = "v = momentum v + g; p -= rate v",
             .params = params,
             .n_params = sizeof(params) / sizeof(params[0])},
    .slots = slots,
    .n_slots = sizeof(slots) / sizeof(slots[0]),
    .decay_param = WEIGHT_DECAY,
    .check = check,
    .step = step,
};
