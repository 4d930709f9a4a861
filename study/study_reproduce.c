/* study/study_reproduce.c - run a run folder's study again and compare orders and every number.
 *
 * What must be the same is said by the manifest: study, overrides, inputs. Program, compiler and
 * processor may differ; then a difference in the numbers says so. */
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "study/study_folder_internal.h"

enum { KEY_PATH_SIZE = 512 };

/* ---- comparing two JSON values --------------------------------------------------------------- */

static fel_status differ(const char *path, const json_t *a, const json_t *b)
{
    char *before = a == NULL ? NULL : json_dumps(a, JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));
    char *now = b == NULL ? NULL : json_dumps(b, JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));
    const fel_status status =
        FEL_RAISE(FEL_ERR_FORMAT, "not reproduced: %s was %.80s, is %.80s", path,
                  before != NULL ? before : "absent", now != NULL ? now : "absent");
    free(before);
    free(now);
    return status;
}

static fel_status compare(const char *path, json_t *a, const json_t *b);

static fel_status compare_lists(const char *path, json_t *a, const json_t *b)
{
    const size_t n = json_array_size(a);
    if (n != json_array_size(b)) {
        return FEL_RAISE(FEL_ERR_FORMAT, "not reproduced: %s had %zu items, has %zu", path, n,
                         json_array_size(b));
    }
    for (size_t i = 0; i < n; i++) {
        char inner[KEY_PATH_SIZE];
        (void)snprintf(inner, sizeof(inner), "%.400s[%zu]", path, i);
        FEL_TRY(compare(inner, json_array_get(a, i), json_array_get(b, i)));
    }
    return FEL_OK;
}

/* Paths and versions are the manifest's business; commands name the study's path, a calibration's
 * chain its file's, which the input's hash stands for. Wall clocks never show the same twice. */
static int is_compared(const char *path, const char *key)
{
    return (path[0] != '\0' || strcmp(key, "manifest") != 0) && strcmp(key, "command") != 0 &&
           (strcmp(path, "study") != 0 || strcmp(key, "chain") != 0) &&
           strcmp(key, "seconds") != 0 && strcmp(key, "train_seconds") != 0;
}

/* A comparison of hedgers that is made of wall clocks. */
static int is_timed(json_t *map)
{
    const char *budget = json_string_value(json_object_get(map, "budget"));
    const char *name = json_string_value(json_object_get(map, "name"));
    return (budget != NULL && strcmp(budget, "equal training time") == 0) ||
           (name != NULL && strcmp(name, "seconds_ratio") == 0);
}

static fel_status compare_maps(const char *path, json_t *a, const json_t *b)
{
    for (void *at = json_object_iter(a); at != NULL; at = json_object_iter_next(a, at)) {
        const char *key = json_object_iter_key(at);
        char inner[KEY_PATH_SIZE];
        schema_join(path, key, inner, sizeof(inner));
        if (is_compared(path, key)) {
            FEL_TRY(compare(inner, json_object_iter_value(at), json_object_get(b, key)));
        }
    }
    return FEL_OK;
}

static fel_status compare(const char *path, json_t *a, const json_t *b)
{
    if (b == NULL || json_typeof(a) != json_typeof(b)) {
        return differ(path, a, b);
    }
    if (json_is_array(a)) {
        return compare_lists(path, a, b);
    }
    if (json_is_object(a)) {
        return is_timed(a) ? FEL_OK : compare_maps(path, a, b);
    }
    return json_equal(a, b) ? FEL_OK : differ(path, a, b);
}

/* ---- reports --------------------------------------------------------------------------------- */

static fel_status load_json(const char *path, json_t **out)
{
    json_error_t error;
    *out = json_load_file(path, 0, &error);
    return *out != NULL ? FEL_OK : json_raise(path, &error);
}

static fel_status compare_reports(const char *old_path, const char *new_path)
{
    json_t *before = NULL, *now = NULL;
    fel_status status = load_json(old_path, &before);
    if (status == FEL_OK) {
        status = load_json(new_path, &now);
    }
    if (status == FEL_OK) {
        status = compare("", before, now);
    }
    json_decref(before);
    json_decref(now);
    return status;
}

/* report.json of the second run, whatever its kind. */
static fel_status write_report(const fel_run *run, const char *folder, const char *path)
{
    if (run->hedging != NULL) {
        return fel_hedge_report_write_files(&run->hedging->report, folder, FEL_REPORT_JSON);
    }
    if (run->calibration != NULL) {
        return fel_calibration_report_write_files(fel_run_calibration(run), folder,
                                                  FEL_REPORT_JSON);
    }
    return run->many.n_asked > 0
               ? fel_montecarlo_report_write_files(&run->many.report, folder, FEL_REPORT_JSON)
               : fel_report_write_json(run->report, path);
}

static fel_status compare_with(const fel_run *run, const char *folder)
{
    char old_path[FOLDER_PATH_SIZE + 64], folder_path[] = P_tmpdir "/feller-reproduce-XXXXXX";
    char new_path[sizeof(folder_path) + 32];
    if (mkdtemp(folder_path) == NULL) {
        return FEL_RAISE(FEL_ERR_IO, "%s: cannot make a temporary folder: %s", P_tmpdir,
                         strerror(errno));
    }
    (void)snprintf(old_path, sizeof(old_path), "%s/report.json", folder);
    (void)snprintf(new_path, sizeof(new_path), "%s/report.json", folder_path);
    fel_status status = write_report(run, folder_path, new_path);
    if (status == FEL_OK) {
        status = compare_reports(old_path, new_path);
    }
    (void)unlink(new_path);
    (void)rmdir(folder_path);
    return status;
}

/* ---- the second run -------------------------------------------------------------------------- */

/* Streamed data has a hash only once it was run through. */
static fel_status compare_inputs(const manifest *m, const dataset *data)
{
    if (m->n_inputs != data->inputs.n) {
        return FEL_RAISE(FEL_ERR_FORMAT,
                         "not reproduced: the run read %zu inputs, now there are "
                         "%zu",
                         m->n_inputs, data->inputs.n);
    }
    for (size_t i = 0; i < m->n_inputs; i++) {
        const char *hash = data->inputs.items[i].hash;
        if (hash[0] != '\0' && strcmp(m->input_hashes[i], hash) != 0) {
            return FEL_RAISE(FEL_ERR_FORMAT,
                             "not reproduced: input %s has changed (XXH3 was %s, is %s)",
                             data->inputs.items[i].path, m->input_hashes[i], hash);
        }
    }
    return FEL_OK;
}

static fel_status compare_orders(const manifest *m, const char *order_hash)
{
    if (strcmp(m->order_hash, order_hash) == 0) {
        return FEL_OK;
    }
    const int is_same_program = strcmp(m->version, fel_version()) == 0 &&
                                strcmp(m->compiler, compiler_name()) == 0 &&
                                strcmp(m->cpu_level, fel_cpu_level()) == 0;
    return FEL_RAISE(FEL_ERR_FORMAT,
                     "not reproduced: the order-list hash was %s, is %s%s%s%s%s%s%s", m->order_hash,
                     order_hash, is_same_program ? "" : "; the run was made by feller ",
                     is_same_program ? "" : m->version, is_same_program ? "" : ", ",
                     is_same_program ? "" : m->compiler, is_same_program ? "" : ", ",
                     is_same_program ? "" : m->cpu_level);
}

static fel_status run_again(fel_run *run, const manifest *m, const fel_study *study,
                            const fel_run_options *options, const char *folder)
{
    fel_run_options again = *options;
    again.use_holdout = m->use_holdout;
    again.write_html = m->has_html; /* decides whether report.json holds prices */
    FEL_TRY(run_open(run, study, &again));
    FEL_TRY(compare_inputs(m, &run->data));
    FEL_TRY(run_compute(run));
    if (options->stop_flag != NULL && *options->stop_flag) {
        return FEL_RAISE(FEL_ERR_STOPPED, "stopped before the run was done again");
    }
    FEL_TRY(compare_inputs(m, &run->data));
    FEL_TRY(compare_orders(m, run_order_hash(run)));
    return m->has_report ? compare_with(run, folder) : FEL_OK;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

fel_status fel_reproduce(const char *folder, const fel_run_options *options)
{
    manifest m;
    fel_study *study = NULL;
    FEL_TRY(manifest_read(&m, folder));
    fel_run *run = calloc(1, sizeof(*run));
    const char *path = arena_printf(&m.memory, "%s/%s", m.study_folder, base_name(m.study_path));
    fel_status status = FEL_OK;
    if (run == NULL || path == NULL) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a run");
    } else if (m.was_stopped) {
        status = FEL_RAISE(FEL_ERR_ARG, "%s was stopped before its end: it cannot be reproduced",
                           folder);
    } else {
        status = study_load_text(&study, path, m.study_text, m.overrides, m.n_overrides);
    }
    if (status == FEL_OK) {
        status = run_again(run, &m, study, options, folder);
    }
    fel_run_destroy(run);
    fel_study_destroy(study);
    manifest_clear(&m);
    return status;
}
