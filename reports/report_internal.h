/* reports/report_internal.h - what the files of reports/ share: the report as JSON text. */
#ifndef FEL_REPORTS_REPORT_INTERNAL_H
#define FEL_REPORTS_REPORT_INTERNAL_H

#ifndef FEL_MODULE_REPORTS
#error "reports/report_internal.h belongs to reports/: other modules use feller/report.h"
#endif

#include <feller/report.h>

/* The whole report as JSON text, byte for byte what fel_report_write_json() writes:
 * docs/report_json.md names every key. UTF-8; numbers with 17 significant digits; NaN and
 * infinities are null. The text may hold '<' (in titles): whoever puts it into HTML escapes that.
 * *out is the caller's: free(). */
fel_status report_json_text(const fel_report *report, char **out);

#endif
