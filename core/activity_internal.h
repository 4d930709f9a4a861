/* core/activity_internal.h - what the functions over transactions and positions share. */
#ifndef FEL_CORE_ACTIVITY_INTERNAL_H
#define FEL_CORE_ACTIVITY_INTERNAL_H

#ifndef FEL_MODULE_CORE
#error "core/activity_internal.h belongs to core/: other modules use feller/activity.h"
#endif

#include <feller/activity.h>

/* In the order of time, numbers finite, quantities not 0; *n_instruments is the largest + 1. */
fel_status transactions_check(const fel_transaction *transactions, size_t n, size_t *n_instruments);

/* The last day that begins at or before an instant; n_days if there is none. */
size_t day_of_instant(const int64_t *day_begins_ns, size_t n_days, int64_t time_ns);

/* One day's positions added up. */
typedef struct day_sums {
    double longs, shorts, largest, equity;
    size_t n_held;
} day_sums;

day_sums holdings_day(const fel_holdings *h, size_t day);

/* Of a day, h->traded being there. */
double holdings_turnover(const fel_holdings *h, size_t day, fel_turnover_base base);

#endif
