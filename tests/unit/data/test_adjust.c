/* tests/unit/data/test_adjust.c - adjusted views: by hand, without the future, against a vendor's.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <feller/adjust.h>

#include "tests/unit/data/sample_series.h"

#define DAYS(n) ((int64_t)(n)*FEL_NS_PER_DAY)

static fel_series *flat_bars(const double *closes, size_t n)
{
    fel_series_info info = fel_series_info_default(FEL_DATA_BAR, "A");
    int64_t times[16];
    double volumes[16];
    const double *columns[] = {closes, closes, closes, closes, volumes};
    fel_series *out = NULL;
    info.length_ns = FEL_NS_PER_DAY;
    for (size_t i = 0; i < n; i++) {
        times[i] = DAYS(i + 1);
        volumes[i] = 10.0;
    }
    const fel_block rows = {n, FEL_BAR_COLUMNS, times, NULL, columns};
    CHECK_OK(fel_series_create(&out, &info, &rows));
    return out;
}

/* Ex on day 2 (opens at DAYS(2)): a split of two for one; on day 4: 5 paid. */
static fel_series *actions(void)
{
    static const int64_t times[] = {DAYS(2), DAYS(4)};
    static const double kinds[] = {FEL_SPLIT, FEL_DIVIDEND}, values[] = {2.0, 5.0};
    const double *columns[] = {kinds, values};
    const fel_series_info info = fel_series_info_default(FEL_DATA_ACTION, "A");
    const fel_block rows = {2, FEL_ACTION_COLUMNS, times, NULL, columns};
    fel_series *out = NULL;
    CHECK_OK(fel_series_create(&out, &info, &rows));
    return out;
}

static const double closes[] = {100, 104, 51, 50, 46, 48};

static void check_view(fel_adjustment adjustment, int64_t as_of_ns, const double *expected,
                       size_t n, double first_volume)
{
    fel_series *bars = flat_bars(closes, 6), *a = actions(), *view = NULL;
    CHECK_OK(fel_adjust(&view, bars, a, adjustment, as_of_ns));
    if (view != NULL) {
        const fel_block rows = fel_series_rows(view);
        CHECK_INT(rows.n, n);
        for (size_t i = 0; i < rows.n; i++) {
            CHECK_NEAR(rows.columns[3][i], expected[i], 1e-12);
        }
        CHECK_NEAR(rows.columns[4][0], first_volume, 1e-12);
        CHECK_INT(fel_series_describe(view)->adjustment, adjustment);
    }
    fel_series_destroy(view);
    fel_series_destroy(a);
    fel_series_destroy(bars);
}

static void test_views_by_hand(void)
{
    /* 5 of 50: prices before count 0.9 times. */
    const double split[] = {50, 52, 51, 50, 46, 48};
    const double total[] = {45, 46.8, 45.9, 45, 46, 48};
    const double forward[] = {100, 104, 102, 100, 92 / 0.9, 96 / 0.9};
    const double then[] = {100, 104};
    check_view(FEL_ADJUST_SPLIT, FEL_TIME_MAX, split, 6, 20.0);
    check_view(FEL_ADJUST_TOTAL_RETURN, FEL_TIME_MAX, total, 6, 20.0);
    check_view(FEL_ADJUST_TOTAL_RETURN, FEL_TIME_MIN, forward, 6, 10.0);
    check_view(FEL_ADJUST_SPLIT, DAYS(2) - 1, then, 1, 10.0);
    check_view(FEL_ADJUST_SPLIT, DAYS(2), split, 2, 20.0); /* the split is known, and counts */
}

/* What comes later does not change the forward view. */
static void test_the_forward_view_knows_no_future(void)
{
    fel_series *a = actions(), *all = flat_bars(closes, 6), *whole = NULL;
    CHECK_OK(fel_adjust(&whole, all, a, FEL_ADJUST_TOTAL_RETURN, FEL_TIME_MIN));
    for (size_t n = 1; n < 6 && whole != NULL; n++) {
        fel_series *first = flat_bars(closes, n), *part = NULL;
        CHECK_OK(fel_adjust(&part, first, a, FEL_ADJUST_TOTAL_RETURN, FEL_TIME_MIN));
        for (size_t i = 0; part != NULL && i < n; i++) {
            CHECK_SAME(fel_series_rows(part).columns[3][i], fel_series_rows(whole).columns[3][i]);
        }
        fel_series_destroy(part);
        fel_series_destroy(first);
    }
    fel_series_destroy(whole);
    fel_series_destroy(all);
    fel_series_destroy(a);
}

static void test_what_cannot_be_adjusted_is_refused(void)
{
    const double low[] = {100, 104, 51, 4, 4, 4};
    fel_series *bars = flat_bars(low, 6), *a = actions(), *out = NULL;
    CHECK_STATUS(fel_adjust(&out, bars, a, FEL_ADJUST_TOTAL_RETURN, FEL_TIME_MIN), FEL_ERR_FORMAT);
    CHECK_HAS(fel_last_error()->message, "A: dividend 5 is not less than the close before it, 4");
    CHECK_STATUS(fel_adjust(&out, bars, a, FEL_ADJUST_RAW, FEL_TIME_MIN), FEL_ERR_ARG);
    CHECK_STATUS(fel_adjust(&out, a, NULL, FEL_ADJUST_SPLIT, FEL_TIME_MIN), FEL_ERR_ARG);
    fel_series_destroy(bars);
    fel_series_destroy(a);
}

/* ---- a vendor's view ------------------------------------------------------------------------- */

static fel_series *read_first(const char *path, const char *symbol, const char *map)
{
    fel_csv_options options = fel_csv_options_default();
    fel_series_list list = {0};
    snprintf(options.zone, sizeof(options.zone), "America/New_York");
    snprintf(options.symbol, sizeof(options.symbol), "%s", symbol);
    snprintf(options.map, sizeof(options.map), "%s", map);
    CHECK_OK(fel_csv_read(&list, path, &options, NULL));
    fel_series *first = list.n > 0 ? list.items[0] : NULL;
    if (first != NULL) {
        list.items[0] = NULL;
    }
    fel_series_list_clear(&list);
    return first;
}

/* What our view counts prices of a day times, against what the vendor counts them times: the closes
 * themselves differ, by a close of another exchange or an error. */
static double worst_difference(const fel_block *raw, const fel_block *view, const fel_block *close,
                               const fel_block *adjusted, const fel_block *later_splits)
{
    double base = 0.0, worst = 0.0;
    size_t j = close->n;
    for (size_t i = raw->n; i > 0; i--) {
        while (j > 0 && close->time_ns[j - 1] > raw->time_ns[i - 1]) {
            j--;
        }
        if (j > 0 && close->time_ns[j - 1] == raw->time_ns[i - 1]) {
            const double ours = view->columns[3][i - 1] / raw->columns[3][i - 1];
            const double theirs = adjusted->columns[3][j - 1] /
                                  (close->columns[3][j - 1] * later_splits->columns[3][j - 1]);
            base = base == 0.0 ? ours / theirs : base;
            worst = fmax(worst, fabs(ours / theirs / base - 1.0));
        }
    }
    return worst;
}

static void test_total_return_is_that_of_another_vendor(void)
{
    const char *path = shared_path("data/tidy/lean_us_daily_raw_1998_2021.csv.gz");
    if (path == NULL) {
        SKIP("../shared/data is absent");
    }
    static const char *const maps[] = {"time=date,close=close", "time=date,close=adj_close",
                                       "time=date,close=split_factor_future"};
    fel_series *raw = read_first(path, "AAPL", ""), *view = NULL, *yahoo[3];
    fel_series *factors = read_first(
        shared_path("data/vendor/QuantConnect__Lean/Data/equity/usa/factor_files/aapl.csv.gz"), "",
        "");
    fel_block rows[3];
    for (int k = 0; k < 3; k++) {
        yahoo[k] = read_first(shared_path("data/tidy/aapl_1d_1980_2026.csv.gz"), "AAPL", maps[k]);
        rows[k] = fel_series_rows(yahoo[k]);
    }
    CHECK_OK(fel_adjust(&view, raw, factors, FEL_ADJUST_TOTAL_RETURN, FEL_TIME_MAX));
    if (view != NULL) {
        const fel_block ours = fel_series_rows(view), traded = fel_series_rows(raw);
        CHECK_INT(ours.n, 5849);
        CHECK_NEAR(worst_difference(&traded, &ours, &rows[0], &rows[1], &rows[2]), 0.0, 3e-4);
    }
    for (int k = 0; k < 3; k++) {
        fel_series_destroy(yahoo[k]);
    }
    fel_series_destroy(view);
    fel_series_destroy(factors);
    fel_series_destroy(raw);
}

SUITE("data/adjust", TEST(test_views_by_hand), TEST(test_the_forward_view_knows_no_future),
      TEST(test_what_cannot_be_adjusted_is_refused),
      TEST(test_total_return_is_that_of_another_vendor));
