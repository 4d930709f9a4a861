/* tests/unit/engine/test_risk_stops.c - what ends trading: drawdown, a day's loss, the kill switch;
 * the cases of docs/risk.md. */
#include <math.h>

#include "tests/unit/engine/engine_fixture.h"

/* 5,000 units at 100 of 1,000,000: equity is 500,000 + 5,000 x price, a tenth less at 80. */
static const ohlc falling[] = {{100, 100, 100, 100}, {100, 100, 100, 100}, {90, 90, 80, 80},
                               {79, 80, 79, 80},     {90, 95, 90, 95},     {96, 97, 96, 97}};
enum { N_BARS = sizeof(falling) / sizeof(falling[0]) };

static run run_stops(market *m, const fel_risk_limits *limits)
{
    const fel_series_info a = bars_info("A", FEL_NS_PER_DAY);
    market_add_days(m, &a, 0, falling, N_BARS);
    fel_engine_config config = checked_config();
    config.risk = *limits;
    run r = run_market(m, &config, &script_strategy, NULL);
    check_orders_ended(r.result);
    check_waterfall(r.result);
    return r;
}

#define BUY_FIRST                                                                                  \
    {                                                                                              \
        .event = ON_BAR, .at = DAYS(1), .verb = SUBMIT, .order = MARKET_ORDER(FEL_BUY, 5000)       \
    }
#define AT(day_, ...)                                                                              \
    {                                                                                              \
        .event = ON_BAR, .at = DAYS(day_), .verb = SUBMIT, .order = __VA_ARGS__                    \
    }

/* Met at the close of 80, exactly; from then on nothing makes the position larger, a sale does. */
static void test_a_drawdown_blocks_what_grows(void)
{
    const fel_risk_limits limits = {.max_drawdown = 0.1};
    market m = {0};
    SCRIPT(BUY_FIRST, AT(2, LIMIT_ORDER(FEL_BUY, 10, 79.5)), AT(3, MARKET_ORDER(FEL_BUY, 1)),
           AT(4, MARKET_ORDER(FEL_SELL, 2000)), AT(5, MARKET_ORDER(FEL_BUY, 1)));
    run r = run_stops(&m, &limits);
    CHECK_TEXT(script_log_of("order"),
               "order1:live@1 order1:filled:filled@1 order2:live@2 order3:live@3 "
               "order2:rejected:risk_drawdown@3 order3:rejected:risk_drawdown@3 order4:live@4 "
               "order4:filled:filled@4 order5:live@5 order5:rejected:risk_drawdown@5");
    CHECK((r.result->flags & FEL_FLAG_HALTED) != 0);
    run_clear(&r);
    market_clear(&m);
}

/* The close of 80 ends all orders; what is held is sold at the next open, 79. */
static void test_a_drawdown_flattens(void)
{
    const fel_risk_limits limits = {.max_drawdown = 0.1, .on_drawdown = FEL_ON_DRAWDOWN_FLATTEN};
    market m = {0};
    SCRIPT(BUY_FIRST, AT(2, LIMIT_ORDER(FEL_BUY, 10, 50)),
           {.event = ON_BAR, .at = DAYS(4), .verb = POSITION, .amount = 100});
    run r = run_stops(&m, &limits);
    CHECK_TEXT(script_log_of("order"),
               "order1:live@1 order1:filled:filled@1 order2:live@2 "
               "order2:cancelled:risk_drawdown@3 order3:live@3 order3:filled:filled@3 "
               "order4:rejected:risk_drawdown@4");
    CHECK_TEXT(script_log_of("fill"), "fill1:A+5000=100@1 fill3:A-5000=79@3");
    CHECK_INT(r.result->fills[1].reason, FEL_REASON_RISK_DRAWDOWN);
    CHECK_INT(r.result->orders[2].reason, FEL_REASON_FILLED);
    CHECK_SAME(fel_money_value(r.result->final_equity), 895000.0);
    run_clear(&r);
    market_clear(&m);
}

/* Bar 3's day begins with 1,000,000, and its open, 90, has lost 5 %: no order until the day's end,
 * and a sale at the next open, 79. The day after begins with what its close of 80 has left. */
static void test_a_day_s_loss_ends_the_day(void)
{
    const fel_risk_limits limits = {.max_day_loss = 0.05, .on_drawdown = FEL_ON_DRAWDOWN_FLATTEN};
    market m = {0};
    SCRIPT(BUY_FIRST, AT(3, MARKET_ORDER(FEL_BUY, 7)), AT(4, MARKET_ORDER(FEL_BUY, 8)));
    run r = run_stops(&m, &limits);
    CHECK_TEXT(script_log_of("order"),
               "order1:live@1 order1:filled:filled@1 order2:live@2 order3:rejected:risk_day_loss@3 "
               "order2:filled:filled@3 order4:live@4 order4:filled:filled@4");
    CHECK_TEXT(script_log_of("fill"), "fill1:A+5000=100@1 fill2:A-5000=79@3 fill4:A+8=90@4");
    CHECK_INT(r.result->fills[1].reason, FEL_REASON_RISK_DAY_LOSS);
    run_clear(&r);
    market_clear(&m);
}

static void test_the_strategy_pulls_the_kill_switch(void)
{
    const fel_risk_limits none = {.max_gross = 0.0};
    market m = {0};
    SCRIPT(BUY_FIRST, AT(2, LIMIT_ORDER(FEL_SELL, 5000, 150)),
           {.event = ON_BAR, .at = DAYS(3), .verb = HALT, .amount = 1},
           AT(3, MARKET_ORDER(FEL_SELL, 1)), AT(5, MARKET_ORDER(FEL_BUY, 1)));
    run r = run_stops(&m, &none);
    CHECK_TEXT(script_log_of("order"),
               "order1:live@1 order1:filled:filled@1 order2:live@2 order2:cancelled:killed@3 "
               "order3:live@3 order4:rejected:killed@3 order3:filled:filled@3 "
               "order5:rejected:killed@5");
    CHECK_INT(r.result->fills[1].reason, FEL_REASON_KILLED);
    CHECK_SAME(r.result->positions[0].quantity, 0.0);
    run_clear(&r);
    market_clear(&m);
}

static void test_a_halt_may_leave_positions(void)
{
    const fel_risk_limits none = {.max_gross = 0.0};
    market m = {0};
    SCRIPT(BUY_FIRST, {.event = ON_BAR, .at = DAYS(3), .verb = HALT},
           AT(4, MARKET_ORDER(FEL_SELL, 5000)));
    run r = run_stops(&m, &none);
    CHECK_TEXT(script_log_of("order"),
               "order1:live@1 order1:filled:filled@1 order2:rejected:killed@4");
    CHECK_SAME(r.result->positions[0].quantity, 5000.0);
    run_clear(&r);
    market_clear(&m);
}

/* A flag that somebody sets while the run is at its fourth bar. */
static volatile int flag;

static fel_status raise_flag(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    (void)state;
    flag = bar->close_time_ns == DAYS(4) ? 2 : flag;
    return bar->close_time_ns == DAYS(1) ? fel_order_to_position(ctx, 0, 5000.0) : FEL_OK;
}

static const fel_strategy flagger = {
    .struct_size = sizeof(fel_strategy), .name = "flagger", .state_size = 1, .on_bar = raise_flag};

static void test_a_flag_kills_from_outside(void)
{
    market m = {0};
    const fel_series_info a = bars_info("A", FEL_NS_PER_DAY);
    market_add_days(&m, &a, 0, falling, N_BARS);
    fel_engine_config config = checked_config();
    config.self_check = 0;
    config.halt_flag = &flag;
    flag = 0;
    run r = run_market(&m, &config, &flagger, NULL);
    CHECK_INT(r.result->n_fills, 2);
    CHECK_SAME(r.result->fills[1].price, 90.0);
    CHECK_INT(r.result->fills[1].reason, FEL_REASON_KILLED);
    run_clear(&r);
    market_clear(&m);
}

static void test_losses_that_are_none_are_refused(void)
{
    const fel_risk_limits bad[] = {{.max_drawdown = 1.5}, {.max_day_loss = -0.1}};
    market m = {0};
    const fel_series_info a = bars_info("A", FEL_NS_PER_DAY);
    market_add_days(&m, &a, 0, falling, N_BARS);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        fel_engine *engine = NULL;
        fel_engine_config config = checked_config();
        config.risk = bad[i];
        CHECK_STATUS(fel_engine_create(&engine, &config, m.sources, m.n, &script_strategy, NULL),
                     FEL_ERR_RANGE);
    }
    market_clear(&m);
}

SUITE("engine/risk_stops", TEST(test_a_drawdown_blocks_what_grows), TEST(test_a_drawdown_flattens),
      TEST(test_a_day_s_loss_ends_the_day), TEST(test_the_strategy_pulls_the_kill_switch),
      TEST(test_a_halt_may_leave_positions), TEST(test_a_flag_kills_from_outside),
      TEST(test_losses_that_are_none_are_refused));
