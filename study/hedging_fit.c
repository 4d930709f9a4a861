/* study/hedging_fit.c - training: trials on tuning seeds, then every policy with every seed, then
 * the frontier.
 *
 * A job is one training from its numbers alone; jobs run on all threads, each on one (on more where
 * there are fewer jobs than threads). All jobs of a stage run side by side with others of their
 * kind, so their seconds compare. */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/threads.h"
#include "study/hedging_internal.h"

typedef struct fit_job {
    const hedging_hedger *hedger;
    const fel_optimizer_config *optimizer;
    size_t seed; /* seeds first, then tuning seeds */
    double cost_factor;
    hedging_fit *fit; /* where it goes; NULL: only its risk is wanted */
    double *risk;     /* or here */
    char *message;    /* of a trial that failed */
    size_t message_size;
    double shown;
} fit_job;

typedef struct fit_stage {
    hedging *h;
    fit_job *jobs;
    size_t n;
    int inner_threads;
    const char *what;
    double done; /* jobs */
    pthread_mutex_t lock;
} fit_stage;

typedef struct fit_watch {
    fit_stage *stage;
    fit_job *job;
} fit_watch;

/* ---- one training ---------------------------------------------------------------------------- */

static void show(void *payload, const char *what, double done, double total)
{
    const fit_watch *w = payload;
    const fel_run_options *options = w->stage->h->options;
    const double share = total > 0.0 ? done / total : 1.0;
    (void)what;
    (void)pthread_mutex_lock(&w->stage->lock);
    w->stage->done += share - w->job->shown;
    w->job->shown = share;
    options->progress(options->progress_payload, w->stage->what, w->stage->done,
                      (double)w->stage->n);
    (void)pthread_mutex_unlock(&w->stage->lock);
}

static fel_status keep_fit(hedging_fit *fit, const fel_hedge_train_result *result)
{
    fit->curve = malloc((result->n_curve + 1) * sizeof(*fit->curve));
    fit->params = malloc(result->n_params * sizeof(float));
    FEL_TRY(hedging_need(fit->curve));
    FEL_TRY(hedging_need(fit->params));
    memcpy(fit->curve, result->curve, result->n_curve * sizeof(*fit->curve));
    memcpy(fit->params, result->params, result->n_params * sizeof(float));
    fit->n_curve = result->n_curve;
    fit->best_step = result->best_step;
    fit->n_steps = result->n_steps;
    fit->seconds = result->seconds;
    fit->best_risk = result->best_risk;
    return FEL_OK;
}

static fel_hedge_train_config config_of(const fit_stage *stage, const fit_job *job,
                                        fit_watch *watch)
{
    const hedging *h = stage->h;
    fel_hedge_train_config config = job->hedger->train;
    config.optimizer = *job->optimizer;
    config.objective.cost_factor = job->cost_factor;
    config.seed = hedging_seed(h, job->seed);
    config.first_path = h->n_stored > 0 ? 0 : (uint64_t)job->seed * h->seed_stride;
    config.n_threads = stage->inner_threads;
    config.stop_flag = h->options->stop_flag;
    if (h->options->progress != NULL) {
        config.progress = show;
        config.progress_payload = watch;
    }
    return config;
}

static fel_status run_job(fit_stage *stage, fit_job *job)
{
    fit_watch watch = {stage, job};
    const fel_hedge_train_config config = config_of(stage, job, &watch);
    fel_hedge_trainer *trainer = NULL;
    FEL_TRY(fel_hedge_trainer_create(&trainer, &config));
    fel_status status = fel_hedge_trainer_run(trainer);
    const fel_hedge_train_result *result = fel_hedge_trainer_result(trainer);
    if (status == FEL_OK && job->risk != NULL) {
        *job->risk = result->best_risk;
    }
    if (status == FEL_OK && job->fit != NULL) {
        status = keep_fit(job->fit, result);
    }
    if (status == FEL_OK && job->fit != NULL && job->seed == 0) {
        status =
            hedging_keep_spectra(job->fit, fel_hedge_trainer_kfac(trainer), job->hedger->policy);
    }
    fel_hedge_trainer_destroy(trainer);
    if (status == FEL_OK && stage->h->options->progress != NULL) {
        show(&watch, "", 1.0, 1.0);
    }
    return status;
}

/* A trial that explodes is a bad trial, not the end. */
static fel_status work(void *payload, size_t index, int thread)
{
    fit_stage *stage = payload;
    fit_job *job = &stage->jobs[index];
    const fel_status status = run_job(stage, job);
    (void)thread;
    if (status == FEL_ERR_RANGE && job->message != NULL) {
        (void)snprintf(job->message, job->message_size, "%s", fel_last_error()->message);
        return FEL_OK;
    }
    return status;
}

/* Stopped: what was trained stays. */
static fel_status run_stage(hedging *h, const char *what, fit_job *jobs, size_t n)
{
    const int n_threads = threads_count(h->options->n_threads);
    fit_stage stage = {.h = h, .jobs = jobs, .n = n, .what = what};
    if (n == 0 || h->was_stopped) {
        return FEL_OK;
    }
    stage.inner_threads = n < (size_t)n_threads ? n_threads : 1;
    (void)pthread_mutex_init(&stage.lock, NULL);
    const fel_status status =
        threads_run(stage.inner_threads > 1 ? 1 : h->options->n_threads, n, work, &stage);
    (void)pthread_mutex_destroy(&stage.lock);
    if (status == FEL_ERR_STOPPED) {
        h->was_stopped = 1;
        return FEL_OK;
    }
    return status;
}

/* ---- tuning ---------------------------------------------------------------------------------- */

static fel_status choose(hedging_hedger *who, size_t n_tuning)
{
    for (size_t i = 0; i < who->n_trials; i++) {
        hedging_trial *t = &who->trials[i];
        double sum = 0.0, squares = 0.0;
        for (size_t k = 0; k < n_tuning; k++) {
            sum += t->risks[k];
        }
        t->mean = sum / (double)n_tuning; /* NaN where one failed */
        for (size_t k = 0; k < n_tuning; k++) {
            squares += (t->risks[k] - t->mean) * (t->risks[k] - t->mean);
        }
        t->spread = n_tuning > 1 ? sqrt(squares / (double)(n_tuning - 1)) : (double)NAN;
        if (t->mean < who->trials[who->chosen].mean || isnan(who->trials[who->chosen].mean)) {
            who->chosen = i;
        }
    }
    if (isnan(who->trials[who->chosen].mean)) {
        return FEL_RAISE(FEL_ERR_RANGE, "policy %s: no trial of tune could be trained: %s",
                         who->name, who->trials[0].message);
    }
    who->train.optimizer = who->trials[who->chosen].optimizer;
    return FEL_OK;
}

static fel_status tune(hedging *h)
{
    size_t n = 0, at = 0;
    for (size_t i = 0; i < h->n_policies; i++) {
        n += h->hedgers[i].n_trials * h->n_tuning;
    }
    fit_job *jobs = arena_array(&h->memory, n + 1, sizeof(*jobs));
    FEL_TRY(hedging_need(jobs));
    for (size_t i = 0; i < h->n_policies; i++) {
        hedging_hedger *who = &h->hedgers[i];
        for (size_t k = 0; k < who->n_trials * h->n_tuning; k++) {
            hedging_trial *trial = &who->trials[k / h->n_tuning];
            const fit_job job = {.hedger = who,
                                 .optimizer = &trial->optimizer,
                                 .seed = h->n_seeds + k % h->n_tuning,
                                 .cost_factor = who->train.objective.cost_factor,
                                 .risk = &trial->risks[k % h->n_tuning],
                                 .message = trial->message,
                                 .message_size = sizeof(trial->message)};
            trial->risks[k % h->n_tuning] = (double)NAN;
            jobs[at++] = job;
        }
    }
    FEL_TRY(run_stage(h, "trials", jobs, n));
    for (size_t i = 0; i < h->n_policies && !h->was_stopped; i++) {
        if (h->hedgers[i].n_trials > 0) {
            FEL_TRY(choose(&h->hedgers[i], h->n_tuning));
        }
    }
    return FEL_OK;
}

/* ---- everyone -------------------------------------------------------------------------------- */

static fel_status make_fits(hedging *h, hedging_fit **out, size_t n)
{
    *out = arena_array(&h->memory, n + 1, sizeof(**out));
    FEL_TRY(hedging_need(*out));
    memset(*out, 0, (n + 1) * sizeof(**out));
    return FEL_OK;
}

/* Seed by seed, so that what is stopped has whole seeds of everyone. */
static fel_status fit_policies(hedging *h)
{
    const size_t n = h->n_policies * h->n_seeds;
    fit_job *jobs = arena_array(&h->memory, n + 1, sizeof(*jobs));
    FEL_TRY(hedging_need(jobs));
    for (size_t i = 0; i < h->n_policies; i++) {
        hedging_hedger *who = &h->hedgers[i];
        FEL_TRY(make_fits(h, &who->fits, h->n_seeds));
        for (size_t s = 0; s < h->n_seeds; s++) {
            const fit_job job = {.hedger = who,
                                 .optimizer = &who->train.optimizer,
                                 .seed = s,
                                 .cost_factor = who->train.objective.cost_factor,
                                 .fit = &who->fits[s]};
            jobs[s * h->n_policies + i] = job;
        }
    }
    return run_stage(h, "policies", jobs, n);
}

static fel_status fit_frontier(hedging *h)
{
    const size_t n = h->n_frontier * h->n_frontier_seeds;
    fit_job *jobs = arena_array(&h->memory, n + 1, sizeof(*jobs));
    FEL_TRY(hedging_need(jobs));
    for (size_t i = 0; i < h->n_frontier; i++) {
        hedging_frontier *point = &h->frontier[i];
        const hedging_hedger *who = &h->hedgers[h->frontier_policy];
        FEL_TRY(make_fits(h, &point->fits, h->n_frontier_seeds));
        for (size_t s = 0; s < h->n_frontier_seeds; s++) {
            const fit_job job = {.hedger = who,
                                 .optimizer = &who->train.optimizer,
                                 .seed = s,
                                 .cost_factor = point->cost_factor,
                                 .fit = &point->fits[s]};
            jobs[i * h->n_frontier_seeds + s] = job;
        }
    }
    return run_stage(h, "frontier", jobs, n);
}

fel_status hedging_train(hedging *h)
{
    FEL_TRY(tune(h));
    FEL_TRY(fit_policies(h));
    return fit_frontier(h);
}
