/* tests/unit/data/test_series.c - series in memory: copies, order, shapes. */
#define FEL_MODULE_DATA 1
#include "data/series_internal.h"
#include "tests/unit/data/sample_series.h"

static void test_rows_are_copied(void)
{
    sample_rows r = sample_bars(1, 777, 1234567, 100.0);
    fel_series *s = sample_series("ABC", &r, 1);
    const fel_block given = sample_block(&r, 1), kept = fel_series_rows(s);
    CHECK_INT(kept.n, 777);
    CHECK(same_rows(&kept, 0, &given));
    CHECK(kept.open_ns != NULL && kept.open_ns != r.open_ns);
    r.columns[3][5] = -1.0;
    CHECK(kept.columns[3][5] > 0.0);
    CHECK_TEXT(fel_series_describe(s)->instrument.symbol, "ABC");
    CHECK((uintptr_t)kept.columns[2] % 64 == 0);
    fel_series_destroy(s);
    sample_rows_destroy(&r);
}

static void test_default_info_names_columns(void)
{
    const fel_series_info bar = fel_series_info_default(FEL_DATA_BAR, "X");
    CHECK_INT(bar.n_columns, 5);
    CHECK_TEXT(bar.columns[0], "open");
    CHECK_TEXT(bar.columns[4], "volume");
    CHECK_SAME(bar.instrument.multiplier, 1.0);
    CHECK_SAME(bar.instrument.ticks_per_unit, 0.0);
    const fel_series_info quote = fel_series_info_default(FEL_DATA_QUOTE, "X");
    CHECK_INT(quote.n_columns, 4);
    CHECK_TEXT(quote.columns[3], "ask_size");
    const fel_series_info action = fel_series_info_default(FEL_DATA_ACTION, NULL);
    CHECK_INT(action.n_columns, 2);
    CHECK_TEXT(action.columns[1], "value");
    CHECK_TEXT(action.instrument.symbol, "");
    CHECK_INT(fel_series_info_default(FEL_DATA_SIGNAL, "X").n_columns, 0);
}

static void test_falling_times_are_refused(void)
{
    fel_series *s = NULL;
    const fel_series_info info = fel_series_info_default(FEL_DATA_BAR, "FALL");
    sample_rows r = sample_bars(2, 20, 0, 0.0);
    const fel_block b = sample_block(&r, 1);
    r.time_ns[12] = r.time_ns[11]; /* equal is allowed */
    r.open_ns[12] = r.time_ns[12];
    CHECK_OK(fel_series_create(&s, &info, &b));
    fel_series_destroy(s);
    s = NULL;
    r.time_ns[12] = r.time_ns[11] - 1;
    CHECK_STATUS(fel_series_create(&s, &info, &b), FEL_ERR_FORMAT);
    CHECK_HAS(fel_last_error()->message, "row 12");
    CHECK(s == NULL);
    r.time_ns[12] = r.time_ns[11];
    r.open_ns[17] = r.time_ns[17] + 1;
    CHECK_STATUS(fel_series_create(&s, &info, &b), FEL_ERR_FORMAT);
    CHECK_HAS(fel_last_error()->message, "row 17");
    sample_rows_destroy(&r);
}

static void test_shapes_must_agree(void)
{
    fel_series *s = NULL;
    sample_rows r = sample_bars(3, 4, 0, 0.0);
    fel_block b = sample_block(&r, 0);
    fel_series_info info = fel_series_info_default(FEL_DATA_BAR, "SHAPE");
    b.n_columns = 4;
    CHECK_STATUS(fel_series_create(&s, &info, &b), FEL_ERR_SHAPE);
    info.n_columns = 4;
    CHECK_STATUS(fel_series_create(&s, &info, &b), FEL_ERR_SHAPE);
    info = fel_series_info_default(FEL_DATA_SIGNAL, "SHAPE");
    b.n_columns = 0;
    CHECK_STATUS(fel_series_create(&s, &info, &b), FEL_ERR_SHAPE);
    info.n_columns = 3;
    b.n_columns = 3;
    CHECK_OK(fel_series_create(&s, &info, &b));
    fel_series_destroy(s);
    b.open_ns = r.open_ns;
    CHECK_STATUS(fel_series_create(&s, &info, &b), FEL_ERR_SHAPE);
    b.open_ns = NULL;
    info.kind = (fel_data_kind)9;
    CHECK_STATUS(fel_series_create(&s, &info, &b), FEL_ERR_ARG);
    info = fel_series_info_default(FEL_DATA_BAR, "SHAPE");
    info.length_ns = -5;
    b = sample_block(&r, 0);
    CHECK_STATUS(fel_series_create(&s, &info, &b), FEL_ERR_RANGE);
    sample_rows_destroy(&r);
}

static void test_no_rows_are_a_series(void)
{
    fel_series *s = NULL;
    const fel_series_info info = fel_series_info_default(FEL_DATA_BAR, "NONE");
    const fel_block b = {0, FEL_BAR_COLUMNS, NULL, NULL, NULL};
    CHECK_OK(fel_series_create(&s, &info, &b));
    CHECK_INT(fel_series_rows(s).n, 0);
    fel_series_destroy(s);
    fel_series_destroy(NULL);
}

static void test_lower_bound_is_first_at_or_after(void)
{
    const int64_t t[] = {-4, 2, 2, 2, 9, 9, 31};
    for (int64_t x = -6; x < 35; x++) {
        size_t expected = 0;
        while (expected < 7 && t[expected] < x) {
            expected++;
        }
        CHECK_INT(series_lower_bound(t, 7, x), expected);
    }
    CHECK_INT(series_lower_bound(t, 0, 1), 0);
}

SUITE("data/series", TEST(test_rows_are_copied), TEST(test_default_info_names_columns),
      TEST(test_falling_times_are_refused), TEST(test_shapes_must_agree),
      TEST(test_no_rows_are_a_series), TEST(test_lower_bound_is_first_at_or_after));
