/* data/indicator_band.c - rows of the table of indicators: bands and channels, and where in them
 * the close is. */
#include "data/indicator_internal.h"

static const char *const band_outputs[] = {"upper", "middle", "lower"};

/* ---- Bollinger's bands ----------------------------------------------------------------------- */

static const fel_param_spec bollinger_params[] = {
    INDICATOR_BARS("bars", 20.0, 2.0, "length of the window"),
    {"deviations", FEL_PARAM_REAL, 2.0, 0.0, 100.0, NULL, "standard deviations from the middle"},
};

typedef struct bollinger {
    fel_moments moments;
    double deviations;
} bollinger;

static size_t bollinger_size(const double *params)
{
    return sizeof(bollinger) + fel_moments_size_bytes(indicator_bars(params[0]));
}

static void bollinger_start(void *state, const double *params)
{
    bollinger *s = state;
    fel_moments_init(&s->moments, s + 1, indicator_bars(params[0]));
    s->deviations = params[1];
}

static int bollinger_push(void *state, const fel_bar *bar, double *out)
{
    bollinger *s = state;
    fel_moments_push(&s->moments, bar->close);
    if (!fel_moments_is_ready(&s->moments)) {
        return 0;
    }
    const double width = s->deviations * fel_moments_deviation(&s->moments, 0.0);
    out[1] = fel_moments_mean(&s->moments);
    out[0] = out[1] + width;
    out[2] = out[1] - width;
    return 1;
}

static void bollinger_rescale(void *state, double factor)
{
    bollinger *s = state;
    fel_moments_rescale(&s->moments, factor);
}

const fel_indicator_class indicator_bollinger = {
    INDICATOR_HEAD("bollinger", FEL_INPUT_CLOSE, "Bollinger's bands",
                   "m +- deviations x s, m = sma(c), s = standard deviation with ddof 0",
                   "Bollinger; TA-Lib, Tulip, backtrader"),
    INDICATOR_PARAMS(bollinger_params),
    INDICATOR_OUTPUTS(band_outputs),
    INDICATOR_CODE(bollinger, indicator_window),
};

/* ---- Keltner's channel ----------------------------------------------------------------------- */

static const fel_param_spec keltner_params[] = {
    INDICATOR_BARS("bars", 20.0, 1.0, "length of the exponential average"),
    INDICATOR_BARS("atr", 10.0, 1.0, "length of the average true range"),
    {"multiple", FEL_PARAM_REAL, 2.0, 0.0, 1000.0, NULL, "average true ranges from the middle"},
};

typedef struct keltner {
    fel_ema middle;
    fel_atr atr;
    double multiple;
} keltner;

INDICATOR_PLAIN_SIZE(keltner, keltner)

static void keltner_start(void *state, const double *params)
{
    keltner *s = state;
    fel_ema_init(&s->middle, indicator_bars(params[0]));
    fel_atr_init(&s->atr, indicator_bars(params[1]));
    s->multiple = params[2];
}

static size_t keltner_warm_up(const double *params)
{
    return params[0] - 1.0 > params[1] ? indicator_window(params) : indicator_bars(params[1]);
}

static int keltner_push(void *state, const fel_bar *bar, double *out)
{
    keltner *s = state;
    fel_ema_push(&s->middle, bar->close);
    fel_atr_push(&s->atr, bar->high, bar->low, bar->close);
    if (!fel_ema_is_ready(&s->middle) || !fel_atr_is_ready(&s->atr)) {
        return 0;
    }
    const double width = s->multiple * fel_atr_value(&s->atr);
    out[1] = fel_ema_value(&s->middle);
    out[0] = out[1] + width;
    out[2] = out[1] - width;
    return 1;
}

static void keltner_rescale(void *state, double factor)
{
    keltner *s = state;
    fel_ema_rescale(&s->middle, factor);
    fel_atr_rescale(&s->atr, factor);
}

const fel_indicator_class indicator_keltner = {
    INDICATOR_HEAD("keltner", INDICATOR_HLC, "Keltner's channel in Raschke's form",
                   "ema(c, bars) +- multiple x atr", "Keltner 1960, Raschke"),
    INDICATOR_PARAMS(keltner_params),
    INDICATOR_OUTPUTS(band_outputs),
    INDICATOR_CODE(keltner, keltner_warm_up),
};

/* ---- Donchian's channel and what is measured in it ------------------------------------------- */

static const fel_param_spec donchian_params[] = {
    INDICATOR_BARS("bars", 20.0, 1.0, "length of the window, the bar itself included"),
};
static const fel_param_spec williams_params[] = {
    INDICATOR_BARS("bars", 14.0, 1.0, "length of the window"),
};
static const fel_param_spec aroon_params[] = {
    INDICATOR_BARS("bars", 14.0, 1.0, "bars that it looks back"),
};

static size_t range_size(const double *params)
{
    return sizeof(fel_range) + fel_range_size_bytes(indicator_bars(params[0]));
}

static void range_start(void *state, const double *params)
{
    fel_range *range = state;
    fel_range_init(range, range + 1, indicator_bars(params[0]));
}

static void range_rescale(void *state, double factor)
{
    fel_range_rescale(state, factor);
}

static int donchian_push(void *state, const fel_bar *bar, double *out)
{
    const fel_range *range = state;
    fel_range_push(state, bar->high, bar->low);
    if (!fel_range_is_ready(range)) {
        return 0;
    }
    out[0] = fel_extreme_value(&range->high);
    out[2] = fel_extreme_value(&range->low);
    out[1] = 0.5 * (out[0] + out[2]);
    return 1;
}

const fel_indicator_class indicator_donchian = {
    INDICATOR_HEAD("donchian", INDICATOR_HL, "Donchian's channel: highest high and lowest low",
                   "H, (H + L) / 2, L", "Donchian; TA-Lib (MAX, MIN)"),
    INDICATOR_PARAMS(donchian_params),
    INDICATOR_OUTPUTS(band_outputs),
    .warm_up = indicator_window,
    .state_size = range_size,
    .start = range_start,
    .push = donchian_push,
    .rescale = range_rescale,
};

static int williams_push(void *state, const fel_bar *bar, double *out)
{
    fel_range_push(state, bar->high, bar->low);
    if (!fel_range_is_ready(state)) {
        return 0;
    }
    out[0] = fel_range_percent(state, bar->close) - 100.0;
    return 1;
}

static const char *const williams_outputs[] = {"williams_r"};

const fel_indicator_class indicator_williams_r = {
    INDICATOR_HEAD("williams_r", INDICATOR_HLC, "Williams %R: the close in its range, -100 .. 0",
                   "100 (c - L) / (H - L) - 100; -50 where H = L",
                   "Williams 1973; TA-Lib, Tulip, backtrader"),
    INDICATOR_PARAMS(williams_params),
    INDICATOR_OUTPUTS(williams_outputs),
    .warm_up = indicator_window,
    .state_size = range_size,
    .start = range_start,
    .push = williams_push,
    .rescale = range_rescale,
};

static size_t aroon_size(const double *params)
{
    return sizeof(fel_range) + fel_range_size_bytes(indicator_bars(params[0]) + 1);
}

static void aroon_start(void *state, const double *params)
{
    fel_range *range = state;
    fel_range_init(range, range + 1, indicator_bars(params[0]) + 1);
}

static int aroon_push(void *state, const fel_bar *bar, double *out)
{
    fel_range_push(state, bar->high, bar->low);
    if (!fel_range_is_ready(state)) {
        return 0;
    }
    out[0] = fel_aroon_down(state);
    out[1] = fel_aroon_up(state);
    out[2] = out[1] - out[0];
    return 1;
}

static const char *const aroon_outputs[] = {"down", "up", "oscillator"};

const fel_indicator_class indicator_aroon = {
    INDICATOR_HEAD("aroon", INDICATOR_HL, "how long ago the extremes were, 0 .. 100",
                   "100 (n - bars since L) / n, of H, up - down; of equals the latest counts",
                   "Chande 1995; TA-Lib, Tulip, backtrader"),
    INDICATOR_PARAMS(aroon_params),
    INDICATOR_OUTPUTS(aroon_outputs),
    .warm_up = indicator_changes,
    .state_size = aroon_size,
    .start = aroon_start,
    .push = aroon_push,
    .rescale = range_rescale,
};
