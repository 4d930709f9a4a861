/* tests/unit/reports/test_forecast_report.c - the forecasting study in a report: copies, JSON and
 * terminal text of a hand-made one, what is refused, notes. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"
#include "tests/unit/reports/forecast_fixture.h"
#include "tests/unit/reports/golden.h"
#include "tests/unit/reports/report_fixture.h"

#define FEL_MODULE_REPORTS
#include "reports/report_internal.h"

static report_fixture run;
static forecast_fixture study;

static fel_status create(fel_report **out, const fel_forecast_report *forecast)
{
    fel_report_input input = fel_report_input_default();
    input.title = "hand-made";
    input.strategy_name = "by_hand";
    input.result = &run.result;
    input.forecast = forecast;
    return fel_report_create(out, &input);
}

static fel_report *report_of(const fel_forecast_report *forecast)
{
    fel_report *r = NULL;
    CHECK_OK(create(&r, forecast));
    return r;
}

static void make(void)
{
    fixture_make(&run);
    forecast_fixture_make(&study);
}

/* The report's text; the caller's. */
static char *text_of_report(const fel_report *r)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    CHECK_OK(fel_report_write_terminal(r, file));
    (void)fclose(file);
    return text;
}

/* From the line that is the key's value up to its end, written to a file of its own. */
static const char *part_file(const char *whole, const char *begin, const char *end)
{
    static char path[600];
    const char *from = strstr(whole, begin);
    const char *to = from != NULL ? strstr(from + strlen(begin), end) : NULL;
    (void)snprintf(path, sizeof(path), "%s/part", scratch_folder());
    FILE *file = fopen(path, "w");
    CHECK(from != NULL && to != NULL && file != NULL);
    if (file != NULL) {
        if (to != NULL) {
            (void)fprintf(file, "%.*s\n", (int)(to - from), from);
        }
        (void)fclose(file);
    }
    return path;
}

static void test_json_and_text_are_as_recorded(void)
{
    make();
    fel_report *r = report_of(&study.report);
    char *json = NULL, *text = text_of_report(r);
    CHECK_OK(report_json_text(r, &json));
    const char *section = strstr(json, "\n\"forecast\":");
    CHECK(section != NULL);
    check_golden(part_file(section + strlen("\n\"forecast\":"), "{", ",\n\"order_hash\""),
                 "forecast.json");
    check_golden(part_file(text, "\nForecast\n", "\n\nWhere the money went"), "forecast.txt");
    free(json);
    free(text);
    fel_report_destroy(r);
}

static json_t *section_of(const fel_report *r)
{
    char *text = NULL;
    CHECK_OK(report_json_text(r, &text));
    json_t *json = json_loads(text, 0, NULL);
    json_t *section = json_incref(json_object_get(json, "forecast"));
    json_decref(json);
    free(text);
    return section;
}

static const json_t *of_row(const json_t *section, const char *list, size_t i, const char *key)
{
    return json_object_get(json_array_get(json_object_get(section, list), i), key);
}

static void test_numbers_are_those_given(void)
{
    make();
    fel_report *r = report_of(&study.report);
    json_t *section = section_of(r);
    const json_t *windows = json_object_get(section, "windows");
    const json_t *first = json_array_get(json_object_get(windows, "rows"), 0);
    CHECK_INT(json_array_size(first), json_array_size(json_object_get(windows, "columns")));
    CHECK_TEXT(json_string_value(json_array_get(first, 2)), "2014-01-01T00:00:00Z");
    CHECK_SAME(json_real_value(json_array_get(first, 11)), -0.0023851234);
    CHECK(json_is_null(json_array_get(json_array_get(json_object_get(windows, "rows"), 1), 13)));
    CHECK_SAME(json_real_value(of_row(section, "rivals", 2, "dm_p_value")), 0.00046);
    CHECK_SAME(json_real_value(of_row(section, "rivals", 1, "sharpe")), 0.702);
    CHECK(json_is_null(of_row(section, "rivals", 0, "dm_statistic")));
    /* Days once; a rival without a line has neither. */
    CHECK_INT(json_array_size(of_row(section, "rivals", 0, "day")), FORECAST_DAYS);
    CHECK(json_is_null(of_row(section, "rivals", 1, "day")));
    CHECK_INT(json_array_size(of_row(section, "rivals", 1, "equity")), FORECAST_DAYS);
    CHECK(json_is_null(of_row(section, "rivals", 2, "equity")));
    /* Curves in five digits. */
    CHECK_SAME(json_real_value(json_array_get(of_row(section, "curves", 0, "train_loss"), 0)),
               0.012346);
    CHECK(json_is_null(json_array_get(of_row(section, "curves", 3, "train_loss"), 4)));
    CHECK(json_is_null(of_row(section, "curves", 3, "best_epoch")));
    CHECK(json_is_null(of_row(section, "curves", 3, "selection")));
    CHECK(json_is_null(of_row(section, "curves", 0, "epoch")));
    json_decref(section);
    fel_report_destroy(r);
}

static void test_report_keeps_its_own_copy(void)
{
    make();
    fel_report *r = report_of(&study.report);
    json_t *before = section_of(r);
    memset(&study, 0x5a, sizeof(study));
    json_t *after = section_of(r);
    CHECK(json_equal(before, after));
    json_decref(before);
    json_decref(after);
    fel_report_destroy(r);
}

static void test_report_without_one_has_null_and_no_block(void)
{
    make();
    fel_report *r = report_of(NULL);
    json_t *section = section_of(r);
    char *text = text_of_report(r);
    CHECK(json_is_null(section));
    CHECK(strstr(text, "\nForecast\n") == NULL);
    json_decref(section);
    free(text);
    fel_report_destroy(r);
}

/* Only a size: every list is empty, every text "". */
static void test_empty_study_is_written(void)
{
    const fel_forecast_report empty = {.struct_size = (uint32_t)sizeof(empty)};
    make();
    fel_report *r = report_of(&empty);
    json_t *section = section_of(r);
    char *text = text_of_report(r);
    CHECK_TEXT(json_string_value(json_object_get(section, "model")), "");
    CHECK_INT(json_array_size(json_object_get(section, "curves")), 0);
    CHECK_INT(json_array_size(json_object_get(section, "notes")), 0);
    CHECK_HAS(text, "\nForecast\n");
    json_decref(section);
    free(text);
    fel_report_destroy(r);
}

static void check_widths(const char *text)
{
    size_t width = 0;
    for (; *text != '\0'; text++) {
        width = *text == '\n' ? 0 : width + 1;
        CHECK(width <= 100);
    }
}

static void test_lines_are_at_most_100_columns(void)
{
    make();
    for (size_t i = 0; i < FORECAST_RIVALS; i++) {
        study.rivals[i].label = "a forecaster whose name is longer than any column has room for";
        study.rivals[i].numbers.final_equity = -123456789.125;
        study.rivals[i].numbers.annual_return = -12.3456;
        study.rivals[i].dm_statistic = -123.456;
        study.rivals[i].dm_error_p_value = 0.0001;
    }
    fel_report *r = report_of(&study.report);
    char *text = text_of_report(r);
    check_widths(text);
    CHECK_HAS(text, "p errors");
    free(text);
    fel_report_destroy(r);
}

/* ---- many curves, long lines ----------------------------------------------------------------- */

static void test_many_curves_are_thinned_and_keep_the_best_epoch(void)
{
    enum { N = 400, EPOCHS = 151 };
    static double loss[EPOCHS];
    static fel_forecast_curve curves[N];
    make();
    for (size_t e = 0; e < EPOCHS; e++) {
        loss[e] = 1.0 / (double)(e + 3);
    }
    for (size_t i = 0; i < N; i++) {
        const fel_forecast_curve c = {i % 2, i / 2, EPOCHS, i % EPOCHS, loss, loss, loss};
        curves[i] = c;
    }
    study.report.curves = curves;
    study.report.n_curves = N;
    fel_report *r = report_of(&study.report);
    json_t *section = section_of(r);
    size_t n_points = 0;
    for (size_t i = 0; i < N; i++) {
        const json_t *epoch = of_row(section, "curves", i, "epoch");
        const json_t *values = of_row(section, "curves", i, "validation_loss");
        const size_t n = json_array_size(epoch);
        int has_best = 0;
        n_points += n;
        CHECK_INT(json_array_size(values), n);
        CHECK_INT(json_integer_value(json_array_get(epoch, 0)), 0);
        CHECK_INT(json_integer_value(json_array_get(epoch, n - 1)), EPOCHS - 1);
        for (size_t k = 0; k < n; k++) {
            const json_int_t e = json_integer_value(json_array_get(epoch, k));
            has_best |= e == (json_int_t)(i % EPOCHS);
            CHECK_NEAR(json_real_value(json_array_get(values, k)), loss[e], 5e-5 * loss[e]);
        }
        CHECK(has_best);
    }
    CHECK(n_points > 5000 && n_points < 11000);
    json_decref(section);
    fel_report_destroy(r);
}

static void test_long_lines_are_thinned_and_keep_both_ends(void)
{
    enum { DAYS = 10001 };
    int64_t *days = calloc(DAYS, sizeof(*days));
    double *equity = calloc(DAYS, sizeof(*equity));
    make();
    CHECK(days != NULL && equity != NULL);
    for (size_t i = 0; days != NULL && equity != NULL && i < DAYS; i++) {
        days[i] = (int64_t)i * FEL_NS_PER_DAY;
        equity[i] = 10000.0 + (double)i / 3.0;
    }
    study.rivals[0].days_ns = days;
    study.rivals[0].equity = equity;
    study.rivals[0].n_days = DAYS;
    fel_report *r = report_of(&study.report);
    json_t *section = section_of(r);
    const json_t *line = of_row(section, "rivals", 0, "equity");
    const size_t n = json_array_size(line);
    CHECK(n > 2000 && n <= 3001);
    CHECK_INT(json_array_size(of_row(section, "rivals", 0, "day")), n);
    CHECK_SAME(json_real_value(json_array_get(line, 0)), 10000.0);
    CHECK_SAME(json_real_value(json_array_get(line, n - 1)), 13333.333);
    CHECK_INT(json_array_size(of_row(section, "rivals", 1, "day")), FORECAST_DAYS);
    json_decref(section);
    fel_report_destroy(r);
    free(days);
    free(equity);
}

/* ---- notes ----------------------------------------------------------------------------------- */

static void check_note(const char *text, int is_there)
{
    fel_report *r = report_of(&study.report);
    char *json = NULL;
    CHECK_OK(report_json_text(r, &json));
    CHECK((strstr(json, text) != NULL) == is_there);
    free(json);
    fel_report_destroy(r);
}

static void test_notes_say_what_the_numbers_do_not(void)
{
    make();
    check_note("among 12 trials over 2 windows", 1);
    check_note("1 of 12 trials failed", 1);
    check_note("1 of 2 rivals has a higher Sharpe ratio", 1);
    check_note("not corrected for there being 2", 1);
    check_note("one seed", 0);
    check_note("gradient of zero", 0);
    study.report.n_seeds = 1;
    study.report.has_zero_gradient = 1;
    study.rivals[0].numbers.sharpe = 2.385;
    study.rivals[1].dm_p_value = (double)NAN;
    study.windows[0].n_trials = study.windows[1].n_trials = 1;
    study.windows[1].n_failed = 0;
    check_note("one seed", 1);
    check_note("the training loss gmadl has a gradient of zero", 1);
    check_note("higher Sharpe ratio", 0);
    check_note("not corrected", 0);
    check_note("trials over", 0);
    check_note("trials failed", 0);
}

/* ---- what is refused ------------------------------------------------------------------------- */

static void check_refused(const char *message)
{
    fel_report *r = NULL;
    CHECK_STATUS(create(&r, &study.report), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, message);
    CHECK(r == NULL);
    make();
}

static void test_incomplete_studies_are_refused(void)
{
    make();
    study.report.struct_size = 8;
    check_refused("fel_forecast_report has 8 bytes");
    study.report.windows = NULL;
    check_refused("forecast.windows is NULL with a count of 2");
    study.report.rivals = NULL;
    check_refused("forecast.rivals");
    study.report.facts = NULL;
    check_refused("forecast.facts");
    study.report.curves = NULL;
    check_refused("forecast.curves");
    study.curves[1].window = 2;
    check_refused("forecast.curves[1] is of window 2, there are 2");
    study.rivals[1].equity = NULL;
    check_refused("equity of a rival");
    study.days_ns[2] = study.days_ns[1];
    check_refused("days_ns[2] is not after");
    study.rivals[2].label = NULL;
    check_refused("forecast.rivals[2] has no name or no label");
    study.facts[0].name = NULL;
    check_refused("forecast.facts[0] has no name");
}

static fel_status create_for(void *payload, void **out)
{
    fel_report *r = NULL;
    FEL_TRY(create(&r, payload));
    *out = r;
    return FEL_OK;
}

static void destroy_made(void *made)
{
    fel_report_destroy(made);
}

static void test_memory_that_runs_out_is_a_clean_failure(void)
{
    make();
    const failing_call call = {"fel_report_create", create_for, destroy_made, &study.report};
    CHECK(check_failing_call(&call) > 0);
}

SUITE("reports/forecast_report", TEST(test_json_and_text_are_as_recorded),
      TEST(test_numbers_are_those_given), TEST(test_report_keeps_its_own_copy),
      TEST(test_report_without_one_has_null_and_no_block), TEST(test_empty_study_is_written),
      TEST(test_lines_are_at_most_100_columns),
      TEST(test_many_curves_are_thinned_and_keep_the_best_epoch),
      TEST(test_long_lines_are_thinned_and_keep_both_ends),
      TEST(test_notes_say_what_the_numbers_do_not), TEST(test_incomplete_studies_are_refused),
      TEST(test_memory_that_runs_out_is_a_clean_failure));
