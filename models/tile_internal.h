/* models/tile_internal.h - products of small matrices by blocks that stay in registers: one operand
 * read where it lies, the other packed in panels of columns.
 *
 * For matrices that a recurrence uses again at every step. A library packs both operands at every
 * call, which for 64 rows costs as much as a third of the product; a panel here is packed once a
 * pass, and gates can be worked on while a block of rows is in the nearest cache. Sums run in
 * order, one fused multiply-add a term: the same bits at every level of vector instructions,
 * whatever the number of rows. */
#ifndef FEL_MODELS_TILE_INTERNAL_H
#define FEL_MODELS_TILE_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/tile_internal.h belongs to models/"
#endif

#include <stddef.h>

#include "core/real.h"

enum {
    TILE_PAD = 16,  /* columns of a panel are a multiple of this */
    TILE_PANEL = 64 /* ... and at most this */
};

static inline size_t tile_round(size_t n)
{
    return (n + TILE_PAD - 1) / TILE_PAD * TILE_PAD;
}

/* Terms of the sums: a(r, k) = a[r row + k inner] for k < n, `repeats` times in a row, the operand
 * moved on by `step` each time. */
typedef struct tile_part {
    const void *a;
    size_t row, inner, n;
    size_t repeats, step;
} tile_part;

/* c = start + sum over parts and k of a(r, k) b(k, col). b goes on from part to part. */
typedef struct tile_job {
    size_t rows, cols;  /* cols: a multiple of TILE_PAD */
    tile_part parts[2]; /* one whose n or repeats is 0 adds nothing */
    const void *b;      /* rows b_row numbers apart */
    const void *start;  /* rows start_row apart; NULL: 0; may be c */
    void *c;            /* rows c_row apart */
    size_t b_row, start_row, c_row;
} tile_job;

KERNEL_DECLARE(void, tile_multiply, f32, (const tile_job *job));
KERNEL_DECLARE(void, tile_multiply, f64, (const tile_job *job));

#endif
