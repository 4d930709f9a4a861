/* tests/unit/data/test_continuous.c - futures in one series: worked rolls, and no future in them;
 * tickers that changed. */
#include <stdio.h>
#include <string.h>

#include <feller/adjust.h>

#include "tests/support/csvcase.h"
#include "tests/unit/data/sample_series.h"

#define DAYS(n) ((int64_t)(n)*FEL_NS_PER_DAY)

/* Flat daily bars from `first_day` on. */
static fel_series *contract(const char *symbol, int first_day, const double *closes,
                            const double *volumes, size_t n, int expiry_day)
{
    fel_series_info info = fel_series_info_default(FEL_DATA_BAR, symbol);
    int64_t times[16];
    const double *columns[] = {closes, closes, closes, closes, volumes};
    fel_series *out = NULL;
    info.length_ns = FEL_NS_PER_DAY;
    info.instrument.kind = FEL_FUTURE;
    info.instrument.expiry_ns = DAYS(expiry_day);
    for (size_t i = 0; i < n; i++) {
        times[i] = DAYS(first_day + (int)i + 1);
    }
    const fel_block rows = {n, FEL_BAR_COLUMNS, times, NULL, columns};
    CHECK_OK(fel_series_create(&out, &info, &rows));
    return out;
}

/* March closes days 1-6, June 3-9: June 2 above. Volumes cross at the close of day 5. */
static const double march[] = {100, 101, 102, 104, 103, 105};
static const double march_volume[] = {50, 50, 40, 30, 10, 5};
static const double june[] = {104, 106, 105, 107, 110, 111, 109};
static const double june_volume[] = {5, 10, 20, 40, 50, 50, 50};

static void check_roll(fel_roll how, const double *expected, size_t n)
{
    fel_series *contracts[] = {contract("H", 0, march, march_volume, 6, 7),
                               contract("M", 2, june, june_volume, 7, 40)};
    const fel_series *const list[] = {contracts[0], contracts[1]};
    fel_series *out = NULL;
    CHECK_OK(fel_continuous(&out, "F", list, 2, &how));
    if (out != NULL) {
        const fel_block rows = fel_series_rows(out);
        CHECK_TEXT(fel_series_describe(out)->instrument.symbol, "F");
        CHECK_INT(rows.n, n);
        for (size_t i = 0; i < rows.n && i < n; i++) {
            CHECK_NEAR(rows.columns[3][i], expected[i], 1e-12);
            CHECK_INT(rows.time_ns[i], DAYS(i + 1));
        }
    }
    fel_series_destroy(out);
    fel_series_destroy(contracts[0]);
    fel_series_destroy(contracts[1]);
}

static void test_rolls_by_hand(void)
{
    /* By volume: decided at the close of day 5 (10 against 20), where the gap is 103 - 105. */
    const double raw[] = {100, 101, 102, 104, 103, 107, 110, 111, 109};
    const double forward[] = {100, 101, 102, 104, 103, 105, 108, 109, 107};
    const double backward[] = {102, 103, 104, 106, 105, 107, 110, 111, 109};
    check_roll((fel_roll){.rule = FEL_ROLL_VOLUME}, raw, 9);
    check_roll((fel_roll){.rule = FEL_ROLL_VOLUME, .adjust = FEL_ROLL_PANAMA}, forward, 9);
    check_roll((fel_roll){.rule = FEL_ROLL_VOLUME, .adjust = FEL_ROLL_PANAMA, .is_backward = 1},
               backward, 9);
    double ratio[9];
    for (int i = 0; i < 9; i++) {
        ratio[i] = i < 5 ? raw[i] * 105.0 / 103.0 : raw[i];
    }
    check_roll((fel_roll){.rule = FEL_ROLL_VOLUME, .adjust = FEL_ROLL_RATIO, .is_backward = 1},
               ratio, 9);
    /* Three days before the expiry at the end of day 7: at the close of day 4. */
    const double early[] = {100, 101, 102, 104, 105, 107, 110, 111, 109};
    check_roll((fel_roll){.rule = FEL_ROLL_BEFORE_EXPIRY, .before_ns = DAYS(3)}, early, 9);
    const double late[] = {100, 101, 102, 104, 103, 105, 110, 111, 109};
    check_roll((fel_roll){.rule = FEL_ROLL_LAST_BAR}, late, 9);
}

/* Rows up to a day are the same whatever comes after it, as long as all of its contracts are there.
 */
static void test_forward_series_know_no_future(void)
{
    const fel_roll how = {.rule = FEL_ROLL_VOLUME, .adjust = FEL_ROLL_RATIO};
    fel_series *h = contract("H", 0, march, march_volume, 6, 7), *whole = NULL;
    fel_series *m = contract("M", 2, june, june_volume, 7, 40);
    const fel_series *const all[] = {h, m};
    CHECK_OK(fel_continuous(&whole, "F", all, 2, &how));
    for (size_t n = 4; n < 7; n++) {
        fel_series *cut = contract("M", 2, june, june_volume, n, 40), *part = NULL;
        const fel_series *const some[] = {h, cut};
        CHECK_OK(fel_continuous(&part, "F", some, 2, &how));
        for (size_t i = 0; part != NULL && whole != NULL && i < fel_series_rows(part).n; i++) {
            CHECK_SAME(fel_series_rows(part).columns[3][i], fel_series_rows(whole).columns[3][i]);
        }
        fel_series_destroy(part);
        fel_series_destroy(cut);
    }
    fel_series_destroy(whole);
    fel_series_destroy(h);
    fel_series_destroy(m);
}

static void test_contracts_that_do_not_meet_are_refused(void)
{
    fel_series *h = contract("H", 0, march, march_volume, 6, 7), *out = NULL;
    fel_series *late = contract("M", 6, june, june_volume, 7, 40);
    fel_roll how = {.rule = FEL_ROLL_LAST_BAR};
    const fel_series *const apart[] = {h, late}, *const turned[] = {late, h};
    CHECK_STATUS(fel_continuous(&out, "F", apart, 2, &how), FEL_ERR_FORMAT);
    CHECK_HAS(fel_last_error()->message, "H ends and has no close together with M");
    how.rule = FEL_ROLL_BEFORE_EXPIRY;
    CHECK_STATUS(fel_continuous(&out, "F", turned, 2, &how), FEL_ERR_ARG);
    CHECK_STATUS(fel_continuous(&out, "F", turned, 0, &how), FEL_ERR_ARG);
    fel_series_destroy(h);
    fel_series_destroy(late);
}

/* ---- tickers --------------------------------------------------------------------------------- */

static void test_a_company_keeps_its_history_under_a_new_ticker(void)
{
    const double old[] = {10, 11, 12, 13, 14, 15}, young[] = {90, 91, 22, 23, 24, 25};
    const double ones[] = {1, 1, 1, 1, 1, 1};
    /* OLD up to 1970-01-03, NEW from the 4th on; both have six days, and only their own count. */
    fel_series *items[] = {contract("old", 0, old, ones, 6, 99),
                           contract("NEW", 0, young, ones, 6, 99)};
    const fel_series_list list = {items, 2};
    fel_series *out = NULL;
    const char *path =
        csv_case_file("m.csv", "19700102,old,N\n19700103,old,N\n20501231,new,N\n", -1);
    CHECK_OK(fel_join_tickers(&out, &list, path));
    if (out != NULL) {
        const double expected[] = {11, 12, 23, 24, 25};
        const fel_block rows = fel_series_rows(out);
        CHECK_TEXT(fel_series_describe(out)->instrument.symbol, "NEW");
        CHECK_INT(rows.n, 5);
        for (size_t i = 0; i < rows.n && i < 5; i++) {
            CHECK_SAME(rows.columns[3][i], expected[i]);
        }
    }
    fel_series_destroy(out);
    const fel_series_list none = {items, 0};
    CHECK_STATUS(fel_join_tickers(&out, &none, path), FEL_ERR_NOTFOUND);
    path = csv_case_file("m.csv", "19700102,old,N\nyesterday,new,N\n", -1);
    CHECK_STATUS(fel_join_tickers(&out, &list, path), FEL_ERR_FORMAT);
    CHECK_HAS(fel_last_error()->message, "row 2: \"yesterday\": is not like");
    fel_series_destroy(items[0]);
    fel_series_destroy(items[1]);
}

SUITE("data/continuous", TEST(test_rolls_by_hand), TEST(test_forward_series_know_no_future),
      TEST(test_contracts_that_do_not_meet_are_refused),
      TEST(test_a_company_keeps_its_history_under_a_new_ticker));
