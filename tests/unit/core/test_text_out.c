/* tests/unit/core/test_text_out.c - text comes out whole and in order, however it was put in. */
#include <stdlib.h>

#include "core/rng.h"
#include "core/text_out.h"
#include "tests/support/check.h"

enum { MOST = 5 * TEXT_OUT_SIZE };

static void test_pieces_of_any_size_stay_in_order(void)
{
    text_out *out = malloc(sizeof(*out));
    char *expected = malloc(MOST), *text = NULL;
    size_t n = 0, size = 0;
    rng_stream r = rng_at(41, 0);
    FILE *stream = open_memstream(&text, &size);
    CHECK(out != NULL && expected != NULL && stream != NULL);
    text_out_begin(out, stream);
    for (int i = 0; n + 2 * TEXT_OUT_SIZE < MOST; i++) {
        const size_t piece =
            i % 40 == 39 ? TEXT_OUT_SIZE + rng_below(&r, 1000) : rng_below(&r, 3000);
        for (size_t k = 0; k < piece; k++) {
            expected[n + k] = (char)('!' + (n + k) % 89);
        }
        text_out_bytes(out, expected + n, piece);
        n += piece;
        expected[n] = '\n';
        text_out_char(out, expected[n++]);
    }
    text_out_text(out, "end");
    text_out_flush(out);
    CHECK_INT(fclose(stream), 0);
    CHECK_INT(size, n + 3);
    CHECK(memcmp(text, expected, n) == 0);
    CHECK_TEXT(text + n, "end");
    free(text);
    free(expected);
    free(out);
}

static void test_room_holds_what_was_asked_for(void)
{
    text_out *out = malloc(sizeof(*out));
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    CHECK(out != NULL && stream != NULL);
    text_out_begin(out, stream);
    for (int i = 0; i < 3; i++) {
        memset(text_out_room(out, TEXT_OUT_SIZE), 'a' + i, TEXT_OUT_SIZE);
        text_out_used(out, TEXT_OUT_SIZE);
    }
    text_out_flush(out);
    CHECK_INT(fclose(stream), 0);
    CHECK_INT(size, 3 * TEXT_OUT_SIZE);
    CHECK(text[0] == 'a' && text[TEXT_OUT_SIZE] == 'b' && text[size - 1] == 'c');
    free(text);
    free(out);
}

static void test_errors_stay_on_the_stream(void)
{
    text_out *out = malloc(sizeof(*out));
    FILE *full = fopen("/dev/full", "w");
    CHECK(out != NULL && full != NULL);
    text_out_begin(out, full);
    for (int i = 0; i < 2 * TEXT_OUT_SIZE; i++) {
        text_out_char(out, 'x');
    }
    text_out_flush(out);
    CHECK(ferror(full) != 0 || fflush(full) != 0);
    (void)fclose(full);
    free(out);
}

SUITE("core/text_out", TEST(test_pieces_of_any_size_stay_in_order),
      TEST(test_room_holds_what_was_asked_for), TEST(test_errors_stay_on_the_stream));
