/* tests/unit/reports/test_trade_match.c - round trips by hand: flips, partial closes, fees, splits.
 */
#include <math.h>
#include <stdlib.h>

#include <feller/report.h>

#include "core/money.h"
#include "tests/support/check.h"
#include "tests/unit/reports/report_fixture.h"

static void check_trade(const fel_trade *t, int direction, int is_open, double quantity,
                        double entry, double exit)
{
    CHECK_INT(t->direction, direction);
    CHECK_INT(t->is_open, is_open);
    CHECK_NEAR(t->quantity, quantity, 1e-12);
    CHECK_NEAR(t->entry_price, entry, 1e-12);
    CHECK_NEAR(t->exit_price, exit, 1e-12);
}

static void check_amounts(const fel_trade *t, double fees, double pnl, double mae, double mfe)
{
    CHECK_NEAR(fel_money_value(t->fees), fees, 1e-12);
    CHECK_NEAR(fel_money_value(t->pnl), pnl, 1e-12);
    CHECK_NEAR(t->mae, mae, 1e-12);
    CHECK_NEAR(t->mfe, mfe, 1e-12);
}

static void test_flip_and_partial_close_by_hand(void)
{
    report_fixture x;
    fel_trade *trades = NULL;
    size_t n = 0;
    fixture_make(&x);
    CHECK_OK(fel_trades_match(&x.result, &trades, &n));
    CHECK_INT(n, 3);
    /* 100 of the 150 sold close the long: (22 - 20) 100 = 200; fees 2 + 3 x 100/150 = 4. */
    check_trade(&trades[0], 1, 0, 100.0, 20.0, 22.0);
    check_amounts(&trades[0], 4.0, 196.0, -100.0, 300.0);
    CHECK_NEAR(trades[0].return_fraction, 0.098, 1e-15);
    CHECK_INT(trades[0].entry_bar, 0);
    CHECK_INT(trades[0].exit_bar, 2);
    CHECK_INT(trades[0].exit_reason, FEL_REASON_FILLED);
    /* 30 of the 50 short: (22 - 21) 30 = 30; fees 1 x 30/50 + 1.2 = 1.8; 24.5 against it. */
    check_trade(&trades[1], -1, 0, 30.0, 22.0, 21.0);
    check_amounts(&trades[1], 1.8, 28.2, -75.0, 45.0);
    /* The rest, 20 at the last price 23: -20; fee 1 x 20/50. */
    check_trade(&trades[2], -1, 1, 20.0, 22.0, 23.0);
    check_amounts(&trades[2], 0.4, -20.4, -50.0, 30.0);
    CHECK_INT(trades[2].exit_bar, 4);
    CHECK_INT(trades[2].exit_time_ns, x.result.last_ns);
    free(trades);
}

static void test_split_rescales_open_lots_and_their_extremes(void)
{
    report_fixture x;
    fel_trade *trades = NULL;
    size_t n = 0;
    fixture_make(&x);
    /* 100 at 20.00 (low 18 on the way to 40 of the same lot at 21), two for one, then 280 at 12.50.
     */
    x.fills[0].high_since = 20.0;
    x.fills[1] = x.fills[0];
    x.fills[1].quantity = 40.0;
    x.fills[1].price = 21.0;
    x.fills[1].cash_flow = money_of(-840.0);
    x.fills[1].fee = money_of(0.0);
    x.fills[1].high_since = 22.0;
    x.fills[1].low_since = 18.0;
    fel_fill_record fills[4] = {x.fills[0], x.fills[1]};
    fills[2].reference_price = 2.0;
    fills[2].position_after = 280.0;
    fills[3] = x.fills[2];
    fills[3].side = FEL_SELL;
    fills[3].quantity = 280.0;
    fills[3].price = 12.5;
    fills[3].cash_flow = money_of(3500.0);
    fills[3].fee = money_of(2.8);
    fills[3].high_since = 12.5;
    fills[3].low_since = 10.25;
    x.result.fills = fills;
    x.result.n_fills = 4;
    x.position.quantity = 0.0;
    CHECK_OK(fel_trades_match(&x.result, &trades, &n));
    CHECK_INT(n, 2);
    /* 200 at 10.00 sold at 12.50: 500; low 18 / 2 = 9; fees 2 + 2.8 x 200/280 = 4. */
    check_trade(&trades[0], 1, 0, 200.0, 10.0, 12.5);
    check_amounts(&trades[0], 4.0, 496.0, -200.0, 500.0);
    /* 80 at 10.50: 160; the low before its entry is not its own: 10.25. */
    check_trade(&trades[1], 1, 0, 80.0, 10.5, 12.5);
    check_amounts(&trades[1], 0.8, 159.2, -20.0, 160.0);
    free(trades);
}

static void test_rounding_leaves_no_dust(void)
{
    report_fixture x;
    fel_trade *trades = NULL;
    size_t n = 0;
    fixture_make(&x);
    const double quantities[] = {0.1, 0.2, 0.3};
    for (size_t i = 0; i < 3; i++) {
        x.fills[i].side = i < 2 ? FEL_BUY : FEL_SELL;
        x.fills[i].quantity = quantities[i];
    }
    x.position.quantity = 0.0;
    CHECK_OK(fel_trades_match(&x.result, &trades, &n));
    CHECK_INT(n, 2);
    CHECK_NEAR(trades[0].quantity + trades[1].quantity, 0.3, 1e-15);
    CHECK(!trades[0].is_open && !trades[1].is_open);
    free(trades);
}

static void test_no_fills_no_trades(void)
{
    report_fixture x;
    fel_trade *trades = NULL;
    size_t n = 7;
    fixture_make(&x);
    x.result.n_fills = 0;
    CHECK_OK(fel_trades_match(&x.result, &trades, &n));
    CHECK_INT(n, 0);
    free(trades);
}

static void test_multiplier_counts_in_excursions_and_marks(void)
{
    report_fixture x;
    fel_trade *trades = NULL;
    size_t n = 0;
    fixture_make(&x);
    x.instrument.multiplier = 50.0;
    for (size_t i = 0; i < FIXTURE_FILLS; i++) {
        x.fills[i].cash_flow = money_scale(x.fills[i].cash_flow, 50.0);
    }
    CHECK_OK(fel_trades_match(&x.result, &trades, &n));
    check_amounts(&trades[0], 4.0, 200.0 * 50.0 - 4.0, -5000.0, 15000.0);
    check_amounts(&trades[2], 0.4, -1000.4, -2500.0, 1500.0);
    free(trades);
}

SUITE("reports/trade_match", TEST(test_flip_and_partial_close_by_hand),
      TEST(test_split_rescales_open_lots_and_their_extremes), TEST(test_rounding_leaves_no_dust),
      TEST(test_no_fills_no_trades), TEST(test_multiplier_counts_in_excursions_and_marks));
