/* hedge/head_kernel.c - the border between a network, whose numbers are floats or doubles in rows
 * of a sample, and P&L, whose numbers are doubles in rows of paths: columns of inputs, heads that
 * turn outputs into positions, and slopes the other way. Positions are worked out in double. */
#include <feller/hedge.h>

#include "core/vmath.h"
#include "hedge/hedge_kernel_internal.h"

void KERNEL(column_put_of)(const column_job *job)
{
    const double *const row = job->row;
    const double shift = job->shift, scale = job->scale;
    real *const out = (real *)job->numbers + job->column;
    const size_t n = job->n, step = job->step;
    ARRAYS_APART
    for (size_t i = 0; i < n; i++) {
        out[i * step] = (real)((row[i] - shift) * scale);
    }
}

void KERNEL(column_add_of)(const column_sum *job)
{
    const real *const in = (const real *)job->numbers + job->column;
    const double scale = job->scale;
    double *const sum = job->sum;
    const size_t n = job->n, step = job->step;
    ARRAYS_APART
    for (size_t i = 0; i < n; i++) {
        sum[i] += (double)in[i * step] * scale;
    }
}

/* A bound and its slope by its own value. */
static inline double bound_of(double x, int bound)
{
    return bound == FEL_HEDGE_TANH       ? tanh_f64(x)
           : bound == FEL_HEDGE_LOGISTIC ? logistic_f64(x)
                                         : x;
}
static inline double bound_slope(double y, int bound)
{
    return bound == FEL_HEDGE_TANH       ? 1.0 - y * y
           : bound == FEL_HEDGE_LOGISTIC ? y * (1.0 - y)
                                         : 1.0;
}
static inline double within(double x, double low, double high)
{
    const double y = x < low ? low : x;
    return y > high ? high : y;
}

/* ---- direct and residual ----------------------------------------------------------------------
 */

static inline __attribute__((always_inline)) void plain_rows(const head_job *job, int bound)
{
    const real *const outputs = (const real *)job->outputs + job->first;
    const double *const base = job->base;
    const double unit = job->unit, low = job->low, high = job->high;
    double *const position = job->position;
    const size_t n = job->n, step = job->step;
    if (base == NULL) {
        ARRAYS_APART
        for (size_t i = 0; i < n; i++) {
            position[i] = within(unit * bound_of((double)outputs[i * step], bound), low, high);
        }
        return;
    }
    ARRAYS_APART
    for (size_t i = 0; i < n; i++) {
        const double own = unit * bound_of((double)outputs[i * step], bound);
        position[i] = within(base[i] + own, low, high);
    }
}

void KERNEL(head_plain_of)(const head_job *job)
{
    if (job->bound == FEL_HEDGE_TANH) {
        plain_rows(job, FEL_HEDGE_TANH);
    } else if (job->bound == FEL_HEDGE_LOGISTIC) {
        plain_rows(job, FEL_HEDGE_LOGISTIC);
    } else {
        plain_rows(job, FEL_HEDGE_FREE);
    }
}

/* A position at its limit has slope 0. */
static inline __attribute__((always_inline)) void plain_rows_back(const head_job *job, int bound)
{
    const real *const outputs = (const real *)job->outputs + job->first;
    real *const d_outputs = (real *)job->d_outputs + job->first;
    const double *const position = job->position, *const d_position = job->d_position;
    const double unit = job->unit, low = job->low, high = job->high;
    const size_t n = job->n, step = job->step;
    ARRAYS_APART
    for (size_t i = 0; i < n; i++) {
        const double y = bound_of((double)outputs[i * step], bound);
        const double slope = d_position[i] * (unit * bound_slope(y, bound));
        const int is_inside = (position[i] > low) & (position[i] < high);
        d_outputs[i * step] = (real)(is_inside ? slope : 0.0);
    }
}

void KERNEL(head_plain_back_of)(const head_job *job)
{
    if (job->bound == FEL_HEDGE_TANH) {
        plain_rows_back(job, FEL_HEDGE_TANH);
    } else if (job->bound == FEL_HEDGE_LOGISTIC) {
        plain_rows_back(job, FEL_HEDGE_LOGISTIC);
    } else {
        plain_rows_back(job, FEL_HEDGE_FREE);
    }
}

/* ---- bands ------------------------------------------------------------------------------------
 */

#define LEAK 0.01 /* max(x, x / 100) */

static inline double leaky(double x)
{
    return x > 0.0 ? x : LEAK * x;
}
static inline double leaky_slope(double x)
{
    return x > 0.0 ? 1.0 : LEAK;
}

/* NaN is handed on. */
void KERNEL(head_band_of)(const head_job *job)
{
    const real *const outputs = (const real *)job->outputs + job->first;
    const double *const base = job->base, *const before = job->before;
    const double unit = job->unit, low = job->low, high = job->high;
    double *const position = job->position;
    const size_t n = job->n, step = job->step;
    ARRAYS_APART
    for (size_t i = 0; i < n; i++) {
        const double lower = base[i] - unit * leaky((double)outputs[i * step]);
        const double upper = base[i] + unit * leaky((double)outputs[i * step + 1]);
        const double middle = 0.5 * (lower + upper), kept = within(before[i], lower, upper);
        const double wish = lower <= upper ? kept : middle;
        position[i] = within(wish, low, high);
    }
}

/* Where the position comes from has the slope: the lower bound, the upper one, both by halves where
 * they are crossed, or the position before. */
void KERNEL(head_band_back_of)(const head_job *job)
{
    const real *const outputs = (const real *)job->outputs + job->first;
    real *const d_outputs = (real *)job->d_outputs + job->first;
    const double *const base = job->base, *const before = job->before,
                        *const d_position = job->d_position, *const position = job->position;
    double *const d_before = job->d_before;
    const double unit = job->unit, low = job->low, high = job->high;
    const size_t n = job->n, step = job->step;
    ARRAYS_APART
    for (size_t i = 0; i < n; i++) {
        const double o1 = (double)outputs[i * step], o2 = (double)outputs[i * step + 1];
        const double lower = base[i] - unit * leaky(o1), upper = base[i] + unit * leaky(o2);
        const int is_inside = (position[i] > low) & (position[i] < high);
        const int is_crossed = lower > upper;
        const double d = is_inside ? d_position[i] : 0.0;
        const double of_lower = is_crossed ? 0.5 : before[i] < lower ? 1.0 : 0.0;
        const double of_upper = is_crossed ? 0.5 : before[i] > upper ? 1.0 : 0.0;
        d_outputs[i * step] = (real)(-d * of_lower * (unit * leaky_slope(o1)));
        d_outputs[i * step + 1] = (real)(d * of_upper * (unit * leaky_slope(o2)));
        d_before[i] += d * (1.0 - of_lower - of_upper);
    }
}

/* ---- gradients --------------------------------------------------------------------------------
 */

enum { PART_STRIP = 256 };

void KERNEL(part_add_of)(const part_sum *job)
{
    const size_t n = job->n;
    for (size_t i = 0; i < n; i += PART_STRIP) {
        const size_t length = n - i < PART_STRIP ? n - i : PART_STRIP;
        double sum[PART_STRIP] = {0};
        for (size_t p = 0; p < job->n_parts; p++) {
            const real *const part = (const real *)job->parts + p * n + i;
            for (size_t e = 0; e < length; e++) {
                sum[e] += (double)part[e];
            }
        }
        real *const out = (real *)job->out + i;
        for (size_t e = 0; e < length; e++) {
            out[e] = (real)(sum[e] * job->factor);
        }
    }
}
