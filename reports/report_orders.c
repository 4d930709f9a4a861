/* reports/report_orders.c - how the orders ended: counts by state and reason. */
#include <stdlib.h>

#include "reports/report_model_internal.h"

enum { N_STATES = FEL_ORDER_REJECTED + 1, N_REASONS = FEL_REASON_STOPPED + 1 };

static int by_count(const void *a, const void *b)
{
    const report_reason_count *x = a, *y = b;
    if (x->n != y->n) {
        return x->n < y->n ? 1 : -1;
    }
    if (x->state != y->state) {
        return x->state < y->state ? -1 : 1;
    }
    return (x->reason > y->reason) - (x->reason < y->reason);
}

fel_status report_fill_orders(fel_report *r)
{
    uint64_t counts[N_STATES][N_REASONS] = {{0}};
    void *items;
    FEL_TRY(report_alloc(r, (size_t)N_STATES * N_REASONS, sizeof(report_reason_count), &items));
    r->orders.rows = items;
    for (size_t i = 0; i < r->result.n_orders; i++) {
        const fel_order_record *o = &r->result.orders[i];
        if ((unsigned)o->state < N_STATES && (unsigned)o->reason < N_REASONS) {
            counts[o->state][o->reason]++;
        }
    }
    for (unsigned s = 0; s < N_STATES; s++) {
        for (unsigned k = 0; k < N_REASONS; k++) {
            if (counts[s][k] > 0) {
                const report_reason_count row = {(fel_order_state)s, (fel_reason)k, counts[s][k]};
                r->orders.rows[r->orders.n_rows++] = row;
            }
        }
    }
    qsort(r->orders.rows, r->orders.n_rows, sizeof(report_reason_count), by_count);
    return FEL_OK;
}
