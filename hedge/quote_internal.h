/* hedge/quote_internal.h - tables of quoted options: their coordinates.
 *
 * With forward F, strike K, m = F / K and the model's total variance to expiry w^2 = a v + b, a
 * call's price over K x discount is max(m - 1, 0) + tv, tv the time value (a put's likewise). What
 * is kept is
 *   g = (tv - h) / w,   h = (sqrt((m - 1)^2 + w^2) - |m - 1|) / 2,
 * smooth where tv has its kink and of order 1 or less everywhere, at equal steps of
 *   t = asinh(ln m / w)   and   s = ln w^2,
 * cubic interpolation in both. What is interpolated is w times something, so that the error in
 * money falls with the time that is left, as it must. */
#ifndef FEL_HEDGE_QUOTE_INTERNAL_H
#define FEL_HEDGE_QUOTE_INTERNAL_H

#ifndef FEL_MODULE_HEDGE
#error "hedge/quote_internal.h belongs to hedge/"
#endif

#include <math.h>

#include "hedge/hedge_kernel_internal.h"
#include "hedge/market_internal.h"

enum { QUOTE_TAPS = 4 };

/* Equal steps from `first` on. */
typedef struct quote_axis {
    double first, step;
    size_t n;
} quote_axis;

/* One date's terms. */
typedef struct quote_date {
    double left_years, growth, discount; /* F = growth x S */
    double a, b;                         /* total variance a v + b; b > 0 */
    quote_axis t, s;
} quote_date;

struct quote_table {
    fel_process process;
    fel_option_right right;
    double strike;
    double max_variance, max_log; /* beyond: by Fourier, path by path */
    double least_m, most_m;       /* exp(-max_log), exp(max_log) */
    size_t n_dates;               /* that have time left */
    quote_date *dates;            /* owned; axes of the same lengths */
    double *values;               /* [date][s][t]; owned */
};

/* h: a time value of about the right shape. */
static inline double quote_shape(double m, double w)
{
    const double d = fabs(m - 1.0);
    return d < 1e100 ? 0.5 * w * w / (sqrt(d * d + w * w) + d) : 0.0;
}

/* Weights of the four points around x; *at: the first of them. */
static inline void quote_weights(const quote_axis *axis, double x, size_t *at,
                                 double weights[QUOTE_TAPS])
{
    const double position = (x - axis->first) / axis->step;
    const double most = (double)(axis->n - QUOTE_TAPS);
    double cell = floor(position) - 1.0;
    cell = cell > 0.0 ? cell : 0.0;
    cell = cell < most ? cell : most;
    const double r = position - cell - 1.0; /* 0 at the second point */
    *at = (size_t)cell;
    weights[0] = -r * (r - 1.0) * (r - 2.0) / 6.0;
    weights[1] = (r + 1.0) * (r - 1.0) * (r - 2.0) / 2.0;
    weights[2] = -(r + 1.0) * r * (r - 2.0) / 2.0;
    weights[3] = (r + 1.0) * r * (r - 1.0) / 6.0;
}

/* g at a point of a date's values. */
static inline double quote_interpolate(const quote_date *date, const double *values, double t,
                                       double s)
{
    double by_t[QUOTE_TAPS], by_s[QUOTE_TAPS] = {1.0, 0.0, 0.0, 0.0};
    size_t at_t = 0, at_s = 0, rows = 1;
    quote_weights(&date->t, t, &at_t, by_t);
    if (date->s.n > 1) {
        quote_weights(&date->s, s, &at_s, by_s);
        rows = QUOTE_TAPS;
    }
    double sum = 0.0;
    for (size_t i = 0; i < rows; i++) {
        const double *row = values + (at_s + i) * date->t.n + at_t;
        sum +=
            by_s[i] * (by_t[0] * row[0] + by_t[1] * row[1] + by_t[2] * row[2] + by_t[3] * row[3]);
    }
    return sum;
}

/* ---- looking up: instrument_quote_kernel.c --------------------------------------------------- */

typedef struct quote_job {
    const quote_date *date;
    const double *values; /* of the date */
    const double *spot, *variance;
    size_t n;
    double sign, to_m, unit; /* +1: call; m over spot; strike x discount */
    double *price;           /* anything where the table does not reach */
} quote_job;
HEDGE_KERNEL_F64(quote_look_up, (const quote_job *job));

#endif
