/* tests/unit/reports/test_html_write.c - the HTML report: one file, the same numbers as
 * report.json, texts that cannot end the element that holds them, whole or not there. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <feller/report.h>

#include "tests/support/check.h"

#define JSON_ELEMENT "<script type=\"application/json\" id=\"feller-report\">"

enum { N_DAYS = 40 };

/* A title that would break out of the page if it were written as it is. */
static const char awkward_title[] =
    "</script><script>alert(1)</script> <!-- \"quoted\" & 'more' \xc3\xa9\\";

static fel_report *make_report(const char *title)
{
    static const fel_instrument instrument = {.symbol = "ELM & <ASH>",
                                              .currency = "USD",
                                              .kind = FEL_EQUITY,
                                              .ticks_per_unit = 100.0,
                                              .multiplier = 1.0};
    fel_equity_point points[N_DAYS];
    memset(points, 0, sizeof(points));
    double equity = 25000.0;
    for (int i = 0; i < N_DAYS; i++) {
        points[i].time_ns = (18000 + (int64_t)i) * FEL_NS_PER_DAY;
        points[i].equity = points[i].cash = equity;
        equity *= 1.0 + 0.002385 * ((i * 7) % 5 - 1.9);
    }
    fel_position_record position;
    memset(&position, 0, sizeof(position));
    fel_result result;
    memset(&result, 0, sizeof(result));
    result.instruments = &instrument;
    result.n_instruments = 1;
    result.equity = points;
    result.n_equity = N_DAYS;
    result.positions = &position;
    result.initial_cash = points[0].equity;
    result.final_equity.hi = result.final_cash.hi = points[N_DAYS - 1].equity;
    result.waterfall.net.hi = result.final_equity.hi - result.initial_cash;
    result.waterfall.gross = result.waterfall.net;
    result.first_ns = points[0].time_ns;
    result.last_ns = points[N_DAYS - 1].time_ns;
    memcpy(result.order_hash, "0123456789abcdef0123456789abcdef", sizeof(result.order_hash));
    fel_report_input input = fel_report_input_default();
    input.title = title;
    input.strategy_name = "idle";
    input.result = &result;
    fel_report *report = NULL;
    CHECK_OK(fel_report_create(&report, &input));
    return report;
}

static char *read_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    char *text = NULL;
    size_t size = 0, capacity = 1 << 22;
    text = calloc(1, capacity);
    if (text != NULL) {
        size = fread(text, 1, capacity - 1, file);
        text[size] = '\0';
    }
    fclose(file);
    return text;
}

static size_t count_of(const char *text, const char *part)
{
    size_t n = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part)) {
        n++;
    }
    return n;
}

/* The page of a report with this title, from a file that was written; the caller frees it. */
static char *page_of(const char *title, json_t **from_json_writer)
{
    char html_path[4096], json_path[4096];
    const char *folder = scratch_folder();
    snprintf(html_path, sizeof(html_path), "%s/report.html", folder);
    snprintf(json_path, sizeof(json_path), "%s/report.json", folder);
    fel_report *report = make_report(title);
    CHECK_OK(fel_report_write_html(report, html_path));
    if (from_json_writer != NULL) {
        CHECK_OK(fel_report_write_json(report, json_path));
        *from_json_writer = json_load_file(json_path, 0, NULL);
    }
    fel_report_destroy(report);
    return read_text(html_path);
}

/* The text of the page's JSON element; the caller frees it. */
static char *json_in(const char *page)
{
    const char *start = strstr(page, JSON_ELEMENT);
    if (start == NULL) {
        return NULL;
    }
    start += strlen(JSON_ELEMENT);
    const char *end = strstr(start, "</script>");
    return end == NULL ? NULL : strndup(start, (size_t)(end - start));
}

static void test_page_holds_the_numbers_of_the_json_file(void)
{
    json_t *expected = NULL;
    char *page = page_of(awkward_title, &expected);
    CHECK(page != NULL && expected != NULL);
    char *text = page != NULL ? json_in(page) : NULL;
    CHECK(text != NULL);
    if (text != NULL) {
        json_t *actual = json_loads(text, 0, NULL);
        CHECK(actual != NULL);
        CHECK(json_equal(actual, expected));
        CHECK_TEXT(json_string_value(json_object_get(actual, "title")), awkward_title);
        json_decref(actual);
    }
    free(text);
    free(page);
    json_decref(expected);
}

static void test_texts_cannot_end_their_element(void)
{
    char *awkward = page_of(awkward_title, NULL);
    char *plain = page_of("plain", NULL);
    CHECK(awkward != NULL && plain != NULL);
    if (awkward != NULL && plain != NULL) {
        char *text = json_in(awkward);
        CHECK(text != NULL && strpbrk(text, "<>&") == NULL);
        CHECK(text != NULL && strstr(text, "\\u003c/script\\u003e") != NULL);
        CHECK(text != NULL && strstr(text, "ELM \\u0026 \\u003cASH\\u003e") != NULL);
        free(text);
        CHECK_INT(count_of(awkward, "</script>"), count_of(plain, "</script>"));
    }
    free(awkward);
    free(plain);
}

static void test_page_needs_no_network(void)
{
    char *page = page_of("plain", NULL);
    CHECK(page != NULL);
    if (page != NULL) {
        CHECK(strncmp(page, "<!doctype html>", 15) == 0);
        const char *end = "</html>\n";
        CHECK(strlen(page) > strlen(end) && strcmp(page + strlen(page) - strlen(end), end) == 0);
        CHECK(strstr(page, "default-src 'none'") != NULL);
        CHECK_INT(count_of(page, "<script src"), 0);
        CHECK_INT(count_of(page, "@import"), 0);
        CHECK_INT(count_of(page, "url("), 0);
        CHECK(strlen(page) > 400000 && strlen(page) < 1000000);
    }
    free(page);
}

static void test_page_says_what_it_was_made_with(void)
{
    char *page = page_of("plain", NULL);
    CHECK(page != NULL && strstr(page, "==== echarts 6.") != NULL);
    CHECK(page != NULL && strstr(page, "==== zrender 6.") != NULL);
    CHECK(page != NULL && strstr(page, "Apache License") != NULL);
    free(page);
}

static void test_failure_leaves_nothing_behind(void)
{
    char path[4096];
    fel_report *report = make_report("plain");
    CHECK_STATUS(fel_report_write_html(report, "/dev/full"), FEL_ERR_IO);
    snprintf(path, sizeof(path), "%s/absent/report.html", scratch_folder());
    CHECK_STATUS(fel_report_write_html(report, path), FEL_ERR_IO);
    CHECK(access(path, F_OK) != 0);
    CHECK_HAS(fel_last_error()->message, "absent/report.html");
    fel_report_destroy(report);
}

static void test_same_report_gives_the_same_bytes(void)
{
    char *first = page_of("plain", NULL);
    char *second = page_of("plain", NULL);
    CHECK(first != NULL && second != NULL && strcmp(first, second) == 0);
    free(first);
    free(second);
}

SUITE("reports/html_write", TEST(test_page_holds_the_numbers_of_the_json_file),
      TEST(test_texts_cannot_end_their_element), TEST(test_page_needs_no_network),
      TEST(test_page_says_what_it_was_made_with), TEST(test_failure_leaves_nothing_behind),
      TEST(test_same_report_gives_the_same_bytes));
