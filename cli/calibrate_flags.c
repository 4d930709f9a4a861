/* cli/calibrate_flags.c - the flags of feller calibrate, by a table of what each one sets. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "cli/calibrate_flags_internal.h"

enum {
    KEY_QUOTE_DATE = 0x200,
    KEY_DATE_FORMAT,
    KEY_MAP,
    KEY_SPOT,
    KEY_RATE,
    KEY_DIVIDEND,
    KEY_MONEYNESS,
    KEY_MATURITY,
    KEY_VOL,
    KEY_OTM,
    KEY_ZERO_BID,
    KEY_ARBITRAGE,
    KEY_PREFER_VOL,
    KEY_OBJECTIVE,
    KEY_WEIGHT,
    KEY_STARTS,
    KEY_START,
    KEY_SEED,
    KEY_TOLERANCE,
    KEY_ITERATIONS,
    KEY_THREADS,
    KEY_JSON,
    KEY_NO_HTML
};

const struct argp_option calibrate_flags[] = {
    {"output", 'o', "PATH", 0,
     "Folder for report.html, report.json, quotes.csv, refused.csv, heston.yaml; or one file "
     ".yaml or .json for the parameters as a study's data takes them",
     0},
    {"json", KEY_JSON, NULL, 0, "Print the fit as JSON instead of the report", 0},
    {"no-html", KEY_NO_HTML, NULL, 0, "Write no report.html", 0},
    {"quiet", 'q', NULL, 0, "Print nothing but errors", 0},
    {NULL, 0, NULL, 0, "The chain:", 2},
    {"quote-date", KEY_QUOTE_DATE, "DAY", 0, "Day of the quotes, where no column has it", 0},
    {"date-format", KEY_DATE_FORMAT, "ymd|dmy|mdy", 0, "Order in ambiguous dates", 0},
    {"map", KEY_MAP, "COLUMNS", 0, "By header or number: strike=K,maturity=T,vol=iv", 0},
    {"spot", KEY_SPOT, "PRICE", 0, "Else a column, or the shortest maturity's forward", 0},
    {"rate", KEY_RATE, "R", 0, "Continuous, a year; else columns, or put-call parity", 0},
    {"dividend", KEY_DIVIDEND, "Q", 0, "Yield, continuous; else columns, or put-call parity", 0},
    {"moneyness", KEY_MONEYNESS, "LOW:HIGH", 0, "Strike / forward within 0.8:1.2", 0},
    {"maturity", KEY_MATURITY, "LOW:HIGH", 0, "Years to maturity within 0.1:2", 0},
    {"vol", KEY_VOL, "LOW:HIGH", 0, "Implied volatility within 0.05:1", 0},
    {"otm-only", KEY_OTM, NULL, 0, "Puts below the forward, calls from it on", 0},
    {"keep-zero-bid", KEY_ZERO_BID, NULL, 0, "Use quotes that nobody bids for", 0},
    {"keep-arbitrage", KEY_ARBITRAGE, NULL, 0, "Do not compare neighbouring strikes", 0},
    {"prefer-vol", KEY_PREFER_VOL, NULL, 0, "Volatilities of the file before its prices", 0},
    {NULL, 0, NULL, 0, "The fit:", 3},
    {"objective", KEY_OBJECTIVE, "WORD", 0, "vol (points; default), price or relative_price", 0},
    {"weight", KEY_WEIGHT, "WORD", 0, "equal (default), vega or spread", 0},
    {"starts", KEY_STARTS, "N", 0, "Searches from different points (default 4)", 0},
    {"start", KEY_START, "V0,KAPPA,THETA,XI,RHO", 0, "A first point to search from", 0},
    {"seed", KEY_SEED, "N", 0, "Of the other starts (default 1)", 0},
    {"tolerance", KEY_TOLERANCE, "X", 0, "Relative, on the parameters (default 1e-8)", 0},
    {"max-iterations", KEY_ITERATIONS, "N", 0, "Of each search (default 200)", 0},
    {"threads", KEY_THREADS, "N", 0, "Over starts (default 0: all cores); nothing depends on it",
     0},
    {NULL, 0, NULL, 0, NULL, 0},
};

/* ---- numbers and words ----------------------------------------------------------------------- */

/* A flag whose value is one number or word by a row; `set` puts it where it belongs. */
typedef struct value_flag {
    int key;
    fel_param_spec spec;
    void (*set)(calibrate_args *args, double value);
} value_flag;

#define SETTER(name, field, type)                                                                  \
    static void name(calibrate_args *args, double value)                                           \
    {                                                                                              \
        args->field = (type)value;                                                                 \
    }
SETTER(set_spot, chain_options.spot, double)
SETTER(set_rate, chain_options.rate_per_year, double)
SETTER(set_dividend, chain_options.dividend_per_year, double)
SETTER(set_objective, options.objective, fel_fit_objective)
SETTER(set_weight, options.weight, fel_fit_weight)
SETTER(set_starts, options.n_starts, uint32_t)
SETTER(set_seed, options.seed, uint64_t)
SETTER(set_tolerance, options.tolerance, double)
SETTER(set_iterations, options.max_iterations, uint32_t)
SETTER(set_threads, options.n_threads, int)

#define NUMBER(name, kind, least, most)                                                            \
    {                                                                                              \
        name, kind, 0, least, most, NULL, NULL                                                     \
    }
#define WORD(name, choices)                                                                        \
    {                                                                                              \
        name, FEL_PARAM_CHOICE, 0, 0, 0, choices, NULL                                             \
    }
static const value_flag value_flags[] = {
    {KEY_SPOT, NUMBER("--spot", FEL_PARAM_REAL, 1e-12, 1e15), set_spot},
    {KEY_RATE, NUMBER("--rate", FEL_PARAM_REAL, -10, 10), set_rate},
    {KEY_DIVIDEND, NUMBER("--dividend", FEL_PARAM_REAL, -10, 10), set_dividend},
    {KEY_OBJECTIVE, WORD("--objective", "vol|price|relative_price"), set_objective},
    {KEY_WEIGHT, WORD("--weight", "equal|vega|spread"), set_weight},
    {KEY_STARTS, NUMBER("--starts", FEL_PARAM_INTEGER, 1, 1000), set_starts},
    {KEY_SEED, NUMBER("--seed", FEL_PARAM_INTEGER, 0, 9007199254740992.0), set_seed},
    {KEY_TOLERANCE, NUMBER("--tolerance", FEL_PARAM_REAL, 1e-15, 0.1), set_tolerance},
    {KEY_ITERATIONS, NUMBER("--max-iterations", FEL_PARAM_INTEGER, 1, 100000), set_iterations},
    {KEY_THREADS, NUMBER("--threads", FEL_PARAM_INTEGER, 0, 1024), set_threads},
};

static const value_flag *find_value_flag(int key)
{
    for (size_t i = 0; i < sizeof(value_flags) / sizeof(value_flags[0]); i++) {
        if (value_flags[i].key == key) {
            return &value_flags[i];
        }
    }
    return NULL;
}

static error_t parse_value(calibrate_args *args, const value_flag *flag, const char *text)
{
    double value = 0.0;
    const error_t failed = cli_value(args->command, &flag->spec, text, &value);
    if (failed == 0) {
        flag->set(args, value);
    }
    return failed;
}

/* ---- texts, ranges, switches ----------------------------------------------------------------- */

typedef struct place_flag {
    int key;
    const char *name;
    size_t offset, size; /* in fel_chain_options */
} place_flag;

#define PLACE(key, name, field)                                                                    \
    {                                                                                              \
        key, name, offsetof(fel_chain_options, field), sizeof(((fel_chain_options *)0)->field)     \
    }
static const place_flag text_flags[] = {PLACE(KEY_QUOTE_DATE, "--quote-date", quote_date),
                                        PLACE(KEY_DATE_FORMAT, "--date-format", date_format),
                                        PLACE(KEY_MAP, "--map", map)};
/* The upper end lies behind the lower one. */
static const place_flag range_flags[] = {PLACE(KEY_MONEYNESS, "--moneyness", min_moneyness),
                                         PLACE(KEY_MATURITY, "--maturity", min_t_years),
                                         PLACE(KEY_VOL, "--vol", min_vol_per_year)};
static const place_flag switch_flags[] = {PLACE(KEY_OTM, "--otm-only", otm_only),
                                          PLACE(KEY_ZERO_BID, "--keep-zero-bid", keep_zero_bid),
                                          PLACE(KEY_ARBITRAGE, "--keep-arbitrage", keep_arbitrage),
                                          PLACE(KEY_PREFER_VOL, "--prefer-vol", prefer_vol)};

static const place_flag *find_place(const place_flag *flags, size_t n, int key)
{
    for (size_t i = 0; i < n; i++) {
        if (flags[i].key == key) {
            return &flags[i];
        }
    }
    return NULL;
}
#define FIND(flags, key) find_place(flags, sizeof(flags) / sizeof((flags)[0]), key)

static error_t parse_text(calibrate_args *args, const place_flag *flag, const char *text)
{
    if (strlen(text) >= flag->size) {
        return cli_usage(args->command, "%s: \"%.40s...\" is longer than %zu characters",
                         flag->name, text, flag->size - 1);
    }
    (void)snprintf((char *)&args->chain_options + flag->offset, flag->size, "%s", text);
    return 0;
}

/* "0.8:1.2", and with one end left out "0.8:" or ":1.2". */
static error_t parse_range(calibrate_args *args, const place_flag *flag, const char *text)
{
    const fel_param_spec spec = {flag->name, FEL_PARAM_REAL, 0, 0, 1e6, NULL, NULL};
    double *ends = (double *)(void *)((char *)&args->chain_options + flag->offset);
    const char *colon = strchr(text, ':');
    char low[64];
    if (colon == NULL || (size_t)(colon - text) >= sizeof(low)) {
        return cli_usage(args->command, "%s: \"%.40s\" is not LOW:HIGH", flag->name, text);
    }
    (void)snprintf(low, sizeof(low), "%.*s", (int)(colon - text), text);
    if (low[0] != '\0' && cli_value(args->command, &spec, low, &ends[0]) != 0) {
        return EINVAL;
    }
    return colon[1] != '\0' ? cli_value(args->command, &spec, colon + 1, &ends[1]) : 0;
}

static error_t parse_start(calibrate_args *args, const char *text)
{
    static const char *const names[] = {"--start v0", "--start kappa", "--start theta",
                                        "--start xi", "--start rho"};
    double low[FEL_HESTON_N_PARAMS], high[FEL_HESTON_N_PARAMS];
    double *const fields[] = {&args->start.v0, &args->start.kappa, &args->start.theta,
                              &args->start.xi, &args->start.rho};
    const size_t n = sizeof(fields) / sizeof(fields[0]);
    fel_calibrate_range(low, high);
    for (size_t i = 0; i < n; i++) {
        const fel_param_spec spec = {names[i], FEL_PARAM_REAL, 0, low[i], high[i], NULL, NULL};
        char word[64];
        const size_t length = strcspn(text, ",");
        (void)snprintf(word, sizeof(word), "%.*s", (int)length, text);
        if ((text[length] == ',') != (i + 1 < n)) {
            return cli_usage(args->command, "--start needs v0,kappa,theta,xi,rho: five numbers");
        }
        if (cli_value(args->command, &spec, word, fields[i]) != 0) {
            return EINVAL;
        }
        text += length + 1;
    }
    args->options.start = &args->start;
    return 0;
}

static error_t parse_plain(calibrate_args *args, int key, char *text)
{
    switch (key) {
    case 'o':
        args->output = text;
        return 0;
    case 'q':
        args->quiet = 1;
        return 0;
    case KEY_JSON:
        args->json = 1;
        return 0;
    case KEY_NO_HTML:
        args->no_html = 1;
        return 0;
    case KEY_START:
        return parse_start(args, text);
    case ARGP_KEY_ARG:
        if (args->chain != NULL) {
            return cli_usage(args->command, "%s: one chain at a time, not also %s", args->command,
                             text);
        }
        args->chain = text;
        return 0;
    case ARGP_KEY_END:
        return args->chain != NULL
                   ? 0
                   : cli_usage(args->command, "%s: needs a CSV of option quotes", args->command);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

error_t calibrate_parse(int key, char *text, struct argp_state *state)
{
    calibrate_args *args = state->input;
    const value_flag *value = find_value_flag(key);
    if (value != NULL) {
        return parse_value(args, value, text);
    }
    const place_flag *place = FIND(text_flags, key);
    if (place != NULL) {
        return parse_text(args, place, text);
    }
    place = FIND(range_flags, key);
    if (place != NULL) {
        return parse_range(args, place, text);
    }
    place = FIND(switch_flags, key);
    if (place != NULL) {
        *((uint8_t *)&args->chain_options + place->offset) = 1;
        return 0;
    }
    return parse_plain(args, key, text);
}
