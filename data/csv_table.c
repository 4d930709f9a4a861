/* data/csv_table.c - from the fields of a piece to columns of instants and numbers. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "data/csv_table_internal.h"

void csv_table_clear(csv_table *t)
{
    for (size_t i = 0; i < CSV_MOST_VALUES; i++) {
        free(t->values[i]);
    }
    free(t->wall_ns);
    free(t->open_ns);
    free(t->close_ns);
    free(t->raw);
    free(t->raw_size);
    free(t->line);
    free(t->symbol);
    free(t->state);
    free(t->bads);
    symbol_list_clear(&t->symbols);
    *t = (csv_table){0};
}

static int resize(void *column, size_t n, size_t item_size)
{
    void *old = NULL;
    memcpy(&old, column, sizeof(old));
    void *grown = realloc(old, n * item_size);
    if (grown != NULL) {
        memcpy(column, &grown, sizeof(grown));
    }
    return grown != NULL;
}

/* Is this one of the table's columns under the plan? */
static int has_value(const csv_plan *plan, uint32_t target)
{
    if (target < plan->n_columns) {
        return 1;
    }
    for (uint32_t i = 0; i < plan->n_values; i++) {
        if (plan->values[i].target == target) {
            return 1;
        }
    }
    return 0;
}

fel_status csv_table_reserve(csv_table *t, const csv_plan *plan, size_t n)
{
    if (n <= t->capacity) {
        return FEL_OK;
    }
    int ok = resize(&t->wall_ns, n, sizeof(int64_t)) && resize(&t->open_ns, n, sizeof(int64_t)) &&
             resize(&t->close_ns, n, sizeof(int64_t)) && resize(&t->raw, n, sizeof(char *)) &&
             resize(&t->raw_size, n, sizeof(uint32_t)) && resize(&t->line, n, sizeof(uint32_t)) &&
             resize(&t->symbol, n, sizeof(uint32_t)) && resize(&t->state, n, 1);
    for (uint32_t i = 0; i < CSV_MOST_VALUES && ok; i++) {
        ok = !has_value(plan, i) || resize(&t->values[i], n, sizeof(double));
    }
    if (!ok) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu rows", n);
    }
    t->capacity = n;
    return FEL_OK;
}

void csv_table_copy_row(csv_table *t, size_t to, const csv_table *source, size_t from,
                        const csv_plan *plan)
{
    t->wall_ns[to] = source->wall_ns[from];
    t->open_ns[to] = source->open_ns[from];
    t->close_ns[to] = source->close_ns[from];
    t->raw[to] = source->raw[from];
    t->raw_size[to] = source->raw_size[from];
    t->line[to] = source->line[from];
    t->symbol[to] = source->symbol[from];
    t->state[to] = source->state[from];
    for (uint32_t c = 0; c < plan->n_columns; c++) {
        t->values[c][to] = source->values[c][from];
    }
    for (uint32_t c = CSV_DIVIDEND; c < CSV_MOST_VALUES; c++) {
        if (t->values[c] != NULL) {
            t->values[c][to] = source->values[c][from];
        }
    }
}

/* Printable and short: "a\x00b", "xxxxxxxx... (1000000 characters)". */
static void shorten(char *out, size_t out_size, const char *text, size_t size)
{
    enum { SHOWN = 24, ESCAPE_SIZE = 4 };
    size_t n = 0;
    for (size_t i = 0; i < size && i < SHOWN && n + ESCAPE_SIZE + 1 < out_size - 20; i++) {
        const unsigned char c = (unsigned char)text[i];
        if (c < 0x20 || c == 0x7f) {
            n += (size_t)snprintf(out + n, out_size - n, "\\x%02x", c);
        } else {
            out[n++] = (char)c;
        }
    }
    out[n] = '\0';
    if (size > SHOWN) {
        (void)snprintf(out + n, out_size - n, "... (%zu bytes)", size);
    }
}

fel_status csv_table_blame(csv_table *t, size_t row, int32_t column, const char *value,
                           size_t value_size, const char *rule, ...)
{
    FEL_TRY(array_reserve((void **)&t->bads, &t->bads_capacity, t->n_bads, sizeof(t->bads[0])));
    csv_bad *bad = &t->bads[t->n_bads++];
    *bad = (csv_bad){.row = row,
                     .line = t->first_line + t->line[row],
                     .raw = t->raw[row],
                     .raw_size = t->raw_size[row],
                     .column = column};
    shorten(bad->value, sizeof(bad->value), value, value_size);
    va_list arguments;
    va_start(arguments, rule);
    (void)vsnprintf(bad->rule, sizeof(bad->rule), rule, arguments);
    va_end(arguments);
    t->state[row] = ROW_BAD;
    return FEL_OK;
}

const char *csv_bad_column(const csv_bad *bad, const csv_plan *plan)
{
    return bad->column == NO_COLUMN ? "-" : plan->names[bad->column];
}

void csv_bad_text(const csv_bad *bad, const csv_plan *plan, char *text, size_t size)
{
    if (bad->column == NO_COLUMN) {
        (void)snprintf(text, size, "row %llu: %s", (unsigned long long)bad->line, bad->rule);
    } else {
        (void)snprintf(text, size, "row %llu, column %s, value \"%s\": %s",
                       (unsigned long long)bad->line, csv_bad_column(bad, plan), bad->value,
                       bad->rule);
    }
}

/* The symbol of a panel's row; rows of others than the one asked for are passed over. */
static fel_status take_symbol(csv_table *t, const csv_plan *plan, const csv_field *fields,
                              size_t row)
{
    const csv_field *field = &fields[plan->column_of[ROLE_SYMBOL]];
    if (plan->symbol[0] != '\0') {
        if (field->size != strlen(plan->symbol) ||
            memcmp(field->text, plan->symbol, field->size) != 0) {
            t->state[row] = ROW_OTHER;
            return FEL_OK;
        }
    }
    if (field->size == 0 || field->size >= FEL_SYMBOL_SIZE ||
        memchr(field->text, '\0', field->size) != NULL) {
        return csv_table_blame(t, row, plan->column_of[ROLE_SYMBOL], field->text, field->size,
                               "is not a symbol of 1 to %d characters", FEL_SYMBOL_SIZE - 1);
    }
    return symbol_list_number(&t->symbols, field->text, field->size, &t->symbol[row]);
}

static fel_status blame_time(csv_table *t, const csv_plan *plan, const csv_field *fields,
                             size_t row, int32_t column, time_fault fault)
{
    const csv_field *field = &fields[column];
    return fault == TIME_FAULT_SHAPE ? csv_table_blame(t, row, column, field->text, field->size,
                                                       "is not a time like %s", plan->time_sample)
                                     : csv_table_blame(t, row, column, field->text, field->size,
                                                       "%s", time_fault_text(fault));
}

/* The close instant of a bar that has a column for it. */
static fel_status take_end(csv_table *t, const csv_plan *plan, const csv_field *fields, size_t row)
{
    const int32_t column = plan->column_of[ROLE_END];
    time_stamp stamp;
    int64_t wall_ns = 0, close_ns = 0;
    time_fault fault =
        time_text_read(&plan->format, fields[column].text, fields[column].size, &stamp);
    if (fault == TIME_FAULT_NONE) {
        fault = csv_place_row(&plan->place, &stamp, &wall_ns, &t->close_ns[row], &close_ns);
    }
    if (fault != TIME_FAULT_NONE) {
        return blame_time(t, plan, fields, row, column, fault);
    }
    return t->close_ns[row] < t->open_ns[row]
               ? csv_table_blame(t, row, column, fields[column].text, fields[column].size,
                                 "is before the time at which the bar opens")
               : FEL_OK;
}

static fel_status take_time(csv_table *t, const csv_plan *plan, const csv_field *fields, size_t row)
{
    time_stamp stamp;
    time_fault fault = csv_stamp_read(plan, fields, &stamp);
    if (fault == TIME_FAULT_NONE) {
        fault = csv_place_row(&plan->place, &stamp, &t->wall_ns[row], &t->open_ns[row],
                              &t->close_ns[row]);
    }
    if (fault != TIME_FAULT_NONE) {
        return blame_time(t, plan, fields, row, plan->column_of[ROLE_TIME], fault);
    }
    return plan->column_of[ROLE_END] == NO_COLUMN ? FEL_OK : take_end(t, plan, fields, row);
}

static fel_status take_row(csv_table *t, const csv_plan *plan, const csv_field *fields,
                           uint32_t n_fields, size_t row)
{
    t->state[row] = ROW_OK;
    t->symbol[row] = 0;
    if (n_fields != plan->n_fields) {
        return csv_table_blame(t, row, NO_COLUMN, "", 0, "has %u columns, not %u", n_fields,
                               plan->n_fields);
    }
    if (plan->column_of[ROLE_SYMBOL] != NO_COLUMN) {
        FEL_TRY(take_symbol(t, plan, fields, row));
    }
    if (t->state[row] == ROW_OK) {
        FEL_TRY(take_time(t, plan, fields, row));
    }
    return t->state[row] == ROW_OK ? csv_row_validate(t, plan, fields, row) : FEL_OK;
}

csv_row_fault csv_fault_of(const char *bytes)
{
    return memchr(bytes, '"', CSV_ROW_LIMIT) != NULL ? CSV_FAULT_QUOTE : CSV_FAULT_LONG;
}

fel_status csv_raise_fault(const char *path, uint64_t line, csv_row_fault fault)
{
    const unsigned long long row = line;
    return fault == CSV_FAULT_QUOTE
               ? FEL_RAISE(FEL_ERR_FORMAT,
                           "%s: row %llu: a quote is not closed or stands inside a field", path,
                           row)
               : FEL_RAISE(FEL_ERR_FORMAT, "%s: row %llu: is longer than %d bytes", path, row,
                           (int)CSV_ROW_LIMIT);
}

static fel_status take_rows(csv_table *t, const csv_plan *plan, const csv_rows *rows,
                            const char *bytes, int stop)
{
    for (size_t r = 0; r < rows->n_rows; r++) {
        const csv_row *row = &rows->rows[r];
        if (row->raw_size > CSV_ROW_LIMIT) {
            t->fault_line = (uint64_t)row->line + 1;
            t->fault = csv_fault_of(bytes + row->raw_start);
            return FEL_OK;
        }
        t->line[t->n] = row->line;
        t->raw[t->n] = bytes + row->raw_start;
        t->raw_size[t->n] = row->raw_size;
        FEL_TRY(take_row(t, plan, &rows->fields[row->first_field], row->n_fields, t->n));
        t->n++;
        if (stop && t->n_bads > 0) {
            return FEL_OK;
        }
    }
    return FEL_OK;
}

fel_status csv_table_fill(csv_table *t, const csv_plan *plan, csv_rows *rows, const char *bytes,
                          size_t size, int stop)
{
    t->n = 0;
    t->n_bads = 0;
    t->first_line = 0;
    t->fault_line = 0;
    symbol_list_reset(&t->symbols);
    const fel_status parsed = csv_rows_parse(rows, bytes, size, plan->delimiter);
    if (parsed == FEL_ERR_FORMAT) {
        t->fault_line = (uint64_t)rows->fault_line + 1;
        t->fault = CSV_FAULT_QUOTE;
    } else if (parsed != FEL_OK) {
        return parsed;
    }
    t->n_lines = rows->n_lines;
    FEL_TRY(csv_table_reserve(t, plan, rows->n_rows));
    return take_rows(t, plan, rows, bytes, stop);
}
