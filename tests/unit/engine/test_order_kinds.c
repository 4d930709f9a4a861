/* tests/unit/engine/test_order_kinds.c - trailing stops on quotes and through splits, orders for
 * the open and the close, orders that wait for no second price: how each ends. */
#include <math.h>
#include <string.h>

#include "tests/unit/engine/engine_fixture.h"

static void run_days(const ohlc *bars, size_t n, const char *expected)
{
    market m = {0};
    const fel_series_info info = bars_info("A", FEL_NS_PER_DAY);
    market_add_days(&m, &info, 0, bars, n);
    const fel_engine_config config = checked_config();
    run r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_TEXT(script_log_of("order"), expected);
    check_orders_ended(r.result);
    check_waterfall(r.result);
    run_clear(&r);
    market_clear(&m);
}

#define STEP(event_, at_, ...)                                                                     \
    {                                                                                              \
        .event = (event_), .at = (at_), .verb = SUBMIT, .order = __VA_ARGS__                       \
    }
#define ORDER(side_, type_, tif_, quantity_, limit_, trail_)                                       \
    {                                                                                              \
        .struct_size = sizeof(fel_order), .side = (side_), .type = (type_), .tif = (tif_),         \
        .quantity = (quantity_), .limit_price = (limit_), .trail = (trail_)                        \
    }

static const ohlc rising[] = {
    {100, 100, 100, 100}, {101, 103, 99, 102}, {102, 104, 101, 103}, {103, 104, 102, 104}};

static void test_what_is_not_met_at_once_ends_with_its_reason(void)
{
    SCRIPT(STEP(ON_BAR, DAYS(1), ORDER(FEL_BUY, FEL_ORDER_LIMIT, FEL_TIF_IOC, 1, 98, 0)),
           STEP(ON_BAR, DAYS(1), ORDER(FEL_BUY, FEL_ORDER_LIMIT, FEL_TIF_FOK, 1, 98, 0)),
           STEP(ON_BAR, DAYS(1), ORDER(FEL_BUY, FEL_ORDER_LIMIT_ON_OPEN, FEL_TIF_GTC, 1, 98, 0)),
           STEP(ON_BAR, DAYS(1), ORDER(FEL_BUY, FEL_ORDER_LIMIT_ON_CLOSE, FEL_TIF_GTC, 1, 98, 0)));
    run_days(rising, 3,
             "order1:live@1 order2:live@1 order3:live@1 order4:live@1 "
             "order1:cancelled:not_immediate@1 order2:cancelled:not_whole@1 "
             "order3:cancelled:limit_not_met@1 order4:cancelled:limit_not_met@2");
}

/* 1,000,000 buys 9,900 at 101: ten thousand are cut (IOC) or refused (FOK). */
static void test_an_order_for_all_is_not_cut_to_the_cash(void)
{
    SCRIPT(STEP(ON_BAR, DAYS(1), ORDER(FEL_BUY, FEL_ORDER_MARKET, FEL_TIF_FOK, 10000, 0, 0)),
           STEP(ON_BAR, DAYS(1), ORDER(FEL_BUY, FEL_ORDER_MARKET, FEL_TIF_FOK, 9900, 0, 0)),
           STEP(ON_BAR, DAYS(2), ORDER(FEL_BUY, FEL_ORDER_MARKET, FEL_TIF_IOC, 10000, 0, 0)));
    run_days(rising, 4,
             "order1:live@1 order2:live@1 order1:cancelled:not_whole@1 order2:filled:filled@1 "
             "order3:live@2 order3:filled:filled@2");
}

static void test_senseless_orders_are_refused(void)
{
    SCRIPT(STEP(ON_BAR, DAYS(1), ORDER(FEL_BUY, FEL_ORDER_STOP, FEL_TIF_IOC, 1, 0, 0)),
           STEP(ON_BAR, DAYS(1), ORDER(FEL_BUY, FEL_ORDER_TRAILING_STOP, FEL_TIF_GTC, 1, 0, 0)),
           STEP(ON_BAR, DAYS(1), ORDER(FEL_BUY, FEL_ORDER_TRAILING_STOP, FEL_TIF_GTC, 1, 0, -2)),
           STEP(ON_BAR, DAYS(1), ORDER(FEL_BUY, FEL_ORDER_MARKET_ON_CLOSE, FEL_TIF_FOK, 1, 0, 0)),
           STEP(ON_BAR, DAYS(1), ORDER(FEL_BUY, (fel_order_type)10, FEL_TIF_GTC, 1, 0, 0)),
           STEP(ON_BAR, DAYS(1), ORDER(FEL_BUY, FEL_ORDER_MARKET, (fel_tif)5, 1, 0, 0)));
    run_days(rising, 2,
             "order1:rejected:bad_order@1 order2:rejected:bad_order@1 order3:rejected:bad_order@1 "
             "order4:rejected:bad_order@1 order5:rejected:bad_order@1 order6:rejected:bad_order@1");
}

/* Bought at 100 with a stop 10 below the best: 110 after bar 1 puts it to 100; two for one puts it
 * to 50, its distance to 5; 56 then to 51, where the next bar sells. */
static void test_a_split_takes_a_trailing_stop_along(void)
{
    market m = {0};
    const fel_series_info info = bars_info("A", FEL_NS_PER_DAY);
    const ohlc bars[] = {
        {100, 100, 100, 100}, {100, 110, 100, 110}, {55, 56, 54, 55}, {55, 55, 50, 52}};
    market_add_days(&m, &info, 0, bars, 4);
    market_add_action(&m, "A", DAYS(2), FEL_SPLIT, 2.0);
    SCRIPT(STEP(ON_BAR, DAYS(1), MARKET_ORDER(FEL_BUY, 3)),
           STEP(ON_BAR, DAYS(1), ORDER(FEL_SELL, FEL_ORDER_TRAILING_STOP, FEL_TIF_GTC, 3, 0, 10)));
    const fel_engine_config config = checked_config();
    run r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_TEXT(script_log_of("fill"), "fill1:A+3=100@1 fill2:A-6=51@4");
    check_waterfall(r.result);
    run_clear(&r);
    market_clear(&m);
}

/* A sale follows the bid: 99, 101, then 100.5 is within 1.5 of 101, 99.4 is not. */
static void test_a_trailing_stop_follows_its_side_of_the_quotes(void)
{
    market m = {0};
    fel_series_info info = fel_series_info_default(FEL_DATA_QUOTE, "A");
    memcpy(info.instrument.currency, "USD", sizeof("USD"));
    const int64_t times[] = {DAYS(1), DAYS(2), DAYS(3), DAYS(4), DAYS(5)};
    const double rows[] = {99, 100, 5,    5,    101, 102, 5,  5,  100.5, 103,
                           5,  5,   99.4, 99.6, 5,   5,   98, 99, 5,     5};
    market_add(&m, &info, times, NULL, rows, 5);
    SCRIPT(
        STEP(ON_QUOTE, DAYS(1), ORDER(FEL_SELL, FEL_ORDER_TRAILING_STOP, FEL_TIF_GTC, 2, 0, 1.5)),
        STEP(ON_QUOTE, DAYS(1), ORDER(FEL_SELL, FEL_ORDER_MARKET_ON_CLOSE, FEL_TIF_GTC, 2, 0, 0)));
    const fel_engine_config config = checked_config();
    run r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_TEXT(script_log_of("fill"), "fill1:A-2=99.4@4");
    CHECK_TEXT(script_log_of("order2"), "order2:rejected:bad_order@1");
    run_clear(&r);
    market_clear(&m);
}

/* A plug-in of before had a shorter struct: what lies behind it is not read. */
static uint64_t old_id;

static fel_status old_on_bar(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    (void)state;
    struct {
        fel_order order;
        double behind;
    } room = {.order = fel_order_default(0, FEL_BUY, 2.0), .behind = (double)NAN};
    room.order.struct_size = 64;
    room.order.trail = (double)NAN;
    return bar->close_time_ns == DAYS(1) ? ctx->host->submit(ctx, &room.order, &old_id) : FEL_OK;
}

static void test_a_shorter_struct_is_an_order_of_before(void)
{
    static const fel_strategy old_strategy = {
        .struct_size = sizeof(fel_strategy), .name = "old", .state_size = 1, .on_bar = old_on_bar};
    market m = {0};
    const fel_series_info info = bars_info("A", FEL_NS_PER_DAY);
    market_add_days(&m, &info, 0, rising, 3);
    const fel_engine_config config = checked_config();
    run r = run_market(&m, &config, &old_strategy, NULL);
    CHECK_INT(r.result->n_fills, 1);
    CHECK_SAME(r.result->positions[0].quantity, 2.0);
    run_clear(&r);
    market_clear(&m);
}

SUITE("engine/order_kinds", TEST(test_what_is_not_met_at_once_ends_with_its_reason),
      TEST(test_an_order_for_all_is_not_cut_to_the_cash), TEST(test_senseless_orders_are_refused),
      TEST(test_a_split_takes_a_trailing_stop_along),
      TEST(test_a_trailing_stop_follows_its_side_of_the_quotes),
      TEST(test_a_shorter_struct_is_an_order_of_before));
