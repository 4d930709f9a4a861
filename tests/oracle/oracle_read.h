/* tests/oracle/oracle_read.h - recorded numbers from ../shared: whole files (gzip or plain), JSON,
 * CSV. */
#ifndef FEL_TESTS_ORACLE_READ_H
#define FEL_TESTS_ORACLE_READ_H

#include <jansson.h>
#include <stddef.h>

#include <feller/base.h>

/* The text of a file under ../shared, unpacked if gzipped, terminated; NULL if it is not there.
 * free() it. */
char *oracle_text(const char *relative);

/* A JSON document, or line number `line` (from 0) of a text of one document a line; NULL if there
 * is none. json_decref() it. */
json_t *oracle_json(const char *relative);

/* A number, or "NaN", "Infinity", "-Infinity"; NaN for anything else. */
double oracle_number(const json_t *value);

/* A JSON list of numbers as a view; free() its data. */
fel_cvec oracle_numbers(const json_t *list);

/* A CSV with a header line and no quoted fields. */
typedef struct oracle_table {
    char *text;
    char **cells; /* rows x columns, header not included */
    char **header;
    size_t rows, columns;
} oracle_table;

/* 1 if it could be read. */
int oracle_table_read(oracle_table *out, const char *relative);
void oracle_table_clear(oracle_table *table);
/* "" if there is no such column. */
const char *oracle_cell(const oracle_table *table, size_t row, const char *column);
/* A whole column as numbers; free() its data. */
fel_cvec oracle_column(const oracle_table *table, const char *column);

#endif
