/* cli/payoff_flags.c - feller price --payoff NAME: any payoff by simulated paths. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "cli/payoff_flags_internal.h"

enum {
    KEY_PAYOFF = PAYOFF_FLAG_FIRST,
    KEY_SET,
    KEY_PATHS,
    KEY_DATES,
    KEY_SUBSTEPS,
    KEY_SCHEME,
    KEY_DRAWS,
    KEY_REPLICATES,
    KEY_ANTITHETIC,
    KEY_MATCHING,
    KEY_CONTROL,
    KEY_SEED,
    KEY_THREADS,
    KEY_END
};

void payoff_flags_init(payoff_flags *flags)
{
    memset(flags, 0, sizeof(*flags));
    flags->config = fel_montecarlo_config_default();
}

/* ---- values of flags
 * ------------------------------------------------------------------------------ */

#define COUNT(name, min, max)                                                                      \
    {                                                                                              \
        name, FEL_PARAM_INTEGER, 0, min, max, NULL, NULL                                           \
    }

/* By key, from KEY_PATHS on; flags without a number have no name here. */
static const fel_param_spec numbers[KEY_END - KEY_PATHS] = {
    [0] = COUNT("--paths", 2, 1e12),
    [KEY_DATES - KEY_PATHS] = COUNT("--dates", 1, 1e6),
    [KEY_SUBSTEPS - KEY_PATHS] = COUNT("--substeps", 1, 1e4),
    [KEY_DRAWS - KEY_PATHS] = {"--draws", FEL_PARAM_CHOICE, 0, 0, 0, "pseudo|sobol", NULL},
    [KEY_REPLICATES - KEY_PATHS] = COUNT("--replicates", 2, 1024),
    [KEY_SEED - KEY_PATHS] = COUNT("--seed", 0, 0x1p53),
    [KEY_THREADS - KEY_PATHS] = COUNT("--threads", 0, 1024),
};

static void set_number(fel_montecarlo_config *config, int key, double value)
{
    switch (key) {
    case KEY_PATHS:
        config->n_paths = (uint64_t)value;
        break;
    case KEY_DATES:
        config->n_dates = (size_t)value;
        break;
    case KEY_SUBSTEPS:
        config->n_substeps = (size_t)value;
        break;
    case KEY_DRAWS:
        config->draws = (fel_draws)value;
        break;
    case KEY_REPLICATES:
        config->n_replicates = (uint32_t)value;
        break;
    case KEY_SEED:
        config->seed = (uint64_t)value;
        break;
    default:
        config->n_threads = (int32_t)value;
        break;
    }
}

/* "spot,european" */
static error_t read_controls(payoff_flags *flags, const char *command, const char *text)
{
    static const char *const names[FEL_MAX_CONTROLS] = {"spot", "european", "geometric"};
    while (*text != '\0') {
        const size_t length = strcspn(text, ",");
        uint32_t found = 0;
        for (uint32_t i = 0; i < FEL_MAX_CONTROLS; i++) {
            found |=
                strlen(names[i]) == length && strncmp(names[i], text, length) == 0 ? 1U << i : 0U;
        }
        if (found == 0) {
            return cli_usage(command, "--control: no \"%.*s\": spot, european, geometric",
                             (int)length, text);
        }
        flags->config.controls |= found;
        text += length + (text[length] == ',');
    }
    return 0;
}

static error_t read_set(payoff_flags *flags, const char *command, const char *text)
{
    if (strchr(text, '=') == NULL) {
        return cli_usage(command, "--set: \"%s\" is not PARAM=VALUE", text);
    }
    if (flags->n_sets == PAYOFF_FLAG_MOST_SETS) {
        return cli_usage(command, "--set: at most %d of them", PAYOFF_FLAG_MOST_SETS);
    }
    flags->sets[flags->n_sets++] = text;
    return 0;
}

static error_t take_other(payoff_flags *flags, const char *command, int key, const char *text)
{
    double value = 0.0;
    switch (key) {
    case KEY_SET:
        return read_set(flags, command, text);
    case KEY_SCHEME:
        return fel_scheme_find(text, &flags->config.scheme) == FEL_OK
                   ? 0
                   : cli_usage(command, "--scheme: %s", fel_last_error()->message);
    case KEY_ANTITHETIC:
        flags->config.antithetic = 1;
        return 0;
    case KEY_MATCHING:
        flags->config.moment_matching = 1;
        return 0;
    case KEY_CONTROL:
        return read_controls(flags, command, text);
    default:
        if (cli_value(command, &numbers[key - KEY_PATHS], text, &value) != 0) {
            return EINVAL;
        }
        set_number(&flags->config, key, value);
        return 0;
    }
}

error_t payoff_flags_take(payoff_flags *flags, const char *command, int key, const char *text)
{
    if (key == KEY_PAYOFF) {
        flags->payoff = text;
        return 0;
    }
    if (key < KEY_SET || key >= KEY_END) {
        return ARGP_ERR_UNKNOWN;
    }
    flags->needs_payoff = 1;
    return take_other(flags, command, key, text);
}

/* ---- pricing
 * --------------------------------------------------------------------------------------- */

/* One parameter from a flag; CLI_DONE, or CLI_WRONG after a message. */
static int set_param(const char *command, const char *flag, fel_payoff *payoff, const char *param,
                     const char *text)
{
    if (fel_payoff_set_text(payoff, param, text) == FEL_OK) {
        return CLI_DONE;
    }
    (void)cli_usage(command, "%s: %s: %s", flag, payoff->code->name, fel_last_error()->message);
    return CLI_WRONG;
}

/* The payoff that --payoff, --strike, --right and --set say. */
static int make_payoff(const payoff_flags *flags, const char *command, const payoff_option *option,
                       fel_payoff *out)
{
    int code = CLI_DONE;
    if (strcmp(flags->payoff, "callback") == 0) {
        (void)cli_usage(command, "--payoff: callback is for programs: its function has no flag");
        return CLI_WRONG;
    }
    if (fel_payoff_init(out, flags->payoff) != FEL_OK) {
        (void)cli_usage(command, "--payoff: %s", fel_last_error()->message);
        return CLI_WRONG;
    }
    if (option->strike > 0.0) {
        char text[40];
        (void)snprintf(text, sizeof(text), "%.17g", option->strike);
        code = set_param(command, "--strike", out, "strike", text);
    }
    if (code == CLI_DONE && option->right == FEL_PUT) {
        code = set_param(command, "--right", out, "right", "put");
    }
    for (size_t i = 0; code == CLI_DONE && i < flags->n_sets; i++) {
        char name[64];
        const size_t length = strcspn(flags->sets[i], "=");
        (void)snprintf(name, sizeof(name), "%.*s", (int)length, flags->sets[i]);
        code = set_param(command, "--set", out, name, flags->sets[i] + length + 1);
    }
    return code;
}

static void print_number(const char *name, double value)
{
    if (isfinite(value)) {
        (void)printf(", \"%s\": %.17g", name, value);
    } else {
        (void)printf(", \"%s\": null", name);
    }
}

static void print_json(const payoff_flags *flags, const fel_montecarlo *r, double formula)
{
    (void)printf("{\"payoff\": \"%s\"", flags->payoff);
    print_number("price", r->price);
    print_number("standard_error", r->standard_error);
    (void)printf(", \"paths\": %llu, \"samples\": %llu", (unsigned long long)r->n_paths,
                 (unsigned long long)r->n_samples);
    print_number("variance_reduction", r->variance_reduction);
    print_number("formula", formula);
    (void)printf("}\n");
}

static void print_text(const payoff_flags *flags, const fel_montecarlo *r, double formula)
{
    static const char *const kinds[] = {"paths", "pairs", "groups of paths", "replicates"};
    const fel_montecarlo_config *c = &flags->config;
    const int kind = c->draws == FEL_DRAWS_SOBOL ? 3 : c->moment_matching ? 2 : c->antithetic;
    (void)printf("%-18s %.8g\n", "price", r->price);
    (void)printf("%-18s %.3g, from %llu %s\n", "standard error", r->standard_error,
                 (unsigned long long)r->n_samples, kinds[kind]);
    (void)printf("%-18s %llu of %zu dates, %.3g s\n", "paths", (unsigned long long)r->n_paths,
                 c->n_dates, r->seconds);
    if (isfinite(r->variance_reduction) && fabs(r->variance_reduction - 1.0) > 0.01) {
        (void)printf("%-18s as good as %.3g times as many plain paths\n", "variance",
                     r->variance_reduction);
    }
    if (isfinite(formula)) {
        (void)printf("%-18s %.8g\n", "formula", formula);
    }
}

int payoff_flags_run(const payoff_flags *flags, const char *command, const fel_process *process,
                     const payoff_option *option)
{
    fel_montecarlo_config config = flags->config;
    fel_montecarlo result;
    fel_payoff payoff;
    double formula = (double)NAN;
    const int code = make_payoff(flags, command, option, &payoff);
    if (code != CLI_DONE) {
        return code;
    }
    if (isnan(option->t_years)) {
        (void)cli_usage(command, "%s: --payoff needs --t-years (or --expiry)", command);
        return CLI_WRONG;
    }
    config.t_years = option->t_years;
    config.stop_flag = &cli_stop_flag;
    config.progress = cli_progress;
    cli_catch_signals();
    const fel_status status = fel_montecarlo_price(&result, process, 1, NULL, &payoff, &config);
    cli_progress_end();
    if (status != FEL_OK) {
        return cli_fail(status);
    }
    if (fel_payoff_closed_form(&payoff, process, option->t_years, config.n_dates, &formula) !=
        FEL_OK) {
        formula = (double)NAN;
    }
    (option->as_json ? print_json : print_text)(flags, &result, formula);
    return CLI_DONE;
}
