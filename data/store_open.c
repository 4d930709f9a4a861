/* data/store_open.c - a store for reading: the index, read once. */
#include <stdio.h>
#include <string.h>

#include "data/store_handle_internal.h"

static void sum_up(store_series *s, fel_store_entry *entry)
{
    memset(entry, 0, sizeof(*entry));
    entry->info = s->info;
    entry->n_segments = (uint32_t)s->parts.n;
    for (size_t p = 0; p < s->parts.n; p++) {
        entry->n_rows += s->parts.items[p].n_rows;
        entry->n_bytes += s->parts.items[p].n_bytes;
    }
    if (s->parts.n > 0) {
        entry->first_ns = s->parts.items[0].first_ns;
        entry->last_ns = s->parts.items[s->parts.n - 1].last_ns;
    }
}

fel_status fel_store_open(fel_store **out, const char *path)
{
    fel_store *store = calloc(1, sizeof(*store));
    if (store == NULL || (store->index = calloc(1, sizeof(*store->index))) == NULL) {
        free(store);
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory to open %s", path);
    }
    (void)snprintf(store->path, sizeof(store->path), "%s", path);
    fel_status status = store_index_load(store->index, path);
    if (status == FEL_OK && store->index->series.n > 0) {
        store->entries = calloc(store->index->series.n, sizeof(*store->entries));
        if (store->entries == NULL) {
            status = FEL_RAISE(FEL_ERR_NOMEM, "no memory to open %s", path);
        }
    }
    if (status != FEL_OK) {
        fel_store_close(store);
        return status;
    }
    for (size_t i = 0; i < store->index->series.n; i++) {
        sum_up(&store->index->series.items[i], &store->entries[i]);
    }
    *out = store;
    return FEL_OK;
}

void fel_store_close(fel_store *store)
{
    if (store != NULL) {
        store_index_clear(store->index);
        free(store->index);
        free(store->entries);
        free(store);
    }
}

size_t fel_store_count(const fel_store *store)
{
    return store->index->series.n;
}

const fel_store_entry *fel_store_entry_at(const fel_store *store, size_t index)
{
    return index < store->index->series.n ? &store->entries[index] : NULL;
}

static int has_key(const fel_series_info *info, const char *symbol, fel_data_kind kind,
                   int64_t length_ns)
{
    return strcmp(info->instrument.symbol, symbol) == 0 && info->kind == kind &&
           (length_ns == 0 || info->length_ns == length_ns);
}

/* "1d, 1w": the lengths that a symbol has. */
static void list_lengths(const fel_store *store, const char *symbol, fel_data_kind kind,
                         char *lengths, size_t size)
{
    size_t used = 0;
    lengths[0] = '\0';
    for (size_t i = 0; i < store->index->series.n && used < size; i++) {
        const fel_series_info *info = &store->entries[i].info;
        if (has_key(info, symbol, kind, 0)) {
            char text[32];
            store_length_text(info->length_ns, text, sizeof(text));
            const int n = snprintf(lengths + used, size - used, "%s%s", used > 0 ? ", " : "", text);
            used += n > 0 ? (size_t)n : 0;
        }
    }
}

static fel_status raise_ambiguous(const fel_store *store, const char *symbol, fel_data_kind kind)
{
    char lengths[160];
    list_lengths(store, symbol, kind, lengths, sizeof(lengths));
    return FEL_RAISE(FEL_ERR_ARG, "%s: %s has several %s lengths, say which: %s", store->path,
                     symbol, store_kind_word(kind), lengths);
}

/* The symbol is there, with rows of another length or kind. */
static fel_status raise_other_rows(const fel_store *store, const fel_series_info *info,
                                   fel_data_kind kind, int64_t length_ns)
{
    const char *symbol = info->instrument.symbol;
    const char *word = store_kind_word(kind) != NULL ? store_kind_word(kind) : "such row";
    if (info->kind != kind) {
        return FEL_RAISE(FEL_ERR_NOTFOUND, "%s: %s has no %ss, only %ss", store->path, symbol, word,
                         store_kind_word(info->kind));
    }
    char lengths[160], wanted[32];
    list_lengths(store, symbol, kind, lengths, sizeof(lengths));
    store_length_text(length_ns, wanted, sizeof(wanted));
    return FEL_RAISE(FEL_ERR_NOTFOUND, "%s: %s has no %ss of %s, only of %s", store->path, symbol,
                     word, wanted, lengths);
}

static fel_status raise_missing(const fel_store *store, const char *symbol, fel_data_kind kind,
                                int64_t length_ns)
{
    const size_t n = store->index->series.n;
    const char **names = calloc(n + 1, sizeof(*names));
    size_t same = n;
    if (names == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "%s: no memory to look for '%s'", store->path, symbol);
    }
    for (size_t i = 0; i < n; i++) {
        names[i] = store->entries[i].info.instrument.symbol;
        const int is_better = same == n || store->entries[i].info.kind == kind;
        same = strcmp(names[i], symbol) == 0 && is_better ? i : same;
    }
    const size_t near = nearest_name(symbol, names, n);
    const char *hint = near < n ? names[near] : NULL;
    fel_status status = FEL_OK;
    if (same < n) {
        status = raise_other_rows(store, &store->entries[same].info, kind, length_ns);
    } else {
        status = FEL_RAISE(FEL_ERR_NOTFOUND, "%s: no series '%s'%s%s%s", store->path, symbol,
                           hint != NULL ? ", did you mean '" : "", hint != NULL ? hint : "",
                           hint != NULL ? "'?" : "");
    }
    free(names);
    return status;
}

fel_status fel_store_find(const fel_store *store, const char *symbol, fel_data_kind kind,
                          int64_t length_ns, size_t *index)
{
    size_t n_found = 0, found = 0;
    for (size_t i = 0; i < store->index->series.n; i++) {
        if (has_key(&store->entries[i].info, symbol, kind, length_ns)) {
            found = i;
            n_found++;
        }
    }
    if (n_found == 0) {
        return raise_missing(store, symbol, kind, length_ns);
    }
    if (n_found > 1) {
        return raise_ambiguous(store, symbol, kind);
    }
    *index = found;
    return FEL_OK;
}
