/* study/forecast_run.c - a study's forecasts from its data: prepare, fit, publish. */
#include <string.h>

#include "study/forecast_internal.h"

void forecasts_clear(forecasts *f)
{
    for (size_t i = 0; i < f->n_windows && f->windows != NULL; i++) {
        forecast_window_clear(&f->windows[i], f->n_seeds);
    }
    for (size_t i = 0; i < f->n_trials; i++) {
        fel_network_destroy(f->trials[i].network);
        if (!f->trials[i].borrows_panel) {
            fel_panel_destroy(f->trials[i].panel);
        }
        fel_study_destroy(f->trials[i].variant);
    }
    fel_windows_clear(&f->spans);
    arena_free(&f->memory);
    memset(f, 0, sizeof(*f));
}

/* The strategy trades from the first test span to the end of the last one that is done. */
static void set_window(const forecasts *f, dataset *data)
{
    data->window.trade_ns = f->windows[0].span.test.from_ns;
    data->window.to_ns = f->windows[f->n_done - 1].span.test.to_ns;
}

static fel_status make(forecasts *out, const fel_study *study, dataset *data,
                       const fel_run_options *options)
{
    out->n_before = data->list.n;
    FEL_TRY(forecast_prepare(out, study, data));
    FEL_TRY(forecast_fit_all(out, study, options));
    set_window(out, data);
    return forecast_publish(out, study, data);
}

fel_status forecasts_make(forecasts *out, const fel_study *study, dataset *data,
                          const fel_run_options *options)
{
    memset(out, 0, sizeof(*out));
    const fel_status status = make(out, study, data, options);
    if (status != FEL_OK) {
        forecasts_clear(out);
    }
    return status;
}

/* The first trial's training on the first window, made but not run: what it refuses, a run would.
 */
static fel_status check_training(const forecasts *f)
{
    const forecast_trial *trial = &f->trials[0];
    fel_train_config config = fel_train_config_default(trial->network);
    fel_fold *fold = NULL;
    fel_trainer *trainer = NULL;
    FEL_TRY(forecast_train_config(&config, trial->values));
    FEL_TRY(fel_fold_of_window(&fold, trial->panel, &f->windows[0].span, &trial->scale));
    const fel_status status =
        fel_trainer_create(&trainer, &config, fel_fold_train(fold), fel_fold_validation(fold));
    fel_trainer_destroy(trainer);
    fel_fold_destroy(fold);
    return status;
}

fel_status forecasts_check(const fel_study *study, dataset *data)
{
    forecasts f = {0};
    fel_status status = forecast_prepare(&f, study, data);
    if (status == FEL_OK) {
        status = check_training(&f);
    }
    if (status == FEL_OK) {
        status = forecast_publish(&f, study, data);
    }
    forecasts_clear(&f);
    return status;
}
