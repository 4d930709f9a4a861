/* tests/oracle/oracle_read.c - reads the recorded numbers of ../shared. */
#include "tests/oracle/oracle_read.h"

#include <archive.h>
#include <archive_entry.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"

static char *read_all(struct archive *a)
{
    size_t size = 0, capacity = 1 << 16;
    char *text = malloc(capacity);
    while (text != NULL) {
        const la_ssize_t got = archive_read_data(a, text + size, capacity - size - 1);
        if (got < 0) {
            free(text);
            return NULL;
        }
        if (got == 0) {
            text[size] = '\0';
            return text;
        }
        size += (size_t)got;
        if (capacity - size < 2) {
            capacity *= 2;
            char *larger = realloc(text, capacity);
            if (larger == NULL) {
                free(text);
            }
            text = larger;
        }
    }
    return NULL;
}

char *oracle_text(const char *relative)
{
    const char *path = shared_path(relative);
    if (path == NULL) {
        return NULL;
    }
    char *text = NULL;
    struct archive *a = archive_read_new();
    struct archive_entry *entry;
    archive_read_support_filter_all(a);
    archive_read_support_format_raw(a);
    if (archive_read_open_filename(a, path, 1 << 16) == ARCHIVE_OK &&
        archive_read_next_header(a, &entry) == ARCHIVE_OK) {
        text = read_all(a);
    }
    archive_read_free(a);
    return text;
}

json_t *oracle_json(const char *relative)
{
    char *text = oracle_text(relative);
    json_t *json = text != NULL ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;
    free(text);
    return json;
}

double oracle_number(const json_t *value)
{
    if (json_is_number(value)) {
        return json_number_value(value);
    }
    const char *word = json_string_value(value);
    if (word != NULL && strcmp(word, "Infinity") == 0) {
        return HUGE_VAL;
    }
    return word != NULL && strcmp(word, "-Infinity") == 0 ? -HUGE_VAL : (double)NAN;
}

fel_cvec oracle_numbers(const json_t *list)
{
    const size_t n = json_array_size(list);
    double *data = calloc(n + 1, sizeof(double));
    fel_cvec view = {data, data != NULL ? n : 0};
    for (size_t i = 0; i < view.len; i++) {
        data[i] = oracle_number(json_array_get(list, i));
    }
    return view;
}

/* ---- CSV ------------------------------------------------------------------------------------- */

static size_t count_of(const char *text, const char *end, char c)
{
    size_t n = 0;
    for (; text < end; text++) {
        n += *text == c;
    }
    return n;
}

int oracle_table_read(oracle_table *out, const char *relative)
{
    char *text = oracle_text(relative);
    if (text == NULL) {
        return 0;
    }
    const size_t length = strlen(text);
    const size_t columns = count_of(text, text + strcspn(text, "\n"), ',') + 1;
    const size_t lines = count_of(text, text + length, '\n') + (text[length - 1] != '\n');
    char **cells = calloc(lines * columns, sizeof(char *));
    size_t n = 0;
    char *rest = text;
    while (cells != NULL && *rest != '\0' && n < lines * columns) {
        cells[n++] = rest;
        rest += strcspn(rest, ",\r\n");
        while (*rest == '\r') {
            *rest++ = '\0';
        }
        if (*rest != '\0') {
            *rest++ = '\0';
        }
    }
    const oracle_table table = {text, cells + columns, cells, lines - 1, columns};
    *out = table;
    return cells != NULL && n == lines * columns;
}

void oracle_table_clear(oracle_table *table)
{
    free(table->text);
    free((void *)table->header);
}

static size_t column_index(const oracle_table *table, const char *column)
{
    size_t c = 0;
    while (c < table->columns && strcmp(table->header[c], column) != 0) {
        c++;
    }
    return c;
}

const char *oracle_cell(const oracle_table *table, size_t row, const char *column)
{
    const size_t c = column_index(table, column);
    return c < table->columns ? table->cells[row * table->columns + c] : "";
}

fel_cvec oracle_column(const oracle_table *table, const char *column)
{
    double *data = calloc(table->rows + 1, sizeof(double));
    fel_cvec view = {data, data != NULL ? table->rows : 0};
    for (size_t i = 0; i < view.len; i++) {
        const char *cell = oracle_cell(table, i, column);
        data[i] = cell[0] == '\0' ? (double)NAN : strtod(cell, NULL);
    }
    return view;
}
