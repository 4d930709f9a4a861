/* models/kfac_sums_real.c - products over the samples of one use, taken in the precision of the
 * pass and added to sums in double. */
#include "models/gemm_internal.h"
#include "models/kfac_internal.h"
#include "models/lapack_internal.h"

static void add(const real *room, size_t from, size_t to, double *sums)
{
    for (size_t i = from; i < to; i++) {
        sums[i] += (double)room[i];
    }
}

void KERNEL(kfac_add_product)(const kfac_product *p)
{
    const size_t rows = p->first_cols, cols = p->second_cols;
    real *room = p->room;
    if (p->second == NULL) {
        KERNEL(lapack_square)(&(const lapack_rows){p->first, p->n, rows, p->first_stride}, room);
        for (size_t i = 0; i < rows; i++) {
            add(room, i * rows + i, (i + 1) * rows, p->sums);
        }
        return;
    }
    const gemm_shape shape = {rows, cols, p->n, cols};
    gemm(shape, REAL_C(1.0), gemm_transposed(p->first, p->first_stride),
         gemm_plain(p->second, p->second_stride), REAL_C(0.0), room);
    add(room, 0, rows * cols, p->sums);
}

void KERNEL(kfac_append_one)(size_t n, size_t cols, const void *in, void *out)
{
    const real *from = in;
    real *to = out;
    for (size_t i = 0; i < n; i++, from += cols, to += cols + 1) {
        for (size_t k = 0; k < cols; k++) {
            to[k] = from[k];
        }
        to[cols] = REAL_C(1.0);
    }
}
