/* study/study_manifest.c - manifest.json: all that is needed to run a run again, and what it took.
 */
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "study/study_folder_internal.h"

enum { MANIFEST_VERSION = 1, FIXED_PAIRS = 8 };

/* ---- pairs ----------------------------------------------------------------------------------- */

typedef struct pair_list {
    arena *memory;
    fel_report_pair *items;
    size_t n;
    int is_out_of_memory;
} pair_list;

static void add_pair(pair_list *list, const char *key, const char *value)
{
    list->items[list->n].key = key;
    list->items[list->n].value = value;
    list->n++;
    list->is_out_of_memory = list->is_out_of_memory || key == NULL || value == NULL;
}

fel_status manifest_pairs(arena *memory, const fel_study *study, const dataset *data,
                          fel_report_pair **pairs, size_t *n)
{
    pair_list list = {.memory = memory};
    const size_t most = FIXED_PAIRS + study->n_overrides + data->inputs.n;
    list.items = arena_array(memory, most, sizeof(*list.items));
    if (list.items == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the manifest");
    }
    add_pair(&list, "feller", fel_version());
    add_pair(&list, "compiler", compiler_name());
    add_pair(&list, "cpu", fel_cpu_level());
    add_pair(&list, "seed", arena_printf(memory, "%lld", (long long)study->values.seed));
    add_pair(&list, "study", study->path);
    for (size_t i = 0; i < study->n_overrides; i++) {
        add_pair(&list, "--set", study->overrides[i]);
    }
    for (size_t i = 0; i < data->inputs.n; i++) {
        const dataset_input *input = &data->inputs.items[i];
        add_pair(&list, arena_printf(memory, "input %s", input->path),
                 arena_printf(memory, "XXH3 %s", input->hash));
    }
    if (list.is_out_of_memory) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the manifest");
    }
    *pairs = list.items;
    *n = list.n;
    return FEL_OK;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* A list made of items one by one; NULL when memory is out. */
static json_t *with_item(json_t *list, json_t *item)
{
    if (list != NULL && json_array_append_new(list, item) != 0) {
        json_decref(list);
        return NULL;
    }
    return list;
}

static json_t *inputs_json(const dataset *data)
{
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < data->inputs.n; i++) {
        const dataset_input *input = &data->inputs.items[i];
        list = with_item(list, json_pack("{s:s, s:s}", "path", input->path, "xxh3", input->hash));
    }
    return list;
}

static json_t *overrides_json(const fel_study *study)
{
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < study->n_overrides; i++) {
        list = with_item(list, json_string(study->overrides[i]));
    }
    return list;
}

/* JSON is UTF-8; a path or an override may be anything. */
static fel_status check_texts(const manifest_facts *facts)
{
    const fel_study *study = facts->study;
    int is_good = utf8_is_valid(study->path) && utf8_is_valid(study->folder) &&
                  utf8_is_valid(study->values.name);
    for (size_t i = 0; i < study->n_overrides; i++) {
        is_good = is_good && utf8_is_valid(study->overrides[i]);
    }
    for (size_t i = 0; i < facts->data->inputs.n; i++) {
        is_good = is_good && utf8_is_valid(facts->data->inputs.items[i].path);
    }
    return is_good ? FEL_OK
                   : FEL_RAISE(FEL_ERR_FORMAT, "the manifest cannot be written: a path or an "
                                               "override is not UTF-8");
}

/* Relative paths of the study start here, wherever reproduce is called from. */
static const char *absolute_folder(const fel_study *study, char *buffer)
{
    const char *folder = study->folder[0] != '\0' ? study->folder : ".";
    return realpath(folder, buffer) != NULL ? buffer : folder;
}

static json_t *manifest_json(const manifest_facts *facts)
{
    const fel_study *study = facts->study;
    char folder[PATH_MAX];
    return json_pack(
        "{s:s, s:i, s:s, s:s, s:s, s:I, s:{s:s, s:s, s:s, s:s, s:o}, s:o, s:s, s:b, s:b, s:b, s:b, "
        "s:{s:f, s:f, s:f, s:i}}",
        "schema", "feller-run", "schema_version", MANIFEST_VERSION, "version", fel_version(),
        "compiler", compiler_name(), "cpu", fel_cpu_level(), "seed", (json_int_t)study->values.seed,
        "study", "name", study->values.name, "path", study->path, "folder",
        absolute_folder(study, folder), "text", study->text, "overrides", overrides_json(study),
        "inputs", inputs_json(facts->data), "order_hash", facts->order_hash, "holdout",
        facts->use_holdout != 0, "html", facts->has_html != 0, "report", facts->has_report != 0,
        "stopped", facts->was_stopped, "wall", "data_seconds", facts->data_seconds, "run_seconds",
        facts->run_seconds, "total_seconds", facts->total_seconds, "threads", facts->n_threads);
}

static fel_status write_text(const char *folder, const char *name, const char *text, size_t size)
{
    char path[FOLDER_PATH_SIZE + 64];
    outfile file;
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    FEL_TRY(outfile_open(&file, path));
    (void)fwrite(text, 1, size, file.stream);
    return outfile_commit(&file);
}

/* Straight to the file: jansson's dump to a string can lose a piece when memory runs out. */
static fel_status write_json(const char *folder, const char *name, const json_t *root)
{
    char path[FOLDER_PATH_SIZE + 64];
    outfile file;
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    FEL_TRY(outfile_open(&file, path));
    if (json_dumpf(root, file.stream, JSON_INDENT(2) | JSON_REAL_PRECISION(6)) != 0 &&
        !ferror(file.stream)) {
        outfile_abandon(&file);
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the manifest");
    }
    (void)fputc('\n', file.stream);
    return outfile_commit(&file);
}

fel_status manifest_write(const manifest_facts *facts, const char *folder)
{
    FEL_TRY(check_texts(facts));
    json_t *root = manifest_json(facts);
    if (root == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the manifest");
    }
    fel_status status =
        write_text(folder, "study.yaml", facts->study->text, facts->study->text_size);
    if (status == FEL_OK) {
        status = write_json(folder, "manifest.json", root);
    }
    json_decref(root);
    return status;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* A copy of a text, NULL if there is none or, with the flag set, if memory is out. */
static const char *keep(manifest *m, const json_t *value, int *is_out_of_memory)
{
    const char *text = json_string_value(value);
    const char *copy = text != NULL ? arena_text(&m->memory, text) : NULL;
    *is_out_of_memory = *is_out_of_memory || (text != NULL && copy == NULL);
    return copy;
}

/* All items of a list, or the member `key` of each; NULL as in keep(). */
static const char *const *keep_all(manifest *m, const json_t *list, const char *key, size_t *n,
                                   int *is_out_of_memory)
{
    const char **texts = arena_array(&m->memory, json_array_size(list) + 1, sizeof(void *));
    *is_out_of_memory = *is_out_of_memory || texts == NULL;
    *n = json_array_size(list);
    for (size_t i = 0; texts != NULL && i < *n; i++) {
        const json_t *item = json_array_get(list, i);
        texts[i] = keep(m, key != NULL ? json_object_get(item, key) : item, is_out_of_memory);
        texts = texts[i] != NULL ? texts : NULL;
    }
    return texts;
}

typedef struct text_member {
    const char *parent, *key;
    size_t offset; /* in manifest */
} text_member;

static const text_member text_members[] = {
    {NULL, "version", offsetof(manifest, version)},
    {NULL, "compiler", offsetof(manifest, compiler)},
    {NULL, "cpu", offsetof(manifest, cpu_level)},
    {NULL, "order_hash", offsetof(manifest, order_hash)},
    {"study", "name", offsetof(manifest, study_name)},
    {"study", "path", offsetof(manifest, study_path)},
    {"study", "folder", offsetof(manifest, study_folder)},
    {"study", "text", offsetof(manifest, study_text)},
};

/* 1 if all is there. */
static int take(manifest *m, const json_t *root, int *is_out_of_memory)
{
    const json_t *inputs = json_object_get(root, "inputs");
    int is_whole = 1;
    for (size_t i = 0; i < sizeof(text_members) / sizeof(text_members[0]); i++) {
        const text_member *t = &text_members[i];
        const json_t *parent = t->parent != NULL ? json_object_get(root, t->parent) : root;
        const char **place = (const char **)(void *)((char *)m + t->offset);
        *place = keep(m, json_object_get(parent, t->key), is_out_of_memory);
        is_whole = is_whole && *place != NULL;
    }
    m->overrides = keep_all(m, json_object_get(json_object_get(root, "study"), "overrides"), NULL,
                            &m->n_overrides, is_out_of_memory);
    m->input_paths = keep_all(m, inputs, "path", &m->n_inputs, is_out_of_memory);
    m->input_hashes = keep_all(m, inputs, "xxh3", &m->n_inputs, is_out_of_memory);
    m->use_holdout = json_is_true(json_object_get(root, "holdout"));
    m->has_html = json_is_true(json_object_get(root, "html"));
    m->has_report = json_is_true(json_object_get(root, "report"));
    m->was_stopped = json_is_true(json_object_get(root, "stopped"));
    return is_whole && m->overrides != NULL && m->input_paths != NULL && m->input_hashes != NULL;
}

fel_status json_raise(const char *path, const json_error_t *error)
{
    if (json_error_code(error) == json_error_out_of_memory) {
        return FEL_RAISE(FEL_ERR_NOMEM, "%s: out of memory", path);
    }
    return FEL_RAISE(FEL_ERR_FORMAT, "%s:%d:%d: %s", path, error->line, error->column, error->text);
}

fel_status manifest_read(manifest *out, const char *folder)
{
    char path[FOLDER_PATH_SIZE + 64];
    json_error_t error;
    memset(out, 0, sizeof(*out));
    (void)snprintf(path, sizeof(path), "%s/manifest.json", folder);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return FEL_RAISE(FEL_ERR_IO, "%s: cannot open: %s; is %s a run folder?", path,
                         strerror(errno), folder);
    }
    json_t *root = json_loadf(file, JSON_REJECT_DUPLICATES, &error);
    (void)fclose(file);
    if (root == NULL) {
        return json_raise(path, &error);
    }
    int is_out_of_memory = 0;
    const int is_whole = take(out, root, &is_out_of_memory);
    json_decref(root);
    if (is_whole) {
        return FEL_OK;
    }
    manifest_clear(out);
    if (is_out_of_memory) {
        return FEL_RAISE(FEL_ERR_NOMEM, "%s: out of memory", path);
    }
    return FEL_RAISE(FEL_ERR_FORMAT, "%s: not the manifest of a run", path);
}

void manifest_clear(manifest *m)
{
    arena_free(&m->memory);
    memset(m, 0, sizeof(*m));
}
