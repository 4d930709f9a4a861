/* models/norm_real.c - passes of the layer norm. Rows are alike, whatever their layout. */
#include "models/norm_internal.h"

void KERNEL(norm_forward)(const layer_pass *pass)
{
    const layer *l = pass->layer;
    const real *params = pass->params;
    KERNEL(norm_rows)
    (&(const norm_job){.rows = pass->n * l->in_rows,
                       .cols = l->in_cols,
                       .x = pass->in,
                       .x_stride = l->in_cols,
                       .scale = params + l->blocks[0].offset,
                       .bias = params + l->blocks[1].offset,
                       .y = pass->out,
                       .stats = pass->cache});
}

void KERNEL(norm_backward)(const layer_pass *pass)
{
    const layer *l = pass->layer;
    const real *params = pass->params;
    real *gradient = pass->gradient;
    KERNEL(norm_rows_back)
    (&(const norm_back_job){.rows = pass->n * l->in_rows,
                            .cols = l->in_cols,
                            .x = pass->in,
                            .x_stride = l->in_cols,
                            .scale = params + l->blocks[0].offset,
                            .stats = pass->cache,
                            .d_y = pass->d_out,
                            .d_x = pass->d_in != NULL ? pass->d_in : pass->scratch,
                            .d_scale = gradient + l->blocks[0].offset,
                            .d_bias = gradient + l->blocks[1].offset});
}

void KERNEL(norm_step)(const layer_step *step)
{
    const layer *l = step->layer;
    const real *params = step->params;
    KERNEL(norm_rows)
    (&(const norm_job){.rows = 1,
                       .cols = l->in_cols,
                       .x = step->in,
                       .x_stride = l->in_cols,
                       .scale = params + l->blocks[0].offset,
                       .bias = params + l->blocks[1].offset,
                       .y = step->out,
                       .stats = step->scratch});
}
