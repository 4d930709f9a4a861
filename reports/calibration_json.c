/* reports/calibration_json.c - a calibration as one JSON text: a section a line, in the order of
 * docs/report_json.md. */
#include "reports/simulation_internal.h"

static void schema(json_writer *w, const void *report)
{
    (void)report;
    json_put_text(w, NULL, "feller-calibration");
}
static void schema_version(json_writer *w, const void *report)
{
    (void)report;
    json_put_count(w, NULL, 1);
}
static void title(json_writer *w, const void *report)
{
    const fel_calibration_report *r = report;
    json_put_text(w, NULL, text_of(r->title));
}
static void notes(json_writer *w, const void *report)
{
    json_list_begin(w, NULL);
    calibration_notes(report, json_take_note, w);
    json_list_end(w);
}
static void process(json_writer *w, const void *report)
{
    const fel_calibration_report *r = report;
    json_put_process(w, NULL, &r->process);
}
static void parameters(json_writer *w, const void *report)
{
    const fel_calibration_report *r = report;
    json_put_pairs(w, NULL, r->parameters, r->n_parameters);
}
static void manifest(json_writer *w, const void *report)
{
    const fel_calibration_report *r = report;
    json_put_pairs(w, NULL, r->manifest, r->n_manifest);
}

static void study(json_writer *w, const void *report)
{
    const fel_calibration_report *r = report;
    json_map_begin(w, NULL);
    json_put_text(w, "chain", text_of(r->chain));
    json_put_text(w, "model", text_of(r->model));
    json_put_text(w, "objective", text_of(r->objective));
    json_put_text(w, "objective_unit", text_of(r->objective_unit));
    json_put_text(w, "residual_unit", text_of(r->residual_unit));
    json_put_text(w, "weight", text_of(r->weight));
    json_put_number(w, "spot", r->spot);
    json_put_count(w, "seed", r->seed);
    json_put_count(w, "n_rows", r->n_rows);
    json_put_number(w, "seconds", r->seconds);
    json_map_end(w);
}

static void fit(json_writer *w, const void *report)
{
    const fel_calibration_report *r = report;
    const spread_hits hits = hits_of(r);
    json_map_begin(w, NULL);
    json_put_number(w, "sum_of_squares", r->sum_of_squares);
    json_put_number(w, "rmse", r->rmse);
    json_put_number(w, "rmse_vol_points", r->rmse_vol_points);
    json_put_number(w, "condition", r->condition);
    json_put_count(w, "n_quotes", r->n_quotes);
    json_put_count(w, "n_inside_spread", hits.n_inside);
    json_put_count(w, "n_with_spread", hits.n);
    json_put_count(w, "n_starts", r->n_starts);
    json_put_count(w, "n_agreeing", r->n_agreeing);
    json_put_count(w, "n_iterations", r->n_iterations);
    json_put_count(w, "n_evaluations", r->n_evaluations);
    json_map_end(w);
}

static void maturities(json_writer *w, const void *report)
{
    const fel_calibration_report *r = report;
    json_list_begin(w, NULL);
    for (size_t i = 0; i < r->n_quotes;) {
        const maturity_fit m = maturity_at(r, i);
        json_map_begin(w, NULL);
        json_put_number(w, "t_years", m.t_years);
        json_put_count(w, "first", m.first);
        json_put_count(w, "n", m.n);
        json_put_number(w, "forward", m.forward);
        json_put_number(w, "market_vol_at_forward", m.market_vol);
        json_put_number(w, "model_vol_at_forward", m.model_vol);
        json_put_number(w, "rmse_vol_points", m.rmse_vol_points);
        json_put_number(w, "mean_vol_points", m.mean_vol_points);
        json_map_end(w);
        i += m.n;
    }
    json_list_end(w);
}

static void put_quote(json_writer *w, const fel_calibration_quote *q)
{
    json_list_begin(w, NULL);
    json_put_integer(w, NULL, q->row);
    json_put_integer(w, NULL, q->is_put != 0);
    json_put_number(w, NULL, q->t_years);
    json_put_number(w, NULL, q->strike);
    json_put_number(w, NULL, q->forward);
    json_put_number(w, NULL, q->discount);
    json_put_number(w, NULL, q->strike / q->forward);
    json_put_number(w, NULL, q->market_vol);
    json_put_number(w, NULL, q->bid_vol);
    json_put_number(w, NULL, q->ask_vol);
    json_put_number(w, NULL, q->model_vol);
    json_put_number(w, NULL, vol_points(q));
    json_put_number(w, NULL, q->market_price);
    json_put_number(w, NULL, q->model_price);
    json_put_number(w, NULL, q->residual);
    json_put_number(w, NULL, q->weight);
    json_list_end(w);
}

static void quotes(json_writer *w, const void *report)
{
    static const char *const columns[] = {"row",          "is_put",      "t_years",   "strike",
                                          "forward",      "discount",    "moneyness", "market_vol",
                                          "bid_vol",      "ask_vol",     "model_vol", "vol_points",
                                          "market_price", "model_price", "residual",  "weight"};
    const fel_calibration_report *r = report;
    json_map_begin(w, NULL);
    json_put_table_head(w, columns, sizeof(columns) / sizeof(columns[0]));
    json_list_begin(w, "rows");
    for (size_t i = 0; i < r->n_quotes; i++) {
        put_quote(w, &r->quotes[i]);
    }
    json_list_end(w);
    json_map_end(w);
}

static void curves(json_writer *w, const void *report)
{
    const fel_calibration_report *r = report;
    json_list_begin(w, NULL);
    for (size_t i = 0; i < r->n_curves; i++) {
        const fel_calibration_curve *c = &r->curves[i];
        json_map_begin(w, NULL);
        json_put_number(w, "t_years", c->t_years);
        json_put_numbers(w, "strike", c->strikes, c->n);
        json_put_numbers(w, "model_vol", c->vols, c->n);
        json_map_end(w);
    }
    json_list_end(w);
}

static void starts(json_writer *w, const void *report)
{
    const fel_calibration_report *r = report;
    json_list_begin(w, NULL);
    for (size_t i = 0; i < r->n_starts_listed; i++) {
        const fel_calibration_start *s = &r->starts[i];
        json_map_begin(w, NULL);
        json_put_numbers(w, "parameters", s->parameters, r->process.n_parameters);
        json_put_number(w, "sum_of_squares", s->sum_of_squares);
        json_put_count(w, "n_iterations", s->n_iterations);
        json_put_integer(w, "is_agreeing", s->is_agreeing != 0);
        json_put_text(w, "end", text_of(s->end));
        json_map_end(w);
    }
    json_list_end(w);
}

static void refusals(json_writer *w, const void *report)
{
    const fel_calibration_report *r = report;
    json_list_begin(w, NULL);
    for (size_t i = 0; i < r->n_refusals; i++) {
        const fel_calibration_refusal *x = &r->refusals[i];
        json_map_begin(w, NULL);
        json_put_text(w, "reason", text_of(x->reason));
        json_put_text(w, "meaning", text_of(x->meaning));
        json_put_text(w, "first", text_of(x->first));
        json_put_count(w, "n", x->n);
        json_map_end(w);
    }
    json_list_end(w);
}

fel_status calibration_put_json(const void *report, FILE *stream)
{
    static const simulation_key keys[] = {
        {"schema", schema},
        {"schema_version", schema_version},
        {"title", title},
        {"study", study},
        {"notes", notes},
        {"process", process},
        {"fit", fit},
        {"maturities", maturities},
        {"quotes", quotes},
        {"curves", curves},
        {"starts", starts},
        {"refusals", refusals},
        {"parameters", parameters},
        {"manifest", manifest},
    };
    return simulation_put_json(report, stream, keys, sizeof(keys) / sizeof(keys[0]));
}
