/* bracket.c - buy a stop above the channel while the price is above its average, with a bracket: a
 * limit that takes the profit and a stop that ends the loss, one cancelling the other. */
#include <feller/indicator.h>
#include <feller/strategy.h>

enum { CHANNEL_BARS, TREND_BARS, ATR_BARS, PROFIT_ATRS, STOP_ATRS, RISK, N_PARAMS };

static const fel_param_spec params[N_PARAMS] = {
    [CHANNEL_BARS] = {"channel_bars", FEL_PARAM_INTEGER, 20, 2, 10000, NULL,
                      "bars whose highest high the entry waits at"},
    [TREND_BARS] = {"trend_bars", FEL_PARAM_INTEGER, 100, 2, 10000, NULL,
                    "average that the close must be above"},
    [ATR_BARS] = {"atr_bars", FEL_PARAM_INTEGER, 14, 2, 10000, NULL,
                  "length of the average true range"},
    [PROFIT_ATRS] = {"profit_atrs", FEL_PARAM_REAL, 3, 0.1, 100, NULL,
                     "distance of the profit, in average true ranges"},
    [STOP_ATRS] = {"stop_atrs", FEL_PARAM_REAL, 2, 0.1, 100, NULL,
                   "distance of the stop, in average true ranges"},
    [RISK] = {"risk", FEL_PARAM_REAL, 0.01, 0.0001, 0.2, NULL,
              "fraction of equity that a stop at its own price loses"},
};

typedef struct asset {
    fel_extreme highest;
    fel_sma trend;
    fel_atr range;
} asset;

typedef struct bracket {
    asset *assets; /* one for each instrument of the run */
} bracket;

static fel_status on_start(void *state, fel_ctx *ctx)
{
    bracket *self = state;
    const size_t n = ctx->n_instruments;
    const size_t channel = (size_t)ctx->params[CHANNEL_BARS];
    const size_t trend = (size_t)ctx->params[TREND_BARS];
    const size_t highest_bytes = fel_extreme_size_bytes(channel);
    const size_t trend_bytes = fel_sma_size_bytes(trend);
    unsigned char *memory = ctx->host->alloc(ctx, n * highest_bytes);
    unsigned char *sums = ctx->host->alloc(ctx, n * trend_bytes);
    self->assets = ctx->host->alloc(ctx, n * sizeof(asset));
    if (memory == NULL || sums == NULL || self->assets == NULL) {
        return ctx->host->fail(ctx, "out of memory: %zu instruments", n);
    }
    for (size_t i = 0; i < n; i++) {
        asset *a = &self->assets[i];
        fel_highest_init(&a->highest, memory + i * highest_bytes, channel);
        fel_sma_init(&a->trend, sums + i * trend_bytes, trend);
        fel_atr_init(&a->range, (size_t)ctx->params[ATR_BARS]);
    }
    return FEL_OK;
}

/* For one day; what does not fill takes its legs with it. */
static fel_status enter(const asset *a, fel_ctx *ctx, const fel_bar *bar)
{
    const double range = fel_atr_value(&a->range), price = fel_extreme_value(&a->highest);
    const double loss = ctx->params[STOP_ATRS] * range;
    const double most = ctx->host->equity(ctx) / (price * (double)ctx->n_instruments);
    const double units = ctx->params[RISK] * ctx->host->equity(ctx) / loss;
    fel_order order = fel_order_default(bar->instrument, FEL_BUY, units < most ? units : most);
    order.type = FEL_ORDER_STOP;
    order.tif = FEL_TIF_DAY;
    order.stop_price = price;
    uint64_t ids[3];
    return fel_submit_bracket(ctx, &order, price + ctx->params[PROFIT_ATRS] * range, price - loss,
                              ids);
}

static fel_status on_bar(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    bracket *self = state;
    asset *a = &self->assets[bar->instrument];
    fel_extreme_push(&a->highest, bar->high);
    fel_sma_push(&a->trend, bar->close);
    fel_atr_push(&a->range, bar->high, bar->low, bar->close);
    const int is_ready = fel_extreme_is_ready(&a->highest) && fel_sma_is_ready(&a->trend) &&
                         fel_atr_is_ready(&a->range);
    const int is_idle =
        ctx->position[bar->instrument] == 0.0 && ctx->host->open_orders(ctx, bar->instrument) == 0;
    return is_ready && is_idle && bar->close > fel_sma_value(&a->trend) ? enter(a, ctx, bar)
                                                                        : FEL_OK;
}

/* After a split the prices that are remembered mean something else; the engine moves the orders. */
static fel_status on_corporate_action(void *state, fel_ctx *ctx, const fel_action *action)
{
    (void)ctx;
    bracket *self = state;
    asset *a = &self->assets[action->instrument];
    if (action->kind == FEL_SPLIT) {
        fel_extreme_rescale(&a->highest, 1.0 / action->value);
        fel_sma_rescale(&a->trend, 1.0 / action->value);
        fel_atr_rescale(&a->range, 1.0 / action->value);
    }
    return FEL_OK;
}

static const fel_strategy strategy = {
    .struct_size = sizeof(fel_strategy),
    .name = "bracket",
    .summary = "enter by a stop with a bracket around it",
    .params = params,
    .n_params = N_PARAMS,
    .state_size = sizeof(bracket),
    .on_start = on_start,
    .on_bar = on_bar,
    .on_corporate_action = on_corporate_action,
};

FEL_PLUGIN("bracket", "1.0", strategy);
