/* tests/property/test_random_accounts.c - random orders over random markets under random rules: the
 * ledger's identity after every event, the waterfall, and every order's end. */
#include <stdio.h>

#include "core/rng.h"
#include "tests/unit/engine/random_fixture.h"

enum { N_RUNS = 300 };

static market random_market(uint64_t seed)
{
    market m = {0};
    rng_stream r = rng_at(seed, 5);
    m.block_rows = rng_below(&r, 2) == 0 ? 0 : 1 + rng_below(&r, 50);
    const uint64_t n = 1 + rng_below(&r, 4);
    for (uint64_t i = 0; i < n; i++) {
        char symbol[8];
        (void)snprintf(symbol, sizeof(symbol), "S%u", (unsigned)i);
        random_bars bars = random_bars_default(seed * 10 + i, 40 + rng_below(&r, 160),
                                               rng_below(&r, 2) == 0 ? FEL_NS_PER_DAY : HOURS(4));
        bars.is_uneven = (int)rng_below(&r, 2);
        bars.ticks_per_unit = rng_below(&r, 2) == 0 ? 0.0 : 100.0;
        bars.lot = rng_below(&r, 3) == 0 ? 1.0 : 0.0;
        market_add_random(&m, symbol, &bars);
        if (rng_below(&r, 3) == 0) {
            market_add_random_signals(&m, symbol, &bars);
        }
        if (rng_below(&r, 3) == 0) {
            market_add_action(&m, symbol, DAYS(9) + HOURS(4), FEL_SPLIT, i % 2 == 0 ? 3.0 : 0.5);
            market_add_action(&m, symbol, DAYS(12), FEL_DIVIDEND, 0.3125);
        }
    }
    return m;
}

static void check_run(uint64_t seed, uint64_t *n_fills, uint64_t *n_ruined)
{
    market m = random_market(seed);
    const int is_wild = seed % 3 == 0; /* trades far beyond its means, which ruins some */
    fel_engine_config config = random_config(seed);
    if (is_wild) {
        config.risk = fel_engine_config_default().risk;
        config.volume_limit = 0.0;
    }
    const random_play play = {.seed = seed, .activity = 0.4, .scale = is_wild ? 40.0 : 1.0};
    random_play_use(&play);
    run r = run_market(&m, &config, &random_strategy, NULL);
    if (r.result != NULL) {
        check_orders_ended(r.result);
        check_waterfall(r.result);
        CHECK_INT(random_ended_twice(), 0);
        /* Those that the end of the run ends are not told. */
        uint64_t n_told = 0;
        for (size_t i = 0; i < r.result->n_orders; i++) {
            n_told += r.result->orders[i].reason != FEL_REASON_END_OF_RUN;
        }
        CHECK_INT(random_ended(), n_told);
        CHECK(r.result->worst_identity_error <= 1e-7);
        *n_fills += r.result->n_fills;
        *n_ruined += (r.result->flags & FEL_FLAG_RUINED) != 0;
    }
    run_clear(&r);
    market_clear(&m);
}

static void test_accounts_add_up_and_orders_end(void)
{
    uint64_t n_fills = 0, n_ruined = 0;
    for (uint64_t seed = 1; seed <= N_RUNS; seed++) {
        check_run(seed, &n_fills, &n_ruined);
    }
    CHECK(n_fills > 20000);
    CHECK(n_ruined > 0 && n_ruined < N_RUNS / 4);
}

SUITE("property/random_accounts", TEST(test_accounts_add_up_and_orders_end));
