/* study/study_list.c - every key of the schema as a line of text, for manuals and `feller list
 * keys`. */
#include <stdio.h>
#include <string.h>

#include "study/study_internal.h"

enum { MAX_LEVELS = 4, TYPE_SIZE = 160 };

typedef struct key_visitor {
    void (*visit)(void *payload, const fel_study_key *key);
    void *payload;
} key_visitor;

static const char *const kind_names[] = {
    [SCHEMA_TEXT] = "text",
    [SCHEMA_PATH] = "path",
    [SCHEMA_REAL] = "number",
    [SCHEMA_INTEGER] = "whole number",
    [SCHEMA_BOOL] = "true | false",
    [SCHEMA_CHOICE] = "choice",
    [SCHEMA_TIME] = "date or time",
    [SCHEMA_LAST_TIME] = "date or time",
    [SCHEMA_DURATION] = "duration",
    [SCHEMA_SPAN] = "bars or span",
    [SCHEMA_CASH] = "money",
    [SCHEMA_WORDS] = "list of words",
    [SCHEMA_MAP] = "map",
    [SCHEMA_LIST] = "list of maps",
    [SCHEMA_AXES] = "map of lists",
    [SCHEMA_MATRIX] = "square matrix",
    [SCHEMA_NAMED] = "name",
    [SCHEMA_NAMES] = "list of names",
    [SCHEMA_SIZES] = "list of sizes",
};

static void range_text(const char *name, double min, double max, char *text, size_t size)
{
    char low[NUMBER_TEXT_SIZE], high[NUMBER_TEXT_SIZE];
    number_format(min, low, sizeof(low));
    number_format(max, high, sizeof(high));
    (void)snprintf(text, size, "%s %s .. %s", name, low, high);
}

/* "a|b" with room around the bars, as people write it. */
static void choice_text(const char *choices, char *text, size_t size)
{
    size_t n = 0;
    for (; *choices != '\0' && n + 4 < size; choices++) {
        if (*choices == '|') {
            text[n++] = ' ';
            text[n++] = '|';
            text[n++] = ' ';
        } else {
            text[n++] = *choices;
        }
    }
    text[n] = '\0';
}

static void type_text(const schema_key *key, char *text, size_t size)
{
    if (key->kind == SCHEMA_CHOICE) {
        choice_text(key->choices, text, size);
    } else if (key->kind == SCHEMA_REAL || key->kind == SCHEMA_INTEGER) {
        range_text(kind_names[key->kind], key->min, key->max, text, size);
    } else {
        (void)snprintf(text, size, "%s", kind_names[key->kind]);
    }
}

static void visit_param(const key_visitor *v, const char *path, const char *name,
                        const fel_param_spec *spec)
{
    char full[SCHEMA_PATH_SIZE], type[TYPE_SIZE];
    schema_join(path, name, full, sizeof(full));
    range_text("number", spec->min, spec->max, type, sizeof(type));
    char fallback[64] = "";
    if (strcmp(name, spec->name) == 0 && spec->default_value != 0.0) {
        fel_param_format(spec, spec->default_value, fallback, sizeof(fallback));
    }
    const fel_study_key out = {full, type, fallback, spec->doc};
    v->visit(v->payload, &out);
}

static void visit_costs(const key_visitor *v, const char *path, int is_fee)
{
    cost_key keys[STUDY_MAX_COSTS];
    const size_t n = study_cost_keys(is_fee, keys);
    for (size_t i = 0; i < n; i++) {
        const fel_cost_class *code = keys[i].code;
        if (!keys[i].is_map) {
            visit_param(v, path, keys[i].name, &code->params[0]);
            continue;
        }
        char full[SCHEMA_PATH_SIZE];
        schema_join(path, keys[i].name, full, sizeof(full));
        const fel_study_key map = {full, "map", "", code->summary};
        v->visit(v->payload, &map);
        for (size_t k = 0; k < code->n_params; k++) {
            visit_param(v, full, code->params[k].name, &code->params[k]);
        }
    }
}

/* One level of the schema; the stack below replaces recursion over its maps. */
typedef struct level {
    const schema_map *map;
    size_t next;
    char path[SCHEMA_PATH_SIZE];
} level;

static void visit_extra(const key_visitor *v, const level *at)
{
    if (at->map->extra == &study_fee_extra || at->map->extra == &study_slippage_extra) {
        visit_costs(v, at->path, at->map->extra == &study_fee_extra);
    }
}

static void visit_row(const key_visitor *v, const schema_key *key, const char *path)
{
    char type[TYPE_SIZE];
    type_text(key, type, sizeof(type));
    const fel_study_key out = {path, type, key->default_text != NULL ? key->default_text : "",
                               key->doc};
    v->visit(v->payload, &out);
}

void fel_study_each_key(void (*visit)(void *payload, const fel_study_key *key), void *payload)
{
    const key_visitor v = {visit, payload};
    /* The last first; what a hedging study has beyond name and seed. */
    level stack[MAX_LEVELS] = {{&study_hedging_part, 0, ""}, {&study_schema, 0, ""}};
    size_t depth = 2;
    while (depth > 0) {
        level *at = &stack[depth - 1];
        if (at->next == at->map->n) {
            visit_extra(&v, at);
            depth--;
            continue;
        }
        const schema_key *key = &at->map->keys[at->next++];
        char path[SCHEMA_PATH_SIZE];
        schema_join(at->path, key->name, path, sizeof(path));
        visit_row(&v, key, path);
        if (key->map != NULL && depth < MAX_LEVELS) {
            level *inner = &stack[depth++];
            inner->map = key->map;
            inner->next = 0;
            (void)snprintf(inner->path, sizeof(inner->path), "%.240s%s", path,
                           key->kind == SCHEMA_LIST ? "[]" : "");
        }
    }
}
