/* tests/unit/engine/test_ledger.c - positions at average cost, exact sums, splits, dividends,
 * interest. */
#include <math.h>

#include "core/money.h"
#include "tests/unit/engine/engine_fixture.h"

/* A market of flat days, run by steps; sources that `add` brings come along. */
static run run_prices(market *m, const fel_series_info *info, const double *prices, size_t n,
                      const fel_engine_config *config)
{
    market_add_flat_days(m, info, 0, prices, n);
    run r = run_market(m, config, &script_strategy, NULL);
    if (r.result != NULL) {
        check_orders_ended(r.result);
        check_waterfall(r.result);
        CHECK(r.result->worst_identity_error <= 1e-9);
        CHECK_INT(r.result->flags & FEL_FLAG_SELF_CHECKED, FEL_FLAG_SELF_CHECKED);
    }
    return r;
}

static void check_position(const run *r, double quantity, double cost, double realised,
                           double unrealised)
{
    const fel_position_record *p = &r->result->positions[0];
    CHECK_SAME(p->quantity, quantity);
    CHECK_NEAR(fel_money_value(p->cost), cost, 1e-12);
    CHECK_NEAR(fel_money_value(p->realised), realised, 1e-12);
    CHECK_NEAR(fel_money_value(p->unrealised), unrealised, 1e-12);
}

static void test_average_cost_long_flip_and_short(void)
{
    /* buy 4 at 11, 2 at 14 (average 12); sell 3 at 15, 5 at 9 (flips to -2); buy back 1 at 10; 12
     */
    static const double prices[] = {10, 11, 14, 15, 9, 10, 12};
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 4)},
           {.event = ON_BAR, .at = DAYS(2), .order = MARKET_ORDER(FEL_BUY, 2)},
           {.event = ON_BAR, .at = DAYS(3), .order = MARKET_ORDER(FEL_SELL, 3)},
           {.event = ON_BAR, .at = DAYS(4), .order = MARKET_ORDER(FEL_SELL, 5)},
           {.event = ON_BAR, .at = DAYS(5), .order = MARKET_ORDER(FEL_BUY, 1)});
    static const double after[5][4] = {
        {4, 44, 0, 0}, {6, 72, 0, 12}, {3, 36, 9, 9}, {-2, -18, 0, 0}, {-1, -9, -1, -1}};
    for (size_t n = 1; n <= 5; n++) {
        market m = {0};
        const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
        const fel_engine_config config = checked_config();
        run r = run_prices(&m, &info, prices, n + 1, &config);
        check_position(&r, after[n - 1][0], after[n - 1][1], after[n - 1][2], after[n - 1][3]);
        run_clear(&r);
        market_clear(&m);
    }
}

static void test_the_multiplier_is_in_every_amount(void)
{
    static const double prices[] = {2.25, 2.5, 2.75, 3};
    market m = {0};
    fel_series_info info = bars_info("F", FEL_NS_PER_DAY);
    info.instrument.kind = FEL_FUTURE;
    info.instrument.multiplier = 42000.0;
    fel_engine_config config = checked_config();
    config.fees[0] = cost_of("per_share", 2.385, 0.0);
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 3)});
    run r = run_prices(&m, &info, prices, 4, &config);
    check_position(&r, 3, 315000, 0, 63000);
    CHECK_SAME(r.result->turnover, 315000.0);
    CHECK_NEAR(fel_money_value(r.result->positions[0].fees), 7.155, 1e-12);
    CHECK_NEAR(r.result->equity[r.result->n_equity - 1].gross_exposure, 378000.0, 1e-9);
    run_clear(&r);
    market_clear(&m);
}

/* 2^40 units at a price of 10^7 + 0.01: the value needs more than 63 bits of cents, the fee of 10
 * basis points is right to the last digit. */
static void test_amounts_beyond_two_to_the_63_are_exact(void)
{
    static const double prices[] = {1e7, 10000000.01, 10000000.02};
    market m = {0};
    fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
    info.instrument.ticks_per_unit = 100.0;
    fel_engine_config config = checked_config();
    config.cash = 1e20;
    config.fees[0] = cost_of("percent", 10.0, 0.0);
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 1099511627776.0)});
    run r = run_prices(&m, &info, prices, 3, &config);
    char fee[64], value[64], equity[64];
    money_format(r.result->fills[0].fee, 5, fee, sizeof(fee));
    money_format(money_neg(r.result->fills[0].cash_flow), 2, value, sizeof(value));
    money_format(r.result->final_equity, 5, equity, sizeof(equity));
    CHECK_TEXT(value, "10995116288755116277.76");
    CHECK_TEXT(fee, "10995116288755116.27776");
    CHECK_TEXT(equity, "99989004894706361161.48224");
    run_clear(&r);
    market_clear(&m);
}

/* ---- dividends and splits
 * ------------------------------------------------------------------------ */

typedef struct dividend_case {
    double held;
    int64_t at_ns; /* of the action */
    fel_adjustment adjustment;
    double dividends;
} dividend_case;

/* The position is bought at the open of day 2 (instant 1 day) and sold at instant 3 days. */
static void test_dividends_go_to_who_held_at_the_close_before(void)
{
    static const double prices[] = {20, 20, 20, 20, 20};
    static const dividend_case cases[] = {
        {8, DAYS(1), FEL_ADJUST_RAW, 0}, /* bought at the open of the ex-date: too late */
        {8, DAYS(2), FEL_ADJUST_RAW, 6}, /* held over the close */
        {8, DAYS(3), FEL_ADJUST_RAW, 6}, /* sold at the open of the ex-date: entitled */
        {8, DAYS(3) + HOURS(1), FEL_ADJUST_RAW, 0},
        {-8, DAYS(2), FEL_ADJUST_RAW, -6}, /* a short pays */
        {8, DAYS(2), FEL_ADJUST_SPLIT, 6},
        {8, DAYS(2), FEL_ADJUST_TOTAL_RETURN, 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        market m = {0};
        fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
        info.adjustment = cases[i].adjustment;
        market_add_action(&m, "X", cases[i].at_ns, FEL_DIVIDEND, 0.75);
        const fel_engine_config config = checked_config();
        const script_step steps[] = {
            {.event = ON_BAR, .at = DAYS(1), .verb = POSITION, .amount = cases[i].held},
            {.event = ON_BAR, .at = DAYS(3), .verb = POSITION, .amount = 0}};
        script_use(steps, 2);
        run r = run_prices(&m, &info, prices, 5, &config);
        CHECK_SAME(fel_money_value(r.result->final_cash), 1e6 + cases[i].dividends);
        CHECK_SAME(fel_money_value(r.result->positions[0].dividends), cases[i].dividends);
        CHECK_SAME(fel_money_value(r.result->waterfall.dividends), cases[i].dividends);
        run_clear(&r);
        market_clear(&m);
    }
}

/* Four for one (quantity and price as the header says), seen by position, last price, open orders.
 */
static void test_a_split_rescales_positions_and_open_orders(void)
{
    static const double prices[] = {400, 400, 400, 100, 98, 90, 90};
    static const fel_adjustment adjustments[] = {FEL_ADJUST_RAW, FEL_ADJUST_SPLIT,
                                                 FEL_ADJUST_TOTAL_RETURN};
    for (size_t k = 0; k < 3; k++) {
        market m = {0};
        fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
        info.adjustment = adjustments[k];
        market_add_action(&m, "X", DAYS(3), FEL_SPLIT, 4.0);
        const fel_engine_config config = checked_config();
        SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 5)},
               {.event = ON_BAR, .at = DAYS(1), .order = LIMIT_ORDER(FEL_BUY, 2, 380)},
               {.event = ON_BAR, .at = DAYS(1), .order = STOP_ORDER(FEL_SELL, 1, 368)});
        run r = run_prices(&m, &info, prices, 7, &config);
        const fel_order_record *limit = &r.result->orders[1], *stop_order = &r.result->orders[2];
        if (adjustments[k] == FEL_ADJUST_RAW) {
            CHECK_SAME(limit->quantity, 8.0);
            CHECK_SAME(limit->limit_price, 95.0);
            CHECK_SAME(limit->arrival_price, 100.0);
            CHECK_SAME(limit->average_price, 90.0);
            CHECK_SAME(stop_order->stop_price, 92.0);
            CHECK_SAME(stop_order->filled, 4.0);
            CHECK_SAME(r.result->positions[0].quantity, 20.0 + 8.0 - 4.0);
            CHECK_SAME(fel_money_value(r.result->final_equity), 1e6 - 20 * 10.0);
            const fel_fill_record *record = &r.result->fills[1];
            CHECK_INT(record->order_id, 0);
            CHECK_INT(record->reason, FEL_REASON_NONE);
            CHECK_SAME(record->quantity, 0.0);
            CHECK_SAME(record->reference_price, 4.0);
            CHECK_SAME(record->position_after, 20.0);
        } else {
            /* Its prices are in new shares from the start: here the stop falls at once. */
            CHECK_SAME(limit->quantity, 2.0);
            CHECK_SAME(r.result->positions[0].quantity, 5.0 + 2.0 - 1.0);
            CHECK_INT(r.result->n_fills, 3);
        }
        run_clear(&r);
        market_clear(&m);
    }
}

static void test_actions_that_make_no_sense_are_errors(void)
{
    static const double prices[] = {20, 20, 20};
    static const double bad[][2] = {{FEL_SPLIT, 0.0}, {FEL_SPLIT, -2.0}, {7, 1.0}};
    static const char *const words[] = {"split of X has ratio 0; it must be positive",
                                        "split of X has ratio -2; it must be positive",
                                        "action of X has kind 7; 1 is a split, 2 a dividend"};
    for (size_t i = 0; i < 3; i++) {
        market m = {0};
        const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
        market_add_flat_days(&m, &info, 0, prices, 3);
        market_add_action(&m, "X", DAYS(1), (fel_action_kind)(int)bad[i][0], bad[i][1]);
        const fel_engine_config config = checked_config();
        fel_engine *engine = NULL;
        const fel_result *result = NULL;
        script_use(NULL, 0);
        CHECK_OK(fel_engine_create(&engine, &config, m.sources, m.n, &script_strategy, NULL));
        CHECK_STATUS(fel_engine_run(engine, &result), FEL_ERR_FORMAT);
        CHECK_TEXT(fel_last_error()->message, words[i]);
        CHECK(result == NULL);
        fel_engine_destroy(engine);
        market_clear(&m);
    }
}

/* ---- interest
 * ------------------------------------------------------------------------------------- */

/* Simple act/365 by calendar days, added to the cash at each day's end. */
static void test_interest_accrues_by_calendar_days(void)
{
    static const int64_t closes[] = {DAYS(4) + HOURS(21), DAYS(7) + HOURS(21), DAYS(8) + HOURS(21)};
    static const double rows[] = {50, 50, 50, 50, 1, 50, 50, 50, 50, 1, 50, 50, 50, 50, 1};
    static const int64_t opens[] = {DAYS(4) + HOURS(14), DAYS(7) + HOURS(14), DAYS(8) + HOURS(14)};
    market m = {0};
    const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
    market_add(&m, &info, closes, opens, rows, 3);
    fel_engine_config config = checked_config();
    config.cash_rate_per_year = 0.0365;
    script_use(NULL, 0);
    run r = run_market(&m, &config, &script_strategy, NULL);
    /* Friday to Monday: 3 days at once; Monday to Tuesday: one. */
    CHECK_REL(fel_money_value(r.result->final_cash), 1e6 * (1 + 3 * 1e-4) * (1 + 1e-4), 1e-15);
    CHECK_INT(r.result->n_equity, 4);
    CHECK_SAME(r.result->equity[1].equity, 1e6);
    CHECK_REL(r.result->equity[2].equity, 1e6 * (1 + 3 * 1e-4), 1e-15);
    check_waterfall(r.result);
    run_clear(&r);
    market_clear(&m);
}

static void test_ten_whole_days_earn_ten_days_of_interest(void)
{
    static const double prices[] = {50, 50, 50, 50, 50, 50, 50, 50, 50, 50};
    for (int is_late = 0; is_late < 2; is_late++) {
        market m = {0};
        const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
        fel_engine_config config = checked_config();
        config.cash_rate_per_year = 0.0365;
        config.start_ns = is_late ? DAYS(4) : FEL_TIME_MIN;
        script_use(NULL, 0);
        run r = run_prices(&m, &info, prices, 10, &config);
        CHECK_REL(fel_money_value(r.result->final_cash), 1e6 * pow(1 + 1e-4, is_late ? 6 : 10),
                  1e-15);
        CHECK_NEAR(fel_money_value(r.result->waterfall.interest),
                   fel_money_value(r.result->final_cash) - 1e6, 1e-9);
        run_clear(&r);
        market_clear(&m);
    }
}

static void test_borrowed_cash_pays_the_debit_rate(void)
{
    static const double prices[] = {50, 50, 50, 50, 50};
    market m = {0};
    const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
    fel_engine_config config = checked_config();
    config.cash = 1000.0;
    config.cash_short = FEL_CASH_ALLOW;
    config.cash_rate_per_year = 0.0365;
    config.debit_rate_per_year = 0.073;
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 30)});
    run r = run_prices(&m, &info, prices, 5, &config);
    const double first = 1000.0 * (1 + 1e-4);
    CHECK_REL(fel_money_value(r.result->final_cash), (first - 1500.0) * pow(1 + 2e-4, 4), 1e-14);
    run_clear(&r);
    market_clear(&m);
}

SUITE("engine/ledger", TEST(test_average_cost_long_flip_and_short),
      TEST(test_the_multiplier_is_in_every_amount),
      TEST(test_amounts_beyond_two_to_the_63_are_exact),
      TEST(test_dividends_go_to_who_held_at_the_close_before),
      TEST(test_a_split_rescales_positions_and_open_orders),
      TEST(test_actions_that_make_no_sense_are_errors),
      TEST(test_interest_accrues_by_calendar_days),
      TEST(test_ten_whole_days_earn_ten_days_of_interest),
      TEST(test_borrowed_cash_pays_the_debit_rate));
