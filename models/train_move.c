/* models/train_move.c - one step of a training: a batch's gradient, the schedule, the optimiser;
 * and what is said when numbers run away. */
#include <math.h>
#include <stdio.h>

#include "models/train_kfac_internal.h"

fel_status train_raise_explosion(const fel_trainer *t, const char *what)
{
    const fel_train_config *c = &t->config;
    char before[128] = "it was the first step";
    if (t->counts[COUNT_STEPS] > 0) {
        (void)snprintf(before, sizeof(before),
                       "the step before had a loss of %g and a gradient of norm %g",
                       t->sums[LAST_LOSS], t->sums[LAST_NORM]);
    }
    return FEL_RAISE(FEL_ERR_RANGE,
                     "training explodes at step %llu (epoch %llu): %.100s; %s; lower learning_rate "
                     "(%g)%s, or begin with warmup_epochs",
                     (unsigned long long)t->counts[COUNT_STEPS] + 1,
                     (unsigned long long)t->counts[COUNT_EPOCHS] + 1, what, before,
                     c->optimizer.params[0],
                     c->optimizer.clip_norm > 0.0 ? " or clip_norm" : ", set clip_norm");
}

static int all_finite(const float *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i])) {
            return 0;
        }
    }
    return 1;
}

static double rate_factor(const fel_trainer *t)
{
    const fel_train_config *c = &t->config;
    return fel_schedule_factor(&c->schedule, t->counts[COUNT_STEPS], t->order.n_batches,
                               c->n_epochs);
}

static void note(fel_trainer *t, double norm, double rate)
{
    t->sums[MOST_NORM] = fmax(t->sums[MOST_NORM], norm);
    t->sums[LAST_NORM] = norm;
    t->sums[LAST_RATE] = rate;
}

static fel_status move(fel_trainer *t, const train_gradient *g)
{
    const fel_optimizer_input input = {
        .struct_size = (uint32_t)sizeof(input),
        .rate_factor = rate_factor(t),
        .loss = g->loss,
        .loss_bound = g->bound,
    };
    fel_optimizer_report report;
    const fel_status status =
        fel_optimizer_step_f32(t->optimizer, &input, g->values, t->params, &report);
    if (status == FEL_ERR_RANGE && !all_finite(g->values, t->n_params)) {
        return train_raise_explosion(t, "the gradient is not finite");
    }
    if (status == FEL_OK) {
        note(t, report.gradient_norm, report.step_size);
    }
    return status;
}

/* A gradient, and what the optimiser makes of it. */
static fel_status gradient_step(fel_trainer *t, train_gradient *g)
{
    const uint64_t batch = t->counts[COUNT_BATCHES];
    const size_t *starts = t->order.starts;
    FEL_TRY(train_pass_run(t->pass, t->params, t->order.samples + starts[batch],
                           starts[batch + 1] - starts[batch], t->counts[COUNT_STEPS], g));
    if (!g->is_finite) {
        return train_raise_explosion(t, "the network's outputs are not finite");
    }
    if (!isfinite(g->loss)) {
        return train_raise_explosion(t, "the loss is not finite");
    }
    return move(t, g);
}

static fel_status layer_step(fel_trainer *t, train_gradient *g)
{
    fel_kfac_report report;
    FEL_TRY(train_kfac_step(t->kfac, rate_factor(t), g, &report));
    note(t, report.gradient_norm, report.step_size);
    return FEL_OK;
}

fel_status train_step(fel_trainer *t)
{
    const uint64_t batch = t->counts[COUNT_BATCHES];
    const size_t n = t->order.starts[batch + 1] - t->order.starts[batch];
    train_gradient g = {.is_finite = 0};
    FEL_TRY(t->kfac != NULL ? layer_step(t, &g) : gradient_step(t, &g));
    t->sums[SUM_LOSS] += g.loss * g.weight;
    t->sums[SUM_WEIGHT] += g.weight;
    t->sums[LAST_LOSS] = g.loss;
    t->counts[COUNT_BATCHES]++;
    t->counts[COUNT_STEPS]++;
    t->counts[COUNT_SAMPLES] += n;
    return FEL_OK;
}
