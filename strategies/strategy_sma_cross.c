/* strategies/strategy_sma_cross.c - hold while the fast average of the closes is above the slow
 * one.
 *
 * At the close of every bar, of each instrument by itself, once slow_bars closes are known:
 * flat and fast > slow: buy; long and fast < slow: sell; equal: nothing. With side long_short the
 * sale goes on into a short position. On a tick grid the averages are compared as whole numbers: a
 * tie is a tie. */
#include <float.h>

#include <feller/indicator.h>
#include <feller/strategy.h>

enum { FAST_BARS, SLOW_BARS, SIDE, QUANTITY, WEIGHT, N_PARAMS };

static const fel_param_spec params[N_PARAMS] = {
    [FAST_BARS] = {"fast_bars", FEL_PARAM_INTEGER, 10, 1, 100000, NULL,
                   "length of the fast average"},
    [SLOW_BARS] = {"slow_bars", FEL_PARAM_INTEGER, 30, 2, 100000, NULL,
                   "length of the slow average; the first order may come with this bar"},
    [SIDE] = {"side", FEL_PARAM_CHOICE, 0, 0, 0, "long_only|long_short",
              "be flat or short while the fast average is below"},
    [QUANTITY] = {"quantity", FEL_PARAM_REAL, 0, 0, 1e9, NULL,
                  "units of each instrument to hold; 0: hold weight instead"},
    [WEIGHT] = {"weight", FEL_PARAM_REAL, 1, 0, 10, NULL,
                "fraction of equity to hold, in equal parts of all instruments"},
};

typedef struct asset {
    fel_sma_pair averages; /* of ticks on a grid, of prices elsewhere */
    double ticks_per_unit; /* 0: numbers that are not whole may be in the averages */
    double spare[3];       /* so that an asset is two lines of memory and no more */
} asset;

typedef struct sma_cross {
    asset *assets;
    fel_target_kind target_kind;
    double high, low;   /* amounts to hold while fast is above and below */
    double sells_above; /* sell what is held above this: 0, or just below to go short from flat */
} sma_cross;

static fel_status on_start(void *state, fel_ctx *ctx)
{
    sma_cross *self = state;
    const double *const p = ctx->params;
    const size_t n = ctx->n_instruments;
    if (p[FAST_BARS] >= p[SLOW_BARS]) {
        return ctx->host->fail(ctx, "fast_bars = %.0f must be below slow_bars = %.0f", p[FAST_BARS],
                               p[SLOW_BARS]);
    }
    const size_t slow_bars = (size_t)p[SLOW_BARS];
    const size_t row_length = fel_sma_pair_size_bytes(slow_bars) / sizeof(double);
    double *rows = ctx->host->alloc(ctx, n * row_length * sizeof(double));
    self->assets = ctx->host->alloc(ctx, n * sizeof(asset));
    if (rows == NULL || self->assets == NULL) {
        return ctx->host->fail(ctx, "out of memory: %zu x %zu closes", n, slow_bars);
    }
    for (size_t i = 0; i < n; i++) {
        asset *a = &self->assets[i];
        fel_sma_pair_init(&a->averages, rows + i * row_length, (size_t)p[FAST_BARS], slow_bars);
        a->ticks_per_unit = ctx->instruments[i].ticks_per_unit;
    }
    self->target_kind = p[QUANTITY] > 0.0 ? FEL_TARGET_POSITION : FEL_TARGET_WEIGHT;
    self->high = p[QUANTITY] > 0.0 ? p[QUANTITY] : p[WEIGHT] / (double)n;
    self->low = p[SIDE] > 0.0 ? -self->high : 0.0;
    self->sells_above = p[SIDE] > 0.0 ? -DBL_MIN : 0.0;
    return FEL_OK;
}

/* Apart, like what is off the grid below, so that the common case needs no stack. */
static __attribute__((noinline)) fel_status order(const sma_cross *self, const asset *a,
                                                  fel_ctx *ctx, uint32_t instrument, double gap)
{
    if (!fel_sma_pair_is_ready(&a->averages)) {
        return FEL_OK;
    }
    return ctx->host->target(ctx, instrument, self->target_kind, gap > 0.0 ? self->high : self->low,
                             NULL);
}

/* After a close: the rule. */
static inline fel_status decide(const sma_cross *self, const asset *a, fel_ctx *ctx,
                                uint32_t instrument, double gap)
{
    const double held = ctx->position[instrument];
    const int buys = (gap > 0.0) & (held <= 0.0);
    const int sells = (gap < 0.0) & (held > self->sells_above);
    return buys | sells ? order(self, a, ctx, instrument, gap) : FEL_OK;
}

/* Off the grid, or after a split on it. */
static __attribute__((noinline)) fel_status on_any_bar(const sma_cross *self, asset *a,
                                                       fel_ctx *ctx, const fel_bar *bar)
{
    const fel_instrument *const i = &ctx->instruments[bar->instrument];
    const int is_on_grid = i->ticks_per_unit > 0.0;
    fel_sma_pair_push(&a->averages, is_on_grid ? fel_ticks(i, bar->close) : bar->close);
    return decide(self, a, ctx, bar->instrument, fel_sma_pair_gap(&a->averages));
}

/* fel_ticks() on a grid that is at hand. */
static inline double whole_ticks(double ticks_per_unit, double price)
{
    const fel_instrument grid = {.ticks_per_unit = ticks_per_unit};
    return fel_ticks(&grid, price);
}

static fel_status on_bar(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    const sma_cross *self = state;
    asset *a = &self->assets[bar->instrument];
    if (a->ticks_per_unit <= 0.0) {
        return on_any_bar(self, a, ctx, bar);
    }
    const double ticks = whole_ticks(a->ticks_per_unit, bar->close);
    const double gap = fel_sma_pair_push_whole(&a->averages, ticks);
    return decide(self, a, ctx, bar->instrument, gap);
}

/* Closes from before a split are restated; they may then lie between the ticks. */
static fel_status on_corporate_action(void *state, fel_ctx *ctx, const fel_action *action)
{
    (void)ctx;
    sma_cross *self = state;
    if (action->kind == FEL_SPLIT) {
        asset *a = &self->assets[action->instrument];
        fel_sma_pair_rescale(&a->averages, 1.0 / action->value);
        a->ticks_per_unit = 0.0;
    }
    return FEL_OK;
}

extern const fel_strategy fel_strategy_sma_cross;

const fel_strategy fel_strategy_sma_cross = {
    .struct_size = sizeof(fel_strategy),
    .name = "sma_cross",
    .summary = "hold while the fast moving average is above the slow one",
    .params = params,
    .n_params = N_PARAMS,
    .state_size = sizeof(sma_cross),
    .on_start = on_start,
    .on_bar = on_bar,
    .on_corporate_action = on_corporate_action,
};

FEL_PLUGIN("sma_cross", "1.0.0", fel_strategy_sma_cross);
