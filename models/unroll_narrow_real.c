/* models/unroll_narrow_real.c - a dense layer of few outputs and no activation at one date: a
 * hedger's head. */
#include "models/unroll_dense_internal.h"
#include "models/unroll_kernel_internal.h"

/* Gradients lie as they will. */
void KERNEL(unroll_narrow_unpack)(const unroll_layer *l, const void *kept, void *gradient)
{
    const real *from = kept;
    real *to = gradient;
    for (size_t i = 0; i < l->gradient_size; i++) {
        to[i] += from[i];
    }
}

void KERNEL(unroll_narrow_forward)(const unroll_step *step)
{
    const layer *d = step->layer->layer;
    const real *params = step->params;
    const narrow_args args = {
        .n = step->unroll->n,
        .n_out = d->out_cols,
        .parts = {{step->in, d->in_cols, 1, d->in_cols, 1, 0}, {.repeats = 0}},
        .weight = params,
        .bias = params + d->blocks[1].offset,
        .weight_row = d->in_cols,
        .y = unroll_at(&step->layer->out, unroll_slot(step->unroll, step->date)),
    };
    KERNEL(narrow_forward)(&args);
}

void KERNEL(unroll_narrow_slopes)(const unroll_step *step)
{
    const layer *d = step->layer->layer;
    const narrow_back_args args = {.n = step->unroll->n,
                                   .n_in = d->in_cols,
                                   .n_out = d->out_cols,
                                   .live = step->layer->live,
                                   .weight = step->params,
                                   .d_y = step->d_out,
                                   .d_x = step->d_in};
    if (step->d_in != NULL) {
        KERNEL(narrow_back)(&args);
    }
}

void KERNEL(unroll_narrow_gradients)(const unroll_step *step)
{
    const layer *d = step->layer->layer;
    real *gradient = unroll_at(&step->layer->gradient, unroll_set(step->unroll, step->date));
    const narrow_gradient_args args = {.n = step->unroll->n,
                                       .n_in = d->in_cols,
                                       .n_out = d->out_cols,
                                       .x = step->in,
                                       .d_y = step->d_out,
                                       .d_weight = gradient,
                                       .d_bias = gradient + d->blocks[1].offset};
    KERNEL(narrow_gradient)(&args);
}

void KERNEL(unroll_narrow_show)(const unroll_step *step, fel_layer_use *use)
{
    use->inputs = step->in;
    use->slopes = step->d_out;
}
