/* reports/montecarlo_json_head.c - what was simulated and how: sections of a Monte Carlo report's
 * JSON. */
#include "reports/montecarlo_json_internal.h"

void montecarlo_json_study(json_writer *w, const void *report)
{
    const fel_montecarlo_report *r = report;
    json_map_begin(w, NULL);
    json_put_count(w, "seed", r->seed);
    json_put_count(w, "n_paths", r->n_paths);
    json_put_count(w, "n_paths_asked", r->n_paths_asked);
    json_put_count(w, "n_paths_ruined", r->n_paths_ruined);
    json_put_number(w, "initial_cash", r->initial_cash);
    json_put_number(w, "seconds", r->seconds);
    json_put_text(w, "data", text_of(r->data));
    json_put_text(w, "strategy", text_of(r->strategy_text));
    json_put_text(w, "costs", text_of(r->costs_text));
    json_map_end(w);
}

void montecarlo_json_conventions(json_writer *w, const void *report)
{
    const fel_montecarlo_report *r = report;
    json_map_begin(w, NULL);
    json_put_number(w, "periods_per_year", r->periods_per_year);
    json_put_number(w, "risk_free_per_year", r->risk_free_per_year);
    json_put_number(w, "confidence", r->confidence);
    json_map_end(w);
}

void montecarlo_json_processes(json_writer *w, const void *report)
{
    const fel_montecarlo_report *r = report;
    json_list_begin(w, NULL);
    for (size_t i = 0; i < r->n_processes; i++) {
        json_put_process(w, NULL, &r->processes[i]);
    }
    json_list_end(w);
}

void montecarlo_json_correlation(json_writer *w, const void *report)
{
    const fel_montecarlo_report *r = report;
    if (r->n_drivers == 0) {
        json_put_null(w, NULL);
        return;
    }
    json_map_begin(w, NULL);
    json_list_begin(w, "drivers");
    for (size_t i = 0; i < r->n_drivers; i++) {
        json_put_text(w, NULL, text_of(r->drivers[i]));
    }
    json_list_end(w);
    json_list_begin(w, "rows");
    for (size_t i = 0; i < r->n_drivers; i++) {
        json_put_numbers(w, NULL, r->correlation + i * r->n_drivers, r->n_drivers);
    }
    json_list_end(w);
    json_map_end(w);
}
