/* reports/json_head.c - what a run was and how it scored: the JSON's first sections. */
#include "reports/json_internal.h"

static void pairs(json_writer *w, const fel_report_pair *items, size_t n, const char *key,
                  const char *value)
{
    json_list_begin(w, NULL);
    for (size_t i = 0; i < n; i++) {
        json_map_begin(w, NULL);
        json_put_text(w, key, items[i].key);
        json_put_text(w, value, items[i].value);
        json_map_end(w);
    }
    json_list_end(w);
}

void json_instruments(json_writer *w, const fel_report *r)
{
    json_list_begin(w, NULL);
    for (uint32_t i = 0; i < r->result.n_instruments; i++) {
        json_put_text(w, NULL, report_symbol(r, i));
    }
    json_list_end(w);
}

void json_period(json_writer *w, const fel_report *r)
{
    const size_t n_days = r->equity.n - 1;
    json_map_begin(w, NULL);
    json_put_instant(w, "first", r->equity.time_ns[0]);
    json_put_instant(w, "last", r->equity.time_ns[n_days]);
    json_put_count(w, "n_days", n_days);
    json_put_number(w, "years", (double)n_days / r->periods_per_year);
    json_put_count(w, "n_events", r->result.n_events);
    json_put_count(w, "n_bars", r->result.n_bars);
    json_map_end(w);
}

void json_conventions(json_writer *w, const fel_report *r)
{
    json_map_begin(w, NULL);
    json_put_number(w, "periods_per_year", r->periods_per_year);
    json_put_number(w, "risk_free_per_year", r->risk_free_per_year);
    json_put_text(w, "returns", r->conventions);
    json_map_end(w);
}

void json_notes(json_writer *w, const fel_report *r)
{
    pairs(w, r->notes, r->n_notes, "severity", "text");
}

void json_parameters(json_writer *w, const fel_report *r)
{
    pairs(w, r->parameters, r->n_parameters, "key", "value");
}

void json_manifest(json_writer *w, const fel_report *r)
{
    pairs(w, r->manifest, r->n_manifest, "key", "value");
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

static void benchmark_headline(json_writer *w, const fel_report *r)
{
    const fel_cvec factor = report_benchmark_returns(r), none = {NULL, 0};
    if (r->benchmark_name == NULL) {
        json_put_null(w, "benchmark");
        return;
    }
    json_map_begin(w, "benchmark");
    for (size_t i = 0; i < N_HEADLINE; i++) {
        const fel_metric_class *metric;
        if (headline[i].is_metric && fel_metric_find(headline[i].name, &metric) == FEL_OK) {
            json_put_number(w, metric->name, metric->eval(factor, none, &r->options));
        }
    }
    json_map_end(w);
}

void json_headline(json_writer *w, const fel_report *r)
{
    json_map_begin(w, NULL);
    json_put_number(w, "initial_cash", r->result.initial_cash);
    json_put_money(w, "final_equity", r->result.final_equity);
    json_put_money(w, "net", r->result.waterfall.net);
    for (size_t i = 0; i < N_HEADLINE; i++) {
        json_put_number(w, headline[i].name, fel_report_score(r, headline[i].name));
    }
    json_put_count(w, "n_trades", r->n_trades - r->n_open_trades);
    json_put_number(w, "turnover_per_year", r->exposure.turnover_per_year);
    json_put_number(w, "total_costs", r->total_costs);
    benchmark_headline(w, r);
    json_map_end(w);
}

void json_scores(json_writer *w, const fel_report *r)
{
    json_list_begin(w, NULL);
    for (size_t i = 0; i < r->n_scores; i++) {
        const fel_score *s = &r->scores[i];
        json_map_begin(w, NULL);
        json_put_text(w, "name", s->name);
        json_put_text(w, "label", s->label);
        json_put_text(w, "unit", report_unit_name(s->unit));
        json_put_number(w, "value", s->value);
        json_put_number(w, "benchmark", s->benchmark);
        json_put_text(w, "convention", s->convention);
        json_map_end(w);
    }
    json_list_end(w);
}
