/* models/unroll_dense_real.c - a dense layer at one date. */
#include "models/dense_internal.h"
#include "models/unroll_dense_internal.h"
#include "models/unroll_kernel_internal.h"

/* ---- parameters ------------------------------------------------------------------------------ */

/* W' in panels of outputs. */
static panel_args weight_panels(const layer *l, const void *from, void *to)
{
    const panel_args args = {.rows = l->in_cols,
                             .cols = l->out_cols,
                             .row_step = 1,
                             .col_step = l->in_cols,
                             .from = from,
                             .to = to};
    return args;
}

void KERNEL(unroll_dense_pack)(const unroll_layer *l, const void *params, int back, void *packed)
{
    const layer *d = l->layer;
    const size_t n_in = d->in_cols, n_out = d->out_cols;
    const real *weight = params;
    real *to = packed;
    const panel_args ahead = weight_panels(d, weight, to);
    KERNEL(panel_pack)(&ahead);
    KERNEL(panel_pad)(1, n_out, weight + d->blocks[1].offset, to + unroll_dense_bias_at(d));
    if (back && l->live > 0) {
        const panel_args live = {.rows = n_out,
                                 .cols = l->live,
                                 .row_step = n_in,
                                 .col_step = 1,
                                 .from = weight + (n_in - l->live),
                                 .to = to + unroll_dense_live_at(d)};
        KERNEL(panel_pack)(&live);
    }
}

void KERNEL(unroll_dense_unpack)(const unroll_layer *l, const void *kept, void *gradient)
{
    const layer *d = l->layer;
    const real *bias = (const real *)kept + unroll_dense_bias_at(d);
    real *to_bias = (real *)gradient + d->blocks[1].offset;
    const panel_args weight = weight_panels(d, kept, gradient);
    KERNEL(panel_unpack)(&weight);
    for (size_t i = 0; i < d->out_cols; i++) {
        to_bias[i] += bias[i];
    }
}

/* ---- steps ----------------------------------------------------------------------------------- */

static const real *packed_at(const unroll_step *step)
{
    return unroll_at(&step->layer->packed, unroll_set(step->unroll, step->date));
}
static real *out_at(const unroll_step *step)
{
    return unroll_at(&step->layer->out, unroll_slot(step->unroll, step->date));
}
static real *before_at(const unroll_step *step)
{
    return unroll_at(&step->layer->kept, unroll_slot(step->unroll, step->date));
}
static activation activation_of(const unroll_step *step)
{
    return (activation)step->layer->layer->sizes[DENSE_ACTIVATION];
}

void KERNEL(unroll_dense_forward)(const unroll_step *step)
{
    const layer *d = step->layer->layer;
    const real *packed = packed_at(step);
    const panel_product_args product = {.rows = step->unroll->n,
                                        .cols = d->out_cols,
                                        .inner = d->in_cols,
                                        .a = step->in,
                                        .b = packed,
                                        .start = packed + unroll_dense_bias_at(d),
                                        .c = out_at(step)};
    const activate_args f = {.kind = activation_of(step),
                             .rows = product.rows,
                             .cols = product.cols,
                             .values = product.c,
                             .before = before_at(step)};
    KERNEL(panel_product)(&product);
    if (f.kind != ACTIVATION_NONE) {
        KERNEL(activate)(&f);
    }
}

/* d loss / d what the activation was given. */
static const real *slopes_of(const unroll_step *step)
{
    return activation_of(step) == ACTIVATION_NONE ? step->d_out : step->layer->carry;
}

void KERNEL(unroll_dense_slopes)(const unroll_step *step)
{
    const layer *d = step->layer->layer;
    const activation kind = activation_of(step);
    const size_t n = step->unroll->n;
    const slope_args f = {.kind = kind,
                          .n = n * d->out_cols,
                          .known = kind == ACTIVATION_GELU ? before_at(step) : out_at(step),
                          .d_out = step->d_out,
                          .d_in = step->layer->carry};
    if (kind != ACTIVATION_NONE) {
        KERNEL(activate_slope)(&f);
    }
    if (step->d_in != NULL) {
        const panel_product_args product = {.rows = n,
                                            .cols = step->layer->live,
                                            .inner = d->out_cols,
                                            .a = slopes_of(step),
                                            .b = packed_at(step) + unroll_dense_live_at(d),
                                            .c = step->d_in};
        KERNEL(panel_product)(&product);
    }
}

void KERNEL(unroll_dense_gradients)(const unroll_step *step)
{
    const layer *d = step->layer->layer;
    const size_t n = step->unroll->n, n_out = d->out_cols;
    const real *slopes = slopes_of(step);
    real *gradient = unroll_at(&step->layer->gradient, unroll_set(step->unroll, step->date));
    panel_outer_args outer = {
        .rows = d->in_cols, .cols = n_out, .n = n, .a = step->in, .b = slopes, .panels = gradient};
    if (n_out % TILE_PAD != 0) {
        real *padded = (real *)step->layer->carry + n * n_out;
        KERNEL(panel_pad)(n, n_out, slopes, padded);
        outer.b = padded;
    }
    KERNEL(panel_outer)(&outer);
    KERNEL(add_column_sums)(n, n_out, slopes, gradient + unroll_dense_bias_at(d));
}

void KERNEL(unroll_dense_show)(const unroll_step *step, fel_layer_use *use)
{
    use->inputs = step->in;
    use->slopes = slopes_of(step);
}
