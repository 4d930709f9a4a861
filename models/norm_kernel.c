/* models/norm_kernel.c - layer norm of rows and its gradient; the residual sum before it.
 *
 * With h = (x - mean) rstd and g = d_y scale:
 *   d_x = rstd (g - mean(g) - h mean(g h)),  d_scale = sum of d_y h,  d_bias = sum of d_y
 * Sums over a row are eight partial sums, put together in one order. */
#include "core/vmath.h"
#include "models/lanes_internal.h"
#include "models/norm_internal.h"

#if REAL_BITS == 32
#define ROOT(x) __builtin_sqrtf(x)
#else
#define ROOT(x) __builtin_sqrt(x)
#endif
#define EPSILON REAL_C(1e-5)

/* One group of lanes of a row, whole or its end. */
LANES_INLINE lanes load_at(const real *row, size_t c, size_t cols)
{
    return c + LANES <= cols ? lanes_load(row + c) : lanes_load_part(row + c, cols - c);
}
LANES_INLINE void store_at(real *row, size_t c, size_t cols, lanes x)
{
    if (c + LANES <= cols) {
        lanes_store(row + c, x);
    } else {
        lanes_store_part(row + c, x, cols - c);
    }
}

static real mean_of(const real *row, size_t cols)
{
    lanes sum = lanes_all(0);
    for (size_t c = 0; c < cols; c += LANES) {
        sum += load_at(row, c, cols);
    }
    return lanes_sum(sum) / (real)cols;
}

static real variance_of(const real *row, size_t cols, real mean)
{
    const lanes middle = lanes_all(mean);
    lanes sum = lanes_all(0);
    size_t c = 0;
    for (; c + LANES <= cols; c += LANES) {
        const lanes d = lanes_load(row + c) - middle;
        sum = lanes_fma(d, d, sum);
    }
    if (c < cols) {
        lanes end = middle;
        memcpy(&end, row + c, (cols - c) * sizeof(real));
        const lanes d = end - middle;
        sum = lanes_fma(d, d, sum);
    }
    return lanes_sum(sum) / (real)cols;
}

void KERNEL(norm_rows_of)(const norm_job *job)
{
    const size_t cols = job->cols;
    const real *scale = job->scale, *bias = job->bias;
    real *stats = job->stats;
    for (size_t r = 0; r < job->rows; r++) {
        const real *x = (const real *)job->x + r * job->x_stride;
        real *y = (real *)job->y + r * cols;
        const real mean = mean_of(x, cols);
        const real rstd = 1 / ROOT(variance_of(x, cols, mean) + EPSILON);
        stats[2 * r] = mean;
        stats[2 * r + 1] = rstd;
        ARRAYS_APART
        for (size_t c = 0; c < cols; c++) {
            y[c] = REAL_FMA((x[c] - mean) * rstd, scale[c], bias[c]);
        }
    }
}

/* One row of backward as its loops see it. */
typedef struct back_row {
    size_t cols;
    const real *x, *scale, *d_y, *d_sum;
    real *d_x, *d_scale, *d_bias;
    real mean, rstd;
} back_row;

/* Means of g and g h; sums over rows of d_y h and d_y. */
static void sum_row(const back_row *b, real *mean_g, real *mean_gh)
{
    const size_t cols = b->cols;
    const lanes mean = lanes_all(b->mean), rstd = lanes_all(b->rstd);
    lanes sum_g = lanes_all(0), sum_gh = lanes_all(0);
    for (size_t c = 0; c < cols; c += LANES) {
        const lanes d = load_at(b->d_y, c, cols);
        const lanes h = (load_at(b->x, c, cols) - mean) * rstd;
        const lanes g = d * load_at(b->scale, c, cols);
        sum_g += g;
        sum_gh = lanes_fma(g, h, sum_gh);
        store_at(b->d_scale, c, cols, lanes_fma(d, h, load_at(b->d_scale, c, cols)));
        store_at(b->d_bias, c, cols, d + load_at(b->d_bias, c, cols));
    }
    *mean_g = lanes_sum(sum_g) / (real)cols;
    *mean_gh = lanes_sum(sum_gh) / (real)cols;
}

static void slope_row(const back_row *b, real mean_g, real mean_gh)
{
    for (size_t c = 0; c < b->cols; c++) {
        const real h = (b->x[c] - b->mean) * b->rstd;
        const real g = REAL_FMA(b->d_y[c], b->scale[c], -mean_g);
        b->d_x[c] = REAL_FMA(-h, mean_gh, g) * b->rstd;
    }
}

static void add_row(const back_row *b)
{
    for (size_t c = 0; c < b->cols; c++) {
        b->d_x[c] += b->d_sum[c];
    }
}

void KERNEL(norm_rows_back_of)(const norm_back_job *job)
{
    const size_t cols = job->cols;
    const real *stats = job->stats;
    for (size_t r = 0; r < job->rows; r++) {
        const back_row b = {.cols = cols,
                            .x = (const real *)job->x + r * job->x_stride,
                            .scale = job->scale,
                            .d_y = (const real *)job->d_y + r * cols,
                            .d_sum =
                                job->d_sum != NULL ? (const real *)job->d_sum + r * cols : NULL,
                            .d_x = (real *)job->d_x + r * cols,
                            .d_scale = job->d_scale,
                            .d_bias = job->d_bias,
                            .mean = stats[2 * r],
                            .rstd = stats[2 * r + 1]};
        real mean_g = 0, mean_gh = 0;
        sum_row(&b, &mean_g, &mean_gh);
        slope_row(&b, mean_g, mean_gh);
        if (b.d_sum != NULL) {
            add_row(&b);
        }
    }
}

void KERNEL(residual_of)(const residual_job *job)
{
    const size_t cols = job->cols;
    const real *bias = job->bias, *next_bias = job->next_bias;
    for (size_t r = 0; r < job->rows; r++) {
        const real *x = (const real *)job->x + r * job->x_stride;
        real *sum = (real *)job->sum + r * cols;
        if (job->mask != NULL) {
            const real *mask = (const real *)job->mask + r * cols;
            ARRAYS_APART
            for (size_t c = 0; c < cols; c++) {
                sum[c] = REAL_FMA(sum[c] + bias[c], mask[c], x[c]);
            }
        } else {
            ARRAYS_APART
            for (size_t c = 0; c < cols; c++) {
                sum[c] = x[c] + (sum[c] + bias[c]);
            }
        }
        if (job->next != NULL) {
            real *next = (real *)job->next + r * cols;
            ARRAYS_APART
            for (size_t c = 0; c < cols; c++) {
                next[c] = sum[c] + next_bias[c];
            }
        }
    }
}
