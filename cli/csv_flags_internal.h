/* cli/csv_flags_internal.h - the flags that say how to read a CSV, shared by import, info and
 * check. */
#ifndef FEL_CLI_CSV_FLAGS_INTERNAL_H
#define FEL_CLI_CSV_FLAGS_INTERNAL_H

#ifndef FEL_MODULE_CLI
#error "cli/csv_flags_internal.h belongs to cli/"
#endif

#include <feller/data.h>

#include "cli/cli_internal.h"

enum { CSV_FLAG_FIRST = 0x400, CSV_FLAG_LAST = 0x4ff };

/* clang-format off */
/* Rows of an argp_option table, one for each field of fel_csv_options. */
#define CSV_FLAG_ROWS \
    {NULL, 0, NULL, 0, "How to read the CSV:", 2}, \
    {"layout", CSV_FLAG_LAYOUT, "NAME", 0, "Layout, see feller list layouts; else detected", 0}, \
    {"symbol", CSV_FLAG_SYMBOL, "NAME", 0, "Instrument; else the file's name", 0}, \
    {"zone", CSV_FLAG_ZONE, "ZONE", 0, "IANA zone of the times; else UTC or the layout's", 0}, \
    {"session", CSV_FLAG_SESSION, "HH:MM-HH:MM", 0, "Local hours of a daily bar; else the whole day", 0}, \
    {"stamp", CSV_FLAG_STAMP, "open|close", 0, "What an intraday row's time is; else open", 0}, \
    {"map", CSV_FLAG_MAP, "COLUMNS", 0, "By header or number: time=Date,close=5", 0}, \
    {"date-format", CSV_FLAG_DATE_FORMAT, "ymd|dmy|mdy", 0, "Order in ambiguous dates", 0}, \
    {"currency", CSV_FLAG_CURRENCY, "CODE", 0, "Currency of the prices", 0}, \
    {"delimiter", CSV_FLAG_DELIMITER, "CHAR", 0, "One character, or tab; else detected", 0}, \
    {"allow-negative", CSV_FLAG_NEGATIVE, NULL, 0, "Zero and negative prices are legal", 0}, \
    {"no-gaps", CSV_FLAG_NO_GAPS, NULL, 0, "A gap between bars is an error", 0}, \
    {"sort", CSV_FLAG_SORT, NULL, 0, "Turn a newest-first file round", 0}, \
    {"adjustment", CSV_FLAG_ADJUSTMENT, "WORD", 0, "raw, split or total_return", 0}, \
    {"kind", CSV_FLAG_KIND, "KIND", 0, "equity, index, fx, crypto_spot, future, perpetual", 0}, \
    {"ticks", CSV_FLAG_TICKS, "N", 0, "Ticks in one unit of price; else detected", 0}, \
    {"frequency", CSV_FLAG_FREQUENCY, "LENGTH", 0, "Bar length: 1d, 4h, 1m; else detected", 0}, \
    {"bad-rows", CSV_FLAG_BAD_ROWS, "WORD", 0, "stop (default) or quarantine", 0}, \
    {"quarantine", CSV_FLAG_QUARANTINE, "FILE", 0, "Where bad rows go; else CSV.rejected.csv", 0}, \
    {"signals", CSV_FLAG_SIGNALS, "COLUMNS", 0, "Read these columns as signals: forecast,side", 0}
/* clang-format on */

enum {
    CSV_FLAG_LAYOUT = CSV_FLAG_FIRST,
    CSV_FLAG_SYMBOL,
    CSV_FLAG_ZONE,
    CSV_FLAG_SESSION,
    CSV_FLAG_STAMP,
    CSV_FLAG_MAP,
    CSV_FLAG_DATE_FORMAT,
    CSV_FLAG_CURRENCY,
    CSV_FLAG_DELIMITER,
    CSV_FLAG_NEGATIVE,
    CSV_FLAG_NO_GAPS,
    CSV_FLAG_SORT,
    CSV_FLAG_ADJUSTMENT,
    CSV_FLAG_KIND,
    CSV_FLAG_TICKS,
    CSV_FLAG_FREQUENCY,
    CSV_FLAG_BAD_ROWS,
    CSV_FLAG_QUARANTINE,
    CSV_FLAG_SIGNALS
};

/* Is `key` one of the flags above? */
static inline int csv_flag_is(int key)
{
    return key >= CSV_FLAG_FIRST && key <= CSV_FLAG_LAST;
}

/* Put one flag's value into the options. 0, or EINVAL after a message. `text` must outlive options.
 */
error_t csv_flag_read(fel_csv_options *options, const char *command, int key, const char *text);

/* "5,283 rows, 2 quarantined (first: ...)": one line about a file that was read. */
void csv_print_summary(const char *path, const fel_csv_options *options,
                       const fel_csv_summary *summary);

#endif
