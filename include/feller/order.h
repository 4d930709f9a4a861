/* feller/order.h - orders: what can be asked for, how they live and why they end. */
#ifndef FEL_ORDER_H
#define FEL_ORDER_H

#include <feller/market.h>

FEL_BEGIN_DECLS

/* ---- orders ---------------------------------------------------------------------------------- */

typedef enum fel_side { FEL_BUY = 1, FEL_SELL = -1 } fel_side;

typedef enum fel_order_type {
    FEL_ORDER_MARKET = 0,
    FEL_ORDER_LIMIT = 1,
    FEL_ORDER_STOP = 2,       /* a market order once the stop price trades */
    FEL_ORDER_STOP_LIMIT = 3, /* a limit order once the stop price trades */
    FEL_ORDER_TRAILING_STOP =
        4, /* a stop that follows the best price since it went live at a distance, never back */
    FEL_ORDER_MARKET_ON_OPEN = 5,  /* at the next open, whatever the run's fill rule */
    FEL_ORDER_LIMIT_ON_OPEN = 6,   /* at the next open if that meets the limit, or not at all */
    FEL_ORDER_MARKET_ON_CLOSE = 7, /* at the close of the next bar that opens */
    FEL_ORDER_LIMIT_ON_CLOSE = 8,  /* at that close if it meets the limit, or not at all */
    FEL_ORDER_EXERCISE = 9 /* of so many American options held, on reaching the venue; its side does
                              not matter */
} fel_order_type;

/* What the distance of a trailing stop is measured in. */
typedef enum fel_trail_unit {
    FEL_TRAIL_AMOUNT = 0, /* of price */
    FEL_TRAIL_PERCENT = 1 /* of the best price, in (0, 100) */
} fel_trail_unit;

typedef enum fel_tif {
    FEL_TIF_GTC = 0, /* until filled or cancelled */
    FEL_TIF_DAY = 1, /* until the end of the trading day (UTC) of its first bar */
    FEL_TIF_GTD = 2, /* until expire_time_ns: not filled at or after it */
    /* Market and limit orders only: the first open (or quote) after it went live fills it, ... */
    FEL_TIF_IOC = 3, /* ... as far as it can; the rest is cancelled */
    FEL_TIF_FOK = 4  /* ... whole, or it is cancelled */
} fel_tif;

typedef struct fel_order {
    uint32_t struct_size; /* filled in by fel_order_default() */
    uint32_t instrument;
    fel_side side;
    fel_order_type type;
    fel_tif tif;
    fel_trail_unit trail_unit;
    double quantity;        /* > 0, in units of the instrument */
    double limit_price;     /* of the types with a limit */
    double stop_price;      /* STOP and STOP_LIMIT */
    int64_t expire_time_ns; /* GTD only */
    uint64_t tag;           /* the strategy's own; carried through to every update and record */
    double trail;           /* TRAILING_STOP: its distance, > 0 */
    uint64_t parent_id;     /* held back until something of that order fills, then with as large a
                               part at the venue; 0: none */
    uint64_t group;         /* one that fills cancels the others of its number; 0: none. An order's
                               id is a number that is not used twice */
    int32_t position_side;  /* position mode hedging: the leg that it is for, 1 long, -1 short; 0:
                               it closes the other leg first, then opens */
    uint32_t flags;         /* FEL_ORDER_POST_ONLY */
} fel_order;

/* Flag: a limit order that is to wait: rejected where it would trade on reaching the venue. */
enum { FEL_ORDER_POST_ONLY = 1 };

/* A market order, GTC, of that many units. Set what differs. */
static inline fel_order fel_order_default(uint32_t instrument, fel_side side, double quantity)
{
    const fel_order order = {(uint32_t)sizeof(fel_order),
                             instrument,
                             side,
                             FEL_ORDER_MARKET,
                             FEL_TIF_GTC,
                             FEL_TRAIL_AMOUNT,
                             quantity,
                             0.0,
                             0.0,
                             0,
                             0,
                             0.0,
                             0,
                             0,
                             0,
                             0};
    return order;
}

/* What a target order aims at; its quantity is worked out by the run's sizing rule. */
typedef enum fel_target_kind {
    FEL_TARGET_POSITION = 0, /* amount = units held afterwards, negative for short */
    FEL_TARGET_WEIGHT =
        1,               /* amount = fraction of equity held afterwards; 1 = all of it, fees paid */
    FEL_TARGET_SPEND = 2 /* amount = fraction of what is free, equity less the size of all
                            positions, that is traded on top of what is held, price paid and costs
                            in it; negative: sold */
} fel_target_kind;

/* Pinned: written to orders.csv and into the order-list hash. */
typedef enum fel_order_state {
    FEL_ORDER_PENDING = 0, /* submitted, not yet at the venue */
    FEL_ORDER_LIVE = 1,    /* resting or waiting for the next price */
    FEL_ORDER_FILLED = 2,
    FEL_ORDER_CANCELLED = 3,
    FEL_ORDER_EXPIRED = 4,
    FEL_ORDER_REJECTED = 5
} fel_order_state;

/* Why an order ended; every order has one. One list: enum and words are made from it. */
#define FEL_REASON_LIST(X)                                                                         \
    X(NONE, 0, "none")                                                                             \
    X(FILLED, 1, "filled")                                                                         \
    X(BY_STRATEGY, 2, "cancelled_by_strategy")                                                     \
    X(REPLACED, 3, "replaced")                                                                     \
    X(DAY_END, 4, "day_end")                                                                       \
    X(GTD_TIME, 5, "gtd_time")                                                                     \
    X(END_OF_DATA, 6, "end_of_data")                                                               \
    X(END_OF_RUN, 7, "end_of_run")                                                                 \
    X(NO_CASH, 8, "no_cash")                                                                       \
    X(NO_SHORT, 9, "no_short")                                                                     \
    X(BELOW_LOT, 10, "below_lot")                                                                  \
    X(NO_CHANGE, 11, "no_change")                                                                  \
    X(OFF_GRID, 12, "off_grid")                                                                    \
    X(NO_PRICE, 13, "no_price")                                                                    \
    X(BAD_ORDER, 14, "bad_order")                                                                  \
    X(NOT_TRADABLE, 15, "not_tradable")                                                            \
    X(LIQUIDATION, 16, "liquidation")                                                              \
    X(OPTION_EXPIRY, 17, "option_expiry")                                                          \
    X(STOPPED, 18, "run_stopped")                                                                  \
    X(NOT_IMMEDIATE, 19, "not_immediate")                                                          \
    X(NOT_WHOLE, 20, "not_whole")                                                                  \
    X(LIMIT_NOT_MET, 21, "limit_not_met")                                                          \
    X(OTHER_FILLED, 22, "other_filled")                                                            \
    X(PARENT_ENDED, 23, "parent_ended")                                                            \
    X(RISK_GROSS, 24, "risk_gross")                                                                \
    X(RISK_NET, 25, "risk_net")                                                                    \
    X(RISK_POSITION, 26, "risk_position")                                                          \
    X(RISK_ORDER, 27, "risk_order")                                                                \
    X(RISK_RATE, 28, "risk_rate")                                                                  \
    X(RISK_DRAWDOWN, 29, "risk_drawdown")                                                          \
    X(KILLED, 30, "killed")                                                                        \
    X(NO_MARGIN, 32, "no_margin")                                                                  \
    X(MARGIN_CALL, 33, "margin_call")                                                              \
    X(NO_BORROW, 34, "no_borrow")                                                                  \
    X(FUTURE_EXPIRY, 36, "future_expiry")                                                          \
    X(EXERCISE, 37, "exercise")                                                                    \
    X(ASSIGNMENT, 38, "assignment")                                                                \
    X(NOT_EXERCISABLE, 39, "not_exercisable")                                                      \
    X(POST_ONLY, 41, "post_only")                                                                  \
    X(RISK_DAY_LOSS, 42, "risk_day_loss")

typedef enum fel_reason {
#define FEL_REASON_ENUM(name, number, text) FEL_REASON_##name = (number),
    FEL_REASON_LIST(FEL_REASON_ENUM)
#undef FEL_REASON_ENUM
} fel_reason;

/* Every change of an order, as on_order gets it: live, a part filled (live, filled > 0), its end.
 * That it is pending is what submit() says by returning its id. */
typedef struct fel_order_update {
    uint64_t order_id;
    uint64_t tag;
    int64_t time_ns;
    uint32_t instrument;
    fel_order_state state;
    fel_reason reason; /* NONE while the order lives */
    uint32_t reserved;
    double quantity; /* asked for; for targets: as sized, 0 before that */
    double filled;   /* so far */
} fel_order_update;

typedef struct fel_fill {
    uint64_t order_id;
    uint64_t tag;
    int64_t time_ns;
    uint32_t instrument;
    fel_side side;
    double quantity;       /* > 0 */
    double price;          /* slippage included */
    double fee;            /* in the instrument's currency; negative: a rebate */
    fel_reason reason;     /* as of fel_fill_record */
    int32_t position_side; /* hedging: of the order; else 0 */
} fel_fill;

FEL_END_DECLS
#endif
