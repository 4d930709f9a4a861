/* strategies/strategy_cross_sectional_momentum.c - hold the instruments of a panel that rose most.
 *
 * score = close skip_bars ago / close lookback_bars ago - 1, by each instrument's own bars. Every
 * every_slices slices, from the first at which top_fraction of those with a score is at least one:
 * the k = floor(top_fraction x n) best get equal weights, with side long_short the k worst equal
 * short ones (half of weight each way), all others none. An instrument has a score from its
 * (lookback_bars + 1)-th bar on, and loses it when its last bar is more than max_age_slices old: it
 * may start late and end early. Equal scores: the lower number first.
 * Jegadeesh and Titman, J. Finance 48 (1993). */
#include <math.h>

#include <feller/indicator.h>
#include <feller/strategy.h>

enum { LOOKBACK, SKIP, TOP_FRACTION, EVERY_SLICES, SIDE, WEIGHT, MAX_AGE, N_PARAMS };

static const fel_param_spec params[N_PARAMS] = {
    [LOOKBACK] = {"lookback_bars", FEL_PARAM_INTEGER, 252, 1, 100000, NULL,
                  "bars back to the start of the return that is ranked"},
    [SKIP] = {"skip_bars", FEL_PARAM_INTEGER, 21, 0, 99999, NULL,
              "bars back to its end, below lookback_bars"},
    [TOP_FRACTION] = {"top_fraction", FEL_PARAM_REAL, 0.2, 0.001, 1, NULL,
                      "part of the ranked instruments to hold; at most 0.5 for long_short"},
    [EVERY_SLICES] = {"every_slices", FEL_PARAM_INTEGER, 21, 1, 100000, NULL,
                      "instants with bars from one rebalancing to the next"},
    [SIDE] = {"side", FEL_PARAM_CHOICE, 0, 0, 0, "long_only|long_short",
              "hold the best, or hold the best against the worst"},
    [WEIGHT] = {"weight", FEL_PARAM_REAL, 1, 0, 10, NULL,
                "sum of the sizes of all weights, as a fraction of equity"},
    [MAX_AGE] = {"max_age_slices", FEL_PARAM_INTEGER, 5, 0, 100000, NULL,
                 "an instrument without a bar for longer is not ranked"},
};

typedef struct asset {
    fel_lag closes;
    size_t last_slice; /* number of the slice that had its latest bar */
    double wanted;     /* weight by the latest ranking */
    double ordered;    /* weight last ordered */
} asset;

typedef struct ranked {
    double score;
    uint32_t instrument;
} ranked;

typedef struct momentum {
    asset *assets;
    ranked *ranking; /* room for all instruments */
    size_t n_slices, wait_slices;
} momentum;

static fel_status on_start(void *state, fel_ctx *ctx)
{
    momentum *self = state;
    const double *const p = ctx->params;
    const size_t n = ctx->n_instruments, n_closes = (size_t)p[LOOKBACK] + 1;
    if (p[SKIP] >= p[LOOKBACK]) {
        return ctx->host->fail(ctx, "skip_bars = %.0f must be below lookback_bars = %.0f", p[SKIP],
                               p[LOOKBACK]);
    }
    if (p[SIDE] > 0.0 && p[TOP_FRACTION] > 0.5) {
        return ctx->host->fail(ctx, "top_fraction = %g is above 0.5 with side long_short",
                               p[TOP_FRACTION]);
    }
    double *rings = ctx->host->alloc(ctx, n * fel_lag_size_bytes(n_closes));
    self->assets = ctx->host->alloc(ctx, n * sizeof(asset));
    self->ranking = ctx->host->alloc(ctx, n * sizeof(ranked));
    if (rings == NULL || self->assets == NULL || self->ranking == NULL) {
        return ctx->host->fail(ctx, "out of memory: %zu x %zu closes", n, n_closes);
    }
    for (size_t i = 0; i < n; i++) {
        fel_lag_init(&self->assets[i].closes, rings + i * n_closes, n_closes);
    }
    return FEL_OK;
}

static int is_before(const ranked *a, const ranked *b)
{
    return a->score > b->score || (a->score == b->score && a->instrument < b->instrument);
}

/* Let ranking[k] sink in the heap of n whose root is the last in order. */
static void sink(ranked *ranking, size_t k, size_t n)
{
    const ranked moved = ranking[k];
    for (size_t child = 2 * k + 1; child < n; child = 2 * k + 1) {
        child += child + 1 < n && is_before(&ranking[child], &ranking[child + 1]);
        if (!is_before(&moved, &ranking[child])) {
            break;
        }
        ranking[k] = ranking[child];
        k = child;
    }
    ranking[k] = moved;
}

/* Best first; a heap sort, which needs no memory and has no bad case. */
static void sort_ranking(ranked *ranking, size_t n)
{
    for (size_t k = n / 2; k-- > 0;) {
        sink(ranking, k, n);
    }
    for (size_t end = n; end > 1; end--) {
        const ranked last = ranking[0];
        ranking[0] = ranking[end - 1];
        ranking[end - 1] = last;
        sink(ranking, 0, end - 1);
    }
}

/* Fill the ranking with the instruments that have a score, best first; returns how many. */
static size_t rank_instruments(momentum *self, const fel_ctx *ctx)
{
    const double *const p = ctx->params;
    size_t n = 0;
    for (uint32_t i = 0; i < ctx->n_instruments; i++) {
        const asset *a = &self->assets[i];
        const double start = fel_lag_at(&a->closes, (size_t)p[LOOKBACK]);
        const double end = fel_lag_at(&a->closes, (size_t)p[SKIP]);
        if (start > 0.0 && self->n_slices - a->last_slice <= (size_t)p[MAX_AGE]) {
            const ranked entry = {end / start - 1.0, i};
            self->ranking[n++] = entry;
        }
    }
    sort_ranking(self->ranking, n);
    return n;
}

/* Equal weights for the k best of n, equal short ones for the k worst, none for all others. */
static void set_weights(momentum *self, const fel_ctx *ctx, size_t n, size_t k)
{
    const int shorts = ctx->params[SIDE] > 0.0;
    const double weight = ctx->params[WEIGHT] / (double)(shorts ? 2 * k : k);
    for (size_t i = 0; i < ctx->n_instruments; i++) {
        self->assets[i].wanted = 0.0;
    }
    for (size_t place = 0; place < k; place++) {
        self->assets[self->ranking[place].instrument].wanted = weight;
        if (shorts) {
            self->assets[self->ranking[n - 1 - place].instrument].wanted = -weight;
        }
    }
}

/* Order what is wanted, in order of instruments; nothing for what is neither held nor wanted. */
static fel_status order_weights(momentum *self, fel_ctx *ctx, size_t *n_orders)
{
    for (uint32_t i = 0; i < ctx->n_instruments; i++) {
        asset *a = &self->assets[i];
        if (a->wanted != 0.0 || a->ordered != 0.0 || ctx->position[i] != 0.0) {
            uint64_t order_id = 0;
            FEL_TRY(ctx->host->target(ctx, i, FEL_TARGET_WEIGHT, a->wanted, &order_id));
            *n_orders += order_id != 0;
        }
        a->ordered = a->wanted;
    }
    return FEL_OK;
}

static fel_status on_slice(void *state, fel_ctx *ctx, const fel_slice *slice)
{
    momentum *self = state;
    self->n_slices++;
    for (size_t b = 0; b < slice->n_bars; b++) {
        asset *a = &self->assets[slice->bars[b].instrument];
        (void)fel_lag_swap(&a->closes, slice->bars[b].close);
        a->last_slice = self->n_slices;
    }
    if (self->wait_slices > 0) {
        self->wait_slices--;
        return FEL_OK;
    }
    const size_t n = rank_instruments(self, ctx);
    const size_t k = (size_t)floor(ctx->params[TOP_FRACTION] * (double)n + 1e-9);
    if (k == 0) {
        return FEL_OK; /* too few yet: look again at the next slice */
    }
    size_t n_orders = 0;
    set_weights(self, ctx, n, k);
    FEL_TRY(order_weights(self, ctx, &n_orders));
    /* no order is made before the run's start: look again at the next slice */
    self->wait_slices = n_orders != 0 ? (size_t)ctx->params[EVERY_SLICES] - 1 : 0;
    return FEL_OK;
}

/* Closes from before a split are restated. */
static fel_status on_corporate_action(void *state, fel_ctx *ctx, const fel_action *action)
{
    (void)ctx;
    momentum *self = state;
    if (action->kind == FEL_SPLIT) {
        fel_lag_rescale(&self->assets[action->instrument].closes, 1.0 / action->value);
    }
    return FEL_OK;
}

extern const fel_strategy fel_strategy_cross_sectional_momentum;

const fel_strategy fel_strategy_cross_sectional_momentum = {
    .struct_size = sizeof(fel_strategy),
    .name = "cross_sectional_momentum",
    .summary = "hold the instruments of a panel that rose most",
    .params = params,
    .n_params = N_PARAMS,
    .state_size = sizeof(momentum),
    .on_start = on_start,
    .on_slice = on_slice,
    .on_corporate_action = on_corporate_action,
};

FEL_PLUGIN("cross_sectional_momentum", "1.0.0", fel_strategy_cross_sectional_momentum);
