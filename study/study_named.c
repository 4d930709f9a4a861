/* study/study_named.c - reads a value that names a row of a table, with or without parameters. */
#include <stdio.h>
#include <string.h>

#include <feller/feature.h>
#include <feller/hedge.h>
#include <feller/loss.h>
#include <feller/optimizer.h>

#include "study/study_named_internal.h"

/* ---- tables ---------------------------------------------------------------------------------- */

typedef struct named_table {
    const char *word;
    fel_status (*find)(const char *name, study_named *out);
} named_table;

static fel_status find_loss(const char *name, study_named *out)
{
    fel_loss loss;
    FEL_TRY(fel_loss_find(name, &loss));
    out->code = loss.code;
    out->specs = loss.code->params;
    out->n_params = loss.code->n_params;
    return FEL_OK;
}

static fel_status find_optimizer(const char *name, study_named *out)
{
    const fel_optimizer_class *code = NULL;
    FEL_TRY(fel_optimizer_find(name, &code));
    out->code = code;
    out->specs = fel_optimizer_class_info(code)->params;
    out->n_params = fel_optimizer_class_info(code)->n_params;
    return FEL_OK;
}

static fel_status find_schedule(const char *name, study_named *out)
{
    fel_schedule schedule;
    FEL_TRY(fel_schedule_find(name, &schedule));
    out->code = schedule.code;
    out->specs = schedule.code->params;
    out->n_params = schedule.code->n_params;
    return FEL_OK;
}

static fel_status find_feature(const char *name, study_named *out)
{
    fel_feature feature;
    FEL_TRY(fel_feature_find(name, &feature));
    out->code = feature.code;
    out->specs = feature.code->params;
    out->n_params = feature.code->n_params;
    out->takes_word = (feature.code->inputs & FEL_INPUT_SIGNAL) != 0;
    return FEL_OK;
}

static fel_status find_target(const char *name, study_named *out)
{
    fel_target target;
    FEL_TRY(fel_target_find(name, &target));
    out->code = target.code;
    out->specs = target.code->params;
    out->n_params = target.code->n_params;
    return FEL_OK;
}

static fel_status find_scale(const char *name, study_named *out)
{
    fel_scale scale;
    FEL_TRY(fel_scale_find(name, &scale));
    out->code = scale.code;
    out->specs = scale.code->params;
    out->n_params = scale.code->n_params;
    return FEL_OK;
}

static fel_status find_risk(const char *name, study_named *out)
{
    fel_risk risk;
    FEL_TRY(fel_risk_find(name, &risk));
    out->code = risk.code;
    out->specs = risk.code->params;
    out->n_params = risk.code->n_params;
    return FEL_OK;
}

static fel_status find_payoff(const char *name, study_named *out)
{
    fel_payoff payoff;
    FEL_TRY(fel_payoff_init(&payoff, name));
    out->code = payoff.code;
    out->specs = payoff.code->params;
    out->n_params = payoff.code->n_params;
    return FEL_OK;
}

static fel_status find_hedge_rule(const char *name, study_named *out)
{
    fel_hedge_rule rule;
    FEL_TRY(fel_hedge_rule_find(name, &rule));
    out->code = rule.info;
    out->specs = rule.info->params;
    out->n_params = rule.info->n_params;
    return FEL_OK;
}

static fel_status find_hedge_feature(const char *name, study_named *out)
{
    fel_hedge_feature feature;
    FEL_TRY(fel_hedge_feature_find(name, &feature));
    out->code = feature.info;
    out->specs = feature.info->params;
    out->n_params = feature.info->n_params;
    return FEL_OK;
}

static const named_table tables[] = {
    {"feature", find_feature},
    {"target", find_target},
    {"scaling", find_scale},
    {"loss", find_loss},
    {"optimizer", find_optimizer},
    {"schedule", find_schedule},
    {"risk", find_risk},
    {"payoff", find_payoff},
    {"hedge_rule", find_hedge_rule},
    {"hedge_feature", find_hedge_feature},
};

static const named_table *table_of(const char *word)
{
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        if (strcmp(tables[i].word, word) == 0) {
            return &tables[i];
        }
    }
    return NULL;
}

/* ---- parameters ------------------------------------------------------------------------------ */

static fel_status read_one(const study_named *out, size_t index, const tree_node *value,
                           const char *path)
{
    return schema_read_param(&out->specs[index], value, path, &out->params[index]);
}

static fel_status read_map(const study_named *out, const tree_node *map, const char *path)
{
    for (const tree_node *child = map->first; child != NULL; child = child->next) {
        size_t index = 0;
        char name[SCHEMA_PATH_SIZE];
        schema_join(path, child->key, name, sizeof(name));
        if (fel_param_find(out->specs, out->n_params, child->key, &index) != FEL_OK) {
            return schema_raise(FEL_ERR_FORMAT, child->key_mark, name, "%s",
                                fel_last_error()->message);
        }
        FEL_TRY(read_one(out, index, child, name));
    }
    return FEL_OK;
}

/* The value beside a name: of the first parameter, or a map of several. */
static fel_status read_params(study_named *out, const tree_node *value, const char *path)
{
    char full[SCHEMA_PATH_SIZE];
    schema_join(path, out->name, full, sizeof(full));
    if (value->kind == TREE_MAP) {
        return read_map(out, value, full);
    }
    if (out->takes_word) {
        return schema_scalar(value, full, &out->word);
    }
    if (out->n_params == 0) {
        return schema_raise(FEL_ERR_FORMAT, value->mark, full, "%s has no parameters", out->name);
    }
    return read_one(out, 0, value, full);
}

/* ---- the value ------------------------------------------------------------------------------- */

static fel_status find_row(const schema_reader *reader, const tree_node *at, const char *table,
                           const char *path, study_named *out)
{
    const named_table *rows = table_of(table);
    if (rows == NULL) {
        return FEL_RAISE(FEL_ERR_INTERNAL, "%s: no table of the name %s", path, table);
    }
    if (rows->find(out->name, out) != FEL_OK) {
        return schema_raise(FEL_ERR_NOTFOUND, at->mark, path, "%s", fel_last_error()->message);
    }
    out->params = arena_array(reader->memory, out->n_params + 1, sizeof(double));
    if (out->params == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the parameters of %s", out->name);
    }
    fel_param_defaults(out->specs, out->n_params, out->params);
    return FEL_OK;
}

fel_status study_read_named(const schema_reader *reader, const tree_node *value, const char *table,
                            const char *path, study_named *out)
{
    const int is_map = value->kind == TREE_MAP;
    memset(out, 0, sizeof(*out));
    out->mark = value->mark;
    if (is_map && value->n != 1) {
        return schema_raise(FEL_ERR_FORMAT, value->mark, path,
                            "expected a name, or one name with its parameters such as {name: "
                            "{parameter: value}}");
    }
    if (is_map) {
        out->name = value->first->key;
    } else {
        FEL_TRY(schema_scalar(value, path, &out->name));
    }
    FEL_TRY(find_row(reader, is_map ? value->first : value, table, path, out));
    return is_map ? read_params(out, value->first, path) : FEL_OK;
}

fel_status study_read_names(const schema_reader *reader, const tree_node *value, const char *table,
                            const char *path, study_items *out)
{
    const int is_list = value->kind == TREE_LIST;
    const tree_node *item = is_list ? value->first : value;
    const size_t n = is_list ? value->n : 1;
    study_named *items = arena_array(reader->memory, n + 1, sizeof(*items));
    if (items == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the study's lists");
    }
    if (n == 0) {
        return schema_raise(FEL_ERR_FORMAT, value->mark, path, "the list is empty");
    }
    for (size_t i = 0; i < n; i++, item = item->next) {
        char number[24], name[SCHEMA_PATH_SIZE];
        (void)snprintf(number, sizeof(number), "%zu", i);
        schema_join(path, number, name, sizeof(name));
        FEL_TRY(study_read_named(reader, item, table, is_list ? name : path, &items[i]));
    }
    out->items = items;
    out->n = n;
    return FEL_OK;
}

const char *study_named_text(arena *memory, const study_named *named)
{
    const char *text = arena_text(memory, named->name);
    for (size_t i = 0; text != NULL && i < named->n_params; i++) {
        char number[64];
        fel_param_format(&named->specs[i], named->params[i], number, sizeof(number));
        text = arena_printf(memory, "%s %s=%s", text, named->specs[i].name, number);
    }
    return text;
}
