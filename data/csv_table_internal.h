/* data/csv_table_internal.h - one piece of a file after parsing: columns, and what is wrong with
 * rows. */
#ifndef FEL_MODULE_DATA
#error "data/csv_table_internal.h is for files of data/ only"
#endif
#ifndef FEL_DATA_CSV_TABLE_INTERNAL_H
#define FEL_DATA_CSV_TABLE_INTERNAL_H

#include "data/decimal_internal.h"
#include "data/layout_internal.h"

/* Names to numbers 0, 1, ... in the order in which they were first seen. */
typedef struct symbol_list {
    char (*names)[FEL_SYMBOL_SIZE];
    size_t n, capacity;
    uint32_t *slots; /* open addressing: number + 1, 0 is free; a power of two of them */
    size_t n_slots;
} symbol_list;
fel_status symbol_list_number(symbol_list *list, const char *name, size_t size, uint32_t *number);
void symbol_list_clear(symbol_list *list);
void symbol_list_reset(symbol_list *list); /* forget, keep the memory */

/* Why no row can be told after one: the same however the file was cut. */
typedef enum csv_row_fault { CSV_FAULT_QUOTE = 0, CSV_FAULT_LONG } csv_row_fault;
fel_status csv_raise_fault(const char *path, uint64_t line, csv_row_fault fault);
/* The fault of bytes in which no row ends within CSV_ROW_LIMIT. */
csv_row_fault csv_fault_of(const char *bytes);

typedef enum row_state { ROW_OK = 0, ROW_BAD, ROW_MISSING, ROW_OTHER } row_state;

/* Why a row is bad. */
typedef struct csv_bad {
    size_t row;    /* in the table */
    uint64_t line; /* in the file, from 1 */
    const char *raw;
    uint32_t raw_size;
    int32_t column; /* NO_COLUMN: the row as a whole */
    char value[56]; /* shortened, printable */
    char rule[128];
} csv_bad;

typedef struct csv_table {
    size_t n, capacity;
    int64_t *wall_ns, *open_ns, *close_ns;
    double *values[CSV_MOST_VALUES]; /* NULL where the plan has none */
    const char **raw;
    uint32_t *raw_size, *line; /* line: from the piece's first */
    uint32_t *symbol;          /* panels: number in `symbols`, later in the reader's list */
    uint8_t *state;
    symbol_list symbols;
    csv_bad *bads;
    size_t n_bads, bads_capacity;
    uint64_t first_line; /* of the piece, from 1; set before the rows are put in order */
    uint32_t n_lines;
    uint64_t fault_line; /* 0, or a row after which no row can be told: nothing more was read */
    csv_row_fault fault;
    const double *columns[FEL_MAX_COLUMNS]; /* what a block of this table points to */
} csv_table;
void csv_table_clear(csv_table *t);

/* Parse and check whole rows into the table, from scratch; `rows` is the thread's own. stop: not
 * past the first bad row. Bad quotes are
 * not a failure: see fault_line. */
fel_status csv_table_fill(csv_table *t, const csv_plan *plan, csv_rows *rows, const char *bytes,
                          size_t size, int stop);
/* Room for n rows in all columns that the plan has. */
fel_status csv_table_reserve(csv_table *t, const csv_plan *plan, size_t n);
/* Copy row `from` of another table to row `to`, column by column. */
void csv_table_copy_row(csv_table *t, size_t to, const csv_table *source, size_t from,
                        const csv_plan *plan);

/* Note that a row is bad; column NO_COLUMN for the whole row. The value is shortened. */
fel_status csv_table_blame(csv_table *t, size_t row, int32_t column, const char *value,
                           size_t value_size, const char *rule, ...) FEL_PRINTF(6, 7);

/* validate_row.c: read and check the prices of a row. */
fel_status csv_row_validate(csv_table *t, const csv_plan *plan, const csv_field *fields,
                            size_t row);

/* "row 17, column close, value "abc": is not a number" */
void csv_bad_text(const csv_bad *bad, const csv_plan *plan, char *text, size_t size);
const char *csv_bad_column(const csv_bad *bad, const csv_plan *plan);

#endif
