/* reports/report_trip_scores.c - the metrics of round trips over the report's own closed trades. */
#include <math.h>
#include <stdlib.h>

#include <feller/activity.h>

#include "core/money.h"
#include "reports/report_model_internal.h"

/* P&L before fees, as those metrics have it. */
static fel_round_trip trip_of(const fel_report *r, const fel_trade *t)
{
    const fel_money gross = money_add(t->pnl, t->fees);
    const double multiplier = r->result.instruments[t->instrument].multiplier;
    const fel_round_trip trip = {.instrument = t->instrument,
                                 .direction = t->direction,
                                 .open_ns = t->entry_time_ns,
                                 .close_ns = t->exit_time_ns,
                                 .quantity = t->quantity,
                                 .cost = t->quantity * t->entry_price * multiplier,
                                 .pnl = fel_money_value(gross),
                                 .return_fraction = fel_money_value(gross) /
                                                    (t->quantity * t->entry_price * multiplier)};
    return trip;
}

static fel_status add_scores(fel_report *r, const fel_round_trip *trips, size_t n)
{
    const fel_trip_filter all = {.direction = 0, .instrument = FEL_ANY_INSTRUMENT};
    size_t n_metrics = 0;
    const fel_trip_metric_class *metrics = fel_trip_metric_classes(&n_metrics);
    for (size_t i = 0; i < n_metrics; i++) {
        fel_score score = {.label = metrics[i].label,
                           .convention = metrics[i].convention,
                           .unit = metrics[i].unit,
                           .value = metrics[i].eval(trips, n, &all),
                           .benchmark = (double)NAN};
        score.name = arena_printf(&r->memory, "trip_%s", metrics[i].name);
        if (score.name == NULL) {
            return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a score's name");
        }
        FEL_TRY(report_add_score(r, &score));
    }
    return FEL_OK;
}

fel_status report_add_trip_scores(fel_report *r)
{
    fel_round_trip *trips = malloc((r->n_trades + 1) * sizeof(*trips));
    if (trips == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu round trips", r->n_trades);
    }
    size_t n = 0;
    for (size_t i = 0; i < r->n_trades; i++) {
        if (!r->trades[i].is_open) {
            trips[n++] = trip_of(r, &r->trades[i]);
        }
    }
    const fel_status status = add_scores(r, trips, n);
    free(trips);
    return status;
}
