/* data/csv_read.c - a whole file as series in memory: the batches of the reader, put together. */
#include <stdlib.h>
#include <string.h>

#include "core/core.h"
#include "data/csv_internal.h"
#include "data/series_internal.h"

enum { LEAST_ROWS = 256 };

/* A series that is being put together, with room for more rows. */
typedef struct gathered {
    fel_series *series;
    series_rows rows;
    size_t n, capacity;
} gathered;

typedef struct gathering {
    gathered *items;
    size_t n, capacity;
} gathering;

fel_csv_options fel_csv_options_default(void)
{
    return (fel_csv_options){.struct_size = sizeof(fel_csv_options), .allow_gaps = 1};
}

void fel_series_list_clear(fel_series_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        fel_series_destroy(list->items[i]);
    }
    free(list->items);
    *list = (fel_series_list){0};
}

static void clear_gathering(gathering *g)
{
    for (size_t i = 0; i < g->n; i++) {
        fel_series_destroy(g->items[i].series);
    }
    free(g->items);
}

static void copy_rows(const series_rows *to, size_t at, const fel_block *rows)
{
    memcpy(to->time_ns + at, rows->time_ns, rows->n * sizeof(int64_t));
    if (to->open_ns != NULL) {
        memcpy(to->open_ns + at, rows->open_ns, rows->n * sizeof(int64_t));
    }
    for (size_t c = 0; c < rows->n_columns; c++) {
        memcpy(to->columns[c] + at, rows->columns[c], rows->n * sizeof(double));
    }
}

/* Room for n rows, and for as many as the rest of the file will hold if it is like its beginning:
 * memory that is not touched costs nothing, memory that is moved is touched twice. */
static fel_status grow(gathered *g, const fel_series_info *info, int has_open, size_t n,
                       double share)
{
    gathered grown = {.n = g->n, .capacity = n + n / 2 + LEAST_ROWS};
    const double expected = share > 0.0 ? 1.05 * (double)n / share : 0.0;
    if (expected > (double)grown.capacity && expected < 64.0 * (double)grown.capacity) {
        grown.capacity = (size_t)expected + LEAST_ROWS;
    }
    FEL_TRY(series_alloc(&grown.series, info, grown.capacity, has_open, &grown.rows));
    if (g->n > 0) {
        fel_block old = fel_series_rows(g->series);
        old.n = g->n;
        copy_rows(&grown.rows, 0, &old);
    }
    fel_series_destroy(g->series);
    *g = grown;
    return FEL_OK;
}

static fel_status add_part(gathering *g, const csv_reader *reader, const csv_part *part)
{
    const fel_block *rows = &part->rows;
    while (g->n <= part->series) {
        FEL_TRY(array_reserve((void **)&g->items, &g->capacity, g->n, sizeof(gathered)));
        g->items[g->n++] = (gathered){0};
    }
    gathered *to = &g->items[part->series];
    if (to->n + rows->n > to->capacity) {
        FEL_TRY(grow(to, csv_reader_series(reader, part->series), rows->open_ns != NULL,
                     to->n + rows->n, csv_reader_share(reader)));
    }
    copy_rows(&to->rows, to->n, rows);
    to->n += rows->n;
    return FEL_OK;
}

static fel_status gather_file(gathering *g, csv_reader *reader)
{
    for (;;) {
        csv_batch batch;
        FEL_TRY(csv_reader_next(reader, &batch));
        csv_reader_tell_progress(reader);
        if (batch.n == 0) {
            return FEL_OK;
        }
        for (size_t i = 0; i < batch.n; i++) {
            FEL_TRY(add_part(g, reader, &batch.parts[i]));
        }
    }
}

/* The finished series change hands. */
static fel_status make_list(fel_series_list *list, const csv_reader *reader, gathering *g)
{
    const size_t n = csv_reader_count(reader);
    list->items = calloc(n + 1, sizeof(fel_series *));
    if (list->items == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu series", n);
    }
    for (; list->n < n; list->n++) {
        const fel_series_info *info = csv_reader_series(reader, list->n);
        gathered none = {0}, *from = list->n < g->n ? &g->items[list->n] : &none;
        if (from->series == NULL) { /* all of its rows were rejected */
            FEL_TRY(series_alloc(&from->series, info, 0, 0, &from->rows));
        }
        series_finish(from->series, info, from->n);
        list->items[list->n] = from->series;
        from->series = NULL;
    }
    for (size_t i = 0; i < n; i++) {
        FEL_TRY(series_check(list->items[i]));
    }
    return FEL_OK;
}

fel_status fel_csv_read(fel_series_list *out, const char *path, const fel_csv_options *options,
                        fel_csv_summary *summary)
{
    csv_reader *reader = NULL;
    gathering g = {0};
    fel_series_list list = {0};
    fel_csv_summary found = {0};
    fel_status status = csv_reader_open(&reader, path, options);
    if (status == FEL_OK) {
        status = gather_file(&g, reader);
    }
    if (status == FEL_OK) {
        status = make_list(&list, reader, &g);
    }
    if (status == FEL_OK) {
        status = csv_reader_finish(reader, &found);
    }
    csv_reader_close(reader);
    clear_gathering(&g);
    if (status != FEL_OK) {
        fel_series_list_clear(&list);
        return status;
    }
    *out = list;
    if (summary != NULL) {
        *summary = found;
    }
    return FEL_OK;
}
