/* tests/unit/reports/test_trade_statistics.c - statistics of five trades worked out by hand. */
#include <math.h>
#include <string.h>

#include "core/money.h"
#include "tests/support/check.h"

#define FEL_MODULE_REPORTS
#include "reports/trade_internal.h"

static fel_trade trade(int direction, double pnl, double fees, double days)
{
    fel_trade t = {.direction = direction, .quantity = 1.0};
    t.pnl = money_of(pnl);
    t.fees = money_of(fees);
    t.exit_time_ns = (int64_t)(days * (double)FEL_NS_PER_DAY);
    t.exit_bar = 2;
    t.return_fraction = pnl / 100.0;
    t.mae = -0.5;
    t.mfe = 2.5;
    return t;
}

static const trade_stat *find(const trade_stat *stats, const char *name)
{
    size_t k = 0;
    while (k + 1 < N_TRADE_STATS && strcmp(stats[k].name, name) != 0) {
        k++;
    }
    CHECK_TEXT(stats[k].name, name);
    return &stats[k];
}

static void test_five_trades_by_hand(void)
{
    /* +10, +5, 0 (long), -4, -2.5 (short) and an open one that does not count. */
    fel_trade trades[] = {trade(1, 10.0, 1.0, 0.5),  trade(1, 5.0, 0.5, 1.5),
                          trade(1, 0.0, 0.25, 1.0),  trade(-1, -4.0, 0.5, 3.0),
                          trade(-1, -2.5, 0.5, 4.0), trade(1, 999.0, 9.0, 9.0)};
    trade_stat s[N_TRADE_STATS];
    trades[5].is_open = 1;
    trade_statistics(trades, 6, s);
    CHECK_NEAR(find(s, "n_trades")->all, 5.0, 0.0);
    CHECK_NEAR(find(s, "n_trades")->of_short, 2.0, 0.0);
    CHECK_NEAR(find(s, "win_rate")->all, 0.4, 1e-15);
    CHECK_NEAR(find(s, "win_rate")->of_short, 0.0, 1e-15);
    CHECK_NEAR(find(s, "profit_factor")->all, 15.0 / 6.5, 1e-15);
    CHECK(isnan(find(s, "profit_factor")->of_long));
    CHECK_NEAR(find(s, "expectancy")->all, 1.7, 1e-15);
    CHECK_NEAR(find(s, "total_pnl")->of_long, 15.0, 1e-15);
    CHECK_NEAR(find(s, "total_fees")->all, 2.75, 1e-15);
    CHECK_NEAR(find(s, "average_win")->all, 7.5, 1e-15);
    CHECK_NEAR(find(s, "average_loss")->all, -3.25, 1e-15);
    CHECK_NEAR(find(s, "payoff_ratio")->all, 7.5 / 3.25, 1e-15);
    CHECK_NEAR(find(s, "best_trade")->of_short, -2.5, 0.0);
    CHECK_NEAR(find(s, "worst_trade")->all, -4.0, 0.0);
    CHECK_NEAR(find(s, "average_return")->all, 0.017, 1e-15);
    CHECK_NEAR(find(s, "average_days")->all, 2.0, 1e-15);
    CHECK_NEAR(find(s, "average_bars")->all, 2.0, 1e-15);
    CHECK_NEAR(find(s, "average_mae")->all, -0.5, 1e-15);
    CHECK_NEAR(find(s, "average_mfe")->all, 2.5, 1e-15);
    CHECK_NEAR(find(s, "longest_wins")->all, 2.0, 0.0);
    CHECK_NEAR(find(s, "longest_losses")->all, 2.0, 0.0);
}

static void test_no_trades_are_not_defined(void)
{
    trade_stat s[N_TRADE_STATS];
    trade_statistics(NULL, 0, s);
    CHECK_NEAR(find(s, "n_trades")->all, 0.0, 0.0);
    CHECK(isnan(find(s, "win_rate")->all));
    CHECK(isnan(find(s, "best_trade")->all));
    CHECK(isnan(find(s, "average_days")->of_long));
}

SUITE("reports/trade_statistics", TEST(test_five_trades_by_hand),
      TEST(test_no_trades_are_not_defined));
