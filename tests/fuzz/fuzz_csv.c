/* tests/fuzz/fuzz_csv.c - any bytes as a CSV file: no crash, no leak, no outcome that depends on
 * how it is cut. */
#include <stdio.h>
#include <string.h>

#define FEL_MODULE_DATA
#include "data/csv_reader_internal.h"
#include "tests/fuzz/fuzz_target.h"

/* Rows of the whole, and of its two parts around the last row end of each half. */
static const char *try_rows(const char *bytes, size_t size)
{
    static const char delimiters[] = ",;\t|";
    const char *fault = NULL;
    for (size_t d = 0; d < 4; d++) {
        csv_rows whole = {0}, left = {0}, right = {0};
        if (csv_rows_parse(&whole, bytes, size, delimiters[d]) == FEL_OK) {
            const size_t cut = csv_rows_cut(bytes, size / 2, 0);
            const fel_status first = csv_rows_parse(&left, bytes, cut, delimiters[d]);
            const fel_status second =
                csv_rows_parse(&right, bytes + cut, size - cut, delimiters[d]);
            if (first != FEL_OK || second != FEL_OK || left.n_rows + right.n_rows != whole.n_rows ||
                left.n_fields + right.n_fields != whole.n_fields) {
                fault = "the rows of two halves are not those of the whole";
            }
        }
        csv_rows_clear(&whole);
        csv_rows_clear(&left);
        csv_rows_clear(&right);
    }
    return fault;
}

/* Read it all; the counts, or the message of the failure. */
static void read_all(const char *path, size_t batch_bytes, char *outcome, size_t size)
{
    csv_reader *r = NULL;
    csv_batch batch = {0};
    fel_csv_summary s = {0};
    const fel_csv_options options = fel_csv_options_default();
    fel_status status = csv_reader_open_sized(&r, path, &options, batch_bytes, batch_bytes);
    do {
        status = status == FEL_OK ? csv_reader_next(r, &batch) : status;
    } while (status == FEL_OK && batch.n > 0);
    status = status == FEL_OK ? csv_reader_finish(r, &s) : status;
    (void)snprintf(outcome, size, "%s %llu %llu %llu %s", s.layout, (unsigned long long)s.n_rows,
                   (unsigned long long)s.n_accepted, (unsigned long long)s.n_gaps,
                   status != FEL_OK ? fel_last_error()->message : "");
    csv_reader_close(r);
}

const char *fuzz_csv(const uint8_t *data, size_t size)
{
    static char whole[640], pieces[640], both[1400];
    const char *fault = try_rows((const char *)data, size);
    const char *path = fuzz_file(data, size);
    if (fault != NULL || path == NULL) {
        return fault;
    }
    read_all(path, 1 << 20, whole, sizeof(whole));
    read_all(path, 7, pieces, sizeof(pieces));
    (void)snprintf(both, sizeof(both), "\"%s\" whole, \"%s\" in pieces", whole, pieces);
    return strcmp(whole, pieces) != 0 ? both : NULL;
}
