/* models/train_order.c - which samples each step of an epoch takes.
 *
 * Losses that are means of terms get batches of single samples, of which the last may be small.
 * Losses of a batch as a whole get no last batch below half the size: it joins the one before.
 * Losses that read the order in time or compare within groups get stretches: consecutive samples,
 * whole instants, the same ones in every epoch in another order. Orders are those of Fisher and
 * Yates, a function of (seed, epoch). */
#include <stdlib.h>

#include "core/rng.h"
#include "models/train_internal.h"

/* Streams of a seed from here on are orders of epochs. */
#define ORDER_STREAMS (UINT64_C(0x6f726472) << 32)

static size_t batch_size(const train_samples *s, const fel_train_config *config)
{
    return config->batch == 0 || config->batch > s->n ? s->n : config->batch;
}

static int wants_stretches(const fel_loss *loss)
{
    return (loss->code->flags & (FEL_LOSS_ORDERED | FEL_LOSS_GROUPED)) != 0;
}

/* The end of the batch that begins at `from`. */
static size_t end_of_batch(const train_samples *s, const fel_train_config *config, size_t from)
{
    const size_t size = batch_size(s, config);
    size_t end = s->n - from > size ? from + size : s->n;
    while (wants_stretches(&config->loss) && end < s->n && train_same_instant(s, end)) {
        end++;
    }
    return config->loss.code->term == NULL && s->n - end < (size + 1) / 2 ? s->n : end;
}

/* Starts of batches in order of time; NULL: only count them. */
static size_t cut(const train_samples *s, const fel_train_config *config, size_t *starts)
{
    size_t n = 0;
    for (size_t at = 0; at < s->n; n++) {
        if (starts != NULL) {
            starts[n] = at;
        }
        at = end_of_batch(s, config, at);
    }
    if (starts != NULL) {
        starts[n] = s->n;
    }
    return n;
}

static void find_largest(train_order *order, const size_t *starts)
{
    for (size_t k = 0; k < order->n_batches; k++) {
        const size_t size = starts[k + 1] - starts[k];
        order->largest = size > order->largest ? size : order->largest;
    }
}

fel_status train_order_make(train_order *out, const train_samples *s,
                            const fel_train_config *config)
{
    *out = (train_order){.n_batches = cut(s, config, NULL)};
    const size_t n = out->n_batches + 1;
    out->starts = calloc(n, sizeof(*out->starts));
    out->stretches = calloc(n, sizeof(*out->stretches));
    out->samples = calloc(s->n, sizeof(*out->samples));
    out->shuffled = calloc(n > s->n ? n : s->n, sizeof(*out->shuffled));
    if (out->starts == NULL || out->stretches == NULL || out->samples == NULL ||
        out->shuffled == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for the order of %zu samples", s->n);
    }
    (void)cut(s, config, out->stretches);
    find_largest(out, out->stretches);
    return FEL_OK;
}

void train_order_clear(train_order *order)
{
    free(order->starts);
    free(order->stretches);
    free(order->samples);
    free(order->shuffled);
    *order = (train_order){.n_batches = 0};
}

/* ---- an epoch -------------------------------------------------------------------------------- */

static void shuffle(size_t *items, size_t n, uint64_t seed, size_t epoch)
{
    rng_stream random = rng_at(seed, ORDER_STREAMS | epoch);
    for (size_t i = 0; i < n; i++) {
        items[i] = i;
    }
    for (size_t i = n; i > 1; i--) {
        const size_t k = (size_t)rng_below(&random, i);
        const size_t kept = items[i - 1];
        items[i - 1] = items[k];
        items[k] = kept;
    }
}

static void lay_stretches(train_order *order)
{
    size_t at = 0;
    for (size_t k = 0; k < order->n_batches; k++) {
        const size_t stretch = order->shuffled[k];
        order->starts[k] = at;
        for (size_t i = order->stretches[stretch]; i < order->stretches[stretch + 1]; i++) {
            order->samples[at++] = i;
        }
    }
    order->starts[order->n_batches] = at;
}

static void lay_samples(train_order *order, const train_samples *s, const size_t *items)
{
    for (size_t k = 0; k <= order->n_batches; k++) {
        order->starts[k] = order->stretches[k];
    }
    for (size_t i = 0; i < s->n; i++) {
        order->samples[i] = items != NULL ? items[i] : i;
    }
}

void train_order_epoch(train_order *order, const train_samples *s, const fel_train_config *config,
                       size_t epoch)
{
    if (!config->shuffle) {
        lay_samples(order, s, NULL);
    } else if (wants_stretches(&config->loss)) {
        shuffle(order->shuffled, order->n_batches, config->seed, epoch);
        lay_stretches(order);
    } else {
        shuffle(order->shuffled, s->n, config->seed, epoch);
        lay_samples(order, s, order->shuffled);
    }
}
