/* study/forecast_internal.h - forecasts of a study's model: networks trained window by window,
 * their forecasts made events of the engine.
 *
 *     panel      features and targets of all instruments, one for each trial
 *     trial      one combination of the search
 *     window     train, validation, test; every trial is fitted with every seed on the first two,
 *                the best on validation forecasts the third
 *     series     forecasts of one instrument: a signal known at the instant of its last bar
 *
 * A piece of work is one trial on one window, from its numbers alone: the same bits for any number
 * of threads. */
#ifndef FEL_STUDY_FORECAST_RUN_H
#define FEL_STUDY_FORECAST_RUN_H

#ifndef FEL_MODULE_STUDY
#error "study/forecast_internal.h belongs to study/"
#endif

#include <feller/dataset.h>
#include <feller/report_forecast.h>
#include <feller/train.h>

#include "study/study_run_internal.h"

/* One combination of the search: a study of its own, with what all its windows share. */
typedef struct forecast_trial {
    fel_study *variant; /* NULL: the study itself, nothing is searched */
    const study_values *values;
    const char *name; /* "model.hidden=[64] train.learning_rate=0.001"; "" without a search */
    fel_panel *panel;
    int borrows_panel; /* of an earlier trial with the same sequence */
    fel_scale scale;
    fel_network *network;
} forecast_trial;

/* How one trial did in one window. */
typedef struct forecast_score {
    double validation; /* mean over seeds; NaN: failed or not run */
    fel_status status;
    char message[sizeof(((fel_error *)0)->message)];
} forecast_score;

/* One trained network of a window's choice. */
typedef struct forecast_fit {
    float *params;
    fel_train_curve *curve; /* n_epochs */
    size_t n_epochs, best_epoch;
} forecast_fit;

/* One forecast; a window has those of its test samples in their order. */
typedef struct forecast_point {
    int64_t time_ns;
    uint32_t series;
    double value;          /* what the strategy sees */
    double target, earned; /* NaN while they are not known */
} forecast_point;

typedef struct forecast_window {
    fel_window span;
    size_t best; /* trial */
    double score;
    size_t n_judged, n_failed, n_train, n_validation, n_test, n_flat;
    forecast_score *scores; /* by trial */
    forecast_fit *fits;     /* by seed, of the best trial; malloc'ed, as the next three */
    double *outputs;        /* n_test x seeds: raw */
    forecast_point *points; /* n_test */
    fel_scaler *scaler;
} forecast_window;

/* All forecasts of a study. Zero-initialise. */
typedef struct forecasts {
    arena memory;
    size_t n_series;
    size_t *items;   /* of the dataset, by series of the panels */
    size_t n_before; /* items of the dataset before the forecasts were appended */
    forecast_trial *trials;
    size_t n_trials, n_seeds;
    fel_windows spans;
    forecast_window *windows;
    size_t n_windows, n_done; /* n_done fewer where it was stopped */
} forecasts;

/* Train and forecast; appends a series of forecasts for each instrument to the dataset, after which
 * a plain run of the engine trades them. */
fel_status forecasts_make(forecasts *out, const fel_study *study, dataset *data,
                          const fel_run_options *options);
void forecasts_clear(forecasts *f);

/* All of it but training: series of forecasts without rows. */
fel_status forecasts_check(const fel_study *study, dataset *data);

/* ---- parts ----------------------------------------------------------------------------------- */

/* Trials with their panels and networks, windows with their spans. */
fel_status forecast_prepare(forecasts *out, const fel_study *study, const dataset *data);
/* A study's words as the libraries' structs. */
fel_status forecast_panel_config(fel_panel_config *out, arena *memory, const study_values *values);
fel_status forecast_scale(fel_scale *out, const study_values *values);
size_t forecast_count_outputs(const study_values *values);
fel_status forecast_network(fel_network **out, const study_values *values, size_t n_features);
int forecast_higher_is_better(const study_values *values);
fel_status forecast_train_config(fel_train_config *out, const study_values *values);

/* Numbers that the strategy takes for up, down and neither: beyond and between its thresholds. */
typedef struct forecast_thresholds {
    double up, down, neutral;
} forecast_thresholds;
forecast_thresholds forecast_thresholds_of(const study_strategy *strategy);

/* Fit every trial to every window. */
fel_status forecast_fit_all(forecasts *f, const fel_study *study, const fel_run_options *options);
void forecast_window_clear(forecast_window *w, size_t n_seeds);

/* Outputs of the seeds' networks: n x n_seeds. */
typedef struct forecast_outputs {
    const double *values;
    size_t n, n_seeds;
} forecast_outputs;

/* Seeds' outputs on the test samples to the number that a strategy sees; where quantiles are asked
 * for, among those on the validation samples. */
fel_status forecast_join(const study_model *model, const forecast_outputs *test,
                         const forecast_outputs *validation, double *joined);

/* The windows' points as signal series of the dataset. */
fel_status forecast_publish(const forecasts *f, const fel_study *study, dataset *data);

/* ---- rivals ---------------------------------------------------------------------------------- */

size_t forecast_count_rivals(void);
const char *forecast_rival_name(size_t index, const char **label);
/* The forecasts of a rival over the model's windows; to be cleared, also after a failure. */
fel_status forecast_rival(forecasts *out, size_t index, const fel_study *study, const dataset *data,
                          const forecasts *model);

/* forecasts.csv, forecast_windows.csv, trials.csv, training.csv, models.h5 */
fel_status forecast_write(const forecasts *f, const dataset *data, const char *folder);

#endif
