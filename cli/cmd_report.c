/* cli/cmd_report.c - feller report RUN: the report of a run again, as text or as JSON. */
#include <unistd.h>

#include "cli/cli_internal.h"

enum { KEY_JSON = 0x200 };

typedef struct report_args {
    const char *command, *folder;
    int json;
} report_args;

static const struct argp_option flags[] = {
    {"json", KEY_JSON, NULL, 0, "Print report.json instead", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse(int key, char *text, struct argp_state *state)
{
    report_args *args = state->input;
    switch (key) {
    case KEY_JSON:
        args->json = 1;
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

int cmd_report(int argc, char **argv)
{
    static const struct argp argp = {flags, parse, "RUN", "Print the report of a run folder again.",
                                     NULL,  NULL,  NULL};
    report_args args = {.command = argv[0]};
    char path[4200];
    const int code = cli_parse(&argp, argc, argv, &args);
    if (code != 0) {
        return code;
    }
    (void)snprintf(path, sizeof(path), "%s/manifest.json", args.folder);
    if (access(path, R_OK) != 0) {
        cli_message("%s is no run folder: it has no manifest.json", args.folder);
        return CLI_WRONG;
    }
    (void)snprintf(path, sizeof(path), "%s/report.%s", args.folder, args.json ? "json" : "txt");
    if (access(path, F_OK) != 0) {
        cli_message("%s has no report: its study asked for equity.csv only", args.folder);
        return CLI_WRONG;
    }
    return cli_print_file(path);
}
