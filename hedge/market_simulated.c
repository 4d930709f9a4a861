/* hedge/market_simulated.c - paths of the simulator, in double. */
#include "hedge/market_internal.h"

/* The variance of the whole life as expected at date 0, the jumps' included. */
static double total_variance(const fel_process *p, double t_years)
{
    double total = fel_process_has_variance(p) ? fel_total_variance(&p->heston, t_years)
                                               : p->vol_per_year * p->vol_per_year * t_years;
    if (fel_process_has_jumps(p)) {
        const fel_jumps *jumps = &p->jumps;
        const double square = jumps->mean * jumps->mean + jumps->vol * jumps->vol;
        total += jumps->intensity_per_year * t_years * square;
    }
    return total;
}

static fel_status open_simulated(fel_hedge_problem *problem)
{
    const fel_hedge_market *market = &problem->config.market;
    fel_path_config config = fel_path_config_default();
    config.scheme = market->scheme;
    config.horizon_years = problem->config.horizon_years;
    config.n_dates = problem->config.n_dates;
    config.n_substeps = market->n_substeps;
    config.seed = market->seed;
    config.physical_drift = market->has_drift != 0;
    config.drift_per_year = market->has_drift ? market->drift_per_year : 0.0;
    problem->market->has_variance = 1;
    FEL_TRY(fel_paths_create(&problem->paths, &market->process, 1, NULL, &config));
    problem->total_variance = total_variance(&market->process, config.horizon_years);
    return FEL_OK;
}

static fel_status fill_simulated(hedge_block *block)
{
    const fel_path_block_f64 paths = {
        .first_path = block->first,
        .n_paths = block->n,
        .path_stride = block->stride,
        .values = {[FEL_PATH_SPOT] = block->spot,
                   [FEL_PATH_VARIANCE] = block->variance,
                   [FEL_PATH_INTEGRATED] = block->area,
                   [FEL_PATH_VARIANCE_SWAP] = block->swap},
    };
    return fel_paths_fill_f64(block->problem->paths, &paths);
}

const market_class market_simulated = {"simulated", open_simulated, fill_simulated};
