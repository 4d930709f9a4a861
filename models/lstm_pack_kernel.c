/* models/lstm_pack_kernel.c - the weights of an LSTM in the order in which its steps read them, and
 * gradients back. */
#include <string.h>

#include "models/lstm_internal.h"

/* One gate of one panel: rows of the weight, columns of the packed one. */
typedef struct gate_place {
    size_t row;  /* of the weight */
    size_t used; /* rows of it */
    size_t col;  /* first column in the panel */
    size_t cols; /* of the panel */
    size_t at;   /* where the panel begins, in units of gates */
} gate_place;

static gate_place place_of(const lstm_shape *s, size_t u0, size_t gate)
{
    const size_t width = lstm_width(s, u0);
    const gate_place place = {.row = gate * s->n_units + u0,
                              .used = lstm_used(s, u0),
                              .col = gate * width,
                              .cols = LSTM_GATES * width,
                              .at = LSTM_GATES * u0};
    return place;
}

/* to[k][col + i] = weight[row + i][k]. */
static void pack_gate(const real *restrict weight, size_t n, gate_place p, real *restrict to)
{
    for (size_t k = 0; k < n; k++) {
        const real *restrict from = weight + p.row * n + k;
        real *restrict row = to + k * p.cols + p.col;
        for (size_t i = 0; i < p.used; i++) {
            row[i] = from[i * n];
        }
    }
}

static void unpack_gate(const real *restrict packed, size_t n, gate_place p, real *restrict weight)
{
    for (size_t i = 0; i < p.used; i++) {
        real *restrict to = weight + (p.row + i) * n;
        for (size_t k = 0; k < n; k++) {
            to[k] += packed[k * p.cols + p.col + i];
        }
    }
}

void KERNEL(lstm_pack_of)(const lstm_shape *shape, const void *weight, const void *bias,
                          void *packed_weight, void *packed_bias)
{
    const size_t n = lstm_rows(shape);
    real *to = packed_weight, *to_bias = packed_bias;
    if (lstm_padded(shape) > shape->n_units) {
        memset(to, 0, lstm_weight_size(shape) * sizeof(real));
        memset(to_bias, 0, lstm_bias_size(shape) * sizeof(real));
    }
    for (size_t u0 = 0; u0 < shape->n_units; u0 += LSTM_PANEL) {
        for (size_t gate = 0; gate < LSTM_GATES; gate++) {
            const gate_place p = place_of(shape, u0, gate);
            pack_gate(weight, n, p, to + n * p.at);
            memcpy(to_bias + p.at + p.col, (const real *)bias + p.row, p.used * sizeof(real));
        }
    }
}

void KERNEL(lstm_unpack_of)(const lstm_shape *shape, const void *packed_weight,
                            const void *packed_bias, void *weight, void *bias)
{
    const size_t n = lstm_rows(shape);
    const real *from = packed_weight, *from_bias = packed_bias;
    real *to_bias = bias;
    for (size_t u0 = 0; u0 < shape->n_units; u0 += LSTM_PANEL) {
        for (size_t gate = 0; gate < LSTM_GATES; gate++) {
            const gate_place p = place_of(shape, u0, gate);
            unpack_gate(from + n * p.at, n, p, weight);
            for (size_t i = 0; i < p.used; i++) {
                to_bias[p.row + i] += from_bias[p.at + p.col + i];
            }
        }
    }
}

/* Columns first .. first + n of the rows of one gate of one panel, one after the other. */
static void pack_rows(const lstm_shape *s, const real *weight, gate_place p, size_t first, size_t n,
                      real *to)
{
    const size_t wide = tile_round(n);
    for (size_t i = 0; i < p.used; i++) {
        memcpy(to + i * wide, weight + (p.row + i) * lstm_rows(s) + first, n * sizeof(real));
    }
}

void KERNEL(lstm_pack_back_of)(const lstm_shape *shape, const void *weight, size_t first,
                               size_t cols, void *packed)
{
    real *to = packed;
    memset(to, 0, lstm_back_size(shape, cols) * sizeof(real));
    for (size_t col = 0; col < cols; col += TILE_PANEL) {
        const size_t n = cols - col < TILE_PANEL ? cols - col : TILE_PANEL, wide = tile_round(n);
        for (size_t u0 = 0; u0 < shape->n_units; u0 += LSTM_PANEL) {
            for (size_t gate = 0; gate < LSTM_GATES; gate++) {
                const gate_place p = place_of(shape, u0, gate);
                pack_rows(shape, weight, p, first + col, n, to + (p.at + p.col) * wide);
            }
        }
        to += LSTM_GATES * lstm_padded(shape) * wide;
    }
}
