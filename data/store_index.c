/* data/store_index.c - which series a store holds and in which segments their rows are. */
#include <math.h>
#include <string.h>

#include "data/store_internal.h"

static void series_clear(store_series *s)
{
    free(s->parts.items);
    free(s->sources.items);
    memset(s, 0, sizeof(*s));
}

void store_index_clear(store_index *index)
{
    for (size_t i = 0; i < index->series.n; i++) {
        series_clear(&index->series.items[i]);
    }
    free(index->series.items);
    free(index->files.items);
    memset(index, 0, sizeof(*index));
}

static int compare_keys(const fel_series_info *a, const fel_series_info *b)
{
    const int by_symbol = strcmp(a->instrument.symbol, b->instrument.symbol);
    if (by_symbol != 0) {
        return by_symbol;
    }
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    return (a->length_ns > b->length_ns) - (a->length_ns < b->length_ns);
}

/* First place whose key is not below. */
static size_t lower_bound(const store_index *index, const fel_series_info *info)
{
    size_t low = 0, high = index->series.n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare_keys(&index->series.items[middle].info, info) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

size_t store_index_find(const store_index *index, const fel_series_info *info)
{
    const size_t at = lower_bound(index, info);
    const int found =
        at < index->series.n && compare_keys(&index->series.items[at].info, info) == 0;
    return found ? at : index->series.n;
}

fel_status store_index_add(store_index *index, const fel_series_info *info, size_t *at)
{
    FEL_TRY(series_info_check(info));
    const store_series empty = {.info = *info};
    const size_t place = lower_bound(index, info);
    FEL_TRY(ARRAY_PUSH(&index->series, empty));
    store_series *items = index->series.items;
    memmove(items + place + 1, items + place, (index->series.n - 1 - place) * sizeof(*items));
    items[place] = empty;
    *at = place;
    return FEL_OK;
}

void store_series_drop_parts(store_series *series)
{
    series->parts.n = 0;
    series->sources.n = 0;
}

static int is_used(const store_index *index, uint32_t number)
{
    for (size_t s = 0; s < index->series.n; s++) {
        const store_series *series = &index->series.items[s];
        for (size_t p = 0; p < series->parts.n; p++) {
            if (series->parts.items[p].file == number) {
                return 1;
            }
        }
    }
    return 0;
}

void store_index_drop_files(store_index *index)
{
    size_t kept = 0;
    for (size_t f = 0; f < index->files.n; f++) {
        if (is_used(index, index->files.items[f].number)) {
            index->files.items[kept++] = index->files.items[f];
        }
    }
    index->files.n = kept;
}

store_file *store_index_file(const store_index *index, uint32_t number)
{
    size_t low = 0, high = index->files.n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (index->files.items[middle].number < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const int found = low < index->files.n && index->files.items[low].number == number;
    return found ? &index->files.items[low] : NULL;
}
