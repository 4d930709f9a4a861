/* hedge/hedge_train_judge.c - a point of the curve: the policy on the validation paths, as it would
 * be hedged with, costs as they are. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hedge/hedge_train_internal.h"

static fel_status run_policy(fel_hedge_trainer *t)
{
    const fel_hedge_train_config *c = &t->config;
    fel_hedger *hedger = NULL;
    FEL_TRY(fel_hedger_of_policy_f32(&hedger, t->policy, hedge_train_judged(t)));
    const fel_hedge_outcome out = {.struct_size = (uint32_t)sizeof(out),
                                   .n_threads = c->n_threads,
                                   .first = c->first_validation,
                                   .n = (size_t)c->n_validation,
                                   .pnl = t->pnl,
                                   .cost = t->cost};
    const fel_status status = fel_hedger_run(hedger, &out);
    fel_hedger_destroy(hedger);
    return status;
}

static double mean_of(const double *values, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += values[i];
    }
    return sum / (double)n;
}

static double deviation_of(const double *values, size_t n)
{
    const double mean = mean_of(values, n);
    double squares = 0.0;
    for (size_t i = 0; i < n; i++) {
        squares += (values[i] - mean) * (values[i] - mean);
    }
    return n > 1 ? sqrt(squares / (double)(n - 1)) : 0.0;
}

static fel_status validate(fel_hedge_trainer *t, fel_hedge_curve *point)
{
    const size_t n = (size_t)t->config.n_validation;
    if (n == 0) {
        return FEL_OK;
    }
    FEL_TRY(run_policy(t));
    const fel_status status =
        fel_risk_measure(&t->config.objective.risk, t->pnl, n, &point->validation_risk, NULL);
    if (status == FEL_ERR_RANGE) {
        return hedge_train_explosion(t, fel_last_error()->message);
    }
    point->validation_cost = mean_of(t->cost, n);
    point->validation_sd = deviation_of(t->pnl, n);
    return status;
}

static void keep_best(fel_hedge_trainer *t, double risk)
{
    if (isfinite(risk) && (!t->counts[COUNT_HAS_BEST] || risk < t->sums[SUM_BEST_RISK])) {
        memcpy(t->best, hedge_train_judged(t), t->n_params * sizeof(float));
        t->counts[COUNT_BEST_STEP] = t->counts[COUNT_STEPS];
        t->counts[COUNT_HAS_BEST] = 1;
        t->sums[SUM_BEST_RISK] = risk;
    }
}

static fel_status grow_curve(fel_hedge_trainer *t)
{
    if (t->counts[COUNT_CURVE] < t->max_curve) {
        return FEL_OK;
    }
    const size_t most = 2 * t->max_curve + 16;
    fel_hedge_curve *curve = realloc(t->curve, most * sizeof(*curve));
    if (curve == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu points of a curve", most);
    }
    t->curve = curve;
    t->max_curve = most;
    return FEL_OK;
}

fel_status hedge_train_judge(fel_hedge_trainer *t)
{
    const double n = (double)t->counts[COUNT_SINCE_POINT];
    const double nan = (double)NAN;
    FEL_TRY(grow_curve(t));
    fel_hedge_curve point = {.step = t->counts[COUNT_STEPS],
                             .seconds = t->sums[SUM_SECONDS],
                             .train_loss = n > 0.0 ? t->sums[SUM_LOSS] / n : nan,
                             .validation_risk = nan,
                             .validation_cost = nan,
                             .validation_sd = nan,
                             .gradient_norm = t->sums[LAST_NORM],
                             .step_size = t->sums[LAST_SIZE],
                             .damping = t->sums[LAST_DAMPING],
                             .reduction_ratio = t->sums[LAST_RATIO],
                             .n_rejected = t->counts[COUNT_REJECTED]};
    hedge_train_average_point(t);
    FEL_TRY(validate(t, &point));
    keep_best(t, point.validation_risk);
    t->curve[t->counts[COUNT_CURVE]++] = point;
    t->counts[COUNT_SINCE_POINT] = 0;
    t->sums[SUM_LOSS] = 0.0;
    return FEL_OK;
}
