/* data/csv_libcsv.c - taking bytes with quotes apart, through libcsv in its strict mode.
 *
 * libcsv gives fields and row ends without saying where it is, so it is fed one line at a time: a
 * line after which no row end was reported ended inside quotes. */
#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "data/csv_rows_internal.h"

typedef struct feeding {
    csv_rows *rows;
    size_t text_used;
    size_t first_field;
    uint32_t row_line;
    size_t row_start, line_end; /* raw bytes of the row: up to here, the row end not counted */
    int row_ended;
    fel_status status;
} feeding;

static void on_field(void *text, size_t size, void *payload)
{
    feeding *f = payload;
    char *copy = f->rows->text + f->text_used;
    if (size > 0) {
        memcpy(copy, text, size);
    }
    f->text_used += size;
    if (f->status == FEL_OK) {
        f->status = csv_rows_push_field(f->rows, copy, size);
    }
}

static void on_row(int terminator, void *payload)
{
    feeding *f = payload;
    (void)terminator;
    f->row_ended = 1;
    const size_t n_fields = f->rows->n_fields - f->first_field;
    if (n_fields == 0 || f->status != FEL_OK) {
        return;
    }
    const csv_row row = {(uint32_t)f->first_field, (uint32_t)n_fields, f->row_line,
                         (uint32_t)f->row_start, (uint32_t)(f->line_end - f->row_start)};
    f->status = csv_rows_push_row(f->rows, &row);
    f->first_field = f->rows->n_fields;
}

/* No field is longer than the bytes it is made of, so that the copies fit and stay where they are.
 */
static fel_status make_text(csv_rows *rows, size_t size)
{
    if (rows->text_capacity < size + 1) {
        char *text = realloc(rows->text, size + 1);
        if (text == NULL) {
            return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu bytes of quoted fields", size);
        }
        rows->text = text;
        rows->text_capacity = size + 1;
    }
    return FEL_OK;
}

/* One past the line end that is first at or after `from`; size if there is none. */
static size_t end_of_line(const char *bytes, size_t from, size_t size)
{
    size_t at = from;
    while (at < size && bytes[at] != '\n' && bytes[at] != '\r') {
        at++;
    }
    return at < size ? at + 1 : size;
}

static fel_status raise_quotes(csv_rows *rows, uint32_t line)
{
    rows->fault_line = line;
    return FEL_RAISE(FEL_ERR_FORMAT, "quotes are not as they should be");
}

static fel_status feed_lines(feeding *f, struct csv_parser *parser, const char *bytes, size_t size)
{
    uint32_t line = 0;
    for (size_t at = 0; at < size;) {
        const size_t next = end_of_line(bytes, at, size);
        const int has_end = bytes[next - 1] == '\n' || bytes[next - 1] == '\r';
        f->line_end = next - (has_end ? 1 : 0);
        f->row_ended = 0;
        if (csv_parse(parser, bytes + at, next - at, on_field, on_row, f) != next - at) {
            return raise_quotes(f->rows, line);
        }
        FEL_TRY(f->status);
        line += has_end && !(bytes[next - 1] == '\r' && next < size && bytes[next] == '\n') ? 1 : 0;
        if (f->row_ended) {
            f->row_start = next;
            f->row_line = line;
        }
        at = next;
    }
    f->rows->n_lines = line;
    f->line_end = size;
    if (csv_fini(parser, on_field, on_row, f) != 0) {
        return raise_quotes(f->rows, f->row_line);
    }
    return f->status;
}

fel_status csv_rows_libcsv(csv_rows *rows, const char *bytes, size_t size, char delimiter)
{
    struct csv_parser parser;
    feeding f = {.rows = rows};
    rows->n_fields = 0;
    rows->n_rows = 0;
    FEL_TRY(make_text(rows, size));
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0) {
        return FEL_RAISE(FEL_ERR_INTERNAL, "libcsv cannot be started");
    }
    csv_set_delim(&parser, (unsigned char)delimiter);
    const fel_status status = feed_lines(&f, &parser, bytes, size);
    csv_free(&parser);
    return status;
}
