/* tests/unit/strategies/test_indicator_window.c - rolling windows against the same thing worked out
 * anew at each step, in long double where digits matter. */
#include <math.h>
#include <stddef.h>

#include <feller/indicator.h>

#include "core/rng.h"
#include "tests/support/check.h"

enum { N = 500, MAX_LENGTH = 50 };

static _Alignas(16) unsigned char memory[4 * MAX_LENGTH * sizeof(fel_extreme_entry)];

static void make_values(double *x, double *y, size_t n)
{
    rng_stream r = rng_at(21, 0);
    double level = 37.25;
    for (size_t i = 0; i < n; i++) {
        level += rng_normal(&r);
        x[i] = level;
        y[i] = 0.75 * level + 3.0 + 0.5 * rng_normal(&r);
    }
}

static void test_lag_gives_back_what_was_pushed(void)
{
    fel_lag lag;
    fel_lag_init(&lag, memory, 3);
    for (size_t i = 0; i < 20; i++) {
        const double back = fel_lag_push(&lag, 2.385 + (double)i);
        CHECK_SAME(back, i < 3 ? (double)NAN : 2.385 + (double)(i - 3));
        for (size_t k = 0; k < 4; k++) {
            CHECK_SAME(fel_lag_at(&lag, k),
                       k > i || k >= 3 ? (double)NAN : 2.385 + (double)(i - k));
        }
    }
}

/* Few distinct values, so that ties are common. */
static void test_extremes_are_those_of_the_window(void)
{
    double x[N];
    rng_stream r = rng_at(22, 0);
    for (size_t i = 0; i < N; i++) {
        x[i] = (double)rng_below(&r, 9) - 4.0;
    }
    for (size_t n = 1; n <= 40; n += 3) {
        fel_extreme highest, lowest;
        fel_highest_init(&highest, memory, n);
        fel_lowest_init(&lowest, memory + fel_extreme_size_bytes(n), n);
        for (size_t i = 0; i < N; i++) {
            fel_extreme_push(&highest, x[i]);
            fel_extreme_push(&lowest, x[i]);
            double high = x[i], low = x[i];
            for (size_t k = i + 1 > n ? i + 1 - n : 0; k < i; k++) {
                high = fmax(high, x[k]);
                low = fmin(low, x[k]);
            }
            CHECK(fel_extreme_value(&highest) == high);
            CHECK(fel_extreme_value(&lowest) == low);
            CHECK_INT(fel_extreme_is_ready(&highest), i + 1 >= n);
        }
        fel_extreme_rescale(&highest, 0.25);
        fel_extreme_push(&highest, -100.0);
        CHECK(fel_extreme_value(&highest) <= 1.0);
    }
}

static double variance_of(const double *x, size_t n, double ddof)
{
    long double mean = 0.0L, squares = 0.0L;
    for (size_t k = 0; k < n; k++) {
        mean += (long double)x[k] / n;
    }
    for (size_t k = 0; k < n; k++) {
        squares += ((long double)x[k] - mean) * ((long double)x[k] - mean);
    }
    return (double)(squares / ((long double)n - (long double)ddof));
}

/* On a level of 1e9 the squares are 1e18: a plain sum of them has no digit of the variance left. */
static void test_variance_survives_a_large_level(void)
{
    enum { LENGTH = 23 };
    double x[N], y[N];
    fel_moments moments;
    make_values(x, y, N);
    fel_moments_init(&moments, memory, LENGTH);
    for (size_t i = 0; i < N; i++) {
        x[i] += 1e9;
        fel_moments_push(&moments, x[i]);
        if (i + 1 >= LENGTH) {
            const double *first = x + i + 1 - LENGTH;
            CHECK_REL(fel_moments_variance(&moments, 1.0), variance_of(first, LENGTH, 1.0), 1e-11);
            CHECK_REL(fel_moments_variance(&moments, 0.0), variance_of(first, LENGTH, 0.0), 1e-11);
        }
    }
    CHECK_NEAR(fel_moments_zscore(&moments, fel_moments_mean(&moments)), 0.0, 0.0);
    CHECK_NEAR(fel_moments_zscore(&moments, 1e9),
               (1e9 - fel_moments_mean(&moments)) / fel_moments_deviation(&moments, 1.0), 0.0);
}

static void test_outlier_leaves_no_trace(void)
{
    enum { LENGTH = 8 };
    double x[40];
    fel_moments moments;
    fel_moments_init(&moments, memory, LENGTH);
    for (size_t i = 0; i < 40; i++) {
        x[i] = i == 20 ? 1e8 : 1.25 + 0.01 * (double)(i % 5);
        fel_moments_push(&moments, x[i]);
    }
    CHECK_REL(fel_moments_variance(&moments, 1.0), variance_of(x + 32, LENGTH, 1.0), 1e-11);
    CHECK_NEAR(fel_moments_mean(&moments), 1.27375, 1e-15);
}

static void test_equal_values_have_no_variance(void)
{
    fel_moments moments;
    fel_moments_init(&moments, memory, 7);
    for (size_t i = 0; i < 100; i++) {
        fel_moments_push(&moments, i < 50 ? 0.1 * (double)i : 1234.56789);
        if (i >= 56) {
            CHECK_SAME(fel_moments_variance(&moments, 1.0), 0.0);
            CHECK(isnan(fel_moments_zscore(&moments, 3.0)));
        }
    }
    fel_moments_init(&moments, memory, 1);
    fel_moments_push(&moments, 2.5);
    CHECK(isnan(fel_moments_variance(&moments, 1.0)));
}

static void test_moments_rescale(void)
{
    double x[N], y[N];
    fel_moments moments;
    make_values(x, y, N);
    fel_moments_init(&moments, memory, 19);
    for (size_t i = 0; i < 60; i++) {
        fel_moments_push(&moments, x[i]);
    }
    const double mean = fel_moments_mean(&moments), variance = fel_moments_variance(&moments, 1.0);
    fel_moments_rescale(&moments, 0.25);
    CHECK_SAME(fel_moments_mean(&moments), mean / 4.0);
    CHECK_REL(fel_moments_variance(&moments, 1.0), variance / 16.0, 1e-15);
}

/* The line by its definition, around the means. */
static fel_line line_of(const double *x, const double *y, size_t n)
{
    long double mean_x = 0.0L, mean_y = 0.0L, xx = 0.0L, xy = 0.0L, yy = 0.0L;
    for (size_t k = 0; k < n; k++) {
        mean_x += (long double)x[k] / n;
        mean_y += (long double)y[k] / n;
    }
    for (size_t k = 0; k < n; k++) {
        const long double u = (long double)x[k] - mean_x, v = (long double)y[k] - mean_y;
        xx += u * u;
        xy += u * v;
        yy += v * v;
    }
    const long double slope = xy / xx;
    long double left = 0.0L;
    for (size_t k = 0; k < n; k++) {
        const long double u = (long double)x[k] - mean_x, v = (long double)y[k] - mean_y;
        left += (v - slope * u) * (v - slope * u);
    }
    const fel_line line = {(double)slope, (double)(mean_y - slope * mean_x),
                           (double)sqrtl(left / (long double)(n - 2)),
                           (double)(xy / sqrtl(xx * yy))};
    return line;
}

static void check_line(fel_line actual, fel_line expected)
{
    CHECK_REL(actual.slope, expected.slope, 1e-12);
    CHECK_NEAR(actual.intercept, expected.intercept, 1e-10);
    CHECK_REL(actual.deviation, expected.deviation, 1e-11);
    CHECK_REL(actual.correlation, expected.correlation, 1e-12);
}

static void test_regression_is_least_squares_on_the_window(void)
{
    enum { LENGTH = 31 };
    double x[N], y[N];
    fel_regression fit;
    make_values(x, y, N);
    fel_regression_init(&fit, memory, LENGTH);
    for (size_t i = 0; i < N; i++) {
        fel_regression_push(&fit, x[i], y[i]);
        CHECK_INT(fel_regression_is_ready(&fit), i + 1 >= LENGTH);
        if (i + 1 >= LENGTH) {
            const size_t first = i + 1 - LENGTH;
            check_line(fel_regression_line(&fit), line_of(x + first, y + first, LENGTH));
        }
    }
}

static void test_regression_shift_moves_what_is_kept(void)
{
    enum { LENGTH = 20 };
    double x[N], y[N];
    fel_regression fit;
    make_values(x, y, N);
    fel_regression_init(&fit, memory, LENGTH);
    for (size_t i = 0; i < 43; i++) {
        if (i == 12 || i == 37) { /* once while filling, once when full */
            fel_regression_shift(&fit, 1.5, -0.25);
            for (size_t k = 0; k < i; k++) {
                x[k] += 1.5;
                y[k] -= 0.25;
            }
        }
        fel_regression_push(&fit, x[i], y[i]);
    }
    check_line(fel_regression_line(&fit), line_of(x + 43 - LENGTH, y + 43 - LENGTH, LENGTH));
}

static void test_degenerate_lines(void)
{
    fel_regression fit;
    fel_regression_init(&fit, memory, 6);
    for (size_t i = 0; i < 6; i++) {
        fel_regression_push(&fit, 100.07, 2.385 * (double)i);
    }
    CHECK(isnan(fel_regression_line(&fit).slope)); /* x does not vary */
    for (size_t i = 0; i < 6; i++) {
        fel_regression_push(&fit, 0.1 * (double)i, 3.0 + 0.7 * (0.1 * (double)i));
    }
    CHECK_NEAR(fel_regression_line(&fit).slope, 0.7, 1e-13);
    CHECK_SAME(fel_regression_line(&fit).deviation, 0.0); /* on a line */
    for (size_t i = 0; i < 6; i++) {
        fel_regression_push(&fit, 0.1 * (double)i, 5.5);
    }
    CHECK_SAME(fel_regression_line(&fit).slope, 0.0);
    CHECK(isnan(fel_regression_line(&fit).correlation)); /* y does not vary */
}

static void test_volatility_of_log_returns(void)
{
    const double closes[] = {81.59, 81.06, 82.87, 83.0, 83.61, 40.2};
    double returns[4];
    fel_volatility volatility;
    fel_volatility_init(&volatility, memory, 4);
    for (size_t i = 0; i < 5; i++) {
        CHECK(!fel_volatility_is_ready(&volatility));
        fel_volatility_push(&volatility, closes[i]);
    }
    CHECK(fel_volatility_is_ready(&volatility));
    for (size_t i = 0; i < 4; i++) {
        returns[i] = log(closes[i + 1]) - log(closes[i]);
    }
    const double expected = sqrt(252.0 * variance_of(returns, 4, 1.0));
    CHECK_REL(fel_volatility_per_year(&volatility, 252.0), expected, 1e-12);
    /* a two-for-one split is no return, nor is a price without a logarithm */
    fel_volatility_rescale(&volatility, 0.5);
    fel_volatility_push(&volatility, -37.63);
    fel_volatility_push(&volatility, 10.01);
    CHECK_REL(fel_volatility_per_year(&volatility, 252.0), expected, 1e-12);
    fel_volatility_push(&volatility, 10.01);
    CHECK(fabs(fel_volatility_per_year(&volatility, 252.0) - expected) > 1e-3);
}

SUITE("strategies/indicator_window", TEST(test_lag_gives_back_what_was_pushed),
      TEST(test_extremes_are_those_of_the_window), TEST(test_variance_survives_a_large_level),
      TEST(test_outlier_leaves_no_trace), TEST(test_equal_values_have_no_variance),
      TEST(test_moments_rescale), TEST(test_regression_is_least_squares_on_the_window),
      TEST(test_regression_shift_moves_what_is_kept), TEST(test_degenerate_lines),
      TEST(test_volatility_of_log_returns));
