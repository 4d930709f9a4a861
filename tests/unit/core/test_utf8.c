/* tests/unit/core/test_utf8.c - what is UTF-8 and what is not. */
#include <string.h>

#include "core/utf8.h"
#include "tests/support/check.h"

/* The well-known encoding of one code point, by its definition. */
static void put_letter(unsigned code, char text[5])
{
    size_t n = 0;
    if (code < 0x80) {
        text[n++] = (char)code;
    } else if (code < 0x800) {
        text[n++] = (char)(0xc0 | (code >> 6));
    } else if (code < 0x10000) {
        text[n++] = (char)(0xe0 | (code >> 12));
        text[n++] = (char)(0x80 | ((code >> 6) & 0x3f));
    } else {
        text[n++] = (char)(0xf0 | (code >> 18));
        text[n++] = (char)(0x80 | ((code >> 12) & 0x3f));
        text[n++] = (char)(0x80 | ((code >> 6) & 0x3f));
    }
    if (code >= 0x80) {
        text[n++] = (char)(0x80 | (code & 0x3f));
    }
    text[n] = '\0';
}

static void test_every_code_point_but_half_pairs(void)
{
    size_t n_wrong = 0;
    for (unsigned code = 1; code < 0x120000; code++) {
        char text[5];
        const int is_letter = code < 0x110000 && (code < 0xd800 || code > 0xdfff);
        put_letter(code, text);
        n_wrong += utf8_is_valid(text) != is_letter;
    }
    CHECK_INT(n_wrong, 0);
}

static void test_cut_or_stretched_letters_are_refused(void)
{
    static const char *const texts[] = {
        "\xe9",             /* Latin-1 */
        "caf\xc3",          /* cut after one byte of two */
        "\xe2\x82",         /* of three */
        "\xf0\x9f\x98",     /* of four */
        "\xc3\x28",         /* no continuation */
        "\xe2\x28\xa1",     /* nor here */
        "\xe2\x82\x28",     /* nor here */
        "\xc0\xaf",         /* longer than needed: '/' in two */
        "\xe0\x80\xaf",     /* in three */
        "\xf0\x80\x80\xaf", /* in four */
        "\x80",             /* begins with a continuation */
        "\xff",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        CHECK_INT(utf8_is_valid(texts[i]), 0);
    }
    CHECK_INT(utf8_is_valid(""), 1);
    CHECK_INT(utf8_is_valid("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"), 1);
}

SUITE("core/utf8", TEST(test_every_code_point_but_half_pairs),
      TEST(test_cut_or_stretched_letters_are_refused));
