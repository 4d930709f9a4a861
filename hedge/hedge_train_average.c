/* hedge/hedge_train_average.c - averages of the parameters over steps: the optimiser's own, or,
 * beside kfac, the same formulas here. SWA takes the parameters at points of the curve past three
 * quarters of the steps. */
#include <math.h>

#include "hedge/hedge_train_internal.h"

static const double swa_from = 0.75;

/* average += share (params - average). */
static void move_average(fel_hedge_trainer *t, double share)
{
    const float s = (float)share;
    for (size_t i = 0; i < t->n_params; i++) {
        t->average[i] += s * (t->params[i] - t->average[i]);
    }
    t->counts[COUNT_AVERAGED]++;
}

void hedge_train_average_step(fel_hedge_trainer *t)
{
    const fel_optimizer_config *c = &t->config.optimizer;
    if (t->kfac != NULL && c->average == FEL_AVERAGE_EMA) {
        const double before = (double)t->counts[COUNT_AVERAGED];
        move_average(t, 1.0 - fmin(c->average_decay, before / (before + 1.0)));
    }
}

void hedge_train_average_point(fel_hedge_trainer *t)
{
    const double done = (double)t->counts[COUNT_STEPS] / (double)t->config.n_steps;
    if (t->config.optimizer.average != FEL_AVERAGE_SWA || !(done > swa_from)) {
        return;
    }
    if (t->kfac == NULL) {
        fel_optimizer_average_add_f32(t->optimizer, t->params);
    } else {
        move_average(t, 1.0 / ((double)t->counts[COUNT_AVERAGED] + 1.0));
    }
}

const float *hedge_train_judged(const fel_hedge_trainer *t)
{
    const float *average = t->optimizer != NULL            ? fel_optimizer_average_f32(t->optimizer)
                           : t->counts[COUNT_AVERAGED] > 0 ? t->average
                                                           : NULL;
    return average != NULL ? average : t->params;
}
