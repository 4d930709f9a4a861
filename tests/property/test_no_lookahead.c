/* tests/property/test_no_lookahead.c - cut the data at an instant, or change all that comes after
 * it: orders and fills up to then are the same, bit for bit; for random orders and for every
 * built-in strategy. */
#include <stdio.h>
#include <stdlib.h>

#include <feller/strategies.h>

#include "core/rng.h"
#include "tests/unit/engine/random_fixture.h"

enum { N_BARS = 320, N_SERIES = 5 };

/* Daily series of five instruments; every one with a column of forecasts. */
static market market_changed_after(uint64_t seed, int64_t changed_ns, size_t n_bars, int is_uneven)
{
    market m = {0};
    for (uint64_t i = 0; i < N_SERIES; i++) {
        char symbol[8];
        (void)snprintf(symbol, sizeof(symbol), "S%u", (unsigned)i);
        random_bars bars = random_bars_default(seed * 10 + i, n_bars, FEL_NS_PER_DAY);
        bars.changed_ns = changed_ns;
        bars.is_uneven = is_uneven;
        bars.ticks_per_unit = 100.0;
        market_add_random(&m, symbol, &bars);
        market_add_random_signals(&m, symbol, &bars);
    }
    return m;
}

/* Of all the checks: fills, and runs that the change did change. */
static size_t n_fills, n_changed;

static void check_strategy(const fel_strategy *strategy, uint64_t seed,
                           const fel_engine_config *config, int is_uneven)
{
    rng_stream r = rng_at(seed, 99);
    market whole = market_changed_after(seed, 0, N_BARS, is_uneven);
    run full = run_market(&whole, config, strategy, NULL);
    n_fills += full.result->n_fills;
    for (int k = 0; k < 3; k++) {
        const int64_t cut_ns = DAYS(20 + (int64_t)rng_below(&r, N_BARS - 30)) + HOURS(k);
        market other = market_changed_after(seed, cut_ns, N_BARS, is_uneven);
        run changed = run_market(&other, config, strategy, NULL);
        check_same_past(full.result, changed.result, cut_ns);
        n_changed += changed.result->final_equity.hi != full.result->final_equity.hi;
        run_clear(&changed);
        market_clear(&other);
    }
    run_clear(&full);
    market_clear(&whole);
}

static void test_changing_the_future_changes_no_past_of_random_orders(void)
{
    n_fills = n_changed = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        fel_engine_config config = random_config(seed);
        const random_play play = {
            .seed = seed, .activity = 0.3, .scale = 1.0, .uses_timers = seed % 3 == 0};
        random_play_use(&play);
        check_strategy(&random_strategy, seed, &config, (int)(seed % 2));
    }
    CHECK(n_fills > 3000);
    CHECK(n_changed > 120);
}

static void test_changing_the_future_changes_no_past_of_any_strategy(void)
{
    size_t n = 0;
    const fel_strategy *const *all = fel_strategy_builtins(&n);
    CHECK(n >= 9);
    for (size_t i = 0; i < n; i++) {
        n_fills = n_changed = 0;
        for (uint64_t seed = 1; seed <= 4; seed++) {
            fel_engine_config config = random_config(seed + 100);
            config.allow_short = 1;
            check_strategy(all[i], seed, &config, 0);
        }
        if (n_fills == 0) {
            (void)printf("\n%s made no trade\n", all[i]->name);
        }
        CHECK(n_fills > 0);
        CHECK(n_changed > 0);
    }
}

/* Bars are aligned, so that no series ends before another: what the last instant's orders would
 * have filled is missing, all before is the same. */
static void test_cutting_the_data_changes_no_past(void)
{
    for (uint64_t seed = 1; seed <= 40; seed++) {
        rng_stream r = rng_at(seed, 98);
        const size_t n_kept = 5 + rng_below(&r, N_BARS - 10);
        fel_engine_config config = random_config(seed + 200);
        config.close_at_end = 0;
        const random_play play = {
            .seed = seed, .activity = 0.3, .scale = 1.0, .uses_timers = seed % 3 == 0};
        random_play_use(&play);
        market whole = market_changed_after(seed, 0, N_BARS, 0);
        market part = market_changed_after(seed, 0, n_kept, 0);
        run full = run_market(&whole, &config, &random_strategy, NULL);
        run cut = run_market(&part, &config, &random_strategy, NULL);
        check_same_past(full.result, cut.result, DAYS(n_kept) - 1);
        run_clear(&cut);
        run_clear(&full);
        market_clear(&part);
        market_clear(&whole);
    }
}

/* Slippage that looks at volume knows the last complete bar's, also for stops inside a bar. */
static void test_the_volume_of_the_present_bar_is_not_known(void)
{
    static const double volumes[] = {1000, 50, 70000, 10};
    double prices[2][3];
    for (int k = 0; k < 2; k++) {
        market m = {0};
        const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
        int64_t times[4];
        double rows[4][FEL_BAR_COLUMNS];
        for (int i = 0; i < 4; i++) {
            times[i] = DAYS(i + 1);
            const double v = k == 1 && i == 1 ? 5e6 : volumes[i];
            const double row[] = {100, 104, 96, 100, v};
            for (int c = 0; c < FEL_BAR_COLUMNS; c++) {
                rows[i][c] = row[c];
            }
        }
        m.block_rows = (size_t)k;
        market_add(&m, &info, times, NULL, &rows[0][0], 4);
        fel_engine_config config = checked_config();
        config.slippage[0] = cost_of("volume_share", 1.0, 1.0);
        SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = STOP_ORDER(FEL_BUY, 100, 103)},
               {.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 100)},
               {.event = ON_BAR, .at = DAYS(2), .order = MARKET_ORDER(FEL_BUY, 10)});
        run r = run_market(&m, &config, &script_strategy, NULL);
        for (int i = 0; i < 3; i++) {
            prices[k][i] = r.result->fills[i].price;
        }
        run_clear(&r);
        market_clear(&m);
    }
    CHECK_NEAR(prices[0][0], 100 * (1 + 0.01), 1e-12); /* the market order: (100 / 1000)^2 */
    CHECK_NEAR(prices[0][1], 103 * (1 + 0.01), 1e-12); /* the stop inside day 2 */
    CHECK_NEAR(prices[0][2], 100 * (1 + 0.04), 1e-12); /* day 3's open knows day 2: (10 / 50)^2 */
    CHECK_SAME(prices[1][0], prices[0][0]);
    CHECK_SAME(prices[1][1], prices[0][1]);
    CHECK(prices[1][2] != prices[0][2]);
}

SUITE("property/no_lookahead", TEST(test_changing_the_future_changes_no_past_of_random_orders),
      TEST(test_changing_the_future_changes_no_past_of_any_strategy),
      TEST(test_cutting_the_data_changes_no_past),
      TEST(test_the_volume_of_the_present_bar_is_not_known));
