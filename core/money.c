/* core/money.c - money as decimal text, rounded once, on the exact value.
 *
 * hi and lo times 10^places are two exact products of two doubles each. Their whole parts add up in
 * 128-bit integers; what is left, four fractions of at most a half each, is compared with the half
 * that decides the rounding by an exact expansion (Shewchuk 1997). Amounts beyond that, from 2^120
 * units of the last place on, are whole numbers of money but for lo: long integers hold them. */
#include "core/money.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 uwide;

enum { MOST_PLACES = 15, N_PARTS = 4, LIMB = 1000000000, N_LIMBS = 40, LIMB_DIGITS = 9 };
enum { TEXT_SIZE = N_LIMBS * LIMB_DIGITS + 4 };

/* A whole number in base 10^9, smallest limb first. */
typedef struct longnum {
    uint32_t limbs[N_LIMBS];
} longnum;

static const double power_of_ten[MOST_PLACES + 1] = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
};

/* Sign of the exact sum of x[0..n): each term is carried through the expansion so far, whose last
 * non-zero part outweighs the others. */
static int sign_of_sum(const double *x, size_t n)
{
    double parts[N_PARTS + 1];
    for (size_t i = 0; i < n; i++) {
        double carry = x[i];
        for (size_t j = 0; j < i; j++) {
            const fel_money s = money_two_sum(carry, parts[j]);
            parts[j] = s.lo;
            carry = s.hi;
        }
        parts[i] = carry;
    }
    for (size_t j = n; j > 0; j--) {
        if (parts[j - 1] != 0.0) {
            return parts[j - 1] > 0.0 ? 1 : -1;
        }
    }
    return 0;
}

/* (hi + lo) x 10^places, rounded half up. */
static wide units_of(fel_money m, int places)
{
    const fel_money p = money_two_product(m.hi, power_of_ten[places]);
    const fel_money q = money_two_product(m.lo, power_of_ten[places]);
    double x[N_PARTS + 1] = {p.hi, p.lo, q.hi, q.lo, 0.0};
    wide units = -2;
    for (size_t i = 0; i < N_PARTS; i++) {
        const double whole = rint(x[i]);
        units += (wide)whole;
        x[i] -= whole;
    }
    /* The fractions add up to something in [-2, 2]. */
    for (int step = -2; step < 2; step++) {
        x[N_PARTS] = -(step + 0.5);
        units += sign_of_sum(x, N_PARTS + 1) >= 0 ? 1 : 0;
    }
    return units;
}

static longnum long_of(uwide units)
{
    longnum n = {{0}};
    for (size_t i = 0; units > 0; i++) {
        n.limbs[i] = (uint32_t)(units % LIMB);
        units /= LIMB;
    }
    return n;
}

/* a + sign x b; the result must not be negative. */
static longnum long_add(const longnum *a, const longnum *b, int sign)
{
    longnum sum = {{0}};
    int64_t carry = 0;
    for (size_t i = 0; i < N_LIMBS; i++) {
        carry += (int64_t)a->limbs[i] + sign * (int64_t)b->limbs[i];
        const int64_t digit = (carry % LIMB + LIMB) % LIMB;
        sum.limbs[i] = (uint32_t)digit;
        carry = (carry - digit) / LIMB;
    }
    return sum;
}

/* x x 10^places, rounded half up, for x >= 0. */
static longnum long_units(double x, int places)
{
    int exponent = 0;
    const double mantissa = ldexp(frexp(x, &exponent), 53);
    exponent -= 53;
    if (exponent <= 0) {
        return long_of((uwide)units_of(money_of(x), places));
    }
    longnum n = long_of((uwide)mantissa * (uwide)power_of_ten[places]);
    for (; exponent > 0; exponent--) {
        n = long_add(&n, &n, 1);
    }
    return n;
}

/* hi + lo for hi > |lo|, hi whole. A half of the last place in a negative lo goes up too. */
static longnum long_money(fel_money m, int places)
{
    const longnum hi = long_units(m.hi, places);
    const double lo = fabs(m.lo);
    if (m.lo < 0.0 && lo < 0x1p53) {
        const longnum whole = long_of((uwide)-units_of(money_of(m.lo), places));
        return long_add(&hi, &whole, -1);
    }
    const longnum rest = long_units(lo, places);
    return long_add(&hi, &rest, m.lo < 0.0 ? -1 : 1);
}

static void write_units(const longnum *n, int negative, int places, char *text, size_t size)
{
    char digits[TEXT_SIZE];
    char *at = digits + sizeof(digits) - 1;
    const char *last_non_zero = NULL;
    *at = '\0';
    size_t top = N_LIMBS;
    while (top > 0 && n->limbs[top - 1] == 0) {
        top--;
    }
    const int n_digits = (int)top * LIMB_DIGITS > places ? (int)top * LIMB_DIGITS : places + 1;
    uint32_t limb = 0;
    for (int i = 0; i < n_digits; i++) {
        limb = i % LIMB_DIGITS == 0 ? n->limbs[i / LIMB_DIGITS] : limb / 10;
        if (i == places && places > 0) {
            *--at = '.';
        }
        *--at = (char)('0' + limb % 10);
        last_non_zero = *at != '0' || i == places ? at : last_non_zero;
    }
    (void)snprintf(text, size, "%s%s", negative && top > 0 ? "-" : "", last_non_zero);
}

void money_format(fel_money m, int places, char *text, size_t size)
{
    const double parts[2] = {m.hi, m.lo};
    if (!isfinite(m.hi + m.lo)) {
        (void)snprintf(text, size, "%g", m.hi + m.lo);
        return;
    }
    places = places < 0 ? 0 : places > MOST_PLACES ? MOST_PLACES : places;
    const int negative = sign_of_sum(parts, 2) < 0;
    fel_money a = negative ? money_neg(m) : m;
    a = money_two_sum(a.hi, a.lo);
    const int is_long = a.hi >= 0x1p120 / power_of_ten[places];
    const longnum units = is_long ? long_money(a, places) : long_of((uwide)units_of(a, places));
    write_units(&units, negative, places, text, size);
}
