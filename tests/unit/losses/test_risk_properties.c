/* tests/unit/losses/test_risk_properties.c - what a risk measure must do on any sample: cash,
 * monotony, diversification, scaling; certainty equivalents, prices and standard errors by their
 * definitions. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <feller/risk.h>

#include "core/rng.h"
#include "core/sum.h"
#include "tests/support/check.h"
#include "tests/unit/losses/risk_cases.h"

enum { N = RISK_PATHS };

static int is_monotone(const fel_risk *risk)
{
    return strcmp(risk->code->name, "mean_variance") != 0 &&
           strcmp(risk->code->name, "quadratic") != 0;
}

static int has_flag(const fel_risk *risk, uint32_t flag)
{
    return (risk->code->flags & flag) != 0;
}

/* ---- axioms ---------------------------------------------------------------------------------- */

static void check_axioms(const fel_risk *risk, uint64_t seed)
{
    double x[N], y[N], shifted[N], better[N], mixed[N], doubled[N];
    rng_stream stream = rng_at(seed, 5);
    risk_sample(x, N, seed);
    risk_sample(y, N, seed + 100);
    for (size_t i = 0; i < N; i++) {
        shifted[i] = x[i] + 0.2385;
        better[i] = x[i] + 0.3 * rng_uniform(&stream);
        mixed[i] = 0.37 * x[i] + 0.63 * y[i];
        doubled[i] = 2.385 * x[i];
    }
    const double rx = risk_value(risk, x, N), ry = risk_value(risk, y, N);
    const double size = 1e-12 * (1.0 + fabs(rx) + fabs(ry));
    if (has_flag(risk, FEL_RISK_CASH_INVARIANT)) {
        CHECK_NEAR(risk_value(risk, shifted, N), rx - 0.2385, size);
    }
    if (is_monotone(risk)) {
        CHECK(risk_value(risk, better, N) <= rx + size);
    }
    CHECK(risk_value(risk, mixed, N) <= 0.37 * rx + 0.63 * ry + size);
    if (has_flag(risk, FEL_RISK_COHERENT)) {
        CHECK_NEAR(risk_value(risk, doubled, N), 2.385 * rx, size);
    }
}

static void test_axioms_hold_on_random_samples(void)
{
    for (size_t i = 0; i < n_risk_cases; i++) {
        const fel_risk risk = risk_of_case(i);
        for (uint64_t seed = 1; seed <= 20; seed++) {
            check_axioms(&risk, seed);
        }
    }
}

/* The flags themselves: what is not cash-invariant or coherent shows it on this sample. */
static void test_flags_are_not_too_modest(void)
{
    for (size_t i = 0; i < n_risk_cases; i++) {
        const fel_risk risk = risk_of_case(i);
        double x[N], shifted[N], doubled[N];
        risk_sample(x, N, 4);
        for (size_t k = 0; k < N; k++) {
            shifted[k] = x[k] + 0.137;
            doubled[k] = 1.2 * x[k];
        }
        const double value = risk_value(&risk, x, N);
        CHECK_INT(fabs(risk_value(&risk, shifted, N) - value + 0.137) < 1e-9,
                  has_flag(&risk, FEL_RISK_CASH_INVARIANT));
        CHECK_INT(fabs(risk_value(&risk, doubled, N) - 1.2 * value) < 1e-9,
                  has_flag(&risk, FEL_RISK_COHERENT));
    }
}

/* Order of paths moves rounding only; the same order gives the same bits. */
static void test_paths_may_come_in_any_order(void)
{
    for (size_t i = 0; i < n_risk_cases; i++) {
        const fel_risk risk = risk_of_case(i);
        double x[N], moved[N];
        risk_sample(x, N, 4);
        for (size_t k = 0; k < N; k++) {
            moved[(k * 10 + 3) % N] = x[k];
        }
        const double value = risk_value(&risk, x, N);
        CHECK_SAME(risk_value(&risk, x, N), value);
        CHECK_REL(risk_value(&risk, moved, N), value, 1e-14);
    }
}

/* ---- order statistics ------------------------------------------------------------------------ */

enum { MANY = 301 };

static int is_less(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Every size of the tail against a full sort. */
static void check_tails(const double *x)
{
    double sorted[MANY];
    fel_risk cvar = risk_of("cvar", "");
    memcpy(sorted, x, sizeof(sorted));
    qsort(sorted, MANY, sizeof(*sorted), is_less);
    for (int j = 0; j < 81; j++) {
        const double tail = 0.37 + 3.713 * j;
        double sum = 0.0;
        for (size_t k = 0; k < MANY && (double)k < tail; k++) {
            sum -= sorted[k] * fmin(1.0, tail - (double)k);
        }
        cvar.params[0] = 1.0 - tail / MANY;
        CHECK_NEAR(risk_value(&cvar, x, MANY), sum / tail, 1e-12 * (1.0 + fabs(sum)));
    }
}

static void test_tails_agree_with_a_sort(void)
{
    double normal[MANY], ties[MANY], rising[MANY], falling[MANY], same[MANY];
    rng_stream stream = rng_at(3, 3);
    for (size_t i = 0; i < MANY; i++) {
        normal[i] = rng_normal(&stream);
        ties[i] = floor(2.0 * normal[i]);
        rising[i] = (double)i;
        falling[i] = -(double)i;
        same[i] = -1.37;
    }
    check_tails(normal);
    check_tails(ties);
    check_tails(rising);
    check_tails(falling);
    check_tails(same);
}

/* ---- certainty equivalents and prices -------------------------------------------------------- */

static void test_certainty_equivalent_is_as_good(void)
{
    for (size_t i = 0; i < n_risk_cases; i++) {
        const fel_risk risk = risk_of_case(i);
        double x[N], sure = (double)NAN;
        risk_sample(x, N, 12);
        const double value = risk_value(&risk, x, N);
        if (strcmp(risk_cases[i].settings, "free_target=true") == 0) {
            CHECK_STATUS(fel_risk_certainty_equivalent(&risk, x, N, &sure), FEL_ERR_RANGE);
            CHECK_HAS(fel_last_error()->message, "no sure P&L has quadratic");
            CHECK(isnan(sure));
            continue;
        }
        CHECK_OK(fel_risk_certainty_equivalent(&risk, x, N, &sure));
        CHECK_NEAR(risk_value(&risk, &sure, 1), value, 1e-13 * (1.0 + fabs(value)));
        /* Averse to risk: below the mean. */
        const fel_cvec view = {x, N};
        CHECK(sure < mean_of(view));
    }
}

static fel_status price_of(const fel_risk *risk, const double *with, const double *without,
                           double *price)
{
    return fel_risk_indifference_price(risk, with, N, without, N, price);
}

static void test_indifference_price_makes_both_as_good(void)
{
    for (size_t i = 0; i < n_risk_cases; i++) {
        const fel_risk risk = risk_of_case(i);
        double with[N], without[N], paid[N], price = (double)NAN;
        if (strcmp(risk.code->name, "quadratic") == 0) {
            continue;
        }
        for (uint64_t seed = 1; seed <= 5; seed++) {
            risk_sample(with, N, seed);
            risk_sample(without, N, seed + 50);
            for (size_t k = 0; k < N; k++) {
                with[k] = 1.1 * with[k] - 0.83;
                without[k] *= 0.3;
            }
            CHECK_OK(price_of(&risk, with, without, &price));
            for (size_t k = 0; k < N; k++) {
                paid[k] = with[k] + price;
            }
            const double target = risk_value(&risk, without, N);
            CHECK_NEAR(risk_value(&risk, paid, N), target, 1e-12 * (1.0 + fabs(target)));
            /* Against nothing for sure. */
            CHECK_OK(price_of(&risk, with, NULL, &price));
            for (size_t k = 0; k < N; k++) {
                paid[k] = with[k] + price;
            }
            const double zero = 0.0, none = risk_value(&risk, &zero, 1);
            CHECK_NEAR(risk_value(&risk, paid, N), none, 1e-12 * (1.0 + fabs(none)));
            CHECK(price > 0.0);
        }
    }
}

/* With squares the lower of two premiums, or none if the deviation alone is too large. */
static void test_price_by_squares(void)
{
    const double with[] = {-3.0, -1.0}, without[] = {1.5, -1.5};
    const fel_risk squares = risk_of("quadratic", "target=0.5");
    double price = (double)NAN;
    /* (p - 3.5)^2 + (p - 1.5)^2 = 1 + 4: p^2 - 5 p + 4.75 = 0 x ... variance 1, E = 2.5. */
    CHECK_OK(fel_risk_indifference_price(&squares, with, 2, without, 2, &price));
    CHECK_NEAR(price, 2.5 - sqrt(2.5 - 1.0), 1e-12);
    CHECK_STATUS(fel_risk_indifference_price(&squares, with, 2, NULL, 0, &price), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "no premium makes quadratic 0.25");
    CHECK_NEAR(price, 2.5 - sqrt(1.5), 1e-12);
    const fel_risk free_target = risk_of("quadratic", "free_target=true");
    CHECK_STATUS(fel_risk_indifference_price(&free_target, with, 2, NULL, 0, &price),
                 FEL_ERR_RANGE);
}

/* CARA: the difference of entropic risks, whatever the sizes; wealth at risk needs a premium that
 * first makes the utility exist. */
static void test_prices_far_from_where_the_search_begins(void)
{
    const double with[] = {-120.0, -137.0, -95.0}, without[] = {3.0, -2.0, 1.0};
    const fel_risk utility = risk_of("exponential_utility", "risk_aversion=0.7");
    const fel_risk entropic = risk_of("entropic", "risk_aversion=0.7");
    const fel_risk power = risk_of("isoelastic", "risk_aversion=2.5,wealth=10");
    double price = 0.0, exact = 0.0, paid[3];
    CHECK_OK(fel_risk_indifference_price(&entropic, with, 3, without, 3, &exact));
    CHECK_OK(fel_risk_indifference_price(&utility, with, 3, without, 3, &price));
    CHECK_NEAR(price, exact, 1e-11);
    CHECK_OK(fel_risk_indifference_price(&utility, without, 3, with, 3, &price));
    CHECK_NEAR(price, -exact, 1e-11);
    CHECK_OK(fel_risk_indifference_price(&power, with, 3, without, 3, &price));
    for (size_t i = 0; i < 3; i++) {
        paid[i] = with[i] + price;
    }
    CHECK_REL(risk_value(&power, paid, 3), risk_value(&power, without, 3), 1e-12);
    CHECK(price > 127.0);
    /* Square roots are finite at ruin: this is better there than what it should be as bad as. */
    const fel_risk root = risk_of("isoelastic", "risk_aversion=0.5,wealth=10");
    const double ruin[] = {-9.999, -9.999}, wide[] = {-5.0, 20.0};
    CHECK_STATUS(fel_risk_indifference_price(&root, wide, 2, ruin, 2, &price), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "no premium makes isoelastic");
}

/* ---- standard errors ------------------------------------------------------------------------- */

/* Against the spread over samples of the same law. 400 samples know a deviation to 3.5 %, more for
 * fat tails. */
static void check_error(const fel_risk *risk)
{
    enum { SAMPLES = 400, PATHS = 2000 };
    static double x[PATHS], values[SAMPLES];
    double error_sum = 0.0;
    for (size_t s = 0; s < SAMPLES; s++) {
        double error = 0.0;
        risk_sample(x, PATHS, 1000 + s);
        values[s] = risk_value(risk, x, PATHS);
        CHECK_OK(fel_risk_standard_error(risk, x, PATHS, &error));
        error_sum += error;
    }
    const fel_cvec view = {values, SAMPLES};
    CHECK_REL(error_sum / SAMPLES, deviation_of(view, 1.0), 0.12);
}

static void test_standard_error_is_the_spread_of_samples(void)
{
    static const size_t chosen[] = {0, 1, 3, 5, 6, 7, 9, 10, 11, 12, 14, 16};
    for (size_t i = 0; i < sizeof(chosen) / sizeof(chosen[0]); i++) {
        const fel_risk risk = risk_of_case(chosen[i]);
        check_error(&risk);
    }
}

SUITE("losses/risk_properties", TEST(test_axioms_hold_on_random_samples),
      TEST(test_flags_are_not_too_modest), TEST(test_paths_may_come_in_any_order),
      TEST(test_tails_agree_with_a_sort), TEST(test_certainty_equivalent_is_as_good),
      TEST(test_indifference_price_makes_both_as_good), TEST(test_price_by_squares),
      TEST(test_prices_far_from_where_the_search_begins),
      TEST(test_standard_error_is_the_spread_of_samples));
