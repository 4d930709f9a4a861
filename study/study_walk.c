/* study/study_walk.c - walk-forward: choose parameters on each training window, trade them on the
 * test window after it, chain the test windows.
 *
 * A test run sees the training window first, so that its indicators are warm, but cannot trade on
 * it. At the end of a test window positions are closed at the last price and pay their costs. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "study/study_run_internal.h"

/* A combination of the search: its parameters, and how it did in the window at hand. */
typedef struct candidate {
    fel_study *variant;
    size_t combination; /* of the search */
    fel_status status;  /* of the latest training run */
    double score;
    char message[sizeof(((fel_error *)0)->message)];
} candidate;

typedef struct walker {
    const fel_study *study;
    const dataset *data;
    const outcome_options *options;
    candidate *candidates;
    size_t n_candidates;
    const walk_window *window;
    double periods_per_year;
    outcome *out;
} walker;

/* What a strategy refuses (fast not below slow) is the combination's fault, not the run's. */
static int is_refusal(fel_status status)
{
    return status == FEL_ERR_ARG || status == FEL_ERR_RANGE || status == FEL_ERR_USER;
}

/* Between runs the flag is looked at here; inside a run by the engine. */
static int is_stopped(const walker *w)
{
    return w->options->run->stop_flag != NULL && *w->options->run->stop_flag;
}

/* ---- training -------------------------------------------------------------------------------- */

/* One combination on the training window, all of it traded, none of it kept. */
static fel_status score_candidate(const walker *w, candidate *c)
{
    const study_values *v = &c->variant->values;
    const study_job job = {
        .study = c->variant,
        .data = w->data,
        .window = {w->window->train_from_ns, w->window->train_to_ns, FEL_TIME_MIN},
        .strategy = v->strategy.code,
        .params = v->strategy.params,
        .cash = v->cash.amount,
        .record = FEL_RECORD_DAILY,
        .stop_flag = w->options->run->stop_flag,
    };
    study_engine run;
    c->status = study_engine_run(&run, &job);
    if (c->status != FEL_OK) {
        (void)snprintf(c->message, sizeof(c->message), "%s", fel_last_error()->message);
        return is_refusal(c->status) ? FEL_OK : c->status;
    }
    const fel_status status = score_result(run.result, v->walk.metric, w->periods_per_year,
                                           v->cash_rate_per_year, &c->score);
    study_engine_clear(&run);
    return status;
}

static fel_status train_piece(void *payload, size_t index, int thread)
{
    walker *w = payload;
    (void)thread;
    w->candidates[index].score = (double)NAN;
    return score_candidate(w, &w->candidates[index]);
}

static int is_better(const fel_metric_class *metric, double a, double b)
{
    return isnan(b) ? !isnan(a) : metric->higher_is_better ? a > b : a < b;
}

/* The best of those that ran; the first of equals, so that no clock and no thread decides. */
static fel_status choose(const walker *w, walk_window *window)
{
    const fel_metric_class *metric = w->study->values.walk.metric;
    size_t best = w->n_candidates;
    for (size_t i = 0; i < w->n_candidates; i++) {
        const candidate *c = &w->candidates[i];
        if (c->status != FEL_OK) {
            window->n_failed++;
        } else if (best == w->n_candidates ||
                   is_better(metric, c->score, w->candidates[best].score)) {
            best = i;
        }
    }
    if (best == w->n_candidates) {
        return FEL_RAISE(w->candidates[0].status, "%s", w->candidates[0].message);
    }
    window->pick = best;
    window->score = w->candidates[best].score;
    return FEL_OK;
}

/* With nothing to choose from there is nothing to run. */
static fel_status train(walker *w, walk_window *window)
{
    w->window = window;
    window->score = (double)NAN;
    if (w->n_candidates == 1) {
        return FEL_OK;
    }
    FEL_TRY(threads_run(w->options->n_threads, w->n_candidates, train_piece, w));
    return is_stopped(w) ? FEL_OK : choose(w, window);
}

/* ---- testing --------------------------------------------------------------------------------- */

/* Bars that lie before a window, so that bar numbers count from the series' first. */
static fel_status count_first_bars(const walker *w, int64_t from_ns, uint64_t **out)
{
    const size_t n = dataset_count_instruments(w->data);
    uint64_t *counts = calloc(n + 1, sizeof(*counts));
    if (counts == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu instruments", n);
    }
    for (size_t i = 0; i < w->data->list.n; i++) {
        const dataset_item *item = &w->data->list.items[i];
        if (item->info.kind == FEL_DATA_BAR) {
            const fel_block rows = fel_series_rows(item->series);
            const study_clock clock = {rows.time_ns, rows.n, NULL};
            counts[dataset_instrument(w->data, item->info.instrument.symbol)] =
                clock_count(&clock, from_ns);
        }
    }
    *out = counts;
    return FEL_OK;
}

static fel_status add_test(const walker *w, const walk_window *window, const fel_result *result)
{
    uint64_t *first_bars = NULL;
    FEL_TRY(count_first_bars(w, window->train_from_ns, &first_bars));
    const fel_status status = walk_merge_add(w->out->merge, result, first_bars);
    free(first_bars);
    return status;
}

/* The choice, on the window after, with the cash that the window before left. */
static fel_status test(const walker *w, const walk_window *window, double *cash)
{
    const fel_study *variant = w->candidates[window->pick].variant;
    const study_values *v = &variant->values;
    const study_job job = {
        .study = variant,
        .data = w->data,
        .window = {window->train_from_ns, window->test_to_ns, window->test_from_ns},
        .strategy = v->strategy.code,
        .params = v->strategy.params,
        .cash = *cash,
        .record = w->options->record,
        .close_at_end = 1,
        .stop_flag = w->options->run->stop_flag,
    };
    study_engine run;
    FEL_TRY(study_engine_run(&run, &job));
    *cash = fel_money_value(run.result->final_equity);
    const fel_status status = add_test(w, window, run.result);
    study_engine_clear(&run);
    return status;
}

/* ---- windows in their order ------------------------------------------------------------------ */

static fel_status name_pick(walker *w, walk_window *window)
{
    const study_axes *search = &w->study->values.search;
    study_pick *picks = arena_array(&w->out->memory, search->n + 1, sizeof(*picks));
    if (picks == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a window's name");
    }
    study_combination(search, w->candidates[window->pick].combination, picks);
    window->pick_name = study_pick_name(&w->out->memory, picks, search->n);
    return window->pick_name != NULL ? FEL_OK
                                     : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a name");
}

static void show(const walker *w, size_t done)
{
    const study_progress *p = w->options->progress;
    if (p != NULL && p->options->progress != NULL) {
        p->options->progress(p->options->progress_payload, "windows", (double)done,
                             (double)w->out->windows.n);
    }
}

static fel_status walk_all(walker *w)
{
    walk_windows *windows = &w->out->windows;
    double cash = w->study->values.cash.amount;
    size_t done = 0;
    while (done < windows->n && cash > 0.0 && !is_stopped(w)) {
        walk_window *window = &windows->items[done];
        FEL_TRY(train(w, window));
        if (is_stopped(w)) {
            break;
        }
        FEL_TRY(name_pick(w, window));
        FEL_TRY(test(w, window, &cash));
        done++;
        show(w, done);
    }
    if (done == 0) {
        return FEL_RAISE(FEL_ERR_STOPPED, "stopped before the first test window was done");
    }
    w->out->is_cut_short = done < windows->n;
    windows->n = done;
    return FEL_OK;
}

/* Each combination is a study of its own; they share the data. */
static fel_status make_candidates(walker *w)
{
    const study_axes *search = &w->study->values.search;
    size_t *trials = NULL;
    FEL_TRY(study_list_trials(&w->study->values, &w->out->memory, &trials, &w->n_candidates));
    w->candidates = arena_array(&w->out->memory, w->n_candidates, sizeof(*w->candidates));
    study_pick *picks = arena_array(&w->out->memory, search->n + 1, sizeof(*picks));
    if (w->candidates == NULL || picks == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu combinations", w->n_candidates);
    }
    for (size_t i = 0; i < w->n_candidates; i++) {
        w->candidates[i].combination = trials[i];
        study_combination(search, trials[i], picks);
        FEL_TRY(study_vary(&w->candidates[i].variant, w->study, picks, search->n));
    }
    return FEL_OK;
}

static fel_status plan_and_walk(walker *w, const study_clock *clock)
{
    FEL_TRY(walk_plan(&w->out->windows, w->study, clock, &w->data->window));
    const double stated = w->study->values.report.periods_per_year;
    w->periods_per_year =
        isnan(stated) ? calendar_periods_per_year(clock->times, clock->n, w->data->day_offset_ns)
                      : stated;
    FEL_TRY(make_candidates(w));
    FEL_TRY(walk_merge_create(&w->out->merge));
    FEL_TRY(walk_all(w));
    w->out->result = walk_merge_result(w->out->merge, is_stopped(w) ? FEL_FLAG_STOPPED : 0);
    const walk_windows *windows = &w->out->windows;
    w->out->scored.from_ns = windows->items[0].train_from_ns;
    w->out->scored.trade_ns = windows->items[0].test_from_ns;
    w->out->scored.to_ns = windows->items[windows->n - 1].test_to_ns;
    return FEL_OK;
}

fel_status outcome_walk(outcome *out, const fel_study *study, const dataset *data,
                        const outcome_options *options)
{
    walker w = {.study = study, .data = data, .options = options, .out = out};
    int64_t *times = NULL;
    size_t n = 0;
    FEL_TRY(dataset_clock(data, &times, &n));
    const study_clock clock = {times, n, data->zone};
    const fel_status status = plan_and_walk(&w, &clock);
    free(times);
    for (size_t i = 0; w.candidates != NULL && i < w.n_candidates; i++) {
        fel_study_destroy(w.candidates[i].variant);
    }
    return status;
}
