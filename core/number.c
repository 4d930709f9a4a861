/* core/number.c - decimal numbers as text, read and written in the C locale. */
#include "core/number.h"

#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/number_internal.h"

enum { MOST_DIGITS = 17, ALWAYS_DIGITS = 15 };

/* Whole numbers below this are written without looking for the shortest. */
#define LARGEST_WHOLE 1e15

static pthread_once_t locale_once = PTHREAD_ONCE_INIT;
static locale_t c_locale;

static void make_locale(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

/* The "C" locale always exists: glibc hands out a static object for it. */
static locale_t the_c_locale(void)
{
    (void)pthread_once(&locale_once, make_locale);
    return c_locale;
}

int number_parse(const char *text, double *value)
{
    const size_t length = strlen(text);
    if (length == 0 || strspn(text, "0123456789+-.eE") != length) {
        return 0;
    }
    char *end = NULL;
    const double number = strtod_l(text, &end, the_c_locale());
    if (end != text + length || !isfinite(number)) {
        return 0;
    }
    *value = number;
    return 1;
}

/* ---- writing --------------------------------------------------------------------------------- */

static const struct {
    int plain_places;   /* decimals with at most so many places are written out */
    int plain_digits;   /* whole numbers below 10^this are; 0: below what %g has for them */
    int exponent_width; /* least digits of an exponent */
    const char *plus;   /* before an exponent of 0 or more */
    const char *whole;  /* after whole numbers */
} styles[NUMBER_N_STYLES] = {
    [NUMBER_SHORT] = {0, 0, 2, "+", ""},
    [NUMBER_PLAIN] = {6, 0, 2, "+", ""},
    [NUMBER_JSON] = {0, MOST_DIGITS, 1, "", ".0"},
};

/* Digits of n so that they end before `end`; where they begin. */
static char *put_back(char *end, uint64_t n)
{
    while (n >= 100) {
        const unsigned pair = (unsigned)(n % 100), tens = (pair * 103) >> 10;
        n /= 100;
        *--end = (char)('0' + (pair - 10 * tens));
        *--end = (char)('0' + tens);
    }
    if (n >= 10) {
        *--end = (char)('0' + n % 10);
        n /= 10;
    }
    *--end = (char)('0' + n);
    return end;
}

static char *append(char *at, const char *bytes, size_t n)
{
    memcpy(at, bytes, n);
    return at + n;
}

size_t number_put_count(char *text, uint64_t n)
{
    char digits[NUMBER_TEXT_SIZE];
    const char *start = put_back(digits + sizeof(digits), n);
    return (size_t)(append(text, start, (size_t)(digits + sizeof(digits) - start)) - text);
}

/* d.ddde+XX */
static char *put_scientific(char *at, const char *digits, size_t n, int power, number_style style)
{
    *at++ = digits[0];
    if (n > 1) {
        *at++ = '.';
        at = append(at, digits + 1, n - 1);
    }
    *at++ = 'e';
    const char *sign = power < 0 ? "-" : styles[style].plus;
    at = append(at, sign, strlen(sign));
    const unsigned magnitude = (unsigned)(power < 0 ? -power : power);
    if (magnitude < 10 && styles[style].exponent_width == 2) {
        *at++ = '0';
    }
    return at + number_put_count(at, magnitude);
}

/* 0.000ddd, dd.dd or dd000 */
static char *put_plain(char *at, const char *digits, size_t n, int power, number_style style)
{
    if (power < 0) {
        at = append(at, "0.00000", (size_t)(1 - power));
        return append(at, digits, n);
    }
    const size_t n_whole = (size_t)power + 1;
    if (n > n_whole) {
        at = append(at, digits, n_whole);
        *at++ = '.';
        return append(at, digits + n_whole, n - n_whole);
    }
    at = append(at, digits, n);
    memset(at, '0', n_whole - n);
    at += n_whole - n;
    return append(at, styles[style].whole, strlen(styles[style].whole));
}

static char *put_decimal(char *at, decimal d, number_style style)
{
    char text[NUMBER_TEXT_SIZE];
    const char *digits = put_back(text + sizeof(text), d.digits);
    const size_t n = (size_t)(text + sizeof(text) - digits);
    const int power = d.exponent + (int)n - 1; /* of the first digit */
    const int least = n > ALWAYS_DIGITS ? (int)n : ALWAYS_DIGITS;
    const int most = styles[style].plain_digits > 0 ? styles[style].plain_digits : least;
    const int is_plain =
        (power >= -4 && power < most) || (power < 0 && -d.exponent <= styles[style].plain_places);
    return is_plain ? put_plain(at, digits, n, power, style)
                    : put_scientific(at, digits, n, power, style);
}

/* By printf, for the very large and small: the first precision that reads back. */
static decimal shortest_by_trial(double value)
{
    char trial[NUMBER_TEXT_SIZE];
    const locale_t before = uselocale(the_c_locale());
    for (int places = 0; places < MOST_DIGITS; places++) {
        (void)snprintf(trial, sizeof(trial), "%.*e", places, value);
        if (strtod(trial, NULL) == value) {
            break;
        }
    }
    (void)uselocale(before);
    decimal d = {0, 0};
    const char *c = trial;
    int places = 0;
    for (; *c != 'e'; c++) {
        if (*c != '.') {
            d.digits = 10 * d.digits + (uint64_t)(*c - '0');
            places += c != trial;
        }
    }
    d.exponent = (int)strtol(c + 1, NULL, 10) - places;
    return d;
}

size_t number_put(char text[NUMBER_TEXT_SIZE], double value, number_style style)
{
    const double magnitude = fabs(value);
    char *at = text;
    if (signbit(value)) {
        *at++ = '-';
    }
    if (magnitude < LARGEST_WHOLE && magnitude == (double)(int64_t)magnitude) {
        at += number_put_count(at, (uint64_t)magnitude);
        at = append(at, styles[style].whole, strlen(styles[style].whole));
    } else {
        decimal d;
        if (!number_shortest(magnitude, &d)) {
            d = shortest_by_trial(magnitude);
        }
        at = put_decimal(at, d, style);
    }
    return (size_t)(at - text);
}

void number_format(double value, char *text, size_t size)
{
    char whole[NUMBER_TEXT_SIZE];
    if (isfinite(value)) {
        const size_t n = number_put(whole, value, NUMBER_SHORT);
        (void)snprintf(text, size, "%.*s", (int)n, whole);
    } else {
        (void)snprintf(text, size, "%g", value);
    }
}
