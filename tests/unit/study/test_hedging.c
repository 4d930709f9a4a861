/* tests/unit/study/test_hedging.c - studies that hedge: the run folder, threads, running again,
 * what is refused, the same hedgers in ordinary studies and on a series of prices. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/unit/study/study_files.h"

/* Small enough for every build. */
#define HEDGE                                                                                      \
    "hedge:\n"                                                                                     \
    "  market: {simulate: heston, spot: 100, v0: 0.04, kappa: 1, theta: 0.04, xi: 0.5, rho: "      \
    "-0.7}\n"                                                                                      \
    "  claims: [{payoff: {european: {right: call, strike: 100}}}]\n"                               \
    "  horizon_years: 0.032\n"                                                                     \
    "  dates: 8\n"                                                                                 \
    "  instruments: [{kind: spot, proportional_bps: 10}]\n"                                        \
    "  rules: [none, black_scholes_delta, heston_delta]\n"
#define POLICIES                                                                                   \
    "policy: {network: lstm, hidden: [5], steps: 12, batch: 128, validate_every: 4, "              \
    "validation_paths: 256}\n"                                                                     \
    "policies:\n"                                                                                  \
    "  - {name: adam, optimizer: adam, tune: {learning_rate: [0.003, 0.03]}}\n"                    \
    "  - {name: kfac, optimizer: kfac, steps: 8}\n"                                                \
    "seeds: 2\n"                                                                                   \
    "test_paths: 500\n"
#define STUDY "name: h\nseed: 5\n" HEDGE POLICIES

static void test_a_run_folder_holds_report_policies_and_curves(void)
{
    static const char *const names[] = {"report.json",     "report.txt",   "hedgers.csv",
                                        "comparisons.csv", "training.csv", "policies.h5",
                                        "manifest.json"};
    char folder[320];
    fel_run *run = NULL;
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    CHECK_OK(run_text(folder, STUDY, "run", 2, &run));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char name[64];
        (void)snprintf(name, sizeof(name), "run/%s", names[i]);
        char *text = get_file(in_folder(folder, name));
        CHECK(text != NULL && text[0] != '\0');
        free(text);
    }
    if (run == NULL) {
        return;
    }
    const fel_hedge_report *report = fel_run_hedging(run);
    CHECK(fel_run_report(run) == NULL && report != NULL);
    CHECK_INT(report->n_hedgers, 5);
    CHECK_INT(report->hedgers[0].n_seeds, 2);
    CHECK_TEXT(report->hedgers[0].name, "adam");
    CHECK_INT(report->n_trials, 2);
    CHECK_INT(report->trials[0].is_chosen + report->trials[1].is_chosen, 1);
    CHECK_INT(report->n_curves, 4);
    CHECK(report->n_comparisons > 4);
    CHECK(report->conclusion != NULL);
    CHECK_HAS(report->claims_heading, "2411.15002");
    fel_run_destroy(run);
}

static double score(const fel_hedge_report *report, size_t hedger, const char *measure)
{
    for (size_t m = 0; m < report->n_measures; m++) {
        if (strcmp(report->measures[m].name, measure) == 0) {
            return report->hedgers[hedger].scores[m].value;
        }
    }
    return (double)NAN;
}

static void test_threads_do_not_matter(void)
{
    char folder[320];
    fel_run *runs[2] = {NULL, NULL};
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    CHECK_OK(run_text(folder, STUDY, "one", 1, &runs[0]));
    CHECK_OK(run_text(folder, STUDY, "three", 3, &runs[1]));
    if (runs[0] != NULL && runs[1] != NULL) {
        const fel_hedge_report *a = fel_run_hedging(runs[0]), *b = fel_run_hedging(runs[1]);
        for (size_t i = 0; i < a->n_hedgers; i++) {
            for (size_t m = 0; m < a->n_measures; m++) {
                CHECK_SAME(a->hedgers[i].scores[m].value, b->hedgers[i].scores[m].value);
            }
        }
        for (size_t i = 0; i < a->n_comparisons; i++) {
            if (strcmp(a->comparisons[i].budget, "equal steps") == 0) {
                CHECK_SAME(a->comparisons[i].low, b->comparisons[i].low);
            }
        }
    }
    fel_run_destroy(runs[0]);
    fel_run_destroy(runs[1]);
}

static void test_runs_are_reproduced(void)
{
    char folder[320];
    fel_run_options options = fel_run_options_default();
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    CHECK_OK(run_text(folder, STUDY, "run", 2, NULL));
    options.n_threads = 1;
    CHECK_OK(fel_reproduce(in_folder(folder, "run"), &options));
}

/* Who does not hedge keeps the premium and pays the claim: no cost, the model's mean of 0. */
static void test_rules_have_the_scores_that_follow_from_the_problem(void)
{
    char folder[320];
    fel_run *run = NULL;
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    CHECK_OK(run_text(folder, "name: h\nseed: 5\ntest_paths: 20000\n" HEDGE, "run", 2, &run));
    if (run == NULL) {
        return;
    }
    const fel_hedge_report *r = fel_run_hedging(run);
    CHECK_INT(r->n_hedgers, 3);
    CHECK_SAME(score(r, 0, "cost_mean"), 0.0);
    CHECK_SAME(score(r, 0, "turnover_mean"), 0.0);
    CHECK_NEAR(score(r, 0, "pnl_mean"), 0.0, 4.0 * score(r, 0, "pnl_sd") / sqrt(20000.0));
    CHECK_REL(score(r, 1, "pnl_variance"), pow(score(r, 1, "pnl_sd"), 2.0), 1e-12);
    CHECK_REL(score(r, 1, "cost_mean"), 1e-3 * score(r, 1, "turnover_mean"), 1e-12);
    CHECK(score(r, 1, "cvar_95") > score(r, 1, "var_95"));
    CHECK(score(r, 1, "pnl_sd") < 0.5 * score(r, 0, "pnl_sd"));
    /* Entropic risk is cash-invariant: the price is the risk without the premium. */
    CHECK_NEAR(score(r, 1, "indifference_price"), score(r, 1, "risk") + r->premium, 1e-9);
    fel_run_destroy(run);
}

static void test_what_cannot_be_is_named(void)
{
    static const struct {
        const char *text, *part;
    } cases[] = {
        {"name: h\n" HEDGE "policies: [{name: a}, {name: a}]\n", "names two hedgers"},
        {"name: h\n" HEDGE "policies: [{name: a, tune: {rate: [1]}}]\n", "rate"},
        {"name: h\n" HEDGE "policies: [{network: lstm}]\n", "name"},
        {"name: h\ndata: [{simulate: gbm, symbol: S}]\ncash: 1 USD\nstrategy: {kind: hedge}\n"
         "hedger: {study: h.yaml}\n",
         "policy, or rule"},
        {"name: h\n" HEDGE "policy: {steps: 0}\npolicies: [{name: a}]\n", "steps"},
        {"name: h\n" HEDGE "policies: [{name: a, network: transformer}]\n", "transformer"},
        {"name: h\n" HEDGE "frontier: {policy: b, cost_factors: [1]}\npolicies: [{name: a}]\n",
         "no policy has the name"},
        {"name: h\nhedge: {claims: [{payoff: european}], horizon_years: 0.1, dates: 5, market: "
         "{simulate: gbm, bootstrap: x.csv}}\n",
         "give one of"},
        {"name: h\nhedge: {claims: [{payoff: european}], horizon_years: 0.1, dates: 5, market: "
         "{simulate: gbm}, instruments: [{proportional_bps: -1}]}\n",
         "proportional_bps"},
        {"name: h\nhedge: {claims: [{payoff: european}], horizon_years: 0.1, dates: 5, market: "
         "{simulate: gbm}, rules: [heston]}\n",
         "heston"},
    };
    char folder[320];
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        fel_study *study = NULL;
        put_file(in_folder(folder, "bad.yaml"), cases[i].text);
        fel_status status = fel_study_load(&study, in_folder(folder, "bad.yaml"), NULL, 0);
        if (status == FEL_OK) {
            status = fel_study_check(study, NULL, NULL);
        }
        CHECK(status != FEL_OK);
        CHECK_HAS(fel_last_error()->message, cases[i].part);
        fel_study_destroy(study);
    }
}

/* A policy's file in an ordinary study: it needs the variance that it was trained with. */
static void test_ordinary_studies_run_hedgers(void)
{
    static const char plain[] =
        "name: p\n"
        "data: [{simulate: heston, symbol: S, spot: 50, v0: 0.04, kappa: 1, theta: 0.04, xi: 0.5, "
        "rho: -0.7}]\n"
        "simulation: {bars: 40}\ncash: 1e4 USD\nfill: same_close\nstrategy: {kind: hedge}\n";
    char folder[320], text[1024];
    fel_run *run = NULL;
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    CHECK_OK(run_text(folder, STUDY, "run", 2, NULL));
    put_file(in_folder(folder, "h.yaml"), STUDY);
    (void)snprintf(text, sizeof(text), "%shedger: {study: h.yaml, rule: black_scholes_delta}\n",
                   plain);
    CHECK_OK(run_text(folder, text, "rule", 1, &run));
    if (run != NULL) {
        CHECK(fel_report_score(fel_run_report(run), "turnover_per_year") > 0.0);
        fel_run_destroy(run);
    }
    (void)snprintf(text, sizeof(text),
                   "%shedger: {study: h.yaml, policies: run/policies.h5, policy: kfac/seed2}\n",
                   plain);
    CHECK_STATUS(run_text(folder, text, "policy", 1, NULL), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "variance");
    (void)snprintf(text, sizeof(text),
                   "%shedger: {study: h.yaml, policies: run/policies.h5, policy: kfac/seed3}\n",
                   plain);
    CHECK_STATUS(run_text(folder, text, "policy", 1, NULL), FEL_ERR_NOTFOUND);
}

static void test_lives_on_prices_are_told(void)
{
    char folder[320];
    fel_run *run = NULL;
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    put_bars(in_folder(folder, "bars.csv"), 200, 0.0);
    CHECK_OK(run_text(folder,
                      "name: h\nseed: 5\ntest_paths: 500\n" HEDGE "  rate_per_year: 0\n"
                      "lives: {prices: bars.csv, start: 2010-02-01}\n",
                      "run", 2, &run));
    if (run == NULL) {
        return;
    }
    const fel_hedge_report *r = fel_run_hedging(run);
    CHECK(r->n_lives >= 20);
    for (size_t i = 0; i < r->n_lives; i++) {
        CHECK_SAME(r->lives[i].cost[0], 0.0);
        CHECK(r->lives[i].cost[1] > 0.0);
        CHECK(r->lives[i].premium > 0.0);
        /* Who does not hedge: premium less what the call pays, as shares of the first price. */
        CHECK(r->lives[i].pnl[0] <= r->lives[i].premium + 1e-12);
        CHECK(i == 0 || r->lives[i].start_ns == r->lives[i - 1].end_ns);
    }
    fel_run_destroy(run);
}

SUITE("study/hedging", TEST(test_a_run_folder_holds_report_policies_and_curves),
      TEST(test_threads_do_not_matter), TEST(test_runs_are_reproduced),
      TEST(test_rules_have_the_scores_that_follow_from_the_problem),
      TEST(test_what_cannot_be_is_named), TEST(test_ordinary_studies_run_hedgers),
      TEST(test_lives_on_prices_are_told));
