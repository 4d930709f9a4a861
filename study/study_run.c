/* study/study_run.c - from a study to a run folder: data, sweep, run, benchmark, report, files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <feller/strategies.h>

#include "study/study_folder_internal.h"

fel_run_options fel_run_options_default(void)
{
    fel_run_options options;
    memset(&options, 0, sizeof(options));
    options.struct_size = (uint32_t)sizeof(options);
    options.write_html = 1;
    options.stop_at_ns = FEL_TIME_MAX;
    return options;
}

static double seconds_since(int64_t start_ns)
{
    return (double)(clock_monotonic_ns() - start_ns) / (double)FEL_NS_PER_SECOND;
}

/* ---- steps ----------------------------------------------------------------------------------- */

fel_status run_open(fel_run *run, const fel_study *study, const fel_run_options *options)
{
    const int64_t start_ns = clock_monotonic_ns();
    const int may_stream = study->values.sweep.n == 0 && !study->values.walk.is_present;
    run->study = study;
    run->options = *options;
    run->options.write_html = options->write_html && study->values.report.html;
    if (study->values.hedge.is_present) {
        return hedging_create(&run->hedging, study, &run->data, &run->options);
    }
    if (study->values.calibrate.is_present) {
        return calibration_open(run);
    }
    FEL_TRY(dataset_open_until(&run->data, study, options->use_holdout, may_stream,
                               options->stop_flag));
    run->data_seconds = seconds_since(start_ns);
    return FEL_OK;
}

/* A model's forecasts, which are data to all that follows. */
static fel_status run_forecasts(fel_run *run, const fel_study *study)
{
    return study->values.model.is_present
               ? forecasts_make(&run->forecasts, study, &run->data, &run->options)
               : FEL_OK;
}

/* Every variant, then the best of them again with all its records. */
static fel_status run_sweep(fel_run *run)
{
    const volatile int *const stop_flag = run->options.stop_flag;
    const study_axes *axes = &run->study->values.sweep;
    if (axes->n == 0 || !sweep_changes_data(run->study)) {
        FEL_TRY(run_forecasts(run, run->study));
    }
    if (axes->n == 0) {
        return FEL_OK;
    }
    FEL_TRY(sweep_run(&run->variants, run->study, &run->data, &run->options));
    study_pick *picks = arena_array(&run->memory, axes->n, sizeof(*picks));
    if (picks == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the best variant");
    }
    study_combination(axes, run->variants.best, picks);
    FEL_TRY(study_vary(&run->picked, run->study, picks, axes->n));
    if (!sweep_changes_data(run->study)) {
        return FEL_OK;
    }
    dataset_close(&run->data);
    FEL_TRY(dataset_open(&run->data, run->picked, run->options.use_holdout, 0));
    run->options.stop_flag = NULL; /* what a stop leaves is whole */
    const fel_status status = run_forecasts(run, run->picked);
    run->options.stop_flag = stop_flag;
    return status;
}

/* Training was stopped: what was trained is traded, to its end. */
static int has_missing_windows(const fel_run *run)
{
    return run->forecasts.n_done < run->forecasts.n_windows;
}

static fel_status run_main(fel_run *run)
{
    const fel_study *subject = run_subject(run);
    /* A sweep that was stopped still shows its best so far, whole. */
    fel_run_options options = run->options;
    options.stop_flag = run->variants.n > 0 || has_missing_windows(run) ? NULL : options.stop_flag;
    study_progress progress = {&options, "bars", 0.0, (double)run->data.n_rows};
    const outcome_options how = {.run = &options,
                                 .record = (fel_record)subject->values.report.record,
                                 .progress = &progress,
                                 .n_threads = options.n_threads};
    FEL_TRY(outcome_make(&run->made, subject, &run->data, &how));
    return run->data.is_streamed
               ? dataset_hash_streamed(&run->data, &run->made.run,
                                       (run->made.result->flags & FEL_FLAG_STOPPED) != 0)
               : FEL_OK;
}

static fel_status list_benchmark_data(fel_run *run)
{
    run->benchmark_data = run->data;
    memset(&run->benchmark_data.list, 0, sizeof(run->benchmark_data.list));
    for (size_t i = 0; i < run->data.list.n; i++) {
        const dataset_item *item = &run->data.list.items[i];
        if (dataset_is_held(item, run->study)) {
            FEL_TRY(ARRAY_PUSH(&run->benchmark_data.list, *item));
        }
    }
    return FEL_OK;
}

/* The model's rivals, and what the report says of it. */
static fel_status run_contest(fel_run *run)
{
    const fel_study *subject = run_subject(run);
    if (run->forecasts.n_done == 0) {
        return FEL_OK;
    }
    FEL_TRY(forecast_compare(&run->contest, subject, &run->data, &run->forecasts, &run->made,
                             &run->variants, &run->options));
    return forecast_present(&run->contest, subject, &run->forecasts);
}

/* Over the same window, or as far as the run came. */
static fel_status run_benchmark(fel_run *run)
{
    const fel_study *subject = run_subject(run);
    study_progress progress = {&run->options, "benchmark", 0.0, (double)run->data.n_rows};
    study_job job = {
        .study = subject,
        .data = &run->benchmark_data,
        .window = run->made.scored,
        .cash = subject->values.cash.amount,
        .record = FEL_RECORD_DAILY,
        .is_benchmark = 1,
        .progress = &progress,
    };
    if (subject->values.report.benchmark != 0) {
        return FEL_OK;
    }
    FEL_TRY(list_benchmark_data(run));
    if (run->benchmark_data.list.n == 0) {
        return FEL_OK;
    }
    if (run->made.result->flags & (FEL_FLAG_STOPPED | FEL_FLAG_RUINED)) {
        job.window.to_ns = run->made.result->last_ns;
    }
    FEL_TRY(fel_strategy_find("buy_and_hold", &job.strategy));
    return study_engine_run(&run->benchmark, &job);
}

fel_status run_compute(fel_run *run)
{
    const int64_t start_ns = clock_monotonic_ns();
    if (run->hedging != NULL || run->study->values.calibrate.is_present) {
        const fel_status status =
            run->hedging != NULL ? hedging_compute(run->hedging) : calibration_compute(run);
        run->run_seconds = seconds_since(start_ns);
        return status;
    }
    if (study_wants_paths(&run->study->values)) {
        FEL_TRY(path_runs_make(&run->many, run->study, &run->data, &run->options));
        run->run_seconds = seconds_since(start_ns);
        return run_present_paths(run);
    }
    FEL_TRY(run_sweep(run));
    FEL_TRY(run_main(run));
    if (run_has_report(run)) {
        FEL_TRY(run_benchmark(run));
        FEL_TRY(run_contest(run));
    }
    run->run_seconds = seconds_since(start_ns);
    return run_has_report(run) ? run_present(run) : FEL_OK;
}

/* Without a report the table of paths is all. */
static fel_status write_paths(const fel_run *run, const char *folder)
{
    const unsigned html = run->options.write_html ? FEL_REPORT_HTML : 0;
    const unsigned kinds = run_has_report(run) ? FEL_REPORT_JSON | FEL_REPORT_TEXT | html : 0;
    return fel_montecarlo_report_write_files(&run->many.report, folder, FEL_REPORT_CSV | kinds);
}

static fel_status write_report(const fel_run *run, const char *folder)
{
    const unsigned html = run->options.write_html ? FEL_REPORT_HTML : 0;
    return fel_report_write_files(run->report, folder,
                                  FEL_REPORT_JSON | FEL_REPORT_CSV | FEL_REPORT_TEXT | html,
                                  run->options.n_threads);
}

fel_status run_write(fel_run *run, const char *folder)
{
    if (run->hedging != NULL) {
        const unsigned html = run->options.write_html ? FEL_REPORT_HTML : 0;
        return hedging_write(run->hedging, folder,
                             FEL_REPORT_JSON | FEL_REPORT_CSV | FEL_REPORT_TEXT | html);
    }
    if (run->calibration != NULL) {
        return calibration_write(run, folder);
    }
    if (run->many.n_asked > 0) {
        return write_paths(run, folder);
    }
    FEL_TRY(run_has_report(run) ? write_report(run, folder)
                                : equity_write_csv(run->made.result, folder));
    if (run->variants.n > 0) {
        FEL_TRY(sweep_write_csv(&run->variants, run->study, folder));
    }
    if (run->forecasts.n_done > 0) {
        FEL_TRY(forecast_write(&run->forecasts, &run->data, folder));
    }
    return run->made.windows.n > 0 ? walk_write_csv(&run->made.windows, folder) : FEL_OK;
}

/* ---- the run --------------------------------------------------------------------------------- */

/* A sweep that was stopped shows a whole run, but not all of them. */
static int was_stopped(const fel_run *run)
{
    if (run->hedging != NULL) {
        return run->hedging->was_stopped;
    }
    if (run->calibration != NULL) {
        return fel_calibration_run_fit(run->calibration)->was_stopped;
    }
    if (run->many.n_asked > 0) {
        return run->many.n_done < run->many.n_asked;
    }
    return (run->made.result->flags & FEL_FLAG_STOPPED) != 0 || has_missing_windows(run) ||
           (run->variants.n > 0 && run->options.stop_flag != NULL && *run->options.stop_flag);
}

/* The manifest comes last: it says that the rest is there. */
static fel_status write_all(fel_run *run, const char *folder, int64_t start_ns)
{
    FEL_TRY(run_write(run, folder));
    const manifest_facts facts = {
        .study = run->study,
        .data = &run->data,
        .order_hash = run_order_hash(run),
        .use_holdout = run->options.use_holdout,
        .has_html = run->options.write_html,
        .has_report = run_has_report(run),
        .was_stopped = was_stopped(run),
        .n_threads = threads_count(run->options.n_threads),
        .data_seconds = run->data_seconds,
        .run_seconds = run->run_seconds,
        .total_seconds = seconds_since(start_ns),
    };
    return manifest_write(&facts, folder);
}

static fel_status name_folder(fel_run *run, const fel_study *study, const fel_run_options *options)
{
    run->folder = options->out_dir != NULL
                      ? arena_text(&run->memory, options->out_dir)
                      : arena_printf(&run->memory, "out/%s", study->values.name);
    return run->folder != NULL ? FEL_OK : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a path");
}

/* Snapshots are of one run of the engine over data that are there. */
static fel_status check_stops(const fel_study *study, const fel_run_options *options)
{
    const study_values *v = &study->values;
    const int is_asked = options->stop_at_ns != FEL_TIME_MAX || options->snapshot_path != NULL ||
                         options->resume_path != NULL;
    const int is_single = !v->hedge.is_present && !v->calibrate.is_present && v->sweep.n == 0 &&
                          !v->walk.is_present && !v->model.is_present && !study_is_simulated(v) &&
                          !study_is_bootstrapped(v);
    return !is_asked || is_single
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_ARG, "stops and snapshots are for single runs over data: this "
                                        "study trains, sweeps, walks, fits or runs many paths");
}

static fel_status run_into(fel_run *run, const fel_study *study, const fel_run_options *options,
                           run_folder *folder)
{
    const int64_t start_ns = clock_monotonic_ns();
    FEL_TRY(check_stops(study, options));
    FEL_TRY(name_folder(run, study, options));
    FEL_TRY(run_folder_begin(folder, run->folder));
    FEL_TRY(run_open(run, study, options));
    FEL_TRY(run_compute(run));
    FEL_TRY(write_all(run, folder->temporary, start_ns));
    return run_folder_commit(folder);
}

/* The report reads the result in place: it goes first. */
void fel_run_destroy(fel_run *run)
{
    if (run == NULL) {
        return;
    }
    fel_report_destroy(run->report);
    hedging_destroy(run->hedging);
    fel_calibration_run_destroy(run->calibration);
    study_engine_clear(&run->benchmark);
    free(run->benchmark_data.list.items);
    outcome_clear(&run->made);
    path_runs_clear(&run->many);
    sweep_clear(&run->variants);
    forecast_contest_clear(&run->contest);
    forecasts_clear(&run->forecasts);
    fel_study_destroy(run->picked);
    dataset_close(&run->data);
    arena_free(&run->memory);
    free(run);
}

fel_status fel_study_run(const fel_study *study, const fel_run_options *options, fel_run **out)
{
    run_folder folder = {.temporary = "", .new_parent = ""};
    if (options->struct_size != sizeof(*options)) {
        return FEL_RAISE(FEL_ERR_ARG, "fel_run_options has %u bytes, this library's has %zu",
                         options->struct_size, sizeof(*options));
    }
    fel_run *run = calloc(1, sizeof(*run));
    if (run == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a run");
    }
    const fel_status status = run_into(run, study, options, &folder);
    if (status != FEL_OK) {
        run_folder_abandon(&folder);
        fel_run_destroy(run);
        return status;
    }
    const int is_asked =
        options->stop_at_ns != FEL_TIME_MAX && !(options->stop_flag != NULL && *options->stop_flag);
    const int is_stopped = was_stopped(run) && !is_asked;
    *out = run;
    return is_stopped ? FEL_RAISE(FEL_ERR_STOPPED, "stopped: %s holds what was done until then",
                                  run->folder)
                      : FEL_OK;
}
