/* study/study_start.c - a study's check: its data opened, and every engine that a run would make
 * started on it, up to the first instant of prices.
 *
 * What the engine or a strategy refuses when it starts (parameters that contradict each other, a
 * symbol that is not there) is refused here by the same code; nothing of it is kept. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "study/study_folder_internal.h"

typedef struct checker {
    const fel_study *study;
    fel_warning_fn warn;
    void *payload;
} checker;

/* ---- one start ------------------------------------------------------------------------------- */

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* When the first row of an item becomes known; FEL_TIME_MAX if there is none. */
static fel_status first_of_item(const dataset *data, const dataset_item *item, int64_t *out)
{
    const int64_t from = later(data->window.from_ns, item->window.from_ns);
    fel_feed feed = {NULL, NULL};
    fel_block rows;
    if (item->series != NULL) {
        rows = fel_series_rows(item->series);
        *out = rows.n > 0 ? rows.time_ns[0] : FEL_TIME_MAX;
        return FEL_OK;
    }
    FEL_TRY(fel_feed_of_store(&feed, item->store, item->entry,
                              from == FEL_TIME_MIN ? from : from + 1, FEL_TIME_MAX));
    const fel_status status = feed.code->next(feed.self, &rows);
    if (status == FEL_OK) {
        *out = rows.n > 0 ? rows.time_ns[0] : FEL_TIME_MAX;
    }
    fel_feed_destroy(&feed);
    return status;
}

static fel_status first_instant(const dataset *data, int64_t *out)
{
    *out = FEL_TIME_MAX;
    for (size_t i = 0; i < data->list.n; i++) {
        const dataset_item *item = &data->list.items[i];
        int64_t first = FEL_TIME_MAX;
        if (fel_gives_prices(item->info.kind)) {
            FEL_TRY(first_of_item(data, item, &first));
        }
        *out = first < *out ? first : *out;
    }
    return FEL_OK;
}

static fel_status start(const fel_study *study, const dataset *data)
{
    const study_values *v = &study->values;
    study_job job = {
        .study = study,
        .data = data,
        .window = data->window,
        .strategy = v->strategy.code,
        .params = v->strategy.params,
        .cash = v->cash.amount,
        .record = FEL_RECORD_DAILY,
        .totals_only = 1,
    };
    study_engine made;
    FEL_TRY(first_instant(data, &job.window.to_ns));
    FEL_TRY(study_engine_run(&made, &job));
    study_engine_clear(&made);
    return FEL_OK;
}

/* A model's forecasts are a signal column that the strategy may ask for. */
static fel_status start_with_model(const fel_study *study, dataset *data)
{
    if (study->values.model.is_present) {
        FEL_TRY(forecasts_check(study, data));
    }
    return start(study, data);
}

/* ---- all of a list --------------------------------------------------------------------------- */

/* One combination, on the shared data or, where data is NULL, on its own. */
static fel_status start_variant(const fel_study *base, const study_axes *axes, size_t index,
                                const dataset *data)
{
    fel_study *variant = NULL;
    dataset own;
    study_pick *picks = calloc(axes->n + 1, sizeof(*picks));
    if (picks == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a variant");
    }
    study_combination(axes, index, picks);
    fel_status status = study_vary(&variant, base, picks, axes->n);
    free(picks);
    if (status == FEL_OK && data != NULL) {
        status = start(variant, data);
    } else if (status == FEL_OK) {
        status = dataset_open(&own, variant, 0, 0);
        if (status == FEL_OK) {
            status = start_with_model(variant, &own);
            dataset_close(&own);
        }
    }
    fel_study_destroy(variant);
    return status;
}

/* Refusals of a list's combinations; the first in its words. */
typedef struct refusals {
    size_t n;
    fel_status status;
    char first[sizeof(((fel_error *)0)->message)];
} refusals;

/* A strategy's refusal is the combination's fault; anything else is the study's. */
static fel_status count_refusal(refusals *r, fel_status status)
{
    if (status != FEL_OK && status != FEL_ERR_ARG && status != FEL_ERR_RANGE &&
        status != FEL_ERR_USER) {
        return status;
    }
    if (status != FEL_OK && r->n++ == 0) {
        r->status = status;
        (void)snprintf(r->first, sizeof(r->first), "%s", fel_last_error()->message);
    }
    return FEL_OK;
}

/* In the words of the run: a sweep names its variant. */
static fel_status raise_all(const fel_study *study, const study_axes *axes, const refusals *r)
{
    arena memory = {0};
    study_pick *picks = arena_array(&memory, axes->n + 1, sizeof(*picks));
    const char *name = NULL;
    if (picks != NULL) {
        study_combination(axes, 0, picks);
        name = study_pick_name(&memory, picks, axes->n);
    }
    fel_status status = FEL_ERR_NOMEM;
    if (name == NULL) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a variant's name");
    } else if (axes == &study->values.sweep) {
        status = FEL_RAISE(FEL_ERR_ARG, "every variant of the sweep was refused; %s: %s", name,
                           r->first);
    } else {
        status = FEL_RAISE(r->status, "%s", r->first);
    }
    arena_free(&memory);
    return status;
}

/* As in a run, some combinations may be refused, but not all. */
static fel_status start_all(const checker *c, const study_axes *axes, const char *what,
                            const dataset *data)
{
    const int is_sweep = axes == &c->study->values.sweep;
    const dataset *shared = is_sweep && sweep_changes_data(c->study) ? NULL : data;
    refusals refused = {.n = 0};
    char text[sizeof(refused.first) + 128];
    size_t n = 0;
    FEL_TRY(study_count_combinations(axes, what, &n));
    for (size_t i = 0; i < n; i++) {
        FEL_TRY(count_refusal(&refused, start_variant(c->study, axes, i, shared)));
    }
    if (refused.n == n) {
        return raise_all(c->study, axes, &refused);
    }
    if (refused.n > 0 && c->warn != NULL) {
        (void)snprintf(text, sizeof(text),
                       "%zu of %zu combinations of %s are refused, the first: %s", refused.n, n,
                       what, refused.first);
        c->warn(c->payload, text);
    }
    return FEL_OK;
}

static fel_status check_starts(const checker *c, dataset *data)
{
    const study_values *v = &c->study->values;
    if (v->sweep.n > 0) {
        if (v->model.is_present && !sweep_changes_data(c->study)) {
            FEL_TRY(forecasts_check(c->study, data));
        }
        FEL_TRY(start_all(c, &v->sweep, "sweep", data));
    }
    if (v->search.n > 0 && !v->model.is_present) {
        return start_all(c, &v->search, "search", data);
    }
    return v->sweep.n == 0 ? start_with_model(c->study, data) : FEL_OK;
}

fel_status fel_study_check(const fel_study *study, fel_warning_fn warn, void *payload)
{
    const checker c = {study, warn, payload};
    dataset data;
    if (study->values.hedge.is_present) {
        return hedging_check(study);
    }
    if (study->values.calibrate.is_present) {
        return calibration_check_chain(study);
    }
    FEL_TRY(dataset_open(&data, study, 0, 1));
    for (size_t i = 0; i < data.warnings.n && warn != NULL; i++) {
        warn(payload, data.warnings.items[i]);
    }
    for (size_t i = 0; i < data.inputs.n && warn != NULL; i++) {
        if (data.inputs.items[i].note != NULL) {
            warn(payload, data.inputs.items[i].note);
        }
    }
    const fel_status status = check_starts(&c, &data);
    dataset_close(&data);
    return status;
}
