/* models/lstm.c - the LSTM layer (Hochreiter and Schmidhuber 1997, with forget gates: Gers et al.
 * 2000): what it needs to be told and how much room.
 *
 *   i, f, o = logistic(W [x; h'] + b)   g = tanh(W [x; h'] + b)   c = f c' + i g   h = o tanh c
 *
 * Bands of rows of W and b in the order i, f, g, o, as torch has them; torch's two biases are one
 * here, their sum. Its input is time-major, its output too: after every row, or after the last. */
#include <stdint.h>

#include "models/lstm_internal.h"

static void plan_blocks(layer *l, size_t rows, size_t cols)
{
    l->n_blocks = 2;
    l->blocks[0] = (layer_block){.name = "weight",
                                 .role = FEL_BLOCK_WEIGHT,
                                 .init = INIT_LSTM,
                                 .rows = rows,
                                 .cols = cols,
                                 .parts = LSTM_GATES,
                                 .penalty = l->penalty};
    l->blocks[1] = (layer_block){.name = "bias",
                                 .role = FEL_BLOCK_BIAS,
                                 .init = INIT_CONSTANT,
                                 .rows = rows,
                                 .cols = 1,
                                 .parts = LSTM_GATES,
                                 .band = LSTM_FORGET,
                                 .value = l->value};
}

static fel_status plan(layer *l)
{
    const lstm_shape s = {l->in_cols, l->sizes[LSTM_UNITS]};
    if (s.n_inputs == 0 || l->in_rows == 0 || s.n_units == 0) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "%s: %zu rows of %zu numbers into %zu units: all must be at least 1",
                         l->name, l->in_rows, s.n_inputs, s.n_units);
    }
    if (!l->time_major && l->in_rows > 1) {
        return FEL_RAISE(FEL_ERR_SHAPE, "%s needs its rows time-major", l->name);
    }
    const int last_alone = l->sizes[LSTM_LAST_ALONE] != 0;
    const size_t padded = lstm_padded(&s), cols = lstm_rows(&s);
    const size_t kept = LSTM_GATES * padded + 2 * padded; /* gates, c, tanh c */
    const size_t forward = lstm_weight_size(&s) + lstm_bias_size(&s);
    const size_t back = lstm_back_size(&s, s.n_units) + lstm_back_size(&s, s.n_inputs);
    plan_blocks(l, LSTM_GATES * s.n_units, cols);
    l->out_rows = last_alone ? 1 : l->in_rows;
    l->out_cols = s.n_units;
    l->cache_size = l->in_rows * (kept + (last_alone ? s.n_units : 0));
    l->scratch_fixed = forward + back;
    /* dz of two steps, dc; what a sink is shown: inputs and slopes of a step. */
    l->scratch_size = (2 * (size_t)LSTM_GATES + 1) * padded + cols + LSTM_GATES * s.n_units;
    l->shard = LSTM_SHARD;
    l->state_size = 2 * s.n_units;
    l->flops = 2.0 * (double)l->in_rows * (double)(LSTM_GATES * s.n_units) * (double)cols;
    return FEL_OK;
}

const layer_kind layer_lstm = {
    .name = "lstm",
    .plan = plan,
    .forward = {lstm_forward_f32, lstm_forward_f64},
    .backward = {lstm_backward_f32, lstm_backward_f64},
    .step = {lstm_step_f32, lstm_step_f64},
};
