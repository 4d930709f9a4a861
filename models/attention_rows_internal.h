/* models/attention_rows_internal.h - rows of a head brought into the shape that the small products
 * want: transposed, or padded with zeros to whole groups of lanes. For kernels. */
#ifndef FEL_MODELS_ATTENTION_ROWS_INTERNAL_H
#define FEL_MODELS_ATTENTION_ROWS_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/attention_rows_internal.h belongs to models/"
#endif

#include "models/attention_internal.h"
#include "models/lanes_internal.h"

/* A matrix in memory; what lies beyond its columns is not its own. */
typedef struct head_rows {
    const real *at;
    size_t row; /* distance */
} head_rows;

/* to[c][i] = factor from[i][c], for c < cols rounded up and i < rows rounded up to lanes; 0 beyond
 * the matrix. */
static inline void rows_transpose(head_rows from, size_t rows, size_t cols, real factor, real *to)
{
    const size_t to_row = attend_round(rows);
    const lanes by = lanes_all(factor);
    for (size_t i = 0; i < rows; i += LANES) {
        for (size_t c = 0; c < cols; c += LANES) {
            const size_t n_cols = lanes_left(cols, c), n_rows = lanes_left(rows, i);
            const real *corner = from.at + i * from.row + c;
            lanes block[LANES];
            for (size_t r = 0; r < LANES; r++) {
                block[r] = lanes_all(0);
            }
            for (size_t r = 0; r < n_rows; r++) {
                const real *row = corner + r * from.row;
                block[r] = n_cols == LANES ? lanes_load(row) : lanes_load_part(row, n_cols);
            }
            lanes_transpose(block);
            LANES_UNROLL
            for (size_t r = 0; r < LANES; r++) {
                lanes_store(to + (c + r) * to_row + i, block[r] * by);
            }
        }
    }
}

/* to[i][c] = factor from[i][c], rows of `cols` rounded up, 0 beyond; factor_of_row: NULL or one
 * more factor for each row. */
static inline void rows_copy(head_rows from, size_t rows, size_t cols, const real *factor_of_row,
                             real *to)
{
    const size_t to_row = attend_round(cols);
    for (size_t i = 0; i < rows; i++) {
        const lanes by = lanes_all(factor_of_row != NULL ? factor_of_row[i] : 1);
        const real *row = from.at + i * from.row;
        size_t c = 0;
        for (; c + LANES <= cols; c += LANES) {
            lanes_store(to + i * to_row + c, lanes_load(row + c) * by);
        }
        if (c < cols) {
            lanes_store(to + i * to_row + c, lanes_load_part(row + c, cols - c) * by);
        }
    }
}

/* The matrix itself where its columns fill groups of lanes, else a padded copy in `room`. */
static inline head_rows rows_padded(head_rows from, size_t rows, size_t cols, real *room)
{
    if (cols % LANES == 0) {
        return from;
    }
    rows_copy(from, rows, cols, NULL, room);
    const head_rows padded = {room, attend_round(cols)};
    return padded;
}

/* Writes the `cols` numbers of padded rows where they belong. */
static inline void rows_write(const real *padded, size_t rows, size_t cols, real *to, size_t to_row)
{
    for (size_t i = 0; i < rows; i++) {
        memcpy(to + i * to_row, padded + i * attend_round(cols), cols * sizeof(real));
    }
}

/* Where a product may write: the destination itself, or `room` if it would write too much there. */
static inline real *rows_target(size_t cols, real *to, size_t to_row, real *room, size_t *row)
{
    *row = cols % LANES == 0 ? to_row : attend_round(cols);
    return cols % LANES == 0 ? to : room;
}

#endif
