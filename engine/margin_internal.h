/* engine/margin_internal.h - what kind of account it is: variation margin, margin, borrow fees,
 * legs. */
#ifndef FEL_ENGINE_MARGIN_INTERNAL_H
#define FEL_ENGINE_MARGIN_INTERNAL_H

#ifndef FEL_MODULE_ENGINE
#error "engine/margin_internal.h is for files of engine/ only"
#endif

#include <feller/engine.h>

#include "core/core.h"

struct live_order;
struct trade;

/* Of an instrument: its own, or those of its kind. */
typedef struct margin_rates {
    double initial, maintenance_long, maintenance_short; /* fractions of value */
    double initial_amount, maintenance_amount;           /* a unit; 0: by fractions */
} margin_rates;

/* One side of an instrument; cost is negative for short ones. */
typedef struct position_leg {
    double quantity; /* >= 0 */
    fel_money cost, realised;
} position_leg;
typedef struct leg_pair {
    position_leg of[2]; /* LEG_LONG, LEG_SHORT */
} leg_pair;

/* What a margin call may close: a position, or a leg of one. */
typedef struct holding {
    uint32_t instrument;
    int32_t side;
    double quantity; /* > 0 */
    double margin;   /* to be restored */
    double cost;     /* of closing it */
    double profit;   /* unrealised */
    double closes;   /* so much of it */
} holding;

typedef struct margin_call_list {
    fel_margin_call *items;
    size_t n, capacity;
} margin_call_list;

enum { LEG_LONG = 0, LEG_SHORT = 1 };

typedef struct account_state {
    uint8_t has_variation; /* an instrument is settled by variation margin */
    uint8_t has_day_work;  /* account_day_end() has something to do */
    uint8_t has_margin;    /* a margin account */
    uint8_t is_hedging;
    uint8_t is_exposed;  /* positions without debt may need more margin than they are worth */
    uint8_t is_called;   /* a margin call stands: the last of the list */
    uint32_t n_forced;   /* orders of a margin call that have not ended */
    margin_rates *rates; /* by instrument */
    leg_pair *legs;      /* hedging: by instrument */
    fel_leg_record *leg_records;
    holding *holdings; /* room for two an instrument */
    margin_call_list calls;
} account_state;

/* ---- account.c: what a run's account is made of
 * ------------------------------------------------------------------------------------ */

/* A cash account; the rates of a margin account are Regulation T's for what is bought in full, and
 * a tenth for what trades on leverage. */
fel_account_rules account_rules_default(void);
/* ERR_RANGE, ERR_ARG for rules that are none. */
fel_status account_check(const fel_account_rules *r);
fel_status account_create(fel_engine *e);
void account_destroy(fel_engine *e);
/* As before the first event; instruments are cleared already. */
void account_start(fel_engine *e);
/* A trading day has ended, and n_days calendar days up to the end of the next one: variation
 * margin, interest, borrow fees. */
void account_day_end(fel_engine *e, double n_days);
/* The cash that there is: the ledger's own counts everything as paid in full. */
fel_money account_cash(const fel_engine *e);
/* The part of it that earns or pays the rates of cash. */
fel_money account_interest_cash(const fel_engine *e);
/* Legs and calls, for the result. */
void account_result(fel_engine *e);
/* Equity could be too small: *is_over if it is gone; where prices have moved and it is less than
 * the margin, a margin call. */
fel_status account_watch(fel_engine *e, int has_moved, int *is_over);

/* What strategies may ask: fel_host. */
double account_buying_power(const fel_ctx *ctx, uint32_t instrument);
double account_margin_used(const fel_ctx *ctx);
double account_maintenance_margin(const fel_ctx *ctx);
int64_t account_margin_call_ns(const fel_ctx *ctx);
fel_status account_leg(const fel_ctx *ctx, uint32_t instrument, int32_t side, fel_leg *out);

/* ---- variation.c: profit and loss instead of prices --------------------------------------------
 */

/* A trade of an instrument of which `held` was held has been booked. */
void variation_trade(fel_engine *e, uint32_t instrument, double held, double quantity, double price,
                     fel_money paid);
/* Settle futures at their last prices. */
void variation_mark(fel_engine *e);

/* ---- margin.c: how much of it
 * ------------------------------------------------------------------------------------------ */

typedef enum margin_level { MARGIN_INITIAL, MARGIN_MAINTENANCE } margin_level;

/* What a position of `units` >= 0 units, long (1) or short (-1), needs at a price. */
double margin_of(const fel_engine *e, uint32_t instrument, int32_t side, double units, double price,
                 margin_level level);
/* Of an instrument's both legs, and of all positions at the last prices. */
double margin_of_legs(const fel_engine *e, uint32_t instrument, const double legs[2], double price,
                      margin_level level);
double margin_total(const fel_engine *e, margin_level level);
/* Units held long and short. */
void margin_legs(const fel_engine *e, uint32_t instrument, double legs[2]);
double margin_buying_power(const fel_engine *e, uint32_t instrument);
/* Cut a trade, its price and fee set, to what the margin allows. NONE, or NO_MARGIN. */
fel_reason margin_allow(const fel_engine *e, struct trade *t);
/* NO_MARGIN if an order of a known size has no margin at the last price. */
fel_reason margin_refuse(const fel_engine *e, const struct live_order *o);

/* ---- margin_call.c: too little of it
 * ------------------------------------------------------------------------------------------ */

fel_status margin_look(fel_engine *e, double equity);
/* An order of a margin call closes at most what is held; 0: nothing is left to be closed. */
int margin_cut_forced(const fel_engine *e, struct trade *t);
/* The fee of a liquidation on top of a trade's. */
void margin_charge(const fel_engine *e, struct trade *t);

/* ---- borrow.c: shares sold short --------------------------------------------------------------
 */

/* What a year costs, of an instrument; 0: nothing. */
double borrow_rate(const fel_engine *e, uint32_t instrument);
void borrow_charge(fel_engine *e, double n_days);
/* Value of what is held short and was paid for when sold, and the interest on it. */
fel_money borrow_proceeds(const fel_engine *e);
void borrow_credit(fel_engine *e, double n_days);
/* Cut a sale to what needs no borrowed shares, where there are none. NONE, or NO_BORROW. */
fel_reason borrow_allow(const fel_engine *e, struct trade *t);

/* ---- legs.c: long and short side by side -------------------------------------------------------
 */

/* An order with a side: refused where there are no legs. */
void legs_read(const fel_engine *e, struct live_order *o);
/* What a trade leaves of both legs, in units. */
void legs_after(const fel_engine *e, uint32_t instrument, double quantity, int32_t side,
                double legs[2]);
/* Cut a trade that closes a leg to what that leg holds. NONE, NO_CHANGE or NO_SHORT. */
fel_reason legs_allow(const fel_engine *e, struct trade *t);
void legs_trade(fel_engine *e, const struct trade *t, fel_money paid);
void legs_split(fel_engine *e, uint32_t instrument, double ratio);
/* Everything of an instrument has been closed at a price: what is left of the legs is one. */
void legs_flatten(fel_engine *e, uint32_t instrument, double price);
/* ERR_INTERNAL if the legs' P&L is not the ledger's. */
fel_status legs_check(const fel_engine *e);
void legs_record(fel_engine *e);
void legs_describe(const fel_engine *e, uint32_t instrument, int32_t side, fel_leg *out);

#endif
