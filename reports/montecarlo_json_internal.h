/* reports/montecarlo_json_internal.h - sections of a Monte Carlo report's JSON; each puts one
 * value, without a key. */
#ifndef FEL_REPORTS_MONTECARLO_JSON_INTERNAL_H
#define FEL_REPORTS_MONTECARLO_JSON_INTERNAL_H

#ifndef FEL_MODULE_REPORTS
#error "reports/montecarlo_json_internal.h belongs to reports/"
#endif

#include "reports/simulation_internal.h"

void montecarlo_json_study(json_writer *w, const void *report); /* montecarlo_json_head.c */
void montecarlo_json_conventions(json_writer *w, const void *report);
void montecarlo_json_processes(json_writer *w, const void *report);
void montecarlo_json_correlation(json_writer *w, const void *report);

void montecarlo_json_distributions(json_writer *w, const void *report); /* montecarlo_json_data.c */
void montecarlo_json_probabilities(json_writer *w, const void *report);
void montecarlo_json_fan(json_writer *w, const void *report);
void montecarlo_json_paths(json_writer *w, const void *report);
void montecarlo_json_values(json_writer *w, const void *report);

#endif
