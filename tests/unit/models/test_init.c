/* tests/unit/models/test_init.c - first values: bounds and moments, orthogonality, bands of gates,
 * the same at every level, float beside double. */
#define FEL_MODULE_MODELS
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/network_internal.h"
#include "tests/support/check.h"

static int same_bytes(const void *a, const void *b, size_t size)
{
    return memcmp(a, b, size) == 0;
}

static double *values_of(const layer_block *block, uint64_t seed, uint64_t index)
{
    const init_job job = {block, seed, index};
    double *values = calloc(block->rows * block->cols, sizeof(*values));
    if (values == NULL) {
        abort();
    }
    init_block_f64(&job, values);
    return values;
}

typedef struct moments {
    double mean, variance, least, most;
} moments;

/* Rows x cols from (row, col) on. */
static moments moments_of(const double *x, size_t stride, size_t rows, size_t cols)
{
    const double n = (double)rows * (double)cols;
    moments m = {0.0, 0.0, (double)INFINITY, -(double)INFINITY};
    for (size_t i = 0; i < rows * cols; i++) {
        const double v = x[i / cols * stride + i % cols];
        m.mean += v / n;
        m.least = fmin(m.least, v);
        m.most = fmax(m.most, v);
    }
    for (size_t i = 0; i < rows * cols; i++) {
        const double d = x[i / cols * stride + i % cols] - m.mean;
        m.variance += d * d / n;
    }
    return m;
}

/* Uniform on +-limit: the variance's standard error is limit^2 sqrt(4 / 45 / n). */
static void check_uniform(const double *x, size_t stride, size_t rows, size_t cols, double limit)
{
    const moments m = moments_of(x, stride, rows, cols);
    const double n = (double)rows * (double)cols, square = limit * limit;
    CHECK(m.least >= -limit && m.least < -0.99 * limit);
    CHECK(m.most <= limit && m.most > 0.99 * limit);
    CHECK_NEAR(m.mean, 0.0, 4.5 * limit / sqrt(3.0 * n));
    CHECK_NEAR(m.variance, square / 3.0, 4.5 * square * sqrt(4.0 / 45.0 / n));
}

static void check_normal(const double *x, size_t n, double sd)
{
    const moments m = moments_of(x, n, 1, n);
    CHECK_NEAR(m.mean, 0.0, 4.5 * sd / sqrt((double)n));
    CHECK_NEAR(m.variance, sd * sd, 4.5 * sd * sd * sqrt(2.0 / (double)n));
    CHECK(m.most > 3.0 * sd && m.least < -3.0 * sd);
}

static void test_glorot(void)
{
    const layer_block whole = {.init = INIT_GLOROT, .rows = 90, .cols = 130, .parts = 1};
    const layer_block bands = {.init = INIT_GLOROT, .rows = 90, .cols = 130, .parts = 3};
    double *x = values_of(&whole, 5, 0);
    check_uniform(x, 130, 90, 130, sqrt(6.0 / 220.0));
    free(x);
    x = values_of(&bands, 5, 0);
    for (size_t i = 0; i < 3; i++) {
        check_uniform(x + i * 3900, 130, 30, 130, sqrt(6.0 / 160.0));
    }
    free(x);
}

static void test_normals(void)
{
    const layer_block he = {.init = INIT_HE, .rows = 300, .cols = 50, .parts = 1};
    const layer_block plain = {
        .init = INIT_NORMAL, .rows = 300, .cols = 50, .parts = 1, .value = 0.0217};
    double *x = values_of(&he, 6, 2);
    check_normal(x, 15000, sqrt(2.0 / 50.0));
    free(x);
    x = values_of(&plain, 6, 2);
    check_normal(x, 15000, 0.0217);
    free(x);
}

static void test_constants(void)
{
    const layer_block forget = {
        .init = INIT_CONSTANT, .rows = 12, .cols = 1, .parts = 4, .band = 1, .value = 0.7};
    const layer_block one = {.init = INIT_ONE, .rows = 5, .cols = 1, .parts = 1};
    const layer_block zero = {.init = INIT_ZERO, .rows = 5, .cols = 3, .parts = 1};
    double *x = values_of(&forget, 6, 2), *y = values_of(&one, 6, 2), *z = values_of(&zero, 6, 2);
    for (size_t i = 0; i < 12; i++) {
        CHECK_SAME(x[i], i >= 3 && i < 6 ? 0.7 : 0.0);
        CHECK_SAME(y[i % 5], 1.0);
        CHECK_SAME(z[i], 0.0);
    }
    free(x);
    free(y);
    free(z);
}

/* The largest entry of Q'Q - I for n vectors, `step` apart within, `next` between. */
static double not_orthonormal(const double *q, size_t n, size_t length, size_t next, size_t step)
{
    double worst = 0.0;
    for (size_t a = 0; a < n; a++) {
        for (size_t b = 0; b <= a; b++) {
            double sum = a == b ? -1.0 : 0.0;
            for (size_t i = 0; i < length; i++) {
                sum += q[a * next + i * step] * q[b * next + i * step];
            }
            worst = fmax(worst, fabs(sum));
        }
    }
    return worst;
}

static void test_orthogonal(void)
{
    const layer_block wide = {.init = INIT_ORTHOGONAL, .rows = 20, .cols = 67, .parts = 1};
    const layer_block tall = {.init = INIT_ORTHOGONAL, .rows = 67, .cols = 20, .parts = 1};
    const layer_block bands = {.init = INIT_ORTHOGONAL, .rows = 123, .cols = 41, .parts = 3};
    double *x = values_of(&wide, 7, 1), *y = values_of(&tall, 7, 1), *z = values_of(&bands, 7, 1);
    CHECK_NEAR(not_orthonormal(x, 20, 67, 67, 1), 0.0, 1e-14);
    CHECK_NEAR(not_orthonormal(y, 20, 67, 1, 20), 0.0, 1e-14);
    for (size_t i = 0; i < 3; i++) {
        CHECK_NEAR(not_orthonormal(z + i * 1681, 41, 41, 41, 1), 0.0, 1e-14);
        CHECK_NEAR(not_orthonormal(z + i * 1681, 41, 41, 1, 41), 0.0, 1e-13);
    }
    CHECK(!same_bytes(z, z + 1681, 1681 * sizeof(*z)));
    free(x);
    free(y);
    free(z);
}

/* Of Haar measure on O(n), n >= 2, the square of the trace has mean 1 and variance 2 (Diaconis and
 * Shahshahani 1994; exact for n >= 4); the trace itself has mean 0. */
static void test_orthogonal_draws_are_haar(void)
{
    enum { N = 5, DRAWS = 1000 };
    const layer_block block = {.init = INIT_ORTHOGONAL, .rows = N, .cols = N, .parts = 1};
    double mean = 0.0, square = 0.0;
    for (size_t k = 0; k < DRAWS; k++) {
        double *x = values_of(&block, 100 + k, 1), trace = 0.0;
        for (size_t i = 0; i < N; i++) {
            trace += x[i * N + i];
        }
        mean += trace / DRAWS;
        square += trace * trace / DRAWS;
        free(x);
    }
    CHECK_NEAR(mean, 0.0, 4.5 / sqrt((double)DRAWS));
    CHECK_NEAR(square, 1.0, 4.5 * sqrt(2.0 / DRAWS));
}

static void test_gates_of_an_lstm(void)
{
    enum { F = 60, H = 45, STRIDE = F + H };
    const layer_block block = {
        .init = INIT_LSTM, .rows = (size_t)4 * H, .cols = STRIDE, .parts = 4};
    double *x = values_of(&block, 8, 0);
    for (size_t gate = 0; gate < 4; gate++) {
        const double *rows = x + gate * H * STRIDE;
        check_uniform(rows, STRIDE, H, F, sqrt(6.0 / (F + H)));
        CHECK_NEAR(not_orthonormal(rows + F, H, H, STRIDE, 1), 0.0, 1e-14);
    }
    free(x);
}

/* Elementwise ones are rounded; orthogonal ones are orthogonal to 1e-6 by themselves. */
static void test_float(void)
{
    enum { N = 70 };
    static const layer_init kinds[] = {INIT_GLOROT, INIT_HE, INIT_ORTHOGONAL};
    for (size_t k = 0; k < 3; k++) {
        const layer_block block = {.init = kinds[k], .rows = N, .cols = N, .parts = 1};
        const init_job job = {&block, 9, 3};
        float single[N * N];
        double *x = values_of(&block, 9, 3), worst = 0.0, widened[N * N];
        init_block_f32(&job, single);
        for (size_t i = 0; i < (size_t)N * N; i++) {
            widened[i] = (double)single[i];
            worst = fmax(worst, fabs(x[i] - widened[i]));
        }
        CHECK_NEAR(worst, 0.0, kinds[k] == INIT_ORTHOGONAL ? 2e-6 : 3e-8);
        if (kinds[k] == INIT_ORTHOGONAL) {
            CHECK_NEAR(not_orthonormal(widened, N, N, N, 1), 0.0, 1e-6);
        }
        free(x);
    }
}

static void test_levels_do_not_show(void)
{
    static const char *const levels[] = {"x86-64", "x86-64-v3", "x86-64-v4"};
    const char *best = fel_cpu_level();
    const layer_block block = {.init = INIT_ORTHOGONAL, .rows = 61, .cols = 83, .parts = 1};
    double *want = values_of(&block, 10, 0);
    for (size_t i = 0; i < 3; i++) {
        if (fel_cpu_level_set(levels[i]) == FEL_OK) {
            double *x = values_of(&block, 10, 0);
            CHECK(same_bytes(want, x, 5063 * sizeof(*x)));
            free(x);
        }
    }
    CHECK_OK(fel_cpu_level_set(best));
    free(want);
}

static void test_seeds_and_blocks_tell_draws_apart(void)
{
    const layer_block block = {.init = INIT_GLOROT, .rows = 8, .cols = 8, .parts = 1};
    double *a = values_of(&block, 10, 0), *b = values_of(&block, 11, 0);
    double *c = values_of(&block, 10, 1), *again = values_of(&block, 10, 0);
    for (size_t i = 0; i < 64; i++) {
        CHECK(a[i] != b[i] && a[i] != c[i] && b[i] != c[i]);
        CHECK_SAME(a[i], again[i]);
    }
    free(a);
    free(b);
    free(c);
    free(again);
}

SUITE("models/init", TEST(test_glorot), TEST(test_normals), TEST(test_constants),
      TEST(test_orthogonal), TEST(test_orthogonal_draws_are_haar), TEST(test_gates_of_an_lstm),
      TEST(test_float), TEST(test_levels_do_not_show),
      TEST(test_seeds_and_blocks_tell_draws_apart));
