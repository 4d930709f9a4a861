/* tests/unit/models/kfac_fixture.h - made-up uses of layers over dates, dense matrices to compare
 * factored ones with, and a linear regression that hosts steps. */
#ifndef FEL_TESTS_KFAC_FIXTURE_H
#define FEL_TESTS_KFAC_FIXTURE_H

#include <feller/kfac.h>

/* Blocks: dense0 3 x 4 with bias; lstm1 8 x 5 with bias; norm2, scale of 2; head3 2 x 3 without. */
enum { KFIX_BLOCKS = 6, KFIX_DATES = 4, KFIX_SAMPLES = 9, KFIX_LAYERS = 3 };
enum { KFIX_DENSE = 0, KFIX_LSTM = 2, KFIX_NORM = 4, KFIX_HEAD = 5 };
enum { KFIX_PARAMS = 3 * 4 + 3 + 8 * 5 + 8 + 2 + 2 * 3 };
void kfix_blocks(fel_block_info blocks[KFIX_BLOCKS]);

/* A layer as the fixture sees it. */
typedef struct kfix_layer {
    size_t block, rows, cols, n; /* n: cols and 1 for a bias */
    size_t weight, bias;         /* offsets */
} kfix_layer;
extern const kfix_layer kfix_layers[KFIX_LAYERS];

/* Inputs [date][sample][cols] and slopes [date][sample][rows] of a layer: functions of their place,
 * one date much like the one before. */
double kfix_input(const kfix_layer *l, size_t date, size_t sample, size_t col); /* col cols: 1 */
double kfix_slope(const kfix_layer *l, size_t date, size_t sample, size_t row);

/* Parameters of kfac as "damping=0.1,adapt=false". */
fel_kfac *kfix_make(const char *settings);
/* Statistics of all samples and dates in two parts, as a way back reports them. */
void kfix_update(fel_kfac *kfac, int is_double);

/* b becomes the solution of matrix x = b; both are overwritten. */
void dense_solve(size_t n, double *matrix, double *b);
/* out[(i n + k), (j n + l)] += factor g[i][j] a[k][l]; g is m x m, a is n x n. */
void dense_add_kron(size_t m, const double *g, size_t n, const double *a, double factor,
                    double *out);
/* c = a b, all n x n. */
void dense_product(size_t n, const double *a, const double *b, double *c);
/* inverse of an n x n matrix. */
void dense_inverse(size_t n, const double *a, double *out);

/* The part of a gradient that a layer owns, [rows x n], and back. */
void kfix_gather(const kfix_layer *l, const double *params, double *v);

#endif
