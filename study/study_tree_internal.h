/* study/study_tree_internal.h - a YAML document as a tree in which every node knows where it came
 * from. */
#ifndef FEL_STUDY_TREE_H
#define FEL_STUDY_TREE_H

#ifndef FEL_MODULE_STUDY
#error "study/study_tree_internal.h belongs to study/"
#endif

#include "core/core.h"

typedef enum tree_kind { TREE_SCALAR, TREE_LIST, TREE_MAP } tree_kind;

/* Where a text stands; line and column from 1, line 0: not in a file (an override). */
typedef struct tree_mark {
    const char *file; /* as the user named it, or "--set" */
    size_t line, column;
} tree_mark;

/* All memory belongs to an arena; a tree is changed only by tree_put() before it is read. */
typedef struct tree_node {
    tree_kind kind;
    tree_mark mark;
    tree_mark key_mark;             /* of the key, in maps */
    const char *key;                /* in maps; NULL elsewhere */
    const char *text;               /* scalars; never NULL there */
    struct tree_node *first, *next; /* children; next sibling */
    size_t n;                       /* children */
} tree_node;

/* Parse one YAML document. `file` names it in messages and must outlive the arena. ERR_FORMAT with
 * file:line:column for text that is not YAML, repeated keys, more than one document. */
fel_status tree_parse(tree_node **out, arena *memory, const char *file, const char *text,
                      size_t size);

/* The child of a map with this key, or NULL. */
tree_node *tree_child(const tree_node *map, const char *key);

/* Put a copy of `value` at a dotted path ("costs.fee_bps", "data.0.file"), making maps on the way;
 * below "sweep" and "search" the rest of the path is one key. ERR_ARG where the path does not fit.
 */
fel_status tree_put(arena *memory, tree_node *root, const char *path, const tree_node *value,
                    tree_mark mark);

/* Split "path=value" and put the value, parsed as YAML, at the path; positions read "--set". */
fel_status tree_override(arena *memory, tree_node *root, const char *assignment);

/* The value in one line: text, [a, b], {key: value}; NULL without memory. */
const char *tree_text(arena *memory, const tree_node *node);

/* Remove the child of a map with this key, if there. */
void tree_drop(tree_node *map, const char *key);

/* "study.yaml:3:7" or "--set" in text[0..size); always terminated. */
void tree_mark_text(tree_mark mark, char *text, size_t size);

#endif
