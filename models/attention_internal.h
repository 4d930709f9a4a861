/* models/attention_internal.h - attention of heads over the rows of their sample, forward and
 * backward, as kernels shared by the layers attention and encoder.
 *
 * For a head, with queries q_i, keys k_j, values v_j of `width` numbers:
 *   s_ij = (q_i . k_j) / sqrt(width),  p_ij = exp(s_ij - max_j s_ij),  w_ij = p_ij / sum_j p_ij
 *   o_i  = sum_j w_ij m_ij v_j         (m: the mask of dropout)
 * Causal: j <= i. The matrix p lies transposed, p[j][i], its rows padded to `lane_queries`: queries
 * are the lanes, so that maxima and sums over j need no shuffling. */
#ifndef FEL_MODELS_ATTENTION_INTERNAL_H
#define FEL_MODELS_ATTENTION_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/attention_internal.h belongs to models/"
#endif

#include <stddef.h>

#include "models/kernel_internal.h"

/* Sizes of one pass; numbers are reals. */
typedef struct attend_shape {
    size_t samples, heads, width;
    size_t keys;    /* rows of a sample */
    size_t queries; /* keys, or 1: the last row alone asks */
    int causal;
    size_t q_row, kv_row, o_row;          /* distances of rows; head h begins h x width later */
    size_t q_sample, kv_sample, o_sample; /* distances of samples */
} attend_shape;

typedef struct attend_job {
    attend_shape shape;
    const void *q, *k, *v;
    void *weights;    /* [samples][heads][attend_weights()]: p, kept for backward */
    void *inverse;    /* [samples][heads][attend_lanes()]: 1 / sum of p, kept for backward */
    const void *mask; /* like weights: 0 or 1 / (1 - rate); NULL: none */
    void *o;
    void *scratch; /* attend_scratch() */
    /* Backward alone: set, all of them. */
    const void *d_o;
    void *d_q, *d_k, *d_v;
} attend_job;

MODEL_KERNEL(attend, (const attend_job *job));
MODEL_KERNEL(attend_back, (const attend_job *job));

/* A size rounded up to whole groups of lanes. */
static inline size_t attend_round(size_t n)
{
    return (n + 7) / 8 * 8;
}
static inline size_t attend_lanes(const attend_shape *s)
{
    return attend_round(s->queries);
}
/* Numbers of one head's p; after them as many as a vector may read too far. */
static inline size_t attend_weights(const attend_shape *s)
{
    return s->keys * attend_lanes(s);
}
/* Numbers of scratch of one pass, whatever its samples. */
size_t attend_scratch(const attend_shape *s);

/* c = factor a b for small matrices: a(r, k) at a[r a_row + k a_inner]; rows of b and c, `cols` of
 * them rounded up to lanes, are contiguous. */
typedef enum small_band {
    SMALL_FULL = 0,
    SMALL_COLS_FROM_ROW = 1, /* of c, only columns >= row are wanted (rounded to blocks) */
    SMALL_INNER_TO_ROW = 2,  /* a(r, k) is 0 for k > r */
    SMALL_INNER_FROM_ROW = 3 /* a(r, k) is 0 for k < r */
} small_band;

typedef struct small_product {
    size_t rows, cols, inner;
    const void *a, *b;
    void *c;
    size_t a_row, a_inner, b_row, c_row;
    double factor;
    small_band band;
} small_product;
KERNEL_DECLARE(void, small_multiply, f32, (const small_product *job));
KERNEL_DECLARE(void, small_multiply, f64, (const small_product *job));

#endif
