/* data/indicator_trend.c - rows of the table of indicators: true range, directional movement,
 * stops. */
#include "data/indicator_internal.h"

/* ---- average true range ---------------------------------------------------------------------- */

static const fel_param_spec atr_params[] = {
    INDICATOR_BARS("bars", 14.0, 1.0, "length of Wilder's average"),
    INDICATOR_CHOICE("first_bar", "skip|count",
                     "the first bar has no true range (TA-Lib, backtrader), or high - low (Tulip)"),
};

typedef struct atr_state {
    fel_atr atr;
    int counts_first;
} atr_state;

INDICATOR_PLAIN_SIZE(atr, atr_state)

static void atr_start(void *state, const double *params)
{
    atr_state *s = state;
    fel_atr_init(&s->atr, indicator_bars(params[0]));
    s->counts_first = params[1] > 0.0;
}

static size_t atr_warm_up(const double *params)
{
    return indicator_bars(params[0]) - (params[1] > 0.0 ? 1 : 0);
}

static int atr_push(void *state, const fel_bar *bar, double *out)
{
    atr_state *s = state;
    if (s->counts_first && !s->atr.has_last) {
        fel_ema_push(&s->atr.range, bar->high - bar->low);
    }
    fel_atr_push(&s->atr, bar->high, bar->low, bar->close);
    if (!fel_atr_is_ready(&s->atr)) {
        return 0;
    }
    out[0] = fel_atr_value(&s->atr);
    out[1] = bar->close != 0.0 ? 100.0 * (out[0] / bar->close) : (double)NAN;
    return 1;
}

static void atr_rescale(void *state, double factor)
{
    atr_state *s = state;
    fel_atr_rescale(&s->atr, factor);
}

static const char *const atr_outputs[] = {"atr", "percent"};

const fel_indicator_class indicator_atr = {
    INDICATOR_HEAD("atr", INDICATOR_HLC, "average true range, and in percent of the close",
                   "a = smma of max(h, c') - min(l, c'); 100 a / c",
                   "Wilder 1978; TA-Lib (ATR, NATR), Tulip, backtrader"),
    INDICATOR_PARAMS(atr_params),
    INDICATOR_OUTPUTS(atr_outputs),
    INDICATOR_CODE(atr, atr_warm_up),
};

/* ---- directional movement -------------------------------------------------------------------- */

#define DMI_SEED                                                                                   \
    INDICATOR_CHOICE("seed", "full|talib|tulip",                                                   \
                     "sums start with n moves (Wilder, backtrader), n - 1 (TA-Lib), or n - 1 and " \
                     "are read a bar earlier (Tulip)")

static const fel_param_spec dmi_params[] = {
    INDICATOR_BARS("bars", 14.0, 2.0, "length of Wilder's sums"),
    DMI_SEED,
};
static const fel_param_spec adx_params[] = {
    INDICATOR_BARS("bars", 14.0, 2.0, "length of Wilder's sums and of the average"),
    DMI_SEED,
};

INDICATOR_PLAIN_SIZE(dmi, fel_dmi)

static void dmi_start(void *state, const double *params)
{
    fel_dmi_init(state, indicator_bars(params[0]), (fel_dmi_seed)params[1]);
}

static size_t dmi_warm_up(const double *params)
{
    return indicator_bars(params[0]) - (params[1] == (double)FEL_DMI_TULIP ? 1 : 0);
}

static int dmi_push(void *state, const fel_bar *bar, double *out)
{
    fel_dmi_push(state, bar->high, bar->low, bar->close);
    if (!fel_dmi_is_ready(state)) {
        return 0;
    }
    out[0] = fel_dmi_plus(state);
    out[1] = fel_dmi_minus(state);
    out[2] = fel_dmi_dx(state);
    return 1;
}

static void dmi_rescale(void *state, double factor)
{
    fel_dmi_rescale(state, factor);
}

static const char *const dmi_outputs[] = {"plus_di", "minus_di", "dx"};

const fel_indicator_class indicator_dmi = {
    INDICATOR_HEAD(
        "dmi", INDICATOR_HLC, "directional indicators, 0 .. 100, and their difference",
        "p = 100 (sum of +DM) / (sum of true range), m of -DM; 100 abs(p - m) / (p + m); "
        "0 for 0 / 0",
        "Wilder 1978; TA-Lib, Tulip, backtrader"),
    INDICATOR_PARAMS(dmi_params),
    INDICATOR_OUTPUTS(dmi_outputs),
    INDICATOR_CODE(dmi, dmi_warm_up),
};

INDICATOR_PLAIN_SIZE(adx, fel_adx)

static void adx_start(void *state, const double *params)
{
    fel_adx_init(state, indicator_bars(params[0]), (fel_dmi_seed)params[1]);
}

static size_t adx_warm_up(const double *params)
{
    return dmi_warm_up(params) + indicator_window(params);
}

static int adx_push(void *state, const fel_bar *bar, double *out)
{
    fel_adx_push(state, bar->high, bar->low, bar->close);
    if (!fel_adx_is_ready(state)) {
        return 0;
    }
    out[0] = fel_adx_value(state);
    return 1;
}

static void adx_rescale(void *state, double factor)
{
    fel_adx_rescale(state, factor);
}

static const char *const adx_outputs[] = {"adx"};

const fel_indicator_class indicator_adx = {
    INDICATOR_HEAD("adx", INDICATOR_HLC, "average directional index, 0 .. 100", "smma of dx of dmi",
                   "Wilder 1978; TA-Lib, Tulip, backtrader"),
    INDICATOR_PARAMS(adx_params),
    INDICATOR_OUTPUTS(adx_outputs),
    INDICATOR_CODE(adx, adx_warm_up),
};

static const fel_param_spec adxr_params[] = {
    INDICATOR_BARS("bars", 14.0, 2.0, "length of the ADX"),
    DMI_SEED,
    INDICATOR_CHOICE("apart", "n|n_less_1",
                     "n bars between the two (Wilder, backtrader) or n - 1 (TA-Lib, Tulip)"),
};

typedef struct adxr_state {
    fel_adx adx;
    fel_lag before;
} adxr_state;

static size_t bars_apart(const double *params)
{
    return indicator_bars(params[0]) - (params[2] > 0.0 ? 1 : 0);
}

static size_t adxr_size(const double *params)
{
    return sizeof(adxr_state) + fel_lag_size_bytes(bars_apart(params));
}

static void adxr_start(void *state, const double *params)
{
    adxr_state *s = state;
    adx_start(&s->adx, params);
    fel_lag_init(&s->before, s + 1, bars_apart(params));
}

static size_t adxr_warm_up(const double *params)
{
    return adx_warm_up(params) + bars_apart(params);
}

static int adxr_push(void *state, const fel_bar *bar, double *out)
{
    adxr_state *s = state;
    double adx = 0.0;
    if (!adx_push(&s->adx, bar, &adx)) {
        return 0;
    }
    const int is_full = fel_lag_is_full(&s->before);
    const double before = fel_lag_swap(&s->before, adx);
    if (is_full) {
        out[0] = 0.5 * (adx + before);
    }
    return is_full;
}

static void adxr_rescale(void *state, double factor)
{
    adxr_state *s = state;
    adx_rescale(&s->adx, factor);
}

static const char *const adxr_outputs[] = {"adxr"};

const fel_indicator_class indicator_adxr = {
    INDICATOR_HEAD("adxr", INDICATOR_HLC, "average directional index rating, 0 .. 100",
                   "(adx + adx of n bars ago) / 2", "Wilder 1978; TA-Lib, Tulip, backtrader"),
    INDICATOR_PARAMS(adxr_params),
    INDICATOR_OUTPUTS(adxr_outputs),
    INDICATOR_CODE(adxr, adxr_warm_up),
};

/* ---- stops ----------------------------------------------------------------------------------- */

static const fel_param_spec psar_params[] = {
    {"step", FEL_PARAM_REAL, 0.02, 1e-6, 1.0, NULL, "first speed, and its growth"},
    {"most", FEL_PARAM_REAL, 0.2, 1e-6, 2.0, NULL, "greatest speed"},
    INDICATOR_CHOICE("rule", "talib|tulip", "whose first trend, and whose turns"),
};

INDICATOR_PLAIN_SIZE(psar, fel_psar)

static void psar_start(void *state, const double *params)
{
    fel_psar_init(state, params[0], params[1], (fel_psar_rule)params[2]);
}

static size_t psar_warm_up(const double *params)
{
    (void)params;
    return 1;
}

static int psar_push(void *state, const fel_bar *bar, double *out)
{
    const fel_psar *s = state;
    fel_psar_push(state, bar->high, bar->low);
    if (!fel_psar_is_ready(s)) {
        return 0;
    }
    out[0] = fel_psar_value(s);
    out[1] = (double)s->trend;
    return 1;
}

static void psar_rescale(void *state, double factor)
{
    fel_psar_rescale(state, factor);
}

static const char *const psar_outputs[] = {"psar", "trend"};

const fel_indicator_class indicator_psar = {
    INDICATOR_HEAD("psar", INDICATOR_HL, "parabolic stop and reverse, and its trend (1, -1)",
                   "s += a (extreme - s), a = step, 2 step .. most; never into the last two bars",
                   "Wilder 1978; TA-Lib, Tulip"),
    INDICATOR_PARAMS(psar_params),
    INDICATOR_OUTPUTS(psar_outputs),
    INDICATOR_CODE(psar, psar_warm_up),
};

static const fel_param_spec supertrend_params[] = {
    INDICATOR_BARS("bars", 10.0, 1.0, "length of the average true range"),
    {"multiple", FEL_PARAM_REAL, 3.0, 0.0, 1000.0, NULL, "average true ranges from the middle"},
};

INDICATOR_PLAIN_SIZE(supertrend, fel_supertrend)

static void supertrend_start(void *state, const double *params)
{
    fel_supertrend_init(state, indicator_bars(params[0]), params[1]);
}

static int supertrend_push(void *state, const fel_bar *bar, double *out)
{
    const fel_supertrend *s = state;
    fel_supertrend_push(state, bar->high, bar->low, bar->close);
    if (!fel_supertrend_is_ready(s)) {
        return 0;
    }
    out[0] = fel_supertrend_value(s);
    out[1] = (double)s->trend;
    return 1;
}

static void supertrend_rescale(void *state, double factor)
{
    fel_supertrend_rescale(state, factor);
}

static const char *const supertrend_outputs[] = {"supertrend", "trend"};

const fel_indicator_class indicator_supertrend = {
    INDICATOR_HEAD("supertrend", INDICATOR_HLC, "a stop some ranges away, and its trend (1, -1)",
                   "(h + l) / 2 -+ multiple x atr, tightening only, until a close is beyond it",
                   "Seban; starts in a downtrend, as TradingView has it"),
    INDICATOR_PARAMS(supertrend_params),
    INDICATOR_OUTPUTS(supertrend_outputs),
    INDICATOR_CODE(supertrend, indicator_changes),
};
