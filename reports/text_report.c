/* reports/text_report.c - the report for a terminal: plain text, at most 100 columns, what matters
 * first. */
#include <errno.h>
#include <string.h>

#include "reports/text_internal.h"

typedef void (*text_block)(const fel_report *report, FILE *file);

static const text_block blocks[] = {
    text_title,     text_notes,  text_headline, text_forecast,  text_costs,    text_trades,
    text_drawdowns, text_months, text_orders,   text_positions, text_variants, text_conventions,
};

fel_status fel_report_write_terminal(const fel_report *report, FILE *file)
{
    for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
        blocks[i](report, file);
    }
    if (fflush(file) != 0 || ferror(file)) {
        return FEL_RAISE(FEL_ERR_IO, "the report could not be printed: %s", strerror(errno));
    }
    return FEL_OK;
}
