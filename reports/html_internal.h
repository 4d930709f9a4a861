/* reports/html_internal.h - the page of the HTML report: text before and after its JSON. */
#ifndef FEL_REPORTS_HTML_INTERNAL_H
#define FEL_REPORTS_HTML_INTERNAL_H

#ifndef FEL_MODULE_REPORTS
#error "reports/html_internal.h belongs to reports/: other modules use feller/report.h"
#endif

#include <stddef.h>
#include <stdio.h>

#include <feller/base.h>

/* Made from reports/web/ at build time; UTF-8, not terminated. */
extern const unsigned char report_page_head[];
extern const size_t report_page_head_size;
extern const unsigned char report_page_tail[];
extern const size_t report_page_tail_size;

/* JSON as the text of an HTML script element: '<', '>' and '&', which stand only inside JSON's
 * strings, become \u003c, \u003e and \u0026, so that no string ends the element or starts a
 * comment. Errors of the stream stay on it. */
void html_write_json(FILE *stream, const char *json);

#endif
