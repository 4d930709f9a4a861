/* tests/unit/data/test_feed_store.c - a feed from disk hands out the rows that a feed from memory
 * does. */
#include <stdio.h>
#include <unistd.h>

#include "tests/unit/data/sample_series.h"

enum { N = 200000 };

static void check_feed(const fel_feed *feed, const fel_block *all, size_t first, size_t n)
{
    size_t row = first, most = 0;
    fel_block block = {.n = 1};
    while (block.n > 0) {
        CHECK_OK(feed->code->next(feed->self, &block));
        CHECK(same_rows(all, row, &block));
        row += block.n;
        most = block.n > most ? block.n : most;
    }
    CHECK_INT(row - first, n);
    CHECK(most <= 65536);
    CHECK_OK(feed->code->next(feed->self, &block));
    CHECK_INT(block.n, 0);
}

static char made_path[512];

/* A store whose parts have the given numbers of rows. */
static fel_store *make_store(const sample_rows *r, const size_t *sizes, size_t n_sizes)
{
    const char *path = made_path;
    fel_store *store = NULL;
    size_t at = 0;
    (void)snprintf(made_path, sizeof(made_path), "%s/feed", scratch_folder());
    for (size_t i = 0; i < n_sizes; i++) {
        sample_rows part = *r;
        part.n = sizes[i];
        part.time_ns += at;
        part.open_ns += at;
        for (size_t c = 0; c < FEL_BAR_COLUMNS; c++) {
            part.views[c] = r->columns[c] + at;
        }
        fel_series *s = sample_series("FEED", &part, 1);
        const fel_series *list = s;
        CHECK_OK(fel_store_append(path, &list, 1, 0));
        fel_series_destroy(s);
        at += sizes[i];
    }
    CHECK_OK(fel_store_open(&store, path));
    return store;
}

static void test_stream_equals_memory_for_any_cut(void)
{
    const size_t cuts[][4] = {
        {N, 0, 0, 0}, {1, N - 1, 0, 0}, {65536, 65537, 3, N - 131076}, {50000, 50000, 99999, 1}};
    sample_rows r = sample_bars(81, N, 0, 100.0);
    const fel_block all = sample_block(&r, 1);
    for (size_t k = 0; k < sizeof(cuts) / sizeof(cuts[0]); k++) {
        size_t n_sizes = 0;
        while (n_sizes < 4 && cuts[k][n_sizes] > 0) {
            n_sizes++;
        }
        fel_store *store = make_store(&r, cuts[k], n_sizes);
        fel_feed feed;
        CHECK_OK(fel_feed_of_store(&feed, store, 0, FEL_TIME_MIN, FEL_TIME_MAX));
        check_feed(&feed, &all, 0, N);
        CHECK_OK(feed.code->rewind(feed.self));
        check_feed(&feed, &all, 0, N);
        fel_feed_destroy(&feed);
        fel_store_close(store);
    }
    sample_rows_destroy(&r);
}

static void test_ranges_are_those_of_memory(void)
{
    const size_t sizes[] = {70000, 60000, N - 130000};
    sample_rows r = sample_bars(82, N, 0, 0.0);
    const fel_block all = sample_block(&r, 1);
    fel_store *store = make_store(&r, sizes, 3);
    rng_stream s = rng_at(83, 1);
    for (int k = 0; k < 40; k++) {
        size_t a = rng_below(&s, N), b = rng_below(&s, N);
        if (k % 4 == 0) { /* about the borders of chunks and parts */
            a = 70000 - 2 + rng_below(&s, 5);
            b = 130000 - 2 + rng_below(&s, 5);
        }
        fel_feed feed;
        const size_t n = b > a ? b - a : 0;
        CHECK_OK(fel_feed_of_store(&feed, store, 0, r.time_ns[a] - (int64_t)rng_below(&s, 2),
                                   r.time_ns[b] - (int64_t)rng_below(&s, 2)));
        fel_block block = {.n = 0};
        if (k % 3 == 0) { /* rewind in the middle */
            CHECK_OK(feed.code->next(feed.self, &block));
            CHECK_OK(feed.code->rewind(feed.self));
        }
        check_feed(&feed, &all, a, n);
        fel_feed_destroy(&feed);
    }
    fel_store_close(store);
    sample_rows_destroy(&r);
}

/* The second part is gone when the feed comes to it; the first part's rows were good. */
static void test_missing_part_is_an_error_when_it_is_reached(void)
{
    const size_t sizes[] = {70000, 30000};
    char name[600];
    sample_rows r = sample_bars(85, 100000, 0, 100.0);
    const fel_block all = sample_block(&r, 1);
    fel_store *store = make_store(&r, sizes, 2);
    fel_feed feed;
    fel_block block = {.n = 0};
    size_t row = 0;
    (void)snprintf(name, sizeof(name), "%s/segments/000002.h5", made_path);
    CHECK(unlink(name) == 0);
    CHECK_OK(fel_feed_of_store(&feed, store, 0, FEL_TIME_MIN, FEL_TIME_MAX));
    while (row < 70000) {
        CHECK_OK(feed.code->next(feed.self, &block));
        CHECK(block.n > 0 && same_rows(&all, row, &block));
        row += block.n;
    }
    CHECK_STATUS(feed.code->next(feed.self, &block), FEL_ERR_IO);
    CHECK_HAS(fel_last_error()->message, "000002.h5");
    CHECK_STATUS(feed.code->next(feed.self, &block), FEL_ERR_IO);
    CHECK_OK(feed.code->rewind(feed.self));
    CHECK_OK(feed.code->next(feed.self, &block));
    CHECK(same_rows(&all, 0, &block));
    fel_feed_destroy(&feed);
    fel_store_close(store);
    sample_rows_destroy(&r);
}

static void test_feed_needs_an_entry(void)
{
    const size_t size = 10;
    sample_rows r = sample_bars(84, 10, 0, 0.0);
    fel_store *store = make_store(&r, &size, 1);
    fel_feed feed = {NULL, NULL};
    CHECK_STATUS(fel_feed_of_store(&feed, store, 1, FEL_TIME_MIN, FEL_TIME_MAX), FEL_ERR_RANGE);
    CHECK(feed.code == NULL);
    fel_feed_destroy(&feed);
    fel_store_close(store);
    sample_rows_destroy(&r);
}

SUITE("data/feed_store", TEST(test_stream_equals_memory_for_any_cut),
      TEST(test_ranges_are_those_of_memory), TEST(test_missing_part_is_an_error_when_it_is_reached),
      TEST(test_feed_needs_an_entry));
