/* cli/cmd_reproduce.c - feller reproduce RUN: the same study again, every number compared. */
#include <stdlib.h>

#include <feller/study.h>

#include "cli/cli_internal.h"

enum { KEY_THREADS = 0x200 };

typedef struct reproduce_args {
    const char *command, *folder;
    fel_run_options options;
    int quiet;
} reproduce_args;

static const struct argp_option flags[] = {
    {"threads", KEY_THREADS, "N", 0, "Threads (default 0: all cores)", 0},
    {"quiet", 'q', NULL, 0, "Print nothing but errors", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse(int key, char *text, struct argp_state *state)
{
    static const fel_param_spec spec = {"--threads", FEL_PARAM_INTEGER, 0, 0, 1024, NULL, NULL};
    reproduce_args *args = state->input;
    double value = 0.0;
    switch (key) {
    case KEY_THREADS:
        if (cli_value(args->command, &spec, text, &value) != 0) {
            return EINVAL;
        }
        args->options.n_threads = (int)value;
        return 0;
    case 'q':
        args->quiet = 1;
        return 0;
    case ARGP_KEY_ARG:
        if (args->folder != NULL) {
            return cli_usage(args->command, "%s: one run at a time, not also %s", args->command,
                             text);
        }
        args->folder = text;
        return 0;
    case ARGP_KEY_END:
        return args->folder != NULL
                   ? 0
                   : cli_usage(args->command, "%s: needs a run folder", args->command);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int cmd_reproduce(int argc, char **argv)
{
    static const struct argp argp = {
        flags,
        parse,
        "RUN",
        "Run the study of a run folder again, from the text in its manifest, and compare inputs, "
        "order-list hash and every number of report.json.",
        NULL,
        NULL,
        NULL};
    reproduce_args args = {.command = argv[0], .options = fel_run_options_default()};
    const int code = cli_parse(&argp, argc, argv, &args);
    if (code != 0) {
        return code;
    }
    cli_catch_signals();
    args.options.stop_flag = &cli_stop_flag;
    args.options.progress = args.quiet ? NULL : cli_progress;
    const fel_status status = fel_reproduce(args.folder, &args.options);
    cli_progress_end();
    if (status != FEL_OK) {
        return cli_fail(status);
    }
    if (!args.quiet) {
        (void)printf("%s: reproduced, every order and every number is the same\n", args.folder);
    }
    return CLI_DONE;
}
