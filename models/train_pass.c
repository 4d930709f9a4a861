/* models/train_pass.c - the loss of a batch and its gradient.
 *
 * A batch is cut into shards (fel_network_shard), consecutive shards are put together to parts, of
 * which each has a gradient of its own: parts run on any threads, and are added up in their order.
 * Losses that are means of terms go shard by shard, forward, loss and backward while its numbers
 * are in the cache. Losses of a batch as a whole need all outputs first: every shard keeps its own
 * workspace from forward to backward.
 *
 * Optimisers that FEL_OPTIMIZER_NEEDS_LAYERS ask for more passes over the same batch:
 * train_kfac_pass.c. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/sum.h"
#include "core/threads.h"
#include "models/train_pass_internal.h"

enum { MOST_PARTS = TRAIN_MOST_PARTS, CHUNK = 16384, WORTH_THREADS = 1 << 18 };

/* Dropout's seed, so that its draws are no one else's. */
#define DROPOUT_SEED UINT64_C(0x9e3779b97f4a7c15)

/* ---- memory ---------------------------------------------------------------------------------- */

static void find_sizes(train_pass *p, const train_order *order)
{
    p->most = p->most_shards = p->largest_shard = 1;
    for (size_t k = 0; k < order->n_batches; k++) {
        const size_t n = order->stretches[k + 1] - order->stretches[k];
        const size_t shard = fel_network_shard(p->net, n), n_shards = (n + shard - 1) / shard;
        p->most = n > p->most ? n : p->most;
        p->largest_shard = shard > p->largest_shard ? shard : p->largest_shard;
        p->most_shards = n_shards > p->most_shards ? n_shards : p->most_shards;
    }
}

static fel_status make_workspaces(train_pass *p)
{
    const size_t n_threads = (size_t)threads_count(p->config->n_threads);
    const size_t n_parts = p->most_shards < MOST_PARTS ? p->most_shards : MOST_PARTS;
    p->n_workspaces = !p->by_terms ? p->most_shards : n_threads < n_parts ? n_threads : n_parts;
    p->workspaces = calloc(p->n_workspaces, sizeof(fel_workspace *));
    if (p->workspaces == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory to train with");
    }
    for (size_t i = 0; i < p->n_workspaces; i++) {
        FEL_TRY(fel_workspace_create_f32(&p->workspaces[i], p->net, p->largest_shard));
    }
    return FEL_OK;
}

static void *cache_aligned(size_t n, size_t size)
{
    enum { CACHE_LINE = 64 };
    return aligned_alloc(CACHE_LINE, (n * size + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE);
}

static fel_status make_arrays(train_pass *p)
{
    const size_t n_parts = p->most_shards < MOST_PARTS ? p->most_shards : MOST_PARTS;
    int ok = 1;
    for (size_t i = 0; i < n_parts && ok; i++) {
        p->gradients[i] = cache_aligned(p->n_params, sizeof(float));
        ok = p->gradients[i] != NULL;
    }
    p->rows = calloc(p->most, sizeof(*p->rows));
    p->outputs = calloc(p->most, p->n_outputs * sizeof(*p->outputs));
    p->slopes = calloc(p->most, p->n_outputs * sizeof(*p->slopes));
    /* A shard has at least a sample. */
    p->shard_sums = calloc(p->most, sizeof(*p->shard_sums));
    p->is_bad = calloc(p->most, 1);
    if (!ok || p->rows == NULL || p->outputs == NULL || p->slopes == NULL ||
        p->shard_sums == NULL || p->is_bad == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for batches of %zu samples", p->most);
    }
    return train_batch_create(&p->batch, p->config, p->most, p->s->data->n_targets);
}

fel_status train_pass_create(train_pass **out, const fel_train_config *config,
                             const train_order *order, const train_samples *s)
{
    train_pass *p = calloc(1, sizeof(*p));
    if (p == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory to train with");
    }
    p->config = config;
    p->net = config->network;
    p->s = s;
    p->by_terms = config->loss.code->term != NULL;
    p->needs_bound =
        (fel_optimizer_class_info(config->optimizer.code)->flags & FEL_OPTIMIZER_NEEDS_LOSS) != 0;
    p->n_params = fel_network_count_params(p->net);
    p->n_outputs = fel_network_output_size(p->net);
    find_sizes(p, order);
    fel_status status = make_arrays(p);
    if (status == FEL_OK) {
        status = make_workspaces(p);
    }
    if (status != FEL_OK) {
        train_pass_destroy(p);
        return status;
    }
    *out = p;
    return FEL_OK;
}

void train_pass_destroy(train_pass *pass)
{
    if (pass == NULL) {
        return;
    }
    for (size_t i = 0; pass->workspaces != NULL && i < pass->n_workspaces; i++) {
        fel_workspace_destroy(pass->workspaces[i]);
    }
    for (size_t i = 0; i < MOST_PARTS; i++) {
        free(pass->gradients[i]);
    }
    free(pass->workspaces);
    free(pass->rows);
    free(pass->outputs);
    free(pass->slopes);
    free(pass->shard_sums);
    free(pass->is_bad);
    train_batch_clear(&pass->batch);
    free(pass);
}

/* ---- a shard --------------------------------------------------------------------------------- */

shard_span train_span(const train_pass *p, size_t shard)
{
    const size_t first = shard * p->shard;
    const shard_span span = {first, p->n - first < p->shard ? p->n - first : p->shard};
    return span;
}

static int all_finite(const float *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i])) {
            return 0;
        }
    }
    return 1;
}

void train_forward(train_pass *p, size_t shard, fel_workspace *ws)
{
    const shard_span span = train_span(p, shard);
    const fel_dropout dropout = {p->config->seed ^ DROPOUT_SEED, p->step, span.first};
    float *outputs = p->outputs + span.first * p->n_outputs;
    fel_network_forward_f32(p->net, p->params, p->rows + span.first, p->s->data->n_features, span.n,
                            &dropout, ws, outputs);
    p->is_bad[shard] = !all_finite(outputs, span.n * p->n_outputs);
}

static void backward(train_pass *p, size_t shard, fel_workspace *ws, float *gradient)
{
    const shard_span span = train_span(p, shard);
    fel_network_backward_f32(p->net, p->params, p->slopes + span.first * p->n_outputs, ws, gradient,
                             NULL);
}

static fel_status raise_term(const train_pass *p, size_t i, double target, double output)
{
    const fel_loss_class *code = p->config->loss.code;
    return FEL_RAISE(FEL_ERR_RANGE,
                     "%s of sample %zu is not defined (target %g, output %g); it needs %s",
                     code->name, p->s->index[p->samples[i]], target, output,
                     code->domain != NULL ? code->domain : "outputs that are not as large");
}

/* Terms of the loss and their slopes. */
static fel_status judge_shard(train_pass *p, size_t shard)
{
    const shard_span span = train_span(p, shard);
    const fel_loss *loss = &p->config->loss;
    running_sum sum = {0};
    for (size_t i = span.first; i < span.first + span.n; i++) {
        for (size_t at = i * p->n_outputs; at < (i + 1) * p->n_outputs; at++) {
            const double target = p->batch.targets[at], output = (double)p->outputs[at];
            double slope = 0.0;
            const double term = loss->code->term(loss->params, target, output, &slope);
            if (!isfinite(term)) {
                return raise_term(p, i, target, output);
            }
            running_add(&sum, p->batch.weights[i] * term);
            p->slopes[at] = (float)(p->batch.weights[i] * slope / p->count);
        }
    }
    p->shard_sums[shard] = running_value(&sum);
    return FEL_OK;
}

/* ---- parts ----------------------------------------------------------------------------------- */

static size_t first_shard(const train_pass *p, size_t part)
{
    return part * p->n_shards / p->n_parts;
}

static fel_status term_part(void *payload, size_t part, int thread)
{
    train_pass *p = payload;
    fel_workspace *ws = p->workspaces[thread];
    memset(p->gradients[part], 0, p->n_params * sizeof(float));
    for (size_t shard = first_shard(p, part); shard < first_shard(p, part + 1); shard++) {
        train_forward(p, shard, ws);
        if (!p->is_bad[shard]) {
            FEL_TRY(judge_shard(p, shard));
            backward(p, shard, ws, p->gradients[part]);
        }
    }
    return FEL_OK;
}

static fel_status forward_shard(void *payload, size_t shard, int thread)
{
    train_pass *p = payload;
    (void)thread;
    train_forward(p, shard, p->workspaces[shard]);
    return FEL_OK;
}

static fel_status backward_part(void *payload, size_t part, int thread)
{
    train_pass *p = payload;
    (void)thread;
    memset(p->gradients[part], 0, p->n_params * sizeof(float));
    for (size_t shard = first_shard(p, part); shard < first_shard(p, part + 1); shard++) {
        backward(p, shard, p->workspaces[shard], p->gradients[part]);
    }
    return FEL_OK;
}

static int outputs_are_finite(const train_pass *p)
{
    for (size_t shard = 0; shard < p->n_shards; shard++) {
        if (p->is_bad[shard]) {
            return 0;
        }
    }
    return 1;
}

/* ---- the loss -------------------------------------------------------------------------------- */

static fel_status by_terms(train_pass *p, train_gradient *out)
{
    running_sum sum = {0};
    FEL_TRY(threads_run(p->config->n_threads, p->n_parts, term_part, p));
    out->is_finite = outputs_are_finite(p);
    for (size_t shard = 0; out->is_finite && shard < p->n_shards; shard++) {
        running_add(&sum, p->shard_sums[shard]);
    }
    out->loss = running_value(&sum) / p->count;
    return FEL_OK;
}

static fel_status as_a_whole(train_pass *p, train_gradient *out)
{
    const size_t n = p->n * p->n_outputs;
    FEL_TRY(threads_run(p->config->n_threads, p->n_shards, forward_shard, p));
    out->is_finite = outputs_are_finite(p);
    if (!out->is_finite) {
        return FEL_OK;
    }
    for (size_t i = 0; i < n; i++) {
        p->batch.outputs[i] = (double)p->outputs[i];
    }
    FEL_TRY(fel_loss_eval(&p->config->loss, &p->batch.loss, &out->loss, p->batch.gradient));
    for (size_t i = 0; i < n; i++) {
        p->slopes[i] = (float)p->batch.gradient[i];
    }
    return threads_run(p->config->n_threads, p->n_parts, backward_part, p);
}

/* ---- the sum --------------------------------------------------------------------------------- */

static fel_status sum_chunk(void *payload, size_t index, int thread)
{
    typedef void sum_fn(void *const *, size_t, size_t, size_t);
    static sum_fn *const kernels[CPU_N_LEVELS] = KERNEL_LEVELS(sum_gradients_of, f32);
    const train_pass *p = payload;
    const size_t first = index * CHUNK;
    const size_t n = p->n_params - first < CHUNK ? p->n_params - first : CHUNK;
    (void)thread;
    kernels[cpu_level_now()](p->gradients, p->n_parts, first, n);
    return FEL_OK;
}

static void sum_parts(train_pass *p)
{
    const int n_threads = p->n_params * p->n_parts < WORTH_THREADS ? 1 : p->config->n_threads;
    if (p->n_parts > 1) {
        (void)threads_run(n_threads, (p->n_params + CHUNK - 1) / CHUNK, sum_chunk, p);
    }
}

/* ---- a batch --------------------------------------------------------------------------------- */

static void begin(train_pass *p, const size_t *samples, size_t n)
{
    running_sum weights = {0};
    p->samples = samples;
    p->n = n;
    p->shard = fel_network_shard(p->net, n);
    p->n_shards = (n + p->shard - 1) / p->shard;
    p->n_parts = p->n_shards < MOST_PARTS ? p->n_shards : MOST_PARTS;
    train_batch_fill(&p->batch, p->s, &p->config->loss, samples, n);
    for (size_t i = 0; i < n; i++) {
        p->rows[i] = p->s->rows[samples[i]];
        running_add(&weights, p->batch.weights[i]);
    }
    p->weight = running_value(&weights);
    p->count = p->weight * (double)p->n_outputs;
}

fel_status train_pass_run(train_pass *pass, const float *params, const size_t *samples, size_t n,
                          uint64_t step, train_gradient *out)
{
    pass->params = params;
    pass->step = step;
    begin(pass, samples, n);
    FEL_TRY(pass->by_terms ? by_terms(pass, out) : as_a_whole(pass, out));
    if (!out->is_finite) {
        return FEL_OK;
    }
    sum_parts(pass);
    float *gradient = pass->gradients[0];
    out->loss += train_add_penalties(pass->net, params, gradient);
    out->values = gradient;
    out->weight = pass->weight;
    return pass->needs_bound ? fel_loss_bound(&pass->config->loss, &pass->batch.loss, &out->bound)
                             : FEL_OK;
}
