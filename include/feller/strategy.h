/* feller/strategy.h - write a trading strategy; build it in, or as a .so with no link to the
 * library.
 *
 * A strategy is a constant table of callbacks and a table of parameters. It sees the market through
 * the events it is given and through a context; the context has no call for the future. Everything
 * reachable through it is what was known at ctx->now_ns. */
#ifndef FEL_STRATEGY_H
#define FEL_STRATEGY_H

#include <feller/order.h>

FEL_BEGIN_DECLS

#define FEL_PLUGIN_ABI 1u

/* ---- what a strategy may ask of the engine ----------------------------------------------------
 */

typedef struct fel_ctx fel_ctx;

typedef enum fel_field {
    FEL_FIELD_OPEN = 0,
    FEL_FIELD_HIGH = 1,
    FEL_FIELD_LOW = 2,
    FEL_FIELD_CLOSE = 3,
    FEL_FIELD_VOLUME = 4
} fel_field;

/* One side of what is held of an instrument: long and short are kept apart in position mode
 * hedging. */
typedef struct fel_leg {
    double quantity; /* >= 0 */
    double price;    /* average of its entries; NaN: nothing is held */
    double unrealised;
    double realised; /* of the leg since the start, fees not included */
} fel_leg;

/* New calls go at the end, with a larger struct_size; a changed meaning raises FEL_PLUGIN_ABI. */
typedef struct fel_host {
    uint32_t abi;
    uint32_t struct_size;

    /* Zeroed memory that the engine frees after on_stop; on_start only, NULL when memory is out. */
    void *(*alloc)(fel_ctx *ctx, size_t size_bytes);
    /* Keep the last n_bars bars of every instrument for history(); on_start only. */
    fel_status (*keep_history)(fel_ctx *ctx, size_t n_bars);
    /* The last n closed bars of an instrument, oldest first; fewer if fewer are known or kept. Raw
     * prices as they were then. Good until the callback returns. */
    fel_cvec (*history)(const fel_ctx *ctx, uint32_t instrument, fel_field field, size_t n);

    /* Orders. Before the run's start instant (warm-up) none is made and *order_id is 0. *order_id
     * may be NULL. A refused order is not an error: it is recorded, and on_order gets its reason.
     * Errors (ERR_ARG) are programming mistakes: an instrument that is not there. */
    fel_status (*submit)(fel_ctx *ctx, const fel_order *order, uint64_t *order_id);
    /* A market order to a target; replaces any target order of that instrument still waiting. No
     * order is made when the target is held already. */
    fel_status (*target)(fel_ctx *ctx, uint32_t instrument, fel_target_kind kind, double amount,
                         uint64_t *order_id);
    /* ERR_NOTFOUND if the order has ended or never was. */
    fel_status (*cancel)(fel_ctx *ctx, uint64_t order_id);
    /* Cancel with reason `replaced` and submit in one step. */
    fel_status (*replace)(fel_ctx *ctx, uint64_t order_id, const fel_order *order,
                          uint64_t *new_order_id);

    /* Account, marked at the last known prices, in the account's currency. */
    double (*equity)(const fel_ctx *ctx);
    double (*cash)(const fel_ctx *ctx);
    /* Orders of this instrument that are pending or live. */
    size_t (*open_orders)(const fel_ctx *ctx, uint32_t instrument);

    /* Place of a signal column by name; ERR_NOTFOUND lists those there are. */
    fel_status (*signal_column)(const fel_ctx *ctx, const char *name, uint32_t *column);

    /* A table of functions of the library by name ("pricing", "policy"), NULL if this host has none
     * of that name or an older version. */
    const void *(*service)(const fel_ctx *ctx, const char *name, uint32_t version);

    /* Record an error with a message and get the status to return: ERR_ARG in on_start, where what
     * was given is at fault, ERR_USER later. */
    fel_status (*fail)(fel_ctx *ctx, const char *format, ...) FEL_PRINTF(2, 3);

    /* Margin, at the last known prices. What may still be spent on opening a position in an
     * instrument, as the value of the position, before costs: in a cash account the cash. */
    double (*buying_power)(const fel_ctx *ctx, uint32_t instrument);
    /* Initial and maintenance margin of all positions; 0 in a cash account. */
    double (*margin_used)(const fel_ctx *ctx);
    double (*maintenance_margin)(const fel_ctx *ctx);
    /* Since when a margin call stands; FEL_TIME_MAX: none does. */
    int64_t (*margin_call_ns)(const fel_ctx *ctx);
    /* The long (1) or short (-1) leg of an instrument. With position mode netting one of them is
     * the position, the other nothing. ERR_ARG: no such instrument or side. */
    fel_status (*leg)(const fel_ctx *ctx, uint32_t instrument, int32_t position_side, fel_leg *out);
    /* The kill switch: cancels every order, rejects new ones for the rest of the run and, if asked
     * to, closes every position by market orders; all with reason KILLED. Not in on_start and
     * on_stop. */
    fel_status (*halt)(fel_ctx *ctx, int closes_positions);
    /* The best levels of a side (bids: FEL_BUY) of an instrument's book, the best one first, at
     * most n; how many there were. None without depth. */
    size_t (*book)(const fel_ctx *ctx, uint32_t instrument, fel_side side, fel_level *out,
                   size_t n);

    /* on_timer at an instant later than now, also from on_start; one before the first row comes
     * with the first row, one after the last row never. ERR_ARG: not later than now, or on_stop. */
    fel_status (*set_timer)(fel_ctx *ctx, int64_t time_ns, uint64_t tag);
    /* All that wait with this tag; ERR_NOTFOUND if none does. */
    fel_status (*cancel_timer)(fel_ctx *ctx, uint64_t tag);
} fel_host;

/* The engine's own context begins with this; a test may put its own table and arrays here. The
 * arrays belong to the engine and change between callbacks. */
struct fel_ctx {
    const fel_host *host;
    int64_t now_ns;
    const double *params; /* in the order of the strategy's table */
    size_t n_instruments;
    const fel_instrument *instruments; /* n_instruments */
    const double *position;            /* units held, by instrument */
    const double *last_price;          /* last known price, by instrument; NaN before the first */
    size_t n_signals;                  /* signal columns */
    const double *signal; /* n_instruments x n_signals, latest value known; NaN before the first */
};

static inline double fel_signal_value(const fel_ctx *ctx, uint32_t instrument, uint32_t column)
{
    return ctx->signal[(size_t)instrument * ctx->n_signals + column];
}
static inline fel_status fel_submit(fel_ctx *ctx, const fel_order *order, uint64_t *order_id)
{
    return ctx->host->submit(ctx, order, order_id);
}
/* A bracket: the entry; when it has filled, a limit that takes the profit and a stop that ends the
 * loss, one cancelling the other. Numbers of the three orders into ids, 0 in warm-up. */
static inline fel_status fel_submit_bracket(fel_ctx *ctx, const fel_order *entry,
                                            double take_profit_price, double stop_price,
                                            uint64_t ids[3])
{
    const fel_side side = entry->side == FEL_BUY ? FEL_SELL : FEL_BUY;
    fel_order leave = fel_order_default(entry->instrument, side, entry->quantity);
    ids[1] = ids[2] = 0;
    fel_status status = ctx->host->submit(ctx, entry, &ids[0]);
    if (status != FEL_OK || ids[0] == 0) {
        return status;
    }
    leave.parent_id = leave.group = ids[0];
    leave.tag = entry->tag;
    leave.type = FEL_ORDER_LIMIT;
    leave.limit_price = take_profit_price;
    status = ctx->host->submit(ctx, &leave, &ids[1]);
    if (status != FEL_OK) {
        return status;
    }
    leave.type = FEL_ORDER_STOP;
    leave.stop_price = stop_price;
    return ctx->host->submit(ctx, &leave, &ids[2]);
}
static inline fel_status fel_order_to_position(fel_ctx *ctx, uint32_t instrument, double units)
{
    return ctx->host->target(ctx, instrument, FEL_TARGET_POSITION, units, NULL);
}
static inline fel_status fel_order_to_weight(fel_ctx *ctx, uint32_t instrument, double weight)
{
    return ctx->host->target(ctx, instrument, FEL_TARGET_WEIGHT, weight, NULL);
}

/* ---- services ---------------------------------------------------------------------------------
 */

/* "hedger", version 1: what chooses the positions of a hedge date by date - a trained policy or a
 * rule, for lives of n_dates dates. A session is one such life after the other, for one run. */
#define FEL_HEDGER_SERVICE "hedger"
typedef struct fel_hedger_service {
    uint32_t struct_size;
    uint32_t n_instruments; /* positions decided, of the run's first instruments in their order */
    size_t n_dates;
    void *payload;
    fel_status (*open)(void *payload, void **session);
    void (*close)(void *session);
    /* A new life; what its levels (strikes) are multiplied with. */
    void (*restart)(void *session, double scale);
    /* Date 0, 1, ... n_dates - 1 of the life: price of the underlying, its variance a year (NaN:
     * not known), prices and positions held by instrument; sets the positions to take. */
    fel_status (*decide)(void *session, double variance, const double *prices, const double *held,
                         double *position);
    double (*spot)(void *payload); /* of the problem at date 0: what a life's first price is scaled
                                      by */
} fel_hedger_service;

/* ---- what a strategy is ------------------------------------------------------------------------
 */

/* All bars that closed at one instant, ordered by instrument. */
typedef struct fel_slice {
    int64_t time_ns;
    const fel_bar *bars;
    size_t n_bars;
} fel_slice;

/* A session's begin or end: filled by later versions of the engine. */
typedef struct fel_session {
    int64_t time_ns;
    uint32_t instrument;
    int32_t is_open;
} fel_session;
/* A timer's call, in order of (time, setting). */
typedef struct fel_timer {
    int64_t time_ns; /* as asked for */
    uint64_t tag;
} fel_timer;
/* A funding payment of a perpetual: with a positive rate long pays short. */
typedef struct fel_funding {
    int64_t time_ns;
    uint32_t instrument;
    uint32_t reserved;
    double rate; /* a fraction of the mark notional, for the interval that ends now */
    double mark; /* price that it is reckoned from */
    double cash; /* received: -position x mark x multiplier x rate */
} fel_funding;
typedef struct fel_expiry {
    int64_t time_ns;
    uint32_t instrument;
    uint32_t reserved;
    double settlement_price; /* of the underlying; of a future its own */
    double cash; /* received; negative: paid; of futures 0: profit is settled as it comes */
} fel_expiry;

typedef struct fel_strategy {
    uint32_t struct_size; /* sizeof(fel_strategy) */
    uint32_t reserved;
    const char *name;    /* what the study file's strategy.kind takes */
    const char *summary; /* one line for `feller list strategies` */
    const fel_param_spec *params;
    size_t n_params;
    size_t state_size; /* bytes; the engine allocates, zeroes and frees this much: `state` below */

    /* Any may be NULL. Anything but FEL_OK ends the run with that status. Orders may be made in all
     * but on_start and on_stop. At one instant: signals, quotes and trades, then every bar's
     * on_bar, then on_slice once, then timers, then orders reach the venue, then corporate actions
     * and expiries, then bars that open. */
    fel_status (*on_start)(void *state, fel_ctx *ctx);
    fel_status (*on_bar)(void *state, fel_ctx *ctx, const fel_bar *bar);
    fel_status (*on_slice)(void *state, fel_ctx *ctx, const fel_slice *slice);
    fel_status (*on_trade)(void *state, fel_ctx *ctx, const fel_trade_tick *trade);
    fel_status (*on_quote)(void *state, fel_ctx *ctx, const fel_quote *quote);
    fel_status (*on_depth)(void *state, fel_ctx *ctx, const fel_depth *depth);
    fel_status (*on_signal)(void *state, fel_ctx *ctx, const fel_signal *signal);
    fel_status (*on_timer)(void *state, fel_ctx *ctx, const fel_timer *timer);
    fel_status (*on_session)(void *state, fel_ctx *ctx, const fel_session *session);
    fel_status (*on_corporate_action)(void *state, fel_ctx *ctx, const fel_action *action);
    fel_status (*on_funding)(void *state, fel_ctx *ctx, const fel_funding *funding);
    fel_status (*on_expiry)(void *state, fel_ctx *ctx, const fel_expiry *expiry);
    fel_status (*on_order)(void *state, fel_ctx *ctx, const fel_order_update *update);
    fel_status (*on_fill)(void *state, fel_ctx *ctx, const fel_fill *fill);
    void (*on_stop)(void *state, fel_ctx *ctx); /* exactly once if on_start returned FEL_OK */
    /* In a run that goes on from a snapshot (fel_engine_resume), after on_start: `state` and all
     * that was allocated through the context are as they were when the run was stopped. What the
     * strategy keeps elsewhere, behind a service for one, is to be made again here. Addresses in
     * its memory may point to its memory, or be those that on_start has set; others make the
     * snapshot useless, which is an error. */
    fel_status (*on_resume)(void *state, fel_ctx *ctx);
} fel_strategy;

typedef struct fel_plugin {
    uint32_t abi; /* FEL_PLUGIN_ABI of the header it was compiled with */
    uint32_t struct_size;
    const char *name;
    const char *version;
    const fel_strategy *const *strategies;
    size_t n_strategies;
} fel_plugin;

#define FEL_PLUGIN_SYMBOL "fel_plugin_entry"

/* Once per .so. The same file built into the library (-DFEL_BUILTIN) exports the strategy alone. */
#ifdef FEL_BUILTIN
#define FEL_PLUGIN(plugin_name, plugin_version, strategy)                                          \
    extern const fel_plugin *fel_plugin_unused_entry(void)
#else
#define FEL_PLUGIN(plugin_name, plugin_version, strategy)                                          \
    FEL_API const fel_plugin *fel_plugin_entry(void);                                              \
    FEL_API const fel_plugin *fel_plugin_entry(void)                                               \
    {                                                                                              \
        static const fel_strategy *const list[] = {&(strategy)};                                   \
        static const fel_plugin plugin = {                                                         \
            FEL_PLUGIN_ABI, (uint32_t)sizeof(fel_plugin), plugin_name, plugin_version, list, 1};   \
        return &plugin;                                                                            \
    }                                                                                              \
    extern const fel_plugin *fel_plugin_unused_entry(void)
#endif

FEL_END_DECLS
#endif
