/* strategies/strategy_buy_and_hold.c - buy every instrument at its first price and keep it.
 *
 * The order is made again at each of them until something is held, so that one that was refused
 * (before the run's start, no cash) does not end the strategy; after that nothing more is traded.
 */
#include <feller/strategy.h>

enum { QUANTITY, WEIGHT, N_PARAMS };

static const fel_param_spec params[N_PARAMS] = {
    [QUANTITY] = {"quantity", FEL_PARAM_REAL, 0, 0, 1e9, NULL,
                  "units of each instrument to buy; 0: buy weight instead"},
    [WEIGHT] = {"weight", FEL_PARAM_REAL, 1, 0, 10, NULL,
                "fraction of equity to buy, in equal parts of all instruments"},
};

typedef struct buy_and_hold {
    char *is_bought; /* by instrument */
    fel_target_kind target_kind;
    double amount;
} buy_and_hold;

static fel_status on_start(void *state, fel_ctx *ctx)
{
    buy_and_hold *self = state;
    const double *const p = ctx->params;
    self->is_bought = ctx->host->alloc(ctx, ctx->n_instruments);
    if (self->is_bought == NULL) {
        return ctx->host->fail(ctx, "out of memory: %zu instruments", ctx->n_instruments);
    }
    self->target_kind = p[QUANTITY] > 0.0 ? FEL_TARGET_POSITION : FEL_TARGET_WEIGHT;
    self->amount = p[QUANTITY] > 0.0 ? p[QUANTITY] : p[WEIGHT] / (double)ctx->n_instruments;
    return FEL_OK;
}

static fel_status buy(const buy_and_hold *self, fel_ctx *ctx, uint32_t i)
{
    if (self->is_bought[i] || self->amount <= 0.0 || ctx->host->open_orders(ctx, i) != 0) {
        return FEL_OK;
    }
    return ctx->host->target(ctx, i, self->target_kind, self->amount, NULL);
}

static fel_status on_bar(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    return buy(state, ctx, bar->instrument);
}

static fel_status on_quote(void *state, fel_ctx *ctx, const fel_quote *quote)
{
    return buy(state, ctx, quote->instrument);
}

static fel_status on_trade(void *state, fel_ctx *ctx, const fel_trade_tick *trade)
{
    return buy(state, ctx, trade->instrument);
}

static fel_status on_depth(void *state, fel_ctx *ctx, const fel_depth *depth)
{
    return buy(state, ctx, depth->instrument);
}

static fel_status on_fill(void *state, fel_ctx *ctx, const fel_fill *fill)
{
    (void)ctx;
    const buy_and_hold *self = state;
    self->is_bought[fill->instrument] = 1;
    return FEL_OK;
}

extern const fel_strategy fel_strategy_buy_and_hold;

const fel_strategy fel_strategy_buy_and_hold = {
    .struct_size = sizeof(fel_strategy),
    .name = "buy_and_hold",
    .summary = "buy every instrument at its first bar or quote and keep it",
    .params = params,
    .n_params = N_PARAMS,
    .state_size = sizeof(buy_and_hold),
    .on_start = on_start,
    .on_bar = on_bar,
    .on_trade = on_trade,
    .on_quote = on_quote,
    .on_depth = on_depth,
    .on_fill = on_fill,
};

FEL_PLUGIN("buy_and_hold", "1.0.0", fel_strategy_buy_and_hold);
