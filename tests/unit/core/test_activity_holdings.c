/* tests/unit/core/test_activity_holdings.c - exposure, allocation, turnover and slippage of a small
 * book worked out by hand; days without equity. */
#include <math.h>
#include <string.h>

#include <feller/activity.h>

#include "tests/support/check.h"

/* Equity 100, 50, 80, 0. */
static const double values[] = {60.0, -20.0, 50.0, 0.0, 0.0, 0.0, 10.0, -10.0};
static const double cash[] = {60.0, 0.0, 80.0, 0.0};
static const double traded[] = {80.0, 30.0, 0.0, 20.0};

static fel_holdings book(void)
{
    const fel_holdings h = {sizeof(fel_holdings), 4, 2, values, cash, traded};
    return h;
}

static double score(const char *name, const fel_holdings *h)
{
    const fel_holding_metric_class *metric = NULL;
    CHECK_OK(fel_holding_metric_find(name, &metric));
    return metric != NULL ? metric->eval(h) : (double)NAN;
}

static void test_exposures_of_each_day(void)
{
    const fel_holdings h = book();
    static const double expected[6][3] = {
        [FEL_EXPOSURE_GROSS] = {0.8, 1.0, 0.0},   [FEL_EXPOSURE_NET] = {0.4, 1.0, 0.0},
        [FEL_EXPOSURE_LONG] = {0.6, 1.0, 0.0},    [FEL_EXPOSURE_SHORT] = {-0.2, 0.0, 0.0},
        [FEL_EXPOSURE_LARGEST] = {0.6, 1.0, 0.0}, [FEL_EXPOSURE_COUNT] = {2.0, 1.0, 0.0}};
    double out[4];
    for (int kind = 0; kind < 6; kind++) {
        fel_exposure_series(&h, (fel_exposure)kind, out);
        for (size_t d = 0; d < 3; d++) {
            CHECK_NEAR(out[d], expected[kind][d], 1e-16);
        }
        CHECK(kind == FEL_EXPOSURE_COUNT ? out[3] == 2.0 : isnan(out[3]));
    }
}

static void test_allocations_add_up_to_one(void)
{
    const fel_holdings h = book();
    double out[12];
    fel_allocations(&h, out);
    for (size_t d = 0; d < 3; d++) {
        CHECK_NEAR(out[3 * d] + out[3 * d + 1] + out[3 * d + 2], 1.0, 1e-15);
    }
    CHECK_NEAR(out[1], -0.2, 1e-16);
    CHECK_NEAR(out[8], 1.0, 0.0);
    CHECK(isnan(out[9]) && isnan(out[11]));
}

static void test_turnover_by_both_bases(void)
{
    fel_holdings h = book();
    double out[4];
    CHECK_OK(fel_turnover_series(&h, FEL_TURNOVER_GROSS, out));
    CHECK_NEAR(out[0], 80.0 / 40.0, 1e-15);
    CHECK_NEAR(out[1], 30.0 / 65.0, 1e-15);
    CHECK_NEAR(out[2], 0.0, 0.0);
    CHECK_NEAR(out[3], 20.0 / 10.0, 1e-15);
    CHECK_NEAR(score("turnover", &h), (2.0 + 30.0 / 65.0 + 2.0) / 4.0, 1e-15);
    CHECK_OK(fel_turnover_series(&h, FEL_TURNOVER_EQUITY, out));
    CHECK_NEAR(out[1], 0.6, 1e-15);
    CHECK(isnan(out[3]));
    CHECK_NEAR(score("turnover_of_equity", &h), (0.8 + 0.6 + 0.0) / 3.0, 1e-15);
    /* 80 + 50 + 0 + 20 held, 130 traded, over the same days. */
    CHECK_NEAR(score("implied_holding_days", &h), 2.0 * 150.0 / 130.0, 1e-15);
    h.traded = NULL;
    CHECK_STATUS(fel_turnover_series(&h, FEL_TURNOVER_GROSS, out), FEL_ERR_ARG);
    CHECK(isnan(score("turnover", &h)) && isnan(score("implied_holding_days", &h)));
}

static void test_slippage_is_taken_off_traded_money(void)
{
    const fel_holdings h = book();
    const double r[] = {0.01, 0.0, -0.02, 0.5};
    const fel_cvec returns = {r, 4}, shorter = {r, 3};
    double out[4];
    CHECK_OK(fel_slippage_returns(returns, &h, 25.0, out));
    CHECK_NEAR(out[0], 0.01 - 0.0025 * 0.8, 1e-17);
    /* Also where the day's return is 0, where a ratio of gains would have none. */
    CHECK_NEAR(out[1], -0.0025 * 0.6, 1e-17);
    CHECK_NEAR(out[2], -0.02, 0.0);
    CHECK(isnan(out[3]));
    CHECK_STATUS(fel_slippage_returns(shorter, &h, 25.0, out), FEL_ERR_SHAPE);
}

static void test_groups_and_single_assets(void)
{
    const fel_holdings h = book();
    const uint32_t one_group[] = {0, 0}, wrong[] = {0, 2};
    double out[8];
    fel_asset_exposure x;
    CHECK_OK(fel_group_values(&h, one_group, 1, out));
    CHECK_NEAR(out[0], 40.0, 0.0);
    CHECK_NEAR(out[3], 0.0, 0.0);
    CHECK_STATUS(fel_group_values(&h, wrong, 2, out), FEL_ERR_RANGE);
    CHECK_OK(fel_asset_exposure_of(&h, 1, &x));
    CHECK_NEAR(x.mean, -0.2 / 3.0, 1e-16);
    CHECK_NEAR(x.mean_absolute, 0.2 / 3.0, 1e-16);
    CHECK_NEAR(x.lowest, -0.2, 1e-16);
    CHECK_NEAR(x.highest, 0.0, 0.0);
    CHECK_NEAR(x.days_held, 0.5, 0.0);
    CHECK_NEAR(x.days_short, 0.5, 0.0);
    CHECK_STATUS(fel_asset_exposure_of(&h, 2, &x), FEL_ERR_RANGE);
}

static void test_rows_over_all_days(void)
{
    const fel_holdings h = book(), none = {sizeof(fel_holdings), 0, 2, NULL, NULL, NULL};
    const fel_holding_metric_class *found = NULL;
    size_t n = 0;
    const fel_holding_metric_class *all = fel_holding_metric_classes(&n);
    CHECK_NEAR(score("gross_leverage", &h), 1.8 / 3.0, 1e-15);
    CHECK_NEAR(score("largest_gross_leverage", &h), 1.0, 1e-15);
    CHECK_NEAR(score("net_leverage", &h), 1.4 / 3.0, 1e-15);
    CHECK_NEAR(score("short_exposure", &h), -0.2 / 3.0, 1e-16);
    CHECK_NEAR(score("concentration", &h), 1.6 / 3.0, 1e-15);
    CHECK_NEAR(score("average_holdings", &h), 1.25, 0.0);
    CHECK_NEAR(score("most_holdings", &h), 2.0, 0.0);
    CHECK_NEAR(score("time_in_market", &h), 0.75, 0.0);
    for (size_t i = 0; i < n; i++) {
        CHECK(isnan(all[i].eval(&none)));
        CHECK_INT(all[i].struct_size, sizeof(fel_holding_metric_class));
        CHECK_OK(fel_holding_metric_find(all[i].name, &found));
        CHECK(found == &all[i] && strlen(all[i].convention) > 8);
    }
    CHECK_STATUS(fel_holding_metric_find("no_such", &found), FEL_ERR_NOTFOUND);
}

SUITE("core/activity_holdings", TEST(test_exposures_of_each_day),
      TEST(test_allocations_add_up_to_one), TEST(test_turnover_by_both_bases),
      TEST(test_slippage_is_taken_off_traded_money), TEST(test_groups_and_single_assets),
      TEST(test_rows_over_all_days));
