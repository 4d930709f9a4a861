/* reports/csv_fields_internal.h - fields of CSV rows; each is followed by `end`: a comma or the
 * line's end. */
#ifndef FEL_REPORTS_CSV_FIELDS_INTERNAL_H
#define FEL_REPORTS_CSV_FIELDS_INTERNAL_H

#ifndef FEL_MODULE_REPORTS
#error "reports/csv_fields_internal.h belongs to reports/: other modules use feller/report.h"
#endif

#include "core/text_out.h"
#include "reports/report_model_internal.h"

void csv_word(text_out *out, const char *word, char end); /* needs no quotes */
void csv_text(text_out *out, const char *text, char end); /* quoted where it must be */
void csv_number(text_out *out, double value, char end); /* shortest that reads back; NaN: nothing */
void csv_money(text_out *out, fel_money value, char end);
void csv_count(text_out *out, uint64_t n, char end);
void csv_time(text_out *out, int64_t time_ns,
              char end); /* FEL_TIME_MIN and FEL_TIME_MAX: nothing */

#endif
