/* tests/unit/models/test_train.c - does training learn, pick, stop, and leave alone what it must?
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/unit/models/optimizer_fixture.h"
#include "tests/unit/models/train_fixture.h"

/* ---- learning -------------------------------------------------------------------------------- */

static void test_a_network_learns_a_known_function(void)
{
    world *w = world_create(0.0, 0.0);
    w->config.n_epochs = 250;
    w->config.optimizer.params[0] = 0.01;
    fel_trainer *trainer = world_train(w);
    const fel_train_result *r = fel_trainer_result(trainer);
    CHECK_INT(r->n_epochs, 250);
    CHECK_INT(r->n_steps, 250 * 7);
    CHECK_INT(r->n_samples, 250 * WORLD_TRAIN);
    CHECK_INT(r->n_flat_targets, 0);
    CHECK(r->curve[0].validation_loss > 0.2); /* the target's variance is about 0.7 */
    CHECK(r->selection < 0.02);
    CHECK_SAME(r->selection, r->curve[r->best_epoch].validation_loss);
    CHECK_SAME(r->curve[3].learning_rate, 0.01);
    CHECK(r->curve[0].gradient_norm > r->curve[249].gradient_norm);
    /* The parameters kept are those of the best epoch: the loss is there again. */
    double outputs[WORLD_VALIDATION], loss = 0.0;
    CHECK_OK(fel_dataset_predict(&w->validation, w->net, r->params, 1, outputs));
    const fel_loss_batch batch =
        fel_loss_batch_of(WORLD_VALIDATION, outputs, 1, w->validation.targets, 1);
    CHECK_OK(fel_loss_eval(&w->config.loss, &batch, &loss, NULL));
    CHECK_SAME(loss, r->selection);
    fel_trainer_destroy(trainer);
    world_destroy(w);
}

/* Every optimiser gets well below the variance of the target. */
static void test_every_optimizer_learns(void)
{
    static const optimizer_case cases[] = {
        {"sgd", "learning_rate=0.05,momentum=0.9,nesterov=true"},
        {"adam", "learning_rate=0.01"},
        {"adamw", "learning_rate=0.01"},
        {"nadam", "learning_rate=0.01"},
        {"rmsprop", "learning_rate=0.003"},
        {"momo", ""},
        {"momo_adam", ""},
    };
    world *w = world_create(0.1, 0.0);
    w->config.n_epochs = 60;
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        w->config.optimizer = optimizer_of(cases[k].name, cases[k].settings);
        fel_trainer *trainer = world_train(w);
        CHECK(fel_trainer_result(trainer)->selection < 0.1);
        fel_trainer_destroy(trainer);
    }
    world_destroy(w);
}

/* Losses of a batch as a whole go another way than means of terms. */
static void test_losses_of_a_whole_batch_train(void)
{
    static const char *const names[] = {"rse", "negative_sharpe", "pairwise_logistic"};
    world *w = world_create(0.1, 0.0);
    w->config.n_epochs = 40;
    w->config.optimizer.params[0] = 0.01;
    for (size_t k = 0; k < 3; k++) {
        CHECK_OK(fel_loss_find(names[k], &w->config.loss));
        fel_trainer *trainer = world_train(w);
        const fel_train_result *r = fel_trainer_result(trainer);
        CHECK(r->curve[39].train_loss <
              r->curve[0].train_loss - 0.3 * fabs(r->curve[0].train_loss));
        CHECK_INT(r->n_steps, 40 * 6); /* the last 13 join a batch of 64 */
        fel_trainer_destroy(trainer);
    }
    world_destroy(w);
}

static void test_averaged_parameters_are_judged_and_kept(void)
{
    world *w = world_create(0.1, 0.0);
    w->config.n_epochs = 8;
    w->config.average_from = 0.5;
    for (int kind = 1; kind < 3; kind++) {
        w->config.optimizer.average = kind == 1 ? FEL_AVERAGE_EMA : FEL_AVERAGE_SWA;
        w->config.optimizer.average_decay = 0.9;
        fel_trainer *trainer = world_train(w);
        const fel_train_result *r = fel_trainer_result(trainer);
        double outputs[WORLD_VALIDATION], loss = 0.0;
        CHECK_OK(fel_dataset_predict(&w->validation, w->net, r->params, 1, outputs));
        const fel_loss_batch batch =
            fel_loss_batch_of(WORLD_VALIDATION, outputs, 1, w->validation.targets, 1);
        CHECK_OK(fel_loss_eval(&w->config.loss, &batch, &loss, NULL));
        CHECK_SAME(loss, r->selection);
        CHECK(memcmp(r->params, r->last_params, r->n_params * sizeof(float)) != 0);
        fel_trainer_destroy(trainer);
    }
    world_destroy(w);
}

/* ---- losses without gradient ----------------------------------------------------------------- */

/* Exact MADL teaches nothing: without penalties no weight moves, with them they shrink by the
 * penalty alone. */
static void test_madl_moves_nothing_but_what_is_penalised(void)
{
    for (int penalised = 0; penalised < 2; penalised++) {
        world *w = world_create(0.1, penalised ? 0.5 : 0.0);
        CHECK_OK(fel_loss_find("madl", &w->config.loss));
        w->config.optimizer = optimizer_of("sgd", "learning_rate=0.1");
        w->config.n_epochs = 1;
        fel_trainer *trainer = NULL;
        CHECK_STATUS(fel_trainer_create(&trainer, &w->config, &w->train, &w->validation),
                     FEL_ERR_ARG);
        CHECK_HAS(fel_last_error()->message, "no gradient");
        w->config.allow_any_loss = 1;
        trainer = world_train(w);
        const fel_train_result *r = fel_trainer_result(trainer);
        float start[512];
        CHECK(r->n_params < 512);
        fel_network_init_f32(w->net, w->config.seed, start);
        for (size_t k = 0; k < fel_network_count_blocks(w->net); k++) {
            const fel_block_info *block = fel_network_block(w->net, k);
            const double kept = pow(1.0 - 0.1 * 2.0 * block->penalty, 7.0); /* seven steps */
            CHECK(penalised == (block->penalty > 0.0) || block->role != FEL_BLOCK_WEIGHT);
            for (size_t i = block->offset; i < block->offset + block->rows * block->cols; i++) {
                CHECK_NEAR((double)r->last_params[i], kept * (double)start[i], 1e-6);
            }
        }
        fel_trainer_destroy(trainer);
        world_destroy(w);
    }
}

static void test_a_loss_that_falls_without_end_is_refused(void)
{
    world *w = world_create(0.1, 0.0);
    fel_trainer *trainer = NULL;
    CHECK_OK(fel_loss_find("mbe", &w->config.loss));
    CHECK_STATUS(fel_trainer_create(&trainer, &w->config, &w->train, &w->validation), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "without end");
    world_destroy(w);
}

static void test_penalties_are_in_both_losses(void)
{
    world *w = world_create(0.1, 0.7);
    w->config.optimizer = optimizer_of("sgd", "learning_rate=0"); /* nothing moves */
    w->config.n_epochs = 1;
    w->config.batch = 0;
    fel_trainer *trainer = world_train(w);
    const fel_train_result *r = fel_trainer_result(trainer);
    double squares = 0.0, error = 0.0, outputs[WORLD_TRAIN];
    for (size_t k = 0; k < fel_network_count_blocks(w->net); k++) {
        const fel_block_info *block = fel_network_block(w->net, k);
        for (size_t i = block->offset; i < block->offset + block->rows * block->cols; i++) {
            squares += block->penalty * (double)r->params[i] * (double)r->params[i];
        }
    }
    CHECK_OK(fel_dataset_predict(&w->train, w->net, r->params, 1, outputs));
    for (size_t k = 0; k < WORLD_TRAIN; k++) {
        error += (outputs[k] - w->targets[k]) * (outputs[k] - w->targets[k]) / WORLD_TRAIN;
    }
    CHECK(squares > 1.0);
    CHECK_REL(r->curve[0].train_loss, squares + error, 1e-12);
    CHECK_OK(fel_dataset_predict(&w->validation, w->net, r->params, 1, outputs));
    error = 0.0;
    for (size_t k = 0; k < WORLD_VALIDATION; k++) {
        const double e = outputs[k] - w->targets[WORLD_TRAIN + k];
        error += e * e / WORLD_VALIDATION;
    }
    CHECK_REL(r->curve[0].validation_loss, squares + error, 1e-12);
    fel_trainer_destroy(trainer);
    world_destroy(w);
}

/* The network with another parameter. */
static void rebuild(world *w, const char *name, double value)
{
    fel_network_config config = *fel_network_describe(w->net);
    const fel_network_info *info = fel_network_class_info(config.code);
    size_t index = 0;
    CHECK_OK(fel_param_find(info->params, info->n_params, name, &index));
    config.params[index] = value;
    fel_network_destroy(w->net);
    CHECK_OK(fel_network_create(&w->net, &config));
    w->config.network = w->net;
}

/* One step from `start` over all samples at once: the loss there; moved: the parameters after it.
 */
static double one_step(world *w, const float *start, float *moved)
{
    w->config.start = start;
    fel_trainer *trainer = world_train(w);
    const fel_train_result *r = fel_trainer_result(trainer);
    const double loss = r->curve[0].train_loss;
    if (moved != NULL) {
        memcpy(moved, r->last_params, r->n_params * sizeof(float));
    }
    fel_trainer_destroy(trainer);
    return loss;
}

/* What a step of plain descent takes off the parameters is the slope of the loss that is reported,
 * by differences: losses by terms and as a whole, weights, penalties, several shards. */
static void test_a_step_goes_down_the_loss_that_is_reported(void)
{
    static const char *const losses[] = {"mse", "rse", "negative_mean_variance"};
    world *w = world_create(0.4, 0.003);
    rebuild(w, "activation", 1.0); /* tanh: smooth */
    w->config.n_epochs = 1;
    w->config.batch = 0;
    w->train.weights = w->weights;
    w->validation.n_samples = 0;
    for (size_t k = 0; k < 3; k++) {
        float start[512], moved[512];
        CHECK_OK(fel_loss_find(losses[k], &w->config.loss));
        fel_network_init_f32(w->net, 5, start);
        w->config.optimizer = optimizer_of("sgd", "learning_rate=1");
        (void)one_step(w, start, moved);
        for (size_t i = 3; i < fel_network_count_params(w->net); i += 29) {
            const float kept = start[i], h = 0.01F;
            start[i] = kept + h;
            const double up = one_step(w, start, NULL);
            start[i] = kept - h;
            const double down = one_step(w, start, NULL);
            start[i] = kept;
            const double slope = (up - down) / (2.0 * (double)h);
            CHECK_NEAR((double)kept - (double)moved[i], slope, 2e-3 * fabs(slope) + 2e-4);
        }
    }
    world_destroy(w);
}

/* The loss of one epoch of one batch, nothing moved, beside the same by hand. */
static void check_reported(world *w, const fel_loss_batch *by_hand)
{
    double expected = 0.0;
    w->config.optimizer = optimizer_of("sgd", "learning_rate=0");
    w->config.n_epochs = 1;
    w->config.batch = 0;
    w->config.shuffle = 1;
    fel_trainer *trainer = world_train(w);
    const fel_train_result *r = fel_trainer_result(trainer);
    double outputs[WORLD_TRAIN];
    fel_loss_batch batch = *by_hand;
    CHECK_OK(fel_dataset_predict(&w->train, w->net, r->params, 1, outputs));
    batch.outputs = outputs;
    CHECK_OK(fel_loss_eval(&w->config.loss, &batch, &expected, NULL));
    CHECK_REL(r->curve[0].train_loss, expected, 1e-12);
    fel_trainer_destroy(trainer);
}

/* Rankings compare within instants, trading losses go along each series. */
static void test_groups_are_instants_and_series(void)
{
    world *w = world_create(1.0, 0.0);
    size_t order[WORLD_TRAIN], starts[WORLD_TRAIN + 1], n = 0, n_starts = 0;
    for (size_t k = 0; k < WORLD_SAMPLES; k++) {
        w->series[k] = (uint32_t)(7 * ((k * k) % 3)); /* 0, 7, 7 */
        w->times_ns[k] = (int64_t)(k / 3);
    }
    w->train.series = w->series;
    w->validation.n_samples = 0;
    CHECK_OK(fel_loss_find("pairwise_logistic", &w->config.loss));
    size_t pairs = 0, cost = 0;
    CHECK_OK(fel_param_find(w->config.loss.code->params, w->config.loss.code->n_params, "pairs",
                            &pairs));
    w->config.loss.params[pairs] = 1.0; /* ranks */
    for (size_t k = 0; k < WORLD_TRAIN; k += 3) {
        starts[n_starts++] = k;
    }
    starts[n_starts] = WORLD_TRAIN;
    fel_loss_batch batch = fel_loss_batch_of(WORLD_TRAIN, NULL, 1, w->targets, 1);
    batch.group_starts = starts;
    batch.n_groups = n_starts;
    check_reported(w, &batch);
    CHECK_OK(fel_loss_find("negative_sharpe", &w->config.loss));
    CHECK_OK(fel_param_find(w->config.loss.code->params, w->config.loss.code->n_params, "cost_bps",
                            &cost));
    w->config.loss.params[cost] = 37.0;
    for (uint32_t own = 0; own < 8; own += 7) {
        for (size_t k = 0; k < WORLD_TRAIN; k++) {
            if (w->series[k] == own) {
                order[n++] = k;
            }
        }
        starts[own / 7 + 1] = n;
    }
    CHECK_INT(n, WORLD_TRAIN);
    batch.order = order;
    batch.n_groups = 2;
    check_reported(w, &batch);
    world_destroy(w);
}

/* Stretches keep instants whole and cover every sample once: the mean of their losses does not
 * depend on their order. */
static void test_stretches_are_shuffled_whole(void)
{
    world *w = world_create(1.0, 0.0);
    CHECK_OK(fel_loss_find("negative_mean_variance", &w->config.loss));
    w->config.optimizer = optimizer_of("sgd", "learning_rate=0");
    w->config.batch = 50;
    w->config.n_epochs = 3;
    fel_trainer *trainer = world_train(w);
    const fel_train_result *r = fel_trainer_result(trainer);
    CHECK_INT(r->n_steps, 3 * 8); /* 397 = 7 x 50 + 47 */
    CHECK_REL(r->curve[1].train_loss, r->curve[0].train_loss, 1e-12);
    CHECK_REL(r->curve[2].train_loss, r->curve[0].train_loss, 1e-12);
    fel_trainer_destroy(trainer);
    world_destroy(w);
}

/* ---- picking --------------------------------------------------------------------------------- */

/* Net returns by hand: the sign of the output earns the return and pays for what it changes. */
static double net_return(const world *w, const float *params, double threshold, double fee,
                         int long_only)
{
    double outputs[WORLD_VALIDATION], wealth = 1.0, held = 0.0;
    CHECK_OK(fel_dataset_predict(&w->validation, w->net, params, 1, outputs));
    for (size_t k = 0; k < WORLD_VALIDATION; k++) {
        const double side = outputs[k] > threshold                  ? 1.0
                            : outputs[k] < -threshold && !long_only ? -1.0
                                                                    : 0.0;
        wealth *= 1.0 + side * w->validation.returns[k] - fee * fabs(side - held);
        held = side;
    }
    return wealth - 1.0;
}

static void test_a_trading_metric_picks_the_epoch(void)
{
    world *w = world_create(3.0, 0.0);
    w->config.n_epochs = 12;
    for (int kind = 0; kind < 2; kind++) {
        CHECK_OK(fel_select_find("net_return", &w->config.select));
        w->config.select.threshold = kind == 0 ? 0.0 : 0.05;
        w->config.select.fee_bps = 37.0;
        w->config.select.long_only = kind;
        fel_trainer *trainer = world_train(w);
        const fel_train_result *r = fel_trainer_result(trainer);
        CHECK_NEAR(r->selection, net_return(w, r->params, w->config.select.threshold, 0.0037, kind),
                   1e-12);
        for (size_t e = 0; e < r->n_epochs; e++) {
            CHECK(r->curve[e].selection <= r->selection);
            CHECK(e >= r->best_epoch || r->curve[e].selection < r->selection);
        }
        fel_trainer_destroy(trainer);
    }
    world_destroy(w);
}

/* Two series side by side: each keeps its own position, an instant's return is the mean. */
static void test_series_keep_their_own_positions(void)
{
    world *w = world_create(1.0, 0.0);
    for (size_t k = 0; k < WORLD_SAMPLES; k++) {
        w->series[k] = (uint32_t)((k + 1) % 2);
        w->times_ns[k] = (int64_t)((k + 1) / 2) * 1000; /* pairs from sample 1 on */
    }
    w->train.series = w->series;
    w->validation.series = w->series + WORLD_TRAIN;
    w->config.n_epochs = 2;
    CHECK_OK(fel_select_find("net_return", &w->config.select));
    w->config.select.fee_bps = 21.0;
    fel_trainer *trainer = world_train(w);
    const fel_train_result *r = fel_trainer_result(trainer);
    double outputs[WORLD_VALIDATION], wealth = 1.0, held[2] = {0.0, 0.0};
    CHECK_OK(fel_dataset_predict(&w->validation, w->net, r->params, 1, outputs));
    const double *returns = w->validation.returns;
    for (size_t k = 0; k < WORLD_VALIDATION;) {
        const size_t n =
            k + 1 < WORLD_VALIDATION && w->validation.times_ns[k] == w->validation.times_ns[k + 1]
                ? 2
                : 1;
        double sum = 0.0;
        for (size_t i = k; i < k + n; i++) {
            double *mine = &held[w->validation.series[i]];
            const double side = outputs[i] > 0.0 ? 1.0 : -1.0;
            sum += side * returns[i] - 0.0021 * fabs(side - *mine);
            *mine = side;
        }
        wealth *= 1.0 + sum / (double)n;
        k += n;
    }
    CHECK_NEAR(r->selection, wealth - 1.0, 1e-12);
    fel_trainer_destroy(trainer);
    world_destroy(w);
}

static void test_another_loss_picks_the_epoch(void)
{
    world *w = world_create(1.0, 0.0);
    w->config.n_epochs = 10;
    CHECK_OK(fel_loss_find("tanh_madl", &w->config.loss));
    CHECK_OK(fel_select_find("madl", &w->config.select));
    fel_trainer *trainer = world_train(w);
    const fel_train_result *r = fel_trainer_result(trainer);
    double outputs[WORLD_VALIDATION], madl = 0.0;
    CHECK_OK(fel_dataset_predict(&w->validation, w->net, r->params, 1, outputs));
    for (size_t k = 0; k < WORLD_VALIDATION; k++) {
        madl -= (outputs[k] > 0 ? 1.0 : -1.0) * w->validation.targets[k] / WORLD_VALIDATION;
    }
    CHECK_NEAR(r->selection, madl, 1e-12);
    fel_trainer_destroy(trainer);
    world_destroy(w);
}

static void test_patience_ends_training(void)
{
    world *w = world_create(0.1, 0.0);
    w->config.n_epochs = 50;
    w->config.patience = 4;
    w->config.optimizer.params[0] = 0.0; /* nothing moves: the first epoch stays the best */
    fel_trainer *trainer = world_train(w);
    const fel_train_result *r = fel_trainer_result(trainer);
    CHECK_INT(r->n_epochs, 5);
    CHECK_INT(r->best_epoch, 0);
    CHECK(r->stopped_early);
    fel_trainer_destroy(trainer);
    world_destroy(w);
}

static void test_without_validation_the_training_loss_picks(void)
{
    world *w = world_create(0.1, 0.0);
    w->validation.n_samples = 0;
    fel_trainer *trainer = world_train(w);
    const fel_train_result *r = fel_trainer_result(trainer);
    CHECK(isnan(r->curve[2].validation_loss));
    CHECK_SAME(r->selection, r->curve[r->best_epoch].train_loss);
    fel_trainer_destroy(trainer);
    CHECK_OK(fel_select_find("sharpe", &w->config.select));
    CHECK_STATUS(fel_trainer_create(&trainer, &w->config, &w->train, &w->validation),
                 FEL_ERR_SHAPE);
    world_destroy(w);
}

/* A metric that is never a number (Sharpe ratio of no trades) picks the last epoch. */
static void test_a_metric_that_is_not_defined_picks_the_last_epoch(void)
{
    world *w = world_create(0.1, 0.0);
    CHECK_OK(fel_select_find("sharpe", &w->config.select));
    w->config.select.threshold = 1e9;
    fel_trainer *trainer = world_train(w);
    const fel_train_result *r = fel_trainer_result(trainer);
    CHECK(isnan(r->selection));
    CHECK_INT(r->best_epoch, 4);
    CHECK(memcmp(r->params, r->last_params, r->n_params * sizeof(float)) == 0);
    fel_trainer_destroy(trainer);
    world_destroy(w);
}

static void test_selections_are_found_by_name(void)
{
    fel_select select;
    CHECK_OK(fel_select_find("sharpe", &select));
    CHECK_TEXT(select.metric->name, "sharpe_ratio");
    CHECK(select.loss.code == NULL);
    CHECK_OK(fel_select_find("madl", &select));
    CHECK_TEXT(select.loss.code->name, "madl");
    CHECK_STATUS(fel_select_find("net_retun", &select), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "net_return");
}

SUITE("models/train", TEST(test_a_network_learns_a_known_function),
      TEST(test_every_optimizer_learns), TEST(test_losses_of_a_whole_batch_train),
      TEST(test_averaged_parameters_are_judged_and_kept),
      TEST(test_madl_moves_nothing_but_what_is_penalised),
      TEST(test_a_loss_that_falls_without_end_is_refused), TEST(test_penalties_are_in_both_losses),
      TEST(test_a_step_goes_down_the_loss_that_is_reported),
      TEST(test_groups_are_instants_and_series), TEST(test_stretches_are_shuffled_whole),
      TEST(test_a_trading_metric_picks_the_epoch), TEST(test_series_keep_their_own_positions),
      TEST(test_another_loss_picks_the_epoch), TEST(test_patience_ends_training),
      TEST(test_without_validation_the_training_loss_picks),
      TEST(test_a_metric_that_is_not_defined_picks_the_last_epoch),
      TEST(test_selections_are_found_by_name));
