/* tests/unit/engine/test_risk_limits.c - what each limit rejects, and what passes it. */
#include <math.h>

#include "tests/unit/engine/engine_fixture.h"

#define STEP(at_, instrument_, ...)                                                                \
    {                                                                                              \
        .event = ON_BAR, .at = (at_), .instrument = (instrument_), .order = __VA_ARGS__            \
    }

/* Two instruments that stand at 100 for five days; equity stays 1,000,000. */
static void run_limits(const fel_risk_limits *limits, const char *expected)
{
    market m = {0};
    const double flat[] = {100, 100, 100, 100, 100};
    const fel_series_info a = bars_info("A", FEL_NS_PER_DAY), b = bars_info("B", FEL_NS_PER_DAY);
    market_add_flat_days(&m, &a, 0, flat, 5);
    market_add_flat_days(&m, &b, 0, flat, 5);
    fel_engine_config config = checked_config();
    config.risk = *limits;
    run r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_TEXT(script_log_of("order"), expected);
    check_orders_ended(r.result);
    run_clear(&r);
    market_clear(&m);
}

/* The case of docs/engine.md. */
static void test_order_and_position_are_limited_unless_they_shrink(void)
{
    const fel_risk_limits limits = {.max_order = 0.4, .max_position = 0.6};
    SCRIPT(STEP(DAYS(1), 0, MARKET_ORDER(FEL_BUY, 4000)),
           STEP(DAYS(2), 0, MARKET_ORDER(FEL_BUY, 4001)),
           STEP(DAYS(2), 0, MARKET_ORDER(FEL_BUY, 2001)),
           STEP(DAYS(2), 0, MARKET_ORDER(FEL_BUY, 2000)),
           STEP(DAYS(3), 0, MARKET_ORDER(FEL_SELL, 12001)),
           STEP(DAYS(3), 0, MARKET_ORDER(FEL_SELL, 6000)));
    run_limits(&limits,
               "order1:live@1 order1:filled:filled@1 order2:live@2 order3:live@2 order4:live@2 "
               "order2:rejected:risk_order@2 order3:rejected:risk_position@2 "
               "order4:filled:filled@2 order5:live@3 order6:live@3 "
               "order5:rejected:risk_order@3 order6:filled:filled@3");
}

/* Long 3,000 of A (0.3); short 3,000 of B is net 0, gross 0.6; 1,000 more of B gross 0.7. */
static void test_gross_and_net_look_at_all_positions(void)
{
    const fel_risk_limits limits = {.max_gross = 0.6, .max_net = 0.3};
    SCRIPT(STEP(DAYS(1), 0, MARKET_ORDER(FEL_BUY, 3000)),
           STEP(DAYS(2), 1, MARKET_ORDER(FEL_BUY, 1)),
           STEP(DAYS(3), 1, MARKET_ORDER(FEL_SELL, 3000)),
           STEP(DAYS(4), 1, MARKET_ORDER(FEL_SELL, 1000)));
    run_limits(&limits, "order1:live@1 order1:filled:filled@1 order2:live@2 "
                        "order2:rejected:risk_net@2 order3:live@3 order3:filled:filled@3 "
                        "order4:live@4 order4:rejected:risk_gross@4");
}

/* Two an interval of two days, which begins at even days. */
static void test_orders_are_counted_by_interval(void)
{
    const fel_risk_limits limits = {.max_orders = 2, .interval_ns = DAYS(2)};
    SCRIPT(STEP(DAYS(2), 0, MARKET_ORDER(FEL_BUY, 1)), STEP(DAYS(2), 0, MARKET_ORDER(FEL_BUY, 0)),
           STEP(DAYS(3), 0, MARKET_ORDER(FEL_SELL, 1)), STEP(DAYS(3), 1, MARKET_ORDER(FEL_BUY, 1)),
           STEP(DAYS(4), 1, MARKET_ORDER(FEL_BUY, 1)));
    run_limits(&limits, "order1:live@2 order2:rejected:bad_order@2 order1:filled:filled@2 "
                        "order3:live@3 order4:rejected:risk_rate@3 order3:filled:filled@3 "
                        "order5:live@4 order5:filled:filled@4");
}

static void test_limits_that_are_none_are_refused(void)
{
    const fel_risk_limits bad[] = {
        {.max_gross = -1.0}, {.max_order = -0.1}, {.max_orders = 3}, {.max_net = (double)INFINITY}};
    market m = {0};
    const double flat[] = {100, 100};
    const fel_series_info a = bars_info("A", FEL_NS_PER_DAY);
    market_add_flat_days(&m, &a, 0, flat, 2);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        fel_engine *engine = NULL;
        fel_engine_config config = checked_config();
        config.risk = bad[i];
        CHECK_STATUS(fel_engine_create(&engine, &config, m.sources, m.n, &script_strategy, NULL),
                     FEL_ERR_RANGE);
    }
    market_clear(&m);
}

SUITE("engine/risk_limits", TEST(test_order_and_position_are_limited_unless_they_shrink),
      TEST(test_gross_and_net_look_at_all_positions), TEST(test_orders_are_counted_by_interval),
      TEST(test_limits_that_are_none_are_refused));
