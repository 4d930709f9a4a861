/* tests/unit/models/test_train_bits.c - what must change no bits: threads, interruptions, and
 * anything that training must not see. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/unit/models/optimizer_fixture.h"
#include "tests/unit/models/train_fixture.h"

/* What a training ends with. */
typedef struct ending {
    float params[1024], last[1024];
    fel_train_curve curve[16];
    size_t n_params, n_epochs, best_epoch;
    uint64_t n_steps;
} ending;

static ending ending_of(fel_trainer *trainer)
{
    ending e;
    memset(&e, 0, sizeof(e));
    const fel_train_result *r = fel_trainer_result(trainer);
    CHECK(r->n_params <= 1024 && r->n_epochs <= 16);
    e.n_params = r->n_params;
    e.n_epochs = r->n_epochs;
    e.best_epoch = r->best_epoch;
    e.n_steps = r->n_steps;
    memcpy(e.params, r->params, r->n_params * sizeof(float));
    memcpy(e.last, r->last_params, r->n_params * sizeof(float));
    memcpy(e.curve, r->curve, r->n_epochs * sizeof(*r->curve));
    fel_trainer_destroy(trainer);
    return e;
}

/* A network with dropout, so that its masks are in the test. */
static void use_dropout(world *w)
{
    fel_network_config config = *fel_network_describe(w->net);
    const fel_network_info *info = fel_network_class_info(config.code);
    size_t index = 0;
    CHECK_OK(fel_param_find(info->params, info->n_params, "dropout", &index));
    config.params[index] = 0.3;
    fel_network_destroy(w->net);
    CHECK_OK(fel_network_create(&w->net, &config));
    w->config.network = w->net;
}

static void test_threads_change_no_bits(void)
{
    static const char *const losses[] = {"huber", "negative_mean_variance", "rrmse"};
    world *w = world_create(0.4, 0.01);
    use_dropout(w);
    w->config.batch = 300; /* three shards, then one */
    w->config.optimizer.clip_norm = 0.1;
    for (size_t k = 0; k < 3; k++) {
        CHECK_OK(fel_loss_find(losses[k], &w->config.loss));
        w->config.n_threads = 1;
        const ending alone = ending_of(world_train(w));
        for (int n = 2; n < 4; n++) {
            w->config.n_threads = n;
            const ending together = ending_of(world_train(w));
            CHECK(memcmp(&alone, &together, sizeof(alone)) == 0);
        }
    }
    world_destroy(w);
}

/* ---- interruptions --------------------------------------------------------------------------- */

/* Sets the flag when so many steps are done. */
typedef struct interruption {
    volatile int flag;
    double at;
} interruption;

static void interrupt(void *payload, const char *what, double done, double total)
{
    interruption *i = payload;
    CHECK(done <= total && strlen(what) > 0);
    i->flag = done >= i->at;
}

/* Interrupted at these steps, each time taken up from the file by a new trainer. */
static ending train_in_pieces(world *w, const char *path, const double *stops, size_t n_stops)
{
    fel_trainer *trainer = NULL;
    interruption i = {0, 0.0};
    fel_train_config config = w->config;
    config.checkpoint_path = path;
    config.checkpoint_every_s = 1e9;
    config.resume = 1;
    config.stop_flag = &i.flag;
    config.progress = interrupt;
    config.progress_payload = &i;
    for (size_t k = 0; k <= n_stops; k++) {
        i.flag = 0;
        i.at = k < n_stops ? stops[k] : 1e9;
        CHECK_OK(fel_trainer_create(&trainer, &config, &w->train, &w->validation));
        CHECK_STATUS(fel_trainer_run(trainer), k < n_stops ? FEL_ERR_STOPPED : FEL_OK);
        if (k < n_stops) {
            CHECK_INT(fel_trainer_result(trainer)->n_steps, stops[k]);
            fel_trainer_destroy(trainer);
        }
    }
    (void)remove(path);
    return ending_of(trainer);
}

static void check_resume(world *w, const char *path)
{
    static const double stops[] = {3, 7, 15, 22}; /* within an epoch of seven steps, at its end */
    const ending whole = ending_of(world_train(w));
    const ending pieces = train_in_pieces(w, path, stops, 4);
    CHECK_INT(pieces.n_steps, whole.n_steps);
    CHECK(memcmp(&whole, &pieces, sizeof(whole)) == 0);
}

static void test_a_resumed_training_has_the_bits_of_an_uninterrupted_one(void)
{
    char path[512];
    (void)snprintf(path, sizeof(path), "%s/resume.h5", scratch_folder());
    world *w = world_create(0.4, 0.01);
    use_dropout(w);
    for (size_t k = 0; k < n_optimizer_cases; k++) {
        w->config.optimizer = optimizer_of(optimizer_cases[k].name, optimizer_cases[k].settings);
        w->config.optimizer.average = (fel_average_kind)(k % FEL_AVERAGE_N_KINDS);
        w->config.average_from = 0.3;
        w->config.schedule = schedule_of(k % 2 ? "cosine:warmup_epochs=1" : "step:every_epochs=2");
        check_resume(w, path);
    }
    CHECK_OK(fel_loss_find("negative_sharpe", &w->config.loss)); /* stretches */
    w->config.optimizer = optimizer_of("adam", "");
    w->config.batch = 60;
    CHECK_OK(fel_select_find("sharpe", &w->config.select));
    check_resume(w, path);
    w->config.shuffle = 0;
    w->config.patience = 2;
    check_resume(w, path);
    world_destroy(w);
}

static void test_a_trainer_that_was_stopped_goes_on_by_itself(void)
{
    world *w = world_create(0.4, 0.0);
    const ending whole = ending_of(world_train(w));
    interruption i = {0, 10.0};
    w->config.stop_flag = &i.flag;
    w->config.progress = interrupt;
    w->config.progress_payload = &i;
    fel_trainer *trainer = NULL;
    CHECK_OK(fel_trainer_create(&trainer, &w->config, &w->train, &w->validation));
    CHECK_STATUS(fel_trainer_run(trainer), FEL_ERR_STOPPED);
    CHECK_INT(fel_trainer_result(trainer)->n_epochs, 1);
    i.flag = 0;
    i.at = 1e9;
    CHECK_OK(fel_trainer_run(trainer));
    const ending pieces = ending_of(trainer);
    CHECK(memcmp(&whole, &pieces, sizeof(whole)) == 0);
    world_destroy(w);
}

static void test_a_finished_checkpoint_has_nothing_left_to_do(void)
{
    char path[512];
    (void)snprintf(path, sizeof(path), "%s/done.h5", scratch_folder());
    world *w = world_create(0.4, 0.0);
    w->config.checkpoint_path = path;
    w->config.resume = 1;
    const ending whole = ending_of(world_train(w));
    fel_trainer *trainer = NULL;
    CHECK_OK(fel_trainer_create(&trainer, &w->config, &w->train, &w->validation));
    CHECK_INT(fel_trainer_result(trainer)->n_epochs, 5);
    CHECK_OK(fel_trainer_run(trainer));
    const ending again = ending_of(trainer);
    CHECK(memcmp(&whole, &again, sizeof(whole)) == 0);
    world_destroy(w);
}

/* ---- what must not be seen ------------------------------------------------------------------- */

/* The parameters after each number of epochs, whatever was picked. */
static void all_epochs(world *w, ending endings[5])
{
    for (size_t e = 0; e < 5; e++) {
        w->config.n_epochs = e + 1;
        endings[e] = ending_of(world_train(w));
    }
}

static void test_validation_data_do_not_reach_the_parameters(void)
{
    ending before[5], after[5];
    world *w = world_create(0.4, 0.0);
    w->config.optimizer = optimizer_of("momo_adam", ""); /* reads losses, too */
    all_epochs(w, before);
    for (size_t k = WORLD_TRAIN; k < WORLD_SAMPLES; k++) {
        w->targets[k] = sin((double)k);
        w->returns[k] = -0.3 * cos((double)k);
    }
    /* The first rows after training are in validation samples alone. */
    for (size_t i = (size_t)(WORLD_TRAIN + WORLD_SEQUENCE - 1) * WORLD_FEATURES;
         i < (size_t)WORLD_ROWS * WORLD_FEATURES; i++) {
        w->rows[i] = -3.7F * w->rows[i];
    }
    all_epochs(w, after);
    for (size_t e = 0; e < 5; e++) {
        CHECK(memcmp(before[e].last, after[e].last, sizeof(before[e].last)) == 0);
        CHECK_SAME(before[e].curve[e].train_loss, after[e].curve[e].train_loss);
        CHECK(before[e].curve[e].validation_loss < after[e].curve[e].validation_loss ||
              before[e].curve[e].validation_loss > after[e].curve[e].validation_loss);
    }
    world_destroy(w);
}

/* Rows that no sample ends in or reaches, and samples of weight 0, may hold anything. */
static void test_what_does_not_count_is_not_read(void)
{
    world *w = world_create(0.4, 0.0);
    w->train.weights = w->weights;
    w->weights[0] = w->weights[1] = w->weights[200] = 0.0;
    const ending before = ending_of(world_train(w));
    w->targets[1] = (double)NAN;
    w->returns[200] = (double)NAN;
    for (size_t i = 0; i < 2 * (size_t)WORLD_FEATURES; i++) {
        w->rows[i] = NAN; /* rows 0 and 1 belong to samples 0 and 1 alone */
    }
    const ending after = ending_of(world_train(w));
    CHECK(memcmp(&before, &after, sizeof(before)) == 0);
    world_destroy(w);
}

/* Weights count as repetitions do: twice the weight everywhere changes nothing. */
static void test_weights_count_by_their_ratios(void)
{
    world *w = world_create(0.4, 0.0);
    w->train.weights = w->weights;
    const ending once = ending_of(world_train(w));
    for (size_t k = 0; k < WORLD_SAMPLES; k++) {
        w->weights[k] *= 2.0;
    }
    const ending twice = ending_of(world_train(w));
    CHECK(memcmp(&once, &twice, sizeof(once)) == 0);
    w->train.weights = NULL;
    const ending none = ending_of(world_train(w));
    CHECK(memcmp(&once, &none, sizeof(once)) != 0);
    world_destroy(w);
}

static void test_seeds_and_shuffling_matter(void)
{
    world *w = world_create(0.4, 0.0);
    const ending one = ending_of(world_train(w));
    w->config.shuffle = 0;
    const ending in_order = ending_of(world_train(w));
    w->config.shuffle = 1;
    w->config.seed = 2;
    const ending two = ending_of(world_train(w));
    CHECK(memcmp(one.last, in_order.last, sizeof(one.last)) != 0);
    CHECK(memcmp(one.last, two.last, sizeof(one.last)) != 0);
    /* First values given are those that are trained. */
    float start[1024];
    fel_network_init_f32(w->net, 1, start);
    w->config.seed = 1;
    w->config.start = start;
    const ending given = ending_of(world_train(w));
    CHECK(memcmp(&one, &given, sizeof(one)) == 0);
    world_destroy(w);
}

SUITE("models/train_bits", TEST(test_threads_change_no_bits),
      TEST(test_a_resumed_training_has_the_bits_of_an_uninterrupted_one),
      TEST(test_a_trainer_that_was_stopped_goes_on_by_itself),
      TEST(test_a_finished_checkpoint_has_nothing_left_to_do),
      TEST(test_validation_data_do_not_reach_the_parameters),
      TEST(test_what_does_not_count_is_not_read), TEST(test_weights_count_by_their_ratios),
      TEST(test_seeds_and_shuffling_matter));
