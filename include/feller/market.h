/* feller/market.h - instruments and market events: the words that data, engine and strategies
 * share.
 *
 * Time is int64_t nanoseconds UTC since 1970-01-01. A bar is dated by the instant at which it
 * becomes known (its close). Prices are doubles in the instrument's currency; an instrument on a
 * tick grid says so by ticks_per_unit, and every grid price is then the double nearest to (whole
 * number) / ticks_per_unit, so that the whole number can be had back exactly: see fel_ticks(). */
#ifndef FEL_MARKET_H
#define FEL_MARKET_H

#include <math.h>

#include <feller/base.h>

FEL_BEGIN_DECLS

#define FEL_NS_PER_SECOND INT64_C(1000000000)
#define FEL_NS_PER_MINUTE (60 * FEL_NS_PER_SECOND)
#define FEL_NS_PER_HOUR   (60 * FEL_NS_PER_MINUTE)
#define FEL_NS_PER_DAY    (24 * FEL_NS_PER_HOUR)
#define FEL_TIME_MIN      INT64_MIN
#define FEL_TIME_MAX      INT64_MAX /* "never", "open end" */

enum { FEL_SYMBOL_SIZE = 64, FEL_CURRENCY_SIZE = 8 };

typedef enum fel_instrument_kind {
    FEL_EQUITY = 0,
    FEL_INDEX = 1,
    FEL_FX = 2,
    FEL_CRYPTO_SPOT = 3,
    FEL_FUTURE = 4,
    FEL_PERPETUAL = 5,
    FEL_OPTION = 6
} fel_instrument_kind;

enum { FEL_N_INSTRUMENT_KINDS = 7 };

/* What a trade of it moves. */
typedef enum fel_settlement {
    FEL_SETTLE_BY_KIND = 0,  /* futures and perpetuals VARIATION, all others PREMIUM */
    FEL_SETTLE_PREMIUM = 1,  /* the price is paid in cash: cash + position values = equity */
    FEL_SETTLE_VARIATION = 2 /* nothing but the profit and loss: when it is realised and, of
                                futures, at each trading day's end */
} fel_settlement;

/* When its holder may exercise an option. At the expiry one that is in the money always is. */
typedef enum fel_exercise { FEL_EUROPEAN = 0, FEL_AMERICAN = 1 } fel_exercise;

/* What an exercised option gives. */
typedef enum fel_delivery {
    FEL_DELIVER_CASH = 0,    /* its intrinsic value */
    FEL_DELIVER_PHYSICAL = 1 /* the underlying against the strike */
} fel_delivery;

typedef enum fel_option_right { FEL_CALL = 1, FEL_PUT = -1 } fel_option_right;

/* What a name on a price is. Immutable during a run; `index` is its place in the run's list. */
typedef struct fel_instrument {
    char symbol[FEL_SYMBOL_SIZE];     /* terminated; unique in a run */
    char currency[FEL_CURRENCY_SIZE]; /* ISO code or ticker: "USD", "BTC" */
    fel_instrument_kind kind;
    uint32_t index;
    double ticks_per_unit; /* 100 for a tick of 0.01; 0: prices lie on no grid */
    double lot;            /* quantities are whole multiples of this; 0: any quantity */
    double multiplier;     /* money per point of price and unit of quantity; 1 for shares */
    /* options only */
    fel_option_right right;
    double strike;
    int64_t expiry_ns;   /* of futures too, 0: none; their last price settles them */
    uint32_t underlying; /* index of the instrument whose price settles it */
    uint32_t reserved;
    fel_settlement settlement;
    int32_t no_borrow; /* 1: nobody lends it, it cannot be sold short */
    /* In margin accounts: fractions of the position's value; 0: the account's rule for its kind. */
    double margin_initial, margin_maintenance;
    /* Or money a unit of quantity, as exchanges say it of futures contracts: instead, where > 0. */
    double margin_initial_amount, margin_maintenance_amount;
    double borrow_rate_per_year; /* fee on a short position, a fraction a year; 0: the account's */
    fel_exercise exercise;       /* options */
    fel_delivery delivery;       /* options */
} fel_instrument;

static inline int fel_is_variation(const fel_instrument *instrument)
{
    return instrument->settlement == FEL_SETTLE_VARIATION ||
           (instrument->settlement == FEL_SETTLE_BY_KIND &&
            (instrument->kind == FEL_FUTURE || instrument->kind == FEL_PERPETUAL));
}

static inline int fel_expires(const fel_instrument *instrument)
{
    return instrument->kind == FEL_OPTION ||
           (instrument->kind == FEL_FUTURE && instrument->expiry_ns > 0);
}

/* The price as a whole number of ticks; only for instruments with ticks_per_unit > 0 and prices of
 * less than 2^51 ticks. Adding 1.5 x 2^52 leaves no room for a fraction: it rounds as rint() does,
 * without a call on machines older than SSE4.1. */
static inline double fel_ticks(const fel_instrument *instrument, double price)
{
    const double shift = 6755399441055744.0;
    return (price * instrument->ticks_per_unit + shift) - shift;
}

/* Is this price one of the grid's? False where there is no grid. */
static inline int fel_is_on_grid(const fel_instrument *instrument, double price)
{
    return instrument->ticks_per_unit > 0.0 &&
           fel_ticks(instrument, price) / instrument->ticks_per_unit == price;
}

/* Open-high-low-close of the span (open_time_ns, close_time_ns]. */
typedef struct fel_bar {
    int64_t close_time_ns; /* known from this instant on */
    int64_t open_time_ns;  /* when `open` could be traded */
    uint32_t instrument;
    uint32_t reserved;
    double open, high, low, close;
    double volume; /* NaN where the source has none */
} fel_bar;

/* What of a bar an indicator or a feature reads; flags. */
enum {
    FEL_INPUT_OPEN = 1,
    FEL_INPUT_HIGH = 2,
    FEL_INPUT_LOW = 4,
    FEL_INPUT_CLOSE = 8,
    FEL_INPUT_VOLUME = 16,
    FEL_INPUT_TIME = 32,  /* features: the wall clock; indicators: open_time_ns */
    FEL_INPUT_SIGNAL = 64 /* a column of a signal series; there may be none at first */
};

typedef struct fel_quote {
    int64_t time_ns;
    uint32_t instrument;
    uint32_t reserved;
    double bid, ask;
    double bid_size, ask_size; /* NaN where the source has none */
} fel_quote;

typedef struct fel_trade_tick {
    int64_t time_ns;
    uint32_t instrument;
    int32_t taker_side; /* +1 buyer, -1 seller, 0 unknown */
    double price, quantity;
} fel_trade_tick;

/* Flag of a row of depth: it begins a snapshot, the book is emptied before it. */
enum { FEL_DEPTH_SNAPSHOT = 1 };

/* What a book shows at a price. */
typedef struct fel_level {
    double price, quantity;
} fel_level;

/* One level of an order book after a change; quantity 0 removes it. */
typedef struct fel_depth {
    int64_t time_ns;
    uint32_t instrument;
    int32_t side; /* +1 bid, -1 ask */
    double price, quantity;
    uint32_t flags; /* FEL_DEPTH_ */
    uint32_t reserved;
} fel_depth;

/* A number that somebody else computed (a forecast, a position) and that is known from time_ns on.
 */
typedef struct fel_signal {
    int64_t time_ns;
    uint32_t instrument;
    uint32_t column; /* place in the run's list of signal columns */
    double value;    /* NaN: no opinion */
} fel_signal;

typedef enum fel_action_kind { FEL_SPLIT = 1, FEL_DIVIDEND = 2 } fel_action_kind;

/* A corporate action, dated at the first instant of its ex-date's session. */
typedef struct fel_action {
    int64_t time_ns;
    uint32_t instrument;
    fel_action_kind kind;
    double value; /* split: new shares per old one (2.0 = two for one); dividend: cash a share */
} fel_action;

FEL_END_DECLS
#endif
