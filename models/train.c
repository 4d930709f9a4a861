/* models/train.c - a training: epochs of steps, each judged on the validation samples, the best
 * kept; stopped, resumed, ended early. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/progress.h"
#include "models/train_kfac_internal.h"

/* ---- making ---------------------------------------------------------------------------------- */

/* Without validation samples the training loss alone can pick. */
static fel_status check_selection(const fel_train_config *c, const fel_dataset *validation)
{
    const fel_select *s = &c->select;
    if (validation->n_samples == 0 && (s->loss.code != NULL || s->metric != NULL)) {
        return FEL_RAISE(FEL_ERR_SHAPE, "select by %s: there are no validation samples",
                         s->loss.code != NULL ? s->loss.code->name : s->metric->name);
    }
    return FEL_OK;
}

/* Validation lies after training, if both say when they were. */
static fel_status check_times(const fel_dataset *train, const fel_dataset *validation)
{
    if (train->times_ns != NULL && validation->times_ns != NULL && validation->n_samples > 0 &&
        train->n_samples > 0 && validation->times_ns[0] < train->times_ns[train->n_samples - 1]) {
        return FEL_RAISE(FEL_ERR_RANGE, "validation begins before training ends");
    }
    return FEL_OK;
}

static fel_status take_samples(fel_trainer *t, const fel_dataset *train,
                               const fel_dataset *validation)
{
    FEL_TRY(check_selection(&t->config, validation));
    FEL_TRY(check_times(train, validation));
    FEL_TRY(train_samples_make(&t->train, train, &t->config, "training"));
    FEL_TRY(train_samples_make(&t->validation, validation, &t->config, "validation"));
    if (t->train.n == 0) {
        return FEL_RAISE(FEL_ERR_SHAPE, "no training sample counts (%zu have weight 0)",
                         train->n_samples);
    }
    t->result.n_flat_targets = train_count_flat_targets(&t->train);
    return FEL_OK;
}

static fel_status make_optimizer(fel_trainer *t)
{
    const fel_network *net = t->config.network;
    const size_t n = fel_network_count_blocks(net);
    fel_block_info *blocks = calloc(n, sizeof(*blocks));
    if (blocks == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu blocks", n);
    }
    for (size_t k = 0; k < n; k++) {
        blocks[k] = *fel_network_block(net, k);
    }
    fel_optimizer_config config = t->config.optimizer;
    config.n_threads = t->config.n_threads;
    const fel_status status = fel_optimizer_create_f32(&t->optimizer, &config, blocks, n);
    free(blocks);
    return status;
}

static int needs_layers(const fel_trainer *t)
{
    const fel_optimizer_info *info = fel_optimizer_class_info(t->config.optimizer.code);
    return (info->flags & FEL_OPTIMIZER_NEEDS_LAYERS) != 0;
}

static fel_status make_parameters(fel_trainer *t)
{
    enum { CACHE_LINE = 64 };
    const fel_train_config *c = &t->config;
    const size_t n = t->n_params, bytes = n * sizeof(float);
    const size_t rounded = (bytes + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
    t->params = aligned_alloc(CACHE_LINE, rounded);
    t->best_params = calloc(n, sizeof(*t->best_params));
    t->curve = calloc(c->n_epochs, sizeof(*t->curve));
    if (t->params == NULL || t->best_params == NULL || t->curve == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu parameters and %zu epochs", n,
                         c->n_epochs);
    }
    if (c->start != NULL) {
        memcpy(t->params, c->start, bytes);
    } else {
        fel_network_init_f32(c->network, c->seed, t->params);
    }
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(t->params[i])) {
            return FEL_RAISE(FEL_ERR_RANGE, "parameter %zu to start with is %g", i,
                             (double)t->params[i]);
        }
    }
    memcpy(t->best_params, t->params, bytes);
    return FEL_OK;
}

static fel_status copy_path(fel_trainer *t)
{
    if (t->config.checkpoint_path == NULL) {
        return FEL_OK;
    }
    t->checkpoint_path = strdup(t->config.checkpoint_path);
    return t->checkpoint_path != NULL ? FEL_OK
                                      : FEL_RAISE(FEL_ERR_NOMEM, "no memory to train with");
}

static fel_status make_parts(fel_trainer *t)
{
    FEL_TRY(train_order_make(&t->order, &t->train, &t->config));
    FEL_TRY(train_pass_create(&t->pass, &t->config, &t->order, &t->train));
    if (t->validation.n > 0) {
        FEL_TRY(train_judge_create(&t->judge, &t->config, &t->validation));
    }
    FEL_TRY(make_optimizer(t));
    if (needs_layers(t)) {
        FEL_TRY(train_kfac_create(&t->kfac, t));
    }
    FEL_TRY(make_parameters(t));
    FEL_TRY(copy_path(t));
    return t->config.resume && t->checkpoint_path != NULL ? train_checkpoint_read(t) : FEL_OK;
}

static void tell(fel_trainer *t)
{
    fel_train_result *r = &t->result;
    r->struct_size = (uint32_t)sizeof(*r);
    r->n_params = t->n_params;
    r->params = t->best_params;
    r->last_params = t->params;
    r->curve = t->curve;
    r->n_epochs = (size_t)t->counts[COUNT_EPOCHS];
    r->best_epoch = (size_t)t->counts[COUNT_BEST_EPOCH];
    r->selection = t->counts[COUNT_HAS_BEST] ? t->sums[BEST_SELECTION] : (double)NAN;
    r->stopped_early = t->counts[COUNT_IS_OVER] != 0;
    r->n_steps = t->counts[COUNT_STEPS];
    r->n_samples = t->counts[COUNT_SAMPLES];
}

fel_status fel_trainer_create(fel_trainer **out, const fel_train_config *config,
                              const fel_dataset *train, const fel_dataset *validation)
{
    FEL_TRY(train_check_config(config));
    fel_trainer *t = calloc(1, sizeof(*t));
    if (t == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a trainer");
    }
    t->config = *config;
    t->n_params = fel_network_count_params(config->network);
    t->saved_ns = clock_monotonic_ns();
    fel_status status = take_samples(t, train, validation);
    if (status == FEL_OK) {
        status = make_parts(t);
    }
    if (status != FEL_OK) {
        fel_trainer_destroy(t);
        return status;
    }
    (void)snprintf(t->what, sizeof(t->what), "epoch 1 of %zu", config->n_epochs);
    tell(t);
    *out = t;
    return FEL_OK;
}

void fel_trainer_destroy(fel_trainer *trainer)
{
    if (trainer == NULL) {
        return;
    }
    train_samples_clear(&trainer->train);
    train_samples_clear(&trainer->validation);
    train_order_clear(&trainer->order);
    train_pass_destroy(trainer->pass);
    train_judge_destroy(trainer->judge);
    train_kfac_destroy(trainer->kfac);
    fel_optimizer_destroy(trainer->optimizer);
    free(trainer->params);
    free(trainer->best_params);
    free(trainer->curve);
    free(trainer->checkpoint_path);
    free(trainer);
}

const fel_train_result *fel_trainer_result(const fel_trainer *trainer)
{
    return &trainer->result;
}

/* ---- an epoch's end -------------------------------------------------------------------------- */

/* The parameters that are judged and kept: averaged ones where there are any. */
static const float *judged_params(const fel_trainer *t)
{
    const float *average = fel_optimizer_average_f32(t->optimizer);
    return average != NULL ? average : t->params;
}

static fel_status judge(fel_trainer *t, fel_train_curve *point)
{
    int is_finite = 1;
    point->validation_loss = (double)NAN;
    point->selection = point->train_loss;
    if (t->judge == NULL) {
        return FEL_OK;
    }
    FEL_TRY(train_judge_run(t->judge, judged_params(t), &point->validation_loss, &point->selection,
                            &is_finite));
    return is_finite ? FEL_OK
                     : train_raise_explosion(t, "outputs on the validation samples are not finite");
}

static void keep_best(fel_trainer *t, double selection)
{
    const uint64_t epoch = t->counts[COUNT_EPOCHS];
    const int is_first = !t->counts[COUNT_HAS_BEST];
    const int is_best =
        !isnan(selection) &&
        (is_first || train_is_better(&t->config.select, selection, t->sums[BEST_SELECTION]));
    if (is_best || is_first) {
        memcpy(t->best_params, judged_params(t), t->n_params * sizeof(float));
        t->counts[COUNT_BEST_EPOCH] = epoch;
        t->sums[BEST_SELECTION] = selection;
    }
    if (is_best) {
        t->counts[COUNT_HAS_BEST] = 1;
    }
}

static int patience_is_out(const fel_trainer *t)
{
    const uint64_t best = t->counts[COUNT_HAS_BEST] ? t->counts[COUNT_BEST_EPOCH] + 1 : 0;
    return t->config.patience > 0 && t->counts[COUNT_EPOCHS] - best >= t->config.patience;
}

static fel_status end_epoch(fel_trainer *t)
{
    const fel_train_config *c = &t->config;
    const uint64_t epoch = t->counts[COUNT_EPOCHS];
    fel_train_curve point = {.train_loss = t->sums[SUM_LOSS] / t->sums[SUM_WEIGHT],
                             .gradient_norm = t->sums[MOST_NORM],
                             .learning_rate = t->sums[LAST_RATE]};
    if ((double)(epoch + 1) > c->average_from * (double)c->n_epochs) {
        fel_optimizer_average_add_f32(t->optimizer, t->params);
    }
    FEL_TRY(judge(t, &point));
    keep_best(t, point.selection);
    t->curve[epoch] = point;
    t->counts[COUNT_EPOCHS]++;
    t->counts[COUNT_BATCHES] = 0;
    t->counts[COUNT_IS_OVER] = (uint64_t)patience_is_out(t);
    t->sums[SUM_LOSS] = t->sums[SUM_WEIGHT] = t->sums[MOST_NORM] = 0.0;
    (void)snprintf(t->what, sizeof(t->what), "epoch %llu of %zu, loss %.6g, validation %.6g",
                   (unsigned long long)epoch + 1, c->n_epochs, point.train_loss,
                   point.validation_loss);
    return FEL_OK;
}

/* ---- running --------------------------------------------------------------------------------- */

static int is_stopped(const fel_trainer *t)
{
    return t->config.stop_flag != NULL && *t->config.stop_flag != 0;
}

static void show(const fel_trainer *t)
{
    const fel_train_config *c = &t->config;
    if (c->progress != NULL) {
        c->progress(c->progress_payload, t->what, (double)t->counts[COUNT_STEPS],
                    (double)t->order.n_batches * (double)c->n_epochs);
    }
}

static fel_status run_epoch(fel_trainer *t)
{
    train_order_epoch(&t->order, &t->train, &t->config, (size_t)t->counts[COUNT_EPOCHS]);
    while (t->counts[COUNT_BATCHES] < t->order.n_batches) {
        if (is_stopped(t)) {
            return FEL_RAISE(FEL_ERR_STOPPED, "training was stopped after step %llu",
                             (unsigned long long)t->counts[COUNT_STEPS]);
        }
        FEL_TRY(train_step(t));
        show(t);
    }
    return end_epoch(t);
}

static int is_over(const fel_trainer *t)
{
    return t->counts[COUNT_IS_OVER] || t->counts[COUNT_EPOCHS] >= t->config.n_epochs;
}

static int save_is_due(const fel_trainer *t)
{
    const double seconds = 1e-9 * (double)(clock_monotonic_ns() - t->saved_ns);
    return t->checkpoint_path != NULL && (is_over(t) || seconds >= t->config.checkpoint_every_s);
}

/* Before the stop is handed up, what was done is kept. */
static fel_status save_and_stop(fel_trainer *t)
{
    FEL_TRY(train_checkpoint_write(t));
    return FEL_RAISE(FEL_ERR_STOPPED, "training was stopped after step %llu; %s goes on from there",
                     (unsigned long long)t->counts[COUNT_STEPS], t->checkpoint_path);
}

static fel_status run(fel_trainer *t)
{
    while (!is_over(t)) {
        const fel_status status = run_epoch(t);
        if (status == FEL_ERR_STOPPED && t->checkpoint_path != NULL) {
            return save_and_stop(t);
        }
        if (status != FEL_OK) {
            return status;
        }
        if (save_is_due(t)) {
            FEL_TRY(train_checkpoint_write(t));
        }
    }
    return FEL_OK;
}

fel_status fel_trainer_run(fel_trainer *trainer)
{
    const fel_status status = run(trainer);
    tell(trainer);
    return status;
}
