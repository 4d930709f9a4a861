/* data/store_import.c - a CSV file into a store: rows are kept back until there are enough for a
 * good segment, then all series go into one file together. A file with many series that takes
 * several such rounds is put in order series by series before it is committed. */
#include <string.h>

#include "data/csv_internal.h"
#include "data/store_internal.h"

/* Rows kept back at most: about a million bars. */
static const size_t default_round_bytes = (size_t)48 << 20;

/* One series of the file. */
typedef struct pending {
    int is_begun;
    double old_grid;   /* ticks per unit of the rows there before; -1 if there were none */
    size_t first_part; /* of this import */
    int has_open;
    size_t n, capacity; /* rows kept back */
    int64_t *time_ns, *open_ns;
    double *columns[FEL_MAX_COLUMNS];
} pending;

typedef struct importing {
    store_change change;
    csv_reader *reader;
    int replace;
    size_t round_bytes;
    pending *series; /* by the reader's index */
    size_t n_series;
    size_t kept_bytes;
} importing;

static fel_status grow_series(importing *m)
{
    const size_t n = csv_reader_count(m->reader);
    if (n <= m->n_series) {
        return FEL_OK;
    }
    pending *series = realloc(m->series, n * sizeof(*series));
    if (series == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu series", n);
    }
    memset(series + m->n_series, 0, (n - m->n_series) * sizeof(*series));
    m->series = series;
    m->n_series = n;
    return FEL_OK;
}

static int grow_column(void **column, size_t capacity)
{
    void *bigger = realloc(*column, capacity * sizeof(double));
    *column = bigger != NULL ? bigger : *column;
    return bigger != NULL;
}

static fel_status make_room(pending *p, size_t n, size_t n_columns)
{
    if (p->n + n <= p->capacity) {
        return FEL_OK;
    }
    const size_t twice = 2 * p->capacity, capacity = p->n + n > twice ? p->n + n : twice;
    int ok = grow_column((void **)&p->time_ns, capacity) &&
             (!p->has_open || grow_column((void **)&p->open_ns, capacity));
    for (size_t c = 0; ok && c < n_columns; c++) {
        ok = grow_column((void **)&p->columns[c], capacity);
    }
    if (!ok) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu rows", capacity);
    }
    p->capacity = capacity;
    return FEL_OK;
}

static fel_status keep_rows(importing *m, const csv_part *part)
{
    pending *p = &m->series[part->series];
    const fel_block *rows = &part->rows;
    p->has_open = rows->open_ns != NULL;
    FEL_TRY(make_room(p, rows->n, rows->n_columns));
    memcpy(p->time_ns + p->n, rows->time_ns, rows->n * sizeof(int64_t));
    if (rows->open_ns != NULL) {
        memcpy(p->open_ns + p->n, rows->open_ns, rows->n * sizeof(int64_t));
    }
    for (size_t c = 0; c < rows->n_columns; c++) {
        memcpy(p->columns[c] + p->n, rows->columns[c], rows->n * sizeof(double));
    }
    p->n += rows->n;
    m->kept_bytes += rows->n * sizeof(double) * (rows->n_columns + 1);
    return FEL_OK;
}

/* The place in the index; the first time, what is there already is replaced or held against it. The
 * grid of the new rows is known at the end of the file only. */
static fel_status find_place(importing *m, size_t series, size_t *at)
{
    pending *p = &m->series[series];
    store_index *index = &m->change.index;
    fel_series_info info = *csv_reader_series(m->reader, series);
    *at = store_index_find(index, &info);
    if (p->is_begun) {
        return FEL_OK;
    }
    if (*at == index->series.n) {
        FEL_TRY(store_index_add(index, &info, at));
    }
    store_series *s = &index->series.items[*at];
    if (m->replace) {
        store_series_drop_parts(s);
    }
    p->old_grid = s->parts.n > 0 ? s->info.instrument.ticks_per_unit : -1.0;
    if (s->parts.n > 0) {
        info.instrument.ticks_per_unit = p->old_grid;
    }
    FEL_TRY(store_series_merge_info(s, &info, m->change.path));
    p->first_part = s->parts.n;
    p->is_begun = 1;
    return FEL_OK;
}

static fel_status put_series(importing *m, size_t series)
{
    pending *p = &m->series[series];
    size_t at = 0;
    FEL_TRY(find_place(m, series, &at));
    const double *columns[FEL_MAX_COLUMNS];
    const size_t n_columns = m->change.index.series.items[at].info.n_columns;
    for (size_t c = 0; c < n_columns; c++) {
        columns[c] = p->columns[c];
    }
    const fel_block rows = {p->n, n_columns, p->time_ns, p->has_open ? p->open_ns : NULL, columns};
    FEL_TRY(store_change_add(&m->change, at, &rows));
    p->n = 0;
    return FEL_OK;
}

/* All rows kept back go into one segment file. */
static fel_status put_round(importing *m)
{
    for (size_t s = 0; s < m->n_series; s++) {
        if (m->series[s].n > 0) {
            FEL_TRY(put_series(m, s));
        }
    }
    m->kept_bytes = 0;
    return store_change_flush(&m->change);
}

static fel_status read_all(importing *m)
{
    csv_batch batch = {.n = 1};
    while (batch.n > 0) {
        FEL_TRY(csv_reader_next(m->reader, &batch));
        csv_reader_tell_progress(m->reader);
        FEL_TRY(grow_series(m));
        for (size_t i = 0; i < batch.n; i++) {
            FEL_TRY(keep_rows(m, &batch.parts[i]));
        }
        if (m->kept_bytes >= m->round_bytes) {
            FEL_TRY(put_round(m));
        }
    }
    return put_round(m);
}

/* Several new parts that do not even fill a chunk each? */
static int has_small_parts(const store_series *s, size_t first_part)
{
    const size_t n = s->parts.n - first_part;
    uint64_t rows = 0;
    for (size_t p = first_part; p < s->parts.n; p++) {
        rows += s->parts.items[p].n_rows;
    }
    return n > 1 && rows / n < SEGMENT_CHUNK_ROWS;
}

/* What is known at the end of the file only: grid and source; and parts put together. */
static fel_status finish_series(importing *m, size_t series)
{
    const pending *p = &m->series[series];
    size_t at = 0;
    FEL_TRY(find_place(m, series, &at));
    const fel_series_info *info = csv_reader_series(m->reader, series);
    store_series *s = &m->change.index.series.items[at];
    const double grid = info->instrument.ticks_per_unit;
    s->info.instrument.ticks_per_unit =
        p->old_grid < 0.0 ? grid : store_common_grid(p->old_grid, grid);
    FEL_TRY(store_series_add_source(s, info->source_hash));
    return has_small_parts(s, p->first_part) ? store_change_rewrite(&m->change, at, p->first_part)
                                             : FEL_OK;
}

static fel_status import_all(importing *m, const char *path, fel_csv_summary *summary)
{
    FEL_TRY(store_change_begin(&m->change, path, 1));
    FEL_TRY(read_all(m));
    for (size_t s = 0; s < m->n_series; s++) {
        FEL_TRY(finish_series(m, s));
    }
    FEL_TRY(store_change_flush(&m->change));
    FEL_TRY(csv_reader_finish(m->reader, summary));
    return store_change_commit(&m->change);
}

static void clear(importing *m)
{
    for (size_t s = 0; s < m->n_series; s++) {
        free(m->series[s].time_ns);
        free(m->series[s].open_ns);
        for (size_t c = 0; c < FEL_MAX_COLUMNS; c++) {
            free(m->series[s].columns[c]);
        }
    }
    free(m->series);
    csv_reader_close(m->reader);
    store_change_end(&m->change);
}

fel_status store_import_rounds(const char *path, const char *csv_path,
                               const fel_csv_options *options, int replace,
                               fel_csv_summary *summary, size_t round_bytes)
{
    importing m;
    memset(&m, 0, sizeof(m));
    m.replace = replace;
    m.round_bytes = round_bytes;
    fel_status status = csv_reader_open(&m.reader, csv_path, options);
    if (status == FEL_OK) {
        status = import_all(&m, path, summary);
    }
    clear(&m);
    return status;
}

fel_status fel_store_import(const char *path, const char *csv_path, const fel_csv_options *options,
                            int replace, fel_csv_summary *summary)
{
    return store_import_rounds(path, csv_path, options, replace, summary, default_round_bytes);
}
