/* tests/property/test_memory_reports.c - memory runs out while trades are matched, a report is made
 * and each of its files is written: a clean failure, and no file that looks whole. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <feller/report.h>

#include "tests/support/failing_malloc.h"
#include "tests/unit/engine/random_fixture.h"

typedef struct bench {
    market market;
    run run; /* with a few hundred trades */
    fel_report *report;
    char path[512];
    FILE *stream;
} bench;

/* ---- calls ---------------------------------------------------------------------------------- */

static fel_status call_match(void *payload, void **out)
{
    const bench *b = payload;
    size_t n = 77;
    const fel_status status = fel_trades_match(b->run.result, (fel_trade **)out, &n);
    if (status != FEL_OK && n != 77) {
        *out = NULL;
    }
    return status;
}

static fel_status call_create(void *payload, void **out)
{
    static const fel_report_pair pairs[] = {{"warning", "made up"}, {"note", "of tests"}};
    const bench *b = payload;
    const fel_series *bars = b->market.series[0];
    fel_report_input input = fel_report_input_default();
    input.title = "a title";
    input.strategy_name = "random";
    input.result = b->run.result;
    input.benchmark = b->run.result;
    input.benchmark_name = "itself";
    input.parameters = input.manifest = input.notes = pairs;
    input.n_parameters = input.n_manifest = input.n_notes = 2;
    input.bars = &bars;
    input.n_bars = 1;
    return fel_report_create((fel_report **)out, &input);
}

static void destroy_report(void *made)
{
    fel_report_destroy(made);
}

static fel_status call_terminal(void *payload, void **out)
{
    const bench *b = payload;
    (void)out;
    return fel_report_write_terminal(b->report, b->stream);
}

static fel_status call_json(void *payload, void **out)
{
    const bench *b = payload;
    (void)out;
    return fel_report_write_json(b->report, b->path);
}

static fel_status call_html(void *payload, void **out)
{
    const bench *b = payload;
    (void)out;
    return fel_report_write_html(b->report, b->path);
}

static fel_status call_csv(void *payload, void **out)
{
    const bench *b = payload;
    (void)out;
    return fel_report_write_csv(b->report, b->path);
}

static fel_status call_files(void *payload, void **out)
{
    const bench *b = payload;
    (void)out;
    return fel_report_write_files(
        b->report, b->path, FEL_REPORT_JSON | FEL_REPORT_CSV | FEL_REPORT_TEXT | FEL_REPORT_HTML,
        2);
}

/* ---- tests ---------------------------------------------------------------------------------- */

static void set_up(bench *b)
{
    static const random_play play = {.seed = 8, .activity = 0.9, .scale = 1.0};
    const random_bars bars = random_bars_default(4, 600, FEL_NS_PER_DAY);
    fel_engine_config config = checked_config();
    memset(b, 0, sizeof(*b));
    config.cash = 1e5;
    config.cash_short = FEL_CASH_ALLOW;
    market_add_random(&b->market, "AAA", &bars);
    random_play_use(&play);
    b->run = run_market(&b->market, &config, &random_strategy, NULL);
}

static void clear(bench *b)
{
    fel_report_destroy(b->report);
    run_clear(&b->run);
    market_clear(&b->market);
}

static void test_report_without_memory(void)
{
    static bench b;
    set_up(&b);
    const failing_call match = {"fel_trades_match", call_match, free, &b};
    const failing_call create = {"fel_report_create", call_create, destroy_report, &b};
    CHECK(check_failing_call(&match) > 1);
    CHECK(check_failing_call(&create) > 2);
    clear(&b);
}

/* Entries of the writer's folder whose names are none of those that a report writes: what is left
 * of a temporary file. */
static int left_behind(const char *folder)
{
    int n = 0;
    DIR *entries = opendir(folder);
    CHECK(entries != NULL);
    for (struct dirent *e = entries != NULL ? readdir(entries) : NULL; e != NULL;
         e = readdir(entries)) {
        const char *end = strrchr(e->d_name, '.');
        n += e->d_name[0] != '.' && strcmp(end, ".csv") != 0 && strcmp(end, ".json") != 0 &&
             strcmp(end, ".html") != 0 && strcmp(end, ".txt") != 0;
    }
    if (entries != NULL) {
        (void)closedir(entries);
    }
    return n;
}

static void check_writer(bench *b, const char *name, fel_status (*call)(void *payload, void **out),
                         const char *file)
{
    const failing_call writer = {name, call, NULL, b};
    const char *folder = scratch_folder();
    (void)snprintf(b->path, sizeof(b->path), "%.400s/%s", folder, file);
    (void)check_failing_call(&writer);
    CHECK_INT(left_behind(folder), 0);
}

static void test_writers_without_memory(void)
{
    static bench b;
    set_up(&b);
    CHECK_OK(call_create(&b, (void **)&b.report));
    b.stream = fopen("/dev/null", "w");
    CHECK(b.stream != NULL);
    check_writer(&b, "fel_report_write_terminal", call_terminal, "");
    check_writer(&b, "fel_report_write_json", call_json, "report.json");
    check_writer(&b, "fel_report_write_html", call_html, "report.html");
    check_writer(&b, "fel_report_write_csv", call_csv, "");
    check_writer(&b, "fel_report_write_files", call_files, "");
    (void)fclose(b.stream);
    clear(&b);
}

SUITE("property/memory_reports", TEST(test_report_without_memory),
      TEST(test_writers_without_memory));
