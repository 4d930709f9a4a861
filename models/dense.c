/* models/dense.c - the dense layer: what it needs. out = f(in W' + b), each row by itself. */
#include "models/dense_internal.h"

static fel_status plan(layer *l)
{
    const size_t n = l->sizes[DENSE_OUTPUTS], act = l->sizes[DENSE_ACTIVATION];
    const int is_he = act == ACTIVATION_RELU && !l->sizes[DENSE_GLOROT];
    l->out_rows = l->in_rows;
    l->out_cols = n;
    l->blocks[0] = (layer_block){.name = "weight",
                                 .role = FEL_BLOCK_WEIGHT,
                                 .init = is_he ? INIT_HE : INIT_GLOROT,
                                 .rows = n,
                                 .cols = l->in_cols,
                                 .parts = 1,
                                 .penalty = l->penalty};
    l->blocks[1] = (layer_block){.name = "bias",
                                 .role = FEL_BLOCK_BIAS,
                                 .init = INIT_ZERO,
                                 .rows = n,
                                 .cols = 1,
                                 .parts = 1};
    l->n_blocks = l->sizes[DENSE_NO_BIAS] ? 1 : 2;
    /* GELU's slope needs what went into it. */
    l->cache_size = act == ACTIVATION_GELU ? l->in_rows * n : 0;
    l->scratch_size = act == ACTIVATION_NONE ? 0 : l->in_rows * n;
    l->flops = 2.0 * (double)l->in_rows * (double)l->in_cols * (double)n;
    return FEL_OK;
}

const layer_kind layer_dense = {
    .name = "dense",
    .plan = plan,
    .forward = {dense_forward_f32, dense_forward_f64},
    .backward = {dense_backward_f32, dense_backward_f64},
    .step = {dense_step_f32, dense_step_f64},
};
