/* reports/report_drawdown.c - the worst drawdowns: from a peak to the first day that is back at it.
 */
#include <math.h>

#include "reports/report_model_internal.h"

/* A spell under water that began after `peak`; trough and end are found on the way. */
static report_drawdown spell_after(const report_equity *e, size_t peak, size_t *next)
{
    report_drawdown d = {.peak = peak, .trough = peak + 1, .depth = e->drawdown[peak + 1]};
    size_t i = peak + 1;
    for (; i < e->n && e->drawdown[i] < 0.0; i++) {
        if (e->drawdown[i] < d.depth) {
            d.depth = e->drawdown[i];
            d.trough = i;
        }
    }
    d.is_recovered = i < e->n;
    d.recovery = d.is_recovered ? i : e->n - 1;
    d.down_days = e->day_number[d.trough] - e->day_number[d.peak];
    d.recovery_days = e->day_number[d.recovery] - e->day_number[d.trough];
    d.total_days = e->day_number[d.recovery] - e->day_number[d.peak];
    *next = i;
    return d;
}

/* Keep the deepest, deepest first; of equals the earlier. */
static void keep(fel_report *r, const report_drawdown *d)
{
    size_t at = r->n_drawdowns;
    while (at > 0 && r->drawdowns[at - 1].depth > d->depth) {
        at--;
    }
    if (at == MAX_DRAWDOWNS) {
        return;
    }
    r->n_drawdowns += r->n_drawdowns < MAX_DRAWDOWNS;
    for (size_t k = r->n_drawdowns - 1; k > at; k--) {
        r->drawdowns[k] = r->drawdowns[k - 1];
    }
    r->drawdowns[at] = *d;
}

void report_fill_drawdowns(fel_report *r)
{
    const report_equity *e = &r->equity;
    size_t i = 1;
    while (i < e->n) {
        if (e->drawdown[i] < 0.0) {
            const report_drawdown d = spell_after(e, i - 1, &i);
            keep(r, &d);
        } else {
            i++;
        }
    }
}
