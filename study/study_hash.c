/* study/study_hash.c - what was read from a store, as a hash that does not mind how it is stored.
 *
 * Rows come in blocks whose size differs between memory and chunks on disk, so each column has a
 * hasher of its own and the sums are hashed together at the end. */
#include <stdio.h>
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

static void add_block(column_hashers *h, const fel_block *block)
{
    hasher_add(h->items[0], block->time_ns, block->n * sizeof(int64_t));
    for (size_t i = 0; i + 1 < h->n; i++) {
        hasher_add(h->items[1 + i], block->columns[i], block->n * sizeof(double));
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

/* ---- in memory ------------------------------------------------------------------------------- */

static int64_t after(int64_t t)
{
    return t == FEL_TIME_MIN || t == FEL_TIME_MAX ? t : t + 1;
}

static fel_status hash_series(const dataset *data, const dataset_item *item,
                              char text[HASH_TEXT_SIZE])
{
    const int64_t from = after(data->window.from_ns), to = after(data->window.to_ns);
    column_hashers h;
    fel_feed feed = {NULL, NULL};
    fel_block all;
    fel_status status = hashers_make(&h, 1 + item->info.n_columns);
    if (status == FEL_OK) {
        status = fel_feed_of_series(&feed, item->series, from, to, 0);
    }
    if (status == FEL_OK) {
        status = feed.code->next(feed.self, &all);
    }
    if (status == FEL_OK) {
        add_block(&h, &all);
        combine(&h, text);
    }
    fel_feed_destroy(&feed);
    hashers_clear(&h);
    return status;
}

/* ---- on the way to the engine ---------------------------------------------------------------- */

typedef struct hashed_feed {
    fel_feed inner;
    column_hashers hashers;
    split_scan scan;
    int may_split;
    int is_at_end;
} hashed_feed;

static fel_status hashed_next(void *self, fel_block *out)
{
    hashed_feed *f = self;
    FEL_TRY(f->inner.code->next(f->inner.self, out));
    add_block(&f->hashers, out);
    if (f->may_split) {
        split_scan_rows(&f->scan, out);
    }
    f->is_at_end = out->n == 0;
    return FEL_OK;
}

static fel_status hashed_rewind(void *self)
{
    hashed_feed *f = self;
    for (size_t i = 0; i < f->hashers.n; i++) {
        hasher_reset(f->hashers.items[i]);
    }
    memset(&f->scan, 0, sizeof(f->scan));
    f->is_at_end = 0;
    return f->inner.code->rewind(f->inner.self);
}

static void hashed_destroy(void *self)
{
    hashed_feed *f = self;
    fel_feed_destroy(&f->inner);
    hashers_clear(&f->hashers);
    free(f);
}

static const fel_feed_class hashed_class = {
    .struct_size = sizeof(fel_feed_class),
    .name = "hashed",
    .next = hashed_next,
    .rewind = hashed_rewind,
    .destroy = hashed_destroy,
};

fel_status feed_hash_begin(fel_feed *feed, const dataset_item *item)
{
    hashed_feed *f = calloc(1, sizeof(*f));
    if (f == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the hash of a feed");
    }
    const fel_status status = hashers_make(&f->hashers, 1 + item->info.n_columns);
    if (status != FEL_OK) {
        hashed_destroy(f);
        return status;
    }
    f->inner = *feed;
    f->may_split = dataset_may_split(item);
    feed->code = &hashed_class;
    feed->self = f;
    return FEL_OK;
}

/* The engine may have ended before the rows do. */
static fel_status feed_hash_end(hashed_feed *f, char text[HASH_TEXT_SIZE])
{
    fel_block rest;
    while (!f->is_at_end) {
        FEL_TRY(hashed_next(f, &rest));
    }
    combine(&f->hashers, text);
    return FEL_OK;
}

fel_status dataset_hash_streamed(dataset *data, const study_engine *run, int was_stopped)
{
    size_t input = data->inputs.n; /* those of stores come last, in the order of the list */
    for (size_t i = data->list.n; i > 0; i--) {
        const dataset_item *item = &data->list.items[i - 1];
        input -= item->store != NULL ? 1 : 0;
        if (item->store == NULL || item->series != NULL) {
            continue;
        }
        char *hash = data->inputs.items[input].hash;
        hashed_feed *feed = run->sources[i - 1].feed.self;
        if (was_stopped) {
            (void)snprintf(hash, HASH_TEXT_SIZE, "not known: the run was stopped");
        } else {
            FEL_TRY(feed_hash_end(feed, hash));
        }
        FEL_TRY(dataset_note_jumps(data, item, &feed->scan));
    }
    return FEL_OK;
}

/* ---- inputs ---------------------------------------------------------------------------------- */

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
        if (item->series != NULL) {
            FEL_TRY(hash_series(data, item, input.hash));
        }
        FEL_TRY(ARRAY_PUSH(&data->inputs, input));
    }
    return FEL_OK;
}
