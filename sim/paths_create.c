/* sim/paths_create.c - a generator: laws of the assets for the length of a step, drivers numbered
 * and mixed, the source of normals made ready. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/exact_internal.h"
#include "sim/generator_internal.h"

fel_path_config fel_path_config_default(void)
{
    const fel_path_config config = {
        .struct_size = sizeof(config),
        .scheme = FEL_SCHEME_QE_M,
        .horizon_years = 1.0,
        .n_dates = 252,
        .n_substeps = 1,
        .seed = 1,
    };
    return config;
}

/* E[J] - 1: what jumps add to the drift, a jump. */
static double jump_mean(const fel_jumps *jumps)
{
    return expm1(jumps->mean + 0.5 * jumps->vol * jumps->vol);
}

double law_drift(const asset_law *law)
{
    const fel_jumps *jumps = &law->process.jumps;
    const double lost = law->has_jumps ? jumps->intensity_per_year * jump_mean(jumps) : 0.0;
    return law->drift_per_year - lost;
}

static const scheme_class *scheme_for(const fel_process *process, fel_scheme asked)
{
    if (!fel_process_has_variance(process)) {
        return &scheme_gbm;
    }
    return process->heston.xi > 0.0 ? scheme_of(asked) : &scheme_sure;
}

static fel_status make_law(fel_paths *paths, size_t a, const fel_process *process)
{
    const fel_path_config *config = &paths->config;
    asset_law *law = &paths->laws[a];
    law->process = *process;
    law->index = (uint32_t)a;
    law->dt_years = config->horizon_years / (double)paths->n_steps;
    law->drift_per_year = config->physical_drift
                              ? config->drift_per_year
                              : process->rate_per_year - process->dividend_per_year;
    law->has_variance = fel_process_has_variance(process) != 0;
    law->has_jumps = fel_process_has_jumps(process) && process->jumps.intensity_per_year > 0.0;
    paths->schemes[a] = scheme_for(process, config->scheme);
    if (paths->schemes[a]->uses & USES_Z_VARIANCE) {
        law->driver_variance = paths->n_drivers++;
        paths->needs_tail[law->driver_variance] =
            (paths->schemes[a]->uses & USES_TAIL_VARIANCE) != 0;
        paths->tail_alone[law->driver_variance] = (paths->schemes[a]->uses & TAIL_SERVES) != 0 &&
                                                  !config->antithetic && !config->moment_matching;
    }
    law->driver_price = paths->n_drivers++;
    if (law->has_jumps) {
        FEL_TRY(jump_table_make(law));
    }
    return paths->schemes[a]->prepare(law);
}

/* One row for each price, one for each variance. */
static fel_status keep_correlation(fel_paths *paths, const double *correlation)
{
    paths->n_motions = paths->n_assets;
    for (size_t a = 0; a < paths->n_assets; a++) {
        paths->n_motions += paths->laws[a].has_variance;
    }
    const size_t bytes = paths->n_motions * paths->n_motions * sizeof(*correlation);
    paths->correlation = malloc(bytes);
    if (paths->correlation == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a correlation matrix");
    }
    memcpy(paths->correlation, correlation, bytes);
    return FEL_OK;
}

static fel_status build(fel_paths *paths, const fel_process *assets, const double *correlation)
{
    paths->laws = calloc(paths->n_assets, sizeof(*paths->laws));
    paths->schemes = calloc(paths->n_assets, sizeof(const scheme_class *));
    if (paths->laws == NULL || paths->schemes == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu assets", paths->n_assets);
    }
    for (size_t a = 0; a < paths->n_assets; a++) {
        FEL_TRY(make_law(paths, a, &assets[a]));
    }
    if (correlation != NULL && paths->n_assets > 1) {
        FEL_TRY(keep_correlation(paths, correlation));
        FEL_TRY(drivers_mix(&paths->mixing, paths, correlation));
        memset(paths->tail_alone, 0, sizeof(paths->tail_alone));
        FEL_TRY(exact_check(paths));
    }
    paths->source = source_of(paths->config.draws);
    if (paths->source->prepare != NULL) {
        FEL_TRY(paths->source->prepare(&paths->shared, &paths->config, paths->n_drivers,
                                       paths->n_steps));
    }
    return FEL_OK;
}

fel_status fel_paths_create(fel_paths **out, const fel_process *assets, size_t n_assets,
                            const double *correlation, const fel_path_config *config)
{
    FEL_TRY(paths_check(assets, n_assets, config));
    fel_paths *paths = calloc(1, sizeof(*paths));
    if (paths == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a path generator");
    }
    paths->config = *config;
    paths->n_assets = n_assets;
    paths->n_steps = (uint32_t)(config->n_dates * config->n_substeps);
    paths->block_paths = config->moment_matching ? FEL_PATH_GROUP : PATH_BLOCK;
    const fel_status status = build(paths, assets, correlation);
    if (status != FEL_OK) {
        fel_paths_destroy(paths);
        return status;
    }
    *out = paths;
    return FEL_OK;
}

void fel_paths_destroy(fel_paths *paths)
{
    if (paths == NULL) {
        return;
    }
    if (paths->source != NULL && paths->source->release != NULL) {
        paths->source->release(paths->shared);
    }
    for (size_t a = 0; paths->laws != NULL && a < paths->n_assets; a++) {
        free(paths->laws[a].table);
        free(paths->laws[a].jump_tails);
    }
    free(paths->laws);
    free(paths->schemes);
    free(paths->mixing);
    free(paths->correlation);
    free(paths);
}

const fel_path_config *fel_paths_config(const fel_paths *paths)
{
    return &paths->config;
}

const fel_process *fel_paths_asset(const fel_paths *paths, size_t asset)
{
    return &paths->laws[asset].process;
}

size_t fel_paths_count_assets(const fel_paths *paths)
{
    return paths->n_assets;
}
