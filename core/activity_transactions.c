/* core/activity_transactions.c - transactions checked, merged, counted by day, closed at the end.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/activity_internal.h"
#include "core/core.h"

fel_status transactions_check(const fel_transaction *transactions, size_t n, size_t *n_instruments)
{
    *n_instruments = 0;
    for (size_t i = 0; i < n; i++) {
        const fel_transaction *t = &transactions[i];
        if (!isfinite(t->quantity) || !isfinite(t->price) || t->quantity == 0.0) {
            return FEL_RAISE(FEL_ERR_RANGE, "transaction %zu of %g at %g: not 0 and finite", i,
                             t->quantity, t->price);
        }
        if (t->instrument >= FEL_MOST_INSTRUMENTS) {
            return FEL_RAISE(FEL_ERR_RANGE, "transaction %zu of instrument %u: below %u", i,
                             t->instrument, FEL_MOST_INSTRUMENTS);
        }
        if (i > 0 && t->time_ns < transactions[i - 1].time_ns) {
            return FEL_RAISE(FEL_ERR_RANGE, "transaction %zu is earlier than the one before", i);
        }
        if (t->instrument >= *n_instruments) {
            *n_instruments = (size_t)t->instrument + 1;
        }
    }
    return FEL_OK;
}

/* The latest group of one instrument. */
typedef struct latest_group {
    size_t place; /* + 1; 0: none */
    int64_t time_ns;
} latest_group;

fel_status fel_transactions_merge(fel_transaction *transactions, size_t *n, int64_t gap_ns)
{
    size_t n_instruments, kept = 0;
    FEL_TRY(transactions_check(transactions, *n, &n_instruments));
    latest_group *latest = calloc(n_instruments + 1, sizeof(*latest));
    if (latest == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu instruments", n_instruments);
    }
    for (size_t i = 0; i < *n; i++) {
        const fel_transaction t = transactions[i];
        latest_group *group = &latest[t.instrument];
        fel_transaction *last = group->place > 0 ? &transactions[group->place - 1] : NULL;
        if (last != NULL && (last->quantity > 0.0) == (t.quantity > 0.0) &&
            t.time_ns - group->time_ns <= gap_ns) {
            const double quantity = last->quantity + t.quantity;
            last->price = (last->price * last->quantity + t.price * t.quantity) / quantity;
            last->quantity = quantity;
        } else {
            transactions[kept++] = t;
            group->place = kept;
        }
        group->time_ns = t.time_ns;
    }
    free(latest);
    *n = kept;
    return FEL_OK;
}

size_t day_of_instant(const int64_t *day_begins_ns, size_t n_days, int64_t time_ns)
{
    size_t low = 0, high = n_days;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (day_begins_ns[middle] <= time_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 ? low - 1 : n_days;
}

fel_status fel_traded_values(const fel_transaction *transactions, size_t n,
                             const int64_t *day_begins_ns, size_t n_days, double *out,
                             double *out_shares)
{
    for (size_t d = 0; d < n_days; d++) {
        out[d] = 0.0;
        if (out_shares != NULL) {
            out_shares[d] = 0.0;
        }
    }
    for (size_t i = 0; i < n; i++) {
        const fel_transaction *t = &transactions[i];
        const size_t day = day_of_instant(day_begins_ns, n_days, t->time_ns);
        if (day == n_days) {
            return FEL_RAISE(FEL_ERR_RANGE, "transaction %zu is before the first day", i);
        }
        out[day] += fabs(t->quantity * t->price);
        if (out_shares != NULL) {
            out_shares[day] += fabs(t->quantity);
        }
    }
    return FEL_OK;
}

fel_status fel_transactions_close(const fel_transaction *transactions, size_t n,
                                  const double *prices, size_t n_instruments, int64_t time_ns,
                                  fel_transaction *out, size_t *n_out)
{
    double *open = calloc(n_instruments + 1, sizeof(double));
    if (open == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu instruments", n_instruments);
    }
    for (size_t i = 0; i < n; i++) {
        if (transactions[i].instrument >= n_instruments) {
            free(open);
            return FEL_RAISE(FEL_ERR_RANGE, "transaction %zu of instrument %u: below %zu", i,
                             transactions[i].instrument, n_instruments);
        }
        open[transactions[i].instrument] += transactions[i].quantity;
    }
    *n_out = 0;
    for (size_t k = 0; k < n_instruments; k++) {
        if (open[k] != 0.0) {
            const fel_transaction closing = {time_ns, (uint32_t)k, -open[k], prices[k]};
            out[(*n_out)++] = closing;
        }
    }
    free(open);
    return FEL_OK;
}
