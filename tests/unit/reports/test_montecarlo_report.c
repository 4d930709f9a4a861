/* tests/unit/reports/test_montecarlo_report.c - a Monte Carlo report as files: recorded texts, the
 * page's JSON, what is refused. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"
#include "tests/unit/reports/golden.h"
#include "tests/unit/reports/simulation_fixture.h"

enum { ALL_KINDS = FEL_REPORT_JSON | FEL_REPORT_CSV | FEL_REPORT_TEXT | FEL_REPORT_HTML };

static char folder[512]; /* of the test that runs */

static const char *fresh_folder(void)
{
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    return folder;
}

static const char *path_of(const char *name)
{
    static char path[1024];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static json_t *json_of(const fel_montecarlo_report *r)
{
    CHECK_OK(fel_montecarlo_report_write_files(r, fresh_folder(), FEL_REPORT_JSON));
    json_t *json = json_load_file(path_of("report.json"), 0, NULL);
    CHECK(json != NULL);
    return json;
}

static void test_files_are_as_recorded(void)
{
    const fel_montecarlo_report r = montecarlo_fixture();
    CHECK_OK(fel_montecarlo_report_write_files(&r, fresh_folder(), ALL_KINDS));
    check_golden(path_of("report.json"), "montecarlo.json");
    check_golden(path_of("report.txt"), "montecarlo.txt");
    check_golden(path_of("paths.csv"), "montecarlo_paths.csv");
    check_golden(path_of("distributions.csv"), "montecarlo_distributions.csv");
    check_golden(path_of("fan.csv"), "montecarlo_fan.csv");
}

static void test_page_holds_the_numbers_of_the_json_file(void)
{
    static const char start[] = "<script type=\"application/json\" id=\"feller-report\">";
    const fel_montecarlo_report r = montecarlo_fixture();
    json_t *expected = json_of(&r);
    CHECK_OK(fel_montecarlo_report_write_files(&r, fresh_folder(), FEL_REPORT_HTML));
    char *page = file_text(path_of("report.html"));
    CHECK(page != NULL && strlen(page) < 1000000);
    char *json = page != NULL ? strstr(page, start) : NULL;
    CHECK(json != NULL);
    if (json != NULL) {
        json += strlen(start);
        char *end = strstr(json, "</script>");
        CHECK(end != NULL);
        *end = '\0';
        CHECK(strpbrk(json, "<>&") == NULL);
        json_t *actual = json_loads(json, 0, NULL);
        CHECK(json_equal(actual, expected));
        json_decref(actual);
    }
    free(page);
    json_decref(expected);
}

/* Every key of the first level stands, in backquotes, in docs/report_json.md. */
static void test_docs_name_every_key(void)
{
    const fel_montecarlo_report r = montecarlo_fixture();
    json_t *json = json_of(&r), *value;
    char *docs = file_text("docs/report_json.md");
    const char *key;
    CHECK(docs != NULL);
    const char *part = docs != NULL ? strstr(docs, "feller-montecarlo") : NULL;
    CHECK(part != NULL);
    json_object_foreach(json, key, value)
    {
        char quoted[64];
        (void)snprintf(quoted, sizeof(quoted), "`%s`", key);
        CHECK(part != NULL && strstr(part, quoted) != NULL);
    }
    free(docs);
    json_decref(json);
}

static void test_only_the_kinds_asked_for_are_written(void)
{
    const fel_montecarlo_report r = montecarlo_fixture();
    CHECK_OK(fel_montecarlo_report_write_files(&r, fresh_folder(), FEL_REPORT_TEXT));
    CHECK(access(path_of("report.txt"), F_OK) == 0);
    CHECK(access(path_of("report.json"), F_OK) != 0);
    CHECK(access(path_of("report.html"), F_OK) != 0);
    CHECK(access(path_of("paths.csv"), F_OK) != 0);
}

/* The two scores that every report has, and nothing else. */
static void test_a_bare_report_can_be_written(void)
{
    const fel_montecarlo_report full = montecarlo_fixture();
    fel_montecarlo_report r = fel_montecarlo_report_default();
    fel_report_distribution two[2] = {full.distributions[0], full.distributions[1]};
    two[0].values = two[1].values = NULL;
    two[0].bins.n = two[0].n_quantiles = two[1].n_quantiles = 0;
    two[0].convention = NULL;
    r.distributions = two;
    r.n_distributions = 2;
    r.n_paths = r.n_paths_asked = 5000;
    CHECK_OK(fel_montecarlo_report_write_files(&r, fresh_folder(), ALL_KINDS));
    json_t *json = json_load_file(path_of("report.json"), 0, NULL);
    CHECK_INT(json_array_size(json_object_get(json, "notes")), 0);
    CHECK(json_is_null(json_object_get(json, "correlation")));
    CHECK(json_is_null(
        json_object_get(json_array_get(json_object_get(json, "distributions"), 0), "histogram")));
    json_decref(json);
    char *csv = file_text(path_of("paths.csv"));
    CHECK_TEXT(csv, "path\n");
    free(csv);
}

static void test_values_in_the_json_are_cut_and_all_in_the_csv(void)
{
    enum { N = 2500 };
    fel_montecarlo_report r = montecarlo_fixture();
    fel_report_distribution two[2] = {r.distributions[0], r.distributions[1]};
    double *values = calloc(N, sizeof(double));
    CHECK(values != NULL);
    for (size_t i = 0; values != NULL && i < N; i++) {
        values[i] = 100000.0 + 23.85 * (double)(i * 37 % 1001);
    }
    two[0].values = values;
    two[1].values = NULL;
    r.path_indices = NULL;
    r.n_paths = r.n_paths_asked = N;
    r.distributions = two;
    r.n_distributions = 2;
    json_t *json = json_of(&r);
    json_t *cut = json_object_get(json, "values");
    CHECK_INT(json_integer_value(json_object_get(cut, "n")), N);
    CHECK_INT(json_integer_value(json_object_get(cut, "n_shown")), 2000);
    CHECK_INT(json_array_size(json_object_get(json_object_get(cut, "scores"), "final_equity")),
              2000);
    CHECK(json_is_null(json_object_get(cut, "path")));
    json_decref(json);
    CHECK_OK(fel_montecarlo_report_write_files(&r, fresh_folder(), FEL_REPORT_CSV));
    char *csv = file_text(path_of("paths.csv"));
    CHECK_HAS(csv, "path,final_equity\n0,100000\n1,100882.45\n");
    size_t lines = 0;
    for (const char *c = csv; c != NULL && *c != '\0'; c++) {
        lines += *c == '\n';
    }
    CHECK_INT(lines, N + 1);
    free(csv);
    free(values);
}

/* ---- what is refused ------------------------------------------------------------------------- */

static void check_refused(const fel_montecarlo_report *r, const char *message)
{
    CHECK_STATUS(fel_montecarlo_report_write_files(r, fresh_folder(), ALL_KINDS), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, message);
    CHECK_STATUS(fel_montecarlo_report_write_terminal(r, stdout), FEL_ERR_ARG);
    CHECK(access(path_of("report.json"), F_OK) != 0);
}

static void test_incomplete_reports_are_refused(void)
{
    const fel_montecarlo_report good = montecarlo_fixture();
    fel_montecarlo_report r = good;
    r.struct_size -= 8;
    check_refused(&r, "bytes");
    r = good;
    r.n_distributions = 1;
    check_refused(&r, "total_return");
    r = good;
    r.distributions++;
    r.n_distributions--;
    check_refused(&r, "final_equity");
    r = good;
    r.fans = NULL;
    check_refused(&r, "fans is NULL");
    r = good;
    r.paths = NULL;
    check_refused(&r, "paths is NULL");
    r = good;
    r.correlation = NULL;
    check_refused(&r, "correlation is NULL");
    const fel_report_pair broken = {"key", NULL};
    r = good;
    r.manifest = &broken;
    r.n_manifest = 1;
    check_refused(&r, "manifest[0]");
    CHECK_STATUS(fel_montecarlo_report_write_files(&good, NULL, ALL_KINDS), FEL_ERR_ARG);
    CHECK_STATUS(fel_montecarlo_report_write_files(NULL, fresh_folder(), ALL_KINDS), FEL_ERR_ARG);
}

static void test_disorder_is_refused(void)
{
    const fel_montecarlo_report good = montecarlo_fixture();
    fel_montecarlo_report r = good;
    fel_report_distribution all[4];
    memcpy(all, good.distributions, sizeof(all));
    r.distributions = all;
    const double none = (double)NAN;
    const fel_report_quantile levels[] = {{0.5, 1.0, none, none}, {0.05, 0.5, none, none}};
    all[1].quantiles = levels;
    all[1].n_quantiles = 2;
    check_refused(&r, "quantile level 0.05");
    all[1] = good.distributions[1];
    const double edges[] = {1.0, 3.0, 2.385, 4.0};
    all[0].bins.edges = edges;
    check_refused(&r, "bin 1 is from 3 to 2.385");
    const int64_t days[] = {10, 20, 20};
    r = good;
    r.time_ns = days;
    check_refused(&r, "time_ns[2]");
}

static void test_failure_leaves_nothing_behind(void)
{
    const fel_montecarlo_report r = montecarlo_fixture();
    CHECK_STATUS(fel_montecarlo_report_write_files(&r, "/no/such/folder", ALL_KINDS), FEL_ERR_IO);
    FILE *full = fopen("/dev/full", "w");
    CHECK(full != NULL);
    CHECK_STATUS(fel_montecarlo_report_write_terminal(&r, full), FEL_ERR_IO);
    (void)fclose(full);
}

static fel_status write_page(void *payload, void **out)
{
    (void)out;
    return fel_montecarlo_report_write_files(payload, folder, FEL_REPORT_HTML);
}

static void test_memory_that_runs_out_is_a_clean_failure(void)
{
    fel_montecarlo_report r = montecarlo_fixture();
    (void)fresh_folder();
    const failing_call call = {"write_files", write_page, NULL, &r};
    CHECK(check_failing_call(&call) > 0);
}

SUITE("reports/montecarlo_report", TEST(test_files_are_as_recorded),
      TEST(test_page_holds_the_numbers_of_the_json_file), TEST(test_docs_name_every_key),
      TEST(test_only_the_kinds_asked_for_are_written), TEST(test_a_bare_report_can_be_written),
      TEST(test_values_in_the_json_are_cut_and_all_in_the_csv),
      TEST(test_incomplete_reports_are_refused), TEST(test_disorder_is_refused),
      TEST(test_failure_leaves_nothing_behind), TEST(test_memory_that_runs_out_is_a_clean_failure));
