/* study/study_models.c - keys that other tables own: cost models and strategies with their
 * parameters.
 *
 * A cost model with one parameter is written as that parameter (fee_bps: 5), one with several as a
 * map (volume_share: {price_impact: 0.1}). Below `slippage` the word is not said twice:
 * slippage_bps is bps. */
#include <stdio.h>
#include <string.h>

#include <feller/strategies.h>

#include "study/study_internal.h"

/* ---- costs ----------------------------------------------------------------------------------- */

/* The key of a model in the study file. */
static const char *short_name(const fel_cost_class *code)
{
    static const char prefix[] = "slippage_";
    const char *name = code->n_params == 1 ? code->params[0].name : code->name;
    const int has_prefix = code->slip != NULL && strncmp(name, prefix, sizeof(prefix) - 1) == 0;
    return has_prefix ? name + sizeof(prefix) - 1 : name;
}

size_t study_cost_keys(int is_fee, cost_key keys[STUDY_MAX_COSTS])
{
    size_t n_classes = 0, n = 0;
    const fel_cost_class *const *classes = fel_cost_classes(&n_classes);
    for (size_t i = 0; i < n_classes && i < STUDY_MAX_COSTS; i++) {
        if ((classes[i]->fee != NULL) == (is_fee != 0)) {
            const cost_key key = {short_name(classes[i]), classes[i], i, classes[i]->n_params != 1};
            keys[n++] = key;
        }
    }
    return n;
}

static size_t cost_names(int is_fee, const char **names, size_t n_max)
{
    cost_key keys[STUDY_MAX_COSTS];
    const size_t n = study_cost_keys(is_fee, keys);
    size_t i = 0;
    for (; i < n && i < n_max; i++) {
        names[i] = keys[i].name;
    }
    return i;
}

/* Parameters that are not given keep their defaults. */
static fel_status read_model_map(const cost_key *key, const tree_node *node, const char *path,
                                 fel_cost *model)
{
    if (node->kind != TREE_MAP) {
        return schema_raise(FEL_ERR_FORMAT, node->mark, path,
                            "expected a map of its parameters such as {%s: ...}",
                            key->code->params[0].name);
    }
    for (const tree_node *child = node->first; child != NULL; child = child->next) {
        size_t index = 0;
        char name[SCHEMA_PATH_SIZE];
        schema_join(path, child->key, name, sizeof(name));
        if (fel_param_find(key->code->params, key->code->n_params, child->key, &index) != FEL_OK) {
            return schema_raise(FEL_ERR_FORMAT, child->key_mark, name, "%s",
                                fel_last_error()->message);
        }
        FEL_TRY(schema_read_param(&key->code->params[index], child, name, &model->params[index]));
    }
    return FEL_OK;
}

static fel_status read_cost(int is_fee, const tree_node *value, const char *path,
                            study_models *models)
{
    cost_key keys[STUDY_MAX_COSTS];
    const size_t n = study_cost_keys(is_fee, keys);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(keys[i].name, value->key) != 0) {
            continue;
        }
        fel_cost *model = &models->models[keys[i].class_index];
        FEL_TRY(fel_cost_find(keys[i].code->name, model));
        return keys[i].is_map
                   ? read_model_map(&keys[i], value, path, model)
                   : schema_read_param(&keys[i].code->params[0], value, path, &model->params[0]);
    }
    return FEL_RAISE(FEL_ERR_INTERNAL, "%s: a cost key without a model", path);
}

static fel_status begin_costs(const schema_reader *reader, const tree_node *node, const char *path,
                              void *out)
{
    (void)reader;
    (void)node;
    (void)path;
    (void)out;
    return FEL_OK;
}

static size_t fee_names(const void *out, const char **names, size_t n_max)
{
    (void)out;
    return cost_names(1, names, n_max);
}

static fel_status read_fee(const schema_reader *reader, const tree_node *value, const char *path,
                           void *out)
{
    study_costs *costs = out;
    (void)reader;
    return read_cost(1, value, path, &costs->fees);
}

static size_t slippage_names(const void *out, const char **names, size_t n_max)
{
    (void)out;
    return cost_names(0, names, n_max);
}

static fel_status read_slippage(const schema_reader *reader, const tree_node *value,
                                const char *path, void *out)
{
    (void)reader;
    return read_cost(0, value, path, out);
}

const schema_extra study_fee_extra = {begin_costs, fee_names, read_fee};
const schema_extra study_slippage_extra = {begin_costs, slippage_names, read_slippage};

/* ---- strategy -------------------------------------------------------------------------------- */

/* A plug-in's only strategy, or the one that `kind` names. */
static fel_status pick_from_plugin(study_strategy *self)
{
    const fel_plugin *plugin = fel_library_plugin(self->library);
    const char *names[SCHEMA_MAX_NAMES] = {NULL};
    size_t n = 0;
    if (self->kind == NULL && plugin->n_strategies == 1) {
        self->code = plugin->strategies[0];
        return FEL_OK;
    }
    for (; n < plugin->n_strategies && n < SCHEMA_MAX_NAMES; n++) {
        names[n] = plugin->strategies[n]->name;
        if (self->kind != NULL && strcmp(names[n], self->kind) == 0) {
            self->code = plugin->strategies[n];
            return FEL_OK;
        }
    }
    if (self->kind == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "the plug-in has %zu strategies: name one with kind", n);
    }
    const size_t near = nearest_name(self->kind, names, n);
    return FEL_RAISE(FEL_ERR_NOTFOUND, "no strategy \"%s\" in the plug-in; did you mean \"%s\"?",
                     self->kind, names[near < n ? near : 0]);
}

static fel_status find_code(const schema_reader *reader, study_strategy *self)
{
    if (self->plugin == NULL) {
        return fel_strategy_find(self->kind, &self->code);
    }
    /* Without a slash the loader would look in the system's folders, not in this one. */
    const char *path = strchr(self->plugin, '/') != NULL
                           ? self->plugin
                           : arena_printf(reader->memory, "./%s", self->plugin);
    if (path == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the plug-in's path");
    }
    FEL_TRY(fel_library_open(&self->library, path));
    return pick_from_plugin(self);
}

/* The strategy decides which keys may stand beside its name. */
static fel_status begin_strategy(const schema_reader *reader, const tree_node *node,
                                 const char *path, void *out)
{
    study_strategy *self = out;
    const char *word = self->plugin != NULL ? "plugin" : "kind";
    const tree_node *child = tree_child(node, word);
    if (self->kind == NULL && self->plugin == NULL) {
        return schema_raise(FEL_ERR_FORMAT, node->mark, path,
                            "give kind (a built-in strategy) or plugin (a .so file)");
    }
    if (find_code(reader, self) != FEL_OK) {
        char name[SCHEMA_PATH_SIZE];
        schema_join(path, word, name, sizeof(name));
        const fel_error *error = fel_last_error();
        return schema_raise(error->status, child->mark, name, "%s", error->message);
    }
    self->params = arena_array(reader->memory, self->code->n_params + 1, sizeof(double));
    if (self->params == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the strategy's parameters");
    }
    fel_param_defaults(self->code->params, self->code->n_params, self->params);
    return FEL_OK;
}

static size_t strategy_names(const void *out, const char **names, size_t n_max)
{
    const study_strategy *self = out;
    size_t n = 0;
    for (; self->code != NULL && n < self->code->n_params && n < n_max; n++) {
        names[n] = self->code->params[n].name;
    }
    return n;
}

static fel_status read_strategy_param(const schema_reader *reader, const tree_node *value,
                                      const char *path, void *out)
{
    study_strategy *self = out;
    size_t index = 0;
    (void)reader;
    FEL_TRY(fel_param_find(self->code->params, self->code->n_params, value->key, &index));
    return schema_read_param(&self->code->params[index], value, path, &self->params[index]);
}

const schema_extra study_strategy_extra = {begin_strategy, strategy_names, read_strategy_param};
