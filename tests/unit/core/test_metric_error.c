/* tests/unit/core/test_metric_error.c - standard errors of the Sharpe ratio against closed forms
 * and against the spread of simulated ratios. */
#include <math.h>

#include <feller/metric.h>

#include "core/rng.h"
#include "tests/support/check.h"

enum { LENGTH = 1200, RUNS = 800 };

/* One more simulated return; `memory` is the process's own. */
typedef double (*next_return)(rng_stream *stream, double *memory);

static double normal_return(rng_stream *stream, double *memory)
{
    (void)memory;
    return 0.1 + rng_normal(stream);
}

/* Mean 0.5, deviation 1, skewness -2, kurtosis 9. */
static double skewed_return(rng_stream *stream, double *memory)
{
    (void)memory;
    return 1.5 + log(rng_uniform(stream));
}

/* Autoregression of order one with 0.5, mean 0: long-run variance 3 times the variance. */
static double sticky_return(rng_stream *stream, double *memory)
{
    *memory = 0.5 * *memory + rng_normal(stream);
    return *memory;
}

/* Means over many simulated series. */
typedef struct simulation {
    double spread;           /* standard deviation of the ratio over the runs */
    double variance, robust; /* mean squared errors as estimated from one series */
} simulation;

static simulation simulate(next_return next, uint64_t seed)
{
    double r[LENGTH], sum = 0.0, squares = 0.0;
    simulation out = {0};
    const fel_metric_class *sharpe;
    fel_metric_options options = fel_metric_options_default();
    options.periods_per_year = 1.0;
    CHECK_OK(fel_metric_find("sharpe_ratio", &sharpe));
    for (uint64_t run = 0; run < RUNS; run++) {
        rng_stream stream = rng_at(seed, run);
        double memory = 0.0;
        for (size_t i = 0; i < LENGTH; i++) {
            r[i] = next(&stream, &memory);
        }
        const fel_cvec view = {r, LENGTH}, none = {NULL, 0};
        const double ratio = sharpe->eval(view, none, &options);
        const double error = fel_sharpe_error(view, &options);
        const double robust = fel_sharpe_error_robust(view, &options);
        sum += ratio;
        squares += ratio * ratio;
        out.variance += error * error / RUNS;
        out.robust += robust * robust / RUNS;
    }
    out.spread = sqrt((squares - sum * sum / RUNS) / (RUNS - 1));
    return out;
}

/* The spread over RUNS ratios has itself a relative standard error of 1 / sqrt(2 RUNS) = 2.5 %;
 * four of those are allowed. */
#define SPREAD_TOLERANCE (4.0 / sqrt(2.0 * RUNS))

static void test_normal_returns(void)
{
    const simulation s = simulate(normal_return, 11);
    const double closed = (1.0 + 0.1 * 0.1 / 2.0) / (LENGTH - 1);
    CHECK_REL(s.variance, closed, 0.01);
    CHECK_REL(sqrt(s.variance), s.spread, SPREAD_TOLERANCE);
    CHECK_REL(sqrt(s.robust), s.spread, SPREAD_TOLERANCE);
}

static void test_skewed_returns(void)
{
    /* 1 - g3 S + (g4 - 1) / 4 S^2 = 1 + 1 + 0.5; a normal law would give 1.125. */
    const simulation s = simulate(skewed_return, 12);
    CHECK_REL(s.variance, 2.5 / (LENGTH - 1), 0.03);
    CHECK_REL(sqrt(s.variance), s.spread, SPREAD_TOLERANCE);
}

static void test_sticky_returns_need_the_robust_form(void)
{
    const simulation s = simulate(sticky_return, 13);
    /* Lags: floor(4 x 12^(2/9)) = 6; Bartlett: 1 + 2 sum of (1 - k/7) 0.5^k is 2.4330. */
    double bartlett = 1.0;
    for (int k = 1; k <= 6; k++) {
        bartlett += 2.0 * (1.0 - k / 7.0) * pow(0.5, k);
    }
    CHECK_REL(s.variance, 1.0 / (LENGTH - 1), 0.01);
    CHECK_REL(s.robust, bartlett / (LENGTH - 1), 0.03);
    CHECK_REL(s.spread, sqrt(3.0 / LENGTH), SPREAD_TOLERANCE);
    CHECK(sqrt(s.robust) > 1.4 * sqrt(s.variance));
}

static void test_small_sample_by_hand(void)
{
    /* Five returns, moments by their definitions; a gap in the middle changes nothing. */
    const double r[] = {0.010, 0.008, 0.003, -0.005, 0.004};
    const double shifted[] = {0.010, 0.008, (double)NAN, 0.003, -0.005, 0.004};
    fel_metric_options options = fel_metric_options_default();
    const fel_cvec view = {r, 5}, with_gap = {shifted, 6}, two = {r, 2};
    double m = 0.0, m2 = 0.0, m3 = 0.0, m4 = 0.0;
    for (size_t i = 0; i < 5; i++) {
        m += r[i] / 5.0;
    }
    for (size_t i = 0; i < 5; i++) {
        const double d = r[i] - m;
        m2 += d * d / 5.0;
        m3 += d * d * d / 5.0;
        m4 += d * d * d * d / 5.0;
    }
    const double ratio = m / sqrt(m2 * 5.0 / 4.0);
    const double g3 = m3 / pow(m2, 1.5), g4 = m4 / (m2 * m2);
    const double mertens = (1.0 - g3 * ratio + (g4 - 1.0) / 4.0 * ratio * ratio) / 4.0;
    CHECK_REL(fel_sharpe_error(view, &options), sqrt(mertens * 252.0), 1e-12);
    CHECK_SAME(fel_sharpe_error(with_gap, &options), fel_sharpe_error(view, &options));
    CHECK_SAME(fel_sharpe_error_robust(with_gap, &options),
               fel_sharpe_error_robust(view, &options));
    CHECK(isnan(fel_sharpe_error(two, &options)));
}

static void test_equal_returns_have_no_error(void)
{
    const double r[] = {0.25, 0.25, 0.25, 0.25};
    const fel_metric_options options = fel_metric_options_default();
    const fel_cvec view = {r, 4};
    CHECK(isnan(fel_sharpe_error(view, &options)));
    CHECK(isnan(fel_sharpe_error_robust(view, &options)));
}

SUITE("core/metric_error", TEST(test_normal_returns), TEST(test_skewed_returns),
      TEST(test_sticky_returns_need_the_robust_form), TEST(test_small_sample_by_hand),
      TEST(test_equal_returns_have_no_error));
