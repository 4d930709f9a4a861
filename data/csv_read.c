/* data/csv_read.c - a whole file as series in memory: the batches of the reader, put together. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/core.h"
#include "data/csv_internal.h"
#include "data/series_internal.h"

enum { FIRST_ROWS = 1 << 10, MOST_ROWS = 1 << 17, HUGE_PAGE_BYTES = 2 << 20 };

/* A stretch of rows of one series, in one block of memory. */
typedef struct stretch {
    size_t n, capacity;
    void *memory;
    int64_t *time_ns, *open_ns; /* open_ns: NULL if the series has none */
    double *columns[FEL_MAX_COLUMNS];
} stretch;

/* All rows of one series, as a list of stretches: growing copies nothing. */
typedef struct gathered {
    stretch *items;
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
        for (size_t k = 0; k < g->items[i].n; k++) {
            free(g->items[i].items[k].memory);
        }
        free(g->items[i].items);
    }
    free(g->items);
}

/* Huge pages spare most of the page faults of a first touch. */
static void *allocate(size_t bytes)
{
    const size_t mask = HUGE_PAGE_BYTES - 1, rounded = (bytes + mask) & ~mask;
    if (bytes < HUGE_PAGE_BYTES) {
        return malloc(bytes);
    }
    void *memory = aligned_alloc(HUGE_PAGE_BYTES, rounded);
    if (memory != NULL) {
        (void)madvise(memory, rounded, MADV_HUGEPAGE); /* advice: refusal costs only speed */
    }
    return memory;
}

static fel_status add_stretch(gathered *g, const fel_block *rows)
{
    const size_t last = g->n > 0 ? 4 * g->items[g->n - 1].capacity : FIRST_ROWS;
    const size_t usual = last < MOST_ROWS ? last : MOST_ROWS;
    stretch s = {.capacity = rows->n > usual ? rows->n : usual};
    const size_t n_columns = rows->n_columns + 1 + (rows->open_ns != NULL ? 1 : 0);
    s.memory = allocate(n_columns * s.capacity * sizeof(double));
    if (s.memory == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu rows", s.capacity);
    }
    s.time_ns = s.memory;
    s.open_ns = rows->open_ns != NULL ? s.time_ns + s.capacity : NULL;
    double *values = (double *)s.memory + (n_columns - rows->n_columns) * s.capacity;
    for (size_t c = 0; c < rows->n_columns; c++) {
        s.columns[c] = values + c * s.capacity;
    }
    const fel_status status =
        array_reserve((void **)&g->items, &g->capacity, g->n, sizeof(stretch));
    if (status != FEL_OK) {
        free(s.memory);
        return status;
    }
    g->items[g->n++] = s;
    return FEL_OK;
}

static fel_status add_part(gathering *g, const csv_part *part)
{
    while (g->n <= part->series) {
        FEL_TRY(array_reserve((void **)&g->items, &g->capacity, g->n, sizeof(gathered)));
        g->items[g->n++] = (gathered){0};
    }
    gathered *list = &g->items[part->series];
    const fel_block *rows = &part->rows;
    if (list->n == 0 || list->items[list->n - 1].capacity - list->items[list->n - 1].n < rows->n) {
        FEL_TRY(add_stretch(list, rows));
    }
    stretch *to = &list->items[list->n - 1];
    memcpy(to->time_ns + to->n, rows->time_ns, rows->n * sizeof(int64_t));
    if (rows->open_ns != NULL) {
        memcpy(to->open_ns + to->n, rows->open_ns, rows->n * sizeof(int64_t));
    }
    for (size_t c = 0; c < rows->n_columns; c++) {
        memcpy(to->columns[c] + to->n, rows->columns[c], rows->n * sizeof(double));
    }
    to->n += rows->n;
    return FEL_OK;
}

static fel_status gather_file(gathering *g, csv_reader *reader)
{
    for (;;) {
        csv_batch batch;
        FEL_TRY(csv_reader_next(reader, &batch));
        if (batch.n == 0) {
            return FEL_OK;
        }
        for (size_t i = 0; i < batch.n; i++) {
            FEL_TRY(add_part(g, &batch.parts[i]));
        }
    }
}

static fel_status make_series(fel_series **out, const fel_series_info *info, const gathered *from)
{
    series_rows rows;
    size_t n = 0, at = 0;
    for (size_t k = 0; k < from->n; k++) {
        n += from->items[k].n;
    }
    const int has_open = from->n > 0 && from->items[0].open_ns != NULL;
    FEL_TRY(series_alloc(out, info, n, has_open, &rows));
    for (size_t k = 0; k < from->n; k++) {
        const stretch *s = &from->items[k];
        memcpy(rows.time_ns + at, s->time_ns, s->n * sizeof(int64_t));
        if (has_open) {
            memcpy(rows.open_ns + at, s->open_ns, s->n * sizeof(int64_t));
        }
        for (size_t c = 0; c < info->n_columns; c++) {
            memcpy(rows.columns[c] + at, s->columns[c], s->n * sizeof(double));
        }
        at += s->n;
    }
    return series_check(*out);
}

static fel_status make_list(fel_series_list *list, const csv_reader *reader, const gathering *g)
{
    const gathered empty = {0};
    const size_t n = csv_reader_count(reader);
    list->items = calloc(n + 1, sizeof(list->items[0]));
    if (list->items == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu series", n);
    }
    for (; list->n < n; list->n++) {
        const fel_status status =
            make_series(&list->items[list->n], csv_reader_series(reader, list->n),
                        list->n < g->n ? &g->items[list->n] : &empty);
        if (status != FEL_OK) {
            list->n++; /* a series may be there, unfilled */
            return status;
        }
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
