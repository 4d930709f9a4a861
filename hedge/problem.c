/* hedge/problem.c - a hedging problem: made in the order in which its parts need one another. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hedge/hedge_feature_internal.h"
#include "hedge/market_internal.h"

fel_hedge_config fel_hedge_config_default(void)
{
    static const fel_hedge_instrument spot = {
        .name = "spot",
        .kind = FEL_HEDGE_SPOT,
        .right = FEL_CALL,
        .min_position = -HUGE_VAL,
        .max_position = HUGE_VAL,
    };
    static const fel_hedge_feature features[] = {
        {.info = &hedge_feature_log_moneyness.info},
        {.info = &hedge_feature_time_to_maturity.info},
        {.info = &hedge_feature_volatility.info},
        {.info = &hedge_feature_previous_position.info},
    };
    fel_hedge_config config;
    memset(&config, 0, sizeof(config));
    config.struct_size = (uint32_t)sizeof(config);
    config.side = 1;
    config.market.struct_size = (uint32_t)sizeof(config.market);
    config.market.kind = FEL_HEDGE_SIMULATED;
    config.market.seed = 1;
    config.market.scheme = FEL_SCHEME_QE_M;
    config.market.n_substeps = 1;
    config.market.method = FEL_BOOTSTRAP_STATIONARY;
    config.market.block_dates = 20.0;
    config.horizon_years = 30.0 / 365.0;
    config.n_dates = 30;
    config.instruments = &spot;
    config.n_instruments = 1;
    config.premium = (double)NAN;
    config.rate_per_year = (double)NAN;
    config.reference_vol = (double)NAN;
    config.is_unwinding = 1;
    config.features = features;
    config.n_features = sizeof(features) / sizeof(features[0]);
    return config;
}

/* ---- making one ------------------------------------------------------------------------------ */

static fel_status set_rates(fel_hedge_problem *problem)
{
    fel_hedge_config *config = &problem->config;
    const fel_process *process = &config->market.process;
    if (isnan(config->rate_per_year)) {
        config->rate_per_year =
            config->market.kind == FEL_HEDGE_SIMULATED ? process->rate_per_year : 0.0;
    }
    const size_t n = config->n_dates;
    problem->dt_years = config->horizon_years / (double)n;
    problem->carry = exp(process->dividend_per_year * problem->dt_years);
    problem->growth = arena_array(&problem->memory, n + 1, sizeof(double));
    if (problem->growth == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu dates", n);
    }
    for (size_t k = 0; k <= n; k++) {
        problem->growth[k] =
            exp(config->rate_per_year * config->horizon_years * (double)(n - k) / (double)n);
    }
    return FEL_OK;
}

static fel_status open_market(fel_hedge_problem *problem)
{
    problem->market = arena_alloc(&problem->memory, sizeof(*problem->market));
    if (problem->market == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a market");
    }
    const market_class *kind = market_class_of(problem->config.market.kind);
    if (kind == NULL) {
        return FEL_RAISE(FEL_ERR_INTERNAL, "a market that is none");
    }
    problem->market->kind = kind;
    problem->total_variance = (double)NAN;
    FEL_TRY(set_rates(problem));
    return kind->open(problem);
}

/* The first claim's that has one. */
static double strike_of(const fel_hedge_config *config)
{
    for (size_t i = 0; i < config->n_claims; i++) {
        const double strike = claim_param(&config->claims[i].payoff, "strike");
        if (!isnan(strike)) {
            return strike;
        }
    }
    return config->market.process.spot;
}

static fel_status build(fel_hedge_problem *problem, const fel_hedge_config *config)
{
    FEL_TRY(problem_copy(problem, config));
    FEL_TRY(open_market(problem));
    problem->strike = strike_of(&problem->config);
    FEL_TRY(problem_reference_vol(problem));
    FEL_TRY(claims_check(problem));
    FEL_TRY(instruments_open(problem));
    FEL_TRY(problem_premium(problem));
    FEL_TRY(problem_units(problem));
    return hedge_columns_check(problem, FEL_HEDGE_MAX_FEATURES + FEL_HEDGE_MAX_INSTRUMENTS);
}

fel_status fel_hedge_problem_create(fel_hedge_problem **out, const fel_hedge_config *config)
{
    FEL_TRY(problem_check(config));
    fel_hedge_problem *problem = calloc(1, sizeof(*problem));
    if (problem == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a hedging problem");
    }
    const fel_status status = build(problem, config);
    if (status != FEL_OK) {
        fel_hedge_problem_destroy(problem);
        return status;
    }
    *out = problem;
    return FEL_OK;
}

void fel_hedge_problem_destroy(fel_hedge_problem *problem)
{
    if (problem == NULL) {
        return;
    }
    for (size_t j = 0; problem->market != NULL && j < FEL_HEDGE_MAX_INSTRUMENTS; j++) {
        quote_table_destroy(problem->market->quotes[j]);
    }
    fel_paths_destroy(problem->paths);
    arena_free(&problem->memory);
    free(problem);
}

/* ---- what it says ---------------------------------------------------------------------------- */

const fel_hedge_config *fel_hedge_problem_config(const fel_hedge_problem *problem)
{
    return &problem->config;
}

double fel_hedge_problem_unit(const fel_hedge_problem *problem, size_t instrument)
{
    return instrument < problem->config.n_instruments ? problem->unit[instrument] : (double)NAN;
}

double fel_hedge_problem_premium(const fel_hedge_problem *problem, double *standard_error,
                                 const char **source)
{
    if (standard_error != NULL) {
        *standard_error = problem->premium_error;
    }
    if (source != NULL) {
        *source = problem->premium_source;
    }
    return problem->config.premium;
}

double fel_hedge_problem_reference_vol(const fel_hedge_problem *problem)
{
    return problem->config.reference_vol;
}
