/* core/activity_trips.c - transactions matched first in, first out into round trips.
 *
 * A closing transaction makes one round trip whatever the number of lots that it closes. The open
 * lots of an instrument are a chain through the transactions that opened them. */
#include <math.h>
#include <stdlib.h>

#include "core/activity_internal.h"
#include "core/array.h"
#include "core/core.h"

/* What is left of a transaction, signed; next is a place + 1, 0 at the end of the chain. */
typedef struct open_lot {
    double left;
    size_t next;
} open_lot;
typedef struct open_chain {
    size_t first, last; /* places + 1 */
} open_chain;
typedef struct trip_list {
    fel_round_trip *items;
    size_t n, capacity;
} trip_list;
typedef struct matcher {
    const fel_transaction *transactions;
    open_lot *lots;     /* by transaction */
    open_chain *chains; /* by instrument */
    trip_list trips;
} matcher;

static void open_rest(matcher *m, size_t i, double quantity)
{
    open_chain *chain = &m->chains[m->transactions[i].instrument];
    m->lots[i].left = quantity;
    if (chain->first == 0) {
        chain->first = i + 1;
    } else {
        m->lots[chain->last - 1].next = i + 1;
    }
    chain->last = i + 1;
}

/* Close up to |quantity| of the chain; what was not closed. */
static double close_lots(matcher *m, const fel_transaction *t, fel_round_trip *trip)
{
    open_chain *chain = &m->chains[t->instrument];
    running_sum cost = {0}, pnl = {0}, closed = {0};
    double left = t->quantity;
    while (chain->first > 0 && left != 0.0) {
        open_lot *lot = &m->lots[chain->first - 1];
        const double entry = m->transactions[chain->first - 1].price;
        const int is_whole = fabs(lot->left) <= fabs(left);
        const double part = is_whole ? lot->left : -left;
        running_add(&cost, fabs(part) * entry);
        running_add(&pnl, part * (t->price - entry));
        running_add(&closed, fabs(part));
        left += part;
        lot->left -= part;
        chain->first = is_whole ? lot->next : chain->first;
    }
    trip->quantity = running_value(&closed);
    trip->cost = running_value(&cost);
    trip->pnl = running_value(&pnl);
    trip->return_fraction = trip->cost != 0.0 ? trip->pnl / trip->cost : (double)NAN;
    return left;
}

static fel_status match_one(matcher *m, size_t i)
{
    const fel_transaction *t = &m->transactions[i];
    const open_chain *chain = &m->chains[t->instrument];
    const double held = chain->first > 0 ? m->lots[chain->first - 1].left : 0.0;
    double left = t->quantity;
    if (held * t->quantity < 0.0) {
        fel_round_trip trip = {.instrument = t->instrument,
                               .direction = held > 0.0 ? 1 : -1,
                               .open_ns = m->transactions[chain->first - 1].time_ns,
                               .close_ns = t->time_ns};
        left = close_lots(m, t, &trip);
        FEL_TRY(ARRAY_PUSH(&m->trips, trip));
    }
    if (left != 0.0) {
        open_rest(m, i, left);
    }
    return FEL_OK;
}

fel_status fel_round_trips(const fel_transaction *transactions, size_t n, fel_round_trip **out,
                           size_t *n_out)
{
    size_t n_instruments;
    FEL_TRY(transactions_check(transactions, n, &n_instruments));
    matcher m = {.transactions = transactions,
                 .lots = calloc(n + 1, sizeof(*m.lots)),
                 .chains = calloc(n_instruments + 1, sizeof(*m.chains))};
    fel_status status = m.lots == NULL || m.chains == NULL
                            ? FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu transactions", n)
                            : FEL_OK;
    for (size_t i = 0; i < n && status == FEL_OK; i++) {
        status = match_one(&m, i);
    }
    free(m.lots);
    free(m.chains);
    if (status != FEL_OK) {
        free(m.trips.items);
        return status;
    }
    *out = m.trips.items;
    *n_out = m.trips.n;
    return FEL_OK;
}

fel_status fel_trip_equity_returns(const fel_round_trip *trips, size_t n,
                                   const int64_t *day_begins_ns, fel_cvec equity, double *out)
{
    for (size_t i = 0; i < n; i++) {
        const size_t day = day_of_instant(day_begins_ns, equity.len, trips[i].close_ns);
        if (day == equity.len) {
            return FEL_RAISE(FEL_ERR_RANGE, "round trip %zu closes before the first day", i);
        }
        out[i] = equity.data[day] != 0.0 ? trips[i].pnl / equity.data[day] : (double)NAN;
    }
    return FEL_OK;
}
