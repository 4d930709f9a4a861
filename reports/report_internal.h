/* reports/report_internal.h - what the files of reports/ share: the report's files, each put onto a
 * stream. */
#ifndef FEL_REPORTS_REPORT_INTERNAL_H
#define FEL_REPORTS_REPORT_INTERNAL_H

#ifndef FEL_MODULE_REPORTS
#error "reports/report_internal.h belongs to reports/: other modules use feller/report.h"
#endif

#include <feller/report.h>

/* What a file holds. Errors of the stream stay on it: whoever closes it looks. */
fel_status report_put_json(const fel_report *report, FILE *stream); /* json_report.c */
fel_status report_put_html(const fel_report *report, FILE *stream); /* html_write.c */
fel_status csv_put_equity(const fel_report *report, FILE *stream);  /* csv_report.c */
fel_status csv_put_trades(const fel_report *report, FILE *stream);
fel_status csv_put_orders(const fel_report *report, FILE *stream);
fel_status csv_put_order_events(const fel_report *report, FILE *stream);
fel_status csv_put_fills(const fel_report *report, FILE *stream);
fel_status csv_put_positions(const fel_report *report, FILE *stream);

/* The whole report as JSON text, byte for byte what fel_report_write_json() writes:
 * docs/report_json.md names every key. UTF-8; numbers in the shortest text that reads back as the
 * same bits; NaN and infinities are null. The text may hold '<' (in titles): whoever puts it into
 * HTML escapes that. *out is the caller's: free(). */
fel_status report_json_text(const fel_report *report, char **out);

#endif
