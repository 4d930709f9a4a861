/* models/positions_internal.h - the layer that adds a position to each row, and its passes. */
#ifndef FEL_MODELS_POSITIONS_INTERNAL_H
#define FEL_MODELS_POSITIONS_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/positions_internal.h belongs to models/"
#endif

#include "models/layer_internal.h"

void positions_forward_f32(const layer_pass *pass);
void positions_forward_f64(const layer_pass *pass);
void positions_backward_f32(const layer_pass *pass);
void positions_backward_f64(const layer_pass *pass);

/* table[rows x cols]: sin(t w) in even columns, cos(t w) in odd ones, w = 10000^(-2k / cols) for
 * columns 2k and 2k + 1 (Vaswani et al. 2017, 3.5). */
void positions_sinusoidal_f32(size_t rows, size_t cols, float *table);
void positions_sinusoidal_f64(size_t rows, size_t cols, double *table);

#endif
