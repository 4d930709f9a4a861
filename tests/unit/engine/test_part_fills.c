/* tests/unit/engine/test_part_fills.c - orders larger than the share of the volume that they may
 * have.
 */
#include <math.h>
#include <string.h>

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

/* ---- fees of an order, not of a part ------------------------------------------------------------
 */

static run run_with_fees(market *m, const char *model, double rate, double minimum)
{
    const fel_series_info info = bars_info("A", FEL_NS_PER_DAY);
    market_add_days(m, &info, 0, bars, 5);
    fel_engine_config config = checked_config();
    config.volume_limit = 0.1;
    config.fees[0] = cost_of(model, rate, 0.0);
    config.fee_minimum = minimum;
    run r = run_market(m, &config, &script_strategy, NULL);
    check_waterfall(r.result);
    CHECK_INT(r.result->n_fills, 3);
    return r;
}

static void check_fee(const run *r, size_t fill, double expected)
{
    CHECK_NEAR(fel_money_value(r->result->fills[fill].fee), expected, 1e-12);
}

static void test_a_fee_an_order_is_charged_once(void)
{
    market m = {0};
    SCRIPT(STEP(ON_BAR, DAYS(1), MARKET_ORDER(FEL_BUY, 450)));
    run r = run_with_fees(&m, "fixed", 7.0, 0.0);
    check_fee(&r, 0, 7.0);
    check_fee(&r, 1, 0.0);
    check_fee(&r, 2, 0.0);
    run_clear(&r);
    market_clear(&m);
}

/* 1 a unit: 100, 200, 150 of 450. At least 250: the first part pays it, the second what is more
 * than that, the third all of its own. */
static void test_a_minimum_is_of_all_parts(void)
{
    market m = {0};
    SCRIPT(STEP(ON_BAR, DAYS(1), MARKET_ORDER(FEL_BUY, 450)));
    run r = run_with_fees(&m, "per_share", 1.0, 250.0);
    check_fee(&r, 0, 250.0);
    check_fee(&r, 1, 50.0);
    check_fee(&r, 2, 150.0);
    run_clear(&r);
    market_clear(&m);
}

/* ---- legs of a bracket
 * --------------------------------------------------------------------------- */

#define LEG(type_, limit_, stop_)                                                                  \
    {                                                                                              \
        .struct_size = sizeof(fel_order), .side = FEL_SELL, .type = (type_), .quantity = 450,      \
        .limit_price = (limit_), .stop_price = (stop_), .parent_id = 1, .group = 1                 \
    }

/* 100 at bar 1's open are in, and both legs live for them: its path sells them at 103.5. Bar 2
 * opens with 200 more, and 150 of them go at 104.5, all that its volume leaves; the last 150 come
 * in at bar 3's open, where the profit leg has its last 200. The stop shrinks by what they take. */
static void test_legs_go_live_for_what_has_filled(void)
{
    market m = {0};
    SCRIPT(STEP(ON_BAR, DAYS(1), MARKET_ORDER(FEL_BUY, 450)),
           STEP(ON_BAR, DAYS(1), LEG(FEL_ORDER_LIMIT, 103.5, 0)),
           STEP(ON_BAR, DAYS(1), LEG(FEL_ORDER_STOP, 0, 90)));
    run r = run_tenth(&m, 0.0);
    CHECK_TEXT(script_log_of("fill"),
               "fill1:A+100=101@1 fill2:A-100=103.5@2 fill1:A+200=102@2 fill2:A-100=103.5@3 "
               "fill1:A+150=103@3 fill2:A-250=103.5@4");
    CHECK_INT(r.result->orders[1].state, FEL_ORDER_FILLED);
    CHECK_INT(r.result->orders[2].reason, FEL_REASON_OTHER_FILLED);
    CHECK_SAME(r.result->positions[0].quantity, 0.0);
    run_clear(&r);
    market_clear(&m);
}

/* The entry is given up after 100: the leg, which has sold them, has done all that there is. */
static void test_a_leg_that_has_sold_all_ends_with_its_parent(void)
{
    market m = {0};
    SCRIPT(STEP(ON_BAR, DAYS(1), LIMIT_OF(FEL_BUY, 450, 101.5, FEL_TIF_GTC, 0)),
           STEP(ON_BAR, DAYS(1), LEG(FEL_ORDER_LIMIT, 101.75, 0)),
           STEP(ON_BAR, DAYS(1), LEG(FEL_ORDER_STOP, 0, 90)),
           {.event = ON_BAR, .at = DAYS(2), .verb = CANCEL, .order_id = 1});
    run r = run_tenth(&m, 0.0);
    CHECK_TEXT(script_log_of("fill"), "fill1:A+100=101@1 fill2:A-100=101.75@2");
    CHECK_TEXT(script_log_of("order2"), "order2:live@1 order2:live@2 order2:filled:filled@2");
    CHECK_INT(r.result->orders[2].reason, FEL_REASON_OTHER_FILLED);
    CHECK_SAME(r.result->orders[1].quantity, 100.0);
    run_clear(&r);
    market_clear(&m);
}

/* ---- quotes
 * ---------------------------------------------------------------------------------------- */

/* 300 at the ask, 200 at the bid, of which a half may be taken; the last has no sizes. */
static void test_quotes_give_a_share_of_their_size(void)
{
    market m = {0};
    fel_series_info info = fel_series_info_default(FEL_DATA_QUOTE, "A");
    (void)memcpy(info.instrument.currency, "USD", sizeof("USD"));
    info.instrument.kind = FEL_FX;
    const double nan = (double)NAN;
    const int64_t times[] = {MINUTES(1), MINUTES(2), MINUTES(3), MINUTES(4)};
    const double rows[] = {99, 101, 200, 300, 99, 101, 200, 300,
                           99, 101, 200, 300, 99, 101, nan, nan};
    market_add(&m, &info, times, NULL, rows, 4);
    SCRIPT(STEP(ON_QUOTE, MINUTES(1), MARKET_ORDER(FEL_BUY, 400)),
           STEP(ON_QUOTE, MINUTES(1), MARKET_ORDER(FEL_SELL, 50)),
           STEP(ON_QUOTE, MINUTES(1), LIMIT_OF(FEL_BUY, 10, 102, FEL_TIF_IOC, 0)));
    fel_engine_config config = checked_config();
    config.volume_limit = 0.5;
    run r = run_market(&m, &config, &script_strategy, NULL);
    check_orders_ended(r.result);
    CHECK_INT(r.result->n_fills, 4);
    CHECK_SAME(r.result->fills[0].quantity, 150.0);
    CHECK_SAME(r.result->fills[1].quantity, 50.0);
    CHECK_SAME(r.result->fills[2].quantity, 150.0);
    CHECK_SAME(r.result->fills[3].quantity, 100.0);
    CHECK_INT(r.result->orders[2].reason, FEL_REASON_NOT_IMMEDIATE);
    run_clear(&r);
    market_clear(&m);
}

SUITE("engine/part_fills", TEST(test_a_market_order_fills_open_by_open),
      TEST(test_open_and_path_share_one_budget), TEST(test_now_takes_a_part_and_whole_takes_none),
      TEST(test_parts_are_whole_lots), TEST(test_a_part_shrinks_the_others_of_a_group),
      TEST(test_a_target_goes_on_to_what_it_was_sized_to),
      TEST(test_a_fee_an_order_is_charged_once), TEST(test_a_minimum_is_of_all_parts),
      TEST(test_legs_go_live_for_what_has_filled),
      TEST(test_a_leg_that_has_sold_all_ends_with_its_parent),
      TEST(test_quotes_give_a_share_of_their_size));
