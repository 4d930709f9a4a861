/* hedge/market_stored.c - paths as they are. A path has n_dates + 1 numbers: there is no such thing
 * as too short a path, only one too few. */
#include <math.h>

#include "hedge/market_internal.h"

static fel_status check_rows(const fel_hedge_market *market, const char *what, const double *values,
                             size_t dates, int may_be_zero)
{
    for (uint64_t p = 0; values != NULL && p < market->n_paths; p++) {
        for (size_t d = 0; d < dates; d++) {
            const double x = values[p * dates + d];
            if (!isfinite(x) || !(may_be_zero ? x >= 0.0 : x > 0.0)) {
                return FEL_RAISE(FEL_ERR_RANGE, "stored path %llu, date %zu: %s %g must be %s",
                                 (unsigned long long)p, d, what, x,
                                 may_be_zero ? "0 or more" : "above 0");
            }
        }
    }
    return FEL_OK;
}

static fel_status open_stored(fel_hedge_problem *problem)
{
    fel_hedge_market *market = &problem->config.market;
    const size_t dates = problem->config.n_dates + 1;
    if (market->spot == NULL || market->n_paths == 0 ||
        market->n_paths > SIZE_MAX / sizeof(double) / dates) {
        return FEL_RAISE(FEL_ERR_ARG, "a market of stored paths with %llu of them",
                         market->spot == NULL ? 0ULL : (unsigned long long)market->n_paths);
    }
    FEL_TRY(check_rows(market, "spot", market->spot, dates, 0));
    FEL_TRY(check_rows(market, "variance", market->variance, dates, 1));
    if (!(market->process.spot > 0.0)) {
        market->process.spot = market->spot[0];
    }
    problem->market->has_variance = market->variance != NULL;
    return FEL_OK;
}

static fel_status fill_stored(hedge_block *block)
{
    const fel_hedge_market *market = &block->problem->config.market;
    const size_t dates = block->problem->config.n_dates + 1;
    if (block->first > market->n_paths || block->n > market->n_paths - block->first) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu paths from %llu on; %llu are stored", block->n,
                         (unsigned long long)block->first, (unsigned long long)market->n_paths);
    }
    for (size_t p = 0; p < block->n; p++) {
        const size_t at = (size_t)(block->first + p) * dates;
        for (size_t d = 0; d < dates; d++) {
            block->spot[d * block->stride + p] = market->spot[at + d];
        }
        for (size_t d = 0; block->variance != NULL && d < dates; d++) {
            block->variance[d * block->stride + p] = market->variance[at + d];
        }
    }
    return FEL_OK;
}

const market_class market_stored = {"stored", open_stored, fill_stored};
