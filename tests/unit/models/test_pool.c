/* tests/unit/models/test_pool.c - pools in a chain: values by hand, gradients, both layouts. */
#define FEL_MODULE_MODELS
#include <stdio.h>
#include <string.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/unit/models/chain_classes.h"
#include "tests/unit/models/network_check.h"

enum { ROWS = 4, COLS = 3, SAMPLES = 6, OUTPUTS = 12, INPUTS = 72, MOST_PARAMS = 256 };

static fel_network_config config_of(const fel_network_class *code, size_t pool, double rate)
{
    fel_network_config config = fel_network_config_default(code);
    config.sequence = ROWS;
    config.n_features = COLS;
    config.n_outputs = 2;
    config.params[CHAIN_POOL] = (double)pool;
    config.params[CHAIN_RATE] = rate;
    return config;
}

static void test_gradients_through_pools(void)
{
    const fel_dropout dropout = {3, 5, 70};
    for (size_t pool = 0; pool < CHAIN_N_POOLS; pool++) {
        const fel_network_config sample = config_of(&chain_sample_major, pool, 0.3);
        const fel_network_config time = config_of(&chain_time_major, pool, 0.3);
        const network_check checks[] = {
            {.name = chain_pools[pool], .config = &sample, .n = SAMPLES, .seed = 1},
            {.name = chain_pools[pool], .config = &time, .n = SAMPLES, .seed = 2},
            {.name = chain_pools[pool],
             .config = &time,
             .n = SAMPLES,
             .seed = 3,
             .dropout = &dropout},
        };
        for (size_t i = 0; i < 3; i++) {
            check_network_gradient(&checks[i]);
        }
        check_network_samples(&checks[1]);
    }
}

/* One pass of a class: outputs, gradient by parameters, by inputs. */
typedef struct passed {
    double outputs[OUTPUTS], gradient[MOST_PARAMS], d_inputs[INPUTS];
} passed;

static void pass_through(const fel_network_class *code, size_t pool, passed *p)
{
    const fel_network_config config = config_of(code, pool, 0.3);
    const fel_dropout dropout = {3, 5, 70};
    fel_network *net = NULL;
    fel_workspace *ws = NULL;
    double params[MOST_PARAMS], inputs[INPUTS], d_outputs[OUTPUTS];
    const double *rows[SAMPLES];
    rng_stream draws = rng_at(9, 9);
    memset(p, 0, sizeof(*p));
    CHECK_OK(fel_network_create(&net, &config));
    CHECK_OK(fel_workspace_create_f64(&ws, net, SAMPLES));
    CHECK(fel_network_count_params(net) <= MOST_PARAMS);
    fel_network_init_f64(net, 17, params);
    for (size_t i = 0; i < INPUTS; i++) {
        inputs[i] = rng_normal(&draws);
    }
    for (size_t i = 0; i < OUTPUTS; i++) {
        d_outputs[i] = rng_normal(&draws);
    }
    for (size_t i = 0; i < SAMPLES; i++) {
        rows[i] = inputs + i * ROWS * COLS;
    }
    fel_network_forward_f64(net, params, rows, COLS, SAMPLES, &dropout, ws, p->outputs);
    fel_network_backward_f64(net, params, d_outputs, ws, p->gradient, p->d_inputs);
    fel_workspace_destroy(ws);
    fel_network_destroy(net);
}

static double difference(const double *a, const double *b, size_t n)
{
    double worst = 0.0;
    for (size_t i = 0; i < n; i++) {
        const double d = a[i] > b[i] ? a[i] - b[i] : b[i] - a[i];
        worst = d > worst ? d : worst;
    }
    return worst;
}

static void test_layouts_give_the_same(void)
{
    for (size_t pool = 0; pool < CHAIN_N_POOLS; pool++) {
        passed sample, time;
        pass_through(&chain_sample_major, pool, &sample);
        pass_through(&chain_time_major, pool, &time);
        CHECK_NEAR(difference(sample.outputs, time.outputs, OUTPUTS), 0.0, 1e-14);
        CHECK_NEAR(difference(sample.gradient, time.gradient, MOST_PARAMS), 0.0, 1e-13);
        CHECK_NEAR(difference(sample.d_inputs, time.d_inputs, INPUTS), 0.0, 1e-13);
        CHECK(sample.outputs[0] != 0.0 && sample.d_inputs[ROWS * COLS - 1] != 0.0);
    }
}

/* ---- by hand --------------------------------------------------------------------------------- */

static void run_pool(const layer_kind *kind, int time_major, size_t n, const double *in,
                     double *out, double *back)
{
    layer l = {.kind = kind, .in_rows = 3, .in_cols = 2, .time_major = time_major};
    CHECK_OK(kind->plan(&l));
    layer_pass pass = {.layer = &l, .n = n, .in = in, .d_out = out};
    pass.out = out;
    pass.d_in = back;
    kind->forward[LAYER_F64](&pass);
    kind->backward[LAYER_F64](&pass);
}

/* Two samples of 3 x 2. */
static const double sample_major[] = {1.5, 2.25, 3, 4, 5.75, 6, 10, -20, 30, 40, 50, -60};
static const double time_major[] = {1.5, 2.25, 10, -20, 3, 4, 30, 40, 5.75, 6, 50, -60};

static void check_pool(const layer_kind *kind, const double *want, size_t n_out, const double *d_in)
{
    for (int layout = 0; layout < 2; layout++) {
        double out[12], back[12];
        run_pool(kind, layout, 2, layout ? time_major : sample_major, out, back);
        for (size_t i = 0; i < n_out; i++) {
            CHECK_NEAR(out[i], want[i], 1e-15 * 64.0);
        }
        for (size_t t = 0; t < 3; t++) {
            for (size_t c = 0; c < 2; c++) {
                CHECK_NEAR(back[layout ? t * 4 + c : t * 2 + c], d_in[t * 2 + c], 1e-15 * 64.0);
                CHECK_NEAR(back[layout ? t * 4 + 2 + c : 6 + t * 2 + c], d_in[6 + t * 2 + c],
                           1e-15 * 64.0);
            }
        }
    }
}

static void test_last_row(void)
{
    const double want[] = {5.75, 6, 50, -60};
    const double back[] = {0, 0, 0, 0, 5.75, 6, 0, 0, 0, 0, 50, -60};
    check_pool(&layer_last, want, 4, back);
}

static void test_mean_of_rows(void)
{
    const double want[] = {10.25 / 3, 12.25 / 3, 30, -40.0 / 3};
    const double a = want[0] / 3, b = want[1] / 3, c = 10, d = -40.0 / 9;
    const double back[] = {a, b, a, b, a, b, c, d, c, d, c, d};
    check_pool(&layer_mean, want, 4, back);
}

static void test_flatten(void)
{
    check_pool(&layer_flatten, sample_major, 12, sample_major);
}

static void test_mean_of_columns(void)
{
    const double want[] = {1.875, 3.5, 5.875, -5, 35, -5};
    double back[12];
    for (size_t i = 0; i < 12; i++) {
        back[i] = 0.5 * want[i / 2];
    }
    check_pool(&layer_mean_cols, want, 6, back);
}

SUITE("models/pool", TEST(test_gradients_through_pools), TEST(test_layouts_give_the_same),
      TEST(test_last_row), TEST(test_mean_of_rows), TEST(test_flatten), TEST(test_mean_of_columns));
