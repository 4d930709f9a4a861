/* tests/unit/core/test_param.c - parameter tables: names, values, ranges, texts. */
#include <math.h>
#include <string.h>

#include <feller/base.h>

#include "tests/support/check.h"

enum { FAST, FEE, SIDE, STOP, N_PARAMS };

static const fel_param_spec specs[N_PARAMS] = {
    [FAST] = {"fast_bars", FEL_PARAM_INTEGER, 10, 1, 10000, NULL, "length of the fast average"},
    [FEE] = {"fee_bps", FEL_PARAM_REAL, 2.385, -5, 500, NULL, "fee in basis points"},
    [SIDE] = {"side", FEL_PARAM_CHOICE, 1, 0, 0, "long_only|long_short|short_only", "what to hold"},
    [STOP] = {"use_stop", FEL_PARAM_BOOL, 1, 0, 0, NULL, "leave on a loss"},
};

static void check_parse(size_t row, const char *text, double expected)
{
    double value = -77.0;
    CHECK_OK(fel_param_parse(&specs[row], text, &value));
    CHECK_SAME(value, expected);
}

static void check_refused(size_t row, const char *text, fel_status status, const char *message)
{
    double value = -77.0;
    CHECK_STATUS(fel_param_parse(&specs[row], text, &value), status);
    CHECK_TEXT(fel_last_error()->message, message);
    CHECK_SAME(value, -77.0);
}

static void test_a_row_is_found_by_name(void)
{
    size_t index = 99;
    CHECK_OK(fel_param_find(specs, N_PARAMS, "side", &index));
    CHECK_INT(index, SIDE);
    index = 99;
    CHECK_STATUS(fel_param_find(specs, N_PARAMS, "fee_bsp", &index), FEL_ERR_NOTFOUND);
    CHECK_TEXT(fel_last_error()->message, "no parameter \"fee_bsp\"; did you mean \"fee_bps\"?");
    CHECK_STATUS(fel_param_find(specs, N_PARAMS, "leverage", &index), FEL_ERR_NOTFOUND);
    CHECK_TEXT(fel_last_error()->message,
               "no parameter \"leverage\"; there are: fast_bars, fee_bps, side, use_stop");
    CHECK_STATUS(fel_param_find(NULL, 0, "side", &index), FEL_ERR_NOTFOUND);
    CHECK_TEXT(fel_last_error()->message, "no parameter \"side\"; there are none");
    CHECK_INT(index, 99);
}

static void test_values_are_read(void)
{
    check_parse(FAST, "20", 20.0);
    check_parse(FAST, "1e3", 1000.0);
    check_parse(FEE, "-2.385", -2.385);
    check_parse(FEE, ".5", 0.5);
    check_parse(FEE, "500", 500.0);
    check_parse(SIDE, "long_only", 0.0);
    check_parse(SIDE, "short_only", 2.0);
    check_parse(STOP, "true", 1.0);
    check_parse(STOP, "false", 0.0);
}

static void test_a_bad_value_says_what_is_allowed(void)
{
    check_refused(FAST, "2.5", FEL_ERR_RANGE, "fast_bars = 2.5 is not a whole number");
    check_refused(FAST, "0", FEL_ERR_RANGE, "fast_bars = 0 is not in [1, 10000]");
    check_refused(FEE, "500.1", FEL_ERR_RANGE, "fee_bps = 500.1 is not in [-5, 500]");
    check_refused(FEE, "5 bps", FEL_ERR_FORMAT, "fee_bps = \"5 bps\" is not a finite number");
    check_refused(FEE, "", FEL_ERR_FORMAT, "fee_bps = \"\" is not a finite number");
    check_refused(FEE, "nan", FEL_ERR_FORMAT, "fee_bps = \"nan\" is not a finite number");
    check_refused(FEE, "1e999", FEL_ERR_FORMAT, "fee_bps = \"1e999\" is not a finite number");
    check_refused(FEE, "0x10", FEL_ERR_FORMAT, "fee_bps = \"0x10\" is not a finite number");
    check_refused(STOP, "yes", FEL_ERR_FORMAT, "use_stop = \"yes\" is neither true nor false");
    check_refused(
        SIDE, "long_shrot", FEL_ERR_FORMAT,
        "side = \"long_shrot\" is not one of long_only|long_short|short_only; did you mean "
        "\"long_short\"?");
    check_refused(SIDE, "flat", FEL_ERR_FORMAT,
                  "side = \"flat\" is not one of long_only|long_short|short_only");
    check_refused(SIDE, "long_only|long_short", FEL_ERR_FORMAT,
                  "side = \"long_only|long_short\" is not one of long_only|long_short|short_only");
}

static void test_values_are_checked(void)
{
    CHECK_OK(fel_param_check(&specs[SIDE], 2.0));
    CHECK_STATUS(fel_param_check(&specs[SIDE], 3.0), FEL_ERR_RANGE);
    CHECK_STATUS(fel_param_check(&specs[SIDE], 0.5), FEL_ERR_RANGE);
    CHECK_STATUS(fel_param_check(&specs[STOP], 2.0), FEL_ERR_RANGE);
    CHECK_STATUS(fel_param_check(&specs[FEE], (double)NAN), FEL_ERR_RANGE);
    CHECK_STATUS(fel_param_check(&specs[FEE], (double)INFINITY), FEL_ERR_RANGE);
    CHECK_OK(fel_param_check(&specs[FEE], -5.0));
}

static void test_a_value_reads_back_from_its_text(void)
{
    static const double values[] = {0.1, -4.9999999999999991, 1.0 / 3.0, 123.456, 2.5e-7};
    char text[64];
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        fel_param_format(&specs[FEE], values[i], text, sizeof(text));
        check_parse(FEE, text, values[i]);
    }
    fel_param_format(&specs[FAST], 10.0, text, sizeof(text));
    CHECK_TEXT(text, "10");
    fel_param_format(&specs[SIDE], 1.0, text, sizeof(text));
    CHECK_TEXT(text, "long_short");
    fel_param_format(&specs[SIDE], 2.0, text, sizeof(text));
    CHECK_TEXT(text, "short_only");
    fel_param_format(&specs[STOP], 0.0, text, sizeof(text));
    CHECK_TEXT(text, "false");
    char small[5];
    fel_param_format(&specs[SIDE], 1.0, small, sizeof(small));
    CHECK_TEXT(small, "long");
}

static void test_defaults_fill_the_values(void)
{
    double values[N_PARAMS + 1] = {[N_PARAMS] = 7.0};
    fel_param_defaults(specs, N_PARAMS, values);
    CHECK_SAME(values[FAST], 10.0);
    CHECK_SAME(values[FEE], 2.385);
    CHECK_SAME(values[SIDE], 1.0);
    CHECK_SAME(values[STOP], 1.0);
    CHECK_SAME(values[N_PARAMS], 7.0);
}

SUITE("core/param", TEST(test_a_row_is_found_by_name), TEST(test_values_are_read),
      TEST(test_a_bad_value_says_what_is_allowed), TEST(test_values_are_checked),
      TEST(test_a_value_reads_back_from_its_text), TEST(test_defaults_fill_the_values));
