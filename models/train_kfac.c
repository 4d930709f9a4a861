/* models/train_kfac.c - a training's steps by Kronecker-factored curvature: kfac.h asks, the passes
 * over the batch answer. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/optimizer_internal.h"
#include "models/train_kfac_internal.h"

/* ---- what kfac asks for ---------------------------------------------------------------------- */

static fel_status gradient(void *payload, const void *params, double *loss, void *values)
{
    train_kfac *k = payload;
    const fel_trainer *t = k->trainer;
    const uint64_t batch = t->counts[COUNT_BATCHES];
    const size_t *starts = t->order.starts;
    train_gradient *g = &k->gradient;
    *g = (train_gradient){.is_finite = 0};
    FEL_TRY(train_pass_run(k->pass, params, t->order.samples + starts[batch],
                           starts[batch + 1] - starts[batch], t->counts[COUNT_STEPS], g));
    if (!g->is_finite) {
        return train_raise_explosion(t, "the network's outputs are not finite");
    }
    if (!isfinite(g->loss)) {
        return train_raise_explosion(t, "the loss is not finite");
    }
    *loss = g->loss;
    memcpy(values, g->values, t->n_params * sizeof(float));
    train_kfac_begin(k);
    return FEL_OK;
}

static fel_status statistics(void *payload, const void *params, fel_kfac_stats *const **parts,
                             size_t *n_parts)
{
    train_kfac *k = payload;
    FEL_TRY(train_kfac_statistics(k, params));
    const size_t shard = k->pass->shard, n_shards = (k->n_share + shard - 1) / shard;
    *parts = k->stats;
    *n_parts = n_shards < TRAIN_KFAC_PARTS ? n_shards : TRAIN_KFAC_PARTS;
    return FEL_OK;
}

static fel_status loss(void *payload, const void *params, double *value)
{
    return train_kfac_loss(payload, params, value);
}

static fel_status curvature(void *payload, const void *params, const void *const *directions,
                            size_t n, double *matrix)
{
    return train_kfac_curvature(payload, params, directions, n, matrix);
}

fel_status train_kfac_step(train_kfac *k, double rate_factor, train_gradient *g,
                           fel_kfac_report *report)
{
    const fel_kfac_host host = {k, gradient, statistics, loss, curvature};
    FEL_TRY(fel_kfac_step_f32(k->kfac, &host, rate_factor, k->trainer->params, report));
    optimizer_moved(k->trainer->optimizer, k->trainer->params);
    *g = k->gradient;
    return FEL_OK;
}

/* ---- making ---------------------------------------------------------------------------------- */

/* Gauss-Newton is of convex terms; of others, or of terms that bend nowhere, it says nothing. */
static int terms_are_convex(const fel_loss *loss)
{
    static const double targets[] = {-1.3, 0.4, 2.1}, outputs[] = {-2.6, -0.7, 0.3, 1.9};
    enum { N_TARGETS = 3, N_OUTPUTS = 4 };
    const double h = 1e-3, least = 1e-6;
    for (size_t i = 0; i < (size_t)N_TARGETS * N_OUTPUTS; i++) {
        const double target = targets[i / N_OUTPUTS], output = outputs[i % N_OUTPUTS];
        double above = 0.0, below = 0.0;
        (void)loss->code->term(loss->params, target, output + h, &above);
        (void)loss->code->term(loss->params, target, output - h, &below);
        if (!((above - below) / (2.0 * h) > least)) {
            return 0;
        }
    }
    return 1;
}

static fel_status make_kfac(train_kfac *k)
{
    const fel_train_config *c = &k->trainer->config;
    const fel_network *net = c->network;
    const size_t n = fel_network_count_blocks(net);
    fel_block_info *blocks = calloc(n, sizeof(*blocks));
    if (blocks == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu blocks", n);
    }
    for (size_t i = 0; i < n; i++) {
        blocks[i] = *fel_network_block(net, i);
    }
    fel_optimizer_config config = c->optimizer;
    config.n_threads = c->n_threads;
    const size_t n_uses = fel_network_describe(net)->sequence;
    const fel_status status = fel_kfac_create(&k->kfac, &config, blocks, n, n_uses);
    free(blocks);
    return status;
}

static fel_status make_arrays(train_kfac *k)
{
    const size_t n = k->pass->most * k->pass->n_outputs;
    k->moved = calloc(k->pass->n_params, sizeof(*k->moved));
    k->before = calloc(n, sizeof(*k->before));
    k->cotangents = calloc(n, sizeof(*k->cotangents));
    k->curvatures = calloc(n, sizeof(*k->curvatures));
    k->derivatives = calloc(n, TRAIN_KFAC_DIRECTIONS * sizeof(*k->derivatives));
    if (k->moved == NULL || k->before == NULL || k->cotangents == NULL || k->curvatures == NULL ||
        k->derivatives == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for the curvature of %zu outputs", n);
    }
    for (size_t i = 0; i < TRAIN_KFAC_PARTS; i++) {
        FEL_TRY(fel_kfac_stats_create_f32(&k->stats[i], k->kfac));
    }
    return FEL_OK;
}

fel_status train_kfac_create(train_kfac **out, fel_trainer *t)
{
    const fel_optimizer_config *c = &t->config.optimizer;
    train_kfac *k = calloc(1, sizeof(*k));
    if (k == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory to train with");
    }
    k->trainer = t;
    k->pass = t->pass;
    k->share = fel_kfac_setting(c, "curvature_share");
    k->is_ggn = !(fel_kfac_setting(c, "curvature") > 0.0) && t->config.loss.code->term != NULL &&
                terms_are_convex(&t->config.loss);
    fel_status status = make_kfac(k);
    if (status == FEL_OK) {
        status = make_arrays(k);
    }
    if (status != FEL_OK) {
        train_kfac_destroy(k);
        return status;
    }
    *out = k;
    return FEL_OK;
}

void train_kfac_destroy(train_kfac *k)
{
    if (k == NULL) {
        return;
    }
    for (size_t i = 0; i < TRAIN_KFAC_PARTS; i++) {
        fel_kfac_stats_destroy(k->stats[i]);
    }
    fel_kfac_destroy(k->kfac);
    free(k->moved);
    free(k->before);
    free(k->cotangents);
    free(k->curvatures);
    free(k->derivatives);
    free(k);
}
