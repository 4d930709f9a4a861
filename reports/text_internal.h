/* reports/text_internal.h - the terminal report: numbers as people read them, and its blocks. */
#ifndef FEL_REPORTS_TEXT_INTERNAL_H
#define FEL_REPORTS_TEXT_INTERNAL_H

#ifndef FEL_MODULE_REPORTS
#error "reports/text_internal.h belongs to reports/: other modules use feller/report.h"
#endif

#include <stdio.h>

#include "reports/report_model_internal.h"

enum { TEXT_WIDTH = 100, TEXT_VALUE_SIZE = 80 };

/* ---- text_values.c --------------------------------------------------------------------------- */

/* "12.34 %", "1.234", "0.25 y", "1,234", "1,234.56"; "-" for NaN. */
void text_value(const fel_report *r, fel_metric_unit unit, double value,
                char text[TEXT_VALUE_SIZE]);
/* "-1234.56" as "-1,234.56". */
void text_group(const char *plain, char text[TEXT_VALUE_SIZE]);
void text_heading(FILE *f, const char *title);
/* Words of `text` in lines of TEXT_WIDTH, all but the first indented. `used` columns are taken. */
void text_wrapped(FILE *f, const char *text, size_t indent, size_t used);

/* ---- blocks (text_blocks.c, text_tables.c) --------------------------------------------------- */

void text_title(const fel_report *r, FILE *f);
void text_notes(const fel_report *r, FILE *f);
void text_headline(const fel_report *r, FILE *f);
void text_costs(const fel_report *r, FILE *f);
void text_conventions(const fel_report *r, FILE *f);
void text_forecast(const fel_report *r, FILE *f); /* text_forecast.c */

void text_trades(const fel_report *r, FILE *f);
void text_drawdowns(const fel_report *r, FILE *f);
void text_months(const fel_report *r, FILE *f);
void text_orders(const fel_report *r, FILE *f);
void text_positions(const fel_report *r, FILE *f);
void text_variants(const fel_report *r, FILE *f);

#endif
