/* strategies/strategy_signals.c - trade a column of numbers that somebody else computed.
 *
 * scale x the column's value is the target of its instrument: a fraction of equity, or a number of
 * units. An order is made when the target changes, NaN keeps the last one. By default that is
 * decided at the close of the instrument's bars, where a signal dated at the same instant is
 * already known; signals that come between closes (before the market opens, say) are traded at once
 * with decide: arrival. A target that
 * comes too early (before the run's start, before the first price) is tried again at each bar. */
#include <math.h>

#include <feller/strategy.h>

enum { COLUMN, MODE, SCALE, DECIDE, N_PARAMS };

static const fel_param_spec params[N_PARAMS] = {
    [COLUMN] = {"column", FEL_PARAM_INTEGER, 0, 0, 63, NULL, "which signal column, from 0"},
    [MODE] = {"mode", FEL_PARAM_CHOICE, 0, 0, 0, "weight|position",
              "what the value is: a fraction of equity or a number of units"},
    [SCALE] = {"scale", FEL_PARAM_REAL, 1, -1e9, 1e9, NULL, "the value is multiplied by this"},
    [DECIDE] = {"decide", FEL_PARAM_CHOICE, 0, 0, 0, "bar_close|arrival",
                "when: at the close of the next bar, or as soon as the signal is there"},
};

typedef struct signals {
    double *ordered; /* target last ordered, by instrument; NaN: none was made, try again */
    uint32_t column;
    fel_target_kind target_kind;
    int at_arrival;
} signals;

static fel_status on_start(void *state, fel_ctx *ctx)
{
    signals *self = state;
    const double *const p = ctx->params;
    if (p[COLUMN] >= (double)ctx->n_signals) {
        return ctx->host->fail(ctx, "column = %.0f is not there: the run has %zu signal column(s)",
                               p[COLUMN], ctx->n_signals);
    }
    self->ordered = ctx->host->alloc(ctx, ctx->n_instruments * sizeof(double));
    if (self->ordered == NULL) {
        return ctx->host->fail(ctx, "out of memory: %zu instruments", ctx->n_instruments);
    }
    self->column = (uint32_t)p[COLUMN];
    self->target_kind = p[MODE] > 0.0 ? FEL_TARGET_POSITION : FEL_TARGET_WEIGHT;
    self->at_arrival = p[DECIDE] > 0.0;
    return FEL_OK;
}

static fel_status follow(signals *self, fel_ctx *ctx, uint32_t instrument)
{
    const double target = fel_signal_value(ctx, instrument, self->column) * ctx->params[SCALE];
    if (isnan(target) || target == self->ordered[instrument] ||
        isnan(ctx->last_price[instrument])) {
        return FEL_OK;
    }
    uint64_t order_id = 0;
    const fel_status status =
        ctx->host->target(ctx, instrument, self->target_kind, target, &order_id);
    self->ordered[instrument] = order_id != 0 ? target : (double)NAN;
    return status;
}

static fel_status on_bar(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    return follow(state, ctx, bar->instrument);
}

static fel_status on_signal(void *state, fel_ctx *ctx, const fel_signal *signal)
{
    signals *self = state;
    return self->at_arrival && signal->column == self->column
               ? follow(self, ctx, signal->instrument)
               : FEL_OK;
}

/* The split has multiplied the units held already. */
static fel_status on_corporate_action(void *state, fel_ctx *ctx, const fel_action *action)
{
    (void)ctx;
    const signals *self = state;
    if (action->kind == FEL_SPLIT && self->target_kind == FEL_TARGET_POSITION) {
        self->ordered[action->instrument] *= action->value;
    }
    return FEL_OK;
}

extern const fel_strategy fel_strategy_signals;

const fel_strategy fel_strategy_signals = {
    .struct_size = sizeof(fel_strategy),
    .name = "signals",
    .summary = "hold what a signal column says: weights or units",
    .params = params,
    .n_params = N_PARAMS,
    .state_size = sizeof(signals),
    .on_start = on_start,
    .on_bar = on_bar,
    .on_signal = on_signal,
    .on_corporate_action = on_corporate_action,
};

FEL_PLUGIN("signals", "1.0.0", fel_strategy_signals);
