/* study/study_schema_internal.h - tables of keys that say what a study file may hold, and the
 * reader that turns a tree into typed values by them.
 *
 * A value is stored at an offset in a plain struct. Absent and without a default it reads: text
 * NULL, number NaN, whole number and time INT64_MIN, choice and truth -1, span of unit SPAN_NONE.
 */
#ifndef FEL_STUDY_SCHEMA_H
#define FEL_STUDY_SCHEMA_H

#ifndef FEL_MODULE_STUDY
#error "study/study_schema_internal.h belongs to study/"
#endif

#include "study/study_tree_internal.h"

typedef enum schema_kind {
    SCHEMA_TEXT = 0,      /* const char * */
    SCHEMA_PATH = 1,      /* const char *, made relative to the study's folder */
    SCHEMA_REAL = 2,      /* double */
    SCHEMA_INTEGER = 3,   /* int64_t */
    SCHEMA_BOOL = 4,      /* int */
    SCHEMA_CHOICE = 5,    /* int: place in `choices` */
    SCHEMA_TIME = 6,      /* int64_t ns UTC; a date is its first instant */
    SCHEMA_LAST_TIME = 7, /* int64_t ns UTC; a date is its last instant */
    SCHEMA_DURATION = 8,  /* int64_t ns > 0 */
    SCHEMA_SPAN = 9,      /* study_span */
    SCHEMA_CASH = 10,     /* study_cash */
    SCHEMA_WORDS = 11,    /* study_words: a list of texts, or one */
    SCHEMA_MAP = 12,      /* the struct itself, read by `map` */
    SCHEMA_LIST = 13,     /* study_items of structs read by `map` */
    SCHEMA_AXES = 14,     /* study_axes: {any.key: [values]} */
    SCHEMA_MATRIX = 15,   /* study_matrix: [[1, 0.5], [0.5, 1]] */
    SCHEMA_NAMED = 16,    /* study_named, of the table that `choices` names */
    SCHEMA_NAMES = 17,    /* study_items of study_named: a list, or one */
    SCHEMA_SIZES = 18     /* study_sizes: [64, 32], or one */
} schema_kind;

typedef enum study_unit { SPAN_NONE = 0, SPAN_BARS, SPAN_NS, SPAN_MONTHS } study_unit;

/* "5" is bars; "30m", "5d", "1w" is time; "6mo", "4y" is calendar months. */
typedef struct study_span {
    study_unit unit;
    int64_t amount;
} study_span;

typedef struct study_cash {
    double amount;
    char currency[8]; /* "" where the text has none */
} study_cash;

typedef struct study_words {
    const char *const *items;
    size_t n;
} study_words;

typedef struct study_items {
    void *items;
    size_t n;
} study_items;

/* One list of values to try for one key; the nodes keep the positions for messages. */
typedef struct study_axis {
    const char *key;
    const tree_node *const *values;
    size_t n;
} study_axis;

typedef struct study_axes {
    const study_axis *items;
    size_t n;
} study_axes;

/* Whole numbers above 0. */
typedef struct study_sizes {
    size_t *items;
    size_t n;
} study_sizes;

/* Square, row-major. */
typedef struct study_matrix {
    const double *values;
    size_t n;
} study_matrix;

typedef struct schema_map schema_map;

typedef struct schema_key {
    const char *name;
    schema_kind kind;
    int is_required;
    size_t offset;
    double min, max;          /* REAL and INTEGER */
    const char *choices;      /* CHOICE: "a|b|c"; NAMED, NAMES: the table */
    const char *default_text; /* NULL: absent */
    const schema_map *map;    /* MAP and LIST */
    const char *doc;          /* one line, no full stop */
} schema_key;

/* What one reading needs beside the tables. */
typedef struct schema_reader {
    arena *memory;
    const char *folder; /* that relative paths start from */
    int is_absent;      /* inside a map that is not there: nothing in it is required */
} schema_reader;

/* Keys that come from another table (strategies' parameters, cost models). */
typedef struct schema_extra {
    /* Before any extra key: find the table. `node` is the map, `path` its name, `out` its struct.
     */
    fel_status (*begin)(const schema_reader *reader, const tree_node *node, const char *path,
                        void *out);
    /* Names of the extra keys; at most n_max. */
    size_t (*names)(const void *out, const char **names, size_t n_max);
    /* One extra key's value; `path` is its full name. */
    fel_status (*read)(const schema_reader *reader, const tree_node *value, const char *path,
                       void *out);
} schema_extra;

struct schema_map {
    const schema_key *keys;
    size_t n;
    size_t size; /* of the struct */
    const schema_extra *extra;
    /* Contradictions inside one map, after all keys were read; may be NULL. */
    fel_status (*check)(const tree_node *node, const char *path, const void *out);
};

enum { SCHEMA_PATH_SIZE = 256, SCHEMA_MAX_NAMES = 128 };

/* Read a map; `path` is "" for the study itself. Messages carry position, key, what is allowed. */
fel_status schema_read(const schema_reader *reader, const schema_map *map, const tree_node *node,
                       const char *path, void *out);

/* Read one scalar, list or map value of a key into its place. */
fel_status schema_read_value(const schema_reader *reader, const schema_key *key,
                             const tree_node *value, const char *path, void *place);

/* Raise "position: path: message". */
fel_status schema_raise(fel_status status, tree_mark mark, const char *path, const char *format,
                        ...) FEL_PRINTF(4, 5);
/* Put the position before the calling thread's last message and keep its status. */
fel_status schema_raise_again(tree_mark mark);

/* A number, truth or word by a parameter row, with `path` as its name in messages. */
fel_status schema_read_param(const fel_param_spec *spec, const tree_node *value, const char *path,
                             double *out);

/* The text of a scalar; ERR_FORMAT for lists and maps and for empty values. */
fel_status schema_scalar(const tree_node *value, const char *path, const char **text);

/* "path.name", or "name" where path is "". */
void schema_join(const char *path, const char *name, char *out, size_t size);

/* Values of the kinds that are more than a number or a word; place as in schema_kind. */
int time_is_day(const char *text); /* a date without a time of day */
fel_status schema_read_time(const tree_node *value, const char *path, int is_last, int64_t *out);
fel_status schema_read_duration(const tree_node *value, const char *path, int64_t *out);
fel_status schema_read_span(const tree_node *value, const char *path, study_span *out);
fel_status schema_read_cash(const tree_node *value, const char *path, study_cash *out);
fel_status schema_read_words(const schema_reader *reader, const tree_node *value, const char *path,
                             study_words *out);
fel_status schema_read_sizes(const schema_reader *reader, const tree_node *value, const char *path,
                             study_sizes *out);
fel_status schema_read_axes(const schema_reader *reader, const tree_node *value, const char *path,
                            study_axes *out);
fel_status schema_read_matrix(const schema_reader *reader, const tree_node *value, const char *path,
                              study_matrix *out);

#endif
