/* models/linear_kernel.c - a product by blocks, and a matrix turned on its side for it. */
#include "models/lanes_internal.h"
#include "models/linear_internal.h"

void KERNEL(linear_tile_of)(const tile_job *job)
{
    KERNEL(tile_multiply)(job);
}

/* Blocks of 8 by 8, then what is left number by number. */
void KERNEL(linear_turn_of)(size_t rows, size_t cols, const void *from, void *to)
{
    const real *in = from;
    real *out = to;
    const size_t whole_rows = rows / LANES * LANES, whole_cols = cols / LANES * LANES;
    for (size_t r = 0; r < whole_rows; r += LANES) {
        for (size_t c = 0; c < whole_cols; c += LANES) {
            lanes block[LANES];
            LANES_UNROLL
            for (size_t i = 0; i < LANES; i++) {
                block[i] = lanes_load(in + (r + i) * cols + c);
            }
            lanes_transpose(block);
            LANES_UNROLL
            for (size_t i = 0; i < LANES; i++) {
                lanes_store(out + (c + i) * rows + r, block[i]);
            }
        }
    }
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = r < whole_rows ? whole_cols : 0; c < cols; c++) {
            out[c * rows + r] = in[r * cols + c];
        }
    }
}
