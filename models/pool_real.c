/* models/pool_real.c - passes that make one row of many. Rows of a sample are found in either
 * layout by two strides. */
#include <string.h>

#include "core/real.h"
#include "models/pool_internal.h"

/* Number c of row t of sample i is at i sample + t row + c. */
typedef struct strides {
    size_t sample, row;
} strides;

static strides strides_in(const layer_pass *pass)
{
    const layer *l = pass->layer;
    const strides sample_major = {l->in_rows * l->in_cols, l->in_cols};
    const strides time_major = {l->in_cols, pass->n * l->in_cols};
    return l->time_major ? time_major : sample_major;
}

/* ---- last ------------------------------------------------------------------------------------ */

void KERNEL(pool_last_forward)(const layer_pass *pass)
{
    const layer *l = pass->layer;
    const strides s = strides_in(pass);
    const real *in = (const real *)pass->in + (l->in_rows - 1) * s.row;
    real *out = pass->out;
    for (size_t i = 0; i < pass->n; i++) {
        memcpy(out + i * l->in_cols, in + i * s.sample, l->in_cols * sizeof(*out));
    }
}

void KERNEL(pool_last_backward)(const layer_pass *pass)
{
    const layer *l = pass->layer;
    const strides s = strides_in(pass);
    const real *d_out = pass->d_out;
    real *d_in = pass->d_in;
    if (d_in == NULL) {
        return;
    }
    memset(d_in, 0, pass->n * l->in_rows * l->in_cols * sizeof(*d_in));
    for (size_t i = 0; i < pass->n; i++) {
        memcpy(d_in + i * s.sample + (l->in_rows - 1) * s.row, d_out + i * l->in_cols,
               l->in_cols * sizeof(*d_in));
    }
}

/* Each row is the last so far. */
void KERNEL(pool_last_step)(const layer_step *step)
{
    memcpy(step->out, step->in, step->layer->in_cols * sizeof(real));
}

/* ---- mean ------------------------------------------------------------------------------------ */

void KERNEL(pool_mean_forward)(const layer_pass *pass)
{
    const layer *l = pass->layer;
    const strides s = strides_in(pass);
    const real factor = REAL_C(1.0) / (real)l->in_rows;
    for (size_t i = 0; i < pass->n; i++) {
        const real *in = (const real *)pass->in + i * s.sample;
        real *out = (real *)pass->out + i * l->in_cols;
        memset(out, 0, l->in_cols * sizeof(*out));
        for (size_t t = 0; t < l->in_rows; t++) {
            for (size_t c = 0; c < l->in_cols; c++) {
                out[c] += in[t * s.row + c];
            }
        }
        for (size_t c = 0; c < l->in_cols; c++) {
            out[c] *= factor;
        }
    }
}

void KERNEL(pool_mean_backward)(const layer_pass *pass)
{
    const layer *l = pass->layer;
    const strides s = strides_in(pass);
    const real factor = REAL_C(1.0) / (real)l->in_rows;
    for (size_t i = 0; pass->d_in != NULL && i < pass->n; i++) {
        const real *d_out = (const real *)pass->d_out + i * l->in_cols;
        real *d_in = (real *)pass->d_in + i * s.sample;
        for (size_t t = 0; t < l->in_rows; t++) {
            for (size_t c = 0; c < l->in_cols; c++) {
                d_in[t * s.row + c] = factor * d_out[c];
            }
        }
    }
}

/* ---- flatten --------------------------------------------------------------------------------- */

void KERNEL(pool_flatten_forward)(const layer_pass *pass)
{
    const layer *l = pass->layer;
    const strides s = strides_in(pass);
    real *out = pass->out;
    for (size_t i = 0; i < pass->n; i++) {
        for (size_t t = 0; t < l->in_rows; t++, out += l->in_cols) {
            memcpy(out, (const real *)pass->in + i * s.sample + t * s.row,
                   l->in_cols * sizeof(*out));
        }
    }
}

void KERNEL(pool_flatten_backward)(const layer_pass *pass)
{
    const layer *l = pass->layer;
    const strides s = strides_in(pass);
    const real *d_out = pass->d_out;
    for (size_t i = 0; pass->d_in != NULL && i < pass->n; i++) {
        for (size_t t = 0; t < l->in_rows; t++, d_out += l->in_cols) {
            memcpy((real *)pass->d_in + i * s.sample + t * s.row, d_out,
                   l->in_cols * sizeof(*d_out));
        }
    }
}

/* ---- mean over columns ----------------------------------------------------------------------- */

void KERNEL(pool_mean_cols_forward)(const layer_pass *pass)
{
    const layer *l = pass->layer;
    const strides s = strides_in(pass);
    const real factor = REAL_C(1.0) / (real)l->in_cols;
    real *out = pass->out;
    for (size_t i = 0; i < pass->n; i++) {
        for (size_t t = 0; t < l->in_rows; t++) {
            const real *in = (const real *)pass->in + i * s.sample + t * s.row;
            real sum = REAL_C(0.0);
            for (size_t c = 0; c < l->in_cols; c++) {
                sum += in[c];
            }
            out[i * l->in_rows + t] = factor * sum;
        }
    }
}

void KERNEL(pool_mean_cols_backward)(const layer_pass *pass)
{
    const layer *l = pass->layer;
    const strides s = strides_in(pass);
    const real factor = REAL_C(1.0) / (real)l->in_cols;
    const real *d_out = pass->d_out;
    for (size_t i = 0; pass->d_in != NULL && i < pass->n; i++) {
        for (size_t t = 0; t < l->in_rows; t++) {
            real *d_in = (real *)pass->d_in + i * s.sample + t * s.row;
            for (size_t c = 0; c < l->in_cols; c++) {
                d_in[c] = factor * d_out[i * l->in_rows + t];
            }
        }
    }
}
