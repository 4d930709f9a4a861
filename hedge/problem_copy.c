/* hedge/problem_copy.c - a configuration of the problem's own. */
#include <string.h>

#include "hedge/market_internal.h"

static void *copy_of(arena *memory, const void *from, size_t n, size_t size)
{
    void *to = arena_array(memory, n > 0 ? n : 1, size);
    if (to != NULL && n > 0) {
        memcpy(to, from, n * size);
    }
    return to;
}

static fel_status copy_instruments(fel_hedge_problem *problem, const fel_hedge_config *config)
{
    fel_hedge_instrument *to =
        copy_of(&problem->memory, config->instruments, config->n_instruments, sizeof(*to));
    if (to == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a hedging problem");
    }
    for (size_t j = 0; j < config->n_instruments; j++) {
        to[j].name = arena_text(&problem->memory, config->instruments[j].name);
        if (to[j].name == NULL) {
            return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a hedging problem");
        }
        if (to[j].kind == FEL_HEDGE_OPTION && to[j].expiry_years < config->horizon_years) {
            to[j].expiry_years = config->horizon_years;
        }
    }
    problem->config.instruments = to;
    return FEL_OK;
}

fel_status problem_copy(fel_hedge_problem *problem, const fel_hedge_config *config)
{
    problem->config = *config;
    FEL_TRY(copy_instruments(problem, config));
    problem->config.claims =
        copy_of(&problem->memory, config->claims, config->n_claims, sizeof(*config->claims));
    problem->config.features =
        copy_of(&problem->memory, config->features, config->n_features, sizeof(*config->features));
    if (problem->config.claims == NULL || problem->config.features == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a hedging problem");
    }
    return FEL_OK;
}
