/* hedge/hedge_train_penalty.c - what a network's own blocks add to the loss: penalty x sum of
 * squares. */
#include "hedge/hedge_train_internal.h"

static double add_block(const fel_block_info *block, const float *params, float *gradient)
{
    double squares = 0.0;
    for (size_t i = 0; i < block->rows * block->cols; i++) {
        const double value = (double)params[i];
        squares += value * value;
        if (gradient != NULL) {
            gradient[i] += (float)(2.0 * block->penalty * value);
        }
    }
    return block->penalty * squares;
}

double hedge_train_penalize(const fel_policy *policy, const float *params, float *gradient)
{
    const size_t n_own = fel_network_count_blocks(policy->network);
    const size_t n_params = fel_network_count_params(policy->network);
    double sum = 0.0;
    for (size_t at = 0; at < policy->n_params; at += n_params) {
        for (size_t k = 0; k < n_own; k++) {
            const fel_block_info *block = fel_network_block(policy->network, k);
            const size_t first = at + block->offset;
            if (block->penalty > 0.0) {
                sum += add_block(block, params + first, gradient == NULL ? NULL : gradient + first);
            }
        }
    }
    return sum;
}
