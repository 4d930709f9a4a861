/* cli/cmd_price.c - feller price PROCESS [FILE]: one option from flags, a CSV of options, or a
 * payoff by simulated paths. */
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include <feller/data.h>

#include "cli/payoff_flags_internal.h"
#include "cli/price_internal.h"
#include "cli/process_flags_internal.h"

enum {
    KEY_STRIKE = 0x200,
    KEY_YEARS,
    KEY_EXPIRY,
    KEY_DATE,
    KEY_RIGHT,
    KEY_METHOD,
    KEY_AMERICAN,
    KEY_GREEKS,
    KEY_IMPLIED,
    KEY_JSON,
    MOST_ROWS = 64
};

typedef struct price_args {
    const char *command, *file, *output, *expiry;
    process_flags process;
    payoff_flags payoff;
    price_request request;
    price_option option;
    int json, quiet;
} price_args;

static const struct argp_option flags[] = {
    {"strike", KEY_STRIKE, "NUMBER", 0, "Strike of the option", 0},
    {"t-years", KEY_YEARS, "NUMBER", 0, "Time to expiry in years", 0},
    {"expiry", KEY_EXPIRY, "DATE", 0, "Expiry instead; years have 365 days", 0},
    {"date", KEY_DATE, "DATE", 0, "The day that an expiry is counted from", 0},
    {"right", KEY_RIGHT, "WORD", 0, "call or put (call)", 0},
    {"method", KEY_METHOD, "WORD", 0, "fast (1e-8 of spot) or adaptive (1e-12) (fast)", 0},
    {"american", KEY_AMERICAN, "NAME", 0,
     "Early exercise by barone_adesi_whaley or bjerksund_stensland, under gbm", 0},
    {"greeks", KEY_GREEKS, NULL, 0, "All greeks and the probability of exercise", 0},
    {"implied-vol", KEY_IMPLIED, "PRICE", OPTION_ARG_OPTIONAL,
     "The volatility that gives this price; of a file's column price without one", 0},
    {"output", 'o', "FILE", 0, "Where the table goes; else standard output", 0},
    {"json", KEY_JSON, NULL, 0, "Print one option as JSON", 0},
    {"quiet", 'q', NULL, 0, "No progress", 0},
    PAYOFF_FLAG_ROWS,
    {NULL, 0, NULL, 0, NULL, 0},
};

static const char doc[] =
    "Price European options under gbm, merton, heston or bates, American ones under gbm, or a payoff "
    "by simulated paths.\v"
    "With a FILE (a CSV with a header) every row is an option: columns strike, t_years or expiry, "
    "right, and any parameter of the process are read from it, the others from the flags; the results "
    "are appended as columns. Greeks are by 1.00 of spot, volatility and rates, and by the year.";

/* ---- values of flags ------------------------------------------------------------------------- */

#define NUMBER(name, low, high)                                                                    \
    {                                                                                              \
        name, FEL_PARAM_REAL, 0, low, high, NULL, NULL                                             \
    }
#define CHOICE(name, words)                                                                        \
    {                                                                                              \
        name, FEL_PARAM_CHOICE, 0, 0, 0, words, NULL                                               \
    }

static error_t read_implied(price_args *args, const char *text)
{
    static const fel_param_spec spec = NUMBER("--implied-vol", 0, 1e300);
    args->request.task = PRICE_IMPLIED_VOL;
    return text == NULL ? 0 : cli_value(args->command, &spec, text, &args->option.given);
}

static error_t read_date(price_args *args, const char *text)
{
    args->request.has_date = 1;
    return fel_time_parse(text, "UTC", &args->request.date_ns) == FEL_OK
               ? 0
               : cli_usage(args->command, "--date: %s", fel_last_error()->message);
}

static error_t read_choice(price_args *args, int key, const char *text)
{
    static const fel_param_spec rights = CHOICE("--right", "call|put"),
                                methods = CHOICE("--method", "fast|adaptive"),
                                americans =
                                    CHOICE("--american", "barone_adesi_whaley|bjerksund_stensland");
    double value = 0.0;
    const fel_param_spec *spec = key == KEY_RIGHT    ? &rights
                                 : key == KEY_METHOD ? &methods
                                                     : &americans;
    if (cli_value(args->command, spec, text, &value) != 0) {
        return EINVAL;
    }
    if (key == KEY_RIGHT) {
        args->option.right = value > 0.0 ? FEL_PUT : FEL_CALL;
    } else if (key == KEY_METHOD) {
        args->request.method = (fel_price_method)value;
    } else {
        args->request.task = PRICE_AMERICAN;
        args->request.american = (fel_american_method)value;
    }
    return 0;
}

static error_t take_word(price_args *args, const char *text)
{
    const char **place = args->process.kind == NULL ? &args->process.kind : &args->file;
    if (*place != NULL) {
        return cli_usage(args->command, "%s: a process and one file, not also %s", args->command,
                         text);
    }
    *place = text;
    return 0;
}

static error_t parse_own(price_args *args, int key, char *text)
{
    static const fel_param_spec strike = NUMBER("--strike", 1e-300, 1e15),
                                years = NUMBER("--t-years", 0, 1000);
    switch (key) {
    case KEY_STRIKE:
        return cli_value(args->command, &strike, text, &args->option.strike);
    case KEY_YEARS:
        return cli_value(args->command, &years, text, &args->option.t_years);
    case KEY_EXPIRY:
        args->expiry = text;
        return 0;
    case KEY_DATE:
        return read_date(args, text);
    case KEY_RIGHT:
    case KEY_METHOD:
    case KEY_AMERICAN:
        return read_choice(args, key, text);
    case KEY_GREEKS:
        args->request.greeks = 1;
        return 0;
    case KEY_IMPLIED:
        return read_implied(args, text);
    case KEY_JSON:
        args->json = 1;
        return 0;
    case 'q':
        args->quiet = 1;
        return 0;
    case 'o':
        args->output = text;
        return 0;
    case ARGP_KEY_ARG:
        return take_word(args, text);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* What does not go together. */
static error_t check_all(const price_args *args)
{
    const char *command = args->command;
    if (args->process.kind == NULL) {
        return cli_usage(command, "%s: needs a process: gbm, merton, heston or bates", command);
    }
    if (args->request.task == PRICE_AMERICAN && strcmp(args->process.kind, "gbm") != 0) {
        return cli_usage(command, "%s: --american is for gbm, not for %s", command,
                         args->process.kind);
    }
    if (args->request.task != PRICE_EUROPEAN && args->request.greeks) {
        return cli_usage(command, "%s: --greeks are of European prices alone", command);
    }
    if (args->payoff.payoff == NULL && args->payoff.needs_payoff) {
        return cli_usage(command, "%s: how to simulate is said, but no --payoff", command);
    }
    if (args->payoff.payoff != NULL &&
        (args->file != NULL || args->request.greeks || args->request.task != PRICE_EUROPEAN)) {
        return cli_usage(command,
                         "%s: --payoff prices one option: no file, --greeks, --american or "
                         "--implied-vol",
                         command);
    }
    if (args->file == NULL && args->output != NULL) {
        return cli_usage(command, "%s: --output is for a file of options", command);
    }
    return 0;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    price_args *args = state->input;
    if (key == ARGP_KEY_END) {
        return check_all(args);
    }
    if (process_flags_take(&args->process, key, text)) {
        return 0;
    }
    const error_t payoff = payoff_flags_take(&args->payoff, args->command, key, text);
    return payoff != ARGP_ERR_UNKNOWN ? payoff : parse_own(args, key, text);
}

/* ---- one option ------------------------------------------------------------------------------ */

static void print_text(size_t n, const char *const *names, const double *values)
{
    for (size_t i = 0; i < n; i++) {
        if (isnan(values[i])) {
            (void)printf("%-13s none\n", names[i]);
        } else {
            (void)printf("%-13s %.12g\n", names[i], values[i]);
        }
    }
}

static int print_json(const price_args *args, size_t n, const char *const *names,
                      const double *values)
{
    json_t *object = json_pack("{s:s, s:f, s:f, s:s}", "process", args->process.kind, "strike",
                               args->option.strike, "t_years", args->option.t_years, "right",
                               args->option.right == FEL_CALL ? "call" : "put");
    for (size_t i = 0; object != NULL && i < n; i++) {
        (void)json_object_set_new(object, names[i],
                                  isnan(values[i]) ? json_null() : json_real(values[i]));
    }
    if (object == NULL) {
        cli_message("out of memory");
        return CLI_FAILED;
    }
    (void)json_dumpf(object, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    (void)fputc('\n', stdout);
    json_decref(object);
    return CLI_DONE;
}

static int price_one(price_args *args)
{
    const char *names[PRICE_MAX_RESULTS];
    double values[PRICE_MAX_RESULTS];
    size_t failed = 0;
    if (!(args->option.strike > 0.0) || isnan(args->option.t_years)) {
        (void)cli_usage(args->command, "%s: needs --strike and --t-years (or --expiry)",
                        args->command);
        return CLI_WRONG;
    }
    if (args->request.task == PRICE_IMPLIED_VOL && isnan(args->option.given)) {
        (void)cli_usage(args->command, "%s: --implied-vol needs a price: --implied-vol=7.1",
                        args->command);
        return CLI_WRONG;
    }
    const fel_status status = price_options(&args->request, &args->option, 1, &failed);
    if (status != FEL_OK) {
        return cli_fail(status);
    }
    const size_t n = price_results(&args->request, &args->option, names, values);
    if (args->json) {
        return print_json(args, n, names, values);
    }
    print_text(n, names, values);
    return CLI_DONE;
}

/* ---- the command ----------------------------------------------------------------------------- */

static int price(price_args *args)
{
    const int code = process_flags_make(&args->process, args->command, &args->option.process);
    if (code != CLI_DONE) {
        return code;
    }
    if (args->expiry != NULL &&
        price_years_until(&args->request, args->expiry, &args->option.t_years) != FEL_OK) {
        (void)cli_usage(args->command, "--expiry: %s", fel_last_error()->message);
        return CLI_WRONG;
    }
    if (args->payoff.payoff != NULL) {
        const payoff_option option = {args->option.t_years, args->option.strike, args->option.right,
                                      args->json};
        return payoff_flags_run(&args->payoff, args->command, &args->option.process, &option);
    }
    return args->file != NULL
               ? price_csv(&args->request, &args->option, args->file, args->output, args->quiet)
               : price_one(args);
}

int cmd_price(int argc, char **argv)
{
    struct argp_option rows[MOST_ROWS];
    price_args args = {.command = argv[0]};
    args.option.right = FEL_CALL;
    args.option.t_years = args.option.given = args.option.implied_vol = (double)NAN;
    process_flags_init(&args.process);
    payoff_flags_init(&args.payoff);
    process_flags_rows(&args.process, flags, rows, MOST_ROWS);
    const struct argp argp = {rows, parse, "PROCESS [FILE]", doc, NULL, NULL, NULL};
    const int code = cli_parse(&argp, argc, argv, &args);
    return code != 0 ? code : price(&args);
}
