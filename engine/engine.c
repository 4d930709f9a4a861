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
    };
    return config;
}

/* ---- checks
 * ------------------------------------------------------------------------------------------ */

static fel_status check_costs(const fel_cost *costs, int want_fee, const char *what)
{
    for (int k = 0; k < FEL_MAX_COSTS && costs[k].code != NULL; k++) {
        const fel_cost_class *code = costs[k].code;
        if ((code->fee != NULL) != want_fee) {
            return FEL_RAISE(FEL_ERR_ARG, "%s is no %s model", code->name, what);
        }
        for (size_t p = 0; p < code->n_params; p++) {
            FEL_TRY(fel_param_check(&code->params[p], costs[k].params[p]));
        }
    }
    return FEL_OK;
}

static fel_status check_rules(const fel_engine_config *c)
{
    const struct {
        const char *name;
        unsigned value, n;
    } rules[] = {{"fill", c->fill, 2},         {"path", c->path, 4},
                 {"limit", c->limit, 2},       {"trail", c->trail, 2},
                 {"sizing", c->sizing, 2},     {"cash_short", c->cash_short, 3},
                 {"off_grid", c->off_grid, 2}, {"end_of_data", c->end_of_data, 2},
                 {"record", c->record, 3}};
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (rules[i].value >= rules[i].n) {
            return FEL_RAISE(FEL_ERR_ARG, "%s = %u; it lies in 0 .. %u", rules[i].name,
                             rules[i].value, rules[i].n - 1);
        }
    }
    return FEL_OK;
}

/* A fraction a year. */
static int is_rate(double rate)
{
    return rate >= -1.0 && rate <= 10.0;
}

static fel_status check_config(const fel_engine_config *c)
{
    if (c->struct_size != sizeof(*c)) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "engine configuration of %u bytes, not %zu: start from "
                         "fel_engine_config_default()",
                         c->struct_size, sizeof(*c));
    }
    if (!(c->cash > 0.0) || !isfinite(c->cash)) {
        return FEL_RAISE(FEL_ERR_RANGE, "cash = %g; it must be positive", c->cash);
    }
    if (!is_rate(c->cash_rate_per_year) || !is_rate(c->debit_rate_per_year)) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "cash_rate = %g, debit_rate = %g; a year's rate lies in [-1, 10]",
                         c->cash_rate_per_year, c->debit_rate_per_year);
    }
    if (!(c->volume_limit >= 0.0 && c->volume_limit <= 1.0)) {
        return FEL_RAISE(FEL_ERR_RANGE, "volume_limit = %g; a share lies in [0, 1]",
                         c->volume_limit);
    }
    if (!(c->fee_minimum >= 0.0) || !isfinite(c->fee_minimum)) {
        return FEL_RAISE(FEL_ERR_RANGE, "fee_minimum = %g; it must not be negative",
                         c->fee_minimum);
    }
    if (c->fill == FEL_FILL_SAME_CLOSE && c->sizing == FEL_SIZE_AT_DECISION &&
        c->fees[0].code != NULL && c->fees[0].code->needs_weights) {
        return FEL_RAISE(FEL_ERR_ARG, "fee model %s needs sizing at_fill", c->fees[0].code->name);
    }
    FEL_TRY(risk_check(&c->risk));
    FEL_TRY(check_rules(c));
    FEL_TRY(check_costs(c->fees, 1, "fee"));
    return check_costs(c->slippage, 0, "slippage");
}

static fel_status check_strategy(const fel_strategy *s)
{
    if (s->struct_size != sizeof(*s)) {
        return FEL_RAISE(FEL_ERR_ABI, "strategy table of %u bytes, not %zu", s->struct_size,
                         sizeof(*s));
    }
    return FEL_OK;
}

/* ---- instruments and cursors
 * --------------------------------------------------------------------------- */

static uint32_t find_symbol(const fel_engine *e, const char *symbol)
{
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        if (strcmp(e->instruments[i].symbol, symbol) == 0) {
            return i;
        }
    }
    return SLOT_NONE;
}

static int gives_prices(fel_data_kind kind)
{
    return kind == FEL_DATA_BAR || kind == FEL_DATA_QUOTE;
}

static int is_option_row(const fel_series_info *info)
{
    return info->instrument.kind == FEL_OPTION;
}

static fel_status check_instrument(const fel_engine *e, const fel_instrument *i)
{
    if (strcmp(i->currency, e->config.currency) != 0) {
        return FEL_RAISE(FEL_ERR_ARG, "%s is in %s, the account in %s: one currency a run",
                         i->symbol, i->currency, e->config.currency);
    }
    if (!(i->multiplier > 0.0) || !(i->lot >= 0.0) || !(i->ticks_per_unit >= 0.0)) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "%s: multiplier %g must be positive, lot %g and ticks a unit %g not "
                         "negative",
                         i->symbol, i->multiplier, i->lot, i->ticks_per_unit);
    }
    return FEL_OK;
}

/* Number the instruments in order of appearance; only prices and options make one. */
static fel_status number_instruments(fel_engine *e)
{
    e->instruments = arena_array(&e->fixed, e->n_sources, sizeof(fel_instrument));
    if (e->instruments == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu instruments", e->n_sources);
    }
    for (size_t s = 0; s < e->n_sources; s++) {
        const fel_series_info *info = e->sources[s].info;
        const int makes_one = gives_prices(info->kind) || is_option_row(info);
        if (!makes_one || find_symbol(e, info->instrument.symbol) != SLOT_NONE) {
            continue;
        }
        fel_instrument *i = &e->instruments[e->n_instruments];
        *i = info->instrument;
        i->index = (uint32_t)e->n_instruments++;
        FEL_TRY(check_instrument(e, i));
    }
    return e->n_instruments > 0
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_ARG, "no source gives prices: bars or quotes are needed");
}

static fel_status place_signal(fel_engine *e, const char *name, uint32_t *place)
{
    for (uint32_t i = 0; i < e->n_signals; i++) {
        if (strcmp(e->signal_names[i], name) == 0) {
            *place = i;
            return FEL_OK;
        }
    }
    *place = (uint32_t)e->n_signals++;
    memcpy(e->signal_names[*place], name, FEL_COLUMN_NAME_SIZE);
    return FEL_OK;
}

static fel_status place_signals(fel_engine *e, const fel_series_info *info, cursor *c)
{
    uint32_t *places = arena_array(&e->fixed, info->n_columns, sizeof(uint32_t));
    if (places == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for signal columns");
    }
    for (uint32_t j = 0; j < info->n_columns; j++) {
        FEL_TRY(place_signal(e, info->columns[j], &places[j]));
    }
    c->signal_columns = places;
    c->n_columns = info->n_columns;
    return FEL_OK;
}

static fel_status make_cursor(fel_engine *e, size_t source)
{
    const fel_series_info *info = e->sources[source].info;
    const uint32_t instrument = find_symbol(e, info->instrument.symbol);
    cursor *c = &e->merge.cursors[e->merge.n++];
    if (instrument == SLOT_NONE) {
        return FEL_RAISE(FEL_ERR_ARG, "%s has %s but no prices in this run",
                         info->instrument.symbol,
                         info->kind == FEL_DATA_SIGNAL ? "signals" : "actions");
    }
    c->instrument = instrument;
    c->source = (uint32_t)source;
    c->kind = info->kind;
    c->length_ns = info->length_ns;
    if (info->kind == FEL_DATA_SIGNAL) {
        return place_signals(e, info, c);
    }
    if (info->kind == FEL_DATA_BAR && info->length_ns <= 0) {
        return FEL_RAISE(FEL_ERR_ARG, "bars of %s have no length", info->instrument.symbol);
    }
    return FEL_OK;
}

static fel_status make_cursors(fel_engine *e)
{
    size_t n_names = 0;
    for (size_t s = 0; s < e->n_sources; s++) {
        const fel_series_info *info = e->sources[s].info;
        n_names += info->kind == FEL_DATA_SIGNAL ? info->n_columns : 0;
    }
    e->merge.cursors = arena_array(&e->fixed, e->n_sources, sizeof(cursor));
    e->signal_names = arena_array(&e->fixed, n_names, FEL_COLUMN_NAME_SIZE);
    if (e->merge.cursors == NULL || e->signal_names == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu feeds", e->n_sources);
    }
    for (size_t s = 0; s < e->n_sources; s++) {
        FEL_TRY(make_cursor(e, s));
    }
    return merge_create(e);
}

/* ---- options and actions
 * ---------------------------------------------------------------------------------- */

static fel_status sort_options(fel_engine *e)
{
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        const fel_instrument *o = &e->instruments[i];
        if (o->kind != FEL_OPTION) {
            continue;
        }
        if (o->underlying >= e->n_instruments || o->underlying == i || !(o->strike >= 0.0)) {
            return FEL_RAISE(FEL_ERR_ARG,
                             "option %s: underlying %u must be another instrument of the run and "
                             "strike %g not negative",
                             o->symbol, o->underlying, o->strike);
        }
        FEL_TRY(ARRAY_PUSH(&e->options, i));
        /* Insert by expiry; equal expiries stay in the order of instruments. */
        for (size_t k = e->options.n - 1; k > 0; k--) {
            uint32_t *pair = &e->options.items[k - 1];
            if (e->instruments[pair[0]].expiry_ns <= e->instruments[pair[1]].expiry_ns) {
                break;
            }
            const uint32_t swap = pair[0];
            pair[0] = pair[1];
            pair[1] = swap;
        }
    }
    return FEL_OK;
}

/* Which actions a series' adjustment leaves to be booked, and whether dividends may be missing. */
static void read_adjustments(fel_engine *e)
{
    for (size_t s = 0; s < e->n_sources; s++) {
        const fel_series_info *info = e->sources[s].info;
        if (gives_prices(info->kind)) {
            instrument_state *state = &e->inst[find_symbol(e, info->instrument.symbol)];
            state->books_splits = info->adjustment == FEL_ADJUST_RAW;
            state->books_dividends = info->adjustment != FEL_ADJUST_TOTAL_RETURN;
        }
    }
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        int has_actions = !e->inst[i].books_dividends;
        for (size_t s = 0; s < e->n_sources && !has_actions; s++) {
            const fel_series_info *info = e->sources[s].info;
            has_actions = info->kind == FEL_DATA_ACTION &&
                          strcmp(info->instrument.symbol, e->instruments[i].symbol) == 0;
        }
        const fel_instrument_kind kind = e->instruments[i].kind;
        if (!has_actions && (kind == FEL_EQUITY || kind == FEL_INDEX)) {
            e->flags |= FEL_FLAG_PRICE_RETURN;
        }
    }
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
    FEL_TRY(number_instruments(e));
    FEL_TRY(make_cursors(e));
    FEL_TRY(allocate_state(e));
    FEL_TRY(sort_options(e));
    read_costs(e);
    fel_param_defaults(e->strategy->params, e->strategy->n_params, e->params);
    return params != NULL ? fel_engine_set_params(e, params) : FEL_OK;
}

fel_status fel_engine_create(fel_engine **out, const fel_engine_config *config,
                             const fel_source *sources, size_t n_sources,
                             const fel_strategy *strategy, const double *params)
{
    FEL_TRY(check_config(config));
    FEL_TRY(check_strategy(strategy));
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
        if (gives_prices(c->kind)) {
            e->inst[c->instrument].n_price_feeds++;
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
    read_adjustments(e);
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
    FEL_TRY(loop_run(e));
    *out = &e->result;
    return FEL_OK;
}
