/* tests/unit/core/test_interval.c - intervals against sums of the binomial law and published ones.
 */
#include <math.h>

#include "core/interval.h"
#include "tests/support/check.h"

/* P(B = k) of n, by logarithms of factorials. */
static double binomial(size_t k, size_t n, double p)
{
    return exp(lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1) +
               (double)k * log(p) + (double)(n - k) * log1p(-p));
}

/* Probability that the places enclose the quantile: low <= B - 1 and B <= high, B values below. */
static double coverage(size_t n, double level, quantile_places at)
{
    double sum = 0.0;
    for (size_t k = at.low + 1; k <= at.high; k++) {
        sum += binomial(k, n, level);
    }
    return sum;
}

static void test_places_enclose_the_quantile(void)
{
    static const size_t sizes[] = {59, 100, 237, 1000, 5003};
    static const double levels[] = {0.05, 0.25, 0.5, 0.9};
    for (size_t i = 0; i < 5; i++) {
        for (size_t k = 0; k < 4; k++) {
            const size_t n = sizes[i];
            const quantile_places at = quantile_interval(n, levels[k], 0.95);
            if (at.low == n || at.high == n) {
                continue;
            }
            CHECK(coverage(n, levels[k], at) >= 0.95 - 1e-12);
            /* One place nearer on either side is too near. */
            const quantile_places low = {at.low + 1, n - 1}, high = {0, at.high - 1};
            CHECK(1.0 - coverage(n, levels[k], low) > 0.025);
            CHECK(1.0 - coverage(n, levels[k], high) > 0.025);
        }
    }
}

static void test_the_median_of_a_hundred(void)
{
    /* Conover, Practical Nonparametric Statistics: the 40th and the 61st. */
    const quantile_places at = quantile_interval(100, 0.5, 0.95);
    CHECK_INT(at.low, 39);
    CHECK_INT(at.high, 60);
}

static void test_too_few_values_have_no_bound(void)
{
    /* Below 0.025 ^ (1/n) of a level nothing bounds it: 0.95^n > 0.025 for n < 72. */
    CHECK_INT(quantile_interval(71, 0.95, 0.95).high, 71);
    CHECK_INT(quantile_interval(72, 0.95, 0.95).high, 71);
    CHECK_INT(quantile_interval(71, 0.05, 0.95).low, 71);
    CHECK_INT(quantile_interval(72, 0.05, 0.95).low, 0);
    CHECK_INT(quantile_interval(1, 0.5, 0.95).low, 1);
    CHECK_INT(quantile_interval(1, 0.5, 0.95).high, 1);
}

static void test_shares(void)
{
    /* R's binom.test(5, 50) and (0, 20); the second is 1 - 0.025^(1/20). */
    const share_bounds five = share_interval(5, 50, 0.95), none = share_interval(0, 20, 0.95);
    CHECK_NEAR(five.low, 0.03327509, 1e-8);
    CHECK_NEAR(five.high, 0.21813537, 1e-8);
    CHECK(none.low == 0.0);
    CHECK_NEAR(none.high, 1.0 - pow(0.025, 0.05), 1e-12);
    CHECK(share_interval(20, 20, 0.95).high == 1.0);
    CHECK_NEAR(share_interval(20, 20, 0.95).low, pow(0.025, 0.05), 1e-12);
}

static void test_shares_of_many(void)
{
    /* Each bound leaves a tail of half of what the confidence leaves, by the sum of the law. */
    const uint64_t n = 3000, hits = 1229;
    const share_bounds b = share_interval(hits, n, 0.9);
    double above = 0.0, below = 0.0;
    for (size_t k = 0; k <= n; k++) {
        above += k >= hits ? binomial(k, n, b.low) : 0.0;
        below += k <= hits ? binomial(k, n, b.high) : 0.0;
    }
    CHECK_NEAR(above, 0.05, 1e-9);
    CHECK_NEAR(below, 0.05, 1e-9);
}

SUITE("core/interval", TEST(test_places_enclose_the_quantile), TEST(test_the_median_of_a_hundred),
      TEST(test_too_few_values_have_no_bound), TEST(test_shares), TEST(test_shares_of_many));
