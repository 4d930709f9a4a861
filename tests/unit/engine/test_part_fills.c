/* tests/unit/engine/test_part_fills.c - orders larger than the share of the volume that they may
 * have.
 */
#include <math.h>

#include "tests/unit/engine/engine_fixture.h"

/* The fixture's volumes are 1000, 2000, 3000, ...: a tenth is 100 at bar 1's open, 200 in it. */
static const ohlc bars[] = {{100, 100, 100, 100},
                            {101, 104, 99, 102},
                            {102, 105, 101, 103},
                            {103, 104, 102, 104},
                            {104, 105, 103, 104}};

static run run_tenth(market *m, double lot)
{
    fel_series_info info = bars_info("A", FEL_NS_PER_DAY);
    info.instrument.lot = lot;
    market_add_days(m, &info, 0, bars, 5);
    fel_engine_config config = checked_config();
    config.volume_limit = 0.1;
    run r = run_market(m, &config, &script_strategy, NULL);
    check_orders_ended(r.result);
    check_waterfall(r.result);
    return r;
}

#define STEP(event_, at_, ...)                                                                     \
    {                                                                                              \
        .event = (event_), .at = (at_), .verb = SUBMIT, .order = __VA_ARGS__                       \
    }
#define LIMIT_OF(side_, quantity_, limit_, tif_, group_)                                           \
    {                                                                                              \
        .struct_size = sizeof(fel_order), .side = (side_), .type = FEL_ORDER_LIMIT,                \
        .quantity = (quantity_), .limit_price = (limit_), .tif = (tif_), .group = (group_)         \
    }

/* The case of docs/engine.md. */
static void test_a_market_order_fills_open_by_open(void)
{
    market m = {0};
    SCRIPT(STEP(ON_BAR, DAYS(1), MARKET_ORDER(FEL_BUY, 450)));
    run r = run_tenth(&m, 0.0);
    CHECK_TEXT(script_log_of("fill"), "fill1:A+100=101@1 fill1:A+200=102@2 fill1:A+150=103@3");
    CHECK_TEXT(script_log_of("order"), "order1:live@1 order1:live@1 order1:live@2 "
                                       "order1:filled:filled@3");
    CHECK_SAME(r.result->orders[0].filled, 450.0);
    CHECK_REL(r.result->orders[0].average_price, (10100.0 + 20400.0 + 15450.0) / 450.0, 1e-15);
    run_clear(&r);
    market_clear(&m);
}

/* 100 at the open, and 100 more of the 200 of the bar's own volume on its path. */
static void test_open_and_path_share_one_budget(void)
{
    market m = {0};
    SCRIPT(STEP(ON_BAR, DAYS(1), MARKET_ORDER(FEL_BUY, 100)),
           STEP(ON_BAR, DAYS(1), LIMIT_OF(FEL_SELL, 180, 103, FEL_TIF_GTC, 0)));
    run r = run_tenth(&m, 0.0);
    CHECK_TEXT(script_log_of("fill"), "fill1:A+100=101@1 fill2:A-100=103@2 fill2:A-80=103@3");
    run_clear(&r);
    market_clear(&m);
}

static void test_now_takes_a_part_and_whole_takes_none(void)
{
    market m = {0};
    SCRIPT(STEP(ON_BAR, DAYS(1), LIMIT_OF(FEL_BUY, 150, 102, FEL_TIF_FOK, 0)),
           STEP(ON_BAR, DAYS(1), LIMIT_OF(FEL_BUY, 150, 102, FEL_TIF_IOC, 0)));
    run r = run_tenth(&m, 0.0);
    CHECK_TEXT(script_log_of("order1"), "order1:live@1 order1:cancelled:not_whole@1");
    CHECK_TEXT(script_log_of("order2"),
               "order2:live@1 order2:live@1 order2:cancelled:not_immediate@1");
    CHECK_TEXT(script_log_of("fill"), "fill2:A+100=101@1");
    CHECK_SAME(r.result->orders[1].filled, 100.0);
    CHECK_SAME(r.result->orders[1].average_price, 101.0);
    run_clear(&r);
    market_clear(&m);
}

static void test_parts_are_whole_lots(void)
{
    market m = {0};
    SCRIPT(STEP(ON_BAR, DAYS(1), MARKET_ORDER(FEL_BUY, 280)));
    run r = run_tenth(&m, 70.0);
    CHECK_TEXT(script_log_of("fill"), "fill1:A+70=101@1 fill1:A+140=102@2 fill1:A+70=103@3");
    run_clear(&r);
    market_clear(&m);
}

/* 200 of 300 are sold at the profit inside bar 1: the stop is for 100 from then on. */
static void test_a_part_shrinks_the_others_of_a_group(void)
{
    market m = {0};
    SCRIPT(STEP(ON_BAR, DAYS(1), LIMIT_OF(FEL_SELL, 300, 103, FEL_TIF_GTC, 5)),
           STEP(ON_BAR, DAYS(1), LIMIT_OF(FEL_BUY, 300, 90, FEL_TIF_GTC, 5)),
           {.event = ON_BAR, .at = DAYS(2), .verb = CANCEL, .order_id = 1});
    run r = run_tenth(&m, 0.0);
    CHECK_TEXT(script_log_of("fill"), "fill1:A-200=103@2");
    CHECK_SAME(r.result->orders[0].filled, 200.0);
    CHECK_INT(r.result->orders[0].state, FEL_ORDER_CANCELLED);
    CHECK_SAME(r.result->orders[1].quantity, 100.0);
    CHECK_INT(r.result->orders[1].reason, FEL_REASON_END_OF_RUN);
    run_clear(&r);
    market_clear(&m);
}

static void test_a_target_goes_on_to_what_it_was_sized_to(void)
{
    market m = {0};
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .verb = POSITION, .amount = -250});
    run r = run_tenth(&m, 0.0);
    CHECK_TEXT(script_log_of("fill"), "fill1:A-100=101@1 fill1:A-150=102@2");
    CHECK_SAME(r.result->positions[0].quantity, -250.0);
    run_clear(&r);
    market_clear(&m);
}

SUITE("engine/part_fills", TEST(test_a_market_order_fills_open_by_open),
      TEST(test_open_and_path_share_one_budget), TEST(test_now_takes_a_part_and_whole_takes_none),
      TEST(test_parts_are_whole_lots), TEST(test_a_part_shrinks_the_others_of_a_group),
      TEST(test_a_target_goes_on_to_what_it_was_sized_to));
