/* study/forecast_prepare.c - what training starts from: trials with their panels and networks,
 * windows with their spans. */
#include <stdlib.h>
#include <string.h>

#include "study/forecast_internal.h"

/* ---- series ---------------------------------------------------------------------------------- */

/* The series of one symbol and kind in the dataset; NULL if there is none. */
static const fel_series *beside(const dataset *data, const char *symbol, fel_data_kind kind)
{
    for (size_t i = 0; i < data->list.n; i++) {
        const dataset_item *item = &data->list.items[i];
        if (item->info.kind == kind && strcmp(item->info.instrument.symbol, symbol) == 0) {
            return item->series;
        }
    }
    return NULL;
}

/* Instruments that are forecast: all that are bars to hold. */
static fel_status list_series(forecasts *out, const fel_study *study, const dataset *data,
                              fel_panel_series **series)
{
    out->items = arena_array(&out->memory, data->list.n + 1, sizeof(*out->items));
    *series = arena_array(&out->memory, data->list.n + 1, sizeof(**series));
    if (out->items == NULL || *series == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu series", data->list.n);
    }
    for (size_t i = 0; i < data->list.n; i++) {
        const dataset_item *item = &data->list.items[i];
        const char *symbol = item->info.instrument.symbol;
        if (item->info.kind == FEL_DATA_BAR && dataset_is_held(item, study)) {
            (*series)[out->n_series].bars = item->series;
            (*series)[out->n_series].signals = beside(data, symbol, FEL_DATA_SIGNAL);
            (*series)[out->n_series].actions = beside(data, symbol, FEL_DATA_ACTION);
            out->items[out->n_series++] = i;
        }
    }
    return out->n_series > 0 ? FEL_OK
                             : FEL_RAISE(FEL_ERR_ARG, "model: there are no bars to forecast");
}

/* ---- trials ---------------------------------------------------------------------------------- */

/* Of what is searched only the sequence changes a panel. */
static fel_status find_panel(forecasts *out, forecast_trial *trial, const fel_panel_series *series)
{
    fel_panel_config config;
    for (const forecast_trial *other = out->trials; other != trial; other++) {
        if (other->values->model.sequence == trial->values->model.sequence) {
            trial->panel = other->panel;
            trial->borrows_panel = 1;
            return FEL_OK;
        }
    }
    FEL_TRY(forecast_panel_config(&config, &out->memory, trial->values));
    config.series = series;
    config.n_series = out->n_series;
    return fel_panel_create(&trial->panel, &config);
}

static fel_status make_trial(forecasts *out, forecast_trial *trial, const fel_panel_series *series)
{
    FEL_TRY(find_panel(out, trial, series));
    FEL_TRY(forecast_scale(&trial->scale, trial->values));
    return forecast_network(&trial->network, trial->values,
                            fel_panel_samples(trial->panel)->n_columns);
}

static fel_status vary_trial(forecasts *out, forecast_trial *trial, const fel_study *study,
                             size_t combination)
{
    const study_axes *search = &study->values.search;
    study_pick *picks = arena_array(&out->memory, search->n + 1, sizeof(*picks));
    trial->values = &study->values;
    trial->name = "";
    if (picks == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a trial");
    }
    if (search->n == 0) {
        return FEL_OK;
    }
    study_combination(search, combination, picks);
    trial->name = study_pick_name(&out->memory, picks, search->n);
    FEL_TRY(study_vary(&trial->variant, study, picks, search->n));
    trial->values = &trial->variant->values;
    return trial->name != NULL ? FEL_OK : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a name");
}

static fel_status make_trials(forecasts *out, const fel_study *study, const dataset *data)
{
    fel_panel_series *series = NULL;
    size_t *combinations = NULL, n = 0;
    FEL_TRY(list_series(out, study, data, &series));
    FEL_TRY(study_list_trials(&study->values, &out->memory, &combinations, &n));
    out->trials = arena_array(&out->memory, n, sizeof(*out->trials));
    if (out->trials == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu trials", n);
    }
    for (size_t i = 0; i < n; i++) {
        out->n_trials = i + 1;
        FEL_TRY(vary_trial(out, &out->trials[i], study, combinations[i]));
        FEL_TRY(make_trial(out, &out->trials[i], series));
    }
    return FEL_OK;
}

/* ---- windows --------------------------------------------------------------------------------- */

static fel_length length_of(study_span span)
{
    static const fel_length_unit units[] = {[SPAN_NONE] = FEL_LENGTH_BARS,
                                            [SPAN_BARS] = FEL_LENGTH_BARS,
                                            [SPAN_NS] = FEL_LENGTH_NS,
                                            [SPAN_MONTHS] = FEL_LENGTH_MONTHS};
    const fel_length length = {units[span.unit], 0, span.unit == SPAN_NONE ? 0 : span.amount};
    return length;
}

static fel_status plan_windows(forecasts *out, const fel_study *study, const dataset *data)
{
    const study_walk *walk = &study->values.walk;
    fel_window_config config = fel_window_config_default();
    config.is_anchored = walk->anchored;
    config.train = length_of(walk->train);
    config.first_train = length_of(walk->first);
    config.test = length_of(walk->test);
    config.step = length_of(walk->step);
    config.purge = length_of(walk->purge);
    config.embargo = length_of(walk->embargo);
    config.validation_share = walk->validation;
    config.start_ns = data->window.from_ns;
    config.zone = data->zone;
    int64_t *times = NULL;
    size_t n = 0;
    FEL_TRY(dataset_clock(data, &times, &n));
    const fel_status status = fel_windows_plan(&out->spans, &config, times, n);
    free(times);
    return status == FEL_OK ? FEL_OK
                            : schema_raise(status, tree_child(study->root, "walk_forward")->mark,
                                           "walk_forward", "%s", fel_last_error()->message);
}

static fel_status make_windows(forecasts *out)
{
    out->n_windows = out->spans.n;
    out->windows = arena_array(&out->memory, out->n_windows, sizeof(*out->windows));
    if (out->windows == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu windows", out->n_windows);
    }
    for (size_t i = 0; i < out->n_windows; i++) {
        forecast_window *w = &out->windows[i];
        w->span = out->spans.items[i];
        w->best = out->n_trials;
        w->scores = arena_array(&out->memory, out->n_trials, sizeof(*w->scores));
        if (w->scores == NULL) {
            return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu trials", out->n_trials);
        }
    }
    return FEL_OK;
}

fel_status forecast_prepare(forecasts *out, const fel_study *study, const dataset *data)
{
    out->n_seeds = (size_t)study->values.model.seeds;
    FEL_TRY(make_trials(out, study, data));
    FEL_TRY(plan_windows(out, study, data));
    return make_windows(out);
}
