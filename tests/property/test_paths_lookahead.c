/* tests/property/test_paths_lookahead.c - replace the later part of a simulated path by that of
 * another: orders and fills up to there are the same, bit for bit, for every built-in strategy. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <feller/pathfeed.h>
#include <feller/strategies.h>

#include "tests/unit/engine/random_fixture.h"

enum { N_BARS = 320, N_ASSETS = 3 };

/* Three correlated Heston assets. */
static fel_path_source *make_source(void)
{
    static const double correlation[] = {1.0, 0.4, -0.2, 0.4, 1.0, 0.3, -0.2, 0.3, 1.0};
    fel_process assets[N_ASSETS];
    fel_listing listings[N_ASSETS];
    fel_path_market rules = fel_path_market_default();
    fel_path_source *source = NULL;
    for (uint32_t i = 0; i < N_ASSETS; i++) {
        char symbol[8];
        const fel_process process = {.kind = FEL_PROCESS_HESTON,
                                     .spot = 50.0 + 17.5 * i,
                                     .heston = {0.09, 2.0, 0.09, 0.5, -0.6}};
        (void)snprintf(symbol, sizeof(symbol), "S%u", (unsigned)i);
        const fel_listing listing = {.kind = FEL_LISTED_ASSET,
                                     .asset = i,
                                     .instrument =
                                         fel_series_info_default(FEL_DATA_BAR, symbol).instrument};
        assets[i] = process;
        listings[i] = listing;
        (void)snprintf(listings[i].instrument.currency, FEL_CURRENCY_SIZE, "USD");
    }
    rules.assets = assets;
    rules.listings = listings;
    rules.n_assets = rules.n_listings = N_ASSETS;
    rules.correlation = correlation;
    rules.n_correlated = N_ASSETS;
    rules.calendar.n_bars = N_BARS;
    CHECK_OK(fel_path_source_simulated(&source, &rules));
    return source;
}

/* Path a up to bar `cut`, path b from there on; the open of that bar, which is known with the close
 * before, is still a's. */
static market spliced(const fel_path_source *source, uint64_t a, uint64_t b, size_t cut)
{
    static double rows[N_BARS * FEL_BAR_COLUMNS];
    fel_series *from[2][N_ASSETS];
    market m = {0};
    CHECK_OK(fel_path_source_series(source, a, from[0]));
    CHECK_OK(fel_path_source_series(source, b, from[1]));
    for (size_t k = 0; k < N_ASSETS; k++) {
        const fel_block first = fel_series_rows(from[0][k]), rest = fel_series_rows(from[1][k]);
        for (size_t i = 0; i < N_BARS; i++) {
            for (size_t c = 0; c < FEL_BAR_COLUMNS; c++) {
                rows[i * FEL_BAR_COLUMNS + c] = (i < cut ? first : rest).columns[c][i];
            }
        }
        if (cut < N_BARS) {
            double *bar = &rows[cut * FEL_BAR_COLUMNS];
            bar[0] = first.columns[0][cut];
            bar[1] = fmax(bar[0], bar[1]);
            bar[2] = fmin(bar[0], bar[2]);
        }
        market_add(&m, fel_series_describe(from[0][k]), first.time_ns, first.open_ns, rows, N_BARS);
    }
    for (size_t k = 0; k < N_ASSETS; k++) {
        fel_series_destroy(from[0][k]);
        fel_series_destroy(from[1][k]);
    }
    return m;
}

static void test_another_future_changes_no_past(void)
{
    size_t n = 0, n_fills = 0, n_changed = 0, n_run = 0;
    const fel_strategy *const *all = fel_strategy_builtins(&n);
    const fel_engine_config config = checked_config();
    fel_path_source *source = make_source();
    const int64_t *times = fel_path_source_times(source);
    for (size_t s = 0; s < n; s++) {
        if (all[s]->on_signal != NULL) {
            continue; /* needs signals, which paths have none of */
        }
        market whole = spliced(source, 11, 11, N_BARS);
        run full = run_market(&whole, &config, all[s], NULL);
        n_fills += full.result->n_fills;
        n_run += full.result->n_bars > 0 ? 1 : 0;
        for (size_t cut = 150; cut < N_BARS; cut += 53) {
            market other = spliced(source, 11, 12 + cut, cut);
            run changed = run_market(&other, &config, all[s], NULL);
            check_same_past(full.result, changed.result, times[cut - 1]);
            n_changed += changed.result->final_equity.hi != full.result->final_equity.hi;
            run_clear(&changed);
            market_clear(&other);
        }
        run_clear(&full);
        market_clear(&whole);
    }
    CHECK(n_run >= 5);
    CHECK(n_fills > 50);
    CHECK(n_changed > 10);
    fel_path_source_destroy(source);
}

SUITE("property/paths_lookahead", TEST(test_another_future_changes_no_past));
