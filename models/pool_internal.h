/* models/pool_internal.h - passes that make one row of many. */
#ifndef FEL_MODELS_POOL_INTERNAL_H
#define FEL_MODELS_POOL_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/pool_internal.h belongs to models/"
#endif

#include "models/layer_internal.h"

#define POOL_PASSES(name)                                                                          \
    void name##_forward_f32(const layer_pass *pass);                                               \
    void name##_forward_f64(const layer_pass *pass);                                               \
    void name##_backward_f32(const layer_pass *pass);                                              \
    void name##_backward_f64(const layer_pass *pass)

POOL_PASSES(pool_last);
POOL_PASSES(pool_mean);
POOL_PASSES(pool_flatten);
POOL_PASSES(pool_mean_cols);
void pool_last_step_f32(const layer_step *step);
void pool_last_step_f64(const layer_step *step);

#endif
