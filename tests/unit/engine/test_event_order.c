/* tests/unit/engine/test_event_order.c - what is called at one instant, and in which order. */
#include "tests/unit/engine/engine_fixture.h"

/* Two instruments close at day 1 and open again at once; a signal, a dividend and both closes share
 * the instant. */
static void test_one_instant_is_signals_closes_slice_orders_actions_opens(void)
{
    market m = {0};
    const fel_series_info a = bars_info("A", FEL_NS_PER_DAY), b = bars_info("B", FEL_NS_PER_DAY);
    const double prices[] = {2.385, 2.41};
    const int64_t at = DAYS(1);
    const double signal = 0.25;
    market_add_action(&m, "A", at, FEL_DIVIDEND, 0.125);
    market_add_flat_days(&m, &b, 0, prices, 2);
    market_add_flat_days(&m, &a, 0, prices, 2);
    market_add_signals(&m, "A", "s", &at, &signal, 1);
    SCRIPT({.event = ON_SIGNAL, .at = DAYS(1), .instrument = 1, .verb = POSITION, .amount = 3},
           {.event = ON_SLICE, .at = DAYS(1), .instrument = 0, .verb = POSITION, .amount = 2});
    const fel_engine_config config = checked_config();
    run r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_TEXT(script_log(),
               "signal:A0=0.25@1 bar:B@1 bar:A@1 slice:2@1 order1:live@1 order2:live@1 "
               "action:A2=0.125@1 order2:filled:filled@1 fill2:B+2=2.41@1 order1:filled:filled@1 "
               "fill1:A+3=2.41@1 bar:B@2 bar:A@2 slice:2@2 stop@2");
    CHECK_INT(r.result->n_events, 2 * 4 + 2);
    run_clear(&r);
    market_clear(&m);
}

SUITE("engine/event_order", TEST(test_one_instant_is_signals_closes_slice_orders_actions_opens));
