/* strategies/strategy_donchian_breakout.c - follow a close beyond the range of the bars before it.
 *
 * A channel of n bars is the highest high and the lowest low of the n bars before this one. At the
 * close of every bar, once entry_bars bars came before it: above the entry channel be long; below
 * it be short (long_short); a long position ends below the low of the exit channel, a short one
 * above its high. A close on the channel's edge does nothing. Donchian's rule as the Turtles traded
 * it. */
#include <feller/indicator.h>
#include <feller/strategy.h>

enum { ENTRY_BARS, EXIT_BARS, SIDE, QUANTITY, WEIGHT, N_PARAMS };

static const fel_param_spec params[N_PARAMS] = {
    [ENTRY_BARS] = {"entry_bars", FEL_PARAM_INTEGER, 20, 1, 100000, NULL,
                    "length of the entry channel; the first order may come with the bar after it"},
    [EXIT_BARS] = {"exit_bars", FEL_PARAM_INTEGER, 10, 1, 100000, NULL,
                   "length of the exit channel, at most entry_bars"},
    [SIDE] = {"side", FEL_PARAM_CHOICE, 0, 0, 0, "long_only|long_short",
              "what a close below the entry channel does: nothing new, or a short position"},
    [QUANTITY] = {"quantity", FEL_PARAM_REAL, 0, 0, 1e9, NULL,
                  "units of each instrument to hold; 0: hold weight instead"},
    [WEIGHT] = {"weight", FEL_PARAM_REAL, 1, 0, 10, NULL,
                "fraction of equity to hold, in equal parts of all instruments"},
};

enum { ENTRY_HIGH, ENTRY_LOW, EXIT_HIGH, EXIT_LOW, N_EDGES };

typedef struct asset {
    fel_extreme edges[N_EDGES];
} asset;

typedef struct donchian_breakout {
    asset *assets;
    fel_target_kind target_kind;
    double amount;
    int shorts;
} donchian_breakout;

static fel_status on_start(void *state, fel_ctx *ctx)
{
    donchian_breakout *self = state;
    const double *const p = ctx->params;
    const size_t n = ctx->n_instruments;
    if (p[EXIT_BARS] > p[ENTRY_BARS]) {
        return ctx->host->fail(ctx, "exit_bars = %.0f must not be above entry_bars = %.0f",
                               p[EXIT_BARS], p[ENTRY_BARS]);
    }
    const size_t entry_bars = (size_t)p[ENTRY_BARS], exit_bars = (size_t)p[EXIT_BARS];
    const size_t per_asset = 2 * (entry_bars + exit_bars);
    fel_extreme_entry *rings = ctx->host->alloc(ctx, n * fel_extreme_size_bytes(per_asset));
    self->assets = ctx->host->alloc(ctx, n * sizeof(asset));
    if (rings == NULL || self->assets == NULL) {
        return ctx->host->fail(ctx, "out of memory: %zu x %zu highs and lows", n, per_asset);
    }
    for (size_t i = 0; i < n; i++) {
        fel_extreme *edges = self->assets[i].edges;
        fel_extreme_entry *ring = rings + i * per_asset;
        fel_highest_init(&edges[ENTRY_HIGH], ring, entry_bars);
        fel_lowest_init(&edges[ENTRY_LOW], ring + entry_bars, entry_bars);
        fel_highest_init(&edges[EXIT_HIGH], ring + 2 * entry_bars, exit_bars);
        fel_lowest_init(&edges[EXIT_LOW], ring + 2 * entry_bars + exit_bars, exit_bars);
    }
    self->target_kind = p[QUANTITY] > 0.0 ? FEL_TARGET_POSITION : FEL_TARGET_WEIGHT;
    self->amount = p[QUANTITY] > 0.0 ? p[QUANTITY] : p[WEIGHT] / (double)n;
    self->shorts = p[SIDE] > 0.0;
    return FEL_OK;
}

/* -1, 0 or 1: the side to be on after this close, given the side held. */
static int side_wanted(const donchian_breakout *self, const asset *a, double close, int side_held)
{
    if (close > fel_extreme_value(&a->edges[ENTRY_HIGH])) {
        return 1;
    }
    if (self->shorts && close < fel_extreme_value(&a->edges[ENTRY_LOW])) {
        return -1;
    }
    const int ends_long = side_held > 0 && close < fel_extreme_value(&a->edges[EXIT_LOW]);
    const int ends_short = side_held < 0 && close > fel_extreme_value(&a->edges[EXIT_HIGH]);
    return ends_long || ends_short ? 0 : side_held;
}

static fel_status on_bar(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    donchian_breakout *self = state;
    asset *a = &self->assets[bar->instrument];
    const double held = ctx->position[bar->instrument];
    const int side_held = (held > 0.0) - (held < 0.0);
    const int side = fel_extreme_is_ready(&a->edges[ENTRY_HIGH])
                         ? side_wanted(self, a, bar->close, side_held)
                         : side_held;
    fel_extreme_push(&a->edges[ENTRY_HIGH], bar->high);
    fel_extreme_push(&a->edges[ENTRY_LOW], bar->low);
    fel_extreme_push(&a->edges[EXIT_HIGH], bar->high);
    fel_extreme_push(&a->edges[EXIT_LOW], bar->low);
    if (side == side_held) {
        return FEL_OK;
    }
    return ctx->host->target(ctx, bar->instrument, self->target_kind, side * self->amount, NULL);
}

/* Highs and lows from before a split are restated. */
static fel_status on_corporate_action(void *state, fel_ctx *ctx, const fel_action *action)
{
    (void)ctx;
    donchian_breakout *self = state;
    if (action->kind == FEL_SPLIT) {
        for (size_t k = 0; k < N_EDGES; k++) {
            fel_extreme_rescale(&self->assets[action->instrument].edges[k], 1.0 / action->value);
        }
    }
    return FEL_OK;
}

extern const fel_strategy fel_strategy_donchian_breakout;

const fel_strategy fel_strategy_donchian_breakout = {
    .struct_size = sizeof(fel_strategy),
    .name = "donchian_breakout",
    .summary = "follow a close beyond the range of the bars before it",
    .params = params,
    .n_params = N_PARAMS,
    .state_size = sizeof(donchian_breakout),
    .on_start = on_start,
    .on_bar = on_bar,
    .on_corporate_action = on_corporate_action,
};

FEL_PLUGIN("donchian_breakout", "1.0.0", fel_strategy_donchian_breakout);
