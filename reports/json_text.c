/* reports/json_text.c - texts inside JSON: quotes, escapes, bytes that are no UTF-8. */
#include "core/utf8.h"
#include "reports/json_text_internal.h"

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
    const int keeps_bytes = c[n] == '\0' || utf8_is_valid(text + n);
    for (c += n; *c != '\0'; c++) {
        if (*c < 0x80 && !is_plain(*c)) {
            put_escape(out, *c);
        } else if (*c < 0x80 || keeps_bytes) {
            text_out_char(out, (char)*c);
        } else {
            text_out_char(out, '?');
        }
    }
    text_out_char(out, '"');
}
