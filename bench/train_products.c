/* bench/train_products.c - OpenBLAS' time for the matrix products of a training step: the roof
 * under which a network's own work comes on top. */
#include <dlfcn.h>
#include <math.h>
#include <stdlib.h>

#include "bench/train_hand.h"

enum { ROW_MAJOR = 101, PLAIN = 111, TRANSPOSED = 112, PASSES = 5 };

typedef void sgemm_fn(int order, int trans_a, int trans_b, int m, int n, int k, float alpha,
                      const float *a, int lda, const float *b, int ldb, float beta, float *c,
                      int ldc);

/* One thread; NULL if it is not there. */
static sgemm_fn *open_sgemm(void)
{
    static sgemm_fn *sgemm;
    static int looked;
    if (!looked) {
        void *library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL);
        void (*set_threads)(int n) = NULL;
        looked = 1;
        if (library != NULL) {
            *(void **)&sgemm = dlsym(library, "cblas_sgemm");
            *(void **)&set_threads = dlsym(library, "openblas_set_num_threads");
        }
        if (set_threads != NULL) {
            set_threads(1);
        }
    }
    return sgemm;
}

typedef struct product_room {
    float *x, *w, *y; /* y = x w' */
} product_room;

/* Forward, gradient by w, gradient by x. */
static void multiply(sgemm_fn *sgemm, const train_product *p, const product_room *r)
{
    const int m = (int)p->m, n = (int)p->n, k = (int)p->k;
    sgemm(ROW_MAJOR, PLAIN, TRANSPOSED, m, n, k, 1.0F, r->x, k, r->w, k, 0.0F, r->y, n);
    sgemm(ROW_MAJOR, TRANSPOSED, PLAIN, n, k, m, 1.0F, r->y, n, r->x, k, 0.0F, r->w, k);
    sgemm(ROW_MAJOR, PLAIN, PLAIN, m, k, n, 1.0F, r->y, n, r->w, k, 0.0F, r->x, k);
}

double train_product_seconds(const train_product *p)
{
    sgemm_fn *sgemm = open_sgemm();
    if (sgemm == NULL) {
        return 0.0;
    }
    const double flops = 6.0 * (double)(p->m * p->n * p->k);
    const int repeats = 1 + (int)(2e8 / flops); /* some milliseconds */
    const product_room r = {calloc(p->m * p->k, sizeof(float)), calloc(p->n * p->k, sizeof(float)),
                            calloc(p->m * p->n, sizeof(float))};
    double best = HUGE_VAL;
    for (int pass = 0; r.x != NULL && r.w != NULL && r.y != NULL && pass < PASSES; pass++) {
        const double start = wall_seconds();
        for (int i = 0; i < repeats; i++) {
            multiply(sgemm, p, &r);
        }
        best = fmin(best, (wall_seconds() - start) / repeats);
    }
    free(r.x);
    free(r.w);
    free(r.y);
    return best * p->count;
}
