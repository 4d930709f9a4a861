/* tests/unit/models/network_check.h - what every network must do, checked on one configuration. */
#ifndef FEL_TESTS_NETWORK_CHECK_H
#define FEL_TESTS_NETWORK_CHECK_H

#include <feller/model.h>

typedef struct network_check {
    const char *name;
    const fel_network_config *config;
    size_t n; /* samples */
    uint64_t seed;
    const fel_dropout *dropout; /* NULL: none */
    double step, tolerance;     /* see gradient_check.h; 0: its default */
} network_check;

/* Of a loss that weighs every output at random, linear and squared: the gradient by all parameters
 * and all inputs, in double, at random points (biases too, scales around 1); a second call adds to
 * the gradient. */
void check_network_gradient(const network_check *check);

/* Outputs and gradients in float are those in double but for `tolerance`, relative to the largest
 * of each block. */
void check_network_precision(const network_check *check);

/* A sample's outputs do not depend on the samples beside it, on windows that overlap, or on the
 * number of threads of a prediction, to rounding; the last two to the bit. */
void check_network_samples(const network_check *check);

/* Row by row gives what a pass over all rows gives, to rounding; only with every_step. */
void check_network_steps(const network_check *check);

/* A class with its defaults but for settings "name=value,name=value" (choices by word), hidden
 * sizes 0-terminated or NULL. CHECKs that they are right. */
fel_network_config network_config_of(const char *class_name, const char *settings,
                                     const size_t *hidden, size_t sequence, size_t n_features);

#endif
