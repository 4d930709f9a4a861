/* models/predict.c - forward over many samples: shards handed out to threads. */
#include <stdlib.h>

#include "core/threads.h"
#include "models/network_internal.h"

typedef struct prediction {
    const fel_network *net;
    const float *params;
    const float *const *rows;
    size_t row_stride, n, shard;
    float *outputs;
    fel_workspace **workspaces; /* one a thread */
} prediction;

static fel_status predict_shard(void *payload, size_t index, int thread)
{
    const prediction *p = payload;
    const size_t first = index * p->shard;
    const size_t n = p->n - first < p->shard ? p->n - first : p->shard;
    fel_network_forward_f32(p->net, p->params, p->rows + first, p->row_stride, n, NULL,
                            p->workspaces[thread],
                            p->outputs + first * fel_network_output_size(p->net));
    return FEL_OK;
}

fel_status fel_network_predict_f32(const fel_network *net, const float *params,
                                   const float *const *rows, size_t row_stride, size_t n,
                                   int n_threads, float *outputs)
{
    if (n == 0) {
        return FEL_OK;
    }
    prediction p = {.net = net,
                    .params = params,
                    .rows = rows,
                    .row_stride = row_stride,
                    .n = n,
                    .shard = fel_network_shard(net, n)};
    p.outputs = outputs;
    const size_t n_shards = n / p.shard + (n % p.shard != 0);
    const size_t wanted = (size_t)threads_count(n_threads);
    const size_t team = wanted < n_shards ? wanted : n_shards;
    p.workspaces = calloc(team, sizeof(void *));
    if (p.workspaces == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu workspaces", team);
    }
    fel_status status = FEL_OK;
    for (size_t i = 0; i < team && status == FEL_OK; i++) {
        status = fel_workspace_create_f32(&p.workspaces[i], net, p.shard);
    }
    if (status == FEL_OK) {
        status = threads_run((int)team, n_shards, predict_shard, &p);
    }
    for (size_t i = 0; i < team; i++) {
        fel_workspace_destroy(p.workspaces[i]);
    }
    free(p.workspaces);
    return status;
}
