/* hedge/market_bootstrap.c - paths of a series' log returns, drawn again in blocks.
 *
 * The returns are shifted by one number before they are drawn, so that the mean of their
 * exponentials over the series is exp(drift dt): as every return is as likely as any other, the
 * price is expected to grow at the drift, whatever the blocks. */
#include <math.h>

#include "hedge/market_internal.h"

static fel_status check_closes(const fel_hedge_market *market)
{
    if (market->closes == NULL || market->n_closes < 2) {
        return FEL_RAISE(FEL_ERR_ARG, "bootstrap of %zu closes: at least 2 are needed",
                         market->closes == NULL ? (size_t)0 : market->n_closes);
    }
    for (size_t i = 0; i < market->n_closes; i++) {
        if (!(market->closes[i] > 0.0) || !isfinite(market->closes[i])) {
            return FEL_RAISE(FEL_ERR_RANGE,
                             "bootstrap: close %zu is %g; returns need prices above "
                             "zero",
                             i, market->closes[i]);
        }
    }
    return FEL_OK;
}

static fel_status check_blocks(const fel_hedge_market *market)
{
    const int is_block = market->method == FEL_BOOTSTRAP_BLOCK;
    if (!is_block && market->method != FEL_BOOTSTRAP_STATIONARY) {
        return FEL_RAISE(FEL_ERR_ARG, "bootstrap method %d is neither stationary nor block",
                         (int)market->method);
    }
    const double dates = market->block_dates;
    if (!(dates >= 1.0) || dates > (double)(market->n_closes - 1) ||
        (is_block && floor(dates) != dates)) {
        return FEL_RAISE(FEL_ERR_RANGE, "block_dates = %g; allowed are 1 to %zu%s", dates,
                         market->n_closes - 1, is_block ? ", whole" : "");
    }
    if (!(market->process.spot > 0.0) || !isfinite(market->process.spot)) {
        return FEL_RAISE(FEL_ERR_RANGE, "bootstrap: spot %g must be above 0", market->process.spot);
    }
    return FEL_OK;
}

static fel_bootstrap how_of(const fel_hedge_market *market)
{
    fel_bootstrap how = fel_bootstrap_default();
    how.method = market->method;
    how.block_bars = market->block_dates;
    how.seed = market->seed;
    return how;
}

static fel_status open_bootstrap(fel_hedge_problem *problem)
{
    fel_hedge_market *market = &problem->config.market;
    FEL_TRY(check_closes(market));
    FEL_TRY(check_blocks(market));
    const size_t n = market->n_closes - 1;
    double *factors = arena_array(&problem->memory, n, sizeof(double));
    if (factors == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu returns", n);
    }
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        factors[i] = market->closes[i + 1] / market->closes[i];
        sum += factors[i];
    }
    const double drift = market->has_drift
                             ? market->drift_per_year
                             : problem->config.rate_per_year - market->process.dividend_per_year;
    const double shift = exp(drift * problem->dt_years) * (double)n / sum;
    for (size_t i = 0; i < n; i++) {
        factors[i] *= shift;
    }
    problem->market->factors = factors;
    problem->market->n_factors = n;
    market->closes = NULL;
    return FEL_OK;
}

static fel_status fill_bootstrap(hedge_block *block)
{
    const fel_hedge_problem *problem = block->problem;
    const hedge_market_data *data = problem->market;
    const fel_bootstrap how = how_of(&problem->config.market);
    const size_t n_dates = problem->config.n_dates;
    for (size_t p = 0; p < block->n; p++) {
        double spot = problem->config.market.process.spot;
        FEL_TRY(fel_bootstrap_draw(&how, data->n_factors, block->first + p, block->drawn, n_dates));
        block->spot[p] = spot;
        for (size_t d = 0; d < n_dates; d++) {
            spot *= data->factors[block->drawn[d]];
            block->spot[(d + 1) * block->stride + p] = spot;
        }
    }
    return FEL_OK;
}

const market_class market_bootstrap = {"bootstrap", open_bootstrap, fill_bootstrap};
