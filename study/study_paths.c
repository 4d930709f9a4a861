/* study/study_paths.c - a study on many paths: blocks of paths on threads, one engine a thread run
 * again and again.
 *
 * Path k is the same on any thread and in any block, and its numbers have a place of their own, so
 * the outcome does not depend on how the work was divided. */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <feller/strategies.h>

#include "study/study_paths_internal.h"

/* One strategy's engine over the paths of a thread. */
typedef struct account_engine {
    fel_source *sources;
    size_t n_sources;
    fel_engine *engine;
} account_engine;

/* What one thread has; made when it gets its first block. */
typedef struct path_worker {
    fel_path_room *room;
    account_engine accounts[PATH_MOST_ACCOUNTS];
    double *equity, *returns;
    size_t n_points;
} path_worker;

typedef struct path_runner {
    path_runs *out;
    const fel_study *study;
    const dataset *data;
    const fel_run_options *options;
    path_worker *workers;
    size_t block_paths;
    pthread_mutex_t lock;
    size_t n_finished; /* under the lock */
} path_runner;

static int is_stopped(const path_runner *r)
{
    return r->options->stop_flag != NULL && *r->options->stop_flag;
}

/* ---- a thread's engines ---------------------------------------------------------------------- */

static int64_t after(int64_t t)
{
    return t == FEL_TIME_MIN || t == FEL_TIME_MAX ? t : t + 1;
}

static fel_status open_sources(const path_runner *r, const path_worker *w, int is_benchmark,
                               account_engine *out)
{
    const dataset *data = r->data;
    out->sources = calloc(data->list.n + 1, sizeof(*out->sources));
    if (out->sources == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu feeds", data->list.n);
    }
    for (size_t i = 0; i < data->list.n; i++) {
        const dataset_item *item = &data->list.items[i];
        if (is_benchmark && !dataset_is_held(item, r->study)) {
            continue;
        }
        fel_source *source = &out->sources[out->n_sources++];
        source->info = &item->info;
        FEL_TRY(fel_path_room_feed(w->room, i, after(data->window.from_ns),
                                   after(data->window.to_ns), &source->feed));
    }
    return FEL_OK;
}

/* Settings as those of an ordinary run: a path run alone must give the same bits. */
static fel_status open_engine(const path_runner *r, path_worker *w, size_t account)
{
    const study_values *v = &r->study->values;
    account_engine *engine = &w->accounts[account];
    const int is_benchmark = account > 0;
    const study_job job = {
        .study = r->study,
        .data = r->data,
        .window = r->data->window,
        .cash = v->cash.amount,
        .record = is_benchmark ? FEL_RECORD_DAILY : (fel_record)v->report.record,
        .stop_flag = r->options->stop_flag,
        .is_benchmark = is_benchmark,
        .totals_only = is_benchmark || !r->out->rules.counts_trades,
    };
    const fel_engine_config config = study_job_config(&job);
    FEL_TRY(open_sources(r, w, is_benchmark, engine));
    return fel_engine_create(&engine->engine, &config, engine->sources, engine->n_sources,
                             r->out->accounts[account].strategy, r->out->accounts[account].params);
}

static fel_status open_worker(const path_runner *r, path_worker *w)
{
    FEL_TRY(fel_path_room_create(&w->room, r->data->paths, r->block_paths));
    for (size_t i = 0; i < r->out->n_accounts; i++) {
        FEL_TRY(open_engine(r, w, i));
    }
    return FEL_OK;
}

static void close_worker(path_worker *w)
{
    for (size_t i = 0; i < PATH_MOST_ACCOUNTS; i++) {
        account_engine *a = &w->accounts[i];
        fel_engine_destroy(a->engine);
        for (size_t k = 0; k < a->n_sources; k++) {
            fel_feed_destroy(&a->sources[k].feed);
        }
        free(a->sources);
    }
    fel_path_room_destroy(w->room);
    free(w->equity);
    free(w->returns);
    memset(w, 0, sizeof(*w));
}

/* ---- a path ---------------------------------------------------------------------------------- */

/* Grows on the first path, seldom after. */
static fel_status make_points(path_worker *w, size_t n)
{
    if (n <= w->n_points) {
        return FEL_OK;
    }
    free(w->equity);
    free(w->returns);
    w->equity = malloc(n * sizeof(double));
    w->returns = malloc(n * sizeof(double));
    w->n_points = w->equity != NULL && w->returns != NULL ? n : 0;
    return w->n_points > 0 ? FEL_OK : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu days", n);
}

/* Equity as last known at each instant that is kept; what ended early stays where it ended. */
static void keep_equity(const path_runs *out, const path_account *account, uint64_t path,
                        const fel_result *result)
{
    size_t point = 0;
    for (size_t t = 0; t < out->n_times; t++) {
        while (point + 1 < result->n_equity && result->equity[point + 1].time_ns <= out->times[t]) {
            point++;
        }
        account->equity[t * out->n_asked + path] = result->equity[point].equity;
    }
}

static fel_status run_account(const path_runner *r, path_worker *w, size_t index, uint64_t path)
{
    path_runs *out = r->out;
    const path_account *account = &out->accounts[index];
    const fel_result *result = NULL;
    FEL_TRY(fel_engine_run(w->accounts[index].engine, &result));
    if (result->flags & FEL_FLAG_STOPPED) {
        return FEL_RAISE(FEL_ERR_STOPPED, "stopped in the middle of a path");
    }
    FEL_TRY(make_points(w, result->n_equity + 1));
    FEL_TRY(path_score_all(&out->rules, result, w->equity, w->returns, account->scores + path,
                           out->n_asked));
    if (account->equity != NULL && result->n_equity > 0) {
        keep_equity(out, account, path, result);
    }
    if (index == 0) {
        out->flags[path] = result->flags;
        memcpy(out->order_hashes[path], result->order_hash, HASH_TEXT_SIZE);
    }
    return FEL_OK;
}

static fel_status run_path(const path_runner *r, path_worker *w, size_t slot, uint64_t path)
{
    fel_path_room_select(w->room, slot);
    for (size_t i = 0; i < r->out->n_accounts; i++) {
        const fel_status status = run_account(r, w, i, path);
        if (status == FEL_ERR_STOPPED) {
            return status;
        }
        if (status != FEL_OK) {
            char message[sizeof(((fel_error *)0)->message)];
            (void)snprintf(message, sizeof(message), "%s", fel_last_error()->message);
            return FEL_RAISE(status, "path %llu: %s", (unsigned long long)path, message);
        }
    }
    r->out->is_done[path] = 1;
    return FEL_OK;
}

static void show(path_runner *r, size_t n)
{
    (void)pthread_mutex_lock(&r->lock);
    r->n_finished += n;
    if (r->options->progress != NULL) {
        r->options->progress(r->options->progress_payload, "paths", (double)r->n_finished,
                             (double)r->out->n_asked);
    }
    (void)pthread_mutex_unlock(&r->lock);
}

static fel_status fill_and_run(const path_runner *r, path_worker *w, size_t first, size_t n)
{
    FEL_TRY(fel_path_room_fill(w->room, first, n));
    for (size_t slot = 0; slot < n && !is_stopped(r); slot++) {
        FEL_TRY(run_path(r, w, slot, first + slot));
    }
    return FEL_OK;
}

/* A path that was stopped is not done; those before it are. */
static fel_status run_block(void *payload, size_t index, int thread)
{
    path_runner *r = payload;
    path_worker *w = &r->workers[thread];
    const size_t first = index * r->block_paths, left = r->out->n_asked - first;
    const size_t n = left < r->block_paths ? left : r->block_paths;
    if (is_stopped(r)) {
        return FEL_OK;
    }
    if (w->room == NULL) {
        FEL_TRY(open_worker(r, w));
    }
    const fel_status status = fill_and_run(r, w, first, n);
    if (status != FEL_OK) {
        return status == FEL_ERR_STOPPED ? FEL_OK : status;
    }
    show(r, n);
    return FEL_OK;
}

/* ---- all paths ------------------------------------------------------------------------------- */

/* Paths before the first that is missing: what a stopped run shows. */
static fel_status count_done(path_runs *out)
{
    hasher *h = NULL;
    FEL_TRY(hasher_create(&h));
    while (out->n_done < out->n_asked && out->is_done[out->n_done]) {
        hasher_add(h, out->order_hashes[out->n_done], HASH_TEXT_SIZE);
        out->n_done++;
    }
    hasher_text(h, out->order_hash);
    hasher_destroy(h);
    return out->n_done > 0 ? FEL_OK
                           : FEL_RAISE(FEL_ERR_STOPPED, "stopped before the first path was done");
}

static fel_status run_blocks(path_runner *r)
{
    const int n_threads = threads_count(r->options->n_threads);
    fel_path_room *trial = NULL;
    FEL_TRY(fel_path_room_create(&trial, r->data->paths, 0));
    r->block_paths = fel_path_room_size(trial);
    fel_path_room_destroy(trial);
    r->workers = calloc((size_t)n_threads, sizeof(*r->workers));
    if (r->workers == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %d threads", n_threads);
    }
    const size_t n_blocks = (r->out->n_asked + r->block_paths - 1) / r->block_paths;
    const fel_status status = threads_run(n_threads, n_blocks, run_block, r);
    for (int i = 0; i < n_threads; i++) {
        close_worker(&r->workers[i]);
    }
    free(r->workers);
    return status;
}

static fel_status open_accounts(path_runs *out, const fel_study *study, const dataset *data)
{
    const study_values *v = &study->values;
    out->accounts[0].strategy = v->strategy.code;
    out->accounts[0].params = v->strategy.params;
    out->n_accounts = 1;
    int can_hold = 0;
    for (size_t i = 0; i < data->list.n; i++) {
        can_hold = can_hold || dataset_is_held(&data->list.items[i], study);
    }
    if (v->report.write != 0 || v->report.benchmark != 0 || !can_hold) {
        return FEL_OK;
    }
    out->n_accounts = 2;
    return fel_strategy_find("buy_and_hold", &out->accounts[1].strategy);
}

/* So many days of equity that all paths and accounts together keep within bounds. */
static size_t count_times(const path_runs *out)
{
    enum { MOST_TIMES = 200, FEWEST_TIMES = 20 };
    const size_t most_equities = (size_t)1 << 24;
    const size_t fitting = most_equities / out->n_asked;
    if (fitting < FEWEST_TIMES) {
        return FEWEST_TIMES;
    }
    return fitting < MOST_TIMES ? fitting : MOST_TIMES;
}

static fel_status allocate(path_runs *out, const dataset *data, int has_report)
{
    out->is_done = calloc(out->n_asked, sizeof(*out->is_done));
    out->flags = calloc(out->n_asked, sizeof(*out->flags));
    out->order_hashes = calloc(out->n_asked, sizeof(*out->order_hashes));
    if (has_report) {
        FEL_TRY(path_times_make(out, data, count_times(out)));
    }
    int is_whole = out->is_done != NULL && out->flags != NULL && out->order_hashes != NULL;
    for (size_t i = 0; i < out->n_accounts; i++) {
        path_account *a = &out->accounts[i];
        a->scores = calloc(out->n_asked, PATH_N_SCORES * sizeof(double));
        a->equity = has_report ? calloc(out->n_asked, out->n_times * sizeof(double)) : NULL;
        is_whole = is_whole && a->scores != NULL && (a->equity != NULL || !has_report);
    }
    return is_whole ? FEL_OK
                    : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu paths", out->n_asked);
}

/* As the study says, or from the days of the data, which are those of every path. */
static fel_status find_periods(const fel_study *study, const dataset *data, double *periods)
{
    int64_t *times = NULL;
    size_t n = 0;
    *periods = study->values.report.periods_per_year;
    if (!isnan(*periods)) {
        return FEL_OK;
    }
    FEL_TRY(dataset_clock(data, &times, &n));
    *periods = calendar_periods_per_year(times, n, data->day_offset_ns);
    free(times);
    return FEL_OK;
}

static fel_status make(path_runs *out, const fel_study *study, const dataset *data,
                       const fel_run_options *options)
{
    const int has_report = study->values.report.write == 0;
    double periods = 0.0;
    out->n_asked = (size_t)study->values.monte_carlo.paths;
    FEL_TRY(open_accounts(out, study, data));
    FEL_TRY(find_periods(study, data, &periods));
    FEL_TRY(path_rules_make(&out->rules, study, periods, has_report));
    FEL_TRY(allocate(out, data, has_report));
    path_runner runner = {.out = out,
                          .study = study,
                          .data = data,
                          .options = options,
                          .lock = PTHREAD_MUTEX_INITIALIZER};
    FEL_TRY(run_blocks(&runner));
    return count_done(out);
}

fel_status path_runs_make(path_runs *out, const fel_study *study, const dataset *data,
                          const fel_run_options *options)
{
    memset(out, 0, sizeof(*out));
    const fel_status status = make(out, study, data, options);
    if (status != FEL_OK) {
        path_runs_clear(out);
    }
    return status;
}

void path_runs_clear(path_runs *runs)
{
    for (size_t i = 0; i < PATH_MOST_ACCOUNTS; i++) {
        free(runs->accounts[i].scores);
        free(runs->accounts[i].equity);
    }
    free(runs->is_done);
    free(runs->flags);
    free(runs->order_hashes);
    free(runs->times);
    arena_free(&runs->memory);
    memset(runs, 0, sizeof(*runs));
}
