/* market_maker.c - a bid below and an ask above the middle of the book, both post-only, moved with
 * it and away from what is held. */
#include <math.h>

#include <feller/strategy.h>

enum { SIZE, DISTANCE_TICKS, SKEW_TICKS, MAX_POSITION, N_PARAMS };

static const fel_param_spec params[N_PARAMS] = {
    [SIZE] = {"size", FEL_PARAM_REAL, 1, 1e-9, 1e12, NULL, "units of each order"},
    [DISTANCE_TICKS] = {"distance_ticks", FEL_PARAM_REAL, 1, 0, 1e6, NULL,
                        "from the fair price to each order"},
    [SKEW_TICKS] = {"skew_ticks", FEL_PARAM_REAL, 2, 0, 1e6, NULL,
                    "that the fair price moves against a full position"},
    [MAX_POSITION] = {"max_position", FEL_PARAM_REAL, 10, 1e-9, 1e12, NULL, "units held at most"},
};

typedef struct side_order {
    uint64_t id; /* 0: none */
    double price;
} side_order;

typedef struct maker {
    side_order bid, ask;
    int64_t seen_ns;
} maker;

static fel_status on_start(void *state, fel_ctx *ctx)
{
    (void)state;
    if (ctx->n_instruments != 1 || !(ctx->instruments[0].ticks_per_unit > 0.0)) {
        return ctx->host->fail(ctx, "needs one instrument whose prices lie on a grid");
    }
    return FEL_OK;
}

/* Have one order of this side at the price; none if `wanted` is 0. */
static fel_status keep(side_order *o, fel_ctx *ctx, fel_side side, double price, int wanted)
{
    if (o->id != 0 && (!wanted || o->price != price)) {
        const uint64_t old = o->id;
        o->id = 0;
        const fel_status status = ctx->host->cancel(ctx, old);
        if (status != FEL_OK) {
            return status;
        }
    }
    if (o->id != 0 || !wanted) {
        return FEL_OK;
    }
    fel_order order = fel_order_default(0, side, ctx->params[SIZE]);
    order.type = FEL_ORDER_LIMIT;
    order.limit_price = price;
    order.flags = FEL_ORDER_POST_ONLY;
    o->price = price;
    return fel_submit(ctx, &order, &o->id);
}

/* Once an instant, when all of its rows are in the book. */
static fel_status on_depth(void *state, fel_ctx *ctx, const fel_depth *depth)
{
    maker *self = state;
    fel_level bid, ask;
    if (self->seen_ns == depth->time_ns || ctx->host->book(ctx, 0, FEL_BUY, &bid, 1) == 0 ||
        ctx->host->book(ctx, 0, FEL_SELL, &ask, 1) == 0) {
        return FEL_OK;
    }
    self->seen_ns = depth->time_ns;
    const double ticks = ctx->instruments[0].ticks_per_unit;
    const double held = ctx->position[0] / ctx->params[MAX_POSITION];
    const double middle = 0.5 * (bid.price + ask.price) * ticks;
    const double fair = middle - ctx->params[SKEW_TICKS] * held;
    const double away = ctx->params[DISTANCE_TICKS];
    const double low = fmin(floor(fair - away), rint(ask.price * ticks) - 1.0) / ticks;
    const double high = fmax(ceil(fair + away), rint(bid.price * ticks) + 1.0) / ticks;
    const double room = 1.0 - ctx->params[SIZE] / ctx->params[MAX_POSITION];
    const fel_status status = keep(&self->bid, ctx, FEL_BUY, low, held <= room);
    return status == FEL_OK ? keep(&self->ask, ctx, FEL_SELL, high, -held <= room) : status;
}

static fel_status on_order(void *state, fel_ctx *ctx, const fel_order_update *update)
{
    maker *self = state;
    (void)ctx;
    if (update->state == FEL_ORDER_LIVE) {
        return FEL_OK;
    }
    if (update->order_id == self->bid.id) {
        self->bid.id = 0;
    } else if (update->order_id == self->ask.id) {
        self->ask.id = 0;
    }
    return FEL_OK;
}

static const fel_strategy strategy = {
    .struct_size = sizeof(fel_strategy),
    .name = "market_maker",
    .summary = "post-only orders on both sides of the book",
    .params = params,
    .n_params = N_PARAMS,
    .state_size = sizeof(maker),
    .on_start = on_start,
    .on_depth = on_depth,
    .on_order = on_order,
};

FEL_PLUGIN("market_maker", "1", strategy);
