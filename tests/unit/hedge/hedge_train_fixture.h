/* tests/unit/hedge/hedge_train_fixture.h - small problems with a policy, ready to train. */
#ifndef FEL_TESTS_HEDGE_TRAIN_FIXTURE_H
#define FEL_TESTS_HEDGE_TRAIN_FIXTURE_H

#include <feller/hedge_train.h>

typedef struct hedge_case {
    const char *process; /* "gbm", "heston" */
    size_t n_dates;
    double strike;
    double cost_bps;
    double premium;          /* NaN: the model's */
    const char *features[8]; /* the rest NULL */
    const char *network;     /* "lstm", "mlp" */
    uint32_t n_hidden;
    size_t hidden; /* of each layer */
    int standardise, per_date;
    double l2; /* of an mlp */
} hedge_case;

/* Six dates of Heston with costs and an LSTM of five units. */
hedge_case hedge_case_default(void);

typedef struct hedge_world {
    fel_hedge_problem *problem;
    fel_policy *policy;
    fel_hedge_train_config config; /* 192 paths a step, 6 steps, 256 validation paths every 2 */
} hedge_world;

hedge_world hedge_world_create(const hedge_case *how);
void hedge_world_destroy(hedge_world *world);

/* "adam", ... at its defaults but for the learning rate; NaN: as it is. */
void hedge_world_optimizer(hedge_world *world, const char *name, double rate);
/* A parameter of the optimiser, by name. */
void hedge_world_set(hedge_world *world, const char *name, double value);
fel_hedge_trainer *hedge_world_trainer(const hedge_world *world);
/* To the end. */
fel_hedge_trainer *hedge_world_train(const hedge_world *world);

/* Same parameters, best and last, and same numbers of the curve but for seconds. */
void hedge_check_same_training(const fel_hedge_trainer *a, const fel_hedge_trainer *b);

#endif
