/* cli/cmd_data_series.c - feller data export, resample, compact: one series of a store, or all. */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include <feller/data.h>

#include "cli/cli_internal.h"

enum { KEY_FREQUENCY = 0x200, KEY_KIND, KEY_ZONE, KEY_PARTIAL, KEY_START, KEY_END, MAX_WORDS = 3 };

typedef struct series_args {
    const char *command, *needs;
    const char *words[MAX_WORDS];
    size_t n_words, n_needed;
    const char *output, *zone;
    fel_data_kind kind;
    int64_t length_ns, start_ns, end_ns;
    int keep_partial, takes_shortest;
} series_args;

/* Days and instants mean what they mean in a study: rows known after the start, up to the end or
 * the end of its day. */
static error_t parse_time(const series_args *args, const char *name, const char *text, int64_t *out)
{
    enum { DATE_LENGTH = 10 };
    const int is_last_day = out == &args->end_ns && strlen(text) == DATE_LENGTH;
    if (fel_time_parse(text, "UTC", out) != FEL_OK) {
        return cli_usage(args->command, "%s: %s", name, fel_last_error()->message);
    }
    *out += 1 + (is_last_day ? FEL_NS_PER_DAY : 0);
    return 0;
}

static error_t parse_kind(series_args *args, const char *text)
{
    static const fel_param_spec spec = {
        "--kind", FEL_PARAM_CHOICE, 0, 0, 0, "bars|quotes|signals|actions|trades|depth|funding",
        NULL};
    double value = 0.0;
    if (cli_value(args->command, &spec, text, &value) != 0) {
        return EINVAL;
    }
    args->kind = (fel_data_kind)((int)value + FEL_DATA_BAR);
    return 0;
}

static error_t parse_word(series_args *args, const char *text)
{
    if (args->n_words == args->n_needed) {
        return cli_usage(args->command, "%s: needs %s, not also %s", args->command, args->needs,
                         text);
    }
    args->words[args->n_words++] = text;
    return 0;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    series_args *args = state->input;
    switch (key) {
    case 'o':
        args->output = text;
        return 0;
    case KEY_FREQUENCY:
        return fel_duration_parse(text, &args->length_ns) == FEL_OK
                   ? 0
                   : cli_usage(args->command, "--frequency: %s", fel_last_error()->message);
    case KEY_KIND:
        return parse_kind(args, text);
    case KEY_ZONE:
        args->zone = text;
        return 0;
    case KEY_PARTIAL:
        args->keep_partial = 1;
        return 0;
    case KEY_START:
        return parse_time(args, "--start", text, &args->start_ns);
    case KEY_END:
        return parse_time(args, "--end", text, &args->end_ns);
    case ARGP_KEY_ARG:
        return parse_word(args, text);
    case ARGP_KEY_END:
        return args->n_words == args->n_needed
                   ? 0
                   : cli_usage(args->command, "%s: needs %s", args->command, args->needs);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Bars of any length, from the first row to the last. */
static series_args default_args(const char *command, const char *needs, size_t n_needed)
{
    const series_args args = {.command = command,
                              .needs = needs,
                              .n_needed = n_needed,
                              .kind = FEL_DATA_BAR,
                              .start_ns = FEL_TIME_MIN,
                              .end_ns = FEL_TIME_MAX};
    return args;
}

/* Of the bars of a symbol; 0 if it has none. */
static int64_t shortest_length(const fel_store *store, const char *symbol)
{
    int64_t shortest_ns = 0;
    for (size_t i = 0; i < fel_store_count(store); i++) {
        const fel_series_info *info = &fel_store_entry_at(store, i)->info;
        if (info->kind == FEL_DATA_BAR && strcmp(info->instrument.symbol, symbol) == 0 &&
            (shortest_ns == 0 || info->length_ns < shortest_ns)) {
            shortest_ns = info->length_ns;
        }
    }
    return shortest_ns;
}

/* The one series that the words name. */
static fel_status read_series(const series_args *args, fel_series **out)
{
    fel_store *store = NULL;
    size_t index = 0;
    FEL_TRY(fel_store_open(&store, args->words[0]));
    const int64_t length_ns = args->takes_shortest && args->length_ns == 0
                                  ? shortest_length(store, args->words[1])
                                  : args->length_ns;
    fel_status status = fel_store_find(store, args->words[1], args->kind, length_ns, &index);
    if (status == FEL_OK) {
        status = fel_store_read(store, index, args->start_ns, args->end_ns, out);
    }
    fel_store_close(store);
    return status;
}

/* ---- export ---------------------------------------------------------------------------------- */

static const struct argp_option export_flags[] = {
    {"output", 'o', "FILE", 0, "CSV to write (default: standard output)", 0},
    {"kind", KEY_KIND, "KIND", 0,
     "bars (default), quotes, signals, actions, trades, depth or funding", 0},
    {"frequency", KEY_FREQUENCY, "LENGTH", 0, "Bar length, where there are several", 0},
    {"start", KEY_START, "TIME", 0, "First day or instant", 0},
    {"end", KEY_END, "TIME", 0, "Last day or instant, included", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

int cmd_data_export(int argc, char **argv)
{
    static const struct argp argp = {
        export_flags, parse, "STORE SYMBOL", "Write a series of a store as canonical CSV.", NULL,
        NULL,         NULL};
    series_args args = default_args(argv[0], "a store and a symbol", 2);
    const int code = cli_parse(&argp, argc, argv, &args);
    if (code != 0) {
        return code;
    }
    fel_series *series = NULL;
    fel_status status = read_series(&args, &series);
    if (args.output == NULL) {
        (void)signal(SIGPIPE, SIG_DFL); /* a reader that has seen enough ends the command */
    }
    if (status == FEL_OK) {
        status = fel_csv_write(series, args.output != NULL ? args.output : "/dev/stdout");
    }
    fel_series_destroy(series);
    return status == FEL_OK ? CLI_DONE : cli_fail(status);
}

/* ---- resample -------------------------------------------------------------------------------- */

static const struct argp_option resample_flags[] = {
    {"output", 'o', "FILE", 0, "CSV to write (default: a series of that length in the store)", 0},
    {"frequency", KEY_FREQUENCY, "LENGTH", 0, "Length of the bars to read (default: the shortest)",
     0},
    {"zone", KEY_ZONE, "ZONE", 0,
     "IANA zone whose clock the new bars begin by (default: the series' own)", 0},
    {"keep-partial", KEY_PARTIAL, NULL, 0, "Keep a last bar that is not complete", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

static fel_status resample(const series_args *args, int64_t length_ns)
{
    fel_series *fine = NULL, *coarse = NULL;
    fel_status status = read_series(args, &fine);
    if (status == FEL_OK) {
        status = fel_resample(&coarse, fine, length_ns, args->zone, args->keep_partial);
    }
    if (status == FEL_OK) {
        const fel_series *const list[] = {coarse};
        status = args->output != NULL ? fel_csv_write(coarse, args->output)
                                      : fel_store_append(args->words[0], list, 1, 1);
    }
    if (status == FEL_OK && args->output == NULL) {
        (void)printf("%s: %zu bars of %s\n", args->words[1], fel_series_rows(coarse).n,
                     args->words[2]);
    }
    fel_series_destroy(coarse);
    fel_series_destroy(fine);
    return status;
}

int cmd_data_resample(int argc, char **argv)
{
    static const struct argp argp = {
        resample_flags,
        parse,
        "STORE SYMBOL LENGTH",
        "Make longer bars (1h, 1d, 1w) from shorter ones. Each is known at its own end, never "
        "before.",
        NULL,
        NULL,
        NULL};
    series_args args = default_args(argv[0], "a store, a symbol and a length such as 1h", 3);
    args.takes_shortest = 1;
    const int code = cli_parse(&argp, argc, argv, &args);
    int64_t length_ns = 0;
    if (code != 0) {
        return code;
    }
    if (fel_duration_parse(args.words[2], &length_ns) != FEL_OK) {
        return cli_fail(fel_last_error()->status);
    }
    const fel_status status = resample(&args, length_ns);
    return status == FEL_OK ? CLI_DONE : cli_fail(status);
}

/* ---- compact --------------------------------------------------------------------------------- */

int cmd_data_compact(int argc, char **argv)
{
    static const struct argp argp = {
        NULL, parse, "STORE", "Merge the segments of a store and remove those no longer used.",
        NULL, NULL,  NULL};
    series_args args = default_args(argv[0], "a store", 1);
    const int code = cli_parse(&argp, argc, argv, &args);
    if (code != 0) {
        return code;
    }
    const fel_status status = fel_store_compact(args.words[0]);
    return status == FEL_OK ? CLI_DONE : cli_fail(status);
}
