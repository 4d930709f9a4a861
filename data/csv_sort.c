/* data/csv_sort.c - rows of a whole file by time, for files that are newest first. Stable: rows of
 * equal times keep their order, and are then found out as repeats. */
#include <stdlib.h>

#include "data/csv_reader_internal.h"

/* Where a row is, and what it is sorted by. */
typedef struct sort_key {
    int64_t close_ns;
    uint32_t table, row;
} sort_key;

static int compare_keys(const void *a, const void *b)
{
    const sort_key *x = a, *y = b;
    if (x->close_ns != y->close_ns) {
        return x->close_ns < y->close_ns ? -1 : 1;
    }
    if (x->table != y->table) {
        return x->table < y->table ? -1 : 1;
    }
    return (x->row > y->row) - (x->row < y->row);
}

static size_t take_keys(const csv_reader *r, sort_key *keys)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_tables; i++) {
        const csv_table *t = &r->tables[i];
        for (size_t row = 0; row < t->n; row++) {
            if (t->state[row] == ROW_OK || t->state[row] == ROW_MISSING) {
                keys[n++] = (sort_key){t->close_ns[row], (uint32_t)i, (uint32_t)row};
            }
        }
    }
    return n;
}

/* Rows in the order of the keys. Lines become those of the file; symbols those of the new table. */
static fel_status gather(const csv_reader *r, csv_table *out, const sort_key *keys, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const csv_table *t = &r->tables[keys[i].table];
        csv_table_copy_row(out, i, t, keys[i].row, &r->plan);
        out->line[i] = (uint32_t)(t->first_line + t->line[keys[i].row]);
        if (r->plan.column_of[ROLE_SYMBOL] != NO_COLUMN) {
            const char *name = t->symbols.names[t->symbol[keys[i].row]];
            size_t size = 0;
            while (name[size] != '\0') {
                size++;
            }
            FEL_TRY(symbol_list_number(&out->symbols, name, size, &out->symbol[i]));
        }
    }
    out->n = n;
    return FEL_OK;
}

fel_status csv_sort_tables(csv_reader *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_tables; i++) {
        n += r->tables[i].n;
    }
    sort_key *keys = malloc((n + 1) * sizeof(*keys));
    csv_table *sorted = &r->tables[r->n_tables];
    if (keys == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory to sort %zu rows", n);
    }
    fel_status status = csv_table_reserve(sorted, &r->plan, n + 1);
    if (status == FEL_OK) {
        n = take_keys(r, keys);
        qsort(keys, n, sizeof(keys[0]), compare_keys);
        symbol_list_reset(&sorted->symbols);
        sorted->n_bads = 0;
        sorted->first_line = 0;
        sorted->fault_line = 0;
        status = gather(r, sorted, keys, n);
    }
    free(keys);
    if (status != FEL_OK) {
        return status;
    }
    /* What is left in the pieces: their bad rows. */
    for (size_t i = 0; i < r->n_tables; i++) {
        csv_table *t = &r->tables[i];
        for (size_t row = 0; row < t->n; row++) {
            t->state[row] = t->state[row] == ROW_BAD ? ROW_BAD : ROW_OTHER;
        }
    }
    r->n_tables++;
    return FEL_OK;
}
