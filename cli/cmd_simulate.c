/* cli/cmd_simulate.c - feller simulate PROCESS -o FILE: paths into HDF5 or CSV. */
#include <math.h>
#include <string.h>

#include <feller/paths.h>

#include "cli/process_flags_internal.h"

enum {
    KEY_YEARS = 0x200,
    KEY_DATES,
    KEY_SUBSTEPS,
    KEY_PATHS,
    KEY_FIRST_PATH,
    KEY_SEED,
    KEY_REPLICATE,
    KEY_SCHEME,
    KEY_DRAWS,
    KEY_ANTITHETIC,
    KEY_MATCHING,
    KEY_DRIFT,
    KEY_OUTPUTS,
    KEY_FLOAT,
    KEY_THREADS,
    MOST_ROWS = 48
};

typedef struct simulate_args {
    const char *command, *file;
    process_flags process;
    fel_path_config config;
    fel_path_file options;
    int quiet;
} simulate_args;

static const struct argp_option flags[] = {
    {"output", 'o', "FILE", 0, "Where to write: .h5 or .csv", 0},
    {"paths", KEY_PATHS, "N", 0, "Number of paths (10000)", 0},
    {"first-path", KEY_FIRST_PATH, "N", 0, "Index of the first path (0)", 0},
    {"years", KEY_YEARS, "NUMBER", 0, "Time of the last date (1)", 0},
    {"dates", KEY_DATES, "N", 0, "Dates after time 0, equally spaced (252)", 0},
    {"substeps", KEY_SUBSTEPS, "N", 0, "Steps of the scheme between two dates (1)", 0},
    {"scheme", KEY_SCHEME, "NAME", 0, "How variance moves, of feller list schemes (qe_m)", 0},
    {"seed", KEY_SEED, "N", 0, "Seed of the draws (1)", 0},
    {"draws", KEY_DRAWS, "KIND", 0, "pseudo, or sobol with a Brownian bridge (pseudo)", 0},
    {"replicate", KEY_REPLICATE, "N", 0, "Which random shift of the Sobol points (0)", 0},
    {"antithetic", KEY_ANTITHETIC, NULL, 0, "Paths 2j and 2j + 1 mirror each other", 0},
    {"moment-matching", KEY_MATCHING, NULL, 0,
     "Draws of each 4,096 paths have mean 0 and variance 1", 0},
    {"drift", KEY_DRIFT, "NUMBER", 0, "Drift a year instead of rate less dividend", 0},
    {"values", KEY_OUTPUTS, "LIST", 0,
     "What to write, of spot,variance,integrated,realised,variance_swap (spot)", 0},
    {"float", KEY_FLOAT, NULL, 0, "Compute and write single precision", 0},
    {"threads", KEY_THREADS, "N", 0, "Threads, 0 for all cores (0); changes no result", 0},
    {"quiet", 'q', NULL, 0, "Print nothing but errors", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

/* ---- values of flags --------------------------------------------------------------------------
 */

/* Whole numbers beyond the doubles' 2^53 as text only. */
static error_t read_seed(const char *command, const char *text, uint64_t *value)
{
    const size_t digits = strspn(text, "0123456789");
    uint64_t sum = 0;
    for (size_t i = 0; i < digits; i++) {
        const uint64_t digit = (uint64_t)(text[i] - '0');
        if (sum > (UINT64_MAX - digit) / 10) {
            return cli_usage(command, "--seed: %s is beyond 2^64 - 1", text);
        }
        sum = 10 * sum + digit;
    }
    if (digits == 0 || text[digits] != '\0') {
        return cli_usage(command, "--seed: \"%s\" is not a whole number", text);
    }
    *value = sum;
    return 0;
}

/* Numbers by a row; the library says what of them goes together. */
typedef struct number_flag {
    int key;
    fel_param_spec spec;
} number_flag;

#define COUNT(key, name, min, max)                                                                 \
    {                                                                                              \
        key,                                                                                       \
        {                                                                                          \
            name, FEL_PARAM_INTEGER, 0, min, max, NULL, NULL                                       \
        }                                                                                          \
    }
#define NUMBER(key, name, min, max)                                                                \
    {                                                                                              \
        key,                                                                                       \
        {                                                                                          \
            name, FEL_PARAM_REAL, 0, min, max, NULL, NULL                                          \
        }                                                                                          \
    }

static const number_flag number_flags[] = {
    COUNT(KEY_PATHS, "--paths", 1, 0x1p40),
    COUNT(KEY_FIRST_PATH, "--first-path", 0, 0x1p53),
    COUNT(KEY_DATES, "--dates", 1, 1000000),
    COUNT(KEY_SUBSTEPS, "--substeps", 1, 10000),
    COUNT(KEY_REPLICATE, "--replicate", 0, 4294967295.0),
    COUNT(KEY_THREADS, "--threads", 0, 1024),
    NUMBER(KEY_YEARS, "--years", 1e-9, 1e4),
    NUMBER(KEY_DRIFT, "--drift", -100, 100),
};

static void set_number(simulate_args *args, int key, double value)
{
    fel_path_config *c = &args->config;
    switch (key) {
    case KEY_PATHS:
        args->options.n_paths = (uint64_t)value;
        break;
    case KEY_FIRST_PATH:
        args->options.first_path = (uint64_t)value;
        break;
    case KEY_DATES:
        c->n_dates = (size_t)value;
        break;
    case KEY_SUBSTEPS:
        c->n_substeps = (size_t)value;
        break;
    case KEY_REPLICATE:
        c->replicate = (uint32_t)value;
        break;
    case KEY_THREADS:
        args->options.n_threads = (int32_t)value;
        break;
    case KEY_YEARS:
        c->horizon_years = value;
        break;
    default:
        c->physical_drift = 1;
        c->drift_per_year = value;
        break;
    }
}

/* EINVAL after a message; ARGP_ERR_UNKNOWN for a key of another kind. */
static error_t read_number(simulate_args *args, int key, const char *text)
{
    for (size_t i = 0; i < sizeof(number_flags) / sizeof(number_flags[0]); i++) {
        if (number_flags[i].key == key) {
            double value = 0.0;
            const error_t bad = cli_value(args->command, &number_flags[i].spec, text, &value);
            if (bad == 0) {
                set_number(args, key, value);
            }
            return bad;
        }
    }
    return ARGP_ERR_UNKNOWN;
}

static error_t read_draws(simulate_args *args, const char *text)
{
    static const fel_param_spec spec = {"--draws", FEL_PARAM_CHOICE, 0, 0, 0, "pseudo|sobol", NULL};
    double value = 0.0;
    const error_t bad = cli_value(args->command, &spec, text, &value);
    args->config.draws = (fel_draws)value;
    return bad;
}

static error_t read_scheme(simulate_args *args, const char *text)
{
    return fel_scheme_find(text, &args->config.scheme) == FEL_OK
               ? 0
               : cli_usage(args->command, "--scheme: %s", fel_last_error()->message);
}

/* "spot,variance" */
static error_t read_outputs(simulate_args *args, const char *text)
{
    args->options.outputs = 0;
    do {
        const size_t length = strcspn(text, ",");
        int found = -1;
        for (int o = 0; o < FEL_PATH_N_OUTPUTS; o++) {
            const char *name = fel_path_output_name((fel_path_output)o);
            found = strlen(name) == length && strncmp(name, text, length) == 0 ? o : found;
        }
        if (found < 0) {
            return cli_usage(args->command,
                             "--values: no \"%.*s\": spot, variance, integrated, realised, "
                             "variance_swap",
                             (int)length, text);
        }
        args->options.outputs |= 1U << found;
        text += length + (text[length] == ',');
    } while (*text != '\0');
    return 0;
}

/* ---- arguments --------------------------------------------------------------------------------
 */

static error_t take_word(simulate_args *args, const char *text)
{
    if (args->process.kind != NULL) {
        return cli_usage(args->command, "%s: one process at a time, not also %s", args->command,
                         text);
    }
    args->process.kind = text;
    return 0;
}

static error_t check_all(const simulate_args *args)
{
    if (args->process.kind == NULL) {
        return cli_usage(args->command, "%s: needs a process: gbm, merton, heston or bates",
                         args->command);
    }
    if (args->file == NULL) {
        return cli_usage(args->command, "%s: needs a file to write: -o FILE", args->command);
    }
    if (args->config.replicate != 0 && args->config.draws != FEL_DRAWS_SOBOL) {
        return cli_usage(args->command, "%s: --replicate is of --draws sobol", args->command);
    }
    return 0;
}

static error_t parse_switch(simulate_args *args, int key, char *text)
{
    switch (key) {
    case 'o':
        args->file = text;
        return 0;
    case 'q':
        args->quiet = 1;
        return 0;
    case KEY_ANTITHETIC:
        args->config.antithetic = 1;
        return 0;
    case KEY_MATCHING:
        args->config.moment_matching = 1;
        return 0;
    case KEY_FLOAT:
        args->options.single_precision = 1;
        return 0;
    case KEY_SEED:
        return read_seed(args->command, text, &args->config.seed);
    case KEY_SCHEME:
        return read_scheme(args, text);
    case KEY_DRAWS:
        return read_draws(args, text);
    case KEY_OUTPUTS:
        return read_outputs(args, text);
    case ARGP_KEY_ARG:
        return take_word(args, text);
    case ARGP_KEY_END:
        return check_all(args);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    simulate_args *args = state->input;
    if (process_flags_take(&args->process, key, text)) {
        return 0;
    }
    const error_t number = read_number(args, key, text);
    return number != ARGP_ERR_UNKNOWN ? number : parse_switch(args, key, text);
}

/* ---- the command ------------------------------------------------------------------------------
 */

/* Whether the variance can reach zero, by the name of the condition. */
static void print_feller(const fel_process *process)
{
    const fel_heston *h = &process->heston;
    if (!fel_process_has_variance(process) || !(h->xi > 0.0)) {
        return;
    }
    const double margin = fel_feller_margin(h);
    (void)printf("Feller condition 2 kappa theta %s xi^2 (%.6g, %.6g): the variance %s zero; "
                 "degrees of freedom %.4g\n",
                 margin >= 0.0 ? ">=" : "<", 2.0 * h->kappa * h->theta, h->xi * h->xi,
                 margin >= 0.0 ? "never reaches" : "can reach", fel_variance_degrees(h));
}

static void print_done(const simulate_args *args)
{
    const fel_path_config *c = &args->config;
    size_t n = 0;
    (void)printf("%s: %llu path%s of %zu dates, %s, seed %llu\n", args->file,
                 (unsigned long long)args->options.n_paths, args->options.n_paths == 1 ? "" : "s",
                 c->n_dates, fel_schemes(&n)[c->scheme].name, (unsigned long long)c->seed);
}

static int simulate(simulate_args *args)
{
    fel_process process;
    fel_paths *paths = NULL;
    const int code = process_flags_make(&args->process, args->command, &process);
    if (code != CLI_DONE) {
        return code;
    }
    fel_status status = fel_paths_create(&paths, &process, 1, NULL, &args->config);
    if (status == FEL_OK) {
        cli_catch_signals();
        args->options.progress = args->quiet ? NULL : cli_progress;
        args->options.stop = &cli_stop_flag;
        status = fel_paths_write(paths, args->file, &args->options);
        cli_progress_end();
    }
    fel_paths_destroy(paths);
    if (status != FEL_OK) {
        return cli_fail(status);
    }
    if (!args->quiet) {
        print_feller(&process);
        print_done(args);
    }
    return CLI_DONE;
}

int cmd_simulate(int argc, char **argv)
{
    struct argp_option rows[MOST_ROWS];
    simulate_args args = {.command = argv[0],
                          .config = fel_path_config_default(),
                          .options = fel_path_file_default()};
    process_flags_init(&args.process);
    process_flags_rows(&args.process, flags, rows, MOST_ROWS);
    const struct argp argp = {
        rows,
        parse,
        "gbm|merton|heston|bates -o FILE",
        "Simulate paths of a process and write them to an HDF5 or CSV file, which is whole or not "
        "there. Path k depends on the flags, the seed and k only.",
        NULL,
        NULL,
        NULL};
    const int code = cli_parse(&argp, argc, argv, &args);
    return code == 0 ? simulate(&args) : code;
}
