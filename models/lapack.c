/* models/lapack.c - the routines of LAPACK that OpenBLAS carries, from the library that gemm.c
 * opens, for the same reasons. They are Fortran's: everything by address, columns first, so that a
 * row-major upper triangle is a lower one to them. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/gemm_internal.h"
#include "models/lapack_internal.h"

enum { ROW_MAJOR = 101, TRANSPOSED = 112, UPPER = 121 };

typedef void ssyrk_fn(int order, int uplo, int trans, int n, int k, float alpha, const float *a,
                      int lda, float beta, float *c, int ldc);
typedef void dsyrk_fn(int order, int uplo, int trans, int n, int k, double alpha, const double *a,
                      int lda, double beta, double *c, int ldc);
/* The lengths of the texts come last. */
typedef void dsyevd_fn(const char *job, const char *uplo, const int *n, double *a, const int *lda,
                       double *w, double *work, const int *lwork, int *iwork, const int *liwork,
                       int *info, size_t job_size, size_t uplo_size);
typedef void dpotr_fn(const char *uplo, const int *n, double *a, const int *lda, int *info,
                      size_t uplo_size);

static ssyrk_fn *ssyrk;
static dsyrk_fn *dsyrk;
static dsyevd_fn *dsyevd;
static dpotr_fn *dpotrf, *dpotri;
static char why_not[256]; /* they are not there; empty: they are */

static void *symbol(void *library, const char *name)
{
    void *found = dlsym(library, name);
    if (found == NULL && why_not[0] == '\0') {
        (void)snprintf(why_not, sizeof(why_not), "%s is not in libopenblas.so.0", name);
    }
    return found;
}

static void open_once(void)
{
    void *library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        (void)snprintf(why_not, sizeof(why_not), "no libopenblas.so.0");
        return;
    }
    *(void **)&ssyrk = symbol(library, "cblas_ssyrk");
    *(void **)&dsyrk = symbol(library, "cblas_dsyrk");
    *(void **)&dsyevd = symbol(library, "dsyevd_");
    *(void **)&dpotrf = symbol(library, "dpotrf_");
    *(void **)&dpotri = symbol(library, "dpotri_");
}

fel_status lapack_open(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    FEL_TRY(gemm_open()); /* one thread */
    (void)pthread_once(&once, open_once);
    return why_not[0] == '\0'
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_IO, "kfac needs OpenBLAS with LAPACK: %s", why_not);
}

void lapack_square_f32(const lapack_rows *rows, float *out)
{
    const int n = (int)rows->cols;
    ssyrk(ROW_MAJOR, UPPER, TRANSPOSED, n, (int)rows->n, 1.0F, rows->data, (int)rows->stride, 0.0F,
          out, n);
}

void lapack_square_f64(const lapack_rows *rows, double *out)
{
    const int n = (int)rows->cols;
    dsyrk(ROW_MAJOR, UPPER, TRANSPOSED, n, (int)rows->n, 1.0, rows->data, (int)rows->stride, 0.0,
          out, n);
}

fel_status lapack_eigen(size_t n, double *matrix, double *values)
{
    const size_t n_work = 1 + 6 * n + 2 * n * n, n_ints = 3 + 5 * n;
    const int size = (int)n, lwork = (int)n_work, liwork = (int)n_ints;
    double *work = malloc(n_work * sizeof(*work));
    int *ints = malloc(n_ints * sizeof(*ints)), info = 0;
    if (work == NULL || ints == NULL) {
        free(work);
        free(ints);
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for eigenvectors of %zu x %zu", n, n);
    }
    dsyevd("V", "L", &size, matrix, &size, values, work, &lwork, ints, &liwork, &info, 1, 1);
    free(work);
    free(ints);
    return info == 0 ? FEL_OK
                     : FEL_RAISE(FEL_ERR_INTERNAL, "no eigenvectors of a matrix of %zu x %zu (%d)",
                                 n, n, info);
}

int lapack_invert(size_t n, double *matrix)
{
    const int size = (int)n;
    int info = 0;
    dpotrf("L", &size, matrix, &size, &info, 1);
    if (info != 0) {
        return 0;
    }
    dpotri("L", &size, matrix, &size, &info, 1);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < i; j++) {
            matrix[i * n + j] = matrix[j * n + i];
        }
    }
    return info == 0;
}
