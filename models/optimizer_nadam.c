/* models/optimizer_nadam.c - Nadam: Adam with Nesterov's look ahead (Dozat 2016), as torch.optim
 * has it:
 *
 *   k_t = b1 (1 - 0.96^(t momentum_decay) / 2),  K_t = k_1 k_2 ... k_t
 *   p -= rate ((1 - k_t) / (1 - K_t) g + k_(t+1) / (1 - K_(t+1)) m) / (sqrt(v / (1 - b2^t)) +
 * epsilon) with m, v as in Adam. */
#include <math.h>

#include "models/optimizer_internal.h"

enum { LEARNING_RATE, BETA1, BETA2, EPSILON, WEIGHT_DECAY, MOMENTUM_DECAY };
enum { PRODUCT };

static const fel_param_spec params[] = {
    {"learning_rate", FEL_PARAM_REAL, 0.002, 0.0, 1e3, NULL, "largest move of a parameter"},
    {"beta1", FEL_PARAM_REAL, 0.9, 0.0, 0.9999, NULL, "share kept of the mean gradient"},
    {"beta2", FEL_PARAM_REAL, 0.999, 0.0, 0.999999, NULL, "share kept of the mean square"},
    {"epsilon", FEL_PARAM_REAL, 1e-8, 1e-20, 1.0, NULL, "added to the root of the mean square"},
    {"weight_decay", FEL_PARAM_REAL, 0.0, 0.0, 1e3, NULL, "times the weight, added to gradients"},
    {"momentum_decay", FEL_PARAM_REAL, 0.004, 0.0, 1.0, NULL,
     "how fast the momentum rises from half of beta1"},
};

static const optimizer_slot slots[] = {
    {"first_moment", OPTIMIZER_ALWAYS},
    {"second_moment", OPTIMIZER_ALWAYS},
};
static const char *const scalars[] = {[PRODUCT] = "momentum_product"};

static double momentum_at(const double *p, double t)
{
    return p[BETA1] * (1.0 - 0.5 * pow(0.96, t * p[MOMENTUM_DECAY]));
}

static fel_status step(fel_optimizer *optimizer, optimizer_step *now)
{
    const double *p = now->params;
    const double here = momentum_at(p, now->t), ahead = momentum_at(p, now->t + 1.0);
    const double product = (now->t <= 1.0 ? 1.0 : now->scalars[PRODUCT]) * here;
    const double c[OPTIMIZER_N_NUMBERS] = {
        [NADAM_BETA1] = p[BETA1],
        [NADAM_BETA2] = p[BETA2],
        [NADAM_EPSILON] = p[EPSILON],
        [NADAM_ROOT] = 1.0 / sqrt(1.0 - pow(p[BETA2], now->t)),
        [NADAM_NOW] = now->rate * (1.0 - here) / (1.0 - product),
        [NADAM_NEXT] = now->rate * ahead / (1.0 - product * ahead),
    };
    optimizer_run(optimizer, optimizer_move_nadam(optimizer->is_double), now, c);
    now->scalars[PRODUCT] = product;
    return FEL_OK;
}

const fel_optimizer_class optimizer_nadam = {
    .info = {.name = "nadam",
             .summary = "Adam that looks one step ahead",
             .formula = "p -= rate (a g + b m) / (sqrt(v) + epsilon), a and b by a rising momentum",
             .params = params,
             .n_params = sizeof(params) / sizeof(params[0])},
    .slots = slots,
    .n_slots = sizeof(slots) / sizeof(slots[0]),
    .scalars = scalars,
    .n_scalars = sizeof(scalars) / sizeof(scalars[0]),
    .decay_param = WEIGHT_DECAY,
    .step = step,
};
