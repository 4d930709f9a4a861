/* data/series.c - an immutable series in memory: one block of memory, each column on its own
 * 64-byte lines. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "data/series_internal.h"

enum { COLUMN_ALIGNMENT = 64, HUGE_PAGE_BYTES = 2 << 20 };

struct fel_series {
    fel_series_info info;
    fel_block rows;
    const double *columns[FEL_MAX_COLUMNS];
    void *memory; /* of all columns */
};

/* What a kind's columns are called; a signal names its own. */
typedef struct kind_columns {
    fel_data_kind kind;
    uint32_t n;
    const char *names[FEL_BAR_COLUMNS];
} kind_columns;

static const kind_columns kinds[] = {
    {FEL_DATA_BAR, FEL_BAR_COLUMNS, {"open", "high", "low", "close", "volume"}},
    {FEL_DATA_QUOTE, FEL_QUOTE_COLUMNS, {"bid", "ask", "bid_size", "ask_size"}},
    {FEL_DATA_SIGNAL, 0, {NULL}},
    {FEL_DATA_ACTION, FEL_ACTION_COLUMNS, {"kind", "value"}},
    {FEL_DATA_TRADE, FEL_TRADE_COLUMNS, {"price", "quantity", "taker_side"}},
    {FEL_DATA_DEPTH, FEL_DEPTH_COLUMNS, {"side", "price", "quantity", "flags"}},
    {FEL_DATA_FUNDING, FEL_FUNDING_COLUMNS, {"rate", "mark"}},
};

static const kind_columns *find_kind(fel_data_kind kind)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (kinds[i].kind == kind) {
            return &kinds[i];
        }
    }
    return NULL;
}

fel_series_info fel_series_info_default(fel_data_kind kind, const char *symbol)
{
    fel_series_info info = {.kind = kind, .instrument = {.multiplier = 1.0}};
    (void)snprintf(info.instrument.symbol, sizeof(info.instrument.symbol), "%s",
                   symbol != NULL ? symbol : "");
    const kind_columns *k = find_kind(kind);
    info.n_columns = k != NULL ? k->n : 0;
    for (uint32_t c = 0; c < info.n_columns; c++) {
        (void)snprintf(info.columns[c], sizeof(info.columns[c]), "%s", k->names[c]);
    }
    return info;
}

fel_status series_info_check(const fel_series_info *info)
{
    const kind_columns *k = find_kind(info->kind);
    if (k == NULL) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "%s: data kind %d is not one of bar, quote, signal, action, trade, depth, "
                         "funding",
                         info->instrument.symbol, (int)info->kind);
    }
    const uint32_t least = k->n != 0 ? k->n : 1, most = k->n != 0 ? k->n : FEL_MAX_COLUMNS;
    if (info->n_columns < least || info->n_columns > most) {
        return FEL_RAISE(FEL_ERR_SHAPE, "%s: %u columns, allowed for this kind: %u to %u",
                         info->instrument.symbol, (unsigned)info->n_columns, (unsigned)least,
                         (unsigned)most);
    }
    if (info->length_ns < 0) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s: bar length %lld ns is negative",
                         info->instrument.symbol, (long long)info->length_ns);
    }
    return FEL_OK;
}

/* Bytes of one column of n 8-byte values, on whole lines; 0 if it overflows. */
static size_t column_bytes(size_t n)
{
    if (n > (SIZE_MAX / 128 - COLUMN_ALIGNMENT) / sizeof(double)) {
        return 0;
    }
    const size_t mask = COLUMN_ALIGNMENT - 1;
    return (n * sizeof(double) + mask) & ~mask;
}

/* Memory for all columns; large ones on huge pages where the system has them, which saves most of
 * the page faults of a first touch. */
static void *columns_alloc(size_t bytes)
{
    if (bytes < 2 * (size_t)HUGE_PAGE_BYTES) {
        return aligned_alloc(COLUMN_ALIGNMENT, bytes);
    }
    const size_t mask = HUGE_PAGE_BYTES - 1, rounded = (bytes + mask) & ~mask;
    void *memory = aligned_alloc(HUGE_PAGE_BYTES, rounded);
    if (memory != NULL) {
        (void)madvise(memory, rounded, MADV_HUGEPAGE); /* advice: refusal costs only speed */
    }
    return memory;
}

/* Cut the memory into columns: times, open instants, values. */
static void lay_out(fel_series *s, size_t n, int has_open, series_rows *rows)
{
    char *at = s->memory;
    const size_t stride = column_bytes(n);
    memset(rows, 0, sizeof(*rows));
    rows->time_ns = (int64_t *)(void *)at;
    at += stride;
    if (has_open) {
        rows->open_ns = (int64_t *)(void *)at;
        at += stride;
    }
    for (uint32_t c = 0; c < s->info.n_columns; c++) {
        rows->columns[c] = (double *)(void *)(at + c * stride);
        s->columns[c] = rows->columns[c];
    }
    const fel_block block = {n, s->info.n_columns, rows->time_ns, rows->open_ns, s->columns};
    s->rows = block;
}

fel_status series_alloc(fel_series **out, const fel_series_info *info, size_t n, int has_open,
                        series_rows *rows)
{
    FEL_TRY(series_info_check(info));
    const size_t bytes = column_bytes(n > 0 ? n : 1);
    const size_t n_lanes = info->n_columns + 1 + (has_open != 0);
    void *memory = bytes != 0 ? columns_alloc(bytes * n_lanes) : NULL;
    fel_series *s = memory != NULL ? calloc(1, sizeof(*s)) : NULL;
    if (s == NULL) {
        free(memory);
        return FEL_RAISE(FEL_ERR_NOMEM, "%s: no memory for %zu rows of %u columns",
                         info->instrument.symbol, n, (unsigned)info->n_columns);
    }
    s->info = *info;
    s->memory = memory;
    lay_out(s, n, has_open, rows);
    *out = s;
    return FEL_OK;
}

void series_finish(fel_series *series, const fel_series_info *info, size_t n)
{
    series->info = *info;
    series->rows.n = n;
}

fel_status series_check(const fel_series *series)
{
    const fel_block *b = &series->rows;
    const char *symbol = series->info.instrument.symbol;
    for (size_t i = 1; i < b->n; i++) {
        if (b->time_ns[i] < b->time_ns[i - 1]) {
            return FEL_RAISE(FEL_ERR_FORMAT, "%s: time of row %zu is before that of row %zu",
                             symbol, i, i - 1);
        }
    }
    for (size_t i = 0; b->open_ns != NULL && i < b->n; i++) {
        if (b->open_ns[i] > b->time_ns[i]) {
            return FEL_RAISE(FEL_ERR_FORMAT, "%s: row %zu opens after it closes", symbol, i);
        }
    }
    return FEL_OK;
}

static fel_status check_block(const fel_series_info *info, const fel_block *rows)
{
    if (rows->n_columns != info->n_columns) {
        return FEL_RAISE(FEL_ERR_SHAPE, "%s: rows have %zu columns, the series has %u",
                         info->instrument.symbol, rows->n_columns, (unsigned)info->n_columns);
    }
    if (rows->open_ns != NULL && info->kind != FEL_DATA_BAR) {
        return FEL_RAISE(FEL_ERR_SHAPE, "%s: only bars have open instants",
                         info->instrument.symbol);
    }
    return FEL_OK;
}

fel_status fel_series_create(fel_series **out, const fel_series_info *info, const fel_block *rows)
{
    FEL_TRY(check_block(info, rows));
    fel_series *s = NULL;
    series_rows to;
    FEL_TRY(series_alloc(&s, info, rows->n, rows->open_ns != NULL, &to));
    if (rows->n > 0) {
        memcpy(to.time_ns, rows->time_ns, rows->n * sizeof(int64_t));
    }
    if (rows->n > 0 && to.open_ns != NULL) {
        memcpy(to.open_ns, rows->open_ns, rows->n * sizeof(int64_t));
    }
    for (uint32_t c = 0; rows->n > 0 && c < info->n_columns; c++) {
        memcpy(to.columns[c], rows->columns[c], rows->n * sizeof(double));
    }
    const fel_status status = series_check(s);
    if (status != FEL_OK) {
        fel_series_destroy(s);
        return status;
    }
    *out = s;
    return FEL_OK;
}

void fel_series_destroy(fel_series *series)
{
    if (series != NULL) {
        free(series->memory);
        free(series);
    }
}

const fel_series_info *fel_series_describe(const fel_series *series)
{
    return &series->info;
}

fel_block fel_series_rows(const fel_series *series)
{
    return series->rows;
}

size_t series_lower_bound(const int64_t *times_ns, size_t n, int64_t time_ns)
{
    size_t low = 0, high = n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (times_ns[middle] < time_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}
