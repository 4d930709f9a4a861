/* models/train_kfac_pass.c - more passes over the batch of a step: statistics of layers, the loss
 * elsewhere, curvature along directions.
 *
 * The loss is (1/n) sum_i f_i(x_i) over samples with outputs x_i. Gauss-Newton, for losses of
 * convex terms: what goes back from output o is s f_io''^(1/2), s a sign drawn for each output
 * (Rademacher: products of different outputs vanish in the mean, so one way back serves all);
 * curvature along u is the mean of f'' (J u)^2. Empirical Fisher, for all others: n times the
 * slope, and (n slope' J u)^2. J u by a difference of outputs. All of it over a share of the batch,
 * its first samples, which are as mixed as the batch is. */
#include <math.h>
#include <string.h>

#include "core/rng.h"
#include "core/sum.h"
#include "core/threads.h"
#include "models/train_kfac_internal.h"

/* Fewer samples say too little of a curvature. */
enum { LEAST_SAMPLES = 128 };

/* Draws of signs are no one else's. */
#define SIGN_SEED UINT64_C(0xd1b54a32d192ed03)

/* ---- the share ------------------------------------------------------------------------------- */

static size_t share_of(const train_kfac *k)
{
    const size_t n = k->pass->n, wanted = (size_t)ceil(k->share * (double)n);
    const size_t least = n < LEAST_SAMPLES ? n : LEAST_SAMPLES;
    return wanted < least ? least : wanted < n ? wanted : n;
}

/* The pass sees `n` samples, in at most `most_parts` parts. */
static void set_samples(train_pass *p, size_t n, size_t most_parts)
{
    p->n = n;
    p->n_shards = (n + p->shard - 1) / p->shard;
    p->n_parts = p->n_shards < most_parts ? p->n_shards : most_parts;
}

typedef struct whole_batch {
    size_t n;
} whole_batch;

static whole_batch narrow(const train_kfac *k)
{
    const whole_batch whole = {k->pass->n};
    set_samples(k->pass, k->n_share, TRAIN_KFAC_PARTS);
    return whole;
}

static void widen(const train_kfac *k, whole_batch whole)
{
    set_samples(k->pass, whole.n, TRAIN_MOST_PARTS);
}

/* ---- what goes back -------------------------------------------------------------------------- */

/* The second derivative of a term, from its slopes to both sides. */
static double curvature_of(const fel_loss *loss, double target, double output)
{
    const double h = 1e-4 * fmax(fabs(output), 1.0);
    double above = 0.0, below = 0.0;
    (void)loss->code->term(loss->params, target, output + h, &above);
    (void)loss->code->term(loss->params, target, output - h, &below);
    const double curvature = (above - below) / (2.0 * h);
    return isfinite(curvature) ? fmax(curvature, 0.0) : 0.0;
}

static double sign_of(const train_pass *p, size_t at)
{
    rng_stream random = rng_at(p->config->seed ^ SIGN_SEED, p->step);
    random.index = at;
    return (rng_next(&random) & 1) != 0 ? 1.0 : -1.0;
}

static void begin_ggn(train_kfac *k, size_t at)
{
    const train_pass *p = k->pass;
    const double curvature =
        curvature_of(&p->config->loss, p->batch.targets[at], (double)p->outputs[at]);
    const double weight = (double)p->n * p->batch.weights[at / p->n_outputs] / p->count;
    const double sign = p->n_outputs > 1 ? sign_of(p, at) : 1.0;
    k->curvatures[at] = weight * curvature;
    k->cotangents[at] = (float)(sign * sqrt(weight * curvature));
}

void train_kfac_begin(train_kfac *k)
{
    const train_pass *p = k->pass;
    k->n_share = share_of(k);
    const size_t n = k->n_share * p->n_outputs;
    memcpy(k->before, p->outputs, n * sizeof(*k->before));
    for (size_t at = 0; at < n; at++) {
        if (k->is_ggn) {
            begin_ggn(k, at);
        } else {
            k->cotangents[at] = (float)((double)p->n * (double)p->slopes[at]);
        }
    }
}

/* ---- statistics ------------------------------------------------------------------------------ */

static size_t first_shard(const train_pass *p, size_t part)
{
    return part * p->n_shards / p->n_parts;
}

static fel_workspace *workspace_of(const train_pass *p, size_t shard, int thread)
{
    return p->workspaces[p->by_terms ? (size_t)thread : shard];
}

static fel_status statistics_part(void *payload, size_t part, int thread)
{
    const train_kfac *k = payload;
    train_pass *p = k->pass;
    const fel_layer_sink sink = fel_kfac_stats_sink(k->stats[part]);
    double n = 0.0;
    fel_kfac_stats_reset(k->stats[part]);
    for (size_t shard = first_shard(p, part); shard < first_shard(p, part + 1); shard++) {
        fel_workspace *ws = workspace_of(p, shard, thread);
        const shard_span span = train_span(p, shard);
        train_forward(p, shard, ws);
        fel_workspace_watch(ws, &sink);
        fel_network_backward_f32(p->net, p->params, k->cotangents + span.first * p->n_outputs, ws,
                                 p->gradients[part], NULL);
        fel_workspace_watch(ws, NULL);
        n += (double)span.n;
    }
    fel_kfac_stats_set_samples(k->stats[part], n);
    return FEL_OK;
}

fel_status train_kfac_statistics(train_kfac *k, const float *params)
{
    const whole_batch whole = narrow(k);
    k->pass->params = params;
    const fel_status status =
        threads_run(k->pass->config->n_threads, k->pass->n_parts, statistics_part, k);
    widen(k, whole);
    return status;
}

/* ---- outputs elsewhere ----------------------------------------------------------------------- */

static fel_status forward_part(void *payload, size_t part, int thread)
{
    train_pass *p = payload;
    for (size_t shard = first_shard(p, part); shard < first_shard(p, part + 1); shard++) {
        train_forward(p, shard, workspace_of(p, shard, thread));
    }
    return FEL_OK;
}

static int forward_all(train_pass *p, const float *params)
{
    p->params = params;
    (void)threads_run(p->config->n_threads, p->n_parts, forward_part, p); /* parts cannot fail */
    for (size_t shard = 0; shard < p->n_shards; shard++) {
        if (p->is_bad[shard]) {
            return 0;
        }
    }
    return 1;
}

static double mean_term(const train_pass *p)
{
    const fel_loss *loss = &p->config->loss;
    running_sum sum = {0};
    for (size_t at = 0; at < p->n * p->n_outputs; at++) {
        double slope = 0.0;
        const double term =
            loss->code->term(loss->params, p->batch.targets[at], (double)p->outputs[at], &slope);
        running_add(&sum, p->batch.weights[at / p->n_outputs] * term);
    }
    return running_value(&sum) / p->count;
}

static double whole_loss(train_pass *p)
{
    double loss = (double)NAN;
    for (size_t at = 0; at < p->n * p->n_outputs; at++) {
        p->batch.outputs[at] = (double)p->outputs[at];
    }
    const fel_status status = fel_loss_eval(&p->config->loss, &p->batch.loss, &loss, NULL);
    return status == FEL_OK ? loss : (double)INFINITY;
}

fel_status train_kfac_loss(train_kfac *k, const float *params, double *loss)
{
    train_pass *p = k->pass;
    if (!forward_all(p, params)) {
        *loss = (double)INFINITY;
        return FEL_OK;
    }
    *loss = (p->by_terms ? mean_term(p) : whole_loss(p)) + train_penalties(p->net, params);
    return FEL_OK;
}

/* ---- curvature ------------------------------------------------------------------------------- */

/* Of a direction of norm 1: some of the parameters' norm, so that floats still tell outputs apart.
 */
static double step_along(const float *params, size_t n)
{
    running_sum sum = {0};
    for (size_t i = 0; i < n; i++) {
        running_add(&sum, (double)params[i] * (double)params[i]);
    }
    return 3e-3 * (1.0 + sqrt(running_value(&sum)));
}

static void differentiate(train_kfac *k, const float *params, const float *direction, double h,
                          double *derivatives)
{
    train_pass *p = k->pass;
    for (size_t i = 0; i < p->n_params; i++) {
        k->moved[i] = (float)((double)params[i] + h * (double)direction[i]);
    }
    const int is_finite = forward_all(p, k->moved);
    for (size_t at = 0; at < p->n * p->n_outputs; at++) {
        derivatives[at] =
            is_finite ? ((double)p->outputs[at] - (double)k->before[at]) / h : (double)NAN;
    }
}

/* Of one sample: sum over outputs of f'' a b, or the product of sums of slope a and slope b. */
static double product_of(const train_kfac *k, size_t sample, const double *a, const double *b)
{
    const size_t n = k->pass->n_outputs;
    double sum = 0.0, of_a = 0.0, of_b = 0.0;
    for (size_t at = sample * n; at < (sample + 1) * n; at++) {
        if (k->is_ggn) {
            sum += k->curvatures[at] * a[at] * b[at];
        } else {
            of_a += (double)k->cotangents[at] * a[at];
            of_b += (double)k->cotangents[at] * b[at];
        }
    }
    return k->is_ggn ? sum : of_a * of_b;
}

fel_status train_kfac_curvature(train_kfac *k, const float *params, const void *const *directions,
                                size_t n, double *matrix)
{
    const whole_batch whole = narrow(k);
    const size_t n_outputs = k->pass->n * k->pass->n_outputs;
    const double h = step_along(params, k->pass->n_params);
    for (size_t i = 0; i < n; i++) {
        differentiate(k, params, directions[i], h, k->derivatives + i * n_outputs);
    }
    for (size_t i = 0; i < n * n; i++) {
        const double *a = k->derivatives + i / n * n_outputs;
        const double *b = k->derivatives + i % n * n_outputs;
        running_sum sum = {0};
        for (size_t s = 0; s < k->n_share; s++) {
            running_add(&sum, product_of(k, s, a, b));
        }
        matrix[i] = running_value(&sum) / (double)k->n_share;
    }
    widen(k, whole);
    return FEL_OK;
}
