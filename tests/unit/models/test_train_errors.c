/* tests/unit/models/test_train_errors.c - bad input, numbers that run away, memory that runs out.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"
#include "tests/unit/models/optimizer_fixture.h"
#include "tests/unit/models/train_fixture.h"

static void check_refused(const world *w, fel_status status, const char *words)
{
    fel_trainer *trainer = NULL;
    CHECK_STATUS(fel_trainer_create(&trainer, &w->config, &w->train, &w->validation), status);
    CHECK_HAS(fel_last_error()->message, words);
    CHECK(trainer == NULL);
}

/* ---- data ------------------------------------------------------------------------------------ */

static void test_numbers_that_are_not_finite_are_named(void)
{
    world *w = world_create(0.1, 0.0);
    const float kept = w->rows[17 * WORLD_FEATURES + 2];
    w->rows[17 * WORLD_FEATURES + 2] = NAN;
    check_refused(w, FEL_ERR_RANGE, "feature 2 of training row 17 is nan");
    w->rows[17 * WORLD_FEATURES + 2] = kept;
    w->rows[(size_t)(WORLD_ROWS - 1) * WORLD_FEATURES] = HUGE_VALF;
    check_refused(w, FEL_ERR_RANGE, "feature 0 of validation row 542 is inf");
    w->rows[(size_t)(WORLD_ROWS - 1) * WORLD_FEATURES] = 0.0F;
    w->targets[31] = (double)NAN;
    check_refused(w, FEL_ERR_RANGE, "target 0 of training sample 31 is nan");
    w->targets[31] = 0.0;
    w->train.weights = w->weights;
    w->weights[5] = -1.0;
    check_refused(w, FEL_ERR_RANGE, "weight of training sample 5 is -1");
    memset(w->weights, 0, sizeof(w->weights));
    check_refused(w, FEL_ERR_SHAPE, "no training sample counts");
    w->train.weights = NULL;
    w->returns[WORLD_TRAIN + 3] = (double)NAN;
    CHECK_OK(fel_select_find("sharpe", &w->config.select));
    check_refused(w, FEL_ERR_RANGE, "return of validation sample 3 is nan");
    w->validation.returns = NULL;
    check_refused(w, FEL_ERR_ARG, "no returns");
    world_destroy(w);
}

static void test_sizes_must_go_together(void)
{
    world *w = world_create(0.1, 0.0);
    w->last_rows[0] = WORLD_SEQUENCE - 2;
    check_refused(w, FEL_ERR_SHAPE, "training sample 0 ends with row 2");
    w->last_rows[0] = WORLD_ROWS;
    check_refused(w, FEL_ERR_SHAPE, "training sample 0 ends with row 543 of 543");
    w->last_rows[0] = WORLD_SEQUENCE - 1;
    w->train.n_rows = WORLD_SEQUENCE - 1;
    check_refused(w, FEL_ERR_SHAPE, "3 training rows; a sample of the network needs 4");
    w->train.n_rows = WORLD_ROWS;
    w->train.n_features = 2;
    check_refused(w, FEL_ERR_SHAPE, "training rows have 2 features; the network takes 3");
    w->train.n_features = WORLD_FEATURES;
    w->train.n_targets = 2;
    check_refused(w, FEL_ERR_SHAPE, "2 targets");
    w->train.n_targets = 1;
    w->train.n_samples = 0;
    check_refused(w, FEL_ERR_SHAPE, "no training sample counts");
    w->train.n_samples = WORLD_TRAIN;
    w->times_ns[7] = 0;
    check_refused(w, FEL_ERR_RANGE, "training sample 7 is earlier");
    w->times_ns[7] = w->times_ns[6];
    w->validation.times_ns = w->times_ns;
    check_refused(w, FEL_ERR_RANGE, "validation begins before training ends");
    world_destroy(w);
}

static void test_configs_must_make_sense(void)
{
    world *w = world_create(0.1, 0.0);
    const fel_train_config kept = w->config;
    w->config.n_epochs = 0;
    check_refused(w, FEL_ERR_RANGE, "epochs is 0");
    w->config = kept;
    w->config.optimizer.params[0] = -1.0;
    check_refused(w, FEL_ERR_RANGE, "learning_rate");
    w->config = kept;
    w->config.schedule.params[0] = -1.0;
    check_refused(w, FEL_ERR_RANGE, "warmup_epochs");
    w->config = kept;
    w->config.average_from = 1.0;
    check_refused(w, FEL_ERR_RANGE, "average_from");
    w->config = kept;
    w->config.select.fee_bps = (double)NAN;
    check_refused(w, FEL_ERR_RANGE, "fee_bps");
    w->config = kept;
    CHECK_OK(fel_select_find("skew", &w->config.select));
    check_refused(w, FEL_ERR_ARG, "skew says not which");
    w->config = kept;
    w->config.loss.code = NULL;
    check_refused(w, FEL_ERR_ARG, "no loss");
    w->config = kept;
    w->config.struct_size = 8;
    check_refused(w, FEL_ERR_ARG, "another version");
    world_destroy(w);
}

static void test_targets_that_do_not_vary_are_counted(void)
{
    world *w = world_create(0.1, 0.0);
    for (size_t k = 0; k < WORLD_TRAIN; k++) {
        w->targets[k] = 0.37;
    }
    fel_trainer *trainer = world_train(w);
    CHECK_INT(fel_trainer_result(trainer)->n_flat_targets, 1);
    fel_trainer_destroy(trainer);
    world_destroy(w);
}

/* A loss that is not defined on the targets says so, with the sample of the dataset. */
static void test_targets_outside_the_loss_are_named(void)
{
    world *w = world_create(0.1, 0.0);
    fel_trainer *trainer = NULL;
    CHECK_OK(fel_loss_find("mape", &w->config.loss));
    w->targets[211] = 0.0;
    CHECK_OK(fel_trainer_create(&trainer, &w->config, &w->train, &w->validation));
    CHECK_STATUS(fel_trainer_run(trainer), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "mape of sample 211");
    CHECK_HAS(fel_last_error()->message, "targets other than 0");
    fel_trainer_destroy(trainer);
    world_destroy(w);
}

/* ---- numbers that run away ------------------------------------------------------------------- */

static void test_an_explosion_is_said_with_step_norm_and_advice(void)
{
    static const char *const losses[] = {"mse", "rse"};
    world *w = world_create(0.1, 0.0);
    for (size_t k = 0; k < 2; k++) {
        fel_trainer *trainer = NULL;
        CHECK_OK(fel_loss_find(losses[k], &w->config.loss));
        w->config.optimizer = optimizer_of("sgd", "learning_rate=37");
        w->config.n_epochs = 16;
        CHECK_OK(fel_trainer_create(&trainer, &w->config, &w->train, &w->validation));
        CHECK_STATUS(fel_trainer_run(trainer), FEL_ERR_RANGE);
        const char *message = fel_last_error()->message;
        CHECK_HAS(message, "training explodes at step ");
        CHECK_HAS(message, "gradient of norm");
        CHECK_HAS(message, "lower learning_rate (37), set clip_norm");
        fel_trainer_destroy(trainer);
    }
    world_destroy(w);
}

/* What the last step of an epoch breaks shows on the validation samples. */
static void test_an_explosion_in_validation_is_said(void)
{
    world *w = world_create(0.1, 0.0);
    fel_trainer *trainer = NULL;
    w->config.optimizer = optimizer_of("adam", "learning_rate=1000");
    w->config.batch = 0;
    for (size_t i = (size_t)(WORLD_TRAIN + WORLD_SEQUENCE) * WORLD_FEATURES;
         i < (size_t)WORLD_ROWS * WORLD_FEATURES; i++) {
        w->rows[i] = 1e35F;
    }
    CHECK_OK(fel_trainer_create(&trainer, &w->config, &w->train, &w->validation));
    CHECK_STATUS(fel_trainer_run(trainer), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "validation samples are not finite");
    CHECK_INT(fel_trainer_result(trainer)->n_epochs, 0);
    fel_trainer_destroy(trainer);
    world_destroy(w);
}

static void test_first_values_must_be_finite(void)
{
    world *w = world_create(0.1, 0.0);
    float start[1024];
    fel_network_init_f32(w->net, 1, start);
    start[9] = NAN;
    w->config.start = start;
    check_refused(w, FEL_ERR_RANGE, "parameter 9 to start with is nan");
    world_destroy(w);
}

static void test_momo_says_that_a_loss_has_no_bound(void)
{
    world *w = world_create(0.1, 0.0);
    fel_trainer *trainer = NULL;
    CHECK_OK(fel_loss_find("negative_sharpe", &w->config.loss));
    w->config.optimizer = optimizer_of("momo", "");
    CHECK_OK(fel_trainer_create(&trainer, &w->config, &w->train, &w->validation));
    CHECK_STATUS(fel_trainer_run(trainer), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "set bound to given");
    fel_trainer_destroy(trainer);
    world_destroy(w);
}

/* ---- memory ---------------------------------------------------------------------------------- */

static fel_status train_call(void *payload, void **out)
{
    const world *w = payload;
    fel_trainer *trainer = NULL;
    fel_status status = fel_trainer_create(&trainer, &w->config, &w->train, &w->validation);
    if (status == FEL_OK) {
        status = fel_trainer_run(trainer);
    }
    if (status == FEL_OK) {
        *out = trainer;
    } else {
        fel_trainer_destroy(trainer);
    }
    return status;
}

static void destroy_call(void *made)
{
    fel_trainer_destroy(made);
}

static void test_memory_that_runs_out_is_said(void)
{
    static const char *const losses[] = {"mse", "rse"};
    char path[512];
    (void)snprintf(path, sizeof(path), "%s/memory.h5", scratch_folder());
    world *w = world_create(0.1, 0.01);
    w->config.n_epochs = 1;
    w->config.batch = 0;
    w->config.checkpoint_path = path;
    w->config.optimizer.average = FEL_AVERAGE_EMA;
    for (size_t k = 0; k < 2; k++) {
        CHECK_OK(fel_loss_find(losses[k], &w->config.loss));
        const failing_call call = {losses[k], train_call, destroy_call, w};
        CHECK(check_failing_call(&call) > 40);
    }
    world_destroy(w);
}

SUITE("models/train_errors", TEST(test_numbers_that_are_not_finite_are_named),
      TEST(test_sizes_must_go_together), TEST(test_configs_must_make_sense),
      TEST(test_targets_that_do_not_vary_are_counted),
      TEST(test_targets_outside_the_loss_are_named),
      TEST(test_an_explosion_is_said_with_step_norm_and_advice),
      TEST(test_an_explosion_in_validation_is_said), TEST(test_first_values_must_be_finite),
      TEST(test_momo_says_that_a_loss_has_no_bound), TEST(test_memory_that_runs_out_is_said));
