/* reports/html_write.c - the report as one HTML file: the page that was embedded at build time,
 * with the report's JSON inside. The page draws from that JSON, so its numbers are those of
 * report.json. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/html_internal.h"
#include "reports/report_internal.h"

static const char *escape_of(char c)
{
    switch (c) {
    case '<':
        return "\\u003c";
    case '>':
        return "\\u003e";
    default:
        return "\\u0026";
    }
}

void html_write_json(FILE *stream, const char *json)
{
    for (;;) {
        const size_t plain = strcspn(json, "<>&");
        fwrite(json, 1, plain, stream);
        json += plain;
        if (*json == '\0') {
            return;
        }
        fputs(escape_of(*json), stream);
        json++;
    }
}

fel_status report_put_html(const fel_report *report, FILE *stream)
{
    char *json = NULL;
    FEL_TRY(report_json_text(report, &json));
    fwrite(report_page_head, 1, report_page_head_size, stream);
    html_write_json(stream, json);
    fwrite(report_page_tail, 1, report_page_tail_size, stream);
    free(json);
    return FEL_OK;
}
