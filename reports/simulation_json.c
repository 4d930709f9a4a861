/* reports/simulation_json.c - what the JSON of Monte Carlo and calibration reports share. */
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
