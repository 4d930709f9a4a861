/* models/feature_range.c - features of a bar's range: averages over a window of what highs, lows,
 * opens and closes say about volatility. Per bar; multiply by sqrt(bars a year) for a year. */
#include "models/feature_internal.h"

static const fel_param_spec range_params[] = {
    FEATURE_BARS("bars", 20.0, 1.0, "bars in the window"),
};

static size_t range_size(const double *params)
{
    return sizeof(fel_sma) + fel_sma_size_bytes((size_t)params[0]);
}

static void range_start(void *state, const double *params)
{
    fel_sma *sma = state;
    fel_sma_init(sma, sma + 1, (size_t)params[0]);
}

/* The window's mean of x; NaN until it is full. */
static double push_mean(fel_sma *sma, double x)
{
    fel_sma_push(sma, x);
    return fel_sma_is_ready(sma) ? fel_sma_value(sma) : (double)NAN;
}

/* A variance, which rounding may leave just below 0. */
static double root(double variance)
{
    return variance < 0.0 ? 0.0 : sqrt(variance);
}

/* What the rows of this file have in common. */
#define RANGE_ROW(row_push)                                                                        \
    FEATURE_PARAMS(range_params), .n_outputs = 1, .warm_up = feature_bars_less_one,                \
                                  .state_size = range_size, .start = range_start,                  \
                                  .push = (row_push)

/* ---- high less low --------------------------------------------------------------------------- */

static void high_low_push(void *state, const fel_feature_input *in, double *out)
{
    out[0] = push_mean(state, (in->bar.high - in->bar.low) / in->bar.close);
}

const fel_feature_class feature_high_low_range = {
    FEATURE_HEAD("high_low_range", FEL_INPUT_HIGH | FEL_INPUT_LOW | FEL_INPUT_CLOSE,
                 "mean range of a bar as a share of its close", "mean((h - l) / c, n)"),
    RANGE_ROW(high_low_push),
};

/* ---- Parkinson 1980 -------------------------------------------------------------------------- */

static void parkinson_push(void *state, const fel_feature_input *in, double *out)
{
    const double range = log(in->bar.high / in->bar.low);
    out[0] = root(push_mean(state, range * range) / (4.0 * log(2.0)));
}

const fel_feature_class feature_parkinson = {
    FEATURE_HEAD("parkinson", FEL_INPUT_HIGH | FEL_INPUT_LOW, "Parkinson's volatility, a bar",
                 "sqrt(mean(log(h / l)^2, n) / (4 log 2))"),
    RANGE_ROW(parkinson_push),
};

/* ---- Garman and Klass 1980 ------------------------------------------------------------------- */

static void garman_klass_push(void *state, const fel_feature_input *in, double *out)
{
    const double range = log(in->bar.high / in->bar.low);
    const double body = log(in->bar.close / in->bar.open);
    const double x = 0.5 * range * range - (2.0 * log(2.0) - 1.0) * body * body;
    out[0] = root(push_mean(state, x));
}

enum { ALL_PRICES = FEL_INPUT_OPEN | FEL_INPUT_HIGH | FEL_INPUT_LOW | FEL_INPUT_CLOSE };

const fel_feature_class feature_garman_klass = {
    FEATURE_HEAD("garman_klass", ALL_PRICES, "Garman and Klass's volatility, a bar",
                 "sqrt(mean(log(h / l)^2 / 2 - (2 log 2 - 1) log(c / o)^2, n))"),
    RANGE_ROW(garman_klass_push),
};

/* ---- Rogers and Satchell 1991: right under a drift ------------------------------------------- */

static void rogers_satchell_push(void *state, const fel_feature_input *in, double *out)
{
    const fel_bar *b = &in->bar;
    const double x = log(b->high / b->close) * log(b->high / b->open) +
                     log(b->low / b->close) * log(b->low / b->open);
    out[0] = root(push_mean(state, x));
}

const fel_feature_class feature_rogers_satchell = {
    FEATURE_HEAD("rogers_satchell", ALL_PRICES, "Rogers and Satchell's volatility, a bar",
                 "sqrt(mean(log(h / c) log(h / o) + log(l / c) log(l / o), n))"),
    RANGE_ROW(rogers_satchell_push),
};

/* ---- average true range ---------------------------------------------------------------------- */

static const fel_param_spec atr_params[] = {
    FEATURE_BARS("bars", 14.0, 1.0, "length of Wilder's average"),
};

static size_t atr_size(const double *params)
{
    (void)params;
    return sizeof(fel_atr);
}

static void atr_start(void *state, const double *params)
{
    fel_atr_init(state, (size_t)params[0]);
}

static void atr_push(void *state, const fel_feature_input *in, double *out)
{
    fel_atr_push(state, in->bar.high, in->bar.low, in->bar.close);
    out[0] = fel_atr_value(state) / in->bar.close;
}

const fel_feature_class feature_atr_ratio = {
    FEATURE_HEAD("atr_ratio", FEL_INPUT_HIGH | FEL_INPUT_LOW | FEL_INPUT_CLOSE,
                 "average true range as a share of the close", "atr(n) / c"),
    FEATURE_PARAMS(atr_params),
    .n_outputs = 1,
    .warm_up = feature_bars,
    .state_size = atr_size,
    .start = atr_start,
    .push = atr_push,
};
