/* study/study_sweep.c - every combination of a sweep's lists, run in parallel, listed in order.
 *
 * Each variant is a study of its own over the same data; a row depends on nothing but its variant,
 * so the list is the same for any number of threads. */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "study/forecast_internal.h"

typedef struct sweeper {
    sweep *out;
    const fel_study *study;
    const dataset *data;
    const fel_run_options *options;
    int use_holdout;
    int reads_own_data; /* the sweep changes what is loaded */
    pthread_mutex_t lock;
    size_t n_finished; /* under the lock, as is the arena of the list */
} sweeper;

void sweep_clear(sweep *s)
{
    arena_free(&s->memory);
    memset(s, 0, sizeof(*s));
}

/* ---- one variant ----------------------------------------------------------------------------- */

static fel_status fill_row(sweep_row *row, const fel_study *variant, const outcome *made)
{
    const study_values *v = &variant->values;
    FEL_TRY(score_variant(&row->numbers, variant, made));
    FEL_TRY(score_result(made->result, v->report.rank_metric, made->periods_per_year,
                         v->cash_rate_per_year, &row->rank_score));
    (void)snprintf(row->order_hash, sizeof(row->order_hash), "%s", made->result->order_hash);
    row->numbers.order_hash = row->order_hash;
    row->state = made->result->flags & FEL_FLAG_STOPPED ? VARIANT_NOT_RUN : VARIANT_DONE;
    return FEL_OK;
}

static fel_status run_on(const sweeper *s, sweep_row *row, const fel_study *variant,
                         const dataset *data)
{
    const outcome_options options = {.run = s->options, .record = FEL_RECORD_DAILY, .n_threads = 1};
    outcome made;
    FEL_TRY(outcome_make(&made, variant, data, &options));
    const fel_status status = fill_row(row, variant, &made);
    outcome_clear(&made);
    return status;
}

/* On the shared data, or on its own where the sweep changes what is loaded. */
static fel_status run_variant(const sweeper *s, sweep_row *row, const fel_study *variant)
{
    if (!s->reads_own_data) {
        return run_on(s, row, variant, s->data);
    }
    dataset own;
    forecasts made = {0};
    fel_run_options quiet = *s->options;
    quiet.progress = NULL;
    quiet.n_threads = 1;
    FEL_TRY(dataset_open(&own, variant, s->use_holdout, 0));
    fel_status status =
        variant->values.model.is_present ? forecasts_make(&made, variant, &own, &quiet) : FEL_OK;
    if (status == FEL_OK && made.n_done < made.n_windows) {
        status = FEL_RAISE(FEL_ERR_STOPPED, "stopped before all windows were trained");
    }
    if (status == FEL_OK) {
        status = run_on(s, row, variant, &own);
    }
    forecasts_clear(&made);
    dataset_close(&own);
    return status;
}

/* A combination that the strategy refuses is a row that says so; anything else ends the sweep. */
static fel_status judge(sweeper *s, sweep_row *row, fel_status status)
{
    if (status == FEL_ERR_STOPPED) {
        return FEL_OK;
    }
    if (status != FEL_ERR_ARG && status != FEL_ERR_RANGE && status != FEL_ERR_SHAPE &&
        status != FEL_ERR_USER) {
        return status;
    }
    (void)pthread_mutex_lock(&s->lock);
    row->message = arena_text(&s->out->memory, fel_last_error()->message);
    row->state = VARIANT_REFUSED;
    (void)pthread_mutex_unlock(&s->lock);
    return row->message != NULL ? FEL_OK : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a message");
}

static void show(sweeper *s)
{
    (void)pthread_mutex_lock(&s->lock);
    s->n_finished++;
    if (s->options->progress != NULL) {
        s->options->progress(s->options->progress_payload, "variants", (double)s->n_finished,
                             (double)s->out->n);
    }
    (void)pthread_mutex_unlock(&s->lock);
}

/* One variant from its number alone: no piece knows of another. */
static fel_status sweep_piece(void *payload, size_t index, int thread)
{
    sweeper *s = payload;
    sweep_row *row = &s->out->rows[index];
    const study_axes *axes = &s->study->values.sweep;
    fel_study *variant = NULL;
    (void)thread;
    if (s->options->stop_flag != NULL && *s->options->stop_flag) {
        return FEL_OK;
    }
    study_pick *picks = calloc(axes->n + 1, sizeof(*picks));
    if (picks == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a variant");
    }
    study_combination(axes, index, picks);
    fel_status status = study_vary(&variant, s->study, picks, axes->n);
    free(picks);
    if (status == FEL_OK) {
        status = run_variant(s, row, variant);
    }
    fel_study_destroy(variant);
    show(s);
    return status == FEL_OK ? FEL_OK : judge(s, row, status);
}

/* ---- the list -------------------------------------------------------------------------------- */

/* Names are made before the threads start: the arena is not theirs. */
static fel_status name_rows(sweep *out, const study_axes *axes)
{
    study_pick *picks = arena_array(&out->memory, axes->n + 1, sizeof(*picks));
    for (size_t i = 0; picks != NULL && i < out->n; i++) {
        study_combination(axes, i, picks);
        out->rows[i].name = study_pick_name(&out->memory, picks, axes->n);
        out->rows[i].numbers.name = out->rows[i].name;
        picks = out->rows[i].name != NULL ? picks : NULL;
    }
    return picks != NULL ? FEL_OK
                         : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu variants", out->n);
}

/* Better first, undefined last, equals in the order of the list. */
static int goes_before(const sweep *s, int higher_is_better, size_t a, size_t b)
{
    const double x = s->rows[a].rank_score, y = s->rows[b].rank_score;
    if (isnan(x) || isnan(y) || x == y) {
        return isnan(x) == isnan(y) || x == y ? a < b : !isnan(x);
    }
    return higher_is_better ? x > y : x < y;
}

static void sift_down(const sweep *s, int higher, size_t root, size_t n)
{
    for (size_t child = 2 * root + 1; child < n; child = 2 * root + 1) {
        if (child + 1 < n && goes_before(s, higher, s->order[child], s->order[child + 1])) {
            child++;
        }
        if (!goes_before(s, higher, s->order[root], s->order[child])) {
            return;
        }
        const size_t swap = s->order[root];
        s->order[root] = s->order[child];
        s->order[child] = swap;
        root = child;
    }
}

/* Heapsort with ties by number: the best first, NaN last. */
static void rank(sweep *s, int higher_is_better)
{
    for (size_t i = 0; i < s->n; i++) {
        if (s->rows[i].state == VARIANT_DONE) {
            s->order[s->n_done++] = i;
        }
    }
    for (size_t i = s->n_done / 2; i-- > 0;) {
        sift_down(s, higher_is_better, i, s->n_done);
    }
    for (size_t n = s->n_done; n-- > 1;) {
        const size_t swap = s->order[0];
        s->order[0] = s->order[n];
        s->order[n] = swap;
        sift_down(s, higher_is_better, 0, n);
    }
    s->best = s->n_done > 0 ? s->order[0] : 0;
}

int sweep_changes_data(const fel_study *study)
{
    const study_axes *axes = &study->values.sweep;
    static const char *const parts[] = {
        "data",   "start",   "end",        "warm_up",   "currency",    "cash",
        "seed",   "fill",    "simulation", "bootstrap", "monte_carlo", "features",
        "target", "scaling", "model",      "train",     "walk_forward"};
    for (size_t i = 0; i < axes->n; i++) {
        const char *key = axes->items[i].key;
        /* A trading metric that picks epochs asks whether the strategy goes short. */
        if (study->values.train.select_by != NULL && study_key_is_in(key, "strategy.side")) {
            return 1;
        }
        for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++) {
            if (study_key_is_in(key, parts[k])) {
                return 1;
            }
        }
    }
    return 0;
}

static fel_status raise_nothing_ran(const sweep *s)
{
    for (size_t i = 0; i < s->n; i++) {
        if (s->rows[i].state == VARIANT_REFUSED) {
            return FEL_RAISE(FEL_ERR_ARG, "every variant of the sweep was refused; %s: %s",
                             s->rows[i].name, s->rows[i].message);
        }
    }
    return FEL_RAISE(FEL_ERR_STOPPED, "stopped before the first variant was done");
}

static fel_status make_rows(sweep *out, const study_axes *axes)
{
    FEL_TRY(study_count_combinations(axes, "sweep", &out->n));
    out->rows = arena_array(&out->memory, out->n, sizeof(*out->rows));
    out->order = arena_array(&out->memory, out->n, sizeof(*out->order));
    if (out->rows == NULL || out->order == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu variants", out->n);
    }
    return name_rows(out, axes);
}

static fel_status run_all(sweep *out, const fel_study *study, const dataset *data,
                          const fel_run_options *options)
{
    sweeper s = {.out = out,
                 .study = study,
                 .data = data,
                 .options = options,
                 .use_holdout = options->use_holdout,
                 .reads_own_data = sweep_changes_data(study),
                 .lock = PTHREAD_MUTEX_INITIALIZER};
    FEL_TRY(make_rows(out, &study->values.sweep));
    FEL_TRY(threads_run(options->n_threads, out->n, sweep_piece, &s));
    rank(out, study->values.report.rank_metric->higher_is_better);
    return out->n_done > 0 ? FEL_OK : raise_nothing_ran(out);
}

fel_status sweep_run(sweep *out, const fel_study *study, const dataset *data,
                     const fel_run_options *options)
{
    memset(out, 0, sizeof(*out));
    const fel_status status = run_all(out, study, data, options);
    if (status != FEL_OK) {
        sweep_clear(out);
    }
    return status;
}
