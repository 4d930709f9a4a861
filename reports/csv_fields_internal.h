/* reports/csv_fields_internal.h - fields of CSV rows; each is followed by `end`: a comma or the
 * line's end. */
#ifndef FEL_REPORTS_CSV_FIELDS_INTERNAL_H
#define FEL_REPORTS_CSV_FIELDS_INTERNAL_H

#ifndef FEL_MODULE_REPORTS
#error "reports/csv_fields_internal.h belongs to reports/: other modules use feller/report.h"
#endif

#include <stdio.h>

#include "reports/report_model_internal.h"

void csv_text(FILE *f, const char *text, char end); /* quoted where it must be */
void csv_number(FILE *f, double value, char end);   /* shortest that reads back; NaN: nothing */
void csv_money(FILE *f, fel_money value, char end);
void csv_count(FILE *f, uint64_t n, char end);
void csv_time(FILE *f, int64_t time_ns, char end); /* FEL_TIME_MIN and FEL_TIME_MAX: nothing */

#endif
