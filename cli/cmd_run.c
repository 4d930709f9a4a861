/* cli/cmd_run.c - feller run STUDY: the study file, its overrides, the run folder, the report. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <feller/study.h>

#include "cli/cli_internal.h"

enum {
    KEY_HOLDOUT = 0x200,
    KEY_JSON,
    KEY_NO_HTML,
    KEY_RESUME,
    KEY_SET,
    KEY_SNAPSHOT,
    KEY_STOP_AT,
    KEY_THREADS
};

typedef struct run_args {
    const char *command, *study;
    cli_words overrides;
    fel_run_options options;
    int json, quiet;
} run_args;

static const struct argp_option run_flags[] = {
    {"set", KEY_SET, "KEY=VALUE", 0,
     "Override a key of the study: costs.fee_bps=10, data.0.file=x.csv", 0},
    {"output", 'o', "FOLDER", 0, "Run folder to write (default: out/NAME)", 0},
    {"threads", KEY_THREADS, "N", 0, "Threads (default 0: all cores); results do not depend on it",
     0},
    {"holdout", KEY_HOLDOUT, NULL, 0, "Use the data that the study holds out", 0},
    {"stop-at", KEY_STOP_AT, "TIME", 0, "Stop before the first event later than this (UTC)", 0},
    {"snapshot", KEY_SNAPSHOT, "FILE", 0, "Where a run that is stopped leaves all it knows", 0},
    {"resume", KEY_RESUME, "FILE", 0, "Go on from there", 0},
    {"no-html", KEY_NO_HTML, NULL, 0, "Write no report.html", 0},
    {"json", KEY_JSON, NULL, 0, "Print a summary as JSON instead of the report", 0},
    {"quiet", 'q', NULL, 0, "Print nothing but errors", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse_threads(const run_args *args, const char *text, int *n_threads)
{
    static const fel_param_spec spec = {"--threads", FEL_PARAM_INTEGER, 0, 0, 1024, NULL, NULL};
    double value = 0.0;
    const error_t failed = cli_value(args->command, &spec, text, &value);
    *n_threads = (int)value;
    return failed;
}

static error_t parse_stop(run_args *args, const char *text)
{
    return fel_time_parse(text, NULL, &args->options.stop_at_ns) == FEL_OK
               ? 0
               : cli_usage(args->command, "%s: --stop-at: %s", args->command,
                           fel_last_error()->message);
}

static error_t parse_study(run_args *args, const char *text)
{
    if (args->study != NULL) {
        return cli_usage(args->command, "%s: one study at a time, not also %s", args->command,
                         text);
    }
    args->study = text;
    return 0;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    run_args *args = state->input;
    switch (key) {
    case KEY_SET:
        return cli_words_add(&args->overrides, text);
    case 'o':
        args->options.out_dir = text;
        return 0;
    case KEY_THREADS:
        return parse_threads(args, text, &args->options.n_threads);
    case KEY_HOLDOUT:
        args->options.use_holdout = 1;
        return 0;
    case KEY_STOP_AT:
        return parse_stop(args, text);
    case KEY_SNAPSHOT:
        args->options.snapshot_path = text;
        return 0;
    case KEY_RESUME:
        args->options.resume_path = text;
        return 0;
    case KEY_NO_HTML:
        args->options.write_html = 0;
        return 0;
    case KEY_JSON:
        args->json = 1;
        return 0;
    case 'q':
        args->quiet = 1;
        return 0;
    case ARGP_KEY_ARG:
        return parse_study(args, text);
    case ARGP_KEY_END:
        return args->study != NULL
                   ? 0
                   : cli_usage(args->command, "%s: needs a study file", args->command);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const char doc[] =
    "Run a study and write its run folder: report.html, report.json, report.txt, trades.csv, "
    "orders.csv, fills.csv, positions.csv, equity.csv, manifest.json, study.yaml; variants.csv "
    "for sweeps, windows.csv for walk-forward; paths.csv, distributions.csv and fan.csv for many "
    "paths.\v"
    "Ctrl-C ends the run at the next event: what was done is written, flagged, and the exit code "
    "is 1. With --snapshot it can go on later by --resume, with the same bits as if it had not "
    "been stopped, also when rows were added to the data since.\n\nThe keys of a study are listed by feller list keys, a strategy's parameters by "
    "feller list strategies NAME.";

/* ---- what is printed ------------------------------------------------------------------------- */

static void copy_member(json_t *to, const json_t *from, const char *key)
{
    (void)json_object_set(to, key, json_object_get(from, key));
}

/* The parts of report.json that fit on a screen. */
static int print_summary(const char *folder, int has_report)
{
    char path[4200];
    json_error_t error;
    (void)snprintf(path, sizeof(path), "%s/%s.json", folder, has_report ? "report" : "manifest");
    json_t *report = json_load_file(path, 0, &error);
    json_t *summary =
        json_pack("{s:s, s:s}", "folder", folder, has_report ? "report" : "manifest", path);
    if (report == NULL || summary == NULL) {
        cli_message("%s: %s", path, report == NULL ? error.text : "out of memory");
        json_decref(report);
        json_decref(summary);
        return CLI_FAILED;
    }
    static const char *const keys[] = {"title",   "strategy", "period",   "headline",
                                       "notes",   "scores",   "variants", "order_hash",
                                       "process", "fit",      "refusals"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (json_object_get(report, keys[i]) != NULL) {
            copy_member(summary, report, keys[i]);
        }
    }
    (void)json_dumpf(summary, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    (void)fputc('\n', stdout);
    json_decref(summary);
    json_decref(report);
    return CLI_DONE;
}

/* The page to open, or the text where the study or the command line wants no page. */
static void print_place(const char *folder)
{
    char path[4200];
    (void)snprintf(path, sizeof(path), "%s/report.html", folder);
    (void)printf("\nwritten to %s: %s\n", folder,
                 access(path, F_OK) == 0 ? "open report.html" : "the report is report.txt");
}

static int print_paths(const fel_run *run, int has_report)
{
    if (!has_report) {
        (void)printf("written to %s: paths.csv\n", fel_run_folder(run));
        return CLI_DONE;
    }
    if (fel_montecarlo_report_write_terminal(fel_run_montecarlo(run), stdout) != FEL_OK) {
        return errno == EPIPE ? CLI_DONE : cli_fail(fel_last_error()->status);
    }
    print_place(fel_run_folder(run));
    return CLI_DONE;
}

static int print_calibration(const fel_run *run)
{
    if (fel_calibration_report_write_terminal(fel_run_calibration(run), stdout) != FEL_OK) {
        return errno == EPIPE ? CLI_DONE : cli_fail(fel_last_error()->status);
    }
    print_place(fel_run_folder(run));
    return CLI_DONE;
}

static int print_hedging(const fel_run *run)
{
    if (fel_hedge_report_write_terminal(fel_run_hedging(run), stdout) != FEL_OK) {
        return errno == EPIPE ? CLI_DONE : cli_fail(fel_last_error()->status);
    }
    print_place(fel_run_folder(run));
    return CLI_DONE;
}

static int print_run(const run_args *args, const fel_run *run)
{
    char report_path[4200];
    (void)snprintf(report_path, sizeof(report_path), "%s/report.json", fel_run_folder(run));
    const int has_report = access(report_path, F_OK) == 0;
    if (args->json) {
        return print_summary(fel_run_folder(run), has_report);
    }
    if (args->quiet) {
        return CLI_DONE;
    }
    if (fel_run_hedging(run) != NULL) {
        return print_hedging(run);
    }
    if (fel_run_calibration(run) != NULL) {
        return print_calibration(run);
    }
    if (fel_run_montecarlo(run) != NULL) {
        return print_paths(run, has_report);
    }
    if (fel_run_report(run) == NULL) {
        (void)printf("written to %s: equity.csv\n", fel_run_folder(run));
        return CLI_DONE;
    }
    if (fel_report_write_terminal(fel_run_report(run), stdout) != FEL_OK) {
        return errno == EPIPE ? CLI_DONE : cli_fail(fel_last_error()->status);
    }
    print_place(fel_run_folder(run));
    return CLI_DONE;
}

/* The folder is written even when the run was stopped; the exit code says so. */
static int run_study(run_args *args, const fel_study *study)
{
    fel_run *run = NULL;
    cli_catch_signals();
    args->options.stop_flag = &cli_stop_flag;
    args->options.progress = args->quiet ? NULL : cli_progress;
    const fel_status status = fel_study_run(study, &args->options, &run);
    cli_progress_end();
    const int code = status == FEL_OK ? CLI_DONE : cli_fail(status);
    const int printed = run != NULL ? print_run(args, run) : CLI_DONE;
    fel_run_destroy(run);
    return code != CLI_DONE ? code : printed;
}

int cmd_run(int argc, char **argv)
{
    static const struct argp argp = {run_flags, parse, "STUDY", doc, NULL, NULL, NULL};
    run_args args = {.command = argv[0], .options = fel_run_options_default()};
    int code = cli_parse(&argp, argc, argv, &args);
    fel_study *study = NULL;
    if (code == 0) {
        const fel_status status =
            fel_study_load(&study, args.study, args.overrides.items, args.overrides.n);
        code = status == FEL_OK ? run_study(&args, study) : cli_fail(status);
    }
    fel_study_destroy(study);
    free(args.overrides.items);
    return code;
}
