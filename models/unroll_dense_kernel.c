/* models/unroll_dense_kernel.c - products of a dense layer at one date, by blocks of rows that pass
 * through a buffer, so that only real columns are put out. */
#include <string.h>

#include "models/unroll_kernel_internal.h"

enum { ROWS_AT_ONCE = 24 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* ---- packing --------------------------------------------------------------------------------- */

void KERNEL(panel_pack_of)(const panel_args *args)
{
    const real *from = args->from;
    real *to = args->to;
    for (size_t col = 0; col < args->cols; col += TILE_PANEL) {
        const size_t used = least(args->cols - col, TILE_PANEL), wide = tile_round(used);
        for (size_t r = 0; r < args->rows; r++, to += wide) {
            memset(to + used, 0, (wide - used) * sizeof(real));
            for (size_t i = 0; i < used; i++) {
                to[i] = from[r * args->row_step + (col + i) * args->col_step];
            }
        }
    }
}

void KERNEL(panel_unpack_of)(const panel_args *args)
{
    const real *from = args->from;
    real *to = args->to;
    for (size_t col = 0; col < args->cols; col += TILE_PANEL) {
        const size_t used = least(args->cols - col, TILE_PANEL), wide = tile_round(used);
        for (size_t r = 0; r < args->rows; r++, from += wide) {
            for (size_t i = 0; i < used; i++) {
                to[r * args->row_step + (col + i) * args->col_step] += from[i];
            }
        }
    }
}

void KERNEL(panel_pad_of)(size_t n, size_t cols, const void *from, void *to)
{
    const size_t wide = tile_round(cols);
    for (size_t r = 0; r < n; r++) {
        real *row = (real *)to + r * wide;
        memcpy(row, (const real *)from + r * cols, cols * sizeof(real));
        memset(row + cols, 0, (wide - cols) * sizeof(real));
    }
}

/* ---- products -------------------------------------------------------------------------------- */

/* A panel of whole vectors goes where it belongs at once. */
static void multiply_panel(const panel_product_args *p, size_t col, const real *b)
{
    const size_t used = least(p->cols - col, TILE_PANEL), wide = tile_round(used);
    _Alignas(64) real room[ROWS_AT_ONCE * TILE_PANEL];
    const int direct = used == wide;
    for (size_t row = 0; row < p->rows; row += ROWS_AT_ONCE) {
        const size_t rows = least(p->rows - row, ROWS_AT_ONCE);
        real *c = (real *)p->c + row * p->cols + col;
        const tile_job job = {
            .rows = rows,
            .cols = wide,
            .parts = {{(const real *)p->a + row * p->inner, p->inner, 1, p->inner, 1, 0},
                      {.repeats = 0}},
            .b = b,
            .start = p->start != NULL ? (const real *)p->start + col : NULL,
            .c = direct ? c : room,
            .b_row = wide,
            .c_row = direct ? p->cols : wide,
        };
        KERNEL(tile_multiply)(&job);
        for (size_t r = 0; !direct && r < rows; r++) {
            memcpy(c + r * p->cols, room + r * wide, used * sizeof(real));
        }
    }
}

void KERNEL(panel_product_of)(const panel_product_args *args)
{
    const real *b = args->b;
    for (size_t col = 0; col < args->cols; col += TILE_PANEL) {
        multiply_panel(args, col, b);
        b += args->inner * tile_round(least(args->cols - col, TILE_PANEL));
    }
}

void KERNEL(panel_outer_of)(const panel_outer_args *args)
{
    const size_t all = tile_round(args->cols);
    real *panel = args->panels;
    for (size_t col = 0; col < all; col += TILE_PANEL) {
        const size_t wide = least(all - col, TILE_PANEL);
        const tile_job job = {
            .rows = args->rows,
            .cols = wide,
            .parts = {{args->a, 1, args->rows, args->n, 1, 0}, {.repeats = 0}},
            .b = (const real *)args->b + col,
            .start = panel,
            .c = panel,
            .b_row = all,
            .start_row = wide,
            .c_row = wide,
        };
        KERNEL(tile_multiply)(&job);
        panel += args->rows * wide;
    }
}
