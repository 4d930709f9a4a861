/* reports/json_report.c - the report as one JSON text: a section a line, in the order of
 * docs/report_json.md. */
#include <stdio.h>
#include <stdlib.h>

#include "reports/json_internal.h"
#include "reports/report_internal.h"

static void schema(json_writer *w, const fel_report *r)
{
    (void)r;
    json_put_text(w, NULL, "feller-report");
}
static void schema_version(json_writer *w, const fel_report *r)
{
    (void)r;
    json_put_count(w, NULL, 1);
}
static void title(json_writer *w, const fel_report *r)
{
    json_put_text(w, NULL, r->title);
}
static void strategy(json_writer *w, const fel_report *r)
{
    json_put_text(w, NULL, r->strategy_name);
}
static void benchmark_name(json_writer *w, const fel_report *r)
{
    if (r->benchmark_name != NULL) {
        json_put_text(w, NULL, r->benchmark_name);
    } else {
        json_put_null(w, NULL);
    }
}
static void currency(json_writer *w, const fel_report *r)
{
    json_put_text(w, NULL, r->currency);
}
static void order_hash(json_writer *w, const fel_report *r)
{
    json_put_text(w, NULL, r->result.order_hash);
}

static const struct {
    const char *key;
    json_section put;
} sections[] = {
    {"schema", schema},
    {"schema_version", schema_version},
    {"title", title},
    {"strategy", strategy},
    {"benchmark_name", benchmark_name},
    {"currency", currency},
    {"instruments", json_instruments},
    {"period", json_period},
    {"conventions", json_conventions},
    {"notes", json_notes},
    {"parameters", json_parameters},
    {"manifest", json_manifest},
    {"headline", json_headline},
    {"scores", json_scores},
    {"equity", json_equity},
    {"drawdowns", json_drawdowns},
    {"monthly", json_monthly},
    {"rolling", json_rolling},
    {"histogram", json_histogram},
    {"exposure", json_exposure},
    {"turnover", json_turnover},
    {"costs", json_costs},
    {"costs_over_time", json_costs_over_time},
    {"trade_statistics", json_trade_statistics},
    {"trades", json_trades},
    {"fills", json_fills},
    {"orders", json_orders},
    {"positions", json_positions},
    {"prices", json_prices},
    {"variants", json_variants},
    {"forecast", json_forecast},
    {"order_hash", order_hash},
};
enum { N_SECTIONS = sizeof(sections) / sizeof(sections[0]) };

fel_status report_put_json(const fel_report *r, FILE *stream)
{
    json_writer w;
    text_out_begin(&w.out, stream);
    for (size_t i = 0; i < N_SECTIONS; i++) {
        text_out_text(&w.out, i == 0 ? "{\"" : ",\n\"");
        text_out_text(&w.out, sections[i].key);
        text_out_text(&w.out, "\":");
        w.is_first = 1;
        sections[i].put(&w, r);
    }
    text_out_text(&w.out, "}\n");
    text_out_flush(&w.out);
    return FEL_OK;
}

fel_status report_json_text(const fel_report *report, char **out)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for the report's JSON");
    }
    fel_status status = report_put_json(report, stream);
    const int failed = ferror(stream);
    if (fclose(stream) != 0 || failed) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "no memory for the report's JSON");
    }
    if (status != FEL_OK) {
        free(text);
        return status;
    }
    *out = text;
    return FEL_OK;
}
