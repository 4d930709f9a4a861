/* sim/chain_date.c - dates as the files of option chains write them, and contracts' symbols.
 *
 * A date is cut into its groups of figures and its words: a month's name leaves day and year, which
 * cannot be mistaken for one another; figures alone go by their shape or by the order asked for. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sim/chain_internal.h"

enum { MAX_PARTS = 8, FIRST_YEAR = 1900, LAST_YEAR = 2200, PIVOT_YEAR = 70 };

/* Days since 1970-01-01 of a date in the Gregorian calendar, counted in eras of 400 years from the
 * first of March. */
static double days_of(int year, int month, int day)
{
    const int y = month <= 2 ? year - 1 : year;
    const int era = y / 400, of_era = y - era * 400;
    const int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const int leap_days = of_era / 4 - of_era / 100;
    return (double)era * 146097.0 + (double)(of_era * 365 + leap_days + of_year) - 719468.0;
}

static int days_in(int year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && is_leap ? 29 : lengths[month - 1];
}

static chain_date_fault make_date(int year, int month, int day, double *days)
{
    year += year < 100 ? (year < PIVOT_YEAR ? 2000 : 1900) : 0;
    if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1 ||
        day > days_in(year, month)) {
        return CHAIN_DATE_NONE;
    }
    *days = days_of(year, month, day);
    return CHAIN_DATE_OK;
}

void chain_date_text(double days, char text[16])
{
    /* The inverse by search: a year has at most 366 days, a month 31. */
    int year = 1970 + (int)(days / 365.2425), month = 12;
    year += days_of(year + 1, 1, 1) <= days ? 1 : 0;
    year -= days_of(year, 1, 1) > days ? 1 : 0;
    while (days_of(year, month, 1) > days) {
        month--;
    }
    const int day = (int)(days - days_of(year, month, 1)) + 1;
    (void)snprintf(text, 16, "%04u-%02u-%02u", (unsigned)year % 10000U, (unsigned)month % 100U,
                   (unsigned)day % 100U);
}

/* ---- parts ----------------------------------------------------------------------------------- */

typedef struct date_parts {
    int numbers[MAX_PARTS];
    size_t digits[MAX_PARTS];
    size_t n;
    int month;    /* by name; 0: none */
    size_t place; /* of the month among the numbers */
} date_parts;

/* "Mar" or "March": 1 .. 12, else 0. */
static int month_of(const char *word, size_t n)
{
    static const char *const names[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
    for (int i = 0; i < 12; i++) {
        if (n >= 3 && n <= strlen(names[i]) && strncasecmp(word, names[i], n) == 0) {
            return i + 1;
        }
    }
    return 0;
}

/* A clock follows: "T14:03", " 14:03", "@ 14:03 ET"; the date ends before it. */
static int is_clock(const char *at)
{
    const size_t n = strspn(at, "0123456789");
    return n >= 1 && n <= 2 && at[n] == ':';
}

/* At most 8 figures. */
static int number_of(const char *figures, size_t n)
{
    int number = 0;
    for (size_t i = 0; i < n; i++) {
        number = 10 * number + (figures[i] - '0');
    }
    return number;
}

static void cut(const char *text, date_parts *parts)
{
    const char *at = text;
    memset(parts, 0, sizeof(*parts));
    while (*at != '\0' && *at != '@' && parts->n < MAX_PARTS && !is_clock(at)) {
        const size_t n_digits = strspn(at, "0123456789");
        size_t n_letters = 0;
        while (isalpha((unsigned char)at[n_letters])) {
            n_letters++;
        }
        if (n_digits > 0 && n_digits <= 8) {
            parts->numbers[parts->n] = number_of(at, n_digits);
            parts->digits[parts->n++] = n_digits;
        } else if (n_letters > 0 && parts->month == 0) {
            parts->month = month_of(at, n_letters);
            parts->place = parts->n;
        }
        at += n_digits + n_letters > 0 ? n_digits + n_letters : 1;
    }
}

/* ---- shapes ---------------------------------------------------------------------------------- */

/* "16 Mar 2011", "Mar 16 2011", "2011 Mar 16". */
static chain_date_fault named_month(const date_parts *p, double *days)
{
    if (p->n < 2) {
        return CHAIN_DATE_NONE;
    }
    const int is_year_first = p->digits[0] == 4;
    return make_date(p->numbers[is_year_first ? 0 : 1], p->month, p->numbers[is_year_first ? 1 : 0],
                     days);
}

/* "3/16/2011": by what can be no month, or by the order asked for. */
static chain_date_fault year_last(const date_parts *p, const char *order, double *days)
{
    const int a = p->numbers[0], b = p->numbers[1], year = p->numbers[2];
    if (strcmp(order, "dmy") == 0 || (order[0] == '\0' && a > 12)) {
        return make_date(year, b, a, days);
    }
    if (strcmp(order, "mdy") == 0 || (order[0] == '\0' && b > 12) || a == b) {
        return make_date(year, a, b, days);
    }
    return CHAIN_DATE_AMBIGUOUS;
}

chain_date_fault chain_date(const char *text, const char *order, double *days)
{
    date_parts p;
    cut(text, &p);
    if (p.month > 0) {
        return named_month(&p, days);
    }
    if (p.n >= 1 && p.digits[0] == 8) {
        return make_date(p.numbers[0] / 10000, p.numbers[0] / 100 % 100, p.numbers[0] % 100, days);
    }
    if (p.n < 3) {
        return CHAIN_DATE_NONE;
    }
    if (p.digits[0] == 4 || strcmp(order, "ymd") == 0) {
        return make_date(p.numbers[0], p.numbers[1], p.numbers[2], days);
    }
    return year_last(&p, order, days);
}
