/* sim/chain_contract.c - what the symbol of a contract says: expiry, right, strike.
 *
 * Two forms: the OCC's, root, yymmdd, C or P, strike in thousandths ("SPX   110319C01300000"); and
 * that of the exchange's older delayed quotes, "11 Mar 1300.00 (SPX1119C1300-E)", whose symbol has
 * year, day and a letter that is month and right: A to L calls, M to X puts. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/core.h"
#include "sim/chain_internal.h"

enum { OCC_DIGITS = 6, OCC_STRIKE_DIGITS = 8 };

static int two_digits(const char *at)
{
    return (at[0] - '0') * 10 + at[1] - '0';
}

static int make(chain_contract *out, const int ymd[3], int right, double strike)
{
    char text[48];
    (void)snprintf(text, sizeof(text), "20%02d-%02d-%02d", ymd[0] % 100, ymd[1] % 100,
                   ymd[2] % 100);
    out->right = right;
    out->strike = strike;
    return chain_date(text, "ymd", &out->expiry_days) == CHAIN_DATE_OK;
}

static int read_occ(const char *text, chain_contract *out)
{
    const size_t n = strlen(text), tail = OCC_DIGITS + 1 + OCC_STRIKE_DIGITS;
    if (n <= tail) {
        return 0;
    }
    const char *at = text + n - tail;
    if (strspn(at, "0123456789") != OCC_DIGITS || (at[6] != 'C' && at[6] != 'P') ||
        strspn(at + 7, "0123456789") != OCC_STRIKE_DIGITS) {
        return 0;
    }
    const int ymd[3] = {two_digits(at), two_digits(at + 2), two_digits(at + 4)};
    double thousandths = 0.0;
    return number_parse(at + 7, &thousandths) &&
           make(out, ymd, at[6] == 'C' ? FEL_CALL : FEL_PUT, thousandths / 1000.0);
}

/* The strike is the third word: the symbol's own is cut where it is long. */
static int read_strike(const char *text, double *strike)
{
    char word[32];
    if (sscanf(text, "%*d %*3s %31s", word) != 1) {
        return 0;
    }
    return number_parse(word, strike);
}

static int read_page(const char *text, chain_contract *out)
{
    const char *at = strchr(text, '(');
    double strike = 0.0;
    if (at == NULL || !read_strike(text, &strike)) {
        return 0;
    }
    at++;
    while (isalpha((unsigned char)*at)) {
        at++;
    }
    if (strspn(at, "0123456789") != 4 || at[4] < 'A' || at[4] > 'X') {
        return 0;
    }
    const int letter = at[4] - 'A';
    const int ymd[3] = {two_digits(at), letter % 12 + 1, two_digits(at + 2)};
    return make(out, ymd, letter < 12 ? FEL_CALL : FEL_PUT, strike);
}

int chain_contract_read(const char *text, chain_contract *out)
{
    return read_occ(text, out) || read_page(text, out);
}
