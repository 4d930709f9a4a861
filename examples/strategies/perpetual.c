/* perpetual.c - cash and carry: long the coin and short as much of its perpetual while the mean of
 * the last funding rates is high enough, nothing while it is low. */
#include <feller/indicator.h>
#include <feller/strategy.h>

enum { PAYMENTS, ENTER_RATE, LEAVE_RATE, WEIGHT, N_PARAMS };

static const fel_param_spec params[N_PARAMS] = {
    [PAYMENTS] = {"payments", FEL_PARAM_INTEGER, 9, 1, 1000, NULL,
                  "funding rates whose mean decides"},
    [ENTER_RATE] = {"enter_rate", FEL_PARAM_REAL, 1e-4, -0.1, 0.1, NULL,
                    "mean from which the carry is held"},
    [LEAVE_RATE] = {"leave_rate", FEL_PARAM_REAL, 0, -0.1, 0.1, NULL,
                    "mean below which it is given up"},
    [WEIGHT] = {"weight", FEL_PARAM_REAL, 0.8, 0.01, 1, NULL,
                "fraction of equity in each of the two"},
};

typedef struct carry {
    fel_sma mean;
    uint32_t spot, perpetual;
    int is_held;
} carry;

static fel_status on_start(void *state, fel_ctx *ctx)
{
    carry *self = state;
    const size_t n = (size_t)ctx->params[PAYMENTS];
    void *memory = ctx->host->alloc(ctx, fel_sma_size_bytes(n));
    if (memory == NULL) {
        return ctx->host->fail(ctx, "out of memory for %zu funding rates", n);
    }
    fel_sma_init(&self->mean, memory, n);
    if (ctx->n_instruments != 2 || (ctx->instruments[0].kind == FEL_PERPETUAL) ==
                                       (ctx->instruments[1].kind == FEL_PERPETUAL)) {
        return ctx->host->fail(ctx, "needs two instruments of which one is a perpetual");
    }
    self->perpetual = ctx->instruments[0].kind == FEL_PERPETUAL ? 0 : 1;
    self->spot = 1 - self->perpetual;
    return FEL_OK;
}

static fel_status hold(carry *self, fel_ctx *ctx, double weight)
{
    const fel_status status = fel_order_to_weight(ctx, self->spot, weight);
    self->is_held = weight != 0.0;
    return status == FEL_OK ? fel_order_to_weight(ctx, self->perpetual, -weight) : status;
}

static fel_status on_funding(void *state, fel_ctx *ctx, const fel_funding *funding)
{
    carry *self = state;
    fel_sma_push(&self->mean, funding->rate);
    if (!fel_sma_is_ready(&self->mean)) {
        return FEL_OK;
    }
    const double mean = fel_sma_value(&self->mean);
    if (!self->is_held && mean >= ctx->params[ENTER_RATE]) {
        return hold(self, ctx, ctx->params[WEIGHT]);
    }
    return self->is_held && mean < ctx->params[LEAVE_RATE] ? hold(self, ctx, 0.0) : FEL_OK;
}

static const fel_strategy strategy = {
    .struct_size = sizeof(fel_strategy),
    .name = "perpetual",
    .summary = "long the coin and short its perpetual while funding is high",
    .params = params,
    .n_params = N_PARAMS,
    .state_size = sizeof(carry),
    .on_start = on_start,
    .on_funding = on_funding,
};

FEL_PLUGIN("perpetual", "1", strategy);
