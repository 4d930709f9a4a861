/* hedge/policy_init_real.c - a policy's first values: the network's, of a seed for each date that
 * has parameters of its own, with a small last layer. */
#include "core/real.h"
#include "hedge/pass_internal.h"

#define LAST_LAYER REAL_C(0.1)

/* Seeds of dates far apart, the first date's the seed itself (the golden ratio's bits). */
static uint64_t seed_of(uint64_t seed, size_t date)
{
    return seed + (uint64_t)date * UINT64_C(0x9e3779b97f4a7c15);
}

static const fel_block_info *last_weights(const fel_network *net)
{
    const fel_block_info *last = NULL;
    for (size_t b = 0; b < fel_network_count_blocks(net); b++) {
        const fel_block_info *block = fel_network_block(net, b);
        last = block->role == FEL_BLOCK_WEIGHT ? block : last;
    }
    return last;
}

void KERNEL(fel_policy_init)(const fel_policy *policy, uint64_t seed, real *params)
{
    const fel_network *net = policy->network;
    const fel_block_info *last = last_weights(net);
    const size_t size = fel_network_count_params(net);
    for (size_t date = 0; date * size < policy->n_params; date++) {
        real *values = params + date * size;
        KERNEL(fel_network_init)(net, seed_of(seed, date), values);
        for (size_t i = 0; last != NULL && i < last->rows * last->cols; i++) {
            values[last->offset + i] *= LAST_LAYER;
        }
    }
}
