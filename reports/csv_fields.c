/* reports/csv_fields.c - numbers, texts and instants as CSV fields.
 *
 * Most numbers of a run are decimals of a few digits. If n / 10^d, a correctly rounded quotient of
 * two exact doubles, is the number, then the decimal n x 10^-d reads back as it, and with the
 * smallest such d it is the shortest. Those are written digit by digit; printf is left for the
 * others. */
#include <math.h>
#include <string.h>

#include "core/number.h"
#include "reports/csv_fields_internal.h"

enum { MOST_PLACES = 6, DIGITS_SIZE = 32 };

#define LARGEST_EXACT 1e15

void csv_text(FILE *f, const char *text, char end)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        (void)fputs(text, f);
        (void)fputc(end, f);
        return;
    }
    (void)fputc('"', f);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"') {
            (void)fputc('"', f);
        }
        (void)fputc(*c, f);
    }
    (void)fputc('"', f);
    (void)fputc(end, f);
}

/* Digits of n with a point before the last `places`, then `end`. */
static void put_digits(FILE *f, uint64_t n, int places, char end)
{
    char digits[DIGITS_SIZE];
    size_t at = sizeof(digits);
    digits[--at] = end;
    for (int k = 0; k < places || n > 0 || k == 0; k++) {
        if (k == places && places > 0) {
            digits[--at] = '.';
        }
        digits[--at] = (char)('0' + n % 10);
        n /= 10;
        if (k + 1 == places && n == 0) {
            digits[--at] = '.';
            digits[--at] = '0';
        }
    }
    (void)fwrite(digits + at, 1, sizeof(digits) - at, f);
}

/* 1 and the number's digits if it is a decimal of at most MOST_PLACES places. */
static int as_decimal(double magnitude, uint64_t *n, int *places)
{
    static const double powers[MOST_PLACES + 1] = {1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    for (*places = 0; *places <= MOST_PLACES; ++*places) {
        const double power = powers[*places];
        const double scaled = rint(magnitude * power);
        if (scaled > LARGEST_EXACT) {
            return 0;
        }
        if (scaled / power == magnitude) {
            *n = (uint64_t)scaled;
            return 1;
        }
    }
    return 0;
}

void csv_number(FILE *f, double value, char end)
{
    uint64_t n;
    int places;
    char text[NUMBER_TEXT_SIZE];
    if (!isfinite(value)) {
        (void)fputc(end, f);
    } else if (value != 0.0 && as_decimal(fabs(value), &n, &places)) {
        if (value < 0.0) {
            (void)fputc('-', f);
        }
        put_digits(f, n, places, end);
    } else {
        number_format(value, text, sizeof(text));
        csv_text(f, text, end);
    }
}

void csv_money(FILE *f, fel_money value, char end)
{
    csv_number(f, fel_money_value(value), end);
}

void csv_count(FILE *f, uint64_t n, char end)
{
    put_digits(f, n, 0, end);
}

void csv_time(FILE *f, int64_t time_ns, char end)
{
    char text[40] = "";
    if (time_ns != FEL_TIME_MAX && time_ns != FEL_TIME_MIN) {
        fel_time_format(time_ns, text, sizeof(text));
    }
    csv_text(f, text, end);
}
