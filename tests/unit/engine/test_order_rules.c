/* tests/unit/engine/test_order_rules.c - rules that other simulators have: cash looked at on
 * submission, slippage that stays in the bar, spreads at entries, shares of the free money; and the
 * log of every change of every order. */
#include <stdio.h>

#include "tests/unit/engine/engine_fixture.h"

static const ohlc bars[] = {
    {100, 100, 100, 100}, {98, 101, 97, 100}, {102, 102, 100, 101}, {101, 104, 100, 104}};

static run run_rules(market *m, const fel_engine_config *config, double lot)
{
    fel_series_info info = bars_info("A", FEL_NS_PER_DAY);
    info.instrument.lot = lot;
    market_add_days(m, &info, 0, bars, sizeof(bars) / sizeof(bars[0]));
    run r = run_market(m, config, &script_strategy, NULL);
    check_orders_ended(r.result);
    check_waterfall(r.result);
    return r;
}

#define AT(day_, ...)                                                                              \
    {                                                                                              \
        .event = ON_BAR, .at = DAYS(day_), .verb = SUBMIT, .order = __VA_ARGS__                    \
    }

/* 990 of cash do not pay for 10 at 100, though they would at the open of 98; nor for a limit at
 * 99.5; 9.9 at 100 they do. */
static void test_cash_at_submission(void)
{
    market m = {0};
    SCRIPT(AT(1, MARKET_ORDER(FEL_BUY, 10)), AT(1, LIMIT_ORDER(FEL_BUY, 10, 99.5)),
           AT(1, MARKET_ORDER(FEL_BUY, 9.9)), AT(1, MARKET_ORDER(FEL_SELL, 100)));
    fel_engine_config config = checked_config();
    config.cash = 990.0;
    config.cash_short = FEL_CASH_REJECT;
    config.cash_check = FEL_CASH_AT_SUBMISSION;
    run r = run_rules(&m, &config, 0.0);
    CHECK_TEXT(script_log_of("order"),
               "order1:rejected:no_cash@1 order2:rejected:no_cash@1 order3:live@1 order4:live@1 "
               "order4:filled:filled@1 order3:filled:filled@1");
    run_clear(&r);
    market_clear(&m);
}

static void test_cash_at_submission_goes_with_reject_only(void)
{
    market m = {0};
    fel_series_info info = bars_info("A", FEL_NS_PER_DAY);
    market_add_days(&m, &info, 0, bars, 2);
    fel_engine *engine = NULL;
    fel_engine_config config = checked_config();
    config.cash_check = FEL_CASH_AT_SUBMISSION;
    CHECK_STATUS(fel_engine_create(&engine, &config, m.sources, m.n, &script_strategy, NULL),
                 FEL_ERR_ARG);
    market_clear(&m);
}

/* 2 % of 98 are 1.96, in the bar's range; of 102 they are 2.04, and 102 is the bar's high. */
static void test_slippage_stays_in_the_bar(void)
{
    market m = {0};
    SCRIPT(AT(1, MARKET_ORDER(FEL_BUY, 10)), AT(2, MARKET_ORDER(FEL_BUY, 10)),
           AT(2, MARKET_ORDER(FEL_SELL, 10)));
    fel_engine_config config = checked_config();
    config.slip_range = FEL_SLIP_IN_BAR;
    config.slippage[0] = cost_of("bps", 200.0, 0.0);
    run r = run_rules(&m, &config, 0.0);
    CHECK_INT(r.result->n_fills, 3);
    CHECK_REL(r.result->fills[0].price, 99.96, 1e-15);
    CHECK_SAME(r.result->fills[1].price, 100.0); /* the sale goes first: 99.96 is below the low */
    CHECK_SAME(r.result->fills[2].price, 102.0);
    run_clear(&r);
    market_clear(&m);
}

static void test_spread_where_a_position_grows(void)
{
    market m = {0};
    SCRIPT(AT(1, MARKET_ORDER(FEL_BUY, 10)), AT(2, MARKET_ORDER(FEL_SELL, 10)),
           AT(3, MARKET_ORDER(FEL_SELL, 10)));
    fel_engine_config config = checked_config();
    config.slippage[0] = cost_of("entry", 100.0, 0.0);
    run r = run_rules(&m, &config, 0.0);
    CHECK_REL(r.result->fills[0].price, 98.98, 1e-15);
    CHECK_SAME(r.result->fills[1].price, 102.0);
    CHECK_REL(r.result->fills[2].price, 99.99, 1e-15);
    run_clear(&r);
    market_clear(&m);
}

/* Half of 10,000 at 98 + 1 %: 50 units of 98.98. Then half of the 5,051 that are left at 102 + 1 %:
 * 24; at 101 + 1 % a sale of all that is free, 2,578.52, on top. */
static void test_a_share_of_what_is_free(void)
{
    market m = {0};
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .verb = SPEND, .amount = 0.5},
           {.event = ON_BAR, .at = DAYS(2), .verb = SPEND, .amount = 0.5},
           {.event = ON_BAR, .at = DAYS(3), .verb = SPEND, .amount = -1.0});
    fel_engine_config config = checked_config();
    config.cash = 10000.0;
    config.fees[0] = cost_of("percent", 100.0, 0.0);
    run r = run_rules(&m, &config, 1.0);
    CHECK_TEXT(script_log_of("fill"), "fill1:A+50=98@1 fill2:A+24=102@2 fill3:A-25=101@3");
    CHECK_INT(r.result->orders[0].target_kind, FEL_TARGET_SPEND);
    run_clear(&r);
    market_clear(&m);
}

/* ---- the log -----------------------------------------------------------------------------------
 */

static void check_log(const fel_result *r, const char *expected)
{
    char text[1000] = "";
    size_t used = 0;
    for (size_t i = 0; i < r->n_order_events; i++) {
        const fel_order_event *event = &r->order_events[i];
        const int is_over = event->state >= FEL_ORDER_FILLED;
        used += (size_t)snprintf(
            text + used, sizeof(text) - used, "%s%u %s %g of %g on %g", i > 0 ? ", " : "",
            (unsigned)event->order_id,
            is_over ? fel_reason_name(event->reason) : fel_order_state_name(event->state),
            event->filled, event->quantity, (double)event->time_ns / (double)FEL_NS_PER_DAY);
    }
    CHECK_TEXT(text, expected);
}

/* The case of docs/engine.md: an entry of which the volume leaves 200 to the open of day 2, a leg
 * that goes live for them; a limit that is replaced. */
static void test_the_log_has_every_change(void)
{
    market m = {0};
    SCRIPT(AT(2, MARKET_ORDER(FEL_BUY, 350)),
           AT(2, {.struct_size = sizeof(fel_order),
                  .side = FEL_SELL,
                  .type = FEL_ORDER_LIMIT,
                  .quantity = 350,
                  .limit_price = 103.5,
                  .parent_id = 1}),
           AT(2, LIMIT_ORDER(FEL_BUY, 1, 50)),
           {.event = ON_BAR,
            .at = DAYS(3),
            .verb = REPLACE,
            .order_id = 3,
            .order = LIMIT_ORDER(FEL_BUY, 1, 51)});
    fel_engine_config config = checked_config();
    config.volume_limit = 0.1;
    config.record_order_events = 1;
    run r = run_rules(&m, &config, 0.0);
    check_log(r.result, "1 pending 0 of 350 on 2, 2 pending 0 of 350 on 2, 3 pending 0 of 1 on 2, "
                        "1 live 0 of 350 on 2, 3 live 0 of 1 on 2, 1 live 200 of 350 on 2, "
                        "2 live 0 of 350 on 2, 3 replaced 0 of 1 on 3, 4 pending 0 of 1 on 3, "
                        "4 live 0 of 1 on 3, 1 filled 350 of 350 on 3, 2 live 250 of 350 on 4, "
                        "2 end_of_run 250 of 350 on 4, 4 end_of_run 0 of 1 on 4");
    CHECK_INT(r.result->orders[1].parent_id, 1);
    run_clear(&r);
    market_clear(&m);
}

static void test_no_log_is_kept_unless_asked_for(void)
{
    market m = {0};
    SCRIPT(AT(1, MARKET_ORDER(FEL_BUY, 1)));
    const fel_engine_config config = checked_config();
    run r = run_rules(&m, &config, 0.0);
    CHECK_INT(r.result->n_order_events, 0);
    run_clear(&r);
    market_clear(&m);
}

SUITE("engine/order_rules", TEST(test_cash_at_submission),
      TEST(test_cash_at_submission_goes_with_reject_only), TEST(test_slippage_stays_in_the_bar),
      TEST(test_spread_where_a_position_grows), TEST(test_a_share_of_what_is_free),
      TEST(test_the_log_has_every_change), TEST(test_no_log_is_kept_unless_asked_for));
