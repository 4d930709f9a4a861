/* tests/verify/verify_store.c - ten million rows written, read back and compared, bit for bit. */
#include <math.h>
#include <stdio.h>

#include "tests/unit/data/sample_series.h"

enum { N_ROWS = 10000000, N_PARTS = 3 };

/* Rows first .. end of the whole as a series of their own. */
static fel_series *part_of(const sample_rows *r, size_t first, size_t end, double ticks)
{
    fel_series *series = NULL;
    const double *columns[FEL_BAR_COLUMNS];
    for (size_t c = 0; c < FEL_BAR_COLUMNS; c++) {
        columns[c] = r->columns[c] + first;
    }
    fel_series_info info = fel_series_info_default(FEL_DATA_BAR, ticks > 0.0 ? "GRID" : "FREE");
    info.length_ns = FEL_NS_PER_MINUTE;
    info.instrument.ticks_per_unit = ticks;
    const fel_block rows = {end - first, FEL_BAR_COLUMNS, r->time_ns + first, r->open_ns + first,
                            columns};
    CHECK_OK(fel_series_create(&series, &info, &rows));
    return series;
}

static void append_parts(const char *path, const sample_rows *r, double ticks)
{
    for (size_t p = 0; p < N_PARTS; p++) {
        fel_series *series = part_of(r, r->n * p / N_PARTS, r->n * (p + 1) / N_PARTS, ticks);
        const fel_series *list = series;
        CHECK_OK(fel_store_append(path, &list, 1, 0));
        fel_series_destroy(series);
    }
}

/* In memory at once, and through a feed. */
static void check_rows(const char *path, const char *symbol, const sample_rows *r)
{
    fel_store *store = NULL;
    fel_series *series = NULL;
    fel_feed feed = {NULL, NULL};
    fel_block block = {.n = 1};
    size_t at = 0, n = 0;
    const fel_block expected = sample_block(r, 1);
    CHECK_OK(fel_store_open(&store, path));
    CHECK_OK(fel_store_find(store, symbol, FEL_DATA_BAR, 0, &at));
    CHECK_OK(fel_store_read(store, at, FEL_TIME_MIN, FEL_TIME_MAX, &series));
    const fel_block rows = fel_series_rows(series);
    CHECK_INT(rows.n, r->n);
    CHECK(rows.open_ns != NULL && same_rows(&expected, 0, &rows));
    fel_series_destroy(series);
    CHECK_OK(fel_feed_of_store(&feed, store, at, FEL_TIME_MIN, FEL_TIME_MAX));
    int same = 1;
    while (block.n > 0 && feed.code->next(feed.self, &block) == FEL_OK) {
        same &= block.n == 0 || same_rows(&expected, n, &block);
        n += block.n;
    }
    CHECK(same);
    CHECK_INT(n, r->n);
    fel_feed_destroy(&feed);
    fel_store_close(store);
}

static void round_trip(uint64_t seed, double ticks, const char *symbol)
{
    char path[512];
    char *report = NULL;
    sample_rows r = sample_bars(seed, N_ROWS, FEL_NS_PER_DAY, ticks);
    for (size_t i = 17; i < r.n; i += 1013) {
        r.columns[4][i] = (double)NAN;
    }
    (void)snprintf(path, sizeof(path), "%s/large", scratch_folder());
    append_parts(path, &r, ticks);
    check_rows(path, symbol, &r);
    CHECK_OK(fel_store_compact(path));
    check_rows(path, symbol, &r);
    CHECK_OK(fel_store_check(path, &report));
    CHECK_TEXT(report, "");
    free(report);
    sample_rows_destroy(&r);
}

static void test_ten_million_rows_on_a_grid(void)
{
    round_trip(3, 100.0, "GRID");
}

static void test_ten_million_rows_on_none(void)
{
    round_trip(4, 0.0, "FREE");
}

SUITE("verify/store", TEST(test_ten_million_rows_on_a_grid), TEST(test_ten_million_rows_on_none));
