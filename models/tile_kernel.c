/* models/tile_kernel.c - blocks of 6 rows by up to four vectors of columns in registers.
 *
 * With AVX-512: 24 of 32 registers hold sums, four a row of b, one an element of a. With AVX2 and
 * elsewhere the blocks are 6 rows by two vectors: 12 of 16. */
#include "models/tile_internal.h"
#include "models/vector_internal.h"

enum { MOST_ROWS = 6, MOST_WIDE = VECTOR_BYTES == 64 ? 4 : 2 };

/* One part's terms, once. Returns where b goes on. */
VECTOR_INLINE const real *add_terms(vector sum[MOST_ROWS][MOST_WIDE], const real *a,
                                    const tile_part *part, const real *b, size_t b_row,
                                    const int rows, const int wide)
{
    const size_t a_row = part->row, inner = part->inner;
    for (size_t k = part->n; k > 0; k--, a += inner, b += b_row) {
        vector from_b[MOST_WIDE];
        VECTOR_UNROLL
        for (int v = 0; v < wide; v++) {
            from_b[v] = vector_load(b + (size_t)v * WIDTH);
        }
        VECTOR_UNROLL
        for (int r = 0; r < rows; r++) {
            const vector x = vector_all(a[(size_t)r * a_row]);
            VECTOR_UNROLL
            for (int v = 0; v < wide; v++) {
                sum[r][v] = vector_fma(x, from_b[v], sum[r][v]);
            }
        }
    }
    return b;
}

VECTOR_INLINE void multiply_block(const tile_job *job, size_t row, size_t col, const int rows,
                                  const int wide)
{
    vector sum[MOST_ROWS][MOST_WIDE];
    const real *start = job->start, *b = (const real *)job->b + col;
    real *c = (real *)job->c + row * job->c_row + col;
    VECTOR_UNROLL
    for (int r = 0; r < rows; r++) {
        VECTOR_UNROLL
        for (int v = 0; v < wide; v++) {
            const size_t at = (row + (size_t)r) * job->start_row + col + (size_t)v * WIDTH;
            sum[r][v] = start != NULL ? vector_load(start + at) : vector_all(0);
        }
    }
    for (int p = 0; p < 2; p++) {
        const tile_part *part = &job->parts[p];
        const real *a = (const real *)part->a + row * part->row;
        for (size_t i = 0; i < part->repeats; i++, a += part->step) {
            b = add_terms(sum, a, part, b, job->b_row, rows, wide);
        }
    }
    VECTOR_UNROLL
    for (int r = 0; r < rows; r++) {
        VECTOR_UNROLL
        for (int v = 0; v < wide; v++) {
            vector_store(c + (size_t)r * job->c_row + (size_t)v * WIDTH, sum[r][v]);
        }
    }
}

typedef void block_fn(const tile_job *job, size_t row, size_t col);
#define BLOCK_FUNCTION(rows, wide)                                                                 \
    static void block_##rows##x##wide(const tile_job *job, size_t row, size_t col)                 \
    {                                                                                              \
        multiply_block(job, row, col, rows, wide);                                                 \
    }
#define BLOCK_FUNCTIONS(wide)                                                                      \
    BLOCK_FUNCTION(1, wide)                                                                        \
    BLOCK_FUNCTION(2, wide)                                                                        \
    BLOCK_FUNCTION(3, wide)                                                                        \
    BLOCK_FUNCTION(4, wide)                                                                        \
    BLOCK_FUNCTION(5, wide)                                                                        \
    BLOCK_FUNCTION(6, wide)
#define BLOCK_ROW(wide)                                                                            \
    {                                                                                              \
        block_1x##wide, block_2x##wide, block_3x##wide, block_4x##wide, block_5x##wide,            \
            block_6x##wide                                                                         \
    }

BLOCK_FUNCTIONS(1)
BLOCK_FUNCTIONS(2)
#if defined(__AVX512F__)
BLOCK_FUNCTIONS(3)
BLOCK_FUNCTIONS(4)
static block_fn *const blocks[MOST_WIDE][MOST_ROWS] = {BLOCK_ROW(1), BLOCK_ROW(2), BLOCK_ROW(3),
                                                       BLOCK_ROW(4)};
#else
static block_fn *const blocks[MOST_WIDE][MOST_ROWS] = {BLOCK_ROW(1), BLOCK_ROW(2)};
#endif

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

void KERNEL(tile_multiply)(const tile_job *job)
{
    for (size_t col = 0; col < job->cols; col += (size_t)MOST_WIDE * WIDTH) {
        const size_t wide = least((job->cols - col) / WIDTH, MOST_WIDE);
        for (size_t row = 0; row < job->rows; row += MOST_ROWS) {
            blocks[wide - 1][least(job->rows - row, MOST_ROWS) - 1](job, row, col);
        }
    }
}
