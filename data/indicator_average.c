/* data/indicator_average.c - rows of the table of indicators: moving averages of the close. */
#include "data/indicator_internal.h"

static const fel_param_spec average_params[] = {
    INDICATOR_BARS("bars", 30.0, 1.0, "length of the average"),
};

static const fel_param_spec seeded_params[] = {
    INDICATOR_BARS("bars", 30.0, 1.0, "length of the average"),
    INDICATOR_CHOICE(
        "seed", "mean|first",
        "start with the mean of the first n (TA-Lib, backtrader) or the first (Tulip)"),
};

/* ---- simple ---------------------------------------------------------------------------------- */

static size_t sma_size(const double *params)
{
    return sizeof(fel_sma) + fel_sma_size_bytes(indicator_bars(params[0]));
}

static void sma_start(void *state, const double *params)
{
    fel_sma *sma = state;
    fel_sma_init(sma, sma + 1, indicator_bars(params[0]));
}

INDICATOR_OF_CLOSE(sma, fel_sma)

static const char *const sma_outputs[] = {"sma"};

const fel_indicator_class indicator_sma = {
    INDICATOR_HEAD("sma", FEL_INPUT_CLOSE, "simple moving average", "mean of the last n c",
                   "TA-Lib, Tulip, backtrader"),
    INDICATOR_PARAMS(average_params),
    INDICATOR_OUTPUTS(sma_outputs),
    INDICATOR_CODE(sma, indicator_window),
};

/* ---- exponential ----------------------------------------------------------------------------- */

INDICATOR_PLAIN_SIZE(ema, fel_ema)

static void ema_start(void *state, const double *params)
{
    if (params[1] > 0.0) {
        fel_ema_init_first(state, indicator_bars(params[0]));
    } else {
        fel_ema_init(state, indicator_bars(params[0]));
    }
}

static size_t ema_warm_up(const double *params)
{
    return params[1] > 0.0 ? 0 : indicator_window(params);
}

INDICATOR_OF_CLOSE(ema, fel_ema)

static const char *const ema_outputs[] = {"ema"};

const fel_indicator_class indicator_ema = {
    INDICATOR_HEAD("ema", FEL_INPUT_CLOSE, "exponential moving average", "e += 2 / (n + 1) (c - e)",
                   "TA-Lib, Tulip, backtrader"),
    INDICATOR_PARAMS(seeded_params),
    INDICATOR_OUTPUTS(ema_outputs),
    INDICATOR_CODE(ema, ema_warm_up),
};

INDICATOR_PLAIN_SIZE(smma, fel_ema)

static void smma_start(void *state, const double *params)
{
    fel_ema_init_wilder(state, indicator_bars(params[0]));
}

INDICATOR_OF_CLOSE(smma, fel_ema)

static const char *const smma_outputs[] = {"smma"};

const fel_indicator_class indicator_smma = {
    INDICATOR_HEAD("smma", FEL_INPUT_CLOSE, "smoothed moving average, as in Wilder's indicators",
                   "e += (c - e) / n, from the mean of the first n",
                   "Wilder 1978; Tulip, backtrader"),
    INDICATOR_PARAMS(average_params),
    INDICATOR_OUTPUTS(smma_outputs),
    INDICATOR_CODE(smma, indicator_window),
};

/* ---- double and triple exponential ----------------------------------------------------------- */

INDICATOR_PLAIN_SIZE(chain, fel_ema_chain)

static void dema_start(void *state, const double *params)
{
    fel_ema_chain_init(state, 2, indicator_bars(params[0]), params[1] > 0.0);
}

static void tema_start(void *state, const double *params)
{
    fel_ema_chain_init(state, 3, indicator_bars(params[0]), params[1] > 0.0);
}

static size_t dema_warm_up(const double *params)
{
    return fel_ema_chain_needs(2, indicator_bars(params[0])) - 1;
}

static size_t tema_warm_up(const double *params)
{
    return fel_ema_chain_needs(3, indicator_bars(params[0])) - 1;
}

INDICATOR_OF_CLOSE(chain, fel_ema_chain)

static const char *const dema_outputs[] = {"dema"};
static const char *const tema_outputs[] = {"tema"};

const fel_indicator_class indicator_dema = {
    INDICATOR_HEAD("dema", FEL_INPUT_CLOSE, "double exponential moving average",
                   "2 a - b, a = ema(c), b = ema(a)", "Mulloy 1994; TA-Lib, Tulip, backtrader"),
    INDICATOR_PARAMS(seeded_params),
    INDICATOR_OUTPUTS(dema_outputs),
    .warm_up = dema_warm_up,
    .state_size = chain_size,
    .start = dema_start,
    .push = chain_push,
    .rescale = chain_rescale,
};

const fel_indicator_class indicator_tema = {
    INDICATOR_HEAD("tema", FEL_INPUT_CLOSE, "triple exponential moving average",
                   "3 a - 3 b + d, a = ema(c), b = ema(a), d = ema(b)",
                   "Mulloy 1994; TA-Lib, Tulip, backtrader"),
    INDICATOR_PARAMS(seeded_params),
    INDICATOR_OUTPUTS(tema_outputs),
    .warm_up = tema_warm_up,
    .state_size = chain_size,
    .start = tema_start,
    .push = chain_push,
    .rescale = chain_rescale,
};

/* ---- weighted -------------------------------------------------------------------------------- */

static size_t wma_size(const double *params)
{
    return sizeof(fel_wma) + fel_wma_size_bytes(indicator_bars(params[0]));
}

static void wma_start(void *state, const double *params)
{
    fel_wma *wma = state;
    fel_wma_init(wma, wma + 1, indicator_bars(params[0]));
}

INDICATOR_OF_CLOSE(wma, fel_wma)

static const char *const wma_outputs[] = {"wma"};

const fel_indicator_class indicator_wma = {
    INDICATOR_HEAD("wma", FEL_INPUT_CLOSE, "linearly weighted moving average",
                   "sum of k c[k] / sum of k, k = 1 (oldest) .. n", "TA-Lib, Tulip, backtrader"),
    INDICATOR_PARAMS(average_params),
    INDICATOR_OUTPUTS(wma_outputs),
    INDICATOR_CODE(wma, indicator_window),
};

/* ---- adaptive -------------------------------------------------------------------------------- */

static const fel_param_spec kama_params[] = {
    INDICATOR_BARS("bars", 10.0, 1.0, "length of the efficiency ratio"),
    INDICATOR_BARS("fast", 2.0, 1.0, "length of the average in a straight trend"),
    INDICATOR_BARS("slow", 30.0, 1.0, "length of the average where there is no trend"),
    INDICATOR_CHOICE("seed", "price|mean",
                     "starts as the n-th close (TA-Lib, Tulip) or as a mean of n (backtrader)"),
};

static size_t kama_size(const double *params)
{
    return sizeof(fel_kama) + fel_kama_size_bytes(indicator_bars(params[0]));
}

static void kama_start(void *state, const double *params)
{
    const size_t of[3] = {indicator_bars(params[0]), indicator_bars(params[1]),
                          indicator_bars(params[2])};
    fel_kama *kama = state;
    fel_kama_init(kama, kama + 1, of, params[3] > 0.0);
}

INDICATOR_OF_CLOSE(kama, fel_kama)

static const char *const kama_outputs[] = {"kama"};

const fel_indicator_class indicator_kama = {
    INDICATOR_HEAD(
        "kama", FEL_INPUT_CLOSE, "Kaufman's adaptive moving average",
        "e += w^2 (c - e), w = slow + (fast - slow) abs(c - c[n]) / sum of n abs(changes)",
        "Kaufman 1998; TA-Lib, Tulip (begins a bar earlier), backtrader"),
    INDICATOR_PARAMS(kama_params),
    INDICATOR_OUTPUTS(kama_outputs),
    INDICATOR_CODE(kama, indicator_changes),
};
