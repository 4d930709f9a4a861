/* reports/trade_internal.h - matching fills into round trips: lots, their prices' extremes,
 * statistics. */
#ifndef FEL_REPORTS_TRADE_INTERNAL_H
#define FEL_REPORTS_TRADE_INTERNAL_H

#ifndef FEL_MODULE_REPORTS
#error "reports/trade_internal.h belongs to reports/: other modules use feller/report.h"
#endif

#include <feller/report.h>

/* ---- extremes over a moving window of segments (trade_extremes.c) ---------------------------- */

/* The largest (sign 1) or smallest (sign -1) value of the segments from some first one up to the
 * latest, where the first only moves forward: a monotone queue, O(1) a segment. */
typedef struct extreme {
    size_t segment;
    double value;
} extreme;
typedef struct extreme_window {
    extreme *items;
    size_t n, capacity, head;
    double sign;
} extreme_window;

fel_status extreme_push(extreme_window *w, size_t segment, double value); /* NaN: no value */
/* Over segments first_segment and later; NaN if there is none. Earlier ones are forgotten. */
double extreme_from(extreme_window *w, size_t first_segment);
void extreme_scale(extreme_window *w, double factor); /* factor > 0 */

/* ---- open lots of one instrument, oldest first (trade_lots.c) -------------------------------- */

typedef struct lot {
    double quantity; /* > 0, what is left of it */
    double price;
    fel_money flow; /* of the entry, for what is left: negative for a purchase */
    fel_money fee;
    int64_t time_ns;
    uint64_t bar;
    size_t first_segment; /* of prices after its entry */
} lot;
typedef struct lot_book {
    lot *items;
    size_t n, capacity, head;
    int32_t direction; /* of all open lots; meaningless if there is none */
    size_t n_segments;
    extreme_window high, low;
} lot_book;

void lot_book_clear(lot_book *book);
fel_status lot_book_open(lot_book *book, const lot *entry, int32_t direction);
/* A split: ratio new units for each old one. */
void lot_book_split(lot_book *book, double ratio);
/* The next span of prices; NaN if unknown. */
fel_status lot_book_segment(lot_book *book, double high, double low);
static inline lot *lot_book_oldest(lot_book *book)
{
    return book->head < book->n ? &book->items[book->head] : NULL;
}

/* The part of an amount that belongs to `part` of `whole` units; all of it where part is whole. */
fel_money money_share(fel_money amount, double part, double whole);

/* ---- statistics (trade_statistics.c) --------------------------------------------------------- */

/* One line of the trade statistics, for all closed trades, the long ones and the short ones. */
typedef struct trade_stat {
    const char *name, *label, *convention;
    fel_metric_unit unit;
    double all, of_long, of_short;
} trade_stat;

enum { N_TRADE_STATS = 18 };

/* Over closed trades, in the order given; NaN where there is none to speak of. */
void trade_statistics(const fel_trade *trades, size_t n, trade_stat out[N_TRADE_STATS]);

#endif
