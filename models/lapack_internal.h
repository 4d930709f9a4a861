/* models/lapack_internal.h - squares, eigenvectors and inverses of symmetric matrices by OpenBLAS,
 * which carries LAPACK, on the calling thread. Matrices are row-major and symmetric. */
#ifndef FEL_MODELS_LAPACK_INTERNAL_H
#define FEL_MODELS_LAPACK_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/lapack_internal.h belongs to models/"
#endif

#include <feller/base.h>

/* Finds the routines, once a process: before any other call of this header. */
fel_status lapack_open(void);

/* out[cols x cols] = rows' rows of rows[n x cols], whose rows are `stride` apart; of the result the
 * upper triangle alone is set. */
typedef struct lapack_rows {
    const void *data;
    size_t n, cols, stride;
} lapack_rows;
void lapack_square_f32(const lapack_rows *rows, float *out);
void lapack_square_f64(const lapack_rows *rows, double *out);

/* matrix[n x n] (both triangles set) becomes its eigenvectors, one a row; values[n] rising. NOMEM,
 * or ERR_INTERNAL if the iteration does not end (numbers that are not finite). */
fel_status lapack_eigen(size_t n, double *matrix, double *values);

/* matrix becomes its inverse, both triangles; 0: it is not positive definite and is destroyed. */
int lapack_invert(size_t n, double *matrix);

#endif
