/* models/dropout_real.c - passes of the dropout layer. The mask is kept for backward. */
#include <string.h>

#include "core/real.h"
#include "models/dropout_internal.h"

static int is_off(const layer_pass *pass)
{
    return pass->dropout == NULL || pass->layer->rate <= 0.0;
}

static size_t count(const layer_pass *pass)
{
    return pass->n * pass->layer->in_rows * pass->layer->in_cols;
}

static void draw_mask(const layer_pass *pass)
{
    const layer *l = pass->layer;
    const dropout_draw draw = dropout_begin(pass->dropout, DROPOUT_SITE(l->place, 0), l->rate);
    const size_t row_step = l->time_major ? pass->n * l->in_cols : l->in_cols;
    for (size_t t = 0; t < l->in_rows; t++) {
        const dropout_args args = {.draw = &draw,
                                   .n_samples = pass->n,
                                   .row = t,
                                   .cols = l->in_cols,
                                   .sample_step =
                                       l->time_major ? l->in_cols : l->in_rows * l->in_cols,
                                   .mask = (real *)pass->cache + t * row_step};
        KERNEL(dropout_mask)(&args);
    }
}

void KERNEL(dropout_forward)(const layer_pass *pass)
{
    if (is_off(pass)) {
        memcpy(pass->out, pass->in, count(pass) * sizeof(real));
        return;
    }
    draw_mask(pass);
    KERNEL(dropout_apply)(count(pass), pass->cache, pass->in, pass->out);
}

void KERNEL(dropout_backward)(const layer_pass *pass)
{
    if (pass->d_in == NULL) {
        return;
    }
    if (is_off(pass)) {
        memcpy(pass->d_in, pass->d_out, count(pass) * sizeof(real));
        return;
    }
    KERNEL(dropout_apply)(count(pass), pass->cache, pass->d_out, pass->d_in);
}

void KERNEL(dropout_step)(const layer_step *step)
{
    memcpy(step->out, step->in, step->layer->in_cols * sizeof(real));
}
