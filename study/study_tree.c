/* study/study_tree.c - libyaml's document tree turned into ours, which overrides can change.
 *
 * libyaml keeps children in stacks of numbers and cannot replace a node; our copy can, and the copy
 * is where repeated keys, cycles of aliases and documents of absurd size are refused. */
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "study/study_tree_internal.h"

enum { MAX_DEPTH = 16, MAX_NODES = 50000 };

typedef struct tree_copy {
    arena *memory;
    const char *file;
    yaml_document_t *document;
    size_t n_nodes;
} tree_copy;

void tree_mark_text(tree_mark mark, char *text, size_t size)
{
    if (mark.line == 0) {
        (void)snprintf(text, size, "%s", mark.file);
    } else {
        (void)snprintf(text, size, "%s:%zu:%zu", mark.file, mark.line, mark.column);
    }
}

static fel_status raise_at(tree_mark mark, const char *what)
{
    char where[FILENAME_MAX];
    tree_mark_text(mark, where, sizeof(where));
    return FEL_RAISE(FEL_ERR_FORMAT, "%s: %s", where, what);
}

static tree_mark mark_of(const tree_copy *copy, yaml_mark_t at)
{
    const tree_mark mark = {copy->file, at.line + 1, at.column + 1};
    return mark;
}

tree_node *tree_child(const tree_node *map, const char *key)
{
    for (tree_node *child = map->first; child != NULL; child = child->next) {
        if (child->key != NULL && strcmp(child->key, key) == 0) {
            return child;
        }
    }
    return NULL;
}

static void append(tree_node *parent, tree_node *child)
{
    tree_node **at = &parent->first;
    while (*at != NULL) {
        at = &(*at)->next;
    }
    *at = child;
    parent->n++;
}

static fel_status copy_node(tree_copy *copy, int index, size_t depth, tree_node **out);

static fel_status copy_list(tree_copy *copy, const yaml_node_t *from, size_t depth, tree_node *node)
{
    tree_node **end = &node->first;
    for (const yaml_node_item_t *item = from->data.sequence.items.start;
         item < from->data.sequence.items.top; item++) {
        FEL_TRY(copy_node(copy, *item, depth + 1, end));
        end = &(*end)->next;
        node->n++;
    }
    return FEL_OK;
}

static fel_status copy_pair(tree_copy *copy, const yaml_node_pair_t *pair, size_t depth,
                            tree_node *node)
{
    const yaml_node_t *key = yaml_document_get_node(copy->document, pair->key);
    const tree_mark at = mark_of(copy, key->start_mark);
    if (key->type != YAML_SCALAR_NODE) {
        return raise_at(at, "a key must be a plain word");
    }
    const char *name = arena_text(copy->memory, (const char *)key->data.scalar.value);
    if (name == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the study's keys");
    }
    if (tree_child(node, name) != NULL) {
        char where[FILENAME_MAX];
        tree_mark_text(at, where, sizeof(where));
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: %s: the key is there twice", where, name);
    }
    tree_node *child = NULL;
    FEL_TRY(copy_node(copy, pair->value, depth + 1, &child));
    child->key = name;
    child->key_mark = at;
    append(node, child);
    return FEL_OK;
}

static fel_status copy_map(tree_copy *copy, const yaml_node_t *from, size_t depth, tree_node *node)
{
    for (const yaml_node_pair_t *pair = from->data.mapping.pairs.start;
         pair < from->data.mapping.pairs.top; pair++) {
        FEL_TRY(copy_pair(copy, pair, depth, node));
    }
    return FEL_OK;
}

static fel_status copy_node(tree_copy *copy, int index, size_t depth, tree_node **out)
{
    const yaml_node_t *from = yaml_document_get_node(copy->document, index);
    const tree_mark at = mark_of(copy, from->start_mark);
    /* An alias may name a node that holds it: depth and count end that too. */
    if (depth > MAX_DEPTH) {
        return raise_at(at, "nested deeper than 16 levels");
    }
    if (++copy->n_nodes > MAX_NODES) {
        return raise_at(at, "more than 50000 values in one study");
    }
    tree_node *node = arena_alloc(copy->memory, sizeof(*node));
    if (node == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the study's tree");
    }
    node->mark = at;
    *out = node;
    if (from->type == YAML_SEQUENCE_NODE) {
        node->kind = TREE_LIST;
        return copy_list(copy, from, depth, node);
    }
    if (from->type == YAML_MAPPING_NODE) {
        node->kind = TREE_MAP;
        return copy_map(copy, from, depth, node);
    }
    node->kind = TREE_SCALAR;
    node->text = arena_text(copy->memory, (const char *)from->data.scalar.value);
    if (node->text == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the study's values");
    }
    if (strlen(node->text) != from->data.scalar.length) {
        return raise_at(at, "a zero byte in a value");
    }
    return FEL_OK;
}

/* libyaml says where it gave up in one of two places. */
static fel_status raise_parser(const yaml_parser_t *parser, const char *file)
{
    const char *problem = parser->problem != NULL ? parser->problem : "not YAML";
    if (parser->error == YAML_MEMORY_ERROR) {
        return FEL_RAISE(FEL_ERR_NOMEM, "%s: out of memory", file);
    }
    if (parser->error == YAML_READER_ERROR) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: not a text file: %s at byte %zu", file, problem,
                         parser->problem_offset);
    }
    const tree_mark mark = {file, parser->problem_mark.line + 1, parser->problem_mark.column + 1};
    return raise_at(mark, problem);
}

static fel_status expect_end(yaml_parser_t *parser, const char *file)
{
    yaml_document_t second;
    if (yaml_parser_load(parser, &second) == 0) {
        return raise_parser(parser, file);
    }
    const int is_end = yaml_document_get_root_node(&second) == NULL;
    yaml_document_delete(&second);
    return is_end ? FEL_OK : FEL_RAISE(FEL_ERR_FORMAT, "%s: holds more than one document", file);
}

static fel_status copy_document(tree_node **out, tree_copy *copy, yaml_parser_t *parser)
{
    const yaml_node_t *root = yaml_document_get_root_node(copy->document);
    if (root == NULL) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: the file is empty", copy->file);
    }
    tree_node *node = NULL;
    FEL_TRY(copy_node(copy, 1, 0, &node));
    FEL_TRY(expect_end(parser, copy->file));
    *out = node;
    return FEL_OK;
}

fel_status tree_parse(tree_node **out, arena *memory, const char *file, const char *text,
                      size_t size)
{
    yaml_parser_t parser;
    yaml_document_t document;
    if (yaml_parser_initialize(&parser) == 0) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the YAML parser");
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
    fel_status status = FEL_OK;
    if (yaml_parser_load(&parser, &document) == 0) {
        status = raise_parser(&parser, file);
    } else {
        tree_copy copy = {memory, file, &document, 0};
        status = copy_document(out, &copy, &parser);
        yaml_document_delete(&document);
    }
    yaml_parser_delete(&parser);
    return status;
}

void tree_drop(tree_node *map, const char *key)
{
    for (tree_node **at = &map->first; *at != NULL; at = &(*at)->next) {
        if ((*at)->key != NULL && strcmp((*at)->key, key) == 0) {
            *at = (*at)->next;
            map->n--;
            return;
        }
    }
}

const char *tree_text(arena *memory, const tree_node *node)
{
    const int is_list = node->kind == TREE_LIST;
    if (node->kind == TREE_SCALAR) {
        return node->text;
    }
    const char *text = is_list ? "[" : "{";
    for (const tree_node *child = node->first; child != NULL && text != NULL; child = child->next) {
        const char *value = tree_text(memory, child);
        const char *comma = child == node->first ? "" : ", ";
        if (value == NULL) {
            return NULL;
        }
        text = is_list ? arena_printf(memory, "%s%s%s", text, comma, value)
                       : arena_printf(memory, "%s%s%s: %s", text, comma, child->key, value);
    }
    return text != NULL ? arena_printf(memory, "%s%s", text, is_list ? "]" : "}") : NULL;
}
