/* tests/unit/models/test_checkpoint.c - files of trainings and of trained networks: what is read is
 * what was written, and what is damaged is refused in one line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"
#include "tests/unit/models/optimizer_fixture.h"
#include "tests/unit/models/train_fixture.h"

enum { PATH_SIZE = 512, HEAD = 512 };

/* ---- bytes of files -------------------------------------------------------------------------- */

static size_t read_all(const char *path, unsigned char **out)
{
    FILE *file = fopen(path, "rb");
    CHECK(file != NULL);
    if (file == NULL) {
        *out = NULL;
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

/* ---- checkpoints ----------------------------------------------------------------------------- */

/* A training of two epochs with its checkpoint. */
static world *with_checkpoint(char path[PATH_SIZE])
{
    (void)snprintf(path, PATH_SIZE, "%s/checkpoint.h5", scratch_folder());
    world *w = world_create(0.3, 0.0);
    w->config.n_epochs = 2;
    w->config.checkpoint_path = path;
    fel_trainer_destroy(world_train(w));
    w->config.resume = 1;
    return w;
}

static fel_status take_up(const world *w)
{
    fel_trainer *trainer = NULL;
    const fel_status status = fel_trainer_create(&trainer, &w->config, &w->train, &w->validation);
    fel_trainer_destroy(trainer);
    return status;
}

static void check_refused(const world *w, fel_status status, const char *words)
{
    CHECK_STATUS(take_up(w), status);
    CHECK_HAS(fel_last_error()->message, "checkpoint.h5");
    CHECK_HAS(fel_last_error()->message, words);
}

static void test_damage_anywhere_is_seen(void)
{
    char path[PATH_SIZE];
    unsigned char *bytes = NULL;
    world *w = with_checkpoint(path);
    const size_t size = read_all(path, &bytes);
    CHECK_OK(take_up(w));
    for (size_t at = HEAD; at < size; at += 1 + size / 97) {
        bytes[at] ^= 0x10;
        write_all(path, bytes, size);
        check_refused(w, FEL_ERR_FORMAT, "its checksum is wrong");
        bytes[at] ^= 0x10;
    }
    for (size_t at = 0; at < 60; at++) {
        bytes[at] ^= 0x01;
        write_all(path, bytes, size);
        CHECK_STATUS(take_up(w), FEL_ERR_FORMAT);
        bytes[at] ^= 0x01;
    }
    static const double shares[] = {0.0, 0.001, 0.3, 0.99, 0.9999};
    for (size_t k = 0; k < 5; k++) {
        write_all(path, bytes, (size_t)(shares[k] * (double)size));
        check_refused(w, FEL_ERR_FORMAT, k < 2 ? "not a file of kind" : "cut short");
    }
    write_all(path, bytes, size);
    CHECK_OK(take_up(w));
    free(bytes);
    world_destroy(w);
}

static void test_another_version_is_refused(void)
{
    char path[PATH_SIZE];
    unsigned char *bytes = NULL;
    world *w = with_checkpoint(path);
    const size_t size = read_all(path, &bytes);
    CHECK(memcmp(bytes, "feller checkpoint 1\n", 20) == 0);
    bytes[18] = '2';
    write_all(path, bytes, size);
    check_refused(w, FEL_ERR_FORMAT, "of version 2; this program reads 1");
    free(bytes);
    world_destroy(w);
}

static void test_the_checkpoint_of_another_training_is_refused(void)
{
    char path[PATH_SIZE];
    world *w = with_checkpoint(path);
    const fel_train_config kept = w->config;
    w->config.seed = 7;
    check_refused(w, FEL_ERR_SHAPE, "it has \"seed 1\", this one \"seed 7\"");
    w->config = kept;
    w->config.optimizer.params[0] = 0.5;
    check_refused(w, FEL_ERR_SHAPE, "learning_rate=0.001");
    w->config = kept;
    w->config.optimizer = optimizer_of("rmsprop", "");
    check_refused(w, FEL_ERR_SHAPE, "optimizer adam");
    w->config = kept;
    CHECK_OK(fel_loss_find("mae", &w->config.loss));
    check_refused(w, FEL_ERR_SHAPE, "it has \"loss mse\", this one \"loss mae\"");
    w->config = kept;
    w->config.n_epochs = 3;
    check_refused(w, FEL_ERR_SHAPE, "epochs 2");
    w->config = kept;
    w->targets[3] += 1e-9;
    check_refused(w, FEL_ERR_SHAPE, "training samples 397, checksum");
    w->targets[3] -= 1e-9;
    fel_network_config other = *fel_network_describe(w->net);
    fel_network *net = NULL;
    other.hidden[0] = 13;
    CHECK_OK(fel_network_create(&net, &other));
    w->config.network = net;
    check_refused(w, FEL_ERR_SHAPE, "it has \"hidden 12\", this one \"hidden 13\"");
    fel_network_destroy(net);
    world_destroy(w);
}

static void test_a_checkpoint_that_cannot_be_written_is_said(void)
{
    world *w = world_create(0.3, 0.0);
    static const char *const paths[] = {"/nowhere/at/all.h5", "/dev/full"};
    for (size_t k = 0; k < 2; k++) {
        fel_trainer *trainer = NULL;
        w->config.checkpoint_path = paths[k];
        w->config.n_epochs = 1;
        CHECK_OK(fel_trainer_create(&trainer, &w->config, &w->train, &w->validation));
        CHECK_STATUS(fel_trainer_run(trainer), FEL_ERR_IO);
        CHECK_HAS(fel_last_error()->message, paths[k]);
        CHECK_INT(fel_trainer_result(trainer)->n_epochs, 1); /* trained it is */
        fel_trainer_destroy(trainer);
    }
    world_destroy(w);
}

static void test_the_same_training_makes_the_same_file(void)
{
    char path[PATH_SIZE];
    unsigned char *first = NULL, *second = NULL;
    world *w = with_checkpoint(path);
    const size_t size = read_all(path, &first);
    w->config.resume = 0;
    fel_trainer_destroy(world_train(w));
    CHECK_INT(read_all(path, &second), size);
    CHECK(first != NULL && second != NULL && memcmp(first, second, size) == 0);
    free(first);
    free(second);
    world_destroy(w);
}

/* ---- trained networks ------------------------------------------------------------------------ */

static void test_saved_networks_forecast_as_they_did(void)
{
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof(path), "%s/models.h5", scratch_folder());
    world *w = world_create(0.3, 0.001);
    fel_trainer *trainer = world_train(w);
    const fel_train_result *r = fel_trainer_result(trainer);
    const fel_model_entry entries[] = {
        {"window0/seed1", "", w->net, r->params},
        {"window0/seed1 last", "scale: mean 0.1\nfeatures: return", w->net, r->last_params},
    };
    CHECK_OK(fel_models_write(path, entries, 2));
    fel_models *models = NULL;
    CHECK_OK(fel_models_read(&models, path));
    CHECK_INT(fel_models_count(models), 2);
    for (size_t k = 0; k < 2; k++) {
        const fel_model_entry *m = fel_models_at(models, k);
        double here[WORLD_VALIDATION], there[WORLD_VALIDATION];
        CHECK_TEXT(m->name, entries[k].name);
        CHECK_TEXT(m->note, entries[k].note);
        CHECK_OK(fel_dataset_predict(&w->validation, w->net, entries[k].params, 1, here));
        CHECK_OK(fel_dataset_predict(&w->validation, m->network, m->params, 2, there));
        CHECK(memcmp(here, there, sizeof(here)) == 0);
        CHECK_SAME(fel_network_block(m->network, 0)->penalty, 0.001);
    }
    CHECK(fel_models_at(models, 2) == NULL);
    fel_models_destroy(models);
    CHECK_OK(fel_models_write(path, entries, 0));
    CHECK_OK(fel_models_read(&models, path));
    CHECK_INT(fel_models_count(models), 0);
    fel_models_destroy(models);
    fel_trainer_destroy(trainer);
    world_destroy(w);
}

static void test_files_that_hold_no_networks_are_refused(void)
{
    char path[PATH_SIZE];
    fel_models *models = NULL;
    world *w = with_checkpoint(path);
    CHECK_STATUS(fel_models_read(&models, path), FEL_ERR_FORMAT);
    CHECK_HAS(fel_last_error()->message, "not a file of kind \"feller models\"");
    CHECK_STATUS(fel_models_read(&models, "/nowhere/models.h5"), FEL_ERR_IO);
    CHECK_STATUS(fel_models_write("/nowhere/models.h5", NULL, 0), FEL_ERR_IO);
    CHECK(models == NULL);
    world_destroy(w);
}

static fel_status read_call(void *payload, void **out)
{
    fel_models *models = NULL;
    const fel_status status = fel_models_read(&models, payload);
    if (status == FEL_OK) {
        *out = models;
    }
    return status;
}

static void destroy_call(void *made)
{
    fel_models_destroy(made);
}

static void test_memory_that_runs_out_is_said(void)
{
    char path[PATH_SIZE];
    float params[1024];
    (void)snprintf(path, sizeof(path), "%s/some.h5", scratch_folder());
    world *w = world_create(0.3, 0.0);
    fel_network_init_f32(w->net, 3, params);
    const fel_model_entry entry = {"one", "note", w->net, params};
    CHECK_OK(fel_models_write(path, &entry, 1));
    const failing_call call = {"fel_models_read", read_call, destroy_call, path};
    CHECK(check_failing_call(&call) > 5);
    world_destroy(w);
}

SUITE("models/checkpoint", TEST(test_damage_anywhere_is_seen),
      TEST(test_another_version_is_refused),
      TEST(test_the_checkpoint_of_another_training_is_refused),
      TEST(test_a_checkpoint_that_cannot_be_written_is_said),
      TEST(test_the_same_training_makes_the_same_file),
      TEST(test_saved_networks_forecast_as_they_did),
      TEST(test_files_that_hold_no_networks_are_refused), TEST(test_memory_that_runs_out_is_said));
