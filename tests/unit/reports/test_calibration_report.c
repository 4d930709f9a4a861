/* tests/unit/reports/test_calibration_report.c - a calibration as files: recorded texts, numbers by
 * maturity against sums on paper, what is refused. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check.h"
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

static json_t *json_of(const fel_calibration_report *r)
{
    CHECK_OK(fel_calibration_report_write_files(r, fresh_folder(), FEL_REPORT_JSON));
    json_t *json = json_load_file(path_of("report.json"), 0, NULL);
    CHECK(json != NULL);
    return json;
}

static double number(const json_t *map, const char *key)
{
    const json_t *value = json_object_get(map, key);
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

static int has_note(const json_t *json, const char *severity, const char *part)
{
    const json_t *notes = json_object_get(json, "notes");
    for (size_t i = 0; i < json_array_size(notes); i++) {
        const json_t *note = json_array_get(notes, i);
        if (strcmp(json_string_value(json_object_get(note, "severity")), severity) == 0 &&
            strstr(json_string_value(json_object_get(note, "text")), part) != NULL) {
            return 1;
        }
    }
    return 0;
}

static void test_files_are_as_recorded(void)
{
    const fel_calibration_report r = calibration_fixture();
    CHECK_OK(fel_calibration_report_write_files(&r, fresh_folder(), ALL_KINDS));
    check_golden(path_of("report.json"), "calibration.json");
    check_golden(path_of("report.txt"), "calibration.txt");
    check_golden(path_of("quotes.csv"), "calibration_quotes.csv");
    CHECK(access(path_of("report.html"), F_OK) == 0);
}

/* Points -1, 2, 0.5 at a quarter: mean 0.5, rms sqrt(5.25 / 3); the forward 101 lies a quarter of
 * the way from 100 to 104. At one year a single quote has both volatilities, and none lies on the
 * other side of the forward with a model volatility. */
static void test_numbers_by_maturity_are_those_on_paper(void)
{
    const fel_calibration_report r = calibration_fixture();
    json_t *json = json_of(&r);
    const json_t *list = json_object_get(json, "maturities");
    CHECK_INT(json_array_size(list), 2);
    const json_t *near = json_array_get(list, 0), *far = json_array_get(list, 1);
    CHECK_INT(json_integer_value(json_object_get(near, "n")), 3);
    CHECK_NEAR(number(near, "mean_vol_points"), 0.5, 1e-12);
    CHECK_NEAR(number(near, "rmse_vol_points"), sqrt(5.25 / 3.0), 1e-12);
    CHECK_NEAR(number(near, "market_vol_at_forward"), 0.195, 1e-15);
    CHECK_NEAR(number(near, "model_vol_at_forward"), 0.21125, 1e-15);
    CHECK_INT(json_integer_value(json_object_get(far, "first")), 3);
    CHECK_NEAR(number(far, "rmse_vol_points"), 3.0, 1e-12);
    CHECK(isnan(number(far, "model_vol_at_forward")));
    const json_t *fit = json_object_get(json, "fit");
    CHECK_INT(json_integer_value(json_object_get(fit, "n_inside_spread")), 2);
    CHECK_INT(json_integer_value(json_object_get(fit, "n_with_spread")), 4);
    json_decref(json);
}

static void test_what_to_doubt_is_said(void)
{
    fel_calibration_report r = calibration_fixture();
    json_t *json = json_of(&r);
    CHECK(has_note(json, "warning", "interrupted"));
    CHECK(has_note(json, "warning", "kappa = 50 ended at the edge of its range, 1e-06 to 50"));
    CHECK(has_note(json, "note", "1 of 5 quotes are in the money"));
    CHECK(has_note(json, "warning", "only 1 of 8 starts"));
    CHECK(has_note(json, "note", "condition 2.5e+06"));
    CHECK(has_note(json, "note", "3 quotes were refused, 5 are fitted"));
    CHECK(!has_note(json, "note", "Feller"));
    json_decref(json);
    r.process.feller_margin = -0.5;
    r.is_interrupted = 0;
    r.n_agreeing = 2;
    r.condition = 100.0;
    r.n_refusals = 0;
    json = json_of(&r);
    CHECK(has_note(json, "note", "Feller condition does not hold"));
    CHECK_INT(json_array_size(json_object_get(json, "notes")), 4);
    json_decref(json);
}

static void test_docs_name_every_key(void)
{
    const fel_calibration_report r = calibration_fixture();
    json_t *json = json_of(&r), *value;
    char *docs = file_text("docs/report_json.md");
    const char *key;
    CHECK(docs != NULL);
    const char *part = docs != NULL ? strstr(docs, "feller-calibration") : NULL;
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

static void test_an_empty_report_can_be_written(void)
{
    const fel_calibration_report r = fel_calibration_report_default();
    CHECK_OK(fel_calibration_report_write_files(&r, fresh_folder(), ALL_KINDS));
    char *csv = file_text(path_of("quotes.csv"));
    CHECK(csv != NULL && strchr(csv, '\n') == csv + strlen(csv) - 1);
    free(csv);
    char *text = file_text(path_of("report.txt"));
    CHECK(text != NULL && strstr(text, "nan") == NULL);
    free(text);
}

static void check_refused(const fel_calibration_report *r, const char *message)
{
    CHECK_STATUS(fel_calibration_report_write_files(r, fresh_folder(), ALL_KINDS), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, message);
    CHECK_STATUS(fel_calibration_report_write_terminal(r, stdout), FEL_ERR_ARG);
}

static void test_wrong_reports_are_refused(void)
{
    const fel_calibration_report good = calibration_fixture();
    fel_calibration_report r = good;
    fel_calibration_quote quotes[2] = {good.quotes[3], good.quotes[0]};
    r.struct_size++;
    check_refused(&r, "bytes");
    r = good;
    r.quotes = quotes;
    r.n_quotes = 2;
    check_refused(&r, "maturity 0.25 after 1");
    quotes[0].strike = (double)NAN;
    check_refused(&r, "quote 0: maturity 1, strike nan");
    r = good;
    r.quotes = NULL;
    check_refused(&r, "quotes is NULL");
    r = good;
    r.starts = NULL;
    check_refused(&r, "starts is NULL");
    r = good;
    r.process.parameters = NULL;
    check_refused(&r, "process.parameters is NULL");
    CHECK_STATUS(fel_calibration_report_write_files(NULL, fresh_folder(), ALL_KINDS), FEL_ERR_ARG);
    CHECK_STATUS(fel_calibration_report_write_files(&good, "/no/such/folder", ALL_KINDS),
                 FEL_ERR_IO);
}

SUITE("reports/calibration_report", TEST(test_files_are_as_recorded),
      TEST(test_numbers_by_maturity_are_those_on_paper), TEST(test_what_to_doubt_is_said),
      TEST(test_docs_name_every_key), TEST(test_an_empty_report_can_be_written),
      TEST(test_wrong_reports_are_refused));
