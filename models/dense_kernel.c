/* models/dense_kernel.c - loops of the dense layer: bias and activation, slopes, sums of columns.
 */
#include <string.h>

#include "core/vmath.h"
#include "models/dense_internal.h"

/* ---- forward --------------------------------------------------------------------------------- */

static void add_bias(const activate_args *args)
{
    const real *restrict bias = args->bias;
    real *values = args->values;
    for (size_t i = 0; bias != NULL && i < args->rows; i++) {
        real *restrict row = values + i * args->cols;
        for (size_t k = 0; k < args->cols; k++) {
            row[k] += bias[k];
        }
    }
}

static void no_activation(const activate_args *args)
{
    add_bias(args);
}

/* NaN stays NaN. */
static void relu(const activate_args *args)
{
    real *restrict values = args->values;
    const size_t n = args->rows * args->cols;
    add_bias(args);
    for (size_t i = 0; i < n; i++) {
        values[i] = values[i] < REAL_C(0.0) ? REAL_C(0.0) : values[i];
    }
}

static void hyperbolic_tangent(const activate_args *args)
{
    real *restrict values = args->values;
    const size_t n = args->rows * args->cols;
    add_bias(args);
    for (size_t i = 0; i < n; i++) {
        values[i] = real_tanh(values[i]);
    }
}

static void gelu(const activate_args *args)
{
    real *restrict values = args->values;
    const size_t n = args->rows * args->cols;
    add_bias(args);
    memcpy(args->before, values, n * sizeof(*values));
    for (size_t i = 0; i < n; i++) {
        const real x = values[i];
        values[i] = x * real_normal_tail(-x);
    }
}

void KERNEL(activate_of)(const activate_args *args)
{
    static void (*const kinds[ACTIVATION_N])(const activate_args *) = {no_activation, relu,
                                                                       hyperbolic_tangent, gelu};
    kinds[args->kind](args);
}

/* ---- backward -------------------------------------------------------------------------------- */

static void relu_slope(const slope_args *args)
{
    const real *restrict y = args->known, *restrict d_out = args->d_out;
    real *restrict d_in = args->d_in;
    for (size_t i = 0; i < args->n; i++) {
        d_in[i] = y[i] > REAL_C(0.0) ? d_out[i] : REAL_C(0.0);
    }
}

static void tangent_slope(const slope_args *args)
{
    const real *restrict y = args->known, *restrict d_out = args->d_out;
    real *restrict d_in = args->d_in;
    for (size_t i = 0; i < args->n; i++) {
        d_in[i] = d_out[i] * (REAL_C(1.0) - y[i] * y[i]);
    }
}

/* Phi(x) + x phi(x). */
static void gelu_slope(const slope_args *args)
{
    const real *restrict x = args->known, *restrict d_out = args->d_out;
    real *restrict d_in = args->d_in;
    for (size_t i = 0; i < args->n; i++) {
        const real below = real_normal_tail(-x[i]);
        const real density = REAL_C(0.39894228040143267794) * real_exp(REAL_C(-0.5) * x[i] * x[i]);
        d_in[i] = d_out[i] * (below + x[i] * density);
    }
}

void KERNEL(activate_slope_of)(const slope_args *args)
{
    static void (*const kinds[ACTIVATION_N])(const slope_args *) = {NULL, relu_slope, tangent_slope,
                                                                    gelu_slope};
    kinds[args->kind](args);
}

/* ---- bias ------------------------------------------------------------------------------------ */

/* Rows are summed in runs before they are added: errors grow with the number of runs, not of rows.
 */
enum { RUN_ROWS = 64, RUN_COLS = 64 };

static void add_run(const real *values, size_t rows, size_t cols, size_t width, real *restrict sums)
{
    real run[RUN_COLS] = {REAL_C(0.0)};
    for (size_t i = 0; i < rows; i++) {
        const real *restrict row = values + i * cols;
        for (size_t k = 0; k < width; k++) {
            run[k] += row[k];
        }
    }
    for (size_t k = 0; k < width; k++) {
        sums[k] += run[k];
    }
}

void KERNEL(add_column_sums_of)(size_t rows, size_t cols, const void *values, void *sums)
{
    const real *from = values;
    real *to = sums;
    for (size_t k = 0; k < cols; k += RUN_COLS) {
        const size_t width = cols - k < RUN_COLS ? cols - k : RUN_COLS;
        for (size_t i = 0; i < rows; i += RUN_ROWS) {
            const size_t n = rows - i < RUN_ROWS ? rows - i : RUN_ROWS;
            add_run(from + i * cols + k, n, cols, width, to + k);
        }
    }
}
