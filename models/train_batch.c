/* models/train_batch.c - samples as a batch that losses take: numbers, order in time, groups.
 *
 * Ordered losses (trading) get one group for each series, in order of time; grouped losses
 * (rankings) one for each instant if there are several samples of one anywhere in the data. Others
 * get one group. */
#include <stdlib.h>
#include <string.h>

#include "models/train_internal.h"

fel_status train_batch_create(train_batch *out, const fel_train_config *config, size_t most,
                              size_t n_targets)
{
    const size_t n_outputs = fel_network_describe(config->network)->n_outputs;
    *out = (train_batch){
        .outputs = calloc(most, n_outputs * sizeof(double)),
        .gradient = calloc(most, n_outputs * sizeof(double)),
        .targets = calloc(most, n_targets * sizeof(double)),
        .weights = calloc(most, sizeof(double)),
        .order = calloc(most, sizeof(size_t)),
        .group_starts = calloc(most + 1, sizeof(size_t)),
    };
    if (out->outputs == NULL || out->gradient == NULL || out->targets == NULL ||
        out->weights == NULL || out->order == NULL || out->group_starts == NULL) {
        train_batch_clear(out);
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for batches of %zu samples", most);
    }
    out->loss = fel_loss_batch_of(0, out->outputs, n_outputs, out->targets, n_targets);
    out->loss.weights = out->weights;
    return FEL_OK;
}

void train_batch_clear(train_batch *b)
{
    free(b->outputs);
    free(b->gradient);
    free(b->targets);
    free(b->weights);
    free(b->order);
    free(b->group_starts);
    *b = (train_batch){.outputs = NULL};
}

static void group_by_instant(train_batch *b, const train_samples *s, const size_t *samples,
                             size_t n)
{
    size_t n_groups = 0;
    for (size_t i = 0; i < n; i++) {
        const int goes_on =
            i > 0 && samples[i] == samples[i - 1] + 1 && train_same_instant(s, samples[i]);
        if (!goes_on) {
            b->group_starts[n_groups++] = i;
        }
    }
    b->group_starts[n_groups] = n;
    b->loss.group_starts = b->group_starts;
    b->loss.n_groups = n_groups;
}

/* A stable order by series: from the smallest to the next larger one, until all have had a turn. */
static void group_by_series(train_batch *b, const train_samples *s, const size_t *samples, size_t n)
{
    const uint32_t *series = s->data->series;
    size_t placed = 0, n_groups = 0;
    uint64_t from = 0;
    while (placed < n) {
        uint64_t next = UINT64_MAX;
        for (size_t i = 0; i < n; i++) {
            const uint64_t own = series[s->index[samples[i]]];
            next = own >= from && own < next ? own : next;
        }
        b->group_starts[n_groups++] = placed;
        for (size_t i = 0; i < n; i++) {
            if (series[s->index[samples[i]]] == next) {
                b->order[placed++] = i;
            }
        }
        from = next + 1;
    }
    b->group_starts[n_groups] = n;
    b->loss.order = b->order;
    b->loss.group_starts = b->group_starts;
    b->loss.n_groups = n_groups;
}

void train_batch_fill(train_batch *b, const train_samples *s, const fel_loss *loss,
                      const size_t *samples, size_t n)
{
    const size_t n_targets = b->loss.n_targets;
    for (size_t i = 0; i < n; i++) {
        memcpy(b->targets + i * n_targets, s->targets + samples[i] * n_targets,
               n_targets * sizeof(double));
        b->weights[i] = s->weights[samples[i]];
    }
    b->loss.n = n;
    b->loss.order = NULL;
    b->loss.group_starts = NULL;
    b->loss.n_groups = 0;
    if ((loss->code->flags & FEL_LOSS_GROUPED) != 0 && s->has_sections) {
        group_by_instant(b, s, samples, n);
    } else if ((loss->code->flags & FEL_LOSS_ORDERED) != 0 && s->data->series != NULL) {
        group_by_series(b, s, samples, n);
    }
}
