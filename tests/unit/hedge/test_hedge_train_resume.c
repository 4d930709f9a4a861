/* tests/unit/hedge/test_hedge_train_resume.c - the same training whatever the threads, and however
 * often it was stopped and taken up again. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/unit/hedge/hedge_train_fixture.h"

enum { PATH_SIZE = 512, HEAD = 512 };

static const char *const optimizers[] = {"adam", "momo", "kfac"};
enum { N_OPTIMIZERS = sizeof(optimizers) / sizeof(optimizers[0]) };

/* Statistics and tests of kfac's model every other step, so that a few steps have all there is. */
static hedge_world world_of(const char *optimizer)
{
    const hedge_case how = hedge_case_default();
    hedge_world w = hedge_world_create(&how);
    hedge_world_optimizer(&w, optimizer, strcmp(optimizer, "adam") == 0 ? 0.01 : (double)NAN);
    if (strcmp(optimizer, "kfac") == 0) {
        hedge_world_set(&w, "factors_every", 2.0);
        hedge_world_set(&w, "inverses_every", 3.0);
        hedge_world_set(&w, "adapt_every", 2.0);
    }
    w.config.n_steps = 9;
    w.config.optimizer.average = FEL_AVERAGE_EMA;
    return w;
}

/* ---- threads --------------------------------------------------------------------------------- */

static void test_threads_change_no_bit(void)
{
    for (size_t i = 0; i < N_OPTIMIZERS; i++) {
        hedge_world w = world_of(optimizers[i]);
        fel_hedge_trainer *one = hedge_world_train(&w);
        for (int n = 2; n <= 3; n++) {
            w.config.n_threads = n;
            fel_hedge_trainer *more = hedge_world_train(&w);
            hedge_check_same_training(one, more);
            fel_hedge_trainer_destroy(more);
        }
        fel_hedge_trainer_destroy(one);
        hedge_world_destroy(&w);
    }
}

/* ---- stops ----------------------------------------------------------------------------------- */

/* Sets the flag after so many steps. */
typedef struct stopper {
    volatile int flag;
    double at;
    double shown; /* largest number of steps */
    char what[160];
} stopper;

static void stop_then(void *payload, const char *what, double done, double total)
{
    stopper *s = payload;
    CHECK(done <= total);
    s->shown = done;
    s->flag = done >= s->at;
    (void)snprintf(s->what, sizeof(s->what), "%s", what);
}

static void take_stopper(hedge_world *w, stopper *s)
{
    w->config.stop_flag = &s->flag;
    w->config.progress = stop_then;
    w->config.progress_payload = s;
}

static void test_a_stopped_training_goes_on(void)
{
    hedge_world w = world_of("kfac");
    fel_hedge_trainer *whole = hedge_world_train(&w);
    stopper s = {.at = 3.0};
    take_stopper(&w, &s);
    fel_hedge_trainer *cut = hedge_world_trainer(&w);
    CHECK_STATUS(fel_hedge_trainer_run(cut), FEL_ERR_STOPPED);
    CHECK_HAS(fel_last_error()->message, "stopped after step 3");
    CHECK_INT(fel_hedge_trainer_result(cut)->n_steps, 3);
    CHECK_HAS(s.what, "step 3 of 9, loss ");
    CHECK_HAS(s.what, "validation ");
    s.flag = 0;
    s.at = 7.0;
    CHECK_STATUS(fel_hedge_trainer_run(cut), FEL_ERR_STOPPED);
    s.flag = 0;
    s.at = 1e9;
    CHECK_OK(fel_hedge_trainer_run(cut));
    CHECK_NEAR(s.shown, 9.0, 0.0);
    hedge_check_same_training(whole, cut);
    CHECK_OK(fel_hedge_trainer_run(cut));
    hedge_check_same_training(whole, cut);
    fel_hedge_trainer_destroy(cut);
    fel_hedge_trainer_destroy(whole);
    hedge_world_destroy(&w);
}

/* Runs with a checkpoint, stopped after `at` steps, then taken up by another trainer. */
static fel_hedge_trainer *train_in_two(hedge_world *w, const char *path, double at)
{
    stopper s = {.at = at};
    const fel_hedge_train_config kept = w->config;
    take_stopper(w, &s);
    w->config.checkpoint_path = path;
    w->config.resume = 1;
    fel_hedge_trainer *first = hedge_world_trainer(w);
    CHECK_STATUS(fel_hedge_trainer_run(first), FEL_ERR_STOPPED);
    CHECK_HAS(fel_last_error()->message, "goes on from there");
    fel_hedge_trainer_destroy(first);
    s.flag = 0;
    s.at = 1e9;
    fel_hedge_trainer *second = hedge_world_trainer(w);
    CHECK_INT(fel_hedge_trainer_result(second)->n_steps, at);
    CHECK_OK(fel_hedge_trainer_run(second));
    w->config = kept;
    return second;
}

static void test_resumed_is_uninterrupted(void)
{
    char path[PATH_SIZE];
    for (size_t i = 0; i < N_OPTIMIZERS; i++) {
        (void)snprintf(path, sizeof(path), "%s/hedge.h5", scratch_folder());
        hedge_world w = world_of(optimizers[i]);
        fel_hedge_trainer *whole = hedge_world_train(&w);
        fel_hedge_trainer *cut = train_in_two(&w, path, i == 1 ? 4.0 : 5.0);
        hedge_check_same_training(whole, cut);
        fel_hedge_trainer_destroy(cut);
        fel_hedge_trainer_destroy(whole);
        hedge_world_destroy(&w);
    }
}

/* Fixed paths: the epoch under way is taken up in its middle. */
static void test_an_epoch_is_resumed_in_its_middle(void)
{
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof(path), "%s/hedge.h5", scratch_folder());
    hedge_world w = world_of("adam");
    w.config.n_paths = 900;
    w.config.optimizer.average = FEL_AVERAGE_SWA;
    fel_hedge_trainer *whole = hedge_world_train(&w);
    fel_hedge_trainer *cut = train_in_two(&w, path, 7.0);
    hedge_check_same_training(whole, cut);
    fel_hedge_trainer_destroy(cut);
    fel_hedge_trainer_destroy(whole);
    hedge_world_destroy(&w);
}

/* ---- time ------------------------------------------------------------------------------------ */

static void test_the_clock_ends_a_training_that_may_go_on(void)
{
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof(path), "%s/hedge.h5", scratch_folder());
    hedge_world w = world_of("adam");
    fel_hedge_trainer *whole = hedge_world_train(&w);
    w.config.max_seconds = 1e-9;
    w.config.checkpoint_path = path;
    w.config.resume = 1;
    fel_hedge_trainer *cut = hedge_world_train(&w);
    const fel_hedge_train_result *r = fel_hedge_trainer_result(cut);
    CHECK_INT(r->n_steps, 1);
    CHECK(r->stopped_by_time);
    CHECK(r->seconds >= 1e-9);
    CHECK_INT(r->n_curve, 2);
    CHECK_INT(r->curve[1].step, 1);
    const double before = r->seconds;
    fel_hedge_trainer_destroy(cut);
    w.config.max_seconds = 1e9;
    cut = hedge_world_train(&w);
    r = fel_hedge_trainer_result(cut);
    CHECK(!r->stopped_by_time);
    CHECK_INT(r->n_steps, 9);
    CHECK(r->seconds > before);
    CHECK(memcmp(r->last_params, fel_hedge_trainer_result(whole)->last_params,
                 r->n_params * sizeof(float)) == 0);
    fel_hedge_trainer_destroy(cut);
    fel_hedge_trainer_destroy(whole);
    hedge_world_destroy(&w);
}

/* ---- checkpoints that are refused ------------------------------------------------------------ */

static size_t read_all(const char *path, unsigned char **out)
{
    FILE *file = fopen(path, "rb");
    *out = NULL;
    CHECK(file != NULL);
    if (file == NULL) {
        return 0;
    }
    (void)fseek(file, 0, SEEK_END);
    const size_t size = (size_t)ftell(file);
    rewind(file);
    *out = malloc(size);
    CHECK_INT(fread(*out, 1, size, file), size);
    (void)fclose(file);
    return size;
}

static void write_all(const char *path, const unsigned char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
}

static void check_refused(const hedge_world *w, fel_status status, const char *words)
{
    fel_hedge_trainer *trainer = NULL;
    CHECK_STATUS(fel_hedge_trainer_create(&trainer, &w->config), status);
    CHECK_HAS(fel_last_error()->message, "hedge.h5");
    CHECK_HAS(fel_last_error()->message, words);
    CHECK(trainer == NULL);
}

static hedge_world world_with_checkpoint(char path[PATH_SIZE])
{
    (void)snprintf(path, PATH_SIZE, "%s/hedge.h5", scratch_folder());
    hedge_world w = world_of("kfac");
    w.config.n_steps = 3;
    w.config.checkpoint_path = path;
    w.config.resume = 1;
    fel_hedge_trainer_destroy(hedge_world_train(&w));
    return w;
}

static void test_damaged_checkpoints_are_refused(void)
{
    char path[PATH_SIZE];
    unsigned char *bytes = NULL;
    hedge_world w = world_with_checkpoint(path);
    const size_t size = read_all(path, &bytes);
    for (size_t n = 0; n < size; n += 1 + size / 43) {
        write_all(path, bytes, n);
        check_refused(&w, FEL_ERR_FORMAT, n < HEAD ? "not a file of kind" : "cut short");
    }
    for (size_t at = HEAD; at < size; at += 1 + size / 41) {
        bytes[at] ^= 0x20;
        write_all(path, bytes, size);
        check_refused(&w, FEL_ERR_FORMAT, "checksum is wrong");
        bytes[at] ^= 0x20;
    }
    free(bytes);
    hedge_world_destroy(&w);
}

static void test_checkpoints_of_other_trainings_are_refused(void)
{
    char path[PATH_SIZE];
    hedge_world w = world_with_checkpoint(path);
    const fel_hedge_train_config kept = w.config;
    w.config.seed = 2;
    check_refused(&w, FEL_ERR_SHAPE, "it has \"seed 1\", this one \"seed 2\"");
    w.config = kept;
    w.config.n_steps = 4;
    check_refused(&w, FEL_ERR_SHAPE, "it has \"steps 3\", this one \"steps 4\"");
    w.config = kept;
    hedge_world_set(&w, "ema", 0.5);
    check_refused(&w, FEL_ERR_SHAPE, "ema=0.5");
    w.config = kept;
    hedge_world_optimizer(&w, "adam", 0.01);
    check_refused(&w, FEL_ERR_SHAPE, "\"optimizer adam");
    w.config = kept;
    w.config.objective.cost_factor = 0.5;
    check_refused(&w, FEL_ERR_SHAPE, "cost_factor=0.5");
    hedge_world_destroy(&w);
    hedge_case how = hedge_case_default();
    how.cost_bps = 14.0;
    hedge_world other = hedge_world_create(&how);
    const fel_policy *policy = other.config.policy;
    other.config = kept;
    other.config.policy = policy;
    check_refused(&other, FEL_ERR_SHAPE, "proportional_bps=14");
    hedge_world_destroy(&other);
}

SUITE("hedge/hedge_train_resume", TEST(test_threads_change_no_bit),
      TEST(test_a_stopped_training_goes_on), TEST(test_resumed_is_uninterrupted),
      TEST(test_an_epoch_is_resumed_in_its_middle),
      TEST(test_the_clock_ends_a_training_that_may_go_on),
      TEST(test_damaged_checkpoints_are_refused),
      TEST(test_checkpoints_of_other_trainings_are_refused));
