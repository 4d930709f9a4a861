/* sim/option_plan.c - a pricing by paths, checked and set up. */
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "sim/option_internal.h"
#include "sim/paths_internal.h"

/* The seeds of replicates: see COUNTERS in sim/paths_internal.h. */
#define DRAW_REPLICATE UINT32_C(0x60000000)

enum { CACHED_DOUBLES = 64 * 1024, MOST_REPLICATES = 1024 };
static const uint64_t most_paths = UINT64_C(1000000000000);

fel_montecarlo_config fel_montecarlo_config_default(void)
{
    const fel_montecarlo_config config = {
        .struct_size = sizeof(fel_montecarlo_config),
        .scheme = FEL_SCHEME_QE_M,
        .t_years = 1.0,
        .n_paths = 100000,
        .n_dates = 1,
        .n_substeps = 1,
        .seed = 1,
        .draws = FEL_DRAWS_PSEUDO,
        .n_replicates = 16,
    };
    return config;
}

static fel_status check_config(const fel_montecarlo_config *config)
{
    if (config->struct_size != sizeof(*config)) {
        return FEL_RAISE(FEL_ERR_ABI,
                         "montecarlo configuration of %u bytes, this library's has %zu",
                         config->struct_size, sizeof(*config));
    }
    if (config->n_paths < 2 || config->n_paths > most_paths) {
        return FEL_RAISE(FEL_ERR_RANGE, "%llu paths, allowed are 2 to 10^12",
                         (unsigned long long)config->n_paths);
    }
    if (config->draws == FEL_DRAWS_SOBOL &&
        (config->n_replicates < 2 || config->n_replicates > MOST_REPLICATES)) {
        return FEL_RAISE(FEL_ERR_RANGE, "%u replicates, allowed are 2 to %d", config->n_replicates,
                         MOST_REPLICATES);
    }
    if (config->block_paths > OPTION_BLOCK) {
        return FEL_RAISE(FEL_ERR_RANGE, "blocks of %zu paths, allowed are up to %d",
                         config->block_paths, OPTION_BLOCK);
    }
    return FEL_OK;
}

/* Paths and blocks of a replicate, in whole pairs or groups. */
static void plan_sizes(option_plan *plan)
{
    const fel_montecarlo_config *config = &plan->config;
    plan->n_replicates = config->draws == FEL_DRAWS_SOBOL ? config->n_replicates : 1;
    plan->sample_paths = config->antithetic ? 2 : 1;
    const uint64_t unit = config->moment_matching ? FEL_PATH_GROUP : plan->sample_paths;
    uint64_t paths = (config->n_paths + plan->n_replicates - 1) / plan->n_replicates;
    paths = (paths + unit - 1) / unit * unit;
    plan->replicate_paths = paths;
    plan->n_blocks = (paths + OPTION_BLOCK - 1) / OPTION_BLOCK;
}

/* As many paths at a time as stay in the cache; a whole group if it is made as one. */
static size_t plan_chunk(const option_plan *plan)
{
    if (plan->config.moment_matching) {
        return OPTION_BLOCK;
    }
    const size_t rows = (plan->job.n_dates + 1) * plan->job.n_assets * (plan->job.needs_area + 1U);
    size_t paths = plan->config.block_paths > 0 ? plan->config.block_paths : CACHED_DOUBLES / rows;
    paths = paths < PATH_ALIGN ? PATH_ALIGN : paths / PATH_ALIGN * PATH_ALIGN;
    return paths < OPTION_BLOCK ? paths : OPTION_BLOCK;
}

/* Replicate r > 0 has a seed of its own, so that draws beside the Sobol points are independent too.
 */
static uint64_t seed_of(const fel_montecarlo_config *config, uint32_t replicate)
{
    const uint32_t counter[4] = {replicate, 0, 0, DRAW_REPLICATE};
    uint32_t words[4];
    rng_block(config->seed, counter, words);
    return replicate == 0 ? config->seed : words[0] | (uint64_t)words[1] << 32;
}

static fel_status make_paths(option_plan *plan, const fel_process *assets, size_t n_assets,
                             const double *correlation)
{
    plan->paths = calloc(plan->n_replicates, sizeof(fel_paths *));
    if (plan->paths == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu replicates", plan->n_replicates);
    }
    for (uint32_t r = 0; r < plan->n_replicates; r++) {
        fel_path_config config = fel_path_config_default();
        config.scheme = plan->config.scheme;
        config.horizon_years = plan->config.t_years;
        config.n_dates = plan->config.n_dates;
        config.n_substeps = plan->config.n_substeps;
        config.seed = seed_of(&plan->config, r);
        config.draws = plan->config.draws;
        config.replicate = r;
        config.antithetic = plan->config.antithetic;
        config.moment_matching = plan->config.moment_matching;
        FEL_TRY(fel_paths_create(&plan->paths[r], assets, n_assets, correlation, &config));
    }
    return FEL_OK;
}

fel_status option_plan_init(option_plan *plan, const fel_process *assets, size_t n_assets,
                            const double *correlation, const fel_payoff *payoff,
                            const fel_montecarlo_config *config)
{
    memset(plan, 0, sizeof(*plan));
    FEL_TRY(check_config(config));
    plan->payoff = *payoff;
    plan->config = *config;
    plan_sizes(plan);
    FEL_TRY(make_paths(plan, assets, n_assets, correlation));
    FEL_TRY(payoff_job_init(&plan->job, &plan->payoff, fel_paths_asset(plan->paths[0], 0),
                            config->t_years, config->n_dates));
    plan->job.n_assets = n_assets;
    plan->job.antithetic = config->antithetic;
    plan->chunk_paths = plan_chunk(plan);
    return option_controls_init(plan);
}

void option_plan_clear(option_plan *plan)
{
    for (size_t r = 0; plan->paths != NULL && r < plan->n_replicates; r++) {
        fel_paths_destroy(plan->paths[r]);
    }
    free(plan->paths);
    payoff_job_clear(&plan->job);
    memset(plan, 0, sizeof(*plan));
}
