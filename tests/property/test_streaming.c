/* tests/property/test_streaming.c - the same bits from blocks of any size, and run after run on one
 * engine. */
#include <stdio.h>
#include <string.h>

#include <feller/strategies.h>

#include "core/rng.h"
#include "tests/unit/engine/random_fixture.h"

/* Bars in lockstep, of series that end at different times; every other seed with signals and
 * splits between. */
static market lockstep_market(uint64_t seed, size_t block_rows)
{
    market m = {.block_rows = block_rows};
    for (uint64_t i = 0; i < 6; i++) {
        char symbol[8];
        (void)snprintf(symbol, sizeof(symbol), "L%u", (unsigned)i);
        random_bars bars = random_bars_default(seed * 10 + i, 300 - 17 * i, HOURS(24));
        bars.ticks_per_unit = seed % 3 == 0 ? 100.0 : 0.0;
        market_add_random(&m, symbol, &bars);
        if (seed % 8 == 2) {
            market_add_random_signals(&m, symbol, &bars);
            market_add_action(&m, symbol, DAYS(31 + (int)i), FEL_SPLIT, 2.0);
        }
    }
    return m;
}

/* A lone series for odd seeds; bars in lockstep, or a small crowd with signals and actions, for
 * even ones. One row a block, the short cuts for the first two are never taken. */
static market streamed_market(uint64_t seed, size_t block_rows)
{
    if (seed % 4 == 2) {
        return lockstep_market(seed, block_rows);
    }
    market m = {.block_rows = block_rows};
    const uint64_t n = seed % 2 == 1 ? 1 : 3;
    for (uint64_t i = 0; i < n; i++) {
        char symbol[8];
        (void)snprintf(symbol, sizeof(symbol), "S%u", (unsigned)i);
        random_bars bars = random_bars_default(seed * 10 + i, 350, i == 1 ? HOURS(5) : HOURS(24));
        bars.is_uneven = i == 2;
        bars.ticks_per_unit = 100.0;
        market_add_random(&m, symbol, &bars);
        if (n > 1) {
            market_add_random_signals(&m, symbol, &bars);
            market_add_action(&m, symbol, DAYS(31), FEL_SPLIT, 2.0);
        }
    }
    return m;
}

static void test_blocks_of_any_size_give_the_same_bits(void)
{
    static const size_t sizes[] = {1, 2, 7, 1000};
    for (uint64_t seed = 1; seed <= 24; seed++) {
        fel_engine_config config = random_config(seed);
        config.self_check = seed % 3 == 0;
        const random_play play = {.seed = seed, .activity = 0.3, .scale = 1.0};
        random_play_use(&play);
        market whole = streamed_market(seed, 0);
        run a = run_market(&whole, &config, &random_strategy, NULL);
        for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
            market parts = streamed_market(seed, sizes[k]);
            run b = run_market(&parts, &config, &random_strategy, NULL);
            check_same_result(a.result, b.result);
            run_clear(&b);
            market_clear(&parts);
        }
        run_clear(&a);
        market_clear(&whole);
    }
}

/* Other parameters in between leave nothing behind. */
static void test_an_engine_runs_again_to_the_same_bits(void)
{
    for (uint64_t seed = 1; seed <= 6; seed++) {
        const fel_strategy *strategy = NULL;
        const fel_result *again = NULL;
        double params[24], others[24];
        char first_hash[33];
        CHECK_OK(fel_strategy_find("sma_cross", &strategy));
        fel_param_defaults(strategy->params, strategy->n_params, params);
        memcpy(others, params, sizeof(others));
        params[0] = 3;
        params[1] = 11;
        market m = streamed_market(seed, seed % 4);
        fel_engine_config config = random_config(seed);
        config.allow_short = 1;
        run a = run_market(&m, &config, strategy, params);
        const double equity = fel_money_value(a.result->final_equity);
        const size_t n_orders = a.result->n_orders;
        memcpy(first_hash, a.result->order_hash, sizeof(first_hash));
        CHECK_OK(fel_engine_set_params(a.engine, others));
        CHECK_OK(fel_engine_run(a.engine, &again));
        CHECK(strcmp(again->order_hash, first_hash) != 0);
        CHECK_OK(fel_engine_set_params(a.engine, params));
        CHECK_OK(fel_engine_run(a.engine, &again));
        CHECK_TEXT(again->order_hash, first_hash);
        CHECK_SAME(fel_money_value(again->final_equity), equity);
        CHECK_INT(again->n_orders, n_orders);
        CHECK(n_orders > 5);
        run_clear(&a);
        market_clear(&m);
    }
}

static void test_records_off_changes_nothing_but_the_lists(void)
{
    for (uint64_t seed = 1; seed <= 12; seed++) {
        market m = streamed_market(seed, 0);
        fel_engine_config config = random_config(seed);
        const random_play play = {.seed = seed, .activity = 0.3, .scale = 1.0};
        random_play_use(&play);
        run a = run_market(&m, &config, &random_strategy, NULL);
        config.record_orders = 0;
        run b = run_market(&m, &config, &random_strategy, NULL);
        CHECK_TEXT(b.result->order_hash, a.result->order_hash);
        CHECK_SAME(b.result->final_equity.hi, a.result->final_equity.hi);
        CHECK_INT(b.result->n_orders, 0);
        CHECK_INT(b.result->n_fills, 0);
        CHECK_INT(b.result->n_orders_total, a.result->n_orders);
        CHECK_INT(b.result->n_fills_total, a.result->n_fills);
        run_clear(&b);
        run_clear(&a);
        market_clear(&m);
    }
}

SUITE("property/streaming", TEST(test_blocks_of_any_size_give_the_same_bits),
      TEST(test_an_engine_runs_again_to_the_same_bits),
      TEST(test_records_off_changes_nothing_but_the_lists));
