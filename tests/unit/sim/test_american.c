/* tests/unit/sim/test_american.c - American approximations against a binomial tree and against what
 * must hold of any American option. */
#include <math.h>

#include <feller/price.h>

#include "tests/support/check.h"

enum { N_STEPS = 1500 };

/* Cox, Ross and Rubinstein (1979) with N_STEPS and one more, averaged. */
static double tree_price(fel_option_right right, const double in[6])
{
    static double value[N_STEPS + 2];
    double sum = 0.0;
    for (int n = N_STEPS; n <= N_STEPS + 1; n++) {
        const double dt = in[2] / n, up = exp(in[5] * sqrt(dt)), discount = exp(-in[3] * dt);
        const double p = (exp((in[3] - in[4]) * dt) - 1.0 / up) / (up - 1.0 / up);
        for (int j = 0; j <= n; j++) {
            value[j] = fmax((double)right * (in[0] * pow(up, 2 * j - n) - in[1]), 0.0);
        }
        for (int i = n - 1; i >= 0; i--) {
            double spot = in[0] * pow(up, -i);
            for (int j = 0; j <= i; j++) {
                const double held = discount * (p * value[j + 1] + (1.0 - p) * value[j]);
                value[j] = fmax(held, (double)right * (spot - in[1]));
                spot *= up * up;
            }
        }
        sum += 0.5 * value[0];
    }
    return sum;
}

static double price(fel_american_method method, fel_option_right right, const double in[6])
{
    double value = (double)NAN;
    CHECK_OK(fel_price_american(method, right, in[0], in[1], in[2], in[3], in[4], in[5], &value));
    return value;
}

/* spot, strike, t, rate, dividend, vol */
static const double cases[][6] = {
    {101.7, 97.3, 0.25, 0.08, 0.12, 0.2},   {93.1, 97.3, 0.5, 0.05, 0.0, 0.2385},
    {110.3, 97.3, 0.5, 0.05, 0.09, 0.3},    {97.3, 97.3, 0.0833, 0.1, 0.1, 0.15},
    {88.8, 97.3, 0.75, 0.0317, 0.017, 0.4},
};
enum { N_CASES = sizeof(cases) / sizeof(cases[0]) };

/* Both are approximations: the tree is the truth, to about 1e-3. */
static void test_near_the_tree(void)
{
    for (size_t i = 0; i < N_CASES; i++) {
        for (int right = -1; right <= 1; right += 2) {
            const double exact = tree_price((fel_option_right)right, cases[i]);
            CHECK_NEAR(price(FEL_AMERICAN_BARONE_ADESI_WHALEY, (fel_option_right)right, cases[i]),
                       exact, 0.05);
            const double flat =
                price(FEL_AMERICAN_BJERKSUND_STENSLAND, (fel_option_right)right, cases[i]);
            CHECK_NEAR(flat, exact, 0.12);
            CHECK(flat < exact + 2e-3); /* a lower bound */
        }
    }
}

static void test_worth_at_least_european_and_intrinsic(void)
{
    for (int method = 0; method < 2; method++) {
        for (int right = -1; right <= 1; right += 2) {
            for (double spot = 40.0; spot < 240.0; spot += 7.7) {
                const double in[] = {spot, 97.3, 0.613, 0.0317, 0.0471, 0.2385};
                fel_greeks european;
                CHECK_OK(fel_black_scholes((fel_option_right)right, spot, 97.3, 0.613, 0.0317,
                                           0.0471, 0.2385, &european));
                const double value =
                    price((fel_american_method)method, (fel_option_right)right, in);
                CHECK(value >= european.price);
                CHECK(value >= right * (spot - 97.3));
                CHECK(value <= fmax(spot, 97.3));
            }
        }
    }
}

/* Calls and puts of the flat boundary mirror each other. */
static void test_put_call_symmetry(void)
{
    const double call[] = {101.7, 97.3, 0.613, 0.0317, 0.0471, 0.2385};
    const double put[] = {97.3, 101.7, 0.613, 0.0471, 0.0317, 0.2385};
    CHECK_REL(price(FEL_AMERICAN_BJERKSUND_STENSLAND, FEL_CALL, call),
              price(FEL_AMERICAN_BJERKSUND_STENSLAND, FEL_PUT, put), 1e-12);
}

static void test_never_exercised_is_european(void)
{
    const double in[] = {101.7, 97.3, 0.613, 0.0317, 0.0, 0.2385};
    fel_greeks european;
    CHECK_OK(fel_black_scholes(FEL_CALL, 101.7, 97.3, 0.613, 0.0317, 0.0, 0.2385, &european));
    CHECK_SAME(price(FEL_AMERICAN_BARONE_ADESI_WHALEY, FEL_CALL, in), european.price);
    const double expired[] = {101.7, 97.3, 0.0, 0.0317, 0.02, 0.2385};
    CHECK_NEAR(price(FEL_AMERICAN_BJERKSUND_STENSLAND, FEL_CALL, expired), 4.4, 1e-13);
}

static void test_bad_inputs_are_refused(void)
{
    double value = -1.0;
    CHECK_STATUS(
        fel_price_american((fel_american_method)2, FEL_CALL, 100, 100, 1, 0.1, 0, 0.2, &value),
        FEL_ERR_ARG);
    CHECK_STATUS(fel_price_american(FEL_AMERICAN_BARONE_ADESI_WHALEY, FEL_CALL, 100, (double)NAN, 1,
                                    0.1, 0, 0.2, &value),
                 FEL_ERR_RANGE);
    /* Negative rates may have two boundaries. */
    CHECK_STATUS(fel_price_american(FEL_AMERICAN_BARONE_ADESI_WHALEY, FEL_PUT, 100, 100, 1, -0.01,
                                    -0.03, 0.2, &value),
                 FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "two boundaries");
    CHECK_SAME(value, -1.0);
}

SUITE("sim/american", TEST(test_near_the_tree), TEST(test_worth_at_least_european_and_intrinsic),
      TEST(test_put_call_symmetry), TEST(test_never_exercised_is_european),
      TEST(test_bad_inputs_are_refused));
