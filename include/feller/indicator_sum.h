/* feller/indicator_sum.h - part of indicator.h: sums without drift, and the ring behind every
 * window.
 */
#ifndef FEL_INDICATOR_SUM_H
#define FEL_INDICATOR_SUM_H

#include <math.h>

#include <feller/base.h>

FEL_BEGIN_DECLS

enum { FEL_INDICATOR_MAX_LENGTH = 1 << 24 };

/* ---- sums ------------------------------------------------------------------------------------ */

/* A sum hi with the rounding errors of all additions in lo (Knuth, TAOCP 2, 4.2.2, theorem B). The
 * errors are whole multiples of the smallest bit ever added, so lo is exact too unless the terms
 * differ by more than about 2^50 in size: what was added and taken away again leaves nothing. */
typedef struct fel_sum {
    double hi, lo;
} fel_sum;

static inline void fel_sum_add(fel_sum *sum, double x)
{
    const double hi = sum->hi + x;
    const double part = hi - sum->hi;
    sum->lo += (sum->hi - (hi - part)) + (x - part);
    sum->hi = hi;
}

static inline double fel_sum_value(const fel_sum *sum)
{
    return sum->hi + sum->lo;
}

/* a x b as hi + lo exactly (Dekker 1971), for |a|, |b| below 2^995. */
static inline fel_sum fel_sum_of_product(double a, double b)
{
    const double split = 134217729.0; /* 2^27 + 1 */
    const double ta = split * a, tb = split * b;
    const double ah = ta - (ta - a), bh = tb - (tb - b);
    const double al = a - ah, bl = b - bh;
    fel_sum p;
    p.hi = a * b;
    p.lo = ((ah * bh - p.hi) + ah * bl + al * bh) + al * bl;
    return p;
}

static inline void fel_sum_add_product(fel_sum *sum, double a, double b)
{
    const fel_sum p = fel_sum_of_product(a, b);
    fel_sum_add(sum, p.hi);
    fel_sum_add(sum, p.lo);
}

/* Add n x x for a whole number |n| <= 2^26: half the work. */
static inline void fel_sum_add_multiple(fel_sum *sum, double n, double x)
{
    const double t = 134217729.0 * x;
    const double high = t - (t - x);
    const double product = n * x;
    fel_sum_add(sum, product);
    fel_sum_add(sum, (n * high - product) + n * (x - high));
}

/* n x a - b x c, the building block of variances and covariances, as the double nearest to it; 0
 * where the difference is lost in the last bits (2^-96 of the products). */
static inline double fel_sum_cross(double n, const fel_sum *a, const fel_sum *b, const fel_sum *c)
{
    const double a_hi = fel_sum_value(a), b_hi = fel_sum_value(b), c_hi = fel_sum_value(c);
    const double a_lo = (a->hi - a_hi) + a->lo;
    const double b_lo = (b->hi - b_hi) + b->lo;
    const double c_lo = (c->hi - c_hi) + c->lo;
    const fel_sum p = fel_sum_of_product(n, a_hi);
    const fel_sum q = fel_sum_of_product(b_hi, c_hi);
    const double low = (p.lo - q.lo) + (n * a_lo - (b_hi * c_lo + b_lo * c_hi));
    const double difference = (p.hi - q.hi) + low;
    return fabs(difference) <= 0x1p-96 * fabs(q.hi) ? 0.0 : difference;
}

/* ---- the last n values ----------------------------------------------------------------------- */

/* A ring of the last n values: push one, get back the one of n pushes before. */
typedef struct fel_lag {
    double *ring;
    size_t length, next, n_seen; /* n_seen stops at length */
} fel_lag;

static inline size_t fel_lag_size_bytes(size_t n)
{
    return n * sizeof(double);
}

static inline void fel_lag_init(fel_lag *lag, void *memory, size_t n)
{
    lag->ring = (double *)memory;
    lag->length = n;
    lag->next = 0;
    lag->n_seen = 0;
    for (size_t i = 0; i < n; i++) {
        lag->ring[i] = 0.0;
    }
}

/* Have n values been pushed, so that the next push gives one back? */
static inline int fel_lag_is_full(const fel_lag *lag)
{
    return lag->n_seen == lag->length;
}

/* The value that this one pushes out; 0 while the ring is not full. */
static inline double fel_lag_swap(fel_lag *lag, double x)
{
    const double leaves = lag->ring[lag->next];
    const size_t after = lag->next + 1;
    lag->ring[lag->next] = x;
    lag->next = after == lag->length ? 0 : after;
    lag->n_seen += lag->n_seen < lag->length;
    return leaves;
}

/* The value of n pushes ago, NaN if there were not so many. Momentum is x - it, rate of change
 * x / it - 1. */
static inline double fel_lag_push(fel_lag *lag, double x)
{
    const int is_full = fel_lag_is_full(lag);
    const double leaves = fel_lag_swap(lag, x);
    return is_full ? leaves : (double)NAN;
}

/* Multiply what is kept: after a split, prices from before it by 1 / ratio. Every indicator over
 * prices has a rescale of its own, which leaves it as if all it saw had been so multiplied. */
static inline void fel_lag_rescale(fel_lag *lag, double factor)
{
    for (size_t i = 0; i < lag->length; i++) {
        lag->ring[i] *= factor;
    }
}

/* The value pushed k pushes before the latest (0: the latest itself); k < n. NaN if there is none.
 */
static inline double fel_lag_at(const fel_lag *lag, size_t k)
{
    if (k >= lag->n_seen) {
        return (double)NAN;
    }
    const size_t back = k + 1;
    return lag->ring[lag->next >= back ? lag->next - back : lag->next + lag->length - back];
}

FEL_END_DECLS
#endif
