/* tests/unit/models/kfac_fixture.c - made-up uses of layers over dates, dense matrices. */
#include "tests/unit/models/kfac_fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/unit/models/optimizer_fixture.h"

void kfix_blocks(fel_block_info blocks[KFIX_BLOCKS])
{
    const fel_block_info all[KFIX_BLOCKS] = {
        {"dense0.weight", FEL_BLOCK_WEIGHT, 0, 0, 3, 4, 0.0},
        {"dense0.bias", FEL_BLOCK_BIAS, 0, 12, 3, 1, 0.0},
        {"lstm1.weight", FEL_BLOCK_WEIGHT, 1, 15, 8, 5, 0.0},
        {"lstm1.bias", FEL_BLOCK_BIAS, 1, 55, 8, 1, 0.0},
        {"norm2.scale", FEL_BLOCK_SCALE, 2, 63, 2, 1, 0.0},
        {"head3.weight", FEL_BLOCK_WEIGHT, 3, 65, 2, 3, 0.0},
    };
    memcpy(blocks, all, sizeof(all));
}

const kfix_layer kfix_layers[KFIX_LAYERS] = {
    {KFIX_DENSE, 3, 4, 5, 0, 12}, {KFIX_LSTM, 8, 5, 6, 15, 55}, {KFIX_HEAD, 2, 3, 3, 65, 0}};

static double draw(uint64_t stream, size_t date)
{
    rng_stream random = rng_at(31, stream * 64 + date);
    return rng_normal(&random);
}

/* A chain: half of the date before and something new. */
static double chained(uint64_t stream, size_t date, double share)
{
    double x = draw(stream, 0);
    for (size_t t = 1; t <= date; t++) {
        x = share * x + draw(stream, t);
    }
    return x;
}

static uint64_t place(const kfix_layer *l, size_t sample, size_t at)
{
    return (l->block * 64 + sample) * 32 + at;
}

double kfix_input(const kfix_layer *l, size_t date, size_t sample, size_t col)
{
    if (col == l->cols) {
        return 1.0;
    }
    return 0.3 * (double)col + chained(place(l, sample, col), date, 0.53);
}

double kfix_slope(const kfix_layer *l, size_t date, size_t sample, size_t row)
{
    return (0.7 + 0.2 * (double)row) * chained(place(l, sample, row) + 16, date, 0.61);
}

fel_kfac *kfix_make(const char *settings)
{
    fel_block_info blocks[KFIX_BLOCKS];
    const fel_optimizer_config config = optimizer_of("kfac", settings);
    fel_kfac *kfac = NULL;
    kfix_blocks(blocks);
    CHECK_OK(fel_kfac_create(&kfac, &config, blocks, KFIX_BLOCKS, KFIX_DATES));
    return kfac;
}

static void report(const kfix_layer *l, size_t date, size_t first, size_t n, int is_double,
                   const fel_layer_sink *sink)
{
    double inputs[KFIX_SAMPLES * 8], slopes[KFIX_SAMPLES * 8];
    float inputs32[KFIX_SAMPLES * 8], slopes32[KFIX_SAMPLES * 8];
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < l->cols; k++) {
            inputs[i * l->cols + k] = kfix_input(l, date, first + i, k);
            inputs32[i * l->cols + k] = (float)inputs[i * l->cols + k];
        }
        for (size_t k = 0; k < l->rows; k++) {
            slopes[i * l->rows + k] = kfix_slope(l, date, first + i, k);
            slopes32[i * l->rows + k] = (float)slopes[i * l->rows + k];
        }
    }
    const fel_layer_use use = {l->block, date, n, is_double ? (void *)inputs : (void *)inputs32,
                               is_double ? (void *)slopes : (void *)slopes32};
    sink->use(sink->payload, &use);
}

static void report_all(size_t first, size_t n, int is_double, fel_kfac_stats *stats)
{
    const fel_layer_sink sink = fel_kfac_stats_sink(stats);
    for (size_t date = KFIX_DATES; date-- > 0;) {
        for (size_t l = KFIX_LAYERS; l-- > 0;) {
            report(&kfix_layers[l], date, first, n, is_double, &sink);
        }
    }
}

void kfix_update(fel_kfac *kfac, int is_double)
{
    fel_kfac_stats *parts[2] = {NULL, NULL};
    for (int i = 0; i < 2; i++) {
        CHECK_OK(is_double ? fel_kfac_stats_create_f64(&parts[i], kfac)
                           : fel_kfac_stats_create_f32(&parts[i], kfac));
    }
    /* Two blocks of samples in the first part. */
    report_all(0, 3, is_double, parts[0]);
    report_all(3, 2, is_double, parts[0]);
    report_all(5, KFIX_SAMPLES - 5, is_double, parts[1]);
    CHECK_OK(fel_kfac_update(kfac, parts, 2));
    fel_kfac_stats_destroy(parts[0]);
    fel_kfac_stats_destroy(parts[1]);
}

/* ---- dense matrices -------------------------------------------------------------------------- */

static void swap_rows(size_t n, double *a, size_t i, size_t k)
{
    for (size_t j = 0; j < n; j++) {
        const double x = a[i * n + j];
        a[i * n + j] = a[k * n + j];
        a[k * n + j] = x;
    }
}

static size_t largest_below(size_t n, const double *matrix, size_t col)
{
    size_t best = col;
    for (size_t i = col + 1; i < n; i++) {
        best = fabs(matrix[i * n + col]) > fabs(matrix[best * n + col]) ? i : best;
    }
    return best;
}

void dense_solve(size_t n, double *matrix, double *b)
{
    for (size_t k = 0; k < n; k++) {
        const size_t best = largest_below(n, matrix, k);
        const double moved = b[k];
        swap_rows(n, matrix, k, best);
        b[k] = b[best];
        b[best] = best == k ? b[best] : moved;
        for (size_t i = k + 1; i < n; i++) {
            const double factor = matrix[i * n + k] / matrix[k * n + k];
            for (size_t j = k; j < n; j++) {
                matrix[i * n + j] -= factor * matrix[k * n + j];
            }
            b[i] -= factor * b[k];
        }
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t j = i + 1; j < n; j++) {
            b[i] -= matrix[i * n + j] * b[j];
        }
        b[i] /= matrix[i * n + i];
    }
}

void dense_add_kron(size_t m, const double *g, size_t n, const double *a, double factor,
                    double *out)
{
    const size_t size = m * n;
    for (size_t row = 0; row < size; row++) {
        for (size_t col = 0; col < size; col++) {
            out[row * size + col] += factor * g[row / n * m + col / n] * a[row % n * n + col % n];
        }
    }
}

void dense_product(size_t n, const double *a, const double *b, double *c)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            double sum = 0.0;
            for (size_t k = 0; k < n; k++) {
                sum += a[i * n + k] * b[k * n + j];
            }
            c[i * n + j] = sum;
        }
    }
}

void dense_inverse(size_t n, const double *a, double *out)
{
    double *matrix = malloc(n * n * sizeof(*matrix)), *column = malloc(n * sizeof(*column));
    for (size_t j = 0; matrix != NULL && column != NULL && j < n; j++) {
        memcpy(matrix, a, n * n * sizeof(*a));
        for (size_t i = 0; i < n; i++) {
            column[i] = i == j ? 1.0 : 0.0;
        }
        dense_solve(n, matrix, column);
        for (size_t i = 0; i < n; i++) {
            out[i * n + j] = column[i];
        }
    }
    free(matrix);
    free(column);
}

void kfix_gather(const kfix_layer *l, const double *params, double *v)
{
    for (size_t i = 0; i < l->rows; i++) {
        for (size_t k = 0; k < l->n; k++) {
            v[i * l->n + k] =
                k < l->cols ? params[l->weight + i * l->cols + k] : params[l->bias + i];
        }
    }
}
