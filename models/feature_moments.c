/* models/feature_moments.c - features of the mean and deviation of a window: volatility, mean,
 * z-score, Bollinger bands. Windows with nothing to vary give 0. */
#include "models/feature_internal.h"

/* A window of returns or closes, and the close before. */
typedef struct window {
    fel_moments moments;
    double previous; /* 0: none yet */
    int is_log, of_returns;
    double width;
} window;

static size_t window_size(const double *params)
{
    return sizeof(window) + fel_moments_size_bytes((size_t)params[0]);
}

static void window_start(window *s, const double *params)
{
    fel_moments_init(&s->moments, s + 1, (size_t)params[0]);
    s->of_returns = 1;
}

/* The bar's return goes into the window, and to *x; 0 until the window is full. */
static int push_return(window *s, double close, double *x)
{
    const double ratio = close / s->previous;
    const int has_previous = s->previous > 0.0;
    *x = !has_previous ? 0.0 : s->is_log ? log(ratio) : ratio - 1.0;
    s->previous = close;
    if (has_previous) {
        fel_moments_push(&s->moments, *x);
    }
    return fel_moments_is_ready(&s->moments);
}

static int push_window(window *s, double close, double *x)
{
    if (s->of_returns) {
        return push_return(s, close, x);
    }
    *x = close;
    fel_moments_push(&s->moments, close);
    return fel_moments_is_ready(&s->moments);
}

/* ---- volatility ------------------------------------------------------------------------------ */

static const fel_param_spec volatility_params[] = {
    FEATURE_BARS("bars", 20.0, 2.0, "returns in the window"),
    {"returns", FEL_PARAM_CHOICE, 0.0, 0.0, 0.0, "simple|log", "which returns"},
};

static void volatility_start(void *state, const double *params)
{
    window *s = state;
    window_start(s, params);
    s->is_log = params[1] != 0.0;
}

static void volatility_push(void *state, const fel_feature_input *in, double *out)
{
    window *s = state;
    double x = 0.0;
    out[0] =
        push_window(s, in->bar.close, &x) ? fel_moments_deviation(&s->moments, 1.0) : (double)NAN;
}

const fel_feature_class feature_volatility = {
    FEATURE_HEAD("volatility", FEL_INPUT_CLOSE, "standard deviation of returns, a bar",
                 "sd(r, n), n - 1 in the denominator"),
    FEATURE_PARAMS(volatility_params),
    .n_outputs = 1,
    .warm_up = feature_bars,
    .state_size = window_size,
    .start = volatility_start,
    .push = volatility_push,
};

/* ---- mean ------------------------------------------------------------------------------------ */

static const fel_param_spec mean_params[] = {
    FEATURE_BARS("bars", 20.0, 1.0, "returns in the window"),
};

static void mean_start(void *state, const double *params)
{
    window_start(state, params);
}

static void mean_push(void *state, const fel_feature_input *in, double *out)
{
    window *s = state;
    double x = 0.0;
    out[0] = push_window(s, in->bar.close, &x) ? fel_moments_mean(&s->moments) : (double)NAN;
}

const fel_feature_class feature_rolling_mean = {
    FEATURE_HEAD("rolling_mean", FEL_INPUT_CLOSE, "mean of the latest returns", "mean(r, n)"),
    FEATURE_PARAMS(mean_params),
    .n_outputs = 1,
    .warm_up = feature_bars,
    .state_size = window_size,
    .start = mean_start,
    .push = mean_push,
};

/* ---- z-score --------------------------------------------------------------------------------- */

static const fel_param_spec zscore_params[] = {
    FEATURE_BARS("bars", 20.0, 2.0, "closes or returns in the window, the latest among them"),
    {"of", FEL_PARAM_CHOICE, 0.0, 0.0, 0.0, "close|return", "what is compared with its window"},
};

static void zscore_start(void *state, const double *params)
{
    window *s = state;
    window_start(s, params);
    s->of_returns = params[1] != 0.0;
}

static size_t zscore_warm_up(const double *params)
{
    return (size_t)params[0] - (params[1] == 0.0 ? 1 : 0);
}

/* A deviation this small next to the values is what rounding leaves. */
static int does_vary(const window *s, double deviation)
{
    const double scale = s->of_returns ? 1.0 : fabs(fel_moments_mean(&s->moments));
    return deviation > FEATURE_NO_DEVIATION * scale;
}

static void zscore_push(void *state, const fel_feature_input *in, double *out)
{
    window *s = state;
    double x = 0.0;
    if (!push_window(s, in->bar.close, &x)) {
        out[0] = (double)NAN;
        return;
    }
    const double deviation = fel_moments_deviation(&s->moments, 1.0);
    out[0] = does_vary(s, deviation) ? (x - fel_moments_mean(&s->moments)) / deviation : 0.0;
}

const fel_feature_class feature_rolling_zscore = {
    FEATURE_HEAD("rolling_zscore", FEL_INPUT_CLOSE, "the latest close or return within its window",
                 "(x - mean(x, n)) / sd(x, n), n - 1 in the denominator; 0 where x does not vary"),
    FEATURE_PARAMS(zscore_params),
    .n_outputs = 1,
    .warm_up = zscore_warm_up,
    .state_size = window_size,
    .start = zscore_start,
    .push = zscore_push,
};

/* ---- Bollinger bands (n in the denominator, as Bollinger has it) ----------------------------- */

static const fel_param_spec bollinger_params[] = {
    FEATURE_BARS("bars", 20.0, 2.0, "closes in the window"),
    {"width", FEL_PARAM_REAL, 2.0, 1e-3, 1e3, NULL, "deviations from the mean to a band"},
};

static void bollinger_start(void *state, const double *params)
{
    window *s = state;
    window_start(s, params);
    s->of_returns = 0;
    s->width = params[1];
}

static void bollinger_push(void *state, const fel_feature_input *in, double *out)
{
    window *s = state;
    double close = 0.0;
    if (!push_window(s, in->bar.close, &close)) {
        out[0] = out[1] = (double)NAN;
        return;
    }
    const double mean = fel_moments_mean(&s->moments);
    const double deviation = fel_moments_deviation(&s->moments, 0.0);
    const double band = s->width * deviation;
    out[0] = does_vary(s, deviation) ? (close - mean) / band : 0.0;
    out[1] = 2.0 * band / mean;
}

static const char *const bollinger_outputs[] = {"position", "width"};

const fel_feature_class feature_bollinger = {
    FEATURE_HEAD("bollinger", FEL_INPUT_CLOSE,
                 "where the close is between Bollinger bands (-1, 1), and how wide these are",
                 "(c - m) / (w s), 2 w s / m of mean m, deviation s over n; 0 where c does not "
                 "vary"),
    FEATURE_PARAMS(bollinger_params),
    .outputs = bollinger_outputs,
    .n_outputs = 2,
    .warm_up = feature_bars_less_one,
    .state_size = window_size,
    .start = bollinger_start,
    .push = bollinger_push,
};
