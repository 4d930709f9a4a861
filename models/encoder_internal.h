/* models/encoder_internal.h - the encoder block: its blocks of parameters, its memory, its passes.
 *
 * Rows that leave the block are R of a sample's S: all, or the last alone, for which nothing but
 * its keys and values is wanted of the others. */
#ifndef FEL_MODELS_ENCODER_INTERNAL_H
#define FEL_MODELS_ENCODER_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/encoder_internal.h belongs to models/"
#endif

#include "models/attention_internal.h"
#include "models/layer_internal.h"

void encoder_forward_f32(const layer_pass *pass);
void encoder_forward_f64(const layer_pass *pass);
void encoder_backward_f32(const layer_pass *pass);
void encoder_backward_f64(const layer_pass *pass);

enum {
    ENCODER_NORM1 = 0,
    ENCODER_NORM1_BIAS,
    ENCODER_QKV,
    ENCODER_QKV_BIAS,
    ENCODER_PROJECT,
    ENCODER_PROJECT_BIAS,
    ENCODER_NORM2,
    ENCODER_NORM2_BIAS,
    ENCODER_FF1,
    ENCODER_FF1_BIAS,
    ENCODER_FF2,
    ENCODER_FF2_BIAS,
    ENCODER_N_BLOCKS
};

attend_shape encoder_shape(const layer *l, size_t n);

/* What is kept from forward to backward, in this order. */
typedef enum encoder_part {
    PART_NORMED1 = 0, /* S d: input of the projections */
    PART_STATS1,      /* 2 S */
    PART_QKV,         /* 3 S d; LAST: keys and values, 2 S d */
    PART_Q,           /* LAST: d */
    PART_WEIGHTS,     /* see attention_internal.h */
    PART_INVERSE,
    PART_HEADS,  /* R d: what attention put out */
    PART_SUM,    /* R d: x + projected heads */
    PART_STATS2, /* 2 R */
    PART_NORMED2,
    PART_SLOPE, /* R ff */
    PART_HIDDEN,
    PART_MASK_WEIGHTS, /* with dropout alone */
    PART_MASK_ATTENTION,
    PART_MASK_OUT,
    N_PARTS
} encoder_part;

/* Numbers a sample of each; they begin at multiples of ENCODER_STEP. */
enum { ENCODER_STEP = 16 };
void encoder_sizes(const layer *l, size_t sizes[N_PARTS]);

/* Numbers of the largest matrix of weights that one product uses. */
static inline size_t encoder_weights(const layer *l)
{
    const size_t d = l->in_cols, ff = l->sizes[ENCODER_FF];
    return ff > 3 * d ? ff * d : 3 * d * d;
}

static inline size_t encoder_round(size_t n)
{
    return (n + ENCODER_STEP - 1) / ENCODER_STEP * ENCODER_STEP;
}

#endif
