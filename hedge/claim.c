/* hedge/claim.c - what the book pays on a block of paths. */
#include <math.h>
#include <string.h>

#include "hedge/market_internal.h"

/* A payoff sees cash that earns the problem's rate. */
static fel_process process_of(const fel_hedge_problem *problem)
{
    fel_process process = problem->config.market.process;
    process.rate_per_year = problem->config.rate_per_year;
    return process;
}

double claim_param(const fel_payoff *payoff, const char *name)
{
    for (uint32_t i = 0; i < payoff->code->n_params; i++) {
        if (strcmp(payoff->code->params[i].name, name) == 0) {
            return payoff->params[i];
        }
    }
    return (double)NAN;
}

int claim_is_european(const fel_payoff *payoff, fel_option_right *right, double *strike)
{
    if (strcmp(payoff->code->name, "european") != 0) {
        return 0;
    }
    *right = claim_param(payoff, "right") > 0.0 ? FEL_PUT : FEL_CALL;
    *strike = claim_param(payoff, "strike");
    return 1;
}

static fel_status outputs_of(const fel_hedge_problem *problem, size_t claim, uint32_t *outputs)
{
    const fel_hedge_config *config = &problem->config;
    const fel_process process = process_of(problem);
    return fel_payoff_check(&config->claims[claim].payoff, &process, config->horizon_years,
                            config->n_dates, outputs);
}

fel_status claims_check(const fel_hedge_problem *problem)
{
    const fel_hedge_config *config = &problem->config;
    for (size_t i = 0; i < config->n_claims; i++) {
        uint32_t outputs = 0;
        FEL_TRY(outputs_of(problem, i, &outputs));
        if ((outputs & UINT32_C(1) << FEL_PATH_INTEGRATED) == 0) {
            continue;
        }
        if (config->market.kind != FEL_HEDGE_SIMULATED) {
            return FEL_RAISE(FEL_ERR_ARG,
                             "claim %zu: %s monitored continuously needs the variance between "
                             "dates, which %s paths do not give: monitoring dates",
                             i, config->claims[i].payoff.code->name, problem->market->kind->name);
        }
        problem->market->has_area = 1;
    }
    return FEL_OK;
}

fel_status claims_fill(hedge_block *block)
{
    const fel_hedge_problem *problem = block->problem;
    const fel_hedge_config *config = &problem->config;
    const fel_process process = process_of(problem);
    const fel_payoff_paths paths = {
        .process = &process,
        .t_years = config->horizon_years,
        .n_dates = config->n_dates,
        .n_assets = 1,
        .seed = config->market.seed,
        .first_path = block->first,
        .n_paths = block->n,
        .path_stride = block->stride,
        .spot = block->spot,
        .integrated = block->area,
    };
    for (size_t i = 0; i < config->n_claims; i++) {
        const double quantity = config->side * config->claims[i].quantity;
        double *value = i == 0 ? block->payoff : block->scratch;
        FEL_TRY(fel_payoff_values(&config->claims[i].payoff, &paths, value));
        for (size_t p = 0; p < block->n; p++) {
            const double pays = quantity * value[p];
            block->payoff[p] = i == 0 ? pays : block->payoff[p] + pays;
        }
    }
    return FEL_OK;
}
