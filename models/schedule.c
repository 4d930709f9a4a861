/* models/schedule.c - the table of schedules, what the learning rate is multiplied with. */
#include <math.h>
#include <string.h>

#include <feller/optimizer.h>

#include "core/nearest.h"

/* The first two rows of every table. */
enum { WARMUP_EPOCHS, WARMUP_FROM, OWN0, OWN1, OWN2 };

#define WARMUP_ROWS                                                                                \
    {"warmup_epochs",                                                                              \
     FEL_PARAM_REAL,                                                                               \
     0.0,                                                                                          \
     0.0,                                                                                          \
     1e6,                                                                                          \
     NULL,                                                                                         \
     "epochs in which the factor rises to 1 at first, 0: none"},                                   \
    {                                                                                              \
        "warmup_from", FEL_PARAM_REAL, 0.1, 0.0, 1.0, NULL, "the factor it rises from"             \
    }

/* ---- constant -------------------------------------------------------------------------------- */

static const fel_param_spec constant_params[] = {WARMUP_ROWS};

static double constant(const double *params, double epochs, double n_epochs)
{
    (void)params;
    (void)epochs;
    (void)n_epochs;
    return 1.0;
}

/* ---- step ------------------------------------------------------------------------------------ */

static const fel_param_spec step_params[] = {
    WARMUP_ROWS,
    {"every_epochs", FEL_PARAM_REAL, 10.0, 1e-3, 1e6, NULL, "epochs between two falls"},
    {"gamma", FEL_PARAM_REAL, 0.1, 0.0, 1.0, NULL, "what each leaves of the factor"},
};

static double staircase(const double *params, double epochs, double n_epochs)
{
    (void)n_epochs;
    return pow(params[OWN1], floor(epochs / params[OWN0]));
}

/* ---- cosine: Loshchilov and Hutter 2017, arXiv 1608.03983 -------------------------------------
 */

static const fel_param_spec cosine_params[] = {
    WARMUP_ROWS,
    {"final", FEL_PARAM_REAL, 0.0, 0.0, 1.0, NULL, "the factor it falls to"},
    {"cycle_epochs", FEL_PARAM_INTEGER, 0.0, 0.0, 1e6, NULL,
     "epochs of the first fall, after which it begins anew; 0: all of them, once"},
    {"cycle_growth", FEL_PARAM_REAL, 1.0, 1.0, 10.0, NULL,
     "each fall's length over the last one's"},
};

static double cosine(const double *params, double epochs, double n_epochs)
{
    const double pi = 3.14159265358979323846;
    double length = params[OWN1] > 0.0 ? params[OWN1] : n_epochs, at = epochs;
    while (params[OWN1] > 0.0 && at >= length) {
        at -= length;
        length *= params[OWN2];
    }
    const double share = length > 0.0 ? fmin(at / length, 1.0) : 1.0;
    return params[OWN0] + (1.0 - params[OWN0]) * 0.5 * (1.0 + cos(pi * share));
}

/* ---- the table ------------------------------------------------------------------------------- */

#define N_ROWS(params) (sizeof(params) / sizeof((params)[0]))

static const fel_schedule_class constant_class = {
    "constant",      "The learning rate as it is", "1",
    constant_params, N_ROWS(constant_params),      constant};
static const fel_schedule_class step_class = {"step",
                                              "Falls by a factor every so many epochs",
                                              "gamma^floor(epochs / every_epochs)",
                                              step_params,
                                              N_ROWS(step_params),
                                              staircase};
static const fel_schedule_class cosine_class = {
    "cosine",
    "Falls as half a cosine wave, once or again and again",
    "final + (1 - final) (1 + cos(pi epochs / length)) / 2",
    cosine_params,
    N_ROWS(cosine_params),
    cosine};

static const fel_schedule_class *const classes[] = {&constant_class, &step_class, &cosine_class};

enum { N_CLASSES = sizeof(classes) / sizeof(classes[0]) };

const fel_schedule_class *const *fel_schedule_classes(size_t *n)
{
    *n = N_CLASSES;
    return classes;
}

fel_status fel_schedule_find(const char *name, fel_schedule *out)
{
    const char *names[N_CLASSES];
    for (size_t i = 0; i < N_CLASSES; i++) {
        names[i] = classes[i]->name;
        if (strcmp(name, names[i]) == 0) {
            fel_schedule schedule = {.code = classes[i]};
            fel_param_defaults(classes[i]->params, classes[i]->n_params, schedule.params);
            *out = schedule;
            return FEL_OK;
        }
    }
    const size_t near = nearest_name(name, names, N_CLASSES);
    if (near < N_CLASSES) {
        return FEL_RAISE(FEL_ERR_NOTFOUND, "no schedule \"%.64s\"; did you mean \"%s\"?", name,
                         names[near]);
    }
    return FEL_RAISE(FEL_ERR_NOTFOUND, "no schedule \"%.64s\"; feller list schedules shows them",
                     name);
}

double fel_schedule_factor(const fel_schedule *schedule, uint64_t step, uint64_t steps_per_epoch,
                           uint64_t n_epochs)
{
    const double *params = schedule->params;
    const double epochs = (double)step / (double)steps_per_epoch, warmup = params[WARMUP_EPOCHS];
    if (epochs < warmup) {
        return params[WARMUP_FROM] + (1.0 - params[WARMUP_FROM]) * (epochs / warmup);
    }
    return schedule->code->factor(params, epochs - warmup, fmax((double)n_epochs - warmup, 0.0));
}
