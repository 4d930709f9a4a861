/* core/money.h - exact-enough money: double-double sums and products.
 *
 * Error-free transformations of Dekker (1971) and Knuth (TAOCP 2, 4.2.2); relative error of a sum
 * or a product is below 2^-102. All functions are inline: they are the ledger's inner loop. Must
 * not be compiled with -ffast-math. */
#ifndef FEL_CORE_MONEY_H
#define FEL_CORE_MONEY_H

#include <math.h>

#include <feller/base.h>

static inline fel_money money_of(double value)
{
    const fel_money m = {value, 0.0};
    return m;
}

/* a + b exactly, whatever their sizes. */
static inline fel_money money_two_sum(double a, double b)
{
    const double s = a + b;
    const double bb = s - a;
    const fel_money m = {s, (a - (s - bb)) + (b - bb)};
    return m;
}

/* a + b exactly if |a| >= |b|. */
static inline fel_money money_quick_sum(double a, double b)
{
    const double s = a + b;
    const fel_money m = {s, b - (s - a)};
    return m;
}

/* a x b exactly (Dekker's split: no fused multiply-add is assumed, and with one the bits are the
 * same because the product of two doubles is exactly hi + lo either way). */
static inline fel_money money_two_product(double a, double b)
{
#ifdef __FMA__
    const double p = a * b;
    const fel_money m = {p, fma(a, b, -p)};
    return m;
#else
    const double split = 134217729.0; /* 2^27 + 1 */
    const double p = a * b;
    const double ta = split * a, tb = split * b;
    const double ah = ta - (ta - a), bh = tb - (tb - b);
    const double al = a - ah, bl = b - bh;
    const fel_money m = {p, ((ah * bh - p) + ah * bl + al * bh) + al * bl};
    return m;
#endif
}

static inline fel_money money_neg(fel_money a)
{
    const fel_money m = {-a.hi, -a.lo};
    return m;
}

static inline fel_money money_add(fel_money a, fel_money b)
{
    fel_money s = money_two_sum(a.hi, b.hi);
    const fel_money t = money_two_sum(a.lo, b.lo);
    s = money_quick_sum(s.hi, s.lo + t.hi);
    return money_quick_sum(s.hi, s.lo + t.lo);
}

static inline fel_money money_sub(fel_money a, fel_money b)
{
    return money_add(a, money_neg(b));
}

static inline fel_money money_add_double(fel_money a, double b)
{
    const fel_money s = money_two_sum(a.hi, b);
    return money_quick_sum(s.hi, s.lo + a.lo);
}

static inline fel_money money_scale(fel_money a, double b)
{
    const fel_money p = money_two_product(a.hi, b);
    return money_quick_sum(p.hi, p.lo + a.lo * b);
}

static inline fel_money money_divide(fel_money a, double b)
{
    const double q1 = a.hi / b;
    const fel_money r1 = money_sub(a, money_two_product(q1, b));
    return money_quick_sum(q1, (r1.hi + r1.lo) / b);
}

static inline int money_less(fel_money a, fel_money b)
{
    return a.hi < b.hi || (a.hi == b.hi && a.lo < b.lo);
}

/* The nearest whole number, ties to even, for |x| < 2^51 (beyond it some other number near x): what
 * rint() gives, without a call on machines older than SSE4.1. */
static inline double money_round(double x)
{
    const double shift = 6755399441055744.0; /* 1.5 x 2^52 */
    return (x + shift) - shift;
}

static inline fel_money money_multiply(fel_money a, fel_money b)
{
    const fel_money p = money_two_product(a.hi, b.hi);
    return money_quick_sum(p.hi, p.lo + (a.hi * b.lo + a.lo * b.hi));
}

/* What turns quantities and prices of an instrument into money. */
typedef struct money_unit {
    double ticks_per_unit; /* 0: no grid */
    double multiplier;
    fel_money tick_value; /* multiplier / ticks_per_unit: no division a trade */
} money_unit;

static inline money_unit money_unit_of(double ticks_per_unit, double multiplier)
{
    const money_unit unit = {
        ticks_per_unit, multiplier,
        ticks_per_unit > 0.0 ? money_divide(money_of(multiplier), ticks_per_unit) : money_of(0.0)};
    return unit;
}

/* quantity x price x multiplier in money. A price on the instrument's grid counts as the exact
 * decimal that it stands for, ticks / ticks_per_unit; any other price as the double that it is. */
static inline fel_money money_value_of(double quantity, double price, const money_unit *unit)
{
    if (unit->ticks_per_unit > 0.0) {
        const double ticks = money_round(price * unit->ticks_per_unit);
        if (ticks / unit->ticks_per_unit == price) {
            return money_multiply(money_two_product(quantity, ticks), unit->tick_value);
        }
    }
    const fel_money m = money_two_product(quantity, price);
    return unit->multiplier == 1.0 ? m : money_scale(m, unit->multiplier);
}

static inline fel_money money_of_trade(double quantity, double price, double ticks_per_unit,
                                       double multiplier)
{
    const money_unit unit = money_unit_of(ticks_per_unit, multiplier);
    return money_value_of(quantity, price, &unit);
}

/* Decimal text with `places` digits after the point, rounded half away from zero on the exact value
 * of hi + lo; always terminated. places <= 15. The one place where money is rounded. */
void money_format(fel_money m, int places, char *text, size_t size);

#endif
