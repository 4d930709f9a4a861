/* hedge/problem_premium.c - what the book is worth at date 0, and the volatility that goes with it.
 *
 * Each claim by formula where there is one, European options of other processes by Fourier, the
 * rest by 2^20 Sobol paths of the market's own scheme and dates. A market without a model:
 * Black-Scholes at the reference volatility if all claims are European, else the mean of what the
 * book pays on pilot paths, discounted. */
#include <math.h>

#include <feller/montecarlo.h>

#include "hedge/market_internal.h"

/* ---- reference volatility -------------------------------------------------------------------- */

/* Of the spot: below it the price is known too inexactly to have a volatility. */
#define LEAST_PRICE 1e-10

/* That of the model's price of the option, out of the money, at this strike; 0 if it has none. */
static fel_status vol_at_strike(const fel_process *process, double t_years, double strike,
                                double *vol)
{
    const double forward =
        process->spot * exp((process->rate_per_year - process->dividend_per_year) * t_years);
    const double discount = exp(-process->rate_per_year * t_years);
    const fel_option_right right = strike < forward ? FEL_PUT : FEL_CALL;
    double price = 0.0;
    FEL_TRY(fel_price_european(process, t_years, &strike, &right, 1, FEL_PRICE_ADAPTIVE, &price));
    if (price < LEAST_PRICE * process->spot) {
        *vol = 0.0;
        return FEL_OK;
    }
    return fel_implied_vol(right, price, forward, strike, t_years, discount, vol);
}

/* Where the strike is so far away that it has none: the root of the expected variance. */
static double model_vol(const fel_hedge_problem *problem)
{
    const fel_process *process = &problem->config.market.process;
    const double t_years = problem->config.horizon_years;
    if (process->kind == FEL_PROCESS_GBM) {
        return process->vol_per_year;
    }
    double vol = 0.0;
    if (vol_at_strike(process, t_years, problem->strike, &vol) == FEL_OK && vol > 0.0) {
        return vol;
    }
    return sqrt(problem->total_variance / t_years);
}

fel_status problem_reference_vol(fel_hedge_problem *problem)
{
    fel_hedge_config *config = &problem->config;
    const int has_model = config->market.kind == FEL_HEDGE_SIMULATED;
    if (isnan(config->reference_vol)) {
        config->reference_vol = has_model ? model_vol(problem) : market_volatility(problem);
    }
    if (!has_model) {
        fel_process *process = &config->market.process;
        process->rate_per_year = config->rate_per_year;
        process->vol_per_year =
            process->vol_per_year > 0.0 ? process->vol_per_year : config->reference_vol;
    }
    return FEL_OK;
}

/* ---- premium --------------------------------------------------------------------------------- */

enum { LOG_PATHS = 20, BUFFER = 64 };

/* How a price was come by, from the most exact on. */
enum { BY_BLACK_SCHOLES, BY_FORMULA, BY_FOURIER, BY_PATHS };

typedef struct valuation {
    double price, error;
    int how;
} valuation;

static fel_status by_paths(const fel_hedge_config *config, const fel_payoff *payoff, valuation *out)
{
    fel_montecarlo_config how = fel_montecarlo_config_default();
    how.scheme = config->market.scheme;
    how.t_years = config->horizon_years;
    how.n_dates = config->n_dates;
    how.n_substeps = config->market.n_substeps;
    how.seed = config->market.seed;
    how.n_paths = UINT64_C(1) << LOG_PATHS;
    how.draws = FEL_DRAWS_SOBOL;
    fel_montecarlo result;
    fel_status status =
        fel_montecarlo_price(&result, &config->market.process, 1, NULL, payoff, &how);
    if (status == FEL_ERR_RANGE) { /* more dimensions than Sobol points have */
        how.draws = FEL_DRAWS_PSEUDO;
        how.controls = FEL_CONTROL_SPOT;
        status = fel_montecarlo_price(&result, &config->market.process, 1, NULL, payoff, &how);
    }
    if (status == FEL_OK) {
        *out = (valuation){result.price, result.standard_error, BY_PATHS};
    }
    return status;
}

static fel_status value_claim(const fel_hedge_config *config, const fel_payoff *payoff,
                              valuation *out)
{
    const fel_process *process = &config->market.process;
    fel_option_right right = FEL_CALL;
    double strike = 0.0;
    const fel_status status = fel_payoff_closed_form(payoff, process, config->horizon_years,
                                                     config->n_dates, &out->price);
    if (status == FEL_ERR_NOTFOUND) {
        return by_paths(config, payoff, out);
    }
    const int is_gbm = process->kind == FEL_PROCESS_GBM;
    out->error = 0.0;
    out->how = !is_gbm                                           ? BY_FOURIER
               : claim_is_european(payoff, &right, &strike) != 0 ? BY_BLACK_SCHOLES
                                                                 : BY_FORMULA;
    return status;
}

static fel_status name_source(fel_hedge_problem *problem, int how)
{
    static const char *const names[] = {"Black-Scholes", "closed form", "Fourier"};
    problem->premium_source =
        how == BY_PATHS ? arena_printf(&problem->memory, "Monte Carlo, %d paths", 1 << LOG_PATHS)
                        : names[how];
    return problem->premium_source != NULL
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a hedging problem");
}

/* Errors of claims on the same paths are not independent: their sum bounds that of the book. */
static fel_status model_premium(fel_hedge_problem *problem)
{
    fel_hedge_config *config = &problem->config;
    double premium = 0.0, error = 0.0;
    int how = BY_BLACK_SCHOLES;
    for (size_t i = 0; i < config->n_claims; i++) {
        const fel_hedge_claim *claim = &config->claims[i];
        valuation value = {0.0, 0.0, BY_BLACK_SCHOLES};
        FEL_TRY(value_claim(config, &claim->payoff, &value));
        premium += claim->quantity * value.price;
        error += fabs(claim->quantity) * value.error;
        how = value.how > how ? value.how : how;
    }
    config->premium = premium;
    problem->premium_error = error;
    return name_source(problem, how);
}

/* All claims at one volatility; 0 if one has no such price. */
static int black_scholes_premium(const fel_hedge_config *config, double *premium)
{
    const double t = config->horizon_years, rate = config->rate_per_year;
    const double q = config->market.process.dividend_per_year;
    const double forward = config->market.process.spot * exp((rate - q) * t);
    double sum = 0.0;
    for (size_t i = 0; i < config->n_claims; i++) {
        fel_option_right right = FEL_CALL;
        double strike = 0.0;
        if (!claim_is_european(&config->claims[i].payoff, &right, &strike)) {
            return 0;
        }
        sum += config->claims[i].quantity *
               fel_black(right, forward, strike, t, config->reference_vol, exp(-rate * t));
    }
    *premium = sum;
    return 1;
}

static fel_status data_premium(fel_hedge_problem *problem)
{
    fel_hedge_config *config = &problem->config;
    if (black_scholes_premium(config, &config->premium)) {
        problem->premium_source = "Black-Scholes";
        return FEL_OK;
    }
    double mean = 0.0, error = 0.0;
    FEL_TRY(pilot_payoff(problem, &mean, &error));
    const double discount = exp(-config->rate_per_year * config->horizon_years);
    config->premium = config->side * mean * discount;
    problem->premium_error = error * discount;
    problem->premium_source = arena_printf(&problem->memory, "mean payoff of %zu pilot paths",
                                           hedge_pilot_count(problem));
    return problem->premium_source != NULL
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a hedging problem");
}

fel_status problem_premium(fel_hedge_problem *problem)
{
    if (!isnan(problem->config.premium)) {
        problem->premium_source = "given";
        return FEL_OK;
    }
    return problem->config.market.kind == FEL_HEDGE_SIMULATED ? model_premium(problem)
                                                              : data_premium(problem);
}
