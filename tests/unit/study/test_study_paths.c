/* tests/unit/study/test_study_paths.c - a study on many paths: each path as if alone, distributions
 * as their formulas say, threads and interruptions without effect on the numbers. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check.h"
#include "tests/unit/study/study_files.h"

#define HESTON                                                                                     \
    "data: [{simulate: heston, symbol: X, kappa: 2.385, rho: -0.6}]\ncosts: {fee_bps: 2.385}\n"    \
    "simulation: {bars: 150, steps_per_bar: 3, drift: 0.07}\nseed: 77\n"
#define DRAWN                                                                                      \
    "data: [{symbol: W, file: wave.csv, frequency: 1d}]\ncosts: {fee_bps: 2.385}\n"                \
    "bootstrap: {method: stationary, block_bars: 12.5}\nseed: 5\n"
#define CROSS "strategy: {kind: sma_cross, fast_bars: 4, slow_bars: 17, side: long_short}\n"

static const char *wave_folder(void)
{
    static char folder[320];
    (void)snprintf(folder, sizeof(folder), "%s", scratch_folder());
    put_bars(in_folder(folder, "wave.csv"), 240, 0.3);
    return folder;
}

/* Number in column `column` of path `path` of a run's paths.csv. */
static double path_cell(const char *csv, size_t path, size_t column)
{
    for (size_t i = 0; i <= path; i++) {
        csv = strchr(csv, '\n') + 1;
    }
    for (; column > 0; column--) {
        csv = strchr(csv, ',') + 1;
    }
    return strtod(csv, NULL);
}

enum { FINAL_EQUITY = 1, TOTAL_RETURN, VOLATILITY, SHARPE, DRAWDOWN, TURNOVER, COSTS, TRADES };

/* ---- one path of many ------------------------------------------------------------------------ */

static void check_alone(const char *folder, const char *text, const char *csv, size_t path)
{
    static const char *const names[] = {"total_return", "annual_volatility", "sharpe_ratio",
                                        "max_drawdown", "turnover_per_year", "total_costs",
                                        "n_trades"};
    char alone[1024];
    fel_run *run = NULL;
    (void)snprintf(alone, sizeof(alone), "%smonte_carlo: {paths: 150, path: %zu}\n", text, path);
    CHECK_OK(run_text(folder, alone, "alone", 2, &run));
    if (run == NULL) {
        return;
    }
    CHECK(fel_run_montecarlo(run) == NULL);
    const fel_report *report = fel_run_report(run);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        CHECK_SAME(path_cell(csv, path, TOTAL_RETURN + i), fel_report_score(report, names[i]));
    }
    fel_run_destroy(run);
}

static void check_each_alone(const char *text)
{
    const char *folder = wave_folder();
    char many[1024];
    (void)snprintf(many, sizeof(many), "%smonte_carlo: {paths: 150}\n", text);
    CHECK_OK(run_text(folder, many, "many", 2, NULL));
    char *csv = get_file(in_folder(folder, "many/paths.csv"));
    CHECK(csv != NULL);
    static const size_t paths[] = {0, 1, 77, 127, 128, 149};
    for (size_t i = 0; csv != NULL && i < sizeof(paths) / sizeof(paths[0]); i++) {
        check_alone(folder, text, csv, paths[i]);
    }
    free(csv);
}

static void test_a_simulated_path_alone_has_the_same_bits(void)
{
    check_each_alone(HESTON CROSS);
}

static void test_a_resampled_path_alone_has_the_same_bits(void)
{
    check_each_alone(DRAWN CROSS "start: 2010-02-01\nwarm_up: 10\n");
}

static void test_a_window_of_a_path_alone_has_the_same_bits(void)
{
    check_each_alone(HESTON CROSS "start: 2000-03-01\nend: 2000-07-01\nwarm_up: 20\n"
                                  "report: {benchmark: none}\n");
}

/* ---- any number of threads ------------------------------------------------------------------- */

static void check_threads(const char *text)
{
    static const int counts[] = {1, 2, 3, 7};
    static const char *const files[] = {"paths.csv", "fan.csv", "distributions.csv", "report.json"};
    const char *folder = wave_folder();
    CHECK_OK(run_text(folder, text, "first", 1, NULL));
    for (size_t i = 1; i < sizeof(counts) / sizeof(counts[0]); i++) {
        CHECK_OK(run_text(folder, text, "other", counts[i], NULL));
        for (size_t k = 0; k < sizeof(files) / sizeof(files[0]); k++) {
            char path[64];
            (void)snprintf(path, sizeof(path), "first/%s", files[k]);
            char *a = get_file(in_folder(folder, path));
            (void)snprintf(path, sizeof(path), "other/%s", files[k]);
            char *b = get_file(in_folder(folder, path));
            CHECK(a != NULL && b != NULL && strcmp(a, b) == 0);
            free(a);
            free(b);
        }
    }
}

static void test_threads_do_not_matter(void)
{
    check_threads(HESTON CROSS "monte_carlo: {paths: 700}\n");
    check_threads(DRAWN CROSS "monte_carlo: {paths: 90}\n");
}

static void test_runs_are_reproduced(void)
{
    const char *folder = wave_folder();
    const fel_run_options options = fel_run_options_default();
    CHECK_OK(run_text(folder, HESTON CROSS "monte_carlo: {paths: 40}\n", "run", 2, NULL));
    CHECK_OK(fel_reproduce(in_folder(folder, "run"), &options));
    CHECK_OK(run_text(folder, DRAWN CROSS "monte_carlo: {paths: 40}\n", "run", 2, NULL));
    CHECK_OK(fel_reproduce(in_folder(folder, "run"), &options));
    CHECK_OK(run_text(folder, DRAWN CROSS "monte_carlo: {paths: 40, path: 7}\n", "run", 2, NULL));
    CHECK_OK(fel_reproduce(in_folder(folder, "run"), &options));
    put_bars(in_folder(folder, "wave.csv"), 240, 0.30001);
    CHECK_STATUS(fel_reproduce(in_folder(folder, "run"), &options), FEL_ERR_FORMAT);
    CHECK_HAS(fel_last_error()->message, "wave.csv has changed");
}

/* ---- distributions --------------------------------------------------------------------------- */

static const fel_report_distribution *find(const fel_montecarlo_report *r, const char *name)
{
    for (size_t i = 0; i < r->n_distributions; i++) {
        if (strcmp(r->distributions[i].name, name) == 0) {
            return &r->distributions[i];
        }
    }
    CHECK(0);
    return &r->distributions[0];
}

static double normal_share(double x)
{
    return 0.5 * erfc(-x / sqrt(2.0));
}

/* What is bought and held at the first open has the law of the asset: all of it is known. */
static void test_a_held_asset_has_the_law_of_its_process(void)
{
    const char *folder = wave_folder();
    fel_run *run = NULL;
    CHECK_OK(run_text(folder,
                      "data: [{simulate: gbm, symbol: X, vol_per_year: 0.3}]\ncash: 250000\n"
                      "simulation: {years: 0.5, drift: 0.08, steps_per_bar: 1}\n"
                      "strategy: {kind: buy_and_hold}\nfill: same_close\n"
                      "monte_carlo: {paths: 4000, confidence: 0.9999}\n",
                      "run", 2, &run));
    if (run == NULL) {
        return;
    }
    const fel_montecarlo_report *r = fel_run_montecarlo(run);
    const fel_report_distribution *equity = find(r, "final_equity");
    const double t = 125.0 / 252.0; /* bought at the close of the first of 126 bars */
    const double mean = 250000.0 * exp(0.08 * t), spread = 0.3 * sqrt(t);
    CHECK_INT(equity->n, 4000);
    CHECK_NEAR(equity->mean, mean, 4.0 * equity->mean_error);
    CHECK_REL(equity->deviation, mean * sqrt(exp(spread * spread) - 1.0), 0.06);
    CHECK_REL(equity->mean_error, equity->deviation / sqrt(4000.0), 1e-12);
    CHECK_INT(equity->n_quantiles, 7);
    static const double places[] = {
        -2.3263478740408408, -1.6448536269514722, -0.6744897501960817, 0.0,
        0.6744897501960817,  1.6448536269514722,  2.3263478740408408};
    size_t n_missed = 0;
    for (size_t i = 0; i < 7; i++) {
        const fel_report_quantile *q = &equity->quantiles[i];
        const double known = 250000.0 * exp((0.08 - 0.045) * t + spread * places[i]);
        n_missed += known < q->low || known > q->high ? 1 : 0;
        CHECK(q->low < q->value && q->value < q->high);
    }
    CHECK_INT(n_missed, 0);
    const double loss = normal_share(-(0.08 - 0.045) * t / spread);
    CHECK_TEXT(r->probabilities[0].name, "loss");
    CHECK(r->probabilities[0].low < loss && loss < r->probabilities[0].high);
    CHECK(r->probabilities[0].high - r->probabilities[0].low < 0.065);
    CHECK_SAME(find(r, "turnover_per_year")->benchmark_mean, find(r, "turnover_per_year")->mean);
    CHECK_NEAR(equity->benchmark_mean, equity->mean, 1e-9 * mean);
    fel_run_destroy(run);
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Numbers of the report from those of paths.csv. */
static void test_distributions_follow_from_the_paths(void)
{
    enum { N = 301 };
    const char *folder = wave_folder();
    fel_run *run = NULL;
    CHECK_OK(run_text(folder, HESTON CROSS "monte_carlo: {paths: 301}\n", "run", 2, &run));
    char *csv = get_file(in_folder(folder, "run/paths.csv"));
    if (run == NULL || csv == NULL) {
        CHECK(0);
        return;
    }
    const fel_montecarlo_report *r = fel_run_montecarlo(run);
    const fel_report_distribution *sharpe = find(r, "sharpe_ratio");
    double values[N], sum = 0.0;
    uint64_t n_losses = 0, n_counted = 0;
    for (size_t i = 0; i < N; i++) {
        values[i] = path_cell(csv, i, SHARPE);
        sum += values[i];
        n_losses += path_cell(csv, i, FINAL_EQUITY) < 1e6 ? 1 : 0;
    }
    qsort(values, N, sizeof(double), by_value);
    CHECK_REL(sharpe->mean, sum / N, 1e-12);
    CHECK_SAME(sharpe->min, values[0]);
    CHECK_SAME(sharpe->max, values[N - 1]);
    CHECK_SAME(sharpe->quantiles[3].value, values[150]);
    CHECK_SAME(sharpe->quantiles[1].value, values[15]);
    /* Binomial (301, 1/2): P(B <= 132) = 0.0190 and P(B <= 133) = 0.0250 (rounded up). */
    CHECK(sharpe->quantiles[3].low == values[132] || sharpe->quantiles[3].low == values[133]);
    CHECK(sharpe->quantiles[3].high == values[168] || sharpe->quantiles[3].high == values[167]);
    CHECK_INT(r->probabilities[0].n_hits, n_losses);
    for (size_t i = 0; i < sharpe->bins.n; i++) {
        n_counted += sharpe->bins.counts[i];
    }
    CHECK_INT(n_counted + sharpe->bins.n_below + sharpe->bins.n_above, N);
    free(csv);
    fel_run_destroy(run);
}

/* The fan's last day is the distribution of final equity; its first is the cash. */
static void test_the_fan_ends_at_the_final_equity(void)
{
    const char *folder = wave_folder();
    fel_run *run = NULL;
    CHECK_OK(run_text(folder, HESTON CROSS "monte_carlo: {paths: 64}\n", "run", 1, &run));
    if (run == NULL) {
        return;
    }
    const fel_montecarlo_report *r = fel_run_montecarlo(run);
    const fel_report_distribution *equity = find(r, "final_equity");
    CHECK_INT(r->n_fans, 2);
    CHECK_INT(r->n_times, 151);
    for (size_t i = 0; i < 7; i++) {
        CHECK_SAME(r->fans[0].values[i * r->n_times], 1e6);
        CHECK_REL(r->fans[0].values[(i + 1) * r->n_times - 1], equity->quantiles[i].value, 1e-14);
    }
    CHECK(r->n_paths_listed > 3);
    CHECK_TEXT(r->paths[0].what, "worst final equity");
    CHECK_SAME(r->paths[0].final_equity, equity->min);
    CHECK_SAME(r->paths[2].final_equity, equity->max);
    CHECK_HAS(r->paths[2].command, "--set monte_carlo.path=");
    CHECK_REL(r->paths[1].equity[r->n_times - 1], r->paths[1].final_equity, 1e-14);
    fel_run_destroy(run);
}

/* ---- interruption ---------------------------------------------------------------------------- */

static volatile int stop_now;

static void stop_at_second_report(void *payload, const char *what, double done, double total)
{
    (void)payload;
    (void)total;
    stop_now = stop_now || (strcmp(what, "paths") == 0 && done > 200.0);
}

static void test_a_stopped_run_shows_the_paths_that_were_done(void)
{
    const char *folder = wave_folder();
    fel_study *study = load_study(folder, HESTON CROSS "monte_carlo: {paths: 100000}\n");
    fel_run *run = NULL;
    fel_run_options options = fel_run_options_default();
    options.out_dir = in_folder(folder, "run");
    options.stop_flag = &stop_now;
    options.progress = stop_at_second_report;
    stop_now = 0;
    CHECK_STATUS(fel_study_run(study, &options, &run), FEL_ERR_STOPPED);
    CHECK(run != NULL);
    if (run != NULL) {
        const fel_montecarlo_report *r = fel_run_montecarlo(run);
        CHECK(r->n_paths > 0 && r->n_paths < 100000);
        CHECK_INT(r->n_paths_asked, 100000);
        CHECK(access(in_folder(folder, "run/report.html"), R_OK) == 0);
        CHECK_STATUS(fel_reproduce(fel_run_folder(run), &options), FEL_ERR_ARG);
    }
    fel_run_destroy(run);
    stop_now = 1;
    run = NULL;
    CHECK_STATUS(fel_study_run(study, &options, &run), FEL_ERR_STOPPED);
    CHECK(run == NULL);
    fel_study_destroy(study);
}

/* ---- what goes with what --------------------------------------------------------------------- */

static void test_sweeps_and_windows_run_on_one_path(void)
{
    const char *folder = wave_folder();
    CHECK_OK(run_text(folder,
                      HESTON "strategy: {kind: sma_cross, fast_bars: 4, slow_bars: 17}\n"
                             "sweep: {monte_carlo.path: [3, 4, 3], data.0.xi: [0.2, 0.6]}\n",
                      "run", 2, NULL));
    char *csv = get_file(in_folder(folder, "run/variants.csv"));
    CHECK(csv != NULL);
    if (csv != NULL) {
        /* Columns: path, xi, state, score, final equity. */
        CHECK_SAME(path_cell(csv, 0, 4), path_cell(csv, 4, 4));
        CHECK(path_cell(csv, 0, 4) != path_cell(csv, 1, 4));
        CHECK(path_cell(csv, 0, 4) != path_cell(csv, 2, 4));
    }
    free(csv);
    CHECK_OK(run_text(folder,
                      HESTON CROSS "walk_forward: {train: 60, test: 30}\nmonte_carlo: {path: 2}\n"
                                   "search: {strategy.fast_bars: [3, 5]}\n",
                      "run", 2, NULL));
}

static void test_totals_alone(void)
{
    const char *folder = wave_folder();
    CHECK_OK(run_text(folder, HESTON CROSS "monte_carlo: {paths: 20}\n", "whole", 1, NULL));
    CHECK_OK(run_text(folder, HESTON CROSS "monte_carlo: {paths: 20}\nreport: {write: equity}\n",
                      "totals", 1, NULL));
    char *a = get_file(in_folder(folder, "whole/paths.csv"));
    char *b = get_file(in_folder(folder, "totals/paths.csv"));
    for (size_t i = 0; a != NULL && b != NULL && i < 20; i++) {
        for (size_t k = FINAL_EQUITY; k < TRADES; k++) {
            CHECK_SAME(path_cell(a, i, k), path_cell(b, i, k));
        }
    }
    CHECK(access(in_folder(folder, "totals/report.json"), F_OK) != 0);
    free(a);
    free(b);
}

static void test_instruments_on_the_paths(void)
{
    const char *folder = wave_folder();
    fel_run *run = NULL;
    CHECK_OK(run_text(
        folder,
        "data:\n  - {simulate: heston, symbol: X}\n  - {simulate: gbm, symbol: Y}\n"
        "  - {simulate: option, symbol: XC, option: {underlying: X, right: call, strike: 100, "
        "expiry: 2000-02-29}}\n"
        "  - {simulate: variance_swap, symbol: XV, underlying: X}\n"
        "simulation: {bars: 60, correlation: [[1, 0.5], [0.5, 1]], steps_per_bar: 1}\n"
        "strategy: {kind: buy_and_hold}\nmonte_carlo: {path: 4}\n",
        "run", 1, &run));
    char *fills = get_file(in_folder(folder, "run/fills.csv"));
    CHECK(fills != NULL);
    if (fills != NULL) {
        CHECK_HAS(fills, "2000-02-29T00:00:00Z,XC,sell");
        CHECK_HAS(fills, "option_expiry");
    }
    free(fills);
    fel_run_destroy(run);
}

/* Nor is it silent that nothing happened: a strategy of bars has none in quotes. */
static void test_paths_without_a_trade_are_noted(void)
{
    static const struct {
        const char *text;
        int is_noted;
    } cases[] = {
        {"simulation: {bars: 30, rows: quotes}\n"
         "strategy: {kind: sma_cross, fast_bars: 2, slow_bars: 5}\n",
         1},
        {"simulation: {bars: 30}\nstrategy: {kind: sma_cross, fast_bars: 2, slow_bars: 5}\n", 0},
        {"simulation: {bars: 30, rows: quotes}\nstrategy: {kind: buy_and_hold}\n", 0},
    };
    const char *folder = wave_folder();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[512];
        (void)snprintf(text, sizeof(text),
                       "data: [{simulate: gbm, symbol: X}]\n%smonte_carlo: {paths: 3}\n",
                       cases[i].text);
        CHECK_OK(run_text(folder, text, "idle", 1, NULL));
        char *report = get_file(in_folder(folder, "idle/report.txt"));
        const char *said = report != NULL ? strstr(report, "nothing was traded on any path") : NULL;
        CHECK(report != NULL && (said != NULL) == cases[i].is_noted);
        free(report);
    }
}

static void test_contradictions_are_named(void)
{
#define GBM   "data: [{simulate: gbm, symbol: X}]\n"
#define TRADE "strategy: {kind: buy_and_hold}\n"
    static const char *const cases[][2] = {
        {"data: [{simulate: hestn, symbol: X}]\n" TRADE,
         ":1:19: data.0.simulate: no process \"hestn\"; did you mean \"heston\"?"},
        {"data: [{simulate: heston, symbol: X, kapa: 2}]\n" TRADE,
         ":1:38: data.0.kapa: unknown key; did you mean \"kappa\"?"},
        {"data: [{simulate: heston, symbol: X, rho: -1.2}]\n" TRADE, ":1:43: data.0.rho = -1.2"},
        {"data: [{simulate: gbm, symbol: X, kappa: 2}]\n" TRADE,
         ":1:35: data.0.kappa: unknown key"},
        {"data: [{simulate: gbm}]\n" TRADE, ":1:8: data.0: needs a symbol"},
        {"data: [{simulate: gbm, symbol: X, file: x.csv}]\n" TRADE,
         ":1:35: data.0.file: is about data that is read"},
        {"data: [{simulate: gbm, symbol: X, frequency: 1d}]\n" TRADE, "simulation.frequency"},
        {"data: [{simulate: option, symbol: C}]\n" TRADE, "needs option:"},
        {GBM TRADE "simulation: {steps_per_bar: 0}\n", ":3:29: simulation.steps_per_bar = 0"},
        {GBM TRADE "simulation: {bars: 10, years: 2}\n", "years or bars, not both"},
        {GBM TRADE "simulation: {half_spread_bps: 2}\n",
         ":3:13: simulation: half_spread_bps is of rows: quotes"},
        {GBM TRADE "simulation: {correlation: [[1, 0.5], [0.5]]}\n",
         ":3:38: simulation.correlation: expected a row of 2 numbers"},
        {GBM TRADE "bootstrap: {}\n", ":3:12: bootstrap: draws from real data"},
        {"data: [{symbol: W, file: w.csv}]\n" TRADE "monte_carlo: {paths: 10}\n",
         ":3:14: monte_carlo: needs paths"},
        {"data: [{symbol: W, file: w.csv}]\n" TRADE "simulation: {years: 2}\n",
         ":3:13: simulation: needs rows of data with simulate"},
        {"data: [{symbol: W, file: w.csv}, {simulate: gbm, symbol: X}]\n" TRADE,
         ":1:8: data.0: simulated and real data do not mix"},
        {GBM TRADE "monte_carlo: {paths: 10}\nwalk_forward: {train: 5, test: 5}\n",
         ":4:15: walk_forward: runs on one path"},
        {GBM TRADE "monte_carlo: {paths: 10}\nsweep: {cash: [1e5, 1e6]}\n",
         ":4:8: sweep: runs on one path"},
        {GBM TRADE "sweep: {monte_carlo.paths: [1, 2]}\n",
         ":3:29: monte_carlo.paths: cannot be swept over"},
        {GBM TRADE "monte_carlo: {paths: 1e9}\n", ":3:22: monte_carlo.paths = 1000000000"},
    };
    const char *folder = wave_folder();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        fel_study *study = NULL;
        put_file(in_folder(folder, "bad.yaml"), cases[i][0]);
        CHECK(fel_study_load(&study, in_folder(folder, "bad.yaml"), NULL, 0) != FEL_OK);
        CHECK_HAS(fel_last_error()->message, cases[i][1]);
        fel_study_destroy(study);
    }
}

static void test_markets_that_cannot_be_are_refused_with_their_place(void)
{
    static const char *const cases[][2] = {
        {GBM TRADE "simulation: {years: 9000, frequency: 1m}\n",
         ":3:21: simulation.years: 3265920000 bars; a path has 1 to 1000000"},
        {GBM TRADE "simulation: {frequency: 7h}\n", ":3:25: bars of 25200 s"},
        {GBM TRADE "simulation: {session: 9-17}\n", ":3:23: simulation.session: \"9-17\""},
        {GBM TRADE "simulation: {bars: 500000, frequency: 1m, steps_per_bar: 10000}\n",
         "at most 1000000 steps"},
        {"data: [{simulate: gbm, symbol: X}, {simulate: gbm, symbol: Y}]\n" TRADE
         "simulation: {correlation: [[1, 1.2], [1.2, 1]]}\n",
         ":3:27: "},
        {"data: [{simulate: variance_swap, symbol: V, underlying: Z}]\n" TRADE,
         ":1:8: data.underlying: no simulated process \"Z\" above this row"},
        {"data: [{simulate: gbm, symbol: X}, {simulate: option, symbol: C, option: {underlying: X, "
         "right: call, strike: 100, expiry_bars: 253}}]\n" TRADE,
         "expires outside the 252 simulated bars"},
        {"data: [{symbol: W, file: wave.csv}]\n" TRADE "bootstrap: {block_bars: 5000}\n",
         ":3:12: block_bars = 5000; the data has 239 bars"},
    };
    const char *folder = wave_folder();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CHECK(run_text(folder, cases[i][0], "run", 1, NULL) != FEL_OK);
        CHECK_HAS(fel_last_error()->message, cases[i][1]);
    }
}

SUITE("study/paths", TEST(test_a_simulated_path_alone_has_the_same_bits),
      TEST(test_a_resampled_path_alone_has_the_same_bits),
      TEST(test_a_window_of_a_path_alone_has_the_same_bits), TEST(test_threads_do_not_matter),
      TEST(test_runs_are_reproduced), TEST(test_a_held_asset_has_the_law_of_its_process),
      TEST(test_distributions_follow_from_the_paths), TEST(test_the_fan_ends_at_the_final_equity),
      TEST(test_a_stopped_run_shows_the_paths_that_were_done),
      TEST(test_sweeps_and_windows_run_on_one_path), TEST(test_totals_alone),
      TEST(test_instruments_on_the_paths), TEST(test_paths_without_a_trade_are_noted),
      TEST(test_contradictions_are_named),
      TEST(test_markets_that_cannot_be_are_refused_with_their_place));
