/* reports/json_internal.h - building the report's JSON: values, maps that keep their order,
 * sections.
 *
 * A function that makes a value gives NULL when memory is out; a map or list that is given NULL
 * gives NULL itself in the end, so only the last result needs to be looked at. */
#ifndef FEL_REPORTS_JSON_INTERNAL_H
#define FEL_REPORTS_JSON_INTERNAL_H

#ifndef FEL_MODULE_REPORTS
#error "reports/json_internal.h belongs to reports/: other modules use feller/report.h"
#endif

#include <jansson.h>

#include "reports/report_model_internal.h"

/* ---- values (json_values.c) ------------------------------------------------------------------ */

json_t *json_of_number(double value);                    /* NaN and infinities: null */
json_t *json_of_count(uint64_t n);                       /* a whole number */
json_t *json_of_text(const char *text);                  /* bytes that are not UTF-8 become '?' */
json_t *json_of_instant(int64_t time_ns);                /* "2020-04-20T16:00:00Z" */
json_t *json_of_numbers(const double *values, size_t n); /* null if values is NULL */
json_t *json_of_instants(const int64_t *times_ns, size_t n);
json_t *json_of_names(const char *const *names, size_t n);

/* A map (json_object) or list (json_array) under construction. */
typedef struct json_part {
    json_t *json;
    int failed;
} json_part;
json_part json_map_begin(void);
json_part json_list_begin(void);
void json_map_put(json_part *map, const char *key, json_t *value);
void json_list_put(json_part *list, json_t *value);
json_t *json_end(json_part *part);

/* ---- sections -------------------------------------------------------------------------------- */

typedef json_t *(*json_section)(const fel_report *report);

json_t *json_instruments(const fel_report *r); /* json_head.c */
json_t *json_period(const fel_report *r);
json_t *json_conventions(const fel_report *r);
json_t *json_notes(const fel_report *r);
json_t *json_parameters(const fel_report *r);
json_t *json_manifest(const fel_report *r);
json_t *json_headline(const fel_report *r);
json_t *json_scores(const fel_report *r);

json_t *json_equity(const fel_report *r); /* json_lines.c */
json_t *json_drawdowns(const fel_report *r);
json_t *json_monthly(const fel_report *r);
json_t *json_rolling(const fel_report *r);
json_t *json_histogram(const fel_report *r);
json_t *json_costs_over_time(const fel_report *r);
json_t *json_prices(const fel_report *r);

json_t *json_exposure(const fel_report *r); /* json_tables.c */
json_t *json_turnover(const fel_report *r);
json_t *json_costs(const fel_report *r);
json_t *json_trade_statistics(const fel_report *r);
json_t *json_trades(const fel_report *r);
json_t *json_fills(const fel_report *r);
json_t *json_orders(const fel_report *r);
json_t *json_positions(const fel_report *r);
json_t *json_variants(const fel_report *r);

#endif
