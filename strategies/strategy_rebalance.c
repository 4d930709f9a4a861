/* strategies/strategy_rebalance.c - hold a panel with weights made from its own past returns.
 *
 * At the first slice of each period the weights are computed anew from the returns of the last
 * lookback_slices slices, dividends and splits put into the closes before them, and ordered. An
 * instrument takes part from its (lookback_slices + 1)-th slice on (equal_weight: from its first
 * bar), while its last bar is no more than max_age_slices old and its returns differ. The first
 * weights come as soon as those that take part can be invested within max_weight. */
#include <math.h>

#include <feller/portfolio.h>
#include <feller/strategy.h>

enum {
    METHOD,
    COVARIANCE,
    LOOKBACK,
    HALF_LIFE,
    SCHEDULE,
    EVERY,
    INVESTED,
    MIN_WEIGHT,
    MAX_WEIGHT,
    MAX_GROSS,
    RISK_FREE,
    PERIODS,
    RISK_AVERSION,
    KELLY_FRACTION,
    TURNOVER_COST,
    HORIZON,
    BAND,
    MAX_AGE,
    N_PARAMS
};
enum { BY_SLICES = 5 }; /* of SCHEDULE; below: fel_rebalance_schedule */

static const fel_param_spec params[N_PARAMS] = {
    [METHOD] = {"method", FEL_PARAM_CHOICE, 0, 0, 0,
                "equal_weight|inverse_volatility|minimum_variance|maximum_sharpe|risk_parity|kelly",
                "how weights are made"},
    [COVARIANCE] = {"covariance", FEL_PARAM_CHOICE, 2, 0, 0,
                    "sample|ewma|ledoit_wolf|constant_correlation",
                    "estimate of the returns' covariance"},
    [LOOKBACK] = {"lookback_slices", FEL_PARAM_INTEGER, 252, 2, 10000, NULL,
                  "returns that weights are made from"},
    [HALF_LIFE] = {"half_life_slices", FEL_PARAM_REAL, 60, 0.1, 100000, NULL,
                   "ewma: age at which a return counts half"},
    [SCHEDULE] = {"schedule", FEL_PARAM_CHOICE, 2, 0, 0, "day|week|month|quarter|year|slices",
                  "periods (UTC) at whose first slice weights are made"},
    [EVERY] = {"every", FEL_PARAM_INTEGER, 1, 1, 100000, NULL,
               "periods from one rebalancing to the next"},
    [INVESTED] = {"invested", FEL_PARAM_REAL, 1, -10, 10, NULL,
                  "sum of the weights, as a fraction of equity; not of kelly"},
    [MIN_WEIGHT] = {"min_weight", FEL_PARAM_REAL, 0, -10, 10, NULL,
                    "of each instrument; below 0: short positions, of the optimal methods"},
    [MAX_WEIGHT] = {"max_weight", FEL_PARAM_REAL, 1, 0, 10, NULL, "of each instrument"},
    [MAX_GROSS] = {"max_gross", FEL_PARAM_REAL, 1, 0, 100, NULL, "largest sum of weights' sizes"},
    [RISK_FREE] = {"risk_free_per_year", FEL_PARAM_REAL, 0, -1, 1, NULL,
                   "taken off the means of maximum_sharpe and kelly"},
    [PERIODS] = {"periods_per_year", FEL_PARAM_REAL, 252, 1, 1e8, NULL, "slices a year"},
    [RISK_AVERSION] = {"risk_aversion", FEL_PARAM_REAL, 10, 1e-6, 1e6, NULL,
                       "minimum_variance: half of it times variance a slice is weighed against "
                       "turnover_cost_bps"},
    [KELLY_FRACTION] = {"kelly_fraction", FEL_PARAM_REAL, 0.5, 1e-6, 10, NULL,
                        "part of the growth-optimal weights"},
    [TURNOVER_COST] = {"turnover_cost_bps", FEL_PARAM_REAL, 0, 0, 10000, NULL,
                       "cost of trading that the optimal methods weigh, basis points of the value"},
    [HORIZON] = {"cost_horizon_slices", FEL_PARAM_REAL, 21, 1, 100000, NULL,
                 "slices that this cost is spread over"},
    [BAND] = {"band", FEL_PARAM_REAL, 0, 0, 1, NULL,
              "no trade where the weight held is no further from that wanted"},
    [MAX_AGE] = {"max_age_slices", FEL_PARAM_INTEGER, 5, 0, 100000, NULL,
                 "an instrument without a bar for longer takes no part"},
};

typedef struct asset {
    size_t first_slice, last_slice; /* of its bars, from 1; 0: none yet */
    double wanted;
    int takes_part;
} asset;

typedef struct rebalance {
    const fel_portfolio_service *service;
    fel_allocation rule;
    asset *assets;
    double *closes; /* a ring of rows of all instruments; the last known close of each */
    size_t n_rows;  /* of the ring: lookback_slices + 1 */
    double *returns, *mean, *covariance, *held, *weights;
    uint32_t *members; /* those that take part */
    size_t n_slices;
    int64_t last_period;
    int has_begun;
} rebalance;

static fel_allocation rule_of(const double *p)
{
    const int is_optimal = p[METHOD] == FEL_ALLOCATE_MINIMUM_VARIANCE ||
                           p[METHOD] == FEL_ALLOCATE_MAXIMUM_SHARPE ||
                           p[METHOD] == FEL_ALLOCATE_KELLY;
    const double cost = is_optimal ? p[TURNOVER_COST] * 1e-4 / p[HORIZON] : 0.0;
    const fel_allocation rule = {.struct_size = (uint32_t)sizeof(rule),
                                 .kind = (fel_allocation_kind)p[METHOD],
                                 .invested = p[INVESTED],
                                 .min_weight = p[MIN_WEIGHT],
                                 .max_weight = p[MAX_WEIGHT],
                                 .max_gross = p[MAX_GROSS],
                                 .risk_free = p[RISK_FREE] / p[PERIODS],
                                 .risk_aversion = p[RISK_AVERSION],
                                 .kelly_fraction = p[KELLY_FRACTION],
                                 .turnover_cost = cost};
    return rule;
}

static fel_status on_start(void *state, fel_ctx *ctx)
{
    rebalance *self = state;
    const size_t n = ctx->n_instruments, lookback = (size_t)ctx->params[LOOKBACK];
    const size_t number = sizeof(double);
    self->service = ctx->host->service(ctx, FEL_PORTFOLIO_SERVICE, 1);
    if (self->service == NULL) {
        return ctx->host->fail(ctx, "this host has no service \"%s\"", FEL_PORTFOLIO_SERVICE);
    }
    self->rule = rule_of(ctx->params);
    if (self->service->check(&self->rule) != FEL_OK) {
        return ctx->host->fail(ctx, "%s", self->service->last_error());
    }
    self->n_rows = lookback + 1;
    self->assets = ctx->host->alloc(ctx, n * sizeof(asset));
    self->members = ctx->host->alloc(ctx, n * sizeof(uint32_t));
    self->closes = ctx->host->alloc(ctx, self->n_rows * n * number);
    self->returns = ctx->host->alloc(ctx, lookback * n * number);
    self->covariance = ctx->host->alloc(ctx, n * n * number);
    self->mean = ctx->host->alloc(ctx, 3 * n * number);
    if (self->assets == NULL || self->members == NULL || self->closes == NULL ||
        self->returns == NULL || self->covariance == NULL || self->mean == NULL) {
        return ctx->host->fail(ctx, "out of memory: %zu x %zu closes", n, self->n_rows);
    }
    self->held = self->mean + n;
    self->weights = self->held + n;
    return FEL_OK;
}

/* The closes of a slice by its number, which may be any of the last n_rows. */
static double *row_of(const rebalance *self, const fel_ctx *ctx, size_t slice)
{
    return self->closes + slice % self->n_rows * ctx->n_instruments;
}

static void take_closes(rebalance *self, const fel_ctx *ctx, const fel_slice *slice)
{
    const double *before = row_of(self, ctx, self->n_slices);
    double *row = row_of(self, ctx, self->n_slices + 1);
    self->n_slices++;
    for (size_t i = 0; i < ctx->n_instruments; i++) {
        row[i] = before[i];
    }
    for (size_t b = 0; b < slice->n_bars; b++) {
        asset *a = &self->assets[slice->bars[b].instrument];
        row[slice->bars[b].instrument] = slice->bars[b].close;
        a->first_slice = a->first_slice == 0 ? self->n_slices : a->first_slice;
        a->last_slice = self->n_slices;
    }
}

/* Prices of the whole window, of which not all returns are the same. */
static int has_window(const rebalance *self, const fel_ctx *ctx, uint32_t i)
{
    const size_t lookback = self->n_rows - 1;
    if (self->n_slices < self->assets[i].first_slice + lookback) {
        return 0;
    }
    double least = (double)INFINITY, most = -(double)INFINITY;
    for (size_t k = 0; k < lookback; k++) {
        const size_t slice = self->n_slices - lookback + k;
        const double from = row_of(self, ctx, slice)[i], to = row_of(self, ctx, slice + 1)[i];
        if (!(from > 0.0 && to > 0.0)) {
            return 0;
        }
        least = fmin(least, to / from);
        most = fmax(most, to / from);
    }
    return most > least;
}

static size_t find_members(rebalance *self, const fel_ctx *ctx)
{
    const int is_equal = ctx->params[METHOD] == FEL_ALLOCATE_EQUAL_WEIGHT;
    size_t n = 0;
    for (uint32_t i = 0; i < ctx->n_instruments; i++) {
        asset *a = &self->assets[i];
        const int is_young =
            a->last_slice > 0 && self->n_slices - a->last_slice <= (size_t)ctx->params[MAX_AGE];
        a->takes_part = is_young && (is_equal || has_window(self, ctx, i));
        if (a->takes_part) {
            self->members[n++] = i;
        }
    }
    return n;
}

/* Can they be invested at all? Few early instruments may be too few for max_weight. */
static int is_enough(const fel_ctx *ctx, size_t n)
{
    const int is_free = ctx->params[METHOD] == FEL_ALLOCATE_KELLY;
    const double room = (double)n * ctx->params[MAX_WEIGHT] * (1.0 + 1e-12);
    return n > 0 && (is_free || ctx->params[INVESTED] <= room);
}

static double weight_held(const fel_ctx *ctx, uint32_t i, double equity)
{
    return ctx->position[i] == 0.0
               ? 0.0
               : ctx->position[i] * ctx->last_price[i] * ctx->instruments[i].multiplier / equity;
}

static void fill_window(rebalance *self, const fel_ctx *ctx, size_t n)
{
    const size_t lookback = self->n_rows - 1;
    for (size_t j = 0; j < n; j++) {
        const uint32_t i = self->members[j];
        double sum = 0.0;
        for (size_t k = 0; k < lookback; k++) {
            const size_t slice = self->n_slices - lookback + k;
            const double change =
                row_of(self, ctx, slice + 1)[i] / row_of(self, ctx, slice)[i] - 1.0;
            self->returns[k * n + j] = change;
            sum += change;
        }
        self->mean[j] = sum / (double)lookback;
    }
}

static fel_status make_weights(rebalance *self, fel_ctx *ctx, size_t n, double equity)
{
    const int is_equal = ctx->params[METHOD] == FEL_ALLOCATE_EQUAL_WEIGHT;
    for (size_t j = 0; j < n; j++) {
        self->held[j] = weight_held(ctx, self->members[j], equity);
    }
    fel_status status = FEL_OK;
    if (!is_equal) {
        const double decay = pow(0.5, 1.0 / ctx->params[HALF_LIFE]);
        fill_window(self, ctx, n);
        status =
            self->service->covariance((fel_covariance_kind)ctx->params[COVARIANCE], self->returns,
                                      self->n_rows - 1, n, decay, self->covariance, NULL);
    }
    if (status == FEL_OK) {
        status = self->service->allocate(&self->rule, n, self->mean, self->covariance, self->held,
                                         self->weights);
    }
    if (status != FEL_OK) {
        return ctx->host->fail(ctx, "weights of %zu instruments: %s", n,
                               self->service->last_error());
    }
    for (size_t i = 0; i < ctx->n_instruments; i++) {
        self->assets[i].wanted = 0.0;
    }
    for (size_t j = 0; j < n; j++) {
        self->assets[self->members[j]].wanted = self->weights[j];
    }
    return FEL_OK;
}

/* What makes positions smaller first: it pays for the rest. */
static fel_status order_weights(rebalance *self, fel_ctx *ctx, double equity, size_t *n_orders,
                                size_t *n_asked)
{
    for (int is_buy = 0; is_buy < 2; is_buy++) {
        for (uint32_t i = 0; i < ctx->n_instruments; i++) {
            const double held = weight_held(ctx, i, equity), wanted = self->assets[i].wanted;
            const int is_off =
                wanted == 0.0 ? held != 0.0 : fabs(wanted - held) > ctx->params[BAND];
            if (is_off && (wanted > held) == is_buy) {
                uint64_t order_id = 0;
                const fel_status status =
                    ctx->host->target(ctx, i, FEL_TARGET_WEIGHT, wanted, &order_id);
                if (status != FEL_OK) {
                    return status;
                }
                *n_orders += order_id != 0;
                *n_asked += 1;
            }
        }
    }
    return FEL_OK;
}

static int64_t period_now(const rebalance *self, const fel_ctx *ctx, int64_t time_ns)
{
    return ctx->params[SCHEDULE] == BY_SLICES
               ? (int64_t)self->n_slices
               : self->service->period((fel_rebalance_schedule)ctx->params[SCHEDULE], time_ns);
}

static fel_status on_slice(void *state, fel_ctx *ctx, const fel_slice *slice)
{
    rebalance *self = state;
    take_closes(self, ctx, slice);
    const int64_t period = period_now(self, ctx, slice->time_ns);
    if (self->has_begun && period < self->last_period + (int64_t)ctx->params[EVERY]) {
        return FEL_OK;
    }
    const size_t n = find_members(self, ctx);
    const double equity = ctx->host->equity(ctx);
    if (!is_enough(ctx, n) || !(equity > 0.0)) {
        return FEL_OK;
    }
    fel_status status = make_weights(self, ctx, n, equity);
    size_t n_orders = 0, n_asked = 0;
    if (status == FEL_OK) {
        status = order_weights(self, ctx, equity, &n_orders, &n_asked);
    }
    if (n_orders > 0 || n_asked == 0) { /* before the run's start none is made: look again */
        self->has_begun = 1;
        self->last_period = period;
    }
    return status;
}

/* Closes before a split, and before a dividend so that returns are total ones, are restated. */
static fel_status on_corporate_action(void *state, fel_ctx *ctx, const fel_action *action)
{
    rebalance *self = state;
    const uint32_t i = action->instrument;
    const double last = row_of(self, ctx, self->n_slices)[i];
    const double factor = action->kind == FEL_SPLIT ? 1.0 / action->value
                          : last > action->value    ? 1.0 - action->value / last
                                                    : 1.0;
    for (size_t row = 0; row < self->n_rows; row++) {
        self->closes[row * ctx->n_instruments + i] *= factor;
    }
    return FEL_OK;
}

extern const fel_strategy fel_strategy_rebalance;

const fel_strategy fel_strategy_rebalance = {
    .struct_size = sizeof(fel_strategy),
    .name = "rebalance",
    .summary = "hold a panel with weights made from its past returns, anew each period",
    .params = params,
    .n_params = N_PARAMS,
    .state_size = sizeof(rebalance),
    .on_start = on_start,
    .on_slice = on_slice,
    .on_corporate_action = on_corporate_action,
};

FEL_PLUGIN("rebalance", "1.0.0", fel_strategy_rebalance);
