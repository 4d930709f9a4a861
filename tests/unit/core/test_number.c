/* tests/unit/core/test_number.c - decimal text both ways. */
#include <float.h>
#include <locale.h>
#include <math.h>
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
      TEST(test_text_is_short_and_reads_back), TEST(test_the_locale_does_not_matter));
