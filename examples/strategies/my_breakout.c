/* my_breakout.c - buy a close above the highest high of the bars before, trail a stop below it. */
#include <feller/indicator.h>
#include <feller/strategy.h>

enum { CHANNEL_BARS, ATR_BARS, STOP_ATRS, WEIGHT, N_PARAMS };

static const fel_param_spec params[N_PARAMS] = {
    [CHANNEL_BARS] = {"channel_bars", FEL_PARAM_INTEGER, 20, 2, 10000, NULL,
                      "bars whose highest high must be beaten"},
    [ATR_BARS] = {"atr_bars", FEL_PARAM_INTEGER, 14, 2, 10000, NULL,
                  "length of the average true range"},
    [STOP_ATRS] = {"stop_atrs", FEL_PARAM_REAL, 3, 0.1, 100, NULL,
                   "distance of the stop, in average true ranges"},
    [WEIGHT] = {"weight", FEL_PARAM_REAL, 1, 0, 1, NULL,
                "fraction of equity to hold, in equal parts of all instruments"},
};

typedef struct asset {
    fel_extreme highest;
    fel_atr range;
    uint64_t stop_id; /* the stop that is live; 0: none */
    double stop_price;
} asset;

typedef struct my_breakout {
    asset *assets; /* one for each instrument of the run */
} my_breakout;

static fel_status on_start(void *state, fel_ctx *ctx)
{
    my_breakout *self = state;
    const size_t n = ctx->n_instruments, length = (size_t)ctx->params[CHANNEL_BARS];
    const size_t size_bytes = fel_extreme_size_bytes(length);
    unsigned char *memory = ctx->host->alloc(ctx, n * size_bytes);
    self->assets = ctx->host->alloc(ctx, n * sizeof(asset));
    if (memory == NULL || self->assets == NULL) {
        return ctx->host->fail(ctx, "out of memory: %zu instruments", n);
    }
    for (size_t i = 0; i < n; i++) {
        fel_highest_init(&self->assets[i].highest, memory + i * size_bytes, length);
        fel_atr_init(&self->assets[i].range, (size_t)ctx->params[ATR_BARS]);
    }
    return FEL_OK;
}

/* Put the stop below this close, or move it up; never down. */
static fel_status trail_stop(asset *a, fel_ctx *ctx, const fel_bar *bar)
{
    const double distance = ctx->params[STOP_ATRS] * fel_atr_value(&a->range);
    fel_order order = fel_order_default(bar->instrument, FEL_SELL, ctx->position[bar->instrument]);
    order.type = FEL_ORDER_STOP;
    order.stop_price = bar->close - distance;
    if (a->stop_id == 0) {
        a->stop_price = order.stop_price;
        return ctx->host->submit(ctx, &order, &a->stop_id);
    }
    if (order.stop_price <= a->stop_price) {
        return FEL_OK;
    }
    a->stop_price = order.stop_price;
    return ctx->host->replace(ctx, a->stop_id, &order, &a->stop_id);
}

static fel_status on_bar(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    my_breakout *self = state;
    asset *a = &self->assets[bar->instrument];
    const int is_breakout =
        fel_extreme_is_ready(&a->highest) && bar->close > fel_extreme_value(&a->highest);
    fel_extreme_push(&a->highest, bar->high);
    fel_atr_push(&a->range, bar->high, bar->low, bar->close);
    if (!fel_atr_is_ready(&a->range)) {
        return FEL_OK;
    }
    if (ctx->position[bar->instrument] > 0.0) {
        return trail_stop(a, ctx, bar);
    }
    return is_breakout ? fel_order_to_weight(ctx, bar->instrument,
                                             ctx->params[WEIGHT] / (double)ctx->n_instruments)
                       : FEL_OK;
}

/* The stop has filled, or the venue has ended it: there is none to move any more. */
static fel_status on_order(void *state, fel_ctx *ctx, const fel_order_update *update)
{
    (void)ctx;
    my_breakout *self = state;
    asset *a = &self->assets[update->instrument];
    if (update->order_id == a->stop_id && update->reason != FEL_REASON_NONE) {
        a->stop_id = 0;
    }
    return FEL_OK;
}

/* After a split the prices that are remembered mean something else; the engine moves the stop. */
static fel_status on_corporate_action(void *state, fel_ctx *ctx, const fel_action *action)
{
    (void)ctx;
    my_breakout *self = state;
    asset *a = &self->assets[action->instrument];
    if (action->kind == FEL_SPLIT) {
        fel_extreme_rescale(&a->highest, 1.0 / action->value);
        fel_atr_rescale(&a->range, 1.0 / action->value);
        a->stop_price /= action->value;
    }
    return FEL_OK;
}

static const fel_strategy strategy = {
    .struct_size = sizeof(fel_strategy),
    .name = "my_breakout",
    .summary = "buy a breakout and trail a stop below it",
    .params = params,
    .n_params = N_PARAMS,
    .state_size = sizeof(my_breakout),
    .on_start = on_start,
    .on_bar = on_bar,
    .on_order = on_order,
    .on_corporate_action = on_corporate_action,
};

FEL_PLUGIN("my_breakout", "1.0.0", strategy);
