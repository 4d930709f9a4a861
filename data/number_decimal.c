/* data/number_decimal.c - decimal text to the nearest double.
 *
 * Up to 2^53 as digits and a power of ten up to 10^22 are both exact doubles, so that one
 * multiplication or division rounds once (Clinger 1990); that is nearly every price there is.
 * Everything else goes to the C library in the C locale. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/number.h"
#include "data/decimal_internal.h"

enum { MOST_EXACT_POWER = 22, MOST_DIGITS = 19, MOST_EXPONENT = 99999, BUFFER_SIZE = 128 };

static const double powers[MOST_EXACT_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* A number taken apart: digits x 10^exponent. */
typedef struct parts {
    uint64_t digits;
    size_t n_digits; /* leading zeros too */
    long exponent;
    int is_negative;
} parts;

static inline int is_digit(char c)
{
    return (unsigned)c - '0' < 10;
}

static const char *take_exponent(const char *at, const char *end, long *exponent)
{
    const int is_negative = at < end && *at == '-';
    at += at < end && (*at == '-' || *at == '+') ? 1 : 0;
    if (at == end) {
        return NULL;
    }
    long value = 0;
    for (; at < end && is_digit(*at); at++) {
        value = value < MOST_EXPONENT ? 10 * value + (*at - '0') : value;
    }
    *exponent += is_negative ? -value : value;
    return at;
}

/* 0 if the text is not a number. */
static inline int take_apart(const char *text, size_t size, parts *p)
{
    const char *at = text, *const end = text + size;
    p->is_negative = *at == '-';
    at += *at == '-' || *at == '+' ? 1 : 0;
    const char *start = at;
    uint64_t digits = 0;
    for (; at < end && is_digit(*at); at++) {
        digits = 10 * digits + (uint64_t)(*at - '0');
    }
    size_t n = (size_t)(at - start);
    p->exponent = 0;
    if (at < end && *at == '.') {
        const char *point = ++at;
        for (; at < end && is_digit(*at); at++) {
            digits = 10 * digits + (uint64_t)(*at - '0');
        }
        n += (size_t)(at - point);
        p->exponent = -(long)(at - point);
    }
    p->digits = digits;
    p->n_digits = n;
    if (at < end && (*at == 'e' || *at == 'E')) {
        at = take_exponent(at + 1, end, &p->exponent);
    }
    return at == end && n > 0;
}

/* Any length, any exponent: through the C library. */
static decimal_fault read_slowly(const char *text, size_t size, double *value)
{
    char buffer[BUFFER_SIZE];
    char *copy = size < sizeof(buffer) ? buffer : malloc(size + 1);
    decimal_fault fault = DECIMAL_OVERFLOW;
    if (copy == NULL) {
        return fault;
    }
    memcpy(copy, text, size);
    copy[size] = '\0';
    if (number_parse(copy, value)) {
        fault = DECIMAL_OK;
    }
    if (copy != buffer) {
        free(copy);
    }
    return fault;
}

static decimal_fault fault_of(const char *text, size_t size)
{
    static const char *const words[] = {"nan", "inf", "infinity", "null", "none", "na", "n/a"};
    const size_t skip = size > 0 && (*text == '-' || *text == '+') ? 1 : 0;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (size - skip == strlen(words[i]) &&
            strncasecmp(text + skip, words[i], size - skip) == 0) {
            return DECIMAL_NOT_FINITE;
        }
    }
    return DECIMAL_NOT_A_NUMBER;
}

/* "1,234,567.8" without its commas; 0 if they do not stand between groups of three. */
static size_t drop_thousands(const char *text, size_t size, char *out)
{
    size_t n = 0, group = 0, n_commas = 0, i = 0;
    if (i < size && (text[i] == '-' || text[i] == '+')) {
        out[n++] = text[i++];
    }
    for (; i < size && (is_digit(text[i]) || text[i] == ','); i++) {
        if (text[i] == ',') {
            if (group == 0 || group > 3 || (n_commas > 0 && group != 3)) {
                return 0;
            }
            n_commas++;
            group = 0;
        } else {
            out[n++] = text[i];
            group++;
        }
    }
    if (n_commas == 0 || group != 3) {
        return 0;
    }
    memcpy(out + n, text + i, size - i);
    return n + size - i;
}

static decimal_fault read_grouped(const char *text, size_t size, double *value)
{
    char plain[BUFFER_SIZE];
    const size_t n = size < sizeof(plain) ? drop_thousands(text, size, plain) : 0;
    return n > 0 ? decimal_read(plain, n, 0, value) : DECIMAL_NOT_A_NUMBER;
}

decimal_fault decimal_read(const char *text, size_t size, int thousands, double *value)
{
    parts p;
    *value = (double)NAN;
    if (size == 0) {
        return DECIMAL_EMPTY;
    }
    if (!take_apart(text, size, &p)) {
        return thousands && memchr(text, ',', size) != NULL ? read_grouped(text, size, value)
                                                            : fault_of(text, size);
    }
    if (p.n_digits <= MOST_DIGITS && p.digits <= UINT64_C(1) << 53 &&
        p.exponent >= -MOST_EXACT_POWER && p.exponent <= MOST_EXACT_POWER) {
        const double digits = (double)p.digits;
        const double number =
            p.exponent < 0 ? digits / powers[-p.exponent] : digits * powers[p.exponent];
        *value = p.is_negative ? -number : number;
        return DECIMAL_OK;
    }
    return read_slowly(text, size, value);
}
