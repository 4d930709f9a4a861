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

/* What the number of a rival means. */
typedef enum rival_plain {
    RIVAL_FITTED = 0,
    RIVAL_UP = 1,    /* up, always */
    RIVAL_FLAT = 2,  /* neither up nor down, always */
    RIVAL_LATEST = 3 /* the sign of the latest return */
} rival_plain;

/* sequence 0: the model's own features; else so many latest returns. */
typedef struct rival_kind {
    const char *name, *label;
    fit_fn *fit; /* of RIVAL_FITTED */
    rival_plain plain;
    size_t sequence;
} rival_kind;

static const rival_kind kinds[] = {
    {"buy_and_hold", "buy and hold", NULL, RIVAL_UP, 1},
    {"always_flat", "always flat", NULL, RIVAL_FLAT, 1},
    {"last_sign", "yesterday's sign", NULL, RIVAL_LATEST, 1},
    {"autoregression", "autoregression, 5 lags", fel_linear_fit, RIVAL_FITTED, AR_LAGS},
    {"linear", "linear regression", fel_linear_fit, RIVAL_FITTED, 0},
    {"logistic", "logistic regression", fel_logistic_fit, RIVAL_FITTED, 0},
};

/* A rival in one study: its numbers must mean to the strategy what the model's do. */
typedef struct rival {
    const rival_kind *kind;
    const study_model *model;
    forecast_thresholds thresholds;
    double label_centre; /* of a classifier's labels, whose model says logits around 0; else 0 */
} rival;

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

static double plain_value(const rival *r, double latest_return)
{
    const forecast_thresholds *t = &r->thresholds;
    const int says = r->kind->plain == RIVAL_UP     ? 1
                     : r->kind->plain == RIVAL_FLAT ? 0
                     : latest_return > 0.0          ? 1
                                                    : -(latest_return < 0.0);
    return says > 0 ? t->up : says < 0 ? t->down : t->neutral;
}

/* Of sample i; b: what was fitted. Regressions speak in the target's units, the logistic one in
 * logits around the thresholds. */
static double value_of(const rival *r, const fel_dataset *data, size_t sequence, size_t i,
                       const double *b)
{
    if (r->kind->fit == NULL) {
        return plain_value(r, (double)data->rows[data->last_rows[i] * data->n_features]);
    }
    const double value = fel_regression_value(data, sequence, i, b);
    return r->kind->fit == fel_linear_fit ? value - r->label_centre : value + r->thresholds.neutral;
}

/* Logistic regression takes targets above 0 for up: those above the labels' centre or the
 * thresholds here. */
static fel_status fit(const rival *r, const fel_dataset *data, size_t sequence, double *b)
{
    const double centre = r->label_centre != 0.0 ? r->label_centre : r->thresholds.neutral;
    if (r->kind->fit == fel_linear_fit || centre == 0.0) {
        return r->kind->fit(data, sequence, b);
    }
    const size_t n = data->n_samples * data->n_targets;
    double *targets = malloc((n + 1) * sizeof(*targets));
    if (targets == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu targets", n);
    }
    for (size_t i = 0; i < n; i++) {
        targets[i] = data->targets[i] - centre;
    }
    fel_dataset shifted = *data;
    shifted.targets = targets;
    const fel_status status = r->kind->fit(&shifted, sequence, b);
    free(targets);
    return status;
}

/* Thresholds that are quantiles of the model's outputs must be those of the rival's: values of the
 * test samples to their places among those of the validation samples, in `values`. */
static fel_status rank_values(const rival *r, const fel_dataset *train, size_t sequence,
                              const double *b, const forecast_window *w, double *values)
{
    double *scale = malloc((train->n_samples + 1) * sizeof(*scale));
    if (scale == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %s", r->kind->name);
    }
    size_t n = 0;
    for (size_t i = 0; i < train->n_samples; i++) {
        if (train->times_ns[i] > w->span.validation.from_ns) {
            scale[n++] = value_of(r, train, sequence, i, b);
        }
    }
    const forecast_outputs test = {values, w->n_test, 1}, validation = {scale, n, 1};
    const fel_status status = forecast_join(r->model, &test, &validation, values);
    free(scale);
    return status;
}

/* What the rival says of the test samples, as the strategy is to see it. */
static fel_status value_all(const rival *r, const fel_fold *fold, size_t sequence, double *b,
                            const forecast_window *w, double *values)
{
    const fel_dataset *train = fel_fold_train(fold), *test = fel_fold_test(fold);
    if (r->kind->fit != NULL) {
        FEL_TRY(fit(r, train, sequence, b));
    }
    for (size_t i = 0; i < test->n_samples; i++) {
        values[i] = value_of(r, test, sequence, i, b);
    }
    return r->model->output == 0 || r->kind->fit == NULL
               ? FEL_OK
               : rank_values(r, train, sequence, b, w, values);
}

static fel_status predict(const rival *r, const fel_fold *fold, size_t sequence, forecast_window *w)
{
    const fel_dataset *test = fel_fold_test(fold);
    double *b = calloc(fel_regression_size(fel_fold_train(fold), sequence), sizeof(*b));
    double *values = malloc((w->n_test + 1) * sizeof(*values));
    fel_status status = FEL_OK;
    if (b == NULL || values == NULL) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %s", r->kind->name);
    } else {
        status = value_all(r, fold, sequence, b, w, values);
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

static fel_status forecast_window_by(const rival *r, const forecast_trial *trial, size_t sequence,
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
        status = predict(r, fold, sequence, w);
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
    const study_values *v = &study->values;
    const fel_loss_class *loss = v->train.loss.code;
    const rival r = {.kind = &kinds[index],
                     .model = &v->model,
                     .thresholds = forecast_thresholds_of(&v->strategy),
                     .label_centre = loss->kind == FEL_LOSS_CLASSIFICATION ? 0.5 : 0.0};
    memset(out, 0, sizeof(*out));
    FEL_TRY(copy_windows(out, model));
    if (r.kind->sequence > 0) {
        FEL_TRY(make_returns_panel(out, study, data, r.kind));
    }
    for (size_t i = 0; i < model->n_done; i++) {
        const forecast_trial *chosen = &model->trials[model->windows[i].best];
        const forecast_trial *trial = r.kind->sequence > 0 ? &out->trials[0] : chosen;
        const size_t sequence =
            r.kind->sequence > 0 ? r.kind->sequence : (size_t)chosen->values->model.sequence;
        FEL_TRY(forecast_window_by(&r, trial, sequence, &out->windows[i]));
        out->n_done = i + 1;
    }
    return FEL_OK;
}
