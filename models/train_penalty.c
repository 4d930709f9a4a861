/* models/train_penalty.c - penalties of a network's blocks: penalty x sum of squares in the loss,
 * 2 penalty x weight in the gradient. */
#include "core/sum.h"
#include "models/train_internal.h"

static double squares_of(const float *values, size_t n)
{
    running_sum sum = {0};
    for (size_t i = 0; i < n; i++) {
        running_add(&sum, (double)values[i] * (double)values[i]);
    }
    return running_value(&sum);
}

double train_penalties(const fel_network *net, const float *params)
{
    double total = 0.0;
    for (size_t k = 0; k < fel_network_count_blocks(net); k++) {
        const fel_block_info *block = fel_network_block(net, k);
        if (block->penalty > 0.0) {
            total += block->penalty * squares_of(params + block->offset, block->rows * block->cols);
        }
    }
    return total;
}

double train_add_penalties(const fel_network *net, const float *params, float *gradient)
{
    typedef void penalty_fn(const void *, void *, double, size_t);
    static penalty_fn *const kernels[CPU_N_LEVELS] = KERNEL_LEVELS(add_penalty_of, f32);
    penalty_fn *const add = kernels[cpu_level_now()];
    for (size_t k = 0; k < fel_network_count_blocks(net); k++) {
        const fel_block_info *block = fel_network_block(net, k);
        if (block->penalty > 0.0) {
            add(params + block->offset, gradient + block->offset, 2.0 * block->penalty,
                block->rows * block->cols);
        }
    }
    return train_penalties(net, params);
}
