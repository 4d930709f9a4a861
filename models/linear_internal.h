/* models/linear_internal.h - the three products of y = x W': forward, gradient of W, gradient of x,
 * for rows that may be apart. For *_real.c.
 *
 * By the blocks of tile_internal.h, which at these sizes are faster than a library and give the
 * same bits on every processor; by BLAS where columns are no multiple of theirs. */
#ifndef FEL_MODELS_LINEAR_INTERNAL_H
#define FEL_MODELS_LINEAR_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/linear_internal.h belongs to models/"
#endif

#include "models/kernel_internal.h"
#include "models/tile_internal.h"

MODEL_KERNEL(linear_tile, (const tile_job *job));

/* x: rows x n_in, y: rows x n_out, W: n_out x n_in. */
typedef struct linear_map {
    size_t rows, n_in, n_out;
    size_t x_stride, y_stride;
    const void *weight;
    void *room; /* linear_room() numbers; forward alone */
} linear_map;

static inline linear_map linear_of(size_t rows, size_t n_in, size_t n_out, const void *weight)
{
    const linear_map m = {rows, n_in, n_out, n_in, n_out, weight, NULL};
    return m;
}
static inline size_t linear_room(size_t n_in, size_t n_out)
{
    return n_in * n_out;
}

/* y = x W' + bias; bias [n_out] or NULL. */
void linear_forward_f32(const linear_map *m, const float *x, const float *bias, float *y);
void linear_forward_f64(const linear_map *m, const double *x, const double *bias, double *y);
/* y += x W' */
void linear_forward_add_f32(const linear_map *m, const float *x, float *y);
void linear_forward_add_f64(const linear_map *m, const double *x, double *y);
/* d_weight += d_y' x */
void linear_gradient_f32(const linear_map *m, const float *d_y, const float *x, float *d_weight);
void linear_gradient_f64(const linear_map *m, const double *d_y, const double *x, double *d_weight);
/* d_x = d_y W; with `add`: d_x += */
void linear_back_f32(const linear_map *m, const float *d_y, int add, float *d_x);
void linear_back_f64(const linear_map *m, const double *d_y, int add, double *d_x);

/* to[c][r] = from[r][c], both contiguous. */
MODEL_KERNEL(linear_turn, (size_t rows, size_t cols, const void *from, void *to));

#endif
