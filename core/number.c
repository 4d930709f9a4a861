/* core/number.c - decimal numbers as text, read and written in the C locale. */
#include "core/number.h"

#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

void number_format(double value, char *text, size_t size)
{
    char trial[NUMBER_TEXT_SIZE];
    const locale_t before = uselocale(the_c_locale());
    for (int digits = 15; digits <= 17; digits++) {
        (void)snprintf(trial, sizeof(trial), "%.*g", digits, value);
        if (strtod(trial, NULL) == value) {
            break;
        }
    }
    (void)uselocale(before);
    (void)snprintf(text, size, "%s", trial);
}
