/* engine/state_internal.h - what a run knows: instruments, money, records, the engine itself. */
#ifndef FEL_ENGINE_STATE_INTERNAL_H
#define FEL_ENGINE_STATE_INTERNAL_H

#ifndef FEL_MODULE_ENGINE
#error "engine/state_internal.h is for files of engine/ only"
#endif

#include <feller/engine.h>

#include "core/core.h"
#include "engine/margin_internal.h"
#include "engine/merge_internal.h"
#include "engine/order_internal.h"

typedef struct order_book order_book;

/* ---- instruments ------------------------------------------------------------------------------
 */

/* Ordered by use: the first cache line is what every bar touches. */
struct instrument_state {
    _Alignas(64) uint32_t live_first;
    uint32_t live_last;
    double half_spread; /* of the last quote; 0 on bars */
    uint64_t n_bars;
    int64_t quoted_ns;   /* of the last quote */
    double known_volume; /* of the last bar before its cursor's block; NaN */
    int64_t split_ns;    /* of the last split; volumes up to then count split_ratio times */
    double split_ratio;
    uint32_t n_open_orders; /* pending and live */
    uint32_t n_price_feeds; /* bar and quote feeds not yet at their end */
    money_unit unit;
    fel_money cost, realised, fees, dividends;
    double turnover;
    const cursor *bars; /* its series of bars; NULL: none */
    order_book *book;   /* NULL: none */
    uint8_t has_ended;
    uint8_t books_splits, books_dividends;
    uint8_t is_variation; /* settled by variation margin */
    uint8_t is_quoted;    /* by bars or quotes: its trades fill nothing */
    double taken;         /* units that orders had of the volume of bar `taken_bar` - 1 */
    uint64_t taken_bar;   /* 0: none yet */
    fel_money basis;      /* with is_variation: what of the ledger's cash is shown as not paid */
    fel_money borrow;     /* fees paid for borrowed shares */
    fel_money funding;    /* received */
};

/* Last bars for history(): each field a mirrored ring, so that any window is contiguous. */
typedef struct history {
    double *values; /* instrument x field x (2 x capacity) */
    size_t *counts; /* bars seen, by instrument */
    size_t capacity;
} history;

/* ---- money ------------------------------------------------------------------------------------
 */

typedef struct ledger {
    fel_money cash;
    fel_money paper_cash; /* the same quantities at arrival prices, nothing charged */
    fel_money delay, lines[FEL_COST_N_LINES]; /* fees are kept by instrument */
    fel_money dividends, interest;
    double turnover, turnover_since, costs_since;
    uint32_t n_short;       /* instruments held short */
    uint8_t sees_negative;  /* a price has been zero or less */
    uint8_t is_watched;     /* equity could go to zero */
    double equity_previous; /* at the last slice, if a fee model asks for it */
    double worst_identity_error;
} ledger;

/* ---- records ----------------------------------------------------------------------------------
 */

typedef struct order_list {
    fel_order_record *items;
    size_t n, capacity;
} order_list;
typedef struct fill_list {
    fel_fill_record *items;
    size_t n, capacity;
} fill_list;
typedef struct equity_list {
    fel_equity_point *items;
    size_t n, capacity;
} equity_list;

/* A copy of memory. */
typedef struct byte_image {
    unsigned char *items;
    size_t n;
} byte_image;
typedef struct event_list {
    fel_order_event *items;
    size_t n, capacity;
} event_list;

/* ---- stops ------------------------------------------------------------------------------------
 */

/* What ends trading: a drawdown, a day's loss, the kill switch. */
typedef struct risk_stop {
    double peak;        /* highest equity so far */
    double day_start;   /* equity at the end of the day before */
    double last;        /* equity at the last look */
    int64_t day_ns;     /* end of the day under way */
    fel_reason blocked; /* what makes a position larger is rejected with this; NONE */
    fel_reason halted;  /* every order is; NONE */
    uint8_t is_watched; /* there is something to look at at each instant */
} risk_stop;

/* ---- the clock ---------------------------------------------------------------------------------
 */

/* Something due at an instant. */
typedef struct clock_item {
    int64_t time_ns;
    uint64_t number; /* order of making */
    uint64_t id;     /* a timer's tag; the order that a message is about */
    uint64_t cancel; /* messages: the reason to cancel it with; NONE: the order arrives */
} clock_item;
/* A heap: the first item is due first. */
typedef struct clock_list {
    clock_item *items;
    size_t n, capacity;
} clock_list;

/* Instants that the run makes itself. */
typedef struct engine_clock {
    clock_list timers, messages;
    uint64_t n_set;       /* timers and messages so far */
    uint64_t n_struck;    /* of them, dealt with */
    int64_t first_row_ns; /* nothing is due before */
    int64_t next_ns;      /* first of expiries, timers and messages; FEL_TIME_MAX: none */
} engine_clock;

/* ---- the engine -------------------------------------------------------------------------------
 */

struct fel_engine {
    fel_ctx ctx; /* first: what strategies see */
    fel_engine_config config;
    const fel_strategy *strategy;
    fel_status (*on_bar)(void *state, fel_ctx *ctx, const fel_bar *bar); /* the strategy's */
    fel_status (*on_slice)(void *state, fel_ctx *ctx, const fel_slice *slice);
    const fel_source *sources;
    size_t n_sources;
    arena fixed;             /* lives as long as the engine */
    arena run;               /* reset before each run: strategy's state and allocations */
    byte_image start_memory; /* of `run` after on_start, where a snapshot may be wanted */
    void *state;
    double *params;

    fel_instrument *instruments;
    double *position, *last_price, *signal;
    double *multiplier;             /* of the instruments */
    double *high_since, *low_since; /* prices since the instrument's last fill; of use while held */
    instrument_state *inst;
    char (*signal_names)[FEL_COLUMN_NAME_SIZE];
    size_t n_instruments, n_signals;
    history history;
    merge merge;
    ledger ledger;

    order_pool pool;
    slot_list slot_of;  /* by order id - 1 */
    slot_list pending;  /* submitted, not yet at the venue */
    id_list scan;       /* orders being looked at; by id, because callbacks may end any of them */
    id_list work;       /* orders to be executed at one instant */
    id_list linked;     /* orders with a parent or a group, and some that have ended */
    uint32_t n_linking; /* walks of that list under way */
    live_set live;
    int64_t rate_from_ns; /* of the interval whose orders n_rate are */
    uint32_t n_rate;
    uint8_t has_risk_limits;
    const fel_bar *bar_now; /* orders meet the path of this one; NULL: of none */
    slot_list opening;      /* instruments that open now and have live orders */
    slot_list ended;   /* instruments whose feeds have ended, to be closed at the next instant */
    slot_list options; /* options by expiry */
    size_t next_option;

    fel_bar *slice;          /* room for one bar of each feed */
    const fel_bar *slice_at; /* this instant's bars: there, or a row of the panel */
    size_t n_slice;

    order_list orders;
    fill_list fills;
    equity_list equity;
    fel_position_record *positions;
    hasher *hash;
    uint64_t hash_buffer[512]; /* waiting to be hashed; hash_used bytes of it */
    size_t hash_used;

    int64_t start_ns;   /* of scoring */
    int64_t day_end_ns; /* end of the day that is being recorded */
    int64_t first_ns, last_ns;
    int64_t next_expiry_ns;
    int64_t attention_ns;               /* first instant that needs more than bars and orders */
    uint64_t n_bars, n_others, n_fills; /* bars, other rows, fills so far */
    uint64_t next_order_id;
    uint32_t n_price_feeds; /* not yet at their end */
    uint32_t flags;
    uint8_t is_starting, is_stopping, is_ruined, uses_weights;
    uint8_t is_opening;    /* orders made now answer an open: its bar's close is not theirs */
    uint8_t is_closing;    /* fills now are on the bars that have just closed */
    account_state account; /* variation margin, margin calls, borrow fees, legs */
    fel_result result;
    risk_stop stop;
    event_list order_events;
    const fel_quote *quote_now; /* orders meet this one; NULL: none */
    double quote_taken[2];      /* units that orders had of its bid's and of its ask's size */
    order_book *books;          /* by instrument; of use where there is depth */
    double fill_room;           /* units that the next fill may have */
    double last_filled;         /* units that it had */
    uint8_t is_walking;         /* an order takes level after level */
    engine_clock clock;
    const fel_latency **latency; /* by instrument; NULL: none */
};

#endif
