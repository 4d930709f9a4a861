/* cli/cmd_data_import.c - feller data import CSV... -s STORE. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli/csv_flags_internal.h"

enum { KEY_JSON = 0x200, KEY_REPLACE };

typedef struct import_args {
    const char *command, *store;
    cli_words files;
    fel_csv_options options;
    int replace, json, quiet;
} import_args;

static const struct argp_option flags[] = {
    {"store", 's', "FOLDER", 0, "Store to write; made if it is not there", 0},
    {"replace", KEY_REPLACE, NULL, 0, "Drop the rows that the store has of these series", 0},
    {"json", KEY_JSON, NULL, 0, "Print summaries as JSON", 0},
    {"quiet", 'q', NULL, 0, "Print nothing but errors", 0},
    CSV_FLAG_ROWS,
    {NULL, 0, NULL, 0, NULL, 0},
};

static error_t check_all(const import_args *args)
{
    if (args->files.n == 0) {
        return cli_usage(args->command, "%s: needs a CSV file", args->command);
    }
    if (args->store == NULL) {
        return cli_usage(args->command, "%s: needs a store to write: -s FOLDER", args->command);
    }
    if (args->files.n > 1 && args->options.quarantine_path != NULL) {
        return cli_usage(args->command, "%s: --quarantine is for one file, not for %zu",
                         args->command, args->files.n);
    }
    return 0;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    import_args *args = state->input;
    if (csv_flag_is(key)) {
        return csv_flag_read(&args->options, args->command, key, text);
    }
    switch (key) {
    case 's':
        args->store = text;
        return 0;
    case KEY_REPLACE:
        args->replace = 1;
        return 0;
    case KEY_JSON:
        args->json = 1;
        return 0;
    case 'q':
        args->quiet = 1;
        return 0;
    case ARGP_KEY_ARG:
        return cli_words_add(&args->files, text);
    case ARGP_KEY_END:
        return check_all(args);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static json_t *summary_json(const char *path, const fel_csv_summary *s)
{
    return json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:s}", "file", path, "layout",
                     s->layout, "rows", (json_int_t)s->n_rows, "accepted",
                     (json_int_t)s->n_accepted, "quarantined", (json_int_t)s->n_quarantined, "gaps",
                     (json_int_t)s->n_gaps, "zero_volume", (json_int_t)s->n_zero_volume, "empty",
                     (json_int_t)s->n_missing, "first_reason", s->first_reason);
}

/* Files go in one after the other: each is wholly in the store or not at all. Those of one symbol
 * are parts of one series: only the first replaces what was there. */
static int import_all(const import_args *args, json_t *list)
{
    for (size_t i = 0; i < args->files.n; i++) {
        const char *path = args->files.items[i];
        fel_csv_summary summary;
        memset(&summary, 0, sizeof(summary));
        const int replace = args->replace && (i == 0 || args->options.symbol[0] == '\0');
        fel_csv_options options = args->options;
        options.progress = args->quiet ? NULL : cli_progress;
        const fel_status status = fel_store_import(args->store, path, &options, replace, &summary);
        cli_progress_end();
        if (status != FEL_OK) {
            return cli_fail(status);
        }
        if (args->json) {
            (void)json_array_append_new(list, summary_json(path, &summary));
        } else if (!args->quiet) {
            csv_print_summary(path, &args->options, &summary);
        }
    }
    return CLI_DONE;
}

int cmd_data_import(int argc, char **argv)
{
    static const struct argp argp = {
        flags,
        parse,
        "CSV... -s STORE",
        "Read CSV files (plain, .gz, .zip, .zst) into a store. Each file is wholly in the store or "
        "not at all.",
        NULL,
        NULL,
        NULL};
    import_args args = {.command = argv[0], .options = fel_csv_options_default()};
    int code = cli_parse(&argp, argc, argv, &args);
    json_t *list = json_array();
    if (code == 0) {
        code = import_all(&args, list);
    }
    if (code == CLI_DONE && args.json) {
        (void)json_dumpf(list, stdout, JSON_INDENT(2));
        (void)putchar('\n');
    }
    json_decref(list);
    free(args.files.items);
    return code;
}
