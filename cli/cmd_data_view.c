/* cli/cmd_data_view.c - feller data adjust, continuous, join: views of what a store holds, as CSV.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <feller/adjust.h>

#include "cli/cli_internal.h"

enum {
    KEY_TO = 0x300,
    KEY_AS_OF,
    KEY_ROLL,
    KEY_BEFORE,
    KEY_HIDE,
    KEY_FORWARD,
    MAX_CONTRACTS = 512
};

typedef struct view_args {
    const char *command, *needs;
    const char *words[MAX_CONTRACTS];
    size_t n_words, least_words, most_words;
    const char *output;
    fel_adjustment to;
    int64_t as_of_ns, length_ns;
    fel_roll roll;
} view_args;

static error_t parse_choice(const view_args *args, const char *name, const char *choices,
                            const char *text, int *out)
{
    const fel_param_spec spec = {name, FEL_PARAM_CHOICE, 0, 0, 0, choices, NULL};
    double value = 0.0;
    const error_t code = cli_value(args->command, &spec, text, &value);
    *out = (int)value;
    return code;
}

static error_t parse_duration(const view_args *args, const char *name, const char *text,
                              int64_t *out)
{
    return fel_duration_parse(text, out) == FEL_OK
               ? 0
               : cli_usage(args->command, "%s: %s", name, fel_last_error()->message);
}

static error_t parse_word(view_args *args, const char *text)
{
    if (args->n_words == args->most_words) {
        return cli_usage(args->command, "%s: needs %s, not also %s", args->command, args->needs,
                         text);
    }
    args->words[args->n_words++] = text;
    return 0;
}

static error_t parse_view(view_args *args, int key, const char *text)
{
    int choice = 0;
    error_t code = 0;
    switch (key) {
    case KEY_TO:
        code = parse_choice(args, "--to", "split|total_return", text, &choice);
        args->to = choice == 0 ? FEL_ADJUST_SPLIT : FEL_ADJUST_TOTAL_RETURN;
        return code;
    case KEY_AS_OF:
        return fel_time_parse(text, "UTC", &args->as_of_ns) == FEL_OK
                   ? 0
                   : cli_usage(args->command, "--as-of: %s", fel_last_error()->message);
    case KEY_ROLL:
        code = parse_choice(args, "--roll", "before_expiry|volume|last_bar", text, &choice);
        args->roll.rule = (fel_roll_rule)choice;
        return code;
    case KEY_BEFORE:
        return parse_duration(args, "--before", text, &args->roll.before_ns);
    case KEY_HIDE:
        code = parse_choice(args, "--gap", "raw|panama|ratio", text, &choice);
        args->roll.adjust = (fel_roll_adjust)choice;
        return code;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    view_args *args = state->input;
    switch (key) {
    case 'o':
        args->output = text;
        return 0;
    case 'f':
        return parse_duration(args, "--frequency", text, &args->length_ns);
    case KEY_FORWARD:
        args->as_of_ns = FEL_TIME_MIN;
        args->roll.is_backward = 0;
        return 0;
    case ARGP_KEY_ARG:
        return parse_word(args, text);
    case ARGP_KEY_END:
        return args->n_words >= args->least_words
                   ? 0
                   : cli_usage(args->command, "%s: needs %s", args->command, args->needs);
    default:
        return parse_view(args, key, text);
    }
}

static view_args default_args(const char *command, const char *needs, size_t least, size_t most)
{
    const view_args args = {.command = command,
                            .needs = needs,
                            .least_words = least,
                            .most_words = most,
                            .to = FEL_ADJUST_TOTAL_RETURN,
                            .as_of_ns = FEL_TIME_MAX,
                            .roll = {.is_backward = 1}};
    return args;
}

static fel_status write_view(const view_args *args, fel_status status, fel_series *view)
{
    if (args->output == NULL) {
        (void)signal(SIGPIPE, SIG_DFL); /* a reader that has seen enough ends the command */
    }
    if (status == FEL_OK) {
        status = fel_csv_write(view, args->output != NULL ? args->output : "/dev/stdout");
    }
    fel_series_destroy(view);
    return status;
}

static fel_status read_series(const fel_store *store, const char *symbol, fel_data_kind kind,
                              int64_t length_ns, fel_series **out)
{
    size_t index = 0;
    FEL_TRY(fel_store_find(store, symbol, kind, length_ns, &index));
    return fel_store_read(store, index, FEL_TIME_MIN, FEL_TIME_MAX, out);
}

/* ---- adjust ---------------------------------------------------------------------------------- */

static const struct argp_option adjust_flags[] = {
    {"output", 'o', "FILE", 0, "CSV to write (default: standard output)", 0},
    {"frequency", 'f', "LENGTH", 0, "Bar length, where there are several", 0},
    {"to", KEY_TO, "WORD", 0, "split, or total_return (default)", 0},
    {"as-of", KEY_AS_OF, "TIME", 0, "What was known then (default: all)", 0},
    {"forward", KEY_FORWARD, NULL, 0,
     "The first bar stays as it was; no row depends on later rows or actions", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

static fel_status adjust(const view_args *args, const fel_store *store, fel_series **view)
{
    fel_series *bars = NULL, *actions = NULL;
    FEL_TRY(read_series(store, args->words[1], FEL_DATA_BAR, args->length_ns, &bars));
    fel_status status = read_series(store, args->words[1], FEL_DATA_ACTION, 0, &actions);
    if (status == FEL_OK) {
        status = fel_adjust(view, bars, actions, args->to, args->as_of_ns);
    }
    fel_series_destroy(actions);
    fel_series_destroy(bars);
    return status;
}

static int run_view(view_args *args, const struct argp *argp, int argc, char **argv,
                    fel_status (*make)(const view_args *, const fel_store *, fel_series **))
{
    const int code = cli_parse(argp, argc, argv, args);
    fel_store *store = NULL;
    fel_series *view = NULL;
    if (code != 0) {
        return code;
    }
    fel_status status = fel_store_open(&store, args->words[0]);
    if (status == FEL_OK) {
        status = make(args, store, &view);
    }
    fel_store_close(store);
    status = write_view(args, status, view);
    return status == FEL_OK ? CLI_DONE : cli_fail(status);
}

int cmd_data_adjust(int argc, char **argv)
{
    static const struct argp argp = {adjust_flags,
                                     parse,
                                     "STORE SYMBOL",
                                     "Write raw bars as if splits, and dividends, had not been.",
                                     NULL,
                                     NULL,
                                     NULL};
    view_args args = default_args(argv[0], "a store and a symbol", 2, 2);
    return run_view(&args, &argp, argc, argv, adjust);
}

/* ---- continuous ------------------------------------------------------------------------------ */

static const struct argp_option continuous_flags[] = {
    {"output", 'o', "FILE", 0, "CSV to write (default: standard output)", 0},
    {"frequency", 'f', "LENGTH", 0, "Bar length, where there are several", 0},
    {"roll", KEY_ROLL, "RULE", 0, "before_expiry (default), volume or last_bar", 0},
    {"before", KEY_BEFORE, "LENGTH", 0, "How long before the expiry, such as 5d (default: 0)", 0},
    {"gap", KEY_HIDE, "WORD", 0, "raw (default), panama: prices are moved, ratio: multiplied", 0},
    {"forward", KEY_FORWARD, NULL, 0,
     "The first contract's prices are its own; no row depends on later rows", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

/* "ESH4=2024-03-15T13:30Z": bars of ESH4 with that expiry. */
static fel_status read_contract(const fel_store *store, const view_args *args, const char *word,
                                fel_series **out)
{
    char symbol[FEL_SYMBOL_SIZE];
    const char *equals = strchr(word, '=');
    const size_t n = equals != NULL ? (size_t)(equals - word) : strlen(word);
    int64_t expiry_ns = 0;
    if (n == 0 || n >= sizeof(symbol)) {
        return FEL_RAISE(FEL_ERR_ARG, "\"%s\" is not like ESH4=2024-03-15", word);
    }
    memcpy(symbol, word, n);
    symbol[n] = '\0';
    if (equals != NULL) {
        FEL_TRY(fel_time_parse(equals + 1, "UTC", &expiry_ns));
    }
    fel_series *read = NULL;
    FEL_TRY(read_series(store, symbol, FEL_DATA_BAR, args->length_ns, &read));
    fel_series_info info = *fel_series_describe(read);
    info.instrument.expiry_ns = expiry_ns;
    const fel_block rows = fel_series_rows(read);
    const fel_status status = fel_series_create(out, &info, &rows);
    fel_series_destroy(read);
    return status;
}

static fel_status join_contracts(const view_args *args, const fel_store *store, fel_series **view)
{
    fel_series *contracts[MAX_CONTRACTS] = {NULL};
    const size_t n = args->n_words - 2;
    fel_status status = FEL_OK;
    for (size_t k = 0; k < n && status == FEL_OK; k++) {
        status = read_contract(store, args, args->words[k + 2], &contracts[k]);
    }
    if (status == FEL_OK) {
        status = fel_continuous(view, args->words[1], (const fel_series *const *)contracts, n,
                                &args->roll);
    }
    for (size_t k = 0; k < n; k++) {
        fel_series_destroy(contracts[k]);
    }
    return status;
}

int cmd_data_continuous(int argc, char **argv)
{
    static const struct argp argp = {
        continuous_flags,
        parse,
        "STORE NAME CONTRACT=EXPIRY...",
        "Write futures contracts, given in the order of their expiries, as one series.",
        NULL,
        NULL,
        NULL};
    view_args args =
        default_args(argv[0], "a store, a name and contracts such as ESH4=2024-03-15", 3, 256);
    return run_view(&args, &argp, argc, argv, join_contracts);
}

/* ---- join ------------------------------------------------------------------------------------ */

static const struct argp_option join_flags[] = {
    {"output", 'o', "FILE", 0, "CSV to write (default: standard output)", 0},
    {"frequency", 'f', "LENGTH", 0, "Bar length, where there are several", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

/* All bars of that length; the library takes those that the map names. */
static fel_status join_tickers(const view_args *args, const fel_store *store, fel_series **view)
{
    fel_series_list list = {calloc(fel_store_count(store) + 1, sizeof(fel_series *)), 0};
    fel_status status =
        list.items != NULL ? FEL_OK : FEL_RAISE(FEL_ERR_NOMEM, "no memory for the store's series");
    for (size_t i = 0; i < fel_store_count(store) && status == FEL_OK; i++) {
        const fel_series_info *info = &fel_store_entry_at(store, i)->info;
        if (info->kind == FEL_DATA_BAR &&
            (args->length_ns == 0 || info->length_ns == args->length_ns)) {
            status = fel_store_read(store, i, FEL_TIME_MIN, FEL_TIME_MAX, &list.items[list.n]);
            list.n += status == FEL_OK ? 1 : 0;
        }
    }
    if (status == FEL_OK) {
        status = fel_join_tickers(view, &list, args->words[1]);
    }
    fel_series_list_clear(&list);
    return status;
}

int cmd_data_join(int argc, char **argv)
{
    static const struct argp argp = {
        join_flags,
        parse,
        "STORE MAP",
        "Write one company's bars under the tickers that it had, by a map of tickers: a CSV of "
        "date, ticker, exchange, where a ticker is good up to its date.",
        NULL,
        NULL,
        NULL};
    view_args args = default_args(argv[0], "a store and a map of tickers", 2, 2);
    return run_view(&args, &argp, argc, argv, join_tickers);
}
