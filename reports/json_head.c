/* reports/json_head.c - what a run was and how it scored: the JSON's first sections. */
#include "reports/json_internal.h"

static json_t *pairs(const fel_report_pair *items, size_t n, const char *key, const char *value)
{
    json_part list = json_list_begin();
    for (size_t i = 0; i < n; i++) {
        json_part pair = json_map_begin();
        json_map_put(&pair, key, json_of_text(items[i].key));
        json_map_put(&pair, value, json_of_text(items[i].value));
        json_list_put(&list, json_end(&pair));
    }
    return json_end(&list);
}

json_t *json_instruments(const fel_report *r)
{
    json_part list = json_list_begin();
    for (uint32_t i = 0; i < r->result.n_instruments; i++) {
        json_list_put(&list, json_of_text(report_symbol(r, i)));
    }
    return json_end(&list);
}

json_t *json_period(const fel_report *r)
{
    const size_t n_days = r->equity.n - 1;
    json_part map = json_map_begin();
    json_map_put(&map, "first", json_of_instant(r->equity.time_ns[0]));
    json_map_put(&map, "last", json_of_instant(r->equity.time_ns[n_days]));
    json_map_put(&map, "n_days", json_of_count(n_days));
    json_map_put(&map, "years", json_of_number((double)n_days / r->periods_per_year));
    json_map_put(&map, "n_events", json_of_count(r->result.n_events));
    json_map_put(&map, "n_bars", json_of_count(r->result.n_bars));
    return json_end(&map);
}

json_t *json_conventions(const fel_report *r)
{
    json_part map = json_map_begin();
    json_map_put(&map, "periods_per_year", json_of_number(r->periods_per_year));
    json_map_put(&map, "risk_free_per_year", json_of_number(r->risk_free_per_year));
    json_map_put(&map, "returns", json_of_text(r->conventions));
    return json_end(&map);
}

json_t *json_notes(const fel_report *r)
{
    return pairs(r->notes, r->n_notes, "severity", "text");
}

json_t *json_parameters(const fel_report *r)
{
    return pairs(r->parameters, r->n_parameters, "key", "value");
}

json_t *json_manifest(const fel_report *r)
{
    return pairs(r->manifest, r->n_manifest, "key", "value");
}

/* Scores of the headline; the errors are no metrics and have no benchmark beside them. */
static const struct {
    const char *name;
    int is_metric;
} headline[] = {
    {"total_return", 1}, {"annual_return", 1},       {"annual_volatility", 1}, {"sharpe_ratio", 1},
    {"sharpe_error", 0}, {"sharpe_error_robust", 0}, {"max_drawdown", 1},
};
enum { N_HEADLINE = sizeof(headline) / sizeof(headline[0]) };

static json_t *benchmark_headline(const fel_report *r)
{
    const fel_cvec factor = report_benchmark_returns(r), none = {NULL, 0};
    if (r->benchmark_name == NULL) {
        return json_null();
    }
    json_part map = json_map_begin();
    for (size_t i = 0; i < N_HEADLINE; i++) {
        const fel_metric_class *metric;
        if (headline[i].is_metric && fel_metric_find(headline[i].name, &metric) == FEL_OK) {
            json_map_put(&map, metric->name,
                         json_of_number(metric->eval(factor, none, &r->options)));
        }
    }
    return json_end(&map);
}

json_t *json_headline(const fel_report *r)
{
    json_part map = json_map_begin();
    json_map_put(&map, "initial_cash", json_of_number(r->result.initial_cash));
    json_map_put(&map, "final_equity", json_of_number(fel_money_value(r->result.final_equity)));
    json_map_put(&map, "net", json_of_number(fel_money_value(r->result.waterfall.net)));
    for (size_t i = 0; i < N_HEADLINE; i++) {
        json_map_put(&map, headline[i].name, json_of_number(fel_report_score(r, headline[i].name)));
    }
    json_map_put(&map, "n_trades", json_of_count(r->n_trades - r->n_open_trades));
    json_map_put(&map, "turnover_per_year", json_of_number(r->exposure.turnover_per_year));
    json_map_put(&map, "total_costs", json_of_number(r->total_costs));
    json_map_put(&map, "benchmark", benchmark_headline(r));
    return json_end(&map);
}

json_t *json_scores(const fel_report *r)
{
    json_part list = json_list_begin();
    for (size_t i = 0; i < r->n_scores; i++) {
        const fel_score *s = &r->scores[i];
        json_part map = json_map_begin();
        json_map_put(&map, "name", json_of_text(s->name));
        json_map_put(&map, "label", json_of_text(s->label));
        json_map_put(&map, "unit", json_of_text(report_unit_name(s->unit)));
        json_map_put(&map, "value", json_of_number(s->value));
        json_map_put(&map, "benchmark", json_of_number(s->benchmark));
        json_map_put(&map, "convention", json_of_text(s->convention));
        json_list_put(&list, json_end(&map));
    }
    return json_end(&list);
}
