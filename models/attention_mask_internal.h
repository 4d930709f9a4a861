/* models/attention_mask_internal.h - dropout inside attention and the encoder. */
#ifndef FEL_MODELS_ATTENTION_MASK_INTERNAL_H
#define FEL_MODELS_ATTENTION_MASK_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/attention_mask_internal.h belongs to models/"
#endif

#include "models/attention_internal.h"
#include "models/layer_internal.h"

/* Where draws of one layer differ: DROPOUT_SITE(place, ...). */
enum { DROP_WEIGHTS = 0, DROP_ATTENTION = 1, DROP_HIDDEN = 2, DROP_OUT = 3 };

/* A mask like the weights of attention, at the layer's rate. */
void attend_mask_f32(const attend_shape *shape, const fel_dropout *dropout, const layer *l,
                     float *mask);
void attend_mask_f64(const attend_shape *shape, const fel_dropout *dropout, const layer *l,
                     double *mask);

/* A mask of samples x rows x cols, at the layer's rate. */
typedef struct rows_mask {
    size_t samples, rows, cols;
    uint32_t site;
} rows_mask;
void rows_mask_f32(const rows_mask *what, const fel_dropout *dropout, const layer *l, float *mask);
void rows_mask_f64(const rows_mask *what, const fel_dropout *dropout, const layer *l, double *mask);

#endif
