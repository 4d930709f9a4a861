/* hedge/hedge_train.c - a training of a policy: steps, points of the curve between them, the best
 * kept; stopped, resumed, ended by the clock. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/progress.h"
#include "hedge/hedge_train_internal.h"

/* ---- making ---------------------------------------------------------------------------------- */

static void tell(fel_hedge_trainer *t)
{
    fel_hedge_train_result *r = &t->result;
    if (t->config.n_validation == 0) {
        memcpy(t->best, hedge_train_judged(t), t->n_params * sizeof(float));
        t->counts[COUNT_BEST_STEP] = t->counts[COUNT_STEPS];
    }
    r->struct_size = (uint32_t)sizeof(*r);
    r->stopped_by_time = t->counts[COUNT_BY_TIME] != 0;
    r->n_params = t->n_params;
    r->params = t->best;
    r->last_params = t->params;
    r->best_step = t->counts[COUNT_BEST_STEP];
    r->n_steps = t->counts[COUNT_STEPS];
    r->best_risk = t->counts[COUNT_HAS_BEST] ? t->sums[SUM_BEST_RISK] : (double)NAN;
    r->threshold = t->sums[SUM_HAS_THRESHOLD] > 0.0 ? t->sums[SUM_THRESHOLD] : (double)NAN;
    r->curve = t->curve;
    r->n_curve = (size_t)t->counts[COUNT_CURVE];
    r->seconds = t->sums[SUM_SECONDS];
    r->n_path_steps = t->counts[COUNT_PATH_STEPS];
}

static fel_status make(fel_hedge_trainer *t)
{
    FEL_TRY(hedge_train_make(t));
    if (t->checkpoint_path == NULL) {
        return FEL_OK;
    }
    FEL_TRY(hedge_train_describe(t));
    return t->config.resume ? hedge_train_resume(t) : FEL_OK;
}

fel_status fel_hedge_trainer_create(fel_hedge_trainer **out, const fel_hedge_train_config *config)
{
    FEL_TRY(hedge_train_check(config));
    fel_hedge_trainer *t = calloc(1, sizeof(*t));
    if (t == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a trainer");
    }
    t->config = *config;
    t->policy = config->policy;
    const fel_status status = make(t);
    if (status != FEL_OK) {
        fel_hedge_trainer_destroy(t);
        return status;
    }
    tell(t);
    *out = t;
    return FEL_OK;
}

void fel_hedge_trainer_destroy(fel_hedge_trainer *trainer)
{
    if (trainer != NULL) {
        hedge_train_clear(trainer);
        free(trainer);
    }
}

const fel_hedge_train_result *fel_hedge_trainer_result(const fel_hedge_trainer *trainer)
{
    return &trainer->result;
}

const fel_kfac *fel_hedge_trainer_kfac(const fel_hedge_trainer *trainer)
{
    return trainer->kfac;
}

/* ---- running --------------------------------------------------------------------------------- */

static int is_stopped(const fel_hedge_trainer *t)
{
    return t->config.stop_flag != NULL && *t->config.stop_flag != 0;
}

static int is_out_of_time(const fel_hedge_trainer *t)
{
    return t->config.max_seconds > 0.0 && t->sums[SUM_SECONDS] >= t->config.max_seconds;
}

static int is_over(const fel_hedge_trainer *t)
{
    return t->counts[COUNT_STEPS] >= t->config.n_steps || is_out_of_time(t);
}

static int point_is_due(const fel_hedge_trainer *t)
{
    const uint64_t step = t->counts[COUNT_STEPS], every = t->config.validate_every;
    if (t->counts[COUNT_CURVE] == 0) {
        return 1;
    }
    return t->curve[t->counts[COUNT_CURVE] - 1].step != step &&
           (is_over(t) || (every > 0 && step % every == 0));
}

static void show(fel_hedge_trainer *t)
{
    const fel_hedge_train_config *c = &t->config;
    if (c->progress == NULL) {
        return;
    }
    const size_t n = (size_t)t->counts[COUNT_CURVE];
    const double judged = n > 0 ? t->curve[n - 1].validation_risk : (double)NAN;
    (void)snprintf(t->what, sizeof(t->what), "step %llu of %llu, loss %.6g, validation %.6g",
                   (unsigned long long)t->counts[COUNT_STEPS], (unsigned long long)c->n_steps,
                   t->sums[LAST_LOSS], judged);
    c->progress(c->progress_payload, t->what, (double)t->counts[COUNT_STEPS], (double)c->n_steps);
}

static fel_status save(fel_hedge_trainer *t)
{
    return t->checkpoint_path == NULL ? FEL_OK : hedge_train_save(t);
}

static fel_status raise_stopped(const fel_hedge_trainer *t)
{
    return FEL_RAISE(FEL_ERR_STOPPED, "training was stopped after step %llu%s%.300s%s",
                     (unsigned long long)t->counts[COUNT_STEPS],
                     t->checkpoint_path != NULL ? "; " : "",
                     t->checkpoint_path != NULL ? t->checkpoint_path : "",
                     t->checkpoint_path != NULL ? " goes on from there" : "");
}

/* What the clock says counts; the judge's time does not. */
static fel_status timed_step(fel_hedge_trainer *t)
{
    const int64_t start = clock_monotonic_ns();
    const fel_status status = hedge_train_step(t);
    t->sums[SUM_SECONDS] += 1e-9 * (double)(clock_monotonic_ns() - start);
    return status;
}

static fel_status advance(fel_hedge_trainer *t)
{
    if (point_is_due(t)) {
        FEL_TRY(hedge_train_judge(t));
        t->counts[COUNT_BY_TIME] = t->counts[COUNT_STEPS] < t->config.n_steps && is_out_of_time(t);
        FEL_TRY(save(t));
        show(t);
    }
    if (is_over(t)) {
        return FEL_OK;
    }
    if (is_stopped(t)) {
        return raise_stopped(t);
    }
    FEL_TRY(timed_step(t));
    show(t);
    return FEL_OK;
}

static fel_status run(fel_hedge_trainer *t)
{
    fel_status status = FEL_OK;
    t->counts[COUNT_BY_TIME] = 0;
    while (status == FEL_OK && (!is_over(t) || point_is_due(t))) {
        status = advance(t);
    }
    if (status == FEL_ERR_STOPPED) {
        FEL_TRY(save(t));
        return raise_stopped(t);
    }
    t->counts[COUNT_BY_TIME] = t->counts[COUNT_STEPS] < t->config.n_steps && is_out_of_time(t);
    return status;
}

fel_status fel_hedge_trainer_run(fel_hedge_trainer *trainer)
{
    const fel_status status = run(trainer);
    tell(trainer);
    return status;
}
