/* engine/order_internal.h - orders as the engine keeps them, and what makes some of them special.
 */
#ifndef FEL_ENGINE_ORDER_INTERNAL_H
#define FEL_ENGINE_ORDER_INTERNAL_H

#ifndef FEL_MODULE_ENGINE
#error "engine/order_internal.h is for files of engine/ only"
#endif

#include <feller/engine.h>

#define SLOT_NONE UINT32_MAX

/* ---- orders that live -------------------------------------------------------------------------
 */

/* What an order needs beyond the plain steps: bits. */
enum {
    ORDER_TRAILS = 1,   /* its stop moves */
    ORDER_AT_OPEN = 2,  /* opens only */
    ORDER_AT_CLOSE = 4, /* closes only */
    ORDER_ONCE = 8,     /* over when the first price that it looks at does not fill it */
    ORDER_LINKED = 16,  /* has a parent, children or a group */
    ORDER_STALLED = 32, /* the bar's volume is used up */
    ORDER_POST_ONLY = 64,
    ORDER_OFF_PATH =
        ORDER_AT_OPEN | ORDER_AT_CLOSE | ORDER_ONCE | ORDER_STALLED /* not inside a bar */
};

typedef struct live_order {
    uint64_t id, tag;
    int64_t submit_ns, live_ns;
    int64_t expire_ns;   /* FEL_TIME_MAX: never; DAY: known once it has seen a bar */
    double quantity;     /* 0 for targets until sized */
    double filled, paid; /* units so far, and units x price */
    double target_amount;
    double limit, stop; /* NaN where the type has none */
    double trail;       /* with ORDER_TRAILS */
    uint64_t parent;    /* held back until that one ends; 0: none */
    uint64_t group;     /* 0: none */
    double arrival;
    uint32_t instrument;
    uint32_t next, previous; /* in its instrument's list */
    fel_side side;
    fel_order_type type;
    fel_tif tif;
    int32_t target_kind; /* -1: none */
    fel_order_state state;
    uint8_t is_triggered; /* its stop price has traded */
    uint8_t has_rested;   /* has seen a quote since it went live: no longer a taker */
    uint8_t is_sized;     /* a target whose quantity was worked out at the decision */
    uint8_t needs;        /* ORDER_ bits */
    uint8_t trail_unit;
    fel_reason refused;  /* with this when it reaches the venue; NONE: it is not */
    fel_reason cause;    /* a stop has made it, to close a position; NONE: the strategy has */
    uint8_t is_released; /* something of its parent has filled */
    uint8_t is_forced;   /* made by a margin call */
    int32_t position_side;
    uint64_t parent_id; /* as asked for */
    double whole;       /* with a parent: the quantity that belongs to all of the parent */
    double queue_ahead; /* once it waits in a book: what is before it at its price, ... */
    double queue_shown; /* ... of all that is shown there */
    int64_t arrive_ns;  /* at the venue */
    uint64_t replaces;  /* on arrival it cancels that one; 0: none */
    fel_money fees;     /* of its parts, before the minimum; of use once something has filled */
} live_order;

typedef struct order_pool {
    live_order *items;
    size_t n, capacity;
    uint32_t free_head;
} order_pool;

typedef struct slot_list {
    uint32_t *items;
    size_t n, capacity;
} slot_list;

typedef struct id_list {
    uint64_t *items;
    size_t n, capacity;
} id_list;

/* Instruments that have live orders: a bit each. */
typedef struct live_set {
    uint64_t *words;
    size_t n; /* of them */
} live_set;

/* ---- order.c: what an order asks for -----------------------------------------------------------
 */

/* Take over what was asked for; refused with BAD_ORDER if it makes no sense. */
void order_read(live_order *o, const fel_order *order);

/* ---- link.c: orders that depend on others
 * -------------------------------------------------------- */

/* A new order, the last that is pending, with a parent or a group: the first holds it back. */
fel_status link_join(fel_engine *e, uint32_t slot);
/* An order with ORDER_LINKED has ended, `filled` units of it filled. */
fel_status link_ended(fel_engine *e, const live_order *ended, double filled);
/* A part of an order with ORDER_LINKED has filled: the others of its group shrink by as much. */
fel_status link_filled_part(fel_engine *e, uint64_t id, uint64_t group, double quantity);
/* The same, of an order that may have children: as much of them goes to the venue. */
fel_status link_release(fel_engine *e, uint64_t id);
/* Units that an order with a parent may still trade while that is open. */
double link_room(const fel_engine *e, const live_order *o);
/* The orders of an instrument that are held back end. */
fel_status link_end_held(fel_engine *e, uint32_t instrument, fel_order_state state,
                         fel_reason reason);

/* ---- trail.c: stops that follow the price ------------------------------------------------------
 */

/* A price that the order may follow: its stop moves, or stays. */
void trail_follow(const fel_engine *e, live_order *o, double price);
/* All of an instrument that were live at open_ns; the price came then or later. */
void trail_follow_all(fel_engine *e, uint32_t instrument, int64_t open_ns, double price);
/* The bar is over: what it has shown counts from now on. */
void trail_end_bar(fel_engine *e, const fel_bar *bar);

#endif
