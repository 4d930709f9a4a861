/* tests/unit/core/test_inference.c - luck and skill: published examples, other ways to the same
 * numbers, and how often the tests cry wolf on noise. */
#include <math.h>

#include <feller/inference.h>
#include <feller/metric.h>

#include "core/rng.h"
#include "tests/support/check.h"

/* Bailey and Lopez de Prado (2014), numerical example: annual ratio 2.5 over 1250 days of a year of
 * 250, 100 trials with annual variance 1/2, skewness -3, kurtosis 10. */
static void test_deflated_sharpe_is_the_published_example(void)
{
    const fel_sharpe_moments m = {1250.0, 2.5 / sqrt(250.0), -3.0, 10.0};
    const double sd = sqrt(0.5 / 250.0);
    CHECK_NEAR(fel_expected_max_sharpe(100.0, sd), 0.1132, 0.00005);
    CHECK_NEAR(fel_deflated_sharpe(&m, 100.0, sd), 0.9004, 0.00005);
    CHECK_NEAR(fel_deflated_sharpe(&m, 46.0, sd), 0.9505, 0.0005);
}

/* The probability is that of the distance in standard errors, which the metrics also compute. */
static void test_probabilistic_sharpe_agrees_with_the_standard_error(void)
{
    double r[300];
    rng_stream stream = rng_at(5, 1);
    for (size_t i = 0; i < 300; i++) {
        r[i] = 0.05 + 1.3 * rng_normal(&stream) + 0.4 * log(rng_uniform(&stream));
    }
    const fel_cvec view = {r, 300};
    fel_metric_options options = fel_metric_options_default();
    options.periods_per_year = 1.0;
    options.risk_free_per_period = 0.01;
    const fel_sharpe_moments m = fel_sharpe_moments_of(view, 0.01);
    const double error = fel_sharpe_error(view, &options);
    CHECK_NEAR(fel_probabilistic_sharpe(&m, m.sharpe - 1.6448536269514722 * error), 0.95, 1e-12);
    CHECK_NEAR(fel_probabilistic_sharpe(&m, m.sharpe), 0.5, 1e-15);
}

/* At the track record's length the probability is the confidence. */
static void test_minimum_track_record_reaches_the_confidence(void)
{
    fel_sharpe_moments m = {24.0, 0.458, -2.448, 10.164};
    m.n = fel_min_track_record(&m, 0.1, 0.95);
    CHECK_NEAR(fel_probabilistic_sharpe(&m, 0.1), 0.95, 1e-12);
    CHECK(isinf(fel_min_track_record(&m, 0.5, 0.95)));
}

static void test_expected_maximum_is_that_of_simulated_trials(void)
{
    enum { RUNS = 4000, TRIALS = 50 };
    rng_stream stream = rng_at(11, 2);
    double sum = 0.0, squares = 0.0;
    for (int run = 0; run < RUNS; run++) {
        double best = -100.0;
        for (int i = 0; i < TRIALS; i++) {
            best = fmax(best, 0.7 * rng_normal(&stream));
        }
        sum += best;
        squares += best * best;
    }
    const double mean = sum / RUNS, error = sqrt((squares / RUNS - mean * mean) / RUNS);
    /* The formula is an approximation: 0.5 % at 50 trials. */
    CHECK_NEAR(fel_expected_max_sharpe(TRIALS, 0.7), mean, 4.0 * error + 0.01 * mean);
    CHECK(fel_expected_max_sharpe(1.0, 0.7) == 0.0);
    CHECK(isnan(fel_expected_max_sharpe(0.5, 0.7)));
}

/* Without lags and up to the factor sqrt((n - 1) / n) this is the paired t-test. */
static void test_diebold_mariano_without_lags_is_a_t_test(void)
{
    const double first[] = {1.2, 0.7, 2.9, 1.8, 0.4, 1.1},
                 second[] = {0.9, 0.8, 1.7, 1.9, 0.2, 0.5};
    const fel_cvec a = {first, 6}, b = {second, 6};
    fel_dm_result dm;
    CHECK_OK(fel_diebold_mariano(a, b, 0, &dm));
    /* Differences .3 -.1 1.2 -.1 .2 .6: mean .35, variance .243; the p-value of Student's t with 5
     * degrees of freedom in closed form. */
    CHECK_NEAR(dm.mean_difference, 0.35, 1e-15);
    CHECK_NEAR(dm.statistic, 0.35 / sqrt(0.243 / 6.0), 1e-12);
    const double angle = atan(dm.statistic / sqrt(5.0));
    const double inside = angle + sin(angle) * (cos(angle) + 2.0 / 3.0 * pow(cos(angle), 3.0));
    CHECK_NEAR(dm.p_value, 1.0 - 2.0 / acos(-1.0) * inside, 1e-12);
    CHECK_OK(fel_diebold_mariano(b, a, 0, &dm));
    CHECK(dm.statistic < 0.0);
}

/* Every size of test is right on sticky noise, where the naive one is not. */
static void test_diebold_mariano_rarely_cries_wolf(void)
{
    enum { RUNS = 1000, LENGTH = 500 };
    double a[LENGTH], b[LENGTH];
    size_t n_robust = 0, n_naive = 0;
    for (uint64_t run = 0; run < RUNS; run++) {
        rng_stream stream = rng_at(77, run);
        double memory = 0.0;
        for (size_t i = 0; i < LENGTH; i++) {
            memory = 0.3 * memory + rng_normal(&stream);
            a[i] = memory;
            b[i] = i % 50 == 7 ? (double)NAN : 0.0;
        }
        const fel_cvec first = {a, LENGTH}, second = {b, LENGTH};
        fel_dm_result robust, naive;
        CHECK_OK(fel_diebold_mariano(first, second, FEL_LAGS_AUTOMATIC, &robust));
        CHECK_OK(fel_diebold_mariano(first, second, 0, &naive));
        n_robust += robust.p_value < 0.05 ? 1 : 0;
        n_naive += naive.p_value < 0.05 ? 1 : 0;
    }
    /* 5 % of 1000 with a standard error of 7; Bartlett's weights leave a little too many. */
    CHECK(n_robust < 90);
    CHECK(n_naive > 100);
}

static void test_diebold_mariano_says_what_it_needs(void)
{
    const double x[] = {1.0, 2.0, 3.0};
    const fel_cvec three = {x, 3}, two = {x, 2};
    fel_dm_result dm;
    CHECK_STATUS(fel_diebold_mariano(three, two, 0, &dm), FEL_ERR_SHAPE);
    CHECK_HAS(fel_last_error()->message, "3 losses against 2");
    CHECK_STATUS(fel_diebold_mariano(two, two, 0, &dm), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "2 pairs");
    CHECK_STATUS(fel_diebold_mariano(three, three, 3, &dm), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "3 pairs");
    CHECK_OK(fel_diebold_mariano(three, three, 0, &dm));
    CHECK(isnan(dm.statistic) && isnan(dm.p_value));
}

/* All shifts of a short ring, counted by hand: positions 1 0 0, returns 3 1 2. */
static void test_circular_shift_counts_as_by_hand(void)
{
    const double positions[] = {1.0, 0.0, 0.0, 0.0}, returns[] = {3.0, 1.0, 2.0, 5.0};
    const fel_cvec p = {positions, 4}, r = {returns, 4};
    fel_shift_result shift;
    CHECK_OK(fel_circular_shift_test(p, r, 0.0, 100, 1, &shift));
    CHECK(shift.n_shifts == 3);
    /* The ratio of one return among zeros is 0.5 whatever the return: all shifts are as good. */
    CHECK_NEAR(shift.statistic, 0.5, 1e-12);
    CHECK_NEAR(shift.p_value, 1.0, 1e-15);
    CHECK_OK(fel_circular_shift_test(p, r, 0.25, 100, 1, &shift));
    /* Costs .25 + .25: P&L of shift 0: 2.75 -.25 0 0; the larger the return, the better. */
    CHECK_NEAR(shift.p_value, 0.5, 1e-15);
}

static void test_circular_shift_finds_timing_and_not_noise(void)
{
    enum { RUNS = 200, LENGTH = 250 };
    double p[LENGTH], r[LENGTH];
    size_t n_wolves = 0, n_found = 0;
    for (uint64_t run = 0; run < RUNS; run++) {
        rng_stream stream = rng_at(3, run);
        for (size_t i = 0; i < LENGTH; i++) {
            r[i] = 0.01 * rng_normal(&stream);
            p[i] = rng_uniform(&stream) < 0.5 ? -1.0 : 1.0;
        }
        const fel_cvec positions = {p, LENGTH}, returns = {r, LENGTH};
        fel_shift_result shift;
        CHECK_OK(fel_circular_shift_test(positions, returns, 0.0005, 99, run, &shift));
        n_wolves += shift.p_value <= 0.05 ? 1 : 0;
        for (size_t i = 0; i < LENGTH; i++) {
            p[i] = rng_uniform(&stream) < 0.35 ? p[i] : copysign(1.0, r[i]);
        }
        CHECK_OK(fel_circular_shift_test(positions, returns, 0.0005, 99, run, &shift));
        n_found += shift.p_value <= 0.05 ? 1 : 0;
    }
    /* 5 % of 200 is 10 with a standard error of 3. */
    CHECK(n_wolves <= 20);
    CHECK(n_found == RUNS);
}

static void test_circular_shift_refuses_what_is_not_finite(void)
{
    const double x[] = {1.0, (double)NAN, 3.0}, y[] = {1.0, 2.0, 3.0};
    const fel_cvec bad = {x, 3}, good = {y, 3};
    fel_shift_result shift;
    CHECK_STATUS(fel_circular_shift_test(bad, good, 0.0, 9, 1, &shift), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "period 1");
    CHECK_STATUS(fel_circular_shift_test(good, good, 0.0, 0, 1, &shift), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "0 shifts");
}

SUITE("core/inference", TEST(test_deflated_sharpe_is_the_published_example),
      TEST(test_probabilistic_sharpe_agrees_with_the_standard_error),
      TEST(test_minimum_track_record_reaches_the_confidence),
      TEST(test_expected_maximum_is_that_of_simulated_trials),
      TEST(test_diebold_mariano_without_lags_is_a_t_test),
      TEST(test_diebold_mariano_rarely_cries_wolf), TEST(test_diebold_mariano_says_what_it_needs),
      TEST(test_circular_shift_counts_as_by_hand),
      TEST(test_circular_shift_finds_timing_and_not_noise),
      TEST(test_circular_shift_refuses_what_is_not_finite));
