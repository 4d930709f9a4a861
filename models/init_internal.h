/* models/init_internal.h - the first values of parameters: what init_real.c and its kernel share.
 */
#ifndef FEL_MODELS_INIT_INTERNAL_H
#define FEL_MODELS_INIT_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/init_internal.h belongs to models/"
#endif

#include "models/kernel_internal.h"

/* n vectors of n numbers or more, `step` apart within a vector, `vector_step` from one to the next,
 * are made orthonormal, each keeping its direction as far as the ones before it allow. */
typedef struct orthogonal_args {
    void *values;
    size_t n_vectors, n, vector_step, step;
} orthogonal_args;

MODEL_KERNEL(make_orthonormal, (const orthogonal_args *args));

#endif
