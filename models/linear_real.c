/* models/linear_real.c - products of a linear map. */
#include "models/gemm_internal.h"
#include "models/linear_internal.h"

static int fits(size_t cols)
{
    return cols % TILE_PAD == 0;
}

/* W turned, so that its rows are as long as y's. */
static const real *turned(const linear_map *m)
{
    KERNEL(linear_turn)(m->n_out, m->n_in, m->weight, m->room);
    return m->room;
}

static void forward_tile(const linear_map *m, const real *x, const real *start, size_t start_row,
                         real *y)
{
    KERNEL(linear_tile)
    (&(const tile_job){.rows = m->rows,
                       .cols = m->n_out,
                       .parts = {{x, m->x_stride, 1, m->n_in, 1, 0}, {.repeats = 0}},
                       .b = turned(m),
                       .b_row = m->n_out,
                       .start = start,
                       .start_row = start_row,
                       .c = y,
                       .c_row = m->y_stride});
}

static void forward_blas(const linear_map *m, const real *x, real keep, real *y)
{
    const gemm_shape shape = {m->rows, m->n_out, m->n_in, m->y_stride};
    gemm(shape, 1, gemm_plain(x, m->x_stride), gemm_transposed(m->weight, m->n_in), keep, y);
}

void KERNEL(linear_forward)(const linear_map *m, const real *x, const real *bias, real *y)
{
    if (fits(m->n_out)) {
        forward_tile(m, x, bias, 0, y);
        return;
    }
    forward_blas(m, x, 0, y);
    for (size_t r = 0; bias != NULL && r < m->rows; r++) {
        for (size_t c = 0; c < m->n_out; c++) {
            y[r * m->y_stride + c] += bias[c];
        }
    }
}

void KERNEL(linear_forward_add)(const linear_map *m, const real *x, real *y)
{
    if (fits(m->n_out)) {
        forward_tile(m, x, y, m->y_stride, y);
    } else {
        forward_blas(m, x, 1, y);
    }
}

void KERNEL(linear_gradient)(const linear_map *m, const real *d_y, const real *x, real *d_weight)
{
    if (fits(m->n_in)) {
        KERNEL(linear_tile)
        (&(const tile_job){.rows = m->n_out,
                           .cols = m->n_in,
                           .parts = {{d_y, 1, m->y_stride, m->rows, 1, 0}, {.repeats = 0}},
                           .b = x,
                           .b_row = m->x_stride,
                           .start = d_weight,
                           .start_row = m->n_in,
                           .c = d_weight,
                           .c_row = m->n_in});
        return;
    }
    const gemm_shape shape = {m->n_out, m->n_in, m->rows, m->n_in};
    gemm(shape, 1, gemm_transposed(d_y, m->y_stride), gemm_plain(x, m->x_stride), 1, d_weight);
}

void KERNEL(linear_back)(const linear_map *m, const real *d_y, int add, real *d_x)
{
    if (fits(m->n_in)) {
        KERNEL(linear_tile)
        (&(const tile_job){.rows = m->rows,
                           .cols = m->n_in,
                           .parts = {{d_y, m->y_stride, 1, m->n_out, 1, 0}, {.repeats = 0}},
                           .b = m->weight,
                           .b_row = m->n_in,
                           .start = add ? d_x : NULL,
                           .start_row = m->x_stride,
                           .c = d_x,
                           .c_row = m->x_stride});
        return;
    }
    const gemm_shape shape = {m->rows, m->n_in, m->n_out, m->x_stride};
    gemm(shape, 1, gemm_plain(d_y, m->y_stride), gemm_plain(m->weight, m->n_in),
         add ? REAL_C(1.0) : REAL_C(0.0), d_x);
}
