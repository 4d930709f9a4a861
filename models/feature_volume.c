/* models/feature_volume.c - the latest volume against its window. */
#include "models/feature_internal.h"

/* ---- ratio ----------------------------------------------------------------------------------- */

static const fel_param_spec ratio_params[] = {
    FEATURE_BARS("bars", 20.0, 2.0, "length of the average, the latest bar within"),
};

static size_t ratio_size(const double *params)
{
    return sizeof(fel_sma) + fel_sma_size_bytes((size_t)params[0]);
}

static void ratio_start(void *state, const double *params)
{
    fel_sma *sma = state;
    fel_sma_init(sma, sma + 1, (size_t)params[0]);
}

static void ratio_push(void *state, const fel_feature_input *in, double *out)
{
    fel_sma *sma = state;
    fel_sma_push(sma, in->bar.volume);
    const double mean = fel_sma_value(sma);
    out[0] = !fel_sma_is_ready(sma) ? (double)NAN : mean > 0.0 ? in->bar.volume / mean : 1.0;
}

const fel_feature_class feature_volume_ratio = {
    FEATURE_HEAD("volume_ratio", FEL_INPUT_VOLUME, "the volume against its simple moving average",
                 "v / sma(v, n); 1 where nothing was traded in n bars"),
    FEATURE_PARAMS(ratio_params),
    .n_outputs = 1,
    .warm_up = feature_bars_less_one,
    .state_size = ratio_size,
    .start = ratio_start,
    .push = ratio_push,
};

/* ---- z-score --------------------------------------------------------------------------------- */

static const fel_param_spec zscore_params[] = {
    FEATURE_BARS("bars", 20.0, 2.0, "length of the window, the latest bar within"),
    {"log", FEL_PARAM_BOOL, 0.0, 0.0, 1.0, NULL, "of log(1 + volume) instead of volume"},
};

typedef struct volume_window {
    fel_moments moments;
    int is_log;
} volume_window;

static size_t zscore_size(const double *params)
{
    return sizeof(volume_window) + fel_moments_size_bytes((size_t)params[0]);
}

static void zscore_start(void *state, const double *params)
{
    volume_window *s = state;
    fel_moments_init(&s->moments, s + 1, (size_t)params[0]);
    s->is_log = params[1] != 0.0;
}

static void zscore_push(void *state, const fel_feature_input *in, double *out)
{
    volume_window *s = state;
    const double x = s->is_log ? log1p(in->bar.volume) : in->bar.volume;
    fel_moments_push(&s->moments, x);
    if (!fel_moments_is_ready(&s->moments)) {
        out[0] = (double)NAN;
        return;
    }
    const double mean = fel_moments_mean(&s->moments);
    const double deviation = fel_moments_deviation(&s->moments, 1.0);
    out[0] = deviation > FEATURE_NO_DEVIATION * mean ? (x - mean) / deviation : 0.0;
}

const fel_feature_class feature_volume_zscore = {
    FEATURE_HEAD("volume_zscore", FEL_INPUT_VOLUME, "the volume within its window",
                 "(x - mean(x, n)) / sd(x, n), n - 1 in the denominator, x = v or log(1 + v); 0 "
                 "where x does not vary"),
    FEATURE_PARAMS(zscore_params),
    .n_outputs = 1,
    .warm_up = feature_bars_less_one,
    .state_size = zscore_size,
    .start = zscore_start,
    .push = zscore_push,
};
