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
    add_pair(&list, "cpu", cpu_level());
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

static json_t *inputs_json(const dataset *data)
{
    json_t *list = json_array();
    for (size_t i = 0; i < data->inputs.n; i++) {
        const dataset_input *input = &data->inputs.items[i];
        (void)json_array_append_new(
            list, json_pack("{s:s, s:s}", "path", input->path, "xxh3", input->hash));
    }
    return list;
}

static json_t *overrides_json(const fel_study *study)
{
    json_t *list = json_array();
    for (size_t i = 0; i < study->n_overrides; i++) {
        (void)json_array_append_new(list, json_string(study->overrides[i]));
    }
    return list;
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
        "compiler", compiler_name(), "cpu", cpu_level(), "seed", (json_int_t)study->values.seed,
        "study", "name", study->values.name, "path", study->path, "folder",
        absolute_folder(study, folder), "text", study->text, "overrides", overrides_json(study),
        "inputs", inputs_json(facts->data), "order_hash", facts->result->order_hash, "holdout",
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

fel_status manifest_write(const manifest_facts *facts, const char *folder)
{
    json_t *root = manifest_json(facts);
    char *text = root == NULL ? NULL : json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    json_decref(root);
    if (text == NULL) {
        return FEL_RAISE(FEL_ERR_FORMAT,
                         "the manifest cannot be written: a path or an override is not UTF-8");
    }
    fel_status status =
        write_text(folder, "study.yaml", facts->study->text, facts->study->text_size);
    if (status == FEL_OK) {
        status = write_text(folder, "manifest.json", text, strlen(text));
    }
    free(text);
    return status;
}

/* ---- reading --------------------------------------------------------------------------------- */

static const char *text_of(manifest *m, const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? arena_text(&m->memory, text) : NULL;
}

static const char *const *texts_of(manifest *m, const json_t *list, const char *key, size_t *n)
{
    const char **texts = arena_array(&m->memory, json_array_size(list) + 1, sizeof(*texts));
    *n = json_array_size(list);
    for (size_t i = 0; texts != NULL && i < *n; i++) {
        const json_t *item = json_array_get(list, i);
        const char *text = json_string_value(key != NULL ? json_object_get(item, key) : item);
        texts[i] = text != NULL ? arena_text(&m->memory, text) : NULL;
        texts = texts[i] != NULL ? texts : NULL;
    }
    return texts;
}

static int take(manifest *m, const json_t *root)
{
    const json_t *study = json_object_get(root, "study");
    const json_t *inputs = json_object_get(root, "inputs");
    m->version = text_of(m, root, "version");
    m->compiler = text_of(m, root, "compiler");
    m->cpu_level = text_of(m, root, "cpu");
    m->order_hash = text_of(m, root, "order_hash");
    m->study_name = text_of(m, study, "name");
    m->study_path = text_of(m, study, "path");
    m->study_folder = text_of(m, study, "folder");
    m->study_text = text_of(m, study, "text");
    m->overrides = texts_of(m, json_object_get(study, "overrides"), NULL, &m->n_overrides);
    m->input_paths = texts_of(m, inputs, "path", &m->n_inputs);
    m->input_hashes = texts_of(m, inputs, "xxh3", &m->n_inputs);
    m->use_holdout = json_is_true(json_object_get(root, "holdout"));
    m->has_html = json_is_true(json_object_get(root, "html"));
    m->has_report = json_is_true(json_object_get(root, "report"));
    m->was_stopped = json_is_true(json_object_get(root, "stopped"));
    return m->version != NULL && m->compiler != NULL && m->cpu_level != NULL &&
           m->order_hash != NULL && m->study_name != NULL && m->study_path != NULL &&
           m->study_folder != NULL && m->study_text != NULL && m->overrides != NULL &&
           m->input_paths != NULL && m->input_hashes != NULL;
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
        return FEL_RAISE(FEL_ERR_FORMAT, "%s:%d:%d: %s", path, error.line, error.column,
                         error.text);
    }
    const int is_whole = take(out, root);
    json_decref(root);
    if (!is_whole) {
        manifest_clear(out);
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: not the manifest of a run", path);
    }
    return FEL_OK;
}

void manifest_clear(manifest *m)
{
    arena_free(&m->memory);
    memset(m, 0, sizeof(*m));
}
