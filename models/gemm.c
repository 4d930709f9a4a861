/* models/gemm.c - OpenBLAS, loaded when the first network is made.
 *
 * Not linked, for two reasons. GSL brings a CBLAS of its own with the same names: which of the two
 * a call reaches would depend on the order of libraries, and GSL's products, which calibrations
 * use, must not become those of a library whose rounding depends on the processor. And commands
 * without a network need not wait for its start. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

#include "models/gemm_internal.h"

/* As in every cblas.h. */
enum { ROW_MAJOR = 101, PLAIN = 111, TRANSPOSED = 112 };

typedef void sgemm_fn(int order, int trans_a, int trans_b, int m, int n, int k, float alpha,
                      const float *a, int lda, const float *b, int ldb, float beta, float *c,
                      int ldc);
typedef void dgemm_fn(int order, int trans_a, int trans_b, int m, int n, int k, double alpha,
                      const double *a, int lda, const double *b, int ldb, double beta, double *c,
                      int ldc);
typedef void set_threads_fn(int n);

static const char library_name[] = "libopenblas.so.0";

static sgemm_fn *sgemm;
static dgemm_fn *dgemm;
static char why_not[256]; /* it is not there; empty: it is */

static void *symbol(void *library, const char *name)
{
    void *found = dlsym(library, name);
    if (found == NULL && why_not[0] == '\0') {
        (void)snprintf(why_not, sizeof(why_not), "%s has no %s", library_name, name);
    }
    return found;
}

/* It stays open for as long as the process lives. */
static void open_once(void)
{
    void *library = dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        const char *why = dlerror();
        (void)snprintf(why_not, sizeof(why_not), "%s", why != NULL ? why : library_name);
        return;
    }
    /* A data pointer as a function's: what dlsym is for. */
    *(void **)&sgemm = symbol(library, "cblas_sgemm");
    *(void **)&dgemm = symbol(library, "cblas_dgemm");
    set_threads_fn *set_threads = NULL;
    *(void **)&set_threads = symbol(library, "openblas_set_num_threads");
    if (why_not[0] == '\0') {
        set_threads(1);
    }
}

fel_status gemm_open(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, open_once);
    if (why_not[0] != '\0') {
        return FEL_RAISE(FEL_ERR_IO, "networks need OpenBLAS: %s", why_not);
    }
    return FEL_OK;
}

static int trans_of(gemm_matrix m)
{
    return m.transposed ? TRANSPOSED : PLAIN;
}

void gemm_f32(gemm_shape shape, float factor, gemm_matrix a, gemm_matrix b, float keep, float *c)
{
    sgemm(ROW_MAJOR, trans_of(a), trans_of(b), (int)shape.rows, (int)shape.cols, (int)shape.inner,
          factor, a.data, (int)a.stride, b.data, (int)b.stride, keep, c, (int)shape.stride);
}

void gemm_f64(gemm_shape shape, double factor, gemm_matrix a, gemm_matrix b, double keep, double *c)
{
    dgemm(ROW_MAJOR, trans_of(a), trans_of(b), (int)shape.rows, (int)shape.cols, (int)shape.inner,
          factor, a.data, (int)a.stride, b.data, (int)b.stride, keep, c, (int)shape.stride);
}
