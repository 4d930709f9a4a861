/* tests/unit/study/test_study_start.c - what a check refuses and what it warns of: the strategy is
 * started on the first prices, nothing is written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check.h"
#include "tests/unit/study/study_files.h"

static const char *new_folder(void)
{
    static char folder[320];
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    put_bars(in_folder(folder, "a.csv"), 300, 0.4);
    put_bars(in_folder(folder, "b.csv"), 300, 1.9);
    return folder;
}

typedef struct heard {
    int n;
    char text[1024];
} heard;

static void hear(void *payload, const char *text)
{
    heard *h = payload;
    h->n++;
    (void)snprintf(h->text, sizeof(h->text), "%s", text);
}

static fel_status check_text(const char *folder, const char *text, heard *h)
{
    fel_study *study = load_study(folder, text);
    memset(h, 0, sizeof(*h));
    const fel_status status = study != NULL ? fel_study_check(study, hear, h) : FEL_ERR_INTERNAL;
    fel_study_destroy(study);
    return status;
}

#define DATA "data: [{symbol: A, file: a.csv}]\n"
#define SIMULATED                                                                                  \
    "data: [{symbol: H, simulate: gbm, vol_per_year: 0.2}]\n"                                      \
    "strategy: {kind: sma_cross}\nmonte_carlo: {paths: 10}\n"

/* Whatever a run refuses when it starts, a check refuses in the same words. */
static void check_as_run(const char *text, const char *message)
{
    const char *folder = new_folder();
    char said[sizeof(((fel_error *)0)->message)];
    heard h;
    const fel_status status = check_text(folder, text, &h);
    CHECK(status != FEL_OK);
    (void)snprintf(said, sizeof(said), "%s", fel_last_error()->message);
    CHECK_HAS(said, message);
    CHECK(run_text(folder, text, "run", 1, NULL) == status);
    CHECK_TEXT(fel_last_error()->message, said);
}

static void test_a_check_refuses_what_a_run_refuses_at_its_start(void)
{
    check_as_run(DATA "strategy: {kind: sma_cross, fast_bars: 100, slow_bars: 20}\n", "slow_bars");
    check_as_run(DATA "strategy: {kind: pairs}\n", "");
    check_as_run(DATA "strategy: {kind: forecast_sign}\n", "");
    check_as_run(DATA "strategy: {kind: sma_cross}\nsweep: {strategy.fast_bars: [200, 300]}\n",
                 "slow_bars");
    check_as_run(DATA "strategy: {kind: sma_cross}\nwalk_forward: {train: 60, test: 20}\n"
                      "search: {strategy.fast_bars: [200, 300]}\n",
                 "slow_bars");
}

static void test_a_check_of_what_runs_is_silent_and_writes_nothing(void)
{
    static const char *const texts[] = {
        DATA "strategy: {kind: sma_cross}\n",
        DATA "strategy: {kind: buy_and_hold}\nstart: 2010-03-01\nwarm_up: 20\n",
        "data: [{symbol: A, file: a.csv}, {symbol: B, file: b.csv}]\nstrategy: {kind: pairs}\n",
        DATA "strategy: {kind: sma_cross}\nwalk_forward: {train: 60, test: 20}\n"
             "search: {strategy.fast_bars: [5, 10]}\n",
        DATA "strategy: {kind: sma_cross}\nsweep: {data.0.symbol: [C, D]}\n",
        SIMULATED,
    };
    const char *folder = new_folder();
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        heard h;
        CHECK_OK(check_text(folder, texts[i], &h));
        CHECK_INT(h.n, 0);
        CHECK_TEXT(h.text, "");
    }
    CHECK(access(in_folder(folder, "out"), F_OK) != 0);
}

static void test_a_check_warns_of_combinations_that_are_refused(void)
{
    heard h;
    CHECK_OK(check_text(new_folder(),
                        DATA "strategy: {kind: sma_cross, slow_bars: 50}\n"
                             "sweep: {strategy.fast_bars: [5, 10, 70]}\n",
                        &h));
    CHECK_INT(h.n, 1);
    CHECK_HAS(h.text, "1 of 3 combinations of sweep are refused, the first: ");
}

static void test_a_check_warns_of_bad_rows_and_splits(void)
{
    const char *folder = new_folder();
    heard h;
    put_file(in_folder(folder, "q.csv"), "date,open,high,low,close,volume\n2020-01-02,5,6,4,5,1\n"
                                         "2020-01-03,5,4,6,5,1\n2020-01-06,5,6,4,5,1\n");
    CHECK_OK(check_text(folder,
                        "data: [{symbol: Q, file: q.csv, bad_rows: quarantine}]\n"
                        "strategy: {kind: buy_and_hold}\n",
                        &h));
    CHECK_HAS(h.text, "q.csv: 1 of 3 rows quarantined");
    put_file(in_folder(folder, "q.csv"), "date,open,high,low,close,volume\n2020-01-02,5,6,4,5,1\n"
                                         "2020-01-03,2.5,2.7,2.4,2.6,1\n");
    CHECK_OK(check_text(folder,
                        "data: [{symbol: Q, file: q.csv}]\nstrategy: {kind: buy_and_hold}\n", &h));
    CHECK_HAS(h.text, "near a 2:1 split");
}

SUITE("study/start", TEST(test_a_check_refuses_what_a_run_refuses_at_its_start),
      TEST(test_a_check_of_what_runs_is_silent_and_writes_nothing),
      TEST(test_a_check_warns_of_combinations_that_are_refused),
      TEST(test_a_check_warns_of_bad_rows_and_splits));
