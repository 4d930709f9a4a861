/* hedge/problem_check.c - a configuration looked through before anything is made of it. Bounds on
 * positions may exclude 0: such an instrument must be held, and is bought at date 0. */
#include <math.h>
#include <string.h>

#include "hedge/market_internal.h"

enum { MOST_DATES = 10000 };

static fel_status check_sizes(const fel_hedge_config *config)
{
    if (config->struct_size != sizeof(*config) ||
        config->market.struct_size != sizeof(config->market)) {
        return FEL_RAISE(FEL_ERR_ABI,
                         "hedging configuration of %u and %u bytes, this library's has %zu and "
                         "%zu: begin with fel_hedge_config_default()",
                         config->struct_size, config->market.struct_size, sizeof(*config),
                         sizeof(config->market));
    }
    if (config->n_claims == 0 || config->claims == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "a hedging problem without a claim");
    }
    if (config->n_claims > FEL_HEDGE_MAX_CLAIMS) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu claims, allowed are 1 to %d", config->n_claims,
                         FEL_HEDGE_MAX_CLAIMS);
    }
    if (config->n_instruments == 0 || config->instruments == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "a hedging problem without an instrument");
    }
    if (config->n_instruments > FEL_HEDGE_MAX_INSTRUMENTS) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu instruments, allowed are 1 to %d",
                         config->n_instruments, FEL_HEDGE_MAX_INSTRUMENTS);
    }
    if (config->n_features > FEL_HEDGE_MAX_FEATURES ||
        (config->n_features > 0 && config->features == NULL)) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu features, allowed are up to %d", config->n_features,
                         FEL_HEDGE_MAX_FEATURES);
    }
    return FEL_OK;
}

/* A number in a range, or NaN where NaN stands for something. */
static fel_status check_number(const char *what, double value, double min, double max,
                               int may_be_nan)
{
    if ((may_be_nan && isnan(value)) || (value >= min && value <= max)) {
        return FEL_OK;
    }
    return FEL_RAISE(FEL_ERR_RANGE, "%s = %g; allowed are %g to %g", what, value, min, max);
}

static fel_status check_numbers(const fel_hedge_config *config)
{
    if (config->side != 1 && config->side != -1) {
        return FEL_RAISE(FEL_ERR_ARG, "side %d must be 1 (sold) or -1 (bought)", config->side);
    }
    if (config->n_dates == 0 || config->n_dates > MOST_DATES) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu dates, allowed are 1 to %d", config->n_dates,
                         MOST_DATES);
    }
    FEL_TRY(check_number("horizon_years", config->horizon_years, 1e-9, 1000.0, 0));
    FEL_TRY(check_number("premium", config->premium, 0.0, 1e300, 1));
    FEL_TRY(check_number("rate_per_year", config->rate_per_year, -10.0, 10.0, 1));
    return check_number("reference_vol", config->reference_vol, 1e-9, 1000.0, 1);
}

static fel_status check_market(const fel_hedge_market *market)
{
    if (market_class_of(market->kind) == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "market of kind %d; there are 0 to 2", (int)market->kind);
    }
    if (market->has_drift && !isfinite(market->drift_per_year)) {
        return FEL_RAISE(FEL_ERR_RANGE, "drift_per_year = %g must be finite",
                         market->drift_per_year);
    }
    return check_number("dividend_per_year", market->process.dividend_per_year, -10.0, 10.0, 0);
}

static fel_status check_claims(const fel_hedge_config *config)
{
    for (size_t i = 0; i < config->n_claims; i++) {
        if (config->claims[i].payoff.code == NULL) {
            return FEL_RAISE(FEL_ERR_ARG, "claim %zu has no payoff: begin with fel_payoff_init()",
                             i);
        }
        if (!isfinite(config->claims[i].quantity)) {
            return FEL_RAISE(FEL_ERR_RANGE, "claim %zu: quantity %g must be finite", i,
                             config->claims[i].quantity);
        }
    }
    return FEL_OK;
}

fel_status problem_check(const fel_hedge_config *config)
{
    FEL_TRY(check_sizes(config));
    FEL_TRY(check_numbers(config));
    FEL_TRY(check_market(&config->market));
    FEL_TRY(check_claims(config));
    return instruments_check(config);
}
