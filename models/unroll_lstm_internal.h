/* models/unroll_lstm_internal.h - where the numbers of an unrolled LSTM layer lie. */
#ifndef FEL_MODELS_UNROLL_LSTM_INTERNAL_H
#define FEL_MODELS_UNROLL_LSTM_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/unroll_lstm_internal.h belongs to models/"
#endif

#include "models/lstm_internal.h"
#include "models/unroll_internal.h"

static inline lstm_shape unroll_lstm_shape(const layer *l)
{
    const lstm_shape shape = {l->in_cols, l->out_cols};
    return shape;
}

/* One set of parameters, packed: weights, bias, weights of the way back to units, to live inputs.
 */
static inline size_t unroll_lstm_bias_at(const lstm_shape *s)
{
    return lstm_weight_size(s);
}
static inline size_t unroll_lstm_units_at(const lstm_shape *s)
{
    return lstm_weight_size(s) + lstm_bias_size(s);
}
static inline size_t unroll_lstm_live_at(const lstm_shape *s)
{
    return unroll_lstm_units_at(s) + lstm_back_size(s, s->n_units);
}

/* Few live inputs: [live][4 x padded units], in the order of dz; else as lstm_input_step has it. */
static inline int unroll_lstm_is_narrow(size_t live)
{
    return live <= UNROLL_NARROW;
}
static inline size_t unroll_lstm_live_size(const lstm_shape *s, size_t live)
{
    return unroll_lstm_is_narrow(live) ? live * LSTM_GATES * lstm_padded(s)
                                       : lstm_back_size(s, live);
}

/* Both precisions. */
#define UNROLL_LSTM_DECLARE(precision)                                                             \
    void unroll_lstm_pack_##precision(const unroll_layer *l, const void *params, int back,         \
                                      void *packed);                                               \
    void unroll_lstm_unpack_##precision(const unroll_layer *l, const void *kept, void *gradient);  \
    void unroll_lstm_forward_##precision(const unroll_step *step);                                 \
    void unroll_lstm_slopes_##precision(const unroll_step *step);                                  \
    void unroll_lstm_gradients_##precision(const unroll_step *step);                               \
    void unroll_lstm_show_##precision(const unroll_step *step, fel_layer_use *use)
UNROLL_LSTM_DECLARE(f32);
UNROLL_LSTM_DECLARE(f64);

#endif
