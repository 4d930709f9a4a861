/* tests/unit/core/test_number.c - decimal text both ways. */
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/number.h"
#include "core/rng.h"
#include "tests/support/check.h"

static void check_number(const char *text, double expected)
{
    double value = -77.0;
    CHECK_INT(number_parse(text, &value), 1);
    CHECK_SAME(value, expected);
}

static void check_no_number(const char *text)
{
    double value = -77.0;
    CHECK_INT(number_parse(text, &value), 0);
    CHECK_SAME(value, -77.0);
}

static void test_decimal_numbers_are_read(void)
{
    check_number("2.385", 2.385);
    check_number("-0", -0.0);
    check_number("+1e-3", 1e-3);
    check_number(".5", 0.5);
    check_number("5.", 5.0);
    check_number("1e-400", 0.0);
}

static void test_anything_else_is_refused(void)
{
    static const char *const texts[] = {"",    " 1", "1 ",  "1,5", "0x1p3", "inf",
                                        "nan", "1e", "e5",  "--1", "1.2.3", "1e999",
                                        ".",   "-",  "1_0", "12a", "1\n",   "Infinity"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        check_no_number(texts[i]);
    }
}

static void test_text_is_short_and_reads_back(void)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0.1, "0.1"},
                 {10.0, "10"},
                 {-2.385, "-2.385"},
                 {1e300, "1e+300"},
                 {1.0 / 3.0, "0.3333333333333333"},
                 {0.1 + 0.2, "0.30000000000000004"}};
    char text[NUMBER_TEXT_SIZE];
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        number_format(cases[i].value, text, sizeof(text));
        CHECK_TEXT(text, cases[i].text);
    }
    rng_stream r = rng_at(6, 6);
    for (size_t i = 0; i < 2000; i++) {
        const double value = (rng_uniform(&r) - 0.5) * exp2((double)rng_below(&r, 1000) - 500.0);
        number_format(value, text, sizeof(text));
        check_number(text, value);
    }
    number_format(-DBL_MAX, text, sizeof(text));
    check_number(text, -DBL_MAX);
}

/* Whatever the style, a JSON parser's and strtod's reading gives the same bits. */
static size_t count_wrong(double value)
{
    size_t n_wrong = 0;
    for (int style = 0; style < NUMBER_N_STYLES; style++) {
        char text[NUMBER_TEXT_SIZE + 1];
        const size_t n = number_put(text, value, (number_style)style);
        text[n] = '\0';
        char *end = NULL;
        const double back = strtod(text, &end);
        n_wrong += n >= NUMBER_TEXT_SIZE || *end != '\0' ||
                   memcmp(&back, &value, sizeof(value)) != 0 ||
                   (style == NUMBER_JSON && strpbrk(text, ".e") == NULL);
    }
    return n_wrong;
}

static double of_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

static void test_any_bits_read_back(void)
{
    rng_stream r = rng_at(7, 1);
    size_t n_wrong = 0;
    for (int i = 0; i < 40000; i++) {
        const double value = of_bits(rng_next(&r));
        n_wrong += isfinite(value) ? count_wrong(value) : 0;
    }
    CHECK_INT(n_wrong, 0);
}

/* Exponents as prices and amounts have them, all digits random. */
static void test_amounts_read_back(void)
{
    rng_stream r = rng_at(8, 1);
    size_t n_wrong = 0;
    for (int i = 0; i < 600000; i++) {
        const uint64_t fraction = rng_next(&r) >> 12, exponent = 1023 - 40 + rng_below(&r, 100);
        n_wrong += count_wrong(of_bits(fraction | exponent << 52));
    }
    CHECK_INT(n_wrong, 0);
}

static void test_decimals_and_halves_read_back_and_are_short(void)
{
    rng_stream r = rng_at(9, 1);
    size_t n_wrong = 0, n_long = 0;
    for (int i = 0; i < 300000; i++) {
        const int places = (int)rng_below(&r, 11);
        const uint64_t n = rng_below(&r, UINT64_C(1000000000000000));
        char exact[64], text[NUMBER_TEXT_SIZE + 1];
        (void)snprintf(exact, sizeof(exact), "%llue-%d", (unsigned long long)n, places);
        const double decimal = strtod(exact, NULL);
        n_wrong += count_wrong(decimal) + count_wrong(-(double)(n >> 3) / 8.0);
        text[number_put(text, decimal, NUMBER_SHORT)] = '\0';
        n_long += strlen(text) > 21; /* 15 digits, a point, "0.0000" */
    }
    CHECK_INT(n_wrong, 0);
    CHECK_INT(n_long, 0);
}

/* Powers of two, where the neighbours are not equally far, their neighbours, and the smallest. */
static void test_edges_read_back(void)
{
    size_t n_wrong = 0;
    for (int power = -1074; power < 1024; power++) {
        const double value = ldexp(1.0, power);
        n_wrong +=
            count_wrong(value) + count_wrong(nextafter(value, 0.0)) +
            count_wrong(nextafter(value, HUGE_VAL) < HUGE_VAL ? nextafter(value, HUGE_VAL) : 1);
    }
    for (uint64_t bits = 1; bits < 3000; bits++) {
        n_wrong += count_wrong(of_bits(bits));
    }
    n_wrong += count_wrong(DBL_MAX) + count_wrong(DBL_MIN) + count_wrong(-0.0);
    CHECK_INT(n_wrong, 0);
}

/* By printf: no fewer digits read back; with as many, none are nearer. */
static void test_no_text_is_shorter_or_nearer(void)
{
    rng_stream r = rng_at(10, 1);
    size_t n_worse = 0;
    for (int i = 0; i < 60000; i++) {
        const uint64_t exponent =
            rng_below(&r, 10) == 0 ? rng_below(&r, 2046) : 1000 + rng_below(&r, 60);
        const uint64_t fraction = i % 8 == 0 ? 0 : rng_next(&r) >> 12;
        const double value = of_bits(fraction | (exponent + 1) << 52);
        char text[NUMBER_TEXT_SIZE + 1], fewer[64], same[64];
        text[number_put(text, value, NUMBER_SHORT)] = '\0';
        int digits = 0;
        for (const char *c = text; *c != '\0' && *c != 'e'; c++) {
            digits += *c != '.' && (digits > 0 || *c != '0');
        }
        while (digits > 1 && strpbrk(text, ".e") == NULL && text[strlen(text) - 1] == '0') {
            text[strlen(text) - 1] = '\0'; /* zeros before the point are no digits of it */
            digits--;
        }
        text[number_put(text, value, NUMBER_SHORT)] = '\0';
        (void)snprintf(fewer, sizeof(fewer), "%.*e", digits > 1 ? digits - 2 : 0, value);
        (void)snprintf(same, sizeof(same), "%.*e", digits - 1, value);
        const double nearest = strtod(same, NULL);
        n_worse += digits > 1 && strtod(fewer, NULL) == value;
        n_worse += nearest == value && strtold(same, NULL) != strtold(text, NULL);
    }
    CHECK_INT(n_worse, 0);
}

static void test_styles_lay_out_the_same_digits(void)
{
    static const struct {
        double value;
        const char *texts[NUMBER_N_STYLES];
    } cases[] = {
        {0.0, {"0", "0", "0.0"}},
        {-0.0, {"-0", "-0", "-0.0"}},
        {100.0, {"100", "100", "100.0"}},
        {-2.385, {"-2.385", "-2.385", "-2.385"}},
        {0.0001, {"0.0001", "0.0001", "0.0001"}},
        {0.000012, {"1.2e-05", "0.000012", "1.2e-5"}},
        {0.000001, {"1e-06", "0.000001", "1e-6"}},
        {0.0000123, {"1.23e-05", "1.23e-05", "1.23e-5"}},
        {999999999999999.0, {"999999999999999", "999999999999999", "999999999999999.0"}},
        {1e15, {"1e+15", "1e+15", "1000000000000000.0"}},
        {1234567890123456.0, {"1234567890123456", "1234567890123456", "1234567890123456.0"}},
        {1e17, {"1e+17", "1e+17", "1e17"}},
        {-1.5e300, {"-1.5e+300", "-1.5e+300", "-1.5e300"}},
        {5e-324, {"5e-324", "5e-324", "5e-324"}},
        /* Half-way between two of 17 digits: the even one. */
        {1125899906842624.25, {"1125899906842624.2", "1125899906842624.2", "1125899906842624.2"}},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (int style = 0; style < NUMBER_N_STYLES; style++) {
            char text[NUMBER_TEXT_SIZE + 1];
            text[number_put(text, cases[i].value, (number_style)style)] = '\0';
            CHECK_TEXT(text, cases[i].texts[style]);
        }
    }
}

static void test_counts(void)
{
    rng_stream r = rng_at(11, 1);
    for (int i = 0; i < 2000; i++) {
        const uint64_t n = i == 0 ? 0 : i == 1 ? UINT64_MAX : rng_next(&r) >> rng_below(&r, 64);
        char text[NUMBER_TEXT_SIZE + 1], expected[32];
        text[number_put_count(text, n)] = '\0';
        (void)snprintf(expected, sizeof(expected), "%llu", (unsigned long long)n);
        CHECK_TEXT(text, expected);
    }
}

static void test_no_number_has_a_text_too(void)
{
    char text[NUMBER_TEXT_SIZE];
    number_format((double)NAN, text, sizeof(text));
    CHECK_TEXT(text, "nan");
    number_format(-HUGE_VAL, text, sizeof(text));
    CHECK_TEXT(text, "-inf");
    number_format(2.385, text, 4);
    CHECK_TEXT(text, "2.3");
}

/* A host program may have set a locale with a decimal comma; many machines have none installed. */
static void test_the_locale_does_not_matter(void)
{
    static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "fr_FR"};
    const char *set = NULL;
    for (size_t i = 0; i < 4 && set == NULL; i++) {
        set = setlocale(LC_NUMERIC, names[i]);
    }
    check_number("2.385", 2.385);
    char text[NUMBER_TEXT_SIZE];
    number_format(2.385, text, sizeof(text));
    CHECK_TEXT(text, "2.385");
    CHECK(setlocale(LC_NUMERIC, "C") != NULL);
}

SUITE("core/number", TEST(test_decimal_numbers_are_read), TEST(test_anything_else_is_refused),
      TEST(test_text_is_short_and_reads_back), TEST(test_any_bits_read_back),
      TEST(test_amounts_read_back), TEST(test_decimals_and_halves_read_back_and_are_short),
      TEST(test_edges_read_back), TEST(test_no_text_is_shorter_or_nearer),
      TEST(test_styles_lay_out_the_same_digits), TEST(test_counts),
      TEST(test_no_number_has_a_text_too), TEST(test_the_locale_does_not_matter));
