/* core/utf8.c - whether bytes are UTF-8, by the table of RFC 3629, section 4. */
#include "core/utf8.h"

#include <stddef.h>
#include <stdint.h>

/* Bytes of the letter that begins here; 0 if there is none. Past the end there is a zero byte,
 * which is no continuation. */
static size_t letter_length(const unsigned char *c)
{
    static const struct {
        uint8_t first_low, first_high;
        uint8_t second_low, second_high;
        uint8_t length;
    } forms[] = {
        {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
        {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
        {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    if (c[0] < 0x80) {
        return 1;
    }
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (c[0] < forms[i].first_low || c[0] > forms[i].first_high) {
            continue;
        }
        size_t n = c[1] >= forms[i].second_low && c[1] <= forms[i].second_high ? 2 : 1;
        while (n > 1 && n < forms[i].length && (c[n] & 0xc0) == 0x80) {
            n++;
        }
        return n == forms[i].length ? n : 0;
    }
    return 0;
}

int utf8_is_valid(const char *text)
{
    const unsigned char *c = (const unsigned char *)text;
    while (*c != '\0') {
        const size_t n = letter_length(c);
        if (n == 0) {
            return 0;
        }
        c += n;
    }
    return 1;
}
