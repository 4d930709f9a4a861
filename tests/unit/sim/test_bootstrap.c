/* tests/unit/sim/test_bootstrap.c - drawn rows follow their law, drawn bars move as the real ones.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <feller/pathfeed.h>

#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"

enum { N_BARS = 120 };

/* Weekday bars of a wave from Monday 2010-01-04 on; every skip-th is left out (0: none). */
static fel_series *wave(const char *symbol, double shift, int skip)
{
    static int64_t times[N_BARS];
    static double rows[FEL_BAR_COLUMNS][N_BARS];
    const double *columns[FEL_BAR_COLUMNS];
    fel_series_info info = fel_series_info_default(FEL_DATA_BAR, symbol);
    fel_series *series = NULL;
    size_t n = 0;
    info.length_ns = FEL_NS_PER_DAY;
    for (int i = 0; i < N_BARS; i++) {
        if (skip > 0 && i % skip == skip - 1) {
            continue;
        }
        const int64_t day = 14613 + i / 5 * 7 + i % 5;
        const double close = 100.0 + 20.0 * sin(0.3 * i + shift) + 3.7 * cos(1.9 * i);
        times[n] = (day + 1) * FEL_NS_PER_DAY;
        rows[0][n] = close * (1.0 + 0.004 * sin(2.0 * i));
        rows[3][n] = close;
        rows[1][n] = fmax(rows[0][n], close) * 1.003;
        rows[2][n] = fmin(rows[0][n], close) * 0.996;
        rows[4][n] = 1000.0 + i;
        n++;
    }
    for (size_t c = 0; c < FEL_BAR_COLUMNS; c++) {
        columns[c] = rows[c];
    }
    const fel_block block = {n, FEL_BAR_COLUMNS, times, NULL, columns};
    CHECK_OK(fel_series_create(&series, &info, &block));
    return series;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void test_stationary_blocks_are_geometric(void)
{
    enum { N = 200000, MOST = 30 };
    size_t *rows = malloc(N * sizeof(*rows));
    size_t lengths[MOST + 1] = {0}, n_blocks = 0, length = 1;
    fel_bootstrap how = fel_bootstrap_default();
    how.block_bars = 7.5;
    how.seed = 20240817;
    if (rows == NULL) {
        return;
    }
    CHECK_OK(fel_bootstrap_draw(&how, 100003, 3, rows, N));
    for (size_t i = 1; i < N; i++) {
        if (rows[i] == (rows[i - 1] + 1) % 100003) {
            length++;
        } else {
            lengths[length < MOST ? length : MOST]++;
            n_blocks++;
            length = 1;
        }
    }
    /* Chi-square of the lengths against p (1 - p)^(k - 1): 29 degrees, 5 sd above the mean. */
    double chi = 0.0, tail = 1.0;
    for (size_t k = 1; k < MOST; k++) {
        const double share = tail / 7.5, expected = share * (double)n_blocks;
        chi += ((double)lengths[k] - expected) * ((double)lengths[k] - expected) / expected;
        tail -= share;
    }
    const double expected = tail * (double)n_blocks;
    chi += ((double)lengths[MOST] - expected) * ((double)lengths[MOST] - expected) / expected;
    CHECK(chi < 29.0 + 5.0 * sqrt(2.0 * 29.0));
    CHECK(chi > 29.0 - 4.0 * sqrt(2.0 * 29.0));
    free(rows);
}

static void test_every_row_is_as_likely(void)
{
    enum { N_SOURCE = 50, N_PATHS = 4000, N = 25 };
    for (int method = 0; method < 2; method++) {
        size_t counts[N_SOURCE] = {0}, rows[N];
        fel_bootstrap how = fel_bootstrap_default();
        how.method = (fel_bootstrap_method)method;
        how.block_bars = 5.0;
        for (uint64_t path = 0; path < N_PATHS; path++) {
            CHECK_OK(fel_bootstrap_draw(&how, N_SOURCE, path, rows, N));
            counts[rows[N - 1]]++; /* one of each path: independent */
        }
        double chi = 0.0;
        const double expected = (double)N_PATHS / N_SOURCE;
        for (size_t i = 0; i < N_SOURCE; i++) {
            chi += ((double)counts[i] - expected) * ((double)counts[i] - expected) / expected;
        }
        CHECK(chi < 49.0 + 4.5 * sqrt(2.0 * 49.0));
    }
}

static void test_blocks_of_one_length(void)
{
    size_t rows[47];
    fel_bootstrap how = fel_bootstrap_default();
    how.method = FEL_BOOTSTRAP_BLOCK;
    how.block_bars = 9.0;
    CHECK_OK(fel_bootstrap_draw(&how, 31, 5, rows, 47));
    size_t n_jumps = 0;
    for (size_t i = 1; i < 47; i++) {
        const int goes_on = rows[i] == (rows[i - 1] + 1) % 31;
        CHECK(goes_on || i % 9 == 0);
        n_jumps += goes_on ? 0 : 1;
    }
    CHECK(n_jumps >= 3);
}

static void test_a_path_is_its_number_and_the_seed(void)
{
    size_t a[40], b[40];
    fel_bootstrap how = fel_bootstrap_default();
    CHECK_OK(fel_bootstrap_draw(&how, 500, 12, a, 40));
    CHECK_OK(fel_bootstrap_draw(&how, 500, 13, b, 40));
    CHECK(memcmp(a, b, sizeof(a)) != 0);
    CHECK_OK(fel_bootstrap_draw(&how, 500, 12, b, 40));
    CHECK(memcmp(a, b, sizeof(a)) == 0);
    CHECK_OK(fel_bootstrap_draw(&how, 500, 12, b, 20)); /* a shorter one is the first of it */
    CHECK(memcmp(a, b, 20 * sizeof(a[0])) == 0);
    how.seed = 2;
    CHECK_OK(fel_bootstrap_draw(&how, 500, 12, b, 40));
    CHECK(memcmp(a, b, sizeof(a)) != 0);
}

/* ---- bars ------------------------------------------------------------------------------------ */

static void test_bars_move_as_the_drawn_ones(void)
{
    fel_series *real = wave("W", 0.4, 0), *drawn = NULL;
    const fel_series *list[] = {real};
    size_t rows[N_BARS - 1];
    fel_bootstrap how = fel_bootstrap_default();
    fel_path_source *source = NULL;
    how.block_bars = 4.0;
    how.series = list;
    how.n_series = 1;
    CHECK_OK(fel_path_source_bootstrapped(&source, &how));
    CHECK_OK(fel_path_source_series(source, 77, &drawn));
    CHECK_OK(fel_bootstrap_draw(&how, N_BARS - 1, 77, rows, N_BARS - 1));
    const fel_block a = fel_series_rows(real), b = fel_series_rows(drawn);
    CHECK_INT(b.n, N_BARS - 1);
    double before = a.columns[3][0];
    for (size_t i = 0; i < b.n; i++) {
        for (size_t c = 0; c < 4; c++) {
            const double moved = a.columns[c][rows[i] + 1] / a.columns[3][rows[i]];
            CHECK_REL(b.columns[c][i] / before, moved, 4e-16);
        }
        CHECK(b.columns[2][i] <= b.columns[0][i] && b.columns[2][i] <= b.columns[3][i]);
        CHECK(b.columns[1][i] >= b.columns[0][i] && b.columns[1][i] >= b.columns[3][i]);
        CHECK_SAME(b.columns[4][i], a.columns[4][rows[i] + 1]);
        CHECK_INT(b.time_ns[i], a.time_ns[i + 1]);
        CHECK_INT(b.open_ns[i], a.time_ns[i + 1] - FEL_NS_PER_DAY);
        before = b.columns[3][i];
    }
    fel_series_destroy(drawn);
    fel_path_source_destroy(source);
    fel_series_destroy(real);
}

static void test_series_are_drawn_together(void)
{
    /* Two series with the same moves at another price, one with holes: what is left moves alike. */
    fel_series *a = wave("A", 0.4, 0), *b = wave("B", 0.4, 7), *drawn[2] = {NULL, NULL};
    const fel_series *list[] = {a, b};
    fel_bootstrap how = fel_bootstrap_default();
    fel_path_source *source = NULL;
    how.series = list;
    how.n_series = 2;
    CHECK_OK(fel_path_source_bootstrapped(&source, &how));
    CHECK_OK(fel_path_source_series(source, 5, drawn));
    const fel_block x = fel_series_rows(drawn[0]), y = fel_series_rows(drawn[1]);
    CHECK_INT(x.n, N_BARS - N_BARS / 7 - 1);
    CHECK_INT(y.n, x.n);
    for (size_t i = 0; i < x.n; i++) {
        CHECK_SAME(x.columns[3][i], y.columns[3][i]);
    }
    fel_series_destroy(drawn[0]);
    fel_series_destroy(drawn[1]);
    fel_path_source_destroy(source);
    fel_series_destroy(a);
    fel_series_destroy(b);
}

static void test_longer_paths_keep_the_weekdays(void)
{
    fel_series *real = wave("W", 0.4, 0), *drawn = NULL;
    const fel_series *list[] = {real};
    fel_bootstrap how = fel_bootstrap_default();
    fel_path_source *source = NULL;
    how.series = list;
    how.n_series = 1;
    how.n_bars = 400;
    CHECK_OK(fel_path_source_bootstrapped(&source, &how));
    CHECK_OK(fel_path_source_series(source, 0, &drawn));
    const fel_block b = fel_series_rows(drawn);
    CHECK_INT(b.n, 400);
    for (size_t i = 1; i < b.n; i++) {
        const int64_t day = b.time_ns[i] / FEL_NS_PER_DAY - 1;
        CHECK(b.time_ns[i] > b.time_ns[i - 1]);
        CHECK((day + 3) % 7 < 5);
    }
    fel_series_destroy(drawn);
    fel_path_source_destroy(source);
    fel_series_destroy(real);
}

static void test_rooms_hold_the_same_paths(void)
{
    fel_series *real = wave("W", 1.1, 0), *alone = NULL;
    const fel_series *list[] = {real};
    fel_bootstrap how = fel_bootstrap_default();
    fel_path_source *source = NULL;
    fel_path_room *room = NULL;
    fel_feed feed = {NULL, NULL};
    fel_block rows;
    how.series = list;
    how.n_series = 1;
    CHECK_OK(fel_path_source_bootstrapped(&source, &how));
    CHECK_OK(fel_path_room_create(&room, source, 5));
    CHECK_OK(fel_path_room_fill(room, 10, 5));
    CHECK_OK(fel_path_room_feed(room, 0, FEL_TIME_MIN, FEL_TIME_MAX, &feed));
    CHECK_STATUS(fel_path_room_fill(room, 10, 6), FEL_ERR_ARG);
    for (size_t i = 0; i < 5; i++) {
        fel_path_room_select(room, i);
        CHECK_OK(feed.code->rewind(feed.self));
        CHECK_OK(feed.code->next(feed.self, &rows));
        CHECK_OK(fel_path_source_series(source, 10 + i, &alone));
        CHECK_INT(rows.n, fel_series_rows(alone).n);
        CHECK(memcmp(rows.columns[3], fel_series_rows(alone).columns[3], rows.n * 8) == 0);
        fel_series_destroy(alone);
    }
    CHECK_OK(feed.code->next(feed.self, &rows));
    CHECK_INT(rows.n, 0);
    fel_feed_destroy(&feed);
    fel_path_room_destroy(room);
    fel_path_source_destroy(source);
    fel_series_destroy(real);
}

/* ---- bad input ------------------------------------------------------------------------------- */

static void test_what_cannot_be_drawn_is_refused(void)
{
    fel_series *real = wave("W", 0.4, 0);
    const fel_series *list[] = {real};
    fel_path_source *source = NULL;
    fel_bootstrap how = fel_bootstrap_default();
    how.series = list;
    CHECK_STATUS(fel_path_source_bootstrapped(&source, &how), FEL_ERR_RANGE);
    how.n_series = 1;
    how.block_bars = 0.5;
    CHECK_STATUS(fel_path_source_bootstrapped(&source, &how), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "block_bars = 0.5; the data has 119 bars");
    how.block_bars = (double)NAN;
    CHECK_STATUS(fel_path_source_bootstrapped(&source, &how), FEL_ERR_RANGE);
    how.block_bars = 120.0;
    CHECK_STATUS(fel_path_source_bootstrapped(&source, &how), FEL_ERR_RANGE);
    how.method = FEL_BOOTSTRAP_BLOCK;
    how.block_bars = 2.5;
    CHECK_STATUS(fel_path_source_bootstrapped(&source, &how), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "whole bars");
    how.block_bars = 2.0;
    how.n_bars = (size_t)1 << 40;
    CHECK_STATUS(fel_path_source_bootstrapped(&source, &how), FEL_ERR_RANGE);
    CHECK(source == NULL);
    fel_series_destroy(real);
}

static void test_prices_that_have_no_return_are_refused(void)
{
    const int64_t times[] = {1, 2, 3};
    const double bad[] = {1.5, -0.25, 2.0}, good[] = {1.5, 1.5, 2.0};
    const double *columns[] = {good, good, bad, good, good};
    fel_series_info info = fel_series_info_default(FEL_DATA_BAR, "N");
    const fel_block rows = {3, FEL_BAR_COLUMNS, times, NULL, columns};
    fel_series *series = NULL;
    fel_path_source *source = NULL;
    fel_bootstrap how = fel_bootstrap_default();
    info.length_ns = 1;
    CHECK_OK(fel_series_create(&series, &info, &rows));
    const fel_series *list[] = {series};
    how.series = list;
    how.n_series = 1;
    CHECK_STATUS(fel_path_source_bootstrapped(&source, &how), FEL_ERR_FORMAT);
    CHECK_HAS(fel_last_error()->message, "N: low of row 1 is -0.25");
    fel_series_destroy(series);
}

static fel_status call_source(void *payload, void **out)
{
    fel_path_source *source = NULL;
    const fel_status status = fel_path_source_bootstrapped(&source, payload);
    if (source != NULL) {
        *out = source;
    }
    return status;
}

static void destroy_source(void *made)
{
    fel_path_source_destroy(made);
}

static void test_memory_that_runs_out(void)
{
    fel_series *real = wave("W", 0.4, 0);
    const fel_series *list[] = {real};
    fel_bootstrap how = fel_bootstrap_default();
    how.series = list;
    how.n_series = 1;
    const failing_call call = {"fel_path_source_bootstrapped", call_source, destroy_source, &how};
    CHECK(check_failing_call(&call) > 1);
    fel_series_destroy(real);
}

SUITE("sim/bootstrap", TEST(test_stationary_blocks_are_geometric),
      TEST(test_every_row_is_as_likely), TEST(test_blocks_of_one_length),
      TEST(test_a_path_is_its_number_and_the_seed), TEST(test_bars_move_as_the_drawn_ones),
      TEST(test_series_are_drawn_together), TEST(test_longer_paths_keep_the_weekdays),
      TEST(test_rooms_hold_the_same_paths), TEST(test_what_cannot_be_drawn_is_refused),
      TEST(test_prices_that_have_no_return_are_refused), TEST(test_memory_that_runs_out));
