/* tests/unit/study/test_study_path_costs.c - a report of many paths says what trading cost and in
 * what its parameters are measured; a study of them stops in the middle of a path. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tests/support/check.h"
#include "tests/unit/study/study_files.h"

#define CROSS "strategy: {kind: sma_cross, fast_bars: 4, slow_bars: 17}\n"

static volatile int stop_now;

static void *stop_soon(void *payload)
{
    const struct timespec pause = {0, 30000000};
    (void)payload;
    (void)nanosleep(&pause, NULL);
    stop_now = 1;
    return NULL;
}

/* Its first path alone would take a minute: the flag is seen among the steps. */
static void test_a_study_stops_within_a_path(void)
{
    fel_study *study = load_study(scratch_folder(),
                                  "data: [{symbol: H, simulate: heston}]\n" CROSS
                                  "simulation: {bars: 1000, steps_per_bar: 100, substeps: 1000}\n"
                                  "monte_carlo: {paths: 1000}\n");
    struct timespec start, end;
    pthread_t thread;
    fel_run *run = NULL;
    fel_run_options options = fel_run_options_default();
    options.out_dir = in_folder(scratch_folder(), "run");
    options.stop_flag = &stop_now;
    stop_now = 0;
    (void)clock_gettime(CLOCK_MONOTONIC, &start);
    CHECK(pthread_create(&thread, NULL, stop_soon, NULL) == 0);
    CHECK_STATUS(fel_study_run(study, &options, &run), FEL_ERR_STOPPED);
    (void)clock_gettime(CLOCK_MONOTONIC, &end);
    CHECK(end.tv_sec - start.tv_sec <= 2);
    CHECK(run == NULL);
    CHECK(pthread_join(thread, NULL) == 0);
    stop_now = 0;
    fel_study_destroy(study);
}

static void check_costs(const char *costs, const char *expected)
{
    char text[1024], folder[320];
    fel_run *run = NULL;
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    (void)snprintf(text, sizeof(text),
                   "data: [{simulate: bates, symbol: X}]\n" CROSS
                   "simulation: {bars: 30}\nmonte_carlo: {paths: 3}\n%s",
                   costs);
    CHECK_OK(run_text(folder, text, "run", 1, &run));
    const fel_montecarlo_report *r = run != NULL ? fel_run_montecarlo(run) : NULL;
    CHECK(r != NULL);
    if (r != NULL) {
        CHECK_TEXT(r->costs_text, expected);
        CHECK_TEXT(r->processes[0].parameters[0].name, "spot");
        CHECK_TEXT(r->processes[0].parameters[0].unit, "USD");
        CHECK_TEXT(r->processes[0].parameters[1].unit, "a year");
        CHECK_TEXT(r->processes[0].parameters[3].unit, "variance a year");
        CHECK_TEXT(r->processes[0].parameters[7].unit, "");
        char *page = get_file(in_folder(folder, "run/report.txt"));
        CHECK_HAS(page, expected);
        free(page);
    }
    fel_run_destroy(run);
}

static void test_a_report_of_paths_says_its_costs_and_units(void)
{
    check_costs("", "no costs");
    check_costs("costs: {fee_bps: 2.385, fee_minimum: 1.5, slippage: {half_spread_bps: 0.7}}\n",
                "costs: fee_bps 2.385, fee_minimum 1.5, slippage.half_spread_bps 0.7");
    check_costs("costs: {fee_per_share: 0.005, slippage: {bps: 3}}\n",
                "costs: fee_per_share 0.005, slippage.bps 3");
}

SUITE("study/path_costs", TEST(test_a_study_stops_within_a_path),
      TEST(test_a_report_of_paths_says_its_costs_and_units));
