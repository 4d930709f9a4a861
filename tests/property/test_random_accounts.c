/* tests/property/test_random_accounts.c - random orders over random markets under random rules: the
 * ledger's identity after every event, the waterfall, margin calls, legs, and every order's end. */
#include "tests/unit/engine/random_account.h"

enum { N_RUNS = 300 };

static void test_accounts_add_up_and_orders_end(void)
{
    random_counts n = {0};
    for (uint64_t seed = 1; seed <= N_RUNS; seed++) {
        check_random_account(seed, &n);
    }
    CHECK(n.fills > 15000);
    CHECK(n.ruined > 0 && n.ruined < N_RUNS / 4);
    CHECK(n.calls > 20 && n.liquidations > 20);
    CHECK(n.legs > 500);
    CHECK(n.borrows > 20);
}

/* Without sides and without margin, legs are book-keeping: all else is the same to the last bit. */
static void test_hedging_changes_nothing_but_legs(void)
{
    for (uint64_t seed = 1; seed <= 60; seed++) {
        market m = random_account_market(seed);
        fel_engine_config config = random_config(seed);
        const random_play play = {.seed = seed, .activity = 0.4, .scale = 1.0};
        config.account.kind = FEL_ACCOUNT_CASH;
        config.account.check = FEL_MARGIN_AT_FILL;
        config.account.position_mode = FEL_POSITIONS_NETTING;
        random_play_use(&play);
        run netting = run_market(&m, &config, &random_strategy, NULL);
        config.account.position_mode = FEL_POSITIONS_HEDGING;
        run hedging = run_market(&m, &config, &random_strategy, NULL);
        check_same_result(netting.result, hedging.result);
        CHECK(netting.result->legs == NULL && hedging.result->legs != NULL);
        check_legs(hedging.result);
        run_clear(&netting);
        run_clear(&hedging);
        market_clear(&m);
    }
}

SUITE("property/random_accounts", TEST(test_accounts_add_up_and_orders_end),
      TEST(test_hedging_changes_nothing_but_legs));
