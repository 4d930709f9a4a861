/* core/sum.h - sums in a fixed order, compensated (Neumaier 1974): the same bits every time. */
#ifndef FEL_CORE_SUM_H
#define FEL_CORE_SUM_H

#include <math.h>

#include <feller/base.h>

typedef struct running_sum {
    double sum, compensation;
} running_sum;

static inline void running_add(running_sum *s, double x)
{
    const double t = s->sum + x;
    s->compensation += fabs(s->sum) >= fabs(x) ? (s->sum - t) + x : (x - t) + s->sum;
    s->sum = t;
}
static inline double running_value(const running_sum *s)
{
    return isfinite(s->sum) ? s->sum + s->compensation : s->sum;
}

/* Sum and mean of a view; the mean of nothing is NaN. */
double sum_of(fel_cvec x);
double mean_of(fel_cvec x);
/* Sample standard deviation with n - ddof in the denominator, two passes; NaN if n <= ddof. */
double deviation_of(fel_cvec x, double ddof);

#endif
