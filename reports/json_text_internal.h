/* reports/json_text_internal.h - texts inside JSON. */
#ifndef FEL_REPORTS_JSON_TEXT_INTERNAL_H
#define FEL_REPORTS_JSON_TEXT_INTERNAL_H

#ifndef FEL_MODULE_REPORTS
#error "reports/json_text_internal.h belongs to reports/: other modules use feller/report.h"
#endif

#include "core/text_out.h"

/* In quotes, escaped where JSON asks for it; of a text that is not UTF-8 every byte beyond ASCII
 * becomes '?'. */
void json_text_quoted(text_out *out, const char *text);

#endif
