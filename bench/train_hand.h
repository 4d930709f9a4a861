/* bench/train_hand.h - one training step by hand: forward, mean squared error, backward, Adam. */
#ifndef FEL_BENCH_TRAIN_HAND_H
#define FEL_BENCH_TRAIN_HAND_H

#include "bench/measure.h"

typedef struct train_step train_step;

/* For batches of `batch` samples on n_threads threads; ends the program if it cannot. */
train_step *train_step_create(const fel_network_config *config, size_t batch, int n_threads);
void train_step_destroy(train_step *step);
/* The loss before the step. */
double train_step_run(train_step *step);

/* A product of matrices, c[m x n] = a[m x k] b' with b[n x k], and how often it is done. */
typedef struct train_product {
    size_t m, n, k;
    double count;
} train_product;

/* Seconds that OpenBLAS needs for it on one thread; for the two products of the way back, which
 * have its shapes turned, as well. 0: there is no OpenBLAS. */
double train_product_seconds(const train_product *product);

#endif
