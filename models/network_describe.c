/* models/network_describe.c - what a network says about itself. */
#include "models/network_internal.h"

const fel_network_config *fel_network_describe(const fel_network *net)
{
    return &net->config;
}

size_t fel_network_output_size(const fel_network *net)
{
    return net->config.n_outputs * (net->config.every_step ? net->config.sequence : 1);
}

size_t fel_network_count_params(const fel_network *net)
{
    return net->n_params;
}

size_t fel_network_count_blocks(const fel_network *net)
{
    return net->n_blocks;
}

const fel_block_info *fel_network_block(const fel_network *net, size_t index)
{
    return index < net->n_blocks ? &net->blocks[index] : NULL;
}

double fel_network_count_flops(const fel_network *net)
{
    return net->flops;
}

size_t fel_network_state_size(const fel_network *net)
{
    return net->state_size;
}

/* Shards of at most SHARD_MOST samples, and at least two so that two threads can share a batch; as
 * equal as multiples of SHARD_STEP allow, at which products of matrices are at their best. What a
 * shard keeps for backward should stay in the cache: a layer may ask for fewer samples (shard), and
 * classes whose products go over all rows of a shard say how many are enough (shard_rows). */
size_t fel_network_shard(const fel_network *net, size_t n)
{
    enum { SHARD_MOST = 128, SHARD_STEP = 16 };
    const size_t rows = net->config.code->shard_rows, by_rows = rows / net->config.sequence;
    const size_t enough = by_rows > 1 ? by_rows : 1, step = rows > 0 ? 1 : SHARD_STEP;
    size_t most = rows > 0 && enough < SHARD_MOST ? enough : SHARD_MOST;
    for (size_t i = 0; i < net->n_layers; i++) {
        const size_t wanted = net->layers[i].shard;
        most = wanted > 0 && wanted < most ? wanted : most;
    }
    const size_t least = n < (size_t)2 * SHARD_STEP ? 1 : 2;
    const size_t needed = n / most + (n % most != 0), n_shards = needed > least ? needed : least;
    const size_t shard = n / n_shards + (n % n_shards != 0);
    const size_t rounded = (shard + step - 1) / step * step;
    return n == 0 ? 1 : rounded < n ? rounded : n;
}
