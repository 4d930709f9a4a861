/* tests/unit/data/test_number_decimal.c - decimal text to doubles, and the grids they lie on. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <feller/data.h>

#include "core/rng.h"
#include "tests/support/check.h"

#define FEL_MODULE_DATA
#include "data/decimal_internal.h"

static decimal_fault read(const char *text, int thousands, double *value)
{
    return decimal_read(text, strlen(text), thousands, value);
}

static void test_random_numbers_are_as_strtod_reads_them(void)
{
    rng_stream r = rng_at(11, 0);
    size_t n_wrong = 0;
    for (int i = 0; i < 200000; i++) {
        char text[64];
        double value = 0.0;
        const int digits = (int)rng_below(&r, 20), places = (int)rng_below(&r, 12);
        const double size = ldexp(rng_uniform(&r) - 0.5, (int)rng_below(&r, 120) - 50);
        (void)(i % 2 ? snprintf(text, sizeof(text), "%.*g", digits, size)
                     : snprintf(text, sizeof(text), "%.*f", places, size));
        const double expected = strtod(text, NULL);
        n_wrong += read(text, 0, &value) != DECIMAL_OK || memcmp(&value, &expected, 8) != 0;
    }
    CHECK_INT(n_wrong, 0);
}

static void test_what_is_a_number(void)
{
    static const struct {
        const char *text;
        decimal_fault fault;
    } cases[] = {{"1", DECIMAL_OK},
                 {"-1.5e-3", DECIMAL_OK},
                 {"+.5", DECIMAL_OK},
                 {"5.", DECIMAL_OK},
                 {"-0", DECIMAL_OK},
                 {"1e400", DECIMAL_OVERFLOW},
                 {"1e-400", DECIMAL_OK},
                 {"", DECIMAL_EMPTY},
                 {".", DECIMAL_NOT_A_NUMBER},
                 {"-", DECIMAL_NOT_A_NUMBER},
                 {"1e", DECIMAL_NOT_A_NUMBER},
                 {"1e+", DECIMAL_NOT_A_NUMBER},
                 {"e5", DECIMAL_NOT_A_NUMBER},
                 {"1.2.3", DECIMAL_NOT_A_NUMBER},
                 {"0x10", DECIMAL_NOT_A_NUMBER},
                 {"1_000", DECIMAL_NOT_A_NUMBER},
                 {"--1", DECIMAL_NOT_A_NUMBER},
                 {"1 2", DECIMAL_NOT_A_NUMBER},
                 {"NaN", DECIMAL_NOT_FINITE},
                 {"-inf", DECIMAL_NOT_FINITE},
                 {"null", DECIMAL_NOT_FINITE},
                 {"nano", DECIMAL_NOT_A_NUMBER},
                 {"1,234", DECIMAL_NOT_A_NUMBER}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        double value = 0.0;
        CHECK_INT(read(cases[i].text, 0, &value), cases[i].fault);
        CHECK(cases[i].fault == DECIMAL_OK || isnan(value));
    }
}

static void test_thousands_stand_in_groups_of_three(void)
{
    double value = 0.0;
    CHECK_INT(read("2,174,890,000", 1, &value), DECIMAL_OK);
    CHECK_SAME(value, 2174890000.0);
    CHECK_INT(read("-1,234.5", 1, &value), DECIMAL_OK);
    CHECK_SAME(value, -1234.5);
    CHECK_INT(read("2687.54", 1, &value), DECIMAL_OK);
    static const char *const bad[] = {"1,23",   "1234,567", ",123", "1,,234",
                                      "1,234,", "1.5,000",  ","};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        CHECK_INT(read(bad[i], 1, &value), DECIMAL_NOT_A_NUMBER);
    }
}

static void test_a_number_of_a_million_digits(void)
{
    const size_t n = 1000000;
    char *text = malloc(n);
    double value = 0.0;
    if (text == NULL) {
        CHECK(text != NULL);
        return;
    }
    memset(text, '0', n);
    text[0] = '3';
    text[1] = '.';
    text[n - 1] = '7';
    CHECK_INT(decimal_read(text, n, 0, &value), DECIMAL_OK);
    CHECK_SAME(value, 3.0);
    memset(text, '9', n);
    CHECK_INT(decimal_read(text, n, 0, &value), DECIMAL_OVERFLOW);
    free(text);
}

/* Prices k / 10^e as decimal text gives them are found on exactly that grid. */
static void test_grids_are_found(void)
{
    rng_stream r = rng_at(12, 0);
    enum { N = 1000 };
    for (int e = 0; e <= 8; e++) {
        double values[N];
        const double *columns[1] = {values};
        const double per_unit = pow(10.0, e);
        for (size_t i = 0; i < N; i++) {
            values[i] = (double)rng_below(&r, 2000000000) / per_unit;
        }
        values[N / 2] = 10000001.0 / per_unit; /* not a multiple of ten: no coarser grid */
        values[3] = (double)NAN;
        CHECK_SAME(fel_detect_ticks_per_unit(columns, 1, N), per_unit);
    }
}

static void test_no_grid_where_there_is_none(void)
{
    double values[4] = {465.864013671875, 468.17401123046875, 452.42, 457.33};
    const double *columns[1] = {values};
    CHECK_SAME(fel_detect_ticks_per_unit(columns, 1, 4), 0.0);
    values[0] = 1.05;
    values[1] = 1.0 / 3.0;
    CHECK_SAME(fel_detect_ticks_per_unit(columns, 1, 4), 0.0);
    values[1] = 4e15; /* on the grid of 1, but not beside 452.42 */
    CHECK_SAME(fel_detect_ticks_per_unit(columns, 1, 4), 0.0);
    CHECK_SAME(fel_detect_ticks_per_unit(columns, 1, 1), 100.0);
    CHECK_SAME(fel_detect_ticks_per_unit(columns, 1, 0), 1.0);
    values[0] = -36.98;
    CHECK_SAME(fel_detect_ticks_per_unit(columns, 1, 1), 100.0);
}

static void test_joined_grids_equal_one_pass(void)
{
    rng_stream r = rng_at(13, 0);
    for (int trial = 0; trial < 200; trial++) {
        double values[40];
        const double *columns[1] = {values};
        tick_grid joined = {0}, half = {0};
        const double per_unit = pow(10.0, (double)rng_below(&r, 9));
        for (size_t i = 0; i < 40; i++) {
            values[i] = (double)rng_below(&r, 100000) / (i % 7 ? 10.0 : per_unit);
        }
        if (trial % 5 == 0) {
            values[17] = 1e14;
        }
        tick_grid_add(&joined, values, 20);
        tick_grid_add(&half, values + 20, 20);
        tick_grid_join(&joined, &half);
        CHECK_SAME(tick_grid_per_unit(&joined), fel_detect_ticks_per_unit(columns, 1, 40));
    }
}

SUITE("data/number_decimal", TEST(test_random_numbers_are_as_strtod_reads_them),
      TEST(test_what_is_a_number), TEST(test_thousands_stand_in_groups_of_three),
      TEST(test_a_number_of_a_million_digits), TEST(test_grids_are_found),
      TEST(test_no_grid_where_there_is_none), TEST(test_joined_grids_equal_one_pass));
