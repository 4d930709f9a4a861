/* tests/unit/models/test_kfac.c - factors against sums over samples, and directions against dense
 * matrices: every kind of damping and every model of time. */
#include <math.h>
#include <string.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/unit/models/kfac_fixture.h"

enum { MOST_SIDE = 8, MOST_SIZE = 8 * 6 };

static void fill(double *values, size_t n, uint64_t stream)
{
    rng_stream random = rng_at(17, stream);
    for (size_t i = 0; i < n; i++) {
        values[i] = rng_normal(&random);
    }
}

/* ---- factors by hand ------------------------------------------------------------------------- */

typedef double number_fn(const kfix_layer *l, size_t date, size_t sample, size_t at);

/* Mean over samples and dates of next' now, `lag` dates apart. */
static void brute_factor(const kfix_layer *l, number_fn *number, size_t n, size_t lag, double *out)
{
    memset(out, 0, n * n * sizeof(*out));
    for (size_t t = 0; t + lag < KFIX_DATES; t++) {
        for (size_t s = 0; s < KFIX_SAMPLES; s++) {
            for (size_t i = 0; i < n * n; i++) {
                out[i] += number(l, t + lag, s, i / n) * number(l, t, s, i % n) /
                          (double)(KFIX_DATES * KFIX_SAMPLES);
            }
        }
    }
}

static void check_matrix(size_t n, const double *ours, const double *theirs, double tolerance)
{
    for (size_t i = 0; i < n * n; i++) {
        CHECK_NEAR(ours[i], theirs[i], tolerance);
    }
}

static void test_factors_are_means_over_samples_and_dates(void)
{
    for (int is_double = 0; is_double < 2; is_double++) {
        const double tolerance = is_double ? 1e-13 : 2e-6;
        fel_kfac *kfac = kfix_make("time_model=option1");
        kfix_update(kfac, is_double);
        for (size_t k = 0; k < KFIX_LAYERS; k++) {
            const kfix_layer *l = &kfix_layers[k];
            double expected[MOST_SIDE * MOST_SIDE];
            fel_kfac_factors f;
            CHECK_OK(fel_kfac_factors_of(kfac, l->block, &f));
            CHECK_INT(f.n_inputs, l->n);
            CHECK_INT(f.n_slopes, l->rows);
            CHECK_SAME(f.uses, KFIX_DATES);
            brute_factor(l, kfix_input, l->n, 0, expected);
            check_matrix(l->n, f.inputs, expected, tolerance);
            brute_factor(l, kfix_input, l->n, 1, expected);
            check_matrix(l->n, f.inputs_lag, expected, tolerance);
            brute_factor(l, kfix_slope, l->rows, 0, expected);
            check_matrix(l->rows, f.slopes, expected, tolerance);
            brute_factor(l, kfix_slope, l->rows, 1, expected);
            check_matrix(l->rows, f.slopes_lag, expected, tolerance);
        }
        fel_kfac_destroy(kfac);
    }
}

static void test_blocks_without_factors_are_said(void)
{
    fel_kfac *kfac = kfix_make("");
    fel_kfac_factors f;
    CHECK_STATUS(fel_kfac_factors_of(kfac, KFIX_NORM, &f), FEL_ERR_ARG);
    CHECK_STATUS(fel_kfac_factors_of(kfac, 1, &f), FEL_ERR_ARG);
    CHECK_STATUS(fel_kfac_factors_of(kfac, KFIX_BLOCKS, &f), FEL_ERR_ARG);
    CHECK_OK(fel_kfac_factors_of(kfac, KFIX_HEAD, &f));
    CHECK(f.inputs_lag == NULL && f.slopes_lag == NULL);
    fel_kfac_destroy(kfac);
}

/* ---- directions against dense matrices ------------------------------------------------------- */

/* The dense curvature with damping of one layer, from its factors. */
typedef void dense_fn(const kfix_layer *l, const fel_kfac_factors *f, double damping, double *out);

static void check_directions(const char *settings, double damping, dense_fn *dense)
{
    double gradient[KFIX_PARAMS], direction[KFIX_PARAMS];
    static double matrix[MOST_SIZE * MOST_SIZE];
    fel_kfac *kfac = kfix_make(settings);
    kfix_update(kfac, 1);
    CHECK_OK(fel_kfac_invert(kfac));
    fill(gradient, KFIX_PARAMS, 1);
    fel_kfac_precondition_f64(kfac, gradient, direction);
    for (size_t k = 0; k < KFIX_LAYERS; k++) {
        const kfix_layer *l = &kfix_layers[k];
        double expected[MOST_SIZE], ours[MOST_SIZE], norm = 0.0;
        const size_t size = l->rows * l->n;
        fel_kfac_factors f;
        CHECK_OK(fel_kfac_factors_of(kfac, l->block, &f));
        memset(matrix, 0, sizeof(matrix));
        dense(l, &f, damping, matrix);
        kfix_gather(l, gradient, expected);
        kfix_gather(l, direction, ours);
        dense_solve(size, matrix, expected);
        for (size_t i = 0; i < size; i++) {
            norm = fmax(norm, fabs(expected[i]));
        }
        for (size_t i = 0; i < size; i++) {
            CHECK_NEAR(ours[i], expected[i], 1e-10 * norm);
        }
    }
    fel_kfac_destroy(kfac);
}

static void dense_exact(const kfix_layer *l, const fel_kfac_factors *f, double damping, double *out)
{
    const size_t size = l->rows * l->n;
    dense_add_kron(l->rows, f->slopes, l->n, f->inputs, KFIX_DATES, out);
    for (size_t i = 0; i < size; i++) {
        out[i * size + i] += damping;
    }
}

static void test_exact_damping_is_the_dense_inverse(void)
{
    check_directions("damping_unit=absolute,damping=0.037", 0.037, dense_exact);
    check_directions("damping_unit=absolute,damping=1e-5", 1e-5, dense_exact);
}

/* Slopes of two gates do not go together. */
static void dense_split(const kfix_layer *l, const fel_kfac_factors *f, double damping, double *out)
{
    double slopes[MOST_SIDE * MOST_SIDE] = {0.0};
    const size_t m = l->rows / f->n_bands;
    for (size_t i = 0; i < l->rows; i++) {
        for (size_t k = i / m * m; k < (i / m + 1) * m; k++) {
            slopes[i * l->rows + k] = f->slopes[i * m + k % m];
        }
    }
    fel_kfac_factors whole = *f;
    whole.slopes = slopes;
    CHECK_INT(f->n_bands, l->block == KFIX_LSTM ? 4 : 1);
    dense_exact(l, &whole, damping, out);
}

static void test_split_gates_are_blocks_of_their_own(void)
{
    check_directions("damping_unit=absolute,damping=0.037,split_gates=true", 0.037, dense_split);
}

static double trace(size_t n, const double *a)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += a[i * n + i];
    }
    return sum;
}

/* Factors with their share of the damping. */
static void damped_factors(const kfix_layer *l, const fel_kfac_factors *f, double damping,
                           double *inputs, double *slopes)
{
    const double pi = sqrt((trace(l->n, f->inputs) / (double)l->n) /
                           (trace(l->rows, f->slopes) / (double)l->rows));
    const double root = sqrt(damping / KFIX_DATES);
    memcpy(inputs, f->inputs, l->n * l->n * sizeof(double));
    memcpy(slopes, f->slopes, l->rows * l->rows * sizeof(double));
    for (size_t i = 0; i < l->n; i++) {
        inputs[i * l->n + i] += pi * root;
    }
    for (size_t i = 0; i < l->rows; i++) {
        slopes[i * l->rows + i] += root / pi;
    }
}

static void dense_tikhonov(const kfix_layer *l, const fel_kfac_factors *f, double damping,
                           double *out)
{
    double inputs[MOST_SIDE * MOST_SIDE], slopes[MOST_SIDE * MOST_SIDE];
    damped_factors(l, f, damping, inputs, slopes);
    dense_add_kron(l->rows, slopes, l->n, inputs, KFIX_DATES, out);
}

static void test_factored_damping_is_the_dense_inverse(void)
{
    check_directions("damping_unit=absolute,damping=0.037,damping_kind=tikhonov", 0.037,
                     dense_tikhonov);
}

/* psi^d c, of a chain with psi = c1 c^-1. */
static void lagged(size_t n, const double *c, const double *c1, size_t d, double *out)
{
    double inverse[MOST_SIDE * MOST_SIDE], psi[MOST_SIDE * MOST_SIDE], next[MOST_SIDE * MOST_SIDE];
    dense_inverse(n, c, inverse);
    dense_product(n, c1, inverse, psi);
    memcpy(out, c, n * n * sizeof(*out));
    for (size_t i = 0; i < d; i++) {
        dense_product(n, psi, out, next);
        memcpy(out, next, n * n * sizeof(*out));
    }
}

static void symmetric(size_t n, const double *a, double *out)
{
    for (size_t i = 0; i < n * n; i++) {
        out[i] = 0.5 * (a[i] + a[i % n * n + i / n]);
    }
}

/* The covariance of the terms of all dates, as one matrix, and its sum over dates. */
static void dense_chain(const kfix_layer *l, const fel_kfac_factors *f, double damping, double *out)
{
    static double all[KFIX_DATES * KFIX_DATES][MOST_SIZE * MOST_SIZE];
    double inputs[MOST_SIDE * MOST_SIDE], slopes[MOST_SIDE * MOST_SIDE];
    double inputs1[MOST_SIDE * MOST_SIDE], slopes1[MOST_SIDE * MOST_SIDE];
    double a[MOST_SIDE * MOST_SIDE], g[MOST_SIDE * MOST_SIDE];
    const size_t size = l->rows * l->n;
    memset(all, 0, sizeof(all));
    damped_factors(l, f, damping, inputs, slopes);
    symmetric(l->n, f->inputs_lag, inputs1);
    symmetric(l->rows, f->slopes_lag, slopes1);
    for (size_t t = 0; t < KFIX_DATES; t++) {
        for (size_t s = 0; s < KFIX_DATES; s++) {
            const size_t d = t > s ? t - s : s - t;
            lagged(l->n, inputs, inputs1, d, a);
            lagged(l->rows, slopes, slopes1, d, g);
            dense_add_kron(l->rows, g, l->n, a, 1.0, all[t * KFIX_DATES + s]);
        }
    }
    for (size_t k = 0; k < (size_t)KFIX_DATES * KFIX_DATES; k++) {
        for (size_t i = 0; i < size * size; i++) {
            out[i] += all[k][i];
        }
    }
}

static void test_option1_is_the_dense_inverse_of_a_symmetric_chain(void)
{
    check_directions("damping_unit=absolute,damping=0.37,time_model=option1", 0.37, dense_chain);
    check_directions("damping_unit=absolute,damping=0.0037,time_model=option1", 0.0037,
                     dense_chain);
}

/* T times the sum over all lags, to both sides, of a chain without end. */
static void dense_endless(const kfix_layer *l, const fel_kfac_factors *f, double damping,
                          double *out)
{
    enum { LAGS = 160 };
    double inputs[MOST_SIDE * MOST_SIDE], slopes[MOST_SIDE * MOST_SIDE];
    double a[MOST_SIDE * MOST_SIDE], g[MOST_SIDE * MOST_SIDE];
    static double both[MOST_SIZE * MOST_SIZE];
    const size_t size = l->rows * l->n;
    damped_factors(l, f, damping, inputs, slopes);
    memset(both, 0, sizeof(both));
    for (size_t d = 0; d < LAGS; d++) {
        lagged(l->n, inputs, f->inputs_lag, d, a);
        lagged(l->rows, slopes, f->slopes_lag, d, g);
        dense_add_kron(l->rows, g, l->n, a, (d == 0 ? 0.5 : 1.0) * KFIX_DATES, both);
    }
    for (size_t i = 0; i < size * size; i++) {
        out[i] += both[i] + both[i % size * size + i / size];
    }
}

static void test_option2_is_the_dense_inverse_of_an_endless_chain(void)
{
    check_directions("damping_unit=absolute,damping=0.37,time_model=option2", 0.37, dense_endless);
}

/* Without anything from date to date the options are independence. */
static void test_options_without_lags_are_independence(void)
{
    double gradient[KFIX_PARAMS], direction[3][KFIX_PARAMS];
    static const char *const settings[3] = {
        "damping_unit=absolute,damping=0.037,damping_kind=tikhonov",
        "damping_unit=absolute,damping=0.037,time_model=option1",
        "damping_unit=absolute,damping=0.037,time_model=option2"};
    fill(gradient, KFIX_PARAMS, 2);
    for (int i = 0; i < 3; i++) {
        fel_kfac *kfac = kfix_make(settings[i]);
        kfix_update(kfac, 1);
        for (size_t k = 0; k < fel_kfac_count_arrays(kfac); k++) {
            const fel_optimizer_array array = fel_kfac_array_at(kfac, k);
            if (strstr(array.name, "_lag") != NULL) {
                memset(array.values, 0, array.n * array.element_size);
            }
        }
        CHECK_OK(fel_kfac_invert(kfac));
        fel_kfac_precondition_f64(kfac, gradient, direction[i]);
        fel_kfac_destroy(kfac);
    }
    for (int k = 0; k < KFIX_PARAMS; k++) {
        CHECK_NEAR(direction[1][k], direction[0][k], 1e-10 * (1.0 + fabs(direction[0][k])));
        CHECK_NEAR(direction[2][k], direction[0][k], 1e-10 * (1.0 + fabs(direction[0][k])));
    }
}

/* ---- more ------------------------------------------------------------------------------------ */

static void test_floats_give_the_direction_of_doubles(void)
{
    double gradient[KFIX_PARAMS], direction[KFIX_PARAMS];
    float gradient32[KFIX_PARAMS], direction32[KFIX_PARAMS];
    fel_kfac *kfac = kfix_make("");
    kfix_update(kfac, 1);
    CHECK_OK(fel_kfac_invert(kfac));
    fill(gradient, KFIX_PARAMS, 3);
    for (int i = 0; i < KFIX_PARAMS; i++) {
        gradient32[i] = (float)gradient[i];
        gradient[i] = (double)gradient32[i];
    }
    fel_kfac_precondition_f64(kfac, gradient, direction);
    fel_kfac_precondition_f32(kfac, gradient32, direction32);
    for (int i = 0; i < KFIX_PARAMS; i++) {
        CHECK_SAME((double)direction32[i], (double)(float)direction[i]);
    }
    fel_kfac_destroy(kfac);
}

/* T dates of n samples have the factors of n T samples, and T times the curvature. */
static void test_dates_are_samples_apart_from_their_number(void)
{
    double gradient[KFIX_PARAMS], over_dates[KFIX_PARAMS], over_samples[KFIX_PARAMS];
    fill(gradient, KFIX_PARAMS, 4);
    fel_kfac *dates = kfix_make("damping_unit=absolute,damping=0.4");
    fel_kfac *samples = kfix_make("damping_unit=absolute,damping=0.1");
    kfix_update(dates, 1);
    kfix_update(samples, 1);
    for (size_t k = 0; k < fel_kfac_count_arrays(samples); k++) {
        const fel_optimizer_array array = fel_kfac_array_at(samples, k);
        if (strstr(array.name, "_uses") != NULL) {
            *(double *)array.values = 1.0;
        }
    }
    CHECK_OK(fel_kfac_invert(dates));
    CHECK_OK(fel_kfac_invert(samples));
    fel_kfac_precondition_f64(dates, gradient, over_dates);
    fel_kfac_precondition_f64(samples, gradient, over_samples);
    for (int i = 0; i < 63; i++) {
        CHECK_REL(over_dates[i] * 4.0, over_samples[i], 1e-12);
    }
    fel_kfac_destroy(dates);
    fel_kfac_destroy(samples);
}

static void test_moving_averages_stay_positive(void)
{
    double values[MOST_SIDE];
    fel_kfac *kfac = kfix_make("ema=0.7");
    for (int update = 0; update < 4; update++) {
        kfix_update(kfac, 0);
        for (size_t k = 0; k < KFIX_LAYERS; k++) {
            const kfix_layer *l = &kfix_layers[k];
            for (int of_slopes = 0; of_slopes < 2; of_slopes++) {
                const size_t n = of_slopes ? l->rows : l->n;
                CHECK_OK(fel_kfac_spectrum(kfac, l->block, of_slopes, values));
                CHECK(values[n - 1] > -1e-12 * values[0]);
                CHECK(values[0] >= values[n - 1]);
            }
        }
    }
    fel_kfac_destroy(kfac);
}

static void test_new_statistics_count_less_as_they_come(void)
{
    fel_kfac *kfac = kfix_make("ema=0.6");
    fel_kfac_factors f;
    double first = 0.0;
    CHECK_OK(fel_kfac_factors_of(kfac, KFIX_HEAD, &f));
    kfix_update(kfac, 1);
    first = f.inputs[0];
    double *inputs = NULL;
    for (size_t k = 0; k < fel_kfac_count_arrays(kfac); k++) {
        const fel_optimizer_array array = fel_kfac_array_at(kfac, k);
        if (strcmp(array.name, "block5_inputs") == 0) {
            inputs = array.values;
        }
    }
    CHECK(inputs != NULL);
    /* Old shares after updates 2, 3, 4: 1/2, min(2/3, 0.6), 0.6. */
    static const double kept[3] = {0.5, 0.6, 0.6};
    for (int i = 0; inputs != NULL && i < 3; i++) {
        inputs[0] = 3.0 * first;
        kfix_update(kfac, 1);
        CHECK_REL(f.inputs[0], first * (1.0 + 2.0 * kept[i]), 1e-13);
    }
    fel_kfac_destroy(kfac);
}

SUITE("models/kfac", TEST(test_factors_are_means_over_samples_and_dates),
      TEST(test_blocks_without_factors_are_said), TEST(test_exact_damping_is_the_dense_inverse),
      TEST(test_split_gates_are_blocks_of_their_own),
      TEST(test_factored_damping_is_the_dense_inverse),
      TEST(test_option1_is_the_dense_inverse_of_a_symmetric_chain),
      TEST(test_option2_is_the_dense_inverse_of_an_endless_chain),
      TEST(test_options_without_lags_are_independence),
      TEST(test_floats_give_the_direction_of_doubles),
      TEST(test_dates_are_samples_apart_from_their_number),
      TEST(test_moving_averages_stay_positive), TEST(test_new_statistics_count_less_as_they_come));
