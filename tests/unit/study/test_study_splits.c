/* tests/unit/study/test_study_splits.c - jumps in raw prices that look like splits are told, with
 * date and ratio; booked splits, adjusted prices and ordinary nights are not. */
#define FEL_MODULE_STUDY
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "study/study_run_internal.h"
#include "tests/support/check.h"
#include "tests/unit/study/study_files.h"

static const char *new_folder(void)
{
    static char folder[320];
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    return folder;
}

#define HEAD "date,open,high,low,close,volume\n"
#define HOLD "strategy: {kind: buy_and_hold}\n"

/* Bars up to 2020-08-28 at 500.04; then those given. */
static void put_jump(const char *folder, const char *rest)
{
    char text[1024];
    (void)snprintf(text, sizeof(text),
                   HEAD "2020-08-26,480.31,492.5,478,491.77,5\n2020-08-27,493,505,490.2,500.4,5\n"
                        "2020-08-28,504.05,505.77,498.31,500.04,5\n%s",
                   rest);
    put_file(in_folder(folder, "a.csv"), text);
}

/* The warnings of a study as one text, in a static buffer. */
static const char *warnings_of(const char *folder, const char *text)
{
    static char all[2048];
    dataset data;
    all[0] = '\0';
    fel_study *study = load_study(folder, text);
    if (study == NULL || dataset_open(&data, study, 0, 0) != FEL_OK) {
        CHECK(study != NULL);
        CHECK_TEXT(fel_last_error()->message, "");
        fel_study_destroy(study);
        return all;
    }
    for (size_t i = 0; i < data.warnings.n; i++) {
        (void)strncat(all, data.warnings.items[i], sizeof(all) - strlen(all) - 1);
    }
    dataset_close(&data);
    fel_study_destroy(study);
    return all;
}

#define RAW "data: [{symbol: A, file: a.csv}]\n" HOLD

static void test_a_split_that_is_not_booked_is_told(void)
{
    const char *folder = new_folder();
    put_jump(folder, "2020-08-31,127.58,131,126,129.04,5\n");
    CHECK_TEXT(
        warnings_of(folder, RAW),
        "A: from a close of 500.04 to an open of 127.58 on 2020-08-31, near a 4:1 split that "
        "is not booked: give the splits, or say what was done to the prices (adjustment)");
    put_jump(folder, "2020-08-31,336.1,338,330,334,5\n");
    CHECK_HAS(warnings_of(folder, RAW), "near a 3:2 split");
    put_jump(folder, "2020-08-31,50.9,51.2,50,50.6,5\n");
    CHECK_HAS(warnings_of(folder, RAW), "near a 10:1 split");
    put_jump(folder, "2020-08-31,4890,5010,4800,4950.5,5\n");
    CHECK_HAS(warnings_of(folder, RAW), "near a 1:10 split");
    put_jump(folder, "2020-08-31,251.3,255,246,250.7,5\n2020-09-01,126.1,128,121,127,5\n");
    CHECK_HAS(warnings_of(folder, RAW), "on 2020-08-31, near a 2:1 split that is not booked, and 1 "
                                        "more like it: ");
}

static void test_the_report_has_the_warning(void)
{
    const char *folder = new_folder();
    put_jump(folder, "2020-08-31,127.58,131,126,129.04,5\n");
    CHECK_OK(run_text(folder, RAW, "run", 1, NULL));
    char *report = get_file(in_folder(folder, "run/report.txt"));
    CHECK_HAS(report, "warning: A: from a close of 500.04 to an open of 127.58 on 2020-08-31");
    free(report);
}

static void test_ordinary_nights_are_not_told(void)
{
    const char *folder = new_folder();
    put_jump(folder, "2020-08-31,420.2,441,402,430,5\n");
    CHECK_TEXT(warnings_of(folder, RAW), "");
    put_jump(folder, "2020-08-31,290.6,301,280,288,5\n"); /* 1.72, near nothing */
    CHECK_TEXT(warnings_of(folder, RAW), "");
    put_jump(folder, "2020-08-31,251.1,505,246,499.8,5\n"); /* a bad open */
    CHECK_TEXT(warnings_of(folder, RAW), "");
}

/* Adjusted prices, futures and simulated jumps are what they are. */
static void test_what_cannot_split_is_not_told(void)
{
    const char *folder = new_folder();
    put_jump(folder, "2020-08-31,127.58,131,126,129.04,5\n");
    CHECK_TEXT(warnings_of(folder, "data: [{symbol: A, file: a.csv, adjustment: split}]\n" HOLD),
               "");
    CHECK_TEXT(warnings_of(folder, "data: [{symbol: A, file: a.csv, kind: future}]\n" HOLD), "");
    CHECK_TEXT(
        warnings_of(folder,
                    "data: [{symbol: A, simulate: merton, vol_per_year: 0.2, "
                    "jump_intensity_per_year: 20, jump_mean: -0.69, jump_vol: 0.01}]\n" HOLD),
        "");
}

static const char *const booked_study = "data: [{symbol: A, store: store}]\n" HOLD;
static const char *const booked_warning =
    "A: from a close of 129.04 to an open of 64.1 on 2020-09-01, near a 2:1 split that is not "
    "booked: ";

/* Rows that are not held in memory are looked at on their way through the engine. */
static void check_stream(const char *folder)
{
    dataset data;
    study_engine made;
    fel_study *study = load_study(folder, booked_study);
    memset(&data, 0, sizeof(data));
    CHECK_OK(dataset_add_store(&data, study, 0, 1));
    dataset_join_windows(&data);
    CHECK_OK(dataset_hash_stores(&data, study));
    const study_job job = {.study = study,
                           .data = &data,
                           .window = data.window,
                           .strategy = study->values.strategy.code,
                           .params = study->values.strategy.params,
                           .cash = 1e6,
                           .hashes_rows = 1};
    CHECK_OK(study_engine_run(&made, &job));
    CHECK_OK(dataset_hash_streamed(&data, &made, 0));
    CHECK_INT(data.warnings.n, 1);
    CHECK_HAS(data.warnings.n > 0 ? data.warnings.items[0] : "", booked_warning);
    study_engine_clear(&made);
    dataset_close(&data);
    fel_study_destroy(study);
}

/* The same bars with their split beside them, as an importer leaves it. */
static void test_a_booked_split_is_not_told(void)
{
    const char *folder = new_folder();
    fel_csv_options options = fel_csv_options_default();
    (void)snprintf(options.symbol, sizeof(options.symbol), "A");
    options.adjustment = FEL_ADJUST_RAW;
    (void)snprintf(options.map, sizeof(options.map),
                   "time=date,open=open,high=high,low=low,close=close,volume=volume,split=splits");
    put_file(in_folder(folder, "s.csv"),
             "date,open,high,low,close,volume,splits\n2020-08-27,493,505,490.2,500.4,5,\n"
             "2020-08-28,504.05,505.77,498.31,500.04,5,\n"
             "2020-08-31,127.58,131,126,129.04,5,4\n"
             "2020-09-01,64.1,66,63,64.5,5,\n");
    CHECK_OK(fel_store_import(in_folder(folder, "store"), in_folder(folder, "s.csv"), &options, 0,
                              NULL));
    CHECK_HAS(warnings_of(folder, booked_study), booked_warning);
    check_stream(folder);
}

/* Pieces of a stream tell what the whole tells. */
static void test_a_scan_in_pieces_finds_the_same(void)
{
    const double open[] = {100, 50.2, 50, 101, 33.8}, close[] = {100.5, 50, 50.3, 101.2, 33.5};
    const int64_t times[] = {10, 20, 30, 40, 50};
    split_scan whole = {.n = 0}, pieces = {.n = 0};
    const double *columns[] = {open, open, open, close, close};
    const fel_block all = {5, 5, times, NULL, columns};
    split_scan_rows(&whole, &all);
    for (size_t i = 0; i < 5; i++) {
        const double *part[] = {open + i, open + i, open + i, close + i, close + i};
        const fel_block one = {1, 5, times + i, NULL, part};
        split_scan_rows(&pieces, &one);
    }
    CHECK_INT(whole.n, 3);
    CHECK_INT(pieces.n, 3);
    for (size_t i = 0; i < 3; i++) {
        CHECK_INT(whole.jumps[i].to_ns, pieces.jumps[i].to_ns);
        CHECK_INT(whole.jumps[i].from_ns, pieces.jumps[i].from_ns);
        CHECK_INT(whole.jumps[i].ratio, pieces.jumps[i].ratio);
    }
}

SUITE("study/splits", TEST(test_a_split_that_is_not_booked_is_told),
      TEST(test_the_report_has_the_warning), TEST(test_ordinary_nights_are_not_told),
      TEST(test_what_cannot_split_is_not_told), TEST(test_a_booked_split_is_not_told),
      TEST(test_a_scan_in_pieces_finds_the_same));
