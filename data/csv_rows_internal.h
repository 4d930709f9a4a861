/* data/csv_rows_internal.h - bytes into rows of fields.
 *
 * The dialect: fields between delimiters, rows ended by LF, CR or CRLF, the last end may be
 * missing; empty rows are passed over; blanks and tabs around a field are dropped; a field in
 * double quotes may hold anything, a quote in it doubled; a quote anywhere else is an error. */
#ifndef FEL_MODULE_DATA
#error "data/csv_rows_internal.h is for files of data/ only"
#endif
#ifndef FEL_DATA_CSV_ROWS_INTERNAL_H
#define FEL_DATA_CSV_ROWS_INTERNAL_H

#include <feller/base.h>

typedef struct csv_field {
    const char *text; /* not terminated */
    uint32_t size;
    uint32_t reserved;
} csv_field;

typedef struct csv_row {
    uint32_t first_field;
    uint32_t n_fields;
    uint32_t line;      /* line ends before the row, within these bytes */
    uint32_t raw_start; /* the row as it was: bytes[raw_start .. + raw_size) */
    uint32_t raw_size;
} csv_row;

/* Zero-initialise; used again for the next bytes without giving memory back. */
typedef struct csv_rows {
    csv_field *fields;
    csv_row *rows;
    size_t n_fields, n_rows;
    size_t fields_capacity, rows_capacity;
    char *text; /* unquoted copies, for bytes that went through libcsv */
    size_t text_capacity;
    uint32_t n_lines;    /* line ends in these bytes */
    uint32_t fault_line; /* where quoting is wrong, if it is */
} csv_rows;
void csv_rows_clear(csv_rows *rows);

/* Longest stretch that is taken apart at once, and longest row. */
enum { CSV_ROW_LIMIT = 1 << 20 };

/* Take apart bytes[0..size), size < 2^31, which hold whole rows (the last end may be missing). The
 * fields point into bytes or into rows->text. ERR_FORMAT without a message of its own worth showing
 * if quotes are wrong: see fault_line. */
fel_status csv_rows_parse(csv_rows *rows, const char *bytes, size_t size, char delimiter);

/* The two ways that csv_rows_parse chooses between; equal wherever both apply. */
fel_status csv_rows_scan(csv_rows *rows, const char *bytes, size_t size, char delimiter);
fel_status csv_rows_libcsv(csv_rows *rows, const char *bytes, size_t size, char delimiter);

/* Length of the longest stretch at the beginning that ends with a row; 0 if no row ends in it.
 * at_end: nothing follows these bytes. */
size_t csv_rows_cut(const char *bytes, size_t size, int at_end);

fel_status csv_rows_push_field(csv_rows *rows, const char *text, size_t size);
fel_status csv_rows_push_row(csv_rows *rows, const csv_row *row);

#endif
