/* models/feature_channel.c - where the close is between the highest and lowest of a window. */
#include "models/feature_internal.h"

typedef struct channel {
    fel_extreme highest, lowest;
    int of_closes;
} channel;

static size_t channel_size(const double *params)
{
    return sizeof(channel) + 2 * fel_extreme_size_bytes((size_t)params[0]);
}

static void channel_start(void *state, const double *params)
{
    channel *s = state;
    fel_extreme_entry *memory = (fel_extreme_entry *)(s + 1);
    const size_t bars = (size_t)params[0];
    fel_highest_init(&s->highest, memory, bars);
    fel_lowest_init(&s->lowest, memory + bars, bars);
    s->of_closes = 1;
}

static int push_channel(channel *s, const fel_bar *bar)
{
    fel_extreme_push(&s->highest, s->of_closes ? bar->close : bar->high);
    fel_extreme_push(&s->lowest, s->of_closes ? bar->close : bar->low);
    return fel_extreme_is_ready(&s->highest);
}

/* ---- position -------------------------------------------------------------------------------- */

static const fel_param_spec position_params[] = {
    FEATURE_BARS("bars", 20.0, 2.0, "length of the window, the latest bar within"),
    {"of", FEL_PARAM_CHOICE, 0.0, 0.0, 0.0, "high_low|close",
     "extremes of highs and lows, or of closes"},
};

static void position_start(void *state, const double *params)
{
    channel *s = state;
    channel_start(s, params);
    s->of_closes = params[1] != 0.0;
}

static void position_push(void *state, const fel_feature_input *in, double *out)
{
    channel *s = state;
    if (!push_channel(s, &in->bar)) {
        out[0] = (double)NAN;
        return;
    }
    const double top = fel_extreme_value(&s->highest), bottom = fel_extreme_value(&s->lowest);
    out[0] = top > bottom ? (in->bar.close - bottom) / (top - bottom) : 0.5;
}

const fel_feature_class feature_channel_position = {
    FEATURE_HEAD("channel_position", FEL_INPUT_HIGH | FEL_INPUT_LOW | FEL_INPUT_CLOSE,
                 "the close between the lowest (0) and highest (1) of a window",
                 "(c - L) / (H - L); 0.5 where H = L"),
    FEATURE_PARAMS(position_params),
    .n_outputs = 1,
    .warm_up = feature_bars_less_one,
    .state_size = channel_size,
    .start = position_start,
    .push = position_push,
};

/* ---- below the highest, above the lowest ----------------------------------------------------- */

static const fel_param_spec distance_params[] = {
    FEATURE_BARS("bars", 60.0, 2.0, "closes in the window, the latest among them"),
};

static void drawdown_push(void *state, const fel_feature_input *in, double *out)
{
    channel *s = state;
    const int is_ready = push_channel(s, &in->bar);
    out[0] = is_ready ? in->bar.close / fel_extreme_value(&s->highest) - 1.0 : (double)NAN;
}

const fel_feature_class feature_drawdown = {
    FEATURE_HEAD("drawdown", FEL_INPUT_CLOSE, "the close against the highest close of a window",
                 "c / max(c, n) - 1"),
    FEATURE_PARAMS(distance_params),
    .n_outputs = 1,
    .warm_up = feature_bars_less_one,
    .state_size = channel_size,
    .start = channel_start,
    .push = drawdown_push,
};

static void rise_push(void *state, const fel_feature_input *in, double *out)
{
    channel *s = state;
    const int is_ready = push_channel(s, &in->bar);
    out[0] = is_ready ? in->bar.close / fel_extreme_value(&s->lowest) - 1.0 : (double)NAN;
}

const fel_feature_class feature_rise = {
    FEATURE_HEAD("rise", FEL_INPUT_CLOSE, "the close against the lowest close of a window",
                 "c / min(c, n) - 1"),
    FEATURE_PARAMS(distance_params),
    .n_outputs = 1,
    .warm_up = feature_bars_less_one,
    .state_size = channel_size,
    .start = channel_start,
    .push = rise_push,
};
