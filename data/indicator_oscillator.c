/* data/indicator_oscillator.c - rows of the table of indicators: MACD, RSI, stochastics, CCI. */
#include "data/indicator_internal.h"

/* ---- MACD ------------------------------------------------------------------------------------ */

static const fel_param_spec macd_params[] = {
    INDICATOR_BARS("fast", 12.0, 1.0, "length of the fast average; less than slow"),
    INDICATOR_BARS("slow", 26.0, 1.0, "length of the slow average"),
    INDICATOR_BARS("signal", 9.0, 1.0, "length of the average of their difference"),
    INDICATOR_CHOICE(
        "seed", "mean|aligned|first",
        "averages start with the mean of their first values (backtrader), the same but "
        "the fast one as late as the slow (TA-Lib), or the first value (Tulip)"),
    INDICATOR_CHOICE("weights", "length|appel",
                     "2 / (n + 1), or the 0.15 and 0.075 that Appel wrote for 12 and 26"),
};

static fel_status macd_check(const double *params)
{
    if (params[0] >= params[1]) {
        return FEL_RAISE(FEL_ERR_RANGE, "macd: fast = %g is not below slow = %g", params[0],
                         params[1]);
    }
    if (params[4] > 0.0 && (params[0] != 12.0 || params[1] != 26.0)) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "macd: weights = appel are for fast = 12 and slow = 26, not %g and %g",
                         params[0], params[1]);
    }
    return FEL_OK;
}

static size_t macd_warm_up(const double *params)
{
    const size_t signal = params[3] == (double)FEL_MACD_FIRST ? 1 : indicator_bars(params[2]);
    return indicator_bars(params[1]) + signal - 2;
}

INDICATOR_PLAIN_SIZE(macd, fel_macd)

static void macd_start(void *state, const double *params)
{
    fel_macd *macd = state;
    fel_macd_init(macd, indicator_bars(params[0]), indicator_bars(params[1]),
                  indicator_bars(params[2]), (fel_macd_seed)params[3]);
    if (params[4] > 0.0) {
        macd->fast.weight = 0.15;
        macd->slow.weight = 0.075;
    }
}

static int macd_push(void *state, const fel_bar *bar, double *out)
{
    fel_macd_push(state, bar->close);
    if (!fel_macd_is_ready(state)) {
        return 0;
    }
    out[0] = fel_macd_line(state);
    out[1] = fel_macd_signal(state);
    out[2] = out[0] - out[1];
    return 1;
}

static void macd_rescale(void *state, double factor)
{
    fel_macd_rescale(state, factor);
}

static const char *const macd_outputs[] = {"macd", "signal", "histogram"};

const fel_indicator_class indicator_macd = {
    INDICATOR_HEAD("macd", FEL_INPUT_CLOSE,
                   "difference of two exponential averages, its average, what lies between",
                   "d = ema(c, fast) - ema(c, slow); ema(d, signal); the difference",
                   "Appel 1979; TA-Lib, Tulip, backtrader"),
    INDICATOR_PARAMS(macd_params),
    INDICATOR_OUTPUTS(macd_outputs),
    .check = macd_check,
    INDICATOR_CODE(macd, macd_warm_up),
};

/* ---- RSI ------------------------------------------------------------------------------------- */

static const fel_param_spec rsi_params[] = {
    INDICATOR_BARS("bars", 14.0, 1.0, "length of Wilder's averages of rises and falls"),
};

INDICATOR_PLAIN_SIZE(rsi, fel_rsi)

static void rsi_start(void *state, const double *params)
{
    fel_rsi_init(state, indicator_bars(params[0]));
}

INDICATOR_OF_CLOSE(rsi, fel_rsi)

static const char *const rsi_outputs[] = {"rsi"};

const fel_indicator_class indicator_rsi = {
    INDICATOR_HEAD("rsi", FEL_INPUT_CLOSE, "relative strength index, 0 .. 100",
                   "100 u / (u + d), u and d = smma of rises and of falls; 50 where nothing moved",
                   "Wilder 1978; TA-Lib, Tulip, backtrader"),
    INDICATOR_PARAMS(rsi_params),
    INDICATOR_OUTPUTS(rsi_outputs),
    INDICATOR_CODE(rsi, indicator_changes),
};

/* ---- stochastics ----------------------------------------------------------------------------- */

static const fel_param_spec stochastic_params[] = {
    INDICATOR_BARS("bars", 14.0, 1.0, "length of the range"),
    INDICATOR_BARS("smooth", 3.0, 1.0, "length of the average k; 1: the fast stochastic"),
    INDICATOR_BARS("d", 3.0, 1.0, "length of the average of k"),
};

static size_t stochastic_size(const double *params)
{
    return sizeof(fel_stochastic) + fel_stochastic_size_bytes(indicator_bars(params[0]),
                                                              indicator_bars(params[1]),
                                                              indicator_bars(params[2]));
}

static void stochastic_start(void *state, const double *params)
{
    fel_stochastic *s = state;
    fel_stochastic_init(s, s + 1, indicator_bars(params[0]), indicator_bars(params[1]),
                        indicator_bars(params[2]));
}

static size_t stochastic_warm_up(const double *params)
{
    return indicator_bars(params[0] + params[1] + params[2]) - 3;
}

static int stochastic_out(const fel_stochastic *s, double *out)
{
    if (!fel_stochastic_is_ready(s)) {
        return 0;
    }
    out[0] = fel_stochastic_k(s);
    out[1] = fel_stochastic_d(s);
    return 1;
}

static int stochastic_push(void *state, const fel_bar *bar, double *out)
{
    fel_stochastic_push(state, bar->high, bar->low, bar->close);
    return stochastic_out(state, out);
}

static void stochastic_rescale(void *state, double factor)
{
    fel_stochastic_rescale(state, factor);
}

static const char *const stochastic_outputs[] = {"k", "d"};

const fel_indicator_class indicator_stochastic = {
    INDICATOR_HEAD("stochastic", INDICATOR_HLC, "the close in its range, 0 .. 100, and an average",
                   "k = sma of 100 (c - L) / (H - L), 50 where H = L; d = sma(k)",
                   "Lane; TA-Lib, Tulip, backtrader"),
    INDICATOR_PARAMS(stochastic_params),
    INDICATOR_OUTPUTS(stochastic_outputs),
    INDICATOR_CODE(stochastic, stochastic_warm_up),
};

static const fel_param_spec stoch_rsi_params[] = {
    INDICATOR_BARS("rsi", 14.0, 1.0, "length of the RSI"),
    INDICATOR_BARS("bars", 14.0, 2.0, "length of its range"),
    INDICATOR_BARS("smooth", 1.0, 1.0, "length of the average k"),
    INDICATOR_BARS("d", 3.0, 1.0, "length of the average of k"),
};

static size_t stoch_rsi_size(const double *params)
{
    return sizeof(fel_stoch_rsi) + fel_stoch_rsi_size_bytes(indicator_bars(params[1]),
                                                            indicator_bars(params[2]),
                                                            indicator_bars(params[3]));
}

static void stoch_rsi_start(void *state, const double *params)
{
    const size_t of[4] = {indicator_bars(params[0]), indicator_bars(params[1]),
                          indicator_bars(params[2]), indicator_bars(params[3])};
    fel_stoch_rsi *s = state;
    fel_stoch_rsi_init(s, s + 1, of);
}

static size_t stoch_rsi_warm_up(const double *params)
{
    return indicator_bars(params[0]) + stochastic_warm_up(params + 1);
}

static int stoch_rsi_push(void *state, const fel_bar *bar, double *out)
{
    fel_stoch_rsi *s = state;
    fel_stoch_rsi_push(s, bar->close);
    return stochastic_out(&s->stochastic, out);
}

static void stoch_rsi_rescale(void *state, double factor)
{
    fel_stoch_rsi_rescale(state, factor);
}

const fel_indicator_class indicator_stoch_rsi = {
    INDICATOR_HEAD("stoch_rsi", FEL_INPUT_CLOSE, "the RSI in its range, 0 .. 100, and an average",
                   "stochastic of r = rsi(c): k = sma of 100 (r - L) / (H - L); d = sma(k)",
                   "Chande and Kroll 1994; TA-Lib, Tulip (as a fraction, without d)"),
    INDICATOR_PARAMS(stoch_rsi_params),
    INDICATOR_OUTPUTS(stochastic_outputs),
    INDICATOR_CODE(stoch_rsi, stoch_rsi_warm_up),
};

/* ---- commodity channel index ----------------------------------------------------------------- */

static const fel_param_spec cci_params[] = {
    {"bars", FEL_PARAM_INTEGER, 20.0, 2.0, 1000.0, NULL, "length of the window"},
};
static const fel_param_spec cci_own_params[] = {
    INDICATOR_BARS("bars", 20.0, 2.0, "length of both averages"),
};

static size_t cci_size(const double *params)
{
    return sizeof(fel_cci) + fel_cci_size_bytes(indicator_bars(params[0]));
}

static void cci_start(void *state, const double *params)
{
    fel_cci *cci = state;
    fel_cci_init(cci, cci + 1, indicator_bars(params[0]));
}

static int cci_push(void *state, const fel_bar *bar, double *out)
{
    fel_cci_push(state, fel_typical_price(bar->high, bar->low, bar->close));
    if (!fel_cci_is_ready(state)) {
        return 0;
    }
    out[0] = fel_cci_value(state);
    return 1;
}

static void cci_rescale(void *state, double factor)
{
    fel_cci_rescale(state, factor);
}

static const char *const cci_outputs[] = {"cci"};

const fel_indicator_class indicator_cci = {
    INDICATOR_HEAD(
        "cci", INDICATOR_HLC,
        "commodity channel index; the one that goes through its window every bar",
        "(p - m) / (0.015 mean abs(p[k] - m)), p = (h + l + c) / 3, m = sma(p); 0 if flat",
        "Lambert 1980; TA-Lib, Tulip (begins later)"),
    INDICATOR_PARAMS(cci_params),
    INDICATOR_OUTPUTS(cci_outputs),
    INDICATOR_CODE(cci, indicator_window),
};

static size_t cci_own_size(const double *params)
{
    return sizeof(fel_cci_own) + fel_cci_own_size_bytes(indicator_bars(params[0]));
}

static void cci_own_start(void *state, const double *params)
{
    fel_cci_own *cci = state;
    fel_cci_own_init(cci, cci + 1, indicator_bars(params[0]));
}

static size_t cci_own_warm_up(const double *params)
{
    return 2 * indicator_window(params);
}

static int cci_own_push(void *state, const fel_bar *bar, double *out)
{
    fel_cci_own_push(state, fel_typical_price(bar->high, bar->low, bar->close));
    if (!fel_cci_own_is_ready(state)) {
        return 0;
    }
    out[0] = fel_cci_own_value(state);
    return 1;
}

static void cci_own_rescale(void *state, double factor)
{
    fel_cci_own_rescale(state, factor);
}

const fel_indicator_class indicator_cci_own = {
    INDICATOR_HEAD("cci_own", INDICATOR_HLC,
                   "commodity channel index with each price's distance from its own bar's mean",
                   "(p - m) / (0.015 sma(abs(p - m))), p = (h + l + c) / 3, m = sma(p); 0 if flat",
                   "backtrader"),
    INDICATOR_PARAMS(cci_own_params),
    INDICATOR_OUTPUTS(cci_outputs),
    INDICATOR_CODE(cci_own, cci_own_warm_up),
};
