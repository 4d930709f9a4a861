/* models/dense_internal.h - the dense layer's passes, and their loops. */
#ifndef FEL_MODELS_DENSE_INTERNAL_H
#define FEL_MODELS_DENSE_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/dense_internal.h belongs to models/"
#endif

#include "models/kernel_internal.h"
#include "models/layer_internal.h"

void dense_forward_f32(const layer_pass *pass);
void dense_forward_f64(const layer_pass *pass);
void dense_backward_f32(const layer_pass *pass);
void dense_backward_f64(const layer_pass *pass);
void dense_step_f32(const layer_step *step);
void dense_step_f64(const layer_step *step);

/* values[rows x cols] = f(values + bias); bias may be NULL. before (GELU alone; else not touched)
 * gets values + bias. */
typedef struct activate_args {
    activation kind;
    size_t rows, cols;
    const void *bias;
    void *values, *before;
} activate_args;
MODEL_KERNEL(activate, (const activate_args *args));

/* d_in[n] = d_out f'. known: what f gave; GELU: what it was given. Not for ACTIVATION_NONE. */
typedef struct slope_args {
    activation kind;
    size_t n;
    const void *known, *d_out;
    void *d_in;
} slope_args;
MODEL_KERNEL(activate_slope, (const slope_args *args));

/* sums[cols] += the sum of rows of values[rows x cols]. */
MODEL_KERNEL(add_column_sums, (size_t rows, size_t cols, const void *values, void *sums));

#endif
