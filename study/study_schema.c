/* study/study_schema.c - walk a tree by tables of keys: each value lands in its struct or is
 * refused with its position, its name and what would be right. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "study/study_named_internal.h"

fel_status schema_raise(fel_status status, tree_mark mark, const char *path, const char *format,
                        ...)
{
    char where[FILENAME_MAX], what[400];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    tree_mark_text(mark, where, sizeof(where));
    return FEL_RAISE(status, "%s: %s%s%s", where, path, path[0] != '\0' ? ": " : "", what);
}

fel_status schema_raise_again(tree_mark mark)
{
    char where[FILENAME_MAX];
    const fel_error *error = fel_last_error();
    tree_mark_text(mark, where, sizeof(where));
    return FEL_RAISE(error->status, "%s: %s", where, error->message);
}

void schema_join(const char *path, const char *name, char *out, size_t size)
{
    (void)snprintf(out, size, "%s%s%s", path, path[0] != '\0' ? "." : "", name);
}

fel_status schema_scalar(const tree_node *value, const char *path, const char **text)
{
    if (value->kind != TREE_SCALAR) {
        return schema_raise(FEL_ERR_FORMAT, value->mark, path, "expected one value, not a %s",
                            value->kind == TREE_LIST ? "list" : "map");
    }
    if (value->text[0] == '\0') {
        return schema_raise(FEL_ERR_FORMAT, value->mark, path, "the value is empty");
    }
    *text = value->text;
    return FEL_OK;
}

fel_status schema_read_param(const fel_param_spec *spec, const tree_node *value, const char *path,
                             double *out)
{
    const char *text = NULL;
    fel_param_spec named = *spec;
    named.name = path;
    FEL_TRY(schema_scalar(value, path, &text));
    return fel_param_parse(&named, text, out) == FEL_OK ? FEL_OK : schema_raise_again(value->mark);
}

/* ---- one value ------------------------------------------------------------------------------- */

/* Numbers, truths and words all go through the library's parameter rows. */
static fel_status read_number(const schema_reader *reader, const schema_key *key,
                              const tree_node *value, const char *path, void *place)
{
    (void)reader;
    static const fel_param_kind kinds[] = {
        [SCHEMA_REAL] = FEL_PARAM_REAL,
        [SCHEMA_INTEGER] = FEL_PARAM_INTEGER,
        [SCHEMA_BOOL] = FEL_PARAM_BOOL,
        [SCHEMA_CHOICE] = FEL_PARAM_CHOICE,
    };
    const fel_param_spec spec = {path,     kinds[key->kind], 0.0,     key->min,
                                 key->max, key->choices,     key->doc};
    double number = 0.0;
    FEL_TRY(schema_read_param(&spec, value, path, &number));
    if (key->kind == SCHEMA_REAL) {
        *(double *)place = number;
    } else if (key->kind == SCHEMA_INTEGER) {
        *(int64_t *)place = (int64_t)number;
    } else {
        *(int *)place = (int)number;
    }
    return FEL_OK;
}

static fel_status read_text(const schema_reader *reader, const schema_key *key,
                            const tree_node *value, const char *path, void *place)
{
    const char *text = "";
    FEL_TRY(schema_scalar(value, path, &text));
    const int is_free = key->kind == SCHEMA_TEXT || text[0] == '/' || reader->folder[0] == '\0';
    const char *copy = is_free ? arena_text(reader->memory, text)
                               : arena_printf(reader->memory, "%s/%s", reader->folder, text);
    if (copy == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the study's texts");
    }
    *(const char **)place = copy;
    return FEL_OK;
}

static fel_status read_list(const schema_reader *reader, const schema_key *key,
                            const tree_node *value, const char *path, void *place)
{
    if (value->kind != TREE_LIST || value->n == 0) {
        return schema_raise(FEL_ERR_FORMAT, value->mark, path,
                            "expected a list of maps such as "
                            "[{...}, {...}]");
    }
    char *items = arena_array(reader->memory, value->n, key->map->size);
    if (items == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the study's lists");
    }
    size_t i = 0;
    for (const tree_node *item = value->first; item != NULL; item = item->next, i++) {
        char item_path[SCHEMA_PATH_SIZE], number[24];
        (void)snprintf(number, sizeof(number), "%zu", i);
        schema_join(path, number, item_path, sizeof(item_path));
        FEL_TRY(schema_read(reader, key->map, item, item_path, items + i * key->map->size));
    }
    study_items *list = place;
    list->items = items;
    list->n = value->n;
    return FEL_OK;
}

static fel_status read_time(const schema_reader *reader, const schema_key *key,
                            const tree_node *value, const char *path, void *place)
{
    (void)reader;
    return schema_read_time(value, path, key->kind == SCHEMA_LAST_TIME, place);
}

static fel_status read_duration(const schema_reader *reader, const schema_key *key,
                                const tree_node *value, const char *path, void *place)
{
    (void)reader;
    (void)key;
    return schema_read_duration(value, path, place);
}

static fel_status read_span(const schema_reader *reader, const schema_key *key,
                            const tree_node *value, const char *path, void *place)
{
    (void)reader;
    (void)key;
    return schema_read_span(value, path, place);
}

static fel_status read_cash(const schema_reader *reader, const schema_key *key,
                            const tree_node *value, const char *path, void *place)
{
    (void)reader;
    (void)key;
    return schema_read_cash(value, path, place);
}

static fel_status read_words(const schema_reader *reader, const schema_key *key,
                             const tree_node *value, const char *path, void *place)
{
    (void)key;
    return schema_read_words(reader, value, path, place);
}

static fel_status read_map(const schema_reader *reader, const schema_key *key,
                           const tree_node *value, const char *path, void *place)
{
    return schema_read(reader, key->map, value, path, place);
}

static fel_status read_axes(const schema_reader *reader, const schema_key *key,
                            const tree_node *value, const char *path, void *place)
{
    (void)key;
    return schema_read_axes(reader, value, path, place);
}

static fel_status read_matrix(const schema_reader *reader, const schema_key *key,
                              const tree_node *value, const char *path, void *place)
{
    (void)key;
    return schema_read_matrix(reader, value, path, place);
}

static fel_status read_named(const schema_reader *reader, const schema_key *key,
                             const tree_node *value, const char *path, void *place)
{
    return study_read_named(reader, value, key->choices, path, place);
}

static fel_status read_names(const schema_reader *reader, const schema_key *key,
                             const tree_node *value, const char *path, void *place)
{
    return study_read_names(reader, value, key->choices, path, place);
}

static fel_status read_sizes(const schema_reader *reader, const schema_key *key,
                             const tree_node *value, const char *path, void *place)
{
    (void)key;
    return schema_read_sizes(reader, value, path, place);
}

fel_status schema_read_value(const schema_reader *reader, const schema_key *key,
                             const tree_node *value, const char *path, void *place)
{
    static fel_status (*const readers[])(const schema_reader *, const schema_key *,
                                         const tree_node *, const char *, void *) = {
        [SCHEMA_TEXT] = read_text,         [SCHEMA_PATH] = read_text,
        [SCHEMA_REAL] = read_number,       [SCHEMA_INTEGER] = read_number,
        [SCHEMA_BOOL] = read_number,       [SCHEMA_CHOICE] = read_number,
        [SCHEMA_TIME] = read_time,         [SCHEMA_LAST_TIME] = read_time,
        [SCHEMA_DURATION] = read_duration, [SCHEMA_SPAN] = read_span,
        [SCHEMA_CASH] = read_cash,         [SCHEMA_WORDS] = read_words,
        [SCHEMA_MAP] = read_map,           [SCHEMA_LIST] = read_list,
        [SCHEMA_AXES] = read_axes,         [SCHEMA_MATRIX] = read_matrix,
        [SCHEMA_NAMED] = read_named,       [SCHEMA_NAMES] = read_names,
        [SCHEMA_SIZES] = read_sizes,
    };
    return readers[key->kind](reader, key, value, path, place);
}

/* ---- defaults -------------------------------------------------------------------------------- */

/* How a struct says that a key was not given. */
static void write_absent(const schema_key *key, void *place)
{
    if (key->kind == SCHEMA_REAL) {
        *(double *)place = (double)NAN;
    } else if (key->kind == SCHEMA_BOOL || key->kind == SCHEMA_CHOICE) {
        *(int *)place = -1;
    } else if (key->kind == SCHEMA_INTEGER || key->kind == SCHEMA_TIME ||
               key->kind == SCHEMA_LAST_TIME) {
        *(int64_t *)place = INT64_MIN;
    }
}

/* A map that is not in the file still has its keys' defaults. */
static fel_status read_default(const schema_reader *reader, const schema_key *key,
                               const tree_node *map_node, const char *path, void *place)
{
    if (key->is_required && !reader->is_absent) {
        return schema_raise(FEL_ERR_FORMAT, map_node->mark, path, "the key is required: %s",
                            key->doc);
    }
    if (key->kind == SCHEMA_MAP) {
        tree_node empty = {.kind = TREE_MAP, .mark = map_node->mark};
        schema_reader inside = *reader;
        inside.is_absent = 1;
        return schema_read(&inside, key->map, &empty, path, place);
    }
    if (key->default_text == NULL) {
        write_absent(key, place);
        return FEL_OK;
    }
    const tree_node value = {
        .kind = TREE_SCALAR, .mark = {"default", 0, 0}, .text = key->default_text};
    return schema_read_value(reader, key, &value, path, place);
}

/* ---- maps ------------------------------------------------------------------------------------ */

static const schema_key *find_key(const schema_map *map, const char *name)
{
    for (size_t i = 0; i < map->n; i++) {
        if (strcmp(map->keys[i].name, name) == 0) {
            return &map->keys[i];
        }
    }
    return NULL;
}

static size_t list_names(const schema_map *map, const void *out, const char **names)
{
    size_t n = 0;
    for (; n < map->n && n < SCHEMA_MAX_NAMES; n++) {
        names[n] = map->keys[n].name;
    }
    if (map->extra != NULL) {
        n += map->extra->names(out, names + n, SCHEMA_MAX_NAMES - n);
    }
    return n;
}

/* The nearest name if there is one, else all of them. */
static fel_status raise_unknown(const schema_map *map, const tree_node *child, const char *path,
                                const void *out)
{
    const char *names[SCHEMA_MAX_NAMES] = {NULL};
    const size_t n = list_names(map, out, names);
    const size_t near = nearest_name(child->key, names, n);
    if (near < n) {
        return schema_raise(FEL_ERR_FORMAT, child->key_mark, path,
                            "unknown key; did you mean \"%s\"?", names[near]);
    }
    char list[320] = "";
    size_t used = 0;
    for (size_t i = 0; i < n && used < sizeof(list); i++) {
        const int length =
            snprintf(list + used, sizeof(list) - used, "%s%s", i == 0 ? "" : ", ", names[i]);
        used += length > 0 ? (size_t)length : 0;
    }
    return schema_raise(FEL_ERR_FORMAT, child->key_mark, path, "unknown key; allowed: %s%s", list,
                        used >= sizeof(list) ? " ..." : "");
}

static int is_extra(const schema_map *map, const void *out, const char *name)
{
    const char *names[SCHEMA_MAX_NAMES] = {NULL};
    const size_t n = map->extra == NULL ? 0 : map->extra->names(out, names, SCHEMA_MAX_NAMES);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(names[i], name) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Keys of the table, present or not. */
static fel_status read_table(const schema_reader *reader, const schema_map *map,
                             const tree_node *node, const char *path, char *out)
{
    for (size_t i = 0; i < map->n; i++) {
        const schema_key *key = &map->keys[i];
        const tree_node *child = tree_child(node, key->name);
        char name[SCHEMA_PATH_SIZE];
        schema_join(path, key->name, name, sizeof(name));
        if (child != NULL) {
            FEL_TRY(schema_read_value(reader, key, child, name, out + key->offset));
        } else {
            FEL_TRY(read_default(reader, key, node, name, out + key->offset));
        }
    }
    return FEL_OK;
}

/* Keys that the strategy or the cost models own. */
static fel_status read_others(const schema_reader *reader, const schema_map *map,
                              const tree_node *node, const char *path, void *out)
{
    for (const tree_node *child = node->first; child != NULL; child = child->next) {
        char name[SCHEMA_PATH_SIZE];
        if (find_key(map, child->key) != NULL) {
            continue;
        }
        schema_join(path, child->key, name, sizeof(name));
        if (!is_extra(map, out, child->key)) {
            return raise_unknown(map, child, name, out);
        }
        FEL_TRY(map->extra->read(reader, child, name, out));
    }
    return FEL_OK;
}

/* A misspelt key is the likely cause of a missing one: say the first before the second. */
static fel_status refuse_unknown(const schema_map *map, const tree_node *node, const char *path,
                                 const void *out)
{
    for (const tree_node *child = node->first; child != NULL && map->extra == NULL;
         child = child->next) {
        char name[SCHEMA_PATH_SIZE];
        schema_join(path, child->key, name, sizeof(name));
        if (find_key(map, child->key) == NULL) {
            return raise_unknown(map, child, name, out);
        }
    }
    return FEL_OK;
}

fel_status schema_read(const schema_reader *reader, const schema_map *map, const tree_node *node,
                       const char *path, void *out)
{
    if (node->kind != TREE_MAP) {
        const char *names[SCHEMA_MAX_NAMES] = {NULL};
        const size_t n = list_names(map, out, names);
        return schema_raise(FEL_ERR_FORMAT, node->mark, path,
                            "expected a map of keys and values such as {%s: ...}",
                            n > 0 ? names[0] : "key");
    }
    FEL_TRY(refuse_unknown(map, node, path, out));
    FEL_TRY(read_table(reader, map, node, path, out));
    if (map->extra != NULL) {
        FEL_TRY(map->extra->begin(reader, node, path, out));
        FEL_TRY(read_others(reader, map, node, path, out));
    }
    return map->check != NULL ? map->check(node, path, out) : FEL_OK;
}
