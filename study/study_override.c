/* study/study_override.c - values put into a study's tree from outside the file: --set, sweeps. */
#include <stdio.h>
#include <string.h>

#include "study/study_tree_internal.h"

/* Keys whose children are themselves dotted paths. */
static int holds_paths(const char *key)
{
    return strcmp(key, "sweep") == 0 || strcmp(key, "search") == 0;
}

static fel_status raise_path(tree_mark mark, const char *path, const char *what)
{
    char where[FILENAME_MAX];
    tree_mark_text(mark, where, sizeof(where));
    return FEL_RAISE(FEL_ERR_ARG, "%s: %s: %s", where, path, what);
}

static tree_node *list_item(const tree_node *list, const char *word)
{
    size_t index = 0, digits = strspn(word, "0123456789");
    if (digits == 0 || word[digits] != '\0' || digits > 6) {
        return NULL;
    }
    for (const char *c = word; *c != '\0'; c++) {
        index = index * 10 + (size_t)(*c - '0');
    }
    tree_node *item = list->first;
    while (item != NULL && index-- > 0) {
        item = item->next;
    }
    return item;
}

static tree_node *add_child(arena *memory, tree_node *map, const char *key, tree_mark mark)
{
    tree_node *node = arena_alloc(memory, sizeof(*node));
    char *name = arena_text(memory, key);
    if (node == NULL || name == NULL) {
        return NULL;
    }
    node->kind = TREE_MAP;
    node->key = name;
    node->mark = mark;
    node->key_mark = mark;
    tree_node **at = &map->first;
    while (*at != NULL) {
        at = &(*at)->next;
    }
    *at = node;
    map->n++;
    return node;
}

/* The node at one step below `node`, made where a map has none; NULL where the step cannot be. */
static tree_node *step(arena *memory, tree_node *node, const char *word, tree_mark mark)
{
    if (node->kind == TREE_LIST) {
        return list_item(node, word);
    }
    if (node->kind != TREE_MAP) {
        return NULL;
    }
    tree_node *child = tree_child(node, word);
    return child != NULL ? child : add_child(memory, node, word, mark);
}

static void overwrite(tree_node *node, const tree_node *value, tree_mark mark)
{
    node->kind = value->kind;
    node->text = value->text;
    node->first = value->first;
    node->n = value->n;
    node->mark = mark;
    node->key_mark = mark;
}

fel_status tree_put(arena *memory, tree_node *root, const char *path, const tree_node *value,
                    tree_mark mark)
{
    tree_node *node = root;
    char *rest = arena_text(memory, path);
    if (rest == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for an override");
    }
    if (rest[0] == '\0' || rest[0] == '.' || rest[strlen(rest) - 1] == '.' ||
        strstr(rest, "..") != NULL) {
        return raise_path(mark, path, "not a path of keys joined by points");
    }
    int is_last = 0;
    while (!is_last) {
        char *dot = node->key != NULL && holds_paths(node->key) ? NULL : strchr(rest, '.');
        is_last = dot == NULL;
        if (dot != NULL) {
            *dot = '\0';
        }
        const int was_list = node->kind == TREE_LIST;
        node = step(memory, node, rest, mark);
        if (node == NULL) {
            return raise_path(mark, path,
                              was_list ? "the list has no item of that number, they count from 0"
                                       : "a value stands where the path goes on");
        }
        rest = dot != NULL ? dot + 1 : rest;
    }
    overwrite(node, value, mark);
    return FEL_OK;
}

/* Give every node below the mark of an override: columns inside one argument help nobody. */
static void mark_all(tree_node *node, tree_mark mark)
{
    node->mark = mark;
    node->key_mark = mark;
    for (tree_node *child = node->first; child != NULL; child = child->next) {
        mark_all(child, mark);
    }
}

fel_status tree_override(arena *memory, tree_node *root, const char *assignment)
{
    const tree_mark mark = {"--set", 0, 0};
    const char *equals = strchr(assignment, '=');
    if (equals == NULL || equals == assignment || equals[1] == '\0') {
        return FEL_RAISE(FEL_ERR_ARG, "--set: \"%s\" is not key.path=value", assignment);
    }
    char *path = arena_text(memory, assignment);
    if (path == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for an override");
    }
    path[equals - assignment] = '\0';
    tree_node *value = NULL;
    FEL_TRY(tree_parse(&value, memory, "--set", equals + 1, strlen(equals + 1)));
    mark_all(value, mark);
    return tree_put(memory, root, path, value, mark);
}
