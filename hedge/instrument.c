/* hedge/instrument.c - what instruments are worth along a block of paths. */
#include <math.h>
#include <string.h>

#include "hedge/market_internal.h"

int instruments_alias_spot(const fel_hedge_problem *problem)
{
    return problem->config.n_instruments == 1 &&
           problem->config.instruments[0].kind == FEL_HEDGE_SPOT;
}

/* ---- once a problem -------------------------------------------------------------------------- */

/* Has the option's price no formula? */
static int needs_table(const fel_hedge_market *market)
{
    return market->kind == FEL_HEDGE_SIMULATED && market->process.kind != FEL_PROCESS_GBM;
}

fel_status instruments_open(fel_hedge_problem *problem)
{
    const fel_hedge_config *config = &problem->config;
    for (size_t j = 0; j < config->n_instruments; j++) {
        const fel_hedge_instrument *i = &config->instruments[j];
        const int lives_on = i->kind == FEL_HEDGE_SPOT || (i->kind == FEL_HEDGE_OPTION &&
                                                           i->expiry_years > config->horizon_years);
        problem->is_unwound[j] = config->is_unwinding && lives_on;
        if (i->kind == FEL_HEDGE_VARIANCE_SWAP) {
            problem->cost_base[j] = 2.0 * sqrt(config->horizon_years * problem->total_variance);
            problem->market->has_swap = 1;
        }
        if (i->kind == FEL_HEDGE_OPTION && needs_table(&config->market)) {
            FEL_TRY(quote_table_create(&problem->market->quotes[j], problem, i));
        }
    }
    return FEL_OK;
}

/* ---- along paths ----------------------------------------------------------------------------- */

/* Black-Scholes at one volatility; what is due at expiry. */
static void quote_by_formula(const fel_hedge_problem *problem, const fel_hedge_instrument *option,
                             double left_years, const double *spot, double *price, size_t n)
{
    const fel_process *process = &problem->config.market.process;
    const int has_model = problem->config.market.kind == FEL_HEDGE_SIMULATED;
    const double vol = has_model ? process->vol_per_year : option->vol_per_year;
    const double rate = has_model ? process->rate_per_year : problem->config.rate_per_year;
    const double discount = exp(-rate * left_years);
    const double growth = exp((rate - process->dividend_per_year) * left_years);
    for (size_t p = 0; p < n; p++) {
        price[p] =
            fel_black(option->right, growth * spot[p], option->strike, left_years, vol, discount);
    }
}

static void pay_at_expiry(const fel_hedge_instrument *option, const double *spot, double *price,
                          size_t n)
{
    const double sign = option->right == FEL_CALL ? 1.0 : -1.0;
    for (size_t p = 0; p < n; p++) {
        const double inside = sign * (spot[p] - option->strike);
        price[p] = inside > 0.0 ? inside : 0.0;
    }
}

fel_status option_quote(const fel_hedge_problem *problem, size_t instrument, size_t date,
                        const double *spot, const double *variance, double *price, size_t n)
{
    const fel_hedge_config *config = &problem->config;
    const fel_hedge_instrument *option = &config->instruments[instrument];
    const size_t n_dates = config->n_dates;
    if (date == n_dates && option->expiry_years <= config->horizon_years) {
        pay_at_expiry(option, spot, price, n);
        return FEL_OK;
    }
    const quote_table *table = problem->market->quotes[instrument];
    if (table != NULL) {
        return quote_table_price(table, date, spot, variance, price, n);
    }
    const double left_years = (option->expiry_years - config->horizon_years) +
                              problem->dt_years * (double)(n_dates - date);
    quote_by_formula(problem, option, left_years, spot, price, n);
    return FEL_OK;
}

fel_status instruments_fill(hedge_block *block)
{
    const fel_hedge_config *config = &block->problem->config;
    const size_t stride = block->stride;
    for (size_t j = 0; block->price != block->spot && j < config->n_instruments; j++) {
        const fel_hedge_instrument *i = &config->instruments[j];
        for (size_t d = 0; d <= config->n_dates; d++) {
            double *price = block_price(block, d, j);
            const double *spot = block_spot(block, d);
            if (i->kind == FEL_HEDGE_OPTION) {
                FEL_TRY(option_quote(block->problem, j, d, spot, block_variance(block, d), price,
                                     stride));
            } else {
                memcpy(price, i->kind == FEL_HEDGE_SPOT ? spot : block->swap + d * stride,
                       stride * sizeof(double));
            }
        }
    }
    return FEL_OK;
}
