/* tests/unit/sim/test_black.c - Black's formula, its greeks and implied volatility against long
 * double, differences, parity and themselves; deep wings and limits. */
#include <math.h>

#include <feller/price.h>

#include "core/rng.h"
#include "tests/support/check.h"

static long double cdf(long double z)
{
    return 0.5L * erfcl(-z * 0.707106781186547524400844362104849039L);
}

/* The textbook's formula in long double, for out-of-the-money options. */
static double black_exact(double forward, double strike, double deviation)
{
    const long double f = (long double)forward, k = (long double)strike;
    const long double s = (long double)deviation, d1 = logl(f / k) / s + 0.5L * s, d2 = d1 - s;
    return (double)(f < k ? f * cdf(d1) - k * cdf(d2) : k * cdf(-d2) - f * cdf(-d1));
}

static void test_prices_agree_with_long_double(void)
{
    rng_stream r = rng_at(2385, 3);
    double worst = 0.0;
    for (int i = 0; i < 20000; i++) {
        const double f = 97.3, s = exp(-6.0 + 7.0 * rng_uniform(&r));
        const double k = f * exp(s * 12.0 * (rng_uniform(&r) - 0.5));
        const fel_option_right right = f < k ? FEL_CALL : FEL_PUT; /* the rest is parity */
        const double got = fel_black(right, f, k, 0.25, 2.0 * s, 0.97);
        worst = fmax(worst, fabs(got / 0.97 - black_exact(f, k, s)) / sqrt(f * k));
    }
    CHECK_NEAR(worst, 0.0, 1e-15);
}

/* 25 standard deviations out. */
static void test_wings_keep_their_digits(void)
{
    const double f = 100.0, k = 100.0 * exp(1.0), s = 0.04;
    const double exact = black_exact(f, k, s);
    CHECK(exact > 0.0 && exact < 1e-130);
    /* long double itself loses three of its nineteen digits here */
    CHECK_REL(fel_black(FEL_CALL, f, k, 1.0, s, 1.0), exact, 1e-12);
}

static void test_parity_holds_to_rounding(void)
{
    rng_stream r = rng_at(2385, 4);
    for (int i = 0; i < 2000; i++) {
        const double k = 100.0 * exp(2.0 * rng_uniform(&r) - 1.0), t = 3.0 * rng_uniform(&r);
        const double call = fel_black(FEL_CALL, 97.3, k, t, 0.237, 0.91);
        const double put = fel_black(FEL_PUT, 97.3, k, t, 0.237, 0.91);
        CHECK_NEAR(call - put, 0.91 * (97.3 - k), 4e-14);
    }
}

/* ---- greeks ---------------------------------------------------------------------------------- */

typedef struct inputs {
    double v[6]; /* spot, strike, t, rate, dividend, vol */
} inputs;

static fel_greeks greeks_at(fel_option_right right, inputs in)
{
    fel_greeks g = {0};
    CHECK_OK(fel_black_scholes(right, in.v[0], in.v[1], in.v[2], in.v[3], in.v[4], in.v[5], &g));
    return g;
}

/* Fourth-order central difference of the price by input i. */
static double slope_of(fel_option_right right, inputs in, size_t i)
{
    const double h = 1e-3 * fmax(fabs(in.v[i]), 0.1), centre = in.v[i];
    double at[4];
    const double place[] = {-2.0, -1.0, 1.0, 2.0};
    for (int j = 0; j < 4; j++) {
        in.v[i] = centre + place[j] * h;
        at[j] = greeks_at(right, in).price;
    }
    return (at[0] - 8.0 * at[1] + 8.0 * at[2] - at[3]) / (12.0 * h);
}

static void test_greeks_are_derivatives(void)
{
    const inputs in = {{103.1, 97.7, 0.613, 0.0317, 0.0171, 0.2385}};
    for (int side = -1; side <= 1; side += 2) {
        const fel_option_right right = side > 0 ? FEL_CALL : FEL_PUT;
        const fel_greeks g = greeks_at(right, in);
        CHECK_NEAR(g.delta, slope_of(right, in, 0), 1e-10);
        CHECK_NEAR(g.theta, -slope_of(right, in, 2), 1e-7);
        CHECK_NEAR(g.rho, slope_of(right, in, 3), 1e-7);
        CHECK_NEAR(g.dividend_rho, slope_of(right, in, 4), 1e-7);
        CHECK_NEAR(g.vega, slope_of(right, in, 5), 1e-7);
        CHECK_NEAR(g.in_the_money, -side * exp(0.0317 * 0.613) * slope_of(right, in, 1), 1e-9);
        inputs up = in, down = in;
        up.v[0] += 0.05;
        down.v[0] -= 0.05;
        const double bent = (greeks_at(right, up).delta - greeks_at(right, down).delta) / 0.1;
        CHECK_NEAR(g.gamma, bent, 3e-8);
    }
}

static void test_limits_have_limit_values(void)
{
    fel_greeks g;
    CHECK_OK(fel_black_scholes(FEL_CALL, 103.0, 97.0, 0.0, 0.05, 0.02, 0.3, &g));
    CHECK_NEAR(g.price, 6.0, 1e-14);
    CHECK_SAME(g.delta, 1.0);
    CHECK_SAME(g.gamma, 0.0);
    CHECK_SAME(g.vega, 0.0);
    CHECK_OK(fel_black_scholes(FEL_PUT, 103.0, 97.0, 0.7, 0.05, 0.02, 0.0, &g));
    CHECK_SAME(g.price, 0.0);
    CHECK_SAME(g.in_the_money, 0.0);
    CHECK_OK(fel_black_scholes(FEL_CALL, 100.0, 100.0, 0.7, 0.0, 0.0, 0.0, &g));
    CHECK_NEAR(g.delta, 0.5, 1e-16);
    CHECK(isfinite(g.theta) && isfinite(g.vega));
}

static void test_bad_inputs_are_named(void)
{
    fel_greeks g;
    CHECK_STATUS(fel_black_scholes(FEL_CALL, -1.0, 1.0, 1.0, 0.0, 0.0, 0.2, &g), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "spot -1");
    CHECK_STATUS(fel_black_scholes(FEL_CALL, 1.0, 0.0, 1.0, 0.0, 0.0, 0.2, &g), FEL_ERR_RANGE);
    CHECK_STATUS(fel_black_scholes(FEL_CALL, 1.0, 1.0, -0.1, 0.0, 0.0, 0.2, &g), FEL_ERR_RANGE);
    CHECK_STATUS(fel_black_scholes(FEL_CALL, 1.0, 1.0, 1.0, (double)NAN, 0.0, 0.2, &g),
                 FEL_ERR_RANGE);
    CHECK_STATUS(fel_black_scholes(FEL_CALL, 1.0, 1.0, 1.0, 0.0, 0.0, -0.2, &g), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "vol_per_year -0.2");
}

/* ---- implied volatility ---------------------------------------------------------------------- */

/* A price known to its last place determines sigma to price / (sigma vega) last places. */
static void test_volatility_comes_back(void)
{
    rng_stream r = rng_at(2385, 5);
    double worst = 0.0;
    size_t n = 0;
    for (int i = 0; i < 100000; i++) {
        const double x = i % 20 == 0 ? 0.0 : pow(10.0, -8.0 + 9.3 * rng_uniform(&r));
        const double s = pow(10.0, -5.0 + 6.0 * rng_uniform(&r));
        const double f = 100.0 * exp(-0.5 * x), k = 100.0 * exp(0.5 * x);
        const double price = fel_black(FEL_CALL, f, k, 1.0, s, 0.97);
        fel_greeks g;
        double vol = 0.0;
        if (!isnormal(price) || fel_implied_vol(FEL_CALL, price, f, k, 1.0, 0.97, &vol) != FEL_OK) {
            continue;
        }
        CHECK_OK(fel_black_scholes(FEL_CALL, f, k, 1.0, 0.0, 0.0, s, &g));
        worst = fmax(worst, fabs(vol / s - 1.0) / fmax(1.0, g.price / (s * g.vega)));
        n++;
    }
    CHECK(n > 60000);
    CHECK_NEAR(worst, 0.0, 4e-15);
}

static void test_both_sides_give_the_same(void)
{
    double call_vol = 0.0, put_vol = 0.0;
    const double call = fel_black(FEL_CALL, 97.3, 110.0, 0.37, 0.2385, 0.98);
    const double put = fel_black(FEL_PUT, 97.3, 110.0, 0.37, 0.2385, 0.98);
    CHECK_OK(fel_implied_vol(FEL_CALL, call, 97.3, 110.0, 0.37, 0.98, &call_vol));
    CHECK_OK(fel_implied_vol(FEL_PUT, put, 97.3, 110.0, 0.37, 0.98, &put_vol));
    CHECK_REL(call_vol, 0.2385, 1e-15);
    CHECK_REL(put_vol, 0.2385, 1e-13); /* the intrinsic value takes digits away */
}

static void test_tiny_prices_have_volatilities(void)
{
    static const double prices[] = {1e-10, 1e-50, 1e-150, 1e-300};
    for (size_t i = 0; i < sizeof(prices) / sizeof(prices[0]); i++) {
        double vol = 0.0;
        CHECK_OK(fel_implied_vol(FEL_CALL, prices[i], 100.0, 150.0, 0.5, 1.0, &vol));
        CHECK_REL(fel_black(FEL_CALL, 100.0, 150.0, 0.5, vol, 1.0), prices[i], 1e-11);
    }
}

static void test_impossible_prices_are_refused(void)
{
    double vol = -1.0;
    CHECK_STATUS(fel_implied_vol(FEL_CALL, 9.99, 110.0, 100.0, 1.0, 1.0, &vol), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "from 10 to below 110");
    CHECK_STATUS(fel_implied_vol(FEL_PUT, 100.0, 110.0, 100.0, 1.0, 1.0, &vol), FEL_ERR_RANGE);
    CHECK_STATUS(fel_implied_vol(FEL_PUT, -1e-9, 110.0, 100.0, 1.0, 1.0, &vol), FEL_ERR_RANGE);
    CHECK_STATUS(fel_implied_vol(FEL_CALL, (double)NAN, 110.0, 100.0, 1.0, 1.0, &vol),
                 FEL_ERR_RANGE);
    CHECK_STATUS(fel_implied_vol(FEL_CALL, 1.0, 110.0, 100.0, 0.0, 1.0, &vol), FEL_ERR_RANGE);
    CHECK_SAME(vol, -1.0);
    CHECK_OK(fel_implied_vol(FEL_CALL, 10.0, 110.0, 100.0, 1.0, 1.0, &vol));
    CHECK_SAME(vol, 0.0);
}

SUITE("sim/black", TEST(test_prices_agree_with_long_double), TEST(test_wings_keep_their_digits),
      TEST(test_parity_holds_to_rounding), TEST(test_greeks_are_derivatives),
      TEST(test_limits_have_limit_values), TEST(test_bad_inputs_are_named),
      TEST(test_volatility_comes_back), TEST(test_both_sides_give_the_same),
      TEST(test_tiny_prices_have_volatilities), TEST(test_impossible_prices_are_refused));
