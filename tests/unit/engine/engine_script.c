/* tests/unit/engine/engine_script.c - a strategy that does what a table says and writes down every
 * call that it gets. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/engine/engine_fixture.h"

enum { LOG_SIZE = 1 << 16 };

static const script_step *steps;
static size_t n_steps;
static char log_text[LOG_SIZE];
static size_t log_used;
static int64_t n_fills, n_updates;
static fel_status last_status;

void script_use(const script_step *new_steps, size_t n)
{
    steps = new_steps;
    n_steps = n;
}

const char *script_log(void)
{
    return log_text;
}

const char *script_log_of(const char *word)
{
    static char found[LOG_SIZE];
    static char copy[LOG_SIZE];
    memcpy(copy, log_text, sizeof(copy));
    found[0] = '\0';
    size_t used = 0;
    char *rest = NULL;
    for (char *w = strtok_r(copy, " ", &rest); w != NULL; w = strtok_r(NULL, " ", &rest)) {
        if (strncmp(w, word, strlen(word)) == 0) {
            used += (size_t)snprintf(found + used, sizeof(found) - used, "%s%s",
                                     used > 0 ? " " : "", w);
        }
    }
    return found;
}

fel_status script_last_status(void)
{
    return last_status;
}

/* Room for more is left out: the log of a long run is not read. */
#define NOTE(...)                                                                                  \
    do {                                                                                           \
        if (log_used < LOG_SIZE - 200) {                                                           \
            log_used += (size_t)snprintf(log_text + log_used, LOG_SIZE - log_used, "%s",           \
                                         log_used > 0 ? " " : "");                                 \
            log_used += (size_t)snprintf(log_text + log_used, LOG_SIZE - log_used, __VA_ARGS__);   \
        }                                                                                          \
    } while (0)

static double days_of(int64_t t)
{
    return (double)t / (double)FEL_NS_PER_DAY;
}

static fel_status act(fel_ctx *ctx, const script_step *s)
{
    fel_order order = s->order;
    order.struct_size = (uint32_t)sizeof(order);
    order.instrument = s->order.instrument > 0 ? s->order.instrument : s->instrument;
    const fel_host *host = ctx->host;
    switch (s->verb) {
    case SUBMIT:
        return host->submit(ctx, &order, NULL);
    case POSITION:
        return host->target(ctx, s->instrument, FEL_TARGET_POSITION, s->amount, NULL);
    case WEIGHT:
        return host->target(ctx, s->instrument, FEL_TARGET_WEIGHT, s->amount, NULL);
    case SPEND:
        return host->target(ctx, s->instrument, FEL_TARGET_SPEND, s->amount, NULL);
    case HALT:
        return host->halt(ctx, s->amount != 0.0);
    case CANCEL:
        last_status = host->cancel(ctx, s->order_id);
        return FEL_OK;
    case REPLACE:
        last_status = host->replace(ctx, s->order_id, &order, NULL);
        return FEL_OK;
    }
    return FEL_OK;
}

static fel_status play(fel_ctx *ctx, script_event event, int64_t at, uint32_t instrument)
{
    for (size_t i = 0; i < n_steps; i++) {
        const script_step *s = &steps[i];
        const int is_counted = event == ON_FILL || event == ON_UPDATE || event == ON_SLICE;
        if (s->event == event && s->at == at && (is_counted || s->instrument == instrument)) {
            FEL_TRY(act(ctx, s));
        }
    }
    return FEL_OK;
}

static const char *symbol_of(const fel_ctx *ctx, uint32_t instrument)
{
    return ctx->instruments[instrument].symbol;
}

/* ---- callbacks ------------------------------------------------------------------------------- */

static fel_status on_start(void *state, fel_ctx *ctx)
{
    (void)state;
    (void)ctx;
    log_used = 0;
    log_text[0] = '\0';
    n_fills = n_updates = 0;
    last_status = FEL_OK;
    return FEL_OK;
}

static fel_status on_bar(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    (void)state;
    NOTE("bar:%s@%g", symbol_of(ctx, bar->instrument), days_of(bar->close_time_ns));
    return play(ctx, ON_BAR, bar->close_time_ns, bar->instrument);
}

static fel_status on_slice(void *state, fel_ctx *ctx, const fel_slice *slice)
{
    (void)state;
    NOTE("slice:%zu@%g", slice->n_bars, days_of(slice->time_ns));
    return play(ctx, ON_SLICE, slice->time_ns, 0);
}

static fel_status on_quote(void *state, fel_ctx *ctx, const fel_quote *quote)
{
    (void)state;
    NOTE("quote:%s@%g", symbol_of(ctx, quote->instrument), days_of(quote->time_ns));
    return play(ctx, ON_QUOTE, quote->time_ns, quote->instrument);
}

static fel_status on_signal(void *state, fel_ctx *ctx, const fel_signal *signal)
{
    (void)state;
    NOTE("signal:%s%u=%g@%g", symbol_of(ctx, signal->instrument), signal->column, signal->value,
         days_of(signal->time_ns));
    return play(ctx, ON_SIGNAL, signal->time_ns, signal->instrument);
}

static fel_status on_corporate_action(void *state, fel_ctx *ctx, const fel_action *action)
{
    (void)state;
    NOTE("action:%s%d=%g@%g", symbol_of(ctx, action->instrument), (int)action->kind, action->value,
         days_of(action->time_ns));
    return play(ctx, ON_ACTION, action->time_ns, action->instrument);
}

static fel_status on_expiry(void *state, fel_ctx *ctx, const fel_expiry *expiry)
{
    (void)state;
    NOTE("expiry:%s=%g,%g@%g", symbol_of(ctx, expiry->instrument), expiry->settlement_price,
         expiry->cash, days_of(expiry->time_ns));
    return play(ctx, ON_EXPIRY, expiry->time_ns, expiry->instrument);
}

static fel_status on_order(void *state, fel_ctx *ctx, const fel_order_update *update)
{
    (void)state;
    NOTE("order%llu:%s%s%s@%g", (unsigned long long)update->order_id,
         fel_order_state_name(update->state), update->reason != FEL_REASON_NONE ? ":" : "",
         update->reason != FEL_REASON_NONE ? fel_reason_name(update->reason) : "",
         days_of(update->time_ns));
    return play(ctx, ON_UPDATE, ++n_updates, 0);
}

static fel_status on_fill(void *state, fel_ctx *ctx, const fel_fill *fill)
{
    (void)state;
    NOTE("fill%llu:%s%+g=%.10g@%g", (unsigned long long)fill->order_id,
         symbol_of(ctx, fill->instrument), (double)fill->side * fill->quantity, fill->price,
         days_of(fill->time_ns));
    return play(ctx, ON_FILL, ++n_fills, 0);
}

static void on_stop(void *state, fel_ctx *ctx)
{
    (void)state;
    NOTE("stop@%g", days_of(ctx->now_ns));
}

const fel_strategy script_strategy = {
    .struct_size = sizeof(fel_strategy),
    .name = "script",
    .summary = "does what a table says",
    .state_size = 1,
    .on_start = on_start,
    .on_bar = on_bar,
    .on_slice = on_slice,
    .on_quote = on_quote,
    .on_signal = on_signal,
    .on_corporate_action = on_corporate_action,
    .on_expiry = on_expiry,
    .on_order = on_order,
    .on_fill = on_fill,
    .on_stop = on_stop,
};
