/* sim/chain_number.c - numbers as the files of option chains write them. */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "core/core.h"
#include "sim/chain_internal.h"

enum { LONGEST = 48 };

static int is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Without blanks around it, terminated; 0 if it does not fit. */
static int copy_trimmed(const char *text, char *copy)
{
    while (is_blank(*text)) {
        text++;
    }
    size_t n = strlen(text);
    while (n > 0 && is_blank(text[n - 1])) {
        n--;
    }
    if (n >= LONGEST) {
        return 0;
    }
    memcpy(copy, text, n);
    copy[n] = '\0';
    return 1;
}

static int is_missing(const char *text)
{
    static const char *const words[] = {"", "-", "--", "n/a", "na", "nan", "null", "none", "#n/a"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcasecmp(text, words[i]) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Commas go where three digits follow each: 1,290.59, but not 1,5. 0 if one is out of place. */
static int drop_thousands(char *text)
{
    char *to = text;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at != ',') {
            *to++ = *at;
        } else if (to == text || strspn(at + 1, "0123456789") != 3) {
            return 0;
        }
    }
    *to = '\0';
    return 1;
}

int chain_number(const char *text, double *value)
{
    char copy[LONGEST];
    if (!copy_trimmed(text, copy)) {
        return 0;
    }
    if (is_missing(copy)) {
        *value = (double)NAN;
        return 1;
    }
    char *start = copy[0] == '$' ? copy + 1 : copy;
    start += start[0] == '+' && start[1] != '-' && start[1] != '+' ? 1 : 0;
    const size_t n = strlen(start);
    const int is_percent = n > 0 && start[n - 1] == '%';
    if (is_percent) {
        start[n - 1] = '\0';
    }
    double number = 0.0;
    if (!drop_thousands(start) || !number_parse(start, &number)) {
        return 0;
    }
    *value = is_percent ? number / 100.0 : number;
    return 1;
}
