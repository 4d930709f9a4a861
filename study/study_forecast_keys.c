/* study/study_forecast_keys.c - the keys model and train of a study file. */
#include <stddef.h>

#include "study/study_forecast_internal.h"

#define KEY(kind, type, field, name, fallback, doc)                                                \
    {                                                                                              \
        name, kind, 0, offsetof(type, field), 0, 0, NULL, fallback, NULL, doc                      \
    }
#define NUMBER(kind, type, field, name, least, most, fallback, doc)                                \
    {                                                                                              \
        name, kind, 0, offsetof(type, field), least, most, NULL, fallback, NULL, doc               \
    }
#define CHOICE(type, field, name, words, fallback, doc)                                            \
    {                                                                                              \
        name, SCHEMA_CHOICE, 0, offsetof(type, field), 0, 0, words, fallback, NULL, doc            \
    }
#define NAMED(type, field, name, table, fallback, doc)                                             \
    {                                                                                              \
        name, SCHEMA_NAMED, 0, offsetof(type, field), 0, 0, table, fallback, NULL, doc             \
    }
#define TABLE(rows) .keys = (rows), .n = sizeof(rows) / sizeof((rows)[0])

/* ---- model ----------------------------------------------------------------------------------- */

static const schema_key model_keys[] = {
    KEY(SCHEMA_TEXT, study_model, kind, "kind", NULL,
        "network, see feller list models; its parameters stand beside"),
    KEY(SCHEMA_SIZES, study_model, hidden, "hidden", NULL,
        "units of each hidden layer, such as [64, 32]; absent: the network's own"),
    NUMBER(SCHEMA_INTEGER, study_model, sequence, "sequence", 1, 10000, "1",
           "rows of features that a forecast looks at, the latest included"),
    NUMBER(SCHEMA_INTEGER, study_model, seeds, "seeds", 1, 1000, "1",
           "networks trained from different first values, whose forecasts are joined"),
    CHOICE(study_model, ensemble, "ensemble", "mean|vote", "mean",
           "mean of the seeds' outputs, or of their signs"),
    CHOICE(study_model, output, "output", "raw|quantile", "raw",
           "quantile: where the output lies among those on the validation samples, -1 to 1"),
};

/* The network decides which keys may stand beside its name. */
static fel_status begin_model(const schema_reader *reader, const tree_node *node, const char *path,
                              void *out)
{
    study_model *self = out;
    const tree_node *kind = tree_child(node, "kind");
    self->is_present = !reader->is_absent;
    if (reader->is_absent) {
        return FEL_OK;
    }
    if (kind == NULL) {
        return schema_raise(FEL_ERR_FORMAT, node->mark, path,
                            "give kind: a network, see feller list models");
    }
    if (fel_network_find(self->kind, &self->code) != FEL_OK) {
        char name[SCHEMA_PATH_SIZE];
        schema_join(path, "kind", name, sizeof(name));
        return schema_raise(FEL_ERR_NOTFOUND, kind->mark, name, "%s", fel_last_error()->message);
    }
    const fel_network_info *info = fel_network_class_info(self->code);
    self->params = arena_array(reader->memory, info->n_params + 1, sizeof(double));
    if (self->params == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the model's parameters");
    }
    fel_param_defaults(info->params, info->n_params, self->params);
    return FEL_OK;
}

static size_t model_names(const void *out, const char **names, size_t n_max)
{
    const study_model *self = out;
    const fel_network_info *info = self->code != NULL ? fel_network_class_info(self->code) : NULL;
    size_t n = 0;
    for (; info != NULL && n < info->n_params && n < n_max; n++) {
        names[n] = info->params[n].name;
    }
    return n;
}

static fel_status read_model_param(const schema_reader *reader, const tree_node *value,
                                   const char *path, void *out)
{
    const study_model *self = out;
    const fel_network_info *info = fel_network_class_info(self->code);
    size_t index = 0;
    (void)reader;
    FEL_TRY(fel_param_find(info->params, info->n_params, value->key, &index));
    return schema_read_param(&info->params[index], value, path, &self->params[index]);
}

static fel_status check_model(const tree_node *node, const char *path, const void *out)
{
    const study_model *self = out;
    const tree_node *hidden = tree_child(node, "hidden");
    if (self->code == NULL || hidden == NULL) {
        return FEL_OK;
    }
    const fel_network_info *info = fel_network_class_info(self->code);
    if (!info->takes_hidden) {
        return schema_raise(FEL_ERR_ARG, hidden->mark, path, "%s has no list of hidden layers",
                            info->name);
    }
    return self->hidden.n <= FEL_NETWORK_MAX_LAYERS
               ? FEL_OK
               : schema_raise(FEL_ERR_RANGE, hidden->mark, path,
                              "hidden has %zu layers, at most %d", self->hidden.n,
                              FEL_NETWORK_MAX_LAYERS);
}

static const schema_extra model_extra = {begin_model, model_names, read_model_param};

const schema_map study_model_map = {TABLE(model_keys), .size = sizeof(study_model),
                                    .extra = &model_extra, .check = check_model};

/* ---- train ----------------------------------------------------------------------------------- */

static const schema_key train_keys[] = {
    NAMED(study_train, loss, "loss", "loss", "mse",
          "what training makes small, see feller list losses: gmadl or {gmadl: {a: 1000, b: 2}}"),
    NAMED(study_train, optimizer, "optimizer", "optimizer", "adam",
          "see feller list optimizers: adam or {adamw: {weight_decay: 0.01}}"),
    NUMBER(SCHEMA_REAL, study_train, learning_rate, "learning_rate", 0, 1e3, NULL,
           "of the optimizer; absent: its own"),
    NAMED(study_train, schedule, "schedule", "schedule", "constant",
          "of the learning rate, see feller list schedules"),
    NUMBER(SCHEMA_INTEGER, study_train, epochs, "epochs", 1, 1e6, "100",
           "passes over the training samples"),
    NUMBER(SCHEMA_INTEGER, study_train, batch, "batch", 0, 1e9, "256",
           "samples of a step; 0: all of them"),
    KEY(SCHEMA_BOOL, study_train, shuffle, "shuffle", "true",
        "samples in another order each epoch; losses that read the order keep stretches whole"),
    KEY(SCHEMA_TEXT, study_train, select_by, "select_by", NULL,
        "loss, or trading metric of the validation samples (net_return, sharpe), that picks the "
        "best epoch; absent: the loss"),
    NUMBER(SCHEMA_REAL, study_train, select_fee_bps, "select_fee_bps", 0, 1e4, "0",
           "cost of turnover in a trading metric of select_by, in basis points"),
    NUMBER(SCHEMA_INTEGER, study_train, patience, "patience", 0, 1e6, "0",
           "epochs without a better one after which training stops; 0: never"),
    NUMBER(SCHEMA_REAL, study_train, clip_norm, "clip_norm", 0, 1e9, "0",
           "largest Euclidean norm of a gradient; 0: any"),
    NUMBER(SCHEMA_REAL, study_train, clip_value, "clip_value", 0, 1e9, "0",
           "largest derivative; 0: any"),
    CHOICE(study_train, average, "average", "none|ema|swa", "none",
           "parameters that forecast: the last, or averages over steps or epochs"),
    KEY(SCHEMA_BOOL, study_train, any_loss, "any_loss", "false",
        "also train with losses that have no gradient or fall without end"),
    NUMBER(SCHEMA_REAL, study_train, average_decay, "average_decay", 0, 1, "0.999",
           "of ema, a step"),
};
const schema_map study_train_map = {TABLE(train_keys), .size = sizeof(study_train)};
