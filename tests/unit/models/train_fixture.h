/* tests/unit/models/train_fixture.h - a small world to train in: three features, a target that a
 * sample's rows decide but for noise, returns that go with it. */
#ifndef FEL_TESTS_TRAIN_FIXTURE_H
#define FEL_TESTS_TRAIN_FIXTURE_H

#include <feller/train.h>

enum {
    WORLD_FEATURES = 3,
    WORLD_SEQUENCE = 4,
    WORLD_TRAIN = 397,
    WORLD_VALIDATION = 143,
    WORLD_SAMPLES = WORLD_TRAIN + WORLD_VALIDATION,
    WORLD_ROWS = WORLD_SAMPLES + WORLD_SEQUENCE - 1
};

typedef struct world {
    float rows[WORLD_ROWS * WORLD_FEATURES];
    size_t last_rows[WORLD_SAMPLES];
    double targets[WORLD_SAMPLES], returns[WORLD_SAMPLES], weights[WORLD_SAMPLES];
    int64_t times_ns[WORLD_SAMPLES], target_times_ns[WORLD_SAMPLES];
    uint32_t series[WORLD_SAMPLES];
    fel_dataset train, validation;
    fel_network *net;
    fel_train_config config; /* mse, adam, batches of 64, 5 epochs */
} world;

/* An mlp of one hidden layer of 12; noise is of the target's standard deviation. */
world *world_create(double noise, double l2);
void world_destroy(world *w);

/* Train to the end; the trainer is the caller's. */
fel_trainer *world_train(const world *w);

#endif
