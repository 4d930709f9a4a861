/* tests/unit/models/torch_check.c - networks against torch's numbers. */
#include "tests/unit/models/torch_check.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <feller/optimizer.h>

#include "tests/support/check.h"
#include "tests/unit/models/network_check.h"

enum { STEPS = 10, MOST = 4096, MOST_SAMPLES = 8, MOST_BLOCKS = 64 };

/* One case in both precisions. */
typedef struct torch_case {
    const json_t *item;
    fel_network *net;
    fel_workspace *ws, *ws_f32;
    size_t n, features, n_params, n_inputs, n_outputs; /* of all samples */
    const double *rows[MOST_SAMPLES];
    const float *rows_f32[MOST_SAMPLES];
    double params[MOST], inputs[MOST], outputs[MOST], slopes[MOST], gradient[MOST];
    float params_f32[MOST], inputs_f32[MOST], outputs_f32[MOST], slopes_f32[MOST],
        gradient_f32[MOST];
} torch_case;

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

static fel_network_config config_of(const json_t *item)
{
    const char *network = json_string_value(json_object_get(item, "network"));
    const char *settings = json_string_value(json_object_get(item, "settings"));
    const json_t *hidden = json_object_get(item, "hidden");
    fel_network_config config =
        network_config_of(network, settings != NULL ? settings : "", NULL,
                          size_of(item, "sequence"), size_of(item, "features"));
    config.n_outputs = size_of(item, "outputs");
    config.every_step = json_is_true(json_object_get(item, "every_step"));
    if (hidden != NULL) {
        config.n_hidden = (uint32_t)json_array_size(hidden);
    }
    for (uint32_t i = 0; hidden != NULL && i < config.n_hidden; i++) {
        config.hidden[i] = (size_t)json_integer_value(json_array_get(hidden, i));
    }
    return config;
}

static int case_open(torch_case *c, const json_t *item)
{
    const fel_network_config config = config_of(item);
    *c = (torch_case){.item = item, .n = size_of(item, "n"), .features = config.n_features};
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
        c->rows[i] = c->inputs + i * config.sequence * c->features;
        c->rows_f32[i] = c->inputs_f32 + i * config.sequence * c->features;
    }
    return 1;
}

static void case_close(torch_case *c)
{
    fel_workspace_destroy(c->ws);
    fel_workspace_destroy(c->ws_f32);
    fel_network_destroy(c->net);
}

static void run(torch_case *c)
{
    fel_network_forward_f64(c->net, c->params, c->rows, c->features, c->n, NULL, c->ws, c->outputs);
    fel_network_forward_f32(c->net, c->params_f32, c->rows_f32, c->features, c->n, NULL, c->ws_f32,
                            c->outputs_f32);
}

/* Both precisions against the list `key`, relative to its largest number. */
static void compare(const torch_case *c, const char *key, size_t n, const double *got,
                    const float *got_f32)
{
    double worst = 0.0, worst_f32 = 0.0, largest = 0.0;
    CHECK_INT(json_array_size(json_object_get(c->item, key)), n);
    for (size_t i = 0; i < n; i++) {
        const double want = number_at(c->item, key, i);
        largest = fmax(largest, fabs(want));
        worst = fmax(worst, fabs(got[i] - want));
        worst_f32 = fmax(worst_f32, fabs((double)got_f32[i] - want));
    }
    CHECK(largest > 0.0);
    CHECK_NEAR(worst / largest, 0.0, 1e-13);
    CHECK_NEAR(worst_f32 / largest, 0.0, 5e-6);
}

static void check_gradients(torch_case *c)
{
    double d_inputs[MOST];
    float d_inputs_f32[MOST];
    run(c);
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

static optimizers adam_of(const torch_case *c)
{
    const fel_optimizer_class *code = NULL;
    fel_block_info blocks[MOST_BLOCKS];
    optimizers adam = {NULL, NULL};
    CHECK_OK(fel_optimizer_find("adam", &code));
    fel_optimizer_config config = fel_optimizer_config_default(code);
    config.params[0] = json_number_value(json_object_get(c->item, "learning_rate"));
    const size_t n_blocks = fel_network_count_blocks(c->net);
    CHECK(n_blocks <= MOST_BLOCKS);
    for (size_t i = 0; i < n_blocks && i < MOST_BLOCKS; i++) {
        blocks[i] = *fel_network_block(c->net, i);
    }
    CHECK_OK(fel_optimizer_create_f64(&adam.f64, &config, blocks, n_blocks));
    CHECK_OK(fel_optimizer_create_f32(&adam.f32, &config, blocks, n_blocks));
    return adam;
}

/* Mean squared error of both, and its slopes. */
static void take_loss(torch_case *c, double *loss, double *loss_f32)
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

static void train_once(torch_case *c, const optimizers *adam)
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

/* Adam divides gradients by their size: where the gradient is 0 but for rounding (biases of keys,
 * which add the same to all of a query's scores) parameters in float go anywhere. */
static void compare_trained(const torch_case *c)
{
    double worst = 0.0, worst_f32 = 0.0;
    for (size_t i = 0; i < c->n_params; i++) {
        const double want = number_at(c->item, "trained", i);
        const int is_moved = fabs(number_at(c->item, "gradient", i)) > 1e-6;
        worst = fmax(worst, fabs(c->params[i] - want));
        worst_f32 = fmax(worst_f32, is_moved ? fabs((double)c->params_f32[i] - want) : 0.0);
    }
    CHECK_NEAR(worst, 0.0, 1e-8);
    CHECK_NEAR(worst_f32, 0.0, 2e-4);
}

static void check_training(torch_case *c)
{
    const optimizers adam = adam_of(c);
    for (size_t step = 0; adam.f64 != NULL && adam.f32 != NULL && step < STEPS; step++) {
        double loss = 0.0, loss_f32 = 0.0;
        run(c);
        take_loss(c, &loss, &loss_f32);
        CHECK_REL(loss, number_at(c->item, "losses", step), 1e-11);
        CHECK_REL(loss_f32, number_at(c->item, "losses", step), 2e-5);
        train_once(c, &adam);
    }
    compare_trained(c);
    fel_optimizer_destroy(adam.f64);
    fel_optimizer_destroy(adam.f32);
}

static void check_cases(json_t *cases, int n_cases)
{
    static torch_case c;
    CHECK_INT(json_array_size(cases), n_cases);
    for (size_t i = 0; i < json_array_size(cases); i++) {
        if (case_open(&c, json_array_get(cases, i))) {
            check_gradients(&c);
            check_training(&c);
        }
        case_close(&c);
    }
    json_decref(cases);
}

void torch_check_recorded(const char *path, int n_cases)
{
    check_cases(json_load_file(path, 0, NULL), n_cases);
}

/* Debian's torch belongs to Debian's python, which need not be the first one. */
static const char *python_with_torch(void)
{
    static const char *const names[] = {"python3", "/usr/bin/python3"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char command[128];
        (void)snprintf(command, sizeof(command), "%s -c 'import torch' >/dev/null 2>&1", names[i]);
        if (system(command) == 0) {
            return names[i];
        }
    }
    return NULL;
}

void torch_check_installed(const char *script, int n_cases)
{
    const char *python = python_with_torch();
    if (python == NULL) {
        SKIP("torch is not installed for python3");
    }
    char command[256];
    (void)snprintf(command, sizeof(command), "%s %s 2>/dev/null", python, script);
    FILE *output = popen(command, "r");
    CHECK(output != NULL);
    if (output != NULL) {
        check_cases(json_loadf(output, 0, NULL), n_cases);
        CHECK_INT(pclose(output), 0);
    }
}
