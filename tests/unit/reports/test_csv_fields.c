/* tests/unit/reports/test_csv_fields.c - every number written reads back as the same bits, and is
 * short. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "tests/support/check.h"

#define FEL_MODULE_REPORTS
#include "reports/csv_fields_internal.h"

static char written[128];

static const char *number_text(double value)
{
    FILE *f = fmemopen(written, sizeof(written), "w");
    csv_number(f, value, ';');
    (void)fclose(f);
    written[strcspn(written, ";")] = '\0';
    return written;
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

SUITE("reports/csv_fields", TEST(test_known_texts), TEST(test_numbers_read_back_with_their_bits),
      TEST(test_decimals_are_as_short_as_can_be));
