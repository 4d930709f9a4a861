/* models/positions_real.c - passes of positions. */
#include <math.h>
#include <string.h>

#include "core/real.h"
#include "models/positions_internal.h"

/* One pair of columns: the angle turns by w from row to row; in double, whose error after t turns
 * is t 1e-16. */
static void turn_pair(double w, size_t rows, size_t cols, size_t c, real *table)
{
    const double sin_w = sin(w), cos_w = cos(w);
    double s = 0.0, k = 1.0;
    for (size_t t = 0; t < rows; t++) {
        table[t * cols + c] = (real)s;
        if (c + 1 < cols) {
            table[t * cols + c + 1] = (real)k;
        }
        const double next = s * cos_w + k * sin_w;
        k = k * cos_w - s * sin_w;
        s = next;
    }
}

void KERNEL(positions_sinusoidal)(size_t rows, size_t cols, real *table)
{
    for (size_t c = 0; c < cols; c += 2) {
        turn_pair(exp(-log(10000.0) * (double)c / (double)cols), rows, cols, c, table);
    }
}

/* Where row t of sample i begins. */
static size_t place(const layer *l, size_t n, size_t i, size_t t)
{
    return (l->time_major ? t * n + i : i * l->in_rows + t) * l->in_cols;
}

static void add_row(const real *in, const real *position, size_t cols, real *out)
{
    for (size_t c = 0; c < cols; c++) {
        out[c] = in[c] + position[c];
    }
}

void KERNEL(positions_forward)(const layer_pass *pass)
{
    const layer *l = pass->layer;
    const real *table = pass->params;
    if (!l->sizes[POSITIONS_LEARNED]) {
        KERNEL(positions_sinusoidal)(l->in_rows, l->in_cols, pass->scratch);
        table = pass->scratch;
    }
    for (size_t i = 0; i < pass->n; i++) {
        for (size_t t = 0; t < l->in_rows; t++) {
            const size_t at = place(l, pass->n, i, t);
            add_row((const real *)pass->in + at, table + t * l->in_cols, l->in_cols,
                    (real *)pass->out + at);
        }
    }
}

void KERNEL(positions_backward)(const layer_pass *pass)
{
    const layer *l = pass->layer;
    real *gradient = pass->gradient;
    for (size_t i = 0; l->sizes[POSITIONS_LEARNED] && i < pass->n; i++) {
        for (size_t t = 0; t < l->in_rows; t++) {
            real *row = gradient + t * l->in_cols;
            add_row(row, (const real *)pass->d_out + place(l, pass->n, i, t), l->in_cols, row);
        }
    }
    if (pass->d_in != NULL) {
        memcpy(pass->d_in, pass->d_out, pass->n * l->in_rows * l->in_cols * sizeof(real));
    }
}
