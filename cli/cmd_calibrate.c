/* cli/cmd_calibrate.c - feller calibrate CHAIN.csv: Heston's parameters from option quotes. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/calibrate_flags_internal.h"

static const char doc[] =
    "Fit Heston's model to a chain of option quotes (CSV; plain, .gz, .zip, .zst): prints the "
    "parameters with their units and indicative standard errors, the residuals by maturity, and "
    "the quotes refused, by reason.\v"
    "Forwards and discount factors are taken from columns or flags; where there are none, from "
    "put-call parity. What is minimised, the layouts and the rules for refusing a quote are in "
    "docs/calibration.md.";

static int has_ending(const char *path, const char *ending)
{
    const size_t n = strlen(path), k = strlen(ending);
    return n > k && strcmp(path + n - k, ending) == 0;
}

static int is_parameter_file(const char *path)
{
    return has_ending(path, ".yaml") || has_ending(path, ".yml") || has_ending(path, ".json");
}

static fel_status write_folder(const calibrate_args *args, const fel_calibration_run *run)
{
    const unsigned html = args->no_html ? 0 : FEL_REPORT_HTML;
    const unsigned kinds = FEL_REPORT_JSON | FEL_REPORT_CSV | FEL_REPORT_TEXT | html;
    return fel_calibration_run_write(run, args->output, kinds);
}

static fel_status write_output(const calibrate_args *args, const fel_calibration_run *run)
{
    if (args->output == NULL) {
        return FEL_OK;
    }
    return is_parameter_file(args->output) ? fel_calibration_run_write_process(run, args->output)
                                           : write_folder(args, run);
}

static int print_report(const calibrate_args *args, const fel_calibration_run *run)
{
    if (args->json) {
        const fel_status status = calibrate_print_json(run, args->chain);
        return status == FEL_OK ? CLI_DONE : cli_fail(status);
    }
    if (args->quiet) {
        return CLI_DONE;
    }
    if (fel_calibration_report_write_terminal(fel_calibration_run_report(run), stdout) != FEL_OK) {
        return errno == EPIPE ? CLI_DONE : cli_fail(fel_last_error()->status);
    }
    if (args->output != NULL) {
        (void)printf("\nwritten to %s\n", args->output);
    }
    return CLI_DONE;
}

/* A search that was stopped has its best so far, and says so by the exit code. */
static int calibrate(calibrate_args *args)
{
    fel_calibration_run *run = NULL;
    cli_catch_signals();
    args->options.stop_flag = &cli_stop_flag;
    args->options.progress = args->quiet ? NULL : cli_progress;
    fel_status status = fel_calibration_run_create(&run, "feller calibrate", args->chain,
                                                   &args->chain_options, &args->options);
    cli_progress_end();
    int code = status == FEL_OK ? CLI_DONE : cli_fail(status);
    if (run != NULL) {
        status = write_output(args, run);
        const int printed = status == FEL_OK ? print_report(args, run) : cli_fail(status);
        code = code != CLI_DONE ? code : printed;
    }
    fel_calibration_run_destroy(run);
    return code;
}

int cmd_calibrate(int argc, char **argv)
{
    static const struct argp argp = {
        calibrate_flags, calibrate_parse, "CHAIN", doc, NULL, NULL, NULL};
    calibrate_args args = {.command = argv[0],
                           .chain_options = fel_chain_options_default(),
                           .options = fel_calibrate_options_default()};
    const int code = cli_parse(&argp, argc, argv, &args);
    return code == 0 ? calibrate(&args) : code;
}
