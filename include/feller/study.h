/* feller/study.h - a study file: what to run, checked, run and written to a run folder. */
#ifndef FEL_STUDY_H
#define FEL_STUDY_H

#include <feller/report.h>
#include <feller/report_hedge.h>
#include <feller/report_simulation.h>

FEL_BEGIN_DECLS

/* A study file read and checked against the schema. Immutable after loading. */
typedef struct fel_study fel_study;

/* overrides: "key.path=value" each, as --set gives them. Errors name file:line:column, the key,
 * what is allowed and the nearest valid name. Relative paths inside are relative to the study file.
 */
FEL_API FEL_NODISCARD fel_status fel_study_load(fel_study **out, const char *path,
                                                const char *const *overrides, size_t n_overrides);
FEL_API void fel_study_destroy(fel_study *study); /* NULL is allowed */
FEL_API const char *fel_study_name(const fel_study *study);

/* One key that a study file may have, for lists and manuals. */
typedef struct fel_study_key {
    const char *path; /* "costs.slippage.half_spread_bps"; items of lists are "data[].file" */
    const char *type; /* "number 0 .. 10", "next_open | same_close", "list of words" */
    const char *default_text; /* "" where there is none */
    const char *doc;          /* one line, no full stop */
} fel_study_key;

/* Every key in the order of the manual. The texts live until visit returns. Strategies' parameters
 * are not among them: their tables are in fel_strategy_builtins(). */
FEL_API void fel_study_each_key(void (*visit)(void *payload, const fel_study_key *key),
                                void *payload);

/* How to run. Start from fel_run_options_default(). */
typedef struct fel_run_options {
    uint32_t struct_size;
    int n_threads; /* 0: all cores; results do not depend on it */
    const char
        *out_dir;    /* NULL: out/<name> in the working folder; an older run there is replaced */
    int use_holdout; /* read what the study's holdout keeps back */
    int write_html;  /* 1 */
    const volatile int *stop_flag; /* set by a signal handler: what is done is written; or NULL */
    /* What is counted ("bars", "variants", "windows", "paths",
     * "benchmark"); from one thread at a time,
     * seldom. Or NULL. */
    void (*progress)(void *payload, const char *what, double done, double total);
    void *progress_payload;
    /* Of single runs over data (ERR_ARG otherwise). The run stops before the first instant later
     * than stop_at_ns (FEL_TIME_MAX: at the end), as if asked to, but FEL_OK; a run that is stopped
     * leaves a file at snapshot_path, and one with resume_path goes on from there, with the same
     * bits as if it had not been stopped. NULL: neither. */
    int64_t stop_at_ns;
    const char *snapshot_path, *resume_path;
} fel_run_options;

FEL_API fel_run_options fel_run_options_default(void);

typedef struct fel_run fel_run;

/* Open the data, run all that the study says, write the run folder (docs/study.md lists its files):
 * whole, or not there. On success *out is the caller's (fel_run_destroy, before the study if that
 * names a plug-in). ERR_STOPPED when the stop flag ended it: if the folder could be written, whole
 * and flagged, *out is set too, else it is untouched: set it to NULL before. A failing run leaves
 * no folder. */
FEL_API FEL_NODISCARD fel_status fel_study_run(const fel_study *study,
                                               const fel_run_options *options, fel_run **out);
FEL_API void fel_run_destroy(fel_run *run); /* NULL is allowed */
/* Of the main run, borrowed; NULL where the study asks for equity.csv only (report.write) or for
 * many paths. */
FEL_API const fel_report *fel_run_report(const fel_run *run);
/* Of a study of many paths (monte_carlo.paths), borrowed; NULL for others. */
FEL_API const fel_montecarlo_report *fel_run_montecarlo(const fel_run *run);
/* Of a study that calibrates, borrowed; NULL for others. */
FEL_API const fel_calibration_report *fel_run_calibration(const fel_run *run);
/* Of a study that hedges, borrowed; NULL for others. */
FEL_API const fel_hedge_report *fel_run_hedging(const fel_run *run);
FEL_API const char *fel_run_folder(const fel_run *run);

/* One line that is no error, good until the call returns. */
typedef void (*fel_warning_fn)(void *payload, const char *text);

/* Open the data, check that every row that the study needs is there, and start every engine that a
 * run would make (each combination of sweep or search) up to the first instant of prices: what a
 * run refuses at its start is refused here. Nothing is written. warn: quarantined rows, splits that
 * may be missing, combinations that are refused; or NULL. */
FEL_API FEL_NODISCARD fel_status fel_study_check(const fel_study *study, fel_warning_fn warn,
                                                 void *payload);

/* Run the study of a run folder again and compare: inputs, order-list hash, every number of
 * report.json. ERR_FORMAT with the first difference if they differ. Of the options only threads,
 * stop flag and progress count. */
FEL_API FEL_NODISCARD fel_status fel_reproduce(const char *run_folder,
                                               const fel_run_options *options);

FEL_END_DECLS
#endif
