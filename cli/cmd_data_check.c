/* cli/cmd_data_check.c - feller data check STORE|CSV: every row looked at, nothing kept. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/csv_flags_internal.h"

typedef struct check_args {
    const char *command, *path;
    fel_csv_options options;
    int quiet;
} check_args;

static const struct argp_option flags[] = {
    {"quiet", 'q', NULL, 0, "Print nothing but findings", 0},
    CSV_FLAG_ROWS,
    {NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse(int key, char *text, struct argp_state *state)
{
    check_args *args = state->input;
    if (csv_flag_is(key)) {
        return csv_flag_read(&args->options, args->command, key, text);
    }
    switch (key) {
    case 'q':
        args->quiet = 1;
        return 0;
    case ARGP_KEY_ARG:
        if (args->path != NULL) {
            return cli_usage(args->command, "%s: one at a time, not also %s", args->command, text);
        }
        args->path = text;
        return 0;
    case ARGP_KEY_END:
        return args->path != NULL
                   ? 0
                   : cli_usage(args->command, "%s: needs a store or a CSV file", args->command);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int check_store(const check_args *args)
{
    char *report = NULL;
    const fel_status status = fel_store_check(args->path, &report);
    if (report != NULL) {
        (void)fputs(report, stdout);
    }
    free(report);
    if (status != FEL_OK) {
        return cli_fail(status);
    }
    if (!args->quiet) {
        (void)printf("%s: every row is in order\n", args->path);
    }
    return CLI_DONE;
}

static int check_csv(const check_args *args)
{
    fel_series_list list = {NULL, 0};
    fel_csv_summary summary;
    memset(&summary, 0, sizeof(summary));
    const fel_status status = fel_csv_read(&list, args->path, &args->options, &summary);
    if (status != FEL_OK) {
        return cli_fail(status);
    }
    fel_series_list_clear(&list);
    if (!args->quiet) {
        csv_print_summary(args->path, &args->options, &summary);
    }
    return CLI_DONE;
}

int cmd_data_check(int argc, char **argv)
{
    static const struct argp argp = {
        flags,
        parse,
        "STORE|CSV",
        "Verify checksums, order and bounds of every row of a store, or read a CSV file by the "
        "same rules as an import.",
        NULL,
        NULL,
        NULL};
    check_args args = {.command = argv[0], .options = fel_csv_options_default()};
    struct stat place;
    const int code = cli_parse(&argp, argc, argv, &args);
    if (code != 0) {
        return code;
    }
    const int is_folder = stat(args.path, &place) == 0 && S_ISDIR(place.st_mode);
    return is_folder ? check_store(&args) : check_csv(&args);
}
