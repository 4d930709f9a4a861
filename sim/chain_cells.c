/* sim/chain_cells.c - the bytes of a chain as rows of cells, by libcsv.
 *
 * libcsv does not say where it is, so it is fed one line at a time and a row takes the line that it
 * began in. */
#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"
#include "sim/chain_internal.h"

enum { BINARY_LOOK = 1 << 12 };

typedef struct feeding {
    chain_cells *cells;
    size_t text_used, first_cell;
    int32_t line, row_line;
    int is_in_row;
    fel_status status;
} feeding;

static void on_cell(void *text, size_t size, void *payload)
{
    feeding *f = payload;
    chain_cells *c = f->cells;
    char *copy = c->text + f->text_used;
    if (f->status == FEL_OK) {
        f->status =
            array_reserve((void **)&c->cells, &c->cell_capacity, c->n_cells, sizeof(c->cells[0]));
    }
    if (f->status != FEL_OK) {
        return;
    }
    if (size > 0) {
        memcpy(copy, text, size);
    }
    copy[size] = '\0';
    f->text_used += size + 1;
    c->cells[c->n_cells++] = copy;
}

static void on_row(int terminator, void *payload)
{
    feeding *f = payload;
    chain_cells *c = f->cells;
    (void)terminator;
    f->is_in_row = 0;
    const size_t n = c->n_cells - f->first_cell;
    if (f->status == FEL_OK && n > 0) {
        f->status =
            array_reserve((void **)&c->rows, &c->row_capacity, c->n_rows, sizeof(c->rows[0]));
    }
    if (f->status == FEL_OK && n > 0) {
        const chain_row row = {f->first_cell, (uint32_t)n, f->row_line};
        c->rows[c->n_rows++] = row;
        f->first_cell = c->n_cells;
    }
}

/* One past the end of the line that begins at `from`; a carriage return with a line feed is one. */
static size_t end_of_line(const char *bytes, size_t from, size_t size)
{
    size_t at = from;
    while (at < size && bytes[at] != '\n' && bytes[at] != '\r') {
        at++;
    }
    if (at + 1 < size && bytes[at] == '\r' && bytes[at + 1] == '\n') {
        at++;
    }
    return at < size ? at + 1 : size;
}

static fel_status raise_quotes(const feeding *f, const char *path)
{
    return FEL_RAISE(FEL_ERR_FORMAT,
                     "%s: row %d: a quotation mark stands alone: those inside a cell are doubled",
                     path, f->row_line);
}

static fel_status feed_lines(feeding *f, struct csv_parser *parser, const char *path,
                             const char *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        const size_t next = end_of_line(bytes, at, size);
        f->line++;
        f->row_line = f->is_in_row ? f->row_line : f->line;
        f->is_in_row = 1;
        if (csv_parse(parser, bytes + at, next - at, on_cell, on_row, f) != next - at) {
            return raise_quotes(f, path);
        }
        FEL_TRY(f->status);
        at = next;
    }
    return csv_fini(parser, on_cell, on_row, f) == 0 ? f->status : raise_quotes(f, path);
}

/* Whichever of them the first lines have most of. */
static char find_delimiter(const char *bytes, size_t size)
{
    static const char candidates[] = {',', ';', '\t', '|'};
    size_t n[sizeof(candidates)] = {0}, best = 0;
    for (size_t i = 0; i < size && i < BINARY_LOOK; i++) {
        for (size_t k = 0; k < sizeof(candidates); k++) {
            n[k] += bytes[i] == candidates[k] ? 1 : 0;
        }
    }
    for (size_t k = 1; k < sizeof(candidates); k++) {
        best = n[k] > n[best] ? k : best;
    }
    return candidates[best];
}

/* Cells are copied with a terminator each: no more of them than bytes, and one. */
static fel_status parse_bytes(chain_cells *out, const char *path, const char *bytes, size_t size)
{
    struct csv_parser parser;
    feeding f = {.cells = out};
    out->text = malloc(2 * size + 2);
    if (out->text == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "%s: out of memory", path);
    }
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        return FEL_RAISE(FEL_ERR_INTERNAL, "libcsv cannot be started");
    }
    csv_set_delim(&parser, (unsigned char)find_delimiter(bytes, size));
    const fel_status status = feed_lines(&f, &parser, path, bytes, size);
    csv_free(&parser);
    return status;
}

static fel_status check_text(const char *path, const char *bytes, size_t size)
{
    const size_t look = size < BINARY_LOOK ? size : BINARY_LOOK;
    if (size == 0) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: is empty", path);
    }
    return memchr(bytes, '\0', look) != NULL
               ? FEL_RAISE(FEL_ERR_FORMAT, "%s: holds binary data, not rows of text", path)
               : FEL_OK;
}

fel_status chain_cells_read(chain_cells *out, const char *path)
{
    char *bytes = NULL;
    size_t size = 0;
    FEL_TRY(chain_source_read(path, &bytes, &size));
    const size_t skipped = size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    fel_status status = check_text(path, bytes, size);
    if (status == FEL_OK) {
        status = parse_bytes(out, path, bytes + skipped, size - skipped);
    }
    free(bytes);
    if (status == FEL_OK && out->n_rows == 0) {
        status = FEL_RAISE(FEL_ERR_FORMAT, "%s: holds no row", path);
    }
    return status;
}

void chain_cells_clear(chain_cells *cells)
{
    free(cells->text);
    free(cells->cells);
    free(cells->rows);
    memset(cells, 0, sizeof(*cells));
}
