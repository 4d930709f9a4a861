/* tests/unit/study/test_study_calibrate.c - studies that calibrate: the run folder, what is allowed
 * in the file, running again. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <feller/calibration_run.h>

#include "tests/support/check.h"
#include "tests/unit/study/study_files.h"

static const fel_heston made = {
    .v0 = 0.0331, .kappa = 1.87, .theta = 0.0523, .xi = 0.617, .rho = -0.583};

/* Three maturities of calls and puts at the model's prices, a spread of 0.1, one crossed row. */
static void put_chain(const char *path)
{
    static const double years[] = {0.21, 0.74, 1.63};
    static char text[32768];
    size_t used = (size_t)snprintf(text, sizeof(text),
                                   "t,strike,type,bid,ask,rate,dividend,spot\n"
                                   "0.21,100,C,9,8,0.0213,0.0107,103.4\n");
    for (int m = 0; m < 3; m++) {
        fel_process process = {.kind = FEL_PROCESS_HESTON,
                               .spot = 103.4,
                               .rate_per_year = 0.0213,
                               .dividend_per_year = 0.0107};
        process.heston = made;
        for (int k = 0; k < 9; k++) {
            const double strike = 83.0 + 5.5 * k;
            const fel_option_right right = strike < 104.0 ? FEL_PUT : FEL_CALL;
            double price = 0.0;
            CHECK_OK(fel_price_european(&process, years[m], &strike, &right, 1, FEL_PRICE_ADAPTIVE,
                                        &price));
            const double half = fmin(0.05, 0.2 * price);
            used += (size_t)snprintf(text + used, sizeof(text) - used,
                                     "%g,%g,%s,%.10f,%.10f,0.0213,0.0107,103.4\n", years[m], strike,
                                     right == FEL_PUT ? "P" : "C", price - half, price + half);
        }
    }
    put_file(path, text);
}

static const char *chain_folder(void)
{
    static char folder[320];
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    put_chain(in_folder(folder, "chain.csv"));
    return folder;
}

#define STUDY "name: smile\nseed: 3\ncalibrate: {chain: chain.csv, objective: price}\n"

static void test_a_run_folder_holds_the_fit(void)
{
    static const char *const names[] = {"report.json", "report.txt", "quotes.csv",   "refused.csv",
                                        "heston.yaml", "study.yaml", "manifest.json"};
    const char *folder = chain_folder();
    fel_run *run = NULL;
    CHECK_OK(run_text(folder, STUDY, "run", 2, &run));
    if (run == NULL) {
        return;
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char name[64];
        (void)snprintf(name, sizeof(name), "run/%s", names[i]);
        char *text = get_file(in_folder(folder, name));
        CHECK(text != NULL && text[0] != '\0');
        free(text);
    }
    const fel_calibration_report *report = fel_run_calibration(run);
    CHECK(fel_run_report(run) == NULL);
    CHECK(report != NULL);
    if (report != NULL) {
        const double expected[] = {made.v0, made.kappa, made.theta, made.xi, made.rho};
        CHECK_INT(report->n_quotes, 27);
        CHECK_INT(report->n_refusals, 1);
        CHECK_TEXT(report->refusals[0].first, "row 2: bid 9 is above ask 8");
        for (size_t i = 0; i < 5; i++) {
            CHECK_REL(report->process.parameters[i].value, expected[i], 1e-5);
        }
        CHECK_INT(report->n_curves, 3);
        /* The curve goes through the market: it was made by the model. */
        CHECK_NEAR(report->curves[1].vols[0], report->quotes[9].market_vol, 1e-6);
        CHECK(report->quotes[9].bid_vol < report->quotes[9].market_vol &&
              report->quotes[9].market_vol < report->quotes[9].ask_vol);
    }
    fel_run_destroy(run);
}

static void test_it_is_reproduced(void)
{
    const char *folder = chain_folder();
    fel_run_options options = fel_run_options_default();
    options.n_threads = 1;
    CHECK_OK(run_text(folder, STUDY, "run", 3, NULL));
    CHECK_OK(fel_reproduce(in_folder(folder, "run"), &options));
    put_file(in_folder(folder, "chain.csv"), "t,strike,vol,forward,discount\n1,1,0.2,1,1\n");
    CHECK_STATUS(fel_reproduce(in_folder(folder, "run"), &options), FEL_ERR_FORMAT);
    CHECK_HAS(fel_last_error()->message, "chain.csv has changed");
}

static void test_what_it_may_hold(void)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"calibrate: {chain: chain.csv}\ncash: 1e6\n",
         ":2:1: cash: unknown key; allowed: name, seed, calibrate, report"},
        {"calibrate: {objective: vol}\n", "calibrate.chain: the key is required"},
        {"calibrate: {chain: chain.csv, objectiv: vol}\n",
         ":1:31: calibrate.objectiv: unknown key; did you mean \"objective\"?"},
        {"calibrate: {chain: chain.csv, starts: 0}\n", "calibrate.starts"},
        {"calibrate: {chain: chain.csv, start: {v0: 0.1}}\n",
         "calibrate.start.kappa: the key is required"},
        {"calibrate: {chain: chain.csv, start: {v0: 0.1, kappa: 1, theta: 1, xi: 1, rho: -1}}\n",
         "calibrate.start.rho"},
    };
    const char *folder = chain_folder();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        fel_study *study = NULL;
        put_file(in_folder(folder, "study.yaml"), cases[i].text);
        CHECK(fel_study_load(&study, in_folder(folder, "study.yaml"), NULL, 0) != FEL_OK);
        CHECK_HAS(fel_last_error()->message, cases[i].message);
        fel_study_destroy(study);
    }
}

/* A chain that cannot be read leaves no folder; check says the same without fitting. */
static void test_a_bad_chain_leaves_nothing(void)
{
    const char *folder = chain_folder();
    fel_study *study = load_study(folder, STUDY);
    CHECK_OK(fel_study_check(study, NULL, NULL));
    fel_study_destroy(study);
    put_file(in_folder(folder, "chain.csv"), "t,strike,vol\n1,x,0.2\n");
    CHECK_STATUS(run_text(folder, STUDY, "run", 1, NULL), FEL_ERR_FORMAT);
    CHECK_HAS(fel_last_error()->message, "chain.csv: row 2, column strike, value \"x\"");
    CHECK(get_file(in_folder(folder, "run/manifest.json")) == NULL);
    study = load_study(folder, STUDY);
    CHECK_STATUS(fel_study_check(study, NULL, NULL), FEL_ERR_FORMAT);
    fel_study_destroy(study);
}

/* The file of the parameters is what a simulation reads: the same law. */
static void test_the_parameters_go_into_a_simulation(void)
{
    const char *folder = chain_folder();
    fel_calibration_run *run = NULL;
    CHECK_OK(fel_calibration_run_create(&run, "smile", in_folder(folder, "chain.csv"), NULL, NULL));
    if (run == NULL) {
        return;
    }
    const fel_process process = fel_calibration_run_process(run);
    CHECK_REL(process.spot, 103.4, 1e-15);
    CHECK_NEAR(process.rate_per_year, 0.0213, 1e-12);
    CHECK_NEAR(process.dividend_per_year, 0.0107, 1e-12);
    CHECK_OK(fel_calibration_run_write_process(run, in_folder(folder, "heston.json")));
    json_t *root = json_load_file(in_folder(folder, "heston.json"), 0, NULL);
    CHECK_SAME(json_real_value(json_object_get(root, "kappa")), process.heston.kappa);
    CHECK_SAME(json_real_value(json_object_get(root, "rate_per_year")), process.rate_per_year);
    json_decref(root);
    CHECK_OK(fel_calibration_run_write_process(run, in_folder(folder, "heston.yaml")));
    char *text = get_file(in_folder(folder, "heston.yaml"));
    char study_text[2048];
    (void)snprintf(study_text, sizeof(study_text),
                   "%s    # a row\nsimulation: {bars: 30}\nstrategy: {kind: buy_and_hold}\n", text);
    free(text);
    fel_study *study = load_study(folder, study_text);
    CHECK(study != NULL);
    fel_study_destroy(study);
    fel_calibration_run_destroy(run);
}

/* As a run's folder: folders above it are made, older results replaced, nothing else touched. */
static void test_a_folder_of_its_own_is_as_a_run_folder(void)
{
    const unsigned kinds = FEL_REPORT_JSON | FEL_REPORT_CSV | FEL_REPORT_TEXT;
    const char *folder = chain_folder();
    fel_calibration_run *run = NULL;
    CHECK_OK(fel_calibration_run_create(&run, "smile", in_folder(folder, "chain.csv"), NULL, NULL));
    if (run == NULL) {
        return;
    }
    CHECK_OK(fel_calibration_run_write(run, in_folder(folder, "a/b/fit"), kinds));
    CHECK(access(in_folder(folder, "a/b/fit/heston.yaml"), R_OK) == 0);
    put_file(in_folder(folder, "a/b/fit/stale.txt"), "of an older version\n");
    CHECK_OK(fel_calibration_run_write(run, in_folder(folder, "a/b/fit/"), kinds));
    CHECK(access(in_folder(folder, "a/b/fit/refused.csv"), R_OK) == 0);
    CHECK(access(in_folder(folder, "a/b/fit/stale.txt"), F_OK) != 0);
    CHECK(mkdir(in_folder(folder, "mine"), 0777) == 0);
    put_file(in_folder(folder, "mine/diary.txt"), "dear diary\n");
    CHECK_STATUS(fel_calibration_run_write(run, in_folder(folder, "mine"), kinds), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "mine is there and is no run folder");
    CHECK(access(in_folder(folder, "mine/refused.csv"), F_OK) != 0);
    fel_calibration_run_destroy(run);
    /* And a run takes the place of a fit. */
    CHECK_OK(run_text(folder, STUDY, "a/b/fit", 1, NULL));
    CHECK(access(in_folder(folder, "a/b/fit/manifest.json"), R_OK) == 0);
}

SUITE("study/calibrate", TEST(test_a_folder_of_its_own_is_as_a_run_folder),
      TEST(test_a_run_folder_holds_the_fit), TEST(test_it_is_reproduced),
      TEST(test_what_it_may_hold), TEST(test_a_bad_chain_leaves_nothing),
      TEST(test_the_parameters_go_into_a_simulation));
