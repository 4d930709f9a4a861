/* strategies/strategy_pairs.c - trade the gap between two instruments that move together.
 *
 * At every instant at which both have a bar: least squares y = a + b x over the last window_bars
 * such instants (y the first instrument, x the second, of log prices unless asked otherwise), and
 * z = (y - a - b x) / standard deviation of the residuals. Flat and z > entry_z: sell y, buy x;
 * z < -entry_z: buy y, sell x. The trade ends when z has come back to within exit_z, or is stopped
 * beyond stop_z; after a stop there is no new trade until z has been within exit_z once. Legs are
 * sized when the trade opens, by value 1 : b, together weight x equity, and left alone until it
 * ends. No trade opens while the hedge ratio b is not positive. If one leg is refused, the other is
 * closed. The idea and its test: Gatev, Goetzmann, Rouwenhorst, Rev. Financial Studies 19 (2006).
 */
#include <math.h>

#include <feller/indicator.h>
#include <feller/strategy.h>

enum { FIRST, SECOND, WINDOW_BARS, ENTRY_Z, EXIT_Z, STOP_Z, PRICES, WEIGHT, N_PARAMS };

static const fel_param_spec params[N_PARAMS] = {
    [FIRST] = {"first", FEL_PARAM_INTEGER, 0, 0, 65535, NULL, "number of the instrument y, from 0"},
    [SECOND] = {"second", FEL_PARAM_INTEGER, 1, 0, 65535, NULL, "number of the instrument x"},
    [WINDOW_BARS] = {"window_bars", FEL_PARAM_INTEGER, 60, 3, 100000, NULL,
                     "pairs of closes to fit on; the first order may come with the last of them"},
    [ENTRY_Z] = {"entry_z", FEL_PARAM_REAL, 2, 0, 100, NULL, "open a trade beyond this"},
    [EXIT_Z] = {"exit_z", FEL_PARAM_REAL, 0.5, 0, 100, NULL, "close it within this"},
    [STOP_Z] = {"stop_z", FEL_PARAM_REAL, 4, 0, 1000, NULL, "give it up beyond this"},
    [PRICES] = {"prices", FEL_PARAM_CHOICE, 0, 0, 0, "log|plain", "what the line is fitted to"},
    [WEIGHT] = {"weight", FEL_PARAM_REAL, 1, 0, 10, NULL,
                "both legs together, as a fraction of equity"},
};

typedef struct pairs {
    fel_regression fit;
    uint32_t y, x; /* instruments */
    int side;      /* of y, as ordered: 1, 0, -1 */
    int is_barred; /* stopped: no new trade until z has been within exit_z */
    int is_broken; /* a leg was refused */
} pairs;

static fel_status check_params(fel_ctx *ctx)
{
    const double *const p = ctx->params;
    const double n = (double)ctx->n_instruments;
    if (p[FIRST] >= n || p[SECOND] >= n || p[FIRST] == p[SECOND]) {
        return ctx->host->fail(ctx,
                               "first = %.0f and second = %.0f must be two of %.0f instruments",
                               p[FIRST], p[SECOND], n);
    }
    if (p[EXIT_Z] > p[ENTRY_Z] || p[ENTRY_Z] >= p[STOP_Z]) {
        return ctx->host->fail(
            ctx,
            "exit_z = %g must not be above entry_z = %g, nor that reach stop_z = "
            "%g",
            p[EXIT_Z], p[ENTRY_Z], p[STOP_Z]);
    }
    return FEL_OK;
}

static fel_status on_start(void *state, fel_ctx *ctx)
{
    pairs *self = state;
    const size_t window_bars = (size_t)ctx->params[WINDOW_BARS];
    FEL_TRY(check_params(ctx));
    void *rings = ctx->host->alloc(ctx, fel_regression_size_bytes(window_bars));
    if (rings == NULL) {
        return ctx->host->fail(ctx, "out of memory: 2 x %zu closes", window_bars);
    }
    fel_regression_init(&self->fit, rings, window_bars);
    self->y = (uint32_t)ctx->params[FIRST];
    self->x = (uint32_t)ctx->params[SECOND];
    return FEL_OK;
}

/* ratio: value of x to hold short for each unit of value long in y. */
static fel_status open_trade(pairs *self, fel_ctx *ctx, int side, double ratio)
{
    const double weight_y = side * ctx->params[WEIGHT] / (1.0 + ratio);
    uint64_t id_y = 0, id_x = 0;
    self->side = side;
    FEL_TRY(ctx->host->target(ctx, self->y, FEL_TARGET_WEIGHT, weight_y, &id_y));
    FEL_TRY(ctx->host->target(ctx, self->x, FEL_TARGET_WEIGHT, -ratio * weight_y, &id_x));
    if (id_y == 0 && id_x == 0) {
        self->side = 0; /* no orders are made before the run's start */
    }
    return FEL_OK;
}

static fel_status close_trade(pairs *self, fel_ctx *ctx)
{
    self->side = 0;
    FEL_TRY(fel_order_to_weight(ctx, self->y, 0.0));
    return fel_order_to_weight(ctx, self->x, 0.0);
}

static fel_status trade(pairs *self, fel_ctx *ctx, double z, double ratio)
{
    const double *const p = ctx->params;
    const int is_within = fabs(z) <= p[EXIT_Z];
    if (self->side != 0) {
        const double loss_z = -self->side * z; /* against the trade */
        const int is_stopped = loss_z > p[STOP_Z];
        if (loss_z > p[EXIT_Z] && !is_stopped) {
            return FEL_OK;
        }
        self->is_barred = is_stopped;
        return close_trade(self, ctx);
    }
    self->is_barred = self->is_barred && !is_within;
    const int is_open = fabs(z) > p[ENTRY_Z] && fabs(z) <= p[STOP_Z];
    if (!is_open || self->is_barred || !(ratio > 0.0)) {
        return FEL_OK;
    }
    return open_trade(self, ctx, z > 0.0 ? -1 : 1, ratio);
}

/* One instant with both closes. */
static fel_status on_closes(pairs *self, fel_ctx *ctx, double close_y, double close_x)
{
    const int is_log = !(ctx->params[PRICES] > 0.0);
    if (is_log && !(close_y > 0.0 && close_x > 0.0)) {
        return FEL_OK; /* no logarithm */
    }
    const double y = is_log ? log(close_y) : close_y;
    const double x = is_log ? log(close_x) : close_x;
    fel_regression_push(&self->fit, x, y);
    if (self->is_broken) {
        self->is_broken = 0;
        return close_trade(self, ctx);
    }
    if (!fel_regression_is_ready(&self->fit)) {
        return FEL_OK;
    }
    const fel_line line = fel_regression_line(&self->fit);
    if (!(line.deviation > 0.0)) {
        return FEL_OK; /* nothing varies, or nothing is left to trade */
    }
    const double z = (y - line.intercept - line.slope * x) / line.deviation;
    const double ratio = is_log ? line.slope : line.slope * close_x / close_y;
    return trade(self, ctx, z, ratio);
}

static const fel_bar *bar_of(const fel_slice *slice, uint32_t instrument)
{
    for (size_t k = 0; k < slice->n_bars; k++) {
        if (slice->bars[k].instrument == instrument) {
            return &slice->bars[k];
        }
    }
    return NULL;
}

static fel_status on_slice(void *state, fel_ctx *ctx, const fel_slice *slice)
{
    pairs *self = state;
    const fel_bar *bar_y = bar_of(slice, self->y), *bar_x = bar_of(slice, self->x);
    return bar_y != NULL && bar_x != NULL ? on_closes(self, ctx, bar_y->close, bar_x->close)
                                          : FEL_OK;
}

static fel_status on_order(void *state, fel_ctx *ctx, const fel_order_update *update)
{
    (void)ctx;
    pairs *self = state;
    if (self->side != 0 && update->state == FEL_ORDER_REJECTED &&
        update->reason != FEL_REASON_NO_CHANGE) {
        self->is_broken = 1;
    }
    return FEL_OK;
}

/* Closes from before a split are restated. */
static fel_status on_corporate_action(void *state, fel_ctx *ctx, const fel_action *action)
{
    pairs *self = state;
    const int is_y = action->instrument == self->y, is_x = action->instrument == self->x;
    if (action->kind != FEL_SPLIT || !(is_y || is_x)) {
        return FEL_OK;
    }
    if (ctx->params[PRICES] > 0.0) {
        fel_lag_rescale(is_y ? &self->fit.y : &self->fit.x, 1.0 / action->value);
        fel_regression_shift(&self->fit, 0.0, 0.0);
    } else {
        const double shift = -log(action->value);
        fel_regression_shift(&self->fit, is_x ? shift : 0.0, is_y ? shift : 0.0);
    }
    return FEL_OK;
}

extern const fel_strategy fel_strategy_pairs;

const fel_strategy fel_strategy_pairs = {
    .struct_size = sizeof(fel_strategy),
    .name = "pairs",
    .summary = "trade the gap between two instruments that move together",
    .params = params,
    .n_params = N_PARAMS,
    .state_size = sizeof(pairs),
    .on_start = on_start,
    .on_slice = on_slice,
    .on_corporate_action = on_corporate_action,
    .on_order = on_order,
};

FEL_PLUGIN("pairs", "1.0.0", fel_strategy_pairs);
