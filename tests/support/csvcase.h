/* tests/support/csvcase.h - small CSV files and what comes of them. */
#ifndef FEL_TESTS_CSVCASE_H
#define FEL_TESTS_CSVCASE_H

#include <feller/data.h>

/* Write bytes to a new file of this name; its path is good until the next call. size -1: a string.
 */
const char *csv_case_file(const char *name, const char *bytes, long size);

/* Read a file that must be good. The caller clears the list. */
fel_csv_summary csv_case_read(fel_series_list *list, const char *path,
                              const fel_csv_options *options);

/* Read text that must fail, and compare the message after "<path>: " (or all of it if it does not
 * begin so) with what is expected. */
#define CHECK_CSV_ERROR(bytes, size, options, expected)                                            \
    csv_case_error((bytes), (size), (options), (expected), __FILE__, __LINE__)
void csv_case_error(const char *bytes, long size, const fel_csv_options *options,
                    const char *expected, const char *file, int line);

/* A time of a row as text, "2020-04-20T16:00:00Z"; static buffers, four at a time. */
const char *csv_case_time(int64_t time_ns);

/* The text of a whole file; the caller frees it. */
char *csv_case_slurp(const char *path, size_t *size);

#endif
