/* tests/unit/study/test_study_memory.c - memory that runs out anywhere in a study: one error, no
 * leak, no run folder. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"
#include "tests/unit/study/study_files.h"

typedef struct study_call {
    char folder[320], study[400], run[400];
    const fel_study *loaded;
} study_call;

static void prepare(study_call *c, const char *text)
{
    memset(c, 0, sizeof(*c));
    (void)snprintf(c->folder, sizeof(c->folder), "%s", scratch_folder());
    (void)snprintf(c->study, sizeof(c->study), "%s/study.yaml", c->folder);
    (void)snprintf(c->run, sizeof(c->run), "%s/run", c->folder);
    put_bars(in_folder(c->folder, "wave.csv"), 60, 0.4);
    put_file(c->study, text);
}

static fel_status call_load(void *payload, void **out)
{
    const study_call *c = payload;
    static const char *const overrides[] = {"costs.fee_bps=3.5"};
    fel_study *study = NULL;
    const fel_status status = fel_study_load(&study, c->study, overrides, 1);
    if (study != NULL) {
        *out = study;
    }
    return status;
}

static void destroy_study(void *made)
{
    fel_study_destroy(made);
}

static fel_status call_run(void *payload, void **out)
{
    const study_call *c = payload;
    fel_run *run = NULL;
    fel_run_options options = fel_run_options_default();
    options.out_dir = c->run;
    options.n_threads = 1;
    options.write_html = 0;
    const fel_status status = fel_study_run(c->loaded, &options, &run);
    if (run != NULL) {
        *out = run;
    }
    return status;
}

static void destroy_run(void *made)
{
    fel_run_destroy(made);
}

#define SMALL                                                                                      \
    "data: [{symbol: W, file: wave.csv}]\ncosts: {fee_bps: 2, slippage: {volume_share: {}}}\n"     \
    "strategy: {kind: sma_cross, fast_bars: 3, slow_bars: 8}\n"

static void test_loading(void)
{
    study_call c;
    prepare(&c, SMALL "walk_forward: {train: 20, test: 15}\nsearch: {strategy.fast_bars: [2, 3]}\n"
                      "sweep: {costs.fee_bps: [1, 2]}\n");
    const failing_call call = {"fel_study_load", call_load, destroy_study, &c};
    CHECK(check_failing_call(&call) > 10);
}

static void run_failing(const char *text)
{
    study_call c;
    fel_study *study = NULL;
    prepare(&c, text);
    CHECK_OK(fel_study_load(&study, c.study, NULL, 0));
    if (study == NULL) {
        return;
    }
    c.loaded = study;
    const failing_call run = {"fel_study_run", call_run, destroy_run, &c};
    CHECK(check_failing_call(&run) > 50);
    CHECK(access(in_folder(c.run, "manifest.json"), R_OK) == 0); /* of the call that got all */
    fel_study_destroy(study);
}

static void test_a_plain_run(void)
{
    run_failing(SMALL);
}

static void test_a_sweep(void)
{
    run_failing(SMALL "sweep: {strategy.fast_bars: [3, 9]}\nreport: {write: equity}\n");
}

static void test_a_walk_forward(void)
{
    run_failing(SMALL "walk_forward: {train: 20, test: 15}\nsearch: {strategy.fast_bars: [2, 9]}\n"
                      "report: {write: equity}\n");
}

static void test_many_paths(void)
{
    run_failing("data: [{simulate: gbm, symbol: X}, {simulate: heston, symbol: Y}]\n"
                "simulation: {bars: 30, steps_per_bar: 1, correlation: [[1, 0.4], [0.4, 1]]}\n"
                "strategy: {kind: sma_cross, fast_bars: 3, slow_bars: 8}\n"
                "monte_carlo: {paths: 5}\n");
}

static void test_drawn_bars(void)
{
    run_failing(SMALL "bootstrap: {block_bars: 5}\nmonte_carlo: {paths: 5}\n"
                      "report: {write: equity}\n");
}

SUITE("study/memory", TEST(test_loading), TEST(test_a_plain_run), TEST(test_a_sweep),
      TEST(test_a_walk_forward), TEST(test_many_paths), TEST(test_drawn_bars));
