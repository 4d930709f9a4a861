/* feller/engine.h - run a strategy over feeds through a simulated venue and an exact ledger. */
#ifndef FEL_ENGINE_H
#define FEL_ENGINE_H

#include <feller/cost.h>
#include <feller/data.h>
#include <feller/result.h>
#include <feller/strategy.h>

FEL_BEGIN_DECLS

/* ---- rules -------------------------------------------------------------------------------------
 */

/* How long a message takes. */
typedef enum fel_latency_kind {
    FEL_LATENCY_NONE = 0,
    FEL_LATENCY_CONSTANT = 1,
    FEL_LATENCY_SAMPLED = 2 /* one of the samples, drawn by the seed and the order's number alone */
} fel_latency_kind;

typedef struct fel_latency {
    fel_latency_kind kind;
    uint32_t reserved;
    int64_t constant_ns;       /* >= 0 */
    const int64_t *samples_ns; /* n_samples, each >= 0; borrowed */
    size_t n_samples;
} fel_latency;

typedef struct fel_instrument_latency {
    char symbol[FEL_SYMBOL_SIZE];
    fel_latency latency;
} fel_instrument_latency;

typedef enum fel_fill_rule {
    FEL_FILL_NEXT_OPEN = 0, /* market orders fill at the open of the first bar that opens at or
                               after the instant of the decision */
    FEL_FILL_SAME_CLOSE = 1 /* at the close that the decision was made on: flagged on the report */
} fel_fill_rule;

/* The path a price is taken to have made inside a bar, for limit and stop orders. */
typedef enum fel_bar_path {
    FEL_PATH_NEAREST = 0,    /* open, the extreme nearer to it (ties: the high), the other, close */
    FEL_PATH_OHLC = 1,       /* open, high, low, close */
    FEL_PATH_OLHC = 2,       /* open, low, high, close */
    FEL_PATH_PESSIMISTIC = 3 /* for each instrument: what hurts its position first */
} fel_bar_path;

typedef enum fel_limit_rule {
    FEL_LIMIT_THROUGH = 0, /* a resting limit fills when the price goes beyond it */
    FEL_LIMIT_TOUCH = 1    /* or just reaches it */
} fel_limit_rule;

/* Inside a bar, what moves a trailing stop before it may be met there. */
typedef enum fel_trail_rule {
    FEL_TRAIL_PRIOR =
        0,             /* prices of the bars before: its own extremes count from the next bar on */
    FEL_TRAIL_PATH = 1 /* the bar's own path, too, as far as it has come */
} fel_trail_rule;

typedef enum fel_sizing {
    FEL_SIZE_AT_FILL = 0,    /* target weights are sized with the price and equity of the fill */
    FEL_SIZE_AT_DECISION = 1 /* with the last known price and equity when the order was made */
} fel_sizing;

typedef enum fel_cash_short {
    FEL_CASH_SCALE = 0,  /* buy what the cash allows, fees included, rounded down to the lot */
    FEL_CASH_REJECT = 1, /* the order is rejected: no_cash */
    FEL_CASH_ALLOW = 2   /* cash may go negative */
} fel_cash_short;

/* What happens to a resting price off the tick grid: limits and stops. */
typedef enum fel_off_grid {
    FEL_OFF_GRID_ROUND =
        0, /* adversely: buys up for stops and down for limits, sells the reverse */
    FEL_OFF_GRID_REJECT = 1
} fel_off_grid;

typedef enum fel_end_of_data {
    FEL_END_CLOSE =
        0, /* a series that ends before the run: its position is closed at its last price */
    FEL_END_HOLD = 1 /* its position stays, marked at the last price */
} fel_end_of_data;

typedef enum fel_record {
    FEL_RECORD_DAILY = 0, /* equity at the last event of each trading day */
    FEL_RECORD_EVENT = 1, /* after every instant that had an event */
    FEL_RECORD_NONE = 2   /* first and last only */
} fel_record;

/* When a purchase must be paid for. */
typedef enum fel_cash_check {
    FEL_CASH_AT_FILL = 0,
    FEL_CASH_AT_SUBMISSION = 1 /* also when it reaches the venue, at its limit or stop, or at the
                                  last price; with cash_short REJECT only */
} fel_cash_check;

/* How far slippage may go. */
typedef enum fel_slip_range {
    FEL_SLIP_FREE = 0,
    FEL_SLIP_IN_BAR = 1 /* no further than the extremes of the bar that fills the order, even where
                           it fills at the open, when these are not known yet */
} fel_slip_range;

/* What a risk stop does. */
typedef enum fel_on_drawdown {
    FEL_ON_DRAWDOWN_BLOCK = 0,  /* rejects what makes a position larger */
    FEL_ON_DRAWDOWN_FLATTEN = 1 /* cancels all orders, closes all positions, rejects new orders */
} fel_on_drawdown;

/* Where what goes away from a level of the book without a trade was: see docs/book.md. */
typedef enum fel_queue_rule {
    FEL_QUEUE_CONSERVATIVE = 0,  /* behind our order, as far as there is anything */
    FEL_QUEUE_PROBABILISTIC = 1, /* before and behind it, by their sizes to the queue_power */
    FEL_QUEUE_OPTIMISTIC = 2     /* before it */
} fel_queue_rule;

enum { FEL_MAX_COSTS = 8 };

/* Limits that reject. Values are fractions of equity at the last prices; 0: no limit. What makes a
 * position smaller is never refused by any but the last. */
typedef struct fel_risk_limits {
    double max_gross;    /* sum of |position value| after the trade */
    double max_net;      /* |sum of position values| after the trade */
    double max_position; /* |position value| of one instrument after the trade */
    double max_order;    /* value of one trade */
    int64_t interval_ns; /* of max_orders */
    uint32_t max_orders; /* that reach the venue in an interval; intervals begin at its multiples */
    fel_on_drawdown on_drawdown; /* what the next two do, from the instant on where they are met */
    double max_drawdown; /* loss from the highest equity so far, of that; for the rest of the run */
    double max_day_loss; /* from the equity at the end of the day (UTC) before; until the day's end
                          */
} fel_risk_limits;

/* ---- accounts ----------------------------------------------------------------------------------
 */

typedef enum fel_account_kind {
    FEL_ACCOUNT_CASH = 0,  /* purchases are paid in full; short sales as allow_short says */
    FEL_ACCOUNT_MARGIN = 1 /* positions need margin, a part of their value, from the equity */
} fel_account_kind;

/* Fractions of a position's value that the equity must be, of one kind of instrument. Of short
 * options: of the underlying's price, see docs/accounts.md. */
typedef struct fel_margin_rate {
    double initial; /* when a position is opened or made larger */
    double maintenance_long, maintenance_short;
} fel_margin_rate;

/* What a margin call sells or buys back. */
typedef enum fel_liquidate {
    FEL_LIQUIDATE_ALL = 0,
    FEL_LIQUIDATE_PROPORTIONAL = 1, /* the same part of every position, as much as is needed */
    FEL_LIQUIDATE_LARGEST_LOSS = 2  /* position by position, the largest loss first */
} fel_liquidate;

/* Where the last two stop: when the equity is the margin again. */
typedef enum fel_restore { FEL_RESTORE_MAINTENANCE = 0, FEL_RESTORE_INITIAL = 1 } fel_restore;

typedef enum fel_margin_check {
    FEL_MARGIN_AT_FILL = 0,
    FEL_MARGIN_AT_SUBMISSION = 1 /* also when an order reaches the venue */
} fel_margin_check;

typedef enum fel_position_mode {
    FEL_POSITIONS_NETTING = 0,
    FEL_POSITIONS_HEDGING = 1 /* a long and a short leg of an instrument side by side */
} fel_position_mode;

/* Margin of an instrument held both long and short. */
typedef enum fel_leg_margin { FEL_LEGS_GROSS = 0, FEL_LEGS_LARGER = 1 } fel_leg_margin;

typedef struct fel_account_rules {
    fel_account_kind kind;
    fel_liquidate liquidate;
    fel_restore restore;
    fel_margin_check check;
    fel_position_mode position_mode;
    fel_leg_margin leg_margin;
    uint32_t grace_days;     /* from a margin call to the liquidation, calendar days */
    uint32_t interest_basis; /* days of a year of cash_rate and debit_rate: 360 or 365 */
    uint32_t borrow_basis;   /* of the borrow fee: 360 or 365 */
    uint32_t reserved;
    fel_margin_rate margin[FEL_N_INSTRUMENT_KINDS]; /* by fel_instrument_kind */
    double liquidation_fee;            /* fraction of a liquidation's value, beside other costs */
    double borrow_rate_per_year;       /* fee on short positions of equities */
    double short_credit_rate_per_year; /* interest on the proceeds of short sales; NaN: they are
                                          cash like any other */
} fel_account_rules;

/* A table of functions for strategies. */
typedef struct fel_service {
    const char *name;
    uint32_t version;
    uint32_t reserved;
    const void *table;
} fel_service;

/* Start from fel_engine_config_default(). */
typedef struct fel_engine_config {
    uint32_t struct_size;
    fel_fill_rule fill;
    fel_bar_path path;
    fel_limit_rule limit;
    fel_trail_rule trail;
    fel_sizing sizing;
    fel_cash_short cash_short;
    fel_off_grid off_grid;
    fel_end_of_data end_of_data;
    fel_record record;
    uint8_t allow_short;   /* 1 (default) */
    uint8_t record_orders; /* 1 (default): keep order and fill records; 0: totals only */
    uint8_t self_check;    /* verify the ledger's identity after every event; slow */
    uint8_t close_at_end;  /* close what is held when all data has ended, at last prices, costs
                              charged:  for windows of a walk-forward; reason END_OF_DATA */
    uint8_t reserved[4];
    double cash; /* at the start */
    char currency[FEL_CURRENCY_SIZE];
    double cash_rate_per_year;  /* simple, act/365, credited daily on positive cash */
    double debit_rate_per_year; /* charged daily on negative cash */
    fel_risk_limits risk;
    double volume_limit; /* largest share of a bar's volume that orders get; 0: no limit */
    double fee_minimum;  /* money an order with a fill, at least; 0: none */
    fel_cost fees[FEL_MAX_COSTS];
    fel_cost slippage[FEL_MAX_COSTS];
    int64_t start_ns; /* before this instant no order is made and nothing is scored (warm-up);
                         FEL_TIME_MIN: from the first row */
    const volatile int
        *stop_flag; /* set by a signal handler: the run ends, its results whole; or NULL */
    int64_t
        day_offset_ns; /* of bars of days that end at another midnight than that of UTC: its wall
                          clock minus UTC, so that their points get the right date; else 0 */
    /* What strategies may ask for by name and version (fel_host.service): tables that outlive the
     * engine. */
    const fel_service *services;
    size_t n_services;
    /* Called about every 2^16 rows and at the end with rows done; or NULL. */
    void (*progress)(void *payload, uint64_t rows_done);
    void *progress_payload;
    /* Stop as the stop flag does: after the first instant by whose end at least so many rows were
     * taken (0: do not), or before the first instant later than that (FEL_TIME_MAX: do not). */
    uint64_t stop_after_rows;
    int64_t stop_at_ns;
    /* Where a run that is stopped puts all it knows, for fel_engine_resume(); or NULL. */
    const char *snapshot_path;
    fel_account_rules account;
    fel_cash_check cash_check;
    fel_slip_range slip_range;
    /* The kill switch from outside, looked at at each instant: 1 halts, 2 closes all positions too,
     * as fel_host.halt does; or NULL. */
    const volatile int *halt_flag;
    /* From the strategy to the venue: orders, cancels, replaces. Answers come back at once.
     * Borrowed; instruments named here have their own. Not with fill same_close. */
    fel_latency latency;
    const fel_instrument_latency *instrument_latencies;
    size_t n_instrument_latencies;
    uint64_t latency_seed;       /* of those that are sampled */
    uint8_t record_order_events; /* keep every change of every order: fel_result.order_events */
    uint8_t reserved_too[3];
    fel_queue_rule queue;
    double queue_power;
} fel_engine_config;

FEL_API fel_engine_config fel_engine_config_default(void);

/* ---- run
 * ----------------------------------------------------------------------------------------- */

/* One input: what it is, and where its rows come from. Bars, quotes and actions of one instrument
 * share its symbol; a signal series names the instrument it is about by its symbol. */
typedef struct fel_source {
    const fel_series_info *info;
    fel_feed feed; /* stays the caller's; rewound by each run */
} fel_source;

typedef struct fel_engine fel_engine;

/* Instruments are numbered by the first appearance of their symbols in sources. params NULL: the
 * strategy's defaults; copied. Sources' infos and the strategy must outlive the engine. ERR_ARG for
 * contradictory settings or sources; ERR_RANGE for parameters out of their ranges. One engine a
 * thread. */
FEL_API FEL_NODISCARD fel_status fel_engine_create(fel_engine **out,
                                                   const fel_engine_config *config,
                                                   const fel_source *sources, size_t n_sources,
                                                   const fel_strategy *strategy,
                                                   const double *params);
FEL_API void fel_engine_destroy(fel_engine *engine); /* NULL is allowed */

/* Change parameters between runs. */
FEL_API FEL_NODISCARD fel_status fel_engine_set_params(fel_engine *engine, const double *params);

/* Run from the first row to the last. *out is borrowed. When the stop flag ended it the status is
 * FEL_OK and the result says so. A failing strategy gives its status; *out is untouched. */
FEL_API FEL_NODISCARD fel_status fel_engine_run(fel_engine *engine, const fel_result **out);

/* Go on from a snapshot of a run that was stopped: the same settings, strategy, parameters and data
 * (rows may have been added after those taken, if no series had ended) give the same bits as a run
 * that was never stopped. ERR_ARG if the snapshot is another run's, ERR_FORMAT if it is damaged or
 * the rows taken are others by now, ERR_USER if the strategy's memory cannot be moved (see
 * fel_strategy). */
FEL_API FEL_NODISCARD fel_status fel_engine_resume(fel_engine *engine, const char *snapshot,
                                                   const fel_result **out);

/* Words of the enums, static storage; "?" for a number that is none. */
FEL_API const char *fel_reason_name(fel_reason reason);
FEL_API const char *fel_order_state_name(fel_order_state state);
FEL_API const char *fel_order_type_name(fel_order_type type);

/* ---- strategies by name and from files
 * --------------------------------------------------------------- */

/* A plug-in that was loaded; stays loaded until closed, after all engines that use it. */
typedef struct fel_library fel_library;

/* ERR_IO if the file cannot be loaded, ERR_ABI with both numbers if it was built for another ABI,
 * ERR_FORMAT if it has no entry or broken tables. */
FEL_API FEL_NODISCARD fel_status fel_library_open(fel_library **out, const char *path);
FEL_API void fel_library_close(fel_library *library); /* NULL is allowed */
FEL_API const fel_plugin *fel_library_plugin(const fel_library *library);

FEL_END_DECLS
#endif
