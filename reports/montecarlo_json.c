/* reports/montecarlo_json.c - a Monte Carlo report as one JSON text: a section a line, in the order
 * of docs/report_json.md. */
#include "reports/montecarlo_json_internal.h"

static void schema(json_writer *w, const void *report)
{
    (void)report;
    json_put_text(w, NULL, "feller-montecarlo");
}
static void schema_version(json_writer *w, const void *report)
{
    (void)report;
    json_put_count(w, NULL, 1);
}
static void title(json_writer *w, const void *report)
{
    const fel_montecarlo_report *r = report;
    json_put_text(w, NULL, text_of(r->title));
}
static void strategy(json_writer *w, const void *report)
{
    const fel_montecarlo_report *r = report;
    json_put_text(w, NULL, text_of(r->strategy_name));
}
static void benchmark_name(json_writer *w, const void *report)
{
    const fel_montecarlo_report *r = report;
    if (r->benchmark_name != NULL) {
        json_put_text(w, NULL, r->benchmark_name);
    } else {
        json_put_null(w, NULL);
    }
}
static void currency(json_writer *w, const void *report)
{
    const fel_montecarlo_report *r = report;
    json_put_text(w, NULL, text_of(r->currency));
}
static void notes(json_writer *w, const void *report)
{
    json_list_begin(w, NULL);
    montecarlo_notes(report, json_take_note, w);
    json_list_end(w);
}
static void parameters(json_writer *w, const void *report)
{
    const fel_montecarlo_report *r = report;
    json_put_pairs(w, NULL, r->parameters, r->n_parameters);
}
static void manifest(json_writer *w, const void *report)
{
    const fel_montecarlo_report *r = report;
    json_put_pairs(w, NULL, r->manifest, r->n_manifest);
}

fel_status montecarlo_put_json(const void *report, FILE *stream)
{
    static const simulation_key keys[] = {
        {"schema", schema},
        {"schema_version", schema_version},
        {"title", title},
        {"strategy", strategy},
        {"benchmark_name", benchmark_name},
        {"currency", currency},
        {"study", montecarlo_json_study},
        {"conventions", montecarlo_json_conventions},
        {"notes", notes},
        {"processes", montecarlo_json_processes},
        {"correlation", montecarlo_json_correlation},
        {"distributions", montecarlo_json_distributions},
        {"probabilities", montecarlo_json_probabilities},
        {"fan", montecarlo_json_fan},
        {"paths", montecarlo_json_paths},
        {"values", montecarlo_json_values},
        {"parameters", parameters},
        {"manifest", manifest},
    };
    return simulation_put_json(report, stream, keys, sizeof(keys) / sizeof(keys[0]));
}
