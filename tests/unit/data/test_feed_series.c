/* tests/unit/data/test_feed_series.c - a feed hands out each row of its range once, in blocks. */
#include "tests/unit/data/sample_series.h"

/* Pull everything; the rows must be those of `all` from `first` on, `n` of them. */
static void check_feed(const fel_feed *feed, const fel_block *all, size_t first, size_t n,
                       size_t most)
{
    size_t row = first;
    fel_block block = {.n = 1};
    while (block.n > 0) {
        CHECK_OK(feed->code->next(feed->self, &block));
        CHECK(most == 0 || block.n <= most);
        CHECK(same_rows(all, row, &block));
        row += block.n;
    }
    CHECK_INT(row - first, n);
    CHECK_OK(feed->code->next(feed->self, &block));
    CHECK_INT(block.n, 0);
}

static void test_blocks_of_any_size_cover_all_rows(void)
{
    sample_rows r = sample_bars(11, 101, 5, 0.0);
    fel_series *s = sample_series("FEED", &r, 1);
    const fel_block all = fel_series_rows(s);
    const size_t sizes[] = {0, 1, 7, 100, 101, 102, 5000};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        fel_feed feed;
        CHECK_OK(fel_feed_of_series(&feed, s, FEL_TIME_MIN, FEL_TIME_MAX, sizes[i]));
        check_feed(&feed, &all, 0, 101, sizes[i]);
        CHECK_OK(feed.code->rewind(feed.self));
        check_feed(&feed, &all, 0, 101, sizes[i]);
        fel_feed_destroy(&feed);
        CHECK(feed.code == NULL);
    }
    fel_series_destroy(s);
    sample_rows_destroy(&r);
}

static void test_range_is_half_open(void)
{
    sample_rows r = sample_bars(12, 60, 5, 0.0);
    r.time_ns[31] = r.time_ns[30]; /* rows at one instant stay together */
    r.open_ns[31] = r.open_ns[30];
    fel_series *s = sample_series("FEED", &r, 0);
    const fel_block all = fel_series_rows(s);
    fel_feed feed;
    CHECK_OK(fel_feed_of_series(&feed, s, r.time_ns[30], r.time_ns[44], 3));
    check_feed(&feed, &all, 30, 14, 3);
    fel_feed_destroy(&feed);
    CHECK_OK(fel_feed_of_series(&feed, s, r.time_ns[10] + 1, r.time_ns[30], 0));
    check_feed(&feed, &all, 11, 19, 0);
    fel_feed_destroy(&feed);
    CHECK_OK(fel_feed_of_series(&feed, s, r.time_ns[20], r.time_ns[10], 0));
    check_feed(&feed, &all, 20, 0, 0);
    fel_feed_destroy(&feed);
    CHECK_OK(fel_feed_of_series(&feed, s, r.time_ns[59] + 1, FEL_TIME_MAX, 4));
    check_feed(&feed, &all, 60, 0, 4);
    fel_feed_destroy(&feed);
    fel_series_destroy(s);
    sample_rows_destroy(&r);
}

SUITE("data/feed_series", TEST(test_blocks_of_any_size_cover_all_rows),
      TEST(test_range_is_half_open));
