/* tests/unit/portfolio/test_covariance.c - covariances against their definitions, written out. */
#include <math.h>
#include <stdint.h>

#include <feller/portfolio.h>

#include "tests/support/check.h"

enum { T = 60, N = 5 };

/* Returns with a common part, of different sizes. */
static void make_returns(uint64_t seed, double *x)
{
    uint64_t state = seed * 2654435761u + 1;
    for (size_t t = 0; t < T; t++) {
        double common = 0.0;
        for (size_t i = 0; i < N + 1; i++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            const double u = (double)(state >> 11) / 9007199254740992.0 - 0.5;
            if (i == 0) {
                common = u;
            } else {
                x[t * N + i - 1] = 0.01 * (common + (0.5 + 0.3 * (double)i) * u) + 0.0003;
            }
        }
    }
}

static double mean_of_column(const double *x, size_t i)
{
    double sum = 0.0;
    for (size_t t = 0; t < T; t++) {
        sum += x[t * N + i];
    }
    return sum / T;
}

/* Sum of products of deviations over a divisor, by the definition. */
static double covariance_by_definition(const double *x, size_t i, size_t j, double divisor)
{
    const double a = mean_of_column(x, i), b = mean_of_column(x, j);
    double sum = 0.0;
    for (size_t t = 0; t < T; t++) {
        sum += (x[t * N + i] - a) * (x[t * N + j] - b);
    }
    return sum / divisor;
}

static void test_the_sample_covariance_is_its_definition(void)
{
    double x[T * N], c[N * N], shrinkage = 1.0;
    make_returns(1, x);
    CHECK_OK(fel_covariance(FEL_COVARIANCE_SAMPLE, x, T, N, 0.0, c, &shrinkage));
    CHECK_SAME(shrinkage, 0.0);
    for (size_t i = 0; i < N; i++) {
        for (size_t j = 0; j < N; j++) {
            CHECK_NEAR(c[i * N + j], covariance_by_definition(x, i, j, T - 1), 1e-18);
        }
    }
}

/* Weight of age a: (1 - d) d^a / (1 - d^T). */
static void test_ewma_weighs_products_by_age(void)
{
    double x[T * N], c[N * N];
    const double d = 0.94;
    make_returns(2, x);
    CHECK_OK(fel_covariance(FEL_COVARIANCE_EWMA, x, T, N, d, c, NULL));
    for (size_t i = 0; i < N; i++) {
        for (size_t j = 0; j < N; j++) {
            double sum = 0.0;
            for (size_t t = 0; t < T; t++) {
                sum += (1.0 - d) * pow(d, (double)(T - 1 - t)) / (1.0 - pow(d, (double)T)) *
                       x[t * N + i] * x[t * N + j];
            }
            CHECK_NEAR(c[i * N + j], sum, 1e-18);
        }
    }
}

/* b^2 = sum of |x x' - S|^2 / T^2, d^2 = |S - mu I|^2, each distance element by element. */
static void test_ledoit_wolf_is_its_definition(void)
{
    double x[T * N], c[N * N], shrinkage = 0.0, trace = 0.0, b2 = 0.0, d2 = 0.0;
    make_returns(3, x);
    CHECK_OK(fel_covariance(FEL_COVARIANCE_LEDOIT_WOLF, x, T, N, 0.0, c, &shrinkage));
    for (size_t i = 0; i < N; i++) {
        trace += covariance_by_definition(x, i, i, T);
    }
    for (size_t i = 0; i < N; i++) {
        for (size_t j = 0; j < N; j++) {
            const double s = covariance_by_definition(x, i, j, T);
            const double target = i == j ? trace / N : 0.0;
            d2 += (s - target) * (s - target);
            for (size_t t = 0; t < T; t++) {
                const double product =
                    (x[t * N + i] - mean_of_column(x, i)) * (x[t * N + j] - mean_of_column(x, j));
                b2 += (product - s) * (product - s) / T / T;
            }
        }
    }
    CHECK(b2 < d2);
    CHECK_REL(shrinkage, b2 / d2, 1e-11);
    for (size_t i = 0; i < N; i++) {
        for (size_t j = 0; j < N; j++) {
            const double s = covariance_by_definition(x, i, j, T);
            const double target = i == j ? trace / N : 0.0;
            CHECK_NEAR(c[i * N + j], b2 / d2 * target + (1.0 - b2 / d2) * s, 1e-17);
        }
    }
}

/* Estimates of the covariance of an element of S with one of the target's, by brute force: of the
 * target's elements r sqrt(s_ii s_jj) the derivatives by s_ii and s_jj, r held. */
static void test_constant_correlation_is_its_definition(void)
{
    double x[T * N], c[N * N], shrinkage = 0.0, r = 0.0, pi = 0.0, rho = 0.0, gamma = 0.0;
    make_returns(4, x);
    CHECK_OK(fel_covariance(FEL_COVARIANCE_CONSTANT_CORRELATION, x, T, N, 0.0, c, &shrinkage));
    for (size_t i = 0; i < N; i++) {
        for (size_t j = 0; j < N; j++) {
            const double s = covariance_by_definition(x, i, j, T);
            const double size =
                sqrt(covariance_by_definition(x, i, i, T) * covariance_by_definition(x, j, j, T));
            r += i == j ? 0.0 : s / size / (N * (N - 1.0));
        }
    }
    for (size_t i = 0; i < N; i++) {
        for (size_t j = 0; j < N; j++) {
            const double s = covariance_by_definition(x, i, j, T);
            const double s_i = covariance_by_definition(x, i, i, T);
            const double s_j = covariance_by_definition(x, j, j, T);
            const double target = i == j ? s : r * sqrt(s_i * s_j);
            gamma += (target - s) * (target - s);
            for (size_t t = 0; t < T; t++) {
                const double a = x[t * N + i] - mean_of_column(x, i);
                const double b = x[t * N + j] - mean_of_column(x, j);
                const double slope_i = i == j ? 0.5 : 0.5 * r * sqrt(s_j / s_i);
                const double slope_j = i == j ? 0.5 : 0.5 * r * sqrt(s_i / s_j);
                pi += (a * b - s) * (a * b - s) / T;
                rho += (slope_i * (a * a - s_i) + slope_j * (b * b - s_j)) * (a * b - s) / T;
            }
        }
    }
    const double expected = fmin(fmax((pi - rho) / gamma / T, 0.0), 1.0);
    CHECK(expected > 0.0 && expected < 1.0);
    CHECK_REL(shrinkage, expected, 1e-11);
    CHECK_NEAR(c[1],
               expected * r * sqrt(c[0] * c[N + 1]) +
                   (1.0 - expected) * covariance_by_definition(x, 0, 1, T),
               1e-17);
    CHECK_NEAR(c[0], covariance_by_definition(x, 0, 0, T), 1e-18);
}

/* More assets than returns: only shrinking gives a covariance that can be inverted. */
static void test_few_returns_are_drawn_all_the_way(void)
{
    const double x[2 * 3] = {0.01, 0.02, -0.01, -0.01, -0.02, 0.01};
    double c[9], shrinkage = 0.0;
    CHECK_OK(fel_covariance(FEL_COVARIANCE_LEDOIT_WOLF, x, 2, 3, 0.0, c, &shrinkage));
    CHECK(shrinkage >= 0.0 && shrinkage <= 1.0);
    CHECK_NEAR(c[0] + c[4] + c[8], 6e-4, 1e-18);
}

static void test_bad_windows_are_refused(void)
{
    const double x[4] = {0.01, 0.02, (double)NAN, 0.0};
    double c[4];
    CHECK_STATUS(fel_covariance(FEL_COVARIANCE_SAMPLE, x, 1, 2, 0.0, c, NULL), FEL_ERR_RANGE);
    CHECK_STATUS(fel_covariance(FEL_COVARIANCE_SAMPLE, x, 2, 2, 0.0, c, NULL), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "return 1 of asset 0 is nan");
    CHECK_STATUS(fel_covariance(FEL_COVARIANCE_EWMA, x, 2, 1, 1.0, c, NULL), FEL_ERR_RANGE);
    CHECK_STATUS(fel_covariance((fel_covariance_kind)9, x, 2, 1, 0.5, c, NULL), FEL_ERR_ARG);
}

SUITE("portfolio/covariance", TEST(test_the_sample_covariance_is_its_definition),
      TEST(test_ewma_weighs_products_by_age), TEST(test_ledoit_wolf_is_its_definition),
      TEST(test_constant_correlation_is_its_definition),
      TEST(test_few_returns_are_drawn_all_the_way), TEST(test_bad_windows_are_refused));
