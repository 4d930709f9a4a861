/* reports/json_lines.c - the lines and charts of a report as JSON: equity, drawdowns, months,
 * prices. */
#include "core/core.h"
#include "reports/json_internal.h"

static json_t *days_from(const fel_report *r, size_t first)
{
    json_part list = json_list_begin();
    for (size_t i = first; i < r->equity.n; i++) {
        json_list_put(&list, json_of_text(r->equity.day[i]));
    }
    return json_end(&list);
}

json_t *json_equity(const fel_report *r)
{
    const report_equity *e = &r->equity;
    json_part map = json_map_begin();
    json_map_put(&map, "day", days_from(r, 0));
    json_map_put(&map, "equity", json_of_numbers(e->equity, e->n));
    json_map_put(&map, "cash", json_of_numbers(e->cash, e->n));
    json_map_put(&map, "gross_exposure", json_of_numbers(e->gross_exposure, e->n));
    json_map_put(&map, "net_exposure", json_of_numbers(e->net_exposure, e->n));
    json_map_put(&map, "turnover", json_of_numbers(e->turnover, e->n));
    json_map_put(&map, "costs", json_of_numbers(e->costs, e->n));
    json_map_put(&map, "daily_return", json_of_numbers(e->daily_return, e->n));
    json_map_put(&map, "drawdown", json_of_numbers(e->drawdown, e->n));
    json_map_put(&map, "benchmark", json_of_numbers(e->benchmark, e->n));
    json_map_put(&map, "benchmark_drawdown", json_of_numbers(e->benchmark_drawdown, e->n));
    return json_end(&map);
}

static json_t *drawdown(const fel_report *r, const report_drawdown *d)
{
    const report_equity *e = &r->equity;
    json_part map = json_map_begin();
    json_map_put(&map, "depth", json_of_number(d->depth));
    json_map_put(&map, "peak", json_of_text(e->day[d->peak]));
    json_map_put(&map, "trough", json_of_text(e->day[d->trough]));
    json_map_put(&map, "recovery",
                 d->is_recovered ? json_of_text(e->day[d->recovery]) : json_null());
    json_map_put(&map, "peak_index", json_of_count(d->peak));
    json_map_put(&map, "trough_index", json_of_count(d->trough));
    json_map_put(&map, "recovery_index",
                 d->is_recovered ? json_of_count(d->recovery) : json_null());
    json_map_put(&map, "down_days", json_integer(d->down_days));
    json_map_put(&map, "recovery_days",
                 d->is_recovered ? json_integer(d->recovery_days) : json_null());
    json_map_put(&map, "total_days", json_integer(d->total_days));
    return json_end(&map);
}

json_t *json_drawdowns(const fel_report *r)
{
    json_part list = json_list_begin();
    for (size_t i = 0; i < r->n_drawdowns; i++) {
        json_list_put(&list, drawdown(r, &r->drawdowns[i]));
    }
    return json_end(&list);
}

json_t *json_monthly(const fel_report *r)
{
    const report_monthly *m = &r->monthly;
    json_part map = json_map_begin(), years = json_list_begin(), months = json_list_begin();
    for (size_t y = 0; y < m->n_years; y++) {
        json_list_put(&years, json_integer(m->year[y]));
        json_list_put(&months, json_of_numbers(m->month[y], 12));
    }
    json_map_put(&map, "years", json_end(&years));
    json_map_put(&map, "returns", json_end(&months));
    json_map_put(&map, "year_returns",
                 m->n_years > 0 ? json_of_numbers(m->year_return, m->n_years) : json_array());
    json_map_put(&map, "benchmark_year_returns",
                 json_of_numbers(m->benchmark_year_return, m->n_years));
    return json_end(&map);
}

json_t *json_rolling(const fel_report *r)
{
    const report_rolling *x = &r->rolling;
    json_part map = json_map_begin();
    json_map_put(&map, "window", json_of_count(x->window));
    json_map_put(&map, "convention", json_of_text(x->convention));
    json_map_put(&map, "day", x->n > 0 ? days_from(r, x->window) : json_array());
    json_map_put(&map, "sharpe", x->n > 0 ? json_of_numbers(x->sharpe, x->n) : json_array());
    json_map_put(&map, "volatility",
                 x->n > 0 ? json_of_numbers(x->volatility, x->n) : json_array());
    json_map_put(&map, "benchmark_sharpe", json_of_numbers(x->benchmark_sharpe, x->n));
    return json_end(&map);
}

json_t *json_histogram(const fel_report *r)
{
    const report_histogram *h = &r->histogram;
    json_part map = json_map_begin(), counts = json_list_begin();
    for (size_t k = 0; k < h->n_bins; k++) {
        json_list_put(&counts, json_of_count(h->counts[k]));
    }
    json_map_put(&map, "edges",
                 h->n_bins > 0 ? json_of_numbers(h->edges, h->n_bins + 1) : json_array());
    json_map_put(&map, "counts", json_end(&counts));
    json_map_put(&map, "mean", json_of_number(h->mean));
    json_map_put(&map, "deviation", json_of_number(h->deviation));
    return json_end(&map);
}

json_t *json_costs_over_time(const fel_report *r)
{
    json_part map = json_map_begin(), list = json_list_begin();
    running_sum total = {0};
    for (size_t i = 0; i < r->equity.n; i++) {
        running_add(&total, r->equity.costs[i]);
        json_list_put(&list, json_of_number(running_value(&total)));
    }
    json_map_put(&map, "day", days_from(r, 0));
    json_map_put(&map, "cumulative", json_end(&list));
    return json_end(&map);
}

json_t *json_prices(const fel_report *r)
{
    json_part list = json_list_begin();
    for (size_t i = 0; i < r->n_prices; i++) {
        const report_prices *p = &r->prices[i];
        json_part map = json_map_begin();
        json_map_put(&map, "instrument", json_of_count(p->instrument));
        json_map_put(&map, "n_source_bars", json_of_count(p->n_source));
        json_map_put(&map, "bars_per_point", json_of_count(p->bars_per_point));
        json_map_put(&map, "time", json_of_instants(p->time_ns, p->n));
        json_map_put(&map, "open", json_of_numbers(p->open, p->n));
        json_map_put(&map, "high", json_of_numbers(p->high, p->n));
        json_map_put(&map, "low", json_of_numbers(p->low, p->n));
        json_map_put(&map, "close", json_of_numbers(p->close, p->n));
        json_map_put(&map, "volume", json_of_numbers(p->volume, p->n));
        json_list_put(&list, json_end(&map));
    }
    return json_end(&list);
}
