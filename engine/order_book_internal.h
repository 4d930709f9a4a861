/* engine/order_book_internal.h - the order book of an instrument, and where our orders wait in it.
 */
#ifndef FEL_ENGINE_ORDER_BOOK_INTERNAL_H
#define FEL_ENGINE_ORDER_BOOK_INTERNAL_H

#ifndef FEL_MODULE_ENGINE
#error "engine/order_book_internal.h is for files of engine/ only"
#endif

#include "engine/engine_internal.h"

typedef struct book_level {
    double price, quantity;
    double taken;   /* of it, by our orders, since its last row */
    uint64_t stamp; /* number of its last row */
} book_level;

/* The best price is last: changes come there. */
typedef struct book_side {
    book_level *items;
    size_t n, capacity;
} book_side;

/* Our orders that wait, and their prices. */
typedef struct queued {
    double price;
    uint32_t slot;
} queued;
typedef struct queued_list {
    queued *items;
    size_t n, capacity;
} queued_list;

typedef struct depth_list {
    fel_depth *items;
    size_t n, capacity;
} depth_list;

enum { BOOK_BID = 0, BOOK_ASK = 1 };

struct order_book {
    book_side sides[2];
    uint64_t n_rows;
    /* Of our live orders, made again when one has come or gone (is_dirty). */
    queued_list own[2];
    double highest_buy, lowest_sell; /* limits that wait; -infinity, infinity: none */
    uint8_t is_dirty;
    uint8_t needs_look; /* one is no limit order that waits: it looks at every instant */
    depth_list rows;    /* of the instant, for on_depth */
};

/* ---- order_book.c
 * -----------------------------------------------------------------------------------
 */

static inline double book_best(const order_book *b, int side)
{
    const book_side *s = &b->sides[side];
    return s->n > 0 ? s->items[s->n - 1].price : (double)NAN;
}
/* The quantity at a price becomes this; 0: the level is gone. */
fel_status book_put(order_book *b, int side, double price, double quantity);
double book_quantity(const order_book *b, int side, double price);
void book_clear(order_book *b);
/* No bid at or above an ask: of two that cross, the side whose best is older gives way. */
void book_uncross(order_book *b);
/* Units that a taker gets at prices up to `limit`, NaN: at any; `side` is the one that offers them.
 */
double book_available(const order_book *b, int side, double limit);
/* May a taker of what `side` offers have this price? */
static inline int book_is_within(int side, double price, double limit)
{
    return !(side == BOOK_ASK ? price > limit : price < limit);
}

/* ---- queue.c ----------------------------------------------------------------------------------
 */

/* Prices, limits and the need to look, from the live orders of the instrument. */
fel_status queue_gather(fel_engine *e, uint32_t instrument);
/* An order begins to wait: behind all that is shown at its price. */
void queue_join(const order_book *b, live_order *o);
/* What is shown at a price has changed: orders of ours that wait there move. Not while the book is
 * dirty. */
void queue_change(fel_engine *e, const order_book *b, int side, double price, double quantity);
/* A trade: what it fills of our orders that wait. */
fel_status queue_trade(fel_engine *e, const fel_trade_tick *tick);

#endif
