/* reports/json_report.c - the report as one JSON text: a section a line, in the order of
 * docs/report_json.md. */
#include <stdio.h>
#include <stdlib.h>

#include "core/core.h"
#include "reports/json_internal.h"
#include "reports/report_internal.h"

static json_t *schema(const fel_report *r)
{
    (void)r;
    return json_of_text("feller-report");
}
static json_t *schema_version(const fel_report *r)
{
    (void)r;
    return json_integer(1);
}
static json_t *title(const fel_report *r)
{
    return json_of_text(r->title);
}
static json_t *strategy(const fel_report *r)
{
    return json_of_text(r->strategy_name);
}
static json_t *benchmark_name(const fel_report *r)
{
    return r->benchmark_name != NULL ? json_of_text(r->benchmark_name) : json_null();
}
static json_t *currency(const fel_report *r)
{
    return json_of_text(r->currency);
}
static json_t *order_hash(const fel_report *r)
{
    return json_of_text(r->result.order_hash);
}

static const struct {
    const char *key;
    json_section make;
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
    {"order_hash", order_hash},
};
enum { N_SECTIONS = sizeof(sections) / sizeof(sections[0]) };

static fel_status write_section(const fel_report *r, size_t i, FILE *stream)
{
    const size_t flags = JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(17);
    json_t *value = sections[i].make(r);
    if (value == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for the report's \"%s\"", sections[i].key);
    }
    /* A failed write stays on the stream and is found when it is closed. */
    (void)fprintf(stream, "%s\"%s\":", i == 0 ? "{" : ",\n", sections[i].key);
    (void)json_dumpf(value, stream, flags);
    json_decref(value);
    return FEL_OK;
}

static fel_status write_sections(const fel_report *r, FILE *stream)
{
    for (size_t i = 0; i < N_SECTIONS; i++) {
        FEL_TRY(write_section(r, i, stream));
    }
    (void)fputs("}\n", stream);
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
    fel_status status = write_sections(report, stream);
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

fel_status fel_report_write_json(const fel_report *report, const char *path)
{
    outfile file;
    FEL_TRY(outfile_open(&file, path));
    const fel_status status = write_sections(report, file.stream);
    if (status != FEL_OK) {
        outfile_abandon(&file);
        return status;
    }
    return outfile_commit(&file);
}
