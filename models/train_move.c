/* models/train_move.c - one step of a training: a batch's gradient, the schedule, the optimiser;
 * and what is said when numbers run away. */
#include <math.h>
#include <stdio.h>

#include "models/train_internal.h"

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

static fel_status move(fel_trainer *t, const train_gradient *g)
{
    const fel_train_config *c = &t->config;
    const fel_optimizer_input input = {
        .struct_size = (uint32_t)sizeof(input),
        .rate_factor = fel_schedule_factor(&c->schedule, t->counts[COUNT_STEPS], t->order.n_batches,
                                           c->n_epochs),
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
        t->sums[MOST_NORM] = fmax(t->sums[MOST_NORM], report.gradient_norm);
        t->sums[LAST_NORM] = report.gradient_norm;
        t->sums[LAST_RATE] = report.step_size;
    }
    return status;
}

fel_status train_step(fel_trainer *t)
{
    const uint64_t batch = t->counts[COUNT_BATCHES];
    const size_t *starts = t->order.starts;
    const size_t n = starts[batch + 1] - starts[batch];
    train_gradient g = {.is_finite = 0};
    FEL_TRY(train_pass_run(t->pass, t->params, t->order.samples + starts[batch], n,
                           t->counts[COUNT_STEPS], &g));
    if (!g.is_finite) {
        return train_raise_explosion(t, "the network's outputs are not finite");
    }
    if (!isfinite(g.loss)) {
        return train_raise_explosion(t, "the loss is not finite");
    }
    FEL_TRY(move(t, &g));
    t->sums[SUM_LOSS] += g.loss * g.weight;
    t->sums[SUM_WEIGHT] += g.weight;
    t->sums[LAST_LOSS] = g.loss;
    t->counts[COUNT_BATCHES]++;
    t->counts[COUNT_STEPS]++;
    t->counts[COUNT_SAMPLES] += n;
    return FEL_OK;
}
