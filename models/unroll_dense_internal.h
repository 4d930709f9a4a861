/* models/unroll_dense_internal.h - dense layers of an unrolled network. */
#ifndef FEL_MODELS_UNROLL_DENSE_INTERNAL_H
#define FEL_MODELS_UNROLL_DENSE_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/unroll_dense_internal.h belongs to models/"
#endif

#include "models/tile_internal.h"
#include "models/unroll_internal.h"

/* One set of parameters, packed: weights, bias, weights of the way back to live inputs; of
 * gradients: weights, bias. */
static inline size_t unroll_dense_bias_at(const layer *l)
{
    return l->in_cols * tile_round(l->out_cols);
}
static inline size_t unroll_dense_live_at(const layer *l)
{
    return unroll_dense_bias_at(l) + tile_round(l->out_cols);
}

#define UNROLL_DENSE_DECLARE(precision)                                                            \
    void unroll_dense_pack_##precision(const unroll_layer *l, const void *params, int back,        \
                                       void *packed);                                              \
    void unroll_dense_unpack_##precision(const unroll_layer *l, const void *kept, void *gradient); \
    void unroll_dense_forward_##precision(const unroll_step *step);                                \
    void unroll_dense_slopes_##precision(const unroll_step *step);                                 \
    void unroll_dense_gradients_##precision(const unroll_step *step);                              \
    void unroll_dense_show_##precision(const unroll_step *step, fel_layer_use *use);               \
    void unroll_narrow_unpack_##precision(const unroll_layer *l, const void *kept,                 \
                                          void *gradient);                                         \
    void unroll_narrow_forward_##precision(const unroll_step *step);                               \
    void unroll_narrow_slopes_##precision(const unroll_step *step);                                \
    void unroll_narrow_gradients_##precision(const unroll_step *step);                             \
    void unroll_narrow_show_##precision(const unroll_step *step, fel_layer_use *use)
UNROLL_DENSE_DECLARE(f32);
UNROLL_DENSE_DECLARE(f64);

#endif
