/* models/unroll_dense.c - dense layers unrolled: how much room. Those of few outputs and no
 * activation work on weights as they are. */
#include "models/unroll_dense_internal.h"

static void plan(unroll_layer *l)
{
    const size_t n_in = l->layer->in_cols, n_out = l->layer->out_cols, padded = tile_round(n_out);
    l->packed_size = n_in * padded + padded + n_out * tile_round(l->live);
    l->gradient_size = n_in * padded + n_out;
    l->kept_size = l->layer->cache_size;
    l->carry_size = n_out + padded; /* slopes before the activation, as they are and padded */
}

const unroll_kind unroll_dense = {
    .plan = plan,
    .pack = {unroll_dense_pack_f32, unroll_dense_pack_f64},
    .unpack = {unroll_dense_unpack_f32, unroll_dense_unpack_f64},
    .forward = {unroll_dense_forward_f32, unroll_dense_forward_f64},
    .slopes = {unroll_dense_slopes_f32, unroll_dense_slopes_f64},
    .gradients = {unroll_dense_gradients_f32, unroll_dense_gradients_f64},
    .show = {unroll_dense_show_f32, unroll_dense_show_f64},
};

static void plan_narrow(unroll_layer *l)
{
    l->gradient_size = l->layer->in_cols * l->layer->out_cols + l->layer->out_cols;
}

const unroll_kind unroll_narrow = {
    .plan = plan_narrow,
    .unpack = {unroll_narrow_unpack_f32, unroll_narrow_unpack_f64},
    .forward = {unroll_narrow_forward_f32, unroll_narrow_forward_f64},
    .slopes = {unroll_narrow_slopes_f32, unroll_narrow_slopes_f64},
    .gradients = {unroll_narrow_gradients_f32, unroll_narrow_gradients_f64},
    .show = {unroll_narrow_show_f32, unroll_narrow_show_f64},
};
