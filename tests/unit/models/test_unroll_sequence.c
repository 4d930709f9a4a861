/* tests/unit/models/test_unroll_sequence.c - an unrolled network is the network: outputs and
 * gradients of whole sequences, in both precisions; the same bits at every level of vector
 * instructions; what is refused. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/cpu.h"
#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"
#include "tests/unit/models/network_check.h"
#include "tests/unit/models/unroll_fixture.h"

static const size_t five[] = {5, 0}, two[] = {36, 19, 0}, three[] = {16, 3, 70, 0}, none[] = {0};

static const walk_case cases[] = {
    {"lstm", "", "lstm", five, 3, 1, 3, 6, 7, 0},
    {"lstm, stacked", "", "lstm", two, 9, 3, 9, 4, 19, 0},
    {"lstm, three layers", "", "lstm", three, 2, 5, 2, 3, 26, 0},
    {"mlp", "", "mlp", two, 5, 2, 5, 1, 13, 0},
    {"mlp, gelu", "activation=gelu", "mlp", three, 4, 6, 4, 1, 9, 0},
    {"linear", "", "mlp", none, 4, 2, 4, 1, 30, 0},
};
enum { N_CASES = sizeof(cases) / sizeof(cases[0]) };

/* ---- whole sequences ------------------------------------------------------------------------- */

/* Outputs and their slopes [n][date][n_outputs], inputs' slopes [n][date][n_features], gradient. */
typedef struct result {
    double *outputs, *gradient, *d_inputs;
} result;

static result result_for(const walk *w)
{
    const walk_case *c = w->c;
    const size_t rows = c->n * c->n_dates;
    const result r = {walk_numbers(rows * c->n_outputs), walk_numbers(w->n_params),
                      walk_numbers(rows * c->n_features)};
    return r;
}

static void result_free(result *r)
{
    free(r->outputs);
    free(r->gradient);
    free(r->d_inputs);
}

/* By the network: given [n][date][n_features], d_outputs = linear. */
static result by_sequence(const walk *w)
{
    const walk_case *c = w->c;
    fel_network *net = walk_network(c, c->n_dates);
    fel_workspace *ws = NULL;
    result r = result_for(w);
    const double **rows = calloc(c->n, sizeof(*rows));
    CHECK_OK(fel_workspace_create_f64(&ws, net, c->n));
    for (size_t i = 0; rows != NULL && i < c->n; i++) {
        rows[i] = w->given + i * c->n_dates * c->n_features;
    }
    fel_network_forward_f64(net, w->params, rows, c->n_features, c->n, NULL, ws, r.outputs);
    fel_network_backward_f64(net, w->params, w->linear, ws, r.gradient, r.d_inputs);
    free(rows);
    fel_workspace_destroy(ws);
    fel_network_destroy(net);
    return r;
}

/* One date's rows of all samples: from or to [n][date][cols]. */
static void take_date(const walk_case *c, const double *from, size_t date, size_t cols, double *to)
{
    for (size_t i = 0; i < c->n; i++) {
        memcpy(to + i * cols, from + (i * c->n_dates + date) * cols, cols * sizeof(double));
    }
}
static void put_date(const walk_case *c, const double *from, size_t date, size_t cols, double *to)
{
    for (size_t i = 0; i < c->n; i++) {
        memcpy(to + (i * c->n_dates + date) * cols, from + i * cols, cols * sizeof(double));
    }
}

static result by_dates(const walk *w)
{
    const walk_case *c = w->c;
    result r = result_for(w);
    double *d_out = walk_numbers(c->n * c->n_outputs);
    fel_unroll_begin_f64(w->unroll, w->params, c->n, 1);
    for (size_t date = 0; date < c->n_dates; date++) {
        take_date(c, w->given, date, c->n_features, fel_unroll_inputs_f64(w->unroll, date));
        put_date(c, fel_unroll_forward_f64(w->unroll, date), date, c->n_outputs, r.outputs);
    }
    for (size_t date = c->n_dates; date-- > 0;) {
        take_date(c, w->linear, date, c->n_outputs, d_out);
        put_date(c, fel_unroll_backward_f64(w->unroll, date, d_out, NULL), date, c->n_features,
                 r.d_inputs);
    }
    fel_unroll_add_gradient_f64(w->unroll, r.gradient);
    free(d_out);
    return r;
}

static float *floats_of(const double *x, size_t n)
{
    float *y = calloc(n, sizeof(*y));
    if (y == NULL) {
        abort();
    }
    for (size_t i = 0; i < n; i++) {
        y[i] = (float)x[i];
    }
    return y;
}
static void widen(const float *from, size_t n, double *to)
{
    for (size_t i = 0; i < n; i++) {
        to[i] = (double)from[i];
    }
}

/* The same in float. */
static result by_dates_f32(const walk *w)
{
    const walk_case *c = w->c;
    const fel_unroll_config config = walk_config(c, w->net);
    const size_t n_in = c->n * c->n_features, n_out = c->n * c->n_outputs;
    fel_unroll *unroll = NULL;
    result r = result_for(w);
    double *rows = walk_numbers(n_in > n_out ? n_in : n_out);
    float *params = floats_of(w->params, w->n_params),
          *gradient = floats_of(r.gradient, w->n_params);
    CHECK_OK(fel_unroll_create_f32(&unroll, &config));
    fel_unroll_begin_f32(unroll, params, c->n, 1);
    for (size_t date = 0; date < c->n_dates; date++) {
        take_date(c, w->given, date, c->n_features, rows);
        float *inputs = floats_of(rows, n_in);
        memcpy(fel_unroll_inputs_f32(unroll, date), inputs, n_in * sizeof(float));
        widen(fel_unroll_forward_f32(unroll, date), n_out, rows);
        put_date(c, rows, date, c->n_outputs, r.outputs);
        free(inputs);
    }
    for (size_t date = c->n_dates; date-- > 0;) {
        take_date(c, w->linear, date, c->n_outputs, rows);
        float *d_out = floats_of(rows, n_out);
        widen(fel_unroll_backward_f32(unroll, date, d_out, NULL), n_in, rows);
        put_date(c, rows, date, c->n_features, r.d_inputs);
        free(d_out);
    }
    fel_unroll_add_gradient_f32(unroll, gradient);
    widen(gradient, w->n_params, r.gradient);
    fel_unroll_destroy(unroll);
    free(gradient);
    free(params);
    free(rows);
    return r;
}

static double difference(const double *a, const double *b, size_t n)
{
    double most = 0.0, off = 0.0;
    for (size_t i = 0; i < n; i++) {
        most = fmax(most, fmax(fabs(a[i]), fabs(b[i])));
        off = fmax(off, fabs(a[i] - b[i]));
    }
    return off / fmax(most, 1e-300);
}

static void check_same(const walk *w, const result *a, const result *b, double tolerance)
{
    const walk_case *c = w->c;
    const size_t rows = c->n * c->n_dates;
    CHECK_NEAR(difference(a->outputs, b->outputs, rows * c->n_outputs), 0.0, tolerance);
    CHECK_NEAR(difference(a->d_inputs, b->d_inputs, rows * c->n_features), 0.0, tolerance);
    CHECK_NEAR(difference(a->gradient, b->gradient, w->n_params), 0.0, tolerance);
}

static void test_dates_are_the_rows_of_a_sequence(void)
{
    for (size_t i = 0; i < N_CASES; i++) {
        walk w = walk_open(&cases[i], i + 7);
        result whole = by_sequence(&w), dates = by_dates(&w), single = by_dates_f32(&w);
        check_same(&w, &dates, &whole, 1e-12);
        check_same(&w, &single, &whole, 1e-5);
        result_free(&whole);
        result_free(&dates);
        result_free(&single);
        walk_close(&w);
    }
}

/* ---- levels ---------------------------------------------------------------------------------- */

static int same_bits(const walk *w, const result *a, const result *b)
{
    const walk_case *c = w->c;
    const size_t rows = c->n * c->n_dates * sizeof(double);
    return memcmp(a->outputs, b->outputs, rows * c->n_outputs) == 0 &&
           memcmp(a->d_inputs, b->d_inputs, rows * c->n_features) == 0 &&
           memcmp(a->gradient, b->gradient, w->n_params * sizeof(double)) == 0;
}

static void check_levels(result (*run)(const walk *w))
{
    const char *const best = fel_cpu_level();
    for (size_t i = 0; i < N_CASES; i++) {
        walk w = walk_open(&cases[i], i + 31);
        CHECK_OK(fel_cpu_level_set(cpu_level_name(CPU_BASE)));
        result base = run(&w);
        for (cpu_level level = CPU_AVX2; level < CPU_N_LEVELS; level++) {
            if (fel_cpu_level_set(cpu_level_name(level)) != FEL_OK) {
                break; /* this processor has no more */
            }
            result other = run(&w);
            CHECK(same_bits(&w, &other, &base));
            result_free(&other);
        }
        CHECK_OK(fel_cpu_level_set(best));
        result_free(&base);
        walk_close(&w);
    }
}

static void test_bits_do_not_depend_on_the_level(void)
{
    check_levels(by_dates);
    check_levels(by_dates_f32);
}

/* ---- blocks ---------------------------------------------------------------------------------- */

static void test_blocks_stay_in_the_cache(void)
{
    static const size_t small[] = {8, 0}, large[] = {128, 0};
    walk_case c = {"", "", "lstm", small, 4, 1, 1, 30, 1, 0};
    fel_network *net = walk_network(&c, 1);
    CHECK_INT(fel_unroll_block(net, 1), 256);
    CHECK_INT(fel_unroll_block(net, 30), 256);
    CHECK_INT(fel_unroll_block(net, 60), 128);
    CHECK_INT(fel_unroll_block(net, SIZE_MAX), 64);
    fel_network_destroy(net);
    c.hidden = large;
    net = walk_network(&c, 1);
    CHECK_INT(fel_unroll_block(net, 30), 64);
    fel_network_destroy(net);
}

/* ---- what is refused ------------------------------------------------------------------------- */

static void check_refused(const fel_unroll_config *config, fel_status status, const char *why)
{
    fel_unroll *unroll = NULL;
    CHECK_STATUS(fel_unroll_create_f64(&unroll, config), status);
    CHECK_HAS(fel_last_error()->message, why);
    CHECK_STATUS(fel_unroll_create_f32(&unroll, config), status);
    CHECK(unroll == NULL);
}

static void check_network_refused(const fel_network_config *network, const char *why)
{
    fel_network *net = NULL;
    CHECK_OK(fel_network_create(&net, network));
    const fel_unroll_config config = {
        .struct_size = sizeof(config), .network = net, .n_dates = 3, .max_samples = 4, .keeps = 1};
    if (net != NULL) {
        check_refused(&config, FEL_ERR_SHAPE, why);
    }
    fel_network_destroy(net);
}

static void test_networks_that_cannot_be_unrolled_are_refused(void)
{
    fel_network_config config = network_config_of("transformer", "", NULL, 1, 3);
    check_network_refused(&config, "transformer cannot be unrolled");
    config = network_config_of("lstm", "", two, 1, 3);
    check_network_refused(&config, "every_step");
    config.sequence = 2;
    config.every_step = 1;
    check_network_refused(&config, "2 rows at once");
    config = network_config_of("mlp", "", two, 4, 3);
    check_network_refused(&config, "4 rows at once");
    config = network_config_of("mlp", "dropout=0.1", two, 1, 3);
    check_network_refused(&config, "mlp with dropout");
    config = network_config_of("lstm", "dropout=0.1", two, 1, 3);
    config.every_step = 1;
    check_network_refused(&config, "lstm with dropout");
}

static void test_sizes_that_make_no_sense_are_refused(void)
{
    fel_network *net = walk_network(&cases[0], 1);
    const fel_unroll_config good = walk_config(&cases[0], net);
    fel_unroll_config config = good;
    config.struct_size = 8;
    check_refused(&config, FEL_ERR_ARG, "struct_size of fel_unroll_config is 8");
    config = good;
    config.network = NULL;
    check_refused(&config, FEL_ERR_ARG, "no network");
    config = good;
    config.n_dates = 0;
    check_refused(&config, FEL_ERR_RANGE, "n_dates = 0");
    config = good;
    config.max_samples = 0;
    check_refused(&config, FEL_ERR_RANGE, "max_samples = 0");
    config.max_samples = SIZE_MAX;
    check_refused(&config, FEL_ERR_RANGE, "max_samples = ");
    config = good;
    config.n_live = 4;
    check_refused(&config, FEL_ERR_RANGE, "n_live = 4 is not in [0, 3]");
    config = good;
    config.n_dates = SIZE_MAX / 64;
    check_refused(&config, FEL_ERR_RANGE, "more than any machine");
    config.n_dates = SIZE_MAX;
    config.per_date = 1;
    check_refused(&config, FEL_ERR_RANGE, "more than any machine");
    config = good;
    config.n_dates = (size_t)1 << 40;
    check_refused(&config, FEL_ERR_NOMEM, "no memory to unroll");
    fel_network_destroy(net);
}

static fel_status call_create(void *payload, void **out)
{
    return fel_unroll_create_f32((fel_unroll **)out, payload);
}
static void destroy(void *made)
{
    fel_unroll_destroy(made);
}

static void test_memory_that_runs_out_is_told(void)
{
    fel_network *net = walk_network(&cases[1], 1);
    fel_unroll_config config = walk_config(&cases[1], net);
    const failing_call call = {"fel_unroll_create_f32", call_create, destroy, &config};
    CHECK_INT(check_failing_call(&call), 2);
    fel_unroll_destroy(NULL);
    fel_network_destroy(net);
}

SUITE("models/unroll_sequence", TEST(test_dates_are_the_rows_of_a_sequence),
      TEST(test_bits_do_not_depend_on_the_level), TEST(test_blocks_stay_in_the_cache),
      TEST(test_networks_that_cannot_be_unrolled_are_refused),
      TEST(test_sizes_that_make_no_sense_are_refused), TEST(test_memory_that_runs_out_is_told));
