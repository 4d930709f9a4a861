/* reports/montecarlo_json_data.c - distributions, fan and paths: sections of a Monte Carlo report's
 * JSON. */
#include "reports/montecarlo_json_internal.h"

enum { MAX_VALUES = 2000 }; /* paths in the JSON, each with its scores; paths.csv has all */

/* ---- distributions --------------------------------------------------------------------------- */

static void put_quantiles(json_writer *w, const fel_report_distribution *d)
{
    json_list_begin(w, "quantiles");
    for (size_t i = 0; i < d->n_quantiles; i++) {
        const fel_report_quantile *q = &d->quantiles[i];
        json_map_begin(w, NULL);
        json_put_number(w, "level", q->level);
        json_put_number(w, "value", q->value);
        json_put_number(w, "low", q->low);
        json_put_number(w, "high", q->high);
        json_map_end(w);
    }
    json_list_end(w);
}

void montecarlo_json_distributions(json_writer *w, const void *report)
{
    const fel_montecarlo_report *r = report;
    json_list_begin(w, NULL);
    for (size_t i = 0; i < r->n_distributions; i++) {
        const fel_report_distribution *d = &r->distributions[i];
        json_map_begin(w, NULL);
        json_put_text(w, "name", d->name);
        json_put_text(w, "label", d->label);
        json_put_text(w, "unit", report_unit_name(d->unit));
        json_put_text(w, "convention", text_of(d->convention));
        json_put_count(w, "n", d->n);
        json_put_number(w, "mean", d->mean);
        json_put_number(w, "mean_error", d->mean_error);
        json_put_number(w, "deviation", d->deviation);
        json_put_number(w, "min", d->min);
        json_put_number(w, "max", d->max);
        json_put_number(w, "benchmark_mean", d->benchmark_mean);
        json_put_number(w, "benchmark_error", d->benchmark_error);
        put_quantiles(w, d);
        json_put_bins(w, "histogram", &d->bins);
        json_map_end(w);
    }
    json_list_end(w);
}

void montecarlo_json_probabilities(json_writer *w, const void *report)
{
    const fel_montecarlo_report *r = report;
    json_list_begin(w, NULL);
    for (size_t i = 0; i < r->n_probabilities; i++) {
        const fel_report_probability *p = &r->probabilities[i];
        json_map_begin(w, NULL);
        json_put_text(w, "name", p->name);
        json_put_text(w, "label", p->label);
        json_put_number(w, "value", p->value);
        json_put_number(w, "low", p->low);
        json_put_number(w, "high", p->high);
        json_put_count(w, "n_hits", p->n_hits);
        json_put_count(w, "n", p->n);
        json_map_end(w);
    }
    json_list_end(w);
}

/* ---- fan and paths --------------------------------------------------------------------------- */

void montecarlo_json_fan(json_writer *w, const void *report)
{
    const fel_montecarlo_report *r = report;
    json_map_begin(w, NULL);
    json_list_begin(w, "time");
    for (size_t i = 0; i < r->n_times; i++) {
        json_put_instant(w, NULL, r->time_ns[i]);
    }
    json_list_end(w);
    json_list_begin(w, "bands");
    for (size_t i = 0; i < r->n_fans; i++) {
        const fel_report_fan *f = &r->fans[i];
        json_map_begin(w, NULL);
        json_put_text(w, "name", f->name);
        json_put_numbers(w, "levels", f->levels, f->n_levels);
        json_put_grid(w, "values", f->values, f->n_levels, r->n_times);
        json_put_grid(w, "low", f->low, f->n_levels, r->n_times);
        json_put_grid(w, "high", f->high, f->n_levels, r->n_times);
        json_put_numbers(w, "mean", f->mean, r->n_times);
        json_put_numbers(w, "mean_error", f->mean_error, r->n_times);
        json_map_end(w);
    }
    json_list_end(w);
    json_map_end(w);
}

void montecarlo_json_paths(json_writer *w, const void *report)
{
    const fel_montecarlo_report *r = report;
    json_list_begin(w, NULL);
    for (size_t i = 0; i < r->n_paths_listed; i++) {
        const fel_report_path *p = &r->paths[i];
        json_map_begin(w, NULL);
        json_put_count(w, "index", p->index);
        json_put_text(w, "what", text_of(p->what));
        json_put_number(w, "final_equity", p->final_equity);
        json_put_number(w, "total_return", p->total_return);
        json_put_number(w, "sharpe_ratio", p->sharpe_ratio);
        json_put_number(w, "max_drawdown", p->max_drawdown);
        json_put_count(w, "n_trades", p->n_trades);
        json_put_text(w, "command", text_of(p->command));
        json_put_numbers(w, "equity", p->equity, r->n_times);
        json_map_end(w);
    }
    json_list_end(w);
}

static void put_indices(json_writer *w, const fel_montecarlo_report *r, uint64_t n)
{
    if (r->path_indices == NULL) {
        json_put_null(w, "path");
        return;
    }
    json_list_begin(w, "path");
    for (uint64_t i = 0; i < n; i++) {
        json_put_count(w, NULL, r->path_indices[i]);
    }
    json_list_end(w);
}

/* The scores of the first paths, a list for each score. */
void montecarlo_json_values(json_writer *w, const void *report)
{
    const fel_montecarlo_report *r = report;
    const uint64_t n_shown = r->n_paths < MAX_VALUES ? r->n_paths : MAX_VALUES;
    json_map_begin(w, NULL);
    json_put_count(w, "n", r->n_paths);
    json_put_count(w, "n_shown", n_shown);
    put_indices(w, r, n_shown);
    json_map_begin(w, "scores");
    for (size_t i = 0; i < r->n_distributions; i++) {
        const fel_report_distribution *d = &r->distributions[i];
        if (d->values != NULL) {
            json_put_numbers(w, d->name, d->values, n_shown);
        }
    }
    json_map_end(w);
    json_map_end(w);
}
