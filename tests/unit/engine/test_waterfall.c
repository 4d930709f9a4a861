/* tests/unit/engine/test_waterfall.c - where the money went: arrival, delay, spread, slippage,
 * impact, fees; and which volume the models see. */

#include "core/money.h"
#include "tests/unit/engine/engine_fixture.h"

static const ohlc bars[] = {
    {100, 102, 98, 101}, {104, 106, 103, 105}, {105, 107, 104, 106}, {103, 108, 102, 107}};

static run run_bars(market *m, const fel_engine_config *config)
{
    const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
    market_add_days(m, &info, 0, bars, 4);
    run r = run_market(m, config, &script_strategy, NULL);
    check_orders_ended(r.result);
    check_waterfall(r.result);
    return r;
}

/* Decided at 101, filled from 104 on; the sale decided at 105 and filled from 105. */
static void test_every_line_is_measured_from_the_arrival_price(void)
{
    market m = {0};
    fel_engine_config config = checked_config();
    config.fees[0] = cost_of("percent", 12.0, 0.0);
    config.fees[1] = cost_of("per_share", 0.005, 0.0);
    config.slippage[0] = cost_of("half_spread", 2.0, 0.0);
    config.slippage[1] = cost_of("bps", 5.0, 0.0);
    config.slippage[2] = cost_of("volume_share", 0.2, 0.5);
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 50)},
           {.event = ON_BAR, .at = DAYS(2), .order = MARKET_ORDER(FEL_SELL, 20)});
    run r = run_bars(&m, &config);
    const fel_waterfall *w = &r.result->waterfall;
    /* Day 1 had a volume of 1000, day 2 of 2000. */
    const double impact1 = 104 * 0.2 * 0.05 * 0.05, impact2 = 105 * 0.2 * 0.01 * 0.01;
    const double price1 = 104 * (1 + 7e-4) + impact1, price2 = 105 * (1 - 7e-4) - impact2;
    CHECK_NEAR(fel_money_value(w->delay), 50 * 3.0, 1e-9);
    CHECK_NEAR(fel_money_value(w->lines[FEL_COST_SPREAD]), 50 * 104 * 2e-4 + 20 * 105 * 2e-4, 1e-9);
    CHECK_NEAR(fel_money_value(w->lines[FEL_COST_SLIPPAGE]), 50 * 104 * 5e-4 + 20 * 105 * 5e-4,
               1e-9);
    CHECK_NEAR(fel_money_value(w->lines[FEL_COST_IMPACT]), 50 * impact1 + 20 * impact2, 1e-9);
    CHECK_NEAR(fel_money_value(w->lines[FEL_COST_FEE]),
               (50 * price1 + 20 * price2) * 12e-4 + 70 * 0.005, 1e-9);
    CHECK_NEAR(fel_money_value(w->gross), -50 * 101.0 + 20 * 105.0 + 30 * 107.0, 1e-9);
    CHECK_NEAR(r.result->fills[0].price, price1, 1e-12);
    CHECK_SAME(r.result->fills[0].reference_price, 104.0);
    CHECK_SAME(r.result->fills[0].arrival_price, 101.0);
    CHECK_NEAR(fel_money_value(r.result->fills[1].cash_flow), 20 * price2, 1e-9);
    run_clear(&r);
    market_clear(&m);
}

static void test_limits_pay_no_slippage(void)
{
    market m = {0};
    fel_engine_config config = checked_config();
    config.slippage[0] = cost_of("bps", 50.0, 0.0);
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = LIMIT_ORDER(FEL_BUY, 1, 103.5)},
           {.event = ON_BAR, .at = DAYS(1), .order = STOP_ORDER(FEL_BUY, 1, 105.5)});
    run r = run_bars(&m, &config);
    CHECK_SAME(r.result->orders[0].average_price, 103.5);
    CHECK_NEAR(r.result->orders[1].average_price, 105.5 * 1.005, 1e-12);
    run_clear(&r);
    market_clear(&m);
}

static void test_the_minimum_is_for_each_order_that_fills(void)
{
    market m = {0};
    fel_engine_config config = checked_config();
    config.fees[0] = cost_of("percent", 10.0, 0.0);
    config.fee_minimum = 2.5;
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 10)},
           {.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 100)},
           {.event = ON_BAR, .at = DAYS(1), .order = LIMIT_ORDER(FEL_BUY, 1, 1)});
    run r = run_bars(&m, &config);
    CHECK_SAME(fel_money_value(r.result->fills[0].fee), 2.5);
    CHECK_NEAR(fel_money_value(r.result->fills[1].fee), 10.4, 1e-14);
    CHECK_NEAR(fel_money_value(r.result->positions[0].fees), 12.9, 1e-14);
    run_clear(&r);
    market_clear(&m);
}

static void test_a_rebate_is_paid_out(void)
{
    for (int has_minimum = 0; has_minimum < 2; has_minimum++) {
        market m = {0};
        fel_engine_config config = checked_config();
        config.fees[0] = cost_of("percent", -10.0, 0.0);
        config.fee_minimum = has_minimum ? 1.0 : 0.0;
        SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 100)});
        run r = run_bars(&m, &config);
        CHECK_NEAR(fel_money_value(r.result->fills[0].fee), has_minimum ? 1.0 : -10.4, 1e-14);
        run_clear(&r);
        market_clear(&m);
    }
}

/* After a split the last bar's volume counts in new shares, whatever block it came in. */
static void test_volume_is_counted_in_the_shares_of_the_day(void)
{
    static const double prices[] = {400, 400, 400, 100, 100};
    for (size_t block_rows = 0; block_rows < 3; block_rows++) {
        market m = {.block_rows = block_rows};
        const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
        market_add_flat_days(&m, &info, 0, prices, 5);
        market_add_action(&m, "X", DAYS(3), FEL_SPLIT, 4.0);
        fel_engine_config config = checked_config();
        config.slippage[0] = cost_of("volume_share", 1.0, 1.0);
        SCRIPT({.event = ON_BAR, .at = DAYS(2), .order = MARKET_ORDER(FEL_BUY, 200)},
               {.event = ON_BAR, .at = DAYS(3), .order = MARKET_ORDER(FEL_BUY, 300)},
               {.event = ON_BAR, .at = DAYS(4), .order = MARKET_ORDER(FEL_BUY, 400)});
        run r = run_market(&m, &config, &script_strategy, NULL);
        const fel_fill_record *f = r.result->fills;           /* the second is the split */
        CHECK_NEAR(f[0].price, 400 * (1 + 0.1 * 0.1), 1e-12); /* 200 of 2000 */
        CHECK_NEAR(f[2].price, 100 * (1 + 0.1 * 0.1), 1e-12); /* 1200 of 4 x 3000 */
        CHECK_NEAR(f[3].price, 100 * (1 + 0.1 * 0.1), 1e-12); /* 400 of 4000 */
        run_clear(&r);
        market_clear(&m);
    }
}

/* Fifty thousand round trips of 0.1 % on amounts that no double holds: not a unit in the last place
 * lost. */
static fel_status trade_always(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    (void)state;
    (void)bar;
    return fel_order_to_position(ctx, 0, ctx->position[0] == 0.0 ? 7.3 : 0.0);
}

static void test_a_hundred_thousand_fills_lose_nothing(void)
{
    enum { N = 100000 };
    static int64_t times[N];
    static double rows[N][FEL_BAR_COLUMNS];
    for (int i = 0; i < N; i++) {
        times[i] = MINUTES(i + 1);
        for (int c = 0; c < 4; c++) {
            rows[i][c] = 33.33;
        }
    }
    const fel_strategy strategy = {
        .struct_size = sizeof(fel_strategy), .name = "always", .on_bar = trade_always};
    market m = {0};
    fel_series_info info = bars_info("X", FEL_NS_PER_MINUTE);
    info.instrument.ticks_per_unit = 100.0;
    market_add(&m, &info, times, NULL, &rows[0][0], N);
    fel_engine_config config = fel_engine_config_default();
    config.fees[0] = cost_of("percent", 10.0, 0.0);
    run r = run_market(&m, &config, &strategy, NULL);
    CHECK_INT(r.result->n_fills, N - 1);
    /* 7.3 is a double near 7.3: quantity x 33.33 / 1000 a fill, exactly. */
    const fel_money fee = money_divide(money_scale(money_two_product(7.3, 3333.0), 10.0), 1e6);
    const fel_money lost = money_sub(money_add_double(money_neg(r.result->final_equity), 1e6),
                                     money_scale(fee, N - 1));
    CHECK_NEAR(fel_money_value(lost), 0.0, 1e-20);
    check_waterfall(r.result);
    run_clear(&r);
    market_clear(&m);
}

SUITE("engine/waterfall", TEST(test_every_line_is_measured_from_the_arrival_price),
      TEST(test_limits_pay_no_slippage), TEST(test_the_minimum_is_for_each_order_that_fills),
      TEST(test_a_rebate_is_paid_out), TEST(test_volume_is_counted_in_the_shares_of_the_day),
      TEST(test_a_hundred_thousand_fills_lose_nothing));
