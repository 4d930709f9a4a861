/* models/lstm_show_real.c - one step of an LSTM as its weight matrix sees it: what it was
 * multiplied with, and the slopes of what came out, row by row. */
#include <string.h>

#include "models/lstm_internal.h"

static void show_inputs(const lstm_show_args *a)
{
    const size_t F = a->shape.n_inputs, H = a->shape.n_units;
    const real *x = a->x, *before = a->h_before;
    real *to = a->inputs;
    for (size_t i = 0; i < a->n; i++, to += F + H) {
        memcpy(to, x + i * F, F * sizeof(real));
        if (before != NULL) {
            memcpy(to + F, before + i * H, H * sizeof(real));
        } else {
            memset(to + F, 0, H * sizeof(real));
        }
    }
}

void KERNEL(lstm_show)(const lstm_show_args *args)
{
    const lstm_shape *s = &args->shape;
    const size_t H = s->n_units, n = args->n;
    const real *dz = args->dz;
    real *to = args->slopes;
    show_inputs(args);
    for (size_t u0 = 0; u0 < H; u0 += LSTM_PANEL) {
        const size_t width = lstm_width(s, u0), used = lstm_used(s, u0);
        const real *panel = dz + n * LSTM_GATES * u0;
        for (size_t i = 0; i < n * LSTM_GATES; i++) {
            memcpy(to + i * H + u0, panel + i * width, used * sizeof(real));
        }
    }
}
