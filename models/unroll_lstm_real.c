/* models/unroll_lstm_real.c - an LSTM layer at one date. */
#include <string.h>

#include "models/unroll_kernel_internal.h"
#include "models/unroll_lstm_internal.h"

/* ---- parameters ------------------------------------------------------------------------------ */

/* Of one unit, the weights of the live inputs. */
static void pack_live(const unroll_layer *l, const lstm_shape *s, const real *weight, real *to)
{
    const size_t all = LSTM_GATES * lstm_padded(s), K = lstm_rows(s), H = s->n_units;
    const real *first = weight + (s->n_inputs - l->live);
    memset(to, 0, l->live * all * sizeof(real));
    for (size_t u = 0; u < LSTM_GATES * H; u++) {
        const size_t gate = u / H, u0 = u % H / LSTM_PANEL * LSTM_PANEL, i = u % H - u0;
        const size_t at = LSTM_GATES * u0 + gate * lstm_width(s, u0) + i;
        for (size_t k = 0; k < l->live; k++) {
            to[k * all + at] = first[u * K + k];
        }
    }
}

void KERNEL(unroll_lstm_pack)(const unroll_layer *l, const void *params, int back, void *packed)
{
    const lstm_shape s = unroll_lstm_shape(l->layer);
    const real *weight = params, *bias = weight + l->layer->blocks[1].offset;
    real *to = packed, *live = to + unroll_lstm_live_at(&s);
    KERNEL(lstm_pack)(&s, weight, bias, to, to + unroll_lstm_bias_at(&s));
    if (!back) {
        return;
    }
    KERNEL(lstm_pack_back)(&s, weight, s.n_inputs, s.n_units, to + unroll_lstm_units_at(&s));
    if (unroll_lstm_is_narrow(l->live)) {
        pack_live(l, &s, weight, live);
    } else {
        KERNEL(lstm_pack_back)(&s, weight, s.n_inputs - l->live, l->live, live);
    }
}

void KERNEL(unroll_lstm_unpack)(const unroll_layer *l, const void *kept, void *gradient)
{
    const lstm_shape s = unroll_lstm_shape(l->layer);
    const real *from = kept;
    real *to = gradient;
    KERNEL(lstm_unpack)
    (&s, from, from + unroll_lstm_bias_at(&s), to, to + l->layer->blocks[1].offset);
}

/* ---- forward --------------------------------------------------------------------------------- */

/* What a date keeps. */
typedef struct kept_room {
    real *gates, *cells, *squashed;
} kept_room;

static kept_room kept_at(const unroll_step *step, size_t date)
{
    const lstm_shape s = unroll_lstm_shape(step->layer->layer);
    const size_t cells = step->unroll->n * lstm_padded(&s);
    real *first = unroll_at(&step->layer->kept, unroll_slot(step->unroll, date));
    const kept_room room = {first, first + LSTM_GATES * cells, first + (LSTM_GATES + 1) * cells};
    return room;
}

/* c, h of the date before; NULL: there is none. */
static const real *cells_before(const unroll_step *step)
{
    return step->date > 0 ? kept_at(step, step->date - 1).cells : NULL;
}
static const real *units_before(const unroll_step *step)
{
    return step->date > 0 ? unroll_at(&step->layer->out, unroll_slot(step->unroll, step->date - 1))
                          : NULL;
}

static const real *packed_at(const unroll_step *step, size_t date)
{
    return unroll_at(&step->layer->packed, unroll_set(step->unroll, date));
}

void KERNEL(unroll_lstm_forward)(const unroll_step *step)
{
    const lstm_shape s = unroll_lstm_shape(step->layer->layer);
    const kept_room kept = kept_at(step, step->date);
    const real *packed = packed_at(step, step->date);
    const lstm_forward_args args = {
        .shape = s,
        .n = step->unroll->n,
        .weight = packed,
        .bias = packed + unroll_lstm_bias_at(&s),
        .x = step->in,
        .x_row = s.n_inputs,
        .h_before = units_before(step),
        .c_before = cells_before(step),
        .gates = kept.gates,
        .cells = kept.cells,
        .squashed = kept.squashed,
        .h = unroll_at(&step->layer->out, unroll_slot(step->unroll, step->date)),
    };
    KERNEL(lstm_forward_step)(&args);
}

/* ---- backward -------------------------------------------------------------------------------- */

static real *dz_at(const unroll_step *step, size_t date)
{
    return unroll_at(&step->layer->turn, date % 2);
}

static void few_inputs(const unroll_step *step, const lstm_shape *s, const real *weight)
{
    const size_t n = step->unroll->n, padded = lstm_padded(s);
    const size_t full = padded / LSTM_PANEL, rest = padded % LSTM_PANEL;
    const size_t wide = (size_t)LSTM_GATES * LSTM_PANEL, narrow = LSTM_GATES * rest;
    const real *dz = dz_at(step, step->date);
    const narrow_args args = {
        .n = n,
        .n_out = step->layer->live,
        .parts = {{dz, wide, 1, wide, full, n * wide},
                  {dz + full * n * wide, narrow, 1, narrow, rest > 0, 0}},
        .weight = weight,
        .weight_row = LSTM_GATES * padded,
        .y = step->d_in,
    };
    KERNEL(narrow_forward)(&args);
}

static void inputs_at(const unroll_step *step, const lstm_shape *s)
{
    const size_t live = step->layer->live;
    const real *weight = packed_at(step, step->date) + unroll_lstm_live_at(s);
    const lstm_input_args args = {
        .shape = *s,
        .n = step->unroll->n,
        .cols = live,
        .weight = weight,
        .dz = dz_at(step, step->date),
        .d_x = step->d_in,
        .d_x_row = live,
    };
    if (unroll_lstm_is_narrow(live)) {
        few_inputs(step, s, weight);
    } else {
        KERNEL(lstm_input_step)(&args);
    }
}

/* What reaches h through the date after went through that date's weights. */
void KERNEL(unroll_lstm_slopes)(const unroll_step *step)
{
    const lstm_shape s = unroll_lstm_shape(step->layer->layer);
    const int is_last = step->date == step->unroll->last;
    const size_t after = is_last ? step->date : step->date + 1;
    const kept_room kept = kept_at(step, step->date);
    const lstm_backward_args args = {
        .shape = s,
        .n = step->unroll->n,
        .weight = packed_at(step, after) + unroll_lstm_units_at(&s),
        .dz_after = is_last ? NULL : dz_at(step, after),
        .d_h = step->d_out,
        .gates = kept.gates,
        .squashed = kept.squashed,
        .c_before = cells_before(step),
        .dc = step->layer->carry,
        .dz = dz_at(step, step->date),
    };
    if (is_last) {
        memset(step->layer->carry, 0, args.n * lstm_padded(&s) * sizeof(real));
    }
    KERNEL(lstm_backward_step)(&args);
    if (step->d_in != NULL) {
        inputs_at(step, &s);
    }
}

void KERNEL(unroll_lstm_gradients)(const unroll_step *step)
{
    const lstm_shape s = unroll_lstm_shape(step->layer->layer);
    real *gradient = unroll_at(&step->layer->gradient, unroll_set(step->unroll, step->date));
    const lstm_gradient_args args = {
        .shape = s,
        .n = step->unroll->n,
        .x = step->in,
        .x_row = s.n_inputs,
        .h_before = units_before(step),
        .dz = dz_at(step, step->date),
        .weight = gradient,
        .bias = gradient + unroll_lstm_bias_at(&s),
    };
    KERNEL(lstm_gradient_step)(&args);
}

/* ---- a use ----------------------------------------------------------------------------------- */

void KERNEL(unroll_lstm_show)(const unroll_step *step, fel_layer_use *use)
{
    const fel_unroll *u = step->unroll;
    const lstm_show_args args = {
        .shape = unroll_lstm_shape(step->layer->layer),
        .n = u->n,
        .x = step->in,
        .h_before = units_before(step),
        .dz = dz_at(step, step->date),
        .inputs = u->use_inputs,
        .slopes = u->use_slopes,
    };
    KERNEL(lstm_show)(&args);
    use->inputs = u->use_inputs;
    use->slopes = u->use_slopes;
}
