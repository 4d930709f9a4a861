/* models/feature_average.c - features of moving averages of the close: ratios, crossings, MACD,
 * and the slope of a line through log closes. */
#include "models/feature_internal.h"

/* ---- against one average --------------------------------------------------------------------- */

static const fel_param_spec average_params[] = {
    FEATURE_BARS("bars", 20.0, 2.0, "length of the average"),
};

static size_t sma_size(const double *params)
{
    return sizeof(fel_sma) + fel_sma_size_bytes((size_t)params[0]);
}

static void sma_start(void *state, const double *params)
{
    fel_sma *sma = state;
    fel_sma_init(sma, sma + 1, (size_t)params[0]);
}

static void sma_push(void *state, const fel_feature_input *in, double *out)
{
    fel_sma *sma = state;
    fel_sma_push(sma, in->bar.close);
    out[0] = fel_sma_is_ready(sma) ? in->bar.close / fel_sma_value(sma) - 1.0 : (double)NAN;
}

const fel_feature_class feature_sma_ratio = {
    FEATURE_HEAD("sma_ratio", FEL_INPUT_CLOSE, "the close against its simple moving average",
                 "c / sma(c, n) - 1"),
    FEATURE_PARAMS(average_params),
    .n_outputs = 1,
    .warm_up = feature_bars_less_one,
    .state_size = sma_size,
    .start = sma_start,
    .push = sma_push,
};

static size_t ema_size(const double *params)
{
    (void)params;
    return sizeof(fel_ema);
}

static void ema_start(void *state, const double *params)
{
    fel_ema_init(state, (size_t)params[0]);
}

static void ema_push(void *state, const fel_feature_input *in, double *out)
{
    fel_ema_push(state, in->bar.close);
    out[0] = in->bar.close / fel_ema_value(state) - 1.0;
}

const fel_feature_class feature_ema_ratio = {
    FEATURE_HEAD("ema_ratio", FEL_INPUT_CLOSE, "the close against its exponential moving average",
                 "c / ema(c, n) - 1"),
    FEATURE_PARAMS(average_params),
    .n_outputs = 1,
    .warm_up = feature_bars_less_one,
    .state_size = ema_size,
    .start = ema_start,
    .push = ema_push,
};

/* ---- two averages ---------------------------------------------------------------------------- */

static fel_status check_order(const char *name, const double *params)
{
    return params[0] < params[1] ? FEL_OK
                                 : FEL_RAISE(FEL_ERR_RANGE, "%s: fast = %g is not below slow = %g",
                                             name, params[0], params[1]);
}

static fel_status cross_check(const double *params)
{
    return check_order("sma_cross", params);
}

static const fel_param_spec cross_params[] = {
    FEATURE_BARS("fast", 10.0, 1.0, "length of the fast average"),
    FEATURE_BARS("slow", 50.0, 2.0, "length of the slow average; more than fast"),
};

typedef struct two_averages {
    fel_sma fast, slow;
} two_averages;

static size_t cross_size(const double *params)
{
    return sizeof(two_averages) + fel_sma_size_bytes((size_t)(params[0] + params[1]));
}

static void cross_start(void *state, const double *params)
{
    two_averages *s = state;
    double *memory = (double *)(s + 1);
    fel_sma_init(&s->fast, memory, (size_t)params[0]);
    fel_sma_init(&s->slow, memory + (size_t)params[0], (size_t)params[1]);
}

static size_t cross_warm_up(const double *params)
{
    return (size_t)params[1] - 1;
}

static void cross_push(void *state, const fel_feature_input *in, double *out)
{
    two_averages *s = state;
    fel_sma_push(&s->fast, in->bar.close);
    fel_sma_push(&s->slow, in->bar.close);
    out[0] = fel_sma_is_ready(&s->slow) ? fel_sma_value(&s->fast) / fel_sma_value(&s->slow) - 1.0
                                        : (double)NAN;
}

const fel_feature_class feature_sma_cross = {
    FEATURE_HEAD("sma_cross", FEL_INPUT_CLOSE, "a fast simple average against a slow one",
                 "sma(c, fast) / sma(c, slow) - 1"),
    FEATURE_PARAMS(cross_params),
    .n_outputs = 1,
    .check = cross_check,
    .warm_up = cross_warm_up,
    .state_size = cross_size,
    .start = cross_start,
    .push = cross_push,
};

/* ---- MACD (Appel 1979), divided by the close ------------------------------------------------- */

static const fel_param_spec macd_params[] = {
    FEATURE_BARS("fast", 12.0, 1.0, "length of the fast average"),
    FEATURE_BARS("slow", 26.0, 2.0, "length of the slow average; more than fast"),
    FEATURE_BARS("signal", 9.0, 1.0, "length of the average of their difference"),
};

typedef struct macd {
    fel_ema fast, slow, signal;
} macd;

static fel_status macd_check(const double *params)
{
    return check_order("macd", params);
}

static size_t macd_size(const double *params)
{
    (void)params;
    return sizeof(macd);
}

static void macd_start(void *state, const double *params)
{
    macd *s = state;
    fel_ema_init(&s->fast, (size_t)params[0]);
    fel_ema_init(&s->slow, (size_t)params[1]);
    fel_ema_init(&s->signal, (size_t)params[2]);
}

static size_t macd_warm_up(const double *params)
{
    return (size_t)(params[1] + params[2]) - 2;
}

static void macd_push(void *state, const fel_feature_input *in, double *out)
{
    macd *s = state;
    const double close = in->bar.close;
    fel_ema_push(&s->fast, close);
    fel_ema_push(&s->slow, close);
    const double line = fel_ema_value(&s->fast) - fel_ema_value(&s->slow);
    if (fel_ema_is_ready(&s->slow)) {
        fel_ema_push(&s->signal, line);
    }
    const double signal = fel_ema_value(&s->signal);
    const int is_ready = fel_ema_is_ready(&s->signal);
    out[0] = is_ready ? line / close : (double)NAN;
    out[1] = signal / close;
    out[2] = (line - signal) / close;
}

static const char *const macd_outputs[] = {"line", "signal", "histogram"};

const fel_feature_class feature_macd = {
    FEATURE_HEAD("macd", FEL_INPUT_CLOSE,
                 "difference of two exponential averages, its average, what lies between",
                 "d = ema(c, fast) - ema(c, slow); d / c, ema(d, signal) / c, the difference"),
    FEATURE_PARAMS(macd_params),
    .outputs = macd_outputs,
    .n_outputs = 3,
    .check = macd_check,
    .warm_up = macd_warm_up,
    .state_size = macd_size,
    .start = macd_start,
    .push = macd_push,
};

/* ---- trend ----------------------------------------------------------------------------------- */

static const fel_param_spec trend_params[] = {
    FEATURE_BARS("bars", 20.0, 3.0, "length of the window"),
};

typedef struct trend {
    fel_regression fit;
    double t;
} trend;

static size_t trend_size(const double *params)
{
    return sizeof(trend) + fel_regression_size_bytes((size_t)params[0]);
}

static void trend_start(void *state, const double *params)
{
    trend *s = state;
    fel_regression_init(&s->fit, s + 1, (size_t)params[0]);
}

static void trend_push(void *state, const fel_feature_input *in, double *out)
{
    trend *s = state;
    fel_regression_push(&s->fit, s->t, log(in->bar.close));
    s->t += 1.0;
    if (!fel_regression_is_ready(&s->fit)) {
        out[0] = out[1] = (double)NAN;
        return;
    }
    const fel_line line = fel_regression_line(&s->fit);
    out[0] = line.slope;
    out[1] = isnan(line.correlation) ? 0.0 : line.correlation;
}

static const char *const trend_outputs[] = {"slope", "correlation"};

const fel_feature_class feature_trend = {
    FEATURE_HEAD("trend", FEL_INPUT_CLOSE,
                 "slope a bar of the line through log closes, and their correlation with time",
                 "least squares of log c on t over n bars; correlation 0 where c does not vary"),
    FEATURE_PARAMS(trend_params),
    .outputs = trend_outputs,
    .n_outputs = 2,
    .warm_up = feature_bars_less_one,
    .state_size = trend_size,
    .start = trend_start,
    .push = trend_push,
};
