/* reports/montecarlo_csv.c - a Monte Carlo report's lists as CSV: a row a path with its scores, a
 * row a score with its quantiles, a row a day of the fan. */
#include <math.h>
#include <stdio.h>

#include "reports/csv_fields_internal.h"
#include "reports/simulation_internal.h"

enum { NAME_SIZE = 160 };

/* ---- paths ----------------------------------------------------------------------------------- */

static size_t next_valued(const fel_montecarlo_report *r, size_t k)
{
    while (k < r->n_distributions && r->distributions[k].values == NULL) {
        k++;
    }
    return k;
}

fel_status montecarlo_put_paths(const void *report, FILE *stream)
{
    const fel_montecarlo_report *r = report;
    const size_t n = r->n_distributions, first = next_valued(r, 0);
    text_out out;
    text_out_begin(&out, stream);
    csv_word(&out, "path", first < n ? ',' : '\n');
    for (size_t k = first, next; k < n; k = next) {
        next = next_valued(r, k + 1);
        csv_text(&out, r->distributions[k].name, next < n ? ',' : '\n');
    }
    for (size_t i = 0; first < n && i < r->n_paths; i++) {
        csv_count(&out, r->path_indices != NULL ? r->path_indices[i] : i, ',');
        for (size_t k = first, next; k < n; k = next) {
            next = next_valued(r, k + 1);
            csv_number(&out, r->distributions[k].values[i], next < n ? ',' : '\n');
        }
    }
    text_out_flush(&out);
    return FEL_OK;
}

/* ---- scores ---------------------------------------------------------------------------------- */

static void put_score(text_out *out, const fel_report_distribution *d, const char *what,
                      double value, const double low_high[2])
{
    csv_text(out, d->name, ',');
    csv_word(out, report_unit_name(d->unit), ',');
    csv_word(out, what, ',');
    csv_number(out, value, ',');
    csv_number(out, low_high[0], ',');
    csv_number(out, low_high[1], '\n');
}

fel_status montecarlo_put_scores(const void *report, FILE *stream)
{
    static const double none[2] = {(double)NAN, (double)NAN};
    const fel_montecarlo_report *r = report;
    text_out out;
    text_out_begin(&out, stream);
    csv_word(&out, "score,unit,statistic,value,low,high", '\n');
    for (size_t k = 0; k < r->n_distributions; k++) {
        const fel_report_distribution *d = &r->distributions[k];
        put_score(&out, d, "n", (double)d->n, none);
        put_score(&out, d, "mean", d->mean, none);
        put_score(&out, d, "standard_error", d->mean_error, none);
        put_score(&out, d, "deviation", d->deviation, none);
        put_score(&out, d, "min", d->min, none);
        for (size_t i = 0; i < d->n_quantiles; i++) {
            const fel_report_quantile *q = &d->quantiles[i];
            const double interval[2] = {q->low, q->high};
            char what[NAME_SIZE];
            (void)snprintf(what, sizeof(what), "quantile_%g", q->level);
            put_score(&out, d, what, q->value, interval);
        }
        put_score(&out, d, "max", d->max, none);
    }
    text_out_flush(&out);
    return FEL_OK;
}

/* ---- fan ------------------------------------------------------------------------------------- */

static void fan_head(text_out *out, const fel_montecarlo_report *r)
{
    csv_word(out, "time", r->n_fans > 0 ? ',' : '\n');
    for (size_t k = 0; k < r->n_fans; k++) {
        const fel_report_fan *f = &r->fans[k];
        char name[NAME_SIZE];
        for (size_t i = 0; i < f->n_levels; i++) {
            (void)snprintf(name, sizeof(name), "%.100s %g", f->name, f->levels[i]);
            csv_text(out, name, ',');
        }
        (void)snprintf(name, sizeof(name), "%.100s mean", f->name);
        csv_text(out, name, k + 1 < r->n_fans ? ',' : '\n');
    }
}

fel_status montecarlo_put_fan(const void *report, FILE *stream)
{
    const fel_montecarlo_report *r = report;
    text_out out;
    text_out_begin(&out, stream);
    fan_head(&out, r);
    for (size_t t = 0; t < r->n_times; t++) {
        csv_time(&out, r->time_ns[t], r->n_fans > 0 ? ',' : '\n');
        for (size_t k = 0; k < r->n_fans; k++) {
            const fel_report_fan *f = &r->fans[k];
            for (size_t i = 0; i < f->n_levels; i++) {
                csv_number(&out, f->values[i * r->n_times + t], ',');
            }
            csv_number(&out, f->mean != NULL ? f->mean[t] : (double)NAN,
                       k + 1 < r->n_fans ? ',' : '\n');
        }
    }
    text_out_flush(&out);
    return FEL_OK;
}
