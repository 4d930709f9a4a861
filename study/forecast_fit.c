/* study/forecast_fit.c - every trial fitted to every window; the best on validation forecasts.
 *
 * A piece of work is one trial on one window with all its seeds. What it finds depends on its
 * numbers alone; of equals the trial with the lower number is kept, so neither clock nor thread
 * decides. */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "study/forecast_internal.h"

enum { FIT_STREAM = 0x666974 };

typedef struct fitter {
    forecasts *f;
    const fel_study *study;
    const fel_run_options *options;
    int inner_threads;
    pthread_mutex_t lock;
    double done; /* fits, under the lock */
} fitter;

/* What one piece makes; what is kept of it moves to its window. */
typedef struct piece {
    fitter *all;
    const forecast_trial *trial;
    size_t window, trial_index, n_seeds;
    fel_fold *fold;
    forecast_fit *fits;
    double *test_outputs, *validation_outputs; /* n x n_seeds */
    double score, shown;
} piece;

static void clear_fits(forecast_fit *fits, size_t n)
{
    for (size_t i = 0; fits != NULL && i < n; i++) {
        free(fits[i].params);
        free(fits[i].curve);
    }
}

static void piece_clear(piece *p)
{
    clear_fits(p->fits, p->n_seeds);
    free(p->fits);
    free(p->test_outputs);
    free(p->validation_outputs);
    fel_fold_destroy(p->fold);
}

void forecast_window_clear(forecast_window *w, size_t n_seeds)
{
    clear_fits(w->fits, n_seeds);
    free(w->fits);
    free(w->outputs);
    free(w->points);
    fel_scaler_destroy(w->scaler);
}

/* ---- one network ----------------------------------------------------------------------------- */

/* Of the study's seed, the window and the number of the network. */
static uint64_t seed_of(const piece *p, size_t k)
{
    const uint32_t counter[4] = {(uint32_t)p->window, (uint32_t)k, FIT_STREAM, 0};
    uint32_t words[4];
    rng_block((uint64_t)p->all->study->values.seed, counter, words);
    return (uint64_t)words[0] << 32 | words[1];
}

static void show(void *payload, const char *what, double done, double total)
{
    piece *p = payload;
    fitter *all = p->all;
    const fel_run_options *options = all->options;
    const double n = (double)(all->f->n_windows * all->f->n_trials * p->n_seeds);
    const double share = total > 0.0 ? done / total : 1.0;
    (void)what;
    (void)pthread_mutex_lock(&all->lock);
    all->done += share - p->shown;
    p->shown = share;
    options->progress(options->progress_payload, "networks", all->done, n);
    (void)pthread_mutex_unlock(&all->lock);
}

static fel_status keep_fit(piece *p, const fel_train_result *result, size_t k)
{
    forecast_fit *fit = &p->fits[k];
    fit->params = malloc(result->n_params * sizeof(float));
    fit->curve = malloc((result->n_epochs + 1) * sizeof(*fit->curve));
    if (fit->params == NULL || fit->curve == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a network");
    }
    memcpy(fit->params, result->params, result->n_params * sizeof(float));
    memcpy(fit->curve, result->curve, result->n_epochs * sizeof(*fit->curve));
    fit->n_epochs = result->n_epochs;
    fit->best_epoch = result->best_epoch;
    p->score += result->selection / (double)p->n_seeds;
    return FEL_OK;
}

/* Column k of outputs: one number a sample, of a classifier's two the last less the first. */
static fel_status predict(const piece *p, const fel_dataset *data, size_t k, double *outputs)
{
    const size_t n_outputs = forecast_count_outputs(p->trial->values);
    double *raw = malloc((data->n_samples * n_outputs + 1) * sizeof(*raw));
    if (raw == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu forecasts", data->n_samples);
    }
    const fel_status status =
        fel_dataset_predict(data, p->trial->network, p->fits[k].params, p->all->inner_threads, raw);
    for (size_t i = 0; status == FEL_OK && i < data->n_samples; i++) {
        const double *of = raw + i * n_outputs;
        outputs[i * p->n_seeds + k] = n_outputs > 1 ? of[n_outputs - 1] - of[0] : of[0];
    }
    free(raw);
    return status;
}

static fel_status fit_one(piece *p, size_t k)
{
    fel_train_config config = fel_train_config_default(p->trial->network);
    fel_trainer *trainer = NULL;
    FEL_TRY(forecast_train_config(&config, p->trial->values));
    config.seed = seed_of(p, k);
    config.n_threads = p->all->inner_threads;
    config.stop_flag = p->all->options->stop_flag;
    if (p->all->options->progress != NULL) {
        config.progress = show;
        config.progress_payload = p;
        p->shown = 0.0;
    }
    FEL_TRY(fel_trainer_create(&trainer, &config, fel_fold_train(p->fold),
                               fel_fold_validation(p->fold)));
    fel_status status = fel_trainer_run(trainer);
    if (status == FEL_OK) {
        status = keep_fit(p, fel_trainer_result(trainer), k);
    }
    fel_trainer_destroy(trainer);
    FEL_TRY(status);
    if (p->all->options->progress != NULL) {
        show(p, "", 1.0, 1.0);
    }
    FEL_TRY(predict(p, fel_fold_test(p->fold), k, p->test_outputs));
    return predict(p, fel_fold_validation(p->fold), k, p->validation_outputs);
}

/* ---- one trial on one window ----------------------------------------------------------------- */

static fel_status piece_begin(piece *p)
{
    const forecast_window *w = &p->all->f->windows[p->window];
    FEL_TRY(fel_fold_of_window(&p->fold, p->trial->panel, &w->span, &p->trial->scale));
    const size_t n_test = fel_fold_test(p->fold)->n_samples;
    const size_t n_validation = fel_fold_validation(p->fold)->n_samples;
    p->fits = calloc(p->n_seeds, sizeof(*p->fits));
    p->test_outputs = malloc((n_test * p->n_seeds + 1) * sizeof(double));
    p->validation_outputs = malloc((n_validation * p->n_seeds + 1) * sizeof(double));
    return p->fits != NULL && p->test_outputs != NULL && p->validation_outputs != NULL
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu networks", p->n_seeds);
}

static fel_status fit_seeds(piece *p)
{
    FEL_TRY(piece_begin(p));
    for (size_t k = 0; k < p->n_seeds; k++) {
        FEL_TRY(fit_one(p, k));
    }
    return FEL_OK;
}

/* What the strategy will see of the test samples. */
static fel_status make_points(const piece *p, forecast_window *w)
{
    const fel_dataset *test = fel_fold_test(p->fold);
    const forecast_outputs outputs = {w->outputs, test->n_samples, p->n_seeds};
    const forecast_outputs scale = {p->validation_outputs, fel_fold_validation(p->fold)->n_samples,
                                    p->n_seeds};
    double *values = malloc((test->n_samples + 1) * sizeof(*values));
    forecast_point *points = malloc((test->n_samples + 1) * sizeof(*points));
    fel_status status = FEL_OK;
    if (values == NULL || points == NULL) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu forecasts", test->n_samples);
    } else {
        status = forecast_join(&p->trial->values->model, &outputs, &scale, values);
    }
    for (size_t i = 0; status == FEL_OK && i < test->n_samples; i++) {
        const forecast_point point = {test->times_ns[i], fel_fold_test_series(p->fold)[i],
                                      values[i], test->targets[i * test->n_targets],
                                      test->returns[i]};
        points[i] = point;
    }
    free(values);
    free(w->points);
    w->points = points;
    return status;
}

static fel_status copy_scaler(const piece *p, forecast_window *w)
{
    fel_named_array arrays[FEL_SCALER_ARRAYS];
    fel_scaler_export(fel_fold_scaler(p->fold), arrays);
    fel_scaler_destroy(w->scaler);
    w->scaler = NULL;
    return fel_scaler_import(&w->scaler, arrays, FEL_SCALER_ARRAYS);
}

/* Under the lock: this trial is the window's choice so far. */
static fel_status take(piece *p, forecast_window *w)
{
    forecast_fit *const old = w->fits;
    double *const outputs = w->outputs;
    w->best = p->trial_index;
    w->score = p->score;
    w->fits = p->fits;
    w->outputs = p->test_outputs;
    p->fits = old;
    p->test_outputs = outputs;
    w->n_train = fel_fold_train(p->fold)->n_samples;
    w->n_validation = fel_fold_validation(p->fold)->n_samples;
    w->n_test = fel_fold_test(p->fold)->n_samples;
    w->n_flat = fel_fold_count_flat_targets(p->fold);
    FEL_TRY(copy_scaler(p, w));
    return make_points(p, w);
}

/* Is trial a with its score better than b with its? NaN is the worst. */
static int is_better(const piece *p, const forecast_window *w)
{
    const double a = p->score, b = w->score;
    const int higher = forecast_higher_is_better(p->trial->values);
    if (w->best == p->all->f->n_trials) {
        return 1;
    }
    if (isnan(a) || isnan(b) || a == b) {
        return (isnan(b) && !isnan(a)) || (isnan(a) == isnan(b) && p->trial_index < w->best);
    }
    return higher ? a > b : a < b;
}

/* A trial whose training explodes is a trial that failed; anything else ends the study. */
static int is_failed_trial(const fitter *all, fel_status status)
{
    return all->f->n_trials > 1 && (status == FEL_ERR_RANGE || status == FEL_ERR_SHAPE);
}

static fel_status judge(piece *p, fel_status status)
{
    forecast_window *w = &p->all->f->windows[p->window];
    forecast_score *score = &w->scores[p->trial_index];
    score->status = status;
    score->validation = status == FEL_OK ? p->score : (double)NAN;
    if (status == FEL_OK) {
        return is_better(p, w) ? take(p, w) : FEL_OK;
    }
    if (!is_failed_trial(p->all, status)) {
        return status;
    }
    (void)snprintf(score->message, sizeof(score->message), "%s", fel_last_error()->message);
    w->n_failed++;
    return FEL_OK;
}

static fel_status fit_piece(void *payload, size_t index, int thread)
{
    fitter *all = payload;
    const size_t n_trials = all->f->n_trials;
    piece p = {.all = all,
               .trial = &all->f->trials[index % n_trials],
               .window = index / n_trials,
               .trial_index = index % n_trials,
               .n_seeds = all->f->n_seeds};
    (void)thread;
    if (all->options->stop_flag != NULL && *all->options->stop_flag) {
        return FEL_OK;
    }
    fel_status status = fit_seeds(&p);
    if (status != FEL_ERR_STOPPED) {
        (void)pthread_mutex_lock(&all->lock);
        status = judge(&p, status);
        all->f->windows[p.window].n_judged++;
        (void)pthread_mutex_unlock(&all->lock);
    }
    piece_clear(&p);
    return status == FEL_ERR_STOPPED ? FEL_OK : status;
}

/* ---- all of them ----------------------------------------------------------------------------- */

/* Windows of which every trial was judged, up to the first that is not so. */
static fel_status count_done(forecasts *f)
{
    while (f->n_done < f->n_windows && f->windows[f->n_done].n_judged == f->n_trials) {
        const forecast_window *w = &f->windows[f->n_done];
        if (w->best == f->n_trials) {
            return FEL_RAISE(w->scores[0].status, "every trial of window %zu failed; %s: %s",
                             f->n_done, f->trials[0].name, w->scores[0].message);
        }
        f->n_done++;
    }
    return f->n_done > 0 ? FEL_OK
                         : FEL_RAISE(FEL_ERR_STOPPED, "stopped before the first window's networks "
                                                      "were trained");
}

fel_status forecast_fit_all(forecasts *f, const fel_study *study, const fel_run_options *options)
{
    const size_t n = f->n_windows * f->n_trials;
    const int n_threads = threads_count(options->n_threads), is_wide = n >= (size_t)n_threads;
    fitter all = {.f = f,
                  .study = study,
                  .options = options,
                  .inner_threads = is_wide ? 1 : n_threads,
                  .lock = PTHREAD_MUTEX_INITIALIZER};
    FEL_TRY(threads_run(is_wide ? n_threads : 1, n, fit_piece, &all));
    return count_done(f);
}
