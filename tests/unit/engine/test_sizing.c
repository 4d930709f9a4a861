/* tests/unit/engine/test_sizing.c - how many units: targets at fill and at decision, lots, cash
 * that is short, no short selling, prices off the grid. */
#include <math.h>

#include "tests/unit/engine/engine_fixture.h"

/* Decide at the close of day 1, 100; fill at its successor's open, 104. */
static const ohlc two_days[] = {{98, 101, 97, 100}, {104, 106, 103, 105}, {105, 107, 104, 106}};

static run run_two_days(market *m, const fel_series_info *info, const fel_engine_config *config)
{
    m->n = 0;
    m->block_rows = 0;
    market_add_days(m, info, 0, two_days, 3);
    run r = run_market(m, config, &script_strategy, NULL);
    if (r.result != NULL) {
        check_orders_ended(r.result);
        check_waterfall(r.result);
    }
    return r;
}

static void test_all_equity_in_pays_its_fee_from_it(void)
{
    market m;
    const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
    fel_engine_config config = checked_config();
    config.cash = 238500.0;
    config.fees[0] = cost_of("percent", 12.5, 0.0);
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .verb = WEIGHT, .amount = 1});
    run r = run_two_days(&m, &info, &config);
    const double f = 0.00125;
    CHECK_REL(r.result->fills[0].quantity, 238500.0 / (104.0 * (1.0 + f)), 1e-14);
    CHECK_NEAR(fel_money_value(r.result->final_cash), 0.0, 1e-9);
    CHECK(r.result->final_cash.hi >= 0.0);
    run_clear(&r);
    market_clear(&m);
}

/* weight x (equity - costs) = value held, from flat, from a position, long and short. */
static void test_a_weight_is_held_after_costs(void)
{
    static const double weights[] = {0.3, 0.95, -0.7, -1.4, 0.0625};
    for (size_t i = 0; i < sizeof(weights) / sizeof(weights[0]); i++) {
        for (int held = -1; held <= 1; held++) {
            market m;
            const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
            fel_engine_config config = checked_config();
            config.cash = 100000.0;
            config.fees[0] = cost_of("percent", 40.0, 0.0);
            config.fees[1] = cost_of("fixed", 7.25, 0.0);
            config.slippage[0] = cost_of("bps", 15.0, 0.0);
            script_step steps[] = {
                {.event = ON_BAR, .at = DAYS(1), .verb = POSITION, .amount = 217.5 * held},
                {.event = ON_BAR, .at = DAYS(2), .verb = WEIGHT, .amount = weights[i]}};
            script_use(steps, 2);
            run r = run_two_days(&m, &info, &config);
            const fel_fill_record *f = &r.result->fills[r.result->n_fills - 1];
            const double equity = f->cash_after + f->position_after * f->reference_price;
            CHECK_REL(f->position_after * f->reference_price, weights[i] * equity, 1e-12);
            run_clear(&r);
            market_clear(&m);
        }
    }
}

static void test_sizing_at_the_decision_uses_its_price_and_equity(void)
{
    market m;
    const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
    fel_engine_config config = checked_config();
    config.cash = 100000.0;
    config.sizing = FEL_SIZE_AT_DECISION;
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .verb = WEIGHT, .amount = 0.5},
           {.event = ON_BAR, .at = DAYS(2), .verb = POSITION, .amount = 500});
    run r = run_two_days(&m, &info, &config);
    CHECK_SAME(r.result->fills[0].quantity, 500.0); /* half of 100,000 at 100, not at 104 */
    CHECK_SAME(r.result->fills[0].price, 104.0);
    CHECK_INT(r.result->n_orders, 1); /* 500 are held already */
    CHECK_INT(r.result->orders[0].target_kind, FEL_TARGET_WEIGHT);
    run_clear(&r);
    market_clear(&m);
}

/* With prices of Y only, a decision about X has no price to size by; at_fill waits for one. */
static void test_a_target_before_the_first_price(void)
{
    static const double prices[] = {100, 101, 102};
    for (int at_decision = 0; at_decision < 2; at_decision++) {
        market m = {0};
        const fel_series_info x = bars_info("X", FEL_NS_PER_DAY),
                              y = bars_info("Y", FEL_NS_PER_DAY);
        market_add_flat_days(&m, &y, 0, prices, 3);
        market_add_flat_days(&m, &x, 2, prices, 2);
        fel_engine_config config = checked_config();
        config.cash = 10000.0;
        config.sizing = at_decision ? FEL_SIZE_AT_DECISION : FEL_SIZE_AT_FILL;
        SCRIPT({.event = ON_BAR, .at = DAYS(1), .instrument = 0, .verb = POSITION, .amount = 0},
               {.event = ON_UPDATE, .at = 99},
               {.event = ON_SLICE, .at = DAYS(1), .instrument = 1, .verb = WEIGHT, .amount = 0.5});
        run r = run_market(&m, &config, &script_strategy, NULL);
        CHECK_TEXT(script_log_of("order"), at_decision ? "order1:rejected:no_price@1"
                                                       : "order1:live@1 order1:filled:filled@2");
        CHECK_INT(isnan(r.result->orders[0].arrival_price), 1);
        CHECK_NEAR(r.result->positions[1].quantity, at_decision ? 0.0 : 50.0, 1e-12);
        check_waterfall(r.result);
        run_clear(&r);
        market_clear(&m);
    }
}

/* ---- lots --------------------------------------------------------------------------------------
 */

typedef struct lot_case {
    double lot, asked, filled;
    fel_reason reason;
} lot_case;

static void test_quantities_are_whole_lots(void)
{
    static const lot_case cases[] = {{10, 25, 20, FEL_REASON_FILLED},
                                     {10, 9.999, 0, FEL_REASON_BELOW_LOT},
                                     {10, 30, 30, FEL_REASON_FILLED},
                                     {0.01, 0.29, 0.29, FEL_REASON_FILLED},
                                     {0.1, 0.30000000000000004, 0.3, FEL_REASON_FILLED},
                                     {0.001, 1.2345, 1.234, FEL_REASON_FILLED},
                                     {0, 1.2345, 1.2345, FEL_REASON_FILLED}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (int side = -1; side <= 1; side += 2) {
            market m;
            fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
            info.instrument.lot = cases[i].lot;
            const fel_engine_config config = checked_config();
            const script_step step = {.event = ON_BAR,
                                      .at = DAYS(1),
                                      .order = MARKET_ORDER((fel_side)side, cases[i].asked)};
            script_use(&step, 1);
            run r = run_two_days(&m, &info, &config);
            CHECK_INT(r.result->orders[0].reason, cases[i].reason);
            CHECK_NEAR(r.result->orders[0].filled, cases[i].filled, 1e-15);
            CHECK_SAME(r.result->orders[0].quantity, cases[i].asked);
            run_clear(&r);
            market_clear(&m);
        }
    }
}

/* ---- cash --------------------------------------------------------------------------------------
 */

/* What a cash-short order of `asked` units at 104 fills. */
static double filled_of(const fel_engine_config *config, double lot, double asked,
                        fel_reason reason)
{
    market m;
    fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
    info.instrument.lot = lot;
    const script_step step = {
        .event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, asked)};
    script_use(&step, 1);
    run r = run_two_days(&m, &info, config);
    CHECK_INT(r.result->orders[0].reason, reason);
    CHECK(config->cash_short == FEL_CASH_ALLOW || r.result->final_cash.hi >= 0.0);
    const double filled = r.result->orders[0].filled;
    run_clear(&r);
    market_clear(&m);
    return filled;
}

static void test_short_of_cash_buys_what_the_cash_allows(void)
{
    fel_engine_config config = checked_config();
    config.cash = 10000.0;
    CHECK_REL(filled_of(&config, 0, 5000, FEL_REASON_FILLED), 10000.0 / 104.0, 1e-15);
    CHECK_SAME(filled_of(&config, 1, 5000, FEL_REASON_FILLED), 96.0);
    /* 1 %: 95.2 units; an order of twice the cash must not leave a lot that could be paid. */
    config.fees[0] = cost_of("percent", 100.0, 0.0);
    CHECK_REL(filled_of(&config, 0, 5000, FEL_REASON_FILLED), 10000.0 / (104.0 * 1.01), 1e-14);
    CHECK_REL(filled_of(&config, 0, 95.3, FEL_REASON_FILLED), 10000.0 / (104.0 * 1.01), 1e-14);
    CHECK_SAME(filled_of(&config, 1, 200, FEL_REASON_FILLED), 95.0);
    CHECK_SAME(filled_of(&config, 1, 1e9, FEL_REASON_FILLED), 95.0);
    CHECK_NEAR(filled_of(&config, 0.1, 123.4, FEL_REASON_FILLED), 95.2, 1e-12);
    CHECK_SAME(filled_of(&config, 100, 200, FEL_REASON_NO_CASH), 0.0);
    /* and 250 an order, and a minimum above it, and a slipped price */
    config.fees[1] = cost_of("fixed", 250.0, 0.0);
    CHECK_REL(filled_of(&config, 0, 300, FEL_REASON_FILLED), 9750.0 / (104.0 * 1.01), 1e-14);
    config.slippage[0] = cost_of("bps", 50.0, 0.0);
    CHECK_REL(filled_of(&config, 0, 300, FEL_REASON_FILLED), 9750.0 / (104.52 * 1.01), 1e-14);
    config.fees[0].code = NULL;
    config.fee_minimum = 400.0;
    CHECK_REL(filled_of(&config, 0, 300, FEL_REASON_FILLED), 9600.0 / 104.52, 1e-14);
    config.fee_minimum = 10000.5;
    CHECK_SAME(filled_of(&config, 0, 300, FEL_REASON_NO_CASH), 0.0);
}

/* Impact grows with the square of the size: the last unit that can be paid is found all the same.
 */
static void test_scaling_down_meets_costs_that_are_not_proportional(void)
{
    fel_engine_config config = checked_config();
    config.cash = 60000.0;
    config.slippage[0] = cost_of("volume_share", 0.5, 1.0);
    const double filled = filled_of(&config, 0, 4000, FEL_REASON_FILLED);
    const double share = filled / 1000.0; /* of day 1's volume */
    CHECK_REL(filled * 104.0 * (1.0 + 0.5 * share * share), 60000.0, 1e-13);
    const double whole = filled_of(&config, 1, 4000, FEL_REASON_FILLED);
    CHECK_SAME(whole, floor(filled));
}

static void test_short_of_cash_may_reject_or_allow(void)
{
    fel_engine_config config = checked_config();
    config.cash = 10000.0;
    config.cash_short = FEL_CASH_REJECT;
    CHECK_SAME(filled_of(&config, 0, 96.5, FEL_REASON_NO_CASH), 0.0);
    CHECK_SAME(filled_of(&config, 0, 96.125, FEL_REASON_FILLED), 96.125);
    config.cash_short = FEL_CASH_ALLOW;
    CHECK_SAME(filled_of(&config, 0, 200, FEL_REASON_FILLED), 200.0);
}

/* Three instruments, fully invested in the last; the rebalance sells it to buy the others, though
 * its order was made last and it opens last. */
static void test_sales_go_before_purchases(void)
{
    static const double prices[] = {50, 50, 52, 52};
    market m = {0};
    for (int i = 0; i < 3; i++) {
        static const char *const names[] = {"A", "B", "C"};
        const fel_series_info info = bars_info(names[i], FEL_NS_PER_DAY);
        market_add_flat_days(&m, &info, 0, prices, 4);
    }
    fel_engine_config config = checked_config();
    config.cash = 9000.0;
    config.fees[0] = cost_of("percent", 10.0, 0.0);
    SCRIPT({.event = ON_SLICE, .at = DAYS(1), .instrument = 2, .verb = WEIGHT, .amount = 1},
           {.event = ON_SLICE, .at = DAYS(2), .instrument = 0, .verb = WEIGHT, .amount = 0.25},
           {.event = ON_SLICE, .at = DAYS(2), .instrument = 1, .verb = WEIGHT, .amount = 0.25},
           {.event = ON_SLICE, .at = DAYS(2), .instrument = 2, .verb = WEIGHT, .amount = 0.5});
    run r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_INT(r.result->n_fills, 4);
    CHECK_INT(r.result->fills[1].instrument, 2);
    CHECK_INT(r.result->fills[2].instrument, 0);
    CHECK_INT(r.result->fills[3].instrument, 1);
    const double equity = fel_money_value(r.result->final_equity);
    /* The weights add up to 1 before the fees of the purchases, so the last gets what cash is left.
     */
    CHECK_REL(r.result->positions[0].quantity * 52.0, 0.25 * equity, 1e-3);
    CHECK_REL(r.result->positions[1].quantity * 52.0, 0.25 * equity, 2e-3);
    CHECK_NEAR(fel_money_value(r.result->final_cash), 0.0, 1e-9);
    CHECK(r.result->final_cash.hi >= 0.0);
    check_waterfall(r.result);
    run_clear(&r);
    market_clear(&m);
}

/* ---- shorts, grids ------------------------------------------------------------------------------
 */

static void test_without_short_selling_a_sale_ends_at_nothing(void)
{
    static const struct {
        fel_cash_short cash_short;
        double held, sold;
        fel_reason reason;
    } cases[] = {{FEL_CASH_SCALE, 3, 3, FEL_REASON_FILLED},
                 {FEL_CASH_SCALE, 0, 0, FEL_REASON_NO_SHORT},
                 {FEL_CASH_REJECT, 3, 0, FEL_REASON_NO_SHORT},
                 {FEL_CASH_ALLOW, 8, 5, FEL_REASON_FILLED}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        market m;
        const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
        fel_engine_config config = checked_config();
        config.allow_short = 0;
        config.cash_short = cases[i].cash_short;
        const script_step steps[] = {
            {.event = ON_BAR, .at = DAYS(1), .verb = POSITION, .amount = cases[i].held},
            {.event = ON_BAR, .at = DAYS(2), .order = MARKET_ORDER(FEL_SELL, 5)}};
        script_use(steps, 2);
        run r = run_two_days(&m, &info, &config);
        const fel_order_record *o = &r.result->orders[r.result->n_orders - 1];
        CHECK_INT(o->reason, cases[i].reason);
        CHECK_SAME(o->filled, cases[i].sold);
        run_clear(&r);
        market_clear(&m);
    }
}

typedef struct grid_case {
    fel_order order;
    double price; /* where it rests after rounding */
} grid_case;

static void test_resting_prices_off_the_grid_round_adversely(void)
{
    static const grid_case cases[] = {
        {LIMIT_ORDER(FEL_BUY, 1, 90.013), 90.01},  {LIMIT_ORDER(FEL_SELL, 1, 120.013), 120.02},
        {STOP_ORDER(FEL_BUY, 1, 120.013), 120.02}, {STOP_ORDER(FEL_SELL, 1, 90.013), 90.01},
        {LIMIT_ORDER(FEL_BUY, 1, 90.01), 90.01},   {STOP_ORDER(FEL_SELL, 1, 90.07), 90.07}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (int rejects = 0; rejects < 2; rejects++) {
            market m;
            fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
            info.instrument.ticks_per_unit = 100.0;
            fel_engine_config config = checked_config();
            config.off_grid = rejects ? FEL_OFF_GRID_REJECT : FEL_OFF_GRID_ROUND;
            const script_step step = {.event = ON_BAR, .at = DAYS(1), .order = cases[i].order};
            script_use(&step, 1);
            run r = run_two_days(&m, &info, &config);
            const fel_order_record *o = &r.result->orders[0];
            const int is_stop = cases[i].order.type == FEL_ORDER_STOP;
            const double asked = is_stop ? cases[i].order.stop_price : cases[i].order.limit_price;
            const int is_off = asked != cases[i].price;
            CHECK_INT(o->reason, rejects && is_off ? FEL_REASON_OFF_GRID : FEL_REASON_END_OF_RUN);
            CHECK_SAME(is_stop ? o->stop_price : o->limit_price, rejects ? asked : cases[i].price);
            CHECK(isnan(is_stop ? o->limit_price : o->stop_price));
            run_clear(&r);
            market_clear(&m);
        }
    }
}

SUITE("engine/sizing", TEST(test_all_equity_in_pays_its_fee_from_it),
      TEST(test_a_weight_is_held_after_costs),
      TEST(test_sizing_at_the_decision_uses_its_price_and_equity),
      TEST(test_a_target_before_the_first_price), TEST(test_quantities_are_whole_lots),
      TEST(test_short_of_cash_buys_what_the_cash_allows),
      TEST(test_scaling_down_meets_costs_that_are_not_proportional),
      TEST(test_short_of_cash_may_reject_or_allow), TEST(test_sales_go_before_purchases),
      TEST(test_without_short_selling_a_sale_ends_at_nothing),
      TEST(test_resting_prices_off_the_grid_round_adversely));
