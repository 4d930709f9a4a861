/* models/lstm_internal.h - the steps of an LSTM over the samples of a shard, forward and backward.
 *
 * Units are worked on in panels of 16 (the last has 4, 8, 12 or 16, of which some may be padding
 * that stays 0). With F inputs, H units, K = F + H, and for a panel of w units from u0 on:
 *   weights   [panel][K][gate i f g o][w]     gates, dz  [panel][n][gate][w]
 *   bias      [panel][gate][w]                cells      [panel][n][w]
 * so a panel begins u0 x (numbers a unit) after the first. Weights of the way back are in panels of
 * up to 64 columns of inputs or units: [columns][4 x padded units, in the order above][width].
 *
 * The functions of steps know nothing of sequences: a network unrolled over dates, whose input
 * follows from its output before, calls them date by date. */
#ifndef FEL_MODELS_LSTM_INTERNAL_H
#define FEL_MODELS_LSTM_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/lstm_internal.h belongs to models/"
#endif

#include "models/kernel_internal.h"
#include "models/layer_internal.h"
#include "models/tile_internal.h"

enum { LSTM_PANEL = 16, LSTM_STEP = 4 }; /* units of a panel; what the last one is rounded to */
enum { LSTM_SHARD = 64 };                /* samples whose step stays in the second cache */
enum { LSTM_GATES = 4, LSTM_IN = 0, LSTM_FORGET = 1, LSTM_CELL = 2, LSTM_OUT = 3 };

typedef struct lstm_shape {
    size_t n_inputs, n_units;
} lstm_shape;

/* Units and padding. */
static inline size_t lstm_padded(const lstm_shape *s)
{
    return (s->n_units + LSTM_STEP - 1) / LSTM_STEP * LSTM_STEP;
}
/* Width of the panel that begins with unit u0, padding included. */
static inline size_t lstm_width(const lstm_shape *s, size_t u0)
{
    const size_t left = lstm_padded(s) - u0;
    return left < LSTM_PANEL ? left : LSTM_PANEL;
}
/* Units of it that are real. */
static inline size_t lstm_used(const lstm_shape *s, size_t u0)
{
    const size_t left = s->n_units - u0;
    return left < LSTM_PANEL ? left : LSTM_PANEL;
}
static inline size_t lstm_rows(const lstm_shape *s) /* K */
{
    return s->n_inputs + s->n_units;
}

/* ---- packing --------------------------------------------------------------------------------- */

/* Numbers of packed weights, of bias, of the weights of the way back to `cols` inputs or units. */
static inline size_t lstm_weight_size(const lstm_shape *s)
{
    return lstm_rows(s) * LSTM_GATES * lstm_padded(s);
}
static inline size_t lstm_bias_size(const lstm_shape *s)
{
    return LSTM_GATES * lstm_padded(s);
}
static inline size_t lstm_back_size(const lstm_shape *s, size_t cols)
{
    return tile_round(cols) * LSTM_GATES * lstm_padded(s);
}

/* weight[4H x K] row-major and bias[4H], gates i, f, g, o, as packed. */
MODEL_KERNEL(lstm_pack, (const lstm_shape *shape, const void *weight, const void *bias,
                         void *packed_weight, void *packed_bias));
/* Columns first .. first + cols of the weight, for the way back. */
MODEL_KERNEL(lstm_pack_back, (const lstm_shape *shape, const void *weight, size_t first,
                              size_t cols, void *packed));
/* The way back of lstm_pack: adds to gradients. */
MODEL_KERNEL(lstm_unpack, (const lstm_shape *shape, const void *packed_weight,
                           const void *packed_bias, void *weight, void *bias));

/* ---- steps ----------------------------------------------------------------------------------- */

/* i, f, o = logistic, g = tanh of W [x; h_before] + b; c = f c_before + i g; h = o tanh c. */
typedef struct lstm_forward_args {
    lstm_shape shape;
    size_t n;
    const void *weight, *bias; /* packed */
    const void *x;             /* rows x_row numbers apart */
    const void *h_before;      /* [n][H]; NULL: 0 */
    const void *c_before;      /* NULL: 0 */
    size_t x_row;
    void *gates, *cells, *squashed; /* the activated gates, c, tanh c: kept for the way back */
    void *h;                        /* [n][H] */
} lstm_forward_args;
MODEL_KERNEL(lstm_forward_step, (const lstm_forward_args *args));

/* d loss / d (what the gates were applied to), from that of the step after. */
typedef struct lstm_backward_args {
    lstm_shape shape;
    size_t n;
    const void *weight;           /* of the way back to the units */
    const void *dz_after;         /* NULL: there is no step after */
    const void *d_h;              /* [n][H] d loss / d h besides; NULL: 0 */
    const void *gates, *squashed; /* as kept */
    const void *c_before;         /* NULL: 0 */
    void *dc; /* like cells: d loss / d c from the step after; becomes that of the step before */
    void *dz; /* like gates */
} lstm_backward_args;
MODEL_KERNEL(lstm_backward_step, (const lstm_backward_args *args));

/* Adds a step's part to the gradients of packed weights and bias. */
typedef struct lstm_gradient_args {
    lstm_shape shape;
    size_t n;
    const void *x, *h_before, *dz; /* as above */
    size_t x_row;
    void *weight, *bias;
} lstm_gradient_args;
MODEL_KERNEL(lstm_gradient_step, (const lstm_gradient_args *args));

/* d_x[n][cols], rows d_x_row apart = dz W, by the packed weights of the way back to `cols` columns.
 */
typedef struct lstm_input_args {
    lstm_shape shape;
    size_t n, cols;
    const void *weight, *dz;
    void *d_x;
    size_t d_x_row;
} lstm_input_args;
MODEL_KERNEL(lstm_input_step, (const lstm_input_args *args));

/* A step as weights see it: inputs[n][K] = [x; h_before] and slopes[n][gate][H] from dz. */
typedef struct lstm_show_args {
    lstm_shape shape;
    size_t n;
    const void *x, *h_before, *dz; /* x: [n][F]; h_before NULL: 0 */
    void *inputs, *slopes;
} lstm_show_args;
void lstm_show_f32(const lstm_show_args *args);
void lstm_show_f64(const lstm_show_args *args);

/* ---- one sample ------------------------------------------------------------------------------ */

/* The same for one sample with weights as they are; z: scratch, 4H numbers. h and c are moved on.
 */
typedef struct lstm_row_args {
    lstm_shape shape;
    const void *weight, *bias, *x;
    void *h, *c, *z;
} lstm_row_args;
MODEL_KERNEL(lstm_row, (const lstm_row_args *args));

/* ---- the layer ------------------------------------------------------------------------------- */

void lstm_forward_f32(const layer_pass *pass);
void lstm_forward_f64(const layer_pass *pass);
void lstm_backward_f32(const layer_pass *pass);
void lstm_backward_f64(const layer_pass *pass);
void lstm_step_f32(const layer_step *step);
void lstm_step_f64(const layer_step *step);

#endif
