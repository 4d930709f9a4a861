/* reports/simulation_json.c - what the JSON of Monte Carlo, calibration and hedging reports share.
 */
#include <math.h>
#include <stdlib.h>

#include "reports/simulation_internal.h"

fel_status simulation_put_json(const void *report, FILE *stream, const simulation_key *keys,
                               size_t n)
{
    json_writer w;
    text_out_begin(&w.out, stream);
    for (size_t i = 0; i < n; i++) {
        text_out_text(&w.out, i == 0 ? "{\"" : ",\n\"");
        text_out_text(&w.out, keys[i].key);
        text_out_text(&w.out, "\":");
        w.is_first = 1;
        keys[i].put(&w, report);
    }
    text_out_text(&w.out, "}\n");
    text_out_flush(&w.out);
    return FEL_OK;
}

void json_put_pairs(json_writer *w, const char *key, const fel_report_pair *pairs, size_t n)
{
    json_list_begin(w, key);
    for (size_t i = 0; i < n; i++) {
        json_map_begin(w, NULL);
        json_put_text(w, "key", pairs[i].key);
        json_put_text(w, "value", pairs[i].value);
        json_map_end(w);
    }
    json_list_end(w);
}

static void put_parameter(json_writer *w, const fel_report_parameter *p)
{
    json_map_begin(w, NULL);
    json_put_text(w, "name", p->name);
    json_put_text(w, "label", text_of(p->label));
    json_put_text(w, "unit", text_of(p->unit));
    json_put_number(w, "value", p->value);
    json_put_number(w, "standard_error", p->standard_error);
    json_put_number(w, "min", p->min);
    json_put_number(w, "max", p->max);
    json_put_integer(w, "is_at_bound", p->is_at_bound != 0);
    json_map_end(w);
}

void json_put_process(json_writer *w, const char *key, const fel_report_process *process)
{
    char line[FELLER_TEXT_SIZE];
    feller_text(process, line);
    json_map_begin(w, key);
    json_put_text(w, "asset", text_of(process->asset));
    json_put_text(w, "name", text_of(process->name));
    json_put_text(w, "summary", text_of(process->summary));
    json_list_begin(w, "parameters");
    for (size_t i = 0; i < process->n_parameters; i++) {
        put_parameter(w, &process->parameters[i]);
    }
    json_list_end(w);
    json_put_number(w, "feller_margin", process->feller_margin);
    json_put_number(w, "variance_degrees", process->variance_degrees);
    json_put_text(w, "feller", line);
    json_map_end(w);
}

void json_put_table_head(json_writer *w, const char *const *columns, size_t n)
{
    json_list_begin(w, "columns");
    for (size_t i = 0; i < n; i++) {
        json_put_text(w, NULL, columns[i]);
    }
    json_list_end(w);
}

void json_take_note(void *writer, const char *severity, const char *text)
{
    json_writer *w = writer;
    json_map_begin(w, NULL);
    json_put_text(w, "severity", severity);
    json_put_text(w, "text", text);
    json_map_end(w);
}

void json_put_bins(json_writer *w, const char *key, const fel_report_bins *b)
{
    if (b->n == 0) {
        json_put_null(w, key);
        return;
    }
    json_map_begin(w, key);
    json_put_numbers(w, "edges", b->edges, b->n + 1);
    json_list_begin(w, "counts");
    for (size_t k = 0; k < b->n; k++) {
        json_put_count(w, NULL, b->counts[k]);
    }
    json_list_end(w);
    json_put_count(w, "n_below", b->n_below);
    json_put_count(w, "n_above", b->n_above);
    json_map_end(w);
}

void json_put_grid(json_writer *w, const char *key, const double *values, size_t n_rows,
                   size_t n_columns)
{
    if (values == NULL) {
        json_put_null(w, key);
        return;
    }
    json_list_begin(w, key);
    for (size_t i = 0; i < n_rows; i++) {
        json_put_numbers(w, NULL, values + i * n_columns, n_columns);
    }
    json_list_end(w);
}

/* A power of ten up to 22 is exact, so what is divided or multiplied by it reads back as written.
 */
void json_put_rounded(json_writer *w, const char *key, double value, int digits)
{
    const double size = fabs(value);
    if (isfinite(value) && size > 0.0) {
        const int places = digits - 1 - (int)floor(log10(size));
        const double power = pow(10.0, fmin(abs(places), 300.0));
        value = places >= 0 ? round(value * power) / power : round(value / power) * power;
    }
    json_put_number(w, key, value);
}
