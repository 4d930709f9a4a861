/* tests/unit/models/test_baseline.c - regressions against their first-order conditions and against
 * coefficients that made the data. */
#include <math.h>

#include <feller/baseline.h>

#include "core/rng.h"
#include "tests/support/check.h"

enum { N_ROWS = 700, N_FEATURES = 3, SEQUENCE = 2, SIZE = SEQUENCE * N_FEATURES + 1 };

typedef struct sample_set {
    float rows[N_ROWS * N_FEATURES];
    size_t last_rows[N_ROWS];
    double targets[N_ROWS];
    fel_dataset data;
} sample_set;

static const double truth[SIZE] = {0.7, -0.3, 0.0, 1.1, 0.2, -0.9, 0.4};

static void make(sample_set *s, uint64_t seed)
{
    rng_stream stream = rng_at(seed, 0);
    for (size_t i = 0; i < N_ROWS * N_FEATURES; i++) {
        s->rows[i] = (float)rng_normal(&stream);
    }
    s->data = (fel_dataset){.struct_size = sizeof(fel_dataset),
                            .n_rows = N_ROWS,
                            .n_features = N_FEATURES,
                            .rows = s->rows,
                            .n_samples = N_ROWS - SEQUENCE + 1,
                            .n_targets = 1,
                            .last_rows = s->last_rows,
                            .targets = s->targets};
    for (size_t i = 0; i < s->data.n_samples; i++) {
        s->last_rows[i] = i + SEQUENCE - 1;
        s->targets[i] = 0.0;
    }
}

/* The gradient of the sum of squares, or of the log likelihood, is the ridge's pull alone. */
static double largest_score(const sample_set *s, const double *b, int is_logistic)
{
    double score[SIZE] = {0.0}, largest = 0.0;
    for (size_t i = 0; i < s->data.n_samples; i++) {
        const double value = fel_regression_value(&s->data, SEQUENCE, i, b);
        const double p = is_logistic ? 1.0 / (1.0 + exp(-value)) : value;
        const double y = is_logistic ? (s->targets[i] > 0.0 ? 1.0 : 0.0) : s->targets[i];
        for (size_t k = 0; k < SIZE; k++) {
            const double x = k + 1 < SIZE ? (double)s->rows[i * N_FEATURES + k] : 1.0;
            score[k] += x * (y - p);
        }
    }
    for (size_t k = 0; k < SIZE; k++) {
        const double scaled = fabs(score[k]) / (double)s->data.n_samples;
        largest = scaled > largest ? scaled : largest;
    }
    return largest;
}

static void test_linear_fit_is_orthogonal_to_its_errors(void)
{
    static sample_set s;
    double b[SIZE];
    make(&s, 3);
    rng_stream stream = rng_at(4, 0);
    for (size_t i = 0; i < s.data.n_samples; i++) {
        s.targets[i] = fel_regression_value(&s.data, SEQUENCE, i, truth) + rng_normal(&stream);
    }
    CHECK_INT(fel_regression_size(&s.data, SEQUENCE), SIZE);
    CHECK_OK(fel_linear_fit(&s.data, SEQUENCE, b));
    CHECK(largest_score(&s, b, 0) < 2e-6);
    for (size_t k = 0; k < SIZE; k++) {
        /* Standard error 1 / sqrt(699) = .038. */
        CHECK_NEAR(b[k], truth[k], 0.15);
    }
}

static void test_logistic_fit_solves_the_likelihood(void)
{
    static sample_set s;
    double b[SIZE];
    make(&s, 5);
    rng_stream stream = rng_at(6, 0);
    for (size_t i = 0; i < s.data.n_samples; i++) {
        const double logit = fel_regression_value(&s.data, SEQUENCE, i, truth);
        s.targets[i] = rng_uniform(&stream) < 1.0 / (1.0 + exp(-logit)) ? 1.0 : 0.0;
    }
    CHECK_OK(fel_logistic_fit(&s.data, SEQUENCE, b));
    CHECK(largest_score(&s, b, 1) < 2e-6);
    for (size_t k = 0; k < SIZE; k++) {
        CHECK_NEAR(b[k], truth[k], 0.5);
    }
}

/* A column twice, a column of zeros, classes that a line separates: all finite. */
static void test_degenerate_samples_have_finite_coefficients(void)
{
    static sample_set s;
    double b[SIZE];
    make(&s, 7);
    for (size_t i = 0; i < N_ROWS; i++) {
        s.rows[i * N_FEATURES + 1] = s.rows[i * N_FEATURES];
        s.rows[i * N_FEATURES + 2] = 0.0F;
    }
    for (size_t i = 0; i < s.data.n_samples; i++) {
        s.targets[i] = (double)s.rows[(i + 1) * N_FEATURES];
    }
    CHECK_OK(fel_linear_fit(&s.data, SEQUENCE, b));
    CHECK_NEAR(b[3] + b[4], 1.0, 1e-5);
    CHECK_OK(fel_logistic_fit(&s.data, SEQUENCE, b));
    for (size_t k = 0; k < SIZE; k++) {
        CHECK(isfinite(b[k]));
    }
    CHECK(b[3] + b[4] > 5.0);
}

static void test_refusals(void)
{
    static sample_set s;
    double b[SIZE];
    make(&s, 9);
    s.targets[17] = (double)NAN;
    CHECK_STATUS(fel_linear_fit(&s.data, SEQUENCE, b), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "sample 17");
    s.data.n_samples = 0;
    CHECK_STATUS(fel_logistic_fit(&s.data, SEQUENCE, b), FEL_ERR_SHAPE);
}

SUITE("models/baseline", TEST(test_linear_fit_is_orthogonal_to_its_errors),
      TEST(test_logistic_fit_solves_the_likelihood),
      TEST(test_degenerate_samples_have_finite_coefficients), TEST(test_refusals));
