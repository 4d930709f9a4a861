/* bench/train_hand.c - one training step by hand: shards on threads, each with its own gradient,
 * which are summed in the order of shards; then Adam. */
#include "bench/train_hand.h"

#include <stdlib.h>
#include <string.h>

struct train_step {
    fel_network *net;
    fel_optimizer *adam;
    int n_threads;
    size_t batch, shard, n_shards, n_params, n_outputs; /* outputs of a sample */
    float *params, *inputs, *targets, *gradients;       /* gradients[shard][n_params] */
    float *outputs, *slopes;
    const float **rows;
    double *losses;             /* one a shard */
    fel_workspace **workspaces; /* one a thread */
};

static void *room(size_t n, size_t size)
{
    void *memory = calloc(n, size);
    if (memory == NULL) {
        (void)fprintf(stderr, "bench: no memory for %zu bytes\n", n * size);
        exit(1);
    }
    return memory;
}

/* Numbers in [-1, 1), the same every time. */
static float *random_numbers(size_t n, uint32_t seed)
{
    float *x = room(n, sizeof(*x));
    uint32_t state = seed;
    for (size_t i = 0; i < n; i++) {
        state = state * UINT32_C(1664525) + UINT32_C(1013904223);
        x[i] = (float)(int32_t)state * 0x1p-31F;
    }
    return x;
}

static fel_optimizer *make_adam(const fel_network *net, int n_threads)
{
    const fel_optimizer_class *code = NULL;
    fel_optimizer *adam = NULL;
    const size_t n_blocks = fel_network_count_blocks(net);
    fel_block_info *blocks = room(n_blocks, sizeof(*blocks));
    MUST(fel_optimizer_find("adam", &code));
    fel_optimizer_config config = fel_optimizer_config_default(code);
    config.n_threads = n_threads;
    for (size_t i = 0; i < n_blocks; i++) {
        blocks[i] = *fel_network_block(net, i);
    }
    MUST(fel_optimizer_create_f32(&adam, &config, blocks, n_blocks));
    free(blocks);
    return adam;
}

static void take_memory(train_step *s, const fel_network_config *config)
{
    const size_t sample = config->sequence * config->n_features;
    s->params = room(s->n_params, sizeof(float));
    s->inputs = random_numbers(s->batch * sample, 1);
    s->targets = random_numbers(s->batch * s->n_outputs, 2);
    s->gradients = room(s->n_shards * s->n_params, sizeof(float));
    s->outputs = room(s->batch * s->n_outputs, sizeof(float));
    s->slopes = room(s->batch * s->n_outputs, sizeof(float));
    s->rows = room(s->batch, sizeof(*s->rows));
    s->losses = room(s->n_shards, sizeof(double));
    s->workspaces = room((size_t)s->n_threads, sizeof(void *));
    for (size_t i = 0; i < s->batch; i++) {
        s->rows[i] = s->inputs + i * sample;
    }
    for (int i = 0; i < s->n_threads; i++) {
        MUST(fel_workspace_create_f32(&s->workspaces[i], s->net, s->shard));
    }
}

train_step *train_step_create(const fel_network_config *config, size_t batch, int n_threads)
{
    train_step *s = room(1, sizeof(*s));
    MUST(fel_network_create(&s->net, config));
    s->adam = make_adam(s->net, n_threads);
    s->n_threads = n_threads;
    s->batch = batch;
    s->shard = fel_network_shard(s->net, batch);
    s->n_shards = (batch + s->shard - 1) / s->shard;
    s->n_params = fel_network_count_params(s->net);
    s->n_outputs = fel_network_output_size(s->net);
    take_memory(s, config);
    fel_network_init_f32(s->net, 3, s->params);
    return s;
}

void train_step_destroy(train_step *s)
{
    for (int i = 0; i < s->n_threads; i++) {
        fel_workspace_destroy(s->workspaces[i]);
    }
    free(s->workspaces);
    free(s->params);
    free(s->inputs);
    free(s->targets);
    free(s->gradients);
    free(s->outputs);
    free(s->slopes);
    free(s->rows);
    free(s->losses);
    fel_optimizer_destroy(s->adam);
    fel_network_destroy(s->net);
    free(s);
}

static void run_shard(train_step *s, size_t shard, fel_workspace *ws)
{
    const fel_network_config *config = fel_network_describe(s->net);
    const size_t first = shard * s->shard, left = s->batch - first;
    const size_t n = left < s->shard ? left : s->shard, n_outputs = n * s->n_outputs;
    float *outputs = s->outputs + first * s->n_outputs, *slopes = s->slopes + first * s->n_outputs;
    float *gradient = s->gradients + shard * s->n_params;
    const float *targets = s->targets + first * s->n_outputs;
    const float scale = 1.0F / (float)(s->batch * s->n_outputs);
    double loss = 0.0;
    fel_network_forward_f32(s->net, s->params, s->rows + first, config->n_features, n, NULL, ws,
                            outputs);
    for (size_t i = 0; i < n_outputs; i++) {
        const float off = outputs[i] - targets[i];
        loss += (double)(off * off * scale);
        slopes[i] = 2.0F * off * scale;
    }
    s->losses[shard] = loss;
    memset(gradient, 0, s->n_params * sizeof(*gradient));
    fel_network_backward_f32(s->net, s->params, slopes, ws, gradient, NULL);
}

/* All shards' gradients into the first's, in their order: numbers from..to of each. */
static void sum_gradients(const train_step *s, size_t from, size_t to)
{
    for (size_t shard = 1; shard < s->n_shards; shard++) {
        const float *restrict gradient = s->gradients + shard * s->n_params;
        float *restrict sum = s->gradients;
        for (size_t i = from; i < to; i++) {
            sum[i] += gradient[i];
        }
    }
}

double train_step_run(train_step *s)
{
    enum { STRETCH = 4096 };
    const int n_shards = (int)s->n_shards, n_threads = s->n_threads;
    const int n_stretches = (int)((s->n_params + STRETCH - 1) / STRETCH);
    const fel_optimizer_input input = {.struct_size = (uint32_t)sizeof(input), .rate_factor = 1.0};
    double loss = 0.0;
#pragma omp parallel for num_threads(n_threads) schedule(static, 1)
    for (int i = 0; i < n_shards; i++) {
        run_shard(s, (size_t)i, s->workspaces[i % n_threads]);
    }
#pragma omp parallel for num_threads(n_threads) schedule(static)
    for (int i = 0; i < n_stretches; i++) {
        const size_t from = (size_t)i * STRETCH, to = from + STRETCH;
        sum_gradients(s, from, to < s->n_params ? to : s->n_params);
    }
    for (size_t i = 0; i < s->n_shards; i++) {
        loss += s->losses[i];
    }
    MUST(fel_optimizer_step_f32(s->adam, &input, s->gradients, s->params, NULL));
    return loss;
}
