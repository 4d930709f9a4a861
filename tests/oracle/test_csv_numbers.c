/* tests/oracle/test_csv_numbers.c - decimal text to doubles, bit for bit against recorded results
 * (parse-number-fxx-test-data: some twenty thousand hard cases). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/oracle/oracle_read.h"
#include "tests/support/check.h"

#define FEL_MODULE_DATA
#include "data/decimal_internal.h"

/* "f16hex f32hex f64hex decimal-string" */
static int is_right(const char *line)
{
    uint64_t bits = 0;
    char text[8192];
    double value = 0.0;
    if (sscanf(line, "%*s %*s %" SCNx64 " %8191s", &bits, text) != 2) {
        return 0;
    }
    const decimal_fault fault = decimal_read(text, strlen(text), 0, &value);
    const uint64_t size = bits & UINT64_C(0x7fffffffffffffff);
    if (size >= UINT64_C(0x7ff0000000000000)) { /* infinite or no number: a fault here */
        return fault == DECIMAL_OVERFLOW || fault == DECIMAL_NOT_FINITE;
    }
    return fault == DECIMAL_OK && memcmp(&value, &bits, sizeof(bits)) == 0;
}

static void test_recorded_numbers(void)
{
    static const char *const files[] = {"freetype-2-7", "google-wuffs", "lemire-fast-float",
                                        "more-test-cases", "tencent-rapidjson"};
    size_t n = 0;
    if (shared_path("oracles/csv/numbers") == NULL) {
        SKIP("../shared/oracles/csv/numbers is absent");
    }
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        char path[128], *rest = NULL;
        (void)snprintf(path, sizeof(path), "oracles/csv/numbers/%s.txt.gz", files[i]);
        char *text = oracle_text(path);
        CHECK(text != NULL);
        for (char *line = text != NULL ? strtok_r(text, "\n", &rest) : NULL; line != NULL;
             line = strtok_r(NULL, "\n", &rest), n++) {
            if (!is_right(line)) {
                check_true_at(0, line, __FILE__, __LINE__);
            }
        }
        free(text);
    }
    CHECK(n > 21000);
}

SUITE("oracle/csv_numbers", TEST(test_recorded_numbers));
