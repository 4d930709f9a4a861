/* data/indicator_statistics.c - rows of the table of indicators: change, z-score and regression of
 * a rolling window. */
#include "data/indicator_internal.h"

/* ---- rate of change -------------------------------------------------------------------------- */

static const fel_param_spec roc_params[] = {
    INDICATOR_BARS("bars", 10.0, 1.0, "bars back"),
};

static size_t roc_size(const double *params)
{
    return sizeof(fel_lag) + fel_lag_size_bytes(indicator_bars(params[0]));
}

static void roc_start(void *state, const double *params)
{
    fel_lag *lag = state;
    fel_lag_init(lag, lag + 1, indicator_bars(params[0]));
}

static int roc_push(void *state, const fel_bar *bar, double *out)
{
    const int is_full = fel_lag_is_full(state);
    const double then = fel_lag_swap(state, bar->close);
    if (!is_full) {
        return 0;
    }
    out[0] = 100.0 * ((bar->close - then) / then);
    return 1;
}

static void roc_rescale(void *state, double factor)
{
    fel_lag_rescale(state, factor);
}

static const char *const roc_outputs[] = {"roc"};

const fel_indicator_class indicator_roc = {
    INDICATOR_HEAD("roc", FEL_INPUT_CLOSE, "rate of change, in percent", "100 (c / c[n] - 1)",
                   "TA-Lib; Tulip and backtrader as a fraction"),
    INDICATOR_PARAMS(roc_params),
    INDICATOR_OUTPUTS(roc_outputs),
    .needs_positive = 1,
    INDICATOR_CODE(roc, indicator_changes),
};

/* ---- z-score --------------------------------------------------------------------------------- */

static const fel_param_spec zscore_params[] = {
    INDICATOR_BARS("bars", 20.0, 2.0, "length of the window, the bar itself included"),
    {"ddof", FEL_PARAM_INTEGER, 1.0, 0.0, 1.0, NULL, "the deviation divides by n - ddof"},
};

typedef struct zscore {
    fel_moments moments;
    double ddof;
} zscore;

static size_t zscore_size(const double *params)
{
    return sizeof(zscore) + fel_moments_size_bytes(indicator_bars(params[0]));
}

static void zscore_start(void *state, const double *params)
{
    zscore *s = state;
    fel_moments_init(&s->moments, s + 1, indicator_bars(params[0]));
    s->ddof = params[1];
}

static int zscore_push(void *state, const fel_bar *bar, double *out)
{
    zscore *s = state;
    fel_moments_push(&s->moments, bar->close);
    if (!fel_moments_is_ready(&s->moments)) {
        return 0;
    }
    const double deviation = fel_moments_deviation(&s->moments, s->ddof);
    out[1] = fel_moments_mean(&s->moments);
    out[2] = deviation;
    out[0] = deviation > 0.0 ? (bar->close - out[1]) / deviation : (double)NAN;
    return 1;
}

static void zscore_rescale(void *state, double factor)
{
    zscore *s = state;
    fel_moments_rescale(&s->moments, factor);
}

static const char *const zscore_outputs[] = {"zscore", "mean", "deviation"};

const fel_indicator_class indicator_zscore = {
    INDICATOR_HEAD("zscore", FEL_INPUT_CLOSE, "the close in deviations from its mean",
                   "(c - m) / s; m and s; NaN where nothing varies", "TA-Lib and Tulip (STDDEV)"),
    INDICATOR_PARAMS(zscore_params),
    INDICATOR_OUTPUTS(zscore_outputs),
    INDICATOR_CODE(zscore, indicator_window),
};

/* ---- regression on time ---------------------------------------------------------------------- */

static const fel_param_spec regression_params[] = {
    INDICATOR_BARS("bars", 14.0, 3.0, "length of the window"),
};

static size_t regression_size(const double *params)
{
    return sizeof(fel_trend) + fel_trend_size_bytes(indicator_bars(params[0]));
}

static void regression_start(void *state, const double *params)
{
    fel_trend *trend = state;
    fel_trend_init(trend, trend + 1, indicator_bars(params[0]));
}

static int regression_push(void *state, const fel_bar *bar, double *out)
{
    fel_trend_push(state, bar->close);
    if (!fel_trend_is_ready(state)) {
        return 0;
    }
    const fel_trend_line line = fel_trend_value(state);
    out[0] = line.end;
    out[1] = line.slope;
    out[2] = line.start;
    out[3] = line.next;
    out[4] = line.deviation;
    out[5] = line.correlation;
    return 1;
}

static void regression_rescale(void *state, double factor)
{
    fel_trend_rescale(state, factor);
}

static const char *const regression_outputs[] = {"end",  "slope",     "start",
                                                 "next", "deviation", "correlation"};

const fel_indicator_class indicator_regression = {
    INDICATOR_HEAD("regression", FEL_INPUT_CLOSE, "straight line through the last closes",
                   "least squares of c on t; its values now, at the oldest, at the next bar; "
                   "deviation of residuals with n - 2; correlation NaN if flat",
                   "TA-Lib (LINEARREG, SLOPE, INTERCEPT, TSF), Tulip"),
    INDICATOR_PARAMS(regression_params),
    INDICATOR_OUTPUTS(regression_outputs),
    INDICATOR_CODE(regression, indicator_window),
};
