/* tests/unit/core/test_money_format.c - decimal text of money: ties, signs, sizes, against
 * integers. */
#include <stdio.h>
#include <string.h>

#include "core/money.h"
#include "core/rng.h"
#include "tests/support/check.h"

__extension__ typedef __int128 wide;

enum { TEXT_SIZE = 400, N_TRIALS = 20000 };

typedef struct format_case {
    double hi, lo;
    int places;
    const char *expected;
} format_case;

static void check_cases(const format_case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const fel_money m = {cases[i].hi, cases[i].lo};
        char text[TEXT_SIZE];
        money_format(m, cases[i].places, text, sizeof(text));
        CHECK_TEXT(text, cases[i].expected);
        if (cases[i].hi != 0.0) {
            char negative[TEXT_SIZE];
            money_format(money_neg(m), cases[i].places, negative, sizeof(negative));
            const int is_zero = strspn(cases[i].expected, "0.") == strlen(cases[i].expected);
            CHECK_TEXT(negative[0] == '-' ? negative + 1 : negative, cases[i].expected);
            CHECK(is_zero == (negative[0] != '-'));
        }
    }
}

static void test_ties_go_away_from_zero(void)
{
    static const format_case cases[] = {
        {0.125, 0.0, 2, "0.13"},
        {0.375, 0.0, 2, "0.38"},
        {2.5, 0.0, 0, "3"},
        {0.5, 0.0, 0, "1"},
        {1.5, 0.0, 0, "2"},
        {0.125, -1e-20, 2, "0.12"},
        {0.125, 1e-20, 2, "0.13"},
        {0.125, -5e-324, 2, "0.12"},
        {0x1p80, 0.5, 0, "1208925819614629174706177"},
        {0x1p80, -0.5, 0, "1208925819614629174706176"},
        {0x1p80, -0.75, 0, "1208925819614629174706175"},
        {0x1p120, 0.125, 2, "1329227995784915872903807060280344576.13"},
        {0x1p120, -0.125, 2, "1329227995784915872903807060280344575.88"},
    };
    check_cases(cases, sizeof(cases) / sizeof(cases[0]));
}

static void test_the_exact_value_decides(void)
{
    static const format_case cases[] = {
        {1.005, 0.0, 2, "1.00"}, /* the double is 1.00499999999999989... */
        {2.675, 0.0, 2, "2.67"},
        {1.115, 0.0, 2, "1.11"}, /* 1.11499999999999999 */
        {0.045, 0.0, 2, "0.04"}, /* 0.0449999999999999983 */
        {1.015, 0.0, 2, "1.01"},
        {0.285, 0.0, 2, "0.28"}, /* 0.284999999999999975 */
        {0.145, 0.0, 2, "0.14"}, /* 0.144999999999999990 */
        {8.345, 0.0, 2, "8.35"}, /* 8.3450000000000006 */
        {1e22, 0.005, 2, "10000000000000000000000.01"},
        {1e22, -0.005, 2, "9999999999999999999999.99"},
        {0.1, 0.0, 15, "0.100000000000000"},
        {123456.789, 0.0, 0, "123457"},
    };
    check_cases(cases, sizeof(cases) / sizeof(cases[0]));
}

static void test_small_and_zero_have_no_sign(void)
{
    static const format_case cases[] = {
        {0.0, 0.0, 2, "0.00"},          {-0.0, 0.0, 2, "0.00"}, {0.004, 0.0, 2, "0.00"},
        {1e-300, 0.0, 8, "0.00000000"}, {5e-324, 0.0, 0, "0"},  {0.0, 0.0, 0, "0"},
        {0.09, 0.0, 1, "0.1"},
    };
    check_cases(cases, sizeof(cases) / sizeof(cases[0]));
}

static void test_huge_amounts_keep_every_digit(void)
{
    static const format_case cases[] = {
        {0x1p200, 0x1p100, 1, "1606938044258990275541962092342430253122431223184289538506752.0"},
        {0x1p200, -0x1p100, 1, "1606938044258990275541962092339894951921974764381296132096000.0"},
        {0x1p130, 0x1p60, 2, "1361129467683753853854651351231679692800.00"},
    };
    check_cases(cases, sizeof(cases) / sizeof(cases[0]));
    char text[TEXT_SIZE], expected[TEXT_SIZE];
    static const double hi[] = {1.7976931348623157e308, 1.2345e299, 0x1p124, 9.87e40};
    for (size_t i = 0; i < sizeof(hi) / sizeof(hi[0]); i++) {
        money_format(money_of(hi[i]), 15, text, sizeof(text));
        (void)snprintf(expected, sizeof(expected), "%.15f", hi[i]);
        CHECK_TEXT(text, expected);
    }
}

/* hi = a / 2^10, lo = b / 2^60: the value x 10^places fits in 128 bits as a multiple of 2^-60. */
static void test_random_amounts_match_integers(void)
{
    static const long long ones[] = {1, 10, 100, 1000, 10000, 100000, 1000000};
    rng_stream r = rng_at(9, 4);
    for (size_t i = 0; i < N_TRIALS; i++) {
        const int64_t a = 1 + (int64_t)rng_below(&r, (uint64_t)1 << 50);
        const int64_t b = (int64_t)rng_below(&r, (uint64_t)1 << 40) - ((int64_t)1 << 39);
        const int places = (int)rng_below(&r, 7);
        const fel_money m = {(double)a * 0x1p-10, (double)b * 0x1p-60};
        /* Split so that the product stays below 2^127. */
        const wide scaled = ((wide)a << 50) + b;
        const wide whole = scaled >> 60, part = scaled & (((wide)1 << 60) - 1);
        const long long one = ones[places];
        const wide units = whole * one + ((part * one + ((wide)1 << 59)) >> 60);
        /* A 1 before the digits after the point keeps their leading zeros. */
        char text[TEXT_SIZE], expected[TEXT_SIZE], fraction[32];
        money_format(m, places, text, sizeof(text));
        (void)snprintf(fraction, sizeof(fraction), "%lld", (long long)(units % one) + one);
        (void)snprintf(expected, sizeof(expected), "%lld%s%s", (long long)(units / one),
                       places > 0 ? "." : "", fraction + 1);
        CHECK_TEXT(text, expected);
    }
}

static void test_what_is_not_finite_says_so(void)
{
    char text[TEXT_SIZE];
    money_format(money_of((double)INFINITY), 2, text, sizeof(text));
    CHECK_TEXT(text, "inf");
    money_format(money_of(-(double)INFINITY), 2, text, sizeof(text));
    CHECK_TEXT(text, "-inf");
    money_format(money_of((double)NAN), 2, text, sizeof(text));
    CHECK_HAS(text, "nan");
}

static void test_text_is_cut_at_the_buffer(void)
{
    char text[6] = "xxxxx";
    money_format(money_of(12345.678), 2, text, sizeof(text));
    CHECK_TEXT(text, "12345");
}

SUITE("core/money_format", TEST(test_ties_go_away_from_zero), TEST(test_the_exact_value_decides),
      TEST(test_small_and_zero_have_no_sign), TEST(test_huge_amounts_keep_every_digit),
      TEST(test_random_amounts_match_integers), TEST(test_what_is_not_finite_says_so),
      TEST(test_text_is_cut_at_the_buffer));
