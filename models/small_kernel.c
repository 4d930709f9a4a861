/* models/small_kernel.c - products of matrices that are too small for BLAS: the heads of attention,
 * 20 to 60 rows by 8 to 32 columns.
 *
 * Blocks of 6 rows by 16 columns (8 by 8 at the right edge) stay in registers over the inner sum,
 * which runs in order, one fused multiply-add a term. */
#include "models/attention_internal.h"
#include "models/lanes_internal.h"

enum { MOST_ROWS = 8, MOST_WIDE = 2 };

typedef struct block {
    const real *a, *b;
    real *c;
    size_t a_row, a_inner, b_row, c_row, inner;
    real factor;
} block;

LANES_INLINE void multiply_block(const block *j, const int rows, const int wide)
{
    lanes sum[MOST_ROWS][MOST_WIDE];
    LANES_UNROLL
    for (int r = 0; r < rows; r++) {
        LANES_UNROLL
        for (int v = 0; v < wide; v++) {
            sum[r][v] = lanes_all(0);
        }
    }
    const real *a = j->a, *b = j->b;
    const size_t a_row = j->a_row, a_inner = j->a_inner, b_row = j->b_row, inner = j->inner;
    for (size_t k = 0; k < inner; k++, a += a_inner, b += b_row) {
        lanes from_b[MOST_WIDE];
        LANES_UNROLL
        for (int v = 0; v < wide; v++) {
            from_b[v] = lanes_load(b + (size_t)LANES * (size_t)v);
        }
        LANES_UNROLL
        for (int r = 0; r < rows; r++) {
            const lanes x = lanes_all(a[(size_t)r * a_row]);
            LANES_UNROLL
            for (int v = 0; v < wide; v++) {
                sum[r][v] = lanes_fma(x, from_b[v], sum[r][v]);
            }
        }
    }
    const lanes factor = lanes_all(j->factor);
    LANES_UNROLL
    for (int r = 0; r < rows; r++) {
        LANES_UNROLL
        for (int v = 0; v < wide; v++) {
            lanes_store(j->c + (size_t)r * j->c_row + (size_t)LANES * (size_t)v,
                        sum[r][v] * factor);
        }
    }
}

typedef void block_fn(const block *j);
#define BLOCK_FUNCTION(rows, wide)                                                                 \
    static void block_##rows##x##wide(const block *j)                                              \
    {                                                                                              \
        multiply_block(j, rows, wide);                                                             \
    }
BLOCK_FUNCTION(8, 1)
BLOCK_FUNCTION(6, 2)
BLOCK_FUNCTION(4, 1)
BLOCK_FUNCTION(4, 2)
BLOCK_FUNCTION(2, 1)
BLOCK_FUNCTION(2, 2)
BLOCK_FUNCTION(1, 1)
BLOCK_FUNCTION(1, 2)

typedef struct block_kind {
    size_t rows;
    block_fn *run;
} block_kind;
/* By width, the largest first. */
static const block_kind kinds[MOST_WIDE][4] = {
    {{8, block_8x1}, {4, block_4x1}, {2, block_2x1}, {1, block_1x1}},
    {{6, block_6x2}, {4, block_4x2}, {2, block_2x2}, {1, block_1x2}},
};

/* The part of the inner sum that rows from..from + n need. */
static void band_inner(const small_product *p, size_t from, size_t n, block *j)
{
    size_t first = 0, end = p->inner;
    if (p->band == SMALL_INNER_TO_ROW) {
        end = from + n < end ? from + n : end;
    } else if (p->band == SMALL_INNER_FROM_ROW) {
        first = from < end ? from : end;
    }
    j->a += first * p->a_inner;
    j->b += first * p->b_row;
    j->inner = end - first;
}

/* One strip of 8 or 16 columns from `col` on. */
static void multiply_strip(const small_product *p, size_t col, size_t wide)
{
    const size_t end = p->band == SMALL_COLS_FROM_ROW && col + wide * LANES < p->rows
                           ? col + wide * LANES
                           : p->rows;
    const block_kind *kind = kinds[wide - 1];
    for (size_t row = 0; row < end; row += kind->rows) {
        while (kind->rows > end - row) {
            kind++;
        }
        block j = {.a = (const real *)p->a + row * p->a_row,
                   .b = (const real *)p->b + col,
                   .c = (real *)p->c + row * p->c_row + col,
                   .a_row = p->a_row,
                   .a_inner = p->a_inner,
                   .b_row = p->b_row,
                   .c_row = p->c_row,
                   .factor = (real)p->factor};
        band_inner(p, row, kind->rows, &j);
        kind->run(&j);
    }
}

void KERNEL(small_multiply)(const small_product *p)
{
    size_t col = 0;
    for (; col + LANES < p->cols; col += (size_t)2 * LANES) {
        multiply_strip(p, col, 2);
    }
    if (col < p->cols) {
        multiply_strip(p, col, 1);
    }
}
