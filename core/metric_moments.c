/* core/metric_moments.c - means, moments and quantiles over the values of a view that are not NaN.
 */
#include <math.h>
#include <string.h>

#include "core/metric_internal.h"
#include "core/sum.h"

size_t count_known(fel_cvec x)
{
    size_t n = 0;
    for (size_t i = 0; i < x.len; i++) {
        n += (size_t)!isnan(x.data[i]);
    }
    return n;
}

double mean_known(fel_cvec x)
{
    running_sum sum = {0};
    size_t n = 0;
    for (size_t i = 0; i < x.len; i++) {
        if (!isnan(x.data[i])) {
            running_add(&sum, x.data[i]);
            n++;
        }
    }
    return n > 0 ? running_value(&sum) / (double)n : NOT_DEFINED;
}

double power_sum_known(fel_cvec x, double centre, int power)
{
    running_sum sum = {0};
    for (size_t i = 0; i < x.len; i++) {
        if (!isnan(x.data[i])) {
            const double d = x.data[i] - centre;
            double term = d;
            for (int k = 1; k < power; k++) {
                term *= d;
            }
            running_add(&sum, term);
        }
    }
    return running_value(&sum);
}

double deviation_known(fel_cvec x)
{
    const size_t n = count_known(x);
    if (n < 2) {
        return NOT_DEFINED;
    }
    return sqrt(power_sum_known(x, mean_known(x), 2) / (double)(n - 1));
}

/* ---- order statistics -------------------------------------------------------------------------
 *
 * Found by bisection over the bit patterns of doubles, whose order as integers is that of the
 * numbers once negative ones are turned round: at most 64 counting passes, no memory, no change of
 * x. */

static uint64_t key_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits >> 63 ? ~bits : bits | (UINT64_C(1) << 63);
}

static double value_of(uint64_t key)
{
    const uint64_t bits = key >> 63 ? key & ~(UINT64_C(1) << 63) : ~key;
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

static size_t count_at_most(fel_cvec x, uint64_t key)
{
    size_t n = 0;
    for (size_t i = 0; i < x.len; i++) {
        n += (size_t)(!isnan(x.data[i]) && key_of(x.data[i]) <= key);
    }
    return n;
}

double nth_known(fel_cvec x, size_t k)
{
    uint64_t low = key_of(-HUGE_VAL), high = key_of(HUGE_VAL);
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (count_at_most(x, middle) > k) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return value_of(low);
}

double nth_by_count(size_t (*count)(const void *what, double bound), const void *what, size_t k)
{
    uint64_t low = key_of(-HUGE_VAL), high = key_of(HUGE_VAL);
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (count(what, value_of(middle)) > k) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return value_of(low);
}

double quantile_known(fel_cvec x, double fraction)
{
    const size_t n = count_known(x);
    if (n == 0) {
        return NOT_DEFINED;
    }
    const double place = fraction * (double)(n - 1);
    const size_t below = (size_t)place;
    const double low = nth_known(x, below);
    if (below + 1 >= n) {
        return low;
    }
    return low + (place - (double)below) * (nth_known(x, below + 1) - low);
}
