/* bench/bench_options.c - what each variance reduction is worth: how many times fewer paths give
 * the same standard error, and how many times less work. No peer: the plain simulation is the
 * yardstick. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/measure.h"

typedef struct method {
    const char *name;
    uint8_t antithetic, moment_matching;
    fel_draws draws;
    uint32_t controls;
} method;

static const method methods[] = {
    {"plain", 0, 0, FEL_DRAWS_PSEUDO, 0},
    {"antithetic", 1, 0, FEL_DRAWS_PSEUDO, 0},
    {"moment matching", 0, 1, FEL_DRAWS_PSEUDO, 0},
    {"control: spot", 0, 0, FEL_DRAWS_PSEUDO, FEL_CONTROL_SPOT},
    {"control: european", 0, 0, FEL_DRAWS_PSEUDO, FEL_CONTROL_EUROPEAN},
    {"control: geometric", 0, 0, FEL_DRAWS_PSEUDO, FEL_CONTROL_GEOMETRIC},
    {"Sobol", 0, 0, FEL_DRAWS_SOBOL, 0},
    {"Sobol, control: european", 0, 0, FEL_DRAWS_SOBOL, FEL_CONTROL_EUROPEAN},
    {"Sobol, control: geometric", 0, 0, FEL_DRAWS_SOBOL, FEL_CONTROL_GEOMETRIC},
};
enum { N_METHODS = sizeof(methods) / sizeof(methods[0]) };

static const fel_process gbm = {.kind = FEL_PROCESS_GBM,
                                .spot = 100.0,
                                .rate_per_year = 0.03,
                                .dividend_per_year = 0.01,
                                .vol_per_year = 0.25};
static const fel_process heston = {.kind = FEL_PROCESS_HESTON,
                                   .spot = 100.0,
                                   .rate_per_year = 0.03,
                                   .dividend_per_year = 0.01,
                                   .heston = {0.04, 1.5, 0.06, 0.6, -0.7}};

typedef struct problem {
    const char *name;
    const fel_process *process;
    const char *payoff;
    const char *param; /* other than the default */
    double value;
    size_t n_dates;
} problem;

static const problem problems[] = {
    {"european, gbm, 1 date", &gbm, "european", "strike", 100.0, 1},
    {"cash digital, gbm, 1 date", &gbm, "cash_digital", "strike", 100.0, 1},
    {"asian, gbm, 252 dates", &gbm, "asian_arithmetic", "strike", 100.0, 252},
    {"barrier 85, gbm, 50 dates", &gbm, "barrier", "barrier", 85.0, 50},
    {"lookback, gbm, 50 dates", &gbm, "lookback_floating", "multiple", 1.0, 50},
    {"european, heston, 50 dates", &heston, "european", "strike", 110.0, 50},
    {"asian, heston, 50 dates", &heston, "asian_arithmetic", "strike", 100.0, 50},
    {"barrier 85, heston, 50 dates", &heston, "barrier", "barrier", 85.0, 50},
};

enum { N_SEEDS = 8 };

/* Median-like: the mean square error over seeds steadies the estimate from replicates. */
static fel_montecarlo price_with(const problem *p, const method *m)
{
    fel_montecarlo_config config = fel_montecarlo_config_default();
    fel_montecarlo mean, one;
    fel_payoff payoff;
    MUST(fel_payoff_init(&payoff, p->payoff));
    MUST(fel_payoff_set(&payoff, p->param, p->value));
    config.n_paths = 1 << 16;
    config.n_dates = p->n_dates;
    config.n_threads = 1;
    config.antithetic = m->antithetic;
    config.moment_matching = m->moment_matching;
    config.draws = m->draws;
    config.controls = m->controls;
    memset(&mean, 0, sizeof(mean));
    mean.seconds = HUGE_VAL;
    for (uint64_t seed = 1; seed <= N_SEEDS; seed++) {
        config.seed = seed;
        MUST(fel_montecarlo_price(&one, p->process, 1, NULL, &payoff, &config));
        mean.n_paths = one.n_paths;
        mean.plain_error += one.plain_error * one.plain_error / N_SEEDS;
        mean.standard_error += one.standard_error * one.standard_error / N_SEEDS;
        mean.seconds = fmin(mean.seconds, one.seconds);
    }
    mean.variance_reduction = mean.plain_error / mean.standard_error;
    return mean;
}

/* A control that is the payoff itself, or is not for this payoff, says nothing. */
static int is_fitting(const problem *p, const method *m)
{
    const int is_european = strcmp(p->payoff, "european") == 0;
    const int has_geometric = strcmp(p->payoff, "asian_arithmetic") == 0 && p->process == &gbm;
    if ((m->controls & FEL_CONTROL_EUROPEAN) != 0 && is_european) {
        return 0;
    }
    return (m->controls & FEL_CONTROL_GEOMETRIC) == 0 || has_geometric;
}

static void bench_problem(const problem *p)
{
    double plain_seconds = 1.0;
    for (size_t i = 0; i < N_METHODS; i++) {
        if (!is_fitting(p, &methods[i])) {
            continue;
        }
        char name[128];
        const fel_montecarlo result = price_with(p, &methods[i]);
        plain_seconds = i == 0 ? result.seconds : plain_seconds;
        (void)snprintf(name, sizeof(name), "%s: %s", p->name, methods[i].name);
        const bench_row row = {.bench = "options",
                               .name = name,
                               .value = result.variance_reduction,
                               .unit = "x fewer paths"};
        print_row(&row);
        (void)fprintf(stderr, "       %.2f x the time a path, %.2f M paths/s\n",
                      result.seconds / plain_seconds,
                      (double)result.n_paths / 1e6 / result.seconds);
    }
}

int main(void)
{
    if (!is_wanted("options")) {
        return 0;
    }
    for (size_t i = 0; i < sizeof(problems) / sizeof(problems[0]); i++) {
        bench_problem(&problems[i]);
    }
    return 0;
}
