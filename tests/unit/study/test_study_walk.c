/* tests/unit/study/test_study_walk.c - walk-forward against runs made one by one; holdout; warm-up.
 */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/unit/study/study_files.h"

#define DATA "data: [{symbol: WAVE, file: wave.csv, frequency: 1d}]\n"

static const char *wave_folder(void)
{
    static char folder[320];
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    put_bars(in_folder(folder, "wave.csv"), 1300, 0.3);
    return folder;
}

static double final_equity(const char *folder, const char *run)
{
    char path[64];
    json_error_t error;
    (void)snprintf(path, sizeof(path), "%s/report.json", run);
    json_t *root = json_load_file(in_folder(folder, path), 0, &error);
    CHECK(root != NULL);
    const double equity =
        json_number_value(json_object_get(json_object_get(root, "headline"), "final_equity"));
    json_decref(root);
    return equity;
}

static char *hash_of(const char *folder, const char *run)
{
    char path[64];
    json_error_t error;
    (void)snprintf(path, sizeof(path), "%s/manifest.json", run);
    json_t *root = json_load_file(in_folder(folder, path), 0, &error);
    CHECK(root != NULL);
    char *hash = strdup(json_string_value(json_object_get(root, "order_hash")));
    json_decref(root);
    return hash;
}

/* What the walk-forward below should do, by plain runs: the choice by a sweep over the training
 * window, the test as a run with a warm-up. Without costs a position closed at the last price and
 * one kept are worth the same, so equities must agree. */
typedef struct window_by_hand {
    const char *train_start, *train_end, *test_start, *test_end;
} window_by_hand;

static void choose_by_hand(const char *folder, const window_by_hand *w, char *choice, size_t size)
{
    char text[512];
    (void)snprintf(text, sizeof(text),
                   DATA "strategy: {kind: sma_cross, slow_bars: 40}\nstart: %s\nend: %s\n"
                        "sweep: {strategy.fast_bars: [3, 9, 27]}\n",
                   w->train_start, w->train_end);
    CHECK_OK(run_text(folder, text, "train", 1, NULL));
    char *csv = get_file(in_folder(folder, "train/variants.csv"));
    double best = -1e9;
    char *line = csv != NULL ? strchr(csv, '\n') : NULL;
    while (line != NULL && line[1] != '\0') {
        const long fast = strtol(line + 1, NULL, 10);
        const double score = strtod(strstr(line + 1, "done,") + 5, NULL);
        if (score > best) {
            best = score;
            (void)snprintf(choice, size, "strategy.fast_bars=%ld", fast);
        }
        line = strchr(line + 1, '\n');
    }
    free(csv);
}

static double test_by_hand(const char *folder, const window_by_hand *w, const char *choice,
                           double cash)
{
    char text[512];
    (void)snprintf(text, sizeof(text),
                   DATA "strategy: {kind: sma_cross, slow_bars: 40, fast_bars: %s}\ncash: %.17g\n"
                        "start: %s\nend: %s\nwarm_up: 2y\n",
                   strchr(choice, '=') + 1, cash, w->test_start, w->test_end);
    CHECK_OK(run_text(folder, text, "test", 1, NULL));
    return final_equity(folder, "test");
}

static void test_walk_forward_is_its_windows_run_by_hand(void)
{
    static const window_by_hand windows[] = {
        {"2010-01-04", "2012-01-03", "2012-01-04", "2013-01-03"},
        {"2011-01-04", "2013-01-03", "2013-01-04", "2014-01-03"},
    };
    const char *folder = wave_folder();
    CHECK_OK(run_text(folder,
                      DATA "strategy: {kind: sma_cross, slow_bars: 40}\ncash: 54321.5\n"
                           "start: 2010-01-04\nend: 2014-01-03\n"
                           "walk_forward: {train: 2y, test: 1y}\n"
                           "search: {strategy.fast_bars: [3, 9, 27]}\n",
                      "walk", 2, NULL));
    char *csv = get_file(in_folder(folder, "walk/windows.csv"));
    double cash = 54321.5;
    for (size_t i = 0; i < 2; i++) {
        char choice[64] = "";
        choose_by_hand(folder, &windows[i], choice, sizeof(choice));
        CHECK_HAS(csv, choice);
        cash = test_by_hand(folder, &windows[i], choice, cash);
    }
    CHECK_REL(final_equity(folder, "walk"), cash, 1e-12);
    free(csv);
}

/* With a cost on every trade, closing at each window's end must cost something. */
static void test_positions_are_closed_with_costs(void)
{
    const char *folder = wave_folder();
    fel_run *run = NULL;
    CHECK_OK(run_text(folder,
                      DATA "strategy: {kind: buy_and_hold}\ncosts: {fee_per_order: 12.5}\n"
                           "walk_forward: {train: 1y, test: 6mo}\nreport: {benchmark: none}\n",
                      "walk", 1, &run));
    char *fills = get_file(in_folder(folder, "walk/fills.csv"));
    char *windows = get_file(in_folder(folder, "walk/windows.csv"));
    size_t n_fills = 0, n_windows = 0, n_closed = 0;
    for (const char *c = fills; c != NULL && *c != '\0'; c++) {
        n_fills += *c == '\n' ? 1 : 0;
        n_closed += strncmp(c, "end_of_data", 11) == 0 ? 1 : 0;
    }
    for (const char *c = windows; c != NULL && *c != '\0'; c++) {
        n_windows += *c == '\n' ? 1 : 0;
    }
    CHECK(n_windows > 4);
    CHECK_INT(n_fills - 1, 2 * (n_windows - 1)); /* in and out of each window */
    CHECK_INT(n_closed, n_windows - 1);
    if (run != NULL) {
        CHECK_REL(fabs(fel_report_score(fel_run_report(run), "total_costs")),
                  12.5 * 2.0 * (double)(n_windows - 1), 1e-12);
    }
    fel_run_destroy(run);
    free(fills);
    free(windows);
}

static void test_threads_change_nothing(void)
{
    static const char text[] = DATA "strategy: {kind: sma_cross}\ncosts: {fee_bps: 2.385}\n"
                                    "walk_forward: {train: 300, test: 100, purge: 3}\n"
                                    "search: {strategy.fast_bars: [3, 9, 27], "
                                    "strategy.slow_bars: [20, 40, 80]}\n";
    const char *folder = wave_folder();
    CHECK_OK(run_text(folder, text, "one", 1, NULL));
    CHECK_OK(run_text(folder, text, "many", 4, NULL));
    char *one = get_file(in_folder(folder, "one/report.json"));
    char *many = get_file(in_folder(folder, "many/report.json"));
    CHECK(one != NULL && many != NULL && strcmp(one, many) == 0);
    free(one);
    free(many);
    one = get_file(in_folder(folder, "one/windows.csv"));
    many = get_file(in_folder(folder, "many/windows.csv"));
    CHECK(one != NULL && many != NULL && strcmp(one, many) == 0);
    CHECK_HAS(one, ",1,strategy."); /* fast 27 against slow 20 is refused, and counted */
    free(one);
    free(many);
}

/* ---- what may not be seen -------------------------------------------------------------------- */

/* The same bars up to a day, others after it. */
static void put_two_futures(const char *folder)
{
    char *text = get_file(in_folder(folder, "wave.csv"));
    CHECK(text != NULL);
    if (text != NULL) {
        char *cut = strstr(text, "2013-06-03");
        CHECK(cut != NULL);
        for (char *c = cut; c != NULL && *c != '\0'; c++) {
            if (c[0] == '.' && c[1] >= '0' && c[1] <= '8') {
                c[1]++;
            }
        }
        put_file(in_folder(folder, "wave.csv"), text);
    }
    free(text);
}

static void test_nothing_from_the_holdout_on_is_used(void)
{
    static const char text[] =
        DATA "strategy: {kind: sma_cross, fast_bars: 4, slow_bars: 15}\nholdout: 2013-06-03\n";
    const char *folder = wave_folder();
    CHECK_OK(run_text(folder, text, "one", 1, NULL));
    put_two_futures(folder);
    CHECK_OK(run_text(folder, text, "two", 1, NULL));
    char *one = get_file(in_folder(folder, "one/equity.csv"));
    char *two = get_file(in_folder(folder, "two/equity.csv"));
    CHECK(one != NULL && two != NULL && strcmp(one, two) == 0);
    CHECK(one != NULL && strstr(one, "2013-06-01T00:00:00Z") != NULL);
    CHECK(one != NULL && strstr(one, "2013-06-04") == NULL);
    free(one);
    free(two);
}

static void test_the_holdout_is_used_when_asked(void)
{
    const char *folder = wave_folder();
    fel_study *study =
        load_study(folder, DATA "strategy: {kind: sma_cross, fast_bars: 4, slow_bars: 15}\n"
                                "holdout: 2013-06-03\n");
    fel_run *run = NULL;
    fel_run_options options = fel_run_options_default();
    options.out_dir = in_folder(folder, "run");
    options.write_html = 0;
    options.use_holdout = 1;
    CHECK_OK(fel_study_run(study, &options, &run));
    char *equity = get_file(in_folder(folder, "run/equity.csv"));
    char *report = get_file(in_folder(folder, "run/report.txt"));
    CHECK(equity != NULL && strstr(equity, "2013-06-04") != NULL);
    CHECK_HAS(report, "the holdout from 2013-06-03 on was used");
    CHECK_OK(fel_reproduce(in_folder(folder, "run"), &options));
    free(equity);
    free(report);
    fel_run_destroy(run);
    fel_study_destroy(study);
}

/* Warmed up by as many bars as the slow average needs, the rule trades as if it had always run. */
static void test_warm_up_makes_the_first_day_tradable(void)
{
    const char *folder = wave_folder();
    CHECK_OK(run_text(folder,
                      DATA "strategy: {kind: sma_cross, fast_bars: 4, slow_bars: 15}\n"
                           "start: 2011-03-07\nwarm_up: 15\n",
                      "warm", 1, NULL));
    CHECK_OK(run_text(folder,
                      DATA "strategy: {kind: sma_cross, fast_bars: 4, slow_bars: 15}\n"
                           "start: 2011-03-07\nwarm_up: 400d\n",
                      "warmer", 1, NULL));
    CHECK_OK(run_text(folder,
                      DATA "strategy: {kind: sma_cross, fast_bars: 4, slow_bars: 15}\n"
                           "start: 2011-03-07\n",
                      "cold", 1, NULL));
    char *warm = hash_of(folder, "warm"), *warmer = hash_of(folder, "warmer");
    char *cold = hash_of(folder, "cold");
    CHECK_TEXT(warm, warmer);
    CHECK(strcmp(warm, cold) != 0);
    free(warm);
    free(warmer);
    free(cold);
}

SUITE("study/walk", TEST(test_walk_forward_is_its_windows_run_by_hand),
      TEST(test_positions_are_closed_with_costs), TEST(test_threads_change_nothing),
      TEST(test_nothing_from_the_holdout_on_is_used), TEST(test_the_holdout_is_used_when_asked),
      TEST(test_warm_up_makes_the_first_day_tradable));
