/* tests/unit/losses/test_risk_values.c - measures against closed forms, numbers by hand, other
 * programs' numbers, and one another. */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>

#include <feller/risk.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/unit/losses/risk_cases.h"

enum { N = RISK_PATHS };

static double value_of(const char *name, const char *settings, const double *pnl, size_t n)
{
    const fel_risk risk = risk_of(name, settings);
    return risk_value(&risk, pnl, n);
}

/* ---- by hand --------------------------------------------------------------------------------- */

/* Losses 7, 4, 3, 1, -2 in any order. */
static const double five[] = {-1.0, -7.0, 2.0, -4.0, -3.0};

static void test_cvar_of_five_paths_by_hand(void)
{
    CHECK_NEAR(value_of("cvar", "level=0.8", five, 5), 7.0, 1e-14);
    CHECK_NEAR(value_of("cvar", "level=0.93", five, 5), 7.0, 1e-14);
    CHECK_NEAR(value_of("cvar", "level=0.6", five, 5), 5.5, 1e-14);
    /* A tail of 1.5 paths: 7 and half of 4. */
    CHECK_NEAR(value_of("cvar", "level=0.7", five, 5), (7.0 + 2.0) / 1.5, 1e-14);
    /* Of 4.25: all but three quarters of the best. */
    CHECK_NEAR(value_of("cvar", "level=0.15", five, 5), (15.0 - 0.25 * 2.0) / 4.25, 1e-14);
    CHECK_NEAR(value_of("cvar", "level=0", five, 5), 13.0 / 5.0, 1e-14);
}

static void test_threshold_of_cvar_is_the_quantile(void)
{
    const fel_risk half = risk_of("cvar", "level=0.7"), whole = risk_of("cvar", "level=0.6");
    double value = 0.0, w = 0.0;
    CHECK_OK(fel_risk_measure(&half, five, 5, &value, &w));
    CHECK_SAME(w, 4.0);
    /* Between the second and the third all are best: the middle. */
    CHECK_OK(fel_risk_measure(&whole, five, 5, &value, &w));
    CHECK_SAME(w, 3.5);
}

static void test_shortfall_counts_whole_paths(void)
{
    double ten[10];
    for (int i = 0; i < 10; i++) {
        ten[i] = -i;
    }
    /* pfhedge's own examples: expected_shortfall(-arange(10), 0.3) and quadratic_cvar(.., 2). */
    CHECK_NEAR(value_of("expected_shortfall", "share=0.3", ten, 10), 8.0, 1e-14);
    CHECK_NEAR(value_of("quadratic_cvar", "lambda=2", ten, 10), 7.9750, 1e-12);
    CHECK_NEAR(value_of("expected_shortfall", "share=0.31", ten, 10), 7.5, 1e-14);
    CHECK_NEAR(value_of("expected_shortfall", "share=0.01", ten, 10), 9.0, 1e-14);
    CHECK_NEAR(value_of("expected_shortfall", "share=1", ten, 10), 4.5, 1e-14);
    CHECK_NEAR(value_of("expected_shortfall", "share=0.5", five, 5), 14.0 / 3.0, 1e-14);
}

static void test_moments_by_hand(void)
{
    /* Mean -13/5, squares 79/5. */
    const double variance = 79.0 / 5.0 - 2.6 * 2.6;
    CHECK_NEAR(value_of("mean_variance", "risk_aversion=0.37", five, 5), 2.6 + 0.185 * variance,
               1e-13);
    CHECK_NEAR(value_of("quadratic", "", five, 5), 79.0 / 5.0, 1e-13);
    CHECK_NEAR(value_of("quadratic", "target=1.5", five, 5), variance + 4.1 * 4.1, 1e-13);
    CHECK_NEAR(value_of("quadratic", "free_target=true", five, 5), variance, 1e-13);
    CHECK_NEAR(value_of("isoelastic", "risk_aversion=1,wealth=8", five, 5),
               -(log(7.0) + log(10.0) + log(4.0) + log(5.0)) / 5.0, 1e-14);
    CHECK_NEAR(value_of("isoelastic", "risk_aversion=2,wealth=8", five, 5),
               (1.0 / 7.0 + 1.0 + 0.1 + 0.25 + 0.2) / 5.0 - 1.0, 1e-14);
    CHECK_NEAR(value_of("isoelastic", "risk_aversion=0,wealth=8", five, 5), 2.6 - 7.0, 1e-13);
}

/* The utilities of one sure gain, whose best w is minus it. */
static void test_oce_of_a_sure_gain_is_minus_the_gain(void)
{
    static const char *const names[] = {"entropic",      "cvar",          "expected_shortfall",
                                        "mean_variance", "oce_quadratic", "oce_exp2",
                                        "oce_vicky"};
    const double sure[] = {2.385, 2.385, 2.385};
    for (size_t i = 0; i < 7; i++) {
        CHECK_NEAR(value_of(names[i], "", sure, 1), -2.385, 1e-14);
        CHECK_NEAR(value_of(names[i], "", sure, 3), -2.385, 1e-14);
    }
    CHECK_NEAR(value_of("quadratic_cvar", "lambda=2", sure, 3), -2.385 - 0.125, 1e-14);
}

/* Two paths +-1, vicky: by symmetry w = 0 and rho = (sqrt(1 + a^2) - 1) / a; quadratic below the
 * top: w = 0 and rho = a / 2. */
static void test_oce_of_two_paths_by_hand(void)
{
    const double two[] = {-1.0, 1.0};
    CHECK_NEAR(value_of("oce_vicky", "risk_aversion=2.385", two, 2),
               (hypot(1.0, 2.385) - 1.0) / 2.385, 1e-15);
    CHECK_NEAR(value_of("oce_quadratic", "risk_aversion=0.71", two, 2), 0.355, 1e-15);
    /* a = 4: the gain is on the flat top, slope 0; the loss needs slope 2: 1 - 4 (w - 1) = 2, w =
     * 3/4; rho = 3/4 - (1/8 + (-1/4 - 1/8)) / 2 = 7/8. */
    CHECK_NEAR(value_of("oce_quadratic", "risk_aversion=4", two, 2), 0.875, 1e-15);
}

/* ---- entropic -------------------------------------------------------------------------------- */

static void test_entropic_of_small_samples_in_long_double(void)
{
    static const double aversions[] = {1e-9, 1e-4, 0.137, 1.0, 7.3, 91.7, 1e4};
    double pnl[N];
    risk_sample(pnl, N, 2);
    for (size_t k = 0; k < 7; k++) {
        fel_risk risk = risk_of("entropic", "");
        risk.params[0] = aversions[k];
        const long double a = (long double)aversions[k];
        long double largest = -HUGE_VALL, sum = 0.0L;
        for (size_t i = 0; i < N; i++) {
            largest = fmaxl(largest, -(long double)pnl[i]);
        }
        for (size_t i = 0; i < N; i++) {
            sum += expm1l(-a * ((long double)pnl[i] + largest));
        }
        const double exact = (double)(largest + log1pl(sum / N) / a);
        CHECK_NEAR(risk_value(&risk, pnl, N), exact,
                   4e-16 * (1.0 + fabs(exact)) + 4e-16 / aversions[k]);
    }
}

/* The reference cancels, wherever it is. */
static void test_reference_of_entropic_cancels(void)
{
    double pnl[N];
    risk_sample(pnl, N, 2);
    const fel_risk risk = risk_of("entropic", "risk_aversion=1.37");
    const double value = risk_value(&risk, pnl, N);
    for (int k = -5; k <= 5; k++) {
        CHECK_NEAR(risk_objective(&risk, pnl, N, value + 71.3 * k), value, 2e-13);
    }
}

static void test_huge_losses_do_not_overflow_entropic(void)
{
    const double pnl[] = {-1e6, 3.7, 1e6, -999999.5};
    const double exact = 1e6 + log((1.0 + exp(-0.5)) / 4.0);
    CHECK_REL(value_of("entropic", "", pnl, 4), exact, 1e-15);
    CHECK_REL(value_of("entropic", "risk_aversion=1e9", pnl, 4), 1e6, 1e-14);
    CHECK_REL(value_of("entropic", "risk_aversion=1e-9", pnl, 4), 249998.95 + 343.75, 1e-6);
    const double vast[] = {-1e300, 1e300};
    CHECK_REL(value_of("entropic", "", vast, 2), 1e300, 1e-15);
    /* Half of the paths lose 1e6, slope 2 each: (1e6 - 3.7) / 2 to the nearest. */
    const double half[] = {-1e6, 3.7, 1e6, -1e6};
    CHECK_REL(value_of("oce_vicky", "", half, 4), 1e6, 1e-5);
}

/* Of a normal law: -mu + a s^2 / 2. The standard error is the delta method's, by theory: with v = a
 * s, sqrt(exp(v^2) - 1) / (a sqrt(n)). */
static void test_normal_laws_have_their_closed_forms(void)
{
    enum { PATHS = 200000 };
    const double mu = 0.137, s = 0.83, a = 0.71, level = 0.9;
    double *pnl = malloc(PATHS * sizeof(*pnl));
    CHECK(pnl != NULL);
    if (pnl == NULL) {
        return;
    }
    rng_stream stream = rng_at(19, 4);
    for (size_t i = 0; i < PATHS; i++) {
        pnl[i] = mu + s * rng_normal(&stream);
    }
    const double spread = sqrt(exp(a * a * s * s) - 1.0) / (a * sqrt(PATHS));
    const fel_risk entropic = risk_of("entropic", "risk_aversion=0.71");
    CHECK_NEAR(risk_value(&entropic, pnl, PATHS), -mu + 0.5 * a * s * s, 4.0 * spread);
    double error = 0.0;
    CHECK_OK(fel_risk_standard_error(&entropic, pnl, PATHS, &error));
    CHECK_REL(error, spread, 0.03);
    /* CVaR of a normal law: -mu + s phi(z) / (1 - level). */
    const fel_risk cvar = risk_of("cvar", "level=0.9");
    const double z = gsl_cdf_ugaussian_Pinv(level);
    const double tail = s * gsl_ran_ugaussian_pdf(z) / (1.0 - level);
    CHECK_OK(fel_risk_standard_error(&cvar, pnl, PATHS, &error));
    CHECK_NEAR(risk_value(&cvar, pnl, PATHS), -mu + tail, 4.0 * error);
    CHECK(error < 0.01);
    free(pnl);
}

/* ---- one another ----------------------------------------------------------------------------- */

static void test_cvar_and_shortfall_agree_where_the_tail_is_whole(void)
{
    double pnl[N];
    risk_sample(pnl, N, 8);
    fel_risk cvar = risk_of("cvar", ""), shortfall = risk_of("expected_shortfall", "");
    for (size_t k = 1; k <= N; k++) {
        cvar.params[0] = 1.0 - (double)k / N;
        shortfall.params[0] = (double)k / N - 1e-9;
        CHECK_NEAR(risk_value(&cvar, pnl, N), risk_value(&shortfall, pnl, N), 1e-13);
    }
    /* Else whole paths average more of them, so less loss. */
    for (int k = 0; k < 13; k++) {
        const double share = 0.0371 + 0.0713 * k;
        cvar.params[0] = 1.0 - share;
        shortfall.params[0] = share;
        CHECK(risk_value(&shortfall, pnl, N) <= risk_value(&cvar, pnl, N) + 1e-14);
    }
}

static void check_smooth(const double *pnl, double level, double width)
{
    fel_risk cvar = risk_of("cvar", ""), smooth = risk_of("smooth_cvar", "");
    double exact = 0.0, w = 0.0, near = 0.0;
    cvar.params[0] = smooth.params[0] = level;
    smooth.params[1] = width;
    CHECK_OK(fel_risk_measure(&cvar, pnl, N, &exact, &w));
    for (size_t i = 0; i < N; i++) {
        near += fabs(pnl[i] + w) < width ? 1.0 / N : 0.0;
    }
    const double over = risk_value(&smooth, pnl, N) - exact;
    CHECK(over >= -1e-13);
    CHECK(over <= 3.0 / 16.0 * width / (1.0 - level) * near + 1e-13);
}

static void test_smooth_cvar_is_above_cvar_by_at_most_its_bound(void)
{
    double pnl[N];
    risk_sample(pnl, N, 9);
    for (int k = 0; k < 11; k++) {
        for (int j = 0; j < 7; j++) {
            check_smooth(pnl, 0.0971 * k, 1e-3 * pow(3.7, j));
        }
    }
}

static void test_small_aversion_is_the_mean_and_the_variance(void)
{
    static const char *const names[] = {"entropic", "oce_quadratic", "oce_exp2"};
    double pnl[N];
    risk_sample(pnl, N, 10);
    const double mean = value_of("cvar", "level=0", pnl, N);
    const double variance = value_of("quadratic", "free_target=true", pnl, N);
    for (size_t i = 0; i < 3; i++) {
        CHECK_NEAR(value_of(names[i], "risk_aversion=1e-5", pnl, N), mean + 0.5e-5 * variance,
                   1e-9);
    }
    CHECK_NEAR(value_of("oce_quadratic", "risk_aversion=0.1", pnl, N),
               value_of("mean_variance", "risk_aversion=0.1", pnl, N), 1e-13);
    /* Vicky's slope lies between 0 and 2, so it is at least -mean and at most cvar's half tail. */
    const double vicky = value_of("oce_vicky", "risk_aversion=1e7", pnl, N);
    CHECK_NEAR(vicky, value_of("cvar", "level=0.5", pnl, N), 1e-6);
}

static void test_isoelastic_is_continuous_in_its_aversion(void)
{
    double pnl[N];
    risk_sample(pnl, N, 11);
    const double at_one = value_of("isoelastic", "risk_aversion=1,wealth=5", pnl, N);
    CHECK_NEAR(value_of("isoelastic", "risk_aversion=1.000000001,wealth=5", pnl, N), at_one, 2e-9);
    CHECK_NEAR(value_of("isoelastic", "risk_aversion=0.999999999,wealth=5", pnl, N), at_one, 2e-9);
}

SUITE("losses/risk_values", TEST(test_cvar_of_five_paths_by_hand),
      TEST(test_threshold_of_cvar_is_the_quantile), TEST(test_shortfall_counts_whole_paths),
      TEST(test_moments_by_hand), TEST(test_oce_of_a_sure_gain_is_minus_the_gain),
      TEST(test_oce_of_two_paths_by_hand), TEST(test_entropic_of_small_samples_in_long_double),
      TEST(test_reference_of_entropic_cancels), TEST(test_huge_losses_do_not_overflow_entropic),
      TEST(test_normal_laws_have_their_closed_forms),
      TEST(test_cvar_and_shortfall_agree_where_the_tail_is_whole),
      TEST(test_smooth_cvar_is_above_cvar_by_at_most_its_bound),
      TEST(test_small_aversion_is_the_mean_and_the_variance),
      TEST(test_isoelastic_is_continuous_in_its_aversion));
