/* tests/unit/data/test_actions.c - splits and dividends from LEAN's factors against another
 * vendor's list of them. */
#include <math.h>
#include <stdio.h>

#include "tests/unit/data/sample_series.h"

/* Yahoo's dividends are divided by later splits; what they were is dividend x the splits since. */
static int agrees(const fel_block *actions, size_t at, int64_t ex_ns, fel_action_kind kind,
                  double value)
{
    const int64_t early_ns = ex_ns - actions->time_ns[at];
    return at < actions->n && early_ns >= 0 && early_ns <= 4 * FEL_NS_PER_DAY &&
           actions->columns[0][at] == (double)kind &&
           fabs(actions->columns[1][at] - value) <= (kind == FEL_SPLIT ? 0.0 : 2e-4);
}

static fel_series *read_one(const char *path, const fel_csv_options *options, size_t which)
{
    fel_series_list list = {0};
    CHECK_OK(fel_csv_read(&list, path, options, NULL));
    fel_series *series = which < list.n ? list.items[which] : NULL;
    CHECK(series != NULL);
    if (series != NULL) {
        list.items[which] = NULL;
    }
    fel_series_list_clear(&list);
    return series;
}

/* What has come later, of all splits from here on. */
static double splits_after(const fel_block *yahoo, size_t at)
{
    double product = 1.0;
    for (size_t i = at + 1; i < yahoo->n; i++) {
        product *= yahoo->columns[0][i] == (double)FEL_SPLIT ? yahoo->columns[1][i] : 1.0;
    }
    return product;
}

static void test_factors_mean_what_another_vendor_lists(void)
{
    const char *path =
        shared_path("data/vendor/QuantConnect__Lean/Data/equity/usa/factor_files/aapl.csv.gz");
    if (path == NULL) {
        SKIP("../shared/data is absent");
    }
    fel_csv_options options = fel_csv_options_default();
    fel_series *factors = read_one(path, NULL, 0);
    snprintf(options.zone, sizeof(options.zone), "America/New_York");
    snprintf(options.map, sizeof(options.map), "time=date,dividend=dividend,split=split");
    fel_series *yahoo = read_one(shared_path("data/tidy/aapl_1d_1980_2026.csv.gz"), &options, 0);
    if (factors == NULL || yahoo == NULL) {
        return;
    }
    CHECK_TEXT(fel_series_describe(factors)->instrument.symbol, "AAPL");
    const fel_block f = fel_series_rows(factors), y = fel_series_rows(yahoo);
    int64_t from_ns = 0, to_ns = 0;
    CHECK_OK(fel_time_parse("1998-01-02", NULL, &from_ns));
    CHECK_OK(fel_time_parse("2021-03-31", NULL, &to_ns));
    size_t at = 0, n_wrong = 0;
    for (size_t i = 0; i < y.n; i++) {
        const fel_action_kind kind = (fel_action_kind)y.columns[0][i];
        const double scale = kind == FEL_SPLIT ? 1.0 : splits_after(&y, i);
        if (y.time_ns[i] >= from_ns && y.time_ns[i] <= to_ns) {
            n_wrong += !agrees(&f, at, y.time_ns[i], kind, y.columns[1][i] * scale);
            at++;
        }
    }
    CHECK_INT(at, 39);
    CHECK_INT(f.n, 39);
    CHECK_INT(n_wrong, 0);
    fel_series_destroy(factors);
    fel_series_destroy(yahoo);
}

SUITE("data/actions", TEST(test_factors_mean_what_another_vendor_lists));
