/* tests/unit/reports/test_hedge_report.c - a hedging report as files: recorded texts, the JSON read
 * back, tables as CSV, failures. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"
#include "tests/unit/reports/golden.h"
#include "tests/unit/reports/hedge_report_fixture.h"

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

static json_t *json_of(const fel_hedge_report *r)
{
    CHECK_OK(fel_hedge_report_write_files(r, fresh_folder(), FEL_REPORT_JSON));
    json_t *json = json_load_file(path_of("report.json"), 0, NULL);
    CHECK(json != NULL);
    return json;
}

/* A place in the JSON: "hedgers.0.scores.1"; NULL if it is not there. */
static json_t *at(json_t *json, const char *place)
{
    char name[64];
    while (json != NULL && *place != '\0') {
        const size_t n = strcspn(place, ".");
        (void)snprintf(name, sizeof(name), "%.*s", (int)n, place);
        json = json_is_array(json) ? json_array_get(json, (size_t)strtoul(name, NULL, 10))
                                   : json_object_get(json, name);
        place += n;
        place += *place == '.';
    }
    return json;
}

static double number_at(json_t *json, const char *place)
{
    const json_t *value = at(json, place);
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

static void check_place_holds(json_t *json, const char *place, const char *expected)
{
    const char *actual = json_string_value(at(json, place));
    CHECK_TEXT(actual != NULL ? actual : "nothing", expected);
}

static char *csv_of(const fel_hedge_report *r, const char *name)
{
    CHECK_OK(fel_hedge_report_write_files(r, fresh_folder(), FEL_REPORT_CSV));
    char *text = file_text(path_of(name));
    CHECK(text != NULL);
    return text;
}

/* ---- texts ----------------------------------------------------------------------------------- */

static void test_files_are_as_recorded(void)
{
    const fel_hedge_report r = hedge_report_fixture();
    CHECK_OK(fel_hedge_report_write_files(&r, fresh_folder(), ALL_KINDS));
    check_golden(path_of("report.json"), "hedge.json");
    check_golden(path_of("report.txt"), "hedge.txt");
}

static void test_terminal_lines_are_at_most_100_columns(void)
{
    const fel_hedge_report r = hedge_report_fixture();
    CHECK_OK(fel_hedge_report_write_files(&r, fresh_folder(), FEL_REPORT_TEXT));
    char *text = file_text(path_of("report.txt"));
    size_t widest = 0;
    for (const char *line = text; line != NULL && *line != '\0';) {
        const size_t n = strcspn(line, "\n");
        widest = n > widest ? n : widest;
        line += n + (line[n] == '\n');
    }
    CHECK(widest > 60 && widest <= 100);
    CHECK_HAS(text, "LSTM 32, K-FAC                        *2.6250    *0.3750");
    CHECK_HAS(text, "  +- over 3 seeds                        0.12");
    CHECK_HAS(text, "Black-Scholes, true vari (oracle)");
    CHECK_HAS(text, "-50.00 % to -30.00 %");
    CHECK_HAS(text, "<0.001");
    free(text);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static void test_json_reads_back_what_was_given(void)
{
    const fel_hedge_report r = hedge_report_fixture();
    json_t *json = json_of(&r);
    check_place_holds(json, "schema", "feller-hedge");
    check_place_holds(json, "study.claim", r.claim_text);
    CHECK(number_at(json, "study.premium") == r.premium);
    CHECK(number_at(json, "hedgers.1.scores.0.spread") == r.hedgers[1].scores[0].spread);
    CHECK(number_at(json, "hedgers.1.scores.0.seeds.1") == 3.0);
    CHECK_INT(json_array_size(at(json, "hedgers.0.scores.1.seeds")), 3);
    CHECK(number_at(json, "hedgers.0.histogram.counts.2") == 4.0);
    CHECK(number_at(json, "hedgers.0.histogram.n_above") == 4.0);
    CHECK(number_at(json, "hedgers.2.tail.0") == -1.5);
    CHECK(number_at(json, "comparisons.rows.1.value") == r.comparisons[1].value);
    CHECK(number_at(json, "comparisons.rows.0.claim") == -0.783);
    CHECK(number_at(json, "curves.0.seconds.2") == 15.625);
    CHECK(number_at(json, "surfaces.list.1.values.1.2") == 0.9375);
    CHECK(number_at(json, "samples.0.path") == 2199023255555.0);
    CHECK(number_at(json, "samples.0.positions.0.1.2") == 0.0625);
    CHECK(number_at(json, "spectra.0.values.2") == 0.00238);
    CHECK(number_at(json, "frontier.0.setting_value") == 2.0);
    check_place_holds(json, "lives.rows.0.start", "2011-01-26T21:00:00Z");
    json_decref(json);
}

static void test_what_is_not_a_number_is_left_out(void)
{
    const fel_hedge_report r = hedge_report_fixture();
    json_t *json = json_of(&r);
    static const char *const nulls[] = {"study.premium_error",        "study.seconds",
                                        "hedgers.1.train_seconds",    "hedgers.2.scores.0.spread",
                                        "hedgers.2.scores.0.seeds",   "hedgers.2.scores.4.value",
                                        "comparisons.rows.1.high",    "comparisons.rows.1.claim",
                                        "curves.0.validation_risk.2", "curves.1.damping",
                                        "trials.1.validation_risk",   "surfaces.list.0.values.1.1",
                                        "samples.0.positions.3.0.0",  "samples.0.pnl.3",
                                        "frontier.1.cost_error",      "lives.rows.0.pnl.3",
                                        "lives.rows.1.cost",          "lives.by_hedger.3.mean",
                                        "measures.2.less_is_better",  "measures.2.best"};
    for (size_t i = 0; i < sizeof(nulls) / sizeof(nulls[0]); i++) {
        CHECK(json_is_null(at(json, nulls[i])));
    }
    json_decref(json);
}

/* The oracle has the lowest risk and is not the best. */
static void test_the_best_is_no_oracle(void)
{
    const fel_hedge_report r = hedge_report_fixture();
    json_t *json = json_of(&r);
    CHECK(number_at(json, "measures.0.best") == 0.0);
    CHECK(number_at(json, "measures.1.best") == 0.0);
    CHECK(number_at(json, "measures.3.best") == 2.0);
    CHECK(number_at(json, "measures.4.best") == 0.0);
    json_decref(json);
}

/* Who never trades has no cost, and is not praised for it. */
static void test_no_cost_at_all_is_not_the_best(void)
{
    fel_hedge_report r = hedge_report_fixture();
    fel_hedge_hedger all[HEDGE_FIXTURE_HEDGERS];
    fel_hedge_score idle[HEDGE_FIXTURE_MEASURES];
    memcpy(all, r.hedgers, sizeof(all));
    memcpy(idle, all[2].scores, sizeof(idle));
    idle[1].value = 0.0;
    all[2].scores = idle;
    r.hedgers = all;
    json_t *json = json_of(&r);
    CHECK(number_at(json, "measures.1.best") == 0.0);
    json_decref(json);
    idle[1].value = 0.0625;
    json = json_of(&r);
    CHECK(number_at(json, "measures.1.best") == 2.0);
    json_decref(json);
}

/* Mean and deviation of 0.0125 and -0.0375: -0.0125, 0.05 / sqrt 2. */
static void test_lives_are_summed_up_by_hedger(void)
{
    const fel_hedge_report r = hedge_report_fixture();
    json_t *json = json_of(&r);
    CHECK(number_at(json, "lives.by_hedger.0.n") == 2.0);
    CHECK_NEAR(number_at(json, "lives.by_hedger.0.mean"), -0.0125, 1e-16);
    CHECK_NEAR(number_at(json, "lives.by_hedger.0.deviation"), 0.05 / sqrt(2.0), 1e-16);
    CHECK(number_at(json, "lives.by_hedger.0.min") == -0.0375);
    CHECK(number_at(json, "lives.by_hedger.0.max") == 0.0125);
    CHECK(number_at(json, "lives.by_hedger.0.cost_mean") == 0.001);
    CHECK(number_at(json, "lives.by_hedger.3.n") == 0.0);
    json_decref(json);
}

static void test_page_holds_the_numbers_of_the_json_file(void)
{
    static const char start[] = "<script type=\"application/json\" id=\"feller-report\">";
    const fel_hedge_report r = hedge_report_fixture();
    json_t *expected = json_of(&r);
    CHECK_OK(fel_hedge_report_write_files(&r, fresh_folder(), FEL_REPORT_HTML));
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
        check_place_holds(actual, "hedgers.1.text", "lstm, \"Adam\" <0.01>");
        json_decref(actual);
    }
    free(page);
    json_decref(expected);
}

/* Every key of the first level stands, in backquotes, in docs/report_json.md. */
static void test_docs_name_every_key(void)
{
    const fel_hedge_report r = hedge_report_fixture();
    json_t *json = json_of(&r), *value;
    char *docs = file_text("docs/report_json.md");
    const char *key;
    CHECK(docs != NULL);
    const char *part = docs != NULL ? strstr(docs, "## A hedging study: feller-hedge") : NULL;
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

static void test_long_curves_are_thinned_in_the_json_and_whole_in_the_csv(void)
{
    enum { N = 25001 };
    fel_hedge_report r = hedge_report_fixture();
    double *values = calloc(N, sizeof(double));
    CHECK(values != NULL);
    for (size_t i = 0; values != NULL && i < N; i++) {
        values[i] = 0.5 * (double)i;
    }
    fel_hedge_curve_line curve = r.curves[1];
    curve.n = N;
    curve.steps = curve.validation_risk = values;
    r.curves = &curve;
    r.n_curves = 1;
    json_t *json = json_of(&r);
    const json_t *kept = at(json, "curves.0.steps");
    CHECK_INT(json_array_size(kept), 8334 + 1);
    CHECK(number_at(json, "curves.0.steps.1") == 1.5);
    CHECK(json_number_value(json_array_get(kept, 8334)) == 12500.0);
    json_decref(json);
    char *csv = csv_of(&r, "training.csv");
    CHECK_HAS(csv, "\nadam,1,12499,,,12499,,,\n");
    free(csv);
    free(values);
}

/* ---- CSV ------------------------------------------------------------------------------------- */

static void check_csv(const char *name, const char *const *lines, size_t n)
{
    const fel_hedge_report r = hedge_report_fixture();
    char *csv = csv_of(&r, name);
    for (size_t i = 0; i < n; i++) {
        CHECK_HAS(csv, lines[i]);
    }
    free(csv);
}

static void test_tables_hold_all_rows(void)
{
    static const char *const hedgers[] = {
        "hedger,kind,measure,unit,value,error,spread,seed_0,seed_1,seed_2\n",
        "kfac,policy,risk,ratio,2.625,0.02385,0.125,2.625,2.75,2.5\n",
        "adam,policy,risk,ratio,2.875,0.025,0.17677669529663687,2.75,3,\n",
        "black_scholes_delta,rule,sharpe,ratio,,,,,,\n",
        "black_scholes_oracle,oracle,cost_mean,money,0.125,0.001,,,,\n"};
    static const char *const compared[] = {
        "hedger,against,budget,quantity,unit,value,error,low,high,p_value,wilcoxon_p,t_paths,claim\n",
        ",cost_relative,fraction,-0.4,0.05,-0.5,-0.3,0.0004,0.0625,-41.25,-0.783\n",
        "kfac,adam,equal steps,variance_log_ratio,ratio,-0.36464311358790935,0.1,-0.6,,0.25,,,\n"};
    static const char *const training[] = {"kfac,0,100,7.8125,2.75,2.875,0.5,0.75,0.01\n",
                                           "kfac,0,200,15.625,2.625,,0.375,0.625,0.001\n",
                                           "adam,1,0,,,4.125,,,\n"};
    static const char *const frontier[] = {
        "kfac,policy,cost_factor=2,2,0.25,0.0011,0.6875,0.47265625,2.65\n",
        "black_scholes_delta,rule,,,0.875,,0.5,0.25,2.677\n"};
    static const char *const lives[] = {
        "2011-01-26T21:00:00Z,2011-02-25T21:00:00Z,1300,1300,26.5,0.1785,kfac,0.0125,0.001\n",
        "2011-02-25T21:00:00Z,2011-03-27T21:00:00Z,1312.5,1312.5,27.25,,adam,-0.02,\n"};
    check_csv("hedgers.csv", hedgers, sizeof(hedgers) / sizeof(hedgers[0]));
    check_csv("comparisons.csv", compared, sizeof(compared) / sizeof(compared[0]));
    check_csv("training.csv", training, sizeof(training) / sizeof(training[0]));
    check_csv("frontier.csv", frontier, sizeof(frontier) / sizeof(frontier[0]));
    check_csv("lives.csv", lives, sizeof(lives) / sizeof(lives[0]));
}

static void test_names_with_commas_are_quoted(void)
{
    fel_hedge_report r = hedge_report_fixture();
    fel_hedge_hedger all[HEDGE_FIXTURE_HEDGERS];
    memcpy(all, r.hedgers, sizeof(all));
    all[0].name = "k,\"f\"";
    r.hedgers = all;
    char *csv = csv_of(&r, "frontier.csv");
    CHECK_HAS(csv, "\n\"k,\"\"f\"\"\",policy,");
    free(csv);
}

/* The mandatory measures of one rule, and nothing else: tables without rows are no files. */
static void test_a_bare_report_can_be_written(void)
{
    const fel_hedge_report full = hedge_report_fixture();
    fel_hedge_report r = fel_hedge_report_default();
    fel_hedge_hedger rule = full.hedgers[2];
    rule.bins.n = rule.n_tail = 0;
    r.measures = full.measures;
    r.n_measures = 4;
    r.hedgers = &rule;
    r.n_hedgers = 1;
    r.n_paths = 20000;
    CHECK_OK(fel_hedge_report_write_files(&r, fresh_folder(), ALL_KINDS));
    json_t *json = json_load_file(path_of("report.json"), 0, NULL);
    CHECK_INT(json_array_size(at(json, "notes")), 0);
    CHECK(json_is_null(at(json, "process")));
    CHECK(json_is_null(at(json, "surfaces")));
    CHECK(json_is_null(at(json, "lives")));
    CHECK(json_is_null(at(json, "hedgers.0.histogram")));
    CHECK_INT(json_array_size(at(json, "tail_levels")), 0);
    json_decref(json);
    CHECK(access(path_of("hedgers.csv"), F_OK) == 0);
    CHECK(access(path_of("comparisons.csv"), F_OK) != 0);
    CHECK(access(path_of("training.csv"), F_OK) != 0);
    CHECK(access(path_of("frontier.csv"), F_OK) != 0);
    CHECK(access(path_of("lives.csv"), F_OK) != 0);
    char *csv = file_text(path_of("hedgers.csv"));
    CHECK_HAS(csv, "hedger,kind,measure,unit,value,error,spread\n");
    CHECK_HAS(csv, "\nblack_scholes_delta,rule,pnl_sd,money,0.5,,\n");
    free(csv);
}

/* ---- failures ------------------------------------------------------------------------------- */

static void test_failure_leaves_nothing_behind(void)
{
    const fel_hedge_report r = hedge_report_fixture();
    CHECK_STATUS(fel_hedge_report_write_files(&r, "/no/such/folder", ALL_KINDS), FEL_ERR_IO);
    FILE *full = fopen("/dev/full", "w");
    CHECK(full != NULL);
    CHECK_STATUS(fel_hedge_report_write_terminal(&r, full), FEL_ERR_IO);
    (void)fclose(full);
}

static fel_status write_page(void *payload, void **out)
{
    (void)out;
    return fel_hedge_report_write_files(payload, folder, FEL_REPORT_HTML);
}

static void test_memory_that_runs_out_is_a_clean_failure(void)
{
    fel_hedge_report r = hedge_report_fixture();
    (void)fresh_folder();
    const failing_call call = {"write_files", write_page, NULL, &r};
    CHECK(check_failing_call(&call) > 0);
}

SUITE("reports/hedge_report", TEST(test_files_are_as_recorded),
      TEST(test_terminal_lines_are_at_most_100_columns), TEST(test_json_reads_back_what_was_given),
      TEST(test_what_is_not_a_number_is_left_out), TEST(test_the_best_is_no_oracle),
      TEST(test_no_cost_at_all_is_not_the_best), TEST(test_lives_are_summed_up_by_hedger),
      TEST(test_page_holds_the_numbers_of_the_json_file), TEST(test_docs_name_every_key),
      TEST(test_long_curves_are_thinned_in_the_json_and_whole_in_the_csv),
      TEST(test_tables_hold_all_rows), TEST(test_names_with_commas_are_quoted),
      TEST(test_a_bare_report_can_be_written),

      TEST(test_failure_leaves_nothing_behind), TEST(test_memory_that_runs_out_is_a_clean_failure));
