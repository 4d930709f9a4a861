/* core/sum.c - sums, means and deviations, always from the first item to the last. */
#include "core/sum.h"

double sum_of(fel_cvec x)
{
    running_sum s = {0.0, 0.0};
    for (size_t i = 0; i < x.len; i++) {
        running_add(&s, x.data[i]);
    }
    return running_value(&s);
}

double mean_of(fel_cvec x)
{
    return x.len == 0 ? (double)NAN : sum_of(x) / (double)x.len;
}

/* Chan, Golub, LeVeque (1983): the second pass subtracts what the mean's rounding left over. */
double deviation_of(fel_cvec x, double ddof)
{
    const double n = (double)x.len;
    if (!(n > ddof)) {
        return (double)NAN;
    }
    const double mean = mean_of(x);
    running_sum squares = {0.0, 0.0}, rest = {0.0, 0.0};
    for (size_t i = 0; i < x.len; i++) {
        const double d = x.data[i] - mean;
        running_add(&squares, d * d);
        running_add(&rest, d);
    }
    const double left = running_value(&rest);
    const double variance = (running_value(&squares) - left * left / n) / (n - ddof);
    return variance < 0.0 ? 0.0 : sqrt(variance);
}
