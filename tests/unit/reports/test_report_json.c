/* tests/unit/reports/test_report_json.c - report.json: the keys that it promises, in their order,
 * with the report's own numbers. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/unit/reports/forecast_fixture.h"
#include "tests/unit/reports/report_fixture.h"

#define FEL_MODULE_REPORTS
#include "reports/report_internal.h"
#include "reports/report_model_internal.h"

/* The bars of the fixture's days. */
static fel_series *fixture_bars(const report_fixture *x)
{
    int64_t time_ns[5];
    static const double open[] = {20.0, 21.0, 22.0, 21.0, 21.5},
                        high[] = {23.0, 21.5, 24.5, 22, 23.5};
    static const double low[] = {19.5, 19.0, 20.5, 21.0, 21.25},
                        close[] = {21, 19.5, 22.5, 21.5, 23};
    static const double volume[] = {100.0, (double)NAN, 300.0, 400.0, 500.0};
    const double *const columns[] = {open, high, low, close, volume};
    const fel_series_info info = fel_series_info_default(FEL_DATA_BAR, "AAA");
    const fel_block rows = {.n = 5, .n_columns = 5, .time_ns = time_ns, .columns = columns};
    fel_series *bars = NULL;
    for (size_t i = 0; i < 5; i++) {
        time_ns[i] = x->equity[i + 1].time_ns;
    }
    CHECK_OK(fel_series_create(&bars, &info, &rows));
    return bars;
}

/* A report with every part that there is, parsed back. */
static json_t *full_report(fel_report **out, const report_fixture *x, const char *title)
{
    static const fel_report_pair pairs[] = {{"fast_bars", "10"}};
    const fel_report_variant variant = {
        .name = "fast_bars=5", .final_equity = 10100.5, .order_hash = "ff"};
    fel_series *bars = fixture_bars(x);
    const fel_series *const all_bars[] = {bars};
    fel_report_input input = fel_report_input_default();
    forecast_fixture study;
    char *text = NULL;
    forecast_fixture_make(&study);
    input.forecast = &study.report;
    input.title = title;
    input.strategy_name = "by_hand";
    input.result = &x->result;
    input.benchmark = &x->result;
    input.benchmark_name = "itself";
    input.parameters = pairs;
    input.n_parameters = 1;
    input.manifest = pairs;
    input.n_manifest = 1;
    input.notes = pairs;
    input.n_notes = 1;
    input.bars = all_bars;
    input.n_bars = 1;
    input.variants = &variant;
    input.n_variants = 1;
    CHECK_OK(fel_report_create(out, &input));
    fel_series_destroy(bars);
    CHECK_OK(report_json_text(*out, &text));
    json_t *json = json_loads(text, 0, NULL);
    CHECK(json != NULL);
    free(text);
    return json;
}

/* Same keys in the same order, all the way down; of lists the first items. */
static void check_same_shape(json_t *actual, json_t *expected, const char *where)
{
    if (expected == NULL || actual == NULL) {
        CHECK(expected == actual);
    } else if (json_is_object(expected) && json_is_object(actual)) {
        void *a = json_object_iter(actual), *e = json_object_iter(expected);
        while (e != NULL && a != NULL) {
            CHECK_TEXT(json_object_iter_key(a), json_object_iter_key(e));
            check_same_shape(json_object_iter_value(a), json_object_iter_value(e),
                             json_object_iter_key(e));
            a = json_object_iter_next(actual, a);
            e = json_object_iter_next(expected, e);
        }
        CHECK(a == NULL && e == NULL);
    } else if (json_is_array(expected) && json_is_array(actual)) {
        if (json_array_size(expected) > 0 && json_array_size(actual) > 0) {
            check_same_shape(json_array_get(actual, 0), json_array_get(expected, 0), where);
        }
    } else if (!json_is_null(expected) && !json_is_null(actual)) {
        const int same = json_typeof(actual) == json_typeof(expected) ||
                         (json_is_number(actual) && json_is_number(expected));
        if (!same) {
            (void)printf("\nreport.json: %s has another type than in the example\n", where);
        }
        CHECK(same);
    }
}

static void test_keys_and_types_are_those_of_the_recorded_shape(void)
{
    report_fixture x;
    fel_report *r = NULL;
    fixture_make(&x);
    json_t *actual = full_report(&r, &x, "shape");
    json_t *expected = json_load_file("tests/golden/report_shape.json", 0, NULL);
    CHECK(expected != NULL);
    check_same_shape(actual, expected, "");
    json_decref(actual);
    json_decref(expected);
    fel_report_destroy(r);
}

/* Every key of the first level stands, in backquotes, in docs/report_json.md. */
static void test_page_names_every_key(void)
{
    report_fixture x;
    fel_report *r = NULL;
    static char page[1 << 15];
    FILE *file = fopen("docs/report_json.md", "r");
    CHECK(file != NULL);
    CHECK(file != NULL && fread(page, 1, sizeof(page) - 1, file) > 1000);
    if (file != NULL) {
        (void)fclose(file);
    }
    fixture_make(&x);
    json_t *json = full_report(&r, &x, "page");
    const char *key;
    json_t *value;
    json_object_foreach(json, key, value)
    {
        char quoted[64];
        (void)snprintf(quoted, sizeof(quoted), "`%s`", key);
        CHECK(strstr(page, quoted) != NULL);
    }
    json_decref(json);
    fel_report_destroy(r);
}

static const json_t *at(const json_t *json, const char *a, const char *b)
{
    return json_object_get(json_object_get(json, a), b);
}

static void test_numbers_are_the_reports_own_bits(void)
{
    report_fixture x;
    fel_report *r = NULL;
    fixture_make(&x);
    json_t *json = full_report(&r, &x, "bits");
    const json_t *equity = at(json, "equity", "equity"),
                 *returns = at(json, "equity", "daily_return");
    CHECK_INT(json_array_size(equity), 6);
    for (size_t i = 0; i < 6; i++) {
        CHECK_SAME(json_real_value(json_array_get(equity, i)), r->equity.equity[i]);
    }
    CHECK(json_is_null(json_array_get(returns, 0)));
    CHECK_SAME(json_real_value(json_array_get(returns, 4)), r->equity.daily_return[4]);
    CHECK_SAME(json_real_value(at(json, "headline", "sharpe_ratio")),
               fel_report_score(r, "sharpe_ratio"));
    const json_t *rows = at(json, "trades", "rows");
    CHECK_INT(json_array_size(rows), 3);
    CHECK_SAME(json_real_value(json_array_get(json_array_get(rows, 0), 11)),
               fel_money_value(r->trades[0].pnl));
    CHECK_TEXT(json_string_value(json_array_get(json_array_get(rows, 0), 3)),
               "2020-01-30T15:00:00Z");
    CHECK_INT(json_array_size(json_array_get(rows, 0)),
              json_array_size(at(json, "trades", "columns")));
    const json_t *prices = json_array_get(json_object_get(json, "prices"), 0);
    CHECK_NEAR(json_real_value(json_array_get(json_object_get(prices, "close"), 4)), 23.0, 0.0);
    CHECK(json_is_null(json_array_get(json_object_get(prices, "volume"), 1)));
    json_decref(json);
    fel_report_destroy(r);
}

static void test_texts_are_escaped_and_never_break_the_json(void)
{
    report_fixture x;
    fel_report *r = NULL;
    fixture_make(&x);
    json_t *json = full_report(&r, &x, "a \"b\" </script> \n \\ \xc3\xa9");
    CHECK_TEXT(json_string_value(json_object_get(json, "title")),
               "a \"b\" </script> \n \\ \xc3\xa9");
    json_decref(json);
    fel_report_destroy(r);
    json = full_report(&r, &x, "latin \xe9");
    CHECK_TEXT(json_string_value(json_object_get(json, "title")), "latin ?");
    json_decref(json);
    fel_report_destroy(r);
}

/* All of ASCII at once, through the parser and back. */
static void test_every_control_character_is_escaped(void)
{
    report_fixture x;
    fel_report *r = NULL;
    char title[128], *text = NULL;
    for (int c = 1; c < 128; c++) {
        title[c - 1] = (char)c;
    }
    title[127] = '\0';
    fixture_make(&x);
    json_t *json = full_report(&r, &x, title);
    CHECK_TEXT(json_string_value(json_object_get(json, "title")), title);
    CHECK_OK(report_json_text(r, &text));
    CHECK_HAS(text, "\\u0001\\u0002");
    CHECK_HAS(text, "\\b\\t\\n\\u000B\\f\\r");
    CHECK_HAS(text, "\\u001F !\\\"#");
    free(text);
    json_decref(json);
    fel_report_destroy(r);
}

/* As in the table of docs/report_json.md: at most so many rows, the first ones. */
static void test_long_tables_are_cut(void)
{
    enum { N = 20005 };
    report_fixture x;
    fixture_make(&x);
    fel_fill_record *fills = calloc(N, sizeof(*fills));
    CHECK(fills != NULL);
    for (size_t i = 0; fills != NULL && i < N; i++) {
        fills[i] = x.fills[i % 2];
        fills[i].quantity = 100.0;
        fills[i].order_id = i + 1;
    }
    fills[7].order_id = 0; /* a split, which is no trade */
    fills[7].quantity = 0.0;
    fills[7].reference_price = 1.0;
    x.result.fills = fills;
    x.result.n_fills = N;
    fel_report *r = fixture_report(&x);
    char *text = NULL;
    CHECK_OK(report_json_text(r, &text));
    json_t *json = json_loads(text, 0, NULL);
    CHECK_INT(json_integer_value(at(json, "fills", "n")), N - 1);
    CHECK_INT(json_integer_value(at(json, "fills", "n_shown")), 20000);
    CHECK_INT(json_array_size(at(json, "fills", "rows")), 20000);
    json_decref(json);
    free(text);
    fel_report_destroy(r);
    free(fills);
}

static void test_file_holds_the_same_text_and_comes_whole(void)
{
    report_fixture x;
    char path[512], *text = NULL;
    fixture_make(&x);
    fel_report *r = fixture_report(&x);
    (void)snprintf(path, sizeof(path), "%s/report.json", scratch_folder());
    CHECK_OK(fel_report_write_json(r, path));
    CHECK_OK(report_json_text(r, &text));
    FILE *file = fopen(path, "r");
    CHECK(file != NULL);
    char *read = calloc(strlen(text) + 2, 1);
    CHECK_INT(fread(read, 1, strlen(text) + 1, file), strlen(text));
    CHECK(strcmp(read, text) == 0);
    (void)fclose(file);
    free(read);
    free(text);
    CHECK_STATUS(fel_report_write_json(r, "/no/such/folder/report.json"), FEL_ERR_IO);
    CHECK_STATUS(fel_report_write_json(r, "/dev/full"), FEL_ERR_IO);
    fel_report_destroy(r);
}

static void test_long_series_are_put_together_for_the_chart(void)
{
    enum { N = 7001 };
    report_fixture x;
    fixture_make(&x);
    int64_t *time_ns = calloc(N, sizeof(int64_t));
    double *price = calloc(N, sizeof(double));
    for (size_t i = 0; i < N; i++) {
        time_ns[i] = (int64_t)(i + 1) * FEL_NS_PER_MINUTE;
        price[i] = 10.0 + (double)(i * 37 % 101);
    }
    const double *const columns[] = {price, price, price, price, price};
    const fel_series_info info = fel_series_info_default(FEL_DATA_BAR, "AAA");
    const fel_block rows = {.n = N, .n_columns = 5, .time_ns = time_ns, .columns = columns};
    fel_series *bars = NULL;
    CHECK_OK(fel_series_create(&bars, &info, &rows));
    const fel_series *const all_bars[] = {bars};
    fel_report *r = NULL;
    fel_report_input input = fel_report_input_default();
    input.result = &x.result;
    input.bars = all_bars;
    input.n_bars = 1;
    CHECK_OK(fel_report_create(&r, &input));
    const report_prices *p = &r->prices[0];
    CHECK_INT(p->bars_per_point, 3);
    CHECK_INT(p->n, 2334);
    CHECK_INT(p->n_source, N);
    CHECK_SAME(p->open[1], price[3]);
    CHECK_SAME(p->close[1], price[5]);
    CHECK_SAME(p->high[1], fmax(price[3], fmax(price[4], price[5])));
    CHECK_SAME(p->low[1], fmin(price[3], fmin(price[4], price[5])));
    CHECK_SAME(p->volume[1], price[3] + price[4] + price[5]);
    CHECK_INT(p->time_ns[p->n - 1], time_ns[N - 1]);
    fel_report_destroy(r);
    fel_series_destroy(bars);
    free(time_ns);
    free(price);
}

SUITE("reports/report_json", TEST(test_keys_and_types_are_those_of_the_recorded_shape),
      TEST(test_page_names_every_key), TEST(test_numbers_are_the_reports_own_bits),
      TEST(test_texts_are_escaped_and_never_break_the_json),
      TEST(test_every_control_character_is_escaped), TEST(test_long_tables_are_cut),
      TEST(test_file_holds_the_same_text_and_comes_whole),
      TEST(test_long_series_are_put_together_for_the_chart));
