/* strategies/strategy_forecast_sign.c - be long when a forecast is up, short or flat when it is
 * down.
 *
 * Of each instrument by itself: forecast > upper: long; forecast < lower: short (long_short) or
 * flat; between them, both included, flat; NaN: as before. An order is made when the side changes,
 * not when prices move the weight, unless rebalance asks for that: a short that is left alone grows
 * with the price it bets against, and a rise of 100 % takes all the money. Decided at the close of
 * the instrument's bars, where a forecast dated at the same instant is already known, or with
 * decide: arrival as soon as it is there. An order that comes too early (before the run's start,
 * before the first price) is tried again at each bar.
 *
 * With upper = lower = 0 the side is the sign of the forecast: the rule of the MADL papers, whose
 * equity lines follow with fill: same_close and a weight of 1 (those of both sides with rebalance,
 * to the cost of it). */
#include <math.h>

#include <feller/strategy.h>

enum { COLUMN, SIDE, UPPER, LOWER, WEIGHT, DECIDE, REBALANCE, N_PARAMS };

static const fel_param_spec params[N_PARAMS] = {
    [COLUMN] = {"column", FEL_PARAM_INTEGER, 0, 0, 63, NULL,
                "which signal column holds the forecast, from 0"},
    [SIDE] = {"side", FEL_PARAM_CHOICE, 0, 0, 0, "long_only|long_short",
              "be flat or short when the forecast is down"},
    [UPPER] = {"upper", FEL_PARAM_REAL, 0, -1e9, 1e9, NULL, "a forecast above this is up"},
    [LOWER] = {"lower", FEL_PARAM_REAL, 0, -1e9, 1e9, NULL, "a forecast below this is down"},
    [WEIGHT] = {"weight", FEL_PARAM_REAL, 1, 0, 10, NULL,
                "fraction of equity to hold, in equal parts of all instruments"},
    [DECIDE] = {"decide", FEL_PARAM_CHOICE, 0, 0, 0, "bar_close|arrival",
                "when: at the close of the next bar, or as soon as the forecast is there"},
    [REBALANCE] = {"rebalance", FEL_PARAM_BOOL, 0, 0, 0, NULL,
                   "bring the weight back at each bar, not only when the side changes"},
};

enum { SIDE_UNKNOWN = 2 }; /* no order was made: try again */

typedef struct forecast_sign {
    int *side; /* -1, 0, 1 as last ordered, by instrument */
    uint32_t column;
    int side_down; /* 0 or -1 */
    int at_arrival;
    int is_rebalanced;
    double weight; /* of one instrument */
} forecast_sign;

static fel_status on_start(void *state, fel_ctx *ctx)
{
    forecast_sign *self = state;
    const double *const p = ctx->params;
    if (p[COLUMN] >= (double)ctx->n_signals) {
        return ctx->host->fail(ctx, "column = %.0f is not there: the run has %zu signal column(s)",
                               p[COLUMN], ctx->n_signals);
    }
    if (p[LOWER] > p[UPPER]) {
        return ctx->host->fail(ctx, "lower = %g must not be above upper = %g", p[LOWER], p[UPPER]);
    }
    self->side = ctx->host->alloc(ctx, ctx->n_instruments * sizeof(int));
    if (self->side == NULL) {
        return ctx->host->fail(ctx, "out of memory: %zu instruments", ctx->n_instruments);
    }
    self->column = (uint32_t)p[COLUMN];
    self->side_down = p[SIDE] > 0.0 ? -1 : 0;
    self->at_arrival = p[DECIDE] > 0.0;
    self->is_rebalanced = p[REBALANCE] > 0.0;
    self->weight = p[WEIGHT] / (double)ctx->n_instruments;
    return FEL_OK;
}

static fel_status follow(forecast_sign *self, fel_ctx *ctx, uint32_t instrument)
{
    const double forecast = fel_signal_value(ctx, instrument, self->column);
    const int is_up = forecast > ctx->params[UPPER];
    const int is_down = forecast < ctx->params[LOWER];
    const int side = is_up ? 1 : is_down ? self->side_down : 0;
    const int is_kept = side == self->side[instrument] && (side == 0 || !self->is_rebalanced);
    if (isnan(forecast) || is_kept || isnan(ctx->last_price[instrument])) {
        return FEL_OK;
    }
    uint64_t order_id = 0;
    const fel_status status =
        ctx->host->target(ctx, instrument, FEL_TARGET_WEIGHT, side * self->weight, &order_id);
    self->side[instrument] = order_id != 0 ? side : SIDE_UNKNOWN;
    return status;
}

static fel_status on_bar(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    return follow(state, ctx, bar->instrument);
}

static fel_status on_signal(void *state, fel_ctx *ctx, const fel_signal *signal)
{
    forecast_sign *self = state;
    return self->at_arrival && signal->column == self->column
               ? follow(self, ctx, signal->instrument)
               : FEL_OK;
}

extern const fel_strategy fel_strategy_forecast_sign;

const fel_strategy fel_strategy_forecast_sign = {
    .struct_size = sizeof(fel_strategy),
    .name = "forecast_sign",
    .summary = "be long when a forecast column is up, short or flat when it is down",
    .params = params,
    .n_params = N_PARAMS,
    .state_size = sizeof(forecast_sign),
    .on_start = on_start,
    .on_bar = on_bar,
    .on_signal = on_signal,
};

FEL_PLUGIN("forecast_sign", "1.0.0", fel_strategy_forecast_sign);
