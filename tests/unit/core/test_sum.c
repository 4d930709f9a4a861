/* tests/unit/core/test_sum.c - sums against exact integers, deviations against shifted data. */
#include <math.h>

#include "core/rng.h"
#include "core/sum.h"
#include "tests/support/check.h"

__extension__ typedef __int128 wide;

enum { N = 20000 };

static fel_cvec view_of(const double *data, size_t len)
{
    const fel_cvec v = {data, len};
    return v;
}

/* Terms are whole multiples of 2^-40 over 90 powers of two: integers hold the exact sum. */
static void test_a_sum_is_the_rounded_exact_sum(void)
{
    static double x[N];
    rng_stream r = rng_at(4, 1);
    for (size_t trial = 0; trial < 20; trial++) {
        wide exact = 0;
        for (size_t i = 0; i < N; i++) {
            const int64_t m = (int64_t)rng_below(&r, (uint64_t)1 << 50) - ((int64_t)1 << 49);
            const int shift = (int)rng_below(&r, 40);
            x[i] = ldexp((double)m, shift - 40);
            exact += (wide)m * ((wide)1 << shift);
        }
        const double expected = (double)exact * 0x1p-40;
        CHECK_REL(sum_of(view_of(x, N)), expected, 0x1p-52);
        CHECK_REL(mean_of(view_of(x, N)), expected / N, 0x1p-51);
    }
}

static void test_what_cancels_leaves_the_rest(void)
{
    static const double x[] = {1e100, 2.385, -1e100, 1e-3};
    CHECK_SAME(sum_of(view_of(x, 4)), 2.385 + 1e-3);
    static const double tenths[] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
    CHECK_SAME(sum_of(view_of(tenths, 10)), 1.0);
}

static void test_nothing_has_no_mean(void)
{
    CHECK_SAME(sum_of(view_of(NULL, 0)), 0.0);
    CHECK(isnan(mean_of(view_of(NULL, 0))));
    static const double one[] = {2.385};
    CHECK_SAME(mean_of(view_of(one, 1)), 2.385);
    CHECK(isnan(deviation_of(view_of(one, 1), 1.0)));
    CHECK_SAME(deviation_of(view_of(one, 1), 0.0), 0.0);
}

static void test_infinities_and_nan_stay_what_they_are(void)
{
    const double x[] = {1.5, (double)INFINITY, 2.5};
    CHECK(isinf(sum_of(view_of(x, 3))));
    const double y[] = {1.5, (double)NAN, 2.5};
    CHECK(isnan(sum_of(view_of(y, 3))));
}

/* 1..n has variance n (n + 1) / 12 with ddof 1, wherever it is moved to. */
static void test_deviation_does_not_mind_a_large_mean(void)
{
    static double x[N];
    for (size_t i = 0; i < N; i++) {
        x[i] = 1e9 + (double)i;
    }
    CHECK_REL(deviation_of(view_of(x, N), 1.0), sqrt(N * (N + 1.0) / 12.0), 1e-14);
    CHECK_REL(deviation_of(view_of(x, N), 0.0), sqrt((N - 1.0) * (N + 1.0) / 12.0), 1e-14);
    for (size_t i = 0; i < N; i++) {
        x[i] = 2.385;
    }
    CHECK_SAME(deviation_of(view_of(x, N), 1.0), 0.0);
}

SUITE("core/sum", TEST(test_a_sum_is_the_rounded_exact_sum),
      TEST(test_what_cancels_leaves_the_rest), TEST(test_nothing_has_no_mean),
      TEST(test_infinities_and_nan_stay_what_they_are),
      TEST(test_deviation_does_not_mind_a_large_mean));
