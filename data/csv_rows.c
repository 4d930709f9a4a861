/* data/csv_rows.c - lists of rows and fields, and where to cut bytes between two rows. */
#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "data/csv_rows_internal.h"

void csv_rows_clear(csv_rows *rows)
{
    free(rows->fields);
    free(rows->rows);
    free(rows->text);
    *rows = (csv_rows){0};
}

fel_status csv_rows_push_field(csv_rows *rows, const char *text, size_t size)
{
    FEL_TRY(array_reserve((void **)&rows->fields, &rows->fields_capacity, rows->n_fields,
                          sizeof(rows->fields[0])));
    rows->fields[rows->n_fields++] = (csv_field){text, (uint32_t)size, 0};
    return FEL_OK;
}

fel_status csv_rows_push_row(csv_rows *rows, const csv_row *row)
{
    FEL_TRY(array_reserve((void **)&rows->rows, &rows->rows_capacity, rows->n_rows,
                          sizeof(rows->rows[0])));
    rows->rows[rows->n_rows++] = *row;
    return FEL_OK;
}

fel_status csv_rows_parse(csv_rows *rows, const char *bytes, size_t size, char delimiter)
{
    rows->fault_line = 0;
    return memchr(bytes, '"', size) == NULL ? csv_rows_scan(rows, bytes, size, delimiter)
                                            : csv_rows_libcsv(rows, bytes, size, delimiter);
}

/* After the last row end of bytes[0..size), 0 if there is none. A CR at the very end may be the
 * first half of CRLF. */
static size_t after_last_end(const char *bytes, size_t size, int at_end)
{
    const char *line_feed = memrchr(bytes, '\n', size);
    if (line_feed != NULL) {
        return (size_t)(line_feed - bytes) + 1;
    }
    const size_t n = size > 0 && !at_end ? size - 1 : size;
    const char *carriage_return = memrchr(bytes, '\r', n);
    return carriage_return != NULL ? (size_t)(carriage_return - bytes) + 1 : 0;
}

size_t csv_rows_cut(const char *bytes, size_t size, int at_end)
{
    if (at_end) {
        return size;
    }
    size_t best = 0, start = 0;
    for (int is_quoted = 0; start <= size; is_quoted = !is_quoted) {
        const char *quote = start < size ? memchr(bytes + start, '"', size - start) : NULL;
        const size_t end = quote != NULL ? (size_t)(quote - bytes) : size;
        /* An even number of quotes before it: this stretch is outside quotes. */
        const size_t cut =
            is_quoted ? 0 : after_last_end(bytes + start, end - start, quote != NULL);
        best = cut > 0 ? start + cut : best;
        if (quote == NULL) {
            break;
        }
        start = end + 1;
    }
    return best;
}
