/* tests/unit/strategies/fake_host.c - see fake_host.h. */
#include "tests/unit/strategies/fake_host.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <feller/portfolio.h>

#include "tests/support/toy_hedger.h"

static fake_host *host_of(const fel_ctx *ctx)
{
    fake_host *host;
    memcpy(&host, &(const void *){ctx}, sizeof(host)); /* drops const: the context is its start */
    return host;
}

static void *host_alloc(fel_ctx *ctx, size_t size_bytes)
{
    fake_host *host = host_of(ctx);
    if (host->is_out_of_memory || host->n_blocks == sizeof(host->blocks) / sizeof(void *)) {
        return NULL;
    }
    void *block = calloc(1, size_bytes > 0 ? size_bytes : 1);
    host->blocks[host->n_blocks++] = block;
    return block;
}

static fel_status host_target(fel_ctx *ctx, uint32_t instrument, fel_target_kind kind,
                              double amount, uint64_t *order_id)
{
    fake_host *host = host_of(ctx);
    const fake_order order = {host->n_steps, instrument, kind, amount};
    uint64_t id = 0;
    if (instrument >= ctx->n_instruments || !isfinite(amount)) {
        return FEL_ERR_ARG;
    }
    if (host->n_steps >= host->start_step) {
        host->is_waiting[instrument] = 0;
        if (amount != host->position[instrument] || (kind == FEL_TARGET_WEIGHT && amount != 0.0)) {
            host->is_waiting[instrument] = 1;
            host->waiting[instrument] = order;
            if (host->n_orders < FAKE_MAX_ORDERS) {
                host->orders[host->n_orders++] = order;
            }
            id = host->n_orders;
        }
    }
    if (order_id != NULL) {
        *order_id = id;
    }
    return FEL_OK;
}

/* Ids of plain orders are above those of targets. */
static fel_status host_submit(fel_ctx *ctx, const fel_order *order, uint64_t *order_id)
{
    fake_host *host = host_of(ctx);
    const size_t room = sizeof(host->submitted) / sizeof(host->submitted[0]);
    host->submitted[host->n_submitted % room] = *order;
    host->n_submitted++;
    if (order_id != NULL) {
        *order_id = FAKE_MAX_ORDERS + host->n_submitted;
    }
    return FEL_OK;
}

static fel_status host_replace(fel_ctx *ctx, uint64_t order_id, const fel_order *order,
                               uint64_t *new_order_id)
{
    return order_id > FAKE_MAX_ORDERS ? host_submit(ctx, order, new_order_id) : FEL_ERR_NOTFOUND;
}

static double host_equity(const fel_ctx *ctx)
{
    const fake_host *host = host_of(ctx);
    double equity = host->cash;
    for (size_t i = 0; i < ctx->n_instruments; i++) {
        equity += host->position[i] == 0.0 ? 0.0 : host->position[i] * host->last_price[i];
    }
    return equity;
}

static size_t host_open_orders(const fel_ctx *ctx, uint32_t instrument)
{
    return (size_t)host_of(ctx)->is_waiting[instrument];
}

static fel_status host_fail(fel_ctx *ctx, const char *format, ...) FEL_PRINTF(2, 3);
static fel_status host_fail(fel_ctx *ctx, const char *format, ...)
{
    fake_host *host = host_of(ctx);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(host->message, sizeof(host->message), format, args);
    va_end(args);
    return FEL_ERR_USER;
}

static const void *host_service(const fel_ctx *ctx, const char *name, uint32_t version)
{
    (void)ctx;
    if (strcmp(name, FEL_PORTFOLIO_SERVICE) == 0 && version <= 1) {
        return &fel_portfolio_functions;
    }
    return strcmp(name, toy_hedger.name) == 0 && version <= toy_hedger.version ? toy_hedger.table
                                                                               : NULL;
}

fake_host *fake_host_create(size_t n_instruments, size_t n_signals)
{
    fake_host *host = calloc(1, sizeof(fake_host));
    if (host == NULL) {
        abort();
    }
    host->table.abi = FEL_PLUGIN_ABI;
    host->table.struct_size = (uint32_t)sizeof(fel_host);
    host->table.alloc = host_alloc;
    host->table.target = host_target;
    host->table.submit = host_submit;
    host->table.replace = host_replace;
    host->table.equity = host_equity;
    host->table.open_orders = host_open_orders;
    host->table.fail = host_fail;
    host->table.service = host_service;
    host->ctx.host = &host->table;
    host->ctx.n_instruments = n_instruments;
    host->ctx.instruments = host->instruments;
    host->ctx.position = host->position;
    host->ctx.last_price = host->last_price;
    host->ctx.n_signals = n_signals;
    host->ctx.signal = host->signal;
    for (uint32_t i = 0; i < FAKE_MAX_INSTRUMENTS; i++) {
        host->instruments[i].index = i;
        host->instruments[i].multiplier = 1.0;
    }
    return host;
}

fel_status fake_start(fake_host *host, const fel_strategy *strategy, const double *params)
{
    static double defaults[24];
    host->strategy = strategy;
    host->state = calloc(1, strategy->state_size > 0 ? strategy->state_size : 1);
    host->cash = 1e6;
    host->n_steps = host->n_orders = host->n_submitted = 0;
    for (size_t i = 0; i < FAKE_MAX_INSTRUMENTS; i++) {
        host->position[i] = 0.0;
        host->last_price[i] = (double)NAN;
        host->is_waiting[i] = 0;
    }
    for (size_t i = 0; i < sizeof(host->signal) / sizeof(host->signal[0]); i++) {
        host->signal[i] = (double)NAN;
    }
    for (size_t i = 0; i < strategy->n_params; i++) {
        defaults[i] = strategy->params[i].default_value;
    }
    host->ctx.params = params != NULL ? params : defaults;
    const fel_status status =
        strategy->on_start != NULL ? strategy->on_start(host->state, &host->ctx) : FEL_OK;
    if (status != FEL_OK) { /* on_stop will not be called */
        free(host->state);
        host->state = NULL;
    }
    return status;
}

static fel_status fill(fake_host *host, uint32_t instrument, double price)
{
    const fake_order *order = &host->waiting[instrument];
    const double equity_before = host->cash + host->position[instrument] * price;
    double equity = equity_before;
    for (size_t i = 0; i < host->ctx.n_instruments; i++) {
        equity += i == instrument || host->position[i] == 0.0
                      ? 0.0
                      : host->position[i] * host->last_price[i];
    }
    const double after =
        order->kind == FEL_TARGET_WEIGHT ? order->amount * equity / price : order->amount;
    const double change = after - host->position[instrument];
    host->is_waiting[instrument] = 0;
    host->cash -= change * price;
    host->position[instrument] = after;
    if (change == 0.0 || host->strategy->on_fill == NULL) {
        return FEL_OK;
    }
    const fel_fill record = {.instrument = instrument,
                             .side = change > 0.0 ? FEL_BUY : FEL_SELL,
                             .quantity = fabs(change),
                             .price = price};
    return host->strategy->on_fill(host->state, &host->ctx, &record);
}

fel_status fake_step(fake_host *host, const fel_bar *bars, size_t n_bars)
{
    const fel_strategy *s = host->strategy;
    const fel_slice slice = {(int64_t)host->n_steps, bars, n_bars};
    host->ctx.now_ns = slice.time_ns;
    for (size_t k = 0; k < n_bars; k++) {
        if (host->is_waiting[bars[k].instrument]) {
            FEL_TRY(fill(host, bars[k].instrument, bars[k].open));
        }
    }
    for (size_t k = 0; k < n_bars; k++) {
        host->last_price[bars[k].instrument] = bars[k].close;
        FEL_TRY(s->on_bar != NULL ? s->on_bar(host->state, &host->ctx, &bars[k]) : FEL_OK);
    }
    FEL_TRY(s->on_slice != NULL ? s->on_slice(host->state, &host->ctx, &slice) : FEL_OK);
    host->n_steps++;
    return FEL_OK;
}

fel_status fake_signal(fake_host *host, uint32_t instrument, uint32_t column, double value)
{
    const fel_signal signal = {(int64_t)host->n_steps, instrument, column, value};
    host->signal[(size_t)instrument * host->ctx.n_signals + column] = value;
    return host->strategy->on_signal != NULL
               ? host->strategy->on_signal(host->state, &host->ctx, &signal)
               : FEL_OK;
}

fel_status fake_split(fake_host *host, uint32_t instrument, double ratio)
{
    const fel_action action = {(int64_t)host->n_steps, instrument, FEL_SPLIT, ratio};
    host->position[instrument] *= ratio;
    host->last_price[instrument] /= ratio;
    return host->strategy->on_corporate_action != NULL
               ? host->strategy->on_corporate_action(host->state, &host->ctx, &action)
               : FEL_OK;
}

void fake_stop(fake_host *host)
{
    if (host->state != NULL && host->strategy->on_stop != NULL) {
        host->strategy->on_stop(host->state, &host->ctx);
    }
    free(host->state);
    host->state = NULL;
    while (host->n_blocks > 0) {
        free(host->blocks[--host->n_blocks]);
    }
}

fel_bar fake_bar(uint32_t instrument, double open, double high, double low, double close)
{
    const fel_bar bar = {.instrument = instrument,
                         .open = open,
                         .high = high,
                         .low = low,
                         .close = close,
                         .volume = 1000.0};
    return bar;
}

fel_bar fake_flat_bar(uint32_t instrument, double price)
{
    return fake_bar(instrument, price, price, price, price);
}
