/* models/checkpoint_models.c - files of trained networks, for forecasts by other programs and later
 * runs: a group for each with description, parameters, name and note. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <feller/train.h>

#include "models/checkpoint_internal.h"

static const sealed_kind models_kind = {"feller models", 1};

enum { GROUP_NAME_SIZE = 32, MOST_MODELS = 1 << 20, MOST_NAME = 256, MOST_NOTE = 60000 };

static void group_name(char name[GROUP_NAME_SIZE], size_t index)
{
    (void)snprintf(name, GROUP_NAME_SIZE, "model_%06zu", index);
}

/* ---- writing --------------------------------------------------------------------------------- */

typedef struct model_list {
    const fel_model_entry *models;
    size_t n;
} model_list;

static fel_status put_model(hid_t group, const char *path, const fel_model_entry *m)
{
    if (h5_put_text(group, "name", m->name) < 0 || h5_put_text(group, "note", m->note) < 0) {
        return h5_raise(FEL_ERR_IO, path, m->name);
    }
    FEL_TRY(saved_put_network(group, path, m->network));
    return saved_put(group, path, "parameters_f32", SAVED_F32, fel_network_count_params(m->network),
                     m->params);
}

static fel_status put_models(hid_t file, const char *path, const void *payload)
{
    const model_list *list = payload;
    const uint64_t n = list->n;
    fel_status status = h5_put_number(file, "models", H5T_NATIVE_UINT64, &n) < 0
                            ? h5_raise(FEL_ERR_IO, path, "cannot begin this file")
                            : FEL_OK;
    for (size_t i = 0; i < list->n && status == FEL_OK; i++) {
        char name[GROUP_NAME_SIZE];
        group_name(name, i);
        const hid_t group = saved_group_create(file, name);
        status = group >= 0 ? put_model(group, path, &list->models[i])
                            : h5_raise(FEL_ERR_IO, path, name);
        h5_close(group);
    }
    return status;
}

fel_status fel_models_write(const char *path, const fel_model_entry *models, size_t n)
{
    if (n > MOST_MODELS) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu networks in one file; at most %d", n,
                         (int)MOST_MODELS);
    }
    for (size_t i = 0; i < n; i++) {
        if (strlen(models[i].name) >= MOST_NAME || strlen(models[i].note) >= MOST_NOTE) {
            return FEL_RAISE(FEL_ERR_RANGE, "network %zu: name or note is too long", i);
        }
    }
    const model_list list = {models, n};
    return sealed_write(path, &models_kind, put_models, &list);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* What an entry borrows from. */
typedef struct model_parts {
    char name[MOST_NAME];
    char *note;
    fel_network *network;
    float *params;
} model_parts;

struct fel_models {
    size_t n;
    fel_model_entry *entries;
    model_parts *parts;
};

static fel_status get_network(hid_t group, const char *path, model_parts *m)
{
    fel_network_config config;
    FEL_TRY(saved_get_network(group, path, &config));
    FEL_TRY(fel_network_create(&m->network, &config));
    const size_t n = fel_network_count_params(m->network);
    m->params = calloc(n, sizeof(*m->params));
    if (m->params == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu parameters", n);
    }
    return saved_get(group, path, "parameters_f32", SAVED_F32, n, m->params);
}

static fel_status get_model(hid_t group, const char *path, model_parts *m, fel_model_entry *entry)
{
    m->note = calloc(MOST_NOTE, 1);
    if (m->note == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a note");
    }
    if (h5_get_text(group, "name", m->name, sizeof(m->name)) < 0 ||
        h5_get_text(group, "note", m->note, MOST_NOTE) < 0) {
        return h5_raise(FEL_ERR_FORMAT, path, "cannot read a network's name");
    }
    FEL_TRY(get_network(group, path, m));
    *entry = (fel_model_entry){m->name, m->note, m->network, m->params};
    return FEL_OK;
}

static fel_status allot(fel_models *models, const char *path, uint64_t n)
{
    if (n > MOST_MODELS) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: says that it has %llu networks", path,
                         (unsigned long long)n);
    }
    models->entries = calloc((size_t)n + 1, sizeof(*models->entries));
    models->parts = calloc((size_t)n + 1, sizeof(*models->parts));
    if (models->entries == NULL || models->parts == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %llu networks", (unsigned long long)n);
    }
    models->n = (size_t)n;
    return FEL_OK;
}

static fel_status get_models(hid_t file, const char *path, void *payload)
{
    fel_models *models = payload;
    uint64_t n = 0;
    if (h5_get_number(file, "models", H5T_NATIVE_UINT64, &n) < 0) {
        return h5_raise(FEL_ERR_FORMAT, path, "cannot read how many networks it has");
    }
    FEL_TRY(allot(models, path, n));
    fel_status status = FEL_OK;
    for (size_t i = 0; i < models->n && status == FEL_OK; i++) {
        char name[GROUP_NAME_SIZE];
        group_name(name, i);
        const hid_t group = H5Gopen2(file, name, H5P_DEFAULT);
        status = group >= 0 ? get_model(group, path, &models->parts[i], &models->entries[i])
                            : h5_raise(FEL_ERR_FORMAT, path, name);
        h5_close(group);
    }
    return status;
}

fel_status fel_models_read(fel_models **out, const char *path)
{
    fel_models *models = calloc(1, sizeof(*models));
    if (models == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory to read %s", path);
    }
    const fel_status status = sealed_read(path, &models_kind, get_models, models);
    if (status != FEL_OK) {
        fel_models_destroy(models);
        return status;
    }
    *out = models;
    return FEL_OK;
}

void fel_models_destroy(fel_models *models)
{
    if (models == NULL) {
        return;
    }
    for (size_t i = 0; i < models->n; i++) {
        fel_network_destroy(models->parts[i].network);
        free(models->parts[i].params);
        free(models->parts[i].note);
    }
    free(models->entries);
    free(models->parts);
    free(models);
}

size_t fel_models_count(const fel_models *models)
{
    return models->n;
}

const fel_model_entry *fel_models_at(const fel_models *models, size_t index)
{
    return index < models->n ? &models->entries[index] : NULL;
}
