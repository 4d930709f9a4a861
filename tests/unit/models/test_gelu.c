/* tests/unit/models/test_gelu.c - GELU and its slope against the C library's erfc in long double,
 * at every level of vector instructions; ReLU; and the products of linear maps. */
#include <math.h>
#include <string.h>

#define FEL_MODULE_MODELS
#include "core/rng.h"
#include "models/gelu_internal.h"
#include "models/gemm_internal.h"
#include "models/linear_internal.h"
#include "tests/support/check.h"

enum { N = 40000 };

/* From -14 to 14, denser around 0, with a bias that is 0. */
static long double argument(size_t i)
{
    const long double u = (2.0L * (long double)i - (N - 1)) / (long double)(N - 1);
    return 14.0L * u * u * u;
}

static void check_errors(const long double *x, const long double *y, const long double *slope,
                         long double allowed, long double allowed_below)
{
    long double worst = 0.0L, worst_slope = 0.0L, worst_below = 0.0L;
    for (size_t i = 0; i < N; i++) {
        const long double share = 0.5L * erfcl(-x[i] / sqrtl(2.0L));
        const long double density = expl(-0.5L * x[i] * x[i]) / sqrtl(2.0L * acosl(-1.0L));
        const long double off = fabsl(y[i] - x[i] * share);
        worst = fmaxl(worst, off / fmaxl(1e-30L, fmaxl(fabsl(x[i]), 1e-3L)));
        worst_slope = fmaxl(worst_slope, fabsl(slope[i] - share - x[i] * density));
        if (x[i] < 0.0L && x[i] > -8.0L) {
            worst_below = fmaxl(worst_below, off / fabsl(x[i] * share));
        }
    }
    CHECK_NEAR((double)worst, 0.0, (double)allowed);
    CHECK_NEAR((double)worst_slope, 0.0, 2.0 * (double)allowed);
    CHECK_NEAR((double)worst_below, 0.0, (double)allowed_below);
}

static void test_gelu_is_exact_in_double(void)
{
    static double slope[N], out[N], bias[N];
    static long double x[N], y[N], s[N];
    for (size_t i = 0; i < N; i++) {
        slope[i] = (double)argument(i);
        x[i] = (long double)slope[i];
    }
    gelu_f64(&(const gelu_job){
        .rows = 1, .cols = N, .kind = ACTIVATION_GELU, .bias = bias, .slope = slope, .out = out});
    for (size_t i = 0; i < N; i++) {
        y[i] = (long double)out[i];
        s[i] = (long double)slope[i];
    }
    check_errors(x, y, s, 5e-16L, 2e-15L);
}

static void test_gelu_is_exact_in_float(void)
{
    static float slope[N], out[N], bias[N];
    static long double x[N], y[N], s[N];
    for (size_t i = 0; i < N; i++) {
        slope[i] = (float)argument(i);
        x[i] = (long double)slope[i];
    }
    gelu_f32(&(const gelu_job){
        .rows = 1, .cols = N, .kind = ACTIVATION_GELU, .bias = bias, .slope = slope, .out = out});
    for (size_t i = 0; i < N; i++) {
        y[i] = (long double)out[i];
        s[i] = (long double)slope[i];
    }
    check_errors(x, y, s, 2e-7L, 8e-7L);
}

static void test_relu_with_bias_and_mask(void)
{
    double slope[] = {1.0, -2.385, 0.5, 3.0, (double)NAN, -1.0}, out[6];
    const double bias[] = {0.5, 0.0, -0.5}, mask[] = {2.0, 2.0, 2.0, 0.0, 2.0, 2.0};
    gelu_f64(&(const gelu_job){.rows = 2,
                               .cols = 3,
                               .kind = ACTIVATION_RELU,
                               .bias = bias,
                               .mask = mask,
                               .slope = slope,
                               .out = out});
    const double want[] = {3.0, 0.0, 0.0, 0.0, (double)NAN, 0.0}, want_slope[] = {2, 0, 0, 0};
    for (size_t i = 0; i < 6; i++) {
        CHECK_SAME(out[i], want[i]);
    }
    for (size_t i = 0; i < 4; i++) {
        CHECK_SAME(slope[i], want_slope[i]);
    }
}

/* ---- linear maps ----------------------------------------------------------------------------- */

enum { ROWS = 13, MOST = 48, STRIDE = 53 };

typedef struct map_case {
    size_t n_in, n_out;
} map_case;

static void fill(double *x, size_t n, uint64_t stream)
{
    rng_stream random = rng_at(8, stream);
    for (size_t i = 0; i < n; i++) {
        x[i] = rng_normal(&random);
    }
}

static double weight[MOST * MOST], x[ROWS * STRIDE], y[ROWS * STRIDE], got[MOST * STRIDE],
    room[MOST * MOST], bias[MOST];

static void check_forward(const linear_map *m)
{
    linear_forward_f64(m, x, bias, got);
    for (size_t r = 0; r < m->rows; r++) {
        for (size_t o = 0; o < m->n_out; o++) {
            double want = bias[o];
            for (size_t i = 0; i < m->n_in; i++) {
                want += x[r * STRIDE + i] * weight[o * m->n_in + i];
            }
            CHECK_NEAR(got[r * STRIDE + o], want, 1e-13);
        }
    }
    linear_forward_add_f64(m, x, got);
    linear_forward_f64(m, x, NULL, y);
    CHECK_NEAR(got[STRIDE + 1], 2.0 * y[STRIDE + 1] + bias[1], 1e-13);
}

static void check_back(const linear_map *m)
{
    fill(y, ROWS * STRIDE, 3);
    linear_back_f64(m, y, 0, got);
    linear_back_f64(m, y, 1, got);
    for (size_t r = 0; r < m->rows; r++) {
        for (size_t i = 0; i < m->n_in; i++) {
            double want = 0.0;
            for (size_t o = 0; o < m->n_out; o++) {
                want += 2.0 * y[r * STRIDE + o] * weight[o * m->n_in + i];
            }
            CHECK_NEAR(got[r * STRIDE + i], want, 1e-13);
        }
    }
    memset(got, 0, sizeof(got));
    linear_gradient_f64(m, y, x, got);
    linear_gradient_f64(m, y, x, got);
    for (size_t o = 0; o < m->n_out; o++) {
        for (size_t i = 0; i < m->n_in; i++) {
            double want = 0.0;
            for (size_t r = 0; r < m->rows; r++) {
                want += 2.0 * y[r * STRIDE + o] * x[r * STRIDE + i];
            }
            CHECK_NEAR(got[o * m->n_in + i], want, 1e-13);
        }
    }
}

/* Rows apart; sizes that fit the blocks, and not; a matrix turned whose sides are no multiples. */
static void test_linear_maps_are_sums(void)
{
    static const map_case cases[] = {{16, 32}, {32, 16}, {7, 16}, {16, 11}, {5, 3}, {48, 48}};
    CHECK_OK(gemm_open());
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        fill(weight, MOST * MOST, 1);
        fill(x, ROWS * STRIDE, 2);
        fill(bias, MOST, 4);
        linear_map m = linear_of(ROWS, cases[k].n_in, cases[k].n_out, weight);
        m.x_stride = m.y_stride = STRIDE;
        m.room = room;
        check_forward(&m);
        check_back(&m);
    }
}

SUITE("models/gelu", TEST(test_gelu_is_exact_in_double), TEST(test_gelu_is_exact_in_float),
      TEST(test_relu_with_bias_and_mask), TEST(test_linear_maps_are_sums));
