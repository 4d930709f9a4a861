/* tests/unit/models/test_attention.c - attention, norm, positions and the encoder block one by one:
 * against their formulas written out, by differences, and at the edges. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/cpu.h"
#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/unit/models/network_check.h"

#define FEL_MODULE_MODELS
#include "tests/unit/models/layer_classes.h"

typedef struct layer_case {
    const char *name;
    const fel_network_class *code;
    size_t rows, cols, n;
    double params[LAYER_N_PARAMS]; /* heads, width, causal, rate, learned */
} layer_case;

/* Rows and widths below, at and beyond groups of eight; keras' heads wider than the row. */
static const layer_case cases[] = {
    {"norm", &layer_class_norm, 3, 5, 2, {1, 1, 0, 0, 0}},
    {"norm of 16", &layer_class_norm, 1, 16, 1, {1, 1, 0, 0, 0}},
    {"norm of 11", &layer_class_norm, 2, 11, 3, {1, 1, 0, 0, 0}},
    {"learned positions", &layer_class_positions, 4, 3, 3, {1, 1, 0, 0, 1}},
    {"sinusoidal positions", &layer_class_positions, 4, 3, 2, {1, 1, 0, 0, 0}},
    {"attention", &layer_class_attention, 5, 4, 3, {2, 3, 0, 0, 0}},
    {"attention of one row", &layer_class_attention, 1, 3, 2, {2, 8, 1, 0, 0}},
    {"wide heads", &layer_class_attention, 3, 1, 3, {4, 13, 0, 0, 0}},
    {"causal attention", &layer_class_attention, 9, 2, 1, {1, 8, 1, 0, 0}},
    {"causal, three groups", &layer_class_attention, 17, 3, 2, {2, 9, 1, 0, 0}},
    {"16 rows", &layer_class_attention, 16, 16, 1, {2, 16, 0, 0, 0}},
    {"dropout", &layer_class_attention, 6, 3, 3, {2, 5, 0, 0.4, 0}},
    {"causal dropout", &layer_class_attention, 10, 2, 2, {3, 4, 1, 0.2, 0}},
    {"encoder", &layer_class_encoder, 5, 6, 3, {2, 7, 0, 0, 0}},
    {"causal encoder", &layer_class_encoder, 9, 16, 1, {2, 16, 1, 0, 0}},
    {"encoder with dropout", &layer_class_encoder, 4, 8, 3, {1, 5, 0, 0.25, 0}},
};
enum { N_CASES = sizeof(cases) / sizeof(cases[0]) };

static const fel_dropout draws = {.seed = 77, .step = 3, .first_sample = 1000};

static network_check check_of(const layer_case *c, fel_network_config *config)
{
    *config = layer_config(c->code, c->rows, c->cols, c->params);
    const network_check check = {.name = c->name,
                                 .config = config,
                                 .n = c->n,
                                 .seed = 5 + c->rows,
                                 .step = 2e-4,
                                 .dropout = &draws};
    return check;
}

static void test_gradients_are_slopes(void)
{
    for (size_t i = 0; i < N_CASES; i++) {
        fel_network_config config;
        const network_check check = check_of(&cases[i], &config);
        check_network_gradient(&check);
    }
}

static void test_float_is_double_rounded(void)
{
    for (size_t i = 0; i < N_CASES; i++) {
        fel_network_config config;
        network_check check = check_of(&cases[i], &config);
        check.tolerance = 1e-5;
        check_network_precision(&check);
    }
}

static void test_samples_do_not_see_each_other(void)
{
    for (size_t i = 0; i < N_CASES; i++) {
        fel_network_config config;
        network_check check = check_of(&cases[i], &config);
        check.dropout = NULL;
        check_network_samples(&check);
    }
}

/* ---- one network with its numbers ------------------------------------------------------------ */

enum { MOST = 8192 };

typedef struct setup {
    fel_network *net;
    fel_workspace *ws;
    size_t rows, cols, n, n_params;
    const double *starts[8];
    double params[MOST], inputs[MOST], outputs[MOST];
} setup;

static void setup_open(setup *s, const layer_case *c)
{
    const fel_network_config config = layer_config(c->code, c->rows, c->cols, c->params);
    *s = (setup){.rows = c->rows, .cols = c->cols, .n = c->n};
    rng_stream random = rng_at(2385, 1);
    CHECK_OK(fel_network_create(&s->net, &config));
    CHECK_OK(fel_workspace_create_f64(&s->ws, s->net, s->n));
    s->n_params = fel_network_count_params(s->net);
    CHECK(s->n_params <= MOST && s->n * s->rows * s->cols <= MOST);
    for (size_t i = 0; i < s->n_params; i++) {
        s->params[i] = 0.6 * rng_normal(&random);
    }
    for (size_t i = 0; i < s->n * s->rows * s->cols; i++) {
        s->inputs[i] = rng_normal(&random);
    }
    for (size_t i = 0; i < s->n; i++) {
        s->starts[i] = s->inputs + i * s->rows * s->cols;
    }
}

static void setup_run(setup *s)
{
    fel_network_forward_f64(s->net, s->params, s->starts, s->cols, s->n, NULL, s->ws, s->outputs);
}

static void setup_close(setup *s)
{
    fel_workspace_destroy(s->ws);
    fel_network_destroy(s->net);
}

/* ---- formulas -------------------------------------------------------------------------------- */

/* W x + b: row `row` of the projection. */
static long double project(const setup *s, size_t weight, size_t bias, size_t row, size_t n_in,
                           const double *x)
{
    long double sum = (long double)s->params[bias + row];
    for (size_t c = 0; c < n_in; c++) {
        sum += (long double)s->params[weight + row * n_in + c] * (long double)x[c];
    }
    return sum;
}

/* Number `c` of head h's output for row i of a sample, term by term. */
static long double head_value(const setup *s, const layer_case *k, const double *sample, size_t i,
                              size_t at)
{
    const size_t heads = (size_t)k->params[LAYER_HEADS], width = (size_t)k->params[LAYER_WIDTH];
    const size_t all = heads * width, h = at / width, bias = 3 * all * s->cols;
    long double above = 0.0L, below = 0.0L;
    const size_t end = k->params[LAYER_CAUSAL] != 0.0 ? i + 1 : s->rows;
    for (size_t j = 0; j < end; j++) {
        long double score = 0.0L;
        for (size_t c = 0; c < width; c++) {
            score += project(s, 0, bias, h * width + c, s->cols, sample + i * s->cols) *
                     project(s, 0, bias, all + h * width + c, s->cols, sample + j * s->cols);
        }
        const long double weight = expl(score / sqrtl((long double)width));
        above += weight * project(s, 0, bias, 2 * all + at, s->cols, sample + j * s->cols);
        below += weight;
    }
    return above / below;
}

static void check_formula(const layer_case *k)
{
    static setup s;
    setup_open(&s, k);
    setup_run(&s);
    const size_t all = (size_t)(k->params[LAYER_HEADS] * k->params[LAYER_WIDTH]);
    const size_t weight = 3 * all * (s.cols + 1), bias = weight + all * s.cols;
    double heads[512];
    CHECK(all <= 512);
    for (size_t i = 0; i < s.n * s.rows; i++) {
        const double *sample = s.inputs + i / s.rows * s.rows * s.cols;
        for (size_t at = 0; at < all; at++) {
            heads[at] = (double)head_value(&s, k, sample, i % s.rows, at);
        }
        for (size_t c = 0; c < s.cols; c++) {
            const double want = (double)project(&s, weight, bias, c, all, heads);
            CHECK_NEAR(s.outputs[i * s.cols + c], want, 1e-13 * (1.0 + fabs(want)));
        }
    }
    setup_close(&s);
}

static void test_attention_is_its_formula(void)
{
    for (size_t i = 0; i < N_CASES; i++) {
        if (cases[i].code == &layer_class_attention) {
            check_formula(&cases[i]);
        }
    }
}

static void test_norm_is_its_formula(void)
{
    static setup s;
    setup_open(&s, &cases[2]);
    /* Far from 0: the mean must be taken off before squares are. */
    for (size_t i = 0; i < s.n * s.rows * s.cols; i++) {
        s.inputs[i] += 2.385e6;
    }
    setup_run(&s);
    for (size_t r = 0; r < s.n * s.rows; r++) {
        const double *x = s.inputs + r * s.cols;
        long double mean = 0.0L, variance = 0.0L;
        for (size_t c = 0; c < s.cols; c++) {
            mean += (long double)x[c] / (long double)s.cols;
        }
        for (size_t c = 0; c < s.cols; c++) {
            variance += ((long double)x[c] - mean) * ((long double)x[c] - mean);
        }
        const long double root = sqrtl(variance / (long double)s.cols + 1e-5L);
        for (size_t c = 0; c < s.cols; c++) {
            const double want =
                (double)(((long double)x[c] - mean) / root * (long double)s.params[c] +
                         (long double)s.params[s.cols + c]);
            CHECK_NEAR(s.outputs[r * s.cols + c], want, 1e-8);
        }
    }
    setup_close(&s);
}

static void test_positions_are_sines(void)
{
    static setup s;
    const layer_case c = {"", &layer_class_positions, 70, 7, 1, {1, 1, 0, 0, 0}};
    setup_open(&s, &c);
    setup_run(&s);
    for (size_t i = 0; i < s.rows * s.cols; i++) {
        const size_t col = i % s.cols, pair = col - col % 2;
        const double angle = (double)(i / s.cols) / pow(10000.0, (double)pair / (double)s.cols);
        const double want = col % 2 == 0 ? sin(angle) : cos(angle);
        CHECK_NEAR(s.outputs[i] - s.inputs[i], want, 1e-13);
    }
    setup_close(&s);
}

/* ---- edges ----------------------------------------------------------------------------------- */

/* Nothing before a row that changes may change, not in a bit. */
static void check_causal(const layer_case *k)
{
    static setup s;
    static double before[MOST];
    setup_open(&s, k);
    setup_run(&s);
    memcpy(before, s.outputs, sizeof(before));
    for (size_t row = 0; row < s.rows; row++) {
        const double was = s.inputs[row * s.cols];
        s.inputs[row * s.cols] = was + 1.3;
        setup_run(&s);
        CHECK(memcmp(before, s.outputs, row * s.cols * sizeof(double)) == 0);
        CHECK(memcmp(before + row * s.cols, s.outputs + row * s.cols, s.cols * sizeof(double)) !=
              0);
        s.inputs[row * s.cols] = was;
    }
    setup_close(&s);
}

static void test_causal_rows_do_not_see_later_ones(void)
{
    const layer_case attention = {"", &layer_class_attention, 21, 3, 1, {2, 9, 1, 0, 0}};
    const layer_case encoder = {"", &layer_class_encoder, 19, 16, 1, {2, 16, 1, 0, 0}};
    check_causal(&attention);
    check_causal(&encoder);
}

/* Scores of thousands: the weights become one 1 and zeros, nothing overflows; the same for all
 * rows: their mean. */
static void test_large_scores(void)
{
    static setup s;
    const layer_case c = {"", &layer_class_attention, 11, 1, 1, {1, 1, 0, 0, 0}};
    setup_open(&s, &c);
    /* q = 300 x, k = 300 x, v = x, out = v. */
    const double params[] = {300, 300, 1, 0, 0, 0, 1, 0};
    CHECK_INT(s.n_params, 8);
    memcpy(s.params, params, sizeof(params));
    double most = -1e300, least = 1e300;
    for (size_t i = 0; i < s.rows; i++) {
        s.inputs[i] = 0.7 * (double)((5 * i) % 11) - 3.11;
        most = fmax(most, s.inputs[i]);
        least = fmin(least, s.inputs[i]);
    }
    setup_run(&s);
    for (size_t i = 0; i < s.rows; i++) {
        CHECK_NEAR(s.outputs[i], s.inputs[i] > 0.0 ? most : least, 1e-12);
    }
    for (size_t i = 0; i < s.rows; i++) {
        s.inputs[i] = -2.385e4;
    }
    setup_run(&s);
    CHECK_NEAR(s.outputs[7], -2.385e4, 1e-9);
    setup_close(&s);
}

/* A NaN anywhere in a sample makes that sample's rows NaN, and no other's. */
static void test_not_finite_stays_so(void)
{
    static setup s;
    const layer_case c = {"", &layer_class_encoder, 5, 8, 2, {2, 9, 0, 0, 0}};
    setup_open(&s, &c);
    s.inputs[3 * 8 + 5] = (double)NAN;
    setup_run(&s);
    for (size_t i = 0; i < s.n * s.rows * s.cols; i++) {
        CHECK(isnan(s.outputs[i]) == (i < s.rows * s.cols));
    }
    setup_close(&s);
}

SUITE("models/attention", TEST(test_gradients_are_slopes), TEST(test_float_is_double_rounded),
      TEST(test_samples_do_not_see_each_other), TEST(test_attention_is_its_formula),
      TEST(test_norm_is_its_formula), TEST(test_positions_are_sines),
      TEST(test_causal_rows_do_not_see_later_ones), TEST(test_large_scores),
      TEST(test_not_finite_stays_so));
