/* tests/unit/engine/test_order_life.c - how long orders live: DAY, GTC, GTD, and which bars count.
 */
#include <string.h>

#include "tests/unit/engine/engine_fixture.h"

/* Bars of six hours: bar i is (6 i, 6 i + 6] hours. */
static market quarters(const ohlc *bars, int n, int64_t start_ns)
{
    market m = {0};
    const fel_series_info info = bars_info("X", HOURS(6));
    int64_t times[16];
    double rows[16][FEL_BAR_COLUMNS];
    for (int i = 0; i < n; i++) {
        const double row[] = {bars[i].open, bars[i].high, bars[i].low, bars[i].close, 10.0};
        memcpy(rows[i], row, sizeof(row));
        times[i] = start_ns + HOURS(6 * (i + 1));
    }
    market_add(&m, &info, times, NULL, &rows[0][0], (size_t)n);
    return m;
}

static void check_log(market *m, const char *word, const char *expected)
{
    const fel_engine_config config = checked_config();
    run r = run_market(m, &config, &script_strategy, NULL);
    CHECK_TEXT(script_log_of(word), expected);
    check_orders_ended(r.result);
    run_clear(&r);
    market_clear(m);
}

#define STILL                                                                                      \
    {                                                                                              \
        100, 101, 99, 100                                                                          \
    }
#define DIPPING                                                                                    \
    {                                                                                              \
        100, 101, 96, 100                                                                          \
    }

static void test_a_day_order_ends_with_the_day_of_its_first_bar(void)
{
    static const ohlc bars[] = {STILL, STILL, STILL, STILL, DIPPING, STILL};
    market m = quarters(bars, 6, 0);
    SCRIPT({.event = ON_BAR,
            .at = HOURS(6),
            .order = {.side = FEL_BUY,
                      .type = FEL_ORDER_LIMIT,
                      .tif = FEL_TIF_DAY,
                      .quantity = 1,
                      .limit_price = 97}});
    check_log(&m, "order", "order1:live@0.25 order1:expired:day_end@1");
}

static void test_the_last_bar_of_the_day_still_fills_it(void)
{
    static const ohlc bars[] = {STILL, STILL, STILL, DIPPING, STILL};
    market m = quarters(bars, 5, 0);
    SCRIPT({.event = ON_BAR,
            .at = HOURS(6),
            .order = {.side = FEL_BUY,
                      .type = FEL_ORDER_LIMIT,
                      .tif = FEL_TIF_DAY,
                      .quantity = 1,
                      .limit_price = 97}});
    check_log(&m, "order", "order1:live@0.25 order1:filled:filled@1");
}

static void test_a_day_order_of_the_last_bar_belongs_to_the_next_day(void)
{
    static const ohlc bars[] = {STILL, STILL, STILL, STILL, STILL, DIPPING, STILL, STILL, STILL};
    market m = quarters(bars, 9, 0);
    SCRIPT({.event = ON_BAR,
            .at = HOURS(24),
            .order = {.side = FEL_BUY,
                      .type = FEL_ORDER_LIMIT,
                      .tif = FEL_TIF_DAY,
                      .quantity = 1,
                      .limit_price = 97}});
    check_log(&m, "order", "order1:live@1 order1:filled:filled@1.5");
}

static void test_days_before_1970_end_at_midnight_too(void)
{
    static const ohlc bars[] = {STILL, STILL, STILL, STILL, DIPPING, STILL};
    market m = quarters(bars, 6, DAYS(-3));
    SCRIPT({.event = ON_BAR,
            .at = DAYS(-3) + HOURS(6),
            .order = {.side = FEL_BUY,
                      .type = FEL_ORDER_LIMIT,
                      .tif = FEL_TIF_DAY,
                      .quantity = 1,
                      .limit_price = 97}});
    check_log(&m, "order", "order1:live@-2.75 order1:expired:day_end@-2");
}

/* Daily bars that close at 21:00 open, by their length, at 21:00 of the day before: an order made
 * then is good for the whole of the bar to come. */
static void test_a_day_order_lives_through_a_bar_that_opened_the_day_before(void)
{
    static const ohlc fills[] = {STILL, DIPPING, STILL}, rests[] = {STILL, STILL, DIPPING};
    static const int64_t times[] = {HOURS(21), DAYS(1) + HOURS(21), DAYS(2) + HOURS(21)};
    static const ohlc *const both[] = {fills, rests};
    static const char *const expected[] = {"order1:live@0.875 order1:filled:filled@1.875",
                                           "order1:live@0.875 order1:expired:day_end@2.875"};
    for (int k = 0; k < 2; k++) {
        market m = {0};
        const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
        double rows[3][FEL_BAR_COLUMNS];
        for (int i = 0; i < 3; i++) {
            const ohlc b = both[k][i];
            const double row[] = {b.open, b.high, b.low, b.close, 10.0};
            memcpy(rows[i], row, sizeof(row));
        }
        market_add(&m, &info, times, NULL, &rows[0][0], 3);
        SCRIPT({.event = ON_BAR,
                .at = HOURS(21),
                .order = {.side = FEL_BUY,
                          .type = FEL_ORDER_LIMIT,
                          .tif = FEL_TIF_DAY,
                          .quantity = 1,
                          .limit_price = 97}});
        check_log(&m, "order", expected[k]);
    }
}

static void test_good_till_date_ends_at_its_instant(void)
{
    static const ohlc bars[] = {STILL, STILL, DIPPING, DIPPING};
    market m = quarters(bars, 4, 0);
    /* The third bar, (12, 18] hours, is whole before 18:00, and not before 17:59; the open at 12:00
     * comes too late for an order until 12:00. */
    SCRIPT({.event = ON_BAR,
            .at = HOURS(6),
            .order = {.side = FEL_BUY,
                      .type = FEL_ORDER_LIMIT,
                      .tif = FEL_TIF_GTD,
                      .quantity = 1,
                      .limit_price = 97,
                      .expire_time_ns = HOURS(18)}},
           {.event = ON_BAR,
            .at = HOURS(6),
            .order = {.side = FEL_BUY,
                      .type = FEL_ORDER_LIMIT,
                      .tif = FEL_TIF_GTD,
                      .quantity = 1,
                      .limit_price = 97,
                      .expire_time_ns = HOURS(18) - MINUTES(1)}},
           {.event = ON_BAR,
            .at = HOURS(6),
            .order = {.side = FEL_BUY,
                      .type = FEL_ORDER_LIMIT,
                      .tif = FEL_TIF_GTD,
                      .quantity = 1,
                      .limit_price = 200,
                      .expire_time_ns = HOURS(6)}},
           {.event = ON_BAR,
            .at = HOURS(6),
            .order = {.side = FEL_BUY,
                      .type = FEL_ORDER_LIMIT,
                      .tif = FEL_TIF_GTD,
                      .quantity = 1,
                      .limit_price = 97,
                      .expire_time_ns = HOURS(12)}});
    check_log(&m, "order",
              "order1:live@0.25 order2:live@0.25 order3:expired:gtd_time@0.25 order4:live@0.25 "
              "order4:expired:gtd_time@0.5 order2:expired:gtd_time@0.75 order1:filled:filled@0.75");
}

static void test_good_till_cancelled_rests_to_the_end_of_the_run(void)
{
    static const ohlc bars[] = {STILL, STILL, STILL, STILL, STILL, STILL, STILL, STILL, STILL};
    market m = quarters(bars, 9, 0);
    SCRIPT({.event = ON_BAR, .at = HOURS(6), .order = LIMIT_ORDER(FEL_BUY, 1, 97)},
           {.event = ON_BAR, .at = HOURS(54), .order = MARKET_ORDER(FEL_BUY, 1)});
    const fel_engine_config config = checked_config();
    run r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_INT(r.result->n_orders, 2);
    for (size_t i = 0; i < 2; i++) {
        CHECK_INT(r.result->orders[i].state, FEL_ORDER_EXPIRED);
        CHECK_INT(r.result->orders[i].reason, FEL_REASON_END_OF_RUN);
        CHECK_INT(r.result->orders[i].end_time_ns, HOURS(54));
    }
    run_clear(&r);
    market_clear(&m);
}

/* A daily bar and four quarters of it: an order made inside the daily bar waits for the next one.
 */
static void test_an_order_made_inside_a_bar_is_not_filled_by_that_bar(void)
{
    static const ohlc bars[] = {STILL, STILL, STILL, STILL, STILL, STILL, STILL, STILL};
    static const ohlc days[] = {{50, 52, 44, 51}, {50.5, 52, 49, 51}};
    market m = quarters(bars, 8, 0);
    const fel_series_info info = bars_info("D", FEL_NS_PER_DAY);
    market_add_days(&m, &info, 0, days, 2);
    SCRIPT({.event = ON_BAR,
            .at = HOURS(6),
            .instrument = 0,
            .order = {.instrument = 1,
                      .side = FEL_BUY,
                      .type = FEL_ORDER_LIMIT,
                      .quantity = 1,
                      .limit_price = 45}},
           {.event = ON_BAR,
            .at = HOURS(6),
            .instrument = 0,
            .order = {.instrument = 1,
                      .side = FEL_BUY,
                      .type = FEL_ORDER_STOP,
                      .quantity = 2,
                      .stop_price = 51.5}},
           {.event = ON_BAR,
            .at = HOURS(6),
            .instrument = 0,
            .order = {.instrument = 1, .side = FEL_BUY, .quantity = 3}},
           {.event = ON_BAR,
            .at = HOURS(6),
            .instrument = 0,
            .order = {.instrument = 1,
                      .side = FEL_BUY,
                      .type = FEL_ORDER_LIMIT,
                      .quantity = 4,
                      .limit_price = 49.5,
                      .tif = FEL_TIF_DAY}});
    check_log(&m, "fill", "fill3:D+3=50.5@1 fill2:D+2=51.5@2 fill4:D+4=49.5@2");
}

/* Bars that claim to be longer than the time between them (a day of 23 hours): they open when the
 * one before closes, and orders made then are good for all of the bar. */
static void test_a_bar_opens_no_earlier_than_the_one_before_closed(void)
{
    market m = {0};
    const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
    static const int64_t times[] = {DAYS(1), DAYS(2) - HOURS(1)};
    static const double rows[] = {100, 101, 99, 100, 10, 100.5, 101, 96, 100, 10};
    market_add(&m, &info, times, NULL, rows, 2);
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = LIMIT_ORDER(FEL_BUY, 1, 97)},
           {.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 2)});
    check_log(&m, "fill", "fill2:X+2=100.5@1 fill1:X+1=97@1.95833");
}

SUITE("engine/order_life", TEST(test_a_day_order_ends_with_the_day_of_its_first_bar),
      TEST(test_the_last_bar_of_the_day_still_fills_it),
      TEST(test_a_day_order_of_the_last_bar_belongs_to_the_next_day),
      TEST(test_days_before_1970_end_at_midnight_too),
      TEST(test_a_day_order_lives_through_a_bar_that_opened_the_day_before),
      TEST(test_good_till_date_ends_at_its_instant),
      TEST(test_good_till_cancelled_rests_to_the_end_of_the_run),
      TEST(test_an_order_made_inside_a_bar_is_not_filled_by_that_bar),
      TEST(test_a_bar_opens_no_earlier_than_the_one_before_closed));
