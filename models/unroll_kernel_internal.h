/* models/unroll_kernel_internal.h - products of a dense layer at one date.
 *
 * W[n_out][n_in] is packed in panels of up to 64 columns of outputs, rounded to 16:
 * [panel][n_in][width]; for the way back in panels of inputs: [panel][n_out][width]. */
#ifndef FEL_MODELS_UNROLL_KERNEL_INTERNAL_H
#define FEL_MODELS_UNROLL_KERNEL_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/unroll_kernel_internal.h belongs to models/"
#endif

#include "models/kernel_internal.h"
#include "models/tile_internal.h"

/* Packing: a matrix whose element (row, col) is at row row_step + col col_step to panels
 * [panel][row][width], 0 in the padding. Unpacking: from panels, added. */
typedef struct panel_args {
    size_t rows, cols;
    size_t row_step, col_step;
    const void *from;
    void *to;
} panel_args;
MODEL_KERNEL(panel_pack, (const panel_args *args));
MODEL_KERNEL(panel_unpack, (const panel_args *args));

/* c[rows][cols] = a b + start, b in panels: a [rows][inner]. */
typedef struct panel_product_args {
    size_t rows, cols, inner;
    const void *a, *b, *start; /* start: [cols rounded], the same for all rows; NULL: 0 */
    void *c;                   /* rows `cols` apart */
} panel_product_args;
MODEL_KERNEL(panel_product, (const panel_product_args *args));

/* panels += a' b: a [n][rows], b [n][cols rounded], panels of columns of b. */
typedef struct panel_outer_args {
    size_t rows, cols, n;
    const void *a, *b;
    void *panels;
} panel_outer_args;
MODEL_KERNEL(panel_outer, (const panel_outer_args *args));

/* to[n][cols rounded] = from[n][cols], 0 in the padding. */
MODEL_KERNEL(panel_pad, (size_t n, size_t cols, const void *from, void *to));

/* ---- few columns ----------------------------------------------------------------------------- */

/* y[n][n_out] = bias + x W' for n_out <= UNROLL_NARROW: W[n_out][w_row]. The terms of a row of x
 * lie in `parts` as those of a product in tile_internal.h (inner 1); those of W one after the
 * other. */
typedef struct narrow_args {
    size_t n, n_out;
    tile_part parts[2];
    const void *weight, *bias; /* bias: NULL: 0 */
    size_t weight_row;
    void *y;
} narrow_args;
MODEL_KERNEL(narrow_forward, (const narrow_args *args));

/* d_x[n][live] = d_y W, the last `live` columns of W[n_out][n_in]. */
typedef struct narrow_back_args {
    size_t n, n_in, n_out, live;
    const void *weight, *d_y;
    void *d_x;
} narrow_back_args;
MODEL_KERNEL(narrow_back, (const narrow_back_args *args));

/* d_weight[n_out][n_in] += d_y' x, d_bias[n_out] += the sums of d_y. */
typedef struct narrow_gradient_args {
    size_t n, n_in, n_out;
    const void *x, *d_y;
    void *d_weight, *d_bias;
} narrow_gradient_args;
MODEL_KERNEL(narrow_gradient, (const narrow_gradient_args *args));

#endif
