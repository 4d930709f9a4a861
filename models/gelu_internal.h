/* models/gelu_internal.h - the activation between the two matrices of an encoder's feed-forward
 * part, with its slope in the same pass. */
#ifndef FEL_MODELS_GELU_INTERNAL_H
#define FEL_MODELS_GELU_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/gelu_internal.h belongs to models/"
#endif

#include <stddef.h>

#include "models/kernel_internal.h"
#include "models/layer_internal.h"

/* rows x cols, contiguous. */
typedef struct gelu_job {
    size_t rows, cols;
    activation kind;  /* GELU or ReLU */
    const void *bias; /* [cols] */
    const void *mask; /* of dropout, or NULL */
    void *slope;      /* in: x without its bias; out: mask f'(x) */
    void *out;        /* mask f(x) */
} gelu_job;
MODEL_KERNEL(gelu, (const gelu_job *job));

/* d (in place) = d slope; d_bias[cols] += its columns' sums. */
typedef struct gelu_back_job {
    size_t rows, cols;
    const void *slope;
    void *d, *d_bias;
} gelu_back_job;
MODEL_KERNEL(gelu_back, (const gelu_back_job *job));

#endif
