/* models/attention_layer_internal.h - the layer of attention alone: its memory and its passes. */
#ifndef FEL_MODELS_ATTENTION_LAYER_INTERNAL_H
#define FEL_MODELS_ATTENTION_LAYER_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/attention_layer_internal.h belongs to models/"
#endif

#include "models/attention_internal.h"
#include "models/layer_internal.h"

void attention_forward_f32(const layer_pass *pass);
void attention_forward_f64(const layer_pass *pass);
void attention_backward_f32(const layer_pass *pass);
void attention_backward_f64(const layer_pass *pass);

/* Its blocks: projections of a row to queries, keys and values of all heads, one below the other,
 * and from the heads back to a row. */
enum { ATTENTION_QKV = 0, ATTENTION_QKV_BIAS, ATTENTION_OUT, ATTENTION_OUT_BIAS };

/* Heads of n samples with q, k and v side by side in rows. */
attend_shape attention_shape(const layer *l, size_t n);

/* Parts of the cache, in this order, numbers a sample; each begins on a multiple of ROOM_STEP. */
enum { ROOM_STEP = 16 };
typedef struct attention_sizes {
    size_t qkv, weights, mask, inverse, o;
} attention_sizes;
attention_sizes attention_cache(const layer *l);

static inline size_t room_round(size_t n)
{
    return (n + ROOM_STEP - 1) / ROOM_STEP * ROOM_STEP;
}

#endif
