/* reports/json_internal.h - the report's JSON, written as it goes: values, maps, lists, sections.
 *
 * Every value is put with its key, NULL in a list; commas come by themselves. */
#ifndef FEL_REPORTS_JSON_INTERNAL_H
#define FEL_REPORTS_JSON_INTERNAL_H

#ifndef FEL_MODULE_REPORTS
#error "reports/json_internal.h belongs to reports/: other modules use feller/report.h"
#endif

#include "core/text_out.h"
#include "reports/report_model_internal.h"

typedef struct json_writer {
    text_out out;
    int is_first; /* of its map or list: needs no comma */
} json_writer;

/* ---- values (json_values.c) ------------------------------------------------------------------ */

void json_map_begin(json_writer *w, const char *key);
void json_map_end(json_writer *w);
void json_list_begin(json_writer *w, const char *key);
void json_list_end(json_writer *w);
void json_put_null(json_writer *w, const char *key);
void json_put_number(json_writer *w, const char *key, double value); /* null if not finite */
void json_put_money(json_writer *w, const char *key, fel_money value);
void json_put_count(json_writer *w, const char *key, uint64_t n);
void json_put_integer(json_writer *w, const char *key, int64_t n);
void json_put_text(json_writer *w, const char *key, const char *text); /* not UTF-8: '?' */
void json_put_instant(json_writer *w, const char *key, int64_t time_ns);

/* A list of n numbers; null if values is NULL. */
void json_put_numbers(json_writer *w, const char *key, const double *values, size_t n);

/* ---- sections: each puts one value, without a key -------------------------------------------- */

typedef void (*json_section)(json_writer *w, const fel_report *r);

void json_instruments(json_writer *w, const fel_report *r); /* json_head.c */
void json_period(json_writer *w, const fel_report *r);
void json_conventions(json_writer *w, const fel_report *r);
void json_notes(json_writer *w, const fel_report *r);
void json_parameters(json_writer *w, const fel_report *r);
void json_manifest(json_writer *w, const fel_report *r);
void json_headline(json_writer *w, const fel_report *r);
void json_scores(json_writer *w, const fel_report *r);

void json_equity(json_writer *w, const fel_report *r); /* json_lines.c */
void json_drawdowns(json_writer *w, const fel_report *r);
void json_monthly(json_writer *w, const fel_report *r);
void json_rolling(json_writer *w, const fel_report *r);
void json_histogram(json_writer *w, const fel_report *r);
void json_costs_over_time(json_writer *w, const fel_report *r);
void json_prices(json_writer *w, const fel_report *r);

void json_exposure(json_writer *w, const fel_report *r); /* json_tables.c */
void json_turnover(json_writer *w, const fel_report *r);
void json_costs(json_writer *w, const fel_report *r);
void json_trade_statistics(json_writer *w, const fel_report *r);
void json_trades(json_writer *w, const fel_report *r);
void json_fills(json_writer *w, const fel_report *r);
void json_orders(json_writer *w, const fel_report *r);
void json_positions(json_writer *w, const fel_report *r);
void json_variants(json_writer *w, const fel_report *r);
/* Into a map: all of a variant but its name. */
void json_put_variant(json_writer *w, const fel_report_variant *v);

void json_forecast(json_writer *w, const fel_report *r); /* json_forecast.c */

#endif
