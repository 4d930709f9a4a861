/* tests/unit/study/test_study_run.c - run folders: what is in them, when they appear, running
 * again. */
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/check.h"
#include "tests/unit/study/study_files.h"

#define STUDY                                                                                      \
    "name: wave\ndata: [{symbol: WAVE, file: wave.csv, frequency: 1d}]\ncash: 123456.78 USD\n"     \
    "strategy: {kind: sma_cross, fast_bars: 7, slow_bars: 23}\n"                                   \
    "costs: {fee_bps: 2.385, slippage: {half_spread_bps: 1.5}}\n"

static const char *wave_folder(void)
{
    static char folder[320];
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    put_bars(in_folder(folder, "wave.csv"), 700, 0.3);
    return folder;
}

static int count_entries(const char *folder)
{
    int n = 0;
    DIR *directory = opendir(folder);
    while (directory != NULL && readdir(directory) != NULL) {
        n++;
    }
    if (directory != NULL) {
        (void)closedir(directory);
    }
    return n - 2;
}

static json_t *get_json(const char *path)
{
    json_error_t error;
    json_t *root = json_load_file(path, 0, &error);
    CHECK(root != NULL);
    return root;
}

static void test_a_run_folder_holds_every_file(void)
{
    static const char *const names[] = {"report.json", "report.txt",    "trades.csv",
                                        "orders.csv",  "fills.csv",     "positions.csv",
                                        "equity.csv",  "manifest.json", "study.yaml"};
    enum { N_NAMES = sizeof(names) / sizeof(names[0]) };
    const char *folder = wave_folder();
    fel_run *run = NULL;
    CHECK_OK(run_text(folder, STUDY, "out/run", 1, &run));
    if (run == NULL) {
        return;
    }
    for (size_t i = 0; i < N_NAMES; i++) {
        CHECK(access(in_folder(fel_run_folder(run), names[i]), R_OK) == 0);
    }
    CHECK_INT(count_entries(fel_run_folder(run)), N_NAMES);
    CHECK_INT(count_entries(in_folder(folder, "out")), 1);
    char *text = get_file(in_folder(fel_run_folder(run), "study.yaml"));
    CHECK_TEXT(text, STUDY);
    free(text);
    fel_run_destroy(run);
}

static void test_the_manifest_says_what_was_run(void)
{
    const char *folder = wave_folder();
    CHECK_OK(run_text(folder, STUDY, "run", 1, NULL));
    json_t *root = get_json(in_folder(folder, "run/manifest.json"));
    const json_t *input = json_array_get(json_object_get(root, "inputs"), 0);
    const json_t *study = json_object_get(root, "study");
    CHECK_TEXT(json_string_value(json_object_get(root, "version")), fel_version());
    CHECK_TEXT(json_string_value(json_object_get(study, "text")), STUDY);
    CHECK_HAS(json_string_value(json_object_get(input, "path")), "wave.csv");
    CHECK_INT(strlen(json_string_value(json_object_get(input, "xxh3"))), 32);
    CHECK_INT(strlen(json_string_value(json_object_get(root, "order_hash"))), 32);
    CHECK(json_is_false(json_object_get(root, "stopped")));
    json_decref(root);
}

/* The account's final equity against the fills, added up here. */
static void test_numbers_follow_from_the_fills(void)
{
    const char *folder = wave_folder();
    CHECK_OK(run_text(folder, STUDY, "run", 1, NULL));
    json_t *root = get_json(in_folder(folder, "run/report.json"));
    const json_t *fills = json_object_get(root, "fills");
    const json_t *headline = json_object_get(root, "headline");
    const json_t *position =
        json_array_get(json_object_get(json_object_get(root, "positions"), "rows"), 0);
    double cash = 123456.78;
    const json_t *rows = json_object_get(fills, "rows");
    CHECK(json_array_size(rows) > 10);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row =
            json_array_get(rows, i); /* instrument, time, side, quantity, price, fee */
        cash -= json_number_value(json_array_get(row, 2)) *
                    json_number_value(json_array_get(row, 3)) *
                    json_number_value(json_array_get(row, 4)) +
                json_number_value(json_array_get(row, 5));
    }
    const double held = json_number_value(json_array_get(position, 3));
    CHECK_REL(json_number_value(json_object_get(headline, "final_equity")), cash + held, 1e-12);
    json_decref(root);
}

static void test_an_old_run_is_replaced_and_nothing_else(void)
{
    const char *folder = wave_folder();
    CHECK_OK(run_text(folder, STUDY, "run", 1, NULL));
    put_file(in_folder(folder, "run/note.txt"), "mine");
    CHECK_OK(run_text(folder, STUDY, "run", 1, NULL));
    CHECK(access(in_folder(folder, "run/note.txt"), F_OK) != 0);
    CHECK(access(in_folder(folder, "run/manifest.json"), F_OK) == 0);
    CHECK_INT(mkdir(in_folder(folder, "mine"), 0700), 0);
    put_file(in_folder(folder, "mine/note.txt"), "mine");
    CHECK_STATUS(run_text(folder, STUDY, "mine", 1, NULL), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "mine is there and is no run folder");
    CHECK_INT(count_entries(in_folder(folder, "mine")), 1);
    CHECK_STATUS(run_text(folder, STUDY, "wave.csv", 1, NULL), FEL_ERR_ARG);
}

static void test_a_failing_run_leaves_nothing(void)
{
    const char *folder = wave_folder();
    const int before = count_entries(folder);
    CHECK(run_text(folder, STUDY "start: 2031-01-01\n", "run", 1, NULL) == FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message,
              "no bar, quote, trade or depth between the study's start and end");
    CHECK(run_text(folder,
                   "data: [{symbol: WAVE, file: wave.csv}]\n"
                   "strategy: {kind: sma_cross, fast_bars: 30, slow_bars: 30}\n",
                   "run", 1, NULL) != FEL_OK);
    CHECK_INT(count_entries(folder), before + 1); /* study.yaml */
}

static void test_a_run_is_reproduced_and_a_changed_input_is_named(void)
{
    const char *folder = wave_folder();
    fel_run_options options = fel_run_options_default();
    CHECK_OK(run_text(folder, STUDY, "run", 1, NULL));
    CHECK_OK(fel_reproduce(in_folder(folder, "run"), &options));
    put_bars(in_folder(folder, "wave.csv"), 700, 0.31);
    CHECK_STATUS(fel_reproduce(in_folder(folder, "run"), &options), FEL_ERR_FORMAT);
    CHECK_HAS(fel_last_error()->message, "wave.csv has changed");
}

/* A number changed by hand in the old report must be found and named. */
static void test_a_changed_number_is_named(void)
{
    const char *folder = wave_folder();
    fel_run_options options = fel_run_options_default();
    CHECK_OK(run_text(folder, STUDY, "run", 1, NULL));
    const char *path = in_folder(folder, "run/report.json");
    json_t *root = get_json(path);
    (void)json_object_set_new(json_object_get(root, "headline"), "final_equity",
                              json_real(123456.7890001));
    CHECK_INT(json_dump_file(root, path, JSON_REAL_PRECISION(17)), 0);
    json_decref(root);
    CHECK_STATUS(fel_reproduce(in_folder(folder, "run"), &options), FEL_ERR_FORMAT);
    CHECK_HAS(fel_last_error()->message, "not reproduced: headline.final_equity was 123456.789");
}

static void test_what_is_no_run_is_not_reproduced(void)
{
    const char *folder = wave_folder();
    fel_run_options options = fel_run_options_default();
    CHECK_STATUS(fel_reproduce(folder, &options), FEL_ERR_IO);
    put_file(in_folder(folder, "manifest.json"), "{\"version\": 3}");
    CHECK_STATUS(fel_reproduce(folder, &options), FEL_ERR_FORMAT);
    CHECK_HAS(fel_last_error()->message, "not the manifest of a run");
    put_file(in_folder(folder, "manifest.json"), "junk");
    CHECK_STATUS(fel_reproduce(folder, &options), FEL_ERR_FORMAT);
}

/* equity.csv alone: the same equity and orders as with a report. */
static void test_equity_alone_is_the_same_equity(void)
{
    const char *folder = wave_folder();
    fel_run *run = NULL;
    fel_run_options options = fel_run_options_default();
    CHECK_OK(run_text(folder, STUDY, "all", 1, NULL));
    CHECK_OK(run_text(folder, STUDY "report: {write: equity}\n", "quick", 1, &run));
    CHECK(run != NULL && fel_run_report(run) == NULL);
    CHECK_INT(count_entries(in_folder(folder, "quick")), 3);
    char *all = get_file(in_folder(folder, "all/equity.csv"));
    char *quick = get_file(in_folder(folder, "quick/equity.csv"));
    const char *a = all, *b = quick;
    size_t n_lines = 0;
    while (a != NULL && b != NULL && *b != '\0') {
        const size_t length = strcspn(b, "\n");
        CHECK(strncmp(a, b, length) == 0 && (a[length] == ',' || a[length] == '\n'));
        a = strchr(a, '\n') + 1;
        b += length + 1;
        n_lines++;
    }
    CHECK_INT(n_lines, 702); /* head, start, a line a day */
    CHECK_OK(fel_reproduce(in_folder(folder, "quick"), &options));
    free(all);
    free(quick);
    fel_run_destroy(run);
}

/* ---- stopping -------------------------------------------------------------------------------- */

static volatile int stop_now;

static void stop_at_first_report(void *payload, const char *what, double done, double total)
{
    (void)payload;
    (void)what;
    stop_now = done > 0.0 && done < total;
}

static void put_minutes(const char *path, int n)
{
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL);
    if (file == NULL) {
        return;
    }
    (void)fputs("ts,open,high,low,close,volume\n", file);
    for (int i = 0; i < n; i++) {
        char time[40];
        const int price = 2000 + (i * 37) % 61 + i / 911;
        fel_time_format((INT64_C(26297280) + i) * FEL_NS_PER_MINUTE, time, sizeof(time));
        (void)fprintf(file, "%s,%d.25,%d.75,%d.00,%d.50,10\n", time, price, price, price, price);
    }
    CHECK(fclose(file) == 0);
}

static void test_a_stopped_run_is_whole_and_flagged(void)
{
    const char *folder = wave_folder();
    put_minutes(in_folder(folder, "minutes.csv"), 150000);
    fel_study *study =
        load_study(folder, "data: [{symbol: M, file: minutes.csv}]\n"
                           "strategy: {kind: sma_cross, fast_bars: 3, slow_bars: 8}\n");
    fel_run *run = NULL;
    fel_run_options options = fel_run_options_default();
    options.out_dir = in_folder(folder, "run");
    options.write_html = 0;
    options.stop_flag = &stop_now;
    options.progress = stop_at_first_report;
    stop_now = 0;
    CHECK_STATUS(fel_study_run(study, &options, &run), FEL_ERR_STOPPED);
    CHECK(run != NULL);
    if (run != NULL) {
        json_t *root = get_json(in_folder(folder, "run/manifest.json"));
        CHECK(json_is_true(json_object_get(root, "stopped")));
        json_decref(root);
        root = get_json(in_folder(folder, "run/report.json"));
        const json_t *note = json_array_get(json_object_get(root, "notes"), 0);
        CHECK_HAS(json_string_value(json_object_get(note, "text")), "interrupted");
        json_decref(root);
        CHECK_STATUS(fel_reproduce(fel_run_folder(run), &options), FEL_ERR_ARG);
    }
    fel_run_destroy(run);
    fel_study_destroy(study);
}

SUITE("study/run", TEST(test_a_run_folder_holds_every_file),
      TEST(test_the_manifest_says_what_was_run), TEST(test_numbers_follow_from_the_fills),
      TEST(test_an_old_run_is_replaced_and_nothing_else), TEST(test_a_failing_run_leaves_nothing),
      TEST(test_a_run_is_reproduced_and_a_changed_input_is_named),
      TEST(test_a_changed_number_is_named), TEST(test_equity_alone_is_the_same_equity),
      TEST(test_what_is_no_run_is_not_reproduced), TEST(test_a_stopped_run_is_whole_and_flagged));
