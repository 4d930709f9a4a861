/* reports/hedge_json.c - a hedging report as one JSON text: a section a line, in the order of
 * docs/report_json.md. */
#include "reports/hedge_report_internal.h"

static void schema(json_writer *w, const void *report)
{
    (void)report;
    json_put_text(w, NULL, "feller-hedge");
}
static void schema_version(json_writer *w, const void *report)
{
    (void)report;
    json_put_count(w, NULL, 1);
}
static void title(json_writer *w, const void *report)
{
    const fel_hedge_report *r = report;
    json_put_text(w, NULL, text_of(r->title));
}
static void currency(json_writer *w, const void *report)
{
    const fel_hedge_report *r = report;
    json_put_text(w, NULL, text_of(r->currency));
}
static void conventions(json_writer *w, const void *report)
{
    const fel_hedge_report *r = report;
    json_map_begin(w, NULL);
    json_put_number(w, "confidence", r->confidence);
    json_map_end(w);
}
static void notes(json_writer *w, const void *report)
{
    json_list_begin(w, NULL);
    hedgers_notes(report, json_take_note, w);
    json_list_end(w);
}
/* Real prices and bootstraps may have no law to show. */
static void process(json_writer *w, const void *report)
{
    const fel_hedge_report *r = report;
    if (r->process.name == NULL) {
        json_put_null(w, NULL);
    } else {
        json_put_process(w, NULL, &r->process);
    }
}
static void tail_levels(json_writer *w, const void *report)
{
    static const double none[1];
    const fel_hedge_report *r = report;
    json_put_numbers(w, NULL, r->n_tail_levels > 0 ? r->tail_levels : none, r->n_tail_levels);
}
static void parameters(json_writer *w, const void *report)
{
    const fel_hedge_report *r = report;
    json_put_pairs(w, NULL, r->parameters, r->n_parameters);
}
static void manifest(json_writer *w, const void *report)
{
    const fel_hedge_report *r = report;
    json_put_pairs(w, NULL, r->manifest, r->n_manifest);
}

fel_status hedgers_put_json(const void *report, FILE *stream)
{
    static const simulation_key keys[] = {
        {"schema", schema},
        {"schema_version", schema_version},
        {"title", title},
        {"currency", currency},
        {"study", hedgers_json_study},
        {"conventions", conventions},
        {"notes", notes},
        {"process", process},
        {"instruments", hedgers_json_instruments},
        {"measures", hedgers_json_measures},
        {"tail_levels", tail_levels},
        {"hedgers", hedgers_json_hedgers},
        {"comparisons", hedgers_json_comparisons},
        {"curves", hedgers_json_curves},
        {"trials", hedgers_json_trials},
        {"frontier", hedgers_json_frontier},
        {"surfaces", hedgers_json_surfaces},
        {"samples", hedgers_json_samples},
        {"spectra", hedgers_json_spectra},
        {"lives", hedgers_json_lives},
        {"parameters", parameters},
        {"manifest", manifest},
    };
    return simulation_put_json(report, stream, keys, sizeof(keys) / sizeof(keys[0]));
}
