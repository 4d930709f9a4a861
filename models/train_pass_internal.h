/* models/train_pass_internal.h - the pass over a batch as the files that make it see it. */
#ifndef FEL_MODELS_TRAIN_PASS_INTERNAL_H
#define FEL_MODELS_TRAIN_PASS_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/train_pass_internal.h belongs to models/"
#endif

#include "models/train_internal.h"

enum { TRAIN_MOST_PARTS = 16 };

struct train_pass {
    const fel_train_config *config;
    const fel_network *net;
    const train_samples *s;
    int by_terms, needs_bound;
    size_t n_params, n_outputs;
    size_t most, most_shards, largest_shard;
    fel_workspace **workspaces; /* one a thread, or one a shard */
    size_t n_workspaces;
    void *gradients[TRAIN_MOST_PARTS];
    const float **rows;
    float *outputs, *slopes;
    double *shard_sums;
    unsigned char *is_bad; /* shards with outputs that are not finite */
    train_batch batch;
    /* The batch under way. */
    const float *params;
    const size_t *samples;
    size_t n, shard, n_shards, n_parts;
    uint64_t step;
    double weight, count; /* sum of weights; times outputs */
};

/* Samples of the batch that are one shard. */
typedef struct shard_span {
    size_t first, n;
} shard_span;
shard_span train_span(const train_pass *p, size_t shard);

/* Outputs of a shard at p->params, to p->outputs; are they finite, to p->is_bad. */
void train_forward(train_pass *p, size_t shard, fel_workspace *ws);

#endif
