/* strategies/strategy_rsi_reversion.c - buy what fell too far, sell what rose too far.
 *
 * Wilder's RSI of the closes. At the close of every bar, once rsi_bars changes are known: below
 * oversold be long; above overbought be short (long_short); a long position ends above exit_level,
 * a short one below it. A value equal to a level does nothing. */
#include <feller/indicator.h>
#include <feller/strategy.h>

enum { RSI_BARS, OVERSOLD, EXIT_LEVEL, OVERBOUGHT, SIDE, QUANTITY, WEIGHT, N_PARAMS };

static const fel_param_spec params[N_PARAMS] = {
    [RSI_BARS] = {"rsi_bars", FEL_PARAM_INTEGER, 14, 1, 100000, NULL,
                  "length of the RSI; the first order may come with the bar after it"},
    [OVERSOLD] = {"oversold", FEL_PARAM_REAL, 30, 0, 100, NULL, "below this be long"},
    [EXIT_LEVEL] = {"exit_level", FEL_PARAM_REAL, 50, 0, 100, NULL,
                    "beyond this a position has done its work"},
    [OVERBOUGHT] = {"overbought", FEL_PARAM_REAL, 70, 0, 100, NULL,
                    "above this be short, if side allows"},
    [SIDE] = {"side", FEL_PARAM_CHOICE, 0, 0, 0, "long_only|long_short",
              "trade falls only, or falls and rises"},
    [QUANTITY] = {"quantity", FEL_PARAM_REAL, 0, 0, 1e9, NULL,
                  "units of each instrument to hold; 0: hold weight instead"},
    [WEIGHT] = {"weight", FEL_PARAM_REAL, 1, 0, 10, NULL,
                "fraction of equity to hold, in equal parts of all instruments"},
};

typedef struct rsi_reversion {
    fel_rsi *rsi; /* by instrument */
    fel_target_kind target_kind;
    double amount;
    int shorts;
} rsi_reversion;

static fel_status on_start(void *state, fel_ctx *ctx)
{
    rsi_reversion *self = state;
    const double *const p = ctx->params;
    const size_t n = ctx->n_instruments;
    if (p[OVERSOLD] > p[EXIT_LEVEL] || p[EXIT_LEVEL] > p[OVERBOUGHT]) {
        return ctx->host->fail(
            ctx, "oversold = %g, exit_level = %g and overbought = %g must not decrease",
            p[OVERSOLD], p[EXIT_LEVEL], p[OVERBOUGHT]);
    }
    self->rsi = ctx->host->alloc(ctx, n * sizeof(fel_rsi));
    if (self->rsi == NULL) {
        return ctx->host->fail(ctx, "out of memory: %zu instruments", n);
    }
    for (size_t i = 0; i < n; i++) {
        fel_rsi_init(&self->rsi[i], (size_t)p[RSI_BARS]);
    }
    self->target_kind = p[QUANTITY] > 0.0 ? FEL_TARGET_POSITION : FEL_TARGET_WEIGHT;
    self->amount = p[QUANTITY] > 0.0 ? p[QUANTITY] : p[WEIGHT] / (double)n;
    self->shorts = p[SIDE] > 0.0;
    return FEL_OK;
}

/* -1, 0 or 1: the side to be on at this value, given the side held. */
static int side_wanted(const rsi_reversion *self, const double *p, double rsi, int side_held)
{
    if (rsi < p[OVERSOLD]) {
        return 1;
    }
    if (self->shorts && rsi > p[OVERBOUGHT]) {
        return -1;
    }
    const int ends_long = side_held > 0 && rsi > p[EXIT_LEVEL];
    const int ends_short = side_held < 0 && rsi < p[EXIT_LEVEL];
    return ends_long || ends_short ? 0 : side_held;
}

static fel_status on_bar(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    rsi_reversion *self = state;
    fel_rsi *rsi = &self->rsi[bar->instrument];
    fel_rsi_push(rsi, bar->close);
    if (!fel_rsi_is_ready(rsi)) {
        return FEL_OK;
    }
    const double held = ctx->position[bar->instrument];
    const int side_held = (held > 0.0) - (held < 0.0);
    const int side = side_wanted(self, ctx->params, fel_rsi_value(rsi), side_held);
    if (side == side_held) {
        return FEL_OK;
    }
    return ctx->host->target(ctx, bar->instrument, self->target_kind, side * self->amount, NULL);
}

/* Changes from before a split are restated. */
static fel_status on_corporate_action(void *state, fel_ctx *ctx, const fel_action *action)
{
    (void)ctx;
    rsi_reversion *self = state;
    if (action->kind == FEL_SPLIT) {
        fel_rsi_rescale(&self->rsi[action->instrument], 1.0 / action->value);
    }
    return FEL_OK;
}

extern const fel_strategy fel_strategy_rsi_reversion;

const fel_strategy fel_strategy_rsi_reversion = {
    .struct_size = sizeof(fel_strategy),
    .name = "rsi_reversion",
    .summary = "buy below an RSI level and sell when it has recovered",
    .params = params,
    .n_params = N_PARAMS,
    .state_size = sizeof(rsi_reversion),
    .on_start = on_start,
    .on_bar = on_bar,
    .on_corporate_action = on_corporate_action,
};

FEL_PLUGIN("rsi_reversion", "1.0.0", fel_strategy_rsi_reversion);
