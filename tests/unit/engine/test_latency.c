/* tests/unit/engine/test_latency.c - orders, cancels and replaces that take time to the venue:
 * worked cases of docs/time.md, computed by hand. */
#include <string.h>

#include "tests/unit/engine/engine_fixture.h"

/* Bar i of a day opens at DAYS(i): 100, 110, 90, 120, 130; each dips 10 below its open. */
static market five_days(void)
{
    static const ohlc bars[] = {{100, 105, 90, 100},
                                {110, 115, 100, 110},
                                {90, 95, 80, 90},
                                {120, 125, 110, 120},
                                {130, 135, 120, 130}};
    market m = {0};
    const fel_series_info info = bars_info("A", FEL_NS_PER_DAY);
    market_add_days(&m, &info, 0, bars, 5);
    return m;
}

static fel_engine_config late_config(int64_t latency_ns, int is_checked)
{
    fel_engine_config config = checked_config();
    config.self_check = (uint8_t)is_checked;
    config.latency.kind = FEL_LATENCY_CONSTANT;
    config.latency.constant_ns = latency_ns;
    return config;
}

/* The log of orders and fills, by the general loop and by the short cut. */
static void check_log(int64_t latency_ns, const char *orders, const char *fills)
{
    for (int is_checked = 0; is_checked < 2; is_checked++) {
        market m = five_days();
        const fel_engine_config config = late_config(latency_ns, is_checked);
        run r = run_market(&m, &config, &script_strategy, NULL);
        CHECK_TEXT(script_log_of("order"), orders);
        CHECK_TEXT(script_log_of("fill"), fills);
        check_orders_ended(r.result);
        run_clear(&r);
        market_clear(&m);
    }
}

/* Made at the close of day 1; with no latency in time for the open at day 1, at 110; six hours
 * later for the open at day 2, at 90. */
static void test_a_market_order_takes_the_first_open_after_its_arrival(void)
{
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 2)});
    check_log(0, "order1:live@1 order1:filled:filled@1", "fill1:A+2=110@1");
    check_log(HOURS(6), "order1:live@1.25 order1:filled:filled@2", "fill1:A+2=90@2");
    check_log(HOURS(24), "order1:live@2 order1:filled:filled@2", "fill1:A+2=90@2");
    check_log(HOURS(25), "order1:live@2.04167 order1:filled:filled@3", "fill1:A+2=120@3");
    check_log(DAYS(9), "", "");
}

/* The bar under way when it arrives has been at 100; what is younger does not know when. */
static void test_a_limit_does_not_fill_inside_the_bar_that_it_arrives_in(void)
{
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = LIMIT_ORDER(FEL_BUY, 1, 105)});
    check_log(0, "order1:live@1 order1:filled:filled@2", "fill1:A+1=105@2");
    check_log(HOURS(6), "order1:live@1.25 order1:filled:filled@2", "fill1:A+1=90@2");
}

/* Asked for at the close of day 2, while day 2's open at 90 fills: too late. With no latency in
 * time. One that arrives before its order is live cancels it all the same, once it is there. */
static void test_a_cancel_may_come_too_late(void)
{
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = LIMIT_ORDER(FEL_BUY, 1, 95)},
           {.event = ON_BAR, .at = DAYS(2), .verb = CANCEL, .order_id = 1});
    check_log(0, "order1:live@1 order1:cancelled:cancelled_by_strategy@2", "");
    check_log(HOURS(6), "order1:live@1.25 order1:filled:filled@2", "fill1:A+1=90@2");
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = LIMIT_ORDER(FEL_BUY, 1, 60)},
           {.event = ON_BAR, .at = DAYS(2), .verb = CANCEL, .order_id = 1});
    check_log(HOURS(6), "order1:live@1.25 order1:cancelled:cancelled_by_strategy@2.25", "");
}

/* The new order takes the place of the old one when it is there; if that has filled, it is refused.
 */
static void test_a_replace_is_one_message(void)
{
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = LIMIT_ORDER(FEL_BUY, 1, 60)},
           {.event = ON_BAR,
            .at = DAYS(2),
            .verb = REPLACE,
            .order_id = 1,
            .order = LIMIT_ORDER(FEL_BUY, 1, 125)});
    check_log(HOURS(6),
              "order1:live@1.25 order1:cancelled:replaced@2.25 order2:live@2.25 "
              "order2:filled:filled@3",
              "fill2:A+1=120@3");
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = LIMIT_ORDER(FEL_BUY, 1, 95)},
           {.event = ON_BAR,
            .at = DAYS(2),
            .verb = REPLACE,
            .order_id = 1,
            .order = LIMIT_ORDER(FEL_BUY, 1, 125)});
    check_log(HOURS(6), "order1:live@1.25 order1:filled:filled@2 order2:rejected:other_filled@2.25",
              "fill1:A+1=90@2");
}

/* A newer target replaces an older one at the venue, in flight or there; a target that is held
 * already calls the older one back. */
static void test_targets_replace_one_another_at_the_venue(void)
{
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .verb = POSITION, .amount = 5},
           {.event = ON_BAR, .at = DAYS(2), .verb = POSITION, .amount = 3});
    check_log(HOURS(30),
              "order1:live@2.25 order1:filled:filled@3 order2:live@3.25 order2:filled:filled@4",
              "fill1:A+5=120@3 fill2:A-2=130@4");
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .verb = POSITION, .amount = 5},
           {.event = ON_SLICE, .at = DAYS(1), .verb = POSITION, .amount = 3});
    check_log(HOURS(6),
              "order1:live@1.25 order1:cancelled:replaced@1.25 order2:live@1.25 "
              "order2:filled:filled@2",
              "fill2:A+3=90@2");
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .verb = POSITION, .amount = 5},
           {.event = ON_SLICE, .at = DAYS(1), .verb = POSITION, .amount = 0});
    check_log(HOURS(6), "order1:cancelled:replaced@1.25", "");
}

/* A split on the way: the order's units and price are of the new shares. */
static void test_an_order_on_its_way_follows_a_split(void)
{
    market m = five_days();
    market_add_action(&m, "A", DAYS(2), FEL_SPLIT, 2.0);
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 2)});
    const fel_engine_config config = late_config(HOURS(30), 1);
    run r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_TEXT(script_log_of("fill"), "fill1:A+4=120@3");
    run_clear(&r);
    market_clear(&m);
}

static void test_an_instrument_may_have_its_own_latency_and_samples(void)
{
    static const int64_t samples[] = {HOURS(6), HOURS(30)};
    static const fel_instrument_latency own[] = {
        {.symbol = "A", .latency = {.kind = FEL_LATENCY_CONSTANT, .constant_ns = HOURS(30)}}};
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 2)});
    market m = five_days();
    fel_engine_config config = late_config(HOURS(6), 1);
    config.instrument_latencies = own;
    config.n_instrument_latencies = 1;
    run r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_TEXT(script_log_of("fill"), "fill1:A+2=120@3");
    run_clear(&r);
    config.n_instrument_latencies = 0;
    config.latency.kind = FEL_LATENCY_SAMPLED;
    config.latency.samples_ns = samples;
    config.latency.n_samples = 2;
    int n_short = 0;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        config.latency_seed = seed;
        r = run_market(&m, &config, &script_strategy, NULL);
        const int is_short = strcmp(script_log_of("fill"), "fill1:A+2=90@2") == 0;
        CHECK(is_short || strcmp(script_log_of("fill"), "fill1:A+2=120@3") == 0);
        n_short += is_short;
        run_clear(&r);
    }
    CHECK(n_short > 65 && n_short < 135); /* five deviations of a fair coin */
    market_clear(&m);
}

static void check_refused(const fel_engine_config *config, fel_status status, const char *text)
{
    market m = five_days();
    fel_engine *e = NULL;
    CHECK_INT(fel_engine_create(&e, config, m.sources, m.n, &script_strategy, NULL), status);
    CHECK_HAS(fel_last_error()->message, text);
    fel_engine_destroy(e);
    market_clear(&m);
}

static void test_contradictions_are_refused(void)
{
    static const int64_t negative[] = {1, -1};
    fel_engine_config config = late_config(1, 1);
    config.fill = FEL_FILL_SAME_CLOSE;
    check_refused(&config, FEL_ERR_ARG, "fill same_close contradicts a latency");
    config = late_config(-1, 1);
    check_refused(&config, FEL_ERR_ARG, "a latency is none");
    config.latency.kind = FEL_LATENCY_SAMPLED;
    config.latency.constant_ns = 0;
    check_refused(&config, FEL_ERR_ARG, "at least one value");
    config.latency.samples_ns = negative;
    config.latency.n_samples = 2;
    check_refused(&config, FEL_ERR_RANGE, "latency 2 is -1 ns");
}

SUITE("engine/latency", TEST(test_a_market_order_takes_the_first_open_after_its_arrival),
      TEST(test_a_limit_does_not_fill_inside_the_bar_that_it_arrives_in),
      TEST(test_a_cancel_may_come_too_late), TEST(test_a_replace_is_one_message),
      TEST(test_targets_replace_one_another_at_the_venue),
      TEST(test_an_order_on_its_way_follows_a_split),
      TEST(test_an_instrument_may_have_its_own_latency_and_samples),
      TEST(test_contradictions_are_refused));
