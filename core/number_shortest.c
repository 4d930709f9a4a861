/* core/number_shortest.c - the shortest decimal that reads back as a given double.
 *
 * Schubfach, after Raffaello Giulietti, "The Schubfach way to render doubles" (2020). The reals
 * that read as the value v = c x 2^q make an interval around it. With k the largest integer for
 * which 10^k is not wider than the interval, at least one multiple of 10^k lies inside and at most
 * one of 10^(k+1); that one, where it is there, is the shortest, else the nearest of the former is.
 * All is decided on the ends and the value times 4 x 10^-k, each to an integer rounded to odd: its
 * last bit then says whether anything was cut off, and comparisons come out as if they were exact.
 *
 * The powers 10^-k with 128 bits, rounded up, are worked out once: up to 5^55 they are exact. */
#include <pthread.h>
#include <string.h>

#include "core/number_internal.h"

__extension__ typedef unsigned __int128 wide;

enum {
    MOST_POWER = 55, /* 5^55 < 2^128 */
    FRACTION_BITS = 52,
    EXPONENT_BIAS = 1075 /* of c x 2^q with c a whole number */
};

/* 10^n for n = i - MOST_POWER, scaled to the top bit. */
static wide powers[2 * MOST_POWER + 1];
static pthread_once_t powers_once = PTHREAD_ONCE_INIT;

static int top_bit(wide x)
{
    const uint64_t high = (uint64_t)(x >> 64);
    return high != 0 ? 127 - __builtin_clzll(high) : 63 - __builtin_clzll((uint64_t)x);
}

/* 2^128 x 2^top / five, rounded up, where 2^top < five < 2^(top+1): long division. */
static wide reciprocal(wide five)
{
    wide rest = (wide)1 << top_bit(five), quotient = 0;
    for (int i = 0; i < 128; i++) {
        const int carry = (int)(rest >> 127);
        rest <<= 1;
        quotient <<= 1;
        if (carry || rest >= five) {
            rest -= five;
            quotient |= 1;
        }
    }
    return quotient + 1;
}

static void make_powers(void)
{
    wide five = 1;
    for (int n = 0; n <= MOST_POWER; n++) {
        powers[MOST_POWER + n] = five << (127 - top_bit(five));
        if (n > 0) {
            powers[MOST_POWER - n] = reciprocal(five);
        }
        five *= 5;
    }
}

/* floor(log10(2^q)), floor(log10(3/4 x 2^q)), floor(log2(10^n)): exact for all exponents here. */
static int log10_of_power(int q)
{
    return (int)((q * 1262611) >> 22);
}
static int log10_of_narrow(int q)
{
    return (int)((q * 1262611 - 524031) >> 22);
}
static int log2_of_power(int n)
{
    return (int)((n * 1741647) >> 19);
}

/* The top 64 bits of power x factor, the last of them set if the others are not all nothing. The
 * power may be too large by its last bit: what that adds is less than 2 in the middle word. */
static uint64_t round_to_odd(wide power, uint64_t factor)
{
    const wide low = (wide)(uint64_t)power * factor;
    const wide sum = (power >> 64) * factor + (low >> 64);
    return (uint64_t)(sum >> 64) | ((uint64_t)sum > 1 ? 1 : 0);
}

/* Of s and s + 1, both times 10^k: the one inside the interval, or the nearer one. */
static uint64_t nearer(uint64_t s, uint64_t value, uint64_t lower, uint64_t upper)
{
    const int s_is_inside = lower <= 4 * s, next_is_inside = 4 * s + 4 <= upper;
    if (s_is_inside != next_is_inside) {
        return s + (uint64_t)next_is_inside;
    }
    const uint64_t middle = 4 * s + 2;
    return s + (value > middle || (value == middle && (s & 1) != 0) ? 1 : 0);
}

static void strip_zeros(decimal *d)
{
    static const struct {
        uint32_t power;
        int places;
    } steps[] = {{100000000, 8}, {10000, 4}, {100, 2}, {10, 1}};
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        if (d->digits % steps[i].power == 0) {
            d->digits /= steps[i].power;
            d->exponent += steps[i].places;
        }
    }
}

int number_shortest(double value, decimal *out)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    const uint64_t fraction = bits & ((UINT64_C(1) << FRACTION_BITS) - 1);
    const int biased = (int)(bits >> FRACTION_BITS);
    const uint64_t c = fraction | UINT64_C(1) << FRACTION_BITS;
    const int q = biased - EXPONENT_BIAS;
    /* The neighbour below a power of two is nearer by half. */
    const int is_narrow = fraction == 0;
    const int k = is_narrow ? log10_of_narrow(q) : log10_of_power(q);
    if (biased == 0 || k < -MOST_POWER || k > MOST_POWER) {
        return 0;
    }
    (void)pthread_once(&powers_once, make_powers);
    const wide power = powers[MOST_POWER - k];
    const int h = q + log2_of_power(-k) + 1;
    const uint64_t v = round_to_odd(power, 4 * c << h);
    /* The ends belong to the interval if the value is even: ties go to it. */
    const uint64_t is_odd = c & 1;
    const uint64_t lower = round_to_odd(power, (4 * c - 2 + (is_narrow ? 1 : 0)) << h) + is_odd;
    const uint64_t upper = round_to_odd(power, (4 * c + 2) << h) - is_odd;
    const uint64_t s = v / 4, tens = s / 10;
    const int down_is_inside = lower <= 40 * tens, up_is_inside = 40 * tens + 40 <= upper;
    if (down_is_inside != up_is_inside) {
        out->digits = tens + (uint64_t)up_is_inside;
        out->exponent = k + 1;
        strip_zeros(out);
    } else {
        out->digits = nearer(s, v, lower, upper); /* no multiple of 10: those were tried */
        out->exponent = k;
    }
    return 1;
}
