/* models/lstm_real.c - passes of the LSTM layer: its steps, one after the other. */
#include <string.h>

#include "models/lstm_internal.h"

/* Where things of one pass lie. */
typedef struct lstm_room {
    lstm_shape shape;
    size_t n, n_steps;
    int last_alone;
    real *gates, *cells, *squashed; /* of the first step; others follow */
    real *h;                        /* [step][n][H] */
} lstm_room;

static lstm_room room_of(const layer_pass *pass)
{
    const layer *l = pass->layer;
    lstm_room r = {.shape = {l->in_cols, l->out_cols},
                   .n = pass->n,
                   .n_steps = l->in_rows,
                   .last_alone = l->sizes[LSTM_LAST_ALONE] != 0};
    const size_t cells = r.n_steps * r.n * lstm_padded(&r.shape);
    r.gates = pass->cache;
    r.cells = r.gates + LSTM_GATES * cells;
    r.squashed = r.cells + cells;
    r.h = r.last_alone ? r.squashed + cells : pass->out;
    return r;
}

/* Of step t, given that of the first; NULL for the one before the first. */
static real *at_step(const lstm_room *r, real *first, size_t numbers, size_t t)
{
    return first + t * r->n * numbers;
}
static const real *before_step(const lstm_room *r, real *first, size_t numbers, size_t t)
{
    return t > 0 ? at_step(r, first, numbers, t - 1) : NULL;
}

/* ---- forward --------------------------------------------------------------------------------- */

void KERNEL(lstm_forward)(const layer_pass *pass)
{
    const lstm_room r = room_of(pass);
    const size_t F = r.shape.n_inputs, H = r.shape.n_units, padded = lstm_padded(&r.shape);
    const real *params = pass->params, *in = pass->in;
    real *weight = pass->scratch, *bias = weight + lstm_weight_size(&r.shape);
    KERNEL(lstm_pack)(&r.shape, params, params + pass->layer->blocks[1].offset, weight, bias);
    for (size_t t = 0; t < r.n_steps; t++) {
        const lstm_forward_args args = {
            .shape = r.shape,
            .n = r.n,
            .weight = weight,
            .bias = bias,
            .x = in + t * r.n * F,
            .x_row = F,
            .h_before = before_step(&r, r.h, H, t),
            .c_before = before_step(&r, r.cells, padded, t),
            .gates = at_step(&r, r.gates, LSTM_GATES * padded, t),
            .cells = at_step(&r, r.cells, padded, t),
            .squashed = at_step(&r, r.squashed, padded, t),
            .h = at_step(&r, r.h, H, t),
        };
        KERNEL(lstm_forward_step)(&args);
    }
    if (r.last_alone) {
        memcpy(pass->out, at_step(&r, r.h, H, r.n_steps - 1), r.n * H * sizeof(real));
    }
}

/* ---- backward -------------------------------------------------------------------------------- */

/* Scratch of the way back: weights, gradients as packed, slopes of two steps by turns. */
typedef struct back_room {
    real *to_units, *to_inputs;
    real *weight, *bias;
    real *dz[2], *dc;
    real *use_inputs, *use_slopes;
} back_room;

static back_room back_room_of(const layer_pass *pass, const lstm_room *r)
{
    const lstm_shape *s = &r->shape;
    const size_t cells = r->n * lstm_padded(s);
    back_room b;
    b.to_units = pass->scratch;
    b.to_inputs = b.to_units + lstm_back_size(s, s->n_units);
    b.weight = b.to_inputs + lstm_back_size(s, s->n_inputs);
    b.bias = b.weight + lstm_weight_size(s);
    b.dz[0] = b.bias + lstm_bias_size(s);
    b.dz[1] = b.dz[0] + LSTM_GATES * cells;
    b.dc = b.dz[1] + LSTM_GATES * cells;
    b.use_inputs = b.dc + cells;
    b.use_slopes = b.use_inputs + r->n * lstm_rows(s);
    KERNEL(lstm_pack_back)(s, pass->params, s->n_inputs, s->n_units, b.to_units);
    if (pass->d_in != NULL) {
        KERNEL(lstm_pack_back)(s, pass->params, 0, s->n_inputs, b.to_inputs);
    }
    memset(b.weight, 0, (lstm_weight_size(s) + lstm_bias_size(s)) * sizeof(real));
    memset(b.dc, 0, cells * sizeof(real));
    return b;
}

static const real *slope_of_output(const layer_pass *pass, const lstm_room *r, size_t t)
{
    const real *d_out = pass->d_out;
    if (r->last_alone) {
        return t + 1 == r->n_steps ? d_out : NULL;
    }
    return d_out + t * r->n * r->shape.n_units;
}

static void slopes_at(const layer_pass *pass, const lstm_room *r, const back_room *b, size_t t)
{
    const size_t padded = lstm_padded(&r->shape);
    const lstm_backward_args args = {
        .shape = r->shape,
        .n = r->n,
        .weight = b->to_units,
        .dz_after = t + 1 < r->n_steps ? b->dz[(t + 1) % 2] : NULL,
        .d_h = slope_of_output(pass, r, t),
        .gates = at_step(r, r->gates, LSTM_GATES * padded, t),
        .squashed = at_step(r, r->squashed, padded, t),
        .c_before = before_step(r, r->cells, padded, t),
        .dc = b->dc,
        .dz = b->dz[t % 2],
    };
    KERNEL(lstm_backward_step)(&args);
}

static void gradients_at(const layer_pass *pass, const lstm_room *r, const back_room *b, size_t t)
{
    const size_t F = r->shape.n_inputs;
    const lstm_gradient_args args = {
        .shape = r->shape,
        .n = r->n,
        .x = (const real *)pass->in + t * r->n * F,
        .x_row = F,
        .h_before = before_step(r, r->h, r->shape.n_units, t),
        .dz = b->dz[t % 2],
        .weight = b->weight,
        .bias = b->bias,
    };
    KERNEL(lstm_gradient_step)(&args);
}

static void inputs_at(const layer_pass *pass, const lstm_room *r, const back_room *b, size_t t)
{
    const size_t F = r->shape.n_inputs;
    const lstm_input_args args = {
        .shape = r->shape,
        .n = r->n,
        .cols = F,
        .weight = b->to_inputs,
        .dz = b->dz[t % 2],
        .d_x = (real *)pass->d_in + t * r->n * F,
        .d_x_row = F,
    };
    KERNEL(lstm_input_step)(&args);
}

/* What the gates of a step were made of, and their slopes, as a sink takes them. */
static void tell_at(const layer_pass *pass, const lstm_room *r, const back_room *b, size_t t)
{
    const size_t F = r->shape.n_inputs, n = r->n;
    const lstm_show_args args = {.shape = r->shape,
                                 .n = n,
                                 .x = (const real *)pass->in + t * n * F,
                                 .h_before = before_step(r, r->h, r->shape.n_units, t),
                                 .dz = b->dz[t % 2],
                                 .inputs = b->use_inputs,
                                 .slopes = b->use_slopes};
    const fel_layer_use use = {.block = pass->first_block,
                               .date = t,
                               .n = n,
                               .inputs = b->use_inputs,
                               .slopes = b->use_slopes};
    KERNEL(lstm_show)(&args);
    pass->sink->use(pass->sink->payload, &use);
}

void KERNEL(lstm_backward)(const layer_pass *pass)
{
    const lstm_room r = room_of(pass);
    const back_room b = back_room_of(pass, &r);
    real *gradient = pass->gradient;
    for (size_t t = r.n_steps; t-- > 0;) {
        slopes_at(pass, &r, &b, t);
        gradients_at(pass, &r, &b, t);
        if (pass->d_in != NULL) {
            inputs_at(pass, &r, &b, t);
        }
        if (pass->sink != NULL) {
            tell_at(pass, &r, &b, t);
        }
    }
    KERNEL(lstm_unpack)
    (&r.shape, b.weight, b.bias, gradient, gradient + pass->layer->blocks[1].offset);
}

/* ---- one row --------------------------------------------------------------------------------- */

/* State: h, then c. */
void KERNEL(lstm_step)(const layer_step *step)
{
    const layer *l = step->layer;
    const real *params = step->params;
    real *h = step->state;
    const lstm_row_args args = {
        .shape = {l->in_cols, l->out_cols},
        .weight = params,
        .bias = params + l->blocks[1].offset,
        .x = step->in,
        .h = h,
        .c = h + l->out_cols,
        .z = step->scratch,
    };
    KERNEL(lstm_row)(&args);
    memcpy(step->out, h, l->out_cols * sizeof(real));
}
