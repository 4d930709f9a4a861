/* models/pass_real.c - forward and backward through the chain of a network.
 *
 * Windows are gathered into the layout of the chain; what comes out is sample-major whatever the
 * layout. Backward hands d loss / d activations from layer to layer in two buffers by turns. */
#include <string.h>

#include "core/real.h"
#include "models/network_internal.h"

enum { PRECISION = REAL_BITS == 32 ? LAYER_F32 : LAYER_F64 };

static inline void copy_row(real *to, const real *from, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        to[i] = from[i];
    }
}

/* ---- layouts --------------------------------------------------------------------------------- */

/* Samples' rows, wherever they lie, to the layout of the chain. */
static void gather(const fel_network *net, const real *const *rows, size_t row_stride, size_t n,
                   real *to)
{
    const size_t n_rows = net->config.sequence, cols = net->config.n_features;
    const int time_major = net->config.code->time_major;
    const size_t sample_step = time_major ? cols : n_rows * cols;
    const size_t row_step = time_major ? n * cols : cols;
    for (size_t i = 0; i < n; i++) {
        for (size_t t = 0; t < n_rows; t++) {
            copy_row(to + i * sample_step + t * row_step, rows[i] + t * row_stride, cols);
        }
    }
}

/* [a][b][cols] to [b][a][cols]. */
static void swap_axes(const real *from, size_t a, size_t b, size_t cols, real *to)
{
    for (size_t i = 0; i < a; i++) {
        for (size_t k = 0; k < b; k++) {
            copy_row(to + (k * a + i) * cols, from + (i * b + k) * cols, cols);
        }
    }
}

/* Between the layout of the chain and sample-major. */
static void to_samples(const layer *l, const real *from, size_t n, size_t rows, size_t cols,
                       real *to)
{
    if (l->time_major && rows > 1) {
        swap_axes(from, rows, n, cols, to);
    } else {
        memcpy(to, from, n * rows * cols * sizeof(*to));
    }
}

static void from_samples(const layer *l, const real *from, size_t n, real *to)
{
    if (l->time_major && l->out_rows > 1) {
        swap_axes(from, n, l->out_rows, l->out_cols, to);
    } else {
        memcpy(to, from, n * l->out_rows * l->out_cols * sizeof(*to));
    }
}

/* ---- passes ---------------------------------------------------------------------------------- */

void KERNEL(fel_network_forward)(const fel_network *net, const real *params,
                                 const real *const *rows, size_t row_stride, size_t n,
                                 const fel_dropout *dropout, fel_workspace *ws, real *outputs)
{
    const layer *last = &net->layers[net->n_layers - 1];
    ws->n = n;
    ws->has_dropout = dropout != NULL;
    ws->dropout = dropout != NULL ? *dropout : (fel_dropout){0, 0, 0};
    gather(net, rows, row_stride, n, ws->input);
    for (const layer *l = net->layers; l <= last; l++) {
        layer_pass pass = workspace_pass(ws, l);
        pass.params = params + l->offset;
        l->kind->forward[PRECISION](&pass);
    }
    to_samples(last, ws->outs[last->place], n, last->out_rows, last->out_cols, outputs);
}

void KERNEL(fel_network_backward)(const fel_network *net, const real *params, const real *d_outputs,
                                  fel_workspace *ws, real *gradient, real *d_inputs)
{
    const layer *first = net->layers;
    size_t turn = 0, block = net->n_blocks;
    from_samples(&first[net->n_layers - 1], d_outputs, ws->n, ws->slopes[turn]);
    for (size_t i = net->n_layers; i-- > 0; turn = 1 - turn) {
        const layer *l = &first[i];
        layer_pass pass = workspace_pass(ws, l);
        pass.params = params + l->offset;
        pass.gradient = gradient + l->offset;
        pass.d_out = ws->slopes[turn];
        pass.d_in = i > 0 || d_inputs != NULL ? ws->slopes[1 - turn] : NULL;
        pass.first_block = block -= l->n_blocks;
        pass.last_row = net->config.sequence - 1;
        l->kind->backward[PRECISION](&pass);
    }
    if (d_inputs != NULL) {
        to_samples(first, ws->slopes[turn], ws->n, first->in_rows, first->in_cols, d_inputs);
    }
}

/* ---- one row at a time ----------------------------------------------------------------------- */

/* Activations of one row take turns in the buffers of a pass. */
void KERNEL(fel_network_step)(const fel_network *net, const real *params, const real *row,
                              real *state, fel_workspace *ws, real *outputs)
{
    const void *in = row;
    for (size_t i = 0; i < net->n_layers; i++) {
        const layer *l = &net->layers[i];
        layer_step step = {.layer = l,
                           .params = params + l->offset,
                           .in = in,
                           .state = state,
                           .out = ws->outs[i],
                           .scratch = ws->scratch};
        if (i + 1 == net->n_layers) {
            step.out = outputs;
        }
        l->kind->step[PRECISION](&step);
        state = state != NULL ? state + l->state_size : NULL;
        in = step.out;
    }
}
