/* hedge/hedge_feature_price.c - features of the latest prices and of time. */
#include <math.h>

#include "hedge/hedge_feature_internal.h"

#define ROW(id, what, in, flag)                                                                    \
    {                                                                                              \
        .name = id, .summary = what, .unit = in, .flags = flag                                     \
    }

static void log_moneyness_at(const hedge_feature_args *args)
{
    const hedge_view *view = args->view;
    const double inverse = 1.0 / view->problem->strike;
    for (size_t i = 0; i < view->n; i++) {
        args->out[i] = log(view->spot[i] * inverse);
    }
}

static void moneyness_at(const hedge_feature_args *args)
{
    const hedge_view *view = args->view;
    const double inverse = 1.0 / view->problem->strike;
    for (size_t i = 0; i < view->n; i++) {
        args->out[i] = view->spot[i] * inverse;
    }
}

static void fill(const hedge_feature_args *args, double value)
{
    for (size_t i = 0; i < args->view->n; i++) {
        args->out[i] = value;
    }
}

static void time_to_maturity_at(const hedge_feature_args *args)
{
    fill(args, args->view->left_years);
}

static void time_left_at(const hedge_feature_args *args)
{
    fill(args, args->view->left_years / args->view->problem->config.horizon_years);
}

static void spot_at(const hedge_feature_args *args)
{
    for (size_t i = 0; i < args->view->n; i++) {
        args->out[i] = args->view->spot[i];
    }
}

static void log_return_at(const hedge_feature_args *args)
{
    const hedge_view *view = args->view;
    if (view->spot_before == NULL) {
        fill(args, 0.0);
        return;
    }
    for (size_t i = 0; i < view->n; i++) {
        args->out[i] = log(view->spot[i] / view->spot_before[i]);
    }
}

static void variance_at(const hedge_feature_args *args)
{
    for (size_t i = 0; i < args->view->n; i++) {
        args->out[i] = args->view->variance[i];
    }
}

static void volatility_at(const hedge_feature_args *args)
{
    for (size_t i = 0; i < args->view->n; i++) {
        args->out[i] = sqrt(fmax(args->view->variance[i], 0.0));
    }
}

/* unit x price moves as the spot does, so it is measured as moneyness is. */
static void instrument_price_at(const hedge_feature_args *args)
{
    const fel_hedge_problem *problem = args->view->problem;
    const size_t j = args->column->instrument;
    const double scale = problem->unit[j] / problem->strike;
    const double *price = args->view->price[j];
    for (size_t i = 0; i < args->view->n; i++) {
        args->out[i] = price[i] * scale;
    }
}

const hedge_feature_class hedge_feature_log_moneyness = {
    .info = ROW("log_moneyness", "ln(spot / strike)", "1", 0), .at = log_moneyness_at};
const hedge_feature_class hedge_feature_moneyness = {
    .info = ROW("moneyness", "spot / strike", "1", 0), .at = moneyness_at};
const hedge_feature_class hedge_feature_time_to_maturity = {
    .info = ROW("time_to_maturity", "time to the last date", "years", 0),
    .at = time_to_maturity_at};
const hedge_feature_class hedge_feature_time_left = {
    .info = ROW("time_left", "time to the last date over the whole of it", "1", 0),
    .at = time_left_at};
const hedge_feature_class hedge_feature_spot = {.info = ROW("spot", "the spot price", "money", 0),
                                                .at = spot_at};
const hedge_feature_class hedge_feature_log_return = {
    .info = ROW("log_return", "ln(spot / spot at the date before); 0 at the first", "1", 0),
    .at = log_return_at};
const hedge_feature_class hedge_feature_variance = {
    .info = ROW("variance", "the market's variance now", "1/year", 0),
    .needs_variance = 1,
    .at = variance_at};
const hedge_feature_class hedge_feature_volatility = {
    .info = ROW("volatility", "its square root, at least 0", "1/sqrt(year)", 0),
    .needs_variance = 1,
    .at = volatility_at};
const hedge_feature_class hedge_feature_instrument_price = {
    .info = ROW("instrument_price", "unit x price / strike of each instrument", "1",
                FEL_HEDGE_FEATURE_EACH_INSTRUMENT),
    .at = instrument_price_at};
