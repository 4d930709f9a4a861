/* hedge/problem_cost.c - what one trade costs: a |d| + b d^2 and, if d is not 0, a fixed part. */
#include <math.h>

#include "hedge/hedge_internal.h"

double hedge_cost_of(const fel_hedge_cost *cost, double d, double price, int smooth, double *slope)
{
    const double size = fabs(d), sign = d > 0.0 ? 1.0 : -1.0;
    const double a = cost->per_unit + 1e-4 * cost->proportional_bps * price;
    const double b = 1e-4 * cost->quadratic_bps * price;
    double value = size * (a + b * size), by_size = a + 2.0 * b * size;
    if (smooth && cost->fixed_width > 0.0) {
        const double left = exp(-size / cost->fixed_width);
        value += cost->fixed * (1.0 - left);
        by_size += cost->fixed * left / cost->fixed_width;
    } else if (size > 0.0) {
        value += cost->fixed;
    }
    if (slope != NULL) {
        *slope = size > 0.0 ? sign * by_size : 0.0;
    }
    return value;
}
