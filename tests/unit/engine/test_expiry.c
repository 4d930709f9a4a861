/* tests/unit/engine/test_expiry.c - futures that expire, options that are exercised and assigned,
 * by delivery and for cash. */
#include <string.h>

#include "tests/unit/engine/engine_fixture.h"

/* U (0) and, on it, O (1): flat days. */
static const double spot[] = {100, 103, 107, 96, 98, 111};
static const double premium[] = {4.5, 5.25, 8, 2, 1.5, 0.25};

typedef struct terms {
    fel_option_right right;
    fel_exercise exercise;
    fel_delivery delivery;
    double strike;
    int expiry_day;
} terms;

static market option_market(const terms *t)
{
    market m = {0};
    const fel_series_info u = bars_info("U", FEL_NS_PER_DAY);
    fel_series_info o = bars_info("O", FEL_NS_PER_DAY);
    o.instrument.kind = FEL_OPTION;
    o.instrument.right = t->right;
    o.instrument.exercise = t->exercise;
    o.instrument.delivery = t->delivery;
    o.instrument.strike = t->strike;
    o.instrument.expiry_ns = DAYS(t->expiry_day);
    o.instrument.multiplier = 100.0;
    market_add_flat_days(&m, &u, 0, spot, 6);
    market_add_flat_days(&m, &o, 0, premium, 6);
    return m;
}

typedef struct outcome {
    double u, o;       /* held at the end */
    double cash;       /* moved by the last two fills */
    double u_price;    /* at which the underlying changed hands */
    fel_reason reason; /* of both */
} outcome;

static void check_delivery(const run *r, double premium_paid, const outcome *expected)
{
    CHECK_INT(r->result->n_fills, 3);
    const fel_fill_record *option = &r->result->fills[1], *stock = &r->result->fills[2];
    CHECK_INT(option->instrument, 1);
    CHECK_SAME(option->price, 0.0);
    CHECK_INT(stock->instrument, 0);
    CHECK_SAME(stock->price, expected->u_price);
    CHECK_INT(option->reason, expected->reason);
    CHECK_INT(stock->reason, expected->reason);
    CHECK_SAME(fel_money_value(option->fee) + fel_money_value(stock->fee), 0.0);
    CHECK_SAME(r->result->positions[0].quantity, expected->u);
    CHECK_SAME(r->result->positions[1].quantity, expected->o);
    CHECK_NEAR(fel_money_value(r->result->final_cash), 1e6 - 1.5 - premium_paid + expected->cash,
               1e-9);
    check_orders_ended(r->result);
    check_waterfall(r->result);
}

static fel_engine_config config_of_case(void)
{
    fel_engine_config config = checked_config();
    config.fees[0] = cost_of("fixed", 1.5, 0.0);
    return config;
}

/* Bought or written at the open of day 1, 5.25; delivered at the expiry. */
static void check_expiry(const terms *t, double held, const outcome *expected)
{
    market m = option_market(t);
    const fel_engine_config config = config_of_case();
    const script_step step = {
        .event = ON_BAR, .at = DAYS(1), .instrument = 1, .verb = POSITION, .amount = held};
    script_use(&step, 1);
    run r = run_market(&m, &config, &script_strategy, NULL);
    check_delivery(&r, held * 525.0, expected);
    run_clear(&r);
    market_clear(&m);
}

static void test_options_in_the_money_are_delivered_at_the_expiry(void)
{
    /* Calls at 101 with the underlying at 107: 200 shares at 101 for the holder of two. */
    const terms call = {FEL_CALL, FEL_EUROPEAN, FEL_DELIVER_PHYSICAL, 101.0, 3};
    const outcome exercised = {200.0, 0.0, -20200.0, 101.0, FEL_REASON_EXERCISE};
    const outcome assigned = {-200.0, 0.0, 20200.0, 101.0, FEL_REASON_ASSIGNMENT};
    check_expiry(&call, 2.0, &exercised);
    check_expiry(&call, -2.0, &assigned);
    /* Puts at 101 with the underlying at 96: whoever wrote three buys 300 shares at 101. */
    const terms put = {FEL_PUT, FEL_EUROPEAN, FEL_DELIVER_PHYSICAL, 101.0, 4};
    const outcome sold = {-300.0, 0.0, 30300.0, 101.0, FEL_REASON_EXERCISE};
    const outcome bought = {300.0, 0.0, -30300.0, 101.0, FEL_REASON_ASSIGNMENT};
    check_expiry(&put, 3.0, &sold);
    check_expiry(&put, -3.0, &bought);
}

static void test_out_of_the_money_nothing_is_delivered(void)
{
    const terms call = {FEL_CALL, FEL_EUROPEAN, FEL_DELIVER_PHYSICAL, 107.0, 3};
    market m = option_market(&call);
    const fel_engine_config config = config_of_case();
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .instrument = 1, .verb = POSITION, .amount = 2});
    run r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_INT(r.result->n_fills, 2);
    CHECK_INT(r.result->fills[1].reason, FEL_REASON_OPTION_EXPIRY);
    CHECK_SAME(r.result->positions[0].quantity, 0.0);
    check_waterfall(r.result);
    run_clear(&r);
    market_clear(&m);
}

/* ---- on request ------------------------------------------------------------------------------ */

#define EXERCISE(quantity_)                                                                        \
    {                                                                                              \
        .struct_size = sizeof(fel_order), .side = FEL_BUY, .type = FEL_ORDER_EXERCISE,             \
        .quantity = (quantity_), .instrument = 1                                                   \
    }

/* One of two, on day 3, where the underlying closes at 107. */
static run run_request(const terms *t, market *m, double quantity, double cash)
{
    fel_engine_config config = config_of_case();
    config.cash = cash;
    *m = option_market(t);
    const script_step steps[] = {
        {.event = ON_BAR, .at = DAYS(1), .instrument = 1, .verb = POSITION, .amount = 2},
        {.event = ON_BAR, .at = DAYS(3), .instrument = 1, .order = EXERCISE(quantity)}};
    script_use(steps, 2);
    return run_market(m, &config, &script_strategy, NULL);
}

static void test_an_american_option_is_exercised_when_its_holder_asks(void)
{
    const terms call = {FEL_CALL, FEL_AMERICAN, FEL_DELIVER_PHYSICAL, 101.0, 40};
    const outcome expected = {100.0, 1.0, -10100.0, 101.0, FEL_REASON_EXERCISE};
    market m;
    run r = run_request(&call, &m, 1.0, 1e6);
    check_delivery(&r, 1050.0, &expected);
    CHECK_INT(r.result->fills[2].time_ns, DAYS(3));
    CHECK_INT(r.result->orders[1].state, FEL_ORDER_FILLED);
    CHECK_SAME(r.result->orders[1].filled, 1.0);
    run_clear(&r);
    market_clear(&m);
    const terms cash = {FEL_CALL, FEL_AMERICAN, FEL_DELIVER_CASH, 101.0, 40};
    r = run_request(&cash, &m, 2.0, 1e6);
    CHECK_INT(r.result->n_fills, 2);
    CHECK_SAME(r.result->fills[1].price, 6.0);
    CHECK_NEAR(fel_money_value(r.result->final_equity), 1e6 - 1050.0 - 1.5 + 1200.0, 1e-9);
    check_waterfall(r.result);
    run_clear(&r);
    market_clear(&m);
}

static void refuse(const terms *t, double quantity, double cash, fel_reason reason)
{
    market m;
    run r = run_request(t, &m, quantity, cash);
    CHECK_INT(r.result->orders[1].state, FEL_ORDER_REJECTED);
    CHECK_INT(r.result->orders[1].reason, reason);
    CHECK_INT(r.result->n_fills, 1);
    run_clear(&r);
    market_clear(&m);
}

static void test_what_cannot_be_exercised_is_refused(void)
{
    const terms european = {FEL_CALL, FEL_EUROPEAN, FEL_DELIVER_CASH, 101.0, 40};
    const terms worthless = {FEL_CALL, FEL_AMERICAN, FEL_DELIVER_CASH, 107.0, 40};
    const terms call = {FEL_CALL, FEL_AMERICAN, FEL_DELIVER_PHYSICAL, 101.0, 40};
    refuse(&european, 1.0, 1e6, FEL_REASON_NOT_EXERCISABLE);
    refuse(&worthless, 1.0, 1e6, FEL_REASON_NOT_EXERCISABLE);
    refuse(&call, 3.0, 1e6, FEL_REASON_NOT_EXERCISABLE);
    refuse(&call, 2.0, 5000.0, FEL_REASON_NO_CASH);
}

/* ---- futures --------------------------------------------------------------------------------- */

/* Two contracts of 50 a point, bought at 103, settled at 96: a loss of 700. */
static void test_a_future_is_settled_at_its_last_price(void)
{
    market m = {0};
    fel_series_info info = bars_info("F", FEL_NS_PER_DAY);
    info.instrument.kind = FEL_FUTURE;
    info.instrument.multiplier = 50.0;
    info.instrument.expiry_ns = DAYS(4);
    market_add_flat_days(&m, &info, 0, spot, 6);
    const fel_engine_config config = config_of_case();
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .verb = POSITION, .amount = 2},
           {.event = ON_BAR, .at = DAYS(1), .order = LIMIT_ORDER(FEL_BUY, 1, 1.0)},
           {.event = ON_EXPIRY, .at = DAYS(4), .verb = POSITION, .amount = 1});
    run r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_INT(r.result->n_fills, 2);
    CHECK_INT(r.result->fills[1].reason, FEL_REASON_FUTURE_EXPIRY);
    CHECK_INT(r.result->fills[1].time_ns, DAYS(4));
    CHECK_SAME(r.result->fills[1].price, 96.0);
    CHECK_INT(r.result->orders[1].reason, FEL_REASON_FUTURE_EXPIRY);
    CHECK_INT(r.result->orders[2].reason, FEL_REASON_FUTURE_EXPIRY);
    CHECK_INT(r.result->orders[2].state, FEL_ORDER_REJECTED);
    CHECK_TEXT(script_log_of("expiry"), "expiry:F=96,0@4");
    CHECK_NEAR(fel_money_value(r.result->final_cash), 1e6 - 1.5 - 700.0, 1e-9);
    check_orders_ended(r.result);
    check_waterfall(r.result);
    run_clear(&r);
    market_clear(&m);
}

SUITE("engine/expiry", TEST(test_options_in_the_money_are_delivered_at_the_expiry),
      TEST(test_out_of_the_money_nothing_is_delivered),
      TEST(test_an_american_option_is_exercised_when_its_holder_asks),
      TEST(test_what_cannot_be_exercised_is_refused),
      TEST(test_a_future_is_settled_at_its_last_price));
