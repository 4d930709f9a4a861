/* reports/report_exposure.c - how much of the equity was invested, for how long, and turned over.
 */
#include <math.h>

#include "core/core.h"
#include "reports/report_model_internal.h"

void report_fill_exposure(fel_report *r)
{
    const report_equity *e = &r->equity;
    report_exposure *x = &r->exposure;
    running_sum gross = {0}, net = {0}, equity = {0};
    double n = 0.0, days_in = 0.0;
    for (size_t k = 1; k < e->n; k++) {
        /* Nothing can be said of shares of an equity that is gone. */
        if (!(e->equity[k] > 0.0)) {
            continue;
        }
        const double of_equity = e->gross_exposure[k] / e->equity[k];
        running_add(&gross, of_equity);
        running_add(&net, e->net_exposure[k] / e->equity[k]);
        running_add(&equity, e->equity[k]);
        x->maximum_gross = fmax(x->maximum_gross, of_equity);
        days_in += e->gross_exposure[k] > 0.0 ? 1.0 : 0.0;
        n += 1.0;
    }
    x->average_gross = running_value(&gross) / n;
    x->average_net = running_value(&net) / n;
    x->average_equity = running_value(&equity) / n;
    x->time_in_market = days_in / n;
    x->turnover_total = r->result.turnover;
    x->turnover_per_year = x->turnover_total / x->average_equity * r->periods_per_year / n;
}
