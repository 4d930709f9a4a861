/* models/feature_oscillator.c - relative strength and efficiency: how one-sided the latest moves
 * were. */
#include "models/feature_internal.h"

/* ---- relative strength index (Wilder 1978) --------------------------------------------------- */

static const fel_param_spec rsi_params[] = {
    FEATURE_BARS("bars", 14.0, 1.0, "length of Wilder's averages"),
};

static size_t rsi_size(const double *params)
{
    (void)params;
    return sizeof(fel_rsi);
}

static void rsi_start(void *state, const double *params)
{
    fel_rsi_init(state, (size_t)params[0]);
}

static void rsi_push(void *state, const fel_feature_input *in, double *out)
{
    fel_rsi_push(state, in->bar.close);
    out[0] = fel_rsi_is_ready(state) ? fel_rsi_value(state) / 100.0 : (double)NAN;
}

const fel_feature_class feature_rsi = {
    FEATURE_HEAD("rsi", FEL_INPUT_CLOSE, "relative strength index, 0 .. 1",
                 "u / (u + d) of Wilder's averages u of rises, d of falls; 0.5 where c stands "
                 "still"),
    FEATURE_PARAMS(rsi_params),
    .n_outputs = 1,
    .warm_up = feature_bars,
    .state_size = rsi_size,
    .start = rsi_start,
    .push = rsi_push,
};

/* ---- efficiency ratio (Kaufman 1995), with the sign of the move ------------------------------ */

static const fel_param_spec efficiency_params[] = {
    FEATURE_BARS("bars", 10.0, 1.0, "bars between the two closes"),
};

typedef struct efficiency {
    fel_lag closes;
    fel_sma moves; /* |c - c before| */
} efficiency;

static size_t efficiency_size(const double *params)
{
    return sizeof(efficiency) + fel_lag_size_bytes((size_t)params[0] + 1) +
           fel_sma_size_bytes((size_t)params[0]);
}

static void efficiency_start(void *state, const double *params)
{
    efficiency *s = state;
    double *memory = (double *)(s + 1);
    const size_t bars = (size_t)params[0];
    fel_lag_init(&s->closes, memory, bars + 1);
    fel_sma_init(&s->moves, memory + bars + 1, bars);
}

static void efficiency_push(void *state, const fel_feature_input *in, double *out)
{
    efficiency *s = state;
    const double previous = fel_lag_at(&s->closes, 0), close = in->bar.close;
    (void)fel_lag_swap(&s->closes, close);
    if (!isnan(previous)) {
        fel_sma_push(&s->moves, fabs(close - previous));
    }
    const double bars = (double)s->moves.window.length;
    const double way = bars * fel_sma_value(&s->moves);
    const double move = close - fel_lag_at(&s->closes, s->moves.window.length);
    out[0] = !fel_sma_is_ready(&s->moves) ? (double)NAN : way > 0.0 ? move / way : 0.0;
}

const fel_feature_class feature_efficiency = {
    FEATURE_HEAD("efficiency", FEL_INPUT_CLOSE,
                 "Kaufman's efficiency ratio with the sign of the move, -1 .. 1",
                 "(c[t] - c[t-n]) / sum(|c - c[-1]|, n); 0 where c stands still"),
    FEATURE_PARAMS(efficiency_params),
    .n_outputs = 1,
    .warm_up = feature_bars,
    .state_size = efficiency_size,
    .start = efficiency_start,
    .push = efficiency_push,
};
