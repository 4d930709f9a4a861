/* feller/result.h - what a run of the engine leaves behind: orders, fills, equity, positions. */
#ifndef FEL_RESULT_H
#define FEL_RESULT_H

#include <feller/cost.h>
#include <feller/market.h>
#include <feller/order.h>

FEL_BEGIN_DECLS

/* One order from submission to its end, in order of id (1, 2, ...). */
typedef struct fel_order_record {
    uint64_t id;
    uint64_t tag;
    uint32_t instrument;
    fel_side side;
    fel_order_type type;
    fel_tif tif;
    int32_t target_kind; /* -1: a plain quantity; else fel_target_kind */
    fel_order_state state;
    fel_reason reason;
    int32_t position_side; /* hedging: as asked for */
    fel_trail_unit trail_unit;
    uint32_t reserved;
    double target_amount;
    double quantity, filled;
    double limit_price, stop_price; /* NaN where the type has none */
    double arrival_price;           /* last known price when it was made; NaN if none */
    double average_price;           /* of its fills; NaN if none */
    int64_t expire_time_ns;
    int64_t submit_time_ns, end_time_ns;
    double trail; /* of a trailing stop; else NaN */
    uint64_t parent_id, group;
} fel_order_record;

/* One change of an order, in the order in which they came: pending, live (again with each part that
 * fills), its end. */
typedef struct fel_order_event {
    uint64_t order_id;
    int64_t time_ns;
    uint32_t instrument;
    fel_order_state state;
    fel_reason reason; /* NONE while the order lives */
    uint32_t reserved;
    double quantity; /* asked for, at that moment; for targets: as sized, 0 before that */
    double filled;   /* so far */
} fel_order_event;

/* One fill, or a stock split (order_id 0, quantity 0, reference_price = new shares per old one,
 * position_after rescaled, reason NONE), so that lots can be followed through it.
 * high_since/low_since: extremes of the instrument's prices from its previous fill (or the first
 * event) up to and including this one, for excursions of trades. */
typedef struct fel_fill_record {
    uint64_t order_id;
    int64_t time_ns;
    uint32_t instrument;
    fel_side side;
    double quantity;
    double price;           /* paid */
    double reference_price; /* before slippage */
    double arrival_price;
    fel_money fee;
    fel_money cash_flow; /* of the trade itself, fee not included: -side x quantity x price x
                            multiplier */
    double high_since, low_since;
    double position_after;
    double cash_after;
    uint64_t bar_index; /* of the instrument's bar on which it filled, from 0 */
    /* FILLED, END_OF_DATA, LIQUIDATION, OPTION_EXPIRY, FUTURE_EXPIRY, EXERCISE (of the holder),
     * ASSIGNMENT (of the writer), MARGIN_CALL; of a position that a stop has
     * closed RISK_DRAWDOWN, RISK_DAY_LOSS or KILLED. */
    fel_reason reason;
    int32_t position_side; /* hedging: of the order; else 0 */
} fel_fill_record;

typedef struct fel_equity_point {
    int64_t time_ns;
    double equity, cash; /* cash: of instruments settled by variation margin only P&L is in it */
    double gross_exposure, net_exposure; /* sum |position value|, sum position value */
    double turnover;                     /* sum |trade value| since the previous point */
    double costs;                        /* all waterfall costs since the previous point */
    double margin;                       /* maintenance margin; 0 in a cash account */
} fel_equity_point;

/* Where the money went, over the whole run. net = gross - delay - spread - slippage - impact - fees
 * + dividends + interest + funding - borrow, and net = final equity - initial cash. gross is the
 * P&L of the same quantities traded at their arrival prices. */
typedef struct fel_waterfall {
    fel_money gross;
    fel_money delay; /* from the arrival price to the price before slippage */
    fel_money lines[FEL_COST_N_LINES];
    fel_money dividends, interest;
    fel_money net;
    fel_money borrow;  /* fees for borrowed shares, paid */
    fel_money funding; /* of perpetuals, received */
} fel_waterfall;

/* A margin call: the equity was below the maintenance margin. */
typedef struct fel_margin_call {
    int64_t time_ns;
    int64_t due_ns; /* when positions are liquidated unless it has been met by then */
    int64_t end_ns; /* met, or made good by liquidation; FEL_TIME_MAX: it stood at the end */
    double equity, maintenance; /* when it was made */
    uint32_t n_liquidations;    /* orders that it made; 0: met without */
    uint32_t reserved;
} fel_margin_call;

/* What is left of an instrument at the end. */
typedef struct fel_position_record {
    uint32_t instrument;
    uint32_t reserved;
    double quantity, last_price;
    fel_money cost;       /* money paid for what is held, fees not included (average cost) */
    fel_money realised;   /* P&L of what was closed, fees not included */
    fel_money unrealised; /* at the last price */
    fel_money fees, dividends;
    double high_since, low_since; /* since its last fill; 0 where nothing is held */
    uint64_t n_bars;
    double turnover;
    fel_money borrow;  /* fees for borrowed shares, paid */
    fel_money funding; /* received */
} fel_position_record;

/* A leg at the end: position mode hedging. */
typedef struct fel_leg_record {
    uint32_t instrument;
    int32_t position_side; /* 1, -1 */
    double quantity;       /* >= 0 */
    fel_money cost;        /* as of fel_position_record: negative for the short leg */
    fel_money realised, unrealised;
} fel_leg_record;

/* Bits of fel_result.flags: what a reader must be told. */
enum {
    FEL_FLAG_SAME_CLOSE = 1, /* fills on the bar of the decision were asked for */
    FEL_FLAG_STOPPED = 2,    /* interrupted: what follows the last point is missing */
    FEL_FLAG_RUINED = 4,     /* equity went to zero or below: liquidated and ended */
    FEL_FLAG_PRICE_RETURN =
        8, /* no dividends known for an equity series that is not total return */
    FEL_FLAG_SELF_CHECKED = 16, /* the ledger's identity was verified after every event */
    FEL_FLAG_HALTED = 32        /* a risk stop or the kill switch has cut trading off */
};

/* Read-only; owned by the engine; good until its next run or its end. */
typedef struct fel_result {
    const fel_instrument *instruments;
    size_t n_instruments;
    const fel_order_record *orders;
    size_t n_orders;
    const fel_fill_record *fills;
    size_t n_fills;
    const fel_equity_point *equity; /* first: initial cash at the start; times increase */
    size_t n_equity;
    const fel_position_record *positions; /* one for each instrument */
    fel_waterfall waterfall;
    fel_money final_equity, final_cash;
    double initial_cash;
    double turnover;             /* sum of |trade value| */
    double worst_identity_error; /* self-check: largest |equity - (cash + positions)| in money */
    uint64_t n_events, n_bars;
    int64_t first_ns, last_ns;
    int64_t day_offset_ns; /* of the configuration; a point's date is the UTC day of the nanosecond
                              before its time plus this */
    uint64_t n_fills_total, n_orders_total; /* also when records are off */
    uint32_t flags;
    uint32_t reserved;
    char order_hash[33]; /* XXH3 128 over every order and fill, as hex; also when records are off */
    const fel_margin_call *margin_calls;
    size_t n_margin_calls;
    const fel_leg_record *legs;          /* hedging: long and short of each instrument; else NULL */
    const fel_order_event *order_events; /* record_order_events; else none */
    size_t n_order_events;
} fel_result;

FEL_END_DECLS
#endif
