/* tests/unit/models/train_fixture.c - a small world to train in. */
#include "tests/unit/models/train_fixture.h"

#include <math.h>
#include <stdlib.h>

#include "core/rng.h"
#include "tests/support/check.h"

static fel_dataset part_of(const world *w, size_t first, size_t n)
{
    const fel_dataset part = {.struct_size = (uint32_t)sizeof(part),
                              .n_rows = WORLD_ROWS,
                              .n_features = WORLD_FEATURES,
                              .rows = w->rows,
                              .n_samples = n,
                              .n_targets = 1,
                              .last_rows = w->last_rows + first,
                              .targets = w->targets + first,
                              .times_ns = w->times_ns + first,
                              .target_times_ns = w->target_times_ns + first,
                              .returns = w->returns + first};
    return part;
}

static void fill(world *w, double noise)
{
    rng_stream random = rng_at(23, 5);
    for (size_t i = 0; i < (size_t)WORLD_ROWS * WORLD_FEATURES; i++) {
        w->rows[i] = (float)rng_normal(&random);
    }
    for (size_t k = 0; k < WORLD_SAMPLES; k++) {
        const size_t last = k + WORLD_SEQUENCE - 1;
        const double now = (double)w->rows[last * WORLD_FEATURES];
        const double before = (double)w->rows[(last - 1) * WORLD_FEATURES + 1];
        w->last_rows[k] = last;
        w->targets[k] = tanh(0.8 * now) - 0.6 * before + noise * rng_normal(&random);
        w->returns[k] = 0.01 * w->targets[k];
        w->weights[k] = 0.25 + rng_uniform(&random);
        w->times_ns[k] = (int64_t)(k + 1) * 86400000000000;
        w->target_times_ns[k] = w->times_ns[k] + 86400000000000;
    }
}

world *world_create(double noise, double l2)
{
    world *w = calloc(1, sizeof(*w));
    const fel_network_class *mlp = NULL;
    size_t index = 0;
    CHECK(w != NULL);
    if (w == NULL) {
        abort();
    }
    fill(w, noise);
    w->train = part_of(w, 0, WORLD_TRAIN);
    w->validation = part_of(w, WORLD_TRAIN, WORLD_VALIDATION);
    CHECK_OK(fel_network_find("mlp", &mlp));
    fel_network_config config = fel_network_config_default(mlp);
    const fel_network_info *info = fel_network_class_info(mlp);
    CHECK_OK(fel_param_find(info->params, info->n_params, "l2", &index));
    config.params[index] = l2;
    config.sequence = WORLD_SEQUENCE;
    config.n_features = WORLD_FEATURES;
    config.n_hidden = 1;
    config.hidden[0] = 12;
    CHECK_OK(fel_network_create(&w->net, &config));
    w->config = fel_train_config_default(w->net);
    w->config.batch = 64;
    w->config.n_epochs = 5;
    return w;
}

void world_destroy(world *w)
{
    fel_network_destroy(w->net);
    free(w);
}

fel_trainer *world_train(const world *w)
{
    fel_trainer *trainer = NULL;
    CHECK_OK(fel_trainer_create(&trainer, &w->config, &w->train, &w->validation));
    if (trainer != NULL) {
        CHECK_OK(fel_trainer_run(trainer));
    }
    return trainer;
}
