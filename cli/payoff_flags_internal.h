/* cli/payoff_flags_internal.h - a payoff priced by simulated paths, on the command line: --payoff
 * NAME, its parameters by --set NAME=VALUE, and how to simulate. */
#ifndef FEL_CLI_PAYOFF_FLAGS_INTERNAL_H
#define FEL_CLI_PAYOFF_FLAGS_INTERNAL_H

#ifndef FEL_MODULE_CLI
#error "cli/payoff_flags_internal.h belongs to cli/"
#endif

#include <feller/montecarlo.h>

#include "cli/cli_internal.h"

enum { PAYOFF_FLAG_FIRST = 0x600, PAYOFF_FLAG_MOST_SETS = 16 };

/* Rows for a command's table of flags. */
#define PAYOFF_FLAG_ROWS                                                                           \
    {"payoff", 0x600, "NAME", 0, "Price this payoff by simulated paths", 0},                       \
        {"set", 0x601, "PARAM=VALUE", 0, "A parameter of the payoff; may be repeated", 0},         \
        {"paths", 0x602, "N", 0, "Number of paths (100000)", 0},                                   \
        {"dates", 0x603, "N", 0, "Dates at which paths are looked at (1)", 0},                     \
        {"substeps", 0x604, "N", 0, "Steps of the scheme between two dates (1)", 0},               \
        {"scheme", 0x605, "NAME", 0, "How variance moves (qe_m)", 0},                              \
        {"draws", 0x606, "KIND", 0, "pseudo, or sobol with a Brownian bridge (pseudo)", 0},        \
        {"replicates", 0x607, "N", 0, "Random scramblings of the Sobol points (16)", 0},           \
        {"antithetic", 0x608, NULL, 0, "Paths in mirrored pairs", 0},                              \
        {"moment-matching",                                                                        \
         0x609,                                                                                    \
         NULL,                                                                                     \
         0,                                                                                        \
         "Draws of each 4,096 paths have mean 0 and variance 1",                                   \
         0},                                                                                       \
        {"control", 0x60a, "LIST", 0, "Control variates, of spot,european,geometric", 0},          \
        {"seed", 0x60b, "N", 0, "Seed of the draws (1)", 0},                                       \
    {                                                                                              \
        "threads", 0x60c, "N", 0, "Threads, 0 for all cores (0); changes no result", 0             \
    }

/* What the flags said so far. */
typedef struct payoff_flags {
    const char *payoff; /* NULL: not asked for */
    const char *sets[PAYOFF_FLAG_MOST_SETS];
    size_t n_sets;
    int needs_payoff; /* a flag was given that says something only with --payoff */
    fel_montecarlo_config config;
} payoff_flags;

void payoff_flags_init(payoff_flags *flags);

/* One flag: 0, EINVAL after a message, ARGP_ERR_UNKNOWN if it is none of these. */
error_t payoff_flags_take(payoff_flags *flags, const char *command, int key, const char *text);

/* What the command's own flags say of the option. */
typedef struct payoff_option {
    double t_years; /* NaN: not given */
    double strike;  /* 0: not given */
    fel_option_right right;
    int as_json;
} payoff_option;

/* Prices and prints: text, or a JSON object. An exit code. */
int payoff_flags_run(const payoff_flags *flags, const char *command, const fel_process *process,
                     const payoff_option *option);

#endif
