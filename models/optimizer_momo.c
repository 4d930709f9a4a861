/* models/optimizer_momo.c - MoMo and MoMo-Adam: momentum with the step size of a truncated model of
 * the loss (Schaipp, Ohana, Eickenberg, Defazio and Gower 2024, arXiv 2305.07583).
 *
 * Averages over steps, each weight beta of the last one and 1 - beta of the new one: f of the loss,
 * b of its bound, d of the gradient g, s of <g, p>. Their weights add up to rho (1; 1 - beta^t
 * where they begin at 0). D is 1, or Adam's metric epsilon + sqrt(v / (1 - beta2^t)). Weight decay
 * w is inside the model's proximal term, so that p moves to (p - tau d / D) / (1 + a w):
 *
 *   tau = min(a / rho, [f - b + <d, p / (1 + a w)> - s]_+ / <d, d / (D (1 + a w))>),  a the rate
 *
 * which, with w the same everywhere, is the authors' formula divided by 1 + a w above and below. A
 * bound that changes from batch to batch is averaged as the loss is; one that does not gives
 * b = rho f*. With `estimate`, f* is at least the bound and is moved by the authors' rule. */
#include <math.h>

#include "core/sum.h"
#include "models/optimizer_internal.h"

enum { LEARNING_RATE, BETA1, WEIGHT_DECAY, BOUND, LOWER_BOUND, ESTIMATE, LAST0, LAST1 };
enum { FROM_LOSS, GIVEN };
enum { LOSS, BOUND_MEAN, PRODUCT, FOUND };

#define SHARED_ROWS                                                                                \
    {"weight_decay", FEL_PARAM_REAL, 0.0, 0.0, 1e3, NULL, "half its times the squares, proximal"}, \
        {"bound",                                                                                  \
         FEL_PARAM_CHOICE,                                                                         \
         FROM_LOSS,                                                                                \
         0.0,                                                                                      \
         0.0,                                                                                      \
         "of_loss|given",                                                                          \
         "what the loss cannot fall below"},                                                       \
        {"lower_bound", FEL_PARAM_REAL, 0.0, -1e12, 1e12, NULL, "the bound if it is given"},       \
    {                                                                                              \
        "estimate", FEL_PARAM_BOOL, 0.0, 0.0, 1.0, NULL,                                           \
            "learn how low the loss goes, from the bound upwards"                                  \
    }

static const fel_param_spec momo_params[] = {
    {"learning_rate", FEL_PARAM_REAL, 1.0, 0.0, 1e6, NULL, "longest step"},
    {"beta", FEL_PARAM_REAL, 0.9, 0.0, 0.9999, NULL, "share kept of each average"},
    SHARED_ROWS,
    {"bias_correction", FEL_PARAM_BOOL, 0.0, 0.0, 1.0, NULL,
     "averages begin at 0 instead of the first gradient"},
};

static const fel_param_spec momo_adam_params[] = {
    {"learning_rate", FEL_PARAM_REAL, 0.01, 0.0, 1e6, NULL, "longest step"},
    {"beta1", FEL_PARAM_REAL, 0.9, 0.0, 0.9999, NULL, "share kept of each average"},
    SHARED_ROWS,
    {"beta2", FEL_PARAM_REAL, 0.999, 0.0, 0.999999, NULL, "share kept of the mean square"},
    {"epsilon", FEL_PARAM_REAL, 1e-8, 1e-20, 1.0, NULL, "added to the root of the mean square"},
};

static const optimizer_slot slots[] = {
    [ARRAY_FIRST] = {"first_moment", OPTIMIZER_ALWAYS},
    [ARRAY_SECOND] = {"second_moment", OPTIMIZER_ALWAYS},
};
static const char *const scalars[] = {
    [LOSS] = "loss_mean",
    [BOUND_MEAN] = "bound_mean",
    [PRODUCT] = "product_mean",
    [FOUND] = "loss_floor",
};

/* The averages of this step. */
typedef struct momo_sums {
    double gradient_params, mean_params; /* <g, p>, <d, p> */
    double mean_mean;                    /* <d, d / D> */
    double shrunk_params, shrunk_mean;   /* the last two with p, D^-1 over 1 + a w */
} momo_sums;

static momo_sums add_pieces(const fel_optimizer *o, double alpha)
{
    running_sum sums[5] = {{0.0, 0.0}};
    for (size_t i = 0; i < o->n_pieces; i++) {
        const optimizer_piece *piece = &o->pieces[i];
        const double keep = 1.0 / (1.0 + (piece->decays ? alpha : 0.0));
        running_add(&sums[0], piece->sums[SUM_GRADIENT_PARAMS]);
        running_add(&sums[1], piece->sums[SUM_MEAN_PARAMS]);
        running_add(&sums[2], piece->sums[SUM_MEAN_MEAN]);
        running_add(&sums[3], piece->sums[SUM_MEAN_PARAMS] * keep);
        running_add(&sums[4], piece->sums[SUM_MEAN_MEAN] * keep);
    }
    const momo_sums all = {running_value(&sums[0]), running_value(&sums[1]),
                           running_value(&sums[2]), running_value(&sums[3]),
                           running_value(&sums[4])};
    return all;
}

/* Weights of an average: what is kept, what is added, and the sum of all so far. */
typedef struct momo_weights {
    double keep, gain, rho;
} momo_weights;

static momo_weights weigh(const optimizer_step *now, int from_zero)
{
    const double beta = now->params[BETA1];
    const int is_first = now->t <= 1.0;
    const momo_weights zero = {is_first ? 0.0 : beta, 1.0 - beta, 1.0 - pow(beta, now->t)};
    const momo_weights first = {is_first ? 0.0 : beta, is_first ? 1.0 : 1.0 - beta, 1.0};
    return from_zero ? zero : first;
}

static void average(double *mean, const momo_weights *w, double value)
{
    *mean = w->keep * *mean + w->gain * value;
}

/* How low the loss is taken to go: the mean bound, or more if that is learnt. */
static double floor_before(const optimizer_step *now, const momo_weights *w, double model)
{
    double *s = now->scalars;
    const double bound = s[BOUND_MEAN] / w->rho;
    if (!(now->params[ESTIMATE] > 0.0)) {
        return bound;
    }
    s[FOUND] = now->t <= 1.0 ? bound : fmax(s[FOUND], bound);
    if (model < w->rho * s[FOUND]) {
        s[FOUND] = fmax(model / (2.0 * w->rho), bound);
    }
    return s[FOUND];
}

static void floor_after(const optimizer_step *now, const momo_weights *w, const momo_sums *sums,
                        double tau)
{
    double *s = now->scalars;
    if (now->params[ESTIMATE] > 0.0) {
        const double reached =
            s[LOSS] + sums->mean_params - s[PRODUCT] - 0.5 * tau * sums->mean_mean;
        s[FOUND] = fmax(reached / w->rho, s[BOUND_MEAN] / w->rho);
    }
}

/* The bound of this step. */
static fel_status bound_of(const optimizer_step *now, const char *name, double *bound)
{
    *bound = now->params[BOUND] > 0.0 ? now->params[LOWER_BOUND] : now->input->loss_bound;
    if (!isfinite(*bound)) {
        return FEL_RAISE(
            FEL_ERR_RANGE,
            "%s needs a value that the loss cannot fall below, and this loss has none; "
            "set bound to given and lower_bound to one",
            name);
    }
    return FEL_OK;
}

/* c: the kernels' numbers, without tau. */
static fel_status momo_move(fel_optimizer *o, optimizer_step *now, const momo_weights *w, double *c)
{
    const double alpha = now->rate;
    double bound = 0.0;
    FEL_TRY(bound_of(now, o->config.code->info.name, &bound));
    optimizer_run(o, optimizer_gather_momo(o->is_double), now, c);
    const momo_sums sums = add_pieces(o, alpha * now->params[WEIGHT_DECAY]);
    average(&now->scalars[LOSS], w, now->input->loss);
    average(&now->scalars[BOUND_MEAN], w, bound);
    average(&now->scalars[PRODUCT], w, sums.gradient_params);
    const double model = now->scalars[LOSS] + sums.shrunk_params - now->scalars[PRODUCT];
    const double above = model - w->rho * floor_before(now, w, model);
    const double polyak =
        above > 0.0 ? (sums.shrunk_mean > 0.0 ? above / sums.shrunk_mean : HUGE_VAL) : 0.0;
    const double tau = fmin(alpha / w->rho, polyak);
    floor_after(now, w, &sums, tau);
    c[MOMO_TAU] = tau;
    c[MOMO_ALPHA] = alpha;
    now->step_size = tau;
    optimizer_run(o, optimizer_move_momo(o->is_double), now, c);
    return FEL_OK;
}

static fel_status step_momo(fel_optimizer *optimizer, optimizer_step *now)
{
    const momo_weights w = weigh(now, now->params[LAST0] > 0.0);
    double c[OPTIMIZER_N_NUMBERS] = {[MOMO_BETA1] = w.keep, [MOMO_GAIN] = w.gain};
    return momo_move(optimizer, now, &w, c);
}

static fel_status step_momo_adam(fel_optimizer *optimizer, optimizer_step *now)
{
    const double beta2 = now->params[LAST0];
    const momo_weights w = weigh(now, 1);
    double c[OPTIMIZER_N_NUMBERS] = {
        [MOMO_BETA1] = w.keep,
        [MOMO_GAIN] = w.gain,
        [MOMO_BETA2] = beta2,
        [MOMO_EPSILON] = now->params[LAST1],
        [MOMO_ROOT] = 1.0 / sqrt(1.0 - pow(beta2, now->t)),
    };
    return momo_move(optimizer, now, &w, c);
}

const fel_optimizer_class optimizer_momo = {
    .info = {.name = "momo",
             .summary = "Momentum with a step size from the loss and its bound",
             .formula = "tau = min(rate / rho, [f - b + <d, p> - s]_+ / |d|^2); p -= tau d",
             .params = momo_params,
             .n_params = sizeof(momo_params) / sizeof(momo_params[0]),
             .flags = FEL_OPTIMIZER_NEEDS_LOSS},
    .slots = slots,
    .n_slots = 1,
    .scalars = scalars,
    .n_scalars = sizeof(scalars) / sizeof(scalars[0]),
    .decay_param = WEIGHT_DECAY,
    .step = step_momo,
};

const fel_optimizer_class optimizer_momo_adam = {
    .info = {.name = "momo_adam",
             .summary = "Adam's metric with a step size from the loss and its bound",
             .formula =
                 "tau = min(rate / rho, [f - b + <d, p> - s]_+ / <d, d / D>); p -= tau d / D",
             .params = momo_adam_params,
             .n_params = sizeof(momo_adam_params) / sizeof(momo_adam_params[0]),
             .flags = FEL_OPTIMIZER_NEEDS_LOSS},
    .slots = slots,
    .n_slots = 2,
    .scalars = scalars,
    .n_scalars = sizeof(scalars) / sizeof(scalars[0]),
    .decay_param = WEIGHT_DECAY,
    .step = step_momo_adam,
};
