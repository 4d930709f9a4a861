/* tests/unit/models/test_lstm_torch.c - LSTM networks against torch's (torch_lstm.py, which says
 * how): outputs, gradients, ten steps of training; the recorded ones, and those of the torch that
 * is installed. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <feller/optimizer.h>

#include "tests/support/check.h"
#include "tests/unit/models/network_check.h"

#define RECORDED "tests/unit/models/torch_lstm.json"
#define SCRIPT   "tests/unit/models/torch_lstm.py"

enum { N_CASES = 3, STEPS = 10, MOST = 1024, MOST_SAMPLES = 8 };

/* One case in both precisions. */
typedef struct lstm_case {
    const json_t *item;
    fel_network *net;
    fel_workspace *ws, *ws_f32;
    size_t n, n_params, n_inputs, n_outputs; /* of all samples */
    const double *rows[MOST_SAMPLES];
    const float *rows_f32[MOST_SAMPLES];
    double params[MOST], inputs[MOST], outputs[MOST], slopes[MOST], gradient[MOST];
    float params_f32[MOST], inputs_f32[MOST], outputs_f32[MOST], slopes_f32[MOST],
        gradient_f32[MOST];
} lstm_case;

static size_t size_of(const json_t *item, const char *key)
{
    return (size_t)json_integer_value(json_object_get(item, key));
}

static double number_at(const json_t *item, const char *key, size_t i)
{
    return json_number_value(json_array_get(json_object_get(item, key), i));
}

static size_t read_numbers(const json_t *item, const char *key, double *out, float *out_f32)
{
    const size_t n = json_array_size(json_object_get(item, key));
    CHECK(n > 0 && n <= MOST);
    for (size_t i = 0; i < n && i < MOST; i++) {
        out[i] = number_at(item, key, i);
        out_f32[i] = (float)out[i];
    }
    return n;
}

static int case_open(lstm_case *c, const json_t *item)
{
    const size_t sequence = size_of(item, "sequence"), features = size_of(item, "features");
    const json_t *hidden = json_object_get(item, "hidden");
    fel_network_config config = network_config_of("lstm", "", NULL, sequence, features);
    config.n_outputs = size_of(item, "outputs");
    config.every_step = json_is_true(json_object_get(item, "every_step"));
    config.n_hidden = (uint32_t)json_array_size(hidden);
    for (uint32_t i = 0; i < config.n_hidden; i++) {
        config.hidden[i] = (size_t)json_integer_value(json_array_get(hidden, i));
    }
    *c = (lstm_case){.item = item, .n = size_of(item, "n")};
    CHECK_OK(fel_network_create(&c->net, &config));
    if (c->net == NULL || c->n > MOST_SAMPLES) {
        return 0;
    }
    CHECK_OK(fel_workspace_create_f64(&c->ws, c->net, c->n));
    CHECK_OK(fel_workspace_create_f32(&c->ws_f32, c->net, c->n));
    c->n_params = read_numbers(item, "params", c->params, c->params_f32);
    c->n_inputs = read_numbers(item, "inputs", c->inputs, c->inputs_f32);
    c->n_outputs = read_numbers(item, "slopes", c->slopes, c->slopes_f32);
    CHECK_INT(c->n_params, fel_network_count_params(c->net));
    CHECK_INT(c->n_outputs, c->n * fel_network_output_size(c->net));
    for (size_t i = 0; i < c->n; i++) {
        c->rows[i] = c->inputs + i * sequence * features;
        c->rows_f32[i] = c->inputs_f32 + i * sequence * features;
    }
    return 1;
}

static void case_close(lstm_case *c)
{
    fel_workspace_destroy(c->ws);
    fel_workspace_destroy(c->ws_f32);
    fel_network_destroy(c->net);
}

static void run_f64(lstm_case *c)
{
    fel_network_forward_f64(c->net, c->params, c->rows, size_of(c->item, "features"), c->n, NULL,
                            c->ws, c->outputs);
}

static void run_f32(lstm_case *c)
{
    fel_network_forward_f32(c->net, c->params_f32, c->rows_f32, size_of(c->item, "features"), c->n,
                            NULL, c->ws_f32, c->outputs_f32);
}

/* Both precisions against the list `key`. */
static void compare(const lstm_case *c, const char *key, size_t n, const double *got,
                    const float *got_f32)
{
    CHECK_INT(json_array_size(json_object_get(c->item, key)), n);
    for (size_t i = 0; i < n; i++) {
        const double want = number_at(c->item, key, i);
        CHECK_NEAR(got[i], want, 1e-13 * fmax(1.0, fabs(want)));
        CHECK_NEAR((double)got_f32[i], want, 5e-6 * fmax(1.0, fabs(want)));
    }
}

static void check_gradients(lstm_case *c)
{
    double d_inputs[MOST];
    float d_inputs_f32[MOST];
    run_f64(c);
    run_f32(c);
    compare(c, "results", c->n_outputs, c->outputs, c->outputs_f32);
    fel_network_backward_f64(c->net, c->params, c->slopes, c->ws, c->gradient, d_inputs);
    fel_network_backward_f32(c->net, c->params_f32, c->slopes_f32, c->ws_f32, c->gradient_f32,
                             d_inputs_f32);
    compare(c, "gradient", c->n_params, c->gradient, c->gradient_f32);
    compare(c, "d_inputs", c->n_inputs, d_inputs, d_inputs_f32);
}

/* ---- training -------------------------------------------------------------------------------- */

typedef struct optimizers {
    fel_optimizer *f64, *f32;
} optimizers;

static optimizers adam_of(const lstm_case *c)
{
    const fel_optimizer_class *code = NULL;
    fel_block_info blocks[16];
    optimizers adam = {NULL, NULL};
    CHECK_OK(fel_optimizer_find("adam", &code));
    fel_optimizer_config config = fel_optimizer_config_default(code);
    config.params[0] = json_number_value(json_object_get(c->item, "learning_rate"));
    const size_t n_blocks = fel_network_count_blocks(c->net);
    CHECK(n_blocks <= 16);
    for (size_t i = 0; i < n_blocks && i < 16; i++) {
        blocks[i] = *fel_network_block(c->net, i);
    }
    CHECK_OK(fel_optimizer_create_f64(&adam.f64, &config, blocks, n_blocks));
    CHECK_OK(fel_optimizer_create_f32(&adam.f32, &config, blocks, n_blocks));
    return adam;
}

/* Mean squared error of both, and its slopes. */
static void take_loss(lstm_case *c, double *loss, double *loss_f32)
{
    const double n = (double)c->n_outputs;
    *loss = *loss_f32 = 0.0;
    for (size_t i = 0; i < c->n_outputs; i++) {
        const double target = number_at(c->item, "targets", i);
        const double off = c->outputs[i] - target, off_f32 = (double)c->outputs_f32[i] - target;
        *loss += off * off / n;
        *loss_f32 += off_f32 * off_f32 / n;
        c->slopes[i] = 2.0 * off / n;
        c->slopes_f32[i] = (float)(2.0 * off_f32 / n);
    }
}

static void train_once(lstm_case *c, const optimizers *adam)
{
    const fel_optimizer_input input = {.struct_size = (uint32_t)sizeof(input), .rate_factor = 1.0};
    for (size_t i = 0; i < c->n_params; i++) {
        c->gradient[i] = 0.0;
        c->gradient_f32[i] = 0.0F;
    }
    fel_network_backward_f64(c->net, c->params, c->slopes, c->ws, c->gradient, NULL);
    fel_network_backward_f32(c->net, c->params_f32, c->slopes_f32, c->ws_f32, c->gradient_f32,
                             NULL);
    CHECK_OK(fel_optimizer_step_f64(adam->f64, &input, c->gradient, c->params, NULL));
    CHECK_OK(fel_optimizer_step_f32(adam->f32, &input, c->gradient_f32, c->params_f32, NULL));
}

/* Adam divides gradients by their size: a parameter whose gradient is almost 0 moves by its
 * rounding errors, so parameters in float are compared by their distance from the start. */
static void check_training(lstm_case *c)
{
    const optimizers adam = adam_of(c);
    for (size_t step = 0; adam.f64 != NULL && adam.f32 != NULL && step < STEPS; step++) {
        double loss = 0.0, loss_f32 = 0.0;
        run_f64(c);
        run_f32(c);
        take_loss(c, &loss, &loss_f32);
        CHECK_REL(loss, number_at(c->item, "losses", step), 1e-11);
        CHECK_REL(loss_f32, number_at(c->item, "losses", step), 2e-5);
        train_once(c, &adam);
    }
    double worst = 0.0;
    for (size_t i = 0; i < c->n_params; i++) {
        const double want = number_at(c->item, "trained", i);
        CHECK_NEAR(c->params[i], want, 1e-9);
        worst = fmax(worst, fabs((double)c->params_f32[i] - want));
    }
    CHECK(worst < 1e-4);
    fel_optimizer_destroy(adam.f64);
    fel_optimizer_destroy(adam.f32);
}

static void check_cases(json_t *cases)
{
    static lstm_case c;
    CHECK_INT(json_array_size(cases), N_CASES);
    for (size_t i = 0; i < json_array_size(cases); i++) {
        if (case_open(&c, json_array_get(cases, i))) {
            check_gradients(&c);
            check_training(&c);
        }
        case_close(&c);
    }
    json_decref(cases);
}

static void test_recorded_numbers_of_torch(void)
{
    check_cases(json_load_file(RECORDED, 0, NULL));
}

/* Debian's torch belongs to Debian's python, which need not be the first one. */
static const char *python_with_torch(void)
{
    static const char *const names[] = {"python3", "/usr/bin/python3"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char command[128];
        (void)snprintf(command, sizeof(command), "%s -c 'import torch' >/dev/null 2>&1", names[i]);
        /* NOLINTNEXTLINE(cert-env33-c): a test that needs another program */
        if (system(command) == 0) {
            return names[i];
        }
    }
    return NULL;
}

static void test_numbers_of_the_torch_that_is_installed(void)
{
    const char *python = python_with_torch();
    if (python == NULL) {
        SKIP("torch is not installed for python3");
    }
    char command[128];
    (void)snprintf(command, sizeof(command), "%s " SCRIPT " 2>/dev/null", python);
    FILE *output = popen(command, "r"); /* NOLINT(cert-env33-c): the same */
    CHECK(output != NULL);
    if (output != NULL) {
        check_cases(json_loadf(output, 0, NULL));
        CHECK_INT(pclose(output), 0);
    }
}

SUITE("models/lstm_torch", TEST(test_recorded_numbers_of_torch),
      TEST(test_numbers_of_the_torch_that_is_installed));
