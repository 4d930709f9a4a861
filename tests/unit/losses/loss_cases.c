/* tests/unit/losses/loss_cases.c - random awkward batches for every loss, and losses by text. */
#include "tests/unit/losses/loss_cases.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/rng.h"
#include "tests/support/check.h"

const loss_case loss_cases[] = {
    {"mae", "", TARGET_NORMAL, 0.385, TARGET_NORMAL, 0.71},
    {"mse", "", TARGET_NORMAL, 2.385, TARGET_NORMAL, 1.93},
    {"mbe", "", TARGET_NORMAL, 2.385, TARGET_NORMAL, 1.93},
    {"rae", "", TARGET_NORMAL, 0.0217, TARGET_NORMAL, 0.0131},
    {"rse", "", TARGET_NORMAL, 0.0217, TARGET_NORMAL, 0.0131},
    {"mape", "", TARGET_NORMAL, 31.7, TARGET_NORMAL, 27.1},
    {"mape", "floor=17.3", TARGET_NORMAL, 31.7, TARGET_NORMAL, 27.1},
    {"rmse", "", TARGET_NORMAL, 2.385, TARGET_NORMAL, 1.93},
    {"msle", "", TARGET_POSITIVE, 3.17, TARGET_POSITIVE, 0.83},
    {"rmsle", "", TARGET_POSITIVE, 3.17, TARGET_POSITIVE, 0.83},
    {"nrmse", "", TARGET_NORMAL, 1.17, TARGET_NORMAL, 1.93},
    {"nrmse", "by=range", TARGET_NORMAL, 1.17, TARGET_NORMAL, 1.93},
    {"nrmse", "by=mean", TARGET_POSITIVE, 1.17, TARGET_NORMAL, 1.93},
    {"rrmse", "", TARGET_NORMAL, 1.17, TARGET_NORMAL, 1.93},
    {"rrmse", "by=outputs", TARGET_NORMAL, 1.17, TARGET_NORMAL, 1.93},
    {"huber", "delta=0.347", TARGET_NORMAL, 0.385, TARGET_NORMAL, 0.71},
    {"log_cosh", "scale=0.61", TARGET_NORMAL, 1.385, TARGET_NORMAL, 1.71},
    {"log_cosh", "scale=0.0137", TARGET_NORMAL, 1.385, TARGET_NORMAL, 1.71},
    {"quantile", "quantile=0.137", TARGET_NORMAL, 0.385, TARGET_NORMAL, 0.71},
    {"gmadl", "a=713,b=1.37", TARGET_NORMAL, 0.0217, TARGET_NORMAL, 0.131},
    {"gmadl", "", TARGET_NORMAL, 0.0117, TARGET_NORMAL, 0.231},
    {"tanh_madl", "slope=37.3", TARGET_NORMAL, 0.0217, TARGET_NORMAL, 1.31},
    {"negative_sharpe", "", TARGET_NORMAL, 0.0217, TARGET_NORMAL, 0.931},
    {"negative_sharpe",
     "scale=1.37,cost_bps=11.3,periods_per_year=365,risk_free_per_period=0.00013,floor=0.0031",
     TARGET_NORMAL, 0.0217, TARGET_NORMAL, 0.931},
    {"negative_sharpe", "position=sigmoid,cost_bps=23.7", TARGET_NORMAL, 0.0217, TARGET_NORMAL,
     1.93},
    {"negative_mean_variance", "cost_bps=5,risk_aversion=13.7", TARGET_NORMAL, 0.0217,
     TARGET_NORMAL, 0.931},
    {"negative_mean_variance", "position=clip,cost_bps=7.3,risk_aversion=3.7", TARGET_NORMAL,
     0.0217, TARGET_NORMAL, 0.931},
    {"negative_mean_variance", "position=linear,long_only=true,cost_bps=17.3", TARGET_NORMAL,
     0.0217, TARGET_NORMAL, 0.931},
    {"binary_cross_entropy", "", TARGET_SHARE, 1.0, TARGET_NORMAL, 3.17},
    {"binary_cross_entropy", "positive_weight=2.71,smoothing=0.13", TARGET_SHARE, 1.0,
     TARGET_NORMAL, 3.17},
    {"cross_entropy", "", TARGET_CLASS, 1.0, TARGET_NORMAL, 3.17},
    {"cross_entropy", "smoothing=0.137", TARGET_CLASS, 1.0, TARGET_NORMAL, 3.17},
    {"ldr_kl", "lambda=0.73,margin=0.37", TARGET_CLASS, 1.0, TARGET_NORMAL, 1.17},
    {"aldr_kl", "lambda=1.73,margin=0.37,alpha=2.3", TARGET_CLASS, 1.0, TARGET_NORMAL, 1.17},
    {"z_loss", "a=1.37,b=0.83", TARGET_CLASS, 1.0, TARGET_NORMAL, 3.17},
    {"pairwise_logistic", "scale=1.37,threshold=0.0041", TARGET_NORMAL, 0.0217, TARGET_NORMAL,
     0.931},
    {"pairwise_logistic", "pairs=ranks", TARGET_GRADE, 1.0, TARGET_NORMAL, 1.93},
    {"neural_ndcg", "tolerance=0,steps=23", TARGET_GRADE, 1.0, TARGET_NORMAL, 0.931},
    {"neural_ndcg", "tolerance=0,temperature=0.37,gain=linear,truncation=2", TARGET_GRADE, 1.0,
     TARGET_NORMAL, 0.931},
};
const size_t n_loss_cases = sizeof(loss_cases) / sizeof(loss_cases[0]);

/* ---- losses ---------------------------------------------------------------------------------- */

fel_loss loss_of(const char *name, const char *settings)
{
    fel_loss loss;
    char text[256];
    CHECK_OK(fel_loss_find(name, &loss));
    (void)snprintf(text, sizeof(text), "%s", settings);
    char *rest = NULL;
    for (char *item = strtok_r(text, ",", &rest); item != NULL; item = strtok_r(NULL, ",", &rest)) {
        char *value = strchr(item, '=');
        size_t index = 0;
        *value++ = '\0';
        CHECK_OK(fel_param_find(loss.code->params, loss.code->n_params, item, &index));
        CHECK_OK(fel_param_parse(&loss.code->params[index], value, &loss.params[index]));
    }
    return loss;
}

double loss_value(const fel_loss *loss, const fel_loss_batch *batch)
{
    double value = (double)NAN;
    CHECK_OK(fel_loss_eval(loss, batch, &value, NULL));
    return value;
}

double loss_of_pairs(const char *name, const char *settings, const double *targets,
                     const double *outputs, size_t n)
{
    const fel_loss_batch batch = fel_loss_batch_of(n, outputs, 1, targets, 1);
    const fel_loss loss = loss_of(name, settings);
    return loss_value(&loss, &batch);
}

/* ---- batches --------------------------------------------------------------------------------- */

static double draw(rng_stream *stream, case_target kind, double scale, size_t n_classes)
{
    const double u = rng_uniform(stream);
    switch (kind) {
    case TARGET_NORMAL:
        return scale * rng_normal(stream);
    case TARGET_POSITIVE:
        return scale * (0.2 + 2.0 * u);
    case TARGET_SHARE:
        return u < 0.3 ? 0.0 : u > 0.7 ? 1.0 : (u - 0.3) / 0.4;
    case TARGET_CLASS:
        return floor(u * (double)n_classes);
    case TARGET_GRADE:
        return floor(u * 5.0);
    }
    return 0.0;
}

size_t case_outputs(const fel_loss_class *code, size_t wish)
{
    if (code->shape == FEL_LOSS_SCORE) {
        return 1;
    }
    return code->shape == FEL_LOSS_CLASS && wish < 3 ? 3 : wish;
}

static void fill_numbers(case_batch *b, const loss_case *c, rng_stream *stream)
{
    const size_t n_outputs = b->batch.n_outputs, n_targets = b->batch.n_targets;
    for (size_t i = 0; i < CASE_ROWS; i++) {
        b->weights[i] = i == 3 || i == 11 || i == 22 ? 0.0 : 0.1 + 2.0 * rng_uniform(stream);
        for (size_t j = 0; j < n_outputs; j++) {
            const double output = draw(stream, c->output, c->output_scale, 0);
            b->outputs[i * n_outputs + j] = b->weights[i] > 0.0 ? output : (double)NAN;
        }
        for (size_t j = 0; j < n_targets; j++) {
            const double target = draw(stream, c->target, c->target_scale, n_outputs);
            b->targets[i * n_targets + j] = b->weights[i] > 0.0 ? target : (double)NAN;
        }
    }
    for (size_t i = 0; i < CASE_GROUPS * n_outputs; i++) {
        b->before[i] = 2.0 * rng_uniform(stream) - 1.0;
    }
}

void case_fill(case_batch *b, const loss_case *c, size_t n_outputs, uint64_t seed)
{
    static const size_t starts[CASE_GROUPS + 1] = {0, 7, 7, 16, CASE_ROWS};
    const fel_loss loss = loss_of(c->name, c->settings);
    rng_stream stream = rng_at(seed, 77);
    memset(b, 0, sizeof(*b));
    b->batch.struct_size = (uint32_t)sizeof(b->batch);
    b->batch.n = CASE_ROWS;
    b->batch.n_outputs = n_outputs;
    b->batch.n_targets = loss.code->shape == FEL_LOSS_EACH ? n_outputs : 1;
    fill_numbers(b, c, &stream);
    for (size_t k = 0; k < CASE_ROWS; k++) {
        b->order[k] = (k * 9 + 4) % CASE_ROWS;
    }
    memcpy(b->group_starts, starts, sizeof(starts));
    b->batch.outputs = b->outputs;
    b->batch.targets = b->targets;
    b->batch.weights = b->weights;
    b->batch.order = b->order;
    b->batch.group_starts = b->group_starts;
    b->batch.n_groups = CASE_GROUPS;
    b->batch.positions_before = b->before;
}
