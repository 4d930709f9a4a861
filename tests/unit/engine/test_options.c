/* tests/unit/engine/test_options.c - European options: premium, expiry, cash settlement. */
#include <stdio.h>

#include "tests/unit/engine/engine_fixture.h"

/* Underlying U (0) and option O (1); both have daily bars, the option's for n_option days. */
typedef struct option_case {
    fel_option_right right;
    double held, strike;
    int64_t expiry_ns;
    double settlement; /* of U */
    double intrinsic;
} option_case;

static const double spot[] = {100, 103, 107, 96, 98, 111};
static const double premium[] = {4.5, 5.25, 8, 2, 1.5, 0.25};

static market option_market(const option_case *c, size_t n_option)
{
    market m = {0};
    const fel_series_info u = bars_info("U", FEL_NS_PER_DAY);
    fel_series_info o = bars_info("O", FEL_NS_PER_DAY);
    o.instrument.kind = FEL_OPTION;
    o.instrument.right = c->right;
    o.instrument.strike = c->strike;
    o.instrument.expiry_ns = c->expiry_ns;
    o.instrument.underlying = 0;
    o.instrument.multiplier = 100.0;
    market_add_flat_days(&m, &u, 0, spot, 6);
    market_add_flat_days(&m, &o, 0, premium, n_option);
    return m;
}

static const option_case cases[] = {
    {FEL_CALL, 2, 101, DAYS(3), 107, 6},
    {FEL_CALL, -2, 101, DAYS(3), 107, 6},
    {FEL_CALL, 2, 107.5, DAYS(3), 107, 0},
    {FEL_PUT, 3, 101, DAYS(4), 96, 5},
    {FEL_PUT, -3, 101, DAYS(4), 96, 5},
    {FEL_PUT, 3, 95.5, DAYS(4), 96, 0},
    /* between two bars: the underlying's last price by then, the open at instant 4 days */
    {FEL_CALL, 2, 90, DAYS(4) + HOURS(3), 98, 8},
    {FEL_PUT, 2, 120, DAYS(6), 111, 9},
};

static void check_settlement(const option_case *c, size_t n_option)
{
    market m = option_market(c, n_option);
    fel_engine_config config = checked_config();
    config.fees[0] = cost_of("fixed", 1.5, 0.0);
    const script_step steps[] = {
        {.event = ON_BAR, .at = DAYS(1), .instrument = 1, .verb = POSITION, .amount = c->held},
        {.event = ON_BAR, .at = DAYS(1), .instrument = 1, .order = LIMIT_ORDER(FEL_BUY, 1, 0.01)},
        {.event = ON_EXPIRY, .at = c->expiry_ns, .instrument = 1, .verb = POSITION, .amount = 1}};
    script_use(steps, 3);
    run r = run_market(&m, &config, &script_strategy, NULL);
    const double paid = c->held * 5.25 * 100.0, received = c->held * c->intrinsic * 100.0;
    CHECK_NEAR(fel_money_value(r.result->final_cash), 1e6 - paid - 1.5 + received, 1e-9);
    CHECK_INT(r.result->n_fills, 2);
    const fel_fill_record *f = &r.result->fills[1];
    CHECK_INT(f->reason, FEL_REASON_OPTION_EXPIRY);
    CHECK_INT(f->time_ns, c->expiry_ns);
    CHECK_SAME(f->price, c->intrinsic);
    CHECK_SAME(fel_money_value(f->fee), 0.0);
    CHECK_INT(r.result->orders[1].reason, FEL_REASON_OPTION_EXPIRY);
    CHECK_INT(r.result->orders[2].reason, FEL_REASON_OPTION_EXPIRY);
    CHECK_INT(r.result->orders[2].state, FEL_ORDER_REJECTED);
    char expected[128];
    (void)snprintf(expected, sizeof(expected), "expiry:O=%g,%g@%g", c->settlement, received,
                   (double)c->expiry_ns / (double)FEL_NS_PER_DAY);
    CHECK_TEXT(script_log_of("expiry"), expected);
    check_orders_ended(r.result);
    check_waterfall(r.result);
    run_clear(&r);
    market_clear(&m);
}

static void test_an_option_settles_in_cash_at_its_expiry(void)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        check_settlement(&cases[i], 6);
    }
}

/* Its last price was on day 2: the position waits for the expiry and is marked at that price. */
static void test_an_option_without_prices_waits_for_its_expiry(void)
{
    for (size_t i = 3; i < 6; i++) {
        market m = option_market(&cases[i], 2);
        fel_engine_config config = checked_config();
        const script_step step = {.event = ON_BAR,
                                  .at = DAYS(1),
                                  .instrument = 1,
                                  .verb = POSITION,
                                  .amount = cases[i].held};
        script_use(&step, 1);
        run r = run_market(&m, &config, &script_strategy, NULL);
        CHECK_INT(r.result->n_fills, 2);
        CHECK_INT(r.result->fills[1].reason, FEL_REASON_OPTION_EXPIRY);
        CHECK_SAME(r.result->fills[1].price, cases[i].intrinsic);
        CHECK_SAME(r.result->equity[3].equity, 1e6); /* marked at 5.25, the last price */
        check_waterfall(r.result);
        run_clear(&r);
        market_clear(&m);
    }
}

static void test_an_option_beyond_the_data_is_held(void)
{
    const option_case c = {FEL_CALL, 2, 101, DAYS(40), 0, 0};
    for (int closes = 0; closes < 2; closes++) {
        market m = option_market(&c, 6);
        fel_engine_config config = checked_config();
        config.close_at_end = (uint8_t)closes;
        SCRIPT({.event = ON_BAR, .at = DAYS(1), .instrument = 1, .verb = POSITION, .amount = 2});
        run r = run_market(&m, &config, &script_strategy, NULL);
        CHECK_TEXT(script_log_of("expiry"), "");
        CHECK_SAME(r.result->positions[1].quantity, closes ? 0.0 : 2.0);
        CHECK_NEAR(fel_money_value(r.result->final_equity), 1e6 + 200 * (0.25 - 5.25), 1e-9);
        run_clear(&r);
        market_clear(&m);
    }
}

static void test_options_expire_in_order_of_their_instants(void)
{
    market m = {0};
    const fel_series_info u = bars_info("U", FEL_NS_PER_DAY);
    market_add_flat_days(&m, &u, 0, spot, 6);
    const int64_t expiries[] = {DAYS(4), DAYS(2), DAYS(4), DAYS(3) + 1};
    const char *const names[] = {"D", "B", "E", "C"};
    for (size_t i = 0; i < 4; i++) {
        fel_series_info o = bars_info(names[i], FEL_NS_PER_DAY);
        o.instrument.kind = FEL_OPTION;
        o.instrument.right = FEL_CALL;
        o.instrument.strike = 90.0;
        o.instrument.expiry_ns = expiries[i];
        market_add_flat_days(&m, &o, 0, premium, 6);
    }
    const fel_engine_config config = checked_config();
    script_use(NULL, 0);
    run r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_TEXT(script_log_of("expiry"),
               "expiry:B=103,0@2 expiry:C=96,0@3 expiry:D=96,0@4 expiry:E=96,0@4");
    run_clear(&r);
    market_clear(&m);
}

static void test_an_option_on_itself_or_on_nothing_is_refused(void)
{
    const option_case c = {FEL_CALL, 2, 101, DAYS(3), 0, 0};
    for (uint32_t underlying = 1; underlying < 3; underlying++) {
        market m = option_market(&c, 6);
        fel_series_info info = *m.sources[1].info;
        info.instrument.underlying = underlying;
        m.sources[1].info = &info;
        const fel_engine_config config = checked_config();
        fel_engine *engine = NULL;
        CHECK_STATUS(fel_engine_create(&engine, &config, m.sources, m.n, &script_strategy, NULL),
                     FEL_ERR_ARG);
        CHECK_HAS(fel_last_error()->message, "option O: underlying");
        CHECK(engine == NULL);
        market_clear(&m);
    }
}

SUITE("engine/options", TEST(test_an_option_settles_in_cash_at_its_expiry),
      TEST(test_an_option_without_prices_waits_for_its_expiry),
      TEST(test_an_option_beyond_the_data_is_held),
      TEST(test_options_expire_in_order_of_their_instants),
      TEST(test_an_option_on_itself_or_on_nothing_is_refused));
