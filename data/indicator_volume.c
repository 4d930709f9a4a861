/* data/indicator_volume.c - rows of the table of indicators: those that read volumes. */
#include "data/indicator_internal.h"

enum {
    CLOSE_VOLUME = FEL_INPUT_CLOSE | FEL_INPUT_VOLUME,
    HLC_VOLUME = INDICATOR_HLC | FEL_INPUT_VOLUME
};

static double typical(const fel_bar *bar)
{
    return fel_typical_price(bar->high, bar->low, bar->close);
}

/* ---- money flow index ------------------------------------------------------------------------ */

static const fel_param_spec mfi_params[] = {
    INDICATOR_BARS("bars", 14.0, 1.0, "length of the window"),
};

static size_t mfi_size(const double *params)
{
    return sizeof(fel_mfi) + fel_mfi_size_bytes(indicator_bars(params[0]));
}

static void mfi_start(void *state, const double *params)
{
    fel_mfi *mfi = state;
    fel_mfi_init(mfi, mfi + 1, indicator_bars(params[0]));
}

static int mfi_push(void *state, const fel_bar *bar, double *out)
{
    fel_mfi_push(state, typical(bar), bar->volume);
    if (!fel_mfi_is_ready(state)) {
        return 0;
    }
    out[0] = fel_mfi_value(state);
    return 1;
}

static void mfi_rescale(void *state, double factor)
{
    fel_mfi_rescale(state, factor);
}

static const char *const mfi_outputs[] = {"mfi"};

const fel_indicator_class indicator_mfi = {
    INDICATOR_HEAD("mfi", HLC_VOLUME, "money flow index, 0 .. 100",
                   "100 u / (u + d), sums of p v of n bars where p = (h + l + c) / 3 rose, fell; "
                   "50 without flow",
                   "Quong and Soudack 1989; TA-Lib (0 without flow), Tulip"),
    INDICATOR_PARAMS(mfi_params),
    INDICATOR_OUTPUTS(mfi_outputs),
    INDICATOR_CODE(mfi, indicator_changes),
};

/* ---- on-balance volume ----------------------------------------------------------------------- */

static const fel_param_spec obv_params[] = {
    INDICATOR_CHOICE("start", "volume|zero",
                     "the first bar counts its volume (TA-Lib) or nothing (Tulip)"),
};

INDICATOR_PLAIN_SIZE(obv, fel_obv)

static size_t no_warm_up(const double *params)
{
    (void)params;
    return 0;
}

static void obv_start(void *state, const double *params)
{
    fel_obv_init(state, params[0] < 1.0);
}

static int obv_push(void *state, const fel_bar *bar, double *out)
{
    fel_obv_push(state, bar->close, bar->volume);
    out[0] = fel_obv_value(state);
    return 1;
}

static void obv_rescale(void *state, double factor)
{
    fel_obv_rescale(state, factor);
}

static const char *const obv_outputs[] = {"obv"};

const fel_indicator_class indicator_obv = {
    INDICATOR_HEAD("obv", CLOSE_VOLUME, "on-balance volume", "sum of sign(c - c') v",
                   "Granville 1963; TA-Lib, Tulip"),
    INDICATOR_PARAMS(obv_params),
    INDICATOR_OUTPUTS(obv_outputs),
    INDICATOR_CODE(obv, no_warm_up),
};

/* ---- volume-weighted average price ----------------------------------------------------------- */

static const fel_param_spec vwap_params[] = {
    INDICATOR_CHOICE("since", "day|start",
                     "begins anew with each UTC day of the bars' opens, or never"),
};

typedef struct vwap_state {
    fel_vwap vwap;
    int64_t day;
    int is_daily;
} vwap_state;

INDICATOR_PLAIN_SIZE(vwap, vwap_state)

static void vwap_start(void *state, const double *params)
{
    vwap_state *s = state;
    fel_vwap_init(&s->vwap, NULL, 0);
    s->day = 0;
    s->is_daily = params[0] < 1.0;
}

static int vwap_push(void *state, const fel_bar *bar, double *out)
{
    const int64_t day_ns = INT64_C(86400000000000);
    const int64_t day = bar->open_time_ns / day_ns - (bar->open_time_ns % day_ns < 0);
    vwap_state *s = state;
    if (s->is_daily && day != s->day) {
        fel_vwap_reset(&s->vwap);
        s->day = day;
    }
    fel_vwap_push(&s->vwap, typical(bar), bar->volume);
    out[0] = fel_vwap_value(&s->vwap);
    return 1;
}

static void vwap_rescale(void *state, double factor)
{
    vwap_state *s = state;
    fel_vwap_rescale(&s->vwap, factor);
}

static const char *const vwap_outputs[] = {"vwap"};

const fel_indicator_class indicator_vwap = {
    INDICATOR_HEAD("vwap", HLC_VOLUME | FEL_INPUT_TIME,
                   "volume-weighted average price of the day so far, or since the start",
                   "sum of p v / sum of v, p = (h + l + c) / 3; NaN without volume", "usual"),
    INDICATOR_PARAMS(vwap_params),
    INDICATOR_OUTPUTS(vwap_outputs),
    INDICATOR_CODE(vwap, no_warm_up),
};

static const fel_param_spec vwma_params[] = {
    INDICATOR_BARS("bars", 20.0, 1.0, "length of the window"),
};

static size_t vwma_size(const double *params)
{
    return sizeof(fel_vwap) + fel_vwap_size_bytes(indicator_bars(params[0]));
}

static void vwma_start(void *state, const double *params)
{
    fel_vwap *vwap = state;
    fel_vwap_init(vwap, vwap + 1, indicator_bars(params[0]));
}

static int vwma_push(void *state, const fel_bar *bar, double *out)
{
    fel_vwap_push(state, bar->close, bar->volume);
    if (!fel_vwap_is_ready(state)) {
        return 0;
    }
    out[0] = fel_vwap_value(state);
    return 1;
}

static void vwma_rescale(void *state, double factor)
{
    fel_vwap_rescale(state, factor);
}

static const char *const vwma_outputs[] = {"vwma"};

const fel_indicator_class indicator_vwma = {
    INDICATOR_HEAD("vwma", CLOSE_VOLUME, "volume-weighted moving average of the close",
                   "sum of c v / sum of v over the last n; NaN without volume", "Tulip"),
    INDICATOR_PARAMS(vwma_params),
    INDICATOR_OUTPUTS(vwma_outputs),
    INDICATOR_CODE(vwma, indicator_window),
};
