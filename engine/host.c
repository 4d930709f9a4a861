/* engine/host.c - what a strategy may ask: the table behind its context. None of it knows more than
 * ctx->now_ns. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "engine/engine_internal.h"

static fel_engine *engine_of(fel_ctx *ctx)
{
    return (fel_engine *)(void *)ctx; /* the context is the engine's first member */
}

static const fel_engine *const_engine_of(const fel_ctx *ctx)
{
    return (const fel_engine *)(const void *)ctx;
}

/* ---- memory and history -----------------------------------------------------------------------
 */

static void *host_alloc(fel_ctx *ctx, size_t size_bytes)
{
    fel_engine *e = engine_of(ctx);
    return e->is_starting ? arena_alloc(&e->run, size_bytes) : NULL;
}

static fel_status host_keep_history(fel_ctx *ctx, size_t n_bars)
{
    fel_engine *e = engine_of(ctx);
    if (!e->is_starting || n_bars == 0) {
        return FEL_RAISE(FEL_ERR_ARG, "keep_history(%zu) is for on_start, with at least one bar",
                         n_bars);
    }
    history *h = &e->history;
    const size_t rows = e->n_instruments * FEL_BAR_COLUMNS;
    double *values = arena_array(&e->run, rows, 2 * n_bars * sizeof(double));
    size_t *counts = arena_array(&e->run, e->n_instruments, sizeof(size_t));
    if (values == NULL || counts == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu bars of history", n_bars);
    }
    h->values = values;
    h->counts = counts;
    h->capacity = n_bars;
    return FEL_OK;
}

/* Each value is written twice, a capacity apart, so that the last n are always in one piece. */
void history_push(fel_engine *e, const fel_bar *bar)
{
    history *h = &e->history;
    const double values[FEL_BAR_COLUMNS] = {bar->open, bar->high, bar->low, bar->close,
                                            bar->volume};
    const size_t at = h->counts[bar->instrument] % h->capacity;
    double *row = h->values + (size_t)bar->instrument * FEL_BAR_COLUMNS * 2 * h->capacity;
    for (size_t f = 0; f < FEL_BAR_COLUMNS; f++) {
        row[at] = values[f];
        row[at + h->capacity] = values[f];
        row += 2 * h->capacity;
    }
    h->counts[bar->instrument]++;
}

static fel_cvec host_history(const fel_ctx *ctx, uint32_t instrument, fel_field field, size_t n)
{
    const fel_engine *e = const_engine_of(ctx);
    const history *h = &e->history;
    fel_cvec view = {NULL, 0};
    if (h->capacity == 0 || instrument >= e->n_instruments || (size_t)field >= FEL_BAR_COLUMNS) {
        return view;
    }
    const size_t seen = h->counts[instrument];
    const size_t kept = seen < h->capacity ? seen : h->capacity;
    view.len = n < kept ? n : kept;
    const size_t end = seen <= h->capacity ? seen : seen % h->capacity + h->capacity;
    view.data = h->values +
                ((size_t)instrument * FEL_BAR_COLUMNS + (size_t)field) * 2 * h->capacity + end -
                view.len;
    return view;
}

/* ---- orders -------------------------------------------------------------------------------------
 */

static fel_status refuse_if_misused(const fel_engine *e, uint32_t instrument)
{
    if (instrument >= e->n_instruments) {
        return FEL_RAISE(FEL_ERR_ARG, "order for instrument %u of %zu", instrument,
                         e->n_instruments);
    }
    if (e->is_starting || e->is_stopping) {
        return FEL_RAISE(FEL_ERR_ARG, "no orders in on_start or on_stop");
    }
    return FEL_OK;
}

static int is_warming_up(const fel_engine *e)
{
    return e->ctx.now_ns < e->start_ns;
}

static fel_status submit(fel_ctx *ctx, const fel_order *order, uint64_t replaces,
                         uint64_t *order_id)
{
    fel_engine *e = engine_of(ctx);
    FEL_TRY(refuse_if_misused(e, order->instrument));
    if (is_warming_up(e)) {
        if (order_id != NULL) {
            *order_id = 0;
        }
        return FEL_OK;
    }
    live_order *o = NULL;
    FEL_TRY(venue_submit(e, order->instrument, &o));
    order_read(o, order);
    if (e->latency[order->instrument] != NULL) {
        latency_begin(e, o, replaces);
    }
    if (o->position_side != 0) {
        legs_read(e, o);
    }
    if ((o->parent | o->group) != 0) {
        FEL_TRY(link_join(e, venue_find(e, o->id)));
    }
    FEL_TRY(order_log(e, o, FEL_REASON_NONE, 0.0));
    if (order_id != NULL) {
        *order_id = o->id;
    }
    return FEL_OK;
}

static fel_status host_submit(fel_ctx *ctx, const fel_order *order, uint64_t *order_id)
{
    return submit(ctx, order, 0, order_id);
}

/* A target of the strategy's, not one that a stop has made. */
static int is_own_target(const live_order *o)
{
    return o->target_kind >= 0 && o->cause == FEL_REASON_NONE;
}

/* A newer target takes the place of one that still waits. */
static fel_status drop_waiting_target(fel_engine *e, uint32_t instrument)
{
    if (e->inst[instrument].n_open_orders == 0) {
        return FEL_OK;
    }
    for (size_t i = 0; i < e->pending.n; i++) {
        const uint32_t slot = e->pending.items[i];
        if (slot != SLOT_NONE && e->pool.items[slot].instrument == instrument &&
            is_own_target(&e->pool.items[slot])) {
            FEL_TRY(venue_end(e, slot, FEL_ORDER_CANCELLED, FEL_REASON_REPLACED));
        }
    }
    uint32_t slot = e->inst[instrument].live_first;
    while (slot != SLOT_NONE && !is_own_target(&e->pool.items[slot])) {
        slot = e->pool.items[slot].next;
    }
    return slot == SLOT_NONE ? FEL_OK
                             : venue_end(e, slot, FEL_ORDER_CANCELLED, FEL_REASON_REPLACED);
}

/* The units that reach a target at the last known price. */
static double delta_now(const fel_engine *e, uint32_t instrument, fel_target_kind kind,
                        double amount)
{
    const live_order o = {
        .instrument = instrument, .target_kind = (int32_t)kind, .target_amount = amount};
    return sizing_delta(e, &o, e->last_price[instrument], 1);
}

static void set_size(live_order *o, double delta)
{
    o->is_sized = 1;
    o->quantity = isnan(delta) ? 0.0 : fabs(delta);
    o->refused = isnan(delta) ? FEL_REASON_NO_PRICE : FEL_REASON_NONE;
}

static int is_held(const fel_engine *e, uint32_t instrument, fel_target_kind kind, double amount)
{
    if (kind == FEL_TARGET_SPEND) {
        return amount == 0.0;
    }
    return (kind == FEL_TARGET_POSITION || amount == 0.0) && amount == e->position[instrument];
}

/* No order is needed; without a latency those before it are gone already. */
static fel_status call_targets_back(fel_engine *e, uint32_t instrument)
{
    return e->latency[instrument] != NULL ? latency_cancel_targets(e, instrument) : FEL_OK;
}

/* What a new order aims at; delta is its size, if it is sized now, or else has its sign. */
static void set_target(const fel_engine *e, live_order *o, fel_target_kind kind, double amount,
                       double delta, int is_sized)
{
    const int is_sound = isfinite(amount) && (unsigned)kind <= FEL_TARGET_SPEND;
    o->target_kind = (int32_t)kind;
    o->target_amount = amount;
    o->side = delta < 0.0 ? FEL_SELL : FEL_BUY;
    o->refused = is_sound ? FEL_REASON_NONE : FEL_REASON_BAD_ORDER;
    if (is_sized) {
        set_size(o, delta);
    }
    if (e->latency[o->instrument] != NULL) {
        latency_begin(e, o, 0);
    }
}

static fel_status host_target(fel_ctx *ctx, uint32_t instrument, fel_target_kind kind,
                              double amount, uint64_t *order_id)
{
    fel_engine *e = engine_of(ctx);
    if (order_id != NULL) {
        *order_id = 0;
    }
    FEL_TRY(refuse_if_misused(e, instrument));
    if (is_warming_up(e)) {
        return FEL_OK;
    }
    FEL_TRY(e->latency[instrument] != NULL ? FEL_OK : drop_waiting_target(e, instrument));
    if (is_held(e, instrument, kind, amount)) {
        return call_targets_back(e, instrument);
    }
    const int is_sound = isfinite(amount) && (unsigned)kind <= FEL_TARGET_SPEND;
    const int is_sized = e->config.sizing == FEL_SIZE_AT_DECISION && is_sound;
    const double delta = is_sized                   ? delta_now(e, instrument, kind, amount)
                         : kind == FEL_TARGET_SPEND ? amount
                                                    : amount - e->position[instrument];
    if (is_sized && delta == 0.0) {
        return call_targets_back(e, instrument);
    }
    live_order *o = NULL;
    FEL_TRY(venue_submit(e, instrument, &o));
    set_target(e, o, kind, amount, delta, is_sized);
    FEL_TRY(order_log(e, o, FEL_REASON_NONE, 0.0));
    if (order_id != NULL) {
        *order_id = o->id;
    }
    return FEL_OK;
}

/* An open order of the strategy's. */
static fel_status find_open(const fel_engine *e, uint64_t order_id, uint32_t *slot)
{
    *slot = venue_find(e, order_id);
    return *slot == SLOT_NONE || e->pool.items[*slot].is_forced ||
                   e->pool.items[*slot].cause != FEL_REASON_NONE
               ? FEL_RAISE(FEL_ERR_NOTFOUND, "no open order %llu", (unsigned long long)order_id)
               : FEL_OK;
}

static fel_status host_cancel(fel_ctx *ctx, uint64_t order_id)
{
    fel_engine *e = engine_of(ctx);
    uint32_t slot = SLOT_NONE;
    FEL_TRY(find_open(e, order_id, &slot));
    return e->latency[e->pool.items[slot].instrument] != NULL
               ? latency_cancel(e, slot, FEL_REASON_BY_STRATEGY)
               : venue_end(e, slot, FEL_ORDER_CANCELLED, FEL_REASON_BY_STRATEGY);
}

static fel_status host_replace(fel_ctx *ctx, uint64_t order_id, const fel_order *order,
                               uint64_t *new_order_id)
{
    fel_engine *e = engine_of(ctx);
    uint32_t slot = SLOT_NONE;
    FEL_TRY(refuse_if_misused(e, order->instrument));
    FEL_TRY(find_open(e, order_id, &slot));
    if (e->latency[order->instrument] != NULL) {
        return submit(ctx, order, order_id, new_order_id);
    }
    FEL_TRY(venue_end(e, slot, FEL_ORDER_CANCELLED, FEL_REASON_REPLACED));
    return host_submit(ctx, order, new_order_id);
}

/* ---- account and the rest
 * ------------------------------------------------------------------------- */

static double host_equity(const fel_ctx *ctx)
{
    return fel_money_value(ledger_equity(const_engine_of(ctx)));
}

static double host_cash(const fel_ctx *ctx)
{
    return fel_money_value(account_cash(const_engine_of(ctx)));
}

static size_t host_open_orders(const fel_ctx *ctx, uint32_t instrument)
{
    const fel_engine *e = const_engine_of(ctx);
    return instrument < e->n_instruments ? e->inst[instrument].n_open_orders : 0;
}

static fel_status host_signal_column(const fel_ctx *ctx, const char *name, uint32_t *column)
{
    const fel_engine *e = const_engine_of(ctx);
    char known[256] = "";
    for (uint32_t i = 0; i < e->n_signals; i++) {
        if (strcmp(e->signal_names[i], name) == 0) {
            *column = i;
            return FEL_OK;
        }
        const size_t used = strlen(known);
        (void)snprintf(known + used, sizeof(known) - used, "%s%s", i > 0 ? ", " : "",
                       e->signal_names[i]);
    }
    return FEL_RAISE(FEL_ERR_NOTFOUND, "no signal column '%s'; there %s %s", name,
                     e->n_signals == 1 ? "is" : "are", e->n_signals > 0 ? known : "none");
}

/* An older version than asked for does not do; a newer one only adds. */
static const void *host_service(const fel_ctx *ctx, const char *name, uint32_t version)
{
    const fel_engine_config *config = &((const fel_engine *)ctx)->config;
    for (size_t i = 0; i < config->n_services; i++) {
        const fel_service *service = &config->services[i];
        if (strcmp(service->name, name) == 0 && service->version >= version) {
            return service->table;
        }
    }
    return NULL;
}

static size_t host_book(const fel_ctx *ctx, uint32_t instrument, fel_side side, fel_level *out,
                        size_t n)
{
    const fel_engine *e = const_engine_of(ctx);
    const order_book *b = instrument < e->n_instruments ? e->inst[instrument].book : NULL;
    return b != NULL ? book_levels(b, side, out, n) : 0;
}

static fel_status host_halt(fel_ctx *ctx, int closes_positions)
{
    fel_engine *e = engine_of(ctx);
    if (e->is_starting || e->is_stopping) {
        return FEL_RAISE(FEL_ERR_ARG, "no halt in on_start or on_stop");
    }
    return stop_halt(e, FEL_REASON_KILLED, closes_positions);
}

/* What a strategy minds before the first event is what it was given: parameters, instruments. */
static FEL_PRINTF(2, 3) fel_status host_fail(fel_ctx *ctx, const char *format, ...)
{
    const fel_engine *e = engine_of(ctx);
    char text[400];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return FEL_RAISE(e->is_starting ? FEL_ERR_ARG : FEL_ERR_USER, "strategy %s: %s",
                     e->strategy->name, text);
}

const fel_host engine_host = {
    .abi = FEL_PLUGIN_ABI,
    .struct_size = (uint32_t)sizeof(fel_host),
    .alloc = host_alloc,
    .keep_history = host_keep_history,
    .history = host_history,
    .submit = host_submit,
    .target = host_target,
    .cancel = host_cancel,
    .replace = host_replace,
    .equity = host_equity,
    .cash = host_cash,
    .open_orders = host_open_orders,
    .signal_column = host_signal_column,
    .service = host_service,
    .fail = host_fail,
    .buying_power = account_buying_power,
    .margin_used = account_margin_used,
    .maintenance_margin = account_maintenance_margin,
    .margin_call_ns = account_margin_call_ns,
    .leg = account_leg,
    .halt = host_halt,
    .book = host_book,
    .set_timer = clock_set_timer,
    .cancel_timer = clock_cancel_timer,
};
