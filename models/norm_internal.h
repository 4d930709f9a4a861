/* models/norm_internal.h - layer norm of rows (Ba, Kiros and Hinton 2016), alone and together with
 * the sum before it, shared by the layers norm and encoder.
 *
 *   y = (x - mean) rstd scale + bias,  rstd = 1 / sqrt(mean of (x - mean)^2 + 1e-5) */
#ifndef FEL_MODELS_NORM_INTERNAL_H
#define FEL_MODELS_NORM_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/norm_internal.h belongs to models/"
#endif

#include "models/kernel_internal.h"
#include "models/layer_internal.h"

void norm_forward_f32(const layer_pass *pass);
void norm_forward_f64(const layer_pass *pass);
void norm_backward_f32(const layer_pass *pass);
void norm_backward_f64(const layer_pass *pass);
void norm_step_f32(const layer_step *step);
void norm_step_f64(const layer_step *step);

/* Pointers are to reals. `rows` rows of `cols`, contiguous unless a stride is told. */
typedef struct norm_job {
    size_t rows, cols;
    const void *x;
    size_t x_stride;
    const void *scale, *bias; /* [cols] */
    void *y;
    void *stats; /* [rows][2]: mean, rstd; for backward */
} norm_job;
MODEL_KERNEL(norm_rows, (const norm_job *job));

typedef struct norm_back_job {
    size_t rows, cols;
    const void *x;
    size_t x_stride;
    const void *scale, *stats;
    const void *d_y;
    const void *d_sum;      /* [rows][cols] added to d_x, or NULL */
    void *d_x;              /* may be d_y */
    void *d_scale, *d_bias; /* [cols]: added to */
} norm_back_job;
MODEL_KERNEL(norm_rows_back, (const norm_back_job *job));

/* sum = x + (y + bias) mask; next = sum + next_bias unless next is NULL. */
typedef struct residual_job {
    size_t rows, cols;
    const void *x;
    size_t x_stride;
    const void *bias, *mask; /* mask: NULL for none */
    void *sum;               /* in: y */
    const void *next_bias;
    void *next;
} residual_job;
MODEL_KERNEL(residual, (const residual_job *job));

#endif
