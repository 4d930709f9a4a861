/* bench/bench_montecarlo.c - a study on 10,000 simulated paths of 252 bars, four steps a bar, on
 * two threads, totals only: the whole of fel_study_run(), files written; then its parts alone. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include <feller/study.h>

#include "bench/measure.h"

enum { N_PATHS = 10000, N_BARS = 252, N_STEPS = 4, N_THREADS = 2 };

#define TARGET_S 0.2

static const char study_text[] =
    "data: [{simulate: heston, symbol: X, v0: 0.04, kappa: 1.5, theta: 0.04, xi: 0.5, rho: -0.7}]\n"
    "simulation: {bars: 252, steps_per_bar: 4, drift: 0.05}\n"
    "strategy: {kind: sma_cross, fast_bars: 20, slow_bars: 100}\n"
    "costs: {fee_bps: 5, slippage: {half_spread_bps: 1}}\n"
    "report: {write: equity}\n";

typedef struct backtest {
    fel_study *study;
    fel_run_options options;
    fel_path_source *source;
    fel_path_room *room;
    double final_equity;
} backtest;

static double run_study(void *self)
{
    backtest *b = self;
    fel_run *run = NULL;
    const double start = wall_seconds();
    MUST(fel_study_run(b->study, &b->options, &run));
    const double seconds = wall_seconds() - start;
    b->final_equity = fel_run_montecarlo(run)->distributions[0].mean;
    fel_run_destroy(run);
    return seconds;
}

/* The market that the study has, its paths as bars on one thread. */
static void open_market(backtest *b)
{
    const fel_process process = {
        .kind = FEL_PROCESS_HESTON, .spot = 100.0, .heston = {0.04, 1.5, 0.04, 0.5, -0.7}};
    fel_path_market market = fel_path_market_default();
    fel_listing listing = {.kind = FEL_LISTED_ASSET};
    listing.instrument = fel_series_info_default(FEL_DATA_BAR, "X").instrument;
    market.assets = &process;
    market.n_assets = 1;
    market.listings = &listing;
    market.n_listings = 1;
    market.steps_per_bar = N_STEPS;
    market.calendar.n_bars = N_BARS;
    MUST(fel_path_source_simulated(&b->source, &market));
    MUST(fel_path_room_create(&b->room, b->source, 0));
}

static double make_bars(void *self)
{
    backtest *b = self;
    const size_t size = fel_path_room_size(b->room);
    const double start = wall_seconds();
    for (size_t first = 0; first < N_PATHS; first += size) {
        MUST(fel_path_room_fill(b->room, first, size < N_PATHS - first ? size : N_PATHS - first));
    }
    return wall_seconds() - start;
}

static void print(const char *name, const timing *t, const char *limit, double limit_value)
{
    const bench_row row = {.bench = "montecarlo",
                           .name = name,
                           .value = t->median_s,
                           .unit = "s",
                           .smaller_is_better = 1,
                           .limit = limit,
                           .limit_value = limit_value,
                           .spread = t->spread};
    print_row(&row);
}

/* ---- the folder ------------------------------------------------------------------------------ */

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *ftw)
{
    (void)info;
    (void)type;
    (void)ftw;
    return remove(path);
}

static void load_study(backtest *b, const char *folder)
{
    static const char *const overrides[] = {"monte_carlo.paths=10000"};
    char path[256];
    (void)snprintf(path, sizeof(path), "%s/study.yaml", folder);
    FILE *file = fopen(path, "w");
    if (file == NULL || fputs(study_text, file) < 0 || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
    MUST(fel_study_load(&b->study, path, overrides, 1));
}

int main(void)
{
    static char folder[] = P_tmpdir "/feller-bench-XXXXXX";
    char out_path[sizeof(folder) + 8];
    backtest b = {.options = fel_run_options_default()};
    const contender none = {NULL, NULL}, study = {run_study, &b}, paths = {make_bars, &b};
    timing whole, bars, ignored;
    if (!is_wanted("montecarlo")) {
        return 0;
    }
    if (mkdtemp(folder) == NULL) {
        perror(folder);
        return 1;
    }
    (void)snprintf(out_path, sizeof(out_path), "%s/run", folder);
    load_study(&b, folder);
    b.options.n_threads = N_THREADS;
    b.options.out_dir = out_path;
    open_market(&b);
    time_in_turn(study, none, &whole, &ignored);
    time_in_turn(paths, none, &bars, &ignored);
    print("sma_cross, 10,000 Heston paths x 252 bars x 4 steps, 2 threads", &whole, "target",
          TARGET_S);
    print("of that: paths as bars, 1 thread", &bars, NULL, 0.0);
    (void)fprintf(stderr, "       mean final equity %.6f\n", b.final_equity);
    fel_path_room_destroy(b.room);
    fel_path_source_destroy(b.source);
    fel_study_destroy(b.study);
    (void)nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    return 0;
}
