/* hedge/hedge_train_step.c - one step of a training: paths, loss, gradient, threshold; and what is
 * said when numbers run away. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "hedge/hedge_train_internal.h"

/* ---- explosions ------------------------------------------------------------------------------ */

static void advise(const fel_hedge_train_config *c, char *text, size_t size)
{
    if (hedge_train_is_kfac(c)) {
        (void)snprintf(text, size, "raise damping or lower learning_rate (%g)",
                       c->optimizer.params[0]);
    } else {
        (void)snprintf(text, size, "lower learning_rate (%g)%s, or begin with warmup_epochs",
                       c->optimizer.params[0],
                       c->optimizer.clip_norm > 0.0 ? " or clip_norm" : ", set clip_norm");
    }
}

fel_status hedge_train_explosion(fel_hedge_trainer *t, const char *what)
{
    char before[128] = "it was the first step", advice[160], cause[320];
    (void)snprintf(cause, sizeof(cause), "%s", what);
    if (isfinite(t->sums[LAST_LOSS])) {
        (void)snprintf(before, sizeof(before),
                       "the step before had a loss of %g and a gradient of norm %g",
                       t->sums[LAST_LOSS], t->sums[LAST_NORM]);
    }
    advise(&t->config, advice, sizeof(advice));
    memcpy(t->params, t->good, t->n_params * sizeof(float));
    return FEL_RAISE(FEL_ERR_RANGE, "training explodes at step %llu: %s; %s; %s",
                     (unsigned long long)t->counts[COUNT_STEPS] + 1, cause, before, advice);
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

/* ---- the threshold --------------------------------------------------------------------------- */

static int has_threshold(const fel_hedge_trainer *t)
{
    return (t->config.objective.risk.code->flags & FEL_RISK_HAS_THRESHOLD) != 0;
}

/* The first is the best of the first batch. */
static fel_status begin_threshold(fel_hedge_trainer *t)
{
    const fel_risk *risk = &t->config.objective.risk;
    const hedge_batch_args args = {.objective = &t->config.objective, .params = t->params};
    size_t n = 0;
    double w = 0.0;
    if (!has_threshold(t) || t->sums[SUM_HAS_THRESHOLD] > 0.0) {
        return FEL_OK;
    }
    FEL_TRY(hedge_batch_pnl(t->batch, &args, t->n, t->batch_pnl, &n));
    t->counts[COUNT_PATH_STEPS] += n * t->policy->problem->config.n_dates;
    const fel_status status = risk->code->solve(risk->params, t->batch_pnl, n, &w);
    if (status == FEL_ERR_RANGE || (status == FEL_OK && !isfinite(w))) {
        return hedge_train_explosion(t, "the first batch's P&L is not finite");
    }
    FEL_TRY(status);
    t->sums[SUM_THRESHOLD] = w;
    t->sums[SUM_HAS_THRESHOLD] = 1.0;
    return FEL_OK;
}

static void move_threshold(fel_hedge_trainer *t, double best)
{
    if (has_threshold(t) && isfinite(best)) {
        t->sums[SUM_THRESHOLD] += t->config.threshold_rate * (best - t->sums[SUM_THRESHOLD]);
    }
}

/* ---- a step ---------------------------------------------------------------------------------- */

/* The factor of the learning rate: an epoch of the schedule is one of the fixed paths, or a step.
 */
static double rate_factor(const fel_hedge_trainer *t)
{
    const uint64_t each = t->order.n_batches;
    return fel_schedule_factor(&t->config.schedule, t->counts[COUNT_STEPS], each,
                               (t->config.n_steps + each - 1) / each);
}

static fel_status loss_and_gradient(fel_hedge_trainer *t, fel_hedge_loss *loss)
{
    const hedge_batch_args args = {.objective = &t->config.objective,
                                   .params = t->params,
                                   .threshold = t->sums[SUM_THRESHOLD],
                                   .wants_threshold = has_threshold(t)};
    const fel_status status = hedge_batch_loss(t->batch, &args, loss, t->gradient, NULL);
    t->counts[COUNT_PATH_STEPS] += t->n * t->policy->problem->config.n_dates;
    if (status == FEL_ERR_RANGE) {
        return hedge_train_explosion(t, fel_last_error()->message);
    }
    FEL_TRY(status);
    loss->value += hedge_train_penalize(t->policy, t->params, t->gradient);
    return loss->is_finite && isfinite(loss->value)
               ? FEL_OK
               : hedge_train_explosion(t, "the loss is not finite");
}

static fel_status step_by_gradient(fel_hedge_trainer *t)
{
    fel_hedge_loss loss = {.best_threshold = (double)NAN};
    FEL_TRY(loss_and_gradient(t, &loss));
    const fel_optimizer_input input = {.struct_size = (uint32_t)sizeof(input),
                                       .rate_factor = rate_factor(t),
                                       .loss = loss.value,
                                       .loss_bound = t->loss_bound};
    fel_optimizer_report report = {0.0, 0.0};
    memcpy(t->good, t->params, t->n_params * sizeof(float));
    const fel_status status =
        fel_optimizer_step_f32(t->optimizer, &input, t->gradient, t->params, &report);
    if (status == FEL_ERR_RANGE && !all_finite(t->gradient, t->n_params)) {
        return hedge_train_explosion(t, "the gradient is not finite");
    }
    FEL_TRY(status);
    t->sums[LAST_LOSS] = loss.value;
    t->sums[LAST_NORM] = report.gradient_norm;
    t->sums[LAST_SIZE] = report.step_size;
    move_threshold(t, loss.best_threshold);
    return FEL_OK;
}

static fel_status step_by_curvature(fel_hedge_trainer *t)
{
    fel_kfac_report report = {.reduction_ratio = (double)NAN};
    const fel_status status = hedge_train_step_kfac(t, rate_factor(t), &report);
    if (status == FEL_ERR_RANGE) {
        return hedge_train_explosion(t, fel_last_error()->message);
    }
    FEL_TRY(status);
    t->sums[LAST_LOSS] = report.loss;
    t->sums[LAST_NORM] = report.gradient_norm;
    t->sums[LAST_SIZE] = report.step_size;
    t->sums[LAST_DAMPING] = report.damping;
    t->sums[LAST_RATIO] =
        isnan(report.reduction_ratio) ? t->sums[LAST_RATIO] : report.reduction_ratio;
    t->counts[COUNT_REJECTED] += report.is_rejected != 0;
    move_threshold(t, t->host.best_threshold);
    return FEL_OK;
}

fel_status hedge_train_step(fel_hedge_trainer *t)
{
    FEL_TRY(hedge_order_fill(&t->order, t->counts[COUNT_STEPS], t->batch, &t->n));
    FEL_TRY(begin_threshold(t));
    FEL_TRY(t->kfac != NULL ? step_by_curvature(t) : step_by_gradient(t));
    t->sums[SUM_LOSS] += t->sums[LAST_LOSS];
    t->counts[COUNT_SINCE_POINT]++;
    t->counts[COUNT_STEPS]++;
    hedge_train_average_step(t);
    return FEL_OK;
}
