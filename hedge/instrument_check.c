/* hedge/instrument_check.c - instruments looked through: names, bounds, costs, terms of options. */
#include <math.h>
#include <string.h>

#include "hedge/market_internal.h"

enum { MOST_NAME = 64 };

static fel_status check_name(const fel_hedge_config *config, size_t j)
{
    const char *name = config->instruments[j].name;
    if (name == NULL || name[0] == '\0' || strlen(name) > MOST_NAME) {
        return FEL_RAISE(FEL_ERR_ARG, "instrument %zu has no name of 1 to %d bytes", j, MOST_NAME);
    }
    for (size_t i = 0; i < j; i++) {
        if (strcmp(config->instruments[i].name, name) == 0) {
            return FEL_RAISE(FEL_ERR_ARG, "two instruments are named \"%s\"", name);
        }
    }
    return FEL_OK;
}

static fel_status check_bounds(const fel_hedge_instrument *i)
{
    if (!(i->min_position <= i->max_position) || i->min_position >= HUGE_VAL ||
        i->max_position <= -HUGE_VAL) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s: positions from %g to %g: there are none", i->name,
                         i->min_position, i->max_position);
    }
    if (!(i->unit >= 0.0) || !isfinite(i->unit)) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s: unit %g must be above 0, or 0 for the library's",
                         i->name, i->unit);
    }
    return FEL_OK;
}

static fel_status check_cost(const fel_hedge_instrument *i)
{
    const struct {
        const char *name;
        double value;
    } rows[] = {{"proportional_bps", i->cost.proportional_bps},
                {"per_unit", i->cost.per_unit},
                {"fixed", i->cost.fixed},
                {"fixed_width", i->cost.fixed_width},
                {"quadratic_bps", i->cost.quadratic_bps}};
    for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++) {
        if (!(rows[k].value >= 0.0) || !isfinite(rows[k].value)) {
            return FEL_RAISE(FEL_ERR_RANGE, "%s: cost %s = %g must be 0 or more", i->name,
                             rows[k].name, rows[k].value);
        }
    }
    return FEL_OK;
}

static fel_status check_option(const fel_hedge_config *config, const fel_hedge_instrument *i)
{
    if (i->right != FEL_CALL && i->right != FEL_PUT) {
        return FEL_RAISE(FEL_ERR_ARG, "%s: right %d must be %d (call) or %d (put)", i->name,
                         (int)i->right, (int)FEL_CALL, (int)FEL_PUT);
    }
    if (!(i->strike > 0.0) || !(i->strike <= 1e15)) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s: strike %g must be above 0, up to 1e15", i->name,
                         i->strike);
    }
    const double least = config->horizon_years * (1.0 - 1e-12);
    if (i->expiry_years != 0.0 && (!(i->expiry_years >= least) || i->expiry_years > 1000.0)) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "%s: expiry in %.10g years lies before the last date, in %.10g", i->name,
                         i->expiry_years, config->horizon_years);
    }
    if (config->market.kind != FEL_HEDGE_SIMULATED &&
        (!(i->vol_per_year > 0.0) || !(i->vol_per_year <= 1000.0))) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "%s: vol_per_year %g must be above 0: a market without a model quotes "
                         "options at it",
                         i->name, i->vol_per_year);
    }
    return FEL_OK;
}

static fel_status check_swap(const fel_hedge_config *config, const fel_hedge_instrument *i)
{
    if (config->market.kind != FEL_HEDGE_SIMULATED) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "%s: a variance swap needs a model's variance, which %s paths do not give",
                         i->name, config->market.kind == FEL_HEDGE_STORED ? "stored" : "drawn");
    }
    if (fel_process_has_jumps(&config->market.process)) {
        return FEL_RAISE(FEL_ERR_ARG, "%s: a variance swap is not priced where there are jumps",
                         i->name);
    }
    return FEL_OK;
}

fel_status instruments_check(const fel_hedge_config *config)
{
    for (size_t j = 0; j < config->n_instruments; j++) {
        const fel_hedge_instrument *i = &config->instruments[j];
        FEL_TRY(check_name(config, j));
        FEL_TRY(check_bounds(i));
        FEL_TRY(check_cost(i));
        if (i->kind == FEL_HEDGE_OPTION) {
            FEL_TRY(check_option(config, i));
        } else if (i->kind == FEL_HEDGE_VARIANCE_SWAP) {
            FEL_TRY(check_swap(config, i));
        } else if (i->kind != FEL_HEDGE_SPOT) {
            return FEL_RAISE(FEL_ERR_ARG, "%s: instrument of kind %d; there are 0 to 2", i->name,
                             (int)i->kind);
        }
    }
    return FEL_OK;
}
