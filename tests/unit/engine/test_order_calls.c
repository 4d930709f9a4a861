/* tests/unit/engine/test_order_calls.c - submit, cancel, replace and targets, from every callback.
 */
#include <math.h>

#include "tests/unit/engine/engine_fixture.h"

/* Ten days at 100, 101, ... of X (0) and 200, 201, ... of Y (1); ranges of one up and down. */
static market two_ramps(void)
{
    market m = {0};
    ohlc x[10], y[10];
    for (int i = 0; i < 10; i++) {
        const ohlc bx = {100.0 + i, 101.0 + i, 99.0 + i, 100.5 + i};
        const ohlc by = {200.0 + i, 201.0 + i, 199.0 + i, 200.5 + i};
        x[i] = bx;
        y[i] = by;
    }
    const fel_series_info xs = bars_info("X", FEL_NS_PER_DAY), ys = bars_info("Y", FEL_NS_PER_DAY);
    market_add_days(&m, &xs, 0, x, 10);
    market_add_days(&m, &ys, 0, y, 10);
    return m;
}

static run run_ramps(market *m, const fel_engine_config *config)
{
    *m = two_ramps();
    run r = run_market(m, config, &script_strategy, NULL);
    if (r.result != NULL) {
        check_orders_ended(r.result);
        check_waterfall(r.result);
    }
    return r;
}

static void check_script(const char *word, const char *expected)
{
    market m;
    const fel_engine_config config = checked_config();
    run r = run_ramps(&m, &config);
    CHECK_TEXT(script_log_of(word), expected);
    run_clear(&r);
    market_clear(&m);
}

static void test_cancel_and_replace_say_so(void)
{
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = LIMIT_ORDER(FEL_BUY, 1, 50)},
           {.event = ON_BAR,
            .at = DAYS(2),
            .verb = REPLACE,
            .order_id = 1,
            .order = LIMIT_ORDER(FEL_BUY, 2, 60)},
           {.event = ON_BAR, .at = DAYS(3), .verb = CANCEL, .order_id = 2});
    check_script("order", "order1:live@1 order1:cancelled:replaced@2 order2:live@2 "
                          "order2:cancelled:cancelled_by_strategy@3");
    CHECK_STATUS(script_last_status(), FEL_OK);
}

static void test_cancelling_what_has_ended_is_not_found(void)
{
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 1)},
           {.event = ON_BAR, .at = DAYS(3), .verb = CANCEL, .order_id = 1});
    check_script("order", "order1:live@1 order1:filled:filled@1");
    CHECK_STATUS(script_last_status(), FEL_ERR_NOTFOUND);
    SCRIPT({.event = ON_BAR, .at = DAYS(3), .verb = CANCEL, .order_id = 7});
    check_script("order", "");
    CHECK_STATUS(script_last_status(), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "no open order 7");
}

/* A bad replacement leaves the old order where it is. */
static void test_a_replacement_for_no_instrument_replaces_nothing(void)
{
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = LIMIT_ORDER(FEL_BUY, 1, 102.25)},
           {.event = ON_BAR,
            .at = DAYS(1),
            .verb = REPLACE,
            .order_id = 1,
            .order = {.instrument = 9, .side = FEL_BUY, .quantity = 1}});
    check_script("order", "order1:live@1 order1:filled:filled@1");
    CHECK_STATUS(script_last_status(), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "order for instrument 9 of 2");
}

/* Order 1's fill at the open cancels order 2, which would have filled at the same open, and order
 * 3, which that bar would have met. */
static void test_on_fill_may_cancel_the_order_next_in_line(void)
{
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 1)},
           {.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 2)},
           {.event = ON_BAR, .at = DAYS(1), .order = LIMIT_ORDER(FEL_SELL, 3, 101.5)},
           {.event = ON_FILL, .at = 1, .verb = CANCEL, .order_id = 2},
           {.event = ON_FILL, .at = 1, .verb = CANCEL, .order_id = 3});
    check_script("order", "order1:live@1 order2:live@1 order3:live@1 order1:filled:filled@1 "
                          "order2:cancelled:cancelled_by_strategy@1 "
                          "order3:cancelled:cancelled_by_strategy@1");
}

static void test_inside_a_bar_on_fill_may_cancel_what_the_leg_meets_next(void)
{
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = STOP_ORDER(FEL_BUY, 1, 101.25)},
           {.event = ON_BAR, .at = DAYS(1), .order = STOP_ORDER(FEL_BUY, 2, 101.5)},
           {.event = ON_BAR, .at = DAYS(1), .order = STOP_ORDER(FEL_BUY, 3, 101.75)},
           {.event = ON_FILL, .at = 1, .verb = CANCEL, .order_id = 2});
    check_script("fill", "fill1:X+1=101.25@2 fill3:X+3=101.75@2");
}

/* An order that is told it is live cancels itself and the next one, which is not live yet. */
static void test_on_order_may_cancel_live_and_pending_orders(void)
{
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 1)},
           {.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 2)},
           {.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 3)},
           {.event = ON_UPDATE, .at = 1, .verb = CANCEL, .order_id = 1},
           {.event = ON_UPDATE, .at = 2, .verb = CANCEL, .order_id = 2});
    check_script("order", "order1:live@1 order1:cancelled:cancelled_by_strategy@1 "
                          "order2:cancelled:cancelled_by_strategy@1 order3:live@1 "
                          "order3:filled:filled@1");
}

/* What expires cancels another that the same bar would expire, and orders anew. */
static void test_an_expiry_may_cancel_and_order(void)
{
    SCRIPT({.event = ON_BAR,
            .at = DAYS(1),
            .order = {.side = FEL_BUY,
                      .type = FEL_ORDER_LIMIT,
                      .tif = FEL_TIF_DAY,
                      .quantity = 1,
                      .limit_price = 50}},
           {.event = ON_BAR,
            .at = DAYS(1),
            .order = {.side = FEL_BUY,
                      .type = FEL_ORDER_LIMIT,
                      .tif = FEL_TIF_DAY,
                      .quantity = 2,
                      .limit_price = 50}},
           {.event = ON_UPDATE, .at = 3, .verb = CANCEL, .order_id = 2},
           {.event = ON_UPDATE, .at = 3, .order = MARKET_ORDER(FEL_BUY, 3)});
    check_script("order", "order1:live@1 order2:live@1 order1:expired:day_end@2 "
                          "order2:cancelled:cancelled_by_strategy@2 order3:live@2 "
                          "order3:filled:filled@3");
}

static void test_orders_come_from_signals_slices_fills_and_actions(void)
{
    market m = two_ramps();
    static const int64_t at[] = {DAYS(2) + HOURS(12)};
    static const double value[] = {1.0};
    market_add_signals(&m, "X", "s", at, value, 1);
    market_add_action(&m, "X", DAYS(5), FEL_DIVIDEND, 0.5);
    SCRIPT({.event = ON_SIGNAL,
            .at = DAYS(2) + HOURS(12),
            .instrument = 0,
            .verb = SUBMIT,
            .order = MARKET_ORDER(FEL_BUY, 1)},
           {.event = ON_SLICE, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 2)},
           {.event = ON_FILL, .at = 1, .order = MARKET_ORDER(FEL_BUY, 3)},
           {.event = ON_ACTION, .at = DAYS(5), .instrument = 0, .order = MARKET_ORDER(FEL_BUY, 4)});
    const fel_engine_config config = checked_config();
    run r = run_market(&m, &config, &script_strategy, NULL);
    /* The slice's fills at the open of its own instant, its answer at the next; the signal's at
     * noon waits for the next open; the action's comes before the opens of its instant. */
    CHECK_TEXT(script_log_of("fill"),
               "fill1:X+2=101@1 fill2:X+3=102@2 fill3:X+1=103@3 fill4:X+4=105@5");
    check_waterfall(r.result);
    run_clear(&r);
    market_clear(&m);
}

/* The close of an instant is over when its actions are booked and its bars open: market orders made
 * in answer to those do not get it, same_close or not. */
static void test_same_close_is_not_for_answers_to_an_open(void)
{
    market m = two_ramps();
    market_add_action(&m, "X", DAYS(5), FEL_DIVIDEND, 0.5);
    fel_engine_config config = checked_config();
    config.fill = FEL_FILL_SAME_CLOSE;
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = LIMIT_ORDER(FEL_BUY, 1, 150)},
           {.event = ON_FILL, .at = 1, .order = MARKET_ORDER(FEL_BUY, 2)},
           {.event = ON_ACTION, .at = DAYS(5), .order = MARKET_ORDER(FEL_BUY, 3)},
           {.event = ON_BAR, .at = DAYS(6), .order = MARKET_ORDER(FEL_BUY, 4)});
    run r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_TEXT(script_log_of("fill"),
               "fill1:X+1=101@1 fill2:X+2=102@2 fill3:X+3=105@5 fill4:X+4=105.5@6");
    CHECK_INT(r.result->fills[3].bar_index, 5);
    check_waterfall(r.result);
    run_clear(&r);
    market_clear(&m);
}

static void test_a_new_target_takes_the_place_of_the_old(void)
{
    /* Pending ones first, then (with Y, whose next price is a day away) a live one. */
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .verb = POSITION, .amount = 5},
           {.event = ON_BAR, .at = DAYS(1), .verb = WEIGHT, .amount = 0.5},
           {.event = ON_BAR, .at = DAYS(1), .verb = POSITION, .amount = 2},
           {.event = ON_FILL, .at = 1, .instrument = 0, .verb = POSITION, .amount = 7},
           {.event = ON_BAR, .at = DAYS(2), .verb = POSITION, .amount = 3},
           {.event = ON_BAR, .at = DAYS(4), .verb = POSITION, .amount = 3});
    check_script("order", "order1:cancelled:replaced@1 order2:cancelled:replaced@1 order3:live@1 "
                          "order3:filled:filled@1 order4:live@1 order4:cancelled:replaced@2 "
                          "order5:live@2 order5:filled:filled@2");
}

static void test_targets_sized_at_the_decision_are_replaced_too(void)
{
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .verb = POSITION, .amount = 5},
           {.event = ON_BAR, .at = DAYS(1), .verb = WEIGHT, .amount = 0.5},
           {.event = ON_BAR, .at = DAYS(1), .verb = POSITION, .amount = 2});
    market m;
    fel_engine_config config = checked_config();
    config.sizing = FEL_SIZE_AT_DECISION;
    run r = run_ramps(&m, &config);
    CHECK_TEXT(script_log_of("order"), "order1:cancelled:replaced@1 order2:cancelled:replaced@1 "
                                       "order3:live@1 order3:filled:filled@1");
    CHECK_INT(r.result->orders[1].target_kind, FEL_TARGET_WEIGHT);
    CHECK_SAME(r.result->orders[1].target_amount, 0.5);
    CHECK_SAME(r.result->positions[0].quantity, 2.0);
    run_clear(&r);
    market_clear(&m);
}

static void test_bad_orders_are_rejected_not_errors(void)
{
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 0)},
           {.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, -2)},
           {.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, (double)NAN)},
           {.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, (double)INFINITY)},
           {.event = ON_BAR, .at = DAYS(1), .order = LIMIT_ORDER(FEL_BUY, 1, (double)NAN)},
           {.event = ON_BAR, .at = DAYS(1), .order = STOP_ORDER(FEL_BUY, 1, (double)INFINITY)},
           {.event = ON_BAR, .at = DAYS(1), .order = {.quantity = 1}},
           {.event = ON_BAR, .at = DAYS(1), .verb = WEIGHT, .amount = (double)NAN});
    market m;
    const fel_engine_config config = checked_config();
    run r = run_ramps(&m, &config);
    CHECK_INT(r.result->n_orders, 8);
    for (size_t i = 0; i < r.result->n_orders; i++) {
        CHECK_INT(r.result->orders[i].state, FEL_ORDER_REJECTED);
        CHECK_INT(r.result->orders[i].reason, FEL_REASON_BAD_ORDER);
    }
    CHECK_INT(r.result->n_fills, 0);
    run_clear(&r);
    market_clear(&m);
}

static void test_warm_up_makes_no_orders(void)
{
    SCRIPT({.event = ON_BAR, .at = DAYS(2), .order = MARKET_ORDER(FEL_BUY, 1)},
           {.event = ON_BAR, .at = DAYS(2), .verb = WEIGHT, .amount = 1},
           {.event = ON_BAR, .at = DAYS(3), .order = MARKET_ORDER(FEL_BUY, 2)});
    market m;
    fel_engine_config config = checked_config();
    config.start_ns = DAYS(3);
    config.cash_rate_per_year = 0.05;
    run r = run_ramps(&m, &config);
    CHECK_TEXT(script_log_of("fill"), "fill1:X+2=103@3");
    CHECK_INT(r.result->n_orders, 1);
    CHECK_INT(r.result->first_ns, DAYS(3));
    CHECK_INT(r.result->equity[0].time_ns, DAYS(3));
    CHECK_SAME(r.result->equity[0].equity, config.cash);
    CHECK_INT(r.result->equity[1].time_ns, DAYS(4));
    run_clear(&r);
    market_clear(&m);
}

static fel_status order_in_on_start(void *state, fel_ctx *ctx)
{
    (void)state;
    const fel_order order = fel_order_default(0, FEL_BUY, 1.0);
    return fel_submit(ctx, &order, NULL);
}

static void test_orders_in_on_start_are_a_mistake(void)
{
    const fel_strategy early = {
        .struct_size = sizeof(fel_strategy), .name = "early", .on_start = order_in_on_start};
    market m = two_ramps();
    fel_engine *engine = NULL;
    const fel_result *result = NULL;
    const fel_engine_config config = checked_config();
    CHECK_OK(fel_engine_create(&engine, &config, m.sources, m.n, &early, NULL));
    CHECK_STATUS(fel_engine_run(engine, &result), FEL_ERR_ARG);
    CHECK_TEXT(fel_last_error()->message, "no orders in on_start or on_stop");
    CHECK(result == NULL);
    fel_engine_destroy(engine);
    market_clear(&m);
}

SUITE("engine/order_calls", TEST(test_cancel_and_replace_say_so),
      TEST(test_cancelling_what_has_ended_is_not_found),
      TEST(test_a_replacement_for_no_instrument_replaces_nothing),
      TEST(test_on_fill_may_cancel_the_order_next_in_line),
      TEST(test_inside_a_bar_on_fill_may_cancel_what_the_leg_meets_next),
      TEST(test_on_order_may_cancel_live_and_pending_orders),
      TEST(test_an_expiry_may_cancel_and_order),
      TEST(test_orders_come_from_signals_slices_fills_and_actions),
      TEST(test_same_close_is_not_for_answers_to_an_open),
      TEST(test_a_new_target_takes_the_place_of_the_old),
      TEST(test_targets_sized_at_the_decision_are_replaced_too),
      TEST(test_bad_orders_are_rejected_not_errors), TEST(test_warm_up_makes_no_orders),
      TEST(test_orders_in_on_start_are_a_mistake));
