/* sim/paths_check.c - what a generator refuses, before it allocates anything. */
#include <math.h>
#include <string.h>

#include "sim/generator_internal.h"

enum { MOST_DATES = 1000000, MOST_SUBSTEPS = 10000 };

static fel_status check_time(const fel_path_config *config)
{
    if (!isfinite(config->horizon_years) || config->horizon_years <= 0.0 ||
        config->horizon_years > 1e4) {
        return FEL_RAISE(FEL_ERR_RANGE, "horizon of %g years: above 0, at most 10000",
                         config->horizon_years);
    }
    if (config->n_dates < 1 || config->n_dates > MOST_DATES) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu dates: 1 .. %d", config->n_dates, MOST_DATES);
    }
    if (config->n_substeps < 1 || config->n_substeps > MOST_SUBSTEPS) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu sub-steps: 1 .. %d", config->n_substeps,
                         MOST_SUBSTEPS);
    }
    if (config->n_dates > UINT32_MAX / config->n_substeps) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu dates of %zu sub-steps: at most 2^32 - 1 steps",
                         config->n_dates, config->n_substeps);
    }
    return FEL_OK;
}

static fel_status check_choices(const fel_path_config *config)
{
    static const uint8_t none[sizeof(config->reserved)] = {0};
    if (config->struct_size != sizeof(*config)) {
        return FEL_RAISE(FEL_ERR_ABI, "path configuration of %u bytes, this library has %zu",
                         config->struct_size, sizeof(*config));
    }
    if (scheme_of(config->scheme) == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "scheme %d: there is none with this number",
                         (int)config->scheme);
    }
    if (source_of(config->draws) == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "draws %d: 0 pseudo-random, 1 Sobol", (int)config->draws);
    }
    if (config->antithetic > 1 || config->moment_matching > 1 || config->physical_drift > 1 ||
        memcmp(config->reserved, none, sizeof(none)) != 0) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "flags of the path configuration are 0 or 1 and its reserved bytes 0");
    }
    if (config->physical_drift && !(fabs(config->drift_per_year) <= 100.0)) {
        return FEL_RAISE(FEL_ERR_RANGE, "drift_per_year = %g: -100 .. 100", config->drift_per_year);
    }
    return FEL_OK;
}

static fel_status check_jumps(const fel_process *process, const fel_path_config *config)
{
    const double step = config->horizon_years / (double)(config->n_dates * config->n_substeps);
    const double expected = process->jumps.intensity_per_year * step;
    if (fel_process_has_jumps(process) && expected > PATH_MAX_STEP_JUMPS) {
        return FEL_RAISE(FEL_ERR_RANGE, "%g jumps expected in a step, at most %d: use sub-steps",
                         expected, PATH_MAX_STEP_JUMPS);
    }
    return FEL_OK;
}

fel_status paths_check(const fel_process *assets, size_t n_assets, const fel_path_config *config)
{
    FEL_TRY(check_choices(config));
    FEL_TRY(check_time(config));
    if (n_assets < 1 || n_assets > FEL_PATH_MAX_ASSETS) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu assets: 1 .. %d", n_assets, FEL_PATH_MAX_ASSETS);
    }
    for (size_t a = 0; a < n_assets; a++) {
        FEL_TRY(fel_process_check(&assets[a]));
        FEL_TRY(check_jumps(&assets[a], config));
    }
    return FEL_OK;
}
