/* models/norm.c - the layer norm: what it needs. No sizes. */
#include "models/norm_internal.h"

MODEL_KERNEL_DEFINE(norm_rows, (const norm_job *job), (job))
MODEL_KERNEL_DEFINE(norm_rows_back, (const norm_back_job *job), (job))
MODEL_KERNEL_DEFINE(residual, (const residual_job *job), (job))

static fel_status plan(layer *l)
{
    l->out_rows = l->in_rows;
    l->out_cols = l->in_cols;
    l->blocks[0] = (layer_block){.name = "scale",
                                 .role = FEL_BLOCK_SCALE,
                                 .init = INIT_ONE,
                                 .rows = l->in_cols,
                                 .cols = 1,
                                 .parts = 1};
    l->blocks[1] = (layer_block){.name = "bias",
                                 .role = FEL_BLOCK_BIAS,
                                 .init = INIT_ZERO,
                                 .rows = l->in_cols,
                                 .cols = 1,
                                 .parts = 1};
    l->n_blocks = 2;
    l->cache_size = 2 * l->in_rows;
    l->scratch_size = l->in_rows * l->in_cols; /* a gradient that nobody wants */
    l->scratch_fixed = 2;                      /* of a step */
    return FEL_OK;
}

const layer_kind layer_norm = {
    .name = "norm",
    .plan = plan,
    .forward = {norm_forward_f32, norm_forward_f64},
    .backward = {norm_backward_f32, norm_backward_f64},
    .step = {norm_step_f32, norm_step_f64},
};
