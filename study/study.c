/* study/study.c - a study file from disk to typed values, with overrides and variants. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "study/study_folder_internal.h"

enum { MAX_FILE_BYTES = 1 << 22 };

const char *fel_study_name(const fel_study *study)
{
    return study->values.name;
}

void fel_study_destroy(fel_study *study)
{
    if (study == NULL) {
        return;
    }
    fel_library_close(study->values.strategy.library);
    arena_free(&study->memory);
    free(study);
}

/* ---- the file -------------------------------------------------------------------------------- */

/* The whole of a stream, up to a size that no study has. */
static fel_status read_stream(FILE *file, const char *path, arena *memory, const char **text,
                              size_t *size)
{
    size_t n = 0, capacity = 1 << 14;
    char *buffer = malloc(capacity);
    while (buffer != NULL && n <= MAX_FILE_BYTES) {
        n += fread(buffer + n, 1, capacity - n, file);
        if (n < capacity) {
            break;
        }
        capacity *= 2;
        char *larger = realloc(buffer, capacity);
        if (larger == NULL) {
            free(buffer);
        }
        buffer = larger;
    }
    fel_status status = FEL_OK;
    char *copy = buffer == NULL ? NULL : arena_alloc(memory, n + 1);
    if (copy == NULL) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "%s: out of memory", path);
    } else if (ferror(file)) {
        status = FEL_RAISE(FEL_ERR_IO, "%s: cannot read: %s", path, strerror(errno));
    } else if (n > MAX_FILE_BYTES) {
        status = FEL_RAISE(FEL_ERR_FORMAT, "%s: larger than 4 MiB: not a study file", path);
    } else {
        memcpy(copy, buffer, n);
        copy[n] = '\0';
        *text = copy;
        *size = n;
    }
    free(buffer);
    return status;
}

static fel_status read_file(fel_study *study)
{
    FILE *file = fopen(study->path, "rb");
    if (file == NULL) {
        return FEL_RAISE(FEL_ERR_IO, "%s: cannot open: %s", study->path, strerror(errno));
    }
    const fel_status status =
        read_stream(file, study->path, &study->memory, &study->text, &study->text_size);
    (void)fclose(file);
    return status;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* "studies/sma.yaml" is named sma unless it says otherwise. */
static const char *name_of_file(arena *memory, const char *path)
{
    const char *slash = strrchr(path, '/');
    char *name = arena_text(memory, slash != NULL ? slash + 1 : path);
    char *dot = name != NULL ? strrchr(name, '.') : NULL;
    if (dot != NULL && dot != name) {
        *dot = '\0';
    }
    return name;
}

/* A date without a time of day, which is a day of the data's zone. */
static int is_day(const fel_study *study, const char *key)
{
    const tree_node *node = tree_child(study->root, key);
    return node != NULL && node->kind == TREE_SCALAR && time_is_day(node->text);
}

static fel_status read_values(fel_study *study)
{
    const schema_reader reader = {&study->memory, study->folder, 0};
    study_values *values = &study->values;
    const int is_calibration = tree_child(study->root, "calibrate") != NULL;
    const int is_hedging = tree_child(study->root, "hedge") != NULL;
    const schema_map *schema = is_hedging       ? &study_hedging_schema
                               : is_calibration ? &study_calibration_schema
                                                : &study_schema;
    if (is_hedging) {
        FEL_TRY(study_share_policy(&study->memory, study->root));
    }
    FEL_TRY(schema_read(&reader, schema, study->root, "", values));
    values->calibrate.is_present = is_calibration && !is_hedging;
    values->hedge.is_present = is_hedging;
    values->lives.is_present = is_hedging && tree_child(study->root, "lives") != NULL;
    if (values->name == NULL) {
        values->name = name_of_file(&study->memory, study->path);
    }
    if (values->currency == NULL) {
        values->currency = values->cash.currency[0] != '\0' ? values->cash.currency : "USD";
    }
    if (values->name == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the study's name");
    }
    if (is_calibration || is_hedging) {
        return study_check_name(study);
    }
    values->end_ns = values->end_ns == INT64_MIN ? FEL_TIME_MAX : values->end_ns;
    values->holdout_ns = values->holdout_ns == INT64_MIN ? FEL_TIME_MAX : values->holdout_ns;
    values->start_is_day = is_day(study, "start");
    values->end_is_day = is_day(study, "end");
    values->holdout_is_day = is_day(study, "holdout");
    values->hedger.is_present = tree_child(study->root, "hedger") != NULL;
    values->walk.is_present = tree_child(study->root, "walk_forward") != NULL;
    values->bootstrap.is_present = tree_child(study->root, "bootstrap") != NULL;
    FEL_TRY(study_find_metrics(study));
    return study_check_values(study);
}

/* The file's tree with the overrides put in, in their order: later ones win. */
static fel_status build_tree(fel_study *study)
{
    FEL_TRY(tree_parse(&study->root, &study->memory, study->path, study->text, study->text_size));
    if (study->root->kind != TREE_MAP) {
        return schema_raise(FEL_ERR_FORMAT, study->root->mark, "",
                            "expected a map of keys and values such as \"name: my-study\"");
    }
    for (size_t i = 0; i < study->n_overrides; i++) {
        FEL_TRY(tree_override(&study->memory, study->root, study->overrides[i]));
    }
    return FEL_OK;
}

/* The caller's texts may go; variants need them again. */
static fel_status copy_overrides(fel_study *study, const char *const *overrides, size_t n)
{
    const char **copies = arena_array(&study->memory, n + 1, sizeof(*copies));
    for (size_t i = 0; copies != NULL && i < n; i++) {
        copies[i] = arena_text(&study->memory, overrides[i]);
        copies = copies[i] == NULL ? NULL : copies;
    }
    study->overrides = copies;
    study->n_overrides = n;
    return copies != NULL ? FEL_OK : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for overrides");
}

/* Relative paths in a study start from the folder that it lies in. */
static fel_status name_paths(fel_study *study, const char *path)
{
    study->path = arena_text(&study->memory, path);
    char *folder = arena_text(&study->memory, path);
    if (study->path == NULL || folder == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the study's path");
    }
    char *slash = strrchr(folder, '/');
    folder[slash == NULL ? 0 : slash == folder ? 1 : slash - folder] = '\0';
    study->folder = folder;
    return FEL_OK;
}

/* text NULL: from the file. */
static fel_status load(fel_study *study, const char *path, const char *text,
                       const char *const *overrides, size_t n)
{
    FEL_TRY(name_paths(study, path));
    FEL_TRY(copy_overrides(study, overrides, n));
    if (text == NULL) {
        FEL_TRY(read_file(study));
    } else {
        study->text = arena_text(&study->memory, text);
        study->text_size = strlen(text);
        if (study->text == NULL) {
            return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a study's text");
        }
    }
    FEL_TRY(build_tree(study));
    return read_values(study);
}

fel_status fel_study_load(fel_study **out, const char *path, const char *const *overrides,
                          size_t n_overrides)
{
    return study_load_text(out, path, NULL, overrides, n_overrides);
}

fel_status study_load_text(fel_study **out, const char *path, const char *text,
                           const char *const *overrides, size_t n_overrides)
{
    fel_study *study = calloc(1, sizeof(*study));
    if (study == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a study");
    }
    const fel_status status = load(study, path, text, overrides, n_overrides);
    if (status != FEL_OK) {
        fel_study_destroy(study);
        return status;
    }
    *out = study;
    return FEL_OK;
}

/* ---- variants -------------------------------------------------------------------------------- */

static int is_of(const study_axes *axes, const char *key)
{
    for (size_t i = 0; i < axes->n; i++) {
        if (strcmp(axes->items[i].key, key) == 0) {
            return 1;
        }
    }
    return 0;
}

/* What made the base a variant, then what is asked for: a search within a sweep needs both. */
static fel_status join_picks(fel_study *study, const fel_study *base, const study_pick *picks,
                             size_t n_picks)
{
    study_pick *all = arena_array(&study->memory, base->n_picks + n_picks + 1, sizeof(*all));
    if (all == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a variant");
    }
    for (size_t i = 0; i < base->n_picks; i++) {
        all[i] = base->picks[i];
    }
    for (size_t i = 0; i < n_picks; i++) {
        all[base->n_picks + i] = picks[i];
    }
    study->picks = all;
    study->n_picks = base->n_picks + n_picks;
    return FEL_OK;
}

/* The base's text again, so that a variant is checked by the same code as a study. */
static fel_status vary(fel_study *study, const fel_study *base, const study_pick *picks,
                       size_t n_picks)
{
    FEL_TRY(build_tree(study));
    FEL_TRY(join_picks(study, base, picks, n_picks));
    tree_drop(study->root, "sweep");
    if (n_picks > 0 && is_of(&base->values.search, picks[0].key)) {
        tree_drop(study->root, "search");
    }
    study->is_variant = 1;
    for (size_t i = 0; i < study->n_picks; i++) {
        const study_pick *pick = &study->picks[i];
        FEL_TRY(tree_put(&study->memory, study->root, pick->key, pick->value, pick->value->mark));
    }
    return read_values(study);
}

fel_status study_vary(fel_study **out, const fel_study *base, const study_pick *picks,
                      size_t n_picks)
{
    fel_study *study = calloc(1, sizeof(*study));
    if (study == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a variant");
    }
    study->path = base->path;
    study->folder = base->folder;
    study->text = base->text;
    study->text_size = base->text_size;
    study->overrides = base->overrides;
    study->n_overrides = base->n_overrides;
    const fel_status status = vary(study, base, picks, n_picks);
    if (status != FEL_OK) {
        fel_study_destroy(study);
        return status;
    }
    *out = study;
    return FEL_OK;
}
