/* tests/unit/reports/test_csv_fields.c - every number written reads back as the same bits, and is
 * short; what is nothing leaves its field empty. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "tests/support/check.h"

#define FEL_MODULE_REPORTS
#include "reports/csv_fields_internal.h"

static text_out out;

/* What was put since the last call, without the ';' that ends it. */
static const char *written(void)
{
    CHECK(out.n > 0 && out.bytes[out.n - 1] == ';');
    out.bytes[out.n - 1] = '\0';
    out.n = 0;
    return out.bytes;
}

static const char *number_text(double value)
{
    csv_number(&out, value, ';');
    return written();
}

static void test_known_texts(void)
{
    CHECK_TEXT(number_text(100.0), "100");
    CHECK_TEXT(number_text(-20.05), "-20.05");
    CHECK_TEXT(number_text(0.098), "0.098");
    CHECK_TEXT(number_text(0.1), "0.1");
    CHECK_TEXT(number_text(0.000001), "0.000001");
    CHECK_TEXT(number_text(10.000001), "10.000001");
    CHECK_TEXT(number_text(0.0), "0");
    CHECK_TEXT(number_text(999999999999999.0), "999999999999999");
    CHECK_TEXT(number_text((double)NAN), "");
    CHECK_TEXT(number_text(HUGE_VAL), "");
    CHECK_TEXT(number_text(0.1 + 0.2), "0.30000000000000004");
}

static void test_numbers_read_back_with_their_bits(void)
{
    rng_stream stream = rng_at(23, 0);
    for (int i = 0; i < 20000; i++) {
        const double scale = pow(10.0, (double)rng_below(&stream, 24) - 8.0);
        double value = scale * rng_normal(&stream);
        if (i % 2 == 0) {
            const double places = pow(10.0, (double)rng_below(&stream, 8));
            value = rint(value * places) / places;
        }
        CHECK_SAME(strtod(number_text(value), NULL), value);
    }
}

static void test_decimals_are_as_short_as_can_be(void)
{
    rng_stream stream = rng_at(29, 0);
    for (int i = 0; i < 5000; i++) {
        const double value = (double)rng_below(&stream, 100000000) / 10000.0;
        char shortest[400];
        int digits = 1;
        do {
            (void)snprintf(shortest, sizeof(shortest), "%.*g", digits++, value);
        } while (strtod(shortest, NULL) != value);
        if (strchr(shortest, 'e') == NULL) {
            CHECK_TEXT(number_text(value), shortest);
        }
    }
}

static void test_other_fields(void)
{
    csv_count(&out, UINT64_MAX, ';');
    CHECK_TEXT(written(), "18446744073709551615");
    csv_time(&out, INT64_C(1587340800500000000), ';');
    CHECK_TEXT(written(), "2020-04-20T00:00:00.5Z");
    csv_time(&out, FEL_TIME_MAX, ';');
    CHECK_TEXT(written(), "");
    csv_time(&out, FEL_TIME_MIN, ';');
    CHECK_TEXT(written(), "");
    csv_text(&out, "plain text", ';');
    CHECK_TEXT(written(), "plain text");
    csv_text(&out, "a,\"b\"", ';');
    CHECK_TEXT(written(), "\"a,\"\"b\"\"\"");
    csv_text(&out, "two\nlines", ';');
    CHECK_TEXT(written(), "\"two\nlines\"");
    csv_word(&out, "", ';');
    CHECK_TEXT(written(), "");
}

SUITE("reports/csv_fields", TEST(test_known_texts), TEST(test_numbers_read_back_with_their_bits),
      TEST(test_decimals_are_as_short_as_can_be), TEST(test_other_fields));
