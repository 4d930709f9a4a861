/* hedge/hedge_train_order.c - which paths each step takes: fresh ones, or fixed ones in groups of
 * HEDGE_GROUP, in another order each epoch.
 *
 * Orders are those of Fisher and Yates, a function of (seed, epoch). A measure is of a batch as a
 * whole, so a last batch below half the size joins the one before. */
#include <stdlib.h>

#include "core/rng.h"
#include "hedge/hedge_train_internal.h"

/* Streams of a seed from here on are orders of epochs. */
#define ORDER_STREAMS (UINT64_C(0x686f7264) << 32)

static uint64_t count_batches(uint64_t n_paths, uint64_t batch)
{
    const uint64_t whole = n_paths / batch, rest = n_paths % batch;
    return whole + (whole == 0 || 2 * rest >= batch ? (rest > 0) : 0);
}

fel_status hedge_order_make(hedge_order *out, const fel_hedge_train_config *config)
{
    *out = (hedge_order){.first = config->first_path,
                         .n_paths = config->n_paths,
                         .batch = config->batch,
                         .n_batches = 1,
                         .largest = config->batch,
                         .seed = config->seed};
    if (config->n_paths == 0) {
        return FEL_OK;
    }
    out->n_batches = count_batches(config->n_paths, config->batch);
    out->largest = (size_t)(config->n_paths - (out->n_batches - 1) * config->batch);
    out->largest =
        out->largest > config->batch || out->n_batches == 1 ? out->largest : config->batch;
    out->n_groups = (size_t)((config->n_paths + HEDGE_GROUP - 1) / HEDGE_GROUP);
    out->groups = calloc(out->n_groups, sizeof(*out->groups));
    out->starts = calloc(out->largest / HEDGE_GROUP + 1, sizeof(*out->starts));
    return out->groups != NULL && out->starts != NULL
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_NOMEM, "no memory for the order of %llu paths",
                           (unsigned long long)config->n_paths);
}

void hedge_order_clear(hedge_order *order)
{
    free(order->groups);
    free(order->starts);
    *order = (hedge_order){.n_paths = 0};
}

/* ---- an epoch -------------------------------------------------------------------------------- */

static void shuffle(uint64_t *items, size_t n, uint64_t seed, uint64_t epoch)
{
    rng_stream random = rng_at(seed, ORDER_STREAMS | epoch);
    for (size_t i = 0; i < n; i++) {
        items[i] = i;
    }
    for (size_t i = n; i > 1; i--) {
        const size_t k = (size_t)rng_below(&random, i);
        const uint64_t kept = items[i - 1];
        items[i - 1] = items[k];
        items[k] = kept;
    }
}

/* The group that is not whole comes last, where batches are cut at whole groups. */
static void put_short_group_last(hedge_order *order)
{
    const size_t last = order->n_groups - 1;
    size_t at = 0;
    if (order->n_paths % HEDGE_GROUP == 0) {
        return;
    }
    while (order->groups[at] != last) {
        at++;
    }
    order->groups[at] = order->groups[last];
    order->groups[last] = last;
}

static void lay_epoch(hedge_order *order, uint64_t epoch)
{
    if (order->epoch != epoch) {
        shuffle(order->groups, order->n_groups, order->seed, epoch);
        put_short_group_last(order);
        order->epoch = epoch;
    }
}

/* ---- a batch --------------------------------------------------------------------------------- */

static fel_status fill_fixed(hedge_order *order, uint64_t step, hedge_batch *batch, size_t *n)
{
    const uint64_t at = step % order->n_batches;
    const uint64_t from = at * order->batch;
    const int is_last = at + 1 == order->n_batches;
    const size_t size = is_last ? (size_t)(order->n_paths - from) : order->batch;
    const size_t first_group = (size_t)(from / HEDGE_GROUP);
    lay_epoch(order, 1 + step / order->n_batches);
    for (size_t g = 0; g * HEDGE_GROUP < size; g++) {
        order->starts[g] = order->first + order->groups[first_group + g] * HEDGE_GROUP;
    }
    *n = size;
    return hedge_batch_fill(batch, 0, order->starts, size);
}

fel_status hedge_order_fill(hedge_order *order, uint64_t step, hedge_batch *batch, size_t *n)
{
    if (order->n_paths == 0) {
        *n = order->batch;
        return hedge_batch_fill(batch, order->first + step * order->batch, NULL, order->batch);
    }
    if (order->n_batches > 1) {
        return fill_fixed(order, step, batch, n);
    }
    /* All of them in every step: made once. */
    *n = (size_t)order->n_paths;
    if (order->epoch == 0) {
        FEL_TRY(hedge_batch_fill(batch, order->first, NULL, *n));
        order->epoch = 1;
    }
    return FEL_OK;
}
