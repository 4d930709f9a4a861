/* cli/cmd_check.c - feller check STUDY: everything that can be known wrong before a run. */
#include <stdlib.h>

#include <feller/study.h>

#include "cli/cli_internal.h"

enum { KEY_SET = 0x200 };

typedef struct check_args {
    const char *command, *study;
    cli_words overrides;
    int quiet;
} check_args;

static const struct argp_option flags[] = {
    {"set", KEY_SET, "KEY=VALUE", 0, "Override a key of the study", 0},
    {"quiet", 'q', NULL, 0, "Print nothing but errors", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse(int key, char *text, struct argp_state *state)
{
    check_args *args = state->input;
    switch (key) {
    case KEY_SET:
        return cli_words_add(&args->overrides, text);
    case 'q':
        args->quiet = 1;
        return 0;
    case ARGP_KEY_ARG:
        if (args->study != NULL) {
            return cli_usage(args->command, "%s: one study at a time, not also %s", args->command,
                             text);
        }
        args->study = text;
        return 0;
    case ARGP_KEY_END:
        return args->study != NULL
                   ? 0
                   : cli_usage(args->command, "%s: needs a study file", args->command);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void print_warning(void *payload, const char *text)
{
    (void)payload;
    cli_message("warning: %s", text);
}

int cmd_check(int argc, char **argv)
{
    static const struct argp argp = {
        flags,
        parse,
        "STUDY",
        "Read a study file, every value and combination of its lists, and the data that it names, and "
        "start its strategy on the first prices. Nothing is run or written.",
        NULL,
        NULL,
        NULL};
    check_args args = {.command = argv[0]};
    int code = cli_parse(&argp, argc, argv, &args);
    fel_study *study = NULL;
    if (code == 0) {
        fel_status status =
            fel_study_load(&study, args.study, args.overrides.items, args.overrides.n);
        if (status == FEL_OK) {
            status = fel_study_check(study, print_warning, NULL);
        }
        code = status == FEL_OK ? CLI_DONE : cli_fail(status);
        if (status == FEL_OK && !args.quiet) {
            (void)printf("%s: the study and its data are in order\n", args.study);
        }
    }
    fel_study_destroy(study);
    free(args.overrides.items);
    return code;
}
