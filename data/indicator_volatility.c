/* data/indicator_volatility.c - rows of the table of indicators: realised volatility a year. */
#include "data/indicator_internal.h"

static const fel_param_spec volatility_params[] = {
    INDICATOR_BARS("bars", 20.0, 2.0, "length of the window"),
    {"bars_per_year", FEL_PARAM_REAL, 252.0, 1.0, 1e9, NULL, "scale; 1: a bar"},
};

static const char *const volatility_outputs[] = {"volatility"};

/* ---- closes ---------------------------------------------------------------------------------- */

static const fel_param_spec close_params[] = {
    INDICATOR_BARS("bars", 20.0, 2.0, "length of the window, in returns"),
    {"bars_per_year", FEL_PARAM_REAL, 252.0, 1.0, 1e9, NULL, "scale; 1: a bar"},
    INDICATOR_CHOICE("returns", "log|simple", "returns; Tulip has simple ones"),
    {"ddof", FEL_PARAM_INTEGER, 1.0, 0.0, 1.0, NULL, "divide by n - ddof; Tulip has 0"},
};

typedef struct close_state {
    fel_moments returns;
    double last, scale, ddof;
    int is_simple;
} close_state;

static size_t close_size(const double *params)
{
    return sizeof(close_state) + fel_moments_size_bytes(indicator_bars(params[0]));
}

static void close_start(void *state, const double *params)
{
    close_state *s = state;
    fel_moments_init(&s->returns, s + 1, indicator_bars(params[0]));
    s->last = 0.0;
    s->scale = sqrt(params[1]);
    s->is_simple = params[2] > 0.0;
    s->ddof = params[3];
}

static int close_push(void *state, const fel_bar *bar, double *out)
{
    close_state *s = state;
    if (s->last > 0.0) {
        const double ratio = bar->close / s->last;
        fel_moments_push(&s->returns, s->is_simple ? ratio - 1.0 : log(ratio));
    }
    s->last = bar->close;
    if (!fel_moments_is_ready(&s->returns)) {
        return 0;
    }
    out[0] = s->scale * fel_moments_deviation(&s->returns, s->ddof);
    return 1;
}

static void close_rescale(void *state, double factor)
{
    close_state *s = state;
    s->last *= factor;
}

const fel_indicator_class indicator_volatility = {
    INDICATOR_HEAD("volatility", FEL_INPUT_CLOSE, "realised volatility of closes",
                   "standard deviation of the last n ln(c / c') x sqrt(bars a year)",
                   "Tulip (simple, ddof 0)"),
    INDICATOR_PARAMS(close_params),
    INDICATOR_OUTPUTS(volatility_outputs),
    .needs_positive = 1,
    INDICATOR_CODE(close, indicator_changes),
};

/* ---- means of one bar's variance ------------------------------------------------------------- */

typedef struct mean_state {
    fel_sma variance;
    double scale;
} mean_state;

static size_t mean_size(const double *params)
{
    return sizeof(mean_state) + fel_sma_size_bytes(indicator_bars(params[0]));
}

static void mean_start(void *state, const double *params)
{
    mean_state *s = state;
    fel_sma_init(&s->variance, s + 1, indicator_bars(params[0]));
    s->scale = sqrt(params[1]);
}

static int mean_push(mean_state *s, double variance, double *out)
{
    fel_sma_push(&s->variance, variance);
    if (!fel_sma_is_ready(&s->variance)) {
        return 0;
    }
    out[0] = s->scale * fel_root_mean(&s->variance);
    return 1;
}

/* Ratios of one bar's prices do not change. */
static void mean_rescale(void *state, double factor)
{
    (void)state;
    (void)factor;
}

static int parkinson_push(void *state, const fel_bar *bar, double *out)
{
    return mean_push(state, fel_bar_variance_parkinson(bar->high, bar->low), out);
}

static int garman_klass_push(void *state, const fel_bar *bar, double *out)
{
    return mean_push(
        state, fel_bar_variance_garman_klass(bar->open, bar->high, bar->low, bar->close), out);
}

const fel_indicator_class indicator_parkinson = {
    INDICATOR_HEAD("parkinson", INDICATOR_HL, "realised volatility of highs and lows",
                   "sqrt(mean of ln(h / l)^2 / (4 ln 2)) x sqrt(bars a year)", "Parkinson 1980"),
    INDICATOR_PARAMS(volatility_params),
    INDICATOR_OUTPUTS(volatility_outputs),
    .needs_positive = 1,
    .warm_up = indicator_window,
    .state_size = mean_size,
    .start = mean_start,
    .push = parkinson_push,
    .rescale = mean_rescale,
};

const fel_indicator_class indicator_garman_klass = {
    INDICATOR_HEAD("garman_klass", INDICATOR_OHLC, "realised volatility of whole bars",
                   "sqrt(mean of ln(h / l)^2 / 2 - (2 ln 2 - 1) ln(c / o)^2) x sqrt(bars a year)",
                   "Garman and Klass 1980"),
    INDICATOR_PARAMS(volatility_params),
    INDICATOR_OUTPUTS(volatility_outputs),
    .needs_positive = 1,
    .warm_up = indicator_window,
    .state_size = mean_size,
    .start = mean_start,
    .push = garman_klass_push,
    .rescale = mean_rescale,
};

/* ---- Yang and Zhang -------------------------------------------------------------------------- */

typedef struct yang_zhang_state {
    fel_yang_zhang yz;
    double scale;
} yang_zhang_state;

static size_t yang_zhang_size(const double *params)
{
    return sizeof(yang_zhang_state) + fel_yang_zhang_size_bytes(indicator_bars(params[0]));
}

static void yang_zhang_start(void *state, const double *params)
{
    yang_zhang_state *s = state;
    fel_yang_zhang_init(&s->yz, s + 1, indicator_bars(params[0]));
    s->scale = sqrt(params[1]);
}

static int yang_zhang_push(void *state, const fel_bar *bar, double *out)
{
    yang_zhang_state *s = state;
    fel_yang_zhang_push(&s->yz, bar->open, bar->high, bar->low, bar->close);
    if (!fel_yang_zhang_is_ready(&s->yz)) {
        return 0;
    }
    out[0] = s->scale * fel_yang_zhang_value(&s->yz);
    return 1;
}

static void yang_zhang_rescale(void *state, double factor)
{
    yang_zhang_state *s = state;
    fel_yang_zhang_rescale(&s->yz, factor);
}

const fel_indicator_class indicator_yang_zhang = {
    INDICATOR_HEAD(
        "yang_zhang", INDICATOR_OHLC, "realised volatility of whole bars and the gaps between them",
        "sqrt(var ln(o / c') + k var ln(c / o) + (1 - k) mean(ln(h / c) ln(h / o) + "
        "ln(l / c) ln(l / o))) x sqrt(bars a year), k = 0.34 / (1.34 + (n + 1) / (n - 1))",
        "Yang and Zhang 2000"),
    INDICATOR_PARAMS(volatility_params),
    INDICATOR_OUTPUTS(volatility_outputs),
    .needs_positive = 1,
    INDICATOR_CODE(yang_zhang, indicator_changes),
};
