/* strategies/strategy_volatility_target.c - hold more when it is calm and less when it is not.
 *
 * weight = min(max_weight, target_vol_per_year / realised volatility), in equal parts of all
 * instruments, from the closes of the last window_bars returns. Looked at every every_bars bars of
 * an instrument, from the first at which its volatility is known; traded only if the weight held is
 * off by more than band x the weight wanted, so that small changes cost nothing. Where no return
 * varied there is no estimate and nothing is traded. */
#include <math.h>

#include <feller/indicator.h>
#include <feller/strategy.h>

enum { WINDOW_BARS, TARGET_VOL, PERIODS, MAX_WEIGHT, BAND, EVERY_BARS, N_PARAMS };

static const fel_param_spec params[N_PARAMS] = {
    [WINDOW_BARS] = {"window_bars", FEL_PARAM_INTEGER, 20, 2, 100000, NULL,
                     "returns to measure on; the first order may come with the bar after them"},
    [TARGET_VOL] = {"target_vol_per_year", FEL_PARAM_REAL, 0.15, 0.0001, 10, NULL,
                    "volatility wanted, as a fraction: 0.15 is 15 percent a year"},
    [PERIODS] = {"periods_per_year", FEL_PARAM_REAL, 252, 1, 1e8, NULL,
                 "bars a year: 252 for stocks by day, 365 for crypto by day"},
    [MAX_WEIGHT] = {"max_weight", FEL_PARAM_REAL, 1, 0, 10, NULL,
                    "largest fraction of equity, whatever the volatility"},
    [BAND] = {"band", FEL_PARAM_REAL, 0.1, 0, 1, NULL,
              "no trade while the weight held is within this fraction of the weight wanted"},
    [EVERY_BARS] = {"every_bars", FEL_PARAM_INTEGER, 1, 1, 100000, NULL,
                    "bars from one look to the next"},
};

typedef struct asset {
    fel_volatility volatility;
    size_t wait_bars; /* before the next look */
} asset;

typedef struct volatility_target {
    asset *assets;
} volatility_target;

static fel_status on_start(void *state, fel_ctx *ctx)
{
    volatility_target *self = state;
    const size_t n = ctx->n_instruments, window_bars = (size_t)ctx->params[WINDOW_BARS];
    double *rings = ctx->host->alloc(ctx, n * fel_volatility_size_bytes(window_bars));
    self->assets = ctx->host->alloc(ctx, n * sizeof(asset));
    if (rings == NULL || self->assets == NULL) {
        return ctx->host->fail(ctx, "out of memory: %zu x %zu returns", n, window_bars);
    }
    for (size_t i = 0; i < n; i++) {
        fel_volatility_init(&self->assets[i].volatility, rings + i * window_bars, window_bars);
    }
    return FEL_OK;
}

static fel_status on_bar(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    volatility_target *self = state;
    const double *const p = ctx->params;
    const uint32_t i = bar->instrument;
    asset *a = &self->assets[i];
    fel_volatility_push(&a->volatility, bar->close);
    if (!fel_volatility_is_ready(&a->volatility)) {
        return FEL_OK;
    }
    if (a->wait_bars > 0) {
        a->wait_bars--;
        return FEL_OK;
    }
    a->wait_bars = (size_t)p[EVERY_BARS] - 1;

    const double vol_per_year = fel_volatility_per_year(&a->volatility, p[PERIODS]);
    const double equity = ctx->host->equity(ctx);
    if (!(vol_per_year > 0.0 && equity > 0.0)) {
        return FEL_OK;
    }
    const double wanted =
        fmin(p[MAX_WEIGHT], p[TARGET_VOL] / vol_per_year) / (double)ctx->n_instruments;
    const double held = ctx->position[i] * bar->close * ctx->instruments[i].multiplier / equity;
    if (fabs(held - wanted) <= p[BAND] * wanted) {
        return FEL_OK;
    }
    uint64_t order_id = 0;
    const fel_status status = ctx->host->target(ctx, i, FEL_TARGET_WEIGHT, wanted, &order_id);
    if (order_id == 0) {
        a->wait_bars = 0; /* none was made, as before the run's start: look again at once */
    }
    return status;
}

/* The return over a split is taken without it. */
static fel_status on_corporate_action(void *state, fel_ctx *ctx, const fel_action *action)
{
    (void)ctx;
    volatility_target *self = state;
    if (action->kind == FEL_SPLIT) {
        fel_volatility_rescale(&self->assets[action->instrument].volatility, 1.0 / action->value);
    }
    return FEL_OK;
}

extern const fel_strategy fel_strategy_volatility_target;

const fel_strategy fel_strategy_volatility_target = {
    .struct_size = sizeof(fel_strategy),
    .name = "volatility_target",
    .summary = "hold a weight that keeps the realised volatility at a target",
    .params = params,
    .n_params = N_PARAMS,
    .state_size = sizeof(volatility_target),
    .on_start = on_start,
    .on_bar = on_bar,
    .on_corporate_action = on_corporate_action,
};

FEL_PLUGIN("volatility_target", "1.0.0", fel_strategy_volatility_target);
