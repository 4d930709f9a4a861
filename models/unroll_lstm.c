/* models/unroll_lstm.c - an LSTM layer unrolled: how much room. */
#include "models/unroll_lstm_internal.h"

static void plan(unroll_layer *l)
{
    const lstm_shape s = unroll_lstm_shape(l->layer);
    const size_t padded = lstm_padded(&s);
    l->packed_size = unroll_lstm_live_at(&s) + unroll_lstm_live_size(&s, l->live);
    l->gradient_size = lstm_weight_size(&s) + lstm_bias_size(&s);
    l->kept_size = (LSTM_GATES + 2) * padded; /* gates, c, tanh c */
    l->turn_size = LSTM_GATES * padded;       /* dz */
    l->carry_size = padded;                   /* dc */
}

const unroll_kind unroll_lstm = {
    .plan = plan,
    .pack = {unroll_lstm_pack_f32, unroll_lstm_pack_f64},
    .unpack = {unroll_lstm_unpack_f32, unroll_lstm_unpack_f64},
    .forward = {unroll_lstm_forward_f32, unroll_lstm_forward_f64},
    .slopes = {unroll_lstm_slopes_f32, unroll_lstm_slopes_f64},
    .gradients = {unroll_lstm_gradients_f32, unroll_lstm_gradients_f64},
    .show = {unroll_lstm_show_f32, unroll_lstm_show_f64},
};
