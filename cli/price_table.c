/* cli/price_table.c - a CSV of options as a table of texts (libcsv). */
#include <csv.h>
#include <errno.h>
#include <string.h>

#include "cli/price_internal.h"
#include "core/array.h"

typedef struct cell_list {
    char **items;
    size_t n, capacity;
} cell_list;

typedef struct table_reader {
    const char *path;
    price_table *table;
    cell_list cells;
    size_t row_cells; /* of the row being read */
    fel_status status;
} table_reader;

/* A field begins or ends with no blanks: libcsv drops those around it. */
static void take_field(void *bytes, size_t length, void *payload)
{
    table_reader *reader = payload;
    char *text = arena_array(&reader->table->memory, length + 1, 1);
    if (reader->status != FEL_OK) {
        return;
    }
    if (text == NULL) {
        reader->status = FEL_RAISE(FEL_ERR_NOMEM, "%s: out of memory", reader->path);
        return;
    }
    if (length > 0) {
        memcpy(text, bytes, length);
    }
    reader->row_cells++;
    reader->status = ARRAY_PUSH(&reader->cells, text);
}

static void take_row(int end, void *payload)
{
    table_reader *reader = payload;
    price_table *table = reader->table;
    (void)end;
    if (reader->status != FEL_OK) {
        return;
    }
    if (table->n_rows == 0) {
        table->n_columns = reader->row_cells;
    } else if (reader->row_cells != table->n_columns) {
        reader->status =
            FEL_RAISE(FEL_ERR_FORMAT, "%s: row %zu: %zu fields, the header has %zu", reader->path,
                      table->n_rows + 1, reader->row_cells, table->n_columns);
    }
    table->n_rows++;
    reader->row_cells = 0;
}

static fel_status parse_stream(table_reader *reader, FILE *stream)
{
    struct csv_parser parser;
    static char bytes[1 << 16];
    size_t n = 0;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        return FEL_RAISE(FEL_ERR_NOMEM, "%s: out of memory", reader->path);
    }
    while (reader->status == FEL_OK && (n = fread(bytes, 1, sizeof(bytes), stream)) > 0) {
        if (csv_parse(&parser, bytes, n, take_field, take_row, reader) != n) {
            reader->status = FEL_RAISE(FEL_ERR_FORMAT, "%s: row %zu: %s", reader->path,
                                       reader->table->n_rows + 1,
                                       csv_error(&parser) == CSV_EPARSE
                                           ? "a quote within a field that does not begin with one, "
                                             "or text after a closing quote"
                                           : csv_strerror(csv_error(&parser)));
        }
    }
    if (reader->status == FEL_OK && ferror(stream)) {
        reader->status = FEL_RAISE(FEL_ERR_IO, "%s: %s", reader->path, strerror(errno));
    }
    if (reader->status == FEL_OK && csv_fini(&parser, take_field, take_row, reader) != 0) {
        reader->status = FEL_RAISE(FEL_ERR_FORMAT, "%s: row %zu: a quote is not closed",
                                   reader->path, reader->table->n_rows + 1);
    }
    csv_free(&parser);
    return reader->status;
}

fel_status price_table_read(price_table *out, const char *path)
{
    *out = (price_table){.n_rows = 0};
    table_reader reader = {.path = path, .table = out, .status = FEL_OK};
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        return FEL_RAISE(FEL_ERR_IO, "%s: cannot open: %s", path, strerror(errno));
    }
    fel_status status = parse_stream(&reader, stream);
    (void)fclose(stream);
    out->cells = reader.cells.items;
    if (status == FEL_OK && out->n_rows < 2) {
        status = FEL_RAISE(FEL_ERR_FORMAT, "%s: a header and at least one option are needed", path);
    }
    if (status != FEL_OK) {
        price_table_clear(out);
    }
    return status;
}

void price_table_clear(price_table *table)
{
    free(table->cells);
    arena_free(&table->memory);
    *table = (price_table){.n_rows = 0};
}
