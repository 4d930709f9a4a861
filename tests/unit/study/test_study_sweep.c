/* tests/unit/study/test_study_sweep.c - every variant run, refused ones named, threads without
 * effect. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/unit/study/study_files.h"

#define HEAD                                                                                       \
    "data: [{symbol: WAVE, file: wave.csv, frequency: 1d}]\ncash: 123456.78 USD\n"                 \
    "costs: {fee_bps: 2.385}\n"
#define SWEEP                                                                                      \
    HEAD "strategy: {kind: sma_cross}\n"                                                           \
         "sweep: {strategy.fast_bars: [5, 8, 13], strategy.slow_bars: [8, 21, 34]}\n"

static const char *wave_folder(void)
{
    static char folder[320];
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    put_bars(in_folder(folder, "wave.csv"), 900, 0.3);
    return folder;
}

/* Cell `column` of line `line` (0: the head) in a static buffer. */
static const char *cell(const char *csv, size_t line, size_t column)
{
    static char text[256];
    for (; line > 0; line--) {
        csv = strchr(csv, '\n') + 1;
    }
    for (; column > 0; column--) {
        csv = strchr(csv, ',') + 1;
    }
    (void)snprintf(text, sizeof(text), "%.*s", (int)strcspn(csv, ",\n"), csv);
    return text;
}

static size_t count_lines(const char *text)
{
    size_t n = 0;
    for (; *text != '\0'; text++) {
        n += *text == '\n' ? 1 : 0;
    }
    return n;
}

static void test_every_combination_has_a_row_in_order(void)
{
    static const char *const pairs[9][2] = {{"5", "8"},  {"5", "21"},  {"5", "34"},
                                            {"8", "8"},  {"8", "21"},  {"8", "34"},
                                            {"13", "8"}, {"13", "21"}, {"13", "34"}};
    const char *folder = wave_folder();
    CHECK_OK(run_text(folder, SWEEP, "run", 2, NULL));
    char *csv = get_file(in_folder(folder, "run/variants.csv"));
    CHECK(csv != NULL);
    if (csv == NULL) {
        return;
    }
    CHECK_INT(count_lines(csv), 10);
    for (size_t i = 0; i < 9; i++) {
        const int is_refused = atol(pairs[i][0]) >= atol(pairs[i][1]);
        CHECK_TEXT(cell(csv, i + 1, 0), pairs[i][0]);
        CHECK_TEXT(cell(csv, i + 1, 1), pairs[i][1]);
        CHECK_TEXT(cell(csv, i + 1, 2), is_refused ? "refused" : "done");
    }
    CHECK_HAS(csv, "fast_bars");
    free(csv);
}

/* A variant of a sweep and the same study on its own are the same run. */
static void test_a_variant_is_the_run_of_its_own_study(void)
{
    const char *folder = wave_folder();
    CHECK_OK(run_text(folder, SWEEP, "all", 2, NULL));
    CHECK_OK(run_text(folder, HEAD "strategy: {kind: sma_cross, fast_bars: 8, slow_bars: 34}\n",
                      "one", 1, NULL));
    char *csv = get_file(in_folder(folder, "all/variants.csv"));
    char *manifest = get_file(in_folder(folder, "one/manifest.json"));
    CHECK(csv != NULL && manifest != NULL);
    if (csv != NULL && manifest != NULL) {
        CHECK_HAS(manifest, cell(csv, 6, 12));
    }
    free(csv);
    free(manifest);
}

static void test_threads_change_nothing(void)
{
    const char *folder = wave_folder();
    static const char *const files[] = {"variants.csv", "orders.csv", "equity.csv", "report.json"};
    CHECK_OK(run_text(folder, SWEEP, "one", 1, NULL));
    CHECK_OK(run_text(folder, SWEEP, "many", 5, NULL));
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        char path[64];
        (void)snprintf(path, sizeof(path), "one/%s", files[i]);
        char *one = get_file(in_folder(folder, path));
        (void)snprintf(path, sizeof(path), "many/%s", files[i]);
        char *many = get_file(in_folder(folder, path));
        CHECK(one != NULL && many != NULL && strcmp(one, many) == 0);
        free(one);
        free(many);
    }
}

/* The best row by rank_score is the one that the report shows. */
static void test_the_best_is_shown(void)
{
    const char *folder = wave_folder();
    fel_run *run = NULL;
    CHECK_OK(run_text(folder, SWEEP "report: {rank_by: annual_return}\n", "run", 2, &run));
    char *csv = get_file(in_folder(folder, "run/variants.csv"));
    double best = -1e9;
    for (size_t i = 1; csv != NULL && i <= 9; i++) {
        if (strcmp(cell(csv, i, 2), "done") == 0) {
            const double score = strtod(cell(csv, i, 3), NULL);
            best = score > best ? score : best;
            CHECK_SAME(score, strtod(cell(csv, i, 5), NULL));
        }
    }
    if (run != NULL) {
        CHECK_REL(fel_report_score(fel_run_report(run), "annual_return"), best, 1e-13);
    }
    fel_run_destroy(run);
    free(csv);
}

static void test_a_sweep_may_change_what_is_loaded(void)
{
    const char *folder = wave_folder();
    put_bars(in_folder(folder, "other.csv"), 800, 1.7);
    CHECK_OK(run_text(folder,
                      HEAD "strategy: {kind: sma_cross, fast_bars: 8, slow_bars: 34}\n"
                           "sweep: {data.0.file: [wave.csv, other.csv], end: [2011-12-30, "
                           "2012-06-29]}\n",
                      "run", 2, NULL));
    char *csv = get_file(in_folder(folder, "run/variants.csv"));
    CHECK(csv != NULL);
    if (csv != NULL) {
        char first[256];
        CHECK_INT(count_lines(csv), 5);
        (void)snprintf(first, sizeof(first), "%s", cell(csv, 1, 12));
        for (size_t i = 2; i <= 4; i++) {
            CHECK_TEXT(cell(csv, i, 2), "done");
            CHECK(strcmp(cell(csv, i, 12), first) != 0);
        }
    }
    free(csv);
}

static void test_a_sweep_of_refusals_fails_with_the_first(void)
{
    const char *folder = wave_folder();
    CHECK(run_text(folder,
                   HEAD "strategy: {kind: sma_cross, slow_bars: 5}\n"
                        "sweep: {strategy.fast_bars: [5, 8]}\n",
                   "run", 2, NULL) != FEL_OK);
    CHECK_HAS(fel_last_error()->message,
              "every variant of the sweep was refused; strategy.fast_bars=5: ");
}

static void test_a_sweep_is_reproduced(void)
{
    const char *folder = wave_folder();
    fel_run_options options = fel_run_options_default();
    CHECK_OK(run_text(folder, SWEEP, "run", 2, NULL));
    CHECK_OK(fel_reproduce(in_folder(folder, "run"), &options));
}

SUITE("study/sweep", TEST(test_every_combination_has_a_row_in_order),
      TEST(test_a_variant_is_the_run_of_its_own_study), TEST(test_threads_change_nothing),
      TEST(test_the_best_is_shown), TEST(test_a_sweep_may_change_what_is_loaded),
      TEST(test_a_sweep_of_refusals_fails_with_the_first), TEST(test_a_sweep_is_reproduced));
