/* tests/unit/portfolio/test_allocation.c - weights against closed forms and by hand. */
#include <math.h>
#include <time.h>

#include <feller/market.h>
#include <feller/portfolio.h>

#include "tests/support/check.h"

/* Volatilities 0.1, 0.2, 0.4; the first two correlate by 0.5. */
static const double C[9] = {0.01, 0.01, 0.0, 0.01, 0.04, 0.0, 0.0, 0.0, 0.16};
static const double MEAN[3] = {0.02, 0.03, 0.08};

static fel_allocation rule_of(fel_allocation_kind kind)
{
    fel_allocation a = fel_allocation_default();
    a.kind = kind;
    return a;
}

static void check_weights(const fel_allocation *a, const double *held, double w0, double w1,
                          double w2)
{
    double w[3] = {(double)NAN, (double)NAN, (double)NAN};
    CHECK_OK(fel_allocate(a, 3, MEAN, C, held, w));
    CHECK_NEAR(w[0], w0, 1e-9);
    CHECK_NEAR(w[1], w1, 1e-9);
    CHECK_NEAR(w[2], w2, 1e-9);
}

static void test_rules_without_bounds(void)
{
    fel_allocation a = rule_of(FEL_ALLOCATE_EQUAL_WEIGHT);
    check_weights(&a, NULL, 1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0);
    a.kind = FEL_ALLOCATE_INVERSE_VOLATILITY;
    check_weights(&a, NULL, 4.0 / 7.0, 2.0 / 7.0, 1.0 / 7.0);
}

/* What the cap cuts off is shared in proportion: 0.4, and 0.6 as 2 to 1. */
static void test_bounds_of_rules_share_in_proportion(void)
{
    fel_allocation a = rule_of(FEL_ALLOCATE_INVERSE_VOLATILITY);
    a.max_weight = 0.4;
    check_weights(&a, NULL, 0.4, 0.4, 0.2);
    a.max_weight = 0.5;
    check_weights(&a, NULL, 0.5, 1.0 / 3.0, 1.0 / 6.0);
    a.max_weight = 1.0;
    a.min_weight = 0.25;
    check_weights(&a, NULL, 0.5, 0.25, 0.25);
}

/* Of two assets risk parity is inverse volatility, whatever the correlation; of three the parts of
 * the risk are equal. */
static void test_risk_parity_gives_equal_parts(void)
{
    double w[3];
    const fel_allocation a = rule_of(FEL_ALLOCATE_RISK_PARITY);
    const double two[4] = {0.01, 0.01, 0.01, 0.04};
    CHECK_OK(fel_allocate(&a, 2, NULL, two, NULL, w));
    CHECK_NEAR(w[0], 2.0 / 3.0, 1e-12);
    CHECK_OK(fel_allocate(&a, 3, NULL, C, NULL, w));
    double part[3];
    for (size_t i = 0; i < 3; i++) {
        part[i] = w[i] * (C[3 * i] * w[0] + C[3 * i + 1] * w[1] + C[3 * i + 2] * w[2]);
    }
    CHECK_REL(part[1], part[0], 1e-10);
    CHECK_REL(part[2], part[0], 1e-10);
    CHECK_NEAR(w[0] + w[1] + w[2], 1.0, 1e-14);
}

/* C^-1 1 = (100, 0, 6.25): the second asset is of no use. C^-1 m = (5/3, 1/3, 1/2). */
static void test_closed_forms_of_the_optimal_ones(void)
{
    fel_allocation a = rule_of(FEL_ALLOCATE_MINIMUM_VARIANCE);
    a.min_weight = -2.0;
    a.max_weight = 2.0;
    a.max_gross = (double)INFINITY;
    check_weights(&a, NULL, 100.0 / 106.25, 0.0, 6.25 / 106.25);
    a.kind = FEL_ALLOCATE_MAXIMUM_SHARPE;
    check_weights(&a, NULL, 2.0 / 3.0, 2.0 / 15.0, 0.2);
    a.kind = FEL_ALLOCATE_KELLY;
    a.kelly_fraction = 0.5;
    check_weights(&a, NULL, 5.0 / 6.0, 1.0 / 6.0, 0.25);
    a.kelly_fraction = 0.1;
    check_weights(&a, NULL, 1.0 / 6.0, 1.0 / 30.0, 0.05);
}

static void test_bounds_of_the_optimal_ones(void)
{
    fel_allocation a = rule_of(FEL_ALLOCATE_MINIMUM_VARIANCE);
    a.max_weight = 0.5; /* the rest: variance of (0.5, x, 0.5 - x) is least at x = 0.375 */
    check_weights(&a, NULL, 0.5, 0.375, 0.125);
    a.max_weight = 1.0 / 3.0;
    check_weights(&a, NULL, 1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0);
    a = rule_of(FEL_ALLOCATE_MAXIMUM_SHARPE);
    a.risk_free = 0.025; /* only the last two earn more; C^-1 of the rest within bounds */
    check_weights(&a, NULL, 0.0, 0.005 / 0.04 / (0.005 / 0.04 + 0.055 / 0.16),
                  0.055 / 0.16 / (0.005 / 0.04 + 0.055 / 0.16));
    a.risk_free = 0.08; /* none does */
    check_weights(&a, NULL, 0.0, 0.0, 0.0);
    a.risk_free = 0.079;
    check_weights(&a, NULL, 0.0, 0.0, 1.0);
    a = rule_of(FEL_ALLOCATE_KELLY);
    a.kelly_fraction = 1.0; /* (5/3, 1/3, 1/2) is too much: m - C w the same for all that is held */
    a.max_gross = 0.5;
    check_weights(&a, NULL, 0.0, 0.15, 0.35); /* slopes 0.0185, 0.024, 0.024 */
}

/* The gradient of the variance is 2 Cw: with a cost of more than it nothing is traded. */
static void test_costs_of_turnover_keep_what_is_held(void)
{
    const double held[3] = {0.5, 0.3, 0.2};
    fel_allocation a = rule_of(FEL_ALLOCATE_MINIMUM_VARIANCE);
    a.turnover_cost = 0.05;
    check_weights(&a, held, 0.5, 0.3, 0.2);
    /* From the last to the first alone: slopes 0.01 w0 + 0.003 and 0.16 w2 differ by 2 x 0.01 at
     * w0 = 0.5 + d, w2 = 0.2 - d: d = 0.004 / 0.17; the second, at 0.017 + 0.01 d, stays between.
     */
    a.turnover_cost = 0.01;
    const double d = 0.004 / 0.17;
    check_weights(&a, held, 0.5 + d, 0.3, 0.2 - d);
}

/* Long 1.3, short 0.3 at most: sum of sizes 1.6. */
static void test_gross_exposure_is_limited(void)
{
    double w[3];
    const double mean[3] = {-0.05, 0.03, 0.08};
    fel_allocation a = rule_of(FEL_ALLOCATE_MAXIMUM_SHARPE);
    a.min_weight = -1.0;
    a.max_weight = 2.0;
    a.max_gross = 1.6;
    CHECK_OK(fel_allocate(&a, 3, mean, C, NULL, w));
    CHECK_NEAR(fabs(w[0]) + fabs(w[1]) + fabs(w[2]), 1.6, 1e-9);
    CHECK_NEAR(w[0] + w[1] + w[2], 1.0, 1e-9);
    CHECK_NEAR(w[0], -0.3, 1e-9);
    a.max_gross = 1.0; /* no room for anything short */
    CHECK_OK(fel_allocate(&a, 3, mean, C, NULL, w));
    CHECK_SAME(w[0], 0.0);
}

static void test_one_asset_gets_all(void)
{
    const double one = 0.04, mean = 0.01;
    for (int kind = 0; kind < FEL_ALLOCATE_KELLY; kind++) {
        double w = 0.0;
        const fel_allocation a = rule_of((fel_allocation_kind)kind);
        CHECK_OK(fel_allocate(&a, 1, &mean, &one, NULL, &w));
        CHECK_NEAR(w, 1.0, 1e-12);
    }
}

static void test_what_cannot_be_is_refused(void)
{
    double w[3];
    fel_allocation a = rule_of(FEL_ALLOCATE_MINIMUM_VARIANCE);
    a.max_weight = 0.3;
    CHECK_STATUS(fel_allocate(&a, 3, NULL, C, NULL, w), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "add up to 0 .. 0.9, never to invested = 1");
    a = rule_of(FEL_ALLOCATE_RISK_PARITY);
    a.min_weight = -0.1;
    CHECK_STATUS(fel_allocate(&a, 3, NULL, C, NULL, w), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "holds nothing short");
    a.min_weight = 0.0;
    a.turnover_cost = 0.1;
    CHECK_STATUS(fel_allocation_check(&a), FEL_ERR_RANGE);
    a = rule_of(FEL_ALLOCATE_KELLY);
    CHECK_STATUS(fel_allocate(&a, 3, NULL, C, NULL, w), FEL_ERR_ARG);
    a.kelly_fraction = 0.0;
    CHECK_STATUS(fel_allocation_check(&a), FEL_ERR_RANGE);
    const double flat[4] = {0.01, 0.0, 0.0, 0.0};
    a = rule_of(FEL_ALLOCATE_INVERSE_VOLATILITY);
    CHECK_STATUS(fel_allocate(&a, 2, NULL, flat, NULL, w), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "the variance of asset 1 is 0");
}

/* Against the C library's calendar, every day of 250 years. */
static void test_periods_are_those_of_the_calendar(void)
{
    for (int64_t day = -36500; day < 54000; day++) {
        const time_t noon = (time_t)(day * 86400 + 43200);
        struct tm date;
        (void)gmtime_r(&noon, &date);
        const int64_t month = ((int64_t)date.tm_year + 1900) * 12 + date.tm_mon;
        const int64_t ns = (int64_t)noon * FEL_NS_PER_SECOND;
        const int same = fel_rebalance_period(FEL_REBALANCE_MONTH, ns) == month &&
                         fel_rebalance_period(FEL_REBALANCE_QUARTER, ns) == month / 3 &&
                         fel_rebalance_period(FEL_REBALANCE_YEAR, ns) == month / 12 &&
                         fel_rebalance_period(FEL_REBALANCE_DAY, ns) == day;
        const int64_t week = fel_rebalance_period(FEL_REBALANCE_WEEK, ns);
        const int64_t before = fel_rebalance_period(FEL_REBALANCE_WEEK, ns - FEL_NS_PER_DAY);
        if (!same || week - before != (date.tm_wday == 1)) {
            CHECK_INT(day, INT64_MIN);
            return;
        }
    }
    CHECK_INT(fel_rebalance_period(FEL_REBALANCE_DAY, FEL_NS_PER_DAY), 0); /* a bar's close */
    CHECK_INT(fel_rebalance_period(FEL_REBALANCE_DAY, FEL_NS_PER_DAY + 1), 1);
}

SUITE("portfolio/allocation", TEST(test_rules_without_bounds),
      TEST(test_bounds_of_rules_share_in_proportion), TEST(test_risk_parity_gives_equal_parts),
      TEST(test_closed_forms_of_the_optimal_ones), TEST(test_bounds_of_the_optimal_ones),
      TEST(test_costs_of_turnover_keep_what_is_held), TEST(test_gross_exposure_is_limited),
      TEST(test_one_asset_gets_all), TEST(test_what_cannot_be_is_refused),
      TEST(test_periods_are_those_of_the_calendar));
