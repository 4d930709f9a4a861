/* engine/engine.c - making an engine from settings and sources, and running it again and again. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/engine_internal.h"

fel_engine_config fel_engine_config_default(void)
{
    const fel_engine_config config = {
        .struct_size = (uint32_t)sizeof(fel_engine_config),
        .allow_short = 1,
        .record_orders = 1,
        .cash = 1e6,
        .currency = "USD",
        .start_ns = FEL_TIME_MIN,
        .account = account_rules_default(),
        .stop_at_ns = FEL_TIME_MAX,
        .queue_power = 1.0,
    };
    return config;
}

/* ---- create, run, destroy
 * ------------------------------------------------------------------------------------ */

static fel_status allocate_state(fel_engine *e)
{
    const size_t n = e->n_instruments;
    e->position = arena_array(&e->fixed, n, sizeof(double));
    e->last_price = arena_array(&e->fixed, n, sizeof(double));
    e->multiplier = arena_array(&e->fixed, n, sizeof(double));
    e->high_since = arena_array(&e->fixed, n, sizeof(double));
    e->low_since = arena_array(&e->fixed, n, sizeof(double));
    e->signal = arena_array(&e->fixed, n * e->n_signals, sizeof(double));
    e->inst = arena_array(&e->fixed, n, sizeof(instrument_state));
    e->live.words = arena_array(&e->fixed, n / 64 + 1, sizeof(uint64_t));
    e->positions = arena_array(&e->fixed, n, sizeof(fel_position_record));
    e->slice = arena_array(&e->fixed, e->merge.n, sizeof(fel_bar));
    e->params = arena_array(&e->fixed, e->strategy->n_params, sizeof(double));
    if (e->position == NULL || e->last_price == NULL || e->signal == NULL || e->inst == NULL ||
        e->live.words == NULL || e->multiplier == NULL || e->high_since == NULL ||
        e->low_since == NULL || e->positions == NULL || e->slice == NULL || e->params == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu instruments", n);
    }
    return hasher_create(&e->hash);
}

static void read_costs(fel_engine *e)
{
    for (int k = 0; k < FEL_MAX_COSTS; k++) {
        const fel_cost_class *fee = e->config.fees[k].code;
        const fel_cost_class *slip = e->config.slippage[k].code;
        e->uses_weights |= (fee != NULL && fee->needs_weights) ? 1 : 0;
        e->uses_weights |= (slip != NULL && slip->needs_weights) ? 1 : 0;
    }
}

static fel_status engine_init(fel_engine *e, const double *params)
{
    FEL_TRY(setup_instruments(e));
    FEL_TRY(setup_cursors(e));
    FEL_TRY(allocate_state(e));
    FEL_TRY(books_create(e));
    FEL_TRY(latency_create(e));
    FEL_TRY(setup_options(e));
    FEL_TRY(account_create(e));
    read_costs(e);
    fel_param_defaults(e->strategy->params, e->strategy->n_params, e->params);
    return params != NULL ? fel_engine_set_params(e, params) : FEL_OK;
}

fel_status fel_engine_create(fel_engine **out, const fel_engine_config *config,
                             const fel_source *sources, size_t n_sources,
                             const fel_strategy *strategy, const double *params)
{
    FEL_TRY(engine_check_config(config));
    FEL_TRY(engine_check_strategy(strategy));
    fel_engine *e = calloc(1, sizeof(*e));
    if (e == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for an engine");
    }
    e->config = *config;
    e->strategy = strategy;
    e->sources = sources;
    e->n_sources = n_sources;
    const fel_status status = engine_init(e, params);
    if (status != FEL_OK) {
        fel_engine_destroy(e);
        return status;
    }
    *out = e;
    return FEL_OK;
}

void fel_engine_destroy(fel_engine *e)
{
    if (e == NULL) {
        return;
    }
    free(e->pool.items);
    free(e->slot_of.items);
    free(e->pending.items);
    free(e->scan.items);
    free(e->linked.items);
    free(e->work.items);
    free(e->opening.items);
    free(e->ended.items);
    free(e->options.items);
    free(e->orders.items);
    free(e->fills.items);
    free(e->equity.items);
    account_destroy(e);
    books_destroy(e);
    clock_destroy(e);
    free(e->start_memory.items);
    free(e->order_events.items);
    hasher_destroy(e->hash);
    arena_free(&e->run);
    arena_free(&e->fixed);
    free(e);
}

fel_status fel_engine_set_params(fel_engine *e, const double *params)
{
    for (size_t i = 0; i < e->strategy->n_params; i++) {
        FEL_TRY(fel_param_check(&e->strategy->params[i], params[i]));
    }
    if (e->strategy->n_params > 0) {
        memcpy(e->params, params, e->strategy->n_params * sizeof(double));
    }
    return FEL_OK;
}

static void clear_instruments(fel_engine *e)
{
    for (size_t i = 0; i < e->n_instruments; i++) {
        const fel_instrument *instrument = &e->instruments[i];
        const instrument_state empty = {
            .unit = money_unit_of(instrument->ticks_per_unit, instrument->multiplier),
            .known_volume = (double)NAN,
            .quoted_ns = FEL_TIME_MIN,
            .split_ns = FEL_TIME_MIN,
            .split_ratio = 1.0,
            .live_first = SLOT_NONE,
            .live_last = SLOT_NONE};
        e->inst[i] = empty;
        e->position[i] = 0.0;
        e->last_price[i] = (double)NAN;
        e->multiplier[i] = e->instruments[i].multiplier;
        e->high_since[i] = e->low_since[i] = 0.0;
    }
    for (size_t i = 0; i < e->n_instruments * e->n_signals; i++) {
        e->signal[i] = (double)NAN;
    }
    e->n_price_feeds = 0;
    for (size_t k = 0; k < e->merge.n; k++) {
        const cursor *c = &e->merge.cursors[k];
        if (fel_gives_prices(c->kind)) {
            e->inst[c->instrument].n_price_feeds++;
            e->inst[c->instrument].is_quoted |= c->kind != FEL_DATA_TRADE ? 1 : 0;
            e->n_price_feeds++;
        }
    }
}

/* Everything as before the first event; memory of the last run is used again. */
static fel_status clear(fel_engine *e)
{
    arena_reset(&e->run);
    e->state = arena_alloc(&e->run, e->strategy->state_size);
    if (e->state == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for the state of %s", e->strategy->name);
    }
    clear_instruments(e);
    memset(e->live.words, 0, (e->n_instruments / 64 + 1) * sizeof(uint64_t));
    e->live.n = 0;
    ledger_start(e);
    const history no_history = {0};
    e->history = no_history;
    e->pool.n = e->slot_of.n = e->pending.n = e->scan.n = e->work.n = 0;
    e->bar_now = NULL;
    e->rate_from_ns = FEL_TIME_MIN;
    e->n_rate = 0;
    e->has_risk_limits = (uint8_t)risk_is_any(&e->config.risk);
    stop_start(e);
    e->order_events.n = 0;
    e->quote_now = NULL;
    e->fill_room = (double)INFINITY;
    e->is_walking = 0;
    books_start(e);
    e->linked.n = e->n_linking = 0;
    e->opening.n = e->ended.n = e->orders.n = e->fills.n = e->equity.n = 0;
    e->pool.free_head = SLOT_NONE;
    e->next_option = 0;
    e->next_order_id = 1;
    e->n_bars = e->n_others = e->n_fills = 0;
    e->on_bar = e->strategy->on_bar;
    e->on_slice = e->strategy->on_slice;
    e->first_ns = e->last_ns = e->day_end_ns = e->attention_ns = FEL_TIME_MIN;
    e->start_ns = e->config.start_ns;
    e->is_starting = e->is_stopping = e->is_ruined = e->is_opening = e->is_closing = 0;
    e->flags = (e->config.fill == FEL_FILL_SAME_CLOSE ? FEL_FLAG_SAME_CLOSE : 0u) |
               (e->config.self_check ? FEL_FLAG_SELF_CHECKED : 0u);
    setup_adjustments(e);
    account_start(e);
    clock_start(e);
    hasher_reset(e->hash);
    e->hash_used = 0;
    const fel_ctx ctx = {.host = &engine_host,
                         .now_ns = FEL_TIME_MIN,
                         .params = e->params,
                         .n_instruments = e->n_instruments,
                         .instruments = e->instruments,
                         .position = e->position,
                         .last_price = e->last_price,
                         .n_signals = e->n_signals,
                         .signal = e->signal};
    e->ctx = ctx;
    return FEL_OK;
}

fel_status fel_engine_run(fel_engine *e, const fel_result **out)
{
    FEL_TRY(clear(e));
    FEL_TRY(loop_run(e, NULL));
    *out = &e->result;
    return FEL_OK;
}

fel_status fel_engine_resume(fel_engine *e, const char *snapshot, const fel_result **out)
{
    FEL_TRY(clear(e));
    FEL_TRY(loop_run(e, snapshot));
    *out = &e->result;
    return FEL_OK;
}
