/* data/join_tickers.c - one company under the names that it had. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <feller/adjust.h>

#include "core/core.h"
#include "data/csv_rows_internal.h"
#include "data/csv_source_internal.h"
#include "data/series_internal.h"

enum { MAP_BYTES = 1 << 16, MAP_ROWS = 256 };

/* A row of the map: the ticker up to the end of a day (wall clock). */
typedef struct named {
    char ticker[FEL_SYMBOL_SIZE];
    int64_t until_wall_ns;
} named;

typedef struct ticker_map {
    named rows[MAP_ROWS];
    size_t n;
} ticker_map;

/* ---- the map --------------------------------------------------------------------------------- */

static void upper(char *out, const csv_field *field)
{
    const size_t n = field->size < FEL_SYMBOL_SIZE ? field->size : FEL_SYMBOL_SIZE - 1;
    for (size_t i = 0; i < n; i++) {
        out[i] = (char)toupper((unsigned char)field->text[i]);
    }
    out[n] = '\0';
}

/* "20090804" as the end of that day. */
static int read_day(const csv_field *field, int64_t *end_ns)
{
    char text[16];
    if (field->size != 8) {
        return 0;
    }
    (void)snprintf(text, sizeof(text), "%.4s-%.2s-%.2s", field->text, field->text + 4,
                   field->text + 6);
    if (fel_time_parse(text, NULL, end_ns) != FEL_OK) {
        return 0;
    }
    *end_ns += FEL_NS_PER_DAY;
    return 1;
}

static fel_status take_row(ticker_map *map, const char *path, const csv_rows *rows, size_t r)
{
    const csv_row *row = &rows->rows[r];
    const csv_field *fields = &rows->fields[row->first_field];
    named *to = &map->rows[map->n];
    if (row->n_fields < 2 || row->n_fields > 4 || !read_day(&fields[0], &to->until_wall_ns) ||
        fields[1].size == 0) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: row %u: \"%.*s\": is not like 20090804,wmi,N", path,
                         row->line + 1, (int)fields[0].size, fields[0].text);
    }
    if (map->n > 0 && to->until_wall_ns < map->rows[map->n - 1].until_wall_ns) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: row %u: %.8s: is earlier than the row before", path,
                         row->line + 1, fields[0].text);
    }
    upper(to->ticker, &fields[1]);
    map->n++;
    return FEL_OK;
}

static fel_status take_rows(ticker_map *map, const char *path, const char *bytes, size_t size)
{
    csv_rows rows = {0};
    fel_status status = csv_rows_parse(&rows, bytes, size, ',');
    if (status == FEL_OK && (rows.n_rows == 0 || rows.n_rows > MAP_ROWS)) {
        status = FEL_RAISE(FEL_ERR_FORMAT, "%s: %zu rows; a map of tickers has 1 to %d", path,
                           rows.n_rows, (int)MAP_ROWS);
    }
    for (size_t r = 0; status == FEL_OK && r < rows.n_rows; r++) {
        status = take_row(map, path, &rows, r);
    }
    csv_rows_clear(&rows);
    return status;
}

static fel_status read_map(ticker_map *map, const char *path)
{
    csv_source *source = NULL;
    size_t size = 0;
    char *bytes = malloc(MAP_BYTES);
    if (bytes == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "%s: no memory to read it", path);
    }
    fel_status status = csv_source_open(&source, path);
    if (status == FEL_OK) {
        status = csv_source_read(source, bytes, MAP_BYTES, &size);
    }
    if (status == FEL_OK && size == MAP_BYTES) {
        status = FEL_RAISE(FEL_ERR_FORMAT, "%s: is too large for a map of tickers", path);
    }
    if (status == FEL_OK) {
        status = take_rows(map, path, bytes, size);
    }
    csv_source_close(source);
    free(bytes);
    return status;
}

/* ---- joining --------------------------------------------------------------------------------- */

static const fel_series *find_series(const fel_series_list *list, const char *ticker)
{
    char symbol[FEL_SYMBOL_SIZE];
    for (size_t i = 0; i < list->n; i++) {
        const fel_series_info *info = fel_series_describe(list->items[i]);
        const csv_field name = {info->instrument.symbol, (uint32_t)strlen(info->instrument.symbol),
                                0};
        upper(symbol, &name);
        if (info->kind == FEL_DATA_BAR && strcmp(symbol, ticker) == 0) {
            return list->items[i];
        }
    }
    return NULL;
}

/* Rows of one ticker's time. */
typedef struct piece {
    const fel_series *series;
    size_t first, end;
} piece;

/* The first row of a map is the day of the listing: what comes before it is another company's. */
static size_t find_pieces(const ticker_map *map, const fel_series_list *list, const fel_zone *zone,
                          piece *pieces)
{
    size_t n = 0;
    int64_t from_ns = fel_zone_instant(zone, map->rows[0].until_wall_ns - FEL_NS_PER_DAY);
    for (size_t k = map->n > 1 ? 1 : 0; k < map->n; k++) {
        const int64_t until_ns = fel_zone_instant(zone, map->rows[k].until_wall_ns);
        const fel_series *series = find_series(list, map->rows[k].ticker);
        if (series != NULL) {
            const fel_block rows = fel_series_rows(series);
            pieces[n].series = series;
            pieces[n].first = series_lower_bound(rows.time_ns, rows.n, from_ns + 1);
            pieces[n].end = series_lower_bound(rows.time_ns, rows.n, until_ns + 1);
            n++;
        }
        from_ns = until_ns;
    }
    return n;
}

static void copy_piece(const piece *p, series_rows *out, size_t at)
{
    const fel_block rows = fel_series_rows(p->series);
    const int64_t length_ns = fel_series_describe(p->series)->length_ns;
    for (size_t i = p->first; i < p->end; i++, at++) {
        out->time_ns[at] = rows.time_ns[i];
        if (out->open_ns != NULL) {
            out->open_ns[at] = rows.open_ns != NULL ? rows.open_ns[i] : rows.time_ns[i] - length_ns;
        }
        for (size_t c = 0; c < FEL_BAR_COLUMNS; c++) {
            out->columns[c][at] = rows.columns[c][i];
        }
    }
}

static fel_status join(fel_series **out, const ticker_map *map, const piece *pieces,
                       size_t n_pieces)
{
    fel_series_info info = *fel_series_describe(pieces[n_pieces - 1].series);
    memcpy(info.instrument.symbol, map->rows[map->n - 1].ticker, sizeof(info.instrument.symbol));
    size_t n = 0;
    int has_open = 0;
    for (size_t k = 0; k < n_pieces; k++) {
        n += pieces[k].end - pieces[k].first;
        has_open |= fel_series_rows(pieces[k].series).open_ns != NULL;
        if (fel_series_describe(pieces[k].series)->length_ns != info.length_ns) {
            return FEL_RAISE(FEL_ERR_ARG, "%s and %s have bars of two lengths",
                             fel_series_describe(pieces[k].series)->instrument.symbol,
                             info.instrument.symbol);
        }
    }
    series_rows rows;
    FEL_TRY(series_alloc(out, &info, n, has_open, &rows));
    n = 0;
    for (size_t k = 0; k < n_pieces; k++) {
        copy_piece(&pieces[k], &rows, n);
        n += pieces[k].end - pieces[k].first;
    }
    return FEL_OK;
}

static fel_status join_mapped(fel_series **out, const fel_series_list *list, const char *path,
                              const ticker_map *map)
{
    piece pieces[MAP_ROWS];
    fel_zone *zone = NULL;
    const fel_series *last = NULL;
    for (size_t k = 0; k < map->n; k++) {
        const fel_series *series = find_series(list, map->rows[k].ticker);
        last = series != NULL ? series : last;
    }
    if (last == NULL) {
        return FEL_RAISE(FEL_ERR_NOTFOUND, "%s: no bars of any of its tickers, such as %s", path,
                         map->rows[map->n - 1].ticker);
    }
    FEL_TRY(fel_zone_create(&zone, fel_series_describe(last)->zone));
    const size_t n = find_pieces(map, list, zone, pieces);
    fel_status status = FEL_OK;
    if (n > 0) {
        status = join(out, map, pieces, n);
    } else {
        status = FEL_RAISE(FEL_ERR_NOTFOUND, "%s: no bars of its tickers in their time", path);
    }
    fel_zone_destroy(zone);
    return status;
}

fel_status fel_join_tickers(fel_series **out, const fel_series_list *list, const char *map_path)
{
    ticker_map *map = calloc(1, sizeof(*map));
    if (map == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "%s: no memory to read it", map_path);
    }
    fel_status status = read_map(map, map_path);
    if (status == FEL_OK) {
        status = join_mapped(out, list, map_path, map);
    }
    free(map);
    return status;
}
