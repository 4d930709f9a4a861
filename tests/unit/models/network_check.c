/* tests/unit/models/network_check.c - what every network must do, checked on one configuration. */
#include "tests/unit/models/network_check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/support/gradient_check.h"

enum { PRECISION_F32 = 0, PRECISION_F64 = 1 };

/* A network with random parameters, inputs and a loss. */
typedef struct bench {
    const network_check *check;
    fel_network *net;
    fel_workspace *ws, *ws_f32;
    size_t n, n_params, n_inputs, n_outputs, sample; /* numbers; sample: of one sample's inputs */
    double *x, *gradient;                            /* parameters, then inputs */
    const double **rows;
    double *outputs, *d_outputs, *linear, *squared;
    float *x_f32, *gradient_f32, *outputs_f32, *d_outputs_f32;
    const float **rows_f32;
} bench;

static void *numbers(size_t n, size_t size)
{
    void *memory = calloc(n > 0 ? n : 1, size);
    if (memory == NULL) {
        abort();
    }
    return memory;
}

static void fill_normal(double *x, size_t n, double centre, double sd, rng_stream *draws)
{
    for (size_t i = 0; i < n; i++) {
        x[i] = centre + sd * rng_normal(draws);
    }
}

/* As they are drawn, and something added so that nothing is 0 or 1. */
static void fill_params(bench *b, rng_stream *draws)
{
    fel_network_init_f64(b->net, b->check->seed, b->x);
    for (size_t i = 0; i < b->n_params; i++) {
        b->x[i] += 0.1 * rng_normal(draws);
    }
}

static void take_memory(bench *b)
{
    const size_t n_x = b->n_params + b->n_inputs, n_out = b->n * b->n_outputs;
    b->x = numbers(n_x, sizeof(double));
    b->gradient = numbers(n_x, sizeof(double));
    b->rows = numbers(b->n, sizeof(*b->rows));
    b->outputs = numbers(n_out, sizeof(double));
    b->d_outputs = numbers(n_out, sizeof(double));
    b->linear = numbers(n_out, sizeof(double));
    b->squared = numbers(n_out, sizeof(double));
    b->x_f32 = numbers(n_x, sizeof(float));
    b->gradient_f32 = numbers(n_x, sizeof(float));
    b->rows_f32 = numbers(b->n, sizeof(*b->rows_f32));
    b->outputs_f32 = numbers(n_out, sizeof(float));
    b->d_outputs_f32 = numbers(n_out, sizeof(float));
}

/* Values that a float holds, so that both precisions start from the same. */
static void fill_all(bench *b)
{
    rng_stream draws = rng_at(b->check->seed, UINT64_C(0x62656e6368));
    fill_params(b, &draws);
    fill_normal(b->x + b->n_params, b->n_inputs, 0.1, 0.9, &draws);
    fill_normal(b->linear, b->n * b->n_outputs, 0.0, 1.0, &draws);
    fill_normal(b->squared, b->n * b->n_outputs, 0.3, 0.5, &draws);
    for (size_t i = 0; i < b->n_params + b->n_inputs; i++) {
        b->x_f32[i] = (float)b->x[i];
        b->x[i] = (double)b->x_f32[i];
    }
    for (size_t i = 0; i < b->n; i++) {
        b->rows[i] = b->x + b->n_params + i * b->sample;
        b->rows_f32[i] = b->x_f32 + b->n_params + i * b->sample;
    }
}

static int bench_open(bench *b, const network_check *check)
{
    memset(b, 0, sizeof(*b));
    b->check = check;
    CHECK_OK(fel_network_create(&b->net, check->config));
    if (b->net == NULL) {
        return 0;
    }
    const fel_network_config *c = check->config;
    b->n = check->n;
    b->sample = c->sequence * c->n_features;
    b->n_inputs = b->n * b->sample;
    b->n_params = fel_network_count_params(b->net);
    b->n_outputs = fel_network_output_size(b->net);
    CHECK_OK(fel_workspace_create_f64(&b->ws, b->net, b->n));
    CHECK_OK(fel_workspace_create_f32(&b->ws_f32, b->net, b->n));
    take_memory(b);
    fill_all(b);
    return 1;
}

static void bench_close(bench *b)
{
    void *const all[] = {b->x,           b->gradient,     b->rows,  b->outputs,      b->d_outputs,
                         b->linear,      b->squared,      b->x_f32, b->gradient_f32, b->rows_f32,
                         b->outputs_f32, b->d_outputs_f32};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        free(all[i]);
    }
    fel_workspace_destroy(b->ws);
    fel_workspace_destroy(b->ws_f32);
    fel_network_destroy(b->net);
}

/* ---- the loss -------------------------------------------------------------------------------- */

static void forward(bench *b)
{
    fel_network_forward_f64(b->net, b->x, b->rows, b->check->config->n_features, b->n,
                            b->check->dropout, b->ws, b->outputs);
}

static double loss_of(void *payload)
{
    bench *b = payload;
    long double sum = 0.0L;
    forward(b);
    for (size_t i = 0; i < b->n * b->n_outputs; i++) {
        const long double o = (long double)b->outputs[i];
        sum += o * ((long double)b->linear[i] + 0.5L * (long double)b->squared[i] * o);
    }
    return (double)sum;
}

/* After a forward pass. */
static void backward(bench *b)
{
    for (size_t i = 0; i < b->n * b->n_outputs; i++) {
        b->d_outputs[i] = b->linear[i] + b->squared[i] * b->outputs[i];
    }
    fel_network_backward_f64(b->net, b->x, b->d_outputs, b->ws, b->gradient,
                             b->gradient + b->n_params);
}

/* ---- checks ---------------------------------------------------------------------------------- */

static double largest_of(const double *x, size_t n)
{
    double largest = 0.0;
    for (size_t i = 0; i < n; i++) {
        largest = fmax(largest, fabs(x[i]));
    }
    return largest;
}

/* Twice the first gradient, and the inputs' set anew; without them the same. */
static void check_adds(bench *b)
{
    const size_t n_x = b->n_params + b->n_inputs;
    double *twice = numbers(n_x, sizeof(double)), worst = 0.0;
    memcpy(twice, b->gradient, n_x * sizeof(*twice));
    (void)loss_of(b);
    fel_network_backward_f64(b->net, b->x, b->d_outputs, b->ws, twice, NULL);
    for (size_t i = 0; i < b->n_params; i++) {
        worst = fmax(worst, fabs(twice[i] - 2.0 * b->gradient[i]));
    }
    CHECK_NEAR(worst, 0.0, 1e-12 * largest_of(b->gradient, b->n_params));
    free(twice);
}

void check_network_gradient(const network_check *check)
{
    bench b;
    if (bench_open(&b, check)) {
        (void)loss_of(&b);
        for (size_t i = b.n_params; i < b.n_params + b.n_inputs; i++) {
            b.gradient[i] = (double)NAN; /* set, not added to */
        }
        backward(&b);
        const gradient_check g = {.name = check->name,
                                  .n = b.n_params + b.n_inputs,
                                  .x = b.x,
                                  .gradient = b.gradient,
                                  .value = loss_of,
                                  .payload = &b,
                                  .step = check->step,
                                  .tolerance = check->tolerance,
                                  .seed = check->seed};
        check_gradient_of(&g);
        check_adds(&b);
    }
    bench_close(&b);
}

/* The largest difference, relative to the largest number. */
static double distance(const float *got, const double *exact, size_t n)
{
    double worst = 0.0;
    for (size_t i = 0; i < n; i++) {
        const double d = fabs((double)got[i] - exact[i]);
        worst = d <= worst ? worst : d;
    }
    return n > 0 && worst > 0.0 ? worst / largest_of(exact, n) : 0.0;
}

static void check_blocks(const bench *b)
{
    for (size_t i = 0; i < fel_network_count_blocks(b->net); i++) {
        const fel_block_info *block = fel_network_block(b->net, i);
        const double off = distance(b->gradient_f32 + block->offset, b->gradient + block->offset,
                                    block->rows * block->cols);
        if (!(off <= b->check->tolerance)) {
            (void)printf("\n%s: gradient of %s in float is off by %g\n", b->check->name,
                         block->name, off);
        }
        CHECK(off <= b->check->tolerance);
    }
}

void check_network_precision(const network_check *check)
{
    bench b;
    if (bench_open(&b, check)) {
        (void)loss_of(&b);
        backward(&b);
        for (size_t i = 0; i < b.n * b.n_outputs; i++) {
            b.d_outputs_f32[i] = (float)b.d_outputs[i];
        }
        fel_network_forward_f32(b.net, b.x_f32, b.rows_f32, check->config->n_features, b.n,
                                check->dropout, b.ws_f32, b.outputs_f32);
        fel_network_backward_f32(b.net, b.x_f32, b.d_outputs_f32, b.ws_f32, b.gradient_f32,
                                 b.gradient_f32 + b.n_params);
        CHECK_NEAR(distance(b.outputs_f32, b.outputs, b.n * b.n_outputs), 0.0, check->tolerance);
        CHECK_NEAR(distance(b.gradient_f32 + b.n_params, b.gradient + b.n_params, b.n_inputs), 0.0,
                   check->tolerance);
        check_blocks(&b);
    }
    bench_close(&b);
}

/* Sample i of a window that moves by one row: by itself, and beside the others. */
static void check_windows(bench *b)
{
    const fel_network_config *c = b->check->config;
    const size_t n_out = b->n_outputs;
    const double *series = b->x + b->n_params;
    double *alone = numbers(n_out, sizeof(double)), worst = 0.0;
    for (size_t i = 0; i < b->n; i++) {
        b->rows[i] = series + i * c->n_features;
    }
    forward(b);
    const double largest = largest_of(b->outputs, b->n * n_out);
    for (size_t i = 0; i < b->n; i++) {
        fel_network_forward_f64(b->net, b->x, b->rows + i, c->n_features, 1, NULL, b->ws, alone);
        for (size_t k = 0; k < n_out; k++) {
            worst = fmax(worst, fabs(alone[k] - b->outputs[i * n_out + k]));
        }
    }
    CHECK_NEAR(worst, 0.0, 1e-13 * largest);
    CHECK(largest > 0.0);
    free(alone);
}

/* Every thread count gives the bits of passes over shards, one after the other. */
static void check_prediction(bench *b)
{
    const fel_network_config *c = b->check->config;
    const size_t n = 3 * fel_network_shard(b->net, 1000) + 7, n_out = b->n_outputs;
    const size_t shard = fel_network_shard(b->net, n);
    const float **rows = numbers(n, sizeof(*rows));
    float *got = numbers(n * n_out, sizeof(float)), *want = numbers(n * n_out, sizeof(float));
    fel_workspace *ws = NULL;
    CHECK_OK(fel_workspace_create_f32(&ws, b->net, shard));
    for (size_t i = 0; i < n; i++) {
        rows[i] = b->rows_f32[i * 7 % b->n];
    }
    for (size_t i = 0; ws != NULL && i < n; i += shard) {
        fel_network_forward_f32(b->net, b->x_f32, rows + i, c->n_features,
                                n - i < shard ? n - i : shard, NULL, ws, want + i * n_out);
    }
    for (int threads = 1; threads <= 5; threads += 2) {
        memset(got, 0x55, n * n_out * sizeof(*got));
        CHECK_OK(fel_network_predict_f32(b->net, b->x_f32, rows, c->n_features, n, threads, got));
        CHECK(memcmp(got, want, n * n_out * sizeof(*got)) == 0);
    }
    fel_workspace_destroy(ws);
    free(rows);
    free(got);
    free(want);
}

void check_network_samples(const network_check *check)
{
    bench b;
    if (bench_open(&b, check)) {
        check_windows(&b);
        check_prediction(&b);
    }
    bench_close(&b);
}

void check_network_steps(const network_check *check)
{
    bench b;
    CHECK(check->config->every_step);
    if (bench_open(&b, check)) {
        const fel_network_config *c = check->config;
        double *state = numbers(fel_network_state_size(b.net), sizeof(double)), worst = 0.0;
        double *step = numbers(c->n_outputs, sizeof(double));
        forward(&b);
        for (size_t t = 0; t < c->sequence; t++) {
            fel_network_step_f64(b.net, b.x, b.rows[0] + t * c->n_features, state, b.ws, step);
            for (size_t k = 0; k < c->n_outputs; k++) {
                worst = fmax(worst, fabs(step[k] - b.outputs[t * c->n_outputs + k]));
            }
        }
        CHECK_NEAR(worst, 0.0, 1e-13 * largest_of(b.outputs, b.n_outputs));
        free(state);
        free(step);
    }
    bench_close(&b);
}

/* ---- configurations -------------------------------------------------------------------------- */

fel_network_config network_config_of(const char *class_name, const char *settings,
                                     const size_t *hidden, size_t sequence, size_t n_features)
{
    const fel_network_class *code = NULL;
    CHECK_OK(fel_network_find(class_name, &code));
    if (code == NULL) {
        abort();
    }
    const fel_network_info *info = fel_network_class_info(code);
    fel_network_config config = fel_network_config_default(code);
    config.sequence = sequence;
    config.n_features = n_features;
    for (; *settings != '\0'; settings += *settings == ',') {
        char name[64] = "", value[64] = "";
        size_t index = 0;
        CHECK_INT(sscanf(settings, "%63[^=]=%63[^,]", name, value), 2);
        CHECK_OK(fel_param_find(info->params, info->n_params, name, &index));
        CHECK_OK(fel_param_parse(&info->params[index], value, &config.params[index]));
        settings += strcspn(settings, ",");
    }
    for (config.n_hidden = hidden != NULL ? 0 : config.n_hidden;
         hidden != NULL && hidden[config.n_hidden] > 0; config.n_hidden++) {
        config.hidden[config.n_hidden] = hidden[config.n_hidden];
    }
    return config;
}
