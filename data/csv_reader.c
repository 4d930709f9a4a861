/* data/csv_reader.c - a file in batches: read, cut between rows, parse the pieces on all cores,
 * then look at the rows in order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/csv_reader_internal.h"

enum { HEAD_BYTES = 1 << 18, BATCH_BYTES = 1 << 22, PIECE_BYTES = 1 << 17 };

/* ---- bytes
 * --------------------------------------------------------------------------------------- */

/* Have `wanted` unparsed bytes in the buffer, or all that are left. */
static fel_status fill_buffer(csv_reader *r, size_t wanted)
{
    if (r->source_ended || r->end - r->start >= wanted) {
        return FEL_OK;
    }
    if (wanted > r->capacity) {
        char *grown = realloc(r->buffer, wanted);
        if (grown == NULL) {
            return FEL_RAISE(FEL_ERR_NOMEM, "%s: no memory for %zu bytes of it", r->path, wanted);
        }
        r->buffer = grown;
        r->capacity = wanted;
    }
    memmove(r->buffer, r->buffer + r->start, r->end - r->start);
    r->end -= r->start;
    r->start = 0;
    size_t n = 0;
    FEL_TRY(csv_source_read(r->source, r->buffer + r->end, wanted - r->end, &n));
    r->source_ended = n < wanted - r->end;
    r->end += n;
    return FEL_OK;
}

/* Length of the whole rows at the beginning of what is left: about `wanted` bytes. */
static fel_status whole_rows(csv_reader *r, size_t wanted, size_t *size)
{
    for (size_t window = wanted;; window *= 2) {
        FEL_TRY(fill_buffer(r, window));
        const size_t have = r->end - r->start < window ? r->end - r->start : window;
        const int at_end = r->source_ended && have == r->end - r->start;
        *size = csv_rows_cut(r->buffer + r->start, have, at_end);
        if (*size > 0 || at_end) {
            return FEL_OK;
        }
        if (have > CSV_ROW_LIMIT) {
            return csv_raise_fault(r->path, r->n_lines + 1, csv_fault_of(r->buffer + r->start));
        }
    }
}

/* ---- opening
 * ------------------------------------------------------------------------------------- */

static fel_status check_text(csv_reader *r)
{
    const unsigned char *bytes = (const unsigned char *)r->buffer;
    const size_t n = r->end;
    if (n == 0) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: is empty", r->path);
    }
    if (n >= 2 &&
        ((bytes[0] == 0xff && bytes[1] == 0xfe) || (bytes[0] == 0xfe && bytes[1] == 0xff))) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: is UTF-16 text; save it as UTF-8", r->path);
    }
    if (n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        r->start = 3;
    }
    const size_t looked = n < 4096 ? n : 4096;
    size_t n_strange = 0;
    for (size_t i = 0; i < looked; i++) {
        n_strange += bytes[i] < 0x20 && strchr("\t\n\v\f\r", bytes[i]) == NULL ? 1 : 0;
        n_strange += bytes[i] == 0 ? 1 : 0;
    }
    return 20 * n_strange > looked
               ? FEL_RAISE(FEL_ERR_FORMAT, "%s: is binary data, not CSV text", r->path)
               : FEL_OK;
}

/* The rows to find the layout by. A row longer than the head's bytes may follow the header: it is
 * read whole, or refused as too long. */
static fel_status head_rows(csv_reader *r, size_t *size)
{
    FEL_TRY(whole_rows(r, HEAD_BYTES - 3, size));
    const int is_all = r->source_ended && *size == r->end - r->start;
    if (is_all || memchr(r->buffer + r->start, '\n', *size - 1) != NULL) {
        return FEL_OK;
    }
    const size_t header = *size;
    FEL_TRY(whole_rows(r, 2 * (size_t)CSV_ROW_LIMIT, size));
    return *size > header
               ? FEL_OK
               : csv_raise_fault(r->path, 2, csv_fault_of(r->buffer + r->start + header));
}

static fel_status read_head(csv_reader *r)
{
    FEL_TRY(fill_buffer(r, HEAD_BYTES));
    FEL_TRY(check_text(r));
    layout_head head = {.path = r->path,
                        .entry = csv_source_entry(r->source),
                        .options = &r->options,
                        .bytes = r->buffer + r->start};
    FEL_TRY(head_rows(r, &head.size));
    head.bytes = r->buffer + r->start;
    const fel_status status = csv_plan_make(&r->plan, &head);
    if (status == FEL_OK) {
        (void)snprintf(r->summary.layout, sizeof(r->summary.layout), "%s",
                       r->plan.layout->row.name);
        /* Go on after the header. */
        const csv_row *first = &head.rows.rows[r->plan.skip_rows];
        r->start += first->raw_start;
        r->n_lines = first->line;
    }
    csv_rows_clear(&head.rows);
    return status;
}

static fel_status set_paths(csv_reader *r, const char *path)
{
    const char *given = r->options.quarantine_path;
    const size_t size = strlen(given != NULL ? given : path) + sizeof(".rejected.csv");
    r->path = strdup(path);
    r->quarantine_path = malloc(size);
    if (r->path == NULL || r->quarantine_path == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "%s: no memory to read it", path);
    }
    (void)snprintf(r->quarantine_path, size, "%s%s", given != NULL ? given : path,
                   given != NULL ? "" : ".rejected.csv");
    return FEL_OK;
}

static fel_status open_parts(csv_reader *r, const char *path)
{
    FEL_TRY(set_paths(r, path));
    r->n_threads = threads_count(0);
    r->rows = calloc((size_t)r->n_threads, sizeof(r->rows[0]));
    if (r->rows == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "%s: no memory to read it", path);
    }
    FEL_TRY(csv_source_open(&r->source, path));
    return read_head(r);
}

fel_status csv_reader_open_sized(csv_reader **out, const char *path, const fel_csv_options *options,
                                 size_t batch_bytes, size_t piece_bytes)
{
    csv_reader *r = calloc(1, sizeof(*r));
    if (r == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "%s: no memory to read it", path);
    }
    r->options = options != NULL ? *options : fel_csv_options_default();
    r->batch_bytes = batch_bytes;
    r->piece_bytes = piece_bytes;
    const fel_status status = open_parts(r, path);
    if (status != FEL_OK) {
        csv_reader_close(r);
        return status;
    }
    *out = r;
    return FEL_OK;
}

fel_status csv_reader_open(csv_reader **out, const char *path, const fel_csv_options *options)
{
    return csv_reader_open_sized(out, path, options, BATCH_BYTES, PIECE_BYTES);
}

void csv_reader_close(csv_reader *r)
{
    if (r == NULL) {
        return;
    }
    if (r->quarantine_open) {
        outfile_abandon(&r->quarantine);
    }
    for (size_t i = 0; i < r->tables_capacity; i++) {
        csv_table_clear(&r->tables[i]);
    }
    for (int i = 0; r->rows != NULL && i < r->n_threads; i++) {
        csv_rows_clear(&r->rows[i]);
    }
    csv_table_clear(&r->grouped);
    symbol_list_clear(&r->symbols);
    csv_plan_clear(&r->plan);
    csv_source_close(r->source);
    free(r->tables);
    free(r->pieces.items);
    free(r->rows);
    free(r->series_of.items);
    free(r->series.items);
    free(r->actions.items);
    free(r->parts.items);
    free(r->part_columns);
    free(r->buffer);
    free(r->quarantine_path);
    free(r->path);
    free(r);
}

/* ---- batches
 * ------------------------------------------------------------------------------------- */

static fel_status fill_table(void *payload, size_t index, int thread)
{
    csv_reader *r = payload;
    const csv_piece *piece = &r->pieces.items[index];
    return csv_table_fill(&r->tables[index], &r->plan, &r->rows[thread], piece->bytes, piece->size,
                          r->options.bad_rows == FEL_BAD_ROWS_STOP);
}

static fel_status reserve_tables(csv_reader *r, size_t n)
{
    if (n <= r->tables_capacity) {
        return FEL_OK;
    }
    csv_table *grown = realloc(r->tables, n * sizeof(*grown));
    if (grown == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "%s: no memory for %zu pieces", r->path, n);
    }
    memset(grown + r->tables_capacity, 0, (n - r->tables_capacity) * sizeof(*grown));
    r->tables = grown;
    r->tables_capacity = n;
    return FEL_OK;
}

/* Cut the batch into pieces of whole rows. */
static fel_status cut_pieces(csv_reader *r, size_t size)
{
    const char *at = r->buffer + r->start, *const end = at + size;
    r->pieces.n = 0;
    while (at < end) {
        const size_t left = (size_t)(end - at);
        csv_piece piece = {at, 0};
        for (size_t window = r->piece_bytes; piece.size == 0; window *= 2) {
            piece.size = window < left ? csv_rows_cut(at, window, 0) : left;
        }
        FEL_TRY(array_reserve((void **)&r->pieces.items, &r->pieces.capacity, r->pieces.n,
                              sizeof(piece)));
        r->pieces.items[r->pieces.n++] = piece;
        at += piece.size;
    }
    return FEL_OK;
}

/* Parse the pieces; say where each begins in the file. */
static fel_status parse_pieces(csv_reader *r, size_t size)
{
    FEL_TRY(cut_pieces(r, size));
    r->n_tables = r->pieces.n;
    FEL_TRY(reserve_tables(r, r->n_tables + 1));
    FEL_TRY(threads_run(r->n_threads, r->n_tables, fill_table, r));
    for (size_t i = 0; i < r->n_tables; i++) {
        r->tables[i].first_line = r->n_lines + 1;
        r->n_lines += r->tables[i].n_lines;
    }
    return FEL_OK;
}

static fel_status take_batch(csv_reader *r, size_t size)
{
    r->actions.n = 0;
    FEL_TRY(parse_pieces(r, size));
    r->start += size;
    r->n_taken_bytes += size;
    if (r->options.sort) {
        FEL_TRY(csv_sort_tables(r));
    }
    for (size_t i = 0; i < r->n_tables; i++) {
        FEL_TRY(csv_order_rows(r, &r->tables[i]));
    }
    FEL_TRY(csv_reject_rows(r));
    return csv_batch_make(r);
}

/* The whole file in the buffer: what sorting needs. */
static fel_status fill_all(csv_reader *r)
{
    while (!r->source_ended) {
        FEL_TRY(fill_buffer(r, 2 * (r->end - r->start) + BATCH_BYTES));
    }
    return FEL_OK;
}

static void finish_series(csv_reader *r)
{
    char hash[33];
    csv_source_hash(r->source, hash);
    for (size_t i = 0; i < r->series.n; i++) {
        csv_series *s = &r->series.items[i];
        memcpy(s->info.source_hash, hash, sizeof(s->info.source_hash));
        if (s->info.kind == r->plan.kind && !(r->plan.ticks_per_unit > 0.0) &&
            fel_gives_prices(s->info.kind)) {
            s->info.instrument.ticks_per_unit = tick_grid_per_unit(&s->grid);
        }
    }
}

fel_status csv_reader_next(csv_reader *r, csv_batch *out)
{
    *out = (csv_batch){0};
    if (r->options.sort) {
        FEL_TRY(fill_all(r));
    }
    while (out->n == 0) {
        size_t size = 0;
        FEL_TRY(fill_buffer(r, r->batch_bytes));
        if (r->start == r->end) {
            finish_series(r);
            return r->summary.n_accepted > 0 || r->summary.n_quarantined > 0
                       ? FEL_OK
                       : FEL_RAISE(FEL_ERR_FORMAT, "%s: has no rows%s%s", r->path,
                                   r->plan.symbol[0] != '\0' ? " of " : "", r->plan.symbol);
        }
        FEL_TRY(whole_rows(r, r->options.sort ? r->end - r->start : r->batch_bytes, &size));
        FEL_TRY(take_batch(r, size));
        *out = (csv_batch){r->parts.items, r->parts.n};
    }
    return FEL_OK;
}

double csv_reader_share(const csv_reader *r)
{
    /* of what was read, the rest of the buffer is yet to come */
    const double taken = (double)r->n_taken_bytes;
    return csv_source_share(r->source) * taken / (taken + (double)(r->end - r->start));
}

void csv_reader_tell_progress(const csv_reader *r)
{
    const double total = csv_source_size_bytes(r->source);
    if (r->options.progress != NULL && total > 0.0) {
        r->options.progress(r->options.progress_payload, "bytes", csv_reader_share(r) * total,
                            total);
    }
}

size_t csv_reader_count(const csv_reader *r)
{
    return r->series.n;
}

const fel_series_info *csv_reader_series(const csv_reader *r, size_t index)
{
    return &r->series.items[index].info;
}

fel_status csv_reader_finish(csv_reader *r, fel_csv_summary *summary)
{
    FEL_TRY(csv_reject_commit(r));
    if (summary != NULL) {
        *summary = r->summary;
    }
    return FEL_OK;
}
