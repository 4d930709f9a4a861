/* study/study_folder_internal.h - a run folder: written beside its place, put there whole; its
 * manifest. */
#ifndef FEL_STUDY_FOLDER_H
#define FEL_STUDY_FOLDER_H

#ifndef FEL_MODULE_STUDY
#error "study/study_folder_internal.h belongs to study/"
#endif

#include <jansson.h>

#include <feller/calibration_run.h>

#include "study/forecast_compare_internal.h"
#include "study/hedging_internal.h"
#include "study/study_paths_internal.h"

enum { FOLDER_PATH_SIZE = 4096 };

typedef struct run_folder {
    char path[FOLDER_PATH_SIZE];           /* where it will be */
    char temporary[FOLDER_PATH_SIZE + 16]; /* where it is written; "" when there is none */
    char new_parent[FOLDER_PATH_SIZE];     /* the folder above, if it was made for this; else "" */
} run_folder;

/* Make a temporary folder beside `path`. ERR_ARG if something that is no run folder is at `path`.
 */
fel_status run_folder_begin(run_folder *folder, const char *path);
/* Put it in its place; an older run folder there is replaced and removed. */
fel_status run_folder_commit(run_folder *folder);
/* Remove what was written; harmless after commit. */
void run_folder_abandon(run_folder *folder);

/* What a manifest says beside the study. */
typedef struct manifest_facts {
    const fel_study *study;
    const dataset *data;
    const char *order_hash;
    int use_holdout, has_html, has_report, was_stopped, n_threads;
    double data_seconds, run_seconds, total_seconds;
} manifest_facts;

/* Pairs that name program, machine and inputs; no times. Texts live in `memory`. */
fel_status manifest_pairs(arena *memory, const fel_study *study, const dataset *data,
                          fel_report_pair **pairs, size_t *n);
/* manifest.json and study.yaml in a folder. */
fel_status manifest_write(const manifest_facts *facts, const char *folder);

/* What reproduce reads back. */
typedef struct manifest {
    arena memory;
    const char *study_name, *study_path, *study_folder, *study_text, *order_hash;
    const char *const *overrides;
    size_t n_overrides;
    const char *const *input_paths, *const *input_hashes;
    size_t n_inputs;
    const char *version, *compiler, *cpu_level;
    int use_holdout, has_html, has_report, was_stopped;
} manifest;
fel_status manifest_read(manifest *out, const char *folder);
void manifest_clear(manifest *m);
/* What jansson says of a file that it could not load. */
fel_status json_raise(const char *path, const json_error_t *error);

/* "gcc 12.2.0, flags". */
const char *compiler_name(void);

/* ---- the run
 * -------------------------------------------------------------------------------------- */

/* What fel_study_run() goes through; every step needs those before it. Zero-initialise. */
struct fel_run {
    const fel_study *study;
    fel_run_options options;
    dataset data;
    sweep variants;           /* n 0: none */
    forecasts forecasts;      /* of the study's model; n_windows 0: it has none */
    fel_study *picked;        /* the sweep's best; NULL: the study itself */
    forecast_contest contest; /* of the model and its rivals */
    outcome made;
    path_runs
        many; /* instead of made, where the study asks for many paths; n_asked 0: it does not */
    dataset benchmark_data; /* the same series without options and signals; owns only its list */
    study_engine benchmark;
    fel_report *report;
    fel_calibration_run *calibration; /* instead of all of these; NULL: the study trades */
    hedging *hedging;                 /* likewise */
    char calibration_hash[HASH_TEXT_SIZE];
    arena memory;
    char *folder;
    double data_seconds, run_seconds;
};

fel_status run_open(fel_run *run, const fel_study *study, const fel_run_options *options);
fel_status run_compute(fel_run *run);
/* Write everything that the study asks for into an existing folder. */
fel_status run_write(fel_run *run, const char *folder);

/* The report of a run whose outcome is there. */
fel_status run_present(fel_run *run);

/* The same of many paths. */
fel_status run_present_paths(fel_run *run);
/* Settings as run, and notes on the data, in the run's arena. */
fel_status present_settings(fel_run *run, const fel_report_pair **out, size_t *n);
/* "costs: fee_bps 5, slippage.half_spread_bps 1", "no costs"; NULL when memory is out. */
const char *path_costs_text(arena *memory, const study_costs *costs);
/* "variance a year", "a year", the currency of prices, or "". */
const char *path_unit_of(const char *parameter, const char *currency);
fel_status present_data_notes(fel_run *run, const fel_report_pair **out, size_t *n);

/* The fit that a study asks for; *out may be set where the status is ERR_STOPPED. */
fel_status calibration_of_study(fel_calibration_run **out, const fel_study *study,
                                const study_calibrate *what, const fel_run_options *run);

/* The same for a study that calibrates: its chain, the fit, its files. */
fel_status calibration_open(fel_run *run);
fel_status calibration_compute(fel_run *run);
fel_status calibration_write(const fel_run *run, const char *folder);
/* Can its chain be read? */
fel_status calibration_check_chain(const fel_study *study);
/* The files of a calibration into a folder that is there. */
fel_status calibration_write_files(const fel_calibration_run *run, const char *folder,
                                   unsigned kinds);

/* Of all orders of the main run; of a calibration's parameters. */
const char *run_order_hash(const fel_run *run);

/* Does the study ask for a report? */
int run_has_report(const fel_run *run);

/* The study that the report is about. */
const fel_study *run_subject(const fel_run *run);

/* For each instrument the bars that the price chart shows, in the engine's order; *made are those
 * that were put together for it (streamed data, as daily bars), to be destroyed with *out. */
typedef struct chart_bars {
    const fel_series **items; /* borrowed or in `made`; NULL where there are no bars */
    fel_series **made;
    size_t n;
} chart_bars;
fel_status chart_bars_make(chart_bars *out, const dataset *data);
void chart_bars_clear(chart_bars *bars);

/* A study from a text instead of a file; messages name `path`, relative paths start at its folder.
 */
fel_status study_load_text(fel_study **out, const char *path, const char *text,
                           const char *const *overrides, size_t n_overrides);

#endif
