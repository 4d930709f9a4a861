/* tests/unit/core/test_money.c - money against 113-bit floats and 128-bit integers. */
#include <stdio.h>

#include "core/money.h"
#include "core/rng.h"
#include "tests/support/check.h"

#ifdef __SIZEOF_FLOAT128__
__extension__ typedef __float128 quad;
#else
typedef long double quad;
#endif
__extension__ typedef __int128 wide;

enum { N_TRIALS = 20000, TEXT_SIZE = 64 };

static const double tolerance = 0x1p-101;

static quad quad_of(fel_money m)
{
    return (quad)m.hi + (quad)m.lo;
}

/* |actual - expected| <= tolerance x |scale|, and the parts do not overlap. */
static void check_money(fel_money actual, quad expected, quad scale)
{
    const quad error = quad_of(actual) - expected;
    const double relative = scale == 0 ? 0.0 : (double)(error / scale);
    CHECK_NEAR(relative, 0.0, tolerance);
    CHECK_SAME(actual.hi + actual.lo, actual.hi);
}

/* Doubles of both signs and some 80 powers of two. */
static double any_double(rng_stream *r)
{
    const double sign = rng_below(r, 2) == 0 ? 1.0 : -1.0;
    return sign * (0.5 + rng_uniform(r)) * exp2((double)rng_below(r, 80) - 40.0);
}

static fel_money any_money(rng_stream *r)
{
    const double hi = any_double(r);
    return money_two_sum(hi, hi * 0x1p-54 * (rng_uniform(r) - 0.5));
}

static quad quad_abs(quad x)
{
    return x < 0 ? -x : x;
}

static void test_two_sum_and_two_product_are_exact(void)
{
    rng_stream r = rng_at(1, 1);
    for (size_t i = 0; i < N_TRIALS; i++) {
        const double a = any_double(&r), b = a * (rng_uniform(&r) - 0.5);
        CHECK(quad_of(money_two_sum(a, b)) == (quad)a + (quad)b);
        CHECK(quad_of(money_quick_sum(a, b)) == (quad)a + (quad)b);
        CHECK(quad_of(money_two_product(a, b)) == (quad)a * (quad)b);
    }
}

static void test_arithmetic_is_good_to_its_bound(void)
{
    rng_stream r = rng_at(1, 2);
    for (size_t i = 0; i < N_TRIALS; i++) {
        const fel_money a = any_money(&r), b = any_money(&r);
        const double x = any_double(&r);
        const quad qa = quad_of(a), qb = quad_of(b), sum = qa + qb;
        check_money(money_add(a, b), sum, sum);
        check_money(money_sub(a, b), qa - qb, qa - qb);
        check_money(money_scale(a, x), qa * (quad)x, qa * (quad)x);
        check_money(money_divide(a, x), qa / (quad)x, qa / (quad)x);
        check_money(money_add_double(a, x), qa + (quad)x, quad_abs(qa) + quad_abs((quad)x));
    }
}

static void test_less_sees_the_low_part(void)
{
    const fel_money a = {2.385, 1e-18}, b = {2.385, 2e-18};
    CHECK(money_less(a, b));
    CHECK(!money_less(b, a));
    CHECK(!money_less(a, a));
    CHECK(money_less(money_neg(b), money_neg(a)));
}

/* A million purchases of fractional sizes at prices in cents: the sum is the integers' sum. */
static void test_a_million_trades_do_not_drift(void)
{
    rng_stream r = rng_at(1, 3);
    fel_money total = money_of(0.0);
    wide millionths = 0; /* of a cent x quantity in 10^-6 */
    for (size_t i = 0; i < 1000000; i++) {
        const uint64_t cents = 1 + rng_below(&r, 9999999);
        const uint64_t quantity = 1 + rng_below(&r, 100000);
        const double price = (double)cents / 100.0;
        total = money_add(total, money_of_trade((double)quantity, price, 100.0, 1.0));
        millionths += (wide)cents * (wide)quantity;
    }
    char text[TEXT_SIZE], expected[TEXT_SIZE];
    money_format(total, 2, text, sizeof(text));
    (void)snprintf(expected, sizeof(expected), "%lld.%02lld", (long long)(millionths / 100),
                   (long long)(millionths % 100));
    CHECK_TEXT(text, expected);
}

/* The largest whole quantity that a double counts, at some twelve billion a unit. */
static void test_trades_beyond_2_to_63_are_exact(void)
{
    const wide ticks = 1234567890123, quantity = 9007199254740991;
    const fel_money m = money_of_trade((double)quantity, (double)ticks / 100.0, 100.0, 1.0);
    const wide cents = ticks * quantity;
    const wide units = cents / 100, part = 1000000000000000000;
    char text[TEXT_SIZE], expected[TEXT_SIZE];
    money_format(m, 2, text, sizeof(text));
    (void)snprintf(expected, sizeof(expected), "%lld%018lld.%02d", (long long)(units / part),
                   (long long)(units % part), (int)(cents % 100));
    CHECK_TEXT(text, expected);
}

static void test_round_is_rint(void)
{
    rng_stream r = rng_at(1, 4);
    for (size_t i = 0; i < N_TRIALS; i++) {
        const double x = ldexp(rng_uniform(&r) - 0.5, (int)rng_below(&r, 52));
        CHECK(money_round(x) == rint(x));
    }
    CHECK(money_round(2.5) == 2.0 && money_round(-3.5) == -4.0);
}

static void test_products_of_money_are_good_to_their_bound(void)
{
    rng_stream r = rng_at(1, 5);
    for (size_t i = 0; i < N_TRIALS; i++) {
        const fel_money a = any_money(&r), b = any_money(&r);
        const quad product = quad_of(a) * quad_of(b);
        check_money(money_multiply(a, b), product, product);
    }
}

static void test_a_price_on_the_grid_is_its_decimal(void)
{
    char text[TEXT_SIZE];
    /* 0.29 as a double is below 0.29: times 1.5 and 1e15 the difference would show. */
    money_format(money_of_trade(1.5e15, 0.29, 100.0, 1.0), 4, text, sizeof(text));
    CHECK_TEXT(text, "435000000000000.0000");
    money_format(money_of_trade(1.5e15, 0.29, 100.0, 12.5), 4, text, sizeof(text));
    CHECK_TEXT(text, "5437500000000000.0000");
    money_format(money_of_trade(1.5e15, 0.29, 0.0, 1.0), 4, text, sizeof(text));
    CHECK_TEXT(text, "434999999999999.9700");
    /* Off the grid of tenths the price is the double that it is. */
    const fel_money off = money_of_trade(3.0, 0.29, 10.0, 2.0);
    CHECK(quad_of(off) == (quad)0.29 * 6);
}

SUITE("core/money", TEST(test_two_sum_and_two_product_are_exact),
      TEST(test_arithmetic_is_good_to_its_bound), TEST(test_less_sees_the_low_part),
      TEST(test_a_million_trades_do_not_drift), TEST(test_trades_beyond_2_to_63_are_exact),
      TEST(test_round_is_rint), TEST(test_products_of_money_are_good_to_their_bound),
      TEST(test_a_price_on_the_grid_is_its_decimal));
