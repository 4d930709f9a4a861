/* reports/json_text.c - texts inside JSON: quotes, escapes, bytes that are no UTF-8. */
#include <stdint.h>

#include "reports/json_text_internal.h"

/* Bytes of the UTF-8 character that begins here; 0 if there is none: continuation bytes missing,
 * longer than needed, a half of a UTF-16 pair, or beyond U+10FFFF (RFC 3629). */
static size_t utf8_length(const unsigned char *c)
{
    static const struct {
        uint8_t first_low, first_high;
        uint8_t second_low, second_high;
        uint8_t length;
    } forms[] = {
        {0x01, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (c[0] < forms[i].first_low || c[0] > forms[i].first_high) {
            continue;
        }
        size_t n = 1;
        if (forms[i].length > 1 && c[1] >= forms[i].second_low && c[1] <= forms[i].second_high) {
            n++;
        }
        while (n > 1 && n < forms[i].length && (c[n] & 0xc0) == 0x80) {
            n++;
        }
        return n == forms[i].length ? n : 0;
    }
    return 0;
}

static int is_utf8(const char *text)
{
    const unsigned char *c = (const unsigned char *)text;
    while (*c != '\0') {
        const size_t n = utf8_length(c);
        if (n == 0) {
            return 0;
        }
        c += n;
    }
    return 1;
}

static int is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

/* A control character, a quote or a backslash. */
static void put_escape(text_out *out, unsigned char c)
{
    static const char letters[][2] = {{'"', '"'},  {'\\', '\\'}, {'\b', 'b'}, {'\f', 'f'},
                                      {'\n', 'n'}, {'\r', 'r'},  {'\t', 't'}};
    static const char hex[] = "0123456789ABCDEF";
    text_out_char(out, '\\');
    for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
        if (letters[i][0] == (char)c) {
            text_out_char(out, letters[i][1]);
            return;
        }
    }
    text_out_bytes(out, "u00", 3);
    text_out_char(out, hex[c >> 4]);
    text_out_char(out, hex[c & 15]);
}

void json_text_quoted(text_out *out, const char *text)
{
    const unsigned char *c = (const unsigned char *)text;
    size_t n = 0;
    while (is_plain(c[n])) {
        n++;
    }
    text_out_char(out, '"');
    text_out_bytes(out, text, n);
    const int keeps_bytes = c[n] == '\0' || is_utf8(text + n);
    for (c += n; *c != '\0'; c++) {
        if (is_plain(*c)) {
            text_out_char(out, (char)*c);
        } else if (*c < 0x80) {
            put_escape(out, *c);
        } else {
            text_out_char(out, keeps_bytes ? (char)*c : '?');
        }
    }
    text_out_char(out, '"');
}
