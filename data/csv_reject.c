/* data/csv_reject.c - bad rows: the first one as an error, or all of them in the quarantine file.
 */
#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/csv_reader_internal.h"

static int compare_lines(const void *a, const void *b)
{
    const csv_bad *x = a, *y = b;
    return (x->line > y->line) - (x->line < y->line);
}

static fel_status open_quarantine(csv_reader *r)
{
    if (r->quarantine_open) {
        return FEL_OK;
    }
    FEL_TRY(outfile_open(&r->quarantine, r->quarantine_path));
    r->quarantine_open = 1;
    (void)fputs("row,column,value,rule,raw\n", r->quarantine.stream);
    return FEL_OK;
}

static void write_field(FILE *stream, const char *text, size_t size, char end)
{
    (void)csv_fwrite(stream, text, size);
    (void)fputc(end, stream);
}

/* A failed write shows when the file is put in place. */
static fel_status write_bad(csv_reader *r, const csv_bad *bad)
{
    FEL_TRY(open_quarantine(r));
    FILE *stream = r->quarantine.stream;
    const char *column = csv_bad_column(bad, &r->plan);
    (void)fprintf(stream, "%llu,", (unsigned long long)bad->line);
    write_field(stream, column, strlen(column), ',');
    write_field(stream, bad->value, strlen(bad->value), ',');
    write_field(stream, bad->rule, strlen(bad->rule), ',');
    write_field(stream, bad->raw, bad->raw_size, '\n');
    if (r->summary.n_quarantined++ == 0) {
        csv_bad_text(bad, &r->plan, r->summary.first_reason, sizeof(r->summary.first_reason));
    }
    return FEL_OK;
}

static fel_status raise_bad(const csv_reader *r, const csv_bad *bad)
{
    char text[320];
    csv_bad_text(bad, &r->plan, text, sizeof(text));
    return FEL_RAISE(FEL_ERR_FORMAT, "%s: %s", r->path, text);
}

/* A fault leaves no rows to set aside: where the next row begins is not known. */
fel_status csv_reject_rows(csv_reader *r)
{
    for (size_t i = 0; i < r->n_tables; i++) {
        csv_table *t = &r->tables[i];
        if (t->n_bads > 1) {
            qsort(t->bads, t->n_bads, sizeof(t->bads[0]), compare_lines);
        }
        for (size_t b = 0; b < t->n_bads; b++) {
            FEL_TRY(r->options.bad_rows == FEL_BAD_ROWS_STOP ? raise_bad(r, &t->bads[b])
                                                             : write_bad(r, &t->bads[b]));
        }
        if (t->fault_line > 0) {
            return csv_raise_fault(r->path, t->first_line + t->fault_line - 1, t->fault);
        }
    }
    return FEL_OK;
}

fel_status csv_reject_commit(csv_reader *r)
{
    if (!r->quarantine_open) {
        return FEL_OK;
    }
    r->quarantine_open = 0;
    return outfile_commit(&r->quarantine);
}
