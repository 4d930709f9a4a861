/* tests/unit/engine/test_endings.c - series that end before the run, the end of the run, ruin,
 * interruption. */
#include "tests/unit/engine/engine_fixture.h"

/* X has three days, Y six. */
static market uneven(void)
{
    static const double x[] = {20, 21, 22}, y[] = {50, 51, 52, 53, 54, 55};
    market m = {0};
    const fel_series_info xs = bars_info("X", FEL_NS_PER_DAY), ys = bars_info("Y", FEL_NS_PER_DAY);
    market_add_flat_days(&m, &xs, 0, x, 3);
    market_add_flat_days(&m, &ys, 0, y, 6);
    return m;
}

static run run_uneven(market *m, const fel_engine_config *config)
{
    *m = uneven();
    run r = run_market(m, config, &script_strategy, NULL);
    if (r.result != NULL) {
        check_orders_ended(r.result);
        check_waterfall(r.result);
    }
    return r;
}

#define BUY_BOTH                                                                                   \
    {.event = ON_BAR, .at = DAYS(1), .instrument = 0, .verb = POSITION, .amount = 3},              \
    {                                                                                              \
        .event = ON_BAR, .at = DAYS(1), .instrument = 1, .verb = POSITION, .amount = -2            \
    }

static void test_a_series_that_ends_is_closed_at_its_last_price(void)
{
    market m;
    fel_engine_config config = checked_config();
    config.fees[0] = cost_of("percent", 100.0, 0.0);
    SCRIPT(BUY_BOTH,
           {.event = ON_BAR, .at = DAYS(3), .instrument = 0, .order = LIMIT_ORDER(FEL_BUY, 1, 5)});
    run r = run_uneven(&m, &config);
    const fel_fill_record *f = &r.result->fills[2];
    CHECK_INT(f->reason, FEL_REASON_END_OF_DATA);
    CHECK_INT(f->order_id, 0);
    CHECK_INT(f->time_ns, DAYS(4));
    CHECK_INT(f->bar_index, 2);
    CHECK_SAME(f->price, 22.0);
    CHECK_NEAR(fel_money_value(f->fee), 0.66, 1e-15);
    CHECK_SAME(r.result->positions[0].quantity, 0.0);
    CHECK_SAME(r.result->positions[1].quantity, -2.0);
    CHECK_TEXT(script_log_of("order3"), "order3:live@3 order3:expired:end_of_data@4");
    run_clear(&r);
    market_clear(&m);
}

static void test_orders_for_a_series_that_has_ended_are_rejected(void)
{
    market m;
    const fel_engine_config config = checked_config();
    SCRIPT(
        {.event = ON_SLICE, .at = DAYS(5), .instrument = 0, .verb = POSITION, .amount = 1},
        {.event = ON_SLICE, .at = DAYS(5), .instrument = 0, .order = LIMIT_ORDER(FEL_BUY, 1, 5)});
    run r = run_uneven(&m, &config);
    CHECK_TEXT(script_log_of("order"),
               "order1:rejected:end_of_data@5 order2:rejected:end_of_data@5");
    run_clear(&r);
    market_clear(&m);
}

static void test_a_series_that_ends_may_be_held(void)
{
    for (int closes = 0; closes < 2; closes++) {
        market m;
        fel_engine_config config = checked_config();
        config.end_of_data = FEL_END_HOLD;
        config.close_at_end = (uint8_t)closes;
        SCRIPT(BUY_BOTH);
        run r = run_uneven(&m, &config);
        CHECK_INT(r.result->n_fills, closes ? 4 : 2);
        CHECK_SAME(r.result->positions[0].quantity, closes ? 0.0 : 3.0);
        CHECK_SAME(r.result->positions[1].quantity, closes ? 0.0 : -2.0);
        CHECK_SAME(fel_money_value(r.result->final_equity), 1e6 + 3.0 - 2.0 * 4.0);
        run_clear(&r);
        market_clear(&m);
    }
}

static void test_closing_at_the_end_charges_what_a_trade_costs(void)
{
    market m;
    fel_engine_config config = checked_config();
    config.close_at_end = 1;
    config.fees[0] = cost_of("percent", 100.0, 0.0);
    config.slippage[0] = cost_of("bps", 100.0, 0.0);
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .instrument = 1, .verb = POSITION, .amount = 2});
    run r = run_uneven(&m, &config);
    const fel_fill_record *f = &r.result->fills[1];
    CHECK_INT(f->reason, FEL_REASON_END_OF_DATA);
    CHECK_INT(f->time_ns, DAYS(6));
    CHECK_INT(f->bar_index, 5);
    CHECK_SAME(f->reference_price, 55.0);
    CHECK_NEAR(f->price, 54.45, 1e-14);
    CHECK_NEAR(fel_money_value(f->fee), 1.089, 1e-15);
    CHECK_NEAR(fel_money_value(r.result->final_equity), 1e6 + 2 * 54.45 * 0.99 - 2 * 51.51 * 1.01,
               1e-9);
    CHECK_SAME(fel_money_value(r.result->final_equity), fel_money_value(r.result->final_cash));
    const fel_equity_point *last = &r.result->equity[r.result->n_equity - 1];
    CHECK_SAME(last->equity, fel_money_value(r.result->final_equity));
    run_clear(&r);
    market_clear(&m);
}

/* A strategy that puts every order that ends in again does not keep the run from ending. */
static fel_status submit_again(void *state, fel_ctx *ctx, const fel_order_update *update)
{
    (void)state;
    fel_order order = fel_order_default(update->instrument, FEL_BUY, 1.0);
    order.type = FEL_ORDER_LIMIT;
    order.limit_price = 1.0;
    const int is_over = update->state == FEL_ORDER_EXPIRED || update->state == FEL_ORDER_CANCELLED;
    return is_over ? fel_submit(ctx, &order, NULL) : FEL_OK;
}

static fel_status submit_first(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    (void)state;
    fel_order order = fel_order_default(bar->instrument, FEL_BUY, 1.0);
    order.type = FEL_ORDER_LIMIT;
    order.limit_price = 1.0;
    return bar->close_time_ns == DAYS(1) ? fel_submit(ctx, &order, NULL) : FEL_OK;
}

static void test_orders_put_in_again_and_again_end(void)
{
    const fel_strategy stubborn = {.struct_size = sizeof(fel_strategy),
                                   .name = "stubborn",
                                   .on_bar = submit_first,
                                   .on_order = submit_again};
    market m = uneven();
    const fel_engine_config config = checked_config();
    run r = run_market(&m, &config, &stubborn, NULL);
    CHECK_INT(r.result->n_orders, 3);
    CHECK_INT(r.result->orders[0].reason, FEL_REASON_END_OF_DATA);
    CHECK_INT(r.result->orders[1].reason, FEL_REASON_END_OF_RUN);
    CHECK_INT(r.result->orders[2].reason, FEL_REASON_END_OF_DATA);
    CHECK_INT(r.result->orders[2].state, FEL_ORDER_REJECTED);
    run_clear(&r);
    market_clear(&m);
}

/* ---- ruin ---------------------------------------------------------------------------------------
 */

typedef struct ruin_case {
    double amount, cash;
    ohlc bars[4];
    double equity; /* left */
    double price;  /* of the liquidation */
    int64_t at_ns;
} ruin_case;

static void test_equity_that_is_gone_ends_the_run(void)
{
    static const ruin_case cases[] = {
        /* a short that doubles: at the close */
        {-10,
         1000,
         {{100, 100, 100, 100}, {100, 100, 100, 100}, {110, 250, 110, 210}, {1, 1, 1, 1}},
         -100,
         210,
         DAYS(3)},
        /* the same at an open */
        {-10,
         1000,
         {{100, 100, 100, 100}, {100, 100, 100, 100}, {200, 210, 90, 100}, {1, 1, 1, 1}},
         0,
         200,
         DAYS(2)},
        /* paid for in full, and the price falls below zero at a close */
        {10,
         1000,
         {{100, 100, 100, 100}, {100, 100, 100, 100}, {80, 80, -5, -2.5}, {9, 9, 9, 9}},
         -25,
         -2.5,
         DAYS(3)},
        /* at a close before an open of the same instant that would have saved it */
        {-10,
         1000,
         {{100, 100, 100, 100}, {100, 100, 100, 100}, {110, 250, 110, 230}, {50, 50, 50, 50}},
         -300,
         230,
         DAYS(3)},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (int is_quiet = 0; is_quiet < 2; is_quiet++) {
            market m = {0};
            const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
            market_add_days(&m, &info, 0, cases[i].bars, 4);
            fel_engine_config config = fel_engine_config_default();
            config.self_check = (uint8_t)!is_quiet;
            config.record = is_quiet ? FEL_RECORD_NONE : FEL_RECORD_DAILY;
            config.cash = cases[i].cash;
            const script_step steps[] = {
                {.event = ON_BAR, .at = DAYS(1), .verb = POSITION, .amount = cases[i].amount},
                {.event = ON_BAR, .at = DAYS(2), .order = STOP_ORDER(FEL_BUY, 1, 1000)}};
            script_use(steps, 2);
            run r = run_market(&m, &config, &script_strategy, NULL);
            CHECK_INT(r.result->flags & FEL_FLAG_RUINED, FEL_FLAG_RUINED);
            CHECK_NEAR(fel_money_value(r.result->final_equity), cases[i].equity, 1e-12);
            CHECK_SAME(fel_money_value(r.result->final_cash), cases[i].equity);
            CHECK_INT(r.result->last_ns, cases[i].at_ns);
            const fel_fill_record *f = &r.result->fills[r.result->n_fills - 1];
            CHECK_INT(f->reason, FEL_REASON_LIQUIDATION);
            CHECK_SAME(f->price, cases[i].price);
            CHECK_INT(f->bar_index, 2);
            CHECK_INT(r.result->orders[1].reason, FEL_REASON_LIQUIDATION);
            check_orders_ended(r.result);
            check_waterfall(r.result);
            run_clear(&r);
            market_clear(&m);
        }
    }
}

/* ---- interruption
 * -------------------------------------------------------------------------------- */

static volatile int stop;

static fel_status stop_late(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    uint64_t *n = state;
    stop = ++*n >= 20000;
    const fel_order order = {.struct_size = sizeof(fel_order),
                             .instrument = bar->instrument,
                             .side = FEL_BUY,
                             .type = FEL_ORDER_LIMIT,
                             .quantity = 1.0,
                             .limit_price = 1.0};
    return *n == 1 ? fel_submit(ctx, &order, NULL) : FEL_OK;
}

static uint64_t rows_seen;

static void see_progress(void *payload, uint64_t rows_done)
{
    int *calls = payload;
    CHECK(rows_done >= rows_seen);
    rows_seen = rows_done;
    ++*calls;
}

static void test_an_interrupted_run_is_whole_and_says_so(void)
{
    enum { N = 100000 };
    static int64_t times[N];
    static double rows[N][FEL_BAR_COLUMNS];
    for (int i = 0; i < N; i++) {
        times[i] = MINUTES(i + 1);
        for (int c = 0; c < FEL_BAR_COLUMNS; c++) {
            rows[i][c] = 50.25;
        }
    }
    const fel_strategy strategy = {.struct_size = sizeof(fel_strategy),
                                   .name = "stop",
                                   .state_size = sizeof(uint64_t),
                                   .on_bar = stop_late};
    market m = {0};
    const fel_series_info info = bars_info("X", FEL_NS_PER_MINUTE);
    market_add(&m, &info, times, NULL, &rows[0][0], N);
    fel_engine_config config = fel_engine_config_default();
    int calls = 0;
    rows_seen = 0;
    config.stop_flag = &stop;
    config.progress = see_progress;
    config.progress_payload = &calls;
    config.close_at_end = 1;
    stop = 0;
    run r = run_market(&m, &config, &strategy, NULL);
    CHECK_INT(r.result->flags & FEL_FLAG_STOPPED, FEL_FLAG_STOPPED);
    CHECK(r.result->n_bars >= 20000 && r.result->n_bars < 60000);
    CHECK_INT(r.result->orders[0].reason, FEL_REASON_STOPPED);
    CHECK(calls >= 2);
    CHECK_INT(rows_seen, r.result->n_bars);
    check_orders_ended(r.result);
    run_clear(&r);
    market_clear(&m);
}

SUITE("engine/endings", TEST(test_a_series_that_ends_is_closed_at_its_last_price),
      TEST(test_orders_for_a_series_that_has_ended_are_rejected),
      TEST(test_a_series_that_ends_may_be_held),
      TEST(test_closing_at_the_end_charges_what_a_trade_costs),
      TEST(test_orders_put_in_again_and_again_end), TEST(test_equity_that_is_gone_ends_the_run),
      TEST(test_an_interrupted_run_is_whole_and_says_so));
