/* models/dataset_fold.c - the samples of a window with rows scaled by what its training rows say.
 *
 * Only the rows that samples are made of are kept, each series' in one piece. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/dataset_internal.h"

enum { TRAIN, VALIDATION, TEST, N_STRETCHES };

struct fel_fold {
    arena memory;
    fel_dataset sets[N_STRETCHES];
    uint32_t *test_series;
    fel_scaler *scaler;
    size_t n_flat_targets;
};

/* Indices of samples. */
typedef struct stretch {
    const size_t *items;
    size_t n;
} stretch;

typedef struct fold_work {
    const fel_panel *panel;
    const fel_samples *samples;
    stretch picks[N_STRETCHES];
    size_t *place;      /* by row of the panel: its place in the fold, from 1; 0: not in it */
    size_t *train_rows; /* of the panel, those of training samples */
    size_t n_rows, n_train_rows;
    fel_fold *fold;
} fold_work;

static const char *const stretch_names[] = {"train", "validation", "test"};

static fel_status no_memory(const fold_work *w)
{
    return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu samples of %zu to train on",
                     w->picks[TRAIN].n, w->samples->n);
}

/* ---- are the picks sound --------------------------------------------------------------------- */

static fel_status check_stretch(const fold_work *w, int which)
{
    const stretch *s = &w->picks[which];
    for (size_t k = 0; k < s->n; k++) {
        if (s->items[k] >= w->samples->n || (k > 0 && s->items[k] <= s->items[k - 1])) {
            return FEL_RAISE(FEL_ERR_ARG, "%s: sample %zu of %zu, at place %zu, is out of order",
                             stretch_names[which], s->items[k], w->samples->n, k);
        }
        if (which != TEST && w->samples->target_times_ns[s->items[k]] == FEL_TIME_MAX) {
            return FEL_RAISE(FEL_ERR_ARG, "%s: the target of sample %zu is not known",
                             stretch_names[which], s->items[k]);
        }
    }
    return FEL_OK;
}

static fel_status check_picks(const fold_work *w, const fel_scale *scale)
{
    FEL_TRY(fel_scale_check(scale));
    if (fel_scale_rolling_bars(scale) != w->panel->rolling_bars) {
        return FEL_RAISE(FEL_ERR_ARG, "scale %s rolls over %zu rows, the panel was made with %zu",
                         scale->code->name, fel_scale_rolling_bars(scale), w->panel->rolling_bars);
    }
    if (w->picks[TRAIN].n == 0) {
        return FEL_RAISE(FEL_ERR_SHAPE, "no sample of %zu to train on", w->samples->n);
    }
    for (int which = TRAIN; which < N_STRETCHES; which++) {
        FEL_TRY(check_stretch(w, which));
    }
    return FEL_OK;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Set place[] to 1 for the rows of these samples. */
static void mark_rows(const fold_work *w, const stretch *s)
{
    for (size_t k = 0; k < s->n; k++) {
        const size_t last = w->samples->last_rows[s->items[k]];
        for (size_t back = 0; back < w->samples->sequence; back++) {
            w->place[last - back] = 1;
        }
    }
}

/* Between a series' first and last row in use all rows are kept: samples are windows on them. */
static void number_rows(fold_work *w)
{
    for (size_t s = 0; s < w->panel->n_parts; s++) {
        const panel_part *part = &w->panel->parts[s];
        size_t first = part->first, end = part->first + part->n;
        while (first < end && w->place[first] == 0) {
            first++;
        }
        while (end > first && w->place[end - 1] == 0) {
            end--;
        }
        for (size_t row = first; row < end; row++) {
            w->place[row] = ++w->n_rows;
        }
    }
}

static fel_status choose_rows(fold_work *w)
{
    w->place = calloc(w->samples->n_rows, sizeof(*w->place));
    w->train_rows = calloc(w->samples->n_rows, sizeof(*w->train_rows));
    if (w->place == NULL || w->train_rows == NULL) {
        return no_memory(w);
    }
    mark_rows(w, &w->picks[TRAIN]);
    for (size_t row = 0; row < w->samples->n_rows; row++) {
        if (w->place[row] != 0) {
            w->train_rows[w->n_train_rows++] = row;
        }
    }
    mark_rows(w, &w->picks[VALIDATION]);
    mark_rows(w, &w->picks[TEST]);
    number_rows(w);
    return FEL_OK;
}

/* The same failure with the feature's name. */
static fel_status name_column(const fold_work *w, size_t row)
{
    const double *x = w->samples->rows + row * w->samples->n_columns;
    fel_named_array arrays[FEL_SCALER_ARRAYS];
    fel_scaler_export(w->fold->scaler, arrays);
    size_t c = 0;
    while (c + 1 < w->samples->n_columns &&
           isfinite((float)((x[c] - arrays[0].values[c]) / arrays[1].values[c]))) {
        c++;
    }
    return FEL_RAISE(FEL_ERR_RANGE, "feature %s: %g is too large, once scaled, for float",
                     w->panel->columns[c], x[c]);
}

static fel_status scale_rows(const fold_work *w, const fel_scale *scale, float **rows)
{
    const fel_samples *s = w->samples;
    const fel_cmat all = {s->rows, s->n_rows, s->n_columns, s->n_columns};
    FEL_TRY(fel_scaler_fit(&w->fold->scaler, scale, all, w->train_rows, w->n_train_rows));
    *rows = arena_array(&w->fold->memory, w->n_rows, s->n_columns * sizeof(float));
    if (*rows == NULL) {
        return no_memory(w);
    }
    for (size_t row = 0; row < s->n_rows; row++) {
        if (w->place[row] != 0 &&
            fel_scaler_apply(w->fold->scaler, s->rows + row * s->n_columns,
                             *rows + (w->place[row] - 1) * s->n_columns) != FEL_OK) {
            return name_column(w, row);
        }
    }
    return FEL_OK;
}

/* ---- samples --------------------------------------------------------------------------------- */

static fel_status fill_set(const fold_work *w, int which, const float *rows)
{
    const stretch *picks = &w->picks[which];
    const fel_samples *s = w->samples;
    arena *memory = &w->fold->memory;
    size_t *last_rows = arena_array(memory, picks->n, sizeof(*last_rows));
    int64_t *times = arena_array(memory, picks->n, sizeof(*times));
    int64_t *known = arena_array(memory, picks->n, sizeof(*known));
    double *targets = arena_array(memory, picks->n, s->n_targets * sizeof(*targets));
    double *returns = arena_array(memory, picks->n, sizeof(*returns));
    uint32_t *series = arena_array(memory, picks->n, sizeof(*series));
    if (last_rows == NULL || times == NULL || known == NULL || targets == NULL || returns == NULL ||
        series == NULL) {
        return no_memory(w);
    }
    for (size_t k = 0; k < picks->n; k++) {
        const size_t i = picks->items[k];
        last_rows[k] = w->place[s->last_rows[i]] - 1;
        times[k] = s->times_ns[i];
        known[k] = s->target_times_ns[i];
        returns[k] = s->returns[i];
        series[k] = s->series[i];
        memcpy(targets + k * s->n_targets, s->targets + i * s->n_targets,
               s->n_targets * sizeof(*targets));
    }
    const fel_dataset set = {
        .struct_size = sizeof(set),
        .n_rows = w->n_rows,
        .n_features = s->n_columns,
        .rows = rows,
        .n_samples = picks->n,
        .n_targets = s->n_targets,
        .last_rows = last_rows,
        .targets = targets,
        .times_ns = times,
        .target_times_ns = known,
        .returns = returns,
        .series = series,
    };
    w->fold->sets[which] = set;
    return FEL_OK;
}

static fel_status fill_series(const fold_work *w)
{
    const stretch *test = &w->picks[TEST];
    w->fold->test_series = arena_array(&w->fold->memory, test->n, sizeof(uint32_t));
    if (w->fold->test_series == NULL) {
        return no_memory(w);
    }
    for (size_t k = 0; k < test->n; k++) {
        w->fold->test_series[k] = w->samples->series[test->items[k]];
    }
    return FEL_OK;
}

static size_t count_flat(const fel_dataset *set)
{
    size_t n_flat = 0;
    for (size_t t = 0; t < set->n_targets; t++) {
        size_t k = 1;
        while (k < set->n_samples && set->targets[k * set->n_targets + t] == set->targets[t]) {
            k++;
        }
        n_flat += k >= set->n_samples ? 1 : 0;
    }
    return n_flat;
}

/* ---- create ---------------------------------------------------------------------------------- */

static fel_status fill(fold_work *w, const fel_scale *scale)
{
    float *rows = NULL;
    FEL_TRY(check_picks(w, scale));
    FEL_TRY(choose_rows(w));
    FEL_TRY(scale_rows(w, scale, &rows));
    for (int which = TRAIN; which < N_STRETCHES; which++) {
        FEL_TRY(fill_set(w, which, rows));
    }
    w->fold->n_flat_targets = count_flat(&w->fold->sets[TRAIN]);
    return fill_series(w);
}

fel_status fel_fold_create(fel_fold **out, const fel_panel *panel, const fel_picks *picks,
                           const fel_scale *scale)
{
    fold_work w = {
        .panel = panel,
        .samples = &panel->samples,
        .picks = {{picks->train, picks->n_train},
                  {picks->validation, picks->n_validation},
                  {picks->test, picks->n_test}},
        .fold = calloc(1, sizeof(fel_fold)),
    };
    if (w.fold == NULL) {
        return no_memory(&w);
    }
    const fel_status status = fill(&w, scale);
    free(w.place);
    free(w.train_rows);
    if (status != FEL_OK) {
        fel_fold_destroy(w.fold);
        return status;
    }
    *out = w.fold;
    return FEL_OK;
}

void fel_fold_destroy(fel_fold *fold)
{
    if (fold != NULL) {
        fel_scaler_destroy(fold->scaler);
        arena_free(&fold->memory);
        free(fold);
    }
}

/* ---- look at --------------------------------------------------------------------------------- */

const fel_dataset *fel_fold_train(const fel_fold *fold)
{
    return &fold->sets[TRAIN];
}

const fel_dataset *fel_fold_validation(const fel_fold *fold)
{
    return &fold->sets[VALIDATION];
}

const fel_dataset *fel_fold_test(const fel_fold *fold)
{
    return &fold->sets[TEST];
}

const uint32_t *fel_fold_test_series(const fel_fold *fold)
{
    return fold->test_series;
}

const fel_scaler *fel_fold_scaler(const fel_fold *fold)
{
    return fold->scaler;
}

size_t fel_fold_count_flat_targets(const fel_fold *fold)
{
    return fold->n_flat_targets;
}
