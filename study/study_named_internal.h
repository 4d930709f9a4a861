/* study/study_named_internal.h - values that name a row of a table and may give its parameters:
 * gmadl, {gmadl: 100} (its first parameter) or {gmadl: {a: 100, b: 2}}. */
#ifndef FEL_STUDY_NAMED_H
#define FEL_STUDY_NAMED_H

#ifndef FEL_MODULE_STUDY
#error "study/study_named_internal.h belongs to study/"
#endif

#include "study/study_schema_internal.h"

/* A row of a table with its parameters; name NULL: absent. */
typedef struct study_named {
    const char *name;
    const void *code; /* the table's own class */
    const fel_param_spec *specs;
    size_t n_params;
    double *params;
    int takes_word;   /* a text, such as a column's name, may stand for the parameters */
    const char *word; /* it; or NULL */
    tree_mark mark;
} study_named;

/* `table` is the word that a key has as its choices: "loss", "feature", ... */
fel_status study_read_named(const schema_reader *reader, const tree_node *value, const char *table,
                            const char *path, study_named *out);

/* A list of them, or one: study_items of study_named. */
fel_status study_read_names(const schema_reader *reader, const tree_node *value, const char *table,
                            const char *path, study_items *out);

/* "gmadl a=100 b=2", or just the name where there are no parameters. */
const char *study_named_text(arena *memory, const study_named *named);

#endif
