/* data/store_append.c - series from memory into a store, all or none. */
#include <string.h>

#include "data/store_internal.h"

static fel_status append_one(store_change *change, const fel_series *series, int replace)
{
    const fel_series_info *info = fel_series_describe(series);
    const fel_block rows = fel_series_rows(series);
    size_t at = store_index_find(&change->index, info);
    if (at == change->index.series.n) {
        FEL_TRY(store_index_add(&change->index, info, &at));
    }
    store_series *s = &change->index.series.items[at];
    if (replace) {
        store_series_drop_parts(s);
    }
    FEL_TRY(store_series_merge_info(s, info, change->path));
    FEL_TRY(store_series_add_source(s, info->source_hash));
    return store_change_add(change, at, &rows);
}

/* The same series twice in one call would replace itself or be out of order: say so. */
static fel_status check_twice(const fel_series *const *series, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const fel_series_info *a = fel_series_describe(series[i]);
        for (size_t j = 0; j < i; j++) {
            const fel_series_info *b = fel_series_describe(series[j]);
            if (strcmp(a->instrument.symbol, b->instrument.symbol) == 0 && a->kind == b->kind &&
                a->length_ns == b->length_ns) {
                return FEL_RAISE(FEL_ERR_ARG, "%s: the same series is given twice",
                                 a->instrument.symbol);
            }
        }
    }
    return FEL_OK;
}

fel_status fel_store_append(const char *path, const fel_series *const *series, size_t n,
                            int replace)
{
    FEL_TRY(check_twice(series, n));
    store_change change;
    memset(&change, 0, sizeof(change));
    fel_status status = store_change_begin(&change, path, 1);
    for (size_t i = 0; status == FEL_OK && i < n; i++) {
        status = append_one(&change, series[i], replace);
    }
    if (status == FEL_OK) {
        status = store_change_commit(&change);
    }
    store_change_end(&change);
    return status;
}
