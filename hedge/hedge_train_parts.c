/* hedge/hedge_train_parts.c - a trainer's memory, and its optimiser on the policy's blocks. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hedge/hedge_train_internal.h"

/* ---- the optimiser --------------------------------------------------------------------------- */

/* The policy's blocks: those of the network, once for each network it has. */
static fel_block_info *make_blocks(const fel_policy *policy, size_t *n)
{
    const fel_network *net = policy->network;
    const size_t n_own = fel_network_count_blocks(net), n_params = fel_network_count_params(net);
    const size_t n_nets = n_params > 0 ? policy->n_params / n_params : 0;
    fel_block_info *blocks = calloc(n_own * n_nets + 1, sizeof(*blocks));
    *n = n_own * n_nets;
    for (size_t k = 0; blocks != NULL && k < *n; k++) {
        blocks[k] = *fel_network_block(net, k % n_own);
        blocks[k].offset += k / n_own * n_params;
        blocks[k].layer += (int32_t)(k / n_own * n_own);
    }
    return blocks;
}

static fel_status make_optimizer(fel_hedge_trainer *t)
{
    size_t n = 0;
    fel_block_info *blocks = make_blocks(t->policy, &n);
    if (blocks == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu blocks", n);
    }
    fel_optimizer_config config = t->config.optimizer;
    config.n_threads = t->config.n_threads;
    const size_t n_dates = t->policy->problem->config.n_dates;
    const fel_status status = hedge_train_is_kfac(&t->config)
                                  ? fel_kfac_create(&t->kfac, &config, blocks, n, n_dates)
                                  : fel_optimizer_create_f32(&t->optimizer, &config, blocks, n);
    free(blocks);
    return status;
}

/* ---- memory ---------------------------------------------------------------------------------- */

static float *floats(size_t n)
{
    enum { CACHE_LINE = 64 };
    const size_t bytes = (n * sizeof(float) + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
    float *values = aligned_alloc(CACHE_LINE, bytes > 0 ? bytes : CACHE_LINE);
    if (values != NULL) {
        memset(values, 0, bytes);
    }
    return values;
}

static fel_status make_arrays(fel_hedge_trainer *t)
{
    const size_t n = t->n_params, n_judge = (size_t)t->config.n_validation + 1;
    t->params = floats(n);
    t->good = floats(n);
    t->best = floats(n);
    t->gradient = floats(n);
    t->pnl = calloc(n_judge, sizeof(*t->pnl));
    t->cost = calloc(n_judge, sizeof(*t->cost));
    t->batch_pnl = calloc(t->order.largest, sizeof(*t->batch_pnl));
    t->average = t->kfac != NULL ? floats(n) : NULL;
    if (t->params == NULL || t->good == NULL || t->best == NULL || t->gradient == NULL ||
        t->pnl == NULL || t->cost == NULL || t->batch_pnl == NULL ||
        (t->kfac != NULL && t->average == NULL)) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu parameters and %llu paths", n,
                         (unsigned long long)t->config.n_validation);
    }
    return FEL_OK;
}

static fel_status take_start(fel_hedge_trainer *t)
{
    const fel_hedge_train_config *c = &t->config;
    const size_t bytes = t->n_params * sizeof(float);
    if (c->start != NULL) {
        memcpy(t->params, c->start, bytes);
    } else {
        fel_policy_init_f32(t->policy, c->seed, t->params);
    }
    for (size_t i = 0; i < t->n_params; i++) {
        if (!isfinite(t->params[i])) {
            return FEL_RAISE(FEL_ERR_RANGE, "parameter %zu to start with is %g", i,
                             (double)t->params[i]);
        }
    }
    memcpy(t->good, t->params, bytes);
    memcpy(t->best, t->params, bytes);
    return FEL_OK;
}

static fel_status copy_path(fel_hedge_trainer *t)
{
    if (t->config.checkpoint_path == NULL) {
        return FEL_OK;
    }
    t->checkpoint_path = strdup(t->config.checkpoint_path);
    t->words = calloc(1, sizeof(*t->words));
    return t->checkpoint_path != NULL && t->words != NULL
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_NOMEM, "no memory to train with");
}

fel_status hedge_train_make(fel_hedge_trainer *t)
{
    const fel_hedge_train_config *c = &t->config;
    t->n_params = fel_policy_count_params(t->policy);
    t->sums[LAST_LOSS] = t->sums[LAST_NORM] = t->sums[LAST_SIZE] = (double)NAN;
    t->sums[LAST_DAMPING] = t->sums[LAST_RATIO] = (double)NAN;
    FEL_TRY(hedge_order_make(&t->order, c));
    FEL_TRY(hedge_batch_create(&t->batch, t->policy, 0, t->order.largest, c->n_threads));
    FEL_TRY(make_optimizer(t));
    FEL_TRY(make_arrays(t));
    FEL_TRY(take_start(t));
    FEL_TRY(copy_path(t));
    FEL_TRY(hedge_train_bound(c, &t->loss_bound));
    return t->kfac != NULL ? hedge_kfac_host_make(t) : FEL_OK;
}

void hedge_train_clear(fel_hedge_trainer *t)
{
    hedge_kfac_host_clear(&t->host);
    hedge_order_clear(&t->order);
    hedge_batch_destroy(t->batch);
    fel_optimizer_destroy(t->optimizer);
    fel_kfac_destroy(t->kfac);
    free(t->params);
    free(t->good);
    free(t->best);
    free(t->gradient);
    free(t->average);
    free(t->batch_pnl);
    free(t->pnl);
    free(t->cost);
    free(t->curve);
    free(t->words);
    free(t->checkpoint_path);
}
