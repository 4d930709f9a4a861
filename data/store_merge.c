/* data/store_merge.c - what rows must have in common to be one series, and what follows from them.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/store_internal.h"

static fel_status differs(const char *path, const fel_series_info *info, const char *what,
                          const char *old_text, const char *new_text)
{
    return FEL_RAISE(FEL_ERR_ARG, "%s: %s has %s '%s', the new rows have '%s'", path,
                     info->instrument.symbol, what, old_text, new_text);
}

static fel_status check_columns(const fel_series_info *old, const fel_series_info *new,
                                const char *path)
{
    int same = old->n_columns == new->n_columns;
    for (uint32_t c = 0; same && c < old->n_columns; c++) {
        same = strcmp(old->columns[c], new->columns[c]) == 0;
    }
    if (!same) {
        return FEL_RAISE(FEL_ERR_SHAPE, "%s: %s has other columns than the new rows", path,
                         old->instrument.symbol);
    }
    return FEL_OK;
}

static fel_status check_instrument(const fel_instrument *old, const fel_instrument *new,
                                   const char *path)
{
    const int same = old->kind == new->kind && old->lot == new->lot &&
                     old->multiplier == new->multiplier && old->right == new->right &&
                     old->strike == new->strike && old->expiry_ns == new->expiry_ns;
    if (!same) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "%s: %s is another instrument in the new rows (kind, lot, multiplier, "
                         "right, strike or expiry)",
                         path, old->symbol);
    }
    return FEL_OK;
}

double store_common_grid(double a, double b)
{
    const double fine = a > b ? a : b, coarse = a > b ? b : a;
    return coarse > 0.0 && fmod(fine, coarse) == 0.0 ? fine : 0.0;
}

fel_status store_series_merge_info(store_series *series, const fel_series_info *info,
                                   const char *path)
{
    fel_series_info *old = &series->info;
    if (series->parts.n == 0) {
        *old = *info;
        return FEL_OK;
    }
    FEL_TRY(check_columns(old, info, path));
    FEL_TRY(check_instrument(&old->instrument, &info->instrument, path));
    if (old->adjustment != info->adjustment) {
        return differs(path, old, "adjustment", store_adjustment_word(old->adjustment),
                       store_adjustment_word(info->adjustment));
    }
    if (strcmp(old->zone, info->zone) != 0) {
        return differs(path, old, "zone", old->zone, info->zone);
    }
    if (strcmp(old->instrument.currency, info->instrument.currency) != 0) {
        return differs(path, old, "currency", old->instrument.currency, info->instrument.currency);
    }
    old->instrument.ticks_per_unit =
        store_common_grid(old->instrument.ticks_per_unit, info->instrument.ticks_per_unit);
    return FEL_OK;
}

fel_status store_series_add_source(store_series *series, const char *hash)
{
    store_hash h = {{0}};
    (void)snprintf(h.text, sizeof(h.text), "%s", hash);
    for (size_t i = 0; i < series->sources.n; i++) {
        if (strcmp(series->sources.items[i].text, h.text) == 0) {
            return FEL_OK;
        }
    }
    return ARRAY_PUSH(&series->sources, h);
}

fel_status store_series_sum_sources(store_series *series)
{
    char *text = series->info.source_hash;
    memset(text, 0, HASH_TEXT_SIZE);
    if (series->sources.n == 1) {
        memcpy(text, series->sources.items[0].text, HASH_TEXT_SIZE);
    }
    if (series->sources.n <= 1) {
        return FEL_OK;
    }
    hasher *h = NULL;
    FEL_TRY(hasher_create(&h));
    for (size_t i = 0; i < series->sources.n; i++) {
        const char *source = series->sources.items[i].text;
        hasher_add(h, source, strlen(source));
        hasher_add(h, "\n", 1);
    }
    hasher_text(h, text);
    hasher_destroy(h);
    return FEL_OK;
}
