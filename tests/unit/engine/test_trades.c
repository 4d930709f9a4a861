/* tests/unit/engine/test_trades.c - trades alone fill orders at their prices; beside bars they only
 * reach the strategy. */
#include <string.h>

#include "tests/unit/engine/engine_fixture.h"

/* One order at the first trade; how many trades came. */
static fel_order wanted;
static int n_trades, last_side;

static fel_status see_trade(void *state, fel_ctx *ctx, const fel_trade_tick *trade)
{
    (void)state;
    last_side = trade->taker_side;
    return n_trades++ == 0 ? fel_submit(ctx, &wanted, NULL) : FEL_OK;
}

static const fel_strategy on_first_trade = {
    .struct_size = sizeof(fel_strategy), .name = "on_first_trade", .on_trade = see_trade};

static void add_trades(market *m)
{
    static const double rows[][FEL_TRADE_COLUMNS] = {
        {100.0, 5.0, 1.0}, {101.0, 4.0, 0.0}, {99.0, 3.0, -1.0}, {98.0, 8.0, -1.0}};
    int64_t times[4];
    fel_series_info info = fel_series_info_default(FEL_DATA_TRADE, "T");
    memcpy(info.instrument.currency, "USD", sizeof("USD"));
    info.instrument.kind = FEL_CRYPTO_SPOT;
    info.instrument.ticks_per_unit = 100.0;
    for (int i = 0; i < 4; i++) {
        times[i] = MINUTES(i + 1);
    }
    market_add(m, &info, times, NULL, &rows[0][0], 4);
}

static run run_trades(market *m, fel_order order, const fel_engine_config *config)
{
    wanted = order;
    n_trades = 0;
    add_trades(m);
    run r = run_market(m, config, &on_first_trade, NULL);
    if (r.result != NULL) {
        check_orders_ended(r.result);
        check_waterfall(r.result);
    }
    return r;
}

static void check_fill(fel_order order, const fel_engine_config *config, double price, int minute)
{
    market m = {0};
    run r = run_trades(&m, order, config);
    CHECK_INT(n_trades, 4);
    CHECK_INT(last_side, -1);
    CHECK_INT(r.result->n_fills, 1);
    if (r.result->n_fills == 1) {
        CHECK_SAME(r.result->fills[0].price, price);
        CHECK_INT(r.result->fills[0].time_ns, MINUTES(minute));
    }
    CHECK_SAME(r.result->positions[0].last_price, 98.0);
    run_clear(&r);
    market_clear(&m);
}

static void test_trades_fill_orders(void)
{
    fel_engine_config config = checked_config();
    fel_order order = fel_order_default(0, FEL_BUY, 2.0);
    check_fill(order, &config, 101.0, 2); /* never the trade that it was made on */
    order.type = FEL_ORDER_LIMIT;
    order.limit_price = 99.0;
    check_fill(order, &config, 99.0, 4); /* traded through */
    config.limit = FEL_LIMIT_TOUCH;
    check_fill(order, &config, 99.0, 3);
    order.side = FEL_SELL;
    order.type = FEL_ORDER_STOP;
    order.stop_price = 99.5;
    check_fill(order, &config, 99.0, 3);
}

/* Half of 4 units, half of 3, the rest of 5. */
static void test_volume_limit_is_a_share_of_each_trade(void)
{
    market m = {0};
    fel_engine_config config = checked_config();
    config.volume_limit = 0.5;
    run r = run_trades(&m, fel_order_default(0, FEL_BUY, 5.0), &config);
    CHECK_INT(r.result->n_fills, 3);
    CHECK_SAME(r.result->fills[0].quantity, 2.0);
    CHECK_SAME(r.result->fills[1].quantity, 1.5);
    CHECK_SAME(r.result->fills[2].quantity, 1.5);
    run_clear(&r);
    market_clear(&m);
}

/* Beside bars trades only reach the strategy: the order takes the next open. */
static void test_beside_bars_trades_fill_nothing(void)
{
    static const double bar[][FEL_BAR_COLUMNS] = {{50.0, 51.0, 49.0, 50.0, 1.0},
                                                  {52.0, 53.0, 51.0, 52.0, 1.0}};
    const int64_t times[] = {MINUTES(3), MINUTES(5)};
    market m = {0};
    const fel_engine_config config = checked_config();
    fel_series_info info = bars_info("T", MINUTES(1));
    info.instrument.kind = FEL_CRYPTO_SPOT;
    info.instrument.ticks_per_unit = 100.0;
    market_add(&m, &info, times, NULL, &bar[0][0], 2);
    run r = run_trades(&m, fel_order_default(0, FEL_BUY, 2.0), &config);
    CHECK_INT(n_trades, 4);
    CHECK_INT(r.result->n_fills, 1);
    CHECK_SAME(r.result->fills[0].price, 50.0);
    CHECK_SAME(r.result->positions[0].last_price, 52.0);
    run_clear(&r);
    market_clear(&m);
}

SUITE("engine/trades", TEST(test_trades_fill_orders),
      TEST(test_volume_limit_is_a_share_of_each_trade), TEST(test_beside_bars_trades_fill_nothing));
