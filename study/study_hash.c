/* study/study_hash.c - what was read from a store, as a hash that does not mind how it is stored.
 *
 * Rows come in blocks whose size differs between memory and chunks on disk, so each column has a
 * hasher of its own and the sums are hashed together at the end. */
#include <stdlib.h>
#include <string.h>

#include "study/study_run_internal.h"

typedef struct column_hashers {
    hasher *items[1 + FEL_MAX_COLUMNS]; /* times, then columns */
    size_t n;
} column_hashers;

static void hashers_clear(column_hashers *h)
{
    for (size_t i = 0; i < h->n; i++) {
        hasher_destroy(h->items[i]);
    }
    h->n = 0;
}

static fel_status hashers_make(column_hashers *h, size_t n)
{
    memset(h, 0, sizeof(*h));
    while (h->n < n) {
        FEL_TRY(hasher_create(&h->items[h->n]));
        h->n++;
    }
    return FEL_OK;
}

static fel_status hash_feed(column_hashers *h, const fel_feed *feed)
{
    fel_block block;
    memset(&block, 0, sizeof(block));
    for (;;) {
        FEL_TRY(feed->code->next(feed->self, &block));
        if (block.n == 0) {
            return FEL_OK;
        }
        hasher_add(h->items[0], block.time_ns, block.n * sizeof(int64_t));
        for (size_t i = 0; i + 1 < h->n; i++) {
            hasher_add(h->items[1 + i], block.columns[i], block.n * sizeof(double));
        }
    }
}

static void combine(column_hashers *h, char text[HASH_TEXT_SIZE])
{
    char sums[1 + FEL_MAX_COLUMNS][HASH_TEXT_SIZE];
    for (size_t i = 0; i < h->n; i++) {
        hasher_text(h->items[i], sums[i]);
    }
    hasher_reset(h->items[0]);
    hasher_add(h->items[0], sums, h->n * HASH_TEXT_SIZE);
    hasher_text(h->items[0], text);
}

static int64_t after(int64_t t)
{
    return t == FEL_TIME_MIN || t == FEL_TIME_MAX ? t : t + 1;
}

static fel_status hash_item(const dataset *data, const dataset_item *item,
                            char text[HASH_TEXT_SIZE])
{
    const int64_t from = after(data->window.from_ns), to = after(data->window.to_ns);
    column_hashers h;
    fel_feed feed = {NULL, NULL};
    fel_status status = hashers_make(&h, 1 + item->info.n_columns);
    if (status == FEL_OK) {
        status = item->series != NULL
                     ? fel_feed_of_series(&feed, item->series, from, to, 0)
                     : fel_feed_of_store(&feed, item->store, item->entry, from, to);
    }
    if (status == FEL_OK) {
        status = hash_feed(&h, &feed);
    }
    if (status == FEL_OK) {
        combine(&h, text);
    }
    fel_feed_destroy(&feed);
    hashers_clear(&h);
    return status;
}

fel_status dataset_hash_stores(dataset *data, const fel_study *study)
{
    static const char *const kinds[] = {"", "bars", "quotes", "signals", "actions"};
    const study_data *rows = study->values.data.items;
    for (size_t i = 0; i < data->list.n; i++) {
        const dataset_item *item = &data->list.items[i];
        if (item->store == NULL) {
            continue;
        }
        dataset_input input = {
            .path = arena_printf(&data->memory, "%s: %s %s", rows[item->data_index].store,
                                 item->info.instrument.symbol, kinds[item->info.kind])};
        if (input.path == NULL) {
            return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the manifest's inputs");
        }
        FEL_TRY(hash_item(data, item, input.hash));
        FEL_TRY(ARRAY_PUSH(&data->inputs, input));
    }
    return FEL_OK;
}
