/* strategies/strategy_hedge.c - hold what a hedger says: a trained policy or a rule, as the run's
 * service "hedger" offers it.
 *
 * A life begins at the close of a bar of the first instrument, its date 0; at each of its dates the
 * hedger sees the closes, the variance of a signal column if one is named, and the positions held,
 * and says the positions to take; at the date after the last of them everything is closed. Then the
 * next life begins with the next bar, or none. The claim itself is not in the account: what it pays
 * is the business of who sold it. */
#include <math.h>

#include <feller/strategy.h>

enum { VARIANCE_COLUMN, QUANTITY, SCALE, AGAIN, N_PARAMS };
enum { MOST_INSTRUMENTS = 8 };

static const fel_param_spec params[N_PARAMS] = {
    [VARIANCE_COLUMN] = {"variance_column", FEL_PARAM_INTEGER, -1, -1, 63, NULL,
                         "which signal column of the first instrument holds the variance a year, "
                         "from 0; -1: none"},
    [QUANTITY] = {"quantity", FEL_PARAM_REAL, 1, -1e12, 1e12, NULL,
                  "how many of the hedger's problem are hedged"},
    [SCALE] = {"scale", FEL_PARAM_CHOICE, 0, 0, 0, "spot|problem",
               "spot: strikes move with the first price of each life; problem: they are as they "
               "are"},
    [AGAIN] = {"again", FEL_PARAM_BOOL, 1, 0, 0, NULL,
               "after a life the next one begins with the next bar"},
};

/* What the hedger was asked at a date: a resumed run asks again. */
typedef struct sight {
    double variance, prices[MOST_INSTRUMENTS], held[MOST_INSTRUMENTS];
} sight;

typedef struct hedge {
    const fel_hedger_service *service;
    void *session;
    size_t date; /* of the life */
    int is_under_way;
    uint64_t n_lives;
    uint32_t column;
    int has_column;
    double scale; /* of the life */
    sight *seen;  /* at its dates so far */
} hedge;

static fel_status on_start(void *state, fel_ctx *ctx)
{
    hedge *self = state;
    const double *const p = ctx->params;
    self->service = ctx->host->service(ctx, FEL_HEDGER_SERVICE, 1);
    if (self->service == NULL) {
        return ctx->host->fail(ctx, "the run offers no hedger: name one (key hedger of a study)");
    }
    if (self->service->n_instruments > ctx->n_instruments ||
        self->service->n_instruments > MOST_INSTRUMENTS) {
        return ctx->host->fail(ctx, "the hedger trades %u instruments, the run has %zu",
                               self->service->n_instruments, ctx->n_instruments);
    }
    self->has_column = p[VARIANCE_COLUMN] >= 0.0;
    if (self->has_column && p[VARIANCE_COLUMN] >= (double)ctx->n_signals) {
        return ctx->host->fail(ctx, "variance_column = %.0f is not there: the run has %zu",
                               p[VARIANCE_COLUMN], ctx->n_signals);
    }
    self->column = self->has_column ? (uint32_t)p[VARIANCE_COLUMN] : 0;
    self->seen = ctx->host->alloc(ctx, self->service->n_dates * sizeof(sight));
    if (self->seen == NULL) {
        return ctx->host->fail(ctx, "out of memory: %zu dates", self->service->n_dates);
    }
    return self->service->open(self->service->payload, &self->session);
}

static fel_status take(const hedge *self, fel_ctx *ctx, const double *units)
{
    const double quantity = ctx->params[QUANTITY];
    for (uint32_t j = 0; j < self->service->n_instruments; j++) {
        FEL_TRY(fel_order_to_position(ctx, j, quantity * units[j]));
    }
    return FEL_OK;
}

static fel_status decide(hedge *self, fel_ctx *ctx)
{
    const fel_hedger_service *s = self->service;
    const double quantity = ctx->params[QUANTITY];
    double units[MOST_INSTRUMENTS] = {0.0};
    sight *now = &self->seen[self->date++];
    now->variance = self->has_column ? fel_signal_value(ctx, 0, self->column) : (double)NAN;
    for (uint32_t j = 0; j < s->n_instruments; j++) {
        now->prices[j] = ctx->last_price[j];
        now->held[j] = quantity != 0.0 ? ctx->position[j] / quantity : 0.0;
    }
    FEL_TRY(s->decide(self->session, now->variance, now->prices, now->held, units));
    return take(self, ctx, units);
}

/* Everything that the hedger trades has a price. */
static int is_priced(const hedge *self, const fel_ctx *ctx)
{
    for (uint32_t j = 0; j < self->service->n_instruments; j++) {
        if (isnan(ctx->last_price[j])) {
            return 0;
        }
    }
    return !self->has_column || !isnan(fel_signal_value(ctx, 0, self->column));
}

static void begin(hedge *self, const fel_ctx *ctx)
{
    const double first = self->service->spot(self->service->payload);
    self->scale = ctx->params[SCALE] > 0.0 ? 1.0 : ctx->last_price[0] / first;
    self->service->restart(self->session, self->scale);
    self->date = 0;
}

static fel_status on_slice(void *state, fel_ctx *ctx, const fel_slice *slice)
{
    static const double nothing[MOST_INSTRUMENTS] = {0.0};
    hedge *self = state;
    const size_t n_dates = self->service->n_dates;
    if (slice->n_bars == 0 || slice->bars[0].instrument != 0) {
        return FEL_OK; /* dates are the first instrument's */
    }
    const int is_idle = !self->is_under_way;
    if (is_idle && (!is_priced(self, ctx) || (self->n_lives > 0 && ctx->params[AGAIN] == 0.0))) {
        return FEL_OK;
    }
    if (is_idle) {
        begin(self, ctx);
        self->is_under_way = 1;
        self->n_lives++;
    }
    if (self->date == n_dates) {
        self->is_under_way = 0;
        return take(self, ctx, nothing);
    }
    return decide(self, ctx);
}

/* The session is outside the strategy's memory: the life so far, once more. */
static fel_status on_resume(void *state, fel_ctx *ctx)
{
    const hedge *self = state;
    (void)ctx;
    double units[MOST_INSTRUMENTS] = {0.0};
    if (self->n_lives > 0) {
        self->service->restart(self->session, self->scale);
    }
    for (size_t date = 0; date < self->date; date++) {
        const sight *then = &self->seen[date];
        FEL_TRY(
            self->service->decide(self->session, then->variance, then->prices, then->held, units));
    }
    return FEL_OK;
}

static void on_stop(void *state, fel_ctx *ctx)
{
    const hedge *self = state;
    (void)ctx;
    self->service->close(self->session);
}

extern const fel_strategy fel_strategy_hedge;

const fel_strategy fel_strategy_hedge = {
    .struct_size = sizeof(fel_strategy),
    .name = "hedge",
    .summary = "hold what a trained policy or a hedging rule says, one life after the other",
    .params = params,
    .n_params = N_PARAMS,
    .state_size = sizeof(hedge),
    .on_start = on_start,
    .on_slice = on_slice,
    .on_stop = on_stop,
    .on_resume = on_resume,
};

FEL_PLUGIN("hedge", "1.0.0", fel_strategy_hedge);
