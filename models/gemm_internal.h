/* models/gemm_internal.h - products of matrices by OpenBLAS, on one thread.
 *
 * gemm_f32 and gemm_f64 have one signature: sources compiled for both call gemm. */
#ifndef FEL_MODELS_GEMM_INTERNAL_H
#define FEL_MODELS_GEMM_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/gemm_internal.h belongs to models/"
#endif

#include <feller/base.h>

#include "core/real.h"

/* Finds the library and has it work on the calling thread alone, once a process: before any other
 * call of this header. Networks do it when they are made. */
fel_status gemm_open(void);

/* Row-major; data points at floats or doubles, `stride` numbers from row to row. */
typedef struct gemm_matrix {
    const void *data;
    size_t stride;
    int transposed; /* the operand is the transpose of what lies there */
} gemm_matrix;

static inline gemm_matrix gemm_plain(const void *data, size_t stride)
{
    const gemm_matrix m = {data, stride, 0};
    return m;
}
static inline gemm_matrix gemm_transposed(const void *data, size_t stride)
{
    const gemm_matrix m = {data, stride, 1};
    return m;
}

/* The result, rows x cols, its rows `stride` numbers apart; `inner` is what is summed over. Sizes
 * below 2^31. */
typedef struct gemm_shape {
    size_t rows, cols, inner, stride;
} gemm_shape;

/* c = factor a b + keep c; keep 0 does not read c. */
void gemm_f32(gemm_shape shape, float factor, gemm_matrix a, gemm_matrix b, float keep, float *c);
void gemm_f64(gemm_shape shape, double factor, gemm_matrix a, gemm_matrix b, double keep,
              double *c);

#ifdef REAL_BITS
static inline void gemm(gemm_shape shape, real factor, gemm_matrix a, gemm_matrix b, real keep,
                        real *c)
{
    KERNEL(gemm)(shape, factor, a, b, keep, c);
}
#endif

#endif
