/* reports/json_lines.c - the lines and charts of a report as JSON: equity, drawdowns, months,
 * prices. */
#include "core/core.h"
#include "reports/json_internal.h"

/* The days from number `first` on. */
static void put_days(json_writer *w, const fel_report *r, size_t first)
{
    json_list_begin(w, "day");
    for (size_t i = first; i < r->equity.n; i++) {
        json_put_text(w, NULL, r->equity.day[i]);
    }
    json_list_end(w);
}

/* A list also where there are no values at all. */
static void put_line(json_writer *w, const char *key, const double *values, size_t n)
{
    static const double none[1];
    json_put_numbers(w, key, n > 0 ? values : none, n);
}

void json_equity(json_writer *w, const fel_report *r)
{
    const report_equity *e = &r->equity;
    json_map_begin(w, NULL);
    put_days(w, r, 0);
    json_put_numbers(w, "equity", e->equity, e->n);
    json_put_numbers(w, "cash", e->cash, e->n);
    json_put_numbers(w, "gross_exposure", e->gross_exposure, e->n);
    json_put_numbers(w, "net_exposure", e->net_exposure, e->n);
    json_put_numbers(w, "turnover", e->turnover, e->n);
    json_put_numbers(w, "costs", e->costs, e->n);
    json_put_numbers(w, "daily_return", e->daily_return, e->n);
    json_put_numbers(w, "drawdown", e->drawdown, e->n);
    json_put_numbers(w, "benchmark", e->benchmark, e->n);
    json_put_numbers(w, "benchmark_drawdown", e->benchmark_drawdown, e->n);
    json_map_end(w);
}

static void put_drawdown(json_writer *w, const fel_report *r, const report_drawdown *d)
{
    const report_equity *e = &r->equity;
    json_map_begin(w, NULL);
    json_put_number(w, "depth", d->depth);
    json_put_text(w, "peak", e->day[d->peak]);
    json_put_text(w, "trough", e->day[d->trough]);
    if (d->is_recovered) {
        json_put_text(w, "recovery", e->day[d->recovery]);
    } else {
        json_put_null(w, "recovery");
    }
    json_put_count(w, "peak_index", d->peak);
    json_put_count(w, "trough_index", d->trough);
    if (d->is_recovered) {
        json_put_count(w, "recovery_index", d->recovery);
    } else {
        json_put_null(w, "recovery_index");
    }
    json_put_integer(w, "down_days", d->down_days);
    if (d->is_recovered) {
        json_put_integer(w, "recovery_days", d->recovery_days);
    } else {
        json_put_null(w, "recovery_days");
    }
    json_put_integer(w, "total_days", d->total_days);
    json_map_end(w);
}

void json_drawdowns(json_writer *w, const fel_report *r)
{
    json_list_begin(w, NULL);
    for (size_t i = 0; i < r->n_drawdowns; i++) {
        put_drawdown(w, r, &r->drawdowns[i]);
    }
    json_list_end(w);
}

void json_monthly(json_writer *w, const fel_report *r)
{
    const report_monthly *m = &r->monthly;
    json_map_begin(w, NULL);
    json_list_begin(w, "years");
    for (size_t y = 0; y < m->n_years; y++) {
        json_put_integer(w, NULL, m->year[y]);
    }
    json_list_end(w);
    json_list_begin(w, "returns");
    for (size_t y = 0; y < m->n_years; y++) {
        json_put_numbers(w, NULL, m->month[y], 12);
    }
    json_list_end(w);
    put_line(w, "year_returns", m->year_return, m->n_years);
    json_put_numbers(w, "benchmark_year_returns", m->benchmark_year_return, m->n_years);
    json_map_end(w);
}

void json_rolling(json_writer *w, const fel_report *r)
{
    const report_rolling *x = &r->rolling;
    json_map_begin(w, NULL);
    json_put_count(w, "window", x->window);
    json_put_text(w, "convention", x->convention);
    put_days(w, r, x->n > 0 ? x->window : r->equity.n);
    put_line(w, "sharpe", x->sharpe, x->n);
    put_line(w, "volatility", x->volatility, x->n);
    json_put_numbers(w, "benchmark_sharpe", x->benchmark_sharpe, x->n);
    json_map_end(w);
}

void json_histogram(json_writer *w, const fel_report *r)
{
    const report_histogram *h = &r->histogram;
    json_map_begin(w, NULL);
    put_line(w, "edges", h->edges, h->n_bins > 0 ? h->n_bins + 1 : 0);
    json_list_begin(w, "counts");
    for (size_t k = 0; k < h->n_bins; k++) {
        json_put_count(w, NULL, h->counts[k]);
    }
    json_list_end(w);
    json_put_number(w, "mean", h->mean);
    json_put_number(w, "deviation", h->deviation);
    json_map_end(w);
}

void json_costs_over_time(json_writer *w, const fel_report *r)
{
    running_sum total = {0};
    json_map_begin(w, NULL);
    put_days(w, r, 0);
    json_list_begin(w, "cumulative");
    for (size_t i = 0; i < r->equity.n; i++) {
        running_add(&total, r->equity.costs[i]);
        json_put_number(w, NULL, running_value(&total));
    }
    json_list_end(w);
    json_map_end(w);
}

void json_prices(json_writer *w, const fel_report *r)
{
    json_list_begin(w, NULL);
    for (size_t i = 0; i < r->n_prices; i++) {
        const report_prices *p = &r->prices[i];
        json_map_begin(w, NULL);
        json_put_count(w, "instrument", p->instrument);
        json_put_count(w, "n_source_bars", p->n_source);
        json_put_count(w, "bars_per_point", p->bars_per_point);
        json_list_begin(w, "time");
        for (size_t k = 0; k < p->n; k++) {
            json_put_instant(w, NULL, p->time_ns[k]);
        }
        json_list_end(w);
        json_put_numbers(w, "open", p->open, p->n);
        json_put_numbers(w, "high", p->high, p->n);
        json_put_numbers(w, "low", p->low, p->n);
        json_put_numbers(w, "close", p->close, p->n);
        json_put_numbers(w, "volume", p->volume, p->n);
        json_map_end(w);
    }
    json_list_end(w);
}
