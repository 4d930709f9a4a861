/* study/forecast_rivals.c - forecasters that the model must beat, over the same windows: always up,
 * nothing, yesterday's sign, autoregression, linear and logistic regression.
 *
 * Each is fitted on a window's train and validation samples (it has nothing to choose) and
 * forecasts its test samples; the same strategy trades it at the same costs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <feller/baseline.h>

#include "study/forecast_compare_internal.h"

enum { AR_LAGS = 5 };

typedef fel_status fit_fn(const fel_dataset *data, size_t sequence, double *coefficients);

/* sequence 0: the model's own features; else so many latest returns. */
typedef struct rival_kind {
    const char *name, *label;
    fit_fn *fit; /* NULL: the forecast is what `plain` says of the latest row */
    double (*plain)(const float *row);
    size_t sequence;
    int is_fixed; /* the same number always: not to be ranked */
} rival_kind;

/* Above every threshold that a strategy may have. */
static double most(const float *row)
{
    (void)row;
    return 1e10;
}

static double nothing(const float *row)
{
    (void)row;
    return 0.0;
}

static double latest(const float *row)
{
    return (double)row[0];
}

static const rival_kind kinds[] = {
    {"buy_and_hold", "buy and hold", NULL, most, 1, 1},
    {"always_flat", "always flat", NULL, nothing, 1, 1},
    {"last_sign", "yesterday's sign", NULL, latest, 1, 0},
    {"autoregression", "autoregression, 5 lags", fel_linear_fit, NULL, AR_LAGS, 0},
    {"linear", "linear regression", fel_linear_fit, NULL, 0, 0},
    {"logistic", "logistic regression", fel_logistic_fit, NULL, 0, 0},
};

size_t forecast_count_rivals(void)
{
    return sizeof(kinds) / sizeof(kinds[0]);
}

const char *forecast_rival_name(size_t index, const char **label)
{
    *label = kinds[index].label;
    return kinds[index].name;
}

int forecast_rival_estimates(size_t index)
{
    return kinds[index].fit == fel_linear_fit;
}

/* ---- one window ------------------------------------------------------------------------------ */

/* Of sample i; b: what was fitted. */
static double value_of(const rival_kind *kind, const fel_dataset *data, size_t sequence, size_t i,
                       const double *b)
{
    return kind->fit != NULL ? fel_regression_value(data, sequence, i, b)
                             : kind->plain(data->rows + data->last_rows[i] * data->n_features);
}

/* Thresholds that are quantiles of the model's outputs must be those of the rival's: values of the
 * test samples to their places among those of the validation samples, in `values`. */
static fel_status rank_values(const rival_kind *kind, const study_model *model,
                              const fel_dataset *train, size_t sequence, const double *b,
                              const forecast_window *w, double *values)
{
    double *scale = malloc((train->n_samples + 1) * sizeof(*scale));
    if (scale == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %s", kind->name);
    }
    size_t n = 0;
    for (size_t i = 0; i < train->n_samples; i++) {
        if (train->times_ns[i] > w->span.validation.from_ns) {
            scale[n++] = value_of(kind, train, sequence, i, b);
        }
    }
    const forecast_outputs test = {values, w->n_test, 1}, validation = {scale, n, 1};
    const fel_status status = forecast_join(model, &test, &validation, values);
    free(scale);
    return status;
}

/* What the rival says of the test samples, as the strategy is to see it. */
static fel_status value_all(const rival_kind *kind, const study_model *model, const fel_fold *fold,
                            size_t sequence, double *b, const forecast_window *w, double *values)
{
    const fel_dataset *train = fel_fold_train(fold), *test = fel_fold_test(fold);
    if (kind->fit != NULL) {
        FEL_TRY(kind->fit(train, sequence, b));
    }
    for (size_t i = 0; i < test->n_samples; i++) {
        values[i] = value_of(kind, test, sequence, i, b);
    }
    return model->output == 0 || kind->is_fixed
               ? FEL_OK
               : rank_values(kind, model, train, sequence, b, w, values);
}

static fel_status predict(const rival_kind *kind, const study_model *model, const fel_fold *fold,
                          size_t sequence, forecast_window *w)
{
    const fel_dataset *test = fel_fold_test(fold);
    double *b = calloc(fel_regression_size(fel_fold_train(fold), sequence), sizeof(*b));
    double *values = malloc((w->n_test + 1) * sizeof(*values));
    fel_status status = FEL_OK;
    if (b == NULL || values == NULL) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %s", kind->name);
    } else {
        status = value_all(kind, model, fold, sequence, b, w, values);
    }
    for (size_t i = 0; status == FEL_OK && i < test->n_samples; i++) {
        const forecast_point point = {test->times_ns[i], fel_fold_test_series(fold)[i], values[i],
                                      test->targets[i * test->n_targets], test->returns[i]};
        w->points[i] = point;
    }
    free(b);
    free(values);
    return status;
}

static fel_status forecast_window_by(const rival_kind *kind, const study_model *model,
                                     const forecast_trial *trial, size_t sequence,
                                     forecast_window *w)
{
    fel_window span = w->span;
    fel_fold *fold = NULL;
    if (span.validation.to_ns > span.validation.from_ns) {
        span.train.to_ns = span.validation.to_ns;
        span.validation.from_ns = span.validation.to_ns;
    }
    FEL_TRY(fel_fold_of_window(&fold, trial->panel, &span, &trial->scale));
    w->n_test = fel_fold_test(fold)->n_samples;
    w->points = malloc((w->n_test + 1) * sizeof(*w->points));
    fel_status status = FEL_OK;
    if (w->points == NULL) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu forecasts", w->n_test);
    } else {
        status = predict(kind, model, fold, sequence, w);
    }
    fel_fold_destroy(fold);
    return status;
}

/* ---- all windows ----------------------------------------------------------------------------- */

/* A panel of the latest returns, not scaled, with the study's target. */
static fel_status make_returns_panel(forecasts *out, const fel_study *study, const dataset *data,
                                     const rival_kind *kind)
{
    fel_panel_config config;
    fel_feature feature;
    fel_panel_series *series = arena_array(&out->memory, out->n_series, sizeof(*series));
    if (series == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu series", out->n_series);
    }
    for (size_t i = 0; i < out->n_series; i++) {
        series[i].bars = data->list.items[out->items[i]].series;
    }
    FEL_TRY(forecast_panel_config(&config, &out->memory, &study->values));
    FEL_TRY(fel_feature_find("return", &feature));
    config.features = &feature;
    config.n_features = 1;
    config.sequence = kind->sequence;
    config.rolling_bars = 0;
    config.series = series;
    config.n_series = out->n_series;
    FEL_TRY(fel_scale_find("none", &out->trials[0].scale));
    return fel_panel_create(&out->trials[0].panel, &config);
}

/* The windows of the model, empty. */
static fel_status copy_windows(forecasts *out, const forecasts *model)
{
    out->n_series = model->n_series;
    out->items = model->items;
    out->n_windows = model->n_done;
    out->windows = arena_array(&out->memory, model->n_done + 1, sizeof(*out->windows));
    out->trials = arena_array(&out->memory, 1, sizeof(*out->trials));
    if (out->windows == NULL || out->trials == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu windows", model->n_done);
    }
    for (size_t i = 0; i < model->n_done; i++) {
        out->windows[i].span = model->windows[i].span;
    }
    out->n_trials = 1;
    return FEL_OK;
}

fel_status forecast_rival(forecasts *out, size_t index, const fel_study *study, const dataset *data,
                          const forecasts *model)
{
    const rival_kind *kind = &kinds[index];
    const forecast_trial *trial = &model->trials[0];
    memset(out, 0, sizeof(*out));
    FEL_TRY(copy_windows(out, model));
    if (kind->sequence > 0) {
        FEL_TRY(make_returns_panel(out, study, data, kind));
        trial = &out->trials[0];
    }
    const size_t sequence =
        kind->sequence > 0 ? kind->sequence : (size_t)trial->values->model.sequence;
    for (size_t i = 0; i < model->n_done; i++) {
        FEL_TRY(forecast_window_by(kind, &study->values.model, trial, sequence, &out->windows[i]));
        out->n_done = i + 1;
    }
    return FEL_OK;
}
